"""Deposits, claims and errors as tables for people."""

from collections.abc import Sequence

import typer

from workbench.cli.output import print_table
from workbench.domain.deposit_views import ClaimRow, DepositDetails, DepositError, DepositRow
from workbench.domain.money import format_dollars


def print_deposits(rows: Sequence[DepositRow]) -> None:
    """One line each."""
    print_table(
        (
            "ID",
            "Type",
            "Status",
            "Deposited",
            "Check #",
            "Payer",
            "Deposit ($)",
            "Unreconciled ($)",
            "Errors",
        ),
        [
            (
                str(row.id),
                row.type.label,
                row.status.label,
                row.deposited_date.isoformat() if row.deposited_date else "",
                row.check_number,
                row.payer_name,
                _figure(row, "deposit_cents"),
                _figure(row, "unreconciled_cents"),
                str(row.open_errors or ""),
            )
            for row in rows
        ],
        right=("ID", "Deposit ($)", "Unreconciled ($)", "Errors"),
    )


def _figure(row: DepositRow, name: str) -> str:
    cents = row.known_cents(name)
    return "unreadable" if cents is None else format_dollars(cents)


def print_details(details: DepositDetails) -> None:
    """The header under the names that the screen has; the two balances with their arithmetic."""
    row = details.row
    for name, value in (
        ("ID", str(row.id)),
        ("Type", row.type.label),
        ("Status", row.status.label),
        ("Deposited", row.deposited_date.isoformat() if row.deposited_date else ""),
        ("Production", row.issued_date.isoformat() if row.issued_date else ""),
        ("Check #", row.check_number),
        ("Payer", f"{row.payer_name} {row.payer_identifier}".strip()),
        ("Pay. Method", row.pay_method),
        ("Pay. Type", row.pay_type),
        ("Deposit ($)", _figure(row, "deposit_cents")),
        ("Payments ($)", format_dollars(row.payments_cents)),
        ("Adjustment ($)", format_dollars(row.adjustments_cents)),
        ("Balance ($)", f"{_figure(row, 'balance_cents')}   {details.balance_explained}"),
        ("Unreconciled ($)", f"{_figure(row, 'unreconciled_cents')}   {details.unreconciled_explained}"),
    ):
        typer.echo(f"{name:<17}{value}")


def print_errors(errors: Sequence[DepositError], of: int) -> None:
    """One line each, with what a person can do; says how many are not shown."""
    if not errors:
        typer.echo("Nothing is wrong.")
        return
    print_table(
        ("Deposit", "Code", "Severity", "Segment", "What is wrong", "What to do"),
        [
            (
                str(error.deposit_id),
                error.code,
                error.severity.value,
                "" if error.segment is None else str(error.segment),
                error.message,
                error.advice,
            )
            for error in errors
        ],
        right=("Deposit", "Segment"),
    )
    if len(errors) < of:
        typer.echo(f"{len(errors)} of {of} errors; `workbench findings` gives all.")


def print_claims(claims: Sequence[ClaimRow], of: int) -> None:
    """One line each; says how many are not shown."""
    print_table(
        ("Claim XRef", "Claim ID", "Charged", "Paid", "Adjustments", "Information", "State", "Errors"),
        [
            (
                claim.pcn,
                "" if claim.claim_id is None else str(claim.claim_id),
                format_dollars(claim.charge_cents),
                format_dollars(claim.paid_cents),
                format_dollars(claim.adjustments_cents),
                format_dollars(claim.information_cents),
                claim.state.label,
                str(claim.open_errors or ""),
            )
            for claim in claims
        ],
        right=("Claim ID", "Charged", "Paid", "Adjustments", "Information", "Errors"),
    )
    if len(claims) < of:
        typer.echo(f"{len(claims)} of {of} claims; --json gives all.")
