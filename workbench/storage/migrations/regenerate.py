"""Writes the initial migration anew from the tables: `python -m workbench.storage.migrations.regenerate`.

Only until the first release. Its revision is a hash of what it does, so that a database made before is
recognised as another one instead of failing later on a missing column. Whoever changes a table runs it, then
`ruff format` on the file.
"""

import hashlib
from pathlib import Path
from tempfile import TemporaryDirectory
from typing import Any, Literal

from alembic.autogenerate import produce_migrations, render_python_code
from alembic.autogenerate.api import AutogenContext
from alembic.migration import MigrationContext

from workbench.storage.engine import open_engine
from workbench.storage.migrations.upgrade import HERE
from workbench.storage.tables import metadata
from workbench.storage.types import UtcDateTime

TEMPLATE = '''"""The schema as of the first release. Made by `python -m workbench.storage.migrations.regenerate`; do not edit."""

import sqlalchemy as sa
from alembic import op

from workbench.storage.types import UtcDateTime

revision = "{revision}"
down_revision = None
branch_labels = None
depends_on = None


def upgrade() -> None:
{body}
'''


def _render_item(kind: str, item: Any, _context: AutogenContext) -> str | Literal[False]:
    return "UtcDateTime()" if kind == "type" and isinstance(item, UtcDateTime) else False


def initial_migration() -> str:
    """The text of the initial migration."""
    with TemporaryDirectory() as folder:
        engine = open_engine(f"sqlite:///{folder}/empty.sqlite3")
        with engine.connect() as connection:
            context = MigrationContext.configure(
                connection, opts={"target_metadata": metadata, "render_item": _render_item}
            )
            operations = produce_migrations(context, metadata).upgrade_ops
            if operations is None:
                raise AssertionError("an empty database lacks every table")
            body = render_python_code(operations, render_item=_render_item)
        engine.dispose()
    statements = [line for line in body.splitlines() if line.strip() and not line.lstrip().startswith("#")]
    body = "\n".join(statements)
    return TEMPLATE.format(revision=hashlib.sha256(body.encode()).hexdigest()[:12], body=body)


def main() -> None:
    """Replaces the file."""
    path: Path = HERE / "versions" / "initial.py"
    path.write_text(initial_migration(), encoding="utf-8")


if __name__ == "__main__":
    main()
