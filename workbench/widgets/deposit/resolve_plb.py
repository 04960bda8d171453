"""The drawer `Provider Adjustment`: the amount, the claims it goes to with the running rest, report, or ignore."""

from functools import cached_property
from typing import Any

from workbench.domain.deposit import Disposition
from workbench.services.deposit_desk.provider_claims import OurNamed
from workbench.widgets.deposit.resolve_frame import ResolveDialog, Tell
from workbench.widgets.deposit.resolve_plb_model import Place, ProviderModel
from workbench.widgets.deposit.rows import money
from workbench.widgets.desk import DepositsDesk
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.facts import Fact, Facts
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Cell, Column, Grid, GridEvents, Look, Row, actions, toned
from workbench.widgets.kit.panel import Dialog, Panel, row
from workbench.widgets.kit.typed import date_text

TITLE = "Provider Adjustment"
COLUMNS = [
    Column("pcn", "Claim XRef", sortable=False),
    Column("patient", "Patient", sortable=False, width="12em"),
    Column("service", "Service", "date", sortable=False),
    Column("paid", "Paid", "money", sortable=False),
    Column("why", "Why it fits", sortable=False, wrap=True),
    Column("part", "Apply", "money", sortable=False, editable=True, help="Cash: a recovery is negative"),
    Column("action", "Action", sortable=False),
]
# Row ids of claims of ours that are not on this deposit.
ELSEWHERE = "ours:"
BUTTONS = [
    Action(
        "APPLY_TO_CLAIM",
        "Apply Amount to Claim(s)",
        tone="primary",
        key="Ctrl+Enter",
        title="It becomes a payment on these claims",
    ),
    Action("REPORT", "Report Amount", key="Alt+KeyT", title="To Deposit Reporting, outside the accounts"),
    Action("IGNORE", "Ignore", key="Alt+KeyG", title="Leaves a difference that must be explained"),
    Action("UNRESOLVED", "Open Again", key="Alt+KeyO", title="Take back what was decided"),
    Action("settle", "Report All Proposed", key="Alt+KeyU"),
]


class ProviderDialog(ResolveDialog):
    def __init__(self, desk: DepositsDesk, place: Panel, tell: Tell) -> None:
        super().__init__(place, tell)
        self.model = ProviderModel(desk)

    def show(self, deposit_id: int, provider_adjustment_id: int | None = None) -> None:
        if not self.model.open(deposit_id, provider_adjustment_id):
            self._gone()
            return
        self.finder.reset({})
        self._draw()
        self.dialog.show()
        self.claims.focus()

    def show_at(self, deposit_id: int, position: int | None) -> None:
        """By its place in the remittance, as an error names it."""
        self.model.open(deposit_id)
        found = None if position is None else self.model.at(position)
        self.show(deposit_id, found)

    def dispose(self, deposit_id: int, provider_adjustment_id: int, to: Disposition) -> None:
        """A decision about the whole amount, straight from its row."""
        self.model.open(deposit_id, provider_adjustment_id)
        self._decide(to)

    def _make(self) -> Dialog:
        return Dialog(TITLE, self.facts, row(self.finder), self.claims, self.bar, drawer=True)

    @cached_property
    def facts(self) -> Facts:
        return Facts()

    @cached_property
    def finder(self) -> Form:
        return Form(
            "Find a Claim of the Deposit",
            [Field("search", "Claim or Patient", "search", live=True, key="Slash", width="17em")],
            events=FormEvents(on_change=self._search),
            arrangement="line",
        )

    @cached_property
    def claims(self) -> Grid:
        return Grid(
            "Claims to Apply To",
            COLUMNS,
            GridEvents(on_edit=self._type, on_action=lambda _, it: self._use(it), on_use=self._use),
            Look(
                empty="No claim of this deposit fits. Add it with Attach/Find a Claim, then apply.",
                paged=False,
                height="44vh",
                key="Alt+KeyL",
            ),
        )

    @cached_property
    def bar(self) -> Form:
        return Form("Provider Adjustment Actions", [], BUTTONS, FormEvents(on_press=self._press))

    @cached_property
    def _confirm_all(self) -> Confirm:
        return self._question("Report All Proposed", "Report All")

    def _draw(self) -> None:
        one, model = self.model.chosen, self.model
        if one is None:
            return
        rest = model.rest_cents
        lowers = "lowers the check" if one.amount_cents > 0 else "raises the check"
        self.facts.show(
            [
                Fact("Reason", one.reason, [one.meaning]),
                Fact("Meaning", one.meaning, kind="wide"),
                Fact("Reference", one.reference),
                Fact(
                    "Amount", money(one.amount_cents), [f"As the payer states it: it {lowers}."], kind="money"
                ),
                Fact("To apply", money(one.cash_cents), ["What it does to the deposit."], kind="money"),
                Fact("Rest", money(rest), ["It must be 0.00 to apply."], "bad" if rest else "good", "money"),
                Fact(
                    "Proposed", one.proposed.label, ["By the set-up (ERA Amounts), else the shipped table."]
                ),
                Fact("Disposition", one.disposition.label),
            ]
        )
        added = [_elsewhere(claim) for claim in model.elsewhere]
        self.claims.show([*(self._place_row(place) for place in model.places), *added], 0)
        self.bar.block({}, model.blockers())

    def _place_row(self, place: Place) -> Row:
        claim = place.claim
        part = self.model.parts.get(claim.id)
        cells: list[Cell] = [
            claim.pcn,
            ", ".join(name for name in (claim.patient_last, claim.patient_first) if name),
            date_text(claim.service_from),
            money(claim.paid_cents),
            toned(place.refused, "warn") if place.refused else place.why,
            money(part),
            "" if place.refused else actions(("rest", "Put the Rest Here")),
        ]
        return Row(claim.id, cells, locked=bool(place.refused))

    def _search(self, _: str, text: Any) -> None:
        self.model.search(str(text or ""))
        self._draw()

    def _type(self, deposit_claim_id: int, _: str, text: str) -> str | None:
        problem = self.model.type_part(deposit_claim_id, text)
        if problem is None:
            self._draw()
        return problem

    def _use(self, row: int | str) -> None:
        """The rest goes on a claim of the deposit; one that is elsewhere is added to it first."""
        if isinstance(row, str):
            self._tell(self.model.add(int(row.removeprefix(ELSEWHERE))), "success")
        elif problem := self.model.put_rest(row):
            self.bar.notify(problem, "error")
        self._draw()

    def _press(self, name: str) -> None:
        if name == "settle":
            self._confirm_all.ask(self.model.preview(), lambda _: self._settle_proposed())
        else:
            self._decide(Disposition(name))

    def _settle_proposed(self) -> None:
        self.settle(self.model.settle_proposed, stay=self._next)

    def _decide(self, to: Disposition) -> None:
        if to is Disposition.IGNORE:
            text = (
                "The amount stays in Unreconciled ($), where it must be explained when the deposit is sent."
            )
            self._ignoring.ask(text, lambda reason: self._dispose(to, reason))
        else:
            self._dispose(to)

    def _dispose(self, to: Disposition, reason: str = "") -> None:
        self.settle(lambda: self.model.dispose(to, reason))

    def _next(self) -> bool:
        """Goes on with the next amount that waits."""
        more = self.model.open(self.model.deposit_id)
        self._draw()
        return more

    def _reload(self, keep: bool) -> None:  # noqa: FBT001 - the answer of the dialog
        if self.model.reload(keep=keep):
            self._draw()
            self.dialog.show()
        else:
            self._gone()


def _elsewhere(claim: OurNamed) -> Row:
    why = "the reference has its claim number; it is not on this deposit"
    cells: list[Cell] = [
        claim.pcn,
        claim.patient,
        date_text(claim.service_from),
        "",
        why,
        "",
        actions(("add", "Add to Deposit")),
    ]
    return Row(f"{ELSEWHERE}{claim.claim_id}", cells, "muted", locked=True)
