"""Whose deposit it is when the payee is none of our practices: ranked proposals (PAYEE_NOT_OURS, spec deposits 3.3)."""

from workbench.services.deposit_desk.resolving import Proposed
from workbench.widgets.desk import DepositsDesk


class PracticeModel:
    def __init__(self, desk: DepositsDesk) -> None:
        self._desk = desk
        self.deposit_id = 0
        self.says = ""
        self.proposals: list[Proposed] = []

    def open(self, deposit_id: int) -> None:
        self.deposit_id = deposit_id
        payee = self._desk.deposits.get(self._desk.actor, deposit_id)
        numbers = " ".join(
            f"{kind} {value}" for kind, value in (("NPI", payee.payee_npi), ("TIN", payee.payee_tin)) if value
        )
        self.says = f"The remittance pays {payee.payee_name or 'somebody'} ({numbers or 'no identifier'})."
        self.proposals = self._desk.deposit_desk.resolving.propose_practices(self._desk.actor, deposit_id)

    def assign(self, practice_id: int) -> str:
        """Raises ChangedByAnotherError when somebody has given it to another practice meanwhile."""
        found = self._desk.deposit_desk.rematching.assign_practice(
            self._desk.actor, self.deposit_id, practice_id
        )
        name = next((one.name for one in self.proposals if one.id == practice_id), "")
        return f"The deposit belongs to {name} now; {found:,} of its claims were found."
