"""The New Deposit dialog without a browser: defaults, what is missing, the split, saving (spec deposits 6.3)."""

from collections.abc import Callable, Mapping, Sequence
from datetime import date
from typing import Any

from workbench.domain.deposit import PayMethod, PayType
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.services.deposit_desk.choices import OpenClaim
from workbench.services.deposit_desk.creating import NewDeposit, NewStatement, StatementPreview
from workbench.widgets.desk import MoneyDesk

EOB, STATEMENT, IMPORT_ERA, PATIENT_PAYMENTS = "eob", "statement", "import_era", "patient_payments"
KINDS = {
    EOB: "Payer EOB",
    STATEMENT: "Statement",
    IMPORT_ERA: "Import ERA",
    PATIENT_PAYMENTS: "Patient Payments Import",
}
METHODS = {method.value: method.label for method in PayMethod}
PAY_TYPES = {kind.value: kind.value for kind in PayType}
# Spec 6.3: the fields of each type made by hand, and what each of them asks for.
FIELDS_OF = {
    EOB: (
        *("practice_id", "deposit_cents", "is_eob", "check_number", "payer_id"),
        *("pay_type", "pay_method", "owner_id", "deposited_date", "issued_date"),
    ),
    STATEMENT: ("practice_id", "deposit_cents", "check_number", "pay_method", "deposited_date", "patient"),
}
_REQUIRED = {
    "practice_id": "Choose the practice.",
    "deposit_cents": "Type the amount.",
    "check_number": "Type the number of the check or trace.",
    "payer_id": "Choose the payer.",
    "pay_type": "Choose the payment type.",
    "pay_method": "Choose the method.",
    "deposited_date": "Type the day the money was banked.",
}
_REQUIRED_OF = {
    EOB: tuple(_REQUIRED),
    STATEMENT: ("practice_id", "deposit_cents", "pay_method", "deposited_date"),
}


class NewDepositModel:
    """`kind` is one of KINDS; `claims` are the open claims found for a statement, `chosen` those it pays."""

    def __init__(self, desk: MoneyDesk, today: Callable[[], date]) -> None:
        self._desk, self._today = desk, today
        self.kind = EOB
        self.claims: Sequence[OpenClaim] = ()
        self.chosen: tuple[int, ...] = ()

    def blockers(self) -> dict[str, str]:
        allowed = Permission.DEPOSIT_NEW in self._desk.actor.permissions
        return {} if allowed else {"new": "You may not make deposits. Ask your supervisor for the right."}

    def practices(self) -> list[tuple[str, str]]:
        """As options; one who works for several chooses first."""
        found = [(str(one.id), one.name) for one in self._desk.deposit_desk.choices.practices(self._actor)]
        return found if len(found) == 1 else [("", "Choose"), *found]

    def owners(self) -> list[tuple[str, str]]:
        return [(str(one.id), one.name) for one in self._desk.deposit_desk.choices.owners(self._actor)]

    def payers(self, text: str, limit: int) -> tuple[list[tuple[int, str]], int]:
        """Every active payer, also those that never paid yet."""
        found, total = self._desk.deposit_desk.choices.payers(self._actor, text, limit)
        return [(payer.id, payer.name) for payer in found], total

    def defaults(self) -> dict[str, Any]:
        """A new deposit was banked today, is mine, and came as a check (BPR04 `CHK`)."""
        return {
            "kind": self.kind,
            "practice_id": self.practices()[0][0],
            "is_eob": True,
            "pay_type": PayType.INSURANCE.value,
            "pay_method": PayMethod.CHECK.value,
            "owner_id": str(self._actor.user_id),
            "deposited_date": self._today(),
        }

    def find(self, practice: str | None, patient: str | None) -> Sequence[OpenClaim]:
        """Open claims of a patient; what was chosen before is let go."""
        self.chosen, self.claims = (), ()
        if practice and patient:
            choices = self._desk.deposit_desk.choices
            self.claims = choices.open_claims(self._actor, int(practice), patient)
        return self.claims

    def choose(self, claim_ids: Sequence[int]) -> None:
        """Only what was found can be chosen."""
        found = {claim.id for claim in self.claims}
        self.chosen = tuple(number for number in claim_ids if number in found)

    @property
    def required(self) -> frozenset[str]:
        """Fields that this type cannot be without."""
        more = ("kind", "patient") if self.kind == STATEMENT else ("kind",)
        return frozenset((*more, *_REQUIRED_OF[self.kind]))

    def preview(self, amount_cents: int | None, values: Mapping[str, Any]) -> StatementPreview | None:
        """How the amount falls on open lines, oldest first; None while something is missing."""
        if not amount_cents or amount_cents < 0 or not self.chosen:
            return None
        return self._desk.deposit_desk.creating.preview_statement(self._actor, self._statement(values))

    def problems(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Field -> what is to be done there; empty when the deposit can be saved."""
        found = {name: _REQUIRED[name] for name in _REQUIRED_OF[self.kind] if values.get(name) in (None, "")}
        amount = values.get("deposit_cents")
        if amount is not None and self.kind == STATEMENT and amount <= 0:
            found["deposit_cents"] = "Type an amount above 0."
        elif amount is not None and amount < 0:
            found["deposit_cents"] = "The amount of a deposit cannot be negative."
        if self.kind == STATEMENT and not self.chosen:
            found["patient"] = "Find the patient, then select the claims that are paid."
        return found

    def save(self, values: Mapping[str, Any]) -> int:
        """Stores the deposit; gives its ID. Call it when there are no `problems`."""
        creating = self._desk.deposit_desk.creating
        if self.kind == STATEMENT:
            return creating.create_statement(self._actor, self._statement(values))
        new = NewDeposit(
            practice_id=int(values["practice_id"]),
            deposit_cents=values["deposit_cents"],
            check_number=values["check_number"],
            payer_id=values["payer_id"],
            deposited_date=values["deposited_date"],
            issued_date=values["issued_date"],
            pay_method=PayMethod(values["pay_method"]),
            pay_type=PayType(values["pay_type"]),
            owner_id=int(values["owner_id"]) if values["owner_id"] else None,
            is_eob=values["is_eob"],
        )
        return creating.create_eob(self._actor, new)

    def _statement(self, values: Mapping[str, Any]) -> NewStatement:
        return NewStatement(
            practice_id=int(values["practice_id"]),
            deposit_cents=values["deposit_cents"],
            check_number=values["check_number"] or "",
            claim_ids=self.chosen,
            deposited_date=values["deposited_date"],
            pay_method=PayMethod(values["pay_method"]),
        )

    @property
    def _actor(self) -> Actor:
        return self._desk.actor
