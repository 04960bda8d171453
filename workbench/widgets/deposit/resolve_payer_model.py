"""Who paid: the payer of the deposit by ranked proposals, and the payer of claims at another place (spec 3.1)."""

from workbench.domain.permissions import Permission
from workbench.services.deposit_desk.editing import HeaderEdit
from workbench.services.deposit_desk.resolving import MisplacedClaim, Proposed
from workbench.widgets.desk import DepositsDesk


class PayerModel:
    """PAYER_MISMATCH: one deposit, as it was when the dialog opened."""

    def __init__(self, desk: DepositsDesk) -> None:
        self._desk = desk
        self.deposit_id = 0
        self.says = ""
        self.identifier = ""
        self.proposals: list[Proposed] = []
        self._version = 0

    def open(self, deposit_id: int) -> None:
        self.deposit_id = deposit_id
        row = self._desk.deposits.get(self._desk.actor, deposit_id).row
        self._version, self.says, self.identifier = row.version, row.payer_name, row.payer_identifier
        self.proposals = self._desk.deposit_desk.resolving.propose_payers(self._desk.actor, deposit_id)

    @property
    def why_not_remember(self) -> str | None:
        """Why the identifier cannot be kept for the payer; None when it can."""
        if not self.identifier:
            return "The remittance states no identifier of its payer."
        if Permission.SETUP not in self._desk.actor.permissions:
            return "You may not change the set-up of payers. Ask your administrator."
        return None

    def choose(self, payer_id: int, *, remember: bool) -> str:
        """Raises ChangedByAnotherError when somebody saved the deposit meanwhile."""
        edit = HeaderEdit(payer_id=payer_id)
        self._desk.deposit_desk.editing.edit_header(self._desk.actor, self.deposit_id, self._version, edit)
        told = "The payer was saved, and the errors computed anew."
        if remember and self.why_not_remember is None:
            self._desk.deposit_desk.resolving.remember_payer(self._desk.actor, self.deposit_id, payer_id)
            told += f" {self.identifier} is known as this payer's from now on."
        return told


class ClaimPayerModel:
    """PAYER_LEVEL_MISMATCH: the claims of one deposit whose payer is at another place on our claim."""

    def __init__(self, desk: DepositsDesk) -> None:
        self._desk = desk
        self.deposit_id = 0
        self.waiting: list[MisplacedClaim] = []

    def open(self, deposit_id: int) -> bool:
        """False when no claim waits."""
        self.deposit_id = deposit_id
        self.waiting = self._desk.deposit_desk.resolving.misplaced(self._desk.actor, deposit_id)
        return bool(self.waiting)

    def reload(self, *, keep: bool) -> bool:  # noqa: ARG002 - the payer typed is the form's to keep
        """Shows what is now; False when no claim waits any more."""
        return self.open(self.deposit_id)

    def choose(self, deposit_claim_ids: list[int], payer_id: int) -> str:
        """One payer for these claims. Raises ChangedByAnotherError when one of them was changed meanwhile."""
        return self._choose(dict.fromkeys(deposit_claim_ids, payer_id))

    def choose_fitting(self, deposit_claim_ids: list[int]) -> str:
        """For each claim the payer that our claim has at the place the remittance names."""
        return self._choose(self.fitting(deposit_claim_ids))

    def correct(self, deposit_claim_ids: list[int]) -> str:
        """The payer is right and our claims are not: puts it at the place the remittance names.

        Raises ChangedByAnotherError when one of them was changed meanwhile.
        """
        chosen = set(deposit_claim_ids)
        seen = {one.deposit_claim_id: one.version for one in self.waiting if one.deposit_claim_id in chosen}
        count = self._desk.deposit_desk.resolving.correct_payer_order(
            self._desk.actor, self.deposit_id, list(seen), seen
        )
        return f"The payers of {'1 claim of ours' if count == 1 else f'{count:,} claims of ours'} were put in order."

    def correctable(self, deposit_claim_ids: list[int]) -> bool:
        """Whether each of them has an order in which its payer stands at the place the remittance names."""
        return all(one.corrected for one in self.waiting if one.deposit_claim_id in deposit_claim_ids)

    def fitting(self, deposit_claim_ids: list[int]) -> dict[int, int]:
        return {
            one.deposit_claim_id: one.fitting.payer_id
            for one in self.waiting
            if one.fitting is not None and one.deposit_claim_id in deposit_claim_ids
        }

    def _choose(self, chosen: dict[int, int]) -> str:
        seen = {one.deposit_claim_id: one.version for one in self.waiting if one.deposit_claim_id in chosen}
        count = self._desk.deposit_desk.resolving.choose_claim_payers(
            self._desk.actor, self.deposit_id, chosen, seen
        )
        return f"The payer of {'1 claim' if count == 1 else f'{count:,} claims'} was saved."
