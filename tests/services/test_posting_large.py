"""A deposit of many claims takes the bulk way into the ledger: the same money, the same guards, on both engines."""

from tests.services.desk_office import DAY, Desk, claim, line
from workbench.domain.deposit import DepositStatus
from workbench.services.deposit_desk.whole import DepositDesk
from workbench.storage.bulk import FEW_ROWS
from workbench.storage.stores.claim_intake import NewClaim

MANY = FEW_ROWS + 50


def our_claims(desk: Desk, how_many: int) -> None:
    row = {"line_no": 0, "code": "99213", "service_date": DAY, "charge_cents": 15000, "balance_cents": 15000}
    office = desk.office
    with office.database.transaction() as stores:
        stores.claim_intake.add(
            [
                NewClaim(
                    {
                        "practice_id": office.north, "pcn": f"P{number}", "patient_last": "SAMPLE",
                        "patient_first": "PAT", "service_from": DAY, "charge_cents": 15000, "balance_cents": 15000,
                    },
                    [],
                    [row],
                )
                for number in range(how_many)
            ]
        )  # fmt: skip


def test_a_large_deposit_posts_resets_and_posts_again_to_the_cent(either_desk: Desk) -> None:
    desk, boss = either_desk, either_desk.office.supervisor
    services = DepositDesk(desk.office.database)
    our_claims(desk, MANY)
    rows = ("CO-45", 5000), ("PR-1", 4400)
    good = [claim(f"P{number}", line(15000, 5600, *rows)) for number in range(MANY)]
    unknown = claim("NOBODY", line(15000, 5600, *rows))
    deposit = desk.remit(*good, unknown)

    for _ in range(2):
        sent = services.posting.send(boss, deposit)
        assert (sent.status, sent.posted, sent.failed) == (DepositStatus.SENT_TO_POSTING, MANY, 1)
        desk.assert_sound()
        assert desk.ledger_sum("RECEIVABLE") == -(5600 + 5000) * MANY
        header = desk.header(deposit)
        assert (header["posted_paid_cents"], header["posted_adjustments_cents"]) == (5600 * MANY, 5000 * MANY)

        undone = services.undoing.reset(boss, deposit, "wrong check")
        assert (undone.claims, undone.paid_cents) == (MANY, 5600 * MANY)
        desk.assert_sound()
        assert desk.ledger_sum("RECEIVABLE") == 0
    with desk.office.database.reading() as stores:
        booked = stores.ledger.of_deposit(deposit)
    assert len({entry.transaction_id for entry in booked}) == 4 * MANY
    assert {(entry.user, entry.reason) for entry in booked if entry.reverses_id} == {
        ("Supervisor", "wrong check")
    }
