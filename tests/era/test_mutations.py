"""Damaged files: whatever the bytes, the reader and the checks raise nothing and lose no segment."""

import random

import pytest

from tests.era.made import DIALECTS, small_interchange
from workbench.era import read_remittances
from workbench.era.message import Dialect
from workbench.era.schema import SCHEMAS
from workbench.era.writer import write_835
from workbench.reconcile.balancing import balance
from workbench.reconcile.file_checks import check_file

PIECES = (
    b"~", b"*", b":", b"\r\n", b"ISA*", b"ISA|00|", b"GS*", b"CLP*", b"ST*835*", b"ST*837*", b"SE*", b"SVC*", b"PLB*",
    b"\x00", b"-", b".", b"9" * 20, b"~~", b"~CLP*1*22*1*1~", b"\xff\xfe", "\u2603".encode(), b"~LX*1~", b"~N1*PR*X~",
)  # fmt: skip


def mutated(seed: int) -> bytes:
    """A file with one to twenty changes: bytes changed, cut out, doubled, inserted, or the rest torn off."""
    chance = random.Random(seed)
    data = bytearray(b"".join(sound(chance.choice(DIALECTS)) for _ in range(chance.choice((1, 1, 2)))))
    for _ in range(chance.choice((1, 1, 2, 5, 20))):
        place = chance.randrange(len(data) + 1)
        match chance.randrange(6):
            case 0:
                data[place : place + 1] = bytes([chance.randrange(256)])
            case 1:
                del data[place : place + chance.randrange(1, 60)]
            case 2:
                other = chance.randrange(len(data) + 1)
                data[place:place] = data[other : other + chance.randrange(1, 300)]
            case 3 | 4:
                data[place:place] = chance.choice(PIECES)
            case 5 if chance.random() < 0.2:
                del data[place:]
    return bytes(data)


def sound(dialect: Dialect) -> bytes:
    return write_835(small_interchange(), dialect)


TABLES = ("interchanges", *SCHEMAS)


def check(seed: int) -> None:
    data = mutated(seed)
    file = read_remittances(data, file_name="mutated.835")
    for name in TABLES:
        getattr(file, name).validate(full=True)
    landed = {
        number
        for name in SCHEMAS
        if name != "remittances"
        for number in getattr(file, name)["segment"].to_pylist()
    }
    assert landed == set(range(1, file.segments + 1))
    balanced = balance(
        file.remittances, file.claims, file.service_lines, file.adjustments, file.provider_adjustments
    )
    check_file(file.remittances, file.claims, file.adjustments, balanced.claims)
    if seed % 4 == 0:
        in_pieces = read_remittances(data, file_name="mutated.835", chunk_bytes=1 + seed % 700)
        for name in TABLES:
            assert getattr(in_pieces, name).equals(getattr(file, name)), name
        assert in_pieces.findings == file.findings


@pytest.mark.parametrize("start", range(0, 500, 100))
def test_500_mutated_files(start: int) -> None:
    for seed in range(start, start + 100):
        check(seed)


@pytest.mark.deep
@pytest.mark.timeout(3600)
def test_20000_mutated_files() -> None:
    for seed in range(500, 20_500):
        check(seed)
