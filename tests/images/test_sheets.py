"""Pages as a PDF: upright, at their size, with the bytes of a JPEG untouched."""

import io
from collections.abc import Callable
from pathlib import Path

import pikepdf
import pypdfium2 as pdfium
import pytest
from PIL import Image, ImageChops, ImageOps, ImageStat

from tests.images import pictures
from workbench.errors import RefusedError
from workbench.images.intake import Intake
from workbench.images.outcome import Sheet

Bind = Callable[..., bytes]


@pytest.fixture
def bind(tmp_path: Path) -> Bind:
    def make(*sheets: Sheet) -> bytes:
        folder = tmp_path / "work"
        folder.mkdir()
        with Intake(folder) as intake:
            made = intake.pdf(sheets, "Batch 12, set 34")
        assert list(folder.iterdir()) == []
        return made

    return make


def lying(tmp_path: Path, name: str, data: bytes) -> Path:
    path = tmp_path / name
    path.write_bytes(data)
    return path


def drawn(made: bytes, page: int) -> Image.Image:
    """The page as PDFium shows it, at the resolution of our synthetic pages."""
    shown: Image.Image = pdfium.PdfDocument(made)[page].render(scale=pictures.DPI / 72).to_pil().convert("L")
    return shown


def differ(one: Image.Image, other: Image.Image) -> float:
    """Mean difference of grey."""
    return float(ImageStat.Stat(ImageChops.difference(one, other.convert("L").resize(one.size))).mean[0])


def test_every_format_is_shown_upright_and_in_order(bind: Bind, tmp_path: Path) -> None:
    seeds = range(1, 7)
    files = [pictures.jpeg(1), pictures.png(2), pictures.tiff((9, 3)), pictures.webp(4), pictures.gif(5)]
    files.append(pictures.scanned_pdf([pictures.jpeg(6)]))
    paths = [lying(tmp_path, str(number), data) for number, data in enumerate(files)]
    sheets = [
        # A page of a PDF is drawn at 300 dpi, and its row says so.
        Sheet(
            path, 2 if number == 2 else 1, 90, mirrored=number == 1, dpi=300 if number == 5 else pictures.DPI
        )
        for number, path in enumerate(paths)
    ]
    made = bind(*sheets)
    assert len(pdfium.PdfDocument(made)) == len(seeds)
    for number, seed in enumerate(seeds):
        page = pictures.page(seed).convert("1") if seed == 3 else pictures.page(seed)
        upright = (ImageOps.mirror(page) if seed == 2 else page).rotate(-90, expand=True)
        assert differ(drawn(made, number), upright) < 8, number
        assert differ(drawn(made, number), upright.rotate(180)) > 20, number


def test_a_jpeg_goes_in_byte_for_byte_and_a_fax_as_group_4(bind: Bind, tmp_path: Path) -> None:
    scan = pictures.jpeg(1)
    made = bind(
        Sheet(lying(tmp_path, "a", scan), rotation=180, dpi=50),
        Sheet(lying(tmp_path, "b", pictures.tiff((1,))), dpi=50),
    )
    with pikepdf.open(io.BytesIO(made)) as document:
        first, second = (next(iter(page.images.values())) for page in document.pages)
        assert first.read_raw_bytes() == scan
        assert second.Filter == pikepdf.Name.CCITTFaxDecode or second.Filter[0] == pikepdf.Name.CCITTFaxDecode
        assert (document.pages[0].Rotate, str(document.docinfo["/Title"])) == (180, "Batch 12, set 34")
        assert [float(size) for size in document.pages[0].MediaBox] == [0, 0, 612, 792]


def test_nothing_of_a_strangers_pdf_goes_along_but_its_picture(bind: Bind, tmp_path: Path) -> None:
    with pikepdf.open(io.BytesIO(pictures.text_pdf(1))) as document:
        script = pikepdf.Dictionary(S=pikepdf.Name.JavaScript, JS="app.alert('hello')")
        document.Root.OpenAction = document.make_indirect(script)
        out = io.BytesIO()
        document.save(out)
    made = bind(Sheet(lying(tmp_path, "a", out.getvalue()), dpi=300))
    assert b"JavaScript" not in made
    assert b"OpenAction" not in made
    with pikepdf.open(io.BytesIO(made)) as document:
        assert [float(size) for size in document.pages[0].MediaBox] == pytest.approx(
            [0, 0, 612, 792], abs=0.5
        )


def test_a_page_without_resolution_fills_a_letter_page(bind: Bind, tmp_path: Path) -> None:
    made = bind(Sheet(lying(tmp_path, "a", pictures.saved(pictures.page(1, 850, 1100), "JPEG"))))
    assert pdfium.PdfDocument(made)[0].get_size() == pytest.approx((612, 792), abs=0.5)


def test_a_damaged_page_is_said_and_nothing_is_left(bind: Bind, tmp_path: Path) -> None:
    with pytest.raises(RefusedError, match="cannot be read any more"):
        bind(Sheet(lying(tmp_path, "a", pictures.png(1)[:500])))
    assert list((tmp_path / "work").iterdir()) == []
