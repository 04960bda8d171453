"""Whether a database is sound: its version, its own integrity, the ledger. What is wrong says what to do."""

from collections.abc import Iterator
from pathlib import Path

import sqlalchemy as sa
from sqlalchemy.engine import Connection, Engine

from workbench.domain.posting import Account
from workbench.storage.migrations.upgrade import current_revision, head_revision
from workbench.storage.tables.deposits import deposits
from workbench.storage.tables.ledger import ledger_entries, ledger_transactions
from workbench.storage.whole.figures import Figures, figures_of

_NO_TABLES = "There are no tables yet. Make them: workbench db upgrade."
_RESTORE = "Stop working on it, keep the file, and restore the last backup beside it."


def troubles(engine: Engine) -> list[str]:
    """Everything that is wrong, in plain words; empty when the database is sound."""
    if _absent(engine):
        return [_NO_TABLES]
    try:
        if (current := current_revision(engine)) != head_revision():
            if current is None:
                return [_NO_TABLES]
            return ["It is of another version of Workbench than this program. Run: workbench db upgrade."]
        with engine.connect() as connection:
            own = _sqlite if engine.dialect.name == "sqlite" else _postgresql
            return [*own(connection), *_ledger(connection)]
    except sa.exc.DatabaseError as fault:
        if isinstance(fault, sa.exc.OperationalError) and engine.dialect.name == "postgresql":
            raise  # the server is not there, or does not let us in
        return [f"The database cannot be read through. {_RESTORE}"]


def readable_figures(engine: Engine) -> dict[str, Figures]:
    """The figures of every table; none when a table is not there or cannot be read."""
    if _absent(engine):
        return {}
    try:
        with engine.connect() as connection:
            return figures_of(connection)
    except sa.exc.DatabaseError:
        return {}


def _absent(engine: Engine) -> bool:
    """Whether there is no file: to connect would make one."""
    return engine.dialect.name == "sqlite" and not Path(str(engine.url.database)).exists()


def _sqlite(connection: Connection) -> Iterator[str]:
    said = connection.scalars(sa.text("PRAGMA integrity_check")).all()
    if said != ["ok"]:
        yield f"SQLite finds {len(said)} faults in the file. {_RESTORE}"
    lost = connection.execute(sa.text("PRAGMA foreign_key_check")).all()
    for table in sorted({row[0] for row in lost}):
        count = sum(1 for row in lost if row[0] == table)
        yield f"{count} rows of {table} refer to rows that are not there. {_RESTORE}"


def _postgresql(connection: Connection) -> Iterator[str]:
    bare = connection.scalars(
        sa.text(
            "SELECT relname FROM pg_class WHERE relkind = 'r' AND relnamespace = 'public'::regnamespace"
            " AND NOT relrowsecurity AND relname <> 'alembic_version' ORDER BY relname"
        )
    )
    for table in bare:
        yield f"{table} is open to every person: ALTER TABLE {table} ENABLE ROW LEVEL SECURITY."
    broken = connection.scalars(
        sa.text("SELECT indexrelid::regclass::text FROM pg_index WHERE NOT (indisvalid AND indisready)")
    )
    for index in broken:
        yield f"Index {index} is not whole: REINDEX INDEX {index}."
    unproven = connection.scalars(
        sa.text("SELECT conrelid::regclass || ' ' || conname FROM pg_constraint WHERE NOT convalidated")
    )
    for constraint in unproven:
        yield f"Constraint {constraint} was never proven: ALTER TABLE ... VALIDATE CONSTRAINT."
    if connection.scalar(sa.text("SHOW fsync")) != "on":
        yield "The server does not wait for its disk (fsync is off): a power cut loses payments. Set fsync = on."


def _ledger(connection: Connection) -> Iterator[str]:
    entry, moved = ledger_entries.c, sa.func.sum(ledger_entries.c.amount_cents)
    crooked = connection.execute(
        sa.select(entry.transaction_id).group_by(entry.transaction_id).having(moved != 0)
    ).all()
    if crooked:
        yield f"{len(crooked)} transactions of the ledger do not sum to zero. {_RESTORE}"
    unsealed = connection.scalar(
        sa.select(sa.func.count())
        .select_from(ledger_entries.outerjoin(ledger_transactions))
        .where(ledger_transactions.c.id.is_(None))
    )
    if unsealed:
        yield f"{unsealed} entries of the ledger have no transaction. {_RESTORE}"
    if wrong := connection.execute(_off_the_ledger()).all():
        listed = ", ".join(str(row.id) for row in wrong[:5])
        yield (
            f"{len(wrong)} deposits do not show what the ledger holds (deposits {listed})."
            " Reset them and send them again."
        )


def _off_the_ledger() -> sa.Select[tuple[int]]:
    """Deposits whose running totals are not what the ledger says was posted from them."""
    entry, booked = ledger_entries.c, ledger_transactions.c
    paid = sa.and_(
        entry.account == Account.DEPOSIT.value, booked.claim_id.is_not(None), entry.adjustment_id.is_(None)
    )
    sums = (
        sa.select(
            booked.deposit_id,
            sa.func.sum(sa.case((paid, entry.amount_cents), else_=0)).label("paid"),
            sa.func.sum(
                sa.case((entry.account == Account.WRITE_OFF.value, entry.amount_cents), else_=0)
            ).label("written_off"),
        )
        .join_from(ledger_transactions, ledger_entries)
        .group_by(booked.deposit_id)
        .subquery()
    )
    return (
        sa.select(deposits.c.id)
        .outerjoin(sums, sums.c.deposit_id == deposits.c.id)
        .where(
            sa.or_(
                deposits.c.posted_paid_cents != sa.func.coalesce(sums.c.paid, 0),
                deposits.c.posted_adjustments_cents != sa.func.coalesce(sums.c.written_off, 0),
            )
        )
        .order_by(deposits.c.id)
    )
