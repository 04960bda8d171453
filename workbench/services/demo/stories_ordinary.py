"""The remittances of ordinary days, in the dialects that payers send, and the one of 10,000 claims."""

from collections.abc import Iterator
from dataclasses import replace

from workbench.era.message import Dialect, Remittance
from workbench.services.demo.adjudication import pay
from workbench.services.demo.mailroom import DemoFile, Mailroom
from workbench.services.demo.office import PAYERS, PRACTICES

SENIOR, BLUE, NORTHWIND, GRANITE, STATE, INJURY, SUPPLEMENT, LANTERN, QUARRY, ADVANTAGE = range(len(PAYERS))
HARBOR, CEDAR = range(len(PRACTICES))
LARGE = 10_000


def ordinary_payment(
    room: Mailroom, practice: int, payer: int, count: int, *, days_ago: int, by_check: bool = False
) -> Remittance:
    """Most claims paid, some denied; everything balances."""
    claims = room.usual(room.take(practice, payer, count, days_ago=days_ago))
    return room.payment(practice, payer, claims, days_ago=days_ago, by_check=by_check)


def large_file(room: Mailroom) -> DemoFile:
    """A year of claims in one transfer, as after a payer's change of system."""
    return room.file("slsp-ten-thousand", ordinary_payment(room, HARBOR, SENIOR, LARGE, days_ago=6))


def ordinary_files(room: Mailroom) -> Iterator[DemoFile]:
    yield room.file(
        "nwm-both-practices",
        ordinary_payment(room, HARBOR, NORTHWIND, 140, days_ago=9),
        ordinary_payment(room, CEDAR, NORTHWIND, 90, days_ago=9),
    )
    yield room.file("bmhp-checks", ordinary_payment(room, CEDAR, BLUE, 75, days_ago=12, by_check=True))
    yield room.file(
        "tsc-one-line-file",
        ordinary_payment(room, HARBOR, STATE, 120, days_ago=5),
        dialect=Dialect(line_end=""),
    )
    yield room.file(
        "llh-own-delimiters",
        ordinary_payment(room, HARBOR, LANTERN, 45, days_ago=8),
        dialect=Dialect(element="|", component=">", line_end="\r\n"),
    )
    yield room.file("wba", ordinary_payment(room, CEDAR, ADVANTAGE, 40, days_ago=4))
    yield room.file(
        "hif-version-4010",
        ordinary_payment(room, HARBOR, INJURY, 12, days_ago=15, by_check=True),
        dialect=Dialect(version="4010"),
    )
    yield room.file("slsp-cedar-ridge", ordinary_payment(room, CEDAR, SENIOR, 220, days_ago=3))


def twice_sent(room: Mailroom) -> Iterator[DemoFile]:
    """A payment, and the same trace, amount and day again a day later: the second is doubtful (spec 3.1)."""
    payment = ordinary_payment(room, HARBOR, BLUE, 180, days_ago=7)
    yield room.file("bmhp-first", payment)
    yield room.file("bmhp-sent-again", replace(payment, production_date=payment.effective_date))


def true_twins(room: Mailroom) -> DemoFile:
    """Two payments of one amount on one day with two trace numbers: both are real and both are kept."""
    claims = [pay(room.rng, claim) for claim in room.take_alike(CEDAR, INJURY, 2, days_ago=10)]
    return room.file(
        "hif-true-twins", *(room.payment(CEDAR, INJURY, [claim], days_ago=10) for claim in claims)
    )
