"""Remittances about claims that were answered before: corrections, take-backs, second payers (spec 4.7, 4.8)."""

from collections.abc import Iterator
from dataclasses import replace

from workbench.era.message import Claim as RemittedClaim
from workbench.era.message import ServiceLine
from workbench.services.demo.adjudication import pay, pay_second, reverse
from workbench.services.demo.mailroom import DemoFile, Mailroom
from workbench.services.demo.stories_ordinary import CEDAR, HARBOR, NORTHWIND, SENIOR, SUPPLEMENT


def history_files(room: Mailroom) -> Iterator[DemoFile]:
    yield _reversal_and_correction(room)
    yield _reversal_alone(room)
    yield _second_payer(room, HARBOR, tells_prior=True)
    yield _second_payer(room, CEDAR, tells_prior=False)


def _pays_more(line: ServiceLine, cents: int) -> ServiceLine:
    """The line with a smaller write-off and a larger payment."""
    rows = tuple(
        replace(row, amount_cents=row.amount_cents - cents) if row.reason == "45" else row
        for row in line.adjustments
    )
    return replace(line, paid_cents=line.paid_cents + cents, adjustments=rows, allowed_cents=None)


def _corrected(claim: RemittedClaim) -> RemittedClaim:
    """The same claim paid again, up to 10.00 more, under a new claim number of the payer."""
    first = claim.lines[0]
    written_off = sum(row.amount_cents for row in first.adjustments if row.reason == "45")
    more = min(10_00, written_off)
    return replace(
        claim,
        paid_cents=claim.paid_cents + more,
        payer_claim_no=f"{claim.payer_claim_no[:-2]}02",
        lines=(_pays_more(first, more), *claim.lines[1:]),
    )


def _reversal_and_correction(room: Mailroom) -> DemoFile:
    """Three claims of an earlier remittance taken back and paid anew, among others. Reversals come first."""
    earlier = [claim for claim in room.paid[HARBOR, NORTHWIND] if claim.paid_cents > 0][:3]
    both = [answer for claim in earlier for answer in (reverse(claim), _corrected(claim))]
    others = [pay(room.rng, claim) for claim in room.take(HARBOR, NORTHWIND, 25, days_ago=5)]
    return room.file("nwm-corrections", room.payment(HARBOR, NORTHWIND, [*both, *others], days_ago=5))


def _reversal_alone(room: Mailroom) -> DemoFile:
    """REVERSAL_ALONE, REVERSAL_NO_ORIGINAL: a take-back without correction, of a payment that we never had."""
    claims = [pay(room.rng, claim) for claim in room.take(CEDAR, NORTHWIND, 20, days_ago=6)]
    cheapest = min(range(len(claims)), key=lambda number: claims[number].paid_cents)
    claims[cheapest] = reverse(claims[cheapest])
    return room.file("nwm-take-back", room.payment(CEDAR, NORTHWIND, claims, days_ago=6))


def _second_payer(room: Mailroom, practice: int, *, tells_prior: bool) -> DemoFile:
    """The supplement pays what the senior program left; told with OA-23, or naively with one large CO-45."""
    claims = room.take_crossed_over(practice, SENIOR, 55, days_ago=4)
    answers = [pay_second(claim, room.crossed_over[claim.pcn], tells_prior=tells_prior) for claim in claims]
    name = "juns-second-payer" if tells_prior else "juns-without-prior-payer"
    return room.file(name, room.payment(practice, SUPPLEMENT, answers, days_ago=4))
