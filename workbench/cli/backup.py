"""`workbench backup` and `workbench restore`: a whole office into a folder, and out of it."""

import sys
from pathlib import Path
from typing import Annotated

import typer

from workbench.cli.progress import bar
from workbench.config import read_settings
from workbench.services.backup import Backup, back_up
from workbench.services.backup import restore as put_back

EXIT_LOOK_AT_IT = 1
Folder = Annotated[Path, typer.Argument(file_okay=False, metavar="DIR")]


def register(app: typer.Typer) -> None:
    app.command("backup")(backup)
    app.command("restore")(restore)


def backup(folder: Folder) -> None:
    """Back up database and images into the new or empty folder DIR, while everybody works on.

    The keys in WORKBENCH_HOME/secrets are not in it: keep a copy of them in another place. Ends with 1 when
    images are missing or damaged in the store; the backup holds everything else.
    """
    with bar() as begin:
        made = back_up(read_settings(), folder, begin)
    sys.stdout.write(f"Backed up into {folder}: {_told(made)}\n")
    if made.missing:
        sys.stderr.write(
            f"{len(made.missing)} images that the database names are missing or damaged: workbench images verify.\n"
        )
        sys.exit(EXIT_LOOK_AT_IT)


def restore(
    folder: Annotated[Path, typer.Argument(exists=True, file_okay=False, metavar="DIR")],
    key_is_lost: Annotated[  # noqa: FBT002
        bool,
        typer.Option(
            "--audit-key-is-lost",
            help="Restore without the key of the audit trail; it cannot be proven any more.",
        ),
    ] = False,
) -> None:
    """Restore a backup into an empty WORKBENCH_HOME and an empty database; every file is verified first."""
    with bar() as begin:
        made = put_back(read_settings(), folder, begin, key_is_lost=key_is_lost)
    sys.stdout.write(f"Restored from {folder}: {_told(made)}\n")


def _told(made: Backup) -> str:
    rows = sum(each.rows for each in made.figures.values())
    return f"{rows:,} rows, {made.images:,} images, as of {made.made_at:%Y-%m-%d %H:%M} UTC."
