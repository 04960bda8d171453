"""Finds the interchanges of an X12 file and the delimiters of each.

The delimiters stand in the ISA. They are read by counting its elements, never at byte 105: in the
wild the padding of the ISA is often off. A file may hold several interchanges, each with delimiters
of its own, text before the first ISA, or no ISA at all.
"""

import re
from dataclasses import dataclass, replace
from typing import TypeAlias

Buffer: TypeAlias = bytes | memoryview  # an mmap is read through a memoryview

BYTE_ORDER_MARK = b"\xef\xbb\xbf"
# Between segments: line ends, padding, and the Ctrl-Z and NUL that old transports leave behind.
BLANK = b"\r\n\t \x00\x1a\x0b\x0c"
ISA_ELEMENTS = 16
MOST_SPANS = 1000  # changes of delimiters in one file; more is no file of any payer
TOO_MANY_SPANS = f"the delimiters change more than {MOST_SPANS} times: what follows is not read"
LONGEST_GUESS = 20_000  # how far to look ahead for delimiters
LONGEST_ISA = 500  # 106 bytes when it is right; room for padding that is not

_ISA = re.compile(rb"ISA[^A-Za-z0-9\s]")
# An ISA of the right shape, where the segment before it lost its terminator.
_EXACT_ISA = re.compile(
    rb"ISA(.)..\1.{10}\1..\1.{10}\1..\1.{15}\1..\1.{15}\1[0-9]{6}\1[0-9]{4}\1.\1[0-9]{5}\1", re.DOTALL
)
_HEADLESS = re.compile(
    rb"(?:GS(?P<gs>[^A-Za-z0-9\s])[A-Z]{2}(?P=gs)|ST(?P<st>[^A-Za-z0-9\s])[0-9]{3}(?P=st))"
)
_NEXT_SEGMENT = rb"(?P<end>[^A-Za-z0-9\s]|\r?\n|\r)\s*(?:GS|ST|BPR|BHT|TRN|CLP|SE|GE)"
_COMPOSITE = re.compile(rb"SVC.(?:HC|AD|ER|HP|IV|N4|NU|RB|WK|ZZ)([^A-Za-z0-9\s])", re.DOTALL)


@dataclass(frozen=True, slots=True)
class Delimiters:
    """The four delimiters as byte values. `repetition` is None in versions before 5010."""

    element: int = 0x2A
    component: int = 0x3A
    segment: int = 0x7E
    repetition: int | None = None


@dataclass(frozen=True, slots=True)
class Span:
    """A stretch of the file with one set of delimiters: an interchange, or a file without an ISA.

    Attributes:
        delimiters: None when the stretch is no X12.
        remark: what was odd about it, in plain words, or None.
    """

    start: int
    end: int
    delimiters: Delimiters | None
    remark: str | None = None


def find_spans(data: Buffer) -> list[Span]:
    """The stretches of a file in order. Blank stretches are left out.

    An interchange with the delimiters of the one before it goes on in the same span.
    """
    spans: list[Span] = []
    position = 3 if bytes(data[:3]) == BYTE_ORDER_MARK else 0
    for found in _ISA.finditer(data):
        start = found.start()
        if start < position or not _begins_segment(data, start, spans):
            continue
        span = _read_isa(data, start)
        spans = spans or _before_first(data, position, start)
        before = spans[-1].delimiters if spans else None
        if before and span.remark is None and span.delimiters == before and _follows(data, start, before):
            continue
        if before:
            spans[-1] = replace(spans[-1], end=start)
        if len(spans) >= MOST_SPANS:
            return [*spans, replace(span, delimiters=None, remark=TOO_MANY_SPANS)]
        spans.append(span)
    return spans or _before_first(data, position, len(data))


def _begins_segment(data: Buffer, start: int, spans: list[Span]) -> bool:
    """Whether an `ISA` begins a segment; it may also be the end of a name such as LISA."""
    if _EXACT_ISA.match(data, start):
        return True
    if spans and (before := spans[-1].delimiters):
        return _follows(data, start, before)
    text = _text_before(data, start)
    trimmed = text.rstrip(BLANK)
    return not trimmed or trimmed != text


def _follows(data: Buffer, start: int, delimiters: Delimiters) -> bool:
    """Whether a segment has ended just before `start`."""
    text, end = _text_before(data, start), bytes([delimiters.segment])
    trimmed = text.rstrip(BLANK)
    return trimmed.endswith(end) or end in text[len(trimmed) :]


def _text_before(data: Buffer, start: int) -> bytes:
    return bytes(data[max(0, start - 64) : start]).removeprefix(BYTE_ORDER_MARK)


def _read_isa(data: Buffer, start: int) -> Span:
    """From the ISA to the end, with the delimiters it declares, or guessed ones when it is damaged."""

    def span(delimiters: Delimiters, remark: str | None = None) -> Span:
        return Span(start, len(data), delimiters, remark)

    text = bytes(data[start : start + LONGEST_ISA])
    element = text[3]
    parts = text.split(text[3:4], ISA_ELEMENTS)
    if len(parts) <= ISA_ELEMENTS or len(parts[-1]) < 2:
        return span(_guess(data, start, element), "the ISA has fewer than 16 elements")
    component, segment = parts[16][0], parts[16][1]
    if re.match(rb"[^A-Za-z0-9\s]\s*GS", parts[16]) and not re.match(rb"..\s*GS", parts[16], re.DOTALL):
        component, segment = Delimiters().component, parts[16][0]
    elif segment == 0x0D and parts[16][2:3] == b"\n":
        segment = 0x0A
    declared = Delimiters(element, component, segment, _repetition(parts[11]))
    if not _sound(declared):
        return span(_guess(data, start, element), "the ISA does not declare its delimiters")
    return span(declared)


def _repetition(isa11: bytes) -> int | None:
    """ISA11 is the repetition separator from 5010 on, and `U` before."""
    return isa11[0] if len(isa11) == 1 and not isa11.isalnum() else None


def _sound(delimiters: Delimiters) -> bool:
    values = (delimiters.element, delimiters.component, delimiters.segment)
    plain = all(value < 0x80 and not chr(value).isalnum() and value != 0x20 for value in values)
    return plain and len(set(values)) == len(values)


def _before_first(data: Buffer, start: int, end: int) -> list[Span]:
    """What stands before the first ISA: X12 that starts at GS or ST, or text that is none."""
    if not bytes(data[start:end]).strip(BLANK):
        return []
    headless = _HEADLESS.search(data, start, end)
    if headless is None:
        what = "not X12: there is no ISA, GS or ST" if end == len(data) else "text before the first ISA"
        return [Span(start, end, None, what)]
    element = (headless["gs"] or headless["st"])[0]
    delimiters = _guess(data, headless.start(), element)
    spans = [Span(headless.start(), end, delimiters, "there is no ISA: the delimiters are guessed")]
    if bytes(data[start : headless.start()]).strip(BLANK):
        spans.insert(0, Span(start, headless.start(), None, "text before the first segment"))
    return spans


def _guess(data: Buffer, start: int, element: int) -> Delimiters:
    """Delimiters from the looks of the data: what stands before the segments that must come."""
    ahead = bytes(data[start : start + LONGEST_GUESS])
    separator = re.escape(bytes([element]))
    following = re.search(_NEXT_SEGMENT + separator, ahead[3:])
    segment = following["end"][-1] if following else Delimiters().segment
    composite = _COMPOSITE.search(ahead)
    component = composite[1][0] if composite else Delimiters().component
    guess = Delimiters(element, component, segment, None)
    return guess if _sound(guess) else Delimiters(element=element if element < 0x80 else 0x2A)
