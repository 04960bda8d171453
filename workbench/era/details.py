"""The long tables: names, references, dates, amounts, quantities, remarks, CAS and PLB, one row a fact."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from workbench.domain.findings import Severity
from workbench.era import columns
from workbench.era.columns import Days, Numbers
from workbench.era.findings import X12_STRUCTURE, Notes
from workbench.era.segments import CLAIM, CODE_OF, INSIDE, LINE, Rows
from workbench.era.tokens import Ints, Segments, Tokens, key_of

Column: TypeAlias = "Numbers | Ints | pa.Array"
Columns: TypeAlias = dict[str, Column]

CAS_TRIPLETS: Final = 6
PLB_PAIRS: Final = 6
_ABSENT = 1 << 40  # an element number that no segment has
# N1 and NM1 hold the same facts in different elements.
_NAME_ELEMENTS: Final = {
    "entity": (1, 1),
    "entity_type": (_ABSENT, 2),
    "last": (2, 3),
    "first": (_ABSENT, 4),
    "middle": (_ABSENT, 5),
    "suffix": (_ABSENT, 7),
    "id_qualifier": (3, 8),
    "id": (4, 9),
}
# Where remark codes stand: (id, elements). MIA05 and MIA20 to MIA23, MOA03 to MOA07.
_REMARK_ELEMENTS: Final = (
    ("LQ", range(2, 3)),
    ("MIA", range(5, 6)),
    ("MIA", range(20, 24)),
    ("MOA", range(3, 8)),
)


@dataclass(frozen=True, slots=True)
class Source:
    """One stretch: its tokens, their places, and where to note what is wrong."""

    tokens: Tokens
    rows: Rows
    notes: Notes

    def of(self, name: str, *scopes: int) -> Segments:
        """The segments of an id, of all or of the given scopes."""
        return self.tokens.pick(self.rows.of(name, *scopes))

    def text(self, segments: Segments, element: int) -> pa.Array:
        """The texts of one element."""
        if element > segments.longest:
            return pa.nulls(len(segments), pa.string())
        return columns.strings(self.tokens, segments.element(element))

    def cents(self, segments: Segments, element: int, name: str, *, required: bool) -> pa.Array:
        """The amounts of one element; unreadable ones are noted."""
        bounds = segments.element(element)
        cents, readable = columns.amounts(self.tokens, bounds)
        if not readable.all():
            self.notes.amounts(name, segments.rows, bounds, readable, required=required)
        return columns.cents_column(cents, readable)

    def days(self, segments: Segments, element: int, name: str) -> Days:
        """The dates of one element; unreadable ones are noted."""
        bounds = segments.element(element)
        days = columns.dates(self.tokens, bounds)
        self.notes.dates(name, segments.rows, bounds, days != columns.NO_DATE)
        return days

    def places(self, rows: Ints) -> Columns:
        """The loop numbers of some segments, and the segments' own numbers."""
        return {
            "remittance_no": self.rows.remittance[rows],
            "claim_no": self.rows.claim[rows],
            "line_no": self.rows.line[rows],
            "segment": rows,
        }


@dataclass(frozen=True, slots=True)
class Facts:
    """Segments of the form qualifier and value. `keys` are the qualifiers as integers (`key_of`)."""

    rows: Ints
    keys: npt.NDArray[np.uint32]
    columns: Columns

    def having(self, qualifier: str, rows: Rows, *scopes: int) -> Ints:
        """The places of the facts with this qualifier in these scopes."""
        chosen = np.flatnonzero(self.keys == key_of(qualifier))
        return chosen[rows.within(self.rows[chosen], *scopes)]


def qualified(source: Source, segments: Segments, **values: pa.Array) -> Facts:
    """The facts of segments whose first element is the qualifier."""
    bounds = segments.element(1)
    qualifier = columns.strings(source.tokens, bounds)
    keys = source.tokens.keys(bounds)
    return Facts(segments.rows, keys, {**source.places(segments.rows), "qualifier": qualifier, **values})


def references(source: Source) -> Facts:
    """REF: qualifier and number."""
    segments = source.of("REF", *INSIDE)
    return qualified(source, segments, value=source.text(segments, 2))


def quantities(source: Source) -> Facts:
    """QTY."""
    segments = source.of("QTY", *INSIDE)
    return qualified(source, segments, value=source.text(segments, 2))


def amounts(source: Source) -> Facts:
    """AMT: memo amounts, which never take part in balancing (spec deposits 4.4)."""
    segments = source.of("AMT", *INSIDE)
    return qualified(source, segments, amount_cents=source.cents(segments, 2, "AMT02", required=False))


def dates(source: Source) -> tuple[Facts, Days]:
    """DTM, and its values as days since 1970."""
    segments = source.of("DTM", *INSIDE)
    days = source.days(segments, 2, "DTM02")
    return qualified(source, segments, value=columns.date_column(days)), days


def names(source: Source) -> Facts:
    """N1 and NM1. There are few N1, so the elements are taken as those of NM1 and then put right."""
    rows = np.sort(np.concatenate((source.rows.of("N1", *INSIDE), source.rows.of("NM1", *INSIDE))))
    segments = source.tokens.pick(rows)
    is_n1 = source.rows.codes[rows] == CODE_OF["N1"]
    n1 = segments.subset(is_n1)
    found = source.places(rows)
    for column, (in_n1, in_nm1) in _NAME_ELEMENTS.items():
        starts, ends = (edge.copy() for edge in segments.element(in_nm1))
        starts[is_n1], ends[is_n1] = n1.element(in_n1)
        found[column] = columns.strings(source.tokens, (starts, ends))
    return Facts(rows, source.tokens.keys(segments.element(1)), found)


def remarks(source: Source) -> Facts:
    """LQ, and the remark codes of MIA and MOA, in file order. Keys are those of the qualifier column."""
    parts = [_remarks_of(source, name, elements) for name, elements in _REMARK_ELEMENTS]
    rows = np.concatenate([part.rows for part in parts])
    order = np.argsort(rows, kind="stable")
    qualifier, code = (
        pa.concat_arrays([part.columns[column] for part in parts]).take(columns.arrow(order))
        for column in ("qualifier", "code")
    )
    keys = np.concatenate([part.keys for part in parts])[order]
    rows = rows[order]
    return Facts(rows, keys, {**source.places(rows), "qualifier": qualifier, "code": code})


def _remarks_of(source: Source, name: str, elements: range) -> Facts:
    """The remark codes of one segment id. An LQ has a qualifier of its own and is there even when empty."""
    segments = source.of(name, *INSIDE)
    if name == "LQ":
        found = qualified(source, segments, code=source.text(segments, elements.start))
        starts, ends = segments.element(elements.start)
        found.keys[starts == ends] = 0  # without a code it qualifies nothing
        return found
    each, position = segments.groups(elements.start, 1)
    starts, ends = each.element(1)
    there = (position <= len(elements)) & (starts < ends)
    code = columns.strings(source.tokens, (starts[there], ends[there]))
    starts = source.tokens.starts[each.rows[there]]
    qualifier = columns.strings(source.tokens, (starts, starts + len(name)))
    keys = np.full(len(code), key_of(name), np.uint32)
    return Facts(each.rows[there], keys, {"qualifier": qualifier, "code": code})


def adjustments(source: Source) -> tuple[Ints, Columns]:
    """Every triplet of every CAS in a claim or line, and the CAS rows."""
    segments = source.of("CAS", CLAIM, LINE)
    triplets, position = _filled(segments, first=2, width=3)
    _note_too_long(source, segments, 1 + 3 * CAS_TRIPLETS, "CAS", "six triplets")
    return segments.rows, {
        **source.places(triplets.rows),
        "position": position,
        "group": source.text(source.tokens.pick(triplets.rows), 1),
        "reason": source.text(triplets, 1),
        "amount_cents": source.cents(triplets, 2, "A CAS amount", required=True),
        "quantity": source.text(triplets, 3),
    }


def provider_adjustments(source: Source) -> tuple[Ints, Columns]:
    """Every pair of every PLB, each with its own reference, and the PLB rows."""
    segments = source.of("PLB", *INSIDE)
    pairs, position = _filled(segments, first=3, width=2)
    _note_too_long(source, segments, 2 + 2 * PLB_PAIRS, "PLB", "six pairs")
    identifier = source.tokens.composites(pairs.element(1))
    source.days(segments, 2, "PLB02")
    each = source.tokens.pick(pairs.rows)
    return segments.rows, {
        "remittance_no": source.rows.remittance[pairs.rows],
        "segment": pairs.rows,
        "position": position,
        "provider_id": source.text(each, 1),
        "fiscal_period_end": columns.date_column(columns.dates(source.tokens, each.element(2))),
        "reason": columns.strings(source.tokens, identifier.component(1)),
        "reference": columns.strings(source.tokens, identifier.component(2)),
        "amount_cents": source.cents(pairs, 2, "A PLB amount", required=True),
    }


def _filled(segments: Segments, *, first: int, width: int) -> tuple[Segments, Ints]:
    """The repeating groups in which a code or an amount stands.

    A segment with none of them is kept with its first group, so that it comes out as a row without an
    amount and is noticed.
    """
    groups, position = segments.groups(first, width)
    if len(groups) == len(segments):
        return groups, position
    (code_start, code_end), (start, end) = groups.element(1), groups.element(2)
    full = (code_start < code_end) | (start < end)
    place = np.cumsum(position == 1) - 1
    lonely = np.bincount(place[full], minlength=len(segments)) == 0
    full |= (position == 1) & lonely[place]
    return groups.subset(full), position[full]


def _note_too_long(source: Source, segments: Segments, longest: int, name: str, limit: str) -> None:
    if segments.longest > longest:
        long = segments.rows[source.tokens.sizes[segments.rows] > longest]
        message = f"The {name} has more than its {limit}; all of them are read."
        source.notes.add(X12_STRUCTURE, Severity.WARNING, message, long)
