"""The long tables: names, references, dates, amounts, quantities, remarks, CAS and PLB, one row a fact."""

from dataclasses import dataclass
from typing import Final, TypeAlias

import numpy as np
import pyarrow as pa

from workbench.domain.findings import Severity
from workbench.era import columns
from workbench.era.columns import Days, Numbers
from workbench.era.findings import X12_STRUCTURE, Notes
from workbench.era.segments import CLAIM, INSIDE, LINE, Rows
from workbench.era.tokens import Ints, Tokens, key_of

Column: TypeAlias = "Numbers | Ints | pa.Array"
Columns: TypeAlias = dict[str, Column]

CAS_TRIPLETS: Final = 6
PLB_PAIRS: Final = 6
_ABSENT = 10_000  # an element number that no segment has
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
# Where remark codes stand.
_REMARK_ELEMENTS: Final = {"LQ": (2,), "MIA": (5, 20, 21, 22, 23), "MOA": (3, 4, 5, 6, 7)}


@dataclass(frozen=True, slots=True)
class Source:
    """One stretch: its tokens, their places, and where to note what is wrong."""

    tokens: Tokens
    rows: Rows
    notes: Notes

    def text(self, rows: Ints, element: int | Ints) -> pa.Array:
        """The texts of one element."""
        return columns.strings(self.tokens, self.tokens.element(rows, element))

    def cents(self, rows: Ints, element: int | Ints, name: str, *, required: bool) -> pa.Array:
        """The amounts of one element; unreadable ones are noted."""
        bounds = self.tokens.element(rows, element)
        cents, readable = columns.amounts(self.tokens, bounds)
        if not readable.all():
            self.notes.amounts(name, rows, bounds, readable, required=required)
        return columns.cents_column(cents, readable)

    def days(self, rows: Ints, element: int, name: str) -> Days:
        """The dates of one element; unreadable ones are noted."""
        bounds = self.tokens.element(rows, element)
        days = columns.dates(self.tokens, bounds)
        self.notes.dates(name, rows, bounds, days != columns.NO_DATE)
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
    keys: Ints
    columns: Columns

    def owned(self, owners: Numbers, qualifier: str, scopes: Rows, *wanted: int) -> Numbers:
        """The owner (claim or line) of each fact with this qualifier in these scopes, -1 for all others."""
        chosen = self.keys == key_of(qualifier)
        if wanted:
            chosen &= np.isin(scopes.scope[self.rows], wanted)
        return np.where(chosen, owners[self.rows], -1)


def qualified(source: Source, name: str, **values: pa.Array) -> Facts:
    """The facts of a segment id whose first element is the qualifier."""
    rows = source.rows.of(name, *INSIDE)
    keys = source.tokens.keys(source.tokens.element(rows, 1)).astype(np.int64)
    return Facts(rows, keys, {**source.places(rows), "qualifier": source.text(rows, 1), **values})


def references(source: Source) -> Facts:
    """REF: qualifier and number."""
    return qualified(source, "REF", value=source.text(source.rows.of("REF", *INSIDE), 2))


def quantities(source: Source) -> Facts:
    """QTY."""
    return qualified(source, "QTY", value=source.text(source.rows.of("QTY", *INSIDE), 2))


def amounts(source: Source) -> Facts:
    """AMT: memo amounts, which never take part in balancing (spec deposits 4.4)."""
    cents = source.cents(source.rows.of("AMT", *INSIDE), 2, "AMT02", required=False)
    return qualified(source, "AMT", amount_cents=cents)


def names(source: Source) -> Facts:
    """N1 and NM1."""
    short = source.rows.of("N1", *INSIDE)
    rows = np.sort(np.concatenate((short, source.rows.of("NM1", *INSIDE))))
    is_short = np.isin(rows, short, assume_unique=True)
    found: Columns = source.places(rows)
    for column, (in_n1, in_nm1) in _NAME_ELEMENTS.items():
        found[column] = source.text(rows, np.where(is_short, in_n1, in_nm1))
    keys = source.tokens.keys(source.tokens.element(rows, 1)).astype(np.int64)
    return Facts(rows, keys, found)


def remarks(source: Source) -> Facts:
    """LQ, and the remark codes of MIA and MOA, in file order. Keys are those of the qualifier column."""
    found = {name: source.rows.of(name, *INSIDE) for name in _REMARK_ELEMENTS}
    places = [np.tile(np.array(_REMARK_ELEMENTS[name]), len(found[name])) for name in found]
    rows = np.concatenate([np.repeat(found[name], len(_REMARK_ELEMENTS[name])) for name in found])
    order = np.argsort(rows, kind="stable")
    rows, elements = rows[order], np.concatenate(places)[order]
    starts, ends = source.tokens.element(rows, elements)
    from_lq = np.isin(rows, found["LQ"])
    there = (starts < ends) | from_lq
    rows, elements, from_lq = rows[there], elements[there], from_lq[there]
    qualified_by = source.tokens.element(rows, 1)
    named_by = source.tokens.starts[rows], source.tokens.starts[rows] + len("MIA")
    qualifier = np.where(from_lq, qualified_by, named_by)[0], np.where(from_lq, qualified_by, named_by)[1]
    return Facts(
        rows,
        source.tokens.keys(qualifier).astype(np.int64),
        {
            **source.places(rows),
            "qualifier": columns.strings(source.tokens, qualifier),
            "code": source.text(rows, elements),
        },
    )


def adjustments(source: Source) -> tuple[Ints, Columns]:
    """Every triplet of every CAS in a claim or line, and the CAS rows."""
    rows = source.rows.of("CAS", CLAIM, LINE)
    cas, element, position = _repeats(source, rows, first=2, width=3)
    _note_too_long(source, rows, 1 + 3 * CAS_TRIPLETS, "CAS", "six triplets")
    return rows, {
        **source.places(cas),
        "position": position,
        "group": source.text(cas, 1),
        "reason": source.text(cas, element),
        "amount_cents": source.cents(cas, element + 1, "A CAS amount", required=True),
        "quantity": source.text(cas, element + 2),
    }


def provider_adjustments(source: Source) -> tuple[Ints, Columns]:
    """Every pair of every PLB, each with its own reference, and the PLB rows."""
    rows = source.rows.of("PLB", *INSIDE)
    plb, element, position = _repeats(source, rows, first=3, width=2)
    _note_too_long(source, rows, 2 + 2 * PLB_PAIRS, "PLB", "six pairs")
    identifier = source.tokens.composites(source.tokens.element(plb, element))
    days = columns.dates(source.tokens, source.tokens.element(plb, 2))
    source.days(rows, 2, "PLB02")
    return rows, {
        "remittance_no": source.rows.remittance[plb],
        "segment": plb,
        "position": position,
        "provider_id": source.text(plb, 1),
        "fiscal_period_end": columns.date_column(days),
        "reason": columns.strings(source.tokens, identifier.component(1)),
        "reference": columns.strings(source.tokens, identifier.component(2)),
        "amount_cents": source.cents(plb, element + 1, "A PLB amount", required=True),
    }


def _repeats(source: Source, rows: Ints, *, first: int, width: int) -> tuple[Ints, Ints, Ints]:
    """The repeating groups of segments: row, element number of the group's beginning, position from 1.

    A group whose elements are all empty is not there; a segment without any group is kept with its
    first one, so that it comes out as a row without an amount and is noticed.
    """
    groups = np.maximum(-(-(source.tokens.sizes[rows] - (first - 1)) // width), 1)
    row = np.repeat(rows, groups)
    position = np.arange(len(row)) - np.repeat(np.cumsum(groups) - groups, groups)
    element = first + width * position
    starts = source.tokens.element(row, element)[0]
    ends = source.tokens.element(row, element + 1)[1]
    full = ends - starts > (source.tokens.sizes[row] > element)
    lonely = np.bincount(np.searchsorted(rows, row[full]), minlength=len(rows)) == 0
    full |= (position == 0) & np.repeat(lonely, groups)
    return row[full], element[full], position[full] + 1


def _note_too_long(source: Source, rows: Ints, longest: int, name: str, limit: str) -> None:
    long = rows[source.tokens.sizes[rows] > longest]
    if len(long):
        message = f"The {name} has more than its {limit}; all of them are read."
        source.notes.add(X12_STRUCTURE, Severity.WARNING, message, long)
