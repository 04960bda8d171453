"""The errors of one kind with the claims they are on, so that like ones are settled at once (spec deposits 6.7)."""

from dataclasses import dataclass

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.services.deposit_desk.desk import EVERY_STATE, open_deposit
from workbench.storage import Database, Stores
from workbench.storage.stores.deposit_error_work import ErrorRow


@dataclass(frozen=True, slots=True)
class KnownError:
    """An error and, when it is one of a claim, what names that claim and what was paid on it."""

    id: int
    code: str
    state: str
    message: str
    closed_by: str
    close_reason: str
    deposit_claim_id: int | None = None
    pcn: str = ""
    patient: str = ""
    paid_cents: int = 0


class LikeErrors:
    """Reads for the lists of errors; nothing is changed here."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def of_kind(self, actor: Actor, deposit_id: int, code: str) -> list[KnownError]:
        """The open errors of this kind, in file order."""
        with self._database.reading() as stores:
            open_deposit(stores, actor, deposit_id)
            rows = stores.deposit_errors.of_deposit(deposit_id, codes={code})
            return _known(stores, deposit_id, rows)

    def settled(self, actor: Actor, deposit_id: int) -> list[KnownError]:
        """What was ignored, resolved, or resolved itself, the latest first."""
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            open_deposit(stores, actor, deposit_id)
            states = [state for state in EVERY_STATE if state != "open"]
            rows = stores.deposit_errors.of_deposit(deposit_id, states=states)
            found = _known(stores, deposit_id, rows)
        when = {row.id: row.closed_at for row in rows}
        return sorted(found, key=lambda one: (when[one.id] is not None, when[one.id], one.id), reverse=True)


def _known(stores: Stores, deposit_id: int, rows: list[ErrorRow]) -> list[KnownError]:
    names = stores.deposit_views.claim_names(deposit_id)
    people = {person.id: person.name for person in stores.office.people()}
    found = []
    for row in rows:
        told = (row.id, row.code, row.state, row.message)
        closed = (people.get(row.closed_by_id or 0, ""), row.close_reason)
        if row.deposit_claim_id is None:
            found.append(KnownError(*told, *closed))
        else:
            pcn, patient, paid = names[row.deposit_claim_id]
            found.append(KnownError(*told, *closed, row.deposit_claim_id, pcn, patient, paid))
    return found
