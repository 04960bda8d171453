"""The running balances beside the ledger: moved by what the ledger holds, in a statement for each table."""

from collections.abc import Collection
from typing import Any

import sqlalchemy as sa
from sqlalchemy.engine import Connection

from workbench.domain.posting import Account
from workbench.storage.lists import among
from workbench.storage.tables.claims import charge_lines, claims
from workbench.storage.tables.deposits import deposits
from workbench.storage.tables.ledger import ledger_entries, ledger_transactions


def move_balances(connection: Connection, transaction_ids: Collection[int]) -> None:
    """Adds booked transactions to the balances of their claims, charge lines and deposits.

    Whoever books on claims holds their locks, taken in the order of ids: no two wait for each other in a ring.
    """
    entries = ledger_entries.c
    _move_receivables(connection, claims, entries.claim_id, transaction_ids)
    _move_receivables(connection, charge_lines, entries.charge_line_id, transaction_ids)
    _move_deposits(connection, transaction_ids)


def _move_receivables(
    connection: Connection, table: sa.Table, place: sa.Column[Any], transaction_ids: Collection[int]
) -> None:
    entries = ledger_entries.c
    moved = (
        sa.select(place.label("place"), sa.func.sum(entries.amount_cents).label("cents"))
        .where(among(connection, entries.transaction_id, transaction_ids))
        .where(entries.account == Account.RECEIVABLE.value, place.is_not(None))
        .group_by(place)
        .subquery("moved")
    )
    connection.execute(
        sa.update(table)
        .where(table.c.id == moved.c.place)
        .values(balance_cents=table.c.balance_cents + moved.c.cents)
    )


def _move_deposits(connection: Connection, transaction_ids: Collection[int]) -> None:
    """Posted paid: money of the deposit that went to a claim.

    A claim-level amount sent to Deposit Reporting moves the deposit, too, but names its adjustment.
    """
    entries, booked = ledger_entries.c, ledger_transactions.c
    is_payment = sa.and_(
        entries.account == Account.DEPOSIT.value,
        booked.claim_id.is_not(None),
        entries.adjustment_id.is_(None),
    )
    is_written_off = entries.account == Account.WRITE_OFF.value
    moved = (
        sa.select(
            booked.deposit_id.label("place"),
            sa.func.sum(sa.case((is_payment, entries.amount_cents), else_=0)).label("paid"),
            sa.func.sum(sa.case((is_written_off, entries.amount_cents), else_=0)).label("written_off"),
        )
        .join(ledger_entries, entries.transaction_id == booked.id)
        .where(among(connection, booked.id, transaction_ids))
        .group_by(booked.deposit_id)
        .subquery("moved")
    )
    header = deposits.c
    connection.execute(
        sa.update(deposits)
        .where(header.id == moved.c.place)
        .values(
            posted_paid_cents=header.posted_paid_cents + moved.c.paid,
            posted_adjustments_cents=header.posted_adjustments_cents + moved.c.written_off,
        )
    )
