"""The structure of a TIFF, read without a decoder: pages, sizes, and whether all of their data are there.

TIFF 6.0 and BigTIFF. libtiff reads what is left of a page and is silent about a fax strip that ends
early; so the counting and the bounds are checked here, before anything is decoded.
"""

import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

from workbench.images.whole import DamagedError

# Tags (TIFF 6.0, section 8 and "Tags sorted by number").
_SUBFILE_TYPE, _WIDTH, _LENGTH, _COMPRESSION, _FILL_ORDER = 254, 256, 257, 259, 266
_STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES = 273, 279, 324, 325
_GROUP_4 = 4
# Field types that hold counts and offsets: BYTE, SHORT, LONG, LONG8 and IFD8, by their struct letter.
_LETTERS = {1: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
_MOST_ENTRIES = 4096
_MOST_PIECES = 1 << 20
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
# End of facsimile block: two end-of-line codes (T.6, 2.4.1.1). No code of the lines holds eleven zeros.
_EOFB = "000000000001" * 2
# Some writers close a strip twice, or pad it with what lay in their memory.
_PADDING_BITS = 64


class TooManyPagesError(Exception):
    """The file has more pages than allowed; they were not counted to the end."""


@dataclass(frozen=True, slots=True)
class TiffPage:
    """Attributes:
    directory: 0-based number of its image file directory, which Pillow calls the frame.
    pieces: offset and length in bytes of each strip or tile.
    """

    directory: int
    width: int
    height: int
    compression: int
    fill_order: int
    pieces: tuple[tuple[int, int], ...]


def read_structure(path: Path, most_pages: int) -> list[TiffPage]:
    """The pages, reduced-resolution copies left out.

    Raises DamagedError when data are missing, TooManyPagesError beyond `most_pages`.
    """
    data = path.read_bytes()
    pages: list[TiffPage] = []
    try:
        for number, tags in enumerate(_directories(data, most_pages)):
            if not tags.get(_SUBFILE_TYPE, (0,))[0] & 1:
                pages.append(_page(number, tags, data))
    except (struct.error, IndexError, KeyError):
        raise DamagedError from None
    if not pages:
        raise DamagedError
    return pages


def _directories(data: bytes, most: int) -> Iterator[dict[int, tuple[int, ...]]]:
    order = "<" if data[:2] == b"II" else ">"
    big = struct.unpack_from(order + "H", data, 2)[0] == 43
    word, count_letter = ("Q", "Q") if big else ("I", "H")
    entry_bytes, word_bytes = (20, 8) if big else (12, 4)
    (at,) = struct.unpack_from(order + word, data, 8 if big else 4)
    seen: set[int] = set()
    while at:
        if at in seen:
            raise DamagedError  # a ring of directories
        seen.add(at)
        if len(seen) > most:
            raise TooManyPagesError
        (count,) = struct.unpack_from(order + count_letter, data, at)
        if count > _MOST_ENTRIES:
            raise DamagedError
        first = at + struct.calcsize(order + count_letter)
        tags = {}
        for entry in range(first, first + count * entry_bytes, entry_bytes):
            tag, kind = struct.unpack_from(order + "HH", data, entry)
            if kind in _LETTERS:
                tags[tag] = _values(data, order, word, _LETTERS[kind], entry + 4, word_bytes)
        yield tags
        (at,) = struct.unpack_from(order + word, data, first + count * entry_bytes)


def _values(data: bytes, order: str, word: str, letter: str, at: int, word_bytes: int) -> tuple[int, ...]:
    (count,) = struct.unpack_from(order + word, data, at)
    if count > _MOST_PIECES:
        raise DamagedError
    layout = f"{order}{count}{letter}"
    at += word_bytes
    if struct.calcsize(layout) > word_bytes:
        (at,) = struct.unpack_from(order + word, data, at)
    return struct.unpack_from(layout, data, at)


def _page(number: int, tags: dict[int, tuple[int, ...]], data: bytes) -> TiffPage:
    offsets, lengths = (
        (tags[_STRIPS], tags[_STRIP_BYTES]) if _STRIPS in tags else (tags[_TILES], tags[_TILE_BYTES])
    )
    pieces = tuple(zip(offsets, lengths, strict=False))
    if len(offsets) != len(lengths) or not pieces:
        raise DamagedError
    if any(offset + length > len(data) or length == 0 for offset, length in pieces):
        raise DamagedError
    page = TiffPage(
        directory=number,
        width=tags[_WIDTH][0],
        height=tags[_LENGTH][0],
        compression=tags.get(_COMPRESSION, (1,))[0],
        fill_order=tags.get(_FILL_ORDER, (1,))[0],
        pieces=pieces,
    )
    if page.compression == _GROUP_4:
        for offset, length in pieces:
            _check_fax(data[offset : offset + length], page.fill_order)
    return page


def _check_fax(strip: bytes, fill_order: int) -> None:
    """A Group 4 strip may lack its end-of-block mark (libtiff complains when lines lack too); it may not
    have one with more data behind it, where libtiff stops and is silent.
    """
    if fill_order == 2:
        strip = strip.translate(_REVERSED)
    bits = bin(int.from_bytes(b"\x01" + strip, "big"))
    at = bits.find(_EOFB)
    if at >= 0 and "1" in bits[at + len(_EOFB) + _PADDING_BITS :]:
        raise DamagedError
