"""Brings a database to the schema of this program, once, however many processes open it at the same moment."""

import functools
from pathlib import Path

import sqlalchemy as sa
from alembic.config import Config
from alembic.migration import MigrationContext
from alembic.operations import Operations
from alembic.script import ScriptDirectory
from sqlalchemy.engine import Connection, Engine

from workbench.errors import SetUpError
from workbench.storage.engine import writing
from workbench.storage.people_roles import renew_grants

HERE = Path(__file__).parent
# Any number, the same in every process of ours.
_ADVISORY_LOCK = 835_000_001


def scripts() -> ScriptDirectory:
    """The migrations that ship with the program."""
    config = Config()
    config.set_main_option("script_location", str(HERE))
    config.set_main_option("path_separator", "os")
    return ScriptDirectory.from_config(config)


@functools.cache
def head_revision() -> str:
    """The version of this program's schema; finding it means to load every migration."""
    return str(scripts().get_current_head())


def current_revision(engine: Engine) -> str | None:
    """The version of the schema that a database has; None before its tables are made."""
    with engine.connect() as connection:
        return MigrationContext.configure(connection).get_current_revision()


def upgrade(engine: Engine) -> None:
    """Runs the migrations that are missing, in one transaction.

    Raises SetUpError when the database was made by another version of the program, which this one does not know.
    """
    head = head_revision()
    if current_revision(engine) == head:
        return
    directory = scripts()
    with writing(engine).begin() as connection:  # in SQLite a second process waits here
        if connection.dialect.name == "sqlite":
            _run_missing(connection, directory, head)
            return
        if not connection.scalar(sa.text("SELECT has_schema_privilege('public', 'CREATE')")):
            raise SetUpError(
                "This database waits for its administrator: workbench db upgrade, with the owner's role."
            )
        connection.execute(sa.select(sa.func.pg_advisory_xact_lock(_ADVISORY_LOCK)))
        _run_missing(connection, directory, head)
        renew_grants(connection)


def _run_missing(connection: Connection, directory: ScriptDirectory, head: str) -> None:
    context = MigrationContext.configure(connection)
    current = context.get_current_revision()
    if current == head:
        return
    known = {script.revision for script in directory.walk_revisions()}
    if current is not None and current not in known:
        raise SetUpError(
            "This database was made by another version of Workbench. Use that version, or another WORKBENCH_HOME."
        )
    missing = list(directory.iterate_revisions(head, current or "base"))
    with Operations.context(context):
        for script in reversed(missing):
            script.module.upgrade()
    context.stamp(directory, head)
