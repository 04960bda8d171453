"""What the steps found, gathered and handed out as Arrow tables; and the reasons in plain words."""

from dataclasses import dataclass, field

import numpy as np
import pyarrow as pa

from workbench.domain.bank import MatchStep
from workbench.domain.money import format_dollars
from workbench.reconcile.matching.sides import NONE, Numbers, Side


@dataclass(frozen=True, slots=True)
class Proposals:
    """Attributes:
    matches: `match_no, step, score, confirmed, deposits, lines, deposit_cents, line_cents, difference_cents,
        days_apart, payer_agrees, alternatives`; difference = line - deposit, so a card's fee is negative.
    parts: `match_no, deposit_id, line_id, amount_cents`: which share of the line went to which deposit.
    """

    matches: pa.Table
    parts: pa.Table


@dataclass(slots=True)
class Found:
    """Gathers matches and takes what they use off the free lists."""

    deposits: Side
    lines: Side
    count: int = 0
    _rows: dict[str, list[Numbers]] = field(default_factory=dict)
    _parts: dict[str, list[Numbers]] = field(default_factory=dict)

    def pairs(
        self,
        step: MatchStep,
        d: Numbers,
        j: Numbers,
        score: "float | np.ndarray",
        *,
        confirmed: bool = False,
        alternatives: int = 0,
    ) -> None:
        """One match for each deposit `d[k]` with line `j[k]`."""
        if len(d):
            self._add(step, np.arange(len(d)), d, j, len(d), score, confirmed, alternatives)

    def group(self, step: MatchStep, d: Numbers, j: Numbers, score: float, alternatives: int = 0) -> None:
        """One match of several deposits with one line, or of one deposit with several lines."""
        size = max(len(d), len(j))
        spread_d, spread_j = (np.resize(index, size) for index in (d, j))
        self._add(step, np.zeros(size, np.int64), spread_d, spread_j, 1, score, False, alternatives)  # noqa: FBT003

    def groups(self, step: MatchStep, match: Numbers, d: Numbers, j: Numbers, score: float) -> None:
        """Many groups at once: `match` counts 0, 0, 0, 1, 1, ... along `d` and `j`."""
        if len(match):
            self._add(step, match, d, j, int(match[-1]) + 1, score, False, 0)  # noqa: FBT003

    def _add(
        self,
        step: MatchStep,
        match: Numbers,
        d: Numbers,
        j: Numbers,
        size: int,
        score: "float | np.ndarray",
        confirmed: bool,  # noqa: FBT001 - private, named at both callers
        alternatives: int,
    ) -> None:
        self.deposits.free[d] = False
        self.lines.free[j] = False
        first = np.searchsorted(match, np.arange(size))
        paid, banked = self._sums(match, d, j, size)
        apart = np.abs(self.lines.day[j] - self.deposits.day[d])
        columns = {
            "match_no": np.arange(size) + self.count,
            "step": np.full(size, int(step)),
            "score": np.broadcast_to(np.asarray(score, np.float64), (size,)),
            "confirmed": np.full(size, confirmed),
            "deposits": np.maximum.reduceat(_position_in_match(match, d), first) + 1,
            "lines": np.maximum.reduceat(_position_in_match(match, j), first) + 1,
            "deposit_cents": paid,
            "line_cents": banked,
            "difference_cents": banked - paid,
            "days_apart": np.maximum.reduceat(apart, first),
            "payer_agrees": np.minimum.reduceat(
                (self.lines.payer[j] != NONE) & (self.lines.payer[j] == self.deposits.payer[d]), first
            ),
            "alternatives": np.full(size, alternatives),
        }
        parts = {
            "match_no": match + self.count,
            "deposit_id": self.deposits.ids[d],
            "line_id": self.lines.ids[j],
            "amount_cents": np.minimum(self.deposits.amount[d], self.lines.amount[j]),
        }
        for store, values in ((self._rows, columns), (self._parts, parts)):
            for name, column in values.items():
                store.setdefault(name, []).append(column)
        self.count += size

    def _sums(self, match: Numbers, d: Numbers, j: Numbers, size: int) -> tuple[Numbers, Numbers]:
        """Deposit and line cents of each match, a side that is spread counted once."""
        starts = np.searchsorted(match, np.arange(size))
        sums = []
        for side, index in ((self.deposits, d), (self.lines, j)):
            once = _position_in_match(match, index) > np.concatenate(
                ([NONE], _position_in_match(match, index)[:-1])
            )
            once[starts] = True
            sums.append(np.add.reduceat(side.amount[index] * once, starts))
        return sums[0], sums[1]

    def tables(self) -> Proposals:
        """Everything gathered so far."""
        return Proposals(_table(self._rows, _MATCHES), _table(self._parts, _PARTS))


_MATCHES = pa.schema(
    [
        ("match_no", pa.int64()), ("step", pa.int64()), ("score", pa.float64()), ("confirmed", pa.bool_()),
        ("deposits", pa.int64()), ("lines", pa.int64()), ("deposit_cents", pa.int64()), ("line_cents", pa.int64()),
        ("difference_cents", pa.int64()), ("days_apart", pa.int64()), ("payer_agrees", pa.bool_()),
        ("alternatives", pa.int64()),
    ]
)  # fmt: skip
_PARTS = pa.schema([(name, pa.int64()) for name in ("match_no", "deposit_id", "line_id", "amount_cents")])


def _table(columns: dict[str, list[Numbers]], schema: pa.Schema) -> pa.Table:
    arrays = [np.concatenate(columns[name]) if columns else np.array([]) for name in schema.names]
    return pa.table(
        [pa.array(array, kind) for array, kind in zip(arrays, schema.types, strict=True)], schema=schema
    )


def _position_in_match(match: Numbers, index: Numbers) -> Numbers:
    """0 for the first item of its match on this side, then 1, 2, ...; a repeated item keeps its position."""
    same = np.concatenate(([False], (match[1:] == match[:-1]) & (index[1:] == index[:-1])))
    new_match = np.concatenate(([True], match[1:] != match[:-1]))
    running = np.cumsum(~same)
    starts = running[new_match]
    return np.asarray(running - starts[np.cumsum(new_match) - 1], np.int64)


def reasons(
    step: MatchStep,
    *,
    deposits: int,
    lines: int,
    difference_cents: int,
    days_apart: int,
    payer_agrees: bool,
    alternatives: int,
) -> tuple[str, ...]:
    """Why a match was proposed, in the words the clerk sees."""
    first = {
        MatchStep.TRACE_AND_AMOUNT: "Trace number and amount are equal",
        MatchStep.TRACE: "Trace or check number is equal",
        MatchStep.PAYER_AMOUNT_DATE: "Amount is equal and the bank names the payer",
        MatchStep.AMOUNT_DATE: "Amount is equal",
        MatchStep.SEVERAL: "The amounts sum to the cent",
        MatchStep.CARD: "Card payment net of the processor's fee",
        MatchStep.HAND: "Put together by hand",
    }
    said = [first[step]]
    if deposits > 1:
        said.append(f"{deposits} deposits in one bank line")
    if lines > 1:
        said.append(f"one deposit in {lines} bank lines")
    if difference_cents:
        said.append(f"bank differs by {format_dollars(difference_cents)}")
    said.append("same day" if days_apart == 0 else f"{days_apart} day{'s' * (days_apart > 1)} apart")
    if payer_agrees and step is not MatchStep.PAYER_AMOUNT_DATE:
        said.append("payer agrees")
    if alternatives:
        said.append(f"{alternatives} other{'s' * (alternatives > 1)} would fit too")
    return tuple(said)
