"""Deposits by hand, headers by status, claims attached and keyed (spec deposits 1.3-1.5, 6.3, 6.5, 6.6)."""

from datetime import date

import pytest

from tests.services.desk_office import DAY, Desk, claim, line
from workbench.domain.deposit import DepositStatus, PaymentType, PayMethod
from workbench.domain.posting import Effect
from workbench.errors import ChangedByAnotherError, NotFoundError, RefusedError
from workbench.services.deposit_desk.claim_editing import ClaimEdit, EditedAdjustment, EditedLine
from workbench.services.deposit_desk.claim_search import ClaimCriteria, ClaimSearch
from workbench.services.deposit_desk.creating import Creating, NewDeposit, NewStatement
from workbench.services.deposit_desk.editing import Editing, HeaderEdit
from workbench.services.deposit_desk.errors import DepositErrors
from workbench.services.deposit_desk.posting import Posting
from workbench.services.deposit_desk.rematching import Rematching
from workbench.services.deposit_desk.undoing import Undoing
from workbench.services.user_settings import CLAIM_SEARCH_DAYS, UserSettings


def number(value: object) -> int:
    return int(str(value))


def eob(desk: Desk, cents: int = 5600) -> int:
    new = NewDeposit(desk.office.north, cents, "CHK 7", desk.office.acme, DAY)
    return Creating(desk.office.database).create_eob(desk.office.north_clerk, new)


def keyed(desk: Desk, deposit_claim: int, paid: int, *rows: EditedAdjustment, status: str = "1") -> ClaimEdit:
    (only,) = desk.lines(deposit_claim)
    return ClaimEdit((EditedLine(number(only["id"]), paid, rows),), remit_status=status)


def cas(code: str, cents: int) -> EditedAdjustment:
    group, reason = code.split("-")
    return EditedAdjustment(group, reason, cents)


def test_an_eob_from_the_dialog_to_the_ledger(either_desk: Desk) -> None:
    desk = either_desk
    ours = desk.our_claim("A1", 15000)
    deposit = eob(desk)
    editing, clerk = Editing(desk.office.database), desk.office.north_clerk
    (added,) = editing.add_claims(clerk, deposit, [ours])
    assert desk.open_codes(deposit) == ["LINE_UNBALANCED", "MISSING_REMIT_STATUS"]
    edit = keyed(desk, added, 5600, cas("CO-45", 5000), cas("PR-1", 3000))
    with pytest.raises(RefusedError, match=r"gap of 14\.00"):
        editing.save_claim(clerk, added, number(desk.claims(deposit)[0]["version"]), edit, ready=True)
    version = editing.save_claim(clerk, added, number(desk.claims(deposit)[0]["version"]), edit, ready=False)
    assert desk.open_codes(deposit) == ["LINE_UNBALANCED"], "a draft may have a gap"

    rows = {row["reason"]: number(row["id"]) for row in desk.adjustments(added)}
    whole = keyed(
        desk, added, 5600,
        EditedAdjustment("CO", "45", 5000, rows["45"]), EditedAdjustment("PR", "1", 3000, rows["1"]),
        cas("PR-2", 1400),
    )  # fmt: skip
    editing.save_claim(clerk, added, version, whole, ready=True)
    assert desk.open_codes(deposit) == []
    header = desk.header(deposit)
    assert (header["payments_cents"], header["adjustments_cents"], header["information_cents"]) == (
        5600,
        5000,
        4400,
    )
    assert Posting(desk.office.database).send(clerk, deposit).status is DepositStatus.SENT_TO_POSTING
    desk.assert_sound()
    assert desk.balance(ours) == 4400


def test_reset_of_an_eob_keeps_the_lines_and_empties_the_amounts(desk: Desk) -> None:
    ours = desk.our_claim("A1", 15000)
    deposit = eob(desk)
    editing, clerk = Editing(desk.office.database), desk.office.north_clerk
    (added,) = editing.add_claims(clerk, deposit, [ours])
    edit = keyed(desk, added, 5600, cas("CO-45", 9400))
    editing.save_claim(clerk, added, number(desk.claims(deposit)[0]["version"]), edit, ready=True)
    Posting(desk.office.database).send(clerk, deposit)
    Undoing(desk.office.database).reset(clerk, deposit, "wrong claim")
    desk.assert_sound()
    assert desk.balance(ours) == 15000
    assert [(row["paid_cents"], row["charge_cents"]) for row in desk.lines(added)] == [(0, 15000)]
    assert {row["amount_cents"] for row in desk.adjustments(added)} == {0}


@pytest.mark.parametrize(
    ("change", "missing"),
    [
        ({"check_number": " "}, "Check #"),
        ({"payer_id": None}, "Payer"),
        ({"deposited_date": None}, "Deposited"),
    ],
)
def test_the_dialog_says_what_is_missing(desk: Desk, change: dict[str, object], missing: str) -> None:
    values = {
        "practice_id": desk.office.north, "deposit_cents": 1, "check_number": "1",
        "payer_id": desk.office.acme, "deposited_date": DAY,
    }  # fmt: skip
    with pytest.raises(RefusedError, match=f"Fill in: {missing}"):
        Creating(desk.office.database).create_eob(desk.office.north_clerk, NewDeposit(**{**values, **change}))  # type: ignore[arg-type]


def test_nobody_makes_deposits_for_another_practice(desk: Desk) -> None:
    ours = desk.our_claim("A1", 15000)
    new = NewDeposit(desk.office.north, 1, "1", desk.office.acme, DAY)
    with pytest.raises(NotFoundError):
        Creating(desk.office.database).create_eob(desk.office.south_clerk, new)
    statement = NewStatement(desk.office.south, 1, "1", (ours,), DAY)
    with pytest.raises(NotFoundError):
        Creating(desk.office.database).create_statement(desk.office.south_clerk, statement)


def test_vector_8_a_statement_pays_the_oldest_lines_first(either_desk: Desk) -> None:
    desk = either_desk
    ours = desk.our_claim("A1", 5000, 4000, 6000)
    creating, clerk = Creating(desk.office.database), desk.office.north_clerk
    new = NewStatement(desk.office.north, 12000, "77", (ours,), DAY, PayMethod.CASH)
    preview = creating.preview_statement(clerk, new)
    assert [part.part_cents for part in preview.parts] == [5000, 4000, 3000]
    deposit = creating.create_statement(clerk, new)
    assert desk.open_codes(deposit) == []
    assert Posting(desk.office.database).send(clerk, deposit).posted == 1
    desk.assert_sound()
    assert desk.our(ours) == (3000, "Submitted", "primary"), "a balance left changes nothing"
    rest = creating.create_statement(clerk, NewStatement(desk.office.north, 3000, "78", (ours,), DAY))
    Posting(desk.office.database).send(clerk, rest)
    assert desk.our(ours) == (0, "Done", "completed")


def test_header_fields_change_with_audit_and_the_second_editor_is_told(either_desk: Desk) -> None:
    desk = either_desk
    deposit = eob(desk)
    editing, boss = Editing(desk.office.database), desk.office.supervisor
    seen = number(desk.header(deposit)["version"])
    editing.edit_header(boss, deposit, seen, HeaderEdit(check_number="CHK 8", deposit_cents=100))
    with pytest.raises(ChangedByAnotherError) as told:
        editing.edit_header(boss, deposit, seen, HeaderEdit(check_number="CHK 9"))
    assert told.value.changes == {"check_number": ("CHK 8", "CHK 9")}
    assert desk.header(deposit)["check_number"] == "CHK 8"
    with desk.office.database.reading() as stores:
        (event,) = [e for e in stores.audit.of("deposit", deposit) if e.action == "deposit.edit"]
    assert event.before == {"check_number": "CHK 7", "deposit_cents": 5600}
    assert event.after == {"check_number": "CHK 8", "deposit_cents": 100}


def test_a_new_payer_settles_the_mismatch_and_goes_to_the_claims(desk: Desk) -> None:
    ours = desk.our_claim("A1", 15000)
    deposit = eob(desk)
    editing, clerk = Editing(desk.office.database), desk.office.north_clerk
    editing.add_claims(clerk, deposit, [ours])
    editing.edit_header(
        clerk, deposit, number(desk.header(deposit)["version"]), HeaderEdit(payer_id=desk.office.zenith)
    )
    assert desk.claims(deposit)[0]["payer_id"] == desk.office.zenith


def test_a_posted_claim_is_read_only_and_an_ignored_deposit_too(desk: Desk) -> None:
    desk.our_claim("A1", 10000)
    deposit = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))))
    added = number(desk.claims(deposit)[0]["id"])
    Posting(desk.office.database).send(desk.office.supervisor, deposit)
    edit = keyed(desk, added, 1)
    with pytest.raises(RefusedError, match="Reverse it first"):
        Editing(desk.office.database).save_claim(desk.office.supervisor, added, 1, edit, ready=False)


def test_what_the_payer_sent_is_kept_beside_what_was_typed(desk: Desk) -> None:
    desk.our_claim("A1", 10000)
    deposit = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))))
    added = number(desk.claims(deposit)[0]["id"])
    (row,) = desk.adjustments(added)
    edit = keyed(
        desk, added, 7000, EditedAdjustment("CO", "45", 1000, number(row["id"])),
        EditedAdjustment("PR", "3", 2000, None, Effect.PATIENT_RESP, PaymentType.CO_PAY_DUE),
    )  # fmt: skip
    Editing(desk.office.database).save_claim(
        desk.office.supervisor, added, number(desk.claims(deposit)[0]["version"]), edit, ready=True
    )
    (only,) = desk.lines(added)
    assert (only["paid_received_cents"], only["paid_cents"]) == (8000, 7000)
    kept = {
        row["reason"]: (row["amount_cents"], row["amount_received_cents"]) for row in desk.adjustments(added)
    }
    assert kept == {"45": (1000, 2000), "3": (2000, 0)}
    Undoing(desk.office.database).reset(desk.office.supervisor, deposit, "as received")
    assert [(row["reason"], row["amount_cents"]) for row in desk.adjustments(added)] == [("45", 2000)]
    assert desk.lines(added)[0]["paid_cents"] == 8000


def test_two_editors_of_one_claim(desk: Desk) -> None:
    ours = desk.our_claim("A1", 15000)
    deposit = eob(desk)
    editing, clerk = Editing(desk.office.database), desk.office.north_clerk
    (added,) = editing.add_claims(clerk, deposit, [ours])
    seen = number(desk.claims(deposit)[0]["version"])
    editing.save_claim(clerk, added, seen, keyed(desk, added, 5600), ready=False)
    with pytest.raises(ChangedByAnotherError) as told:
        editing.save_claim(clerk, added, seen, keyed(desk, added, 5000), ready=False)
    assert list(told.value.changes.values()) == [(5600, 5000)]


def found(desk: Desk, deposit: int, **criteria: object) -> list[tuple[int, tuple[str, ...]]]:
    result = ClaimSearch(desk.office.database).search(
        desk.office.north_clerk,
        deposit,
        ClaimCriteria(**criteria),  # type: ignore[arg-type]
    )
    return [(each.claim_id, each.reasons) for each in result.claims]


def test_claims_are_found_by_each_box_and_ranked_with_reasons(either_desk: Desk) -> None:
    desk = either_desk
    first = desk.our_claim("AB100", 15000, last="SAMPLE")
    second = desk.our_claim("AB200", 9900, last="SAMPSON", secondary=True)
    deposit = eob(desk)
    payer = "payer on the claim"  # that of the deposit, though nobody typed it
    assert found(desk, deposit, pcn="AB100") == [(first, ("claim number equal", payer))]
    assert [each for each, _ in found(desk, deposit, last="samp")] == [first, second]
    assert found(desk, deposit, last="Sampson") == [(second, ("last name equal", payer))]
    assert found(desk, deposit, charge_cents=9900) == [(second, ("charge equal", payer))]
    assert [each for each, _ in found(desk, deposit, claim_id=first)] == [first]
    assert [each for each, _ in found(desk, deposit, payer_id=desk.office.zenith)] == [second]
    assert found(desk, deposit, last="%") == []
    with pytest.raises(RefusedError, match="Type what you know"):
        found(desk, deposit)


def test_of_claims_that_fit_alike_those_still_owed_come_first(desk: Desk) -> None:
    settled, owed = desk.our_claim("A1", 10000), desk.our_claim("A2", 10000)
    paid = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))))
    Posting(desk.office.database).send(desk.office.supervisor, paid)
    assert [each for each, _ in found(desk, eob(desk), last="SAMPLE")] == [owed, settled]


def test_the_time_period_hides_old_claims_until_all_dates_are_asked_for(desk: Desk) -> None:
    old = desk.our_claim("A1", 100)
    deposit = eob(desk)
    search, clerk = ClaimSearch(desk.office.database), desk.office.north_clerk
    UserSettings(desk.office.database).set(clerk, CLAIM_SEARCH_DAYS, "1")
    hidden = search.search(clerk, deposit, ClaimCriteria(pcn="A1"))
    assert (hidden.claims, hidden.days) == ((), 1)
    assert hidden.since is not None
    assert hidden.since > DAY
    shown = search.search(clerk, deposit, ClaimCriteria(pcn="A1", all_dates=True))
    assert ([each.claim_id for each in shown.claims], shown.since) == ([old], None)


def test_proposals_for_a_claim_that_was_not_found(desk: Desk) -> None:
    right = desk.our_claim("A100200", 10000)
    other = desk.our_claim("ZZ", 99, last="OTHER")
    deposit = desk.remit(claim("A100200X", line(10000, 8000, ("CO-45", 2000))))
    assert desk.open_codes(deposit) == ["CLAIM_NOT_FOUND"]
    remitted = number(desk.claims(deposit)[0]["id"])
    best = ClaimSearch(desk.office.database).proposals(desk.office.supervisor, remitted).claims
    assert [each.claim_id for each in best] == [right]
    assert best[0].reasons == (
        "claim number cut short",
        "name equal",
        "service date equal",
        "charge equal",
        "payer on the claim",
    )
    Editing(desk.office.database).attach(desk.office.supervisor, remitted, right)
    assert desk.open_codes(deposit) == []
    again = ClaimSearch(desk.office.database).search(
        desk.office.supervisor, deposit, ClaimCriteria(claim_id=right)
    )
    assert again.claims[0].attached_to == remitted
    with pytest.raises(RefusedError, match="already"):
        Editing(desk.office.database).add_claims(desk.office.supervisor, deposit, [right])
    assert other not in {each.claim_id for each in best}


def test_dates_are_of_the_service(desk: Desk) -> None:
    assert desk.our_claim("A1", 1) in [
        each for each, _ in found(desk, eob(desk), service_from=date(2026, 3, 2))
    ]


def test_claims_that_come_after_the_remittance_are_found_again(either_desk: Desk) -> None:
    desk = either_desk
    deposit = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))), claim("A2", line(100, 100)))
    assert desk.open_codes(deposit) == ["CLAIM_NOT_FOUND", "CLAIM_NOT_FOUND"]
    ours = desk.our_claim("A1", 10000)
    desk.our_claim("A2", 100)
    desk.our_claim("A2", 100)  # a number that comes twice is left to a person
    rematching = Rematching(desk.office.database)
    assert rematching.rematch(desk.office.north_clerk, deposit) == 1
    assert desk.open_codes(deposit) == ["CLAIM_NOT_FOUND"]
    assert [row["claim_id"] for row in desk.claims(deposit)] == [ours, None]
    with pytest.raises(RefusedError, match="already"):
        rematching.assign_practice(desk.office.supervisor, deposit, desk.office.north)


def test_a_deposit_of_nobody_is_given_to_a_practice(desk: Desk) -> None:
    ours = desk.our_claim("A1", 10000)
    deposit = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))))
    with desk.office.database.transaction() as stores:
        stores.deposit_edits.set_deposit(deposit, {"practice_id": None})
        stores.deposit_edits.set_claims_of(deposit, {"claim_id": None})
    DepositErrors(desk.office.database).recompute(desk.office.supervisor, deposit)
    assert desk.open_codes(deposit) == ["CLAIM_NOT_FOUND", "PAYEE_NOT_OURS"]
    rematching = Rematching(desk.office.database)
    with pytest.raises(NotFoundError):
        rematching.assign_practice(desk.office.north_clerk, deposit, desk.office.north)
    assert rematching.assign_practice(desk.office.supervisor, deposit, desk.office.north) == 1
    assert desk.open_codes(deposit) == []
    assert desk.claims(deposit)[0]["claim_id"] == ours
