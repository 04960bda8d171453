"""`workbench claims`: our own claims."""

from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.desk import opened
from workbench.cli.files import exit_for, finding_document, in_brief, take_each
from workbench.cli.output import AsJson, print_json, print_table
from workbench.domain.imports import Outcome
from workbench.services.claims_import.service import ClaimsOutcome
from workbench.services.incoming import Incoming

COUNTS = ("new", "known", "replaced", "voided", "left_out")

group = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(group, name="claims")


@group.callback()
def claims() -> None:
    """Our own claims: import 837 files and tables."""


@group.command("import")
def import_claims(
    paths: Annotated[
        list[Path],
        typer.Argument(
            exists=True, dir_okay=False, metavar="FILE", help="837 files, CSV or XLSX tables of claims."
        ),
    ],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Import our own claims, each exactly once; corrections replace, voids close.

    Ends with 1 when a file was rejected or is doubtful.
    """
    # Not through `gather`: a workbook is a zip archive too.
    files = [Incoming(str(path), path.name, path) for path in paths]
    with opened() as desk:
        actor = desk.actor
        outcomes = take_each(
            files,
            lambda name, data: desk.claims_import.import_file(actor, name, data),
            lambda name, finding: ClaimsOutcome(name, "", Outcome.REJECTED, findings=(finding,)),
        )
    if as_json:
        pairs = zip(files, outcomes, strict=True)
        print_json({"files": [_document(file.path, done) for file, done in pairs]})
    else:
        _print(files, outcomes)
    exit_for(done.outcome for done in outcomes)


def _document(path: str, done: ClaimsOutcome) -> dict[str, object]:
    return {
        "path": path,
        "sha256": done.sha256,
        "outcome": done.outcome.value,
        "claims": {name: done.counts.get(name, 0) for name in COUNTS},
        "findings": [finding_document(finding) for finding in done.findings],
    }


def _print(files: list[Incoming], outcomes: list[ClaimsOutcome]) -> None:
    print_table(
        ("File", "Outcome", "New", "Known", "Replaced", "Voided", "Left out", "Findings"),
        [
            (
                file.path,
                done.outcome.value,
                *(str(done.counts.get(name, 0)) for name in COUNTS),
                in_brief(done.outcome, done.findings),
            )
            for file, done in zip(files, outcomes, strict=True)
        ],
        right=("New", "Known", "Replaced", "Voided", "Left out"),
    )
