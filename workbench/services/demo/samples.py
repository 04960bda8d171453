"""The small 835 files of `data/samples`: one of each kind of trouble, to try the command line on.

`python -m workbench.services.demo.samples data/samples` writes them; a test compares them with what is tracked.
"""

import io
import sys
import zipfile
from dataclasses import replace
from datetime import date
from pathlib import Path

from workbench.era.message import Dialect, Remittance
from workbench.services.demo.adjudication import pay
from workbench.services.demo.claims import make_claims
from workbench.services.demo.mailroom import Mailroom
from workbench.services.demo.stories_ordinary import BLUE, GRANITE, HARBOR, NORTHWIND, STATE

DAY = date(2026, 1, 5)
CLAIMS = 600
OTHER_NUMBERS = 9000  # than those of the demo: the same ones would make the files doubtful
_ZIP_TIME = (2026, 1, 5, 6, 30, 0)


def samples() -> dict[str, bytes]:
    """Name to content."""
    claims = [replace(claim, pcn=f"SAMPLE{claim.pcn}") for claim in make_claims(CLAIMS, seed=1, today=DAY)]
    room = Mailroom.holding(claims, seed=2, today=DAY, numbers_from=OTHER_NUMBERS)
    balanced = room.file("balanced", _payment(room, BLUE, 3)).data
    two = room.file("two", _payment(room, GRANITE, 2), _payment(room, GRANITE, 1)).data
    old = room.file("old", _payment(room, STATE, 2), dialect=Dialect(version="4010", line_end="")).data
    return {
        "balanced.835": balanced,
        "unbalanced.835": room.file("unbalanced", _short(_payment(room, NORTHWIND, 2))).data,
        "damaged.835": _cut_in_the_second_payment(two),
        "version-4010.835": old,
        "not-an-835.txt": b"Dear biller,\nthe remittance is in the post.\n",
        "archive.zip": _zipped({"balanced-again.835": balanced, "june/version-4010.835": old}),
    }


def _payment(room: Mailroom, payer: int, count: int) -> Remittance:
    claims = [pay(room.rng, claim) for claim in room.take(HARBOR, payer, count, days_ago=3)]
    return room.payment(HARBOR, payer, claims, days_ago=3)


def _short(payment: Remittance) -> Remittance:
    """The first claim's first adjustment is missing, and the transfer is a dollar short."""
    claim = payment.claims[0]
    line = replace(claim.lines[0], adjustments=claim.lines[0].adjustments[1:])
    broken = replace(claim, lines=(line, *claim.lines[1:]))
    return replace(payment, amount_cents=payment.amount_cents - 100, claims=(broken, *payment.claims[1:]))


def _cut_in_the_second_payment(data: bytes) -> bytes:
    """As a transfer that broke off: the second payment ends amid its claim, and no trailer follows."""
    return data[: data.rindex(b"SVC*") + 20]


def _zipped(members: dict[str, bytes]) -> bytes:
    buffer = io.BytesIO()
    with zipfile.ZipFile(buffer, "w", zipfile.ZIP_STORED) as archive:
        for name, data in members.items():
            archive.writestr(zipfile.ZipInfo(name, _ZIP_TIME), data)
    return buffer.getvalue()


if __name__ == "__main__":
    for name, content in samples().items():
        (Path(sys.argv[1]) / name).write_bytes(content)
