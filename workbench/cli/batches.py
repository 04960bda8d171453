"""`workbench batch` and `workbench images`: scan batches from the command line."""

import sys
from collections.abc import Sequence
from dataclasses import asdict
from datetime import datetime
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn

from workbench.cli.desk import opened
from workbench.cli.output import AsJson, print_json, print_table
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.lists import BatchQuery
from workbench.domain.scan_batch.records import BatchRow
from workbench.domain.scan_batch.words import BatchStatus, BatchType
from workbench.errors import RefusedError

if TYPE_CHECKING:  # loading them takes SQLAlchemy, which `--help` does without
    from workbench.services.image_import import FileOutcome
    from workbench.services.scan_desk import ScanDesk

EXIT_LOOK_AT_IT = 1
LISTED = 1000

batch_app = typer.Typer(no_args_is_help=True)
images_app = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(batch_app, name="batch")
    app.add_typer(images_app, name="images")


@batch_app.callback()
def batch() -> None:
    """Scan batches: create, list, import into, post."""


@images_app.callback()
def images() -> None:
    """The image store."""


@batch_app.command("create")
def create(
    batch_type: Annotated[BatchType, typer.Option("--type", case_sensitive=False)],
    practice: Annotated[
        str | None, typer.Option(help="Name of the practice; not needed when there is just one.")
    ] = None,
    description: Annotated[str, typer.Option()] = "",
    facility: Annotated[str | None, typer.Option(help="Name; charge batches only.")] = None,
    date_of_service: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%m/%d/%Y"], help="Charge batches only.")
    ] = None,
    charge_received: Annotated[
        datetime | None, typer.Option(formats=["%Y-%m-%d", "%m/%d/%Y"], help="Charge batches only.")
    ] = None,
    payer: Annotated[str | None, typer.Option(help="Name; payment batches only.")] = None,
    plan: Annotated[str | None, typer.Option(help="Name; payment batches only.")] = None,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Create an image batch and print its Batch ID."""
    with opened() as workbench:
        desk, actor = workbench.scan_desk, workbench.actor
        practice_id = _practice(desk, actor, practice)
        facilities = desk.choices.facilities(actor, practice_id)
        header = BatchHeader(
            description=description,
            practice_id=practice_id,
            batch_type=batch_type,
            facility_id=_named(facility, facilities, "facility"),
            date_of_service=date_of_service.date() if date_of_service else None,
            charge_received=charge_received.date() if charge_received else None,
            payer_id=_named(payer, desk.choices.payers(payer or "").entries, "payer"),
            plan_id=_named(plan, desk.choices.plans(plan or "", None).entries, "plan"),
        )
        if header.plan_id is not None and header.payer_id is None:
            found = desk.choices.plan_payer(header.plan_id)
            header = BatchHeader(**{**asdict(header), "payer_id": found.id if found else None})
        batch_id = desk.batches.create(actor, header)
    if as_json:
        print_json({"batch_id": batch_id})
    else:
        typer.echo(str(batch_id))


def _practice(desk: "ScanDesk", actor: Any, name: str | None) -> int | None:
    practices = desk.choices.practices(actor)
    if name is None and len(practices) == 1:
        return practices[0].id
    return _named(name, practices, "practice")


def _named(name: str | None, entries: Any, what: str) -> int | None:
    """The id of the one entry of this name, whatever its case."""
    if name is None:
        return None
    found = [entry.id for entry in entries if entry.name.casefold() == name.strip().casefold()]
    if len(found) != 1:
        raise RefusedError(f"There is {'no' if not found else 'more than one'} {what} of that name.")
    return int(found[0])


@batch_app.command("list")
def list_batches(
    status: Annotated[BatchStatus | None, typer.Option(case_sensitive=False)] = None,
    batch_type: Annotated[BatchType | None, typer.Option("--type", case_sensitive=False)] = None,
    text: Annotated[str, typer.Option(help="Words of the description, or a Batch ID.")] = "",
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """List image batches, oldest first."""
    query = BatchQuery(status=status, batch_type=batch_type, text=text, limit=LISTED)
    with opened() as workbench:
        page = workbench.scan_desk.lists.page(workbench.actor, query)
    if as_json:
        print_json({"batches": [_document(row) for row in page.rows], "total": page.total})
        return
    print_table(
        ("Batch ID", "Practice", "Created", "Description", "Type", "Status", "Sets", "Images"),
        [
            (
                str(row.batch_id),
                row.practice,
                f"{row.created_at:%Y-%m-%d %H:%M}",
                row.description,
                row.batch_type.value,
                row.status.value,
                str(row.sets),
                str(row.images),
            )
            for row in page.rows
        ],
        right=("Batch ID", "Sets", "Images"),
    )


def _document(row: BatchRow) -> dict[str, Any]:
    return {
        name: value.isoformat() if hasattr(value, "isoformat") else value
        for name, value in asdict(row).items()
    }


@batch_app.command("post")
def post(
    batch_id: Annotated[int, typer.Argument(metavar="BATCH")],
    drop_empty_sets: Annotated[bool, typer.Option("--drop-empty-sets")] = False,  # noqa: FBT002
    dismiss_failed: Annotated[  # noqa: FBT002
        bool,
        typer.Option("--dismiss-failed", help="Post although files were refused: their reasons were read."),
    ] = False,
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Post an image batch, so that it can be linked to a work batch."""
    with opened() as workbench:
        desk, actor = workbench.scan_desk, workbench.actor
        if dismiss_failed:
            for each in desk.journal.open(actor, batch_id):
                if each.failed:
                    desk.journal.dismiss(actor, each.import_id)
        desk.batches.post(actor, batch_id, drop_empty_sets=drop_empty_sets)
    if as_json:
        print_json({"batch_id": batch_id, "status": BatchStatus.POSTED.value})
    else:
        typer.echo(f"Batch {batch_id} is posted.")


@batch_app.command("import")
def import_files(
    batch_id: Annotated[int, typer.Argument(metavar="BATCH")],
    files: Annotated[list[Path], typer.Argument(exists=True, dir_okay=False, readable=True, metavar="FILE")],
    place: Annotated[
        str,
        typer.Option(
            "--set",
            metavar="new|per-file|separators|blanks|ID",
            help="One new set, one per file, one after each separator sheet or blank page, or a Set ID.",
        ),
    ] = "new",
    drop_blank: Annotated[bool, typer.Option("--drop-blank", help="Leave blank pages out.")] = False,  # noqa: FBT002
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Import image and PDF files into a batch. Ends with 1 when a file was refused."""
    console = Console(stderr=True)
    columns = (TextColumn("Importing"), BarColumn(), MofNCompleteColumn())
    with (
        opened() as workbench,
        Progress(*columns, console=console, disable=not console.is_terminal) as progress,
    ):
        done = workbench.scan_desk.import_paths(
            workbench.actor, batch_id, files, place, drop_blank=drop_blank
        )
        outcomes = list(progress.track(done, total=len(files)))
    _tell(batch_id, outcomes, as_json=as_json)


def _tell(batch_id: int, outcomes: "Sequence[FileOutcome]", *, as_json: bool) -> None:
    if as_json:
        print_json({"batch_id": batch_id, "files": [_file_document(each) for each in outcomes]})
    else:
        print_table(
            ("File", "Set", "Pages", "Outcome"),
            [
                (each.name, str(each.set_id or ""), str(each.pages), each.refused or _imported(each))
                for each in outcomes
            ],
            right=("Set", "Pages"),
        )
    if any(each.refused for each in outcomes):
        sys.exit(EXIT_LOOK_AT_IT)


@batch_app.command("separator-sheet")
def separator(
    path: Annotated[Path, typer.Argument(dir_okay=False, help="The PDF to write.")],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Write the separator sheet: print it, and lay one between the papers of two sets."""
    with opened() as workbench:
        path.write_bytes(workbench.scan_desk.separator_sheet())
    if as_json:
        print_json({"path": str(path)})
    else:
        typer.echo(str(path))


@batch_app.command("inbox")
def import_inbox(
    batch_id: Annotated[int, typer.Argument(metavar="BATCH")],
    place: Annotated[str, typer.Option("--set", metavar="new|per-file|separators|blanks|ID")] = "new",
    drop_blank: Annotated[bool, typer.Option("--drop-blank", help="Leave blank pages out.")] = False,  # noqa: FBT002
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Import what waits in the scan inbox of the batch's practice. Ends with 1 when a file was refused."""
    with opened() as workbench:
        desk = workbench.scan_desk
        outcomes = desk.import_inbox(workbench.actor, batch_id, place, drop_blank=drop_blank)
    _tell(batch_id, outcomes, as_json=as_json)


def _imported(each: "FileOutcome") -> str:
    if each.left_out:
        return f"imported; {each.left_out} pages left out"
    if not each.duplicates:
        return "imported"
    first = each.duplicates[0]
    return f"imported; already in batch {first.batch_id}, set {first.set_id}"


def _file_document(each: "FileOutcome") -> dict[str, Any]:
    return {
        "name": each.name,
        "outcome": "refused" if each.refused else "imported",
        "reason": each.refused,
        "pages": each.pages,
        "left_out": each.left_out,
        "set_id": each.set_id,
        "duplicates": [asdict(place) for place in each.duplicates],
    }


@images_app.command("verify")
def verify(as_json: AsJson = False) -> None:  # noqa: FBT002
    """Re-hash every file of the image store. Ends with 1 when one is missing or damaged."""
    with opened() as workbench:
        report = workbench.scan_desk.files.verify(workbench.actor)
    if as_json:
        print_json(asdict(report))
    else:
        typer.echo(f"{report.checked} files checked.")
        for word in ("missing", "damaged", "orphaned", "stray"):
            for which in getattr(report, word):
                typer.echo(f"{word}: {which}")
    if not report.sound:
        sys.exit(EXIT_LOOK_AT_IT)


@images_app.command("sweep")
def sweep(as_json: AsJson = False) -> None:  # noqa: FBT002
    """Empty the recycle bin of what is older than 30 days, and remove files that no row names.

    Those are what the bin and interrupted imports left behind. Safe to run at any time, e.g. every night.
    """
    with opened() as workbench:
        desk, actor = workbench.scan_desk, workbench.actor
        interrupted = desk.journal.fail_interrupted()
        purged = desk.recycle_bin.purge(actor)
        report = desk.files.sweep(actor)
    if as_json:
        emptied = {"batches": len(purged.batches), "sets": purged.sets, "images": purged.images}
        print_json({**asdict(report), "interrupted_imports": interrupted, "purged": emptied})
        return
    typer.echo(
        f"Recycle bin: {len(purged.batches)} batches, {purged.sets} sets and {purged.images} images removed for good.\n"
        f"Removed {report.temp_folders} temporary folders and {len(report.orphans)} files that nothing names; "
        f"{interrupted} imports were interrupted."
    )
