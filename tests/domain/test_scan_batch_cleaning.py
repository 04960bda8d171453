"""Recipes for pages: as text and back, what a person sees against what lies in the file, what is refused."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.domain.scan_batch.cleaning import MOST_TURN, Cleaning, Cut, Step
from workbench.errors import RefusedError

sides = st.integers(0, 4_500)
cuts = st.builds(Cut, sides, sides, sides, sides)
recipes = st.builds(Cleaning, st.booleans(), st.booleans(), st.integers(-MOST_TURN, MOST_TURN), cuts)


@given(recipes)
def test_a_recipe_reads_back_from_its_text(recipe: Cleaning) -> None:
    assert Cleaning.read(str(recipe)) == recipe


def test_the_words_of_a_recipe() -> None:
    assert str(Cleaning()) == ""
    whole = Cleaning(invert=True, despeckle=True, turn=-137, cut=Cut(0, 420, 5, 10))
    assert str(whole) == "invert, despeckle, deskew -1.37, crop 0.00 4.20 0.05 0.10"
    assert str(Cleaning(turn=5)) == "deskew 0.05"


@pytest.mark.parametrize("text", ["rotate", "deskew", "deskew 1", "invert, invert", "crop 1.00 2.00", " "])
def test_anything_else_is_no_recipe(text: str) -> None:
    with pytest.raises(ValueError, match="recipe"):
        Cleaning.read(text)


@given(recipes, st.sampled_from(list(Step)))
def test_a_step_taken_back_is_gone_and_the_others_stay(recipe: Cleaning, step: Step) -> None:
    left = recipe.without(step)
    assert not left.has(step)
    assert all(left.has(other) == recipe.has(other) for other in Step if other is not step)


# A page that lies on its side in the file: what is on its left is on top once it is turned by 90 degrees.
@pytest.mark.parametrize(
    ("rotation", "mirrored", "stored"),
    [
        (0, False, Cut(1, 2, 3, 4)),
        (90, False, Cut(2, 3, 4, 1)),
        (180, False, Cut(3, 4, 1, 2)),
        (270, False, Cut(4, 1, 2, 3)),
        (0, True, Cut(3, 2, 1, 4)),
        (90, True, Cut(4, 3, 2, 1)),
    ],
)
def test_sides_as_seen_are_sides_in_the_file(*, rotation: int, mirrored: bool, stored: Cut) -> None:
    seen = Cut(1, 2, 3, 4)
    assert seen.seen_as_stored(rotation, mirrored=mirrored) == stored
    assert stored.stored_as_seen(rotation, mirrored=mirrored) == seen


def test_a_cut_of_what_is_left() -> None:
    """A tenth off the left, then half of what is left: 10 % and half of 90 % are 55 %."""
    assert Cut(left=1_000).then(Cut(left=5_000)) == Cut(left=5_500)
    assert Cut(top=2_000, bottom=2_000).then(Cut(bottom=5_000)) == Cut(top=2_000, bottom=5_000)


@pytest.mark.parametrize(
    ("recipe", "words"),
    [
        (Cleaning(cut=Cut(left=5_000, right=4_600)), "a twentieth of the page"),
        (Cleaning(cut=Cut(top=-1)), "a twentieth of the page"),
        (Cleaning(turn=1_501), "at most 15 degrees"),
    ],
)
def test_what_would_leave_no_page_is_refused(recipe: Cleaning, words: str) -> None:
    with pytest.raises(RefusedError, match=words):
        recipe.checked()
