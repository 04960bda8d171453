"""A fault of the program: the person gets a reference number, the log gets where it happened.

Neither gets the exception's text: it may repeat a value out of a file.
"""

import secrets
import traceback
from datetime import UTC, datetime

from workbench.config import read_settings


def record_fault(fault: BaseException) -> str:
    """Appends the fault to `faults.log` in the home folder; gives what to tell the person."""
    reference = secrets.token_hex(4).upper()
    log = read_settings().home / "faults.log"
    try:
        log.parent.mkdir(parents=True, exist_ok=True)
        with log.open("a", encoding="utf-8") as lines:
            lines.write(f"{datetime.now(UTC).isoformat(timespec='seconds')} {reference} {_story(fault)}\n")
    except OSError:
        return f"The program failed ({type(fault).__name__}); the log in {log.parent} cannot be written."
    return f"The program failed. Reference {reference}; where it happened is in {log}."


def _story(fault: BaseException) -> str:
    """Kind of exception and the lines of code it came through, innermost last; no values."""
    frames = traceback.extract_tb(fault.__traceback__)
    way = " > ".join(f"{frame.filename}:{frame.lineno} {frame.name}" for frame in frames)
    return f"{type(fault).__name__}: {way}"
