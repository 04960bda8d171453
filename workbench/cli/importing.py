"""`workbench import`: 835 files, folders and zip archives, each exactly once."""

import sys
from pathlib import Path
from typing import Annotated, Any

import typer
from rich.console import Console
from rich.progress import BarColumn, MofNCompleteColumn, Progress, TextColumn, TimeRemainingColumn

from workbench.cli.desk import opened
from workbench.cli.output import AsJson, print_json, print_table
from workbench.domain.findings import Finding, Level, Severity
from workbench.domain.imports import ImportedDeposit, ImportOutcome, Outcome
from workbench.domain.money import format_cents, format_dollars
from workbench.services.incoming import Incoming, UnreadableError, gather

EXIT_LOOK_AT_IT = 1
# Always told, even when nothing was adjusted, so that a reader of the JSON need not ask whether they are there.
GROUPS = ("CO", "PR", "OA", "PI", "CR")


def register(app: typer.Typer) -> None:
    app.command("import")(import_files)


def import_files(
    paths: Annotated[
        list[Path],
        typer.Argument(exists=True, metavar="PATH", help="835 files, folders, zip archives."),
    ],
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Import 835 files, folders and zip archives, each exactly once.

    Ends with 1 when a file was rejected or is doubtful.
    """
    files = gather(paths)
    console = Console(stderr=True)
    columns = (TextColumn("Importing"), BarColumn(), MofNCompleteColumn(), TimeRemainingColumn())
    with opened() as desk, Progress(*columns, console=console, disable=not console.is_terminal) as progress:
        outcomes = [_import(desk, file) for file in progress.track(files)]
    if as_json:
        print_json(
            {"files": [as_document(file.path, done) for file, done in zip(files, outcomes, strict=True)]}
        )
    else:
        _print(files, outcomes)
    if any(done.outcome in (Outcome.REJECTED, Outcome.DOUBTFUL) for done in outcomes):
        sys.exit(EXIT_LOOK_AT_IT)


def _import(desk: Any, file: Incoming) -> ImportOutcome:
    try:
        data = file.read()
    except UnreadableError as problem:
        finding = Finding("FILE_UNREADABLE", Severity.CRITICAL, Level.FILE, str(problem))
        return ImportOutcome(file.name, "", Outcome.REJECTED, (finding,))
    done: ImportOutcome = desk.remittance_import.import_remittance(desk.actor, file.name, data)
    return done


def as_document(path: str, done: ImportOutcome) -> dict[str, Any]:
    """One file of the fixed JSON."""
    return {
        "path": path,
        "sha256": done.sha256,
        "outcome": done.outcome.value,
        "findings": [
            {
                "code": finding.code,
                "severity": finding.severity.value,
                "level": finding.level.value,
                "segment": finding.segment,
                "message": finding.message,
            }
            for finding in done.findings
        ],
        "deposits": [_deposit_document(deposit) for deposit in done.deposits],
    }


def _deposit_document(deposit: ImportedDeposit) -> dict[str, Any]:
    adjustments = dict.fromkeys(GROUPS, 0) | deposit.adjustments
    return {
        "id": deposit.id,
        "check_number": deposit.check_number,
        "payer": deposit.payer,
        "amount": format_cents(deposit.amount_cents),
        "claims": deposit.claims,
        "service_lines": deposit.service_lines,
        "charged": format_cents(deposit.charged_cents),
        "paid": format_cents(deposit.paid_cents),
        "patient_responsibility": format_cents(deposit.patient_responsibility_cents),
        "adjustments": {group: format_cents(cents) for group, cents in adjustments.items()},
        "provider_adjustments": format_cents(deposit.provider_adjustments_cents),
        "unbalanced": deposit.unbalanced,
        "unbalanced_claims": deposit.unbalanced_claims,
        "unbalanced_lines": deposit.unbalanced_lines,
    }


def _print(files: list[Incoming], outcomes: list[ImportOutcome]) -> None:
    print_table(
        ("File", "Outcome", "Deposits", "Amount ($)", "Findings"),
        [
            (
                file.path,
                done.outcome.value,
                ", ".join(str(deposit.id) for deposit in done.deposits),
                format_dollars(sum(deposit.amount_cents for deposit in done.deposits)),
                _findings_in_brief(done),
            )
            for file, done in zip(files, outcomes, strict=True)
        ],
        right=("Amount ($)",),
    )


def _findings_in_brief(done: ImportOutcome) -> str:
    """What was found, by code, or why the file was not taken."""
    if done.outcome is Outcome.REJECTED:
        return " ".join(finding.message for finding in done.findings)
    counts: dict[str, int] = {}
    for finding in done.findings:
        counts[finding.code] = counts.get(finding.code, 0) + 1
    return ", ".join(f"{code} {count}" for code, count in counts.items())
