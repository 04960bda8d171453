"""How deposits read in the list: columns of spec deposits 6.2, words of seed 004, figures in dollars."""

from workbench.domain.bank import DepositBankState
from workbench.domain.deposit import DepositStatus, PostingStatus
from workbench.domain.deposit_views import DepositPage, DepositRow
from workbench.domain.money import format_dollars
from workbench.widgets.bank.tones import DEPOSIT_TONES
from workbench.widgets.deposit.rows import header_cell
from workbench.widgets.kit.grid import Cell, Column, Row, badge, link, toned
from workbench.widgets.kit.typed import date_text

COLUMNS = [
    Column("id", "ID", "number"),
    Column("deposited", "Deposited", "date", help="The day the money was banked"),
    Column("issued_date", "Production", "date", help="The day the payer issued the remittance"),
    Column("check_number", "Check #", width="10em"),
    Column("payer_name", "Payer", width="10.5em"),
    Column("type", "Type"),
    Column("status", "Status"),
    Column("posting_status", "Posting", help="Disbursed: all of the money has its place"),
    Column("open_errors", "Errors", "number"),
    Column("deposit_cents", "Deposit ($)", "money"),
    Column("payments_cents", "Payments ($)", "money"),
    Column("adjustments_cents", "Adjustment ($)", "money"),
    Column("balance_cents", "Balance ($)", "money", help="Deposit - Payments - Adjustment"),
    Column("exclusions_cents", "Exclusions ($)", "money", help="Paid on claims left out of posting"),
    Column("posted_paid_cents", "Posted Paid ($)", "money", help="Booked on accounts and not taken back"),
    Column("posted_adjustments_cents", "Posted Adj ($)", "money", help="Booked and not taken back"),
    Column(
        "unreconciled_cents", "Unreconciled ($)", "money", help="Deposit - Payments - Exclusions - Reported"
    ),
    Column("claims_count", "Claims", "number"),
    Column("bank_state", "Bank Match", help="Whether the bank's statement has the money"),
    Column("owner", "Owner", width="10em"),
    Column("practice", "Practice", width="12em"),
    Column("age_days", "Age", "number", help="Days since it was received"),
]
# Shown when a person asks for them with Columns; the rest fills the width of a usual screen.
USUALLY_HIDDEN = frozenset(
    {
        "posting_status",
        "exclusions_cents",
        "posted_paid_cents",
        "posted_adjustments_cents",
        "owner",
        "practice",
    }
)
STATUS_TONES = {
    DepositStatus.NEW: "accent",
    DepositStatus.SENT_TO_POSTING: "good",
    DepositStatus.IGNORE: "",
    DepositStatus.BUILD: "warn",
}


def deposit_row(deposit: DepositRow) -> Row:
    cells: list[Cell] = [
        link(str(deposit.id), "deposit", id=deposit.id),
        date_text(deposit.deposited_date),
        date_text(deposit.issued_date),
        deposit.check_number,
        deposit.payer_name,
        deposit.type.label,
        badge(deposit.status.label, STATUS_TONES[deposit.status]),
        _posting(deposit.posting_status),
        badge(f"{deposit.open_errors:,}", "warn") if deposit.open_errors else "",
        header_cell(deposit, "deposit_cents"),
        format_dollars(deposit.payments_cents),
        format_dollars(deposit.adjustments_cents),
        header_cell(deposit, "balance_cents"),
        format_dollars(deposit.exclusions_cents),
        format_dollars(deposit.posted_paid_cents),
        format_dollars(deposit.posted_adjustments_cents),
        _unreconciled(deposit),
        f"{deposit.claims_count:,}",
        _bank(deposit.bank_state),
        deposit.owner,
        deposit.practice,
        f"{deposit.age_days:,}",
    ]
    return Row(deposit.id, cells, "muted" if deposit.status is DepositStatus.IGNORE else "")


def _unreconciled(deposit: DepositRow) -> Cell:
    shown = header_cell(deposit, "unreconciled_cents")
    return toned(shown, "bad") if isinstance(shown, str) and deposit.unreconciled_cents else shown


def _bank(state: DepositBankState | None) -> Cell:
    """`-` for an ignored deposit: nobody looks for its money."""
    if state is None:
        return "-"
    return badge(state.value, DEPOSIT_TONES.get(state, ""))


def _posting(status: PostingStatus | None) -> Cell:
    """`-` for an ignored deposit, which is never counted as open (spec 2.3)."""
    if status is None:
        return "-"
    return badge(status.label, "good" if status is PostingStatus.DISBURSED else "")


def totals_row(page: DepositPage) -> list[str]:
    """Over the whole filter, not the page."""
    totals = page.totals
    return [
        "Total",
        *[""] * 8,
        format_dollars(totals.deposit_cents),
        format_dollars(totals.payments_cents),
        format_dollars(totals.adjustments_cents),
        format_dollars(totals.balance_cents),
        format_dollars(totals.exclusions_cents),
        format_dollars(totals.posted_paid_cents),
        format_dollars(totals.posted_adjustments_cents),
        format_dollars(totals.unreconciled_cents),
        *[""] * 5,
    ]
