"""Puts the commands together, and turns whatever a command raises into words and an exit code."""

import importlib
import sys
from typing import Any

import typer
from typer.core import TyperGroup

from workbench.cli.faults import record_fault
from workbench.errors import WorkbenchError

EXIT_REFUSED = 1
EXIT_FAULT = 70

# Each command, the module of `workbench.cli` that holds it, and its line in the list. A module is
# loaded when its command is called: `--help` and `import` do not wait for what scanning needs.
COMMANDS = {
    "import": ("importing", "Import 835 files, folders and zip archives, each exactly once."),
    "deposits": ("deposits", "List the deposits with their figures."),
    "deposit": ("deposits", "Show one deposit: its figures, errors and claims."),
    "findings": ("deposits", "List what is wrong with deposits, claims and lines, and still open."),
    "worklist": ("posting", "List what waits: count, dollars and oldest age; or the rows of one list."),
    "post": ("posting", "Send a deposit to posting, or show what that would book."),
    "reset": ("posting", "Take back everything posted from a deposit."),
    "claims": ("claims", "Our own claims: import 837 files and tables."),
    "batch": ("batches", "Scan batches: create, list, import into, post."),
    "images": ("batches", "The image store."),
    "codes": ("codes", "The code lists your office has a licence for."),
    "bank": ("bank", "Bank statements: import them, and say whose an account is."),
    "match": ("bank", "Match what is open on both sides."),
    "report": ("bank_reports", "Print or save the Deposit Reconciliation report or the Financial Snapshot."),
    "export": ("bank_reports", "Write a table to a .parquet, .csv or .xlsx file."),
    "audit": ("audit", "The audit trail: prove that nobody touched it."),
    "serve": ("serving", "Serve the dashboards until Ctrl+C."),
    "people": ("people", "People: add, list, roles, practices, passwords."),
    "db": ("db", "The database: upgrade it, check it, copy it to PostgreSQL."),
    "backup": (
        "backup",
        "Back up database and images into the new or empty folder DIR, while everybody works on.",
    ),
    "restore": ("backup", "Restore a backup into an empty WORKBENCH_HOME and an empty database."),
    "demo": ("demo", "Make a synthetic office with claims and deposits of every kind."),
}


class Commands(TyperGroup):
    """The commands by name: stand-ins in the list, the real one as soon as it is called."""

    def resolve_command(self, ctx: Any, args: list[str]) -> Any:
        if args[0] in COMMANDS:
            self.commands[args[0]] = load(args[0])
        return super().resolve_command(ctx, args)


def load(name: str) -> Any:
    """The real command `name`, out of its module."""
    module = importlib.import_module(f"workbench.cli.{COMMANDS[name][0]}")
    holder = typer.Typer()
    holder.callback()(lambda: None)  # with a callback, one command alone is a group as well
    module.register(holder)
    return typer.main.get_group(holder).commands[name]


app = typer.Typer(
    name="workbench",
    cls=Commands,
    help="Turns paper and electronic remittances into posted, reconciled money.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for _name, (_, _line) in COMMANDS.items():
    app.command(_name, help=_line)(lambda: None)


def main() -> None:
    """Runs the command in `sys.argv` and ends the process."""
    try:
        app(prog_name="workbench")
    except WorkbenchError as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(EXIT_REFUSED)
    except Exception as fault:  # noqa: BLE001 - one of the two places that catch everything (DESIGN.md 9)
        sys.stderr.write(f"{record_fault(fault)}\n")
        sys.exit(EXIT_FAULT)
