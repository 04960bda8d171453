"""Matches between bank lines and deposits: made, confirmed, rejected, undone."""

import json
from collections.abc import Collection, Iterable, Mapping, Sequence
from typing import Any

import pyarrow as pa
import sqlalchemy as sa

from workbench.domain.bank import BankLineState, MatchState, MatchStep
from workbench.domain.bank_desk import BankMatch, MatchPart
from workbench.errors import ChangedByAnotherError, NotFoundError
from workbench.storage import bulk
from workbench.storage.clock import now
from workbench.storage.conflict import is_unique_violation
from workbench.storage.lists import among
from workbench.storage.stores.base import Store
from workbench.storage.tables import bank as t

_LINE, _MATCH, _ITEM = t.bank_transactions.c, t.bank_matches.c, t.bank_match_items.c


class BankMatchStore(Store):
    """Reads and writes `bank_matches` with items and parts, and `payer_aliases`."""

    def add_match(self, values: Mapping[str, Any], parts: Sequence[MatchPart]) -> int:
        """A live match with its items. Raises ChangedByAnotherError when another match took one of them."""
        match_id = self._insert(t.bank_matches, {**values, "created_at": now()})
        lines = dict.fromkeys(part.line_id for part in parts)
        paid = dict.fromkeys(part.deposit_id for part in parts)
        items = [{"match_id": match_id, "transaction_id": line, "deposit_id": None} for line in lines]
        items += [{"match_id": match_id, "transaction_id": None, "deposit_id": each} for each in paid]
        try:
            self._connection.execute(sa.insert(t.bank_match_items), items)
        except sa.exc.IntegrityError as fault:
            if is_unique_violation(fault):
                raise ChangedByAnotherError(
                    "Somebody matched one of these lines or deposits meanwhile. Look again."
                ) from None
            raise
        self._connection.execute(
            sa.insert(t.bank_match_parts),
            [
                {
                    "match_id": match_id,
                    "transaction_id": part.line_id,
                    "deposit_id": part.deposit_id,
                    "amount_cents": part.amount_cents,
                }
                for part in parts
            ],
        )
        return match_id

    def add_matches(self, matches: pa.Table, parts: pa.Table) -> list[int]:
        """Many matches of a run in bulk; `match_no` in both counts from 0. Gives their ids."""
        ids = pa.array(bulk.new_ids(self._connection, t.bank_matches, matches.num_rows))
        numbers = ids.take(parts["match_no"].combine_chunks())
        items = pa.concat_tables(
            [
                _distinct(numbers, parts["line_id"], "transaction_id"),
                _distinct(numbers, parts["deposit_id"], "deposit_id"),
            ],
            promote_options="default",
        )
        shares = pa.table(
            {
                "match_id": numbers,
                "transaction_id": parts["line_id"],
                "deposit_id": parts["deposit_id"],
                "amount_cents": parts["amount_cents"],
            }
        )
        bulk.insert(
            self._connection,
            {
                t.bank_matches: matches.drop_columns(["match_no"]).append_column("id", ids),
                t.bank_match_items: self._numbered(t.bank_match_items, items),
                t.bank_match_parts: self._numbered(t.bank_match_parts, shares),
            },
        )
        return [int(each) for each in ids.to_pylist()]

    def _numbered(self, table: sa.Table, rows: pa.Table) -> pa.Table:
        """The rows with their ids: a bulk insert numbers nothing by itself."""
        return rows.append_column("id", pa.array(bulk.new_ids(self._connection, table, rows.num_rows)))

    def matches(self, ids: Collection[int]) -> list[BankMatch]:
        """Matches by id with their items and parts. Raises NotFoundError."""
        rows = self._connection.execute(
            sa.select(t.bank_matches).where(among(self._connection, _MATCH.id, ids)).order_by(_MATCH.id)
        ).all()
        if len(rows) < len(set(ids)):
            raise NotFoundError("A match was not found; somebody may have taken it back.")
        parts: dict[int, list[MatchPart]] = {}
        found = self._connection.execute(
            sa.select(t.bank_match_parts)
            .where(among(self._connection, t.bank_match_parts.c.match_id, ids))
            .order_by(t.bank_match_parts.c.id)
        )
        for row in found:
            parts.setdefault(row.match_id, []).append(
                MatchPart(row.transaction_id, row.deposit_id, row.amount_cents)
            )
        return [_bank_match(row, parts.get(row.id, [])) for row in rows]

    def live_match_ids(
        self, account_ids: Collection[int], states: Iterable[MatchState] = (MatchState.PROPOSED,)
    ) -> list[int]:
        """Matches in these states that hold a line of these accounts."""
        return list(
            self._connection.scalars(
                sa.select(_MATCH.id)
                .join(t.bank_match_items, sa.and_(_ITEM.match_id == _MATCH.id, _ITEM.live))
                .join(t.bank_transactions, _LINE.id == _ITEM.transaction_id)
                .where(
                    among(self._connection, _LINE.account_id, account_ids),
                    _MATCH.state.in_([state.value for state in states]),
                )
                .distinct()
                .order_by(_MATCH.id)
            )
        )

    def rejected_pairs(self) -> set[tuple[int, int]]:
        """`(line, deposit)` that a person turned down: never proposed again."""
        c = t.bank_match_parts.c
        rows = self._connection.execute(
            sa.select(c.transaction_id, c.deposit_id)
            .join(t.bank_matches, _MATCH.id == c.match_id)
            .where(_MATCH.state == MatchState.REJECTED.value)
        )
        return {(row.transaction_id, row.deposit_id) for row in rows}

    def confirm_match(self, match_id: int, user_id: int, reason: str) -> None:
        """Raises ChangedByAnotherError unless it is still proposed."""
        self._close(match_id, MatchState.PROPOSED, MatchState.CONFIRMED, user_id, reason)

    def end_match(
        self, match_id: int, seen: MatchState, state: MatchState, user_id: int, reason: str
    ) -> None:
        """Rejects or undoes it; its lines and deposits are free again. Raises ChangedByAnotherError."""
        self._close(match_id, seen, state, user_id, reason)
        self._connection.execute(
            sa.update(t.bank_match_items).where(_ITEM.match_id == match_id).values(live=False)
        )

    def _close(self, match_id: int, seen: MatchState, state: MatchState, user_id: int, reason: str) -> None:
        done = self._connection.execute(
            sa.update(t.bank_matches)
            .where(_MATCH.id == match_id, _MATCH.state == seen.value)
            .values(state=state.value, closed_at=now(), closed_by_id=user_id, close_reason=reason)
        )
        if done.rowcount != 1:
            raise ChangedByAnotherError("Somebody decided on this match meanwhile. Look again.")

    def drop_proposals(self, account_ids: Collection[int]) -> None:
        """Forgets all proposals on these accounts, before a new run makes them anew; nobody decided on them."""
        ids = self.live_match_ids(account_ids)
        for table, column in (
            (t.bank_match_parts, t.bank_match_parts.c.match_id),
            (t.bank_match_items, _ITEM.match_id),
            (t.bank_matches, _MATCH.id),
        ):
            self._connection.execute(sa.delete(table).where(among(self._connection, column, ids)))
        self._connection.execute(
            sa.update(t.bank_transactions)
            .where(
                _LINE.state == BankLineState.PROPOSED.value,
                among(self._connection, _LINE.account_id, account_ids),
            )
            .values(state=BankLineState.UNMATCHED.value, version=_LINE.version + 1)
        )

    def count_alias(self, payer_key: str, payer_id: int, by: int) -> None:
        """Counts a confirmed match of this name with this payer up, or down when it is undone."""
        c = t.payer_aliases.c
        here = (c.payer_key == payer_key, c.payer_id == payer_id)
        changed = self._connection.execute(
            sa.update(t.payer_aliases).where(*here).values(confirmed=c.confirmed + by)
        )
        if changed.rowcount == 0 and by > 0:
            self._connection.execute(
                sa.insert(t.payer_aliases).values(payer_key=payer_key, payer_id=payer_id, confirmed=by)
            )


def _distinct(match_ids: pa.Array, column: pa.ChunkedArray, name: str) -> pa.Table:
    """Each item of a match once, in order, as rows of `bank_match_items`."""
    both = pa.table({"match_id": match_ids, name: column}).group_by(["match_id", name]).aggregate([])
    return both.sort_by([("match_id", "ascending"), (name, "ascending")])


def _bank_match(row: Any, parts: list[MatchPart]) -> BankMatch:
    return BankMatch(
        row.id,
        MatchStep(row.step),
        MatchState(row.state),
        row.score,
        row.deposit_cents,
        row.line_cents,
        row.difference_cents,
        tuple(json.loads(row.reasons_json)),
        tuple(dict.fromkeys(part.line_id for part in parts)),
        tuple(dict.fromkeys(part.deposit_id for part in parts)),
        tuple(parts),
    )
