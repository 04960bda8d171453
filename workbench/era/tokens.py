"""Cuts X12 bytes into segments and elements, as numpy arrays: the part that knows no transaction set.

One `Tokens` holds one stretch of one interchange. It finds every separator at once; a segment is a
range of separators, so that element k of any number of segments is two array look-ups. The 835 reader
(and the 837 reader) pick the rows of a segment id and ask for columns.
"""

from functools import cached_property

import numpy as np
import numpy.typing as npt
import pyarrow as pa

from workbench.era.delimiters import BLANK, Buffer, Delimiters

Ints = npt.NDArray[np.int64]
Bools = npt.NDArray[np.bool_]
Words = npt.NDArray[np.uint64]
Bounds = tuple[Ints, Ints]  # first byte, and the byte after the last, of each of some texts

# A margin before and after the bytes, so that eight of them can be read from any position.
PAD = 8
_KEEP_LOW = np.array([(1 << 8 * size) - 1 for size in range(5)], np.uint32)


def key_of(text: str) -> int:
    """A qualifier of up to four characters as an integer, as `Tokens.keys` gives it."""
    return int.from_bytes(text.encode("ascii"), "little")


def id_key_of(text: str) -> int:
    """A segment id as an integer, as in `Tokens.ids`: its characters and its length."""
    return key_of(text) | len(text) << 24


class Tokens:
    """The segments of `data[start:end]`.

    Positions in these arrays count from `PAD` bytes before `start`; `offset` turns one into a
    position in the file. Segments are numbered from 0 here, elements from 1 as X12 does (0 is the id).

    Attributes:
        separators: positions of every element separator and segment terminator.
        starts, ends: of each segment, without terminator and blanks before it.
        sizes: number of elements of each segment, the id not counted.
        ids: each segment's id as an integer (`id_key_of`); 0 when it is longer than three characters.
    """

    def __init__(self, data: Buffer, start: int, end: int, delimiters: Delimiters) -> None:
        self.delimiters = delimiters
        self.offset = start - PAD
        self._end = end
        size = end - start
        self.bytes = np.empty(size + 2 * PAD, np.uint8)
        self.bytes[:PAD] = self.bytes[PAD + size :] = 0
        self.bytes[PAD : PAD + size] = np.frombuffer(data, np.uint8, size, start)
        self.bytes[PAD + size] = delimiters.segment  # ends a last segment without terminator
        self._find_segments(PAD + size)

    def _find_segments(self, sentinel: int) -> None:
        within = self.bytes[: sentinel + 1]
        marked = within == self.delimiters.element
        marked |= within == self.delimiters.segment
        marked[:PAD] = False
        separators = np.flatnonzero(marked)
        last = np.flatnonzero(self.bytes[separators] == self.delimiters.segment)
        ends = separators[last]
        if self.delimiters.segment == 0x0A:
            ends -= self.bytes[ends - 1] == 0x0D  # the CR belongs to the line end
            separators[last] = ends
        first, starts = np.empty_like(last), np.empty_like(last)
        first[0], first[1:] = 0, last[:-1] + 1
        starts[0], starts[1:] = PAD, ends[:-1] + 1
        self._skip_blanks(starts, ends)
        kept = starts < ends  # `~~` and blanks at the end are no segments
        if not kept.all():
            first, last, starts, ends = first[kept], last[kept], starts[kept], ends[kept]
        self.separators, self._first, self._last = separators, first, last
        self.starts, self.ends, self.sizes = starts, ends, last - first
        sizes = separators[first] - starts
        sizes[sizes > 3] = 0
        self.ids = self._words4[starts] & _KEEP_LOW[sizes] | (sizes << 24).astype(np.uint32)

    def _skip_blanks(self, starts: Ints, ends: Ints) -> None:
        """Moves starts over line ends and padding, never past the terminator."""
        blank = np.zeros(256, np.bool_)
        blank[list(BLANK)] = True
        blank[self.delimiters.element] = False
        may_pass = blank[self.delimiters.segment]
        while (skipped := blank[self.bytes[starts]]).any():
            if may_pass:
                skipped &= starts < ends
                if not skipped.any():
                    break
            starts += skipped

    def __len__(self) -> int:
        return len(self.starts)

    @cached_property
    def buffer(self) -> pa.Buffer:
        """The bytes as Arrow sees them, not copied."""
        return pa.py_buffer(self.bytes)

    @cached_property
    def plain(self) -> bool:
        """Whether every byte is ASCII, so that any piece of it is valid UTF-8."""
        return bool(self.bytes.max() < 0x80)

    @cached_property
    def _holds_nul(self) -> bool:
        return bool((self.bytes[PAD:-PAD] == 0).any())

    @cached_property
    def _words4(self) -> npt.NDArray[np.uint32]:
        return np.ndarray((len(self.bytes) - 3,), np.dtype("<u4"), self.bytes, strides=(1,))

    @cached_property
    def words(self) -> Words:
        """The eight bytes from each position, little endian; overlapping, not copied."""
        return np.ndarray((len(self.bytes) - 7,), np.dtype("<u8"), self.bytes, strides=(1,))

    def pick(self, rows: Ints) -> "Segments":
        """Some of the segments, to take elements from."""
        return Segments(self, rows, self._first[rows], self._last[rows])

    def element(self, rows: Ints, number: int) -> Bounds:
        """Where element `number` of each of `rows` stands; start equals end when it is empty or absent."""
        return self.pick(rows).element(number)

    def whole(self, rows: Ints) -> Bounds:
        """Where the segments themselves stand, without terminator."""
        return self.starts[rows], self.ends[rows]

    def places_in_file(self, rows: Ints) -> Bounds:
        """The bytes of the segments in the file, with their terminators."""
        starts, ends = self.whole(rows)
        return starts + self.offset, np.minimum(ends + 1 + self.offset, self._end)

    def keys(self, bounds: Bounds) -> npt.NDArray[np.uint32]:
        """Short texts as integers (`key_of`); 0 for an empty text and for one longer than four characters."""
        starts, ends = bounds
        sizes = ends - starts
        sizes[sizes > 4] = 0
        if self._holds_nul:
            sizes[self.bytes[ends - 1] == 0] = 0  # at the end it would not show in the key
        keys: npt.NDArray[np.uint32] = self._words4[starts] & _KEEP_LOW[sizes]
        return keys

    @cached_property
    def component_separators(self) -> Ints:
        """Positions of every component separator."""
        return np.flatnonzero(self.bytes == self.delimiters.component)

    def composites(self, bounds: Bounds) -> "Composites":
        """The elements at `bounds`, to be cut into components."""
        return Composites(self.component_separators, bounds)


class Segments:
    """Rows of a `Tokens`, all of one kind. A row may be there more than once, with different groups.

    Attributes:
        rows: the segment numbers.
        longest: number of elements of the longest.
    """

    def __init__(self, tokens: Tokens, rows: Ints, first: Ints, last: Ints) -> None:
        self.tokens, self.rows = tokens, rows
        self._first, self._last = first, last
        sizes = last - first
        self._shortest, self.longest = (int(sizes.min()), int(sizes.max())) if len(sizes) else (0, 0)
        self._edges: dict[int, Ints] = {}

    def __len__(self) -> int:
        return len(self.rows)

    def element(self, number: int) -> Bounds:
        """Where element `number` of each stands; start equals end when it is empty or absent."""
        before, ends = self._edge(number - 1), self._edge(number)
        if number <= self._shortest:
            return before + 1, ends
        return np.minimum(before + 1, ends), ends

    def _edge(self, number: int) -> Ints:
        """The separator after element `number`, or the terminator where there are fewer elements.

        Neighbouring elements share one, so they are kept.
        """
        if number not in self._edges:
            wanted = self._first + number
            if number > self._shortest:
                np.minimum(wanted, self._last, out=wanted)
            self._edges[number] = self.tokens.separators[wanted]
        return self._edges[number]

    def groups(self, first: int, width: int) -> tuple["Segments", Ints]:
        """The repeating groups of `width` elements that begin at element `first`, and their positions from 1.

        Within each, elements count from 1 again. Every segment has at least one group, which may be empty.
        """
        count = np.maximum(-(-(self._last - self._first - (first - 1)) // width), 1)
        row = np.repeat(np.arange(len(self.rows)), count)
        position = np.arange(len(row)) - np.repeat(np.cumsum(count) - count, count)
        begin = self._first[row] + (first - 1) + position * width
        last = self._last[row]
        return Segments(self.tokens, self.rows[row], np.minimum(begin, last), last), position + 1

    def subset(self, chosen: Bools) -> "Segments":
        """Some of these."""
        return Segments(self.tokens, self.rows[chosen], self._first[chosen], self._last[chosen])


class Composites:
    """Elements made of components (SVC01, PLB03); components are numbered from 1."""

    def __init__(self, separators: Ints, bounds: Bounds) -> None:
        self._starts, self._ends = bounds
        self._separators = np.append(separators, 0)
        self._low = np.searchsorted(separators, self._starts)
        self._high = np.searchsorted(separators, self._ends)

    def component(self, first: int, last: int | None = None) -> Bounds:
        """Where component `first` stands, or `first` to `last` with the separators between them."""
        starts = self._starts if first == 1 else self._after(first - 1)
        until = self._low + (last or first) - 1
        ends = np.where(until < self._high, self._separators[np.minimum(until, self._high)], self._ends)
        return starts, ends

    def _after(self, number: int) -> Ints:
        """The byte after the separator that ends component `number`, or the end of the element."""
        place = self._low + number - 1
        return np.where(place < self._high, self._separators[np.minimum(place, self._high)] + 1, self._ends)
