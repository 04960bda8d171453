"""Puts the commands together, and turns whatever a command raises into words and an exit code."""

import sys

import typer

from workbench.cli import codes, demo, deposits, importing, serving
from workbench.cli.faults import record_fault
from workbench.errors import WorkbenchError

EXIT_REFUSED = 1
EXIT_FAULT = 70

app = typer.Typer(
    name="workbench",
    help="Turns paper and electronic remittances into posted, reconciled money.",
    no_args_is_help=True,
    add_completion=False,
    pretty_exceptions_enable=False,
)
for group in (importing, deposits, serving, demo):
    group.register(app)
app.add_typer(codes.app, name="codes")


def main() -> None:
    """Runs the command in `sys.argv` and ends the process."""
    try:
        app()
    except WorkbenchError as refusal:
        sys.stderr.write(f"{refusal}\n")
        sys.exit(EXIT_REFUSED)
    except Exception as fault:  # noqa: BLE001 - one of the two places that catch everything (DESIGN.md 9)
        sys.stderr.write(f"{record_fault(fault)}\n")
        sys.exit(EXIT_FAULT)
