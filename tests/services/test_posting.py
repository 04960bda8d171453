"""Posting through the services: the vectors of spec deposits 4.10 on real files, and undoing to the cent."""

import pytest

from tests.builders import actor
from tests.services.desk_office import Desk, cas, claim, line
from workbench.domain.deposit import DepositStatus, DifferenceReason, Disposition
from workbench.domain.permissions import Permission
from workbench.errors import NotFoundError, NotPermittedError, RefusedError
from workbench.services.deposit_desk.editing import Editing
from workbench.services.deposit_desk.errors import DepositErrors
from workbench.services.deposit_desk.posting import DifferenceError, Posting
from workbench.services.deposit_desk.resolving import Resolving
from workbench.services.deposit_desk.undoing import Undoing


def send(desk: Desk, deposit_id: int, **more: object) -> tuple[DepositStatus, int, int]:
    sent = Posting(desk.office.database).send(desk.office.supervisor, deposit_id, **more)  # type: ignore[arg-type]
    desk.assert_sound()
    return sent.status, sent.posted, sent.failed


SENT, NEW = DepositStatus.SENT_TO_POSTING, DepositStatus.NEW


def test_vector_1_posts_and_bills_the_patient(either_desk: Desk) -> None:
    desk = either_desk
    ours = desk.our_claim("A1", 15000)
    deposit = desk.remit(claim("A1", line(15000, 5600, ("CO-45", 5000), ("PR-1", 3000), ("PR-2", 1400))))
    before = Posting(desk.office.database).verify(desk.office.supervisor, deposit)
    assert before.question is None
    (planned,) = before.claims
    assert (planned.open_before_cents, planned.open_after_cents) == (15000, 4400)
    assert (planned.next_status, planned.next_level) == ("Ready to Send", "statement")
    assert {planned.why_of(entry) for entry in planned.entries if entry.account == "WRITE_OFF"} == {
        "shipped rule (CO-45): the only one that fits."
    }
    assert desk.balance(ours) == 15000, "a dry run writes nothing"

    assert send(desk, deposit) == (SENT, 1, 0)
    assert desk.our(ours) == (4400, "Ready to Send", "statement")
    header = desk.header(deposit)
    assert (header["posted_paid_cents"], header["posted_adjustments_cents"]) == (5600, 5000)
    assert header["disbursed_at"] is not None


def test_reset_brings_every_account_back_to_the_cent(either_desk: Desk) -> None:
    desk = either_desk
    ours = desk.our_claim("A1", 15000)
    deposit = desk.remit(claim("A1", line(15000, 5600, ("CO-45", 5000), ("PR-1", 4400))))
    send(desk, deposit)
    undone = Undoing(desk.office.database).reset(desk.office.supervisor, deposit, "wrong check")
    assert (undone.claims, undone.paid_cents, undone.written_off_cents) == (1, 5600, 5000)
    desk.assert_sound()
    assert desk.balance(ours) == 15000
    assert desk.header(deposit)["status"] == "NEW"
    assert send(desk, deposit) == (SENT, 1, 0)
    assert desk.balance(ours) == 4400


def test_vector_5_secondary_without_double_write_off(desk: Desk) -> None:
    ours = desk.our_claim("A1", 50000, secondary=True)
    first = desk.remit(claim("A1", line(50000, 30000, ("CO-45", 12500), ("PR-1", 7500))))
    second = desk.remit(
        claim("A1", line(50000, 6500, ("OA-23", 42500), ("CO-45", 1000)), status="2"), payer="zenith"
    )
    assert send(desk, second) == (NEW, 0, 1), "a secondary that arrives first is held"
    assert desk.open_codes(second) == ["SECONDARY_FIRST"]
    assert send(desk, first) == (SENT, 1, 0)
    assert desk.our(ours) == (7500, "Ready to Send Secondary", "secondary")
    assert send(desk, second) == (SENT, 1, 0)
    assert desk.open_codes(second) == []
    assert desk.our(ours) == (0, "Done", "completed")


def test_a_secondary_that_left_out_what_the_primary_did_is_stopped_then_capped(desk: Desk) -> None:
    ours = desk.our_claim("A1", 50000, secondary=True)
    send(desk, desk.remit(claim("A1", line(50000, 30000, ("CO-45", 12500), ("PR-1", 7500)))))
    naive = desk.remit(claim("A1", line(50000, 6500, ("CO-45", 43500)), status="2"), payer="zenith")
    assert send(desk, naive) == (NEW, 0, 1)
    (error,) = DepositErrors(desk.office.database).of_deposit(desk.office.supervisor, naive)
    assert (error.code, error.why_not_ignore) == ("OVER_ADJUST", None)
    DepositErrors(desk.office.database).ignore(
        desk.office.supervisor, naive, [error.id], "payer left out OA-23"
    )
    assert send(desk, naive) == (SENT, 1, 0)
    assert desk.balance(ours) == 0


def test_vector_6_reversal_and_correction_in_one_file(either_desk: Desk) -> None:
    desk = either_desk
    ours = desk.our_claim("A1", 15000)
    send(desk, desk.remit(claim("A1", line(15000, 5000, ("CO-45", 7500), ("PR-1", 2500)))))
    assert desk.balance(ours) == 2500
    back = claim("A1", line(-15000, -5000, ("CO-45", -7500), ("PR-1", -2500)), status="22")
    again = claim("A1", line(15000, 6000, ("CO-45", 7500), ("PR-1", 1500)), payer_claim_no="ICN2")
    # The correction stands first in the file; the reversal is posted first all the same.
    deposit = desk.remit(again, back)
    assert send(desk, deposit) == (SENT, 2, 0)
    assert desk.our(ours) == (1500, "Ready to Send", "statement")


def test_a_posting_that_the_payer_took_back_cannot_be_reset_under_it(desk: Desk) -> None:
    desk.our_claim("A1", 15000)
    first = desk.remit(claim("A1", line(15000, 5000, ("CO-45", 10000))))
    send(desk, first)
    back = desk.remit(
        claim("A1", line(-15000, -5000, ("CO-45", -10000)), status="22"), provider=[("WO", "A1", -5000)]
    )
    row = provider_rows(desk, back)[0]
    Resolving(desk.office.database).dispose(desk.office.supervisor, back, row, Disposition.REPORT)
    assert send(desk, back) == (SENT, 1, 0)
    undoing = Undoing(desk.office.database)
    with pytest.raises(RefusedError, match=f"Deposit {back} holds"):
        undoing.reset(desk.office.supervisor, first, "wrong")
    undoing.reset(desk.office.supervisor, back, "wrong")
    undoing.reset(desk.office.supervisor, first, "wrong")
    desk.assert_sound()


def provider_rows(desk: Desk, deposit_id: int) -> list[int]:
    with desk.office.database.reading() as stores:
        return [row.id for row in stores.deposit_work.provider_adjustments(deposit_id)]


def test_vector_3_provider_level_money(either_desk: Desk) -> None:
    desk = either_desk
    for pcn, charge in (("A1", 10000), ("A2", 15000), ("A3", 50000)):
        desk.our_claim(pcn, charge)
    deposit = desk.remit(
        claim("A1", line(10000, 8000, ("CO-45", 2000))),
        claim("A2", line(15000, 5600, ("CO-45", 5000), ("PR-1", 4400))),
        claim("A3", line(50000, 40000, ("CO-45", 10000))),
        provider=[("L6", "INT", -325), ("WO", "A9 OLD", 10000)],
    )
    office, boss = desk.office.database, desk.office.supervisor
    assert desk.header(deposit)["deposit_cents"] == 43925
    with pytest.raises(RefusedError, match="2 critical deposit errors"):
        Posting(office).send(boss, deposit)
    dry = Posting(office).verify(boss, deposit)
    assert dry.header.unreconciled_cents == -9675

    interest, recovery = provider_rows(desk, deposit)
    old = desk.our_claim("A9", 20000)
    (target,) = Editing(office).add_claims(boss, deposit, [old])
    Resolving(office).dispose(boss, deposit, interest, Disposition.REPORT)
    with pytest.raises(RefusedError, match=r"they must sum to -100\.00"):
        Resolving(office).dispose(boss, deposit, recovery, Disposition.APPLY_TO_CLAIM, {target: -9999})
    Resolving(office).dispose(boss, deposit, recovery, Disposition.APPLY_TO_CLAIM, {target: -10000})
    header = desk.header(deposit)
    assert (header["payments_cents"], header["reported_cents"]) == (43600, 325)
    assert send(desk, deposit) == (SENT, 4, 0)
    assert desk.balance(old) == 30000
    assert desk.ledger_sum("REPORTED") == -325
    assert desk.ledger_sum("DEPOSIT") == 43925


def test_vector_4_exclusion(desk: Desk) -> None:
    desk.our_claim("A1", 10000)
    other = desk.our_claim("A2", 15000)
    deposit = desk.remit(
        claim("A1", line(10000, 8000, ("CO-45", 2000))), claim("A2", line(15000, 5600, ("CO-45", 9400)))
    )
    second = desk.claims(deposit)[1]["id"]
    Editing(desk.office.database).set_included(
        desk.office.supervisor, deposit, [int(str(second))], included=False, reason="old system"
    )
    header = desk.header(deposit)
    assert (header["payments_cents"], header["exclusions_cents"]) == (8000, 5600)
    assert send(desk, deposit) == (SENT, 1, 0)
    assert desk.balance(other) == 15000


def test_vector_2_claim_level_amount_is_spread_with_a_preview(either_desk: Desk) -> None:
    desk = either_desk
    ours = desk.our_claim("A1", 8000, 2000)
    lines = (line(8000, 7000, ("CO-45", 1000)), line(2000, 1500, ("CO-45", 500)))
    deposit = desk.remit(claim("A1", *lines, paid_cents=8000, adjustments=cas(("CO-45", 500))))
    office, boss = desk.office.database, desk.office.supervisor
    assert desk.open_codes(deposit) == ["CLAIM_LEVEL_ADJUSTMENT"]
    assert DepositErrors(office).recompute(boss, deposit)[0].code == "CLAIM_LEVEL_ADJUSTMENT"
    with pytest.raises(DifferenceError):
        Posting(office).send(boss, deposit)
    number = int(str(desk.claims(deposit)[0]["id"]))
    (proposal,) = Resolving(office).propose_spread(boss, number)
    assert [part.part_cents for part in proposal.lines] == [400, 100]
    parts = {part.deposit_line_id: part.part_cents for part in proposal.lines}
    first, *_ = parts
    Resolving(office).spread(boss, number, proposal.adjustment_id, {first: 400})
    assert desk.open_codes(deposit) == ["CLAIM_LEVEL_ADJUSTMENT"], "stays until the whole amount is spread"
    Resolving(office).spread(boss, number, proposal.adjustment_id, {list(parts)[1]: 100})
    assert desk.open_codes(deposit) == []
    assert [row["paid_cents"] for row in desk.lines(number)] == [6600, 1400]
    assert send(desk, deposit) == (SENT, 1, 0)
    assert desk.balance(ours) == 0

    Undoing(office).reset(boss, deposit, "again")
    assert [row["paid_cents"] for row in desk.lines(number)] == [7000, 1500]
    assert sorted(int(str(row["amount_cents"])) for row in desk.adjustments(number)) == [500, 500, 1000]
    assert desk.open_codes(deposit) == ["CLAIM_LEVEL_ADJUSTMENT"]


def test_a_reported_claim_level_amount_ties_out(desk: Desk) -> None:
    ours = desk.our_claim("A1", 10000)
    remitted = claim(
        "A1", line(10000, 8500, ("CO-45", 1500)), paid_cents=8000, adjustments=cas(("CO-45", 500))
    )
    deposit = desk.remit(remitted)
    number = int(str(desk.claims(deposit)[0]["id"]))
    (row,) = [row for row in desk.adjustments(number) if row["deposit_line_id"] is None]
    Resolving(desk.office.database).report_claim_level(desk.office.supervisor, number, int(str(row["id"])))
    assert desk.open_codes(deposit) == []
    assert desk.header(deposit)["reported_cents"] == -500
    assert send(desk, deposit) == (SENT, 1, 0)
    assert desk.balance(ours) == 0
    assert desk.header(deposit)["posted_paid_cents"] == 8500
    assert desk.ledger_sum("DEPOSIT") == 8000


def test_a_difference_is_asked_about_and_booked_as_unapplied(desk: Desk) -> None:
    desk.our_claim("A1", 10000)
    deposit = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))), amount=8100)
    critical = DepositErrors(desk.office.database).of_deposit(desk.office.supervisor, deposit)
    assert [error.code for error in critical] == ["TX_UNBALANCED"]
    DepositErrors(desk.office.database).ignore(
        desk.office.supervisor, deposit, [critical[0].id], "payer confirmed by phone"
    )
    with pytest.raises(DifferenceError, match=r"1\.00 of the deposit is not accounted for"):
        Posting(desk.office.database).send(desk.office.supervisor, deposit)
    assert send(desk, deposit, difference=DifferenceReason.UNAPPLIED)[0] is SENT
    assert desk.ledger_sum("UNAPPLIED") == -100
    assert desk.header(deposit)["disbursed_at"] is not None


def test_a_deposit_of_which_nothing_posts_stays_new(desk: Desk) -> None:
    deposit = desk.remit(claim("NOT OURS", line(10000, 8000, ("CO-45", 2000))))
    assert send(desk, deposit) == (NEW, 0, 1)
    assert desk.open_codes(deposit) == ["CLAIM_NOT_FOUND"]
    assert desk.claims(deposit)[0]["state"] == "ERROR"


def test_one_claim_fails_alone_and_is_sent_again_once_mended(desk: Desk) -> None:
    good = desk.our_claim("A1", 10000)
    deposit = desk.remit(
        claim("A1", line(10000, 8000, ("CO-45", 2000))), claim("A2", line(10000, 8000, ("CO-45", 2000)))
    )
    assert send(desk, deposit) == (SENT, 1, 1)
    assert desk.balance(good) == 2000 - 2000
    late = desk.our_claim("A2", 10000)
    failed = int(str(desk.claims(deposit)[1]["id"]))
    Editing(desk.office.database).attach(desk.office.supervisor, failed, late)
    assert desk.open_codes(deposit) == []
    assert send(desk, deposit) == (SENT, 1, 0)
    assert desk.balance(late) == 0
    with pytest.raises(RefusedError, match="no claim left to post"):
        Posting(desk.office.database).send(desk.office.supervisor, deposit)


def test_the_same_payment_again_under_another_trace_is_not_posted_twice(desk: Desk) -> None:
    ours = desk.our_claim("A1", 10000)
    remitted = claim("A1", line(10000, 6000, ("CO-45", 1000), ("PR-1", 3000)))
    send(desk, desk.remit(remitted))
    twin = desk.remit(remitted)
    critical = [
        e.id
        for e in DepositErrors(desk.office.database).of_deposit(desk.office.supervisor, twin)
        if e.severity == "critical"
    ]
    if critical:
        DepositErrors(desk.office.database).ignore(desk.office.supervisor, twin, critical, "looked at it")
    assert send(desk, twin) == (NEW, 0, 1)
    assert "CLAIM_ALREADY_PAID" in desk.open_codes(twin)
    assert desk.balance(ours) == 3000


def test_one_claim_is_reversed_and_can_be_posted_again(either_desk: Desk) -> None:
    desk = either_desk
    ours = desk.our_claim("A1", 10000)
    other = desk.our_claim("A2", 10000)
    paid = [claim(pcn, line(10000, 8000, ("CO-45", 2000))) for pcn in ("A1", "A2")]
    deposit = desk.remit(*paid)
    send(desk, deposit)
    number = int(str(desk.claims(deposit)[0]["id"]))
    Undoing(desk.office.database).reverse(desk.office.supervisor, number, "wrong patient")
    desk.assert_sound()
    assert (desk.balance(ours), desk.balance(other)) == (10000, 0)
    assert desk.claims(deposit)[0]["state"] == "REVERSED"
    assert desk.header(deposit)["disbursed_at"] is None
    assert send(desk, deposit) == (SENT, 1, 0)
    assert desk.balance(ours) == 0


def test_every_act_needs_its_right_and_sight(desk: Desk) -> None:
    desk.our_claim("A1", 10000)
    deposit = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))))
    posting, undoing = Posting(desk.office.database), Undoing(desk.office.database)
    looks_only = actor(
        desk.office.north_clerk.user_id, desk.office.north, permissions=frozenset({Permission.DEPOSIT_VIEW})
    )
    for act in (
        lambda who: posting.send(who, deposit),
        lambda who: undoing.reset(who, deposit, "x"),
        lambda who: undoing.reverse(who, int(str(desk.claims(deposit)[0]["id"])), "x"),
        lambda who: undoing.void(who, deposit, "x"),
    ):
        with pytest.raises(NotPermittedError):
            act(looks_only)
        with pytest.raises(NotFoundError):
            act(desk.office.south_clerk)
    assert posting.verify(looks_only, deposit).posting == 1


def test_a_posted_deposit_is_not_removed_and_a_removed_one_is_left_alone(desk: Desk) -> None:
    desk.our_claim("A1", 10000)
    deposit = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))))
    send(desk, deposit)
    undoing, boss = Undoing(desk.office.database), desk.office.supervisor
    with pytest.raises(RefusedError, match="Reset it first"):
        undoing.void(boss, deposit, "not ours")
    with pytest.raises(RefusedError, match="Say why"):
        undoing.reset(boss, deposit, " ")
    undoing.reset(boss, deposit, "not ours")
    undoing.void(boss, deposit, "not ours")
    with pytest.raises(RefusedError, match="was removed"):
        Posting(desk.office.database).send(boss, deposit)
