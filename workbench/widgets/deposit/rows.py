"""How deposits, claims and errors read on the screen: labels of seed 004, figures in dollars."""

from collections.abc import Sequence
from datetime import date
from typing import Protocol

from workbench.domain.deposit import ClaimState, DepositStatus, Disposition, PayMethod
from workbench.domain.deposit_views import (
    ClaimPage,
    ClaimRow,
    DepositDetails,
    DepositError,
    DepositRow,
    ErrorList,
    HistoryRow,
    ProviderAdjustmentRow,
)
from workbench.domain.findings import Level, Severity
from workbench.domain.money import format_dollars
from workbench.domain.money_flow import MoneyFlow
from workbench.domain.remit import REMIT_STATUSES
from workbench.widgets.deposit.error_ways import error_actions
from workbench.widgets.deposit.resolve_model import provider_actions
from workbench.widgets.kit.facts import Fact
from workbench.widgets.kit.grid import Cell, Column, Row, actions, badge, toned
from workbench.widgets.kit.typed import date_text

ERROR_COLUMNS = [
    Column("severity", "Severity", sortable=False),
    Column("code", "Error", sortable=False),
    Column("count", "Count", "number", sortable=False),
    Column("message", "What is wrong", sortable=False, wrap=True),
    Column("advice", "What to do", sortable=False, wrap=True),
    Column("action", "Action", sortable=False),
]
CLAIM_COLUMNS = [
    Column("pcn", "Claim XRef", help="The claim's number as the payer sent it (CLP01)"),
    Column("claim_id", "Claim ID", "number", help="The claim in this application"),
    Column("patient_last", "Patient", width="11em"),
    Column("service_from", "Service", "date"),
    Column("remit_status", "Remit Status"),
    Column("charge_cents", "Charged", "money"),
    Column("paid_cents", "Paid", "money"),
    Column("allowed_cents", "Allowed", "money"),
    Column("deductible_cents", "Deductible (PR-1)", "money"),
    Column("coinsurance_cents", "CoIns (PR-2)", "money"),
    Column("copay_cents", "CoPay (PR-3)", "money"),
    Column("adjustments_cents", "Adjustments", "money", help="Adjustments that change the claim's balance"),
    Column("information_cents", "Information", "money", help="Adjustments that do not change the balance"),
    Column("state", "State"),
    Column("action", "Action", sortable=False),
]
PROVIDER_COLUMNS = [
    Column("reason", "Reason", sortable=False),
    Column("meaning", "Meaning", sortable=False, wrap=True),
    Column("reference", "Reference", sortable=False),
    Column("provider_id", "Provider", sortable=False),
    Column(
        "amount", "Amount", "money", sortable=False, help="As the payer states it: positive lowers the check"
    ),
    Column("effect", "Effect on the check", sortable=False),
    Column("disposition", "Disposition", sortable=False),
    Column("segment", "Segment", "number", sortable=False),
    Column("action", "Action", sortable=False),
]
BALANCING_COLUMNS = [
    Column("figure", "Figure", sortable=False),
    Column("amount", "Amount", "money", sortable=False),
    Column("meaning", "How it comes about", sortable=False, wrap=True),
]
SEVERITY_TONES = {Severity.CRITICAL: "bad", Severity.BLOCKING: "warn", Severity.WARNING: ""}
STATE_TONES = {
    ClaimState.POSTED: "good",
    ClaimState.ERROR: "bad",
    ClaimState.EXCLUDED: "",
    ClaimState.PENDING: "accent",
    ClaimState.REVERSED: "warn",
}


# Seed 004, Status.
STATUS_MEANINGS = {
    DepositStatus.BUILD: "The deposit is still being built.",
    DepositStatus.NEW: "Newly received. Payments have not yet been posted.",
    DepositStatus.IGNORE: "Not sent to posting because it is not needed.",
    DepositStatus.SENT_TO_POSTING: "One or more of its payments have been posted to patient accounts.",
}


UNREADABLE = toned("unreadable", "bad", "What the payer sent here is no amount; see the raw segment.")


def money(cents: int | None) -> str:
    """`""` for what is not known (an allowed amount of a secondary claim, spec 4.5)."""
    return "" if cents is None else format_dollars(cents)


class HasAmounts(Protocol):
    """A row of which some amounts may have been sent and not be amounts."""

    @property
    def unreadable(self) -> str: ...


def amount(row: HasAmounts, name: str) -> Cell:
    """An amount as received; one that nobody could read is never shown as 0.00."""
    return UNREADABLE if name in row.unreadable.split() else money(getattr(row, name))


def amount_text(row: HasAmounts, name: str) -> str:
    """The same as plain text."""
    return "unreadable" if name in row.unreadable.split() else money(getattr(row, name))


def header_text(row: DepositRow, name: str) -> str:
    """A figure of the header, as plain text."""
    cents = row.known_cents(name)
    return "unreadable" if cents is None else format_dollars(cents)


def header_cell(row: DepositRow, name: str) -> Cell:
    """The same for a list."""
    return UNREADABLE if row.known_cents(name) is None else header_text(row, name)


def span(first: date | None, last: date | None) -> str:
    if first is None or last is None or first == last:
        return date_text(first or last)
    return f"{date_text(first)} - {date_text(last)}"


def header_facts(details: DepositDetails, notes: Sequence[HistoryRow] = ()) -> list[Fact]:
    """The details along the top (seed 004), each with what it means or how it comes about."""
    row = details.row
    words = [STATUS_MEANINGS[row.status]]
    words += [f"Posting: {row.posting_status.label}."] if row.posting_status else []
    words += [f"Ignored: {details.ignore_reason}"] if details.ignore_reason else []
    total = header_text(row, "deposit_cents")
    ties = row.known_cents("unreconciled_cents") == 0
    unknown = ["Edit: type the amount that the payer paid."] if row.unreadable else []
    return [
        Fact("ID", str(row.id), ["The unique ID of this deposit."]),
        Fact("Type", row.type.label, ["ERA, EOB, Import or Statement: how the deposit came to be."]),
        Fact("Status", row.status.label, words, "bad" if row.status is DepositStatus.IGNORE else ""),
        Fact("Deposited", date_text(row.deposited_date), ["The day the check was deposited into the bank."]),
        Fact("Production", date_text(row.issued_date), ["The day the EOB was issued."]),
        Fact("Check #", row.check_number, ["The check or trace number of this deposit."]),
        Fact("Amount", total, ["The total amount of the deposit.", *unknown]),
        Fact(
            "Payer",
            _payer(row.payer_name, row.payer_identifier),
            ["The payer and its Payer ID."],
            kind="wide",
        ),
        Fact("Pay. Method", _pay_method(row.pay_method), ["How the money was paid."]),
        Fact("Pay. Type", row.pay_type, ["What kind of payment it is."]),
        Fact("Owner", row.owner, ["Who works this deposit; the sender owns it from Send to Posting on."]),
        Fact("Deposit ($)", total, ["The total amount for the deposit."]),
        Fact(
            "Payments ($)",
            format_dollars(row.payments_cents),
            ["The sum of all payments assigned to the claims within the deposit."],
        ),
        Fact(
            "Adjustment ($)",
            format_dollars(row.adjustments_cents),
            ["The sum of all adjustments that affect the balance of the claims."],
        ),
        Fact("Balance ($)", header_text(row, "balance_cents"), unknown or [details.balance_explained]),
        Fact(
            "Unreconciled ($)",
            header_text(row, "unreconciled_cents"),
            unknown or [details.unreconciled_explained, "0.00 means that the deposit ties out."],
            "good" if ties else "bad",
        ),
        *_notes(notes),
    ]


def _notes(notes: Sequence[HistoryRow]) -> list[Fact]:
    """How many there are, and the newest, so that nobody works past it."""
    if not notes:
        return []
    newest = notes[0]
    told = f"{newest.user}: {newest.reason}"
    return [Fact("Notes", f"{len(notes):,}", [told], "warn")]


def _payer(name: str, identifier: str) -> str:
    return f"{name} ({identifier})" if identifier else name


def _pay_method(value: str) -> str:
    return PayMethod(value).label if value in set(PayMethod) else value


def severity(error: DepositError) -> Cell:
    return badge(error.severity.value.capitalize(), SEVERITY_TONES[error.severity])


# Warnings do not count as a claim's errors; the denials among them have a filter of their own.
_FILTER_OF = {"ZERO_PAY_DENIAL": "denied"}


def _has_claims(error: DepositError) -> bool:
    """Whether a filter of the claims grid shows what the error is about."""
    filtered = error.severity is not Severity.WARNING or error.code in _FILTER_OF
    return error.deposit_claim_id is not None and filtered


def error_rows(errors: ErrorList) -> list[Row]:
    """One row per error of the deposit itself, one per kind of claim and line error with its count."""
    shown: list[Row] = []
    told: set[str] = set()
    for error in errors.rows:
        of_deposit = error.deposit_claim_id is None
        if not of_deposit and error.code in told:
            continue
        told.add(error.code)
        count = 1 if of_deposit else errors.counts.get(error.code, 1)
        more = f" (and {count - 1:,} more)" if count > 1 else ""
        cells: list[Cell] = [
            severity(error),
            error.code.replace("_", " ").capitalize(),
            f"{count:,}",
            f"{error.message}{more}",
            error.advice,
            actions(*_error_buttons(error)),
        ]
        shown.append(Row(error.id, cells))
    return shown


def _error_buttons(error: DepositError) -> list[tuple[str, str]]:
    shows = [(_FILTER_OF.get(error.code, "errors"), "Show Claims")] if _has_claims(error) else []
    return [*shows, *error_actions(error.code, of_deposit=error.level is Level.DEPOSIT)]


def claim_row(claim: ClaimRow, *, editable: bool) -> Row:
    """`editable`: its action is `Edit`, else `View`."""
    status = REMIT_STATUSES.get(claim.remit_status)
    name = ", ".join(part for part in (claim.patient_last, claim.patient_first) if part)
    cells: list[Cell] = [
        claim.pcn,
        str(claim.claim_id) if claim.claim_id is not None else toned("not found", "bad"),
        name,
        date_text(claim.service_from),
        toned(claim.remit_status, "", status.label if status else "Not in our list"),
        amount(claim, "charge_cents"),
        UNREADABLE if _is_paid_unreadable(claim) else money(claim.paid_cents),
        money(claim.allowed_cents),
        money(claim.deductible_cents),
        money(claim.coinsurance_cents),
        money(claim.copay_cents),
        money(claim.adjustments_cents),
        money(claim.information_cents),
        badge(claim.state.label, STATE_TONES[claim.state]),
        actions(("edit", "Edit") if editable else ("view", "View")),
    ]
    return Row(claim.id, cells, "bad" if claim.open_errors else "")


def _is_paid_unreadable(claim: ClaimRow) -> bool:
    """The payment of the claim itself; once lines say what was paid, that is shown."""
    return "paid_stated_cents" in claim.unreadable.split() and not claim.paid_cents


def claim_totals(page: ClaimPage) -> list[str]:
    totals = page.totals
    return [
        "Total",
        *[""] * 4,
        money(totals.charge_cents),
        money(totals.paid_cents),
        money(totals.allowed_cents),
        money(totals.deductible_cents),
        money(totals.coinsurance_cents),
        money(totals.copay_cents),
        money(totals.adjustments_cents),
        money(totals.information_cents),
        *[""] * 2,
    ]


def provider_row(found: ProviderAdjustmentRow) -> Row:
    effect = "lowers it" if found.amount_cents > 0 else "raises it"
    cells: list[Cell] = [
        found.reason,
        found.meaning,
        found.reference,
        found.provider_id,
        amount(found, "amount_cents"),
        effect,
        Disposition(found.disposition).label,
        str(found.segment or ""),
        actions(*provider_actions(found.disposition)),
    ]
    return Row(found.id, cells)


def provider_lines(adjustments: Sequence[ProviderAdjustmentRow]) -> list[tuple[str, str, str]]:
    """Provider-level money in the balancing pop-up: its effect on the check, and what was decided."""
    return [
        (
            f"{found.reason} {found.reference}".strip(),
            format_dollars(-found.amount_cents),
            f"{found.meaning}: {Disposition(found.disposition).label}",
        )
        for found in adjustments
    ]


def money_steps(flow: MoneyFlow) -> list[tuple[str, int]]:
    """Deposit first, then its parts, which sum to it; only those that are 0 and always there are left out.

    Where nobody could read the amount of the deposit, the parts alone are known.
    """
    parts = [
        ("Claims paid", flow.payments_cents),
        ("Exclusions", flow.exclusions_cents),
        ("Reported", flow.reported_cents),
    ]
    shown = [(label, cents) for label, cents in parts if cents or label == "Claims paid"]
    if flow.unreadable:
        return shown
    return [("Deposit", flow.deposit_cents), *shown, ("Unreconciled", flow.unreconciled_cents)]


def money_table(flow: MoneyFlow) -> list[list[str]]:
    """The numbers behind the picture, and the provider-level amounts they contain."""
    provider = [
        [f"of which provider adjustment {reason}", format_dollars(cents)]
        for reason, cents in flow.provider_adjustments.items()
    ]
    return [
        ["Part", "Dollars"],
        *([label, format_dollars(cents)] for label, cents in money_steps(flow)),
        *provider,
    ]
