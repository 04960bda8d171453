"""The quick look for eleven zeros in a fax strip finds what a look at every bit finds."""

import random

from hypothesis import example, given
from hypothesis import strategies as st

from workbench.images.tiff import _first_zero_run

# Bytes with many zeros, so that runs are common and begin and end anywhere in a byte.
SPARSE = st.sampled_from([0, 1, 2, 4, 8, 16, 32, 64, 128, 0x81, 0xF0, 0x0F, 0xC0, 0x03, 255])


@example(b"\x01\x00\x00")  # begins with the second byte
@given(st.lists(SPARSE, max_size=12).map(bytes))
def test_it_is_where_the_bits_say(strip: bytes) -> None:
    bits = "".join(f"{byte:08b}" for byte in strip)
    at = bits.find("0" * 11)
    assert _first_zero_run(strip) == (len(strip) if at < 0 else at // 8)


def test_a_strip_of_noise() -> None:
    data = random.Random(3).randbytes(20_000)
    bits = "".join(f"{byte:08b}" for byte in data)
    assert _first_zero_run(data) == bits.find("0" * 11) // 8
