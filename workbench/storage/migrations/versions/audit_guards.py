"""Triggers that make the audit trail append-only (spec scan-batches 2.5: every look and every change)."""

from alembic import op

from workbench.storage.migrations.versions import ledger_guards
from workbench.storage.tables.audit_guards import GUARDS, digest

revision = digest()
down_revision = ledger_guards.revision
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in GUARDS[op.get_context().dialect.name]:
        op.execute(statement)
