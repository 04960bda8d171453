"""Synthetic pages in every format, and what can be done to them. Nothing here comes from a real document."""

import io
import random
import struct
import zlib
from collections.abc import Callable

import pikepdf
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw

WIDTH, HEIGHT = 425, 550  # a letter page at 50 dpi
DPI = 50


def page(seed: int = 1, width: int = WIDTH, height: int = HEIGHT) -> Image.Image:
    """A grey page with strokes and specks down to its last row: a part that is missing shows as a plain area."""
    rng = random.Random(seed)
    specks = Image.frombytes("L", (width // 4, height // 4), rng.randbytes((width // 4) * (height // 4)))
    picture = specks.resize((width, height), Image.Resampling.BICUBIC)
    pen = ImageDraw.Draw(picture)
    for _ in range(height // 5):
        x, y = rng.randrange(width), rng.randrange(height)
        pen.line((x, y, x + rng.randrange(40), y + rng.randrange(3)), fill=rng.randrange(80), width=2)
    return picture


def saved(picture: Image.Image, kind: str, **options: object) -> bytes:
    out = io.BytesIO()
    picture.save(out, kind, **options)
    return out.getvalue()


def jpeg(seed: int = 1, **options: object) -> bytes:
    return saved(page(seed), "JPEG", quality=80, dpi=(DPI, DPI), **options)


def png(seed: int = 1) -> bytes:
    return saved(page(seed), "PNG", dpi=(DPI, DPI))


def gif(seed: int = 1) -> bytes:
    return saved(page(seed), "GIF")


def webp(seed: int = 1) -> bytes:
    return saved(page(seed), "WEBP", quality=80)


def bmp(seed: int = 1) -> bytes:
    return saved(page(seed), "BMP")


def tiff(seeds: tuple[int, ...] = (1,), compression: str = "group4") -> bytes:
    pages = [page(seed) for seed in seeds]
    if compression in ("group3", "group4"):
        pages = [one.convert("1") for one in pages]
    return saved(
        pages[0], "TIFF", compression=compression, dpi=(DPI, DPI), save_all=True, append_images=pages[1:]
    )


def text_pdf(
    pages: int = 1, media_box: tuple[int, int, int, int] = (0, 0, 612, 792), **save: object
) -> bytes:
    """Pages of typed lines, as a payer's computer makes them."""
    with pikepdf.new() as pdf:
        font = pdf.make_indirect(Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica))
        for number in range(pages):
            lines = b"".join(b"(Page %d line %d: 123.45) Tj T* " % (number, line) for line in range(60))
            pdf.add_blank_page(page_size=(612, 792))
            pdf.pages[-1].MediaBox = list(media_box)
            pdf.pages[-1].Resources = Dictionary(Font=Dictionary(F1=font))
            pdf.pages[-1].Contents = pdf.make_stream(b"BT /F1 10 Tf 12 TL 40 760 Td " + lines + b"ET")
        out = io.BytesIO()
        pdf.save(out, **save)
        return out.getvalue()


def scanned_pdf(scans: list[bytes], *, inset: float = 0) -> bytes:
    """One JPEG for each page, over the whole of it or with a margin of `inset` points."""
    with pikepdf.new() as pdf:
        for scan in scans:
            with Image.open(io.BytesIO(scan)) as picture:
                width, height = picture.size
            wide, high = width * 72 / DPI, height * 72 / DPI
            pdf.add_blank_page(page_size=(wide, high))
            image = pdf.make_stream(
                scan, Type=Name.XObject, Subtype=Name.Image, Width=width, Height=height,
                ColorSpace=Name.DeviceGray, BitsPerComponent=8, Filter=Name.DCTDecode,
            )  # fmt: skip
            pdf.pages[-1].Resources = Dictionary(XObject=Dictionary(Im0=image))
            pdf.pages[-1].Contents = pdf.make_stream(
                b"q %f 0 0 %f %f %f cm /Im0 Do Q" % (wide - 2 * inset, high - 2 * inset, inset, inset)
            )
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()


# What a clerk may import, each with the number of its pages.
EVERY_FORMAT: dict[str, tuple[Callable[[], bytes], int]] = {
    "scan.jpg": (jpeg, 1),
    "progressive.jpg": (lambda: jpeg(progressive=True), 1),
    "colour.jpg": (lambda: saved(page().convert("RGB"), "JPEG"), 1),
    "press.jpg": (lambda: saved(page().convert("CMYK"), "JPEG"), 1),
    "screen.png": (png, 1),
    "clear.png": (lambda: saved(page().convert("LA"), "PNG"), 1),
    "deep.png": (
        lambda: saved(page().convert("I").point(lambda value: value * 257).convert("I;16"), "PNG"),
        1,
    ),
    "bilevel.png": (lambda: saved(page().convert("1"), "PNG"), 1),
    "screen.gif": (gif, 1),
    "photo.webp": (webp, 1),
    "lossless.webp": (lambda: saved(page(), "WEBP", lossless=True), 1),
    "screen.bmp": (bmp, 1),
    "fax.tif": (lambda: tiff((1, 2, 3)), 3),
    "fax3.tif": (lambda: tiff((1, 2), "group3"), 2),
    "plain.tif": (lambda: tiff((1, 2), "raw"), 2),
    "lzw.tif": (lambda: tiff((1, 2), "tiff_lzw"), 2),
    "zip.tif": (lambda: tiff((1,), "tiff_adobe_deflate"), 1),
    "photo.tif": (lambda: tiff((1, 2), "jpeg"), 2),
    "eob.pdf": (lambda: text_pdf(3), 3),
    "scanned.pdf": (lambda: scanned_pdf([jpeg(1), jpeg(2)]), 2),
    "letter.pdf": (lambda: scanned_pdf([jpeg(1)], inset=30), 1),
}


def png_chunk(kind: bytes, body: bytes) -> bytes:
    return struct.pack(">I", len(body)) + kind + body + struct.pack(">I", zlib.crc32(kind + body))


def png_of(width: int, height: int, rows: bytes, bits: int = 8) -> bytes:
    """A grey PNG whose every chunk is right, with whatever rows."""
    header = struct.pack(">IIBBBBB", width, height, bits, 0, 0, 0, 0)
    return (
        b"\x89PNG\r\n\x1a\n"
        + png_chunk(b"IHDR", header)
        + png_chunk(b"IDAT", zlib.compress(rows))
        + png_chunk(b"IEND", b"")
    )


def tiff_of(directories: list[dict[int, int]], *, ring: bool = False) -> bytes:
    """A TIFF of directories with single values and no pixels at all but 64 bytes at offset 8."""
    out = bytearray(struct.pack("<2sHI", b"II", 42, 8 + 64) + bytes(64))
    for number, tags in enumerate(directories):
        entries = b"".join(struct.pack("<HHII", tag, 4, 1, value) for tag, value in sorted(tags.items()))
        end = len(out) + 2 + len(entries) + 4
        last = number == len(directories) - 1
        following = (72 if ring else 0) if last else end
        out += struct.pack("<H", len(tags)) + entries + struct.pack("<I", following)
    return bytes(out)


def zeros_deflated(megabytes: int) -> bytes:
    """The zlib stream of so many megabytes of zeros, made without having them."""
    packer = zlib.compressobj(9, zlib.DEFLATED, -15)
    block = packer.compress(bytes(1 << 20)) + packer.flush(zlib.Z_FULL_FLUSH)
    end = zlib.compressobj(9, zlib.DEFLATED, -15).flush()
    # Adler-32 of n zeros: the first sum stays 1, the second grows by 1 with each byte (RFC 1950, 9).
    adler = ((megabytes << 20) % 65521) << 16 | 1
    return b"\x78\x9c" + block * megabytes + end + struct.pack(">I", adler)


def pdf_with_stream(packed: bytes, *, picture: bool) -> bytes:
    """One page whose content, or whose picture, is the given Flate stream."""
    with pikepdf.new() as pdf:
        pdf.add_blank_page(page_size=(612, 792))
        stream = pdf.make_stream(b"")
        stream.write(packed, filter=Name.FlateDecode)
        if picture:
            stream.Type, stream.Subtype = Name.XObject, Name.Image
            stream.Width, stream.Height, stream.BitsPerComponent = 7000, 7000, 8
            stream.ColorSpace = Name.DeviceGray
            pdf.pages[0].Resources = Dictionary(XObject=Dictionary(Im0=stream))
            pdf.pages[0].Contents = pdf.make_stream(b"q 612 0 0 792 0 0 cm /Im0 Do Q")
        else:
            pdf.pages[0].Contents = stream
        out = io.BytesIO()
        pdf.save(out)
        return out.getvalue()
