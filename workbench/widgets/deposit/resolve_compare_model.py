"""Two payments, or two claims, that look like one: what tells them apart, and which of them stays (spec 3.1, 3.3)."""

from workbench.services.deposit_desk.comparing import CLAIM_ERRORS, Comparison
from workbench.widgets.desk import DepositsDesk


class CompareModel:
    """The error's comparisons, one shown at a time."""

    def __init__(self, desk: DepositsDesk) -> None:
        self._desk = desk
        self.deposit_id = 0
        self.error_id = 0
        self.found: list[Comparison] = []
        self.at = 0

    def open(self, deposit_id: int, error_id: int) -> bool:
        """Reads both sides; False when the other one is gone or not this person's to see."""
        self.deposit_id, self.error_id, self.at = deposit_id, error_id, 0
        self.found = self._desk.deposit_desk.errors.compare(self._desk.actor, deposit_id, error_id)
        return bool(self.found)

    @property
    def shown(self) -> Comparison:
        return self.found[self.at]

    def step(self, by: int) -> None:
        self.at = (self.at + by) % len(self.found)

    @property
    def of_claims(self) -> bool:
        return self.shown.code in CLAIM_ERRORS

    def blockers(self) -> dict[str, str]:
        """Why a button cannot be used now."""
        only = "There is only one to compare with."
        found = {} if len(self.found) > 1 else {"previous": only, "next": only}
        if self.of_claims:
            found["remove"] = "Only the claim looks like a duplicate: exclude it."
        else:
            found["exclude"] = "The whole deposit looks like a duplicate: remove it."
        return found

    def ignore(self, reason: str) -> str:
        """They are two: the error is ignored. Raises ChangedByAnotherError when it is not open any more."""
        self._desk.deposit_desk.errors.ignore(self._desk.actor, self.deposit_id, [self.error_id], reason)
        return "They are two payments: the error was ignored."

    def exclude(self, reason: str) -> str:
        """They are one: this claim is left out of posting."""
        if self.shown.deposit_claim_id is None:
            raise LookupError("only a claim can be excluded")
        self._desk.deposit_desk.editing.set_included(
            self._desk.actor,
            self.deposit_id,
            [self.shown.deposit_claim_id],
            included=False,
            reason=reason,
        )
        return "The claim was excluded."

    def remove(self, reason: str) -> str:
        """They are one: this deposit leaves every work list."""
        self._desk.deposit_desk.undoing.void(self._desk.actor, self.deposit_id, reason)
        return f"Deposit {self.deposit_id} was removed."
