"""Triggers that make the ledger append-only and balanced (design principle 5: guard money twice)."""

from alembic import op

from workbench.storage.migrations.versions import initial
from workbench.storage.tables.ledger_guards import GUARDS, digest

revision = digest()
# The initial migration is made anew until the first release; this one always follows it.
down_revision = initial.revision
branch_labels = None
depends_on = None


def upgrade() -> None:
    for statement in GUARDS[op.get_context().dialect.name]:
        op.execute(statement)
