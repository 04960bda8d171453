"""Is the file whole? What the decoders overlook, read from the structure of the file itself.

Pillow gives back a picture whose lower part is blank, without a word, for a PNG whose compressed data
end early, a GIF with an early end code, and a TIFF whose fax strip stops before its last line. Here
such files are found. (JPEG: `simplejpeg` is strict. WebP: libwebp is.)
"""

import zlib
from collections.abc import Iterator
from pathlib import Path

PNG_START = 8
# Bits of one pixel by PNG colour type (PNG specification, table 11.1), to be multiplied by the bit depth.
_PNG_CHANNELS = {0: 1, 2: 3, 3: 1, 4: 2, 6: 4}
# Adam7: x start, y start, x step, y step of each pass (PNG specification, 8.2).
_ADAM7 = ((0, 0, 8, 8), (4, 0, 8, 8), (0, 4, 4, 8), (2, 0, 4, 4), (0, 2, 2, 4), (1, 0, 2, 2), (0, 1, 1, 2))


class DamagedError(Exception):
    """The file is damaged or incomplete."""


class OverfullError(Exception):
    """Compressed data unpack to more than they may."""


class AnimationError(Exception):
    """The file is a moving picture, not a page."""


def check_png(path: Path) -> None:
    """Every chunk has its checksum, the last one is IEND, and the pixels are all there."""
    data = path.read_bytes()
    header = b""
    packed: list[memoryview] = []
    for kind, body in _png_chunks(data):
        if kind == b"IHDR":
            header = bytes(body)
        elif kind == b"IDAT":
            packed.append(body)
        elif kind == b"acTL":
            raise AnimationError
    if len(header) != 13:
        raise DamagedError
    expected = _png_raw_bytes(header)
    check_inflated(packed, expected, expected)


def _png_chunks(data: bytes) -> Iterator[tuple[bytes, memoryview]]:
    view, at = memoryview(data), PNG_START
    while True:
        length = int.from_bytes(view[at : at + 4], "big")
        end = at + 12 + length
        if end > len(data):
            raise DamagedError
        kind, body = bytes(view[at + 4 : at + 8]), view[at + 8 : end - 4]
        if zlib.crc32(view[at + 4 : end - 4]) != int.from_bytes(view[end - 4 : end], "big"):
            raise DamagedError
        yield kind, body
        if kind == b"IEND":
            return
        at = end


def _png_raw_bytes(header: bytes) -> int:
    """How many bytes the pixels take, with the filter byte of each line."""
    width, height = int.from_bytes(header[0:4], "big"), int.from_bytes(header[4:8], "big")
    bits = _PNG_CHANNELS.get(header[9], 0) * header[8]

    def lines(wide: int, high: int) -> int:
        return high * (1 + (wide * bits + 7) // 8) if wide and high else 0

    if not header[12]:
        return lines(width, height)
    return sum(
        lines((width - x0 + dx - 1) // dx, (height - y0 + dy - 1) // dy)
        for x0, y0, dx, dy in _ADAM7
        if width > x0 and height > y0
    )


def check_inflated(packed: list[memoryview], least: int, most: int) -> int:
    """How many bytes the compressed data give; never more than a piece of them is in memory.

    Raises DamagedError when they are less than `least`, have no end or not their checksum, and
    OverfullError when they are more than `most`.
    """
    inflater, got, piece = zlib.decompressobj(), 0, 1 << 20
    try:
        for body in packed:
            data: bytes | memoryview = body
            while data and not inflater.eof:
                got += len(inflater.decompress(data, piece))
                data = inflater.unconsumed_tail
                if got > most:
                    raise OverfullError
    except zlib.error:
        raise DamagedError from None
    if got < least or not inflater.eof:
        raise DamagedError
    return got


def check_gif(path: Path) -> None:
    """One picture, with data for every pixel of it."""
    data = path.read_bytes()
    at = 13 + _gif_table_bytes(data[10])
    pictures = 0
    try:
        while data[at] != 0x3B:  # the trailer
            if data[at] == 0x21:  # an extension
                _, at = _gif_blocks(data, at + 2)
            elif data[at] == 0x2C:  # a picture
                pictures += 1
                if pictures > 1:
                    raise AnimationError
                at = _check_gif_picture(data, at)
            else:
                raise DamagedError
    except IndexError:
        raise DamagedError from None
    if pictures == 0:
        raise DamagedError


def _gif_table_bytes(flags: int) -> int:
    return 3 << ((flags & 7) + 1) if flags & 0x80 else 0


def _gif_blocks(data: bytes, at: int) -> tuple[bytes, int]:
    """The sub-blocks from `at` on, joined, and where they end."""
    parts = []
    while length := data[at]:
        parts.append(data[at + 1 : at + 1 + length])
        at += 1 + length
    return b"".join(parts), at + 1


def _check_gif_picture(data: bytes, at: int) -> int:
    width = int.from_bytes(data[at + 5 : at + 7], "little")
    height = int.from_bytes(data[at + 7 : at + 9], "little")
    at += 10 + _gif_table_bytes(data[at + 9])
    packed, end = _gif_blocks(data, at + 1)
    if _lzw_pixels(packed, data[at], width * height) < width * height:
        raise DamagedError
    return end


def _lzw_pixels(packed: bytes, root_bits: int, wanted: int) -> int:
    """How many pixels a GIF's LZW data give (GIF89a, appendix F): only lengths are kept, no pixels."""
    if not 2 <= root_bits <= 8:
        raise DamagedError
    clear, end = 1 << root_bits, (1 << root_bits) + 1
    lengths = [1] * (end + 1)
    width, previous, pixels = root_bits + 1, 0, 0
    bits, held, source = 0, 0, iter(packed)
    while pixels < wanted:
        while held < width:
            byte = next(source, None)
            if byte is None:
                return pixels
            bits |= byte << held
            held += 8
        code, bits, held = bits & ((1 << width) - 1), bits >> width, held - width
        if code == end:
            return pixels
        if code == clear:
            del lengths[end + 1 :]
            width, previous = root_bits + 1, 0
            continue
        if code > len(lengths) or (code == len(lengths) and not previous):
            raise DamagedError
        length = lengths[code] if code < len(lengths) else previous + 1
        pixels += length
        if previous and len(lengths) < 4096:
            lengths.append(previous + 1)
        width = min(12, max(width, len(lengths).bit_length()))
        previous = length
    return pixels


def check_webp(path: Path) -> None:
    """The RIFF container is all there (libwebp checks what is inside)."""
    with path.open("rb") as file:
        head = file.read(12)
    if int.from_bytes(head[4:8], "little") + 8 > path.stat().st_size:
        raise DamagedError
