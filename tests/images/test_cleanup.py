"""Deskew, despeckle, crop and invert on pages whose truth is known from making them."""

import random

import numpy as np
import pytest
from PIL import Image, ImageDraw, ImageFont, ImageOps

from workbench.domain.scan_batch.cleaning import Cleaning, Cut, Step
from workbench.images import cleanup

WIDE, HIGH, DPI, PAPER = 1700, 2200, 200, 250
MARGIN = 150


def letter(seed: int = 1, *, ink: int = 20) -> Image.Image:
    """Lines of amounts inside of margins, at 200 dpi."""
    rng = random.Random(seed)
    page = Image.new("L", (WIDE, HIGH), PAPER)
    pen, font = ImageDraw.Draw(page), ImageFont.load_default(28)
    for y in range(MARGIN, HIGH - MARGIN - 28, 42):
        words = "  ".join(f"{rng.randrange(100_000) / 100:,.2f}" for _ in range(11))
        pen.text((MARGIN, y), words, fill=ink, font=font)
    return page


def skewed(page: Image.Image, clockwise: float) -> Image.Image:
    return page.rotate(-clockwise, Image.Resampling.BICUBIC, expand=True, fillcolor=PAPER)


@pytest.mark.parametrize("truth", [-9.5, -3.2, -0.7, -0.2, 0.4, 1.37, 5.05, 9.0])
@pytest.mark.parametrize("side", [0, 90, 180, 270])
def test_the_angle_of_the_lines_is_found(truth: float, side: int) -> None:
    page = skewed(letter(), truth).rotate(side, expand=True)
    assert cleanup.skew(page) == pytest.approx(truth, abs=0.06)


def test_the_angle_is_found_on_a_fax_a_negative_and_in_colour() -> None:
    page = skewed(letter(2), 2.6)
    fax = page.point(lambda level: 255 * (level > 128))
    for seen in (fax, ImageOps.invert(page), page.convert("RGB")):
        assert cleanup.skew(seen) == pytest.approx(2.6, abs=0.06)


def test_a_scanned_page_with_the_dark_edge_of_the_lid_is_straightened_too() -> None:
    page = skewed(letter(3), -1.8)
    pen = ImageDraw.Draw(page)
    pen.rectangle((0, 0, page.width, 30), fill=5)
    pen.rectangle((page.width - 25, 0, page.width, page.height), fill=5)
    assert cleanup.skew(page) == pytest.approx(-1.8, abs=0.06)


@pytest.mark.parametrize("kind", ["level", "blank", "noise", "circles"])
def test_a_page_with_nothing_to_straighten_stays_as_it_is(kind: str) -> None:
    rng = random.Random(4)
    page = letter() if kind == "level" else Image.new("L", (WIDE, HIGH), PAPER)
    if kind == "noise":
        page = Image.frombytes("L", (WIDE, HIGH), rng.randbytes(WIDE * HIGH))
    if kind == "circles":
        pen = ImageDraw.Draw(page)
        for _ in range(300):
            x, y = rng.randrange(200, WIDE - 200), rng.randrange(200, HIGH - 200)
            pen.ellipse((x, y, x + 60, y + 60), outline=0, width=4)
    assert cleanup.resolve(page, Cleaning(), Step.DESKEW) == Cleaning()


def test_a_straightened_page_is_level_and_nothing_of_it_is_lost() -> None:
    page = skewed(letter(5), 4.4)
    recipe = cleanup.resolve(page, Cleaning(), Step.DESKEW)
    straight = cleanup.cleaned(page, recipe, DPI)
    assert cleanup.skew(straight) == 0
    # Sharper lines are a little darker; a strip cut off would be more.
    ink = [np.sum(PAPER - np.asarray(each).astype(np.int64)) for each in (page, straight)]
    assert ink[1] == pytest.approx(ink[0], rel=0.03)
    corners = [straight.getpixel(place) for place in ((0, 0), (straight.width - 1, straight.height - 1))]
    assert corners == [PAPER, PAPER]


def dusty(page: Image.Image, specks: int, *, alone: bool) -> Image.Image:
    """Specks of one or two dots, a tenth of an inch away from all text; `alone`: from each other, too."""
    rng, levels = random.Random(6), np.array(page)
    clear = levels if alone else np.array(page)
    while specks:
        x, y = rng.randrange(20, WIDE - 20), rng.randrange(20, HIGH - 20)
        if (clear[y - 20 : y + 22, x - 20 : x + 22] == PAPER).all():
            size = rng.choice((1, 2))
            levels[y : y + size, x : x + size] = rng.randrange(120)
            specks -= 1
    return Image.fromarray(levels)


def test_specks_go_and_every_dot_of_the_text_stays() -> None:
    page = letter(7)
    before = dusty(page, 150, alone=True)
    assert not np.array_equal(np.asarray(before), np.asarray(page))
    after = cleanup.cleaned(before, Cleaning(despeckle=True), DPI)
    # Decimal points, commas and all: the page is what it was before the dust fell on it.
    assert np.array_equal(np.asarray(after), np.asarray(page))


def test_of_a_cloud_of_dust_nine_tenths_go_and_of_the_text_nothing() -> None:
    page = np.asarray(letter(7))
    before = dusty(letter(7), 400, alone=False)
    after = np.asarray(cleanup.cleaned(before, Cleaning(despeckle=True), DPI))
    dust = np.asarray(before) != page
    assert np.array_equal(after[~dust], page[~dust])
    assert np.count_nonzero(after[dust] != PAPER) < 0.1 * np.count_nonzero(dust)


def test_specks_at_the_very_edges_go_too() -> None:
    levels = np.full((600, 500), PAPER, np.uint8)
    for y, x in ((0, 0), (0, 499), (599, 0), (598, 498), (300, 0), (0, 250)):
        levels[y, x] = 0
    after = cleanup.cleaned(Image.fromarray(levels), Cleaning(despeckle=True), DPI)
    assert np.asarray(after).min() == PAPER


def test_specks_go_from_colour_and_from_grey_paper_without_a_trace() -> None:
    levels = np.zeros((900, 700, 3), np.uint8)
    levels[:] = (230, 200, 160)
    plain = levels.copy()
    levels[400:402, 300:302] = (20, 30, 40)
    after = cleanup.cleaned(Image.fromarray(levels), Cleaning(despeckle=True), DPI)
    assert np.array_equal(np.asarray(after), plain)


def test_dots_that_belong_together_stay() -> None:
    """A dot-matrix letter and a dotted rule are made of dots as small as specks."""
    levels = np.full((600, 800), PAPER, np.uint8)
    for row in range(7):
        for column in range(5):
            if (row * column) % 2 == 0:
                levels[100 + 4 * row : 102 + 4 * row, 100 + 4 * column : 102 + 4 * column] = 0
    levels[300, 100:700:3] = 0
    after = cleanup.cleaned(Image.fromarray(levels), Cleaning(despeckle=True), DPI)
    assert np.array_equal(np.asarray(after), levels)


def test_invert_makes_a_print_of_a_negative() -> None:
    page = letter(8)
    after = cleanup.cleaned(ImageOps.invert(page), Cleaning(invert=True), DPI)
    assert np.array_equal(np.asarray(after), np.asarray(page))


def test_the_margins_around_the_content() -> None:
    """A box whose place is known, a speck far from it, and the dark edge of a lid."""
    page = Image.new("L", (1000, 2000), PAPER)
    pen = ImageDraw.Draw(page)
    pen.rectangle((300, 600, 799, 1399), outline=0, width=8)
    pen.point((60, 1900), fill=0)
    pen.rectangle((0, 0, 1000, 59), fill=10)
    cut = cleanup.resolve(page, Cleaning(), Step.CROP).cut
    kept = cleanup.cleaned(page, Cleaning(cut=cut), DPI)
    # 2 % of the longer side, 40 dots, stays around the box; looked for at half the resolution.
    assert kept.size == (pytest.approx(500 + 80, abs=6), pytest.approx(800 + 80, abs=6))
    levels = np.asarray(kept)
    rows, columns = np.nonzero(levels < 100)
    assert (columns.min(), rows.min()) == (pytest.approx(40, abs=4), pytest.approx(40, abs=4))
    assert (columns.max() - columns.min() + 1, rows.max() - rows.min() + 1) == (500, 800)


@pytest.mark.parametrize("kind", ["blank", "full"])
def test_a_page_without_margins_is_not_cropped(kind: str) -> None:
    page = Image.new("L", (1000, 1300), PAPER)
    if kind == "full":
        ImageDraw.Draw(page).rectangle((0, 0, 999, 1299), outline=0, width=6)
    assert cleanup.resolve(page, Cleaning(), Step.CROP).cut == Cut()


def test_a_cut_is_of_the_straightened_page() -> None:
    page = skewed(letter(9), 3.0)
    whole = cleanup.cleaned(page, Cleaning(turn=-300), DPI)
    part = cleanup.cleaned(page, Cleaning(turn=-300, cut=Cut(1_000, 2_000, 500, 250)), DPI)
    wide, high = whole.size
    box = (round(wide * 0.1), round(high * 0.2), round(wide * 0.95), round(high * 0.975))
    assert np.array_equal(np.asarray(part), np.asarray(whole.crop(box)))
