"""Follows ISA, GS, ST and their ends through the file: who sent what, and whether counts and numbers agree."""

import hashlib
from collections import Counter
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field

import numpy as np

from workbench.domain.findings import Finding, Level, Severity
from workbench.era.delimiters import Buffer, Delimiters
from workbench.era.findings import CAP, X12_STRUCTURE
from workbench.era.stretch import Envelope

TRANSACTION = "835"
_ISA_TEXTS = {"isa_sender": 6, "isa_receiver": 8, "isa_control": 13}
_GS_TEXTS = {"gs_control": 6, "gs_version": 8}
_GS_PARTIES = {"gs_sender": 2, "gs_receiver": 3}
Texts = dict[str, str | None]


_NO_ISA: Texts = dict.fromkeys(_ISA_TEXTS)
_NO_GS: Texts = dict.fromkeys(_GS_TEXTS)
_NO_CONTENT = hashlib.sha256().hexdigest()
SHORT_CONTENT = 4096  # bytes; up to here bytes are quicker than arrays


@dataclass(slots=True)
class _Open:
    """An envelope that is not closed yet: its control number and what it holds so far."""

    control: str
    segment: int
    contents: int = 0
    remittance_no: int | None = None
    content_start: int = 0


def _texts(elements: Sequence[str], places: Mapping[str, int]) -> Texts:
    """Elements of an envelope by column; None where empty."""
    return {column: _element(elements, number) or None for column, number in places.items()}


def _element(elements: Sequence[str], number: int) -> str:
    return elements[number].strip() if number < len(elements) else ""


@dataclass(slots=True)
class Enclosed:
    """Columns that the envelopes give to remittances. `sender`: which of `EnvelopeReader.senders` sent it."""

    interchange_no: list[int | None] = field(default_factory=list)
    byte_start: list[int] = field(default_factory=list)
    st_control: list[str | None] = field(default_factory=list)
    last_segment: list[int] = field(default_factory=list)
    byte_end: list[int] = field(default_factory=list)
    sender: list[int] = field(default_factory=list)


@dataclass(slots=True)
class EnvelopeReader:
    """Feed it the envelope segments in file order.

    Attributes:
        interchanges: rows of the interchanges table, column by column.
        remittances: the remittance columns that the envelopes give, one value per ST*835.
        senders: the columns that remittances of one ISA and GS have in common.
        contents: of each remittance, the bytes between ST and SE, and their delimiters.
    """

    interchanges: list[dict[str, str | int | None]] = field(default_factory=list)
    remittances: Enclosed = field(default_factory=Enclosed)
    senders: list[Texts] = field(default_factory=list)
    contents: list[tuple[int, int, Delimiters]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _delimiters: Delimiters = field(default_factory=Delimiters)
    _interchange: _Open | None = None
    _group: _Open | None = None
    _transaction: _Open | None = None
    _isa_texts: Texts = field(default_factory=lambda: _NO_ISA)
    _gs_texts: Texts = field(default_factory=lambda: _NO_GS)
    _usage: str | None = None
    _sender: int | None = None  # None: ISA or GS are other than those of the last of `senders`

    def begin_span(self, delimiters: Delimiters, segments_before: int, byte_start: int) -> None:
        """A new interchange with delimiters of its own begins: all before it must be closed."""
        self._close_all(segments_before, byte_start)
        self._delimiters = delimiters

    def feed(self, envelopes: Iterable[Envelope], segments_before: int) -> None:
        """Takes the envelope segments of the next stretch."""
        steps = {
            "ISA": self._isa,
            "GS": self._gs,
            "ST": self._st,
            "SE": self._se,
            "GE": self._ge,
            "IEA": self._iea,
        }
        for envelope in envelopes:
            steps[envelope.name](envelope, segments_before + envelope.row + 1)

    def finish(self, segments: int, byte_end: int) -> None:
        """The file ends."""
        self._close_all(segments, byte_end)

    def _isa(self, envelope: Envelope, segment: int) -> None:
        self._close_all(segment - 1, envelope.byte_start)
        self._interchange = _Open(_element(envelope.elements, 13), segment)
        self._isa_texts, self._sender = _texts(envelope.elements, _ISA_TEXTS), None
        self._usage = _element(envelope.elements, 15) or None

    def _gs(self, envelope: Envelope, segment: int) -> None:
        self._close_group(segment - 1, envelope.byte_start)
        self._group = _Open(_element(envelope.elements, 6), segment)
        self._gs_texts, self._sender = _texts(envelope.elements, _GS_TEXTS), None
        if self._interchange:
            self._interchange.contents += 1
        self.interchanges.append(
            {
                "interchange_no": len(self.interchanges),
                "segment": segment,
                "byte_start": envelope.byte_start,
                **self._isa_texts,
                "isa_usage": self._usage,
                **_texts(envelope.elements, _GS_PARTIES),
                **self._gs_texts,
            }
        )

    def _st(self, envelope: Envelope, segment: int) -> None:
        self._close_transaction(segment - 1, envelope.byte_start)
        opened = self._transaction = _Open(envelope.second.strip(), segment)
        if self._group:
            self._group.contents += 1
        if envelope.first != TRANSACTION:
            return
        if self._sender is None:
            self._sender = len(self.senders)
            self.senders.append(self._isa_texts | self._gs_texts)
        columns = self.remittances
        opened.remittance_no = len(columns.byte_start)
        opened.content_start = envelope.byte_end
        columns.interchange_no.append(len(self.interchanges) - 1 if self._group else None)
        columns.byte_start.append(envelope.byte_start)
        columns.st_control.append(opened.control or None)
        columns.sender.append(self._sender)

    def _se(self, envelope: Envelope, segment: int) -> None:
        opened = self._transaction
        if opened is None:
            self._note("An SE without its ST.", segment)
            return
        held = segment - opened.segment + 1
        self._agree(envelope, segment, "SE01", held, "segments in the transaction", opened)
        self._agree_number(envelope, segment, "SE02", "ST02", opened)
        self._end_transaction(segment, envelope.byte_start, envelope.byte_end)

    def _ge(self, envelope: Envelope, segment: int) -> None:
        self._close_transaction(segment - 1, envelope.byte_start)
        opened = self._leave_group()
        if opened is None:
            self._note("A GE without its GS.", segment)
            return
        self._agree(envelope, segment, "GE01", opened.contents, "transactions in the group", opened)
        self._agree_number(envelope, segment, "GE02", "GS06", opened)

    def _iea(self, envelope: Envelope, segment: int) -> None:
        self._close_group(segment - 1, envelope.byte_start)
        opened = self._leave_interchange()
        if opened is None:
            self._note("An IEA without its ISA.", segment)
            return
        self._agree(envelope, segment, "IEA01", opened.contents, "groups in the interchange", opened)
        self._agree_number(envelope, segment, "IEA02", "ISA13", opened)

    def _agree(self, end: Envelope, segment: int, name: str, held: int, what: str, opened: _Open) -> None:
        """A count in an end segment must be the number of what it encloses."""
        said = end.first.strip()
        if not (said.isascii() and said.isdigit() and int(said) == held):
            counted = said if said.isascii() and said.isdigit() else "no number"
            message = f"{name} says {counted[:12]}, but there are {held} {what}."
            self._note(message, segment, opened, element=name, counted=held)

    def _agree_number(self, end: Envelope, segment: int, name: str, begun_name: str, opened: _Open) -> None:
        """A control number in an end segment must be the one of its beginning."""
        if end.second.strip() != opened.control:
            self._note(f"{name} is not the control number of {begun_name}.", segment, opened, element=name)

    def _close_transaction(self, segment: int, byte: int) -> None:
        if self._transaction:
            self._note("An ST without its SE.", self._transaction.segment, self._transaction)
            self._end_transaction(segment, byte, byte)

    def _end_transaction(self, segment: int, content_end: int, byte_end: int) -> None:
        opened, self._transaction = self._transaction, None
        if opened and opened.remittance_no is not None:
            self.remittances.last_segment.append(segment)
            self.remittances.byte_end.append(byte_end)
            self.contents.append((opened.content_start, content_end, self._delimiters))

    def _close_group(self, segment: int, byte: int) -> None:
        self._close_transaction(segment, byte)
        if self._group:
            self._note("A GS without its GE.", self._group.segment)
            self._leave_group()

    def _close_all(self, segment: int, byte: int) -> None:
        self._close_group(segment, byte)
        if self._interchange:
            self._note("An ISA without its IEA.", self._interchange.segment)
            self._leave_interchange()

    def _leave_group(self) -> _Open | None:
        left, self._group = self._group, None
        self._gs_texts, self._sender = _NO_GS, None
        return left

    def _leave_interchange(self) -> _Open | None:
        left, self._interchange = self._interchange, None
        self._isa_texts, self._usage, self._sender = _NO_ISA, None, None
        return left

    def _note(self, message: str, segment: int, opened: _Open | None = None, **context: str | int) -> None:
        self.counts[X12_STRUCTURE] += 1
        if self.counts[X12_STRUCTURE] > CAP:
            return
        remittance_no = opened.remittance_no if opened else None
        level = Level.FILE if remittance_no is None else Level.DEPOSIT
        self.findings.append(
            Finding(
                X12_STRUCTURE,
                Severity.CRITICAL,
                level,
                message,
                segment,
                remittance_no,
                context=dict(context),
            )
        )


def content_hash(data: Buffer, start: int, end: int, delimiters: Delimiters) -> str:
    """SHA-256 of what a transaction says: its bytes between ST and SE without line ends, in `* : ~ ^`.

    Control numbers and counts stand outside, so a remittance that is sent again hashes the same.
    """
    if start == end:
        return _NO_CONTENT
    standard = Delimiters()
    same = (delimiters.element, delimiters.component, delimiters.segment) == (
        standard.element,
        standard.component,
        standard.segment,
    )
    if same and end - start <= SHORT_CONTENT:
        return hashlib.sha256(bytes(data[start:end]).translate(None, b"\r\n")).hexdigest()
    if same:
        array = np.frombuffer(memoryview(data)[start:end], np.uint8)
        line_end = (array == 0x0A) | (array == 0x0D)
        kept = array[~line_end] if line_end.any() else array
        return hashlib.sha256(kept.data).hexdigest()
    table = bytearray(range(256))
    table[delimiters.element], table[delimiters.component] = standard.element, standard.component
    table[delimiters.segment] = standard.segment
    line_ends = bytes(value for value in b"\r\n" if value != delimiters.segment)
    return hashlib.sha256(bytes(data[start:end]).translate(bytes(table), line_ends)).hexdigest()
