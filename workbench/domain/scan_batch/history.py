"""Undo and redo of one sitting at the viewer (spec 3.5: at least 50 steps per session)."""

from collections import deque

from workbench.domain.scan_batch.pages import Edit

STEPS = 200


class History:
    """The clerk's own steps, newest last. It only remembers; the service decides whether a step may still be applied."""

    def __init__(self, steps: int = STEPS) -> None:
        self._done: deque[Edit] = deque(maxlen=steps)
        self._undone: list[Edit] = []

    def record(self, edit: Edit) -> None:
        """A new step; what was undone before it can no longer be redone."""
        if not edit.is_empty:
            self._done.append(edit)
            self._undone.clear()

    @property
    def next_undo(self) -> Edit | None:
        """The edit to apply for undo, already turned round; call `undone` once it is applied."""
        return self._done[-1].inverse() if self._done else None

    @property
    def next_redo(self) -> Edit | None:
        """The edit to apply for redo; call `redone` once it is applied."""
        return self._undone[-1] if self._undone else None

    def undone(self) -> None:
        self._undone.append(self._done.pop())

    def redone(self) -> None:
        self._done.append(self._undone.pop())
