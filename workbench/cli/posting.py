"""`workbench worklist`, `post` and `reset`: the day's posting without a page."""

import sys
from datetime import date
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.desk import opened
from workbench.cli.output import AsJson, print_json, print_table
from workbench.domain.deposit import DifferenceReason
from workbench.domain.money import format_cents, format_dollars

if TYPE_CHECKING:
    from workbench.app import Workbench
    from workbench.services.deposit_desk.auto_post import AutoPosted
    from workbench.services.deposit_desk.posting import DryRun, DryRunClaim
    from workbench.services.deposit_desk.work_lists import Tile
    from workbench.storage.stores.work_lists import WorkItem

EXIT_SOME_FAILED = 1
LISTED = 1000

Deposit = Annotated[int, typer.Argument(metavar="ID", min=1)]


def register(app: typer.Typer) -> None:
    app.command("worklist")(worklist)
    app.command("post")(post)
    app.command("reset")(reset)


def worklist(
    name: Annotated[str, typer.Argument(metavar="LIST", help="Show the rows of this list.")] = "",
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """List what waits: count, dollars and oldest age; or the rows of one list."""
    with opened() as desk:
        if name:
            _print_items(desk.deposit_desk.work_lists.items(desk.actor, name, limit=LISTED), as_json=as_json)
        else:
            _print_tiles(desk.deposit_desk.work_lists.tiles(desk.actor), as_json=as_json)


def _print_tiles(tiles: "list[Tile]", *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "worklists": [
                    {
                        "name": tile.name,
                        "label": tile.label,
                        "count": tile.count,
                        "amount": format_cents(tile.cents),
                        "oldest": _day(tile.oldest),
                        "age_days": tile.age_days,
                    }
                    for tile in tiles
                ]
            }
        )
        return
    print_table(
        ("List", "What waits", "Count", "Amount ($)", "Oldest (days)"),
        [
            (
                tile.name,
                tile.label,
                str(tile.count),
                format_dollars(tile.cents),
                "" if tile.age_days is None else str(tile.age_days),
            )
            for tile in tiles
        ],
        right=("Count", "Amount ($)", "Oldest (days)"),
    )


def _print_items(items: "list[WorkItem]", *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "items": [
                    {
                        "deposit": item.deposit_id,
                        "deposit_claim": item.deposit_claim_id,
                        "claim": item.claim_id,
                        "about": item.about,
                        "code": item.code,
                        "amount": format_cents(item.cents),
                        "since": _day(item.since),
                    }
                    for item in items
                ]
            }
        )
        return
    print_table(
        ("Deposit", "Claim ID", "Payer or Claim XRef", "Code", "Amount ($)", "Since"),
        [
            (
                str(item.deposit_id or ""),
                str(item.claim_id or ""),
                item.about,
                item.code,
                format_dollars(item.cents),
                _day(item.since) or "",
            )
            for item in items
        ],
        right=("Deposit", "Claim ID", "Amount ($)"),
    )


def post(
    deposit_id: Annotated[int | None, typer.Argument(metavar="[ID]", min=1)] = None,
    due: Annotated[bool, typer.Option("--due", help="Every deposit whose auto-post delay is over.")] = False,  # noqa: FBT002
    dry_run: Annotated[bool, typer.Option("--dry-run", help="Book nothing; show what would be.")] = False,  # noqa: FBT002
    difference: Annotated[
        DifferenceReason | None,
        typer.Option(case_sensitive=False, help="Why it is sent although it does not tie out."),
    ] = None,
    note: Annotated[str, typer.Option(help="A word on the difference.")] = "",
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Send a deposit to posting, or show what that would book.

    Ends with 1 when a claim could not be posted, with --due when a deposit stayed New.
    """
    if due == (deposit_id is not None):
        raise typer.BadParameter("Name one deposit, or say --due.")
    with opened() as desk:
        if deposit_id is None:
            failed = _post_due(desk, dry_run=dry_run, as_json=as_json)
        elif dry_run:
            _print_dry_run(desk.deposit_desk.posting.verify(desk.actor, deposit_id), as_json=as_json)
            return
        else:
            failed = _send(desk, deposit_id, difference, note, as_json=as_json)
    if failed:
        sys.exit(EXIT_SOME_FAILED)


def _post_due(desk: "Workbench", *, dry_run: bool, as_json: bool) -> int:
    """Sends what is due (or lists it); gives how many deposits stayed New."""
    auto = desk.deposit_desk.auto_post
    if dry_run:
        found = auto.due(desk.actor)
        if as_json:
            print_json({"due": found})
        else:
            typer.echo(f"{len(found)} deposits are due: {', '.join(map(str, found)) or 'none'}.")
        return 0
    done = auto.run(desk.actor)
    if as_json:
        print_json({"deposits": [_due_document(one) for one in done]})
    else:
        for one in done:
            typer.echo(f"Deposit {one.deposit_id}: {_due_words(one)}")
        typer.echo(f"{len(done)} deposits were due.")
    return sum(one.refusal is not None for one in done)


def _due_document(one: "AutoPosted") -> dict[str, Any]:
    sent = one.sent
    return {
        "deposit": one.deposit_id,
        "status": sent.status.value if sent else None,
        "posted": sent.posted if sent else 0,
        "failed": sent.failed if sent else 0,
        "refusal": one.refusal,
    }


def _due_words(one: "AutoPosted") -> str:
    if one.sent is None:
        return str(one.refusal)
    return f"{one.sent.posted} claims posted, {one.sent.failed} failed."


def _send(
    desk: "Workbench", deposit_id: int, difference: DifferenceReason | None, note: str, *, as_json: bool
) -> int:
    """Posts; gives how many claims failed."""
    sent = desk.deposit_desk.posting.send(desk.actor, deposit_id, difference=difference, note=note)
    document = {
        "deposit": sent.deposit_id,
        "status": sent.status.value,
        "posted": sent.posted,
        "failed": sent.failed,
        "posted_on": sent.posted_on.isoformat(),
    }
    if as_json:
        print_json(document)
    else:
        typer.echo(
            f"Deposit {sent.deposit_id} is {sent.status.label}: {sent.posted} claims posted, {sent.failed} failed."
        )
    return sent.failed


def _print_dry_run(run: "DryRun", *, as_json: bool) -> None:
    if as_json:
        print_json(
            {
                "deposit": run.deposit_id,
                "question": run.question,
                "posting": run.posting,
                "claims": [_dry_run_document(claim) for claim in run.claims],
            }
        )
        return
    print_table(
        (
            "Claim XRef",
            "Claim ID",
            "Open before",
            "Paid",
            "Written off",
            "Open after",
            "Next status",
            "Problem",
        ),
        [
            (
                claim.pcn,
                str(claim.claim_id or ""),
                format_dollars(claim.open_before_cents),
                format_dollars(claim.paid_cents),
                format_dollars(claim.written_off_cents),
                format_dollars(claim.open_after_cents),
                claim.next_status,
                ", ".join(code for code, _ in claim.problems),
            )
            for claim in run.claims
        ],
        right=("Claim ID", "Open before", "Paid", "Written off", "Open after"),
    )
    typer.echo(f"{run.posting} of {len(run.claims)} claims would be posted. Nothing was booked.")
    if run.question:
        typer.echo(run.question)


def _dry_run_document(claim: "DryRunClaim") -> dict[str, Any]:
    return {
        "claim_xref": claim.pcn,
        "claim_id": claim.claim_id,
        "open_before": format_cents(claim.open_before_cents),
        "open_after": format_cents(claim.open_after_cents),
        "paid": format_cents(claim.paid_cents),
        "written_off": format_cents(claim.written_off_cents),
        "next_status": claim.next_status,
        "next_level": claim.next_level,
        "entries": [
            {
                "account": entry.account.value,
                "amount": format_cents(entry.amount_cents),
                "payment_type": entry.payment_type,
                "memo": entry.memo,
                "why": claim.why_of(entry),
            }
            for entry in claim.entries
        ],
        "problems": [{"code": code, "message": message} for code, message in claim.problems],
    }


def reset(
    deposit_id: Deposit,
    reason: Annotated[str, typer.Option(help="Why; kept in the audit.")],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Take back everything posted from a deposit.

    By counter-entries; the deposit is New again, with its payment data as received.
    """
    with opened() as desk:
        undone = desk.deposit_desk.undoing.reset(desk.actor, deposit_id, reason)
    document = {
        "deposit": deposit_id,
        "claims": undone.claims,
        "paid": format_cents(undone.paid_cents),
        "written_off": format_cents(undone.written_off_cents),
    }
    if as_json:
        print_json(document)
    else:
        typer.echo(
            f"Deposit {deposit_id} is New again: {undone.claims} claims, "
            f"{format_dollars(undone.paid_cents)} paid and {format_dollars(undone.written_off_cents)} "
            "written off were taken back."
        )


def _day(day: date | None) -> str | None:
    return day.isoformat() if day else None
