"""Results in order and in groups: nothing lost, nothing held back, no error swallowed."""

import time
from collections.abc import Iterator

import pytest
from hypothesis import given
from hypothesis import strategies as st

from workbench.images.groups import groups, in_order


@given(st.permutations(range(12)))
def test_in_order_whatever_comes_first(order: list[int]) -> None:
    assert list(in_order((position, str(position)) for position in order)) == [(n, str(n)) for n in range(12)]


@given(st.integers(0, 40), st.integers(1, 9))
def test_groups_hold_everything_once_in_order(count: int, most: int) -> None:
    found = list(groups(iter(range(count)), most, 0.01))
    assert [item for group in found for item in group] == list(range(count))
    assert all(1 <= len(group) <= most for group in found)


def test_a_slow_source_holds_nothing_back() -> None:
    def slow() -> Iterator[int]:
        yield 1
        time.sleep(0.5)
        yield 2

    assert list(groups(slow(), 10, 0.05)) == [[1], [2]]


def test_what_the_source_raises_comes_after_what_it_gave() -> None:
    def failing() -> Iterator[int]:
        yield 1
        raise KeyError("broken")

    found = groups(failing(), 10, 0.01)
    assert next(found) == [1]
    with pytest.raises(KeyError, match="broken"):
        next(found)
