"""Reads the claims that we ourselves sent: 837 professional, institutional and dental (005010X222, X223, X224).

Segment by segment over the tokeniser of the 835 reader: our own files are small beside remittances. What
cannot be read becomes a finding and its claim is left out; the others are read all the same.
"""

from collections.abc import Callable, Iterator
from dataclasses import dataclass, field
from datetime import date
from typing import Final

from workbench.domain.findings import Finding, Level, Severity
from workbench.domain.money import NotAnAmountError, parse_x12_amount
from workbench.era.delimiters import Buffer, Delimiters, find_spans
from workbench.era.tokens import Tokens

LEVELS: Final = {"P": "primary", "S": "secondary", "T": "tertiary"}
# Element of the charge, of the procedure and of the units of each kind of service segment.
_SERVICE: Final = {"SV1": (2, 1, 4), "SV2": (3, 2, 5), "SV3": (2, 1, 6)}
_KIND: Final = {"SV1": "professional", "SV2": "institutional", "SV3": "dental"}


@dataclass(frozen=True, slots=True)
class SubmittedLine:
    """Loop 2400. `line_control_no` is REF*6R, which the payer repeats in the 835."""

    code: str
    modifiers: str
    charge_cents: int
    units: str
    service_from: date | None
    service_to: date | None
    line_control_no: str
    revenue_code: str
    segment: int


@dataclass(frozen=True, slots=True)
class SubmittedPayer:
    """A payer of the claim: loop 2010BB, or 2330B for another one. `level` from SBR01."""

    level: str
    name: str
    identifier: str
    member_id: str


@dataclass(frozen=True, slots=True)
class SubmittedClaim:
    """Loop 2300 with what stands above it. `frequency` is CLM05-3: 1 original, 7 replaces, 8 voids."""

    pcn: str
    charge_cents: int
    frequency: str
    payer_claim_no: str
    patient_last: str
    patient_first: str
    birth_date: date | None
    billing_npi: str
    billing_tin: str
    rendering_npi: str
    service_from: date | None
    service_to: date | None
    payers: tuple[SubmittedPayer, ...]
    lines: tuple[SubmittedLine, ...]
    kind: str
    segment: int


@dataclass(frozen=True, slots=True)
class ClaimFile:
    """Everything read. `segments` is how many the file has."""

    file_name: str
    segments: int
    claims: tuple[SubmittedClaim, ...]
    findings: tuple[Finding, ...]


@dataclass(slots=True)
class _Person:
    last: str = ""
    first: str = ""
    birth_date: date | None = None
    identifier: str = ""


@dataclass(slots=True)
class _Payer:
    level: str = ""
    name: str = ""
    identifier: str = ""
    member_id: str = ""


@dataclass(slots=True)
class _Line:
    kind: str
    code: str
    modifiers: str
    charge: str
    units: str
    revenue_code: str
    segment: int
    control: str = ""
    days: tuple[date | None, date | None] = (None, None)


@dataclass(slots=True)
class _Claim:
    pcn: str
    charge: str
    frequency: str
    segment: int
    original: str = ""
    rendering: str = ""
    days: tuple[date | None, date | None] = (None, None)
    others: list[_Payer] = field(default_factory=list)
    lines: list[_Line] = field(default_factory=list)


def read_claims(data: bytes | memoryview, *, file_name: str) -> ClaimFile:
    """Reads a whole file; no content of a file raises an exception."""
    return _Reader().read(data, file_name)


class _Reader:
    """Walks the segments and keeps what stands above the current claim."""

    def __init__(self) -> None:
        self._claims: list[SubmittedClaim] = []
        self._findings: list[Finding] = []
        self._number = 0
        self._transactions = 0
        self._component = ":"
        self._takers: dict[str, Callable[[list[str]], None]] = {
            "HL": self._hl,
            "SBR": self._sbr,
            "NM1": self._nm1,
            "DMG": self._dmg,
            "REF": self._ref,
            "CLM": self._clm,
            "DTP": self._dtp,
            **dict.fromkeys(_SERVICE, self._service),
        }
        self._start_transaction("")

    def _start_transaction(self, control: str) -> None:
        self._inside = bool(control)
        self._control, self._first = control, self._number
        self._billing_npi = self._billing_tin = ""
        self._subscriber, self._payer = _Person(), _Payer()
        self._patient: _Person | None = None
        self._claim: _Claim | None = None
        self._level = ""

    def read(self, data: Buffer, file_name: str) -> ClaimFile:
        for span in find_spans(data):
            if span.delimiters is None:
                continue
            self._component = chr(span.delimiters.component)
            for elements in _segments(data, span.start, span.end, span.delimiters):
                self._number += 1
                self._take(elements)
            self._close_claim()
        if not self._transactions:
            self._note("NOT_X12", Severity.CRITICAL, "There is no 837 transaction in the file.", None)
        return ClaimFile(file_name, self._number, tuple(self._claims), tuple(self._findings))

    def _note(self, code: str, severity: Severity, message: str, segment: int | None) -> None:
        self._findings.append(Finding(code, severity, Level.FILE, message, segment))

    def _take(self, elements: list[str]) -> None:
        name = elements[0].strip().upper()
        if name == "ST":
            self._close_claim()
            self._start_transaction(_at(elements, 2) if _at(elements, 1) == "837" else "")
            self._transactions += self._inside
        elif name == "SE":
            self._end_transaction(elements)
        elif self._inside:
            take = self._takers.get(name)
            if take is not None:
                take(elements)

    def _end_transaction(self, elements: list[str]) -> None:
        self._close_claim()
        if self._inside:
            counted = self._number - self._first + 1
            if _at(elements, 1) != str(counted) or _at(elements, 2) != self._control:
                text = f"SE says {_at(elements, 1)} segments and number {_at(elements, 2)}; they are {counted} and {self._control}."
                self._note("X12_STRUCTURE", Severity.WARNING, text, self._number)
        self._start_transaction("")

    def _hl(self, elements: list[str]) -> None:
        """A new billing provider (20), subscriber (22) or patient (23)."""
        self._close_claim()
        self._level = _at(elements, 3)
        if self._level == "20":
            self._billing_npi = self._billing_tin = ""
        if self._level in ("20", "22"):
            self._subscriber, self._payer = _Person(), _Payer()
        self._patient = _Person() if self._level == "23" else None

    def _sbr(self, elements: list[str]) -> None:
        level = LEVELS.get(_at(elements, 1), "")
        if self._claim is None:
            self._payer.level = level
        else:
            self._claim.others.append(_Payer(level))

    def _nm1(self, elements: list[str]) -> None:
        who, last, first, identifier = (_at(elements, number) for number in (1, 3, 4, 9))
        if self._claim is not None:
            self._name_in_claim(who, last, identifier)
        elif who == "85":
            self._billing_npi = identifier
        elif who == "IL":
            self._subscriber.last, self._subscriber.first = last, first
            self._subscriber.identifier = self._payer.member_id = identifier
        elif who == "PR":
            self._payer.name, self._payer.identifier = last, identifier
        elif who == "QC" and self._patient is not None:
            self._patient.last, self._patient.first = last, first

    def _name_in_claim(self, who: str, last: str, identifier: str) -> None:
        claim = self._claim
        if claim is None:
            return
        if who == "82" and not claim.rendering and not claim.others:
            claim.rendering = identifier
        # Names under a line (loop 2420, 2430) are about the line, not about another payer.
        if not claim.others or claim.lines:
            return
        if who == "IL":
            claim.others[-1].member_id = identifier
        elif who == "PR":
            claim.others[-1].name, claim.others[-1].identifier = last, identifier

    def _dmg(self, elements: list[str]) -> None:
        person = self._patient or self._subscriber
        if self._claim is None:
            person.birth_date = _day(_at(elements, 2))

    def _ref(self, elements: list[str]) -> None:
        kind, value = _at(elements, 1), _at(elements, 2)
        if self._claim is None:
            if kind in ("EI", "SY") and self._level == "20":
                self._billing_tin = value if kind == "EI" else ""
        elif kind == "6R" and self._claim.lines:
            self._claim.lines[-1].control = value
        elif kind == "F8" and not self._claim.lines and not self._claim.others:
            self._claim.original = value

    def _clm(self, elements: list[str]) -> None:
        self._close_claim()
        place = _at(elements, 5).split(self._component)
        frequency = place[2] if len(place) > 2 else "1"
        self._claim = _Claim(_at(elements, 1), _at(elements, 2), frequency or "1", self._number)

    def _dtp(self, elements: list[str]) -> None:
        claim, kind = self._claim, _at(elements, 1)
        if claim is None:
            return
        days = _period(_at(elements, 2), _at(elements, 3))
        if claim.lines and kind == "472":
            claim.lines[-1].days = days
        elif not claim.lines and kind in ("434", "472"):
            claim.days = days

    def _service(self, elements: list[str]) -> None:
        if self._claim is None:
            return
        name = elements[0].strip().upper()
        charge, procedure, units = _SERVICE[name]
        parts = _at(elements, procedure).split(self._component)
        self._claim.lines.append(
            _Line(
                kind=_KIND[name],
                code=parts[1] if len(parts) > 1 else "",
                modifiers=" ".join(part for part in parts[2:6] if part),
                charge=_at(elements, charge),
                units=_at(elements, units) or "1",
                revenue_code=_at(elements, 1) if name == "SV2" else "",
                segment=self._number,
            )
        )

    def _close_claim(self) -> None:
        claim, self._claim = self._claim, None
        if claim is None:
            return
        try:
            made = self._made(claim)
        except NotAnAmountError:
            text = "The claim has an amount that cannot be read; it is left out."
            self._note("UNREADABLE_AMOUNT", Severity.BLOCKING, text, claim.segment)
            return
        if not made.pcn:
            text = "The claim has no patient control number (CLM01); it is left out."
            self._note("NO_PCN", Severity.BLOCKING, text, claim.segment)
            return
        if made.lines and sum(line.charge_cents for line in made.lines) != made.charge_cents:
            text = "The charges of the lines do not sum to the charge of the claim (CLM02)."
            self._note("CHARGES_DIFFER", Severity.WARNING, text, claim.segment)
        self._claims.append(made)

    def _made(self, claim: _Claim) -> SubmittedClaim:
        patient = self._patient or self._subscriber
        lines = tuple(_line(line, claim.days) for line in claim.lines)
        days = [day for line in lines for day in (line.service_from, line.service_to) if day]
        return SubmittedClaim(
            pcn=claim.pcn,
            charge_cents=parse_x12_amount(claim.charge),
            frequency=claim.frequency,
            payer_claim_no=claim.original,
            patient_last=patient.last,
            patient_first=patient.first,
            birth_date=patient.birth_date,
            billing_npi=self._billing_npi,
            billing_tin=self._billing_tin,
            rendering_npi=claim.rendering,
            service_from=claim.days[0] or min(days, default=None),
            service_to=claim.days[1] or max(days, default=None),
            payers=_payers([self._payer, *claim.others]),
            lines=lines,
            kind=claim.lines[0].kind if claim.lines else "",
            segment=claim.segment,
        )


def _line(line: _Line, claim_days: tuple[date | None, date | None]) -> SubmittedLine:
    first, last = line.days if line.days[0] else claim_days
    return SubmittedLine(
        code=line.code,
        modifiers=line.modifiers,
        charge_cents=parse_x12_amount(line.charge),
        units=line.units,
        service_from=first,
        service_to=last,
        line_control_no=line.control,
        revenue_code=line.revenue_code,
        segment=line.segment,
    )


def _payers(found: list[_Payer]) -> tuple[SubmittedPayer, ...]:
    """Payers in the order of their levels; the first of a level counts."""
    by_level: dict[str, SubmittedPayer] = {}
    for payer in found:
        if payer.level and payer.level not in by_level:
            by_level[payer.level] = SubmittedPayer(payer.level, payer.name, payer.identifier, payer.member_id)
    return tuple(by_level[level] for level in LEVELS.values() if level in by_level)


def _segments(data: Buffer, start: int, end: int, delimiters: Delimiters) -> Iterator[list[str]]:
    tokens = Tokens(data, start, end, delimiters)
    element = chr(delimiters.element)
    whole = tokens.bytes.tobytes()
    for first, last in zip(tokens.starts.tolist(), tokens.ends.tolist(), strict=True):
        yield whole[first:last].decode("utf-8", "replace").split(element)


def _at(elements: list[str], number: int) -> str:
    return elements[number].strip() if number < len(elements) else ""


def _day(text: str) -> date | None:
    if len(text) < 8 or not (text[:8].isascii() and text[:8].isdigit()):
        return None
    try:
        return date(int(text[:4]), int(text[4:6]), int(text[6:8]))
    except ValueError:
        return None


def _period(qualifier: str, text: str) -> tuple[date | None, date | None]:
    """D8 is a day, RD8 a range."""
    first, _, last = text.partition("-")
    return _day(first), _day(last if qualifier == "RD8" else first)
