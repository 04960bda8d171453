"""Vectors 7, 9 and 10 of spec deposits 4.10 through the services; the others are in `test_posting`, 8 in
`test_deposit_editing`. And the invariants of spec 10 that are not checked after each step of the desk's machine.
"""

import contextlib
import itertools
from collections.abc import Callable

import pytest

from tests.services.desk_office import Desk, cas, claim, line
from workbench.domain.deposit import DifferenceReason, Disposition
from workbench.domain.identity import Actor
from workbench.errors import ChangedByAnotherError, RefusedError
from workbench.services.deposit_desk.editing import HeaderEdit
from workbench.services.deposit_desk.settings import AUTO_POST_DELAY
from workbench.services.deposit_desk.whole import DepositDesk
from workbench.services.deposits.actions import DepositActions

# The remittances of vector 6: paid, taken back, paid anew.
PAID = claim("A1", line(15000, 5000, ("CO-45", 7500), ("PR-1", 2500)))
TAKEN_BACK = claim("A1", line(-15000, -5000, ("CO-45", -7500), ("PR-1", -2500)), status="22")
CORRECTED = claim("A1", line(15000, 6000, ("CO-45", 7500), ("PR-1", 1500)))


def services(desk: Desk) -> DepositDesk:
    return DepositDesk(desk.office.database)


def send(desk: Desk, deposit_id: int) -> int:
    """Posts; gives how many claims did."""
    posted = services(desk).posting.send(desk.office.supervisor, deposit_id).posted
    desk.assert_sound()
    return posted


def report_all(desk: Desk, deposit_id: int) -> None:
    boss = desk.office.supervisor
    for row in services(desk).provider_money.of_deposit(boss, deposit_id):
        services(desk).resolving.dispose(boss, deposit_id, row.id, Disposition.REPORT)


def test_vector_7_a_reversal_whose_money_is_taken_from_a_later_check(either_desk: Desk) -> None:
    desk, boss = either_desk, either_desk.office.supervisor
    first, second = desk.our_claim("A1", 15000), desk.our_claim("A2", 20000)
    assert send(desk, desk.remit(PAID)) == 1
    assert desk.balance(first) == 2500

    reversal = desk.remit(TAKEN_BACK, provider=[("WO", "A1", -5000)])
    assert desk.header(reversal)["deposit_cents"] == 0, "the check is what it was"
    report_all(desk, reversal)
    assert send(desk, reversal) == 1
    assert desk.balance(first) == 15000
    assert desk.header(reversal)["disbursed_at"] is not None
    (carried,) = services(desk).provider_money.running_ledger(boss)
    assert carried.owed_cents == 5000

    later = desk.remit(claim("A2", line(20000, 20000)), provider=[("WO", "A1", 5000)])
    assert desk.header(later)["deposit_cents"] == 15000
    report_all(desk, later)
    assert send(desk, later) == 1
    assert desk.balance(second) == 0
    assert [step.owed_cents for step in services(desk).provider_money.running_ledger(boss)] == [5000, 0]
    # What was given back and then taken is nothing in all; the three checks are 50, 0 and 150.
    assert (desk.ledger_sum("REPORTED"), desk.ledger_sum("DEPOSIT")) == (0, 20000)


def test_vector_9_sequestration_is_a_write_off_of_its_own_and_part_of_what_is_allowed(
    either_desk: Desk,
) -> None:
    desk = either_desk
    ours = desk.our_claim("A1", 10000)
    deposit = desk.remit(claim("A1", line(10000, 6272, ("CO-45", 2000), ("PR-2", 1600), ("CO-253", 128))))
    (shown,) = desk.claims(deposit)
    assert (shown["allowed_cents"], shown["coinsurance_cents"]) == (8000, 1600)
    assert (shown["adjustments_cents"], shown["information_cents"]) == (2128, 1600)
    assert send(desk, deposit) == 1
    assert desk.our(ours) == (1600, "Ready to Send", "statement")
    with desk.office.database.reading() as stores:
        booked = {
            (entry.account, entry.payment_type): entry.amount_cents
            for entry in stores.ledger.of_deposit(deposit)
            if entry.account != "RECEIVABLE"
        }
    assert booked == {
        ("DEPOSIT", "Insurance payment"): 6272,
        ("WRITE_OFF", "Contractual write-off"): 2000,
        ("WRITE_OFF", "Sequestration"): 128,
    }


def test_vector_10_the_documented_balance_is_shown_and_stops_nothing(either_desk: Desk) -> None:
    desk = either_desk
    desk.our_claim("A1", 15000)
    deposit = desk.remit(claim("A1", line(15000, 5600, ("CO-45", 5000), ("PR-1", 4400))))
    dry = services(desk).posting.verify(desk.office.supervisor, deposit)
    assert (dry.header.balance_cents, dry.header.unreconciled_cents) == (-5000, 0)
    assert dry.question is None
    assert send(desk, deposit) == 1
    assert desk.header(deposit)["disbursed_at"] is not None


@pytest.mark.parametrize("order", [*itertools.permutations(("taken back", "corrected", "another"))])
def test_the_order_of_claims_in_a_file_does_not_change_what_is_posted(
    desk: Desk, order: tuple[str, ...]
) -> None:
    """Spec 10: but for a reversal, which goes before its correction wherever it stands (4.7)."""
    ours = [desk.our_claim(pcn, 15000) for pcn in ("A1", "A2")]
    send(desk, desk.remit(PAID))
    another = claim("A2", line(15000, 10000, ("CO-45", 1000), ("PR-1", 4000)))
    remitted = {"taken back": TAKEN_BACK, "corrected": CORRECTED, "another": another}
    assert send(desk, desk.remit(*(remitted[each] for each in order))) == 3
    statement = ("Ready to Send", "statement")
    assert [desk.our(each) for each in ours] == [(1500, *statement), (4000, *statement)]


ACTS: dict[str, Callable[[DepositDesk, Actor, int, int, int], object]] = {
    "send": lambda desk, who, deposit, _row, _ours: desk.posting.send(who, deposit),
    "reverse": lambda desk, who, _deposit, row, _ours: desk.undoing.reverse(who, row, "why"),
    "reset": lambda desk, who, deposit, _row, _ours: desk.undoing.reset(who, deposit, "why"),
    "void": lambda desk, who, deposit, _row, _ours: desk.undoing.void(who, deposit, "why"),
    "add": lambda desk, who, deposit, _row, ours: desk.editing.add_claims(who, deposit, [ours]),
    "attach": lambda desk, who, _deposit, row, ours: desk.editing.attach(who, row, ours),
    "exclude": lambda desk, who, deposit, row, _ours: desk.editing.set_included(
        who, deposit, [row], included=False, reason="why"
    ),
    "edit": lambda desk, who, deposit, _row, _ours: desk.editing.edit_header(
        who, deposit, 1, HeaderEdit(deposit_cents=1)
    ),
    "recompute": lambda desk, who, deposit, _row, _ours: desk.errors.recompute(who, deposit),
    "auto-post": lambda desk, who, _deposit, _row, _ours: desk.auto_post.run(who),
}


@pytest.mark.parametrize("act", ACTS)
def test_no_action_on_an_ignored_deposit_changes_what_is_owed(desk: Desk, act: str) -> None:
    """Spec 10; most are refused (2.4), Remove and looking at it again are not."""
    boss = desk.office.supervisor
    ours, other = desk.our_claim("A1", 15000), desk.our_claim("A2", 15000)
    deposit = desk.remit(PAID)
    services(desk).settings.set_company(boss, AUTO_POST_DELAY, "0")
    version = int(str(desk.header(deposit)["version"]))
    DepositActions(desk.office.database).ignore(boss, deposit, "not ours", version)
    row = int(str(desk.claims(deposit)[0]["id"]))
    before = [desk.our(each) for each in (ours, other)]
    with contextlib.suppress(RefusedError, ChangedByAnotherError):
        ACTS[act](services(desk), boss, deposit, row, other)
    assert [desk.our(each) for each in (ours, other)] == before
    assert desk.ledger_sum("RECEIVABLE") == 0
    desk.assert_sound()


def test_what_changes_after_sending_changes_the_booked_difference(either_desk: Desk) -> None:
    """Sent with an accepted difference; then a claim-level amount of a claim that still waits is reported.

    deposit = ledger + waiting + exclusions must go on holding (spec 10): the ledger's Unapplied is the 3.00 less.
    """
    desk, boss = either_desk, either_desk.office.supervisor
    desk.our_claim("A1", 10000)
    desk.our_claim("A2", 10000)
    paid = claim("A1", line(10000, 8000, ("CO-45", 2000)))
    taken_back = claim(  # of a payment that is not ours: it waits
        "A2",
        line(-10000, -5000, ("CO-45", -5000)),
        status="22",
        paid_cents=-5300,
        adjustments=cas(("CO-45", 300)),
    )
    deposit_id = desk.remit(paid, taken_back)
    errors = services(desk).errors
    critical = [each.id for each in errors.of_deposit(boss, deposit_id) if each.why_not_ignore is None]
    errors.ignore(boss, deposit_id, critical, "looked at it")
    sent = services(desk).posting.send(boss, deposit_id, difference=DifferenceReason.UNAPPLIED)
    assert (sent.posted, sent.failed) == (1, 1)
    header = desk.header(deposit_id)
    assert (header["deposit_cents"], header["payments_cents"]) == (2700, 3000)
    desk.assert_sound()
    held = next(row for row in desk.claims(deposit_id) if row["pcn"] == "A2")
    (proposal,) = services(desk).resolving.propose_spread(boss, held["id"])
    services(desk).resolving.report_claim_level(boss, held["id"], proposal.adjustment_id)
    assert desk.header(deposit_id)["reported_cents"] == -300, "nothing is left to explain"
    desk.assert_sound()


def test_a_claim_that_lives_elsewhere_after_sending_changes_the_booked_difference(either_desk: Desk) -> None:
    """Excluded is what the payer stated (77.00), waiting was what the lines say (80.00): 3.00 are explained."""
    desk, boss = either_desk, either_desk.office.supervisor
    desk.our_claim("A1", 10000)
    known = claim("A1", line(10000, 8000, ("CO-45", 2000)))
    stranger = claim(
        "ELSEWHERE", line(10000, 8000, ("CO-45", 2000)), paid_cents=7700, adjustments=cas(("CO-45", 300))
    )
    deposit_id = desk.remit(known, stranger)
    errors = services(desk).errors
    assert services(desk).posting.send(boss, deposit_id, difference=DifferenceReason.UNAPPLIED).posted == 1
    desk.assert_sound()
    nobody = [each.id for each in errors.of_deposit(boss, deposit_id) if each.code == "CLAIM_NOT_FOUND"]
    errors.ignore(boss, deposit_id, nobody, "another office's")
    assert desk.header(deposit_id)["exclusions_cents"] == 7700
    desk.assert_sound()
