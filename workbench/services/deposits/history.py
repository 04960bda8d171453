"""Notes on a deposit, and what was done to it: both only ever grow (spec deposits 1.3)."""

from workbench.domain.deposit_views import HistoryRow
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.errors import RefusedError
from workbench.services.deposits.base import DepositService, seen_header
from workbench.storage.stores.deposit_history import NOTE

NOTE_LENGTH = 2000


class DepositHistory(DepositService):
    """In every state of the deposit, an ignored or removed one too."""

    def notes(self, actor: Actor, deposit_id: int) -> tuple[HistoryRow, ...]:
        """The newest first; the text is the `reason`."""
        with self._database.reading() as stores:
            seen_header(stores, actor, deposit_id)
            return tuple(stores.deposit_history.notes(deposit_id))

    def history(self, actor: Actor, deposit_id: int) -> tuple[HistoryRow, ...]:
        """What was done to the deposit and its claims, by whom and why, the newest first."""
        with self._database.reading() as stores:
            seen_header(stores, actor, deposit_id)
            return tuple(stores.deposit_history.acts(deposit_id))

    def add_note(self, actor: Actor, deposit_id: int, text: str) -> None:
        """Adds a note. It cannot be changed or taken back; another note can correct it."""
        actor.require(Permission.DEPOSIT_EDIT)
        if not text.strip():
            raise RefusedError("Type the note.")
        if len(text) > NOTE_LENGTH:
            raise RefusedError(f"A note has up to {NOTE_LENGTH:,} letters.")
        with self._database.transaction() as stores:
            header = seen_header(stores, actor, deposit_id)
            stores.audit.add(
                actor, NOTE, "deposit", deposit_id, practice_id=header["practice_id"], reason=text.strip()
            )
