"""What is done to a page so that it reads better: invert, despeckle, deskew, crop (spec scan-batches 3.5).

A recipe, kept with the page as text. The original is never altered: what the recipe makes of it is a rendition.
"""

import re
from dataclasses import dataclass, replace
from enum import StrEnum
from typing import Final

from workbench.errors import RefusedError

# A hundredth of a percent is less than a dot of a letter page at 300 dpi is wide; so is a hundredth of a
# degree from one end of its lines to the other.
PARTS = 10_000
MOST_TURN = 1_500
MOST_CUT = 9_500
_NUMBER = r"(-?\d+\.\d\d)"
_TEXT = re.compile(
    rf"(?:(invert))?(?:,? ?(despeckle))?(?:,? ?deskew {_NUMBER})?"
    rf"(?:,? ?crop {_NUMBER} {_NUMBER} {_NUMBER} {_NUMBER})?"
)
_QUARTER = 90


class Step(StrEnum):
    """One thing that can be done or taken back, in the words of the spec."""

    DESKEW = "Deskew"
    DESPECKLE = "Despeckle"
    INVERT = "Invert"
    CROP = "Crop to content"


@dataclass(frozen=True, slots=True)
class Cut:
    """How much of the page is cut off at each side, in hundredths of a percent of its width or height."""

    left: int = 0
    top: int = 0
    right: int = 0
    bottom: int = 0

    @property
    def sides(self) -> tuple[int, int, int, int]:
        return (self.left, self.top, self.right, self.bottom)

    def then(self, inner: "Cut") -> "Cut":
        """What is cut off in all, when `inner` is cut off what this one left."""
        left, top, right, bottom = self.sides
        wide, high = PARTS - left - right, PARTS - top - bottom
        return Cut(
            left + inner.left * wide // PARTS,
            top + inner.top * high // PARTS,
            right + inner.right * wide // PARTS,
            bottom + inner.bottom * high // PARTS,
        )

    def seen_as_stored(self, rotation: int, *, mirrored: bool) -> "Cut":
        """From the sides that a person sees to those of the picture in its file, which is shown mirrored first
        and then turned clockwise by `rotation` degrees.
        """
        left, top, right, bottom = self.sides
        for _ in range(rotation // _QUARTER):  # turned back by a quarter: what was on top is on the left
            left, top, right, bottom = top, right, bottom, left
        return Cut(right, top, left, bottom) if mirrored else Cut(left, top, right, bottom)

    def stored_as_seen(self, rotation: int, *, mirrored: bool) -> "Cut":
        """The other way round."""
        left, top, right, bottom = self.sides
        if mirrored:
            left, right = right, left
        for _ in range(rotation // _QUARTER):
            left, top, right, bottom = bottom, left, top, right
        return Cut(left, top, right, bottom)


WHOLE: Final = Cut()


@dataclass(frozen=True, slots=True)
class Cleaning:
    """The recipe of a page, in the order in which it is followed.

    Attributes:
        turn: hundredths of a degree clockwise that make its lines level; positive and negative.
        cut: of the page once it is turned.
    """

    invert: bool = False
    despeckle: bool = False
    turn: int = 0
    cut: Cut = WHOLE

    def __str__(self) -> str:
        """As it is stored and shown: `despeckle, deskew -1.37, crop 0.00 4.20 0.00 1.00`; "" for nothing."""
        sides = " ".join(f"{side / 100:.2f}" for side in self.cut.sides)
        done = (
            self.invert and "invert",
            self.despeckle and "despeckle",
            self.turn and f"deskew {self.turn / 100:.2f}",
            self.cut != WHOLE and f"crop {sides}",
        )
        return ", ".join(each for each in done if each)

    @staticmethod
    def read(text: str) -> "Cleaning":
        """Undoes `str`. Raises ValueError for anything else."""
        found = _TEXT.fullmatch(text)
        if found is None:
            raise ValueError("not a recipe for a page")
        invert, despeckle, turn, *sides = found.groups()
        numbers = [round(float(each) * 100) for each in sides if each is not None]
        return Cleaning(
            bool(invert), bool(despeckle), round(float(turn) * 100) if turn else 0, Cut(*numbers)
        ).checked()

    def has(self, step: Step) -> bool:
        return {
            Step.DESKEW: self.turn != 0,
            Step.DESPECKLE: self.despeckle,
            Step.INVERT: self.invert,
            Step.CROP: self.cut != WHOLE,
        }[step]

    def without(self, step: Step) -> "Cleaning":
        nothing = Cleaning()
        return {
            Step.DESKEW: replace(self, turn=nothing.turn),
            Step.DESPECKLE: replace(self, despeckle=False),
            Step.INVERT: replace(self, invert=False),
            Step.CROP: replace(self, cut=nothing.cut),
        }[step]

    def checked(self) -> "Cleaning":
        """Itself. Raises RefusedError when nothing would be left of the page, or it would not be turned a little."""
        left, top, right, bottom = self.cut.sides
        if min(self.cut.sides) < 0 or max(left + right, top + bottom) > MOST_CUT:
            raise RefusedError("Leave at least a twentieth of the page: cut off less.")
        if abs(self.turn) > MOST_TURN:
            raise RefusedError(
                f"A page is straightened by at most {MOST_TURN // 100} degrees. Rotate it first."
            )
        return self
