"""ERA Amounts: what becomes of a provider-level reason, apply or report (spec deposits 4.4, 5)."""

from collections.abc import Sequence

from workbench.domain.deposit import PaymentType
from workbench.widgets.kit.form import Action, Field, Form, FormEvents, Option
from workbench.widgets.kit.grid import Column, Grid, Look, Row
from workbench.widgets.kit.panel import stack
from workbench.widgets.settings.model import AMOUNT_WORDS, SettingsModel

COLUMNS = [
    Column("payer", "Payer", sortable=False, width="24em"),
    Column("reason", "Reason", sortable=False),
    Column("what", "What to do", sortable=False),
    Column("type", "Payment type", sortable=False, help="How a reported amount is booked"),
]
_TYPES = [("", "Usual for the reason"), *((kind.value, kind.value) for kind in PaymentType)]


class AmountsTab:
    def __init__(self, model: SettingsModel) -> None:
        self.model = model
        self.form = Form(
            "ERA Amount",
            [
                Field(
                    "payer_id",
                    "Payer",
                    "lookup",
                    search=self._payers,
                    width="20em",
                    help="Empty: every payer.",
                ),
                Field("reason", "Reason", width="6em", max=2, help="PLB03-1, such as WO"),
                Field(
                    "disposition",
                    "What to do",
                    "select",
                    options=[(way.value, words) for way, words in AMOUNT_WORDS.items()],
                ),
                Field("payment_type", "Payment type", "select", options=_TYPES, width="13em"),
            ],
            [Action("save", "Save ERA Amount", tone="primary")],
            FormEvents(on_press=lambda _: self._save()),
            arrangement="line",
        )
        self.form.fill({"disposition": next(iter(AMOUNT_WORDS)).value, "payment_type": ""})
        self.grid = Grid(
            "ERA Amounts",
            COLUMNS,
            look=Look(empty="Nothing is set up: each provider-level amount asks a person.", paged=False),
        )
        self.widget = stack(self.form, self.grid)

    def refresh(self) -> None:
        names = self.model.payer_names()
        found = self.model.era_amounts()
        rows = [
            Row(
                at,
                [
                    names.get(one.payer_id, "") if one.payer_id is not None else "Every payer",
                    one.reason,
                    AMOUNT_WORDS[one.disposition],
                    self.model.amount_type(one),
                ],
            )
            for at, one in enumerate(found)
        ]
        self.grid.show(rows, len(rows))
        blocker = self.model.rules_blocker()
        self.form.block({}, {"save": blocker} if blocker else {})

    def _payers(self, text: str, limit: int) -> tuple[Sequence[Option], int]:
        found, total = self.model.find_payers(text, limit)
        return [Option(payer.id, payer.name) for payer in found], total

    def _save(self) -> None:
        self.model.set_era_amount(self.form.values)
        self.refresh()
        self.form.notify("The ERA amount is saved.", "success")
