"""`workbench bank import` and `workbench match`."""

import sys
from dataclasses import replace
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any

import typer

from workbench.cli.desk import opened
from workbench.cli.output import AsJson, print_json, print_table
from workbench.domain.bank_desk import BankImportOutcome
from workbench.domain.money import format_cents, format_dollars
from workbench.errors import RefusedError

if TYPE_CHECKING:  # loading it takes SQLAlchemy, which `--help` does without
    from workbench.app import Workbench

EXIT_LOOK_AT_IT = 1

bank_app = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(bank_app, name="bank")
    app.command("match")(match)


@bank_app.callback()
def bank() -> None:
    """Bank statements: import them, and say whose an account is."""


@bank_app.command("import")
def import_files(
    files: Annotated[
        list[Path],
        typer.Argument(
            exists=True, dir_okay=False, metavar="FILE", help="BAI2, CAMT.053/054, OFX, CSV, XLSX."
        ),
    ],
    profile: Annotated[
        str,
        typer.Option(
            help="Save the suggested column profile of a new CSV or XLSX under this name, and use it."
        ),
    ] = "",
    account: Annotated[str, typer.Option(help="With --profile: the account, when no column names it.")] = "",
    as_json: AsJson = False,  # noqa: FBT002
) -> None:
    """Import bank statements; a line that was here before is not stored again.

    Ends with 1 when a file was rejected, or something critical does not add up.
    """
    with opened() as desk:
        outcomes = [_import(desk, file, profile, account) for file in files]
    if as_json:
        print_json({"files": [_document(file, done) for file, done in zip(files, outcomes, strict=True)]})
    else:
        _print(outcomes)
    if any(done.outcome in ("rejected", "doubtful") for done in outcomes):
        sys.exit(EXIT_LOOK_AT_IT)


@bank_app.command("accounts")
def accounts(as_json: AsJson = False) -> None:  # noqa: FBT002
    """List the bank accounts and whose they are."""
    with opened() as desk:
        names = {each.id: each.name for each in desk.bank.imports.practices(desk.actor)}
        found = [(each, names.get(each.practice_id or 0)) for each in desk.bank.imports.accounts(desk.actor)]
    if as_json:
        print_json(
            {
                "accounts": [
                    {"number": each.number, "name": each.name, "practice": name} for each, name in found
                ]
            }
        )
    else:
        rows = [(each.number, each.name, name or "shared by practices") for each, name in found]
        print_table(("Account", "Name", "Practice"), rows)


@bank_app.command("account")
def account(
    number: Annotated[str, typer.Argument(help="As the bank's files name it.")],
    name: Annotated[str, typer.Option(help="What the office calls it.")] = "",
    practice: Annotated[
        str, typer.Option(help="Name of the practice; without it practices share the account.")
    ] = "",
) -> None:
    """Say what an account is called and which practice it belongs to."""
    with opened() as desk:
        imports = desk.bank.imports
        ids = {each.name: each.id for each in imports.practices(desk.actor)}
        known = {each.number: each for each in imports.accounts(desk.actor)}
        if number not in known:
            raise RefusedError(
                f"There is no account {number!r}. There are: {', '.join(known) or 'none yet'}."
            )
        if practice and practice not in ids:
            raise RefusedError(f"There is no practice {practice!r}. There are: {', '.join(ids)}.")
        imports.assign_account(desk.actor, known[number].id, name or known[number].name, ids.get(practice))
    typer.echo(f"Account {number} belongs to {practice or 'several practices'}.")


def _import(desk: "Workbench", file: Path, profile: str, account: str) -> BankImportOutcome:
    data = file.read_bytes()
    done = desk.bank.imports.import_file(desk.actor, file.name, data)
    if not profile or done.outcome != "rejected":
        return done
    suggested = desk.bank.imports.suggested_profile(data)
    if suggested is None:
        return done
    desk.bank.imports.save_profile(desk.actor, replace(suggested, name=profile, account_number=account))
    return desk.bank.imports.import_file(desk.actor, file.name, data)


def _document(file: Path, done: BankImportOutcome) -> dict[str, Any]:
    return {
        "path": str(file),
        "sha256": done.sha256,
        "outcome": done.outcome,
        "kind": done.kind,
        "accounts": list(done.accounts),
        "lines": done.lines,
        "new_lines": done.new_lines,
        "credits": format_cents(done.credits_cents),
        "debits": format_cents(done.debits_cents),
        "findings": [
            {
                "code": each.code,
                "severity": each.severity.value,
                "level": each.level.value,
                "segment": each.segment,
                "message": each.message,
            }
            for each in done.findings
        ],
    }


def _print(outcomes: list[BankImportOutcome]) -> None:
    rows = [
        (
            done.file_name,
            done.outcome,
            done.kind,
            str(done.lines),
            str(done.new_lines),
            format_dollars(done.credits_cents),
            format_dollars(done.debits_cents),
            " ".join(each.message for each in done.findings),
        )
        for done in outcomes
    ]
    figures = ("Lines", "New", "In ($)", "Out ($)")
    print_table(("File", "Outcome", "Kind", *figures, "Findings"), rows, right=figures)


def match(as_json: AsJson = False) -> None:  # noqa: FBT002
    """Match what is open on both sides. Only an exact trace and amount confirms itself."""
    with opened() as desk:
        done = desk.bank.matching.run(desk.actor)
    figures = (
        ("confirmed", done.confirmed, done.confirmed_cents),
        ("proposed", done.proposed, done.proposed_cents),
        ("unmatched_lines", done.unmatched_lines, done.unmatched_lines_cents),
        ("unmatched_deposits", done.unmatched_deposits, done.unmatched_deposits_cents),
    )
    if as_json:
        print_json({name: {"count": count, "amount": format_cents(cents)} for name, count, cents in figures})
        return
    rows = [(name.replace("_", " "), str(count), format_dollars(cents)) for name, count, cents in figures]
    print_table(("", "Count", "Amount ($)"), rows, right=("Count", "Amount ($)"))
