"""How postings, their errors and the account of a claim read on the screen: words of spec deposits 6.7."""

from workbench.domain.deposit import ClaimState
from workbench.domain.deposit_views import DepositError
from workbench.domain.posting_views import (
    AccountLine,
    ErrorGroup,
    PostingDetails,
    PostingPage,
    PostingRow,
)
from workbench.domain.remit import REMIT_STATUSES
from workbench.widgets.deposit.rows import STATE_TONES, money, severity
from workbench.widgets.kit.facts import Fact
from workbench.widgets.kit.grid import Cell, Column, Row, actions, badge, link, toned
from workbench.widgets.kit.typed import date_text
from workbench.widgets.posting.model import ERRORS

COLUMNS = [
    Column("deposit_id", "Deposit", "number", help="The deposit's ID"),
    Column("deposited_date", "Deposited", "date", help="The day the money was banked"),
    Column("payer_name", "Payer", width="12em"),
    Column("type", "Type"),
    Column("pcn", "Claim XRef"),
    Column("claim_id", "Claim ID", "number"),
    Column("remit_status", "Remit Status"),
    Column("state", "Claim Posted"),
    Column("paid_cents", "Paid", "money"),
    Column("allowed_cents", "Allowed", "money"),
    Column("deductible_cents", "Deductible (PR-1)", "money"),
    Column("coinsurance_cents", "CoIns (PR-2)", "money"),
    Column("copay_cents", "CoPay (PR-3)", "money"),
    Column("adjustments_cents", "Adjustments", "money"),
    Column("information_cents", "Information", "money"),
    Column("rendering_npi", "Rendering"),
    Column("open_errors", "Any Error", "number", help="Open errors of the claim and its lines"),
]
GROUP_COLUMNS = [
    Column("error", "Error", sortable=False),
    Column("claims", "Claims", "number", sortable=False),
    Column("paid", "Paid ($)", "money", sortable=False),
    Column("advice", "What to do", sortable=False, wrap=True),
    Column("action", "Action", sortable=False),
]
ERROR_COLUMNS = [
    Column("severity", "Severity", sortable=False),
    Column("error", "Error", sortable=False),
    Column("message", "What is wrong", sortable=False, wrap=True),
    Column("advice", "What to do", sortable=False, wrap=True),
]
ACCOUNT_COLUMNS = [
    Column("posted_on", "Posted", "date", sortable=False),
    Column("deposit", "Deposit", "number", sortable=False),
    Column("type", "Payment type", sortable=False),
    Column("memo", "What it is", sortable=False, wrap=True),
    Column("amount", "Amount", "money", sortable=False, help="A payment or write-off lowers what is owed"),
    Column("before", "Balance before", "money", sortable=False),
    Column("after", "Balance after", "money", sortable=False),
    Column("by", "By", sortable=False),
    Column("reason", "Reason", sortable=False, wrap=True),
]


def posting_row(row: PostingRow) -> Row:
    status = REMIT_STATUSES.get(row.remit_status)
    cells: list[Cell] = [
        link(str(row.deposit_id), "deposit", id=row.deposit_id),
        date_text(row.deposited_date),
        row.payer_name,
        row.type.label,
        row.pcn,
        str(row.claim_id) if row.claim_id is not None else toned("not found", "bad"),
        toned(row.remit_status, "", status.label if status else "Not in our list"),
        posted_badge(row),
        money(row.paid_cents),
        money(row.allowed_cents),
        money(row.deductible_cents),
        money(row.coinsurance_cents),
        money(row.copay_cents),
        money(row.adjustments_cents),
        money(row.information_cents),
        row.rendering_npi,
        badge(f"{row.open_errors:,}", "warn") if row.open_errors else "",
    ]
    return Row(row.id, cells, "bad" if row.state is ClaimState.ERROR else "")


def posted_badge(row: PostingRow) -> Cell:
    """`Yes`, or the state that says why not."""
    return badge("Yes" if row.is_posted else f"No: {row.state.label}", STATE_TONES[row.state])


def posting_totals(page: PostingPage) -> list[str]:
    totals = page.totals
    middle = [money(totals.paid_cents), *[""] * 4]
    return [
        "Total",
        *[""] * 7,
        *middle,
        money(totals.adjustments_cents),
        money(totals.information_cents),
        *[""] * 2,
    ]


def group_row(group: ErrorGroup, *, ignorable: bool) -> Row:
    buttons = [("show", "Show"), *([("ignore", "Ignore All")] if ignorable else [])]
    cells: list[Cell] = [
        ERRORS.get(group.code, group.code),
        f"{group.claims:,}",
        money(group.paid_cents),
        group.advice,
        actions(*buttons),
    ]
    return Row(group.code, cells)


def posting_facts(details: PostingDetails) -> list[Fact]:
    """The outcome of the posting, and what our claim owes now."""
    row = details.row
    status = REMIT_STATUSES.get(row.remit_status)
    level = f" ({details.claim_level})" if details.claim_level else ""
    owed = "" if details.balance_cents is None else money(details.balance_cents)
    return [
        Fact("Deposit", str(row.deposit_id)),
        Fact("Payer", row.payer_name, kind="wide"),
        Fact("Claim XRef", row.pcn),
        Fact("Claim ID", "not found" if row.claim_id is None else str(row.claim_id)),
        Fact("Remit Status", f"{row.remit_status} {status.label}" if status else row.remit_status),
        Fact(
            "Claim Posted",
            "Yes" if row.is_posted else f"No: {row.state.label}",
            tone="good" if row.is_posted else "bad",
        ),
        Fact("Charged", money(row.charge_cents)),
        Fact("Paid", money(row.paid_cents)),
        Fact("Adjustments", money(row.adjustments_cents), ["They change the claim's balance."]),
        Fact("Information", money(row.information_cents), ["They do not change the claim's balance."]),
        Fact("Claim Balance", owed, ["What is owed on our claim now."]),
        Fact("Claim Status", f"{details.claim_status}{level}", ["Set by posting."]),
    ]


def error_row(error: DepositError) -> Row:
    words = ERRORS.get(error.code, error.code)
    return Row(error.id, [severity(error), words, error.message, error.advice])


def account_row(place: int, line: AccountLine) -> Row:
    """Entries of the posting that is open stand out; the others are the rest of the claim's account."""
    what = line.memo or line.kind.capitalize()
    told = f"{what} (taken back)" if line.kind == "counter-entry" else what
    cells: list[Cell] = [
        date_text(line.posted_on),
        link(str(line.deposit_id), "deposit", id=line.deposit_id),
        line.payment_type,
        told,
        money(line.amount_cents),
        money(line.before_cents),
        money(line.after_cents),
        line.user,
        line.reason,
    ]
    return Row(place, cells, "" if line.own else "muted")
