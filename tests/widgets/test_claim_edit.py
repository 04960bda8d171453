"""Editing a claim without a browser, on the real services: typing, saving, and the second of two editors."""

import re
from pathlib import Path

import pytest
import sqlalchemy as sa

from tests.widgets.conftest import SAMPLE
from workbench.app import Workbench, open_workbench
from workbench.domain.deposit import PaymentType
from workbench.domain.deposit_views import ClaimDetails
from workbench.domain.posting import Effect
from workbench.errors import ChangedByAnotherError, RefusedError
from workbench.services.deposit_desk.claim_editing import ClaimEdit, EditedAdjustment, EditedLine
from workbench.storage.tables.deposits import deposit_lines
from workbench.widgets.deposit.changes import Difference
from workbench.widgets.deposit.claim_edit_model import ClaimEditModel
from workbench.widgets.deposit.claim_sheet import WHOLE_CLAIM
from workbench.widgets.deposit.model import DepositModel
from workbench.widgets.deposits.model import DepositsModel, ImportModel


def paid_claim(desk: Workbench) -> ClaimDetails:
    """A claim of the sample with a line that is paid and has a contractual adjustment."""
    (deposit,) = DepositsModel(desk).page("id", False, 0, 50).rows
    page = DepositModel(desk)
    page.open_deposit(deposit.id)
    for row in page.claims("claim_no", False, 0, 50).rows:
        claim = page.claim(row.id)
        codes = [it.reason for line in claim.lines for it in line.adjustments]
        if claim.lines and claim.lines[0].paid_cents > 0 and "45" in codes:
            return claim
    raise AssertionError("the sample has such a claim")


@pytest.fixture
def model(desk: Workbench) -> ClaimEditModel:
    made = ClaimEditModel(desk)
    made.open(paid_claim(desk).row.id)
    return made


def line_of(claim: ClaimDetails) -> tuple[int, int]:
    """The first line: its id and what was paid on it."""
    return claim.lines[0].id, claim.lines[0].paid_cents


def others(model: ClaimEditModel) -> list[tuple[int, str, int, int]]:
    """Each adjustment: line, code, cents, cents as received."""
    return [(it.line_id, it.code, it.cents, it.received_cents) for it in model.adjustments()]


def test_opened_and_saved_without_a_change_is_as_before(desk: Workbench, model: ClaimEditModel) -> None:
    before = model.claim
    assert not model.is_changed
    model.save(ready=True)
    after = desk.deposits.claim(desk.actor, before.row.id)
    assert after.lines == before.lines
    assert after.adjustments == before.adjustments


def test_a_gap_stops_save_and_not_save_draft(desk: Workbench, model: ClaimEditModel) -> None:
    line, paid = line_of(model.claim)
    assert "save" not in model.blockers()
    assert model.type_amount(line, "paid", f"{(paid - 100) / 100:.2f}") is None
    assert "has a gap of 1.00" in model.blockers()["save"]
    with pytest.raises(RefusedError, match=r"gap of 1\.00"):
        model.save(ready=True)
    model.save(ready=False)
    after = desk.deposits.claim(desk.actor, model.claim.row.id).lines[0]
    assert (after.paid_cents, after.paid_received_cents, after.gap_cents) == (paid - 100, paid, 100)


def test_what_the_payer_sent_stays_beside_what_was_typed(desk: Workbench, model: ClaimEditModel) -> None:
    line, paid = line_of(model.claim)
    ((_, _, sent, received),) = [row for row in others(model) if row[:2] == (line, "CO-45")]
    assert sent == received
    model.type_amount(line, "CO-45", f"{(sent + 100) / 100:.2f}")
    model.type_amount(line, "paid", f"{(paid - 100) / 100:.2f}")
    model.save(ready=True)
    model.open(model.claim.row.id)
    assert (line, "CO-45", sent + 100, sent) in others(model)


def test_adjustments_are_added_and_emptied(desk: Workbench, model: ClaimEditModel) -> None:
    line, paid = line_of(model.claim)
    assert model.add_adjustment(line, "", "2 53", None).keys() == {"group", "reason", "amount"}
    assert "there already" in model.add_adjustment(line, "CO", "45", 100)["reason"]
    assert model.add_adjustment(line, "CO", "253", 128) == {}
    model.type_amount(line, "paid", f"{(paid - 128) / 100:.2f}")
    model.save(ready=True)
    model.open(model.claim.row.id)
    assert (line, "CO-253", 128, 0) in others(model)
    model.type_amount(line, "CO-253", "")
    model.type_amount(line, "paid", f"{paid / 100:.2f}")
    model.save(ready=True)
    model.open(model.claim.row.id)
    assert "CO-253" not in {code for _, code, _, _ in others(model)}, "a row of ours leaves nothing behind"


def test_what_is_no_amount_is_told_and_changes_nothing(model: ClaimEditModel) -> None:
    line, _ = line_of(model.claim)
    assert model.type_amount(line, "paid", "much") == "Paid: Type an amount such as 1234.50."
    assert model.add_adjustment(WHOLE_CLAIM, "OA", "", 1)["reason"] == "Type a reason code."
    assert not model.is_changed


def test_the_second_of_two_editors_loses_nothing(desk: Workbench, model: ClaimEditModel) -> None:
    line, paid = line_of(model.claim)
    first = ClaimEditModel(desk)
    first.open(model.claim.row.id)
    first.type_amount(line, "paid", f"{(paid - 200) / 100:.2f}")
    first.add_adjustment(line, "CO", "253", 200)
    first.save(ready=True)

    model.add_adjustment(line, "OA", "94", -300)
    model.type_head("remit_status", "2")
    with pytest.raises(ChangedByAnotherError):
        model.save(ready=False)
    title = model.title(line)
    now, then = f"{(paid - 200) / 100:,.2f}", f"{paid / 100:,.2f}"
    assert model.differences() == [
        Difference(f"{title}: Paid", now, then),
        Difference(f"{title}: CO-253", "2.00", ""),
    ]
    model.reload(keep=True)
    figures = model.sheet.lines[line]
    assert (figures.paid_cents, figures.amount("CO-253"), figures.amount("OA-94")) == (paid - 200, 200, -300)
    assert model.sheet.head["remit_status"] == "2"
    model.save(ready=False)
    assert desk.deposits.claim(desk.actor, model.claim.row.id).row.remit_status == "2"
    model.reload(keep=False)
    assert not model.is_changed


def test_what_was_decided_by_hand_about_an_adjustment_survives_an_edit(
    desk: Workbench, model: ClaimEditModel
) -> None:
    row = model.claim.row
    lines = []
    for line in model.claim.lines:
        kept = [EditedAdjustment(it.group, it.reason, it.amount_cents, it.id) for it in line.adjustments]
        lines.append(
            EditedLine(line.id, line.paid_cents, tuple(kept), line.allowed_cents, line.interest_cents)
        )
    first = lines[0]
    decided = EditedAdjustment(
        first.adjustments[0].group,
        first.adjustments[0].reason,
        first.adjustments[0].amount_cents,
        first.adjustments[0].id,
        Effect.WRITE_OFF,
        PaymentType.COURTESY,
    )
    lines[0] = EditedLine(
        first.id,
        first.paid_cents,
        (decided, *first.adjustments[1:]),
        first.allowed_cents,
        first.interest_cents,
    )
    desk.deposit_desk.editing.save_claim(desk.actor, row.id, row.version, ClaimEdit(tuple(lines)), ready=True)
    model.open(row.id)
    model.save(ready=True)
    after = desk.deposits.claim(desk.actor, row.id).lines[0].adjustments[0]
    assert (after.effect, after.payment_type) == (Effect.WRITE_OFF, PaymentType.COURTESY.value)


def test_every_change_is_undone_and_done_again(model: ClaimEditModel) -> None:
    line, paid = line_of(model.claim)
    assert model.blockers()["undo"] == "Nothing to undo."
    model.type_amount(line, "paid", "1.00")
    model.type_head("remit_status", "2")
    model.add_remark(line, "N130")
    model.undo()
    model.undo()
    assert (model.sheet.lines[line].paid_cents, model.sheet.head["remit_status"]) == (100, "1")
    model.undo()
    assert not model.is_changed
    model.redo()
    assert (model.sheet.lines[line].paid_cents, paid > 100) == (100, True)
    model.type_amount(line, "paid", "2.00")
    assert model.blockers()["redo"] == "Nothing to redo.", "a new change ends what was undone"


def test_each_adjustment_says_what_it_does_and_a_person_may_say_otherwise(
    desk: Workbench, model: ClaimEditModel
) -> None:
    line, _ = line_of(model.claim)
    place = (line, "CO-45")

    def shown() -> tuple[Effect, str, bool]:
        (found,) = [it.treatment for it in model.adjustments() if (it.line_id, it.code) == place]
        return found.effect, found.payment_type, found.by_hand

    by_rule = (Effect.WRITE_OFF, "Contractual write-off", False)
    assert shown() == by_rule
    model.choose(place, Effect.WRITE_OFF, PaymentType.COURTESY)
    model.save(ready=True)
    model.open(model.claim.row.id)
    assert shown() == (Effect.WRITE_OFF, "Courtesy write-off", True)
    model.choose(place, None, None)
    model.save(ready=True)
    model.open(model.claim.row.id)
    assert shown() == by_rule
    model.add_adjustment(line, "CO", "ZZ9", 1)
    unknown = next(it for it in model.adjustments() if it.code == "CO-ZZ9")
    assert unknown.treatment.effect is Effect.BLOCK
    assert "No rule knows CO-ZZ9" in unknown.treatment.why


def test_codes_are_found_by_number_and_by_plain_words(model: ClaimEditModel) -> None:
    def found(text: str) -> list[tuple[str, str]]:
        return [(str(option.value), option.hint) for option in model.find_reasons(text, 20)[0]]

    assert found("45")[0][0] == "45"
    assert ("1", "Deductible") in found("deduct")
    assert found("1")[0] == ("1", "Deductible"), "the code itself before those that begin so"
    assert ("QQ7", "Code not in our list") in found("qq7"), "a payer's own code can be typed"
    assert model.find_remarks("N130", 20)[0][0].value == "N130"


def test_nothing_is_told_of_an_account_that_is_not_ours(model: ClaimEditModel) -> None:
    """The sample's claims are attached to none of ours."""
    line, _ = line_of(model.claim)
    assert model.balance(line) is None
    assert model.claim_balance is None
    assert model.payer_level == ""


def test_what_nobody_could_read_waits_to_be_typed(tmp_path: Path) -> None:
    opened = open_workbench()
    damaged = re.sub(rb"(SVC\*[^*]+\*\d+\*)\d+", rb"\g<1>5x", SAMPLE.read_bytes(), count=1)
    path = tmp_path / "damaged.835"
    path.write_bytes(damaged)
    ImportModel(opened).take(path, path.name)
    model = ClaimEditModel(opened)
    with opened.database.reading() as stores:
        (number,) = stores.connection.scalars(
            sa.select(deposit_lines.c.deposit_claim_id).where(deposit_lines.c.unreadable != "")
        ).all()
    model.open(number)
    (line,) = [line for line in model.claim.lines if line.unreadable]
    assert model.blockers()["save"].startswith(f"{model.title(line.id)}: Paid could not be read.")
    gap = model.sheet.lines[line.id].gap_cents
    assert gap > 0, "what is not explained is what is to be typed"
    model.type_amount(line.id, "paid", f"{gap / 100:.2f}")
    assert "save" not in model.blockers()
    model.undo()
    assert "could not be read" in model.blockers()["save"]
    opened.close()
