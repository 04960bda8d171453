"""What the rules do with the adjustments of a whole file (spec deposits 5), all rows that no rule tells apart at once.

Vectorised: a file has few combinations of code, payer and remit status and many adjustments. A million of
them take tenths of a second.
"""

from collections.abc import Iterable, Sequence
from dataclasses import dataclass

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.domain.posting_rule import AdjustmentFacts
from workbench.domain.remit import remit_status
from workbench.reconcile.rules import Decision, RuleBook


@dataclass(frozen=True, slots=True)
class Ruled:
    """Per adjustment: effect and payment type (or null) as words; the office's rule, null where a shipped one won."""

    effects: pa.DictionaryArray
    payment_types: pa.DictionaryArray
    rule_ids: pa.Array


def rule_on(
    book: RuleBook, claims: pa.Table, lines: pa.Table, adjustments: pa.Table, payers: Sequence[int | None]
) -> Ruled:
    """Decides as posting would, with everything a rule may look at.

    The tables have the columns of docs/architecture.md; `payers`: by remittance number.
    """
    facts = _facts(book, claims, lines, adjustments, payers)
    kinds, first = _alike(facts.columns, facts.num_rows)
    found = [book.decide(_asked(row)) for row in facts.take(pa.array(first)).to_pylist()]
    return Ruled(
        _spread_out([decision.effect.value for decision in found], kinds),
        _spread_out([_payment_type(decision) for decision in found], kinds),
        pc.take(pa.array([decision.rule_id for decision in found], pa.int64()), pa.array(kinds)),
    )


def _facts(
    book: RuleBook, claims: pa.Table, lines: pa.Table, adjustments: pa.Table, payers: Sequence[int | None]
) -> pa.Table:
    """A row per adjustment, with the columns that some rule looks at."""
    claim = pc.index_in(adjustments["claim_no"], value_set=claims["claim_no"])
    paid_by = pc.take(pa.array(payers, pa.int64()), claims["remittance_no"])
    columns = {
        "group": adjustments["group"],
        "carc": adjustments["reason"],
        "payer_id": pc.take(paid_by, claim),
        "remit_status": pc.take(claims["remit_status"], claim),
    }
    if book.looks_at_rarc or book.looks_at_cpt:
        line = pc.index_in(adjustments["line_no"], value_set=lines["line_no"])
        columns["cpt"] = pc.take(lines["code"], line)
        remarks = (pc.take(claims["remark_codes"], claim), pc.take(lines["remark_codes"], line))
        columns["rarcs"] = pc.binary_join_element_wise(*remarks, " ", null_handling="replace")
    if book.looks_at_amount:
        columns["amount_cents"] = pc.fill_null(adjustments["amount_cents"], 0)
    return pa.table(columns)


def _asked(row: dict[str, object]) -> AdjustmentFacts:
    status = str(row["remit_status"] or "")
    level = remit_status(status).level
    rarcs = frozenset(str(row.get("rarcs") or "").split())
    told = {name: row[name] for name in ("group", "carc", "payer_id", "cpt", "amount_cents") if name in row}
    return AdjustmentFacts(
        **told,  # type: ignore[arg-type]
        payer_level=level.value if level else None,
        remit_status=status,
        rarcs=rarcs,
    )


def _alike(columns: Iterable[pa.ChunkedArray], rows: int) -> tuple[np.ndarray, np.ndarray]:
    """The kind of each row, from 0, where rows of one kind have the same in every column; the first row of each kind."""
    kinds = np.zeros(rows, np.int64)
    for column in columns:
        # Arrow's hashing, not a sort: a file has tens of distinct kinds among its many rows.
        coded = _whole(column).dictionary_encode("encode")
        codes = coded.indices.to_numpy(zero_copy_only=False).astype(np.int64)
        pairs = pa.array(kinds * max(len(coded.dictionary), 1) + codes).dictionary_encode()
        kinds = pairs.indices.to_numpy(zero_copy_only=False).astype(np.int64)
    first = np.zeros(kinds.max(initial=-1) + 1, np.int64)
    first[kinds[::-1]] = np.arange(rows)[::-1]
    return kinds, first


def _whole(column: pa.ChunkedArray) -> pa.Array:
    whole = column.combine_chunks()
    return whole.dictionary_decode() if isinstance(whole, pa.DictionaryArray) else whole


def _payment_type(decision: Decision) -> str | None:
    return decision.payment_type.value if decision.payment_type else None


def _spread_out(word_of_kind: list[str | None], kinds: np.ndarray) -> pa.DictionaryArray:
    coded = pa.array(word_of_kind, pa.string()).dictionary_encode()
    return pa.DictionaryArray.from_arrays(pc.take(coded.indices, pa.array(kinds)), coded.dictionary)
