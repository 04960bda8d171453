"""Follows ISA, GS, ST and their ends through the file: who sent what, and whether counts and numbers agree."""

import hashlib
from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass, field

import numpy as np

from workbench.domain.findings import Finding, Level, Severity
from workbench.era.delimiters import Buffer, Delimiters
from workbench.era.findings import CAP, X12_STRUCTURE
from workbench.era.stretch import Envelope

TRANSACTION = "835"
_ISA_TEXTS = {"isa_sender": 6, "isa_receiver": 8, "isa_control": 13}
_GS_TEXTS = {"gs_control": 6, "gs_version": 8}


@dataclass(slots=True)
class _Open:
    """An envelope that is not closed yet: its control number and what it holds so far."""

    elements: list[str]
    segment: int
    contents: int = 0
    remittance_no: int | None = None
    content_start: int = 0

    def element(self, number: int) -> str:
        return _element(self.elements, number)


def _element(elements: list[str], number: int) -> str:
    return elements[number].strip() if number < len(elements) else ""


def _texts(opened: _Open | None, **elements: int) -> dict[str, str | int | None]:
    """Elements of an envelope by column; None where empty, or where there is no such envelope."""
    return {
        column: (opened.element(number) or None) if opened else None for column, number in elements.items()
    }


@dataclass(slots=True)
class EnvelopeReader:
    """Feed it the envelope segments in file order.

    Attributes:
        interchanges: rows of the interchanges table, column by column.
        remittances: the remittance columns that the envelopes give, one value per ST*835.
        contents: of each remittance, the bytes between ST and SE, and their delimiters.
    """

    interchanges: list[dict[str, str | int | None]] = field(default_factory=list)
    remittances: list[dict[str, str | int | None]] = field(default_factory=list)
    contents: list[tuple[int, int, Delimiters]] = field(default_factory=list)
    findings: list[Finding] = field(default_factory=list)
    counts: Counter[str] = field(default_factory=Counter)
    _delimiters: Delimiters = field(default_factory=Delimiters)
    _interchange: _Open | None = None
    _group: _Open | None = None
    _transaction: _Open | None = None
    _end: tuple[int, int] = (0, 0)

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
            steps[envelope.elements[0].strip().upper()](envelope, segments_before + envelope.row + 1)

    def finish(self, segments: int, byte_end: int) -> None:
        """The file ends."""
        self._close_all(segments, byte_end)

    def _isa(self, envelope: Envelope, segment: int) -> None:
        self._close_all(segment - 1, envelope.byte_start)
        self._interchange = _Open(envelope.elements, segment)

    def _gs(self, envelope: Envelope, segment: int) -> None:
        self._close_group(segment - 1, envelope.byte_start)
        self._group = _Open(envelope.elements, segment)
        if self._interchange:
            self._interchange.contents += 1
        self.interchanges.append(
            {
                "interchange_no": len(self.interchanges),
                "segment": segment,
                "byte_start": envelope.byte_start,
                **_texts(self._interchange, **_ISA_TEXTS, isa_usage=15),
                **_texts(self._group, gs_sender=2, gs_receiver=3, **_GS_TEXTS),
            }
        )

    def _st(self, envelope: Envelope, segment: int) -> None:
        self._close_transaction(segment - 1, envelope.byte_start)
        opened = self._transaction = _Open(envelope.elements, segment)
        if self._group:
            self._group.contents += 1
        if opened.elements[1:2] != [TRANSACTION]:
            return
        opened.remittance_no = len(self.remittances)
        opened.content_start = envelope.byte_end
        self.remittances.append(
            {
                "interchange_no": len(self.interchanges) - 1 if self._group else None,
                "byte_start": envelope.byte_start,
                **_texts(self._interchange, **_ISA_TEXTS),
                **_texts(self._group, **_GS_TEXTS),
                **_texts(opened, st_control=2),
            }
        )

    def _se(self, envelope: Envelope, segment: int) -> None:
        opened = self._transaction
        if opened is None:
            self._note("An SE without its ST.", segment)
            return
        held = segment - opened.segment + 1
        self._agree(envelope, segment, "SE01", held, "segments in the transaction", opened)
        self._agree_number(envelope, segment, "SE02", opened.element(2), "ST02", opened)
        self._end_transaction(segment, envelope.byte_start, envelope.byte_end)

    def _ge(self, envelope: Envelope, segment: int) -> None:
        self._close_transaction(segment - 1, envelope.byte_start)
        opened, self._group = self._group, None
        if opened is None:
            self._note("A GE without its GS.", segment)
            return
        self._agree(envelope, segment, "GE01", opened.contents, "transactions in the group", opened)
        self._agree_number(envelope, segment, "GE02", opened.element(6), "GS06", opened)

    def _iea(self, envelope: Envelope, segment: int) -> None:
        self._close_group(segment - 1, envelope.byte_start)
        opened, self._interchange = self._interchange, None
        if opened is None:
            self._note("An IEA without its ISA.", segment)
            return
        self._agree(envelope, segment, "IEA01", opened.contents, "groups in the interchange", opened)
        self._agree_number(envelope, segment, "IEA02", opened.element(13), "ISA13", opened)

    def _agree(self, end: Envelope, segment: int, name: str, held: int, what: str, opened: _Open) -> None:
        """A count in an end segment must be the number of what it encloses."""
        said = _element(end.elements, 1)
        if not (said.isascii() and said.isdigit() and int(said) == held):
            counted = said if said.isascii() and said.isdigit() else "no number"
            message = f"{name} says {counted[:12]}, but there are {held} {what}."
            self._note(message, segment, opened, element=name, counted=held)

    def _agree_number(
        self, end: Envelope, segment: int, name: str, begun: str, begun_name: str, opened: _Open
    ) -> None:
        """A control number in an end segment must be the one of its beginning."""
        if _element(end.elements, 2) != begun:
            self._note(f"{name} is not the control number of {begun_name}.", segment, opened, element=name)

    def _close_transaction(self, segment: int, byte: int) -> None:
        if self._transaction:
            self._note("An ST without its SE.", self._transaction.segment, self._transaction)
            self._end_transaction(segment, byte, byte)

    def _end_transaction(self, segment: int, content_end: int, byte_end: int) -> None:
        opened, self._transaction = self._transaction, None
        if opened and opened.remittance_no is not None:
            self.remittances[opened.remittance_no] |= {"last_segment": segment, "byte_end": byte_end}
            self.contents.append((opened.content_start, content_end, self._delimiters))

    def _close_group(self, segment: int, byte: int) -> None:
        self._close_transaction(segment, byte)
        if self._group:
            self._note("A GS without its GE.", self._group.segment)
            self._group = None

    def _close_all(self, segment: int, byte: int) -> None:
        self._close_group(segment, byte)
        if self._interchange:
            self._note("An ISA without its IEA.", self._interchange.segment)
            self._interchange = None

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
    standard = Delimiters()
    if (delimiters.element, delimiters.component, delimiters.segment) == (
        standard.element,
        standard.component,
        standard.segment,
    ):
        array = np.frombuffer(memoryview(data)[start:end], np.uint8)
        line_end = (array == 0x0A) | (array == 0x0D)
        kept = array[~line_end] if line_end.any() else array
        return hashlib.sha256(kept.data).hexdigest()
    table = bytearray(range(256))
    table[delimiters.element], table[delimiters.component] = standard.element, standard.component
    table[delimiters.segment] = standard.segment
    line_ends = bytes(value for value in b"\r\n" if value != delimiters.segment)
    return hashlib.sha256(bytes(data[start:end]).translate(bytes(table), line_ends)).hexdigest()
