"""The one broad except of the screens: a fault becomes a reference number, never a silent nothing."""

import logging
import secrets
import traceback
from collections.abc import Callable
from typing import TypeVar

from workbench.errors import WorkbenchError

_log = logging.getLogger("workbench.faults")

Result = TypeVar("Result")
Tell = Callable[[str, str], None]


def guarded(action: Callable[[], Result], tell: Tell) -> Result | None:
    """Runs what a person asked for; `tell(text, tone)` hears what went wrong.

    Our own errors are shown as they are. Anything else is a fault of the program: the person gets a
    reference number, the log the kind of fault and the places in the code. The message of an
    unknown exception and the values of variables may hold patient data and go nowhere.
    """
    try:
        return action()
    except WorkbenchError as error:
        tell(str(error), "error")
    except Exception as fault:  # noqa: BLE001 - this is the guard
        reference = secrets.token_hex(3).upper()
        _log.error("fault %s: %s at %s", reference, type(fault).__name__, places(fault))
        tell(
            f"This did not work, and it is not your doing. Nothing was changed. Reference {reference}: "
            "tell it to your administrator.",
            "error",
        )
    return None


def places(fault: BaseException) -> str:
    """The call path of a fault, file:line:function, innermost last, without any value."""
    frames = traceback.extract_tb(fault.__traceback__)
    return " > ".join(f"{frame.filename.rsplit('/', 1)[-1]}:{frame.lineno}:{frame.name}" for frame in frames)
