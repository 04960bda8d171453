"""Specks of dust: small dots far from everything else. Runs in the child process only.

A decimal point must stay. It is as small as a speck, but digits stand beside it; so do the parts of a broken
fax letter, and the dots of a dot-matrix print. So a dot goes only when the paper around it is all but empty.
"""

from dataclasses import dataclass

import numpy as np
from numpy.typing import NDArray
from PIL import Image

# In parts of an inch: a speck is at most the first wide and high (4 dots at 300 dpi), and the second away
# from anything that counts (15 dots; a decimal point is 2 to 8 dots away from its digits).
_SPECK, _AWAY = 75, 20
# How much of the paper around a speck may be other specks: dust comes in clouds.
_MOST_AROUND = 0.005
_BAND = 1_024  # rows looked at in one go; memory, not the result, depends on it

Places = NDArray[np.int64]
Grid = NDArray[np.int32]


@dataclass(frozen=True, slots=True)
class _Sizes:
    """In dots: the window that a speck fits into, and how far the paper around it reaches."""

    speck: int
    away: int

    @property
    def around(self) -> int:
        return self.speck + 2 * self.away


def paper_level(channel: NDArray[np.uint8]) -> int:
    """The level that most of the page has."""
    return int(np.bincount(channel.ravel(), minlength=256).argmax())


def removed(pixels: Image.Image, dpi: float, ink: int) -> Image.Image:
    """The page, grey or RGB, with paper where specks were. `ink` is how far from the paper's grey ink is."""
    sizes = _Sizes(max(1, round(dpi / _SPECK)), max(3, round(dpi / _AWAY)))
    result = np.array(pixels)
    channels = [result] if result.ndim == 2 else [result[..., each] for each in range(result.shape[2])]
    grey = np.asarray(pixels.convert("L"))
    dots = np.abs(grey.astype(np.int16) - paper_level(grey)) > ink
    framed = np.pad(dots, sizes.away)  # paper beyond the edges, so that every window has something around
    before = [np.pad(each, sizes.away, constant_values=paper_level(each)) for each in channels]
    for top in range(0, dots.shape[0] - sizes.speck + 1, _BAND):
        band = slice(top, top + _BAND + sizes.around - 1)
        ys, xs = _windows(framed[band], sizes)
        if not len(ys):
            continue
        for channel, light in zip(channels, before, strict=True):
            fill = _paper_around(light[band], framed[band], sizes)[ys, xs]
            for down in range(sizes.speck):
                for across in range(sizes.speck):
                    channel[top + ys + down, xs + across] = fill
    return Image.fromarray(result)


def _windows(framed: NDArray[np.bool_], sizes: _Sizes) -> tuple[Places, Places]:
    """Upper left corners, on the page, of the windows that hold a speck and have all but nothing around them."""
    around = _boxes(framed, sizes.around)
    off = sizes.away
    within = _boxes(framed[off:-off, off:-off], sizes.speck)
    touching = _boxes(framed[off - 1 : 1 - off, off - 1 : 1 - off], sizes.speck + 2)
    most = _MOST_AROUND * sizes.around**2
    ys, xs = np.nonzero((within > 0) & (touching == within) & (around - within <= most))
    return ys, xs


def _paper_around(light: NDArray[np.uint8], framed: NDArray[np.bool_], sizes: _Sizes) -> Grid:
    """The mean of what is not ink around each window."""
    paper = ~framed
    return _boxes(np.where(paper, light, 0), sizes.around) // np.maximum(1, _boxes(paper, sizes.around))


def _boxes(grid: NDArray[np.bool_] | NDArray[np.uint8], side: int) -> Grid:
    """The sum of every square of `side` dots, at its upper left corner."""
    # Sums of a whole band may pass 32 bits, which does no harm: the difference of two of them is right again.
    sums = np.zeros((grid.shape[0] + 1, grid.shape[1] + 1), np.int32)
    np.cumsum(np.cumsum(grid, axis=0, dtype=np.int32), axis=1, out=sums[1:, 1:])
    return sums[side:, side:] - sums[:-side, side:] - sums[side:, :-side] + sums[:-side, :-side]
