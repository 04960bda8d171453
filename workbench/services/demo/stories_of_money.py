"""Remittances whose money is not only claims: recoveries, forwarded balances, interest, incentives (PLB).

Spec deposits 4.4; a positive PLB lowers the check.
"""

from collections.abc import Iterator
from dataclasses import replace

from workbench.era.message import ProviderAdjustment, Remittance
from workbench.services.demo.mailroom import DemoFile, Mailroom
from workbench.services.demo.stories_ordinary import BLUE, CEDAR, GRANITE, HARBOR, QUARRY, STATE


def _with_plb(
    room: Mailroom, practice: int, payer: int, count: int, days_ago: int, *plb: ProviderAdjustment
) -> Remittance:
    claims = room.usual(room.take(practice, payer, count, days_ago=days_ago))
    return room.payment(practice, payer, claims, days_ago=days_ago, provider_adjustments=plb)


def money_files(room: Mailroom) -> Iterator[DemoFile]:
    yield _recovery_with_interest(room)
    yield from _forwarded_balance(room)
    yield _returned_refund(room)
    yield room.file(
        "qet-reissue",
        _with_plb(room, HARBOR, QUARRY, 14, 11, ProviderAdjustment("CS", -182_40, "REISSUE 0417")),
    )
    yield room.file(
        "bmhp-incentive",
        room.payment(
            CEDAR,
            BLUE,
            [],
            days_ago=16,
            provider_adjustments=(ProviderAdjustment("LS", -2_500_00, "QUALITY PROGRAM"),),
        ),
    )


def _recovery_with_interest(room: Mailroom) -> DemoFile:
    """Overpayment recovery (WO) that names the claim, and interest paid to us (L6)."""
    overpaid = room.take(HARBOR, GRANITE, 1, days_ago=90)[0]
    del room.answered[overpaid.pcn]  # answered, and settled, before the demo begins
    reference = f"{overpaid.pcn} {overpaid.service_date:%Y%m%d}"
    return room.file(
        "gpi-recovery-and-interest",
        _with_plb(
            room, HARBOR, GRANITE, 60, 5,
            ProviderAdjustment("WO", 100_00, reference),
            ProviderAdjustment("L6", -3_25, "INTEREST"),
        ),
    )  # fmt: skip


def _forwarded_balance(room: Mailroom) -> Iterator[DemoFile]:
    """A debt larger than the payment: nothing is paid (NON) and the rest goes forward; a week later it comes in."""
    claims = room.usual(room.take(CEDAR, STATE, 6, days_ago=14))
    paid, debt = sum(claim.paid_cents for claim in claims), 10_000_00
    forward = ProviderAdjustment("FB", paid - debt, "BALANCE FORWARDED")
    recovery = ProviderAdjustment("WO", debt, "AUDIT 2231")
    yield room.file(
        "tsc-nothing-paid",
        room.payment(CEDAR, STATE, claims, days_ago=14, provider_adjustments=(recovery, forward)),
    )
    brought_in = ProviderAdjustment("FB", debt - paid, "BALANCE BROUGHT IN")
    yield room.file("tsc-balance-brought-in", _with_plb(room, CEDAR, STATE, 160, 7, brought_in))


def _returned_refund(room: Mailroom) -> DemoFile:
    """A refund we sent (72) against the recovery that the payer had already taken (WO)."""
    plb = (ProviderAdjustment("WO", 412_00, "RECOVERY 88"), ProviderAdjustment("72", -412_00, "REFUND 88"))
    return room.file("gpi-refund-acknowledged", _with_plb(room, CEDAR, GRANITE, 35, 9, *plb))


def unwanted_files(room: Mailroom) -> Iterator[DemoFile]:
    """A debit (BPR03 D) and a handling code that brings no money (BPR01 P): both ignore themselves (spec 2.1)."""
    debit = _with_plb(room, HARBOR, QUARRY, 2, 13)
    yield room.file("qet-debit", replace(debit, credit_debit="D"))
    prenotification = _with_plb(room, HARBOR, QUARRY, 5, 12)
    yield room.file("qet-prenotification", replace(prenotification, handling_code="P"))
