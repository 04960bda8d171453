"""Writes 835 files from the values of `message`: for demo data, tests and benchmarks.

Counts, control numbers and envelopes are worked out here. Nothing is balanced or corrected: what is
wrong in the values is wrong in the file, which is what a test needs.
"""

import itertools
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from typing import TypeVar

from workbench.domain.money import Cents
from workbench.era.message import Adjustment, Claim, Dialect, Interchange, Remittance, ServiceLine

Item = TypeVar("Item")

CAS_TRIPLETS = 6  # CAS02..CAS19
PLB_PAIRS = 6  # PLB03..PLB14
MOA_REMARK_CODES = 5  # MOA03..MOA07


class UnwritableError(ValueError):
    """A value holds a delimiter, or a character outside Latin-1. The value is not repeated: it may be a name."""


def x12_amount(cents: Cents) -> str:
    """Data type R: no thousands, no trailing zeros after the point (`12340` is `"123.4"`)."""
    sign = "-" if cents < 0 else ""
    whole, part = divmod(abs(cents), 100)
    return f"{sign}{whole}" + (f".{part:02d}".rstrip("0") if part else "")


def x12_date(day: date | None) -> str:
    """Data type DT, `CCYYMMDD`; nothing for None."""
    return f"{day:%Y%m%d}" if day else ""


def write_835(interchanges: Interchange | Sequence[Interchange], dialect: Dialect | None = None) -> bytes:
    """The bytes of a file.

    Raises UnwritableError when a value holds one of the delimiters or a character outside Latin-1.
    """
    spelling = dialect or Dialect()
    files = [interchanges] if isinstance(interchanges, Interchange) else interchanges
    text = "".join(
        segment for interchange in files for segment in _Speller(spelling).interchange(interchange)
    )
    try:
        return text.encode("latin-1")
    except UnicodeEncodeError:
        raise UnwritableError("a value holds a character outside Latin-1") from None


def _batches(items: Iterable[Item], size: int) -> Iterator[tuple[Item, ...]]:
    remaining = iter(items)
    while batch := tuple(itertools.islice(remaining, size)):
        yield batch


class _Speller:
    """Turns the dataclasses into segments in one dialect."""

    def __init__(self, dialect: Dialect) -> None:
        self._dialect = dialect
        self._reserved = frozenset(
            (dialect.element, dialect.component, dialect.segment, *(dialect.line_end or ()))
        ) | (frozenset(dialect.repetition) if dialect.version == "5010" else frozenset())

    def _clean(self, value: str) -> str:
        if not self._reserved.isdisjoint(value):
            raise UnwritableError("a value holds a delimiter of the file")
        return value

    def _segment(self, *elements: str | tuple[str, ...]) -> str:
        """Joins; empty elements and components at the end are left out."""
        spelled = [
            self._dialect.component.join(self._clean(part) for part in element).rstrip(
                self._dialect.component
            )
            if isinstance(element, tuple)
            else self._clean(element)
            for element in elements
        ]
        body = self._dialect.element.join(spelled).rstrip(self._dialect.element)
        return body + self._dialect.segment + self._dialect.line_end

    def interchange(self, interchange: Interchange) -> Iterator[str]:
        created, control = interchange.created_at, f"{interchange.control:09d}"
        five = self._dialect.version == "5010"
        isa = (
            "ISA", "00", " " * 10, "00", " " * 10,
            "ZZ", f"{self._clean(interchange.sender):<15}", "ZZ", f"{self._clean(interchange.receiver):<15}",
            f"{created:%y%m%d}", f"{created:%H%M}", self._dialect.repetition if five else "U",
            "00501" if five else "00401", control, "0", interchange.usage, self._dialect.component,
        )  # fmt: skip
        yield self._dialect.element.join(isa) + self._dialect.segment + self._dialect.line_end
        yield self._segment(
            "GS", "HP", interchange.sender, interchange.receiver, f"{created:%Y%m%d}", f"{created:%H%M}",
            str(interchange.control), "X", self._dialect.guide,
        )  # fmt: skip
        for number, remittance in enumerate(interchange.remittances, start=1):
            yield from self._transaction(remittance, f"{number:04d}")
        yield self._segment("GE", str(len(interchange.remittances)), str(interchange.control))
        yield self._segment("IEA", "1", control)

    def _transaction(self, remittance: Remittance, control: str) -> Iterator[str]:
        body = [*self._heading(remittance), *self._details(remittance), *self._summary(remittance)]
        yield self._segment("ST", "835", control)
        yield from body
        yield self._segment("SE", str(len(body) + 2), control)

    def _heading(self, remittance: Remittance) -> Iterator[str]:
        electronic = remittance.payment_method == "ACH"
        accounts = ("01", "999999992", "DA", "0000000000") if electronic else ("", "", "", "")
        yield self._segment(
            "BPR", remittance.handling_code, x12_amount(remittance.amount_cents), remittance.credit_debit,
            remittance.payment_method, remittance.payment_format if electronic else "", *accounts,
            remittance.originator_id, "", *accounts, x12_date(remittance.effective_date),
        )  # fmt: skip
        yield self._segment("TRN", "1", remittance.trace_number, remittance.originator_id)
        if remittance.production_date:
            yield self._segment("DTM", "405", x12_date(remittance.production_date))
        yield self._segment(
            "N1", "PR", remittance.payer_name, *(("XV", remittance.payer_id) if remittance.payer_id else ())
        )
        yield self._segment("N3", "1 PAYER WAY")
        yield self._segment("N4", "SPRINGFIELD", "IL", "62701")
        if remittance.payer_additional_id:
            yield self._segment("REF", "2U", remittance.payer_additional_id)
        payee_id = ("XX", remittance.payee_npi) if remittance.payee_npi else ("FI", remittance.payee_tin)
        yield self._segment("N1", "PE", remittance.payee_name, *payee_id)
        if remittance.payee_npi and remittance.payee_tin:
            yield self._segment("REF", "TJ", remittance.payee_tin)

    def _details(self, remittance: Remittance) -> Iterator[str]:
        if remittance.claims:
            yield self._segment("LX", "1")
        for claim in remittance.claims:
            yield from self._claim(claim)

    def _summary(self, remittance: Remittance) -> Iterator[str]:
        for plb in remittance.provider_adjustments:
            for items in _batches(plb.items, PLB_PAIRS):
                elements: list[str | tuple[str, ...]] = []
                for item in items:
                    elements += ((item.reason, item.reference), x12_amount(item.amount_cents))
                yield self._segment("PLB", plb.provider_id, x12_date(plb.fiscal_period_end), *elements)

    def _claim(self, claim: Claim) -> Iterator[str]:
        share = claim.patient_responsibility_cents
        yield self._segment(
            "CLP", claim.pcn, claim.remit_status, x12_amount(claim.charge_cents), x12_amount(claim.paid_cents),
            "" if share is None else x12_amount(share), claim.filing_indicator, claim.payer_claim_no,
            claim.facility_type, claim.frequency,
        )  # fmt: skip
        yield from self._adjustments(claim.adjustments)
        yield from self._names(claim)
        for codes in _batches(claim.remark_codes, MOA_REMARK_CODES):
            yield self._segment("MOA", "", "", *codes)
        for qualifier, value in claim.references:
            yield self._segment("REF", qualifier, value)
        days = (
            ("232", claim.service_from),
            ("233", claim.service_to),
            ("050", claim.received_date),
            ("036", claim.coverage_expires),
        )
        for qualifier, day in days:
            if day:
                yield self._segment("DTM", qualifier, x12_date(day))
        yield from self._amounts(("AU", claim.allowed_cents), ("I", claim.interest_cents))
        for line in claim.lines:
            yield from self._line(line)

    def _names(self, claim: Claim) -> Iterator[str]:
        if claim.patient_last:
            yield self._segment(
                "NM1", "QC", "1", claim.patient_last, claim.patient_first, claim.patient_middle, "", "",
                *(("MI", claim.patient_id) if claim.patient_id else ()),
            )  # fmt: skip
        if claim.subscriber_last:
            yield self._segment(
                "NM1", "IL", "1", claim.subscriber_last, claim.subscriber_first, "", "", "",
                *(("MI", claim.subscriber_id) if claim.subscriber_id else ()),
            )  # fmt: skip
        if claim.rendering_npi:
            yield self._segment("NM1", "82", "1", "", "", "", "", "", "XX", claim.rendering_npi)
        if claim.crossover_name:
            yield self._segment(
                "NM1", "TT", "2", claim.crossover_name, "", "", "", "", "PI", claim.crossover_id
            )

    def _line(self, line: ServiceLine) -> Iterator[str]:
        original = (line.code_qualifier, line.original_code) if line.original_code else ("",)
        yield self._segment(
            "SVC", (line.code_qualifier, line.code, *line.modifiers), x12_amount(line.charge_cents),
            x12_amount(line.paid_cents), line.revenue_code, line.units, original, line.original_units,
        )  # fmt: skip
        if line.service_from and line.service_to and line.service_to != line.service_from:
            yield self._segment("DTM", "150", x12_date(line.service_from))
            yield self._segment("DTM", "151", x12_date(line.service_to))
        elif line.service_from:
            yield self._segment("DTM", "472", x12_date(line.service_from))
        yield from self._adjustments(line.adjustments)
        if line.line_control_no:
            yield self._segment("REF", "6R", line.line_control_no)
        yield from self._amounts(("B6", line.allowed_cents))
        for code in line.remark_codes:
            yield self._segment("LQ", "HE", code)

    def _adjustments(self, adjustments: Sequence[Adjustment]) -> Iterator[str]:
        """One CAS for neighbours of one group, six triplets at most."""
        for group, members in itertools.groupby(adjustments, key=lambda adjustment: adjustment.group):
            for some in _batches(members, CAS_TRIPLETS):
                triplets = ((each.reason, x12_amount(each.amount_cents), each.quantity) for each in some)
                yield self._segment("CAS", group, *itertools.chain.from_iterable(triplets))

    def _amounts(self, *amounts: tuple[str, Cents | None]) -> Iterator[str]:
        for qualifier, cents in amounts:
            if cents is not None:
                yield self._segment("AMT", qualifier, x12_amount(cents))
