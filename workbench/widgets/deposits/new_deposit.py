"""The New Deposit dialog: two types by hand, two by file (spec deposits 6.3)."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbench.domain.money import format_dollars
from workbench.services.deposit_desk.choices import OpenClaim
from workbench.services.deposit_desk.creating import StatementPreview
from workbench.widgets.deposits.new_deposit_model import (
    FIELDS_OF,
    IMPORT_ERA,
    KINDS,
    METHODS,
    PATIENT_PAYMENTS,
    PAY_TYPES,
    STATEMENT,
    NewDepositModel,
)
from workbench.widgets.kit.form import Action, Field, Form, FormEvents, Option
from workbench.widgets.kit.grid import Column, Grid, Look, Row
from workbench.widgets.kit.guard import guarded
from workbench.widgets.kit.panel import Dialog, section
from workbench.widgets.kit.typed import date_text

CLAIM_COLUMNS = [
    Column("claim_id", "Claim ID", "number", sortable=False),
    Column("pcn", "Claim XRef", sortable=False),
    Column("patient", "Patient", sortable=False, width="14em"),
    Column("service", "Service", "date", sortable=False),
    Column("charged", "Charged ($)", "money", sortable=False),
    Column("open", "Open balance ($)", "money", sortable=False),
]
PART_COLUMNS = [
    Column("claim_id", "Claim ID", "number", sortable=False),
    Column("line", "Line", sortable=False),
    Column("open", "Open balance ($)", "money", sortable=False),
    Column("part", "Gets ($)", "money", sortable=False),
    Column("left", "Still open ($)", "money", sortable=False),
]
SAVES = [
    Action("open", "Save and Open", key="Ctrl+Enter", tone="primary", title="Save, then show the deposit"),
    Action("another", "Save and New", key="Alt+KeyA", title="Save, then an empty form of the same type"),
    Action("list", "Save and Close", key="Alt+KeyC", title="Save, then back to the list"),
]


@dataclass(frozen=True, slots=True)
class After:
    """Where the dialog leads: after saving, and for the two types that come as files."""

    show_deposit: Callable[[int], None]
    refresh: Callable[[], None]
    import_era: Callable[[], None]
    import_payments: Callable[[], None]


class NewDepositDialog:
    def __init__(self, model: NewDepositModel, after: After, today: Callable[[], date]) -> None:
        self.model, self._after = model, after
        self._told: dict[str, str] = {}
        self.form = Form(
            "New Deposit", _fields(self._payers), SAVES, FormEvents(self._changed, self._press, today)
        )
        self.claims = Grid(
            "Open Claims",
            CLAIM_COLUMNS,
            look=Look(
                empty="No claim with an open balance fits. Type the last name, Last, First or a claim number.",
                selectable="multi",
                paged=False,
                height="26vh",
                key="Alt+KeyL",
            ),
        )
        self.claims.observe(lambda _: guarded(self._chosen, self.claims.notify), "selection")
        self.parts = Grid(
            "Split",
            PART_COLUMNS,
            look=Look(empty="Type the amount and select claims.", paged=False, height="26vh"),
        )
        self.statement = (section("Open Claims", self.claims), section("Split", self.parts))
        self.dialog = Dialog("New Deposit", self.form, *self.statement, drawer=True)

    def show(self) -> None:
        """Opens it with the defaults of a new deposit."""
        self.form.set_options("practice_id", self.model.practices())
        self.form.set_options("owner_id", self.model.owners())
        self._start()
        self.dialog.show()

    def _start(self) -> None:
        self.form.reset(self.model.defaults())
        self.model.find(None, None)
        self._draw_kind()

    def _draw_kind(self) -> None:
        shown = {"kind", *FIELDS_OF[self.model.kind]}
        self.form.hidden = [name for name in self.form.values if name not in shown]
        needed = self.model.required
        self.form.fields = [{**field, "required": field["name"] in needed} for field in self.form.fields]
        for part in self.statement:
            part.shown = self.model.kind == STATEMENT
        self._draw_claims()

    def _draw_claims(self) -> None:
        self.claims.selection = []
        self.claims.show([_claim_row(claim) for claim in self.model.claims], len(self.model.claims))
        self._draw_split()

    def _draw_split(self) -> None:
        preview = self.model.preview(self.form.values["deposit_cents"], self.form.values)
        rows = _part_rows(preview) if preview else []
        self.parts.show(rows, len(rows), _totals(preview) if preview else [])

    def _changed(self, name: str, value: Any) -> None:
        if name == "kind":
            self._turn_to(value)
        elif name in ("patient", "practice_id") and self.model.kind == STATEMENT:
            self.model.find(self.form.values["practice_id"], self.form.values["patient"])
            self._draw_claims()
        elif name == "deposit_cents" and self.model.kind == STATEMENT:
            self._draw_split()

    def _turn_to(self, kind: str) -> None:
        """The types that come as files have dialogs of their own."""
        if kind in FIELDS_OF:
            self.model.kind = kind
            self.form.errors = {}
            self._draw_kind()
            self.form.focus("kind")  # the fields were drawn anew
            return
        self.form.fill({"kind": self.model.kind})
        self.dialog.hide()
        {IMPORT_ERA: self._after.import_era, PATIENT_PAYMENTS: self._after.import_payments}[kind]()

    def _chosen(self) -> None:
        self.model.choose(self.claims.selection)
        self._draw_split()

    def _press(self, name: str) -> None:
        values = self.form.values
        # What was typed wrong keeps its own words: `Type an amount such as 1234.50.`
        typed_wrong = self._typed_wrong()
        self._told = self.model.problems(values)
        self.form.errors = wrong = {**self._told, **typed_wrong}
        if wrong:
            self.form.focus(next(field for field in values if field in wrong))
            return
        deposit_id = self.model.save(values)
        self._after.refresh()
        if name == "another":
            self._start()
            self.form.focus("deposit_cents")
        else:
            self.dialog.hide()
        self.form.notify(f"Deposit {deposit_id} was saved.", "success")
        if name == "open":
            self._after.show_deposit(deposit_id)

    def _typed_wrong(self) -> Mapping[str, str]:
        """Fields on the screen whose text is no such value: the form keeps the text and no value of it."""
        return {
            name: text
            for name, text in self.form.errors.items()
            if name not in self.form.hidden and text != self._told.get(name)
        }

    def _payers(self, text: str, limit: int) -> tuple[Sequence[Option], int]:
        found, total = self.model.payers(text, limit)
        return [Option(payer_id, name) for payer_id, name in found], total


def _fields(payers: Any) -> list[Field]:
    return [
        Field("kind", "Type", "select", options=list(KINDS.items()), key="Alt+KeyT"),
        Field("practice_id", "Practice", "select"),
        Field("deposit_cents", "Amount", "money"),
        Field("check_number", "Check #", max=50),
        Field("payer_id", "Payer", "lookup", search=payers),
        Field("pay_type", "Payment Type", "select", options=list(PAY_TYPES.items())),
        Field("pay_method", "Method", "select", options=list(METHODS.items())),
        Field("owner_id", "Owner", "select"),
        Field("deposited_date", "Deposited", "date", help="The day the money was banked"),
        Field("issued_date", "Production", "date", help="The day the payer issued the remittance"),
        Field("is_eob", "EOB", "checkbox"),
        Field("patient", "Patient or Claim XRef", "search", live=True),
    ]


def _claim_row(claim: OpenClaim) -> Row:
    money = (format_dollars(claim.charge_cents), format_dollars(claim.open_cents))
    return Row(claim.id, [str(claim.id), claim.pcn, claim.patient, date_text(claim.service_from), *money])


def _part_rows(preview: StatementPreview) -> list[Row]:
    return [
        Row(
            part.charge_line_id,
            [
                str(part.claim_id),
                part.title,
                format_dollars(part.open_cents),
                format_dollars(part.part_cents),
                format_dollars(part.open_cents - part.part_cents),
            ],
        )
        for part in preview.parts
    ]


def _totals(preview: StatementPreview) -> list[str]:
    opened, given = (
        sum(part.open_cents for part in preview.parts),
        sum(part.part_cents for part in preview.parts),
    )
    rest = f"Unapplied: {format_dollars(preview.unapplied_cents)}" if preview.unapplied_cents else ""
    return ["Total", rest, format_dollars(opened), format_dollars(given), format_dollars(opened - given)]
