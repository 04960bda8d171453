"""The SELECTs behind the analysts' frames of the bank."""

from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from workbench.storage.stores.deposit_lists import Sight
from workbench.storage.tables import bank as b
from workbench.storage.tables.deposits import deposits
from workbench.storage.tables.office import practices

_line, _match, _part, _item, _d = (
    b.bank_transactions.c,
    b.bank_matches.c,
    b.bank_match_parts.c,
    b.bank_match_items.c,
    deposits.c,
)


@dataclass(frozen=True, slots=True)
class BankFilter:
    """What the frames can be limited to. None and "" ask nothing; days are inclusive and of posting at the bank."""

    since: date | None = None
    until: date | None = None
    account: str = ""
    state: str = ""


def _days(wanted: BankFilter, sight: Sight) -> list[sa.ColumnElement[bool]]:
    conditions = [sight.condition(b.bank_accounts.c.practice_id)]
    if wanted.since is not None:
        conditions.append(_line.posted_date >= wanted.since)
    if wanted.until is not None:
        conditions.append(_line.posted_date <= wanted.until)
    if wanted.account:
        conditions.append(b.bank_accounts.c.number == wanted.account)
    return conditions


def lines_select(wanted: BankFilter, sight: Sight) -> sa.Select[Any]:
    """One row per bank line."""
    conditions = _days(wanted, sight)
    if wanted.state:
        conditions.append(_line.state == wanted.state)
    return (
        sa.select(
            _line.id, b.bank_accounts.c.number.label("account"), b.bank_accounts.c.practice_id,
            practices.c.name.label("practice"), _line.posted_date, _line.value_date, _line.amount_cents,
            _line.state, _line.reason, _line.description, _line.bank_reference, _line.customer_reference,
            _line.type_code, _line.trace, _line.trace_originator, _line.payer_key, _line.is_card,
            # Always there in its own table, but not for every line.
            sa.type_coerce(_item.match_id, sa.BigInteger).label("match_id"), _line.bank_file_id,
        )
        .join(b.bank_accounts, b.bank_accounts.c.id == _line.account_id)
        .outerjoin(practices, practices.c.id == b.bank_accounts.c.practice_id)
        .outerjoin(b.bank_match_items, sa.and_(_item.transaction_id == _line.id, _item.live))
        .where(*conditions)
        .order_by(_line.posted_date, _line.id)
    )  # fmt: skip


def matches_select(wanted: BankFilter, sight: Sight) -> sa.Select[Any]:
    """One row per share of a bank line that went to a deposit; undone and rejected matches too, by their state."""
    conditions = _days(wanted, sight)
    if wanted.state:
        conditions.append(_match.state == wanted.state)
    return (
        sa.select(
            _part.match_id, _part.transaction_id.label("bank_line_id"), _part.deposit_id, _part.amount_cents,
            _match.state, _match.step, sa.cast(_match.score * 100, sa.Integer).label("score_percent"),
            _match.difference_cents, _match.reasons_json, _line.posted_date, _d.check_number, _d.payer_name,
            _match.created_at, _match.closed_at, _match.close_reason,
        )
        .join(b.bank_matches, _match.id == _part.match_id)
        .join(b.bank_transactions, _line.id == _part.transaction_id)
        .join(b.bank_accounts, b.bank_accounts.c.id == _line.account_id)
        .join(deposits, _d.id == _part.deposit_id)
        .where(*conditions, sight.condition())
        .order_by(_part.match_id, _part.id)
    )  # fmt: skip
