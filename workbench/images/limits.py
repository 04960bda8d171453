"""How much one file may ask of us before it is refused (DESIGN 2, "Images"; spec scan-batches 3.10)."""

from dataclasses import dataclass

GIB = 1 << 30
MB = 1_000_000
# A letter page at 300 dpi is 3,300 high: its preview is half of that, which fills any screen and takes
# a browser 70 ms (DESIGN 2). Pages are halved until they fit, since halving is what decoders do fast.
PREVIEW_SIDE = 2_200
# What the barcode of a separator sheet says: the word that paperless-ngx and many scanners use (spec 6.1).
SEPARATOR_TEXT = "PATCHT"


@dataclass(frozen=True, slots=True)
class Limits:
    """Attributes:
    file_bytes: size of the file.
    pages: of a PDF or TIFF.
    side_pixels, page_pixels: of one page, before anything is decoded.
    memory_bytes: data segment of the child process.
    cpu_seconds, wall_seconds: for the whole file; the kernel ends the child.
    """

    file_bytes: int = 200 * MB
    pages: int = 500
    side_pixels: int = 20_000
    page_pixels: int = 60_000_000
    memory_bytes: int = 3 * GIB // 2
    cpu_seconds: int = 120
    wall_seconds: int = 300

    def allows_size(self, width: int, height: int) -> bool:
        """Whether a page of this size, in pixels, may be decoded."""
        return (
            0 < width <= self.side_pixels
            and 0 < height <= self.side_pixels
            and (width * height <= self.page_pixels)
        )
