"""The tables of claims (CLP, 2100) and service lines (SVC, 2110), gathered from the long tables."""

from dataclasses import dataclass

import numpy as np
import pyarrow as pa

from workbench.era import columns, details
from workbench.era.columns import NO_DATE, Days, Numbers
from workbench.era.details import Columns, Facts, Source
from workbench.era.segments import CLAIM, LINE
from workbench.era.tokens import Ints, Segments

_NAME_COLUMNS = {
    "QC": {"last": "patient_last", "first": "patient_first", "middle": "patient_middle", "id": "patient_id"},
    "IL": {"last": "subscriber_last", "first": "subscriber_first", "id": "subscriber_id"},
    "74": {"last": "corrected_last", "first": "corrected_first", "id": "corrected_id"},
    "82": {"id": "rendering_npi"},
    "TT": {"last": "crossover_name", "id": "crossover_id"},
}


@dataclass(frozen=True, slots=True)
class LongTables:
    """What claims and lines draw on. `days` are the values of `dates`, as days since 1970."""

    names: Facts
    references: Facts
    dates: Facts
    days: Days
    amounts: Facts
    quantities: Facts
    remarks: Facts


def long_tables(source: Source) -> LongTables:
    """Every REF, DTM, AMT, QTY, N1, NM1, LQ, MIA and MOA inside the stretch's transactions."""
    return LongTables(
        details.names(source),
        details.references(source),
        *details.dates(source),
        details.amounts(source),
        details.quantities(source),
        details.remarks(source),
    )


@dataclass(frozen=True, slots=True)
class Lines:
    """The service lines of a stretch: SVC rows, columns, and the dates again as days since 1970."""

    rows: Ints
    columns: Columns
    service_from: Days
    service_to: Days


def service_lines(source: Source, tables: LongTables) -> Lines:
    """One row per SVC in a claim."""
    segments = source.of("SVC", LINE)
    rows = segments.rows
    own = _Owned(source, source.rows.line, len(rows), tables, (LINE,))
    procedure = source.tokens.composites(segments.element(1))
    single, begin, end = own.days("472"), own.days("150"), own.days("151")
    begin = np.where(begin == NO_DATE, single, begin)
    end = np.where(end == NO_DATE, np.where(single == NO_DATE, begin, single), end)
    modifiers = columns.strings(source.tokens, procedure.component(3, 6))
    separator = source.tokens.delimiters.component
    found: Columns = {
        **source.places(rows),
        "code_qualifier": columns.strings(source.tokens, procedure.component(1)),
        "code": columns.strings(source.tokens, procedure.component(2)),
        "modifiers": columns.rejoined(modifiers, separator, " "),
        "charge_cents": source.cents(segments, 2, "SVC02", required=True),
        "paid_cents": source.cents(segments, 3, "SVC03", required=True),
        "revenue_code": source.text(segments, 4),
        "units": source.text(segments, 5),
        "original_code": _original_code(source, segments),
        "original_units": source.text(segments, 7),
        "service_from": columns.date_column(begin),
        "service_to": columns.date_column(end),
        "allowed_cents": own.amount("B6"),
        "line_control_no": own.reference("6R"),
        "remark_codes": own.remark_codes("HE"),
        "references": own.references(),
    }
    return Lines(rows, found, begin, end)


def _original_code(source: Source, segments: Segments) -> pa.Array:
    """SVC06-2, where the payer changed the code: seldom there, and cut only then."""
    if segments.longest < 6:
        return pa.nulls(len(segments), pa.string())
    return columns.strings(source.tokens, source.tokens.composites(segments.element(6)).component(2))


def claims(source: Source, tables: LongTables, lines: Lines) -> tuple[Ints, Columns]:
    """One row per CLP in an 835; returns the CLP rows too. `lines` are the stretch's service lines."""
    segments = source.of("CLP", CLAIM)
    rows = segments.rows
    own = _Owned(source, source.rows.claim, len(rows), tables, (CLAIM,))
    statement_from, statement_to = own.days("232"), own.days("233")
    begin, end = _service_dates(statement_from, statement_to, lines, source.rows.claim[lines.rows])
    ends = source.rows.claim_ends
    found: Columns = {
        "remittance_no": source.rows.remittance[rows],
        "claim_no": source.rows.claim[rows],
        "segment": rows,
        "last_segment": ends - 1,
        "byte_start": source.tokens.places_in_file(rows)[0],
        "byte_end": source.tokens.places_in_file(ends - 1)[1],
        "pcn": source.text(segments, 1),
        "remit_status": source.text(segments, 2),
        "charge_cents": source.cents(segments, 3, "CLP03", required=True),
        "paid_cents": source.cents(segments, 4, "CLP04", required=True),
        "patient_responsibility_cents": source.cents(segments, 5, "CLP05", required=False),
        "filing_indicator": source.text(segments, 6),
        "payer_claim_no": source.text(segments, 7),
        "facility_type": source.text(segments, 8),
        "frequency": source.text(segments, 9),
        "service_from": columns.date_column(begin),
        "service_to": columns.date_column(end),
        "statement_from": columns.date_column(statement_from),
        "statement_to": columns.date_column(statement_to),
        "received_date": columns.date_column(own.days("050")),
        "coverage_expires": columns.date_column(own.days("036")),
        "allowed_cents": own.amount("AU"),
        "interest_cents": own.amount("I"),
        "remark_codes": own.remark_codes("MIA", "MOA"),
        "references": own.references(),
    }
    for entity, wanted in _NAME_COLUMNS.items():
        found |= own.names(entity, wanted)
    return rows, found


def _service_dates(begin: Days, end: Days, lines: Lines, owners: Numbers) -> tuple[Days, Days]:
    """Claim dates as sent, else from the first to the last day of the claim's lines."""
    no_first = np.int32(np.iinfo(np.int32).max)
    first, last = np.full(len(begin), no_first), np.full(len(begin), NO_DATE, np.int32)
    dated = lines.service_from != NO_DATE
    np.minimum.at(first, owners[dated], lines.service_from[dated])
    np.maximum.at(last, owners, lines.service_to)
    first[first == no_first] = NO_DATE
    begin = np.where(begin == NO_DATE, first, begin)
    return begin, np.where(end == NO_DATE, np.where(last == NO_DATE, begin, last), end)


class _Owned:
    """The facts of each claim, or of each line."""

    def __init__(
        self, source: Source, owners: Numbers, count: int, tables: LongTables, scopes: tuple[int, ...]
    ) -> None:
        self._source, self._owners, self._count = source, owners, count
        self._tables, self._scopes = tables, scopes

    def _first(self, facts: Facts, qualifier: str, *scopes: int) -> Ints:
        """The place of each owner's first fact with this qualifier, -1 when it has none."""
        places = facts.having(qualifier, self._source.rows, *(scopes or self._scopes))
        first = columns.first_of(self._owners[facts.rows[places]], self._count)
        return np.append(places, -1)[first]

    def days(self, qualifier: str) -> Days:
        return columns.picked_days(self._tables.days, self._first(self._tables.dates, qualifier))

    def amount(self, qualifier: str) -> pa.Array:
        facts = self._tables.amounts
        return columns.picked(facts.columns["amount_cents"], self._first(facts, qualifier))

    def reference(self, qualifier: str) -> pa.Array:
        facts = self._tables.references
        return columns.picked(facts.columns["value"], self._first(facts, qualifier))

    def names(self, entity: str, wanted: dict[str, str]) -> Columns:
        """Name columns of one entity. An NM1 after an SVC still names somebody of the claim."""
        facts = self._tables.names
        places = self._first(facts, entity, CLAIM, LINE)
        return {column: columns.picked(facts.columns[part], places) for part, column in wanted.items()}

    def references(self) -> pa.Array:
        """All of an owner's REF as `1L=..;EA=..`."""
        rows = self._mine(self._tables.references.rows)
        segments = self._source.tokens.pick(rows)
        pairs = columns.strings(self._source.tokens, (segments.element(1)[0], segments.element(2)[1]))
        separator = self._source.tokens.delimiters.element
        return self._joined(columns.rejoined(pairs, separator, "="), rows, ";")

    def remark_codes(self, *qualifiers: str) -> pa.Array:
        facts = self._tables.remarks
        found = [facts.having(qualifier, self._source.rows, *self._scopes) for qualifier in qualifiers]
        places = np.sort(np.concatenate(found))
        return self._joined(facts.columns["code"].take(columns.arrow(places)), facts.rows[places], " ")

    def _mine(self, rows: Ints) -> Ints:
        return rows[self._source.rows.within(rows, *self._scopes)]

    def _joined(self, texts: pa.Array, rows: Ints, separator: str) -> pa.Array:
        return columns.joined(texts, self._owners[rows], self._count, separator)
