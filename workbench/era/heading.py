"""The part of the remittance table that comes from its own segments: BPR, TRN, DTM*405 and the two parties."""

from typing import NamedTuple

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

from workbench.domain.findings import Severity
from workbench.era import columns
from workbench.era.claims import LongTables
from workbench.era.details import Columns, Facts, Source
from workbench.era.findings import X12_STRUCTURE
from workbench.era.segments import HEADER
from workbench.era.tokens import Ints, Segments, key_of

_BPR_TEXTS = {
    "handling_code": 1,
    "credit_debit": 3,
    "payment_method": 4,
    "payment_format": 5,
    "originator_id": 10,
    "originator_code": 11,
}
_TRN_TEXTS = {"trace_number": 2, "trace_originator": 3, "trace_supplement": 4}


def remittances(source: Source, tables: LongTables) -> Columns:
    """One row per ST*835 of the stretch; what is not said in its heading is null."""
    opened = source.rows.of("ST", HEADER)
    count = len(opened)
    bpr, trn = _only(source, "BPR", opened), _only(source, "TRN", opened)
    found: Columns = {"remittance_no": source.rows.remittance[opened], "segment": opened}
    for column, element in _BPR_TEXTS.items():
        found[column] = columns.picked(source.text(bpr.segments, element), bpr.places)
    amount = source.cents(bpr.segments, 2, "BPR02", required=True)
    found["amount_cents"] = columns.picked(amount, bpr.places)
    effective = columns.picked_days(source.days(bpr.segments, 16, "BPR16"), bpr.places)
    found["effective_date"] = columns.date_column(effective)
    for column, element in _TRN_TEXTS.items():
        found[column] = columns.picked(source.text(trn.segments, element), trn.places)
    production = columns.picked_days(tables.days, _first(source, tables.dates, "405", count))
    found["production_date"] = columns.date_column(production)
    return found | _parties(source, tables, count)


class _Chosen(NamedTuple):
    """A segment in headings, and which of them each remittance takes (-1: none)."""

    segments: Segments
    places: Ints


def _only(source: Source, name: str, opened: Ints) -> _Chosen:
    """The first such segment of each remittance; a missing or second one is a finding."""
    segments = source.of(name, HEADER)
    places = columns.first_of(source.rows.remittance[segments.rows], len(opened))
    again = np.setdiff1d(np.arange(len(segments)), places)
    if len(again):
        message = f"A second {name} in the transaction is not used: it may be another payment without its ST."
        source.notes.add(X12_STRUCTURE, Severity.CRITICAL, message, segments.rows[again])
    missing = opened[places < 0]
    if len(missing):
        source.notes.add(X12_STRUCTURE, Severity.CRITICAL, f"The transaction has no {name}.", missing)
    return _Chosen(segments, places)


def _first(source: Source, facts: Facts, qualifier: str, count: int) -> Ints:
    """The place of the first such fact in the heading of each remittance, -1 when it has none."""
    return _first_at(source, facts, facts.having(qualifier, source.rows, HEADER), count)


def _first_at(source: Source, facts: Facts, places: Ints, count: int) -> Ints:
    first = columns.first_of(source.rows.remittance[facts.rows[places]], count)
    return np.append(places, -1)[first]


def _parties(source: Source, tables: LongTables, count: int) -> Columns:
    """Payer (N1*PR) and payee (N1*PE) with the REF that follow them."""
    names = tables.names
    found: Columns = {}
    for party, entity in (("payer", "PR"), ("payee", "PE")):
        places = _first(source, names, entity, count)
        for part, column in (("last", "name"), ("id_qualifier", "id_qualifier"), ("id", "id")):
            found[f"{party}_{column}"] = columns.picked(names.columns[part], places)
    found["payer_additional_id"] = _party_reference(source, tables, "PR", "2U", count)
    qualifier = _identified_by(source, names, places)  # of the payee, the last of the two
    found["payee_npi"] = columns.picked(names.columns["id"], np.where(qualifier == key_of("XX"), places, -1))
    by_tax = columns.picked(names.columns["id"], np.where(qualifier == key_of("FI"), places, -1))
    found["payee_tin"] = pc.coalesce(by_tax, _party_reference(source, tables, "PE", "TJ", count))
    return found


def _identified_by(source: Source, names: Facts, places: Ints) -> Ints:
    """N103 of the N1 at each place as an integer, 0 at -1."""
    keys = np.zeros(len(places), np.uint32)
    there = places >= 0
    keys[there] = source.tokens.keys(source.tokens.element(names.rows[places[there]], 3))
    return keys.astype(np.int64)


def _party_reference(source: Source, tables: LongTables, entity: str, qualifier: str, count: int) -> pa.Array:
    """The first REF with this qualifier after each remittance's N1 of this entity, before the next N1."""
    names, references = tables.names, tables.references
    heading = source.rows.within(names.rows, HEADER)
    rows, entities = names.rows[heading], names.keys[heading]
    places = references.having(qualifier, source.rows, HEADER)
    before = np.searchsorted(rows, references.rows[places]) - 1
    places, before = places[before >= 0], before[before >= 0]
    same = source.rows.remittance[rows[before]] == source.rows.remittance[references.rows[places]]
    places = places[same & (entities[before] == key_of(entity))]
    return columns.picked(references.columns["value"], _first_at(source, references, places, count))
