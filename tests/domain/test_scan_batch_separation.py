"""Cutting a stack into sets: P a page, S a separator sheet, B a blank page."""

import pytest

from workbench.domain.scan_batch.separation import Cut, Mark, Parts, separate

MARKS = {"P": Mark(), "S": Mark(separator=True), "B": Mark(blank=True)}


def cut(stack: str, at: Cut | None, *, drop_blank: bool = False) -> Parts:
    return separate([MARKS[letter] for letter in stack], at, drop_blank=drop_blank)


@pytest.mark.parametrize(
    ("stack", "parts", "continues", "ended"),
    [
        ("PPP", [(0, 1, 2)], True, False),
        ("PSPP", [(0,), (2, 3)], True, False),
        ("SPP", [(1, 2)], False, False),
        ("PPS", [(0, 1)], True, True),
        ("PSSP", [(0,), (3,)], True, False),
        ("S", [], False, True),
        ("PSBP", [(0,), (3,)], True, False),  # its back
        ("PSPB", [(0,), (2, 3)], True, False),  # a blank page that is not its back stays
        ("PSB", [(0,)], True, True),
        ("", [], True, False),
    ],
)
def test_separator_sheets(stack: str, parts: list[tuple[int, ...]], continues: bool, ended: bool) -> None:
    assert cut(stack, Cut.SEPARATOR) == Parts(tuple(parts), continues, ended)


@pytest.mark.parametrize(
    ("stack", "parts", "continues", "ended"),
    [
        ("PBPP", [(0,), (2, 3)], True, False),
        ("BBPB", [(2,)], False, True),
        ("PSP", [(0, 1, 2)], True, False),
    ],
)
def test_blank_pages(stack: str, parts: list[tuple[int, ...]], continues: bool, ended: bool) -> None:
    assert cut(stack, Cut.BLANK_PAGE) == Parts(tuple(parts), continues, ended)


def test_blank_backs_are_dropped_without_a_cut() -> None:
    assert cut("PBPB", None, drop_blank=True) == Parts(((0, 2),), continues=True, ended=False)
    assert cut("BB", None, drop_blank=True) == Parts((), continues=True, ended=False)
    assert cut("PBSBPB", Cut.SEPARATOR, drop_blank=True) == Parts(((0,), (4,)), continues=True, ended=False)
