"""Saving one claim as keyed, and what its editor knows of the account around it (spec deposits 6.6)."""

import pytest

from tests.services.desk_office import DAY, Desk, claim, line
from workbench.domain.deposit import PaymentType, PayMethod
from workbench.domain.posting import Effect
from workbench.errors import NotFoundError, RefusedError
from workbench.services.deposit_desk.claim_editing import ClaimEdit, EditedAdjustment, EditedLine
from workbench.services.deposit_desk.creating import Creating, NewDeposit, NewStatement
from workbench.services.deposit_desk.editing import Editing
from workbench.services.deposit_desk.posting import Posting


def number(value: object) -> int:
    return int(str(value))


def attached(desk: Desk, ours: int, cents: int = 5600) -> tuple[int, int]:
    """(deposit, deposit claim): an EOB with the one claim."""
    new = NewDeposit(desk.office.north, cents, "CHK 7", desk.office.acme, DAY)
    deposit = Creating(desk.office.database).create_eob(desk.office.north_clerk, new)
    (added,) = Editing(desk.office.database).add_claims(desk.office.north_clerk, deposit, [ours])
    return deposit, added


def save(desk: Desk, added: int, edit: ClaimEdit, *, ready: bool = True) -> None:
    with desk.office.database.reading() as stores:
        seen = stores.deposit_work.claims(stores.deposit_work.deposit_of_claim(added) or 0, [added])[0]
    Editing(desk.office.database).save_claim(desk.office.north_clerk, added, seen.version, edit, ready=ready)


def test_a_keyed_claim_without_lines_keeps_its_own_payment(either_desk: Desk) -> None:
    """Adjustments of the claim as a whole are not taken from a payment that no line states."""
    desk = either_desk
    ours = desk.our_claim("A1")
    deposit, added = attached(desk, ours)
    written_off = (EditedAdjustment("CO", "45", 4400),)
    save(desk, added, ClaimEdit((), "1", adjustments=written_off, paid_cents=5600), ready=False)
    stated = [(row["paid_stated_cents"], row["paid_cents"]) for row in desk.claims(deposit)]
    assert stated == [(5600, 5600)]
    row = desk.adjustments(added)[0]
    again = ClaimEdit((), "2", adjustments=(EditedAdjustment("CO", "45", 4400, number(row["id"])),))
    save(desk, added, again, ready=False)
    assert desk.claims(deposit)[0]["paid_stated_cents"] == 5600, "who says nothing about it changes nothing"


def test_a_claim_without_lines_is_ready_when_the_claim_formula_holds(desk: Desk) -> None:
    ours = desk.our_claim("A1")
    _, added = attached(desk, ours)
    with pytest.raises(RefusedError, match=r"The claim has a gap of -56\.00"):
        save(desk, added, ClaimEdit((), "1", paid_cents=5600))


def test_the_effect_is_the_persons_until_the_rules_are_asked_anew(either_desk: Desk) -> None:
    desk = either_desk
    ours = desk.our_claim("A1", 15000)
    _, added = attached(desk, ours)
    (only,) = desk.lines(added)

    def saved(**more: object) -> tuple[object, object]:
        rows = desk.adjustments(added)
        mine = number(rows[0]["id"]) if rows else None
        row = EditedAdjustment("CO", "45", 9400, mine, **more)  # type: ignore[arg-type]
        save(desk, added, ClaimEdit((EditedLine(number(only["id"]), 5600, (row,)),), "1"))
        (kept,) = desk.adjustments(added)
        return kept["effect"], kept["payment_type"]

    by_rule = ("WRITE_OFF", "Contractual write-off")
    assert saved() == by_rule
    assert saved(effect=Effect.WRITE_OFF, payment_type=PaymentType.COURTESY) == (
        "WRITE_OFF",
        "Courtesy write-off",
    )
    assert saved() == ("WRITE_OFF", "Courtesy write-off"), "not asked"
    assert saved(anew=True) == by_rule
    assert saved(effect=Effect.REPORT) == ("REPORT", None), "what is reported needs no payment type"


def test_the_payer_of_one_claim_changes_with_it(desk: Desk) -> None:
    ours = desk.our_claim("A1", 15000)
    deposit, added = attached(desk, ours)
    save(desk, added, ClaimEdit((), "1", payer_id=desk.office.zenith), ready=False)
    assert desk.claims(deposit)[0]["payer_id"] == desk.office.zenith
    assert desk.header(deposit)["payer_id"] == desk.office.acme
    with pytest.raises(RefusedError, match="Choose a payer"):
        save(desk, added, ClaimEdit((), "1", payer_id=999), ready=False)


def test_remarks_are_keyed_from_paper_and_never_on_an_era(desk: Desk) -> None:
    ours = desk.our_claim("A1", 15000)
    _, keyed = attached(desk, ours)
    desk.our_claim("B1", 10000)
    deposit = desk.remit(claim("B1", line(10000, 8000, ("CO-45", 2000)), remark_codes=("MA01",)))
    sent = number(desk.claims(deposit)[0]["id"])
    for added, expected in ((keyed, ("MA07", "N130")), (sent, ("MA01", ""))):
        (only,) = desk.lines(added)
        typed = EditedLine(number(only["id"]), 0, remark_codes="N130")
        save(desk, added, ClaimEdit((typed,), "1", remark_codes="MA07"), ready=False)
        with desk.office.database.reading() as stores:
            of = stores.deposit_work.deposit_of_claim(added) or 0
            (after,) = stores.deposit_work.claims(of, [added])
        assert (after.remark_codes, after.lines[0].remark_codes) == expected


def test_money_of_a_patient_is_ready_though_it_pays_in_part(desk: Desk) -> None:
    ours = desk.our_claim("A1", 15000)
    new = NewStatement(desk.office.north, 5000, "77", (ours,), DAY, PayMethod.CASH)
    deposit = Creating(desk.office.database).create_statement(desk.office.north_clerk, new)
    added = number(desk.claims(deposit)[0]["id"])
    (only,) = desk.lines(added)
    save(desk, added, ClaimEdit((EditedLine(number(only["id"]), 4000),)))
    assert desk.claims(deposit)[0]["paid_cents"] == 4000


def test_the_editor_knows_the_account_and_the_neighbours(either_desk: Desk) -> None:
    desk = either_desk
    ours = [desk.our_claim(pcn, 10000, 5000) for pcn in ("A1", "A2", "A3")]
    clean = (line(10000, 8000, ("CO-45", 2000)), line(5000, 5000, code="99213"))
    deposit = desk.remit(claim("A1", *clean), claim("A2", *clean), claim("A3", *clean))
    first, second, third = (number(row["id"]) for row in desk.claims(deposit))
    editing, clerk = Editing(desk.office.database), desk.office.north_clerk
    around = editing.surroundings(clerk, second)
    assert (around.previous_id, around.next_id) == (first, third)
    assert around.open_cents == 15000
    assert list(around.line_open_cents.values()) == [10000, 5000]
    assert around.payers == {"primary": (desk.office.acme, "ACME HEALTH")}
    editing.set_included(desk.office.supervisor, deposit, [second, third], included=False, reason="later")
    Posting(desk.office.database).send(desk.office.supervisor, deposit)
    assert desk.balance(ours[0]) == 0
    assert editing.surroundings(clerk, second).previous_id is None, "a posted claim is passed over"
    with pytest.raises(NotFoundError):
        editing.surroundings(desk.office.south_clerk, second)
