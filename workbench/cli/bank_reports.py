"""`workbench report` and `workbench export`."""

import inspect
import sys
from datetime import datetime
from enum import StrEnum
from pathlib import Path
from typing import TYPE_CHECKING, Annotated

import typer

from workbench.cli.desk import opened
from workbench.cli.output import print_json
from workbench.domain.reports import ReconciliationQuery, Report, ReportDate
from workbench.errors import RefusedError

if TYPE_CHECKING:  # loading it takes SQLAlchemy, which `--help` does without
    from workbench.app import Workbench

_DAYS = ["%Y-%m-%d", "%m/%d/%Y"]
From = Annotated[datetime, typer.Option("--from", formats=_DAYS, help="First day of the period.")]
To = Annotated[datetime, typer.Option("--to", formats=_DAYS, help="Last day of the period.")]
Output = Annotated[
    Path | None, typer.Option("--output", "-o", help="File to write; by default standard output.")
]


class Form(StrEnum):
    """The forms of a report on the command line."""

    CSV = "csv"
    XLSX = "xlsx"
    PDF = "pdf"
    JSON = "json"


As = Annotated[Form, typer.Option("--format", case_sensitive=False)]
report_app = typer.Typer(no_args_is_help=True)


def register(app: typer.Typer) -> None:
    app.add_typer(report_app, name="report")
    app.command("export")(export)


@report_app.callback()
def report() -> None:
    """Print or save the Deposit Reconciliation report or the Financial Snapshot."""


@report_app.command("reconciliation")
def reconciliation(
    first: From,
    last: To,
    by: Annotated[ReportDate, typer.Option(help="Which date the period means.")] = ReportDate.DEPOSIT,
    status: Annotated[
        list[str] | None, typer.Option(help="BUILD, NEW, IGNORE, SENT_TO_POSTING; may repeat.")
    ] = None,
    deposit_type: Annotated[
        list[str] | None, typer.Option("--type", help="ERA, EOB, IMPORT, STATEMENT; may repeat.")
    ] = None,
    import_file: Annotated[str, typer.Option(help="Part of the import file's name.")] = "",
    form: As = Form.CSV,
    output: Output = None,
) -> None:
    """The Deposit Reconciliation report: tentative figures beside the ledger's own."""
    query = ReconciliationQuery(
        first.date(),
        last.date(),
        by=by,
        statuses=frozenset(each.upper() for each in status or ()),
        types=frozenset(each.upper() for each in deposit_type or ()),
        import_file=import_file,
    )
    with opened() as desk:
        _deliver(desk, desk.bank.reports.reconciliation(desk.actor, query), form, output)


@report_app.command("snapshot")
def snapshot(
    first: From,
    last: To,
    group: Annotated[
        list[str] | None,
        typer.Option(
            help="deposit_date, month, practice, payer, type, status, pay_method, pay_type, owner; up to three."
        ),
    ] = None,
    form: As = Form.CSV,
    output: Output = None,
) -> None:
    """The Financial Snapshot by deposit date, at most three months."""
    query = ReconciliationQuery(first.date(), last.date())
    with opened() as desk:
        reports = desk.bank.reports
        _deliver(
            desk, reports.snapshot(desk.actor, query, reports.groups(group or ["deposit_date"])), form, output
        )


def _deliver(desk: "Workbench", made: Report, form: Form, output: Path | None) -> None:
    exports = desk.bank.report_exports
    if form is Form.JSON and output is None:
        print_json(exports.document(desk.actor, made))
        return
    data = exports.render(desk.actor, made, form.value)
    if output is not None:
        output.write_bytes(data)
    elif sys.stdout.isatty() and form in (Form.XLSX, Form.PDF):
        raise RefusedError(f"A {form.value} cannot be shown here. Name a file with --output.")
    else:
        sys.stdout.buffer.write(data)


def export(
    table: Annotated[
        str, typer.Argument(metavar="TABLE", help="A table of the analyst's frames, e.g. deposits.")
    ],
    file: Annotated[Path, typer.Argument(metavar="FILE", help="Ends in .parquet, .csv or .xlsx.")],
) -> None:
    """Write a table to a .parquet, .csv or .xlsx file. No text in it is a live formula."""
    with opened() as desk:
        tables = [
            name
            for name, _ in inspect.getmembers(type(desk.frames), inspect.isfunction)
            if not name.startswith("_")
        ]
        if table not in tables:
            raise RefusedError(f"There is no table {table!r}. There are: {', '.join(tables)}.")
        frame = getattr(desk.frames, table)()
        written = desk.export(frame, file)
    typer.echo(f"{len(frame):,} rows in {written}")
