"""Bank lines, and deposits towards the bank."""

from collections.abc import Collection
from datetime import date
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from workbench.domain.bank import SETTLED_STATES, BankLineState, DepositBankState, MatchState
from workbench.domain.bank_desk import BankDeposit, StoredLine
from workbench.errors import NotFoundError
from workbench.storage.lists import among
from workbench.storage.stores.base import Store
from workbench.storage.tables import bank as t
from workbench.storage.tables.deposits import deposits
from workbench.storage.tables.office import payer_identifiers

_LINE, _MATCH, _ITEM = t.bank_transactions.c, t.bank_matches.c, t.bank_match_items.c
# A deposit is compared with the bank by the day it was banked, else the day its payer issued it.
DAY = sa.func.coalesce(deposits.c.deposited_date, deposits.c.issued_date)
CARD_METHODS = ("VIRTUAL_CARD", "CARD")


class BankStore(Store):
    """Reads deposits for the bank desk; reads and marks `bank_transactions`."""

    # -- what the engine takes -----------------------------------------------------------------------------

    def lines_to_match(self, account_ids: Collection[int]) -> pa.Table:
        """Lines that no live match holds, as `reconcile.matching` wants them."""
        rows = self._connection.execute(
            sa.select(
                _LINE.id.label("line_id"),
                t.bank_accounts.c.practice_id,
                _LINE.amount_cents,
                _LINE.posted_date.label("date"),
                _LINE.trace,
                _LINE.trace_originator,
                _LINE.payer_key,
                _LINE.customer_reference.label("reference"),
                _LINE.is_card,
            )
            .join(t.bank_accounts, t.bank_accounts.c.id == _LINE.account_id)
            .where(
                _LINE.state == BankLineState.UNMATCHED.value,
                among(self._connection, _LINE.account_id, account_ids),
            )
            .order_by(_LINE.id)
        )
        return pa.Table.from_pylist([dict(row) for row in rows.mappings()], _LINES_TO_MATCH)

    def deposits_to_match(self, practice_ids: Collection[int], *, unassigned: bool) -> pa.Table:
        """Deposits without a live match; ignored and removed ones bring no money to look for."""
        rows = self._connection.execute(
            sa.select(
                deposits.c.id.label("deposit_id"),
                deposits.c.practice_id,
                deposits.c.payer_id,
                deposits.c.deposit_cents.label("amount_cents"),
                DAY.label("date"),
                deposits.c.pay_method,
                deposits.c.check_number.label("trace"),
                deposits.c.payer_identifier.label("trace_originator"),
            )
            .where(self._seen(practice_ids, unassigned=unassigned), alive(), ~_has_live_item(deposits.c.id))
            .order_by(deposits.c.id)
        )
        return pa.Table.from_pylist([dict(row) for row in rows.mappings()], _DEPOSITS_TO_MATCH)

    def aliases(self) -> pa.Table:
        """What the bank calls the payers: learned names, and the company ids that the office has stored."""
        learned = self._connection.execute(
            sa.select(t.payer_aliases.c.payer_key, t.payer_aliases.c.payer_id).where(
                t.payer_aliases.c.confirmed > 0
            )
        )
        told = self._connection.execute(
            sa.select(payer_identifiers.c.value, payer_identifiers.c.payer_id).where(
                payer_identifiers.c.kind.in_(("TRN03", "BPR10"))
            )
        )
        pairs = {(row.payer_key, row.payer_id) for row in learned} | {
            (f"ID {row.value}", row.payer_id) for row in told
        }
        return pa.Table.from_pylist(
            [{"payer_key": key, "payer_id": payer} for key, payer in sorted(pairs)],
            pa.schema([("payer_key", pa.string()), ("payer_id", pa.int64())]),
        )

    def _seen(self, practice_ids: Collection[int], *, unassigned: bool) -> sa.ColumnElement[bool]:
        mine = among(self._connection, deposits.c.practice_id, practice_ids)
        return sa.or_(mine, deposits.c.practice_id.is_(None)) if unassigned else mine

    # -- lines and deposits on the desk --------------------------------------------------------------------

    def lines(self, ids: Collection[int]) -> list[StoredLine]:
        """Lines by id, in the order of the ids. Raises NotFoundError for one that is not there."""
        rows = self._connection.execute(line_query().where(among(self._connection, _LINE.id, ids)))
        found = {row.id: stored_line(row) for row in rows}
        if missing := set(ids) - set(found):
            raise NotFoundError(f"Bank line {min(missing)} was not found.")
        return [found[line_id] for line_id in dict.fromkeys(ids)]

    def set_line_state(self, line_id: int, seen_version: int, state: BankLineState, reason: str) -> int:
        """Gives the new version; raises ChangedByAnotherError."""
        return self._update_versioned(
            t.bank_transactions,
            line_id,
            seen_version,
            {"state": state.value, "reason": reason},
            what=f"Bank line {line_id}",
        )

    def mark_lines(self, ids: Collection[int], state: BankLineState) -> None:
        """The state that follows from a match; the person's own marks go through `set_line_state`."""
        self._connection.execute(
            sa.update(t.bank_transactions)
            .where(among(self._connection, _LINE.id, ids))
            .values(state=state.value, reason="", version=_LINE.version + 1)
        )

    def deposits(self, ids: Collection[int]) -> list[BankDeposit]:
        """Deposits by id, in the order of the ids. Raises NotFoundError."""
        rows = self._connection.execute(deposit_query().where(among(self._connection, deposits.c.id, ids)))
        found = {row.id: bank_deposit(row) for row in rows}
        if missing := set(ids) - set(found):
            raise NotFoundError(f"Deposit {min(missing)} was not found.")
        return [found[deposit_id] for deposit_id in dict.fromkeys(ids)]

    def open_lines_by_day(self, account_ids: Collection[int]) -> list[tuple[date, int, int]]:
        """Day, number and cents of the lines that nothing explains yet."""
        settled = [state.value for state in SETTLED_STATES]
        rows = self._connection.execute(
            sa.select(_LINE.posted_date, sa.func.count(), _whole(_LINE.amount_cents))
            .where(among(self._connection, _LINE.account_id, account_ids), _LINE.state.not_in(settled))
            .group_by(_LINE.posted_date)
        )
        return [(row[0], row[1], row[2]) for row in rows]

    def waiting_deposits_by_day(
        self, practice_ids: Collection[int], *, unassigned: bool
    ) -> list[tuple[date | None, int, int]]:
        """Day, number and cents of the deposits that wait for money: no confirmed match, and not zero-pay."""
        paid = (
            sa.select(_ITEM.deposit_id)
            .join(t.bank_matches, _MATCH.id == _ITEM.match_id)
            .where(_ITEM.live, _ITEM.deposit_id.is_not(None), _MATCH.state == MatchState.CONFIRMED.value)
        )
        rows = self._connection.execute(
            sa.select(DAY, sa.func.count(), _whole(deposits.c.deposit_cents))
            .where(
                self._seen(practice_ids, unassigned=unassigned),
                alive(),
                deposits.c.deposit_cents != 0,
                deposits.c.id.not_in(paid),
            )
            .group_by(DAY)
        )
        return [(row[0], row[1], row[2]) for row in rows]


def line_query() -> sa.Select[Any]:
    """Bank lines with the live match that holds them."""
    return sa.select(t.bank_transactions, _ITEM.match_id).outerjoin(
        t.bank_match_items, sa.and_(_ITEM.transaction_id == _LINE.id, _ITEM.live)
    )


def deposit_query() -> sa.Select[Any]:
    """Deposits with the live match that holds them."""
    columns = (
        deposits.c.id,
        deposits.c.practice_id,
        deposits.c.payer_id,
        deposits.c.payer_name,
        deposits.c.check_number,
        deposits.c.deposit_cents,
        deposits.c.pay_method,
    )
    wanted = sa.select(*columns, DAY.label("day"), _ITEM.match_id, deposit_state().label("bank_state"))
    return wanted.select_from(with_match(deposits))


def with_match(joined: sa.FromClause) -> sa.Join:
    """`joined` has the deposits; each of them with the live match that holds it."""
    held = joined.outerjoin(t.bank_match_items, sa.and_(_ITEM.deposit_id == deposits.c.id, _ITEM.live))
    return held.outerjoin(t.bank_matches, _MATCH.id == _ITEM.match_id)


def deposit_state() -> sa.ColumnElement[str]:
    """Spec deposits 7.3, over the joins of `with_match`. An amount that nobody could read is not zero."""
    confirmed = _MATCH.state == MatchState.CONFIRMED.value
    return sa.case(
        (sa.and_(confirmed, _MATCH.difference_cents == 0), DepositBankState.MATCHED.value),
        (sa.and_(confirmed, deposits.c.pay_method.in_(CARD_METHODS)), DepositBankState.CARD.value),
        (confirmed, DepositBankState.DIFFERENCE.value),
        (
            sa.and_(deposits.c.deposit_cents == 0, deposits.c.unreadable == ""),
            DepositBankState.ZERO_PAY.value,
        ),
        (_ITEM.match_id.is_not(None), DepositBankState.PROPOSED.value),
        else_=DepositBankState.NO_BANK_LINE.value,
    )


def _whole(column: sa.ColumnElement[int]) -> sa.ColumnElement[int]:
    # PostgreSQL sums bigint to numeric.
    return sa.cast(sa.func.sum(column), sa.BigInteger)


def alive() -> sa.ColumnElement[bool]:
    """Deposits that may have brought money: not removed, not ignored."""
    return sa.and_(deposits.c.voided_at.is_(None), deposits.c.status.in_(("NEW", "SENT_TO_POSTING")))


def _has_live_item(deposit_id: sa.Column[int]) -> sa.ColumnElement[bool]:
    return sa.exists().where(_ITEM.deposit_id == deposit_id, _ITEM.live)


def stored_line(row: Any) -> StoredLine:
    return StoredLine(
        row.id,
        row.account_id,
        row.posted_date,
        row.amount_cents,
        row.description,
        row.bank_reference,
        row.customer_reference,
        row.trace,
        row.payer_key,
        BankLineState(row.state),
        row.reason,
        row.version,
        row.match_id,
    )


def bank_deposit(row: Any) -> BankDeposit:
    return BankDeposit(
        row.id,
        row.practice_id,
        row.payer_id,
        row.payer_name,
        row.check_number,
        row.deposit_cents,
        row.day,
        row.pay_method,
        DepositBankState(row.bank_state),
        row.match_id,
    )


_LINES_TO_MATCH = pa.schema(
    [
        ("line_id", pa.int64()),
        ("practice_id", pa.int64()),
        ("amount_cents", pa.int64()),
        ("date", pa.date32()),
        *((name, pa.string()) for name in ("trace", "trace_originator", "payer_key", "reference")),
        ("is_card", pa.bool_()),
    ]
)
_DEPOSITS_TO_MATCH = pa.schema(
    [
        *((name, pa.int64()) for name in ("deposit_id", "practice_id", "payer_id", "amount_cents")),
        ("date", pa.date32()),
        *((name, pa.string()) for name in ("pay_method", "trace", "trace_originator")),
    ]
)
