"""What a file is, from its first bytes; the extension is not trusted (spec scan-batches 3.10)."""

from enum import StrEnum


class Kind(StrEnum):
    """The formats that are taken in, by their media type."""

    PDF = "application/pdf"
    TIFF = "image/tiff"
    JPEG = "image/jpeg"
    PNG = "image/png"
    WEBP = "image/webp"
    BMP = "image/bmp"
    GIF = "image/gif"


# How many bytes `sniff` wants to see: a PDF may have junk before its header (ISO 32000-1, annex H.3.4.1).
SNIFFED_BYTES = 1024

_TIFF_STARTS = (b"II*\0", b"MM\0*", b"II+\0\x08\0\0\0", b"MM\0+\0\x08\0\0")
# The sizes that a BMP's second header may have, which tell it from a text that starts with "BM".
_BMP_HEADER_SIZES = {12, 40, 52, 56, 64, 108, 124}


def sniff(head: bytes) -> Kind | None:
    """The format, from the first `SNIFFED_BYTES` of the file, or None when it is none of ours."""
    if head.startswith(b"\x89PNG\r\n\x1a\n"):
        return Kind.PNG
    if head.startswith(b"\xff\xd8\xff"):
        return Kind.JPEG
    if head.startswith(_TIFF_STARTS):
        return Kind.TIFF
    if head.startswith((b"GIF87a", b"GIF89a")):
        return Kind.GIF
    if head.startswith(b"RIFF") and head[8:12] == b"WEBP":
        return Kind.WEBP
    if head.startswith(b"BM") and int.from_bytes(head[14:18], "little") in _BMP_HEADER_SIZES:
        return Kind.BMP
    # Last: a PDF's header may stand behind junk, and an executable's first bytes are not junk.
    if not head.startswith((b"MZ", b"\x7fELF", b"#!")) and b"%PDF-" in head[:SNIFFED_BYTES]:
        return Kind.PDF
    return None
