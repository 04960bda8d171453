"""Deskew, despeckle, invert and crop, on pixels (spec scan-batches 3.5). Runs in the child process only.

Ink is what differs from the paper, whichever is darker, so that a negative is read like a print.
"""

import math
from dataclasses import replace

import numpy as np
from numpy.typing import NDArray
from PIL import Image, ImageOps

from workbench.domain.scan_batch.cleaning import PARTS, Cleaning, Cut, Step
from workbench.images import specks

_INK = 60  # how far, of 255, ink is from the paper
# Lines and margins are looked for in a copy of about this height: 100 dpi of a letter page.
_LOOKED_AT = 1_100
# The feeder leaves shadows at the edge of a page, which are straight whatever the lines are.
_EDGE = 0.03
_MOST_SKEW, _COARSE, _FINE = 10.0, 0.25, 0.02
_LEAST_INK, _MOST_INK = 300, 60_000  # dots; fewer say nothing, more do not say it better
# Level lines make the profile this much sharper than lines that are not level; without lines it is about 1.
_SHARPER = 1.6
_LEAST_SKEW = 0.1  # degrees; less is not seen, and turning softens the page
_DARK = 0.5  # part of a row that is dark where the scanner's lid or the copier's glass shows
_MOST_DARK = 0.15
_MARGIN = 0.02
_LEAST_CUT = 100  # hundredths of a percent; less is not worth a rendition

Ink = NDArray[np.bool_]


def resolve(pixels: Image.Image, wanted: Cleaning, measure: Step | None) -> Cleaning:
    """`wanted` with what `measure` finds on the page in place of its own: the angle, or the margins."""
    if measure is Step.DESKEW:
        return replace(wanted, turn=-round(skew(pixels) * 100))
    if measure is Step.CROP:
        return replace(wanted, cut=margins(_turned(pixels, wanted.turn)))
    return wanted


def cleaned(pixels: Image.Image, recipe: Cleaning, dpi: float) -> Image.Image:
    """The page, grey or RGB, as the recipe says."""
    if recipe.invert:
        pixels = ImageOps.invert(pixels)
    if recipe.despeckle:
        pixels = specks.removed(pixels, dpi, _INK)
    return _cut(_turned(pixels, recipe.turn), recipe.cut)


def skew(pixels: Image.Image) -> float:
    """How many degrees clockwise the lines of the page are off; 0 where there are none, or they are level.

    The projection profile: ink summed along the lines is sharpest, row from row, at their angle (W. Postl,
    1986, US 4,723,297). Columns are tried as well, for a page that lies on its side.
    """
    ink = _ink(_small(pixels))
    down, across = (round(side * _EDGE) for side in ink.shape)
    ys, xs = np.nonzero(ink[down : ink.shape[0] - down, across : ink.shape[1] - across])
    if len(ys) < _LEAST_INK:
        return 0.0
    if len(ys) > _MOST_INK:
        some = np.random.default_rng(0).choice(len(ys), _MOST_INK, replace=False)
        ys, xs = ys[some], xs[some]
    of_rows, of_columns = _sharpest(ys, xs), _sharpest(xs, ys)
    sharper, angle = max(of_rows, (of_columns[0], -of_columns[1]))
    return angle if sharper >= _SHARPER and abs(angle) >= _LEAST_SKEW else 0.0


def _sharpest(across: NDArray[np.int64], along: NDArray[np.int64]) -> tuple[float, float]:
    """How much sharper than the usual the profile is at its sharpest angle, and that angle."""
    coarse = np.arange(-_MOST_SKEW, _MOST_SKEW + _COARSE / 2, _COARSE)
    found = [_sharpness(across, along, angle) for angle in coarse]
    near = float(coarse[int(np.argmax(found))])
    fine = np.arange(near - _COARSE, near + _COARSE, _FINE)
    close = [_sharpness(across, along, angle) for angle in fine]
    best = float(fine[int(np.argmax(close))])
    return max(close) / max(1.0, float(np.median(found))), best


def _sharpness(across: NDArray[np.int64], along: NDArray[np.int64], degrees: float) -> float:
    angle = math.radians(degrees)
    places = across * math.cos(angle) - along * math.sin(angle)
    rows = np.bincount((places - places.min()).astype(np.int64))
    return float(np.square(np.diff(rows)).sum())


def margins(pixels: Image.Image) -> Cut:
    """What lies around the content of the page: dark edges of the scanner, empty paper but for a little."""
    ink = _ink(_small(pixels))
    rows, columns = ink.mean(axis=1), ink.mean(axis=0)
    top, bottom, left, right = _dark(rows), _dark(rows[::-1]), _dark(columns), _dark(columns[::-1])
    high, wide = ink.shape
    inner = ink[top : high - bottom, left : wide - right]
    # A row with one dot has a speck; two of them are the least that a thin rule or a comma has.
    ys, xs = np.flatnonzero(inner.sum(axis=1) > 1), np.flatnonzero(inner.sum(axis=0) > 1)
    if not len(ys) or not len(xs):
        return Cut()
    room = _MARGIN * max(ink.shape)
    cut = Cut(
        _parts(max(left, left + xs[0] - room), wide),
        _parts(max(top, top + ys[0] - room), high),
        _parts(max(right, right + inner.shape[1] - 1 - xs[-1] - room), wide),
        _parts(max(bottom, bottom + inner.shape[0] - 1 - ys[-1] - room), high),
    )
    return cut if max(cut.sides) >= _LEAST_CUT else Cut()


def _dark(shares: NDArray[np.float64]) -> int:
    """How many rows from the first one on are mostly dark."""
    outer = shares[: round(len(shares) * _MOST_DARK)] > _DARK
    return 0 if not outer.any() or not outer[: len(outer) // 2].any() else int(np.flatnonzero(outer)[-1]) + 1


def _parts(dots: float, of: int) -> int:
    return math.floor(dots / of * PARTS)


def _small(pixels: Image.Image) -> Image.Image:
    grey = pixels.convert("L")
    return grey.reduce(max(1, round(max(grey.size) / _LOOKED_AT)))


def _ink(grey: Image.Image) -> Ink:
    levels = np.asarray(grey)
    return np.abs(levels.astype(np.int16) - specks.paper_level(levels)) > _INK


def _turned(pixels: Image.Image, turn: int) -> Image.Image:
    """Turned clockwise by hundredths of a degree; nothing is lost, the corners become paper."""
    if not turn:
        return pixels
    paper = [specks.paper_level(np.asarray(band)) for band in pixels.split()]
    return pixels.rotate(
        -turn / 100,
        Image.Resampling.BICUBIC,
        expand=True,
        fillcolor=tuple(paper) if len(paper) > 1 else paper[0],
    )


def _cut(pixels: Image.Image, cut: Cut) -> Image.Image:
    wide, high = pixels.size
    box = (
        round(wide * cut.left / PARTS),
        round(high * cut.top / PARTS),
        round(wide * (PARTS - cut.right) / PARTS),
        round(high * (PARTS - cut.bottom) / PARTS),
    )
    return pixels.crop(box) if box != (0, 0, wide, high) else pixels
