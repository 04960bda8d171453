"""Amounts and sentences for many rows at once: the messages of errors that a whole file can be full of."""

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc

_TWO_DIGITS = pa.array([f"{number:02d}" for number in range(100)])


def dollars(cents: np.ndarray) -> pa.Array:
    """`format_cents` of `domain.money` for an array of int64."""
    size = np.abs(cents)
    sign = pa.array(np.where(cents < 0, "-", ""), pa.string())
    whole = pc.cast(pa.array(size // 100), pa.string())
    return pc.binary_join_element_wise(
        pc.binary_join_element_wise(sign, whole, ""), pc.take(_TWO_DIGITS, pa.array(size % 100)), "."
    )


def sentence(template: str, **amounts: np.ndarray) -> pa.Array:
    """`template` with each `{name}` replaced by the amount of its row."""
    parts: list[pa.Array | pa.Scalar] = []
    rest = template
    for name, cents in amounts.items():
        before, _, rest = rest.partition(f"{{{name}}}")
        parts += [pa.scalar(before), dollars(cents)]
    return pc.binary_join_element_wise(*parts, pa.scalar(rest), "")
