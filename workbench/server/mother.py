"""`python -m workbench.server.mother SOCKET`: the process that has loaded everything a page needs, and forks its kernels.

What has been imported here exists once in the memory of the machine (docs/decisions/0018). Orders come over the
inherited socket, one JSON line each; the answer is the number of the new process, with its pidfd. The process ends
with its socket, and its kernels with it.
"""

import gc
import json
import os
import signal
import socket
import sys
from pathlib import Path
from typing import Any

import ipykernel.ipkernel
import ipykernel.kernelapp
import ipykernel.zmqshell

import workbench.pages
import workbench.services.bank.bank_desk
import workbench.services.claims_import.service
import workbench.services.deposit_desk.patient_payments
import workbench.services.export
import workbench.services.sql.service  # noqa: F401

READY = b"ready"


def main() -> None:
    line = socket.socket(fileno=int(sys.argv[1]))
    if reason := _why_not():
        sys.exit(reason)
    gc.collect()
    gc.freeze()  # or the collector's first round in a kernel would copy every page it looks at
    signal.signal(signal.SIGCHLD, signal.SIG_IGN)  # nobody waits for the kernels: their pidfds tell
    line.sendall(READY)
    orders = line.makefile("rb")
    while order := orders.readline():
        process = os.fork()
        if process == 0:
            orders.close()
            line.close()
            _become_kernel(**json.loads(order))
            return
        pidfd = os.pidfd_open(process)
        socket.send_fds(line, [str(process).encode()], [pidfd])
        os.close(pidfd)


def _why_not() -> str:
    """A fork copies one thread alone, so there must be no other."""
    threads = len(list(Path("/proc/self/task").iterdir()))
    return f"{threads} threads run, so pages start one by one." if threads > 1 else ""


def _become_kernel(arguments: list[str], folder: str | None, environment: dict[str, Any]) -> None:
    """From here on the process is what `python -m ipykernel_launcher ARGUMENTS` would be."""
    os.setsid()
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    os.environ.clear()
    os.environ.update(environment)
    if folder:
        os.chdir(folder)
    sys.argv = [str(Path(ipykernel.__file__).parent), *arguments]
    # A kernel ends with its parent, which is not the one that the environment told at the time of import.
    ipykernel.kernelapp.launch_new_instance([*arguments, f"--IPKernelApp.parent_handle={os.getppid()}"])


if __name__ == "__main__":
    main()
