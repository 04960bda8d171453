"""`workbench deposits`, `deposit` and `findings`: what is stored, for people and for programs."""

from collections.abc import Iterator
from dataclasses import replace
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli import deposit_documents as documents
from workbench.cli import deposit_tables as tables
from workbench.cli.desk import opened
from workbench.cli.output import AsJson, print_json
from workbench.domain.deposit_views import ClaimQuery, ClaimRow, DepositQuery, DepositRow, DepositTotals

if TYPE_CHECKING:
    from workbench.app import Workbench

PAGE = 250
CLAIMS_PAGE = 1000
SHOWN = 50  # claims and errors of one deposit in the tables for people
ALL_ERRORS = 10_000_000


def register(app: typer.Typer) -> None:
    app.command("deposits")(deposits)
    app.command("deposit")(deposit)
    app.command("findings")(findings)


def deposits(
    as_json: AsJson = False,  # noqa: FBT002
    open_only: Annotated[bool, typer.Option("--open", help="Only those that still need work.")] = False,  # noqa: FBT002
) -> None:
    """List the deposits with their figures."""
    with opened() as desk:
        rows, totals = _all_rows(desk, needs_work=open_only)
    if as_json:
        document = {"deposits": [documents.deposit(row) for row in rows], "totals": documents.totals(totals)}
        print_json(document)
        return
    tables.print_deposits(rows)


def deposit(
    deposit_id: Annotated[int, typer.Argument(metavar="ID", min=1)],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Show one deposit: its figures, errors and claims."""
    with opened() as desk:
        actor = desk.actor
        details = desk.deposits.get(actor, deposit_id)
        errors = desk.deposits.errors(actor, deposit_id, limit=ALL_ERRORS).rows
        provider = desk.deposits.provider_adjustments(actor, deposit_id)
        claims = list(_claims(desk, deposit_id, None if as_json else SHOWN))
    if as_json:
        print_json(
            {
                "deposit": documents.details(details),
                "errors": [documents.error(error) for error in errors],
                "provider_adjustments": [documents.provider(row) for row in provider],
                "claims": [documents.claim(claim) for claim in claims],
            }
        )
        return
    tables.print_details(details)
    tables.print_errors(errors[:SHOWN], len(errors))
    tables.print_claims(claims, details.row.claims_count)


def findings(
    as_json: AsJson = False,  # noqa: FBT002
    of_deposit: Annotated[int | None, typer.Option("--deposit", metavar="ID", help="Of one deposit.")] = None,
    code: Annotated[str, typer.Option(help="Of one kind, such as TX_UNBALANCED.")] = "",
) -> None:
    """List what is wrong with deposits, claims and lines, and still open."""
    with opened() as desk:
        actor = desk.actor
        ids = [row.id for row in _all_rows(desk)[0]] if of_deposit is None else [of_deposit]
        found = [
            error
            for deposit_id in ids
            for error in desk.deposits.errors(actor, deposit_id, limit=ALL_ERRORS).rows
            if code in ("", error.code)
        ]
    if as_json:
        print_json({"findings": [documents.error(error) for error in found]})
        return
    tables.print_errors(found, len(found))


def _all_rows(desk: "Workbench", *, needs_work: bool = False) -> tuple[list[DepositRow], DepositTotals]:
    """Every deposit the person may see, by number, and the totals over them."""
    query = DepositQuery(needs_work=needs_work, sort_key="id", limit=PAGE)
    page = desk.deposits.page(desk.actor, query)
    rows = list(page.rows)
    while len(rows) < page.total and page.rows:
        page = desk.deposits.page(desk.actor, replace(query, offset=len(rows)))
        rows += page.rows
    return rows, page.totals


def _claims(desk: "Workbench", deposit_id: int, wanted: int | None) -> Iterator[ClaimRow]:
    """The first `wanted` claims of the deposit in file order, or all of them."""
    given = 0
    while True:
        limit = CLAIMS_PAGE if wanted is None else min(CLAIMS_PAGE, wanted - given)
        page = desk.deposits.claims(desk.actor, deposit_id, ClaimQuery(offset=given, limit=limit))
        yield from page.rows
        given += len(page.rows)
        if not page.rows or given in (page.total, wanted):
            return
