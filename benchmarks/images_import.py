"""Pages imported per second, against the same decode done bare with Pillow and pypdfium2 in the same run.

    python -m benchmarks.images_import [PAGES [KIND]]

Goal: at least 0.7 of the bare decode, both with 4 processes. "The same decode" makes what the import
makes of a page: its pixels, a half-size preview, a thumbnail. The import checks the file as well,
decodes it in a child of its own, hashes, flushes everything to the disk and commits the rows. The
second floor, pixels alone without preview, is printed beside it. All pages are synthetic, 300 dpi.
"""

import io
import random
import sys
import tempfile
import time
from collections.abc import Callable, Sequence
from concurrent.futures import ProcessPoolExecutor
from multiprocessing import get_context
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
from pikepdf import Dictionary, Name
from PIL import Image, ImageDraw, ImageFilter, ImageFont

from workbench.app import open_workbench
from workbench.config import Settings
from workbench.domain.scan_batch.header import BatchHeader
from workbench.domain.scan_batch.words import BatchType
from workbench.images.intake import Incoming
from workbench.services.image_import import Target

PROCESSES = 4
WIDE, HIGH, DPI = 2550, 3300, 300
PAGES_PER_FILE = 8
GOAL = 0.7
RUNS = 2


def letter(seed: int) -> Image.Image:
    """A page of typed lines, grey as a scanner sees it."""
    rng = random.Random(seed)
    page = Image.new("L", (WIDE, HIGH), 250)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(42)
    for y in range(150, HIGH - 150, 62):
        words = (
            "".join(rng.choices("abcdefghijklmnopqrstuvwxyz0123456789", k=rng.randint(2, 9)))
            for _ in range(16)
        )
        pen.text((150, y), " ".join(words), fill=25, font=font)
    grain = Image.frombytes("L", (WIDE // 2, HIGH // 2), rng.randbytes(WIDE * HIGH // 4)).resize(page.size)
    return Image.blend(page, grain, 0.06).filter(ImageFilter.GaussianBlur(0.6))


def jpeg(page: Image.Image) -> bytes:
    out = io.BytesIO()
    page.save(out, "JPEG", quality=80, dpi=(DPI, DPI))
    return out.getvalue()


def fax(pages: Sequence[Image.Image]) -> bytes:
    out = io.BytesIO()
    first, *rest = (page.point(lambda value: 255 * (value > 128)).convert("1") for page in pages)
    first.save(out, "TIFF", compression="group4", dpi=(DPI, DPI), save_all=True, append_images=rest)
    return out.getvalue()


def pdf(draw: Callable[[pikepdf.Pdf, int], tuple[Dictionary, bytes]], pages: int) -> bytes:
    with pikepdf.new() as document:
        for number in range(pages):
            document.add_blank_page(page_size=(612, 792))
            document.pages[-1].Resources, content = draw(document, number)
            document.pages[-1].Contents = document.make_stream(content)
        out = io.BytesIO()
        document.save(out)
        return out.getvalue()


def scanned_pdf(scans: Sequence[bytes]) -> bytes:
    def draw(document: pikepdf.Pdf, number: int) -> tuple[Dictionary, bytes]:
        image = document.make_stream(
            scans[number], Type=Name.XObject, Subtype=Name.Image, Width=WIDE, Height=HIGH,
            ColorSpace=Name.DeviceGray, BitsPerComponent=8, Filter=Name.DCTDecode,
        )  # fmt: skip
        return Dictionary(XObject=Dictionary(Im0=image)), b"q 612 0 0 792 0 0 cm /Im0 Do Q"

    return pdf(draw, len(scans))


def typed_pdf(pages: int, seed: int) -> bytes:
    def draw(document: pikepdf.Pdf, number: int) -> tuple[Dictionary, bytes]:
        font = Dictionary(Type=Name.Font, Subtype=Name.Type1, BaseFont=Name.Helvetica)
        lines = b"".join(
            b"(%d %d 00670 123.45 N130 CO-45 line %d) Tj T* " % (seed, number, n) for n in range(60)
        )
        return Dictionary(Font=Dictionary(F1=document.make_indirect(font))), (
            b"BT /F1 10 Tf 12 TL 40 760 Td " + lines + b"ET"
        )

    return pdf(draw, pages)


def previews(pixels: Image.Image) -> None:
    """What a page is shown by, with Pillow's plain means."""
    half = pixels.reduce(2)
    for picture, quality in ((half, 75), (half.resize((200, 259), Image.Resampling.BOX), 75)):
        picture.save(io.BytesIO(), "JPEG", quality=quality)


def bare_picture(data: bytes, finish: bool) -> int:  # noqa: FBT001  # mapped over files by a pool
    picture = Image.open(io.BytesIO(data))
    pages = getattr(picture, "n_frames", 1)
    for number in range(pages):
        picture.seek(number)
        picture.load()
        if finish:
            previews(picture.convert("L"))
    return pages


def bare_pdf(data: bytes, finish: bool) -> int:  # noqa: FBT001  # likewise
    document = pdfium.PdfDocument(data)
    for page in document:
        pixels = page.render(scale=DPI / 72).to_pil()
        if finish:
            previews(pixels.convert("L"))
    return len(document)


def bare(files: Sequence[bytes], *, is_pdf: bool, finish: bool) -> float:
    """Pages per second; the processes are started before the clock."""
    task = bare_pdf if is_pdf else bare_picture
    with ProcessPoolExecutor(PROCESSES, mp_context=get_context("fork")) as pool:
        list(pool.map(abs, range(PROCESSES * 4)))
        started = time.perf_counter()
        pages = sum(pool.map(task, files, [finish] * len(files)))
        return pages / (time.perf_counter() - started)


def imported(files: Sequence[bytes], home: Path) -> float:
    """Pages per second, from bytes to committed rows."""
    desk = open_workbench(Settings(home, f"sqlite:///{home / 'workbench.sqlite3'}"))
    with desk.database.transaction() as stores:
        practice_id = stores.office.add_practice("Benchmark")
    batch_id = desk.scan_desk.batches.create(desk.actor, BatchHeader("", practice_id, BatchType.PAYMENT))
    incoming = [Incoming(f"{number}", data) for number, data in enumerate(files)]
    started = time.perf_counter()
    outcomes = list(desk.scan_desk.imports.run(desk.actor, batch_id, incoming, Target.NEW_SET))
    seconds = time.perf_counter() - started
    desk.close()
    refused = [outcome.refused for outcome in outcomes if outcome.refused]
    if refused:
        raise SystemExit(f"refused: {refused[0]}")
    return sum(outcome.pages for outcome in outcomes) / seconds


def material(pages: int) -> dict[str, tuple[list[bytes], bool]]:
    """Kind of file to files and whether they are PDFs."""
    letters = [letter(seed) for seed in range(PAGES_PER_FILE)]
    scans = [jpeg(page) for page in letters]
    files = max(PROCESSES, pages // PAGES_PER_FILE)
    return {
        "300 dpi grey JPEG, a page a file": ([scans[n % len(scans)] for n in range(pages)], False),
        "G4 TIFF, 8 pages a file": ([fax(letters)] * files, False),
        "scanned PDF, 8 pages a file": ([scanned_pdf(scans)] * files, True),
        "typed PDF, 8 pages a file": ([typed_pdf(PAGES_PER_FILE, n) for n in range(files)], True),
    }


def main() -> None:
    pages = int(sys.argv[1]) if len(sys.argv) > 1 else 128
    wanted = sys.argv[2] if len(sys.argv) > 2 else ""
    print(
        f"pages/s with {PROCESSES} processes, best of {RUNS}; goal: import >= {GOAL} of the same decode, bare"
    )
    print(f"{'':36}{'import':>8}{'same':>8}{'ratio':>8}{'pixels':>8}{'ratio':>8}")
    for name, (files, is_pdf) in material(pages).items():
        if wanted not in name:
            continue
        best = {"import": 0.0, "same": 0.0, "pixels": 0.0}
        for _ in range(RUNS):  # in turn, so that a busy moment of the machine hits all three
            with tempfile.TemporaryDirectory() as home:
                best["import"] = max(best["import"], imported(files, Path(home)))
            best["same"] = max(best["same"], bare(files, is_pdf=is_pdf, finish=True))
            best["pixels"] = max(best["pixels"], bare(files, is_pdf=is_pdf, finish=False))
        ours, same, pixels = best["import"], best["same"], best["pixels"]
        verdict = "" if ours / same >= GOAL else "  BELOW THE GOAL"
        print(
            f"{name:36}{ours:8.1f}{same:8.1f}{ours / same:8.2f}{pixels:8.1f}{ours / pixels:8.2f}{verdict}",
            flush=True,
        )


if __name__ == "__main__":
    main()
