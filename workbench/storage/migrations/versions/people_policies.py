"""Row-level security by database role, on PostgreSQL; SQLite has no roles and is a single desk's store."""

from alembic import op

from workbench.storage.migrations.versions import audit_guards
from workbench.storage.row_security import ddl

revision = ddl.digest()
down_revision = audit_guards.revision
branch_labels = None
depends_on = None


def upgrade() -> None:
    if op.get_context().dialect.name == "postgresql":
        for statement in ddl.statements():
            op.execute(statement)
