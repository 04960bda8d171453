"""Editing the header of a deposit: which fields, and what somebody else saved meanwhile (spec deposits 1.3)."""

from typing import Any

from workbench.domain.deposit import DepositStatus, DepositType, PayMethod, PayType
from workbench.domain.deposit_views import DepositDetails
from workbench.errors import RefusedError
from workbench.services.deposit_desk.editing import HeaderEdit
from workbench.widgets.deposit.changes import Difference
from workbench.widgets.desk import DepositsDesk
from workbench.widgets.kit.typed import date_text, money_text

LABELS = {
    "deposited_date": "Deposited",
    "issued_date": "Production",
    "check_number": "Check #",
    "payer_id": "Payer",
    "pay_method": "Pay. Method",
    "pay_type": "Pay. Type",
    "deposit_cents": "Amount",
    "owner_id": "Owner",
    "is_eob": "EOB",
}


class HeaderModel:
    """`values`: field of LABELS -> what stands in the dialog."""

    def __init__(self, desk: DepositsDesk) -> None:
        self._desk = desk
        self.details: DepositDetails
        self.values: dict[str, Any] = {}
        self._opened: dict[str, Any] = {}

    def open(self, deposit_id: int) -> None:
        """Raises NotFoundError. What was typed before is gone."""
        self.details = self._desk.deposits.get(self._desk.actor, deposit_id)
        self._opened = header_values(self.details)
        self.values = dict(self._opened)

    def blockers(self) -> dict[str, str]:
        """Why a field cannot be changed now, by field."""
        row = self.details.row
        if row.type is not DepositType.EOB:
            return {"is_eob": "Only a deposit keyed from paper can be an EOB."}
        if row.status is not DepositStatus.NEW:
            return {"is_eob": "Whether it is an EOB can be changed while the deposit is New."}
        return {}

    def owners(self) -> list[tuple[str, str]]:
        """Who may own a deposit, for the list to choose from."""
        found = self._desk.deposit_desk.choices.owners(self._desk.actor)
        return [(str(one.id), one.name) for one in found]

    def payer_text(self) -> str:
        return self._text("payer_id", self.values["payer_id"])

    def save(self) -> None:
        """Saves the changed fields. Raises RefusedError, or ChangedByAnotherError: then see `differences`."""
        changed = {name: value for name, value in self.values.items() if value != self._opened[name]}
        emptied = [LABELS[name] for name, value in changed.items() if value is None]
        if emptied:
            raise RefusedError(f"{', '.join(emptied)}: type what it is; it cannot be emptied.")
        for name, kind in (("pay_method", PayMethod), ("pay_type", PayType), ("owner_id", int)):
            if name in changed:
                changed[name] = kind(changed[name])
        row = self.details.row
        self._desk.deposit_desk.editing.edit_header(
            self._desk.actor, row.id, row.version, HeaderEdit(**changed)
        )

    def differences(self) -> list[Difference]:
        """What somebody else saved since this was opened, beside what stands here."""
        theirs = header_values(self._desk.deposits.get(self._desk.actor, self.details.row.id))
        return [
            Difference(label, self._text(name, theirs[name]), self._text(name, self.values[name]))
            for name, label in LABELS.items()
            if theirs[name] != self._opened[name]
        ]

    def reload(self, *, keep: bool) -> None:
        """Opens the header as it is now. `keep`: what was typed here is put on top of it."""
        typed = {name: value for name, value in self.values.items() if value != self._opened[name]}
        self.open(self.details.row.id)
        if keep:
            self.values |= typed

    def _text(self, name: str, value: Any) -> str:
        if name == "deposit_cents":
            return money_text(value)
        if name in ("deposited_date", "issued_date"):
            return date_text(value)
        if name == "is_eob":
            return "yes" if value else "no"
        if name == "owner_id":
            return dict(self.owners()).get(str(value), "")
        if name == "payer_id":
            payers = self._desk.deposits.choices(self._desk.actor).payers
            return next((payer.name for payer in payers if payer.id == value), "")
        return str(value or "")


def header_values(details: DepositDetails) -> dict[str, Any]:
    """The editable fields as they are stored; an empty text is None, as in the form."""
    found = {name: getattr(details.row, name) for name in LABELS if name != "is_eob"}
    if details.row.unreadable:
        found["deposit_cents"] = None
    texts = {name: found[name] or None for name in ("check_number", "pay_method", "pay_type")}
    return {**found, **texts, "owner_id": str(details.row.owner_id), "is_eob": details.is_eob}
