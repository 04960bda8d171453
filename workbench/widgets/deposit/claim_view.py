"""One claim of the deposit in a drawer: lines, adjustments in plain words, remarks, errors, raw segments."""

from collections.abc import Callable

from workbench.domain.codes.short import GROUP
from workbench.domain.deposit_views import AdjustmentRow, ClaimDetails, DepositError, LineDetails
from workbench.domain.posting import Effect
from workbench.domain.remit import REMIT_STATUSES
from workbench.widgets.deposit.copy_dialog import TITLE as COPY
from workbench.widgets.deposit.model import DepositModel
from workbench.widgets.deposit.rows import amount, amount_text, money, severity, span
from workbench.widgets.kit.facts import Fact, Facts
from workbench.widgets.kit.form import Action, Form, FormEvents
from workbench.widgets.kit.grid import Cell, Column, Grid, Look, Row, toned
from workbench.widgets.kit.panel import Dialog, Tabs, section, stack

LINE_COLUMNS = [
    Column("line", "Line", "number", sortable=False),
    Column("code", "Code", sortable=False),
    Column("modifiers", "Modifiers", sortable=False),
    Column("service", "Service", "date", sortable=False),
    Column("units", "Units", "number", sortable=False),
    Column("charged", "Charged", "money", sortable=False),
    Column("paid", "Paid", "money", sortable=False),
    Column("allowed", "Allowed", "money", sortable=False),
    Column("adjusted", "Adjusted", "money", sortable=False, help="Sum of the line's adjustments"),
    Column("gap", "Gap", "money", sortable=False, help="Charged - Adjusted - Paid; 0.00 in a sound line"),
    Column("remarks", "Remarks", sortable=False),
]
ADJUSTMENT_COLUMNS = [
    Column("line", "Line", sortable=False),
    Column("group", "Group", sortable=False),
    Column("reason", "Reason", sortable=False),
    Column("amount", "Amount", "money", sortable=False),
    Column("meaning", "Meaning", sortable=False, wrap=True),
    Column("effect", "Goes to", sortable=False),
]
REMARK_COLUMNS = [
    Column("code", "Remark", sortable=False),
    Column("meaning", "Meaning", sortable=False, wrap=True),
]
ERROR_COLUMNS = [
    Column("severity", "Severity", sortable=False),
    Column("message", "What is wrong", sortable=False, wrap=True),
    Column("advice", "What to do", sortable=False, wrap=True),
]
SEGMENT_COLUMNS = [
    Column("number", "Segment", "number", sortable=False, width="6em"),
    Column("text", "As received", sortable=False, wrap=True),
]
BUTTONS = [
    Action("previous", "Previous Claim", key="BracketLeft"),
    Action("next", "Next Claim", key="BracketRight"),
    Action("attach", "Attach a Claim", key="Alt+KeyA", title="Say which claim of ours this is"),
    Action("reverse", "Reverse", key="Alt+KeyR", title="Take the posting of this claim back"),
    Action("copy", COPY, key="Alt+KeyC", title="Start a new posting with these amounts"),
]


class ClaimDrawer:
    """`reverse`, `attach` and `copy` take the deposit claim and its Claim XRef."""

    def __init__(
        self,
        model: DepositModel,
        reverse: Callable[[int, str], None],
        attach: Callable[[int, str], None],
        copy: Callable[[int, str], None],
    ) -> None:
        self._model = model
        self._acts = {"reverse": reverse, "attach": attach, "copy": copy}
        self._claim: ClaimDetails | None = None
        self.bar = Form("Claim Actions", [], BUTTONS, FormEvents(on_press=self._press))
        self.facts = Facts()
        self.errors = _grid("Claim Errors", ERROR_COLUMNS, "No errors.")
        self.errors_place = section("Errors", self.errors)
        self.lines = _grid("Lines", LINE_COLUMNS, "The payer sent this claim without lines.")
        self.adjustments = _grid("Adjustments", ADJUSTMENT_COLUMNS, "No adjustments.")
        self.remarks = _grid("Remarks", REMARK_COLUMNS, "No remark codes.")
        self.remarks_place = section("Remark Codes", self.remarks)
        self.segments = _grid("Raw Segments", SEGMENT_COLUMNS, "No segments to show.")
        worked = stack(
            self.errors_place,
            section("Lines", self.lines),
            section("Adjustments", self.adjustments),
            self.remarks_place,
        )
        self.tabs = Tabs([("Lines and Adjustments", worked), ("Raw Segments", self.segments)], lambda _: None)
        self.dialog = Dialog("Claim", self.bar, self.facts, self.tabs, drawer=True)

    def show(self, deposit_claim_id: int) -> None:
        claim = self._claim = self._model.claim(deposit_claim_id)
        ends = {"previous": (claim.previous_id, "first"), "next": (claim.next_id, "last")}
        blocked = {
            name: f"This is the {word} claim of the deposit."
            for name, (found, word) in ends.items()
            if found is None
        }
        self.bar.block({}, blocked | self._model.claim_blockers(claim.row.state))
        self.facts.show(claim_facts(claim))
        self.errors_place.shown = bool(claim.errors)
        self.errors.show([_error(error) for error in claim.errors], 0)
        self.lines.show([_line(line) for line in claim.lines], 0)
        self.adjustments.show(_adjustments(claim), 0)
        remarks = _remarks(claim)
        self.remarks_place.shown = bool(remarks)
        self.remarks.show(remarks, 0)
        self.segments.show(segment_rows(claim), 0)
        self.dialog.show(f"Claim {claim.row.pcn}")

    def refresh(self) -> None:
        """Shows the claim as it is now, when one is open."""
        if self._claim is not None and self.dialog.shown:
            self.show(self._claim.row.id)

    def _press(self, name: str) -> None:
        if self._claim is None:
            return
        if name in self._acts:
            self._acts[name](self._claim.row.id, self._claim.row.pcn)
            return
        found = self._claim.previous_id if name == "previous" else self._claim.next_id
        if found is not None:
            self.show(found)


def _grid(label: str, columns: list[Column], empty: str) -> Grid:
    return Grid(label, columns, look=Look(empty=empty, paged=False))


def claim_facts(claim: ClaimDetails) -> list[Fact]:
    """The head of the claim (spec 6.6)."""
    row = claim.row
    status = REMIT_STATUSES.get(row.remit_status)
    words = f"{row.remit_status} {status.label}" if status else row.remit_status
    gap = f"Charged {money(row.charge_cents)} less all adjustments less Paid {money(row.paid_stated_cents)}"
    return [
        Fact("Claim XRef", row.pcn),
        Fact("Claim ID", str(row.claim_id) if row.claim_id is not None else "not found"),
        Fact("Patient", ", ".join(part for part in (row.patient_last, row.patient_first) if part)),
        Fact("Member ID", row.member_id),
        Fact("Payer's Claim #", row.payer_claim_no),
        Fact("Remit Status", words, kind="wide"),
        Fact("Service", span(row.service_from, row.service_to)),
        Fact("Charged", amount_text(row, "charge_cents")),
        Fact(
            "Paid",
            money(row.paid_cents),
            [f"As the payer states it: {amount_text(row, 'paid_stated_cents')}"],
        ),
        Fact("Allowed", money(row.allowed_cents)),
        Fact("Deductible (PR-1)", money(row.deductible_cents)),
        Fact("CoIns (PR-2)", money(row.coinsurance_cents)),
        Fact("CoPay (PR-3)", money(row.copay_cents)),
        Fact("Adjustments", money(row.adjustments_cents), ["They change the claim's balance."]),
        Fact("Information", money(row.information_cents), ["They do not change the claim's balance."]),
        Fact("Gap", money(row.gap_cents), [gap], "bad" if row.gap_cents else "good"),
        *([Fact("Crossed over to", row.crossover_name)] if row.crossover_name else []),
    ]


def _error(error: DepositError) -> Row:
    told = error.message if error.state == "open" else f"({error.state.replace('_', ' ')}) {error.message}"
    return Row(error.id, [severity(error), told, error.advice])


def _line(line: LineDetails) -> Row:
    gap = money(line.gap_cents)
    changed = f" (billed as {line.original_code})" if line.original_code else ""
    cells: list[Cell] = [
        str(line.line_no + 1),
        (line.code or line.revenue_code) + changed,
        line.modifiers,
        span(line.service_from, line.service_to),
        line.units,
        amount(line, "charge_cents"),
        amount(line, "paid_cents"),
        money(line.allowed_cents),
        money(sum(adjustment.amount_cents for adjustment in line.adjustments)),
        toned(gap, "bad") if line.gap_cents else gap,
        " ".join(code for code, _ in line.remarks),
    ]
    return Row(line.id, cells)


def _adjustments(claim: ClaimDetails) -> list[Row]:
    """Of the claim as a whole first, then line by line, in the order the payer sent them."""
    placed = [("Claim", adjustment) for adjustment in claim.adjustments]
    placed += [(f"{line.line_no + 1}", adjustment) for line in claim.lines for adjustment in line.adjustments]
    return [_adjustment(place, adjustment) for place, adjustment in placed]


def _adjustment(place: str, adjustment: AdjustmentRow) -> Row:
    cells: list[Cell] = [
        place,
        f"{adjustment.group} {GROUP.get(adjustment.group, '')}".strip(),
        adjustment.reason,
        amount(adjustment, "amount_cents"),
        adjustment.meaning.removeprefix(f"{adjustment.group}-{adjustment.reason} "),
        "Adjustments" if adjustment.effect is Effect.WRITE_OFF else "Information",
    ]
    return Row(adjustment.id, cells)


def _remarks(claim: ClaimDetails) -> list[Row]:
    """Each remark code once, with what it means."""
    every = dict([*claim.remarks, *(remark for line in claim.lines for remark in line.remarks)])
    return [Row(code, [code, meaning]) for code, meaning in every.items()]


def segment_rows(claim: ClaimDetails) -> list[Row]:
    """The segments as they stand in the file, with their numbers."""
    first = claim.row.segment or 1
    return [Row(number, [str(number), text]) for number, text in enumerate(claim.segments, first)]
