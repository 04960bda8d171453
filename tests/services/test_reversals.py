"""What a payer's reversal (CLP02 22) takes back, and what it leaves alone (spec deposits 4.4, 4.7)."""

from tests.services.desk_office import Cas, Desk, cas, claim, line
from workbench.domain.deposit import Disposition
from workbench.era.message import Claim
from workbench.services.deposit_desk.whole import DepositDesk

NOTHING, ONE = 0, 1


def services(desk: Desk) -> DepositDesk:
    return DepositDesk(desk.office.database)


def send(desk: Desk, deposit: int) -> int:
    """Posts; gives how many claims did."""
    posted = services(desk).posting.send(desk.office.supervisor, deposit).posted
    desk.assert_sound()
    return posted


def reversal(paid: int, *rows: Cas, at_claim_level: int = 0) -> Claim:
    """Of a charge of 100.00."""
    level = cas(("CO-45", at_claim_level)) if at_claim_level else ()
    taken_back = line(-10000, paid, *rows)
    return claim("A1", taken_back, status="22", paid_cents=paid - at_claim_level, adjustments=level)


def plb(desk: Desk, deposit: int, to: Disposition, on: int | None = None) -> None:
    """Decides about the one provider-level amount of the deposit; `on`: the claim that all of it goes to."""
    boss = desk.office.supervisor
    (row,) = services(desk).provider_money.of_deposit(boss, deposit)
    parts = None if on is None else {on: row.cash_cents}
    services(desk).resolving.dispose(boss, deposit, row.id, to, parts)


def only_claim(desk: Desk, deposit: int) -> int:
    (row,) = desk.claims(deposit)
    return int(str(row["id"]))


def report_claim_level(desk: Desk, deposit: int) -> None:
    resolving, boss = services(desk).resolving, desk.office.supervisor
    (proposal,) = resolving.propose_spread(boss, only_claim(desk, deposit))
    resolving.report_claim_level(boss, proposal.deposit_claim_id, proposal.adjustment_id)


def paid_with_5_reported(desk: Desk) -> int:
    """The line is paid 85.00 of 100.00 and 15.00 are written off; 5.00 off the claim are reported: a check of 80.00."""
    ours = desk.our_claim("A1", 10000)
    lines = (line(10000, 8500, ("CO-45", 1500)),)
    deposit = desk.remit(claim("A1", *lines, paid_cents=8000, adjustments=cas(("CO-45", 500))))
    report_claim_level(desk, deposit)
    assert send(desk, deposit) == ONE
    assert (desk.balance(ours), desk.ledger_sum("DEPOSIT"), desk.ledger_sum("REPORTED")) == (0, 8000, 500)
    return ours


def test_what_was_reported_at_claim_level_is_taken_back_with_the_payment(either_desk: Desk) -> None:
    desk = either_desk
    ours = paid_with_5_reported(desk)
    back = desk.remit(reversal(-8500, ("CO-45", -1500), at_claim_level=-500), provider=[("WO", "A1", -8000)])
    plb(desk, back, Disposition.REPORT)
    report_claim_level(desk, back)
    assert send(desk, back) == ONE
    header = desk.header(back)
    assert (header["deposit_cents"], header["posted_paid_cents"]) == (0, -8500)
    # The check of 80.00 stays in the bank: the payer takes the 80.00 from a later one.
    assert (desk.balance(ours), desk.ledger_sum("DEPOSIT"), desk.ledger_sum("REPORTED")) == (
        10000,
        8000,
        -8000,
    )


def test_a_reversal_of_the_same_cash_that_reports_nothing_is_another_amount(either_desk: Desk) -> None:
    """-80.00 in cash and -15.00 written off, as posted; but no 5.00 of it are a report that is taken back."""
    desk, boss = either_desk, either_desk.office.supervisor
    ours = paid_with_5_reported(desk)
    back = desk.remit(reversal(-8000, ("CO-45", -1500), ("PR-1", -500)), provider=[("WO", "A1", -8000)])
    plb(desk, back, Disposition.REPORT)
    assert send(desk, back) == NOTHING
    (error,) = [
        each for each in services(desk).errors.of_deposit(boss, back) if each.code == "REVERSAL_AMOUNT_DIFF"
    ]
    assert error.message == (
        "The reversal states payment -80.00 and write-off -15.00; "
        "posted were payment 85.00, reported 5.00 and write-off 15.00."
    )
    services(desk).errors.ignore(boss, back, [error.id], "as the payer has it")
    assert send(desk, back) == ONE
    assert (desk.balance(ours), desk.ledger_sum("REPORTED")) == (9500, 500 - 8000)
    assert desk.header(back)["posted_paid_cents"] == -8000


def test_provider_level_money_on_the_reversal_itself_is_booked_with_it(either_desk: Desk) -> None:
    """The payer takes the 80.00 later, so the PLB gives them back now; applied, they stay on the claim."""
    desk = either_desk
    ours = desk.our_claim("A1", 7000, 3000)
    lines = (line(7000, 6000, ("CO-45", 1000)), line(3000, 2000, ("CO-45", 1000)))
    assert send(desk, desk.remit(claim("A1", *lines))) == ONE
    taken_back = (line(-7000, -6000, ("CO-45", -1000)), line(-3000, -2000, ("CO-45", -1000)))
    back = desk.remit(claim("A1", *taken_back, status="22"), provider=[("WO", "A1", -8000)])
    plb(desk, back, Disposition.APPLY_TO_CLAIM, only_claim(desk, back))
    assert send(desk, back) == ONE
    header = desk.header(back)
    assert (header["payments_cents"], header["posted_paid_cents"]) == (0, 0)
    assert header["disbursed_at"] is not None
    assert desk.balance(ours) == 2000, "the write-offs are taken back, the payment is not"
    with desk.office.database.reading() as stores:
        (claim_now,) = stores.deposit_work.our_claims([ours]).values()
    # 80.00 over 70.00 and 30.00 that were open again: 56.00 and 24.00.
    assert [each.open_cents for each in claim_now.lines] == [1400, 600]


def test_provider_level_money_that_was_applied_before_is_not_taken_back(either_desk: Desk) -> None:
    """The payer recovers 30.00 of an older overpayment with the payment; its reversal states the payment only."""
    desk = either_desk
    ours = desk.our_claim("A1", 10000)
    first = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))), provider=[("WO", "A1", 3000)])
    plb(desk, first, Disposition.APPLY_TO_CLAIM, only_claim(desk, first))
    assert send(desk, first) == ONE
    assert (desk.balance(ours), desk.header(first)["posted_paid_cents"]) == (3000, 5000)
    back = desk.remit(reversal(-8000, ("CO-45", -2000)), provider=[("WO", "A1", -8000)])
    plb(desk, back, Disposition.REPORT)
    assert send(desk, back) == ONE
    assert (desk.balance(ours), desk.header(back)["posted_paid_cents"]) == (13000, -8000)
