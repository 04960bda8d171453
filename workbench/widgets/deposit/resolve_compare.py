"""The drawer `Compare`: this one and the earlier one in two columns, what differs marked, and which one stays."""

from collections.abc import Callable
from functools import cached_property

from workbench.services.deposit_desk.comparing import ComparedClaim, ComparedFact
from workbench.widgets.deposit.resolve_compare_model import CompareModel
from workbench.widgets.deposit.resolve_frame import ResolveDialog, Tell
from workbench.widgets.deposit.rows import money
from workbench.widgets.desk import DepositsDesk
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Column, Grid, Look, Row, badge
from workbench.widgets.kit.panel import Dialog, Panel, section

TITLE = "Compare"
FACT_COLUMNS = [
    Column("fact", "Fact", sortable=False),
    Column("here", "This one", sortable=False, wrap=True),
    Column("there", "The earlier one", sortable=False, wrap=True),
    Column("same", "Same", sortable=False),
]
CLAIM_COLUMNS = [
    Column("pcn", "Claim XRef", sortable=False),
    Column("here", "Paid here", "money", sortable=False),
    Column("there", "Paid there", "money", sortable=False),
    Column("same", "Same", sortable=False),
]
BUTTONS = [
    Action("ignore", "Ignore Error", key="Alt+KeyG", title="They are two payments: go on with this one"),
    Action("remove", "Remove This Deposit", key="Alt+KeyM", title="They are one: this one leaves the lists"),
    Action("exclude", "Exclude This Claim", key="Alt+KeyX", title="They are one: this one is not posted"),
    Action("other", "Open the Other Deposit", key="Alt+KeyO"),
    Action("previous", "Previous", key="BracketLeft"),
    Action("next", "Next", key="BracketRight"),
]
SHOWN_CLAIMS = 500


class CompareDialog(ResolveDialog):
    """`open_deposit(deposit id)` shows the other deposit."""

    def __init__(
        self, desk: DepositsDesk, place: Panel, tell: Tell, open_deposit: Callable[[int], None]
    ) -> None:
        super().__init__(place, tell)
        self.model = CompareModel(desk)
        self._open_deposit = open_deposit

    def show(self, deposit_id: int, error_id: int) -> None:
        if not self.model.open(deposit_id, error_id):
            self._tell("The other one is not there any more, or belongs to another practice.", "warning")
            return
        self._draw()
        self.dialog.show()
        self.facts.focus()

    def _make(self) -> Dialog:
        return Dialog(TITLE, self.told, self.facts, self._claims_place, self.bar, drawer=True)

    @cached_property
    def told(self) -> Form:
        return Form("Verdict", [Field("verdict", "", "static")], arrangement="line")

    @cached_property
    def facts(self) -> Grid:
        return Grid("Side by Side", FACT_COLUMNS, look=Look(paged=False, key="Alt+KeyL"))

    @cached_property
    def claims(self) -> Grid:
        return Grid("Claims of Both", CLAIM_COLUMNS, look=Look(paged=False, height="34vh", key="Alt+KeyK"))

    @cached_property
    def _claims_place(self) -> Panel:
        return section("Claims of both, those that differ first", self.claims)

    @cached_property
    def bar(self) -> Form:
        return Form("Compare Actions", [], BUTTONS, FormEvents(on_press=self._press))

    @cached_property
    def _removing(self) -> Confirm:
        return self._question("Remove Deposit", "Remove", reason="required")

    @cached_property
    def _excluding(self) -> Confirm:
        return self._question("Exclude Claim", "Exclude", reason="required")

    def _draw(self) -> None:
        shown = self.model.shown
        place = f" ({self.model.at + 1} of {len(self.model.found)})" if len(self.model.found) > 1 else ""
        self.dialog.title = f"{TITLE}{place}"
        self.told.fill({"verdict": shown.verdict})
        titles = Row("titles", ["", shown.title_here, shown.title_there, ""], "accent")
        self.facts.show([titles, *(_fact(at, fact) for at, fact in enumerate(shown.facts))], 0)
        self._claims_place.shown = bool(shown.claims)
        self.claims.show([_claim(at, one) for at, one in enumerate(shown.claims[:SHOWN_CLAIMS])], 0)
        self.bar.block({}, self.model.blockers())

    def _press(self, name: str) -> None:
        number = self.model.deposit_id
        if name in ("previous", "next"):
            self.model.step(-1 if name == "previous" else 1)
            self._draw()
        elif name == "other":
            self.dialog.hide()
            self._open_deposit(self.model.shown.there_id)
        elif name == "ignore":
            text = "They are two payments. The error comes back only when its facts change."
            self._ignoring.ask(text, lambda reason: self.settle(lambda: self.model.ignore(reason)))
        elif name == "remove":
            text = f"Deposit {number} leaves every work list. It stays stored, with your name and reason."
            self._removing.ask(text, lambda reason: self.settle(lambda: self.model.remove(reason)))
        else:
            text = "This claim is left out of posting; what was paid on it stays in Exclusions."
            self._excluding.ask(text, lambda reason: self.settle(lambda: self.model.exclude(reason)))

    def _reload(self, keep: bool) -> None:  # noqa: ARG002, FBT001 - nothing is typed here
        self._gone()


def _fact(at: int, fact: ComparedFact) -> Row:
    mark = badge("Differs", "warn") if fact.differs else badge("Same")
    return Row(at, [fact.label, fact.here, fact.there, mark], "warn" if fact.differs else "")


def _claim(at: int, claim: ComparedClaim) -> Row:
    mark = badge("Same")
    if claim.here_cents is None or claim.there_cents is None:
        mark = badge("Only there" if claim.here_cents is None else "Only here", "warn")
    elif claim.differs:
        mark = badge("Differs", "warn")
    tone = "warn" if claim.differs else ""
    return Row(at, [claim.pcn, money(claim.here_cents), money(claim.there_cents), mark], tone)
