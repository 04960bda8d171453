"""Verify posting data: what Send to Posting would book, claim by claim, before anything is booked (spec 5)."""

from collections.abc import Sequence

from workbench.domain.posting_entry import Entry
from workbench.services.deposit_desk.posting import DryRun, DryRunClaim
from workbench.widgets.deposit.rows import money
from workbench.widgets.kit.facts import Fact, Facts
from workbench.widgets.kit.form import Field, Form, FormEvents
from workbench.widgets.kit.grid import Cell, Column, Grid, GridEvents, Look, Row, View, badge, toned
from workbench.widgets.kit.panel import Dialog, section

CLAIM_COLUMNS = [
    Column("pcn", "Claim XRef"),
    Column("claim", "Claim ID", "number", sortable=False),
    Column("paid", "Payments ($)", "money"),
    Column("written", "Adjustment ($)", "money"),
    Column("before", "Balance before", "money", sortable=False),
    Column("after", "Balance after", "money", sortable=False),
    Column("next", "Next status", sortable=False),
    Column("outcome", "Outcome", sortable=False, wrap=True),
]
ENTRY_COLUMNS = [
    Column("account", "Account", sortable=False),
    Column("debit", "Debit", "money", sortable=False),
    Column("credit", "Credit", "money", sortable=False),
    Column("type", "Payment type", sortable=False),
    Column("memo", "What it is", sortable=False, wrap=True),
    Column("why", "Rule", sortable=False, wrap=True),
]
_SORTS = {
    "pcn": lambda claim: claim.pcn,
    "paid": lambda claim: claim.paid_cents,
    "written": lambda claim: claim.written_off_cents,
}
PAGE = 50


class VerifyDialog:
    """The dry run in a drawer. Nothing is written by it."""

    def __init__(self) -> None:
        self._run: DryRun | None = None
        self._shown: Sequence[DryRunClaim] = ()
        self.facts = Facts()
        self.filter = Form(
            "Dry Run Filter",
            [
                Field(
                    "show",
                    "Show",
                    "select",
                    options=[("all", "All claims"), ("posting", "Would post"), ("failing", "Would not post")],
                )
            ],
            events=FormEvents(on_change=lambda _, __: self._look(View(page_size=PAGE))),
            arrangement="line",
        )
        self.claims = Grid(
            "Posting Data",
            CLAIM_COLUMNS,
            GridEvents(on_view=self._look, on_use=self._open),
            Look(empty="No claim waits for posting here.", selectable="single", height="44vh"),
        )
        self.entries = Grid(
            "Ledger Entries",
            ENTRY_COLUMNS,
            look=Look(
                empty="This claim books nothing: no payment, no write-off.", paged=False, height="28vh"
            ),
        )
        self.entries_place = section("Ledger Entries", self.entries)
        self.dialog = Dialog(
            "Verify posting data", self.facts, self.filter, self.claims, self.entries_place, drawer=True
        )

    def show(self, run: DryRun) -> None:
        self._run = run
        self.facts.show(dry_run_facts(run))
        self.filter.fill({"show": "all"})
        self._look(View(page_size=PAGE))
        self._open(run.claims[0].deposit_claim_id if run.claims else 0)
        self.dialog.show(f"Verify posting data of deposit {run.deposit_id}")

    def _look(self, view: View) -> None:
        if self._run is None:
            return
        self.claims.set_view(view)
        show = self.filter.values["show"]
        fitting = [
            claim
            for claim in self._run.claims
            if show == "all" or (show == "posting") != bool(claim.problems)
        ]
        if view.sort_key in _SORTS:
            fitting.sort(key=_SORTS[view.sort_key], reverse=view.descending)
        self._shown = fitting
        page = fitting[view.offset : view.offset + view.page_size]
        self.claims.show([claim_row(claim) for claim in page], len(fitting))

    def _open(self, deposit_claim_id: int) -> None:
        found = [claim for claim in self._shown if claim.deposit_claim_id == deposit_claim_id]
        self.entries_place.shown = bool(found)
        for claim in found:
            self.entries.show([entry_row(at, entry, claim) for at, entry in enumerate(claim.entries)], 0)


def dry_run_facts(run: DryRun) -> list[Fact]:
    """The check of spec 4.3 beside the count of claims that post."""
    failing = len(run.claims) - run.posting
    gap = run.header.unreconciled_cents
    return [
        Fact("Would post", f"{run.posting:,}", tone="good" if run.posting else "bad"),
        Fact("Would not post", f"{failing:,}", tone="bad" if failing else "good"),
        Fact("Payments ($)", money(sum(claim.paid_cents for claim in run.claims if not claim.problems))),
        Fact(
            "Adjustment ($)",
            money(sum(claim.written_off_cents for claim in run.claims if not claim.problems)),
        ),
        Fact("Unreconciled ($)", money(gap), [run.header.unreconciled_explained], "bad" if gap else "good"),
        *([Fact("Will be asked", run.question, kind="wide")] if run.question else []),
    ]


def claim_row(claim: DryRunClaim) -> Row:
    outcome: Cell = badge("Posts", "good")
    if claim.problems:
        outcome = toned(" ".join(words for _, words in claim.problems), "bad")
    status = claim.next_status if not claim.next_level else f"{claim.next_status} ({claim.next_level})"
    cells: list[Cell] = [
        claim.pcn,
        "" if claim.claim_id is None else str(claim.claim_id),
        money(claim.paid_cents),
        money(claim.written_off_cents),
        money(claim.open_before_cents),
        money(claim.open_after_cents),
        "" if claim.problems else status,
        outcome,
    ]
    return Row(claim.deposit_claim_id, cells)


def entry_row(at: int, entry: Entry, claim: DryRunClaim) -> Row:
    """Debits are positive in the ledger; the screen shows two columns, as a bookkeeper reads them."""
    debit = money(entry.amount_cents) if entry.amount_cents > 0 else ""
    credit = money(-entry.amount_cents) if entry.amount_cents < 0 else ""
    account = entry.account.value.replace("_", " ").capitalize()
    return Row(at, [account, debit, credit, entry.payment_type, entry.memo, claim.why_of(entry)])
