"""What happens to one file inside the child process that is made for it and thrown away after it."""

import json
import os
import resource
import signal
from collections.abc import Callable, Iterator, Mapping
from dataclasses import asdict, dataclass, field, replace
from enum import StrEnum
from pathlib import Path
from typing import Any

from PIL import Image

from workbench.domain.scan_batch.cleaning import Cleaning, Step
from workbench.images import cleanup, pdf, raster, separators, sheets, tiff, whole
from workbench.images.limits import Limits
from workbench.images.outcome import Page, Reason, Rendition, Sheet, page_to_record
from workbench.images.sniff import SNIFFED_BYTES, Kind, sniff


class NotAnImageError(Exception):
    """The first bytes are those of none of our formats."""


MANIFEST = "manifest.json"
FULL_PAGE = "full"
_STANDARD_ERROR = 2
_CHECKS: dict[Kind, Callable[[Path], None]] = {
    Kind.PNG: whole.check_png,
    Kind.GIF: whole.check_gif,
    Kind.WEBP: whole.check_webp,
}
_REASONS: dict[type[Exception], Reason] = {
    whole.DamagedError: Reason.DAMAGED,
    whole.AnimationError: Reason.ANIMATION,
    tiff.TooManyPagesError: Reason.TOO_MANY_PAGES,
    raster.TooManyPixelsError: Reason.TOO_MANY_PIXELS,
    pdf.PasswordError: Reason.PASSWORD,
    whole.OverfullError: Reason.TOO_MUCH_MEMORY,
    MemoryError: Reason.TOO_MUCH_MEMORY,
}
_FORESEEN: tuple[type[Exception], ...] = (*_REASONS, NotAnImageError)


class Task(StrEnum):
    """What is done with the file: check it and make all previews; draw one page; clean it up; make it a sheet; bind
    sheets.
    """

    DECODE = "decode"
    FULL_PAGE = "full_page"
    CLEAN = "clean"
    SHEET = "sheet"
    BIND = "bind"


@dataclass(frozen=True, slots=True)
class Job:
    """Attributes:
    source: the file; of `BIND`, the folder of the sheets.
    folder: where renditions and the manifest go; empty before.
    options: of the task. DECODE: `marks`, look for separators and blank pages. FULL_PAGE: `page`, 1-based.
        CLEAN: `page`, `recipe` as text, `measure`, a `Step` or "", `dpi` or None. SHEET: the fields of `outcome.Sheet`. BIND: `sheets`, how many, and `title`.
    """

    source: Path
    folder: Path
    limits: Limits
    task: Task = Task.DECODE
    options: Mapping[str, Any] = field(default_factory=dict)

    def to_order(self) -> dict[str, Any]:
        """JSON-able, for the nursery."""
        return {**asdict(self), "source": str(self.source), "folder": str(self.folder)}

    @staticmethod
    def from_order(order: Mapping[str, Any]) -> "Job":
        return Job(
            Path(order["source"]),
            Path(order["folder"]),
            Limits(**order["limits"]),
            Task(order["task"]),
            order["options"],
        )


def confine(limits: Limits) -> None:
    """Hand the limits to the kernel, which ends this process when it passes them."""
    for what, most in (
        (resource.RLIMIT_DATA, limits.memory_bytes),
        (resource.RLIMIT_FSIZE, limits.file_bytes * 2),
        (resource.RLIMIT_CORE, 0),
    ):
        resource.setrlimit(what, (most, most))
    # At the soft limit the signal that tells why; the hard limit is for who ignores it.
    resource.setrlimit(resource.RLIMIT_CPU, (limits.cpu_seconds, limits.cpu_seconds + 1))
    signal.signal(signal.SIGXCPU, signal.SIG_DFL)
    signal.signal(signal.SIGALRM, signal.SIG_DFL)
    signal.alarm(limits.wall_seconds)


def run(job: Job, on_page: Callable[[int], None]) -> None:
    """Do the job and leave a manifest. An exception that is not foreseen ends the child without one.

    `on_page` gets the number of pages finished.
    """
    complaints = _listen_to_standard_error()
    try:
        manifest = _decode(job, on_page, complaints) if job.task is Task.DECODE else _TASKS[job.task](job)
    except _FORESEEN as error:
        reason = _REASONS.get(type(error), Reason.NOT_AN_IMAGE)
        page = error.args[0] if error.args and isinstance(error.args[0], int) else None
        manifest = {"refused": reason.value, "page": page}
    (job.folder / MANIFEST).write_text(json.dumps(manifest), encoding="utf-8")


def _listen_to_standard_error() -> int:
    """Point standard error at a pipe of this process; returns its reading end.

    libtiff says there, and only there, that a strip was damaged; Pillow returns the page all the same.
    When the pipe is full, what comes after is dropped: one complaint is enough.
    """
    reading, writing = os.pipe()
    os.set_blocking(reading, False)
    os.set_blocking(writing, False)
    os.dup2(writing, _STANDARD_ERROR)
    os.close(writing)
    return reading


def _heard(complaints: int) -> bool:
    try:
        return bool(os.read(complaints, 1 << 16))
    except BlockingIOError:
        return False


def _kind(path: Path) -> Kind:
    with path.open("rb") as file:
        kind = sniff(file.read(SNIFFED_BYTES))
    if kind is None:
        raise NotAnImageError
    return kind


def _decode(job: Job, on_page: Callable[[int], None], complaints: int) -> dict[str, Any]:
    kind = _kind(job.source)
    records, as_is = [], False
    for found in _pages(job, kind, complaints):
        page = _marked(found) if job.options.get("marks") else found
        records.append(page_to_record(page))
        as_is = kind in (Kind.JPEG, Kind.PNG, Kind.WEBP, Kind.GIF) and not page.mirrored
        on_page(len(records))
    return {"kind": kind.value, "pages": records, "shown_as_is": as_is}


def _marked(page: Page) -> Page:
    with Image.open(page.preview.path, formats=["JPEG"]) as preview:
        preview.load()
        return replace(page, separator=separators.is_separator(preview), blank=separators.is_blank(preview))


def _pages(job: Job, kind: Kind, complaints: int) -> Iterator[Page]:
    if kind is Kind.PDF:
        pdf.check(job.source, job.limits)
        yield from pdf.pages(job.source, job.folder, job.limits)
    elif kind is Kind.TIFF:
        yield from _tiff_pages(job, complaints)
    else:
        yield _single_page(job, kind)


def _tiff_pages(job: Job, complaints: int) -> Iterator[Page]:
    structure = tiff.read_structure(job.source, job.limits.pages)
    with raster.open_picture(job.source, Kind.TIFF) as picture:
        for number, page in enumerate(structure, start=1):
            if not job.limits.allows_size(page.width, page.height):
                raise raster.TooManyPixelsError(number)
            tiff.check_pieces(job.source, page)
            raster.turn_to(picture, page.directory)
            facts = raster.facts(picture, job.limits)
            _heard(complaints)  # so far about odd tags; from here on about pixels
            pixels = raster.load_pixels(picture)
            if _heard(complaints):
                raise whole.DamagedError(number)
            yield _finish(facts, pixels, number, job.folder)


def _single_page(job: Job, kind: Kind) -> Page:
    with raster.open_picture(job.source, kind) as picture:
        facts = raster.facts(picture, job.limits)
        if kind in _CHECKS:
            _CHECKS[kind](job.source)
        if kind is Kind.WEBP and getattr(picture, "n_frames", 1) > 1:
            raise whole.AnimationError
        if kind is Kind.JPEG:
            pixels = raster.jpeg_preview_pixels(job.source.read_bytes(), (facts.width, facts.height))
        else:
            pixels = raster.load_pixels(picture)
    return _finish(facts, pixels, 1, job.folder)


def _finish(facts: raster.Facts, pixels: Image.Image, number: int, folder: Path) -> Page:
    preview, thumbnail = raster.write_previews(pixels, folder, f"{number:05d}")
    return Page(
        page_in_file=number, width=facts.width, height=facts.height, dpi=facts.dpi,
        rotation=facts.rotation, mirrored=facts.mirrored,
        image=None, preview=preview, thumbnail=thumbnail,
    )  # fmt: skip


def _full_page(job: Job) -> dict[str, Any]:
    kind, number = _kind(job.source), int(job.options["page"])
    target = job.folder / FULL_PAGE
    if kind is Kind.PDF:
        made = pdf.full_page(job.source, number, target, job.limits)
    else:
        made = _full_picture(job, kind, number, target)
    return {"full": {"mime": made.mime, "width": made.width, "height": made.height}}


def _full_picture(job: Job, kind: Kind, number: int, target: Path) -> Rendition:
    pixels, dpi, bilevel = _pixels(job, kind, number)
    return raster.write_full(pixels, target, dpi, bilevel=bilevel)


def _pixels(job: Job, kind: Kind, number: int) -> tuple[Image.Image, int | None, bool]:
    """One page of a picture file: grey or RGB, its resolution, and whether it is black and white."""
    with raster.open_picture(job.source, kind) as picture:
        if kind is Kind.TIFF:
            raster.turn_to(picture, tiff.directory_of(job.source, number, job.limits.pages))
        facts = raster.facts(picture, job.limits)
        bilevel = picture.mode == "1"
        return raster.load_pixels(picture), facts.dpi, bilevel


def _clean(job: Job) -> dict[str, Any]:
    kind, number, dpi, bilevel = _kind(job.source), int(job.options["page"]), job.options["dpi"], False
    if kind is Kind.PDF:
        pixels, dpi = pdf.drawn_page(job.source, number, job.limits)
    else:
        pixels, _, bilevel = _pixels(job, kind, number)
    measure = Step(job.options["measure"]) if job.options["measure"] else None
    recipe = cleanup.resolve(pixels, Cleaning.read(job.options["recipe"]), measure)
    pictures: list[dict[str, Any]] = []
    if recipe != Cleaning():
        clean = cleanup.cleaned(pixels, recipe, raster.resolution(dpi, pixels.size))
        full = raster.write_full(clean, job.folder / FULL_PAGE, dpi, bilevel=bilevel)
        made = (full, *raster.write_previews(clean, job.folder, "clean"))
        pictures = [asdict(each) | {"path": each.path.name} for each in made]
    return {"recipe": str(recipe), "pictures": pictures}


def _sheet(job: Job) -> dict[str, Any]:
    sheet = Sheet(job.source, **job.options)
    sheets.make_sheet(sheet, _kind(job.source), job.folder / FULL_PAGE, job.limits)
    return {"sheet": True}


def _bind(job: Job) -> dict[str, Any]:
    sheets.bind(job.source, int(job.options["sheets"]), job.folder / FULL_PAGE, str(job.options["title"]))
    return {"bound": True}


_TASKS: dict[Task, Callable[[Job], dict[str, Any]]] = {
    Task.FULL_PAGE: _full_page,
    Task.CLEAN: _clean,
    Task.SHEET: _sheet,
    Task.BIND: _bind,
}
