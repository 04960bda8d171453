"""The structure of a TIFF, read without a decoder: pages, sizes, and whether all of their data are there.

TIFF 6.0 and BigTIFF. libtiff reads what is left of a page and is silent about a fax strip that ends
early; so the counting and the bounds are checked here, before anything is decoded.
"""

import re
import struct
from collections.abc import Iterator
from dataclasses import dataclass
from pathlib import Path

import numpy as np
import simplejpeg

from workbench.images.whole import DamagedError, check_inflated

# Tags (TIFF 6.0, section 8 and "Tags sorted by number").
_SUBFILE_TYPE, _WIDTH, _LENGTH, _COMPRESSION, _FILL_ORDER = 254, 256, 257, 259, 266
_STRIPS, _STRIP_BYTES, _TILES, _TILE_BYTES = 273, 279, 324, 325
_JPEG_TABLES = 347
_GROUP_4, _JPEG, _DEFLATES = 4, 7, {8, 32946}
_MOST_PIXEL_BYTES = 32
# Field types that we need: BYTE, SHORT, LONG, UNDEFINED, LONG8 and IFD8, by their struct letter.
_LETTERS = {1: "B", 7: "B", 3: "H", 4: "I", 13: "I", 16: "Q", 18: "Q"}
# Bytes of one value of every field type (TIFF 6.0, section 2; BigTIFF's 16 to 18).
_SIZES = {
    1: 1,
    2: 1,
    3: 2,
    4: 4,
    5: 8,
    6: 1,
    7: 1,
    8: 2,
    9: 4,
    10: 8,
    11: 4,
    12: 8,
    13: 4,
    16: 8,
    17: 8,
    18: 8,
}
_MOST_ENTRIES = 4096
_MOST_PIECES = 1 << 20
_REVERSED = bytes(int(f"{byte:08b}"[::-1], 2) for byte in range(256))
_LOWEST_BIT_FIRST = 2
# The end-of-facsimile-block mark is two end-of-line codes of eleven zeros and a one (T.6, 2.4.1.1).
_RUN, _BYTE = 11, 8
_NO_CODE = "0" * _RUN
# How many zero bits each byte ends and begins with.
_ZEROS_AT_END = np.array([_BYTE - len(f"{byte:08b}".rstrip("0")) for byte in range(256)], np.uint8)
_ZEROS_AT_BEGIN = np.array([_BYTE - len(f"{byte:08b}".lstrip("0")) for byte in range(256)], np.uint8)
_END_OF_BLOCK = re.compile("0{11,}10{11}1")
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
    jpeg_tables: bytes
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


def directory_of(path: Path, page_in_file: int, most_pages: int) -> int:
    """The directory of a page, 1-based. Raises DamagedError when there is no such page."""
    structure = read_structure(path, most_pages)
    if page_in_file > len(structure):
        raise DamagedError(page_in_file)
    return structure[page_in_file - 1].directory


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
            _check_bounds(data, order, word, kind, entry + 4)
            if kind in _LETTERS:
                tags[tag] = _values(data, order, word, _LETTERS[kind], entry + 4, word_bytes)
        yield tags
        (at,) = struct.unpack_from(order + word, data, first + count * entry_bytes)


def _check_bounds(data: bytes, order: str, word: str, kind: int, at: int) -> None:
    count, offset = struct.unpack_from(order + 2 * word, data, at)
    size = count * _SIZES.get(kind, 1)
    if size > struct.calcsize(order + word) and offset + size > len(data):
        raise DamagedError


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
    return TiffPage(
        directory=number,
        width=tags[_WIDTH][0],
        height=tags[_LENGTH][0],
        compression=tags.get(_COMPRESSION, (1,))[0],
        fill_order=tags.get(_FILL_ORDER, (1,))[0],
        jpeg_tables=bytes(tags.get(_JPEG_TABLES, ())),
        pieces=pieces,
    )


def check_pieces(path: Path, page: TiffPage) -> None:
    """What libtiff overlooks in the strips of a page of sane size. Raises DamagedError."""
    with path.open("rb") as file:
        for offset, length in page.pieces:
            file.seek(offset)
            piece = file.read(length)
            if page.compression == _GROUP_4:
                _check_fax(piece, page.fill_order)
            elif page.compression in _DEFLATES:
                # libtiff stops when the strip has its lines, before the checksum.
                check_inflated([memoryview(piece)], 1, page.width * page.height * _MOST_PIXEL_BYTES)
            elif page.compression == _JPEG:
                _check_jpeg(piece, page.jpeg_tables)


def _check_fax(strip: bytes, fill_order: int) -> None:
    """Eleven zeros stand in no code of a Group 4 line: only in the end-of-block mark, and in padding.

    Where libtiff meets them it stops, and is silent about the lines that lack. A strip may have no
    mark at all; then libtiff complains when lines lack.
    """
    if fill_order == _LOWEST_BIT_FIRST:
        strip = strip.translate(_REVERSED)
    # Nearly all of a strip has no such run; only from where one may begin are bits worth looking at.
    bits = bin(int.from_bytes(b"\x01" + strip[_first_zero_run(strip) :], "big"))
    at = bits.find(_NO_CODE)
    if at < 0:
        return
    mark = _END_OF_BLOCK.match(bits, at)
    if mark is None:
        if len(bits) - at > _PADDING_BITS:
            raise DamagedError
    elif "1" in bits[mark.end() + _PADDING_BITS :]:
        raise DamagedError


def _first_zero_run(strip: bytes) -> int:
    """The byte in which the first run of eleven zero bits begins; the length of the strip without one."""
    data = np.frombuffer(strip, np.uint8)
    ends, begins = _ZEROS_AT_END[data], _ZEROS_AT_BEGIN[data]
    over_two = ends[:-1] + begins[1:] >= _RUN
    over_three = (data[1:-1] == 0) & (ends[:-2] > 0) & (ends[:-2] + begins[2:] >= _RUN - _BYTE)
    starts = [int(found.argmax()) for found in (over_two, over_three) if found.any()]
    return min(starts, default=len(strip))


def _check_jpeg(piece: bytes, tables: bytes) -> None:
    """Each strip is a JPEG of its own that lacks its tables (TIFF Technical Note 2)."""
    whole_stream = tables[:-2] + piece[2:] if tables else piece
    try:
        simplejpeg.decode_jpeg(whole_stream, "GRAY", min_factor=8)
    except ValueError:
        raise DamagedError from None
