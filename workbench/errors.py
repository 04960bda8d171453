"""Exceptions that a door (page, CLI, notebook) shows to the person as they are.

Each message says what is wrong and what to do, and holds no patient data. Everything else that is
raised is a fault of the program and is shown as a reference number.
"""


class WorkbenchError(Exception):
    """Something that the person can act on."""


class NotFoundError(WorkbenchError):
    """The thing is not there, or not visible to this person; the two are not told apart."""


class NotPermittedError(WorkbenchError):
    """The person's roles do not grant this."""


class RefusedError(WorkbenchError):
    """A rule of the office refuses the action, e.g. "Posted batches cannot be deleted."."""


class ChangedByAnotherError(WorkbenchError):
    """Somebody else saved first (optimistic lock, spec deposits 8 row 27). `changes` says what they changed."""

    def __init__(self, message: str, changes: dict[str, tuple[object, object]] | None = None) -> None:
        super().__init__(message)
        self.changes = changes or {}


class SetUpError(WorkbenchError):
    """The installation is not ready: a missing program, folder, database or setting."""
