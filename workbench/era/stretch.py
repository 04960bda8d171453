"""Reads one stretch of an interchange into the tables, with numbers that count from its beginning."""

from collections import Counter
from collections.abc import Sequence
from dataclasses import dataclass
from typing import Final, NamedTuple

import numpy as np
import pyarrow as pa

from workbench.domain.findings import Severity
from workbench.era import details, heading
from workbench.era.claims import claims, long_tables, service_lines
from workbench.era.columns import Numbers, arrow, strings
from workbench.era.delimiters import Buffer, Delimiters
from workbench.era.details import Columns, Source
from workbench.era.findings import NOT_835, UNKNOWN_SEGMENT, X12_STRUCTURE, Notes, Problem
from workbench.era.schema import SCHEMAS
from workbench.era.segments import (
    CODE_OF,
    ENVELOPE_IDS,
    FOREIGN,
    HEADER,
    INSIDE,
    KNOWN_IDS,
    NOWHERE,
    OUTSIDE,
    Rows,
    place,
)
from workbench.era.tokens import Bools, Ints, Tokens

_COUNTED_BY: Final = {
    "segment": "segments",
    "last_segment": "segments",
    "remittance_no": "remittances",
    "claim_no": "claims",
    "line_no": "lines",
}


_HEADS: Final = ("ISA", "GS")


@dataclass(frozen=True, slots=True)
class Counts:
    """How much there is, in a stretch or before it."""

    segments: int = 0
    remittances: int = 0
    claims: int = 0
    lines: int = 0

    def __add__(self, other: "Counts") -> "Counts":
        return Counts(
            self.segments + other.segments,
            self.remittances + other.remittances,
            self.claims + other.claims,
            self.lines + other.lines,
        )


class Envelope(NamedTuple):
    """One of ISA, GS, ST, SE, GE, IEA and its bytes in the file.

    `first` and `second` are its elements 1 and 2; `elements` are all of an ISA or GS (0 is the id), and of
    the others none: of those there may be very many.
    """

    row: int
    name: str
    first: str
    second: str
    byte_start: int
    byte_end: int
    elements: Sequence[str]


@dataclass(frozen=True, slots=True)
class Stretch:
    """What one stretch holds.

    Attributes:
        owners: the remittance of each row of `claims` and `service_lines`.
        scope_after: the scope with which the next stretch begins.
    """

    tables: dict[str, Columns]
    owners: dict[str, Numbers]
    envelopes: list[Envelope]
    counts: Counts
    problems: list[Problem]
    problem_counts: Counter[str]
    loops: Rows
    scope_after: int

    def record_batch(self, name: str, before: Counts) -> pa.RecordBatch:
        """A table of the stretch with numbers that count from the beginning of the file.

        Columns which the stretch does not know (those that come from the envelopes) are left out.
        """
        columns = self.tables[name]
        fields = [field for field in SCHEMAS[name] if field.name in columns]
        arrays = [_numbered(field, columns[field.name], before) for field in fields]
        return pa.RecordBatch.from_arrays(arrays, schema=pa.schema(fields))


def _numbered(field: pa.Field, column: details.Column, before: Counts) -> pa.Array:
    if isinstance(column, pa.Array):
        return column
    kind = np.int32 if field.type == pa.int32() else np.int64
    base = getattr(before, _COUNTED_BY[field.name]) if field.name in _COUNTED_BY else 0
    if field.name in ("segment", "last_segment"):
        base += 1  # segments are counted from 1
    nowhere = column == NOWHERE
    return arrow((column + base).astype(kind), nowhere)


def read_stretch(data: Buffer, start: int, end: int, delimiters: Delimiters, scope_before: int) -> Stretch:
    """Reads `data[start:end]`, which begins at the beginning of a segment."""
    tokens = Tokens(data, start, end, delimiters)
    rows = place(tokens, scope_before)
    source = Source(tokens, rows, Notes(rows))
    long = long_tables(source)
    lines = service_lines(source, long)
    clp, found_claims = claims(source, long, lines)
    cas, adjustments = details.adjustments(source)
    plb, provider_adjustments = details.provider_adjustments(source)
    facts = (long.names, long.references, long.dates, long.amounts, long.quantities)
    others = _elsewhere(source, [lines.rows, clp, cas, plb, rows.of("LQ", *INSIDE), *(f.rows for f in facts)])
    remittances = heading.remittances(source, long)
    _note_strays(source, others)
    return Stretch(
        tables={
            "remittances": remittances,
            "claims": found_claims,
            "service_lines": lines.columns,
            "adjustments": adjustments,
            "provider_adjustments": provider_adjustments,
            "names": long.names.columns,
            "references": long.references.columns,
            "dates": long.dates.columns,
            "amounts": long.amounts.columns,
            "quantities": long.quantities.columns,
            "remarks": long.remarks.columns,
            "others": {**source.places(others), "text": strings(tokens, tokens.whole(others))},
        },
        owners={"claims": rows.remittance[clp], "service_lines": rows.remittance[lines.rows]},
        envelopes=_envelopes(source),
        counts=Counts(len(tokens), len(remittances["segment"]), len(clp), len(lines.rows)),
        problems=source.notes.problems,
        problem_counts=source.notes.counts,
        loops=rows,
        scope_after=rows.scope_after,
    )


def _elsewhere(source: Source, used: list[Ints]) -> Ints:
    """Rows that are in no table of their own."""
    left = np.ones(len(source.tokens), np.bool_)
    for rows in used:
        left[rows] = False
    return np.flatnonzero(left)


def _note_strays(source: Source, others: Ints) -> None:
    """Segments that an 835 does not have, or not in this place: they are kept in `others` and shown."""
    rows, notes = source.rows, source.notes
    if len(rows.lower_case):
        message = "The segment id is in lower case; it is read."
        notes.add(X12_STRUCTURE, Severity.WARNING, message, rows.lower_case)
    unknown = rows.by_code[0]
    unknown = unknown[~rows.within(unknown, FOREIGN)]
    if len(unknown):
        message = "No such segment is known in an 835; it is kept as it stands and not used."
        notes.add(UNKNOWN_SEGMENT, Severity.WARNING, message, unknown)
    scope = rows.scope[others]
    stray = (scope == OUTSIDE) & ~_among(rows, others, (*ENVELOPE_IDS, "TA1"))
    stray |= (scope != FOREIGN) & _among(rows, others, ("CLP", "SVC", "CAS", "PLB"))
    stray |= ~np.isin(scope, (HEADER, FOREIGN)) & _among(rows, others, ("BPR", "TRN"))
    stray &= rows.codes[others] > 0
    if stray.any():
        message = "The segment stands where an 835 cannot have it; it is kept as it stands and not used."
        notes.add(X12_STRUCTURE, Severity.CRITICAL, message, others[stray])
    foreign = rows.of("ST", FOREIGN)
    if len(foreign):
        notes.add(NOT_835, Severity.WARNING, "This transaction is not an 835; it is passed over.", foreign)


def _among(rows: Rows, some: Ints, names: tuple[str, ...]) -> Bools:
    """Which of `some` rows have one of these ids."""
    return np.isin(rows.codes[some], [CODE_OF[name] for name in names])


def _envelopes(source: Source) -> list[Envelope]:
    tokens, codes = source.tokens, source.rows.codes
    rows = np.sort(np.concatenate([source.rows.by_code[CODE_OF[name]] for name in ENVELOPE_IDS]))
    names = [KNOWN_IDS[code - 1] for code in codes[rows].tolist()]
    columns = (
        rows.tolist(),
        names,
        _texts(source, rows, 1),
        _texts(source, rows, 2),
        *(bound.tolist() for bound in tokens.places_in_file(rows)),
        [_elements(tokens, row) if name in _HEADS else () for row, name in zip(rows, names, strict=True)],
    )
    return [Envelope(*values) for values in zip(*columns, strict=True)]


def _texts(source: Source, rows: Ints, element: int) -> list[str]:
    found: list[str | None] = strings(source.tokens, source.tokens.element(rows, element)).to_pylist()
    return [text or "" for text in found]


def _elements(tokens: Tokens, row: int) -> list[str]:
    whole = tokens.bytes[tokens.starts[row] : tokens.ends[row]].tobytes()
    return whole.decode("latin-1").split(chr(tokens.delimiters.element))
