"""Remittances that are wrong, each in one way that a clerk meets (spec deposits 3.1 and 3.3)."""

from collections.abc import Iterator
from dataclasses import replace

from workbench.era.message import Adjustment
from workbench.era.message import Claim as RemittedClaim
from workbench.services.demo.adjudication import deny, pay
from workbench.services.demo.mailroom import DemoFile, Mailroom
from workbench.services.demo.office import npi
from workbench.services.demo.stories_ordinary import (
    ADVANTAGE,
    BLUE,
    CEDAR,
    GRANITE,
    HARBOR,
    NORTHWIND,
    STATE,
    ordinary_payment,
)


def trouble_files(room: Mailroom) -> Iterator[DemoFile]:
    yield _payment_does_not_add_up(room)
    yield _line_does_not_add_up(room)
    yield from _unknown_parties(room)
    yield _claims_of_another_system(room)
    yield _claim_level_adjustment(room)
    yield _denials_only(room)
    yield _odd_codes(room)


def _payment_does_not_add_up(room: Mailroom) -> DemoFile:
    """TX_UNBALANCED: the transfer is 12.50 more than its claims say."""
    payment = ordinary_payment(room, HARBOR, BLUE, 64, days_ago=4)
    return room.file("bmhp-does-not-add-up", replace(payment, amount_cents=payment.amount_cents + 12_50))


def _line_does_not_add_up(room: Mailroom) -> DemoFile:
    """LINE_UNBALANCED and CLAIM_UNBALANCED: the write-off of one line is missing."""
    claims = [pay(room.rng, claim) for claim in room.take(HARBOR, NORTHWIND, 30, days_ago=6)]
    position = next(
        number for number, claim in enumerate(claims) if claim.lines[0].adjustments[:1] and claim.paid_cents
    )
    claim = claims[position]
    first = replace(claim.lines[0], adjustments=claim.lines[0].adjustments[1:])
    claims[position] = replace(claim, lines=(first, *claim.lines[1:]))
    return room.file("nwm-line-short", room.payment(HARBOR, NORTHWIND, claims, days_ago=6))


def _unknown_parties(room: Mailroom) -> Iterator[DemoFile]:
    """PAYER_MISMATCH and PAYEE_NOT_OURS."""
    stranger = replace(
        ordinary_payment(room, HARBOR, GRANITE, 9, days_ago=8),
        payer_name="MEADOWLARK BENEFIT ADMINISTRATORS",
        payer_id="MLBA9",
        originator_id="1000519999",
    )
    yield room.file("unknown-payer", stranger)
    misdirected = replace(
        ordinary_payment(room, CEDAR, GRANITE, 4, days_ago=10),
        payee_name="PINE HOLLOW ANESTHESIA",
        payee_npi=npi("210000999"),
        payee_tin="000410999",
    )
    yield room.file("not-our-payee", misdirected)


def _claims_of_another_system(room: Mailroom) -> DemoFile:
    """CLAIM_NOT_FOUND: three claims that the old billing system sent."""
    claims = room.usual(room.take(CEDAR, BLUE, 18, days_ago=5))
    for number in (2, 7, 11):
        lines = tuple(replace(line, line_control_no="") for line in claims[number].lines)
        claims[number] = replace(claims[number], pcn=f"OLD-{7700 + number}", lines=lines)
    return room.file("bmhp-old-system", room.payment(CEDAR, BLUE, claims, days_ago=5))


def _lowered_as_a_whole(claim: RemittedClaim, cents: int) -> RemittedClaim:
    """The claim pays `cents` less, said at claim level (CAS in 2100) and not on its lines."""
    reduction = Adjustment("CO", "131", cents)
    return replace(claim, paid_cents=claim.paid_cents - cents, adjustments=(reduction,))


def _claim_level_adjustment(room: Mailroom) -> DemoFile:
    """CLAIM_LEVEL_ADJUSTMENT with CARRIER_PAYMENT_MISMATCH: two claims are lowered by 5.00 as a whole."""
    claims = [pay(room.rng, claim) for claim in room.take(CEDAR, BLUE, 22, days_ago=8)]
    payable = [number for number, claim in enumerate(claims) if claim.paid_cents >= 5_00][:2]
    for number in payable:
        claims[number] = _lowered_as_a_whole(claims[number], 5_00)
    return room.file("bmhp-claim-level", room.payment(CEDAR, BLUE, claims, days_ago=8))


def _denials_only(room: Mailroom) -> DemoFile:
    """ZERO_PAY_DENIAL: a remittance without money, every claim denied."""
    claims = [deny(room.rng, claim) for claim in room.take(HARBOR, STATE, 16, days_ago=4)]
    return room.file("tsc-denials-only", room.payment(HARBOR, STATE, claims, days_ago=4))


def _odd_codes(room: Mailroom) -> DemoFile:
    """One claim each: a code we did not bill, a code the payer changed, a reason without rule, a wrong patient
    share, a predetermination (25), a claim of somebody else's (23).
    """
    claims = [pay(room.rng, claim) for claim in room.take(HARBOR, ADVANTAGE, 20, days_ago=3)]
    first = claims[0].lines[0]
    unbilled = replace(first, code="99499", modifiers=(), line_control_no="")
    claims[0] = replace(claims[0], lines=(unbilled, *claims[0].lines[1:]))
    second = claims[1].lines[0]
    changed = replace(second, code="01999", original_code=second.code, line_control_no="")
    claims[1] = replace(claims[1], lines=(changed, *claims[1].lines[1:]))
    third = claims[2].lines[0]
    odd = tuple(replace(row, reason="A1") if row.reason == "45" else row for row in third.adjustments)
    claims[2] = replace(claims[2], lines=(replace(third, adjustments=odd), *claims[2].lines[1:]))
    claims[3] = replace(
        claims[3], patient_responsibility_cents=(claims[3].patient_responsibility_cents or 0) + 10_00
    )
    claims[4] = replace(deny(room.rng, room.take(HARBOR, ADVANTAGE, 1, days_ago=3)[0]), remit_status="25")
    claims[5] = replace(deny(room.rng, room.take(HARBOR, ADVANTAGE, 1, days_ago=3)[0]), remit_status="23")
    return room.file("wba-odd-codes", room.payment(HARBOR, ADVANTAGE, claims, days_ago=3))
