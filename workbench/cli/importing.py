"""`workbench import`: 835 files, folders and zip archives, each exactly once."""

from pathlib import Path
from typing import Annotated, Any

import typer

from workbench.cli.desk import opened
from workbench.cli.files import exit_for, finding_document, in_brief, take_each
from workbench.cli.output import AsJson, print_json, print_table
from workbench.domain.imports import ImportedDeposit, ImportOutcome, Outcome
from workbench.domain.money import format_cents, format_dollars
from workbench.services.incoming import Incoming, gather

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
    with opened() as desk:
        actor = desk.actor
        outcomes = take_each(
            files,
            lambda name, data: desk.remittance_import.import_remittance(actor, name, data),
            lambda name, finding: ImportOutcome(name, "", Outcome.REJECTED, (finding,)),
        )
    if as_json:
        documents = [as_document(file.path, done) for file, done in zip(files, outcomes, strict=True)]
        print_json({"files": documents})
    else:
        _print(files, outcomes)
    exit_for(done.outcome for done in outcomes)


def as_document(path: str, done: ImportOutcome) -> dict[str, Any]:
    """One file of the fixed JSON."""
    return {
        "path": path,
        "sha256": done.sha256,
        "outcome": done.outcome.value,
        "findings": [finding_document(finding) for finding in done.findings],
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
                in_brief(done.outcome, done.findings),
            )
            for file, done in zip(files, outcomes, strict=True)
        ],
        right=("Amount ($)",),
    )
