"""Kernels from one process that has loaded everything before: small, and there at once. Linux alone has it.

Elsewhere, and where that process cannot be (`mother._why_not`), kernels start as Jupyter starts them.
"""

import asyncio
import contextlib
import json
import os
import select
import signal
import socket
import subprocess
import sys
import threading
from typing import Any

from jupyter_client.provisioning import KernelProvisionerBase, KernelProvisionerFactory, LocalProvisioner

LAUNCHER = "ipykernel_launcher"
# Libraries that would start threads when they are loaded; no page multiplies matrices or frees memory by the gigabyte.
ONE_THREAD = {"OPENBLAS_NUM_THREADS": "1", "JE_ARROW_MALLOC_CONF": "background_thread:false"}


class ForkedKernel:
    """As much of `subprocess.Popen` as a provisioner asks for, of a process that is a child of another."""

    stdin = stdout = stderr = None

    def __init__(self, pid: int, pidfd: int) -> None:
        self.pid = pid
        self._pidfd = pidfd
        self._ended = select.poll()
        self._ended.register(pidfd, select.POLLIN)

    def poll(self) -> int | None:
        """None while it runs; how it ended is not known."""
        return 0 if self._ended.poll(0) else None

    def wait(self) -> int:
        self._ended.poll()
        os.close(self._pidfd)
        return 0

    def send_signal(self, number: int) -> None:
        with contextlib.suppress(ProcessLookupError):  # it has ended: as Popen, no error
            signal.pidfd_send_signal(self._pidfd, number)

    def kill(self) -> None:
        self.send_signal(signal.SIGKILL)

    def terminate(self) -> None:
        self.send_signal(signal.SIGTERM)


class Mother:
    """The process `workbench.server.mother`: started with the first kernel, and anew should it be gone."""

    def __init__(self) -> None:
        self._process: subprocess.Popen[bytes] | None = None
        self._line: socket.socket
        self._one_at_a_time = threading.Lock()
        self._is_able = True

    def fork(self, order: dict[str, Any]) -> ForkedKernel | None:
        """A kernel (`mother._become_kernel` has what is ordered); None where forking can't be."""
        with self._one_at_a_time:
            if self._process is None or self._process.poll() is not None:
                self._start()
            if not self._is_able:
                return None
            self._line.sendall(json.dumps(order).encode() + b"\n")
            said, pidfds, _, _ = socket.recv_fds(self._line, 20, 1)
            if not said:
                raise ChildProcessError("The process that starts the pages has ended.")
            return ForkedKernel(int(said), pidfds[0])

    def _start(self) -> None:
        self._line, theirs = socket.socketpair()
        with theirs:
            self._process = subprocess.Popen(  # noqa: S603
                [sys.executable, "-P", "-m", "workbench.server.mother", str(theirs.fileno())],
                env={**os.environ, **ONE_THREAD},
                stdin=subprocess.DEVNULL,
                pass_fds=[theirs.fileno()],
                start_new_session=True,  # an interrupt from the keyboard is for the server, which ends us in order
            )
        self._is_able = self._line.recv(20) != b""


class ForkingProvisioner(LocalProvisioner):  # type: ignore[misc]
    mother: Mother

    async def launch_kernel(self, cmd: list[str], **kwargs: Any) -> Any:
        forked = None
        if LAUNCHER in cmd:
            arguments = cmd[cmd.index(LAUNCHER) + 1 :]
            order = {"arguments": arguments, "folder": kwargs.get("cwd"), "environment": kwargs["env"]}
            forked = await asyncio.to_thread(self.mother.fork, order)
        if forked is None:
            return await super().launch_kernel(cmd, **kwargs)
        self.process, self.pid, self.pgid, self.cwd = forked, forked.pid, forked.pid, order["folder"]
        return self.connection_info


class ForkingFactory(KernelProvisionerFactory):  # type: ignore[misc]
    """Whose `instance()`, asked for first, is the one that Jupyter asks for every kernel."""

    def __init__(self, **kwargs: Any) -> None:
        super().__init__(**kwargs)
        self._mother = Mother()

    def create_provisioner_instance(
        self, kernel_id: str, kernel_spec: Any, parent: Any
    ) -> KernelProvisionerBase:
        provisioner = ForkingProvisioner(kernel_id=kernel_id, kernel_spec=kernel_spec, parent=parent)
        provisioner.mother = self._mother
        return provisioner


def fork_kernels() -> None:
    """From now on the kernels of this process are forked, where the machine can."""
    if sys.platform == "linux":
        ForkingFactory.instance()
