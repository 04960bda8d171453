"""An amount of an 835 that is none: never shown or posted as 0.00, and keyed by a person (DESIGN.md 1, to avoid)."""

from dataclasses import asdict

import pytest

from tests.services.desk_office import Cas, Desk, claim, line
from workbench.domain.deposit_views import ClaimDetails, ClaimQuery
from workbench.frames import Frames
from workbench.services.deposit_desk.claim_editing import ClaimEdit, EditedAdjustment, EditedLine
from workbench.services.deposit_desk.editing import Editing, HeaderEdit
from workbench.services.deposit_desk.posting import Posting
from workbench.services.deposit_desk.undoing import Undoing
from workbench.services.deposits import Deposits
from workbench.widgets.deposit.header_model import header_values
from workbench.widgets.deposit.model import balancing
from workbench.widgets.deposit.rows import claim_row, error_rows, header_facts

ROWS: tuple[Cas, ...] = (("CO-45", 2000), ("PR-3", 1500))


def bring(desk: Desk, *changes: tuple[bytes, bytes], claims: int = 1, paid: int = 6500) -> int:
    """A file of claims over 100.00 with pieces of it replaced; gives the deposit."""
    sent = [claim(f"A{number}", line(10000, paid, *ROWS)) for number in range(claims)]
    content = desk.file(*sent)
    for before, after in changes:
        assert before in content
        content = content.replace(before, after)
    (deposit,) = desk.take_in(content).deposits
    return deposit.id


def opened(desk: Desk, deposit: int) -> ClaimDetails:
    """The first claim of the deposit."""
    deposits = Deposits(desk.office.database)
    page = deposits.claims(desk.office.supervisor, deposit, ClaimQuery(limit=1))
    return deposits.claim(desk.office.supervisor, page.rows[0].id)


PAID = (b"99213*100*65~", b"99213*100*6S~")


@pytest.mark.parametrize(
    ("change", "of_claim", "of_line", "of_codes"),
    [
        (PAID, "", "paid_received_cents paid_cents", ["", ""]),
        ((b"99213*100*65~", b"99213*1OO*65~"), "", "charge_cents", ["", ""]),
        ((b"CAS*CO*45*20~", b"CAS*CO*45*2O~"), "", "", ["amount_cents", ""]),
        ((b"*1*100*65*", b"*1*100**"), "paid_stated_cents", "", ["", ""]),
    ],
    ids=["paid", "charge", "adjustment", "claim paid"],
)
def test_the_row_says_which_amount_was_none(
    either_desk: Desk, change: tuple[bytes, bytes], of_claim: str, of_line: str, of_codes: list[str]
) -> None:
    desk = either_desk
    deposit = bring(desk, change)
    found = opened(desk, deposit)
    (only,) = found.lines
    assert (found.row.unreadable, only.unreadable) == (of_claim, of_line)
    assert [row.unreadable for row in only.adjustments] == of_codes
    assert "UNREADABLE_AMOUNT" in desk.open_codes(deposit)


def test_every_claim_is_stopped_though_the_reader_spells_out_a_hundred(desk: Desk) -> None:
    """With the write-off counted as 0 these claims add up: 100.00 - 15.00 = 85.00. Nothing else would stop them."""
    for number in range(103):
        desk.our_claim(f"A{number}", 10000)
    deposit = bring(desk, (b"CAS*CO*45*20~", b"CAS*CO*45*2O~"), claims=103, paid=8500)
    assert desk.open_codes(deposit) == ["UNREADABLE_AMOUNT"] * 103


def test_the_amount_is_keyed_posted_and_unreadable_again_after_a_reset(either_desk: Desk) -> None:
    desk = either_desk
    ours = desk.our_claim("A0", 10000)
    deposit = bring(desk, PAID)
    before = opened(desk, deposit)
    (only,) = before.lines
    codes = tuple(EditedAdjustment(it.group, it.reason, it.amount_cents, it.id) for it in only.adjustments)
    editing, boss = Editing(desk.office.database), desk.office.supervisor

    untouched = ClaimEdit((EditedLine(only.id, 0, codes, keyed=False),), "1")
    version = editing.save_claim(boss, before.row.id, before.row.version, untouched, ready=False)
    assert "UNREADABLE_AMOUNT" in desk.open_codes(deposit), "nobody keyed it"
    editing.save_claim(
        boss, before.row.id, version, ClaimEdit((EditedLine(only.id, 6500, codes),), "1"), ready=True
    )
    assert desk.open_codes(deposit) == []
    after = opened(desk, deposit)
    assert (after.lines[0].paid_cents, after.lines[0].unreadable) == (6500, "paid_received_cents")
    assert Posting(desk.office.database).send(boss, deposit).posted == 1
    assert desk.balance(ours) == 1500
    Undoing(desk.office.database).reset(boss, deposit, "once more")
    assert opened(desk, deposit).lines[0].unreadable == "paid_received_cents paid_cents"
    assert "UNREADABLE_AMOUNT" in desk.open_codes(deposit), "what was keyed is gone, so the claim is stopped"


def test_an_analyst_finds_no_zero_in_its_place(desk: Desk) -> None:
    deposit = bring(desk, PAID)
    frames = Frames(desk.office.database, lambda: desk.office.supervisor)
    lines = frames.service_lines(deposit_id=deposit)
    assert lines["paid_received_cents"].isna().all()
    assert lines["unreadable"].tolist() == ["paid_received_cents paid_cents"]
    assert frames.claims(deposit_id=deposit)["paid_stated_cents"].tolist() == [6500]


def test_the_list_of_claims_shows_it_as_unreadable(desk: Desk) -> None:
    deposit = bring(desk, (b"*1*100*65*", b"*1*1OO*65*"))
    charged = claim_row(opened(desk, deposit).row, editable=True).cells[5]
    assert isinstance(charged, dict)
    assert charged["text"] == "unreadable"


def test_the_amount_of_the_check_itself_is_shown_and_keyed(either_desk: Desk) -> None:
    """BPR02 is none: the figures that come from it are not known until a person has typed it."""
    desk = either_desk
    desk.our_claim("A0", 10000)
    deposit = bring(desk, (b"BPR*I*65*", b"BPR*I*6S*"))
    database, boss = desk.office.database, desk.office.supervisor
    assert desk.open_codes(deposit) == ["TX_UNBALANCED", "UNREADABLE_AMOUNT"]
    details = Deposits(database).get(boss, deposit)
    shown = {fact["label"]: fact["value"] for fact in (asdict(each) for each in header_facts(details))}
    assert [shown[label] for label in ("Deposit ($)", "Balance ($)", "Unreconciled ($)")] == [
        "unreadable"
    ] * 3
    assert shown["Payments ($)"] == "65.00"
    errors = error_rows(Deposits(database).errors(boss, deposit))
    (row,) = [row for row in errors if row.cells[1] == "Unreadable amount"]
    assert [it["name"] for it in row.cells[5]["actions"]] == ["header", "ignore"]  # type: ignore[index, call-overload]
    assert header_values(details)["deposit_cents"] is None, "nothing is typed yet"
    assert ("Deposit ($)", "unreadable") in [(label, amount) for label, amount, _ in balancing(details)]

    editing = Editing(database)
    editing.edit_header(boss, deposit, details.row.version, HeaderEdit(deposit_cents=6500))
    assert desk.open_codes(deposit) == []
    keyed = Deposits(database).get(boss, deposit)
    assert (keyed.row.unreadable, keyed.row.deposit_cents, keyed.row.unreconciled_cents) == ("", 6500, 0)
    with database.reading() as stores:
        edited = next(it for it in stores.audit.of("deposit", deposit) if it.action == "deposit.edit")
    assert (edited.before, edited.after) == (
        {"deposit_cents": None},
        {"deposit_cents": 6500, "unreadable": ""},
    )
    assert Posting(database).send(boss, deposit).posted == 1


def test_zero_that_is_keyed_is_an_amount(desk: Desk) -> None:
    deposit = bring(desk, (b"BPR*I*65*", b"BPR*I*6S*"))
    version = Deposits(desk.office.database).get(desk.office.supervisor, deposit).row.version
    Editing(desk.office.database).edit_header(
        desk.office.supervisor, deposit, version, HeaderEdit(deposit_cents=0)
    )
    keyed = Deposits(desk.office.database).get(desk.office.supervisor, deposit)
    assert (keyed.row.unreadable, keyed.transaction_gap_cents) == ("", 6500)
    with desk.office.database.reading() as stores:
        (told,) = stores.deposit_errors.of_deposit(deposit, codes={"TX_UNBALANCED", "UNREADABLE_AMOUNT"})
    assert (told.code, "65.00 is not explained" in told.message) == ("TX_UNBALANCED", True)
