"""Settling each kind of deposit error without a browser, on the real services: what is offered, done, and refused."""

from dataclasses import dataclass, replace

import pytest

from tests.builders import Office
from tests.services.desk_office import Desk, cas, claim, line
from workbench.domain.deposit import Disposition, PaymentType
from workbench.domain.deposit_errors import ERROR_KINDS
from workbench.domain.deposit_views import ClaimQuery
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.posting import Effect
from workbench.errors import ChangedByAnotherError, RefusedError
from workbench.services.deposit_desk.whole import DepositDesk
from workbench.services.deposits import Deposits
from workbench.widgets.deposit.changes import Difference, differences_of
from workbench.widgets.deposit.error_list_model import ErrorListModel, SettledModel
from workbench.widgets.deposit.error_ways import error_actions
from workbench.widgets.deposit.resolve_compare_model import CompareModel
from workbench.widgets.deposit.resolve_effect_model import EffectModel
from workbench.widgets.deposit.resolve_map_model import MapModel
from workbench.widgets.deposit.resolve_model import ResolveModel, provider_actions
from workbench.widgets.deposit.resolve_payer_model import ClaimPayerModel, PayerModel
from workbench.widgets.deposit.resolve_plb_model import ProviderModel
from workbench.widgets.deposit.resolve_practice_model import PracticeModel
from workbench.widgets.deposit.resolve_spread_model import SpreadModel


@dataclass(frozen=True)
class Seat:
    """A person at the desk: what the models need of the opened workbench."""

    actor: Actor
    deposits: Deposits
    deposit_desk: DepositDesk


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def seat(desk: Desk, actor: Actor | None = None) -> Seat:
    database = desk.office.database
    return Seat(actor or desk.office.north_clerk, Deposits(database), DepositDesk(database))


def number(value: object) -> int:
    return int(str(value))


def deposit_claim(desk: Desk, deposit: int, at: int = 0) -> int:
    return number(desk.claims(deposit)[at]["id"])


def paid(desk: Desk, deposit: int, at: int = 0) -> list[object]:
    return [row["paid_cents"] for row in desk.lines(deposit_claim(desk, deposit, at))]


class TestSpread:
    """Spec 4.10 vector 2: lines 80-10=70 and 20-5=15, 5 for the whole claim, so 80 was paid."""

    @staticmethod
    def remit(desk: Desk, *pcns: str) -> int:
        for pcn in pcns:
            desk.our_claim(pcn, 8000, 2000)
        lines = (line(8000, 7000, ("CO-45", 1000)), line(2000, 1500, ("CO-45", 500)))
        whole = cas(("CO-45", 500))
        return desk.remit(*(claim(pcn, *lines, paid_cents=8000, adjustments=whole) for pcn in pcns))

    def test_the_preview_tells_each_line_before_and_after(self, desk: Desk) -> None:
        deposit = self.remit(desk, "A1")
        model = SpreadModel(seat(desk))
        assert model.open(deposit)
        assert model.chosen is not None
        before_after = [(it.paid_cents, model.after_cents(it)) for it in model.chosen.lines]
        assert before_after == [(7000, 6600), (1500, 1400)], "5.00 by 80 : 20 is 4.00 and 1.00"
        assert (model.rest_cents, model.blockers()) == (0, {"all": "There is no other amount."})
        assert model.spread() == "CO-45 5.00 was spread over the lines."
        assert paid(desk, deposit) == [6600, 1400]
        assert desk.open_codes(deposit) == []
        assert not model.open(deposit)

    def test_what_no_line_takes_stays_with_the_error(self, desk: Desk) -> None:
        deposit = self.remit(desk, "A1")
        model = SpreadModel(seat(desk))
        model.open(deposit)
        first, second = model.parts
        assert model.type_part(first, "three") == "Type an amount such as 1234.50."
        assert model.type_part(first, "3.00") is None
        assert model.type_part(second, "") is None
        assert model.rest_cents == 200
        assert model.spread().endswith("2.00 stays on the claim, and the error with it.")
        assert desk.open_codes(deposit) == ["CLAIM_LEVEL_ADJUSTMENT"]
        model.open(deposit)
        assert model.rest_cents == 0
        model.type_part(second, "9.00")
        assert model.blockers()["spread"].endswith("more than the amount.")
        model.propose()
        assert "spread" not in model.blockers()

    def test_all_alike_at_once_with_count_and_dollars(self, desk: Desk) -> None:
        deposit = self.remit(desk, "A1", "A2", "A3")
        model = SpreadModel(seat(desk))
        model.open(deposit)
        assert model.preview() == "3 amounts of 15.00 in all on 3 claims, each by open balance."
        assert model.spread_all() == "3 amounts spread as proposed."
        assert [paid(desk, deposit, at) for at in range(3)] == [[6600, 1400]] * 3
        assert desk.open_codes(deposit) == []

    def test_an_amount_that_does_not_fit_is_left_to_a_person(self, desk: Desk) -> None:
        desk.our_claim("A1", 8000)
        desk.our_claim("A2", 8000)
        small = claim(
            "A1", line(8000, 7000, ("CO-45", 1000)), paid_cents=6500, adjustments=cas(("CO-1", 500))
        )
        large = claim(
            "A2", line(8000, 7000, ("CO-45", 1000)), paid_cents=-500, adjustments=cas(("CO-1", 7500))
        )
        deposit = desk.remit(small, large, amount=6000)
        model = SpreadModel(seat(desk))
        model.open(deposit)
        assert [one.rest_cents for one in model.waiting] == [0, 500], "70.00 is all that can be taken"
        assert "1 do not fit" in model.preview()
        assert model.spread_all() == "1 amount spread as proposed."
        assert (paid(desk, deposit, 0), paid(desk, deposit, 1)) == ([6500], [7000])
        assert "CLAIM_LEVEL_ADJUSTMENT" in desk.open_codes(deposit)

    def test_reported_instead_the_lines_stay_as_paid(self, desk: Desk) -> None:
        deposit = self.remit(desk, "A1")
        model = SpreadModel(seat(desk))
        model.open(deposit)
        assert model.report() == "CO-45 5.00 was sent to Deposit Reporting."
        assert (paid(desk, deposit), desk.header(deposit)["reported_cents"]) == ([7000, 1500], -500)
        assert desk.open_codes(deposit) == []

    def test_the_second_clerk_sees_what_the_first_did_and_keeps_what_was_typed(self, desk: Desk) -> None:
        deposit = self.remit(desk, "A1")
        mine, theirs = SpreadModel(seat(desk)), SpreadModel(seat(desk, desk.office.supervisor))
        mine.open(deposit)
        theirs.open(deposit)
        first, second = mine.parts
        mine.type_part(first, "5.00")
        mine.type_part(second, "")
        theirs.type_part(second, "1.00")
        theirs.type_part(first, "")
        theirs.spread()
        with pytest.raises(ChangedByAnotherError) as told:
            mine.spread()
        assert differences_of(told.value) == [
            Difference("CO-45 for the whole claim", "4.00 is left", "5.00 to spread"),
            Difference("Line 1 99213 2026-03-02", "paid 70.00", "5.00 less"),
        ]
        assert paid(desk, deposit) == [7000, 1400], "nothing of the refused decision was stored"
        assert mine.reload(keep=True)
        assert (mine.parts[first], mine.rest_cents) == (500, -100)
        mine.type_part(first, "4.00")
        mine.spread()
        assert paid(desk, deposit) == [6600, 1400]

    def test_an_editor_that_has_the_claim_open_is_told_of_the_spread(self, desk: Desk) -> None:
        deposit = self.remit(desk, "A1")
        before = number(desk.claims(deposit)[0]["version"])
        model = SpreadModel(seat(desk))
        model.open(deposit)
        model.spread()
        assert number(desk.claims(deposit)[0]["version"]) > before


class TestMap:
    @staticmethod
    def remit(desk: Desk, *pcns: str) -> int:
        """The payer calls our 99214 a 99215, with another charge."""
        for pcn in pcns:
            desk.our_claim(pcn, 10000, code="99214")
        return desk.remit(*(claim(pcn, line(9000, 9000, code="99215")) for pcn in pcns))

    def test_a_line_is_mapped_to_the_line_that_something_speaks_for(self, desk: Desk) -> None:
        deposit = self.remit(desk, "A1")
        model = MapModel(seat(desk))
        assert model.open(deposit)
        assert model.candidate is not None
        assert model.candidate.code == "99214"
        assert model.candidate.reasons == ("same date", "same family of codes", "nothing else is on it")
        assert model.blockers() == {"all": "No other line is like it."}
        model.map()
        (remitted,) = desk.lines(deposit_claim(desk, deposit))
        assert remitted["charge_line_id"] == model.candidate_id
        assert "PROCEDURE_CODE_CONFLICT" not in desk.open_codes(deposit)

    def test_like_lines_at_once(self, desk: Desk) -> None:
        deposit = self.remit(desk, "A1", "A2", "A3")
        model = MapModel(seat(desk))
        model.open(deposit)
        assert model.preview() == ("3 lines remitted as 99215 become our 99214: charged 270.00, paid 270.00.")
        assert model.map_all() == "3 lines mapped."
        assert "PROCEDURE_CODE_CONFLICT" not in desk.open_codes(deposit)

    def test_nothing_is_mapped_without_a_choice(self, desk: Desk) -> None:
        model = MapModel(seat(desk))
        model.open(self.remit(desk, "A1"))
        model.choose(None)
        assert model.blockers()["map"] == "Choose a line of our claim first."

    def test_two_clerks_on_one_line(self, desk: Desk) -> None:
        desk.our_claim("A1", 10000, 10000, code="99214")
        deposit = desk.remit(claim("A1", line(9000, 9000, code="99215")))
        mine, theirs = MapModel(seat(desk)), MapModel(seat(desk, desk.office.supervisor))
        mine.open(deposit)
        theirs.open(deposit)
        assert mine.chosen is not None
        mine.choose(mine.chosen.candidates[1].charge_line_id)
        theirs.map()
        with pytest.raises(ChangedByAnotherError) as told:
            mine.map()
        assert differences_of(told.value) == [
            Difference("Line 1 99215 2026-03-02", "Line 1 99214 2026-03-02", "Line 2 99214 2026-03-02")
        ]
        assert not mine.reload(keep=True), "it waits no more"


class TestEffect:
    @staticmethod
    def remit(desk: Desk, *pcns: str, code: str = "CO-9999") -> int:
        for pcn in pcns:
            desk.our_claim(pcn, 10000)
        return desk.remit(*(claim(pcn, line(10000, 8000, (code, 2000))) for pcn in pcns))

    def test_all_of_a_code_and_the_rule_that_keeps_it(self, desk: Desk) -> None:
        deposit = self.remit(desk, "A1", "A2")
        model = EffectModel(seat(desk))
        assert model.open(deposit)
        assert (model.effect, model.payment_type) == (Effect.DENIAL, PaymentType.DENIAL), "moves no balance"
        model.choose_effect(Effect.WRITE_OFF)
        assert model.payment_type is PaymentType.CONTRACTUAL
        assert model.preview().startswith("CO-9999: 2 adjustments of 40.00 in all on 2 claims.")
        model.save_rule = True
        assert "Rule" in model.choose()
        assert desk.open_codes(deposit) == []
        assert desk.header(deposit)["adjustments_cents"] == 4000
        assert desk.open_codes(self.remit(desk, "A3")) == [], "the next remittance is decided by the rule"

    def test_without_the_right_to_make_rules(self, desk: Desk) -> None:
        clerk = replace(
            desk.office.north_clerk,
            permissions=desk.office.north_clerk.permissions - {Permission.RULES_EDIT},
        )
        model = EffectModel(seat(desk, clerk))
        deposit = self.remit(desk, "A1")
        model.open(deposit)
        assert model.why_no_rule == "You may not make rules. Ask your supervisor for the right."
        model.choose()
        assert desk.open_codes(deposit) == []

    def test_the_group_code_proposes_what_it_says(self, desk: Desk) -> None:
        model = EffectModel(seat(desk))
        model.open(self.remit(desk, "A1", code="OA-9998"))
        assert model.effect is Effect.INFO

    def test_two_clerks_on_one_code(self, desk: Desk) -> None:
        deposit = self.remit(desk, "A1")
        mine, theirs = EffectModel(seat(desk)), EffectModel(seat(desk, desk.office.supervisor))
        mine.open(deposit)
        theirs.open(deposit)
        mine.choose_effect(Effect.WRITE_OFF)
        theirs.choose()
        with pytest.raises(ChangedByAnotherError) as told:
            mine.choose()
        assert differences_of(told.value) == [
            Difference("CO-9999", "Denial, Denial (info)", "Write-off, Contractual write-off")
        ]
        assert desk.header(deposit)["adjustments_cents"] == 0


class TestProvider:
    """Spec 4.10 vector 3: a WO of 100 lowers the check; it is taken from the claim the reference names."""

    @staticmethod
    def remit(desk: Desk) -> int:
        for pcn, charge in (("A1234", 10000), ("A5678", 10000)):
            desk.our_claim(pcn, charge)
        return desk.remit(
            claim("A1234", line(10000, 8000, ("CO-45", 2000))),
            claim("A5678", line(10000, 7000, ("CO-45", 3000))),
            provider=[("WO", "A5678 20260302", 5000), ("L6", "", -325)],
        )

    def test_applied_to_claims_until_the_rest_is_nothing(self, desk: Desk) -> None:
        deposit = self.remit(desk)
        model = ProviderModel(seat(desk))
        assert model.open(deposit)
        named, other = (place.claim for place in model.places)
        assert (named.pcn, model.places[0].why) == (
            "A5678",
            "the reference has its claim number; the reference has its service date",
        )
        assert model.rest_cents == -5000, "it lowers the check: a negative payment"
        assert model.blockers()["APPLY_TO_CLAIM"] == "Put the amount on one or more claims first."
        assert model.type_part(named.id, "-30") is None
        assert model.blockers()["APPLY_TO_CLAIM"].startswith("-20.00 is on no claim yet")
        assert model.put_rest(other.id) is None
        assert (model.rest_cents, model.parts) == (0, {named.id: -3000, other.id: -2000})
        model.dispose(Disposition.APPLY_TO_CLAIM)
        assert desk.header(deposit)["payments_cents"] == 15000 - 5000
        assert desk.open_codes(deposit) == ["PROVIDER_ADJUSTMENT"]

    def test_a_recovery_of_an_older_payment_goes_on_a_claim_that_is_added(self, desk: Desk) -> None:
        old = desk.our_claim("B4321", 20000)
        desk.our_claim("A1", 10000)
        paid_before = claim("A1", line(10000, 8000, ("CO-45", 2000)))
        deposit = desk.remit(paid_before, provider=[("WO", "B4321 20260302", 5000)])
        model = ProviderModel(seat(desk))
        model.open(deposit)
        assert [(one.claim_id, one.pcn) for one in model.elsewhere] == [(old, "B4321")]
        model.add(old)
        assert model.elsewhere == []
        added = deposit_claim(desk, deposit, 1)
        assert model.put_rest(added) is None
        model.dispose(Disposition.APPLY_TO_CLAIM)
        assert desk.claims(deposit)[1]["claim_id"] == old
        assert desk.header(deposit)["payments_cents"] == 8000 - 5000
        assert "PROVIDER_ADJUSTMENT" not in desk.open_codes(deposit)

    def test_what_was_decided_can_be_opened_again(self, desk: Desk) -> None:
        deposit = self.remit(desk)
        model = ProviderModel(seat(desk))
        model.open(deposit)
        model.dispose(Disposition.REPORT)
        assert desk.header(deposit)["reported_cents"] == -5000
        write_off = model.amounts[0].id
        model.open(deposit, write_off)
        assert "REPORT" in model.blockers()
        model.dispose(Disposition.UNRESOLVED)
        assert desk.header(deposit)["reported_cents"] == 0
        assert desk.open_codes(deposit) == ["PROVIDER_ADJUSTMENT", "PROVIDER_ADJUSTMENT"]

    def test_ignored_only_with_a_reason(self, desk: Desk) -> None:
        deposit = self.remit(desk)
        model = ProviderModel(seat(desk))
        model.open(deposit)
        with pytest.raises(RefusedError, match="Say why"):
            model.dispose(Disposition.IGNORE)
        assert model.dispose(Disposition.IGNORE, "settled by phone") == "WO 50.00: Ignore."

    def test_what_is_proposed_for_reporting_goes_at_once(self, desk: Desk) -> None:
        deposit = self.remit(desk)
        model = ProviderModel(seat(desk))
        model.open(deposit)
        assert model.preview() == "1 amount (L6), 3.25 in all, to Deposit Reporting."
        model.settle_proposed()
        assert desk.header(deposit)["reported_cents"] == 325

    def test_nothing_goes_on_an_excluded_claim(self, desk: Desk) -> None:
        deposit = self.remit(desk)
        there = seat(desk)
        out = deposit_claim(desk, deposit, 1)
        there.deposit_desk.editing.set_included(
            there.actor, deposit, [out], included=False, reason="other system"
        )
        model = ProviderModel(there)
        model.open(deposit)
        assert model.put_rest(out) == "The claim is excluded."

    def test_two_clerks_on_one_amount(self, desk: Desk) -> None:
        deposit = self.remit(desk)
        mine, theirs = ProviderModel(seat(desk)), ProviderModel(seat(desk, desk.office.supervisor))
        mine.open(deposit)
        theirs.open(deposit)
        typed = deposit_claim(desk, deposit)
        mine.put_rest(typed)
        theirs.dispose(Disposition.REPORT)
        with pytest.raises(ChangedByAnotherError) as told:
            mine.dispose(Disposition.APPLY_TO_CLAIM)
        assert differences_of(told.value) == [
            Difference("Disposition", "Report Amount", "Apply Amount to Claim(s)")
        ]
        assert mine.reload(keep=True)
        assert mine.parts == {typed: -5000}
        mine.dispose(Disposition.APPLY_TO_CLAIM)
        assert desk.header(deposit)["reported_cents"] == 0

    def test_an_error_names_its_amount(self, desk: Desk) -> None:
        deposit = self.remit(desk)
        there = seat(desk)
        shown = there.deposits.errors(there.actor, deposit).rows
        places = [ResolveModel(there).position(deposit, error.id) for error in shown]
        assert places == [0, 1]
        there.deposit_desk.errors.recompute(there.actor, deposit)
        assert [ResolveModel(there).position(deposit, error.id) for error in shown] == [0, 1]

    def test_the_row_offers_what_is_still_to_decide(self) -> None:
        assert [name for name, _ in provider_actions("UNRESOLVED")] == ["APPLY_TO_CLAIM", "REPORT", "IGNORE"]
        assert [name for name, _ in provider_actions("REPORT")] == ["APPLY_TO_CLAIM", "IGNORE"]


class TestCompare:
    def test_two_payments_side_by_side(self, desk: Desk) -> None:
        for pcn in ("A1", "A2"):
            desk.our_claim(pcn, 10000)
        first = desk.remit(
            claim("A1", line(10000, 8000, ("CO-45", 2000))), claim("A2", line(10000, 100, ("CO-45", 9900)))
        )
        second = desk.remit(
            claim("A1", line(10000, 8000, ("CO-45", 2000))), claim("A3", line(10000, 100, ("CO-45", 9900)))
        )
        there = seat(desk)
        alike = next(
            error
            for error in there.deposits.errors(there.actor, second).rows
            if error.code == "DUPLICATE_FUZZY"
        )
        model = CompareModel(there)
        assert model.open(second, alike.id)
        facts = {fact.label: fact for fact in model.shown.facts}
        assert (facts["Deposit ($)"].here, facts["Deposit ($)"].differs) == ("81.00", False)
        assert (facts["Check #"].here, facts["Check #"].there) == ("T000002", "T000001")
        assert model.shown.there_id == first
        assert [(one.pcn, one.here_cents, one.there_cents) for one in model.shown.claims] == [
            ("A3", 100, None),
            ("A2", None, 100),
            ("A1", 8000, 8000),
        ]
        assert model.shown.verdict.endswith("2 of 3 claims differ.")
        assert model.blockers()["exclude"] == "The whole deposit looks like a duplicate: remove it."
        model.ignore("two checks of one week")
        assert [error.code for error in there.deposits.errors(there.actor, second).rows] != [
            "DUPLICATE_FUZZY"
        ]
        with pytest.raises(ChangedByAnotherError):
            model.ignore("once more")

    def test_a_claim_that_was_paid_before_is_excluded(self, desk: Desk) -> None:
        desk.our_claim("A1", 10000)
        first = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))))
        boss = seat(desk, desk.office.supervisor)
        boss.deposit_desk.posting.send(boss.actor, first)
        second = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))))
        boss.deposit_desk.errors.ignore(
            boss.actor,
            second,
            [
                error.id
                for error in boss.deposit_desk.errors.of_deposit(boss.actor, second)
                if error.code.startswith("DUPLICATE")
            ],
            "looked at",
        )
        boss.deposit_desk.posting.send(boss.actor, second)
        (again,) = boss.deposit_desk.errors.of_kind(boss.actor, second, "CLAIM_ALREADY_PAID")
        model = CompareModel(boss)
        assert model.open(second, again.id)
        facts = {fact.label: fact for fact in model.shown.facts}
        assert facts["Paid"].here == facts["Paid"].there == "80.00"
        assert (facts["State"].here, facts["State"].there) == ("Error", "Posted")
        assert model.of_claims
        model.exclude("paid twice by mistake")
        assert desk.header(second)["exclusions_cents"] == 8000
        assert desk.open_codes(second) == []

    def test_nothing_of_another_practice_is_shown(self, desk: Desk) -> None:
        desk.our_claim("A1", 10000)
        first = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))))
        second = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))))
        there = seat(desk)
        alike = there.deposits.errors(there.actor, second).rows[0]
        with desk.office.database.transaction() as stores:
            stores.deposit_edits.set_deposit(first, {"practice_id": desk.office.south})
        assert not CompareModel(there).open(second, alike.id)


class TestParties:
    def test_payers_are_proposed_with_reasons_and_remembered(self, desk: Desk) -> None:
        for pcn in ("A1", "A2"):
            desk.our_claim(pcn, 10000)
        deposit = desk.remit(
            claim("A1", line(10000, 8000, ("CO-45", 2000))), claim("A2", line(10000, 100, ("CO-45", 9900)))
        )
        with desk.office.database.transaction() as stores:
            stores.deposit_edits.set_deposit(
                deposit, {"payer_id": None, "payer_name": "ACME HLTH", "payer_identifier": "NEW-ID"}
            )
        there = seat(desk)
        there.deposit_desk.errors.recompute(there.actor, deposit)
        model = PayerModel(there)
        model.open(deposit)
        best = model.proposals[0]
        assert (best.name, best.reasons[0]) == ("ACME HEALTH", "payer of 2 of the 2 claims found")
        assert model.choose(best.id, remember=True).endswith("NEW-ID is known as this payer's from now on.")
        assert "PAYER_MISMATCH" not in desk.open_codes(deposit)
        with desk.office.database.reading() as stores:
            assert stores.office.payer_identifiers()["TRN03", "NEW-ID"] == desk.office.acme

    def test_two_clerks_choose_the_payer(self, desk: Desk) -> None:
        desk.our_claim("A1", 10000)
        deposit = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))))
        with desk.office.database.transaction() as stores:
            stores.deposit_edits.set_deposit(deposit, {"payer_id": None})
        mine, theirs = PayerModel(seat(desk)), PayerModel(seat(desk, desk.office.supervisor))
        mine.open(deposit)
        theirs.open(deposit)
        theirs.choose(desk.office.acme, remember=False)
        with pytest.raises(ChangedByAnotherError):
            mine.choose(desk.office.zenith, remember=False)
        assert desk.header(deposit)["payer_id"] == desk.office.acme

    def test_the_payer_of_claims_that_is_at_another_place(self, desk: Desk) -> None:
        for pcn in ("A1", "A2"):
            desk.our_claim(pcn, 10000, secondary=True)
        deposit = desk.remit(
            *(claim(pcn, line(10000, 8000, ("OA-23", 2000)), status="2") for pcn in ("A1", "A2"))
        )
        model = ClaimPayerModel(seat(desk))
        assert model.open(deposit)
        assert [(one.says, one.payer, one.fitting.name) for one in model.waiting if one.fitting] == [
            ("secondary", "ACME HEALTH", "ZENITH MUTUAL")
        ] * 2
        every = [one.deposit_claim_id for one in model.waiting]
        assert model.choose_fitting(every) == "The payer of 2 claims was saved."
        assert "PAYER_LEVEL_MISMATCH" not in desk.open_codes(deposit)
        with pytest.raises(ChangedByAnotherError):
            model.choose(every, desk.office.acme)

    def test_our_claims_are_corrected_when_the_payer_is_right(self, desk: Desk) -> None:
        """ACME paid as secondary; ours have it first: one alone, one before ZENITH, which then comes first."""
        ours = [desk.our_claim("A1", 10000), desk.our_claim("A2", 10000, secondary=True)]
        deposit = desk.remit(
            *(claim(pcn, line(10000, 8000, ("OA-23", 2000)), status="2") for pcn in ("A1", "A2"))
        )
        model = ClaimPayerModel(seat(desk))
        assert model.open(deposit)
        alone, before = model.waiting
        assert alone.corrected == (), "a secondary payer alone is no order"
        assert [(it.name, it.level) for it in before.corrected] == [
            ("ZENITH MUTUAL", "primary"),
            ("ACME HEALTH", "secondary"),
        ]
        assert not model.correctable([alone.deposit_claim_id, before.deposit_claim_id])
        with pytest.raises(RefusedError, match="A1"):
            model.correct([alone.deposit_claim_id])
        assert model.correct([before.deposit_claim_id]) == "The payers of 1 claim of ours were put in order."
        with desk.office.database.reading() as stores:
            found = stores.deposit_work.our_claims(ours)
            audited = [
                it.after for it in stores.audit.of("deposit", deposit) if it.action == "claim.payer_order"
            ]
        acme, zenith = desk.office.acme, desk.office.zenith
        assert found[ours[0]].payers == {"primary": acme}
        assert found[ours[1]].payers == {"primary": zenith, "secondary": acme}
        assert audited == [
            {
                "before": {str(ours[1]): {"primary": acme, "secondary": zenith}},
                "after": {str(ours[1]): {"primary": zenith, "secondary": acme}},
            }
        ]
        assert desk.open_codes(deposit).count("PAYER_LEVEL_MISMATCH") == 1
        with pytest.raises(ChangedByAnotherError):
            model.correct([before.deposit_claim_id])

    def test_a_payer_that_is_not_on_our_claim_is_put_where_it_says(self, desk: Desk) -> None:
        ours = desk.our_claim("A1", 10000)
        deposit = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))), payer="zenith")
        model = ClaimPayerModel(seat(desk))
        assert model.open(deposit)
        model.correct([one.deposit_claim_id for one in model.waiting])
        with desk.office.database.reading() as stores:
            payers = stores.deposit_work.our_claims([ours])[ours].payers
        assert payers == {"primary": desk.office.zenith, "secondary": desk.office.acme}
        assert "PAYER_LEVEL_MISMATCH" not in desk.open_codes(deposit)

    def test_a_deposit_of_nobody_is_given_to_the_practice_whose_claims_it_pays(self, desk: Desk) -> None:
        desk.our_claim("A1", 10000)
        deposit = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))))
        with desk.office.database.transaction() as stores:
            stores.deposit_edits.set_deposit(deposit, {"practice_id": None})
            stores.deposit_edits.set_claims_of(deposit, {"claim_id": None})
        boss = seat(desk, desk.office.supervisor)
        boss.deposit_desk.errors.recompute(boss.actor, deposit)
        mine, theirs = PracticeModel(boss), PracticeModel(boss)
        mine.open(deposit)
        theirs.open(deposit)
        assert mine.proposals[0].id == desk.office.north
        assert mine.proposals[0].reasons == ("1 of 1 claims", "a name alike")
        assert theirs.assign(desk.office.north).endswith("1 of its claims were found.")
        with pytest.raises(ChangedByAnotherError) as told:
            mine.assign(desk.office.south)
        assert differences_of(told.value) == [Difference("Practice", "North Anesthesia", "South Pain Clinic")]
        assert desk.open_codes(deposit) == []


class TestLikeErrors:
    @staticmethod
    def unknown(desk: Desk) -> int:
        return desk.remit(*(claim(pcn, line(10000, 8000, ("CO-45", 2000))) for pcn in ("X1", "X2", "X3")))

    def test_like_errors_are_settled_at_once_with_count_and_dollars(self, desk: Desk) -> None:
        deposit = self.unknown(desk)
        model = ErrorListModel(seat(desk))
        assert model.open(deposit, "CLAIM_NOT_FOUND")
        assert model.preview([]) == "3 errors on 3 claims, paid 240.00 in all."
        one = model.errors[0]
        assert model.preview([one.id]) == "1 error on 1 claim, paid 80.00 in all."
        assert model.claim_of(one.id) == (deposit_claim(desk, deposit), "X1")
        assert model.exclude([one.id], "other system") == "1 claim excluded."
        model.open(deposit, "CLAIM_NOT_FOUND")
        assert model.ignore([], "live in the old system") == "2 errors ignored."
        assert desk.header(deposit)["exclusions_cents"] == 24000
        assert not model.open(deposit, "CLAIM_NOT_FOUND")

    def test_only_like_ones_when_the_facts_are_chosen(self, desk: Desk) -> None:
        desk.our_claim("A1", 10000, last="OTHER")
        desk.our_claim("A2", 10000, last="OTHER")
        deposit = desk.remit(
            claim("A1", line(10000, 8000, ("CO-45", 1000))),
            claim("A2", line(10000, 8000, ("CO-45", 1000))),
            claim("A3", line(10000, 8000, ("CO-45", 500))),
        )
        model = ErrorListModel(seat(desk))
        model.open(deposit, "LINE_UNBALANCED")
        assert sorted(len(errors) for errors in model.groups.values()) == [1, 2]
        model.facts = next(iter(model.groups))
        assert model.preview([]) == "2 errors on 2 claims, paid 160.00 in all."
        model.ignore([], "the payer rounds")
        assert desk.open_codes(deposit).count("LINE_UNBALANCED") == 1

    def test_what_was_ignored_can_be_opened_again(self, desk: Desk) -> None:
        deposit = self.unknown(desk)
        there = seat(desk)
        listing, settled = ErrorListModel(there), SettledModel(there)
        listing.open(deposit, "CLAIM_NOT_FOUND")
        listing.ignore([], "live elsewhere")
        settled.open(deposit)
        assert {(one.state, one.closed_by, one.close_reason) for one in settled.errors} == {
            ("ignored", "North Clerk", "live elsewhere")
        }
        assert settled.why_not_reopen([]) == "Select one or more ignored errors first."
        picked = [one.id for one in settled.errors]
        assert settled.why_not_reopen(picked) is None
        assert settled.reopen(picked) == "3 errors are open again."
        assert desk.open_codes(deposit) == ["CLAIM_NOT_FOUND"] * 3
        assert desk.header(deposit)["exclusions_cents"] == 0, "they are taken in again, too"

    def test_the_second_of_two_who_ignore_is_told(self, desk: Desk) -> None:
        deposit = self.unknown(desk)
        mine, theirs = ErrorListModel(seat(desk)), ErrorListModel(seat(desk, desk.office.supervisor))
        mine.open(deposit, "CLAIM_NOT_FOUND")
        theirs.open(deposit, "CLAIM_NOT_FOUND")
        theirs.ignore([theirs.errors[1].id], "theirs")
        with pytest.raises(ChangedByAnotherError) as told:
            mine.ignore([], "mine")
        assert differences_of(told.value) == [Difference("Claim not found", "ignored", "ignored")]
        assert desk.open_codes(deposit) == ["CLAIM_NOT_FOUND"] * 2, "all or none"


class TestIgnoredErrors:
    """An ignored error comes back only when its facts change (spec 3.2)."""

    def test_not_by_computing_again_and_not_by_other_edits(self, desk: Desk) -> None:
        desk.our_claim("A1", 10000, last="OTHER")
        deposit = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))))
        there = seat(desk)
        model = ErrorListModel(there)
        model.open(deposit, "PATIENT_NAME_MISMATCH")
        model.ignore([], "married")
        there.deposit_desk.errors.recompute(there.actor, deposit)
        there.deposit_desk.resolving.apply_rules(there.actor, deposit)
        assert desk.open_codes(deposit) == []

    def test_but_with_another_claim_attached(self, desk: Desk) -> None:
        desk.our_claim("A1", 10000, last="OTHER")
        third = desk.our_claim("A9", 10000, last="THIRD")
        deposit = desk.remit(claim("A1", line(10000, 8000, ("CO-45", 2000))))
        there = seat(desk)
        model = ErrorListModel(there)
        model.open(deposit, "PATIENT_NAME_MISMATCH")
        model.ignore([], "married")
        there.deposit_desk.editing.attach(there.actor, deposit_claim(desk, deposit), third)
        assert desk.open_codes(deposit) == ["PATIENT_NAME_MISMATCH"]

    def test_and_with_another_amount(self, desk: Desk) -> None:
        deposit = TestSpread.remit(desk, "A1")
        there = seat(desk)
        listing = ErrorListModel(there)
        listing.open(deposit, "CLAIM_LEVEL_ADJUSTMENT")
        listing.ignore([], "the payer will explain")
        assert desk.open_codes(deposit) == []
        (proposal,) = there.deposit_desk.resolving.propose_spread(there.actor, deposit_claim(desk, deposit))
        first = proposal.lines[0].deposit_line_id
        there.deposit_desk.resolving.spread(
            there.actor, deposit_claim(desk, deposit), proposal.adjustment_id, {first: 100}
        )
        assert desk.open_codes(deposit) == ["CLAIM_LEVEL_ADJUSTMENT"]

    def test_including_a_claim_takes_back_that_it_lives_elsewhere(self, desk: Desk) -> None:
        deposit = TestLikeErrors.unknown(desk)
        there = seat(desk)
        model = ErrorListModel(there)
        model.open(deposit, "CLAIM_NOT_FOUND")
        model.ignore([], "live elsewhere")
        there.deposit_desk.editing.set_included(
            there.actor, deposit, [deposit_claim(desk, deposit)], included=True
        )
        assert desk.open_codes(deposit) == ["CLAIM_NOT_FOUND"]


def test_every_kind_of_error_has_a_way_to_be_settled() -> None:
    """DEBIT_ERA and BAD_HANDLING_CODE are settled by the system when they are found (spec 2.1)."""
    for code in set(ERROR_KINDS) - {"DEBIT_ERA", "BAD_HANDLING_CODE"}:
        buttons = error_actions(code)
        assert buttons, f"{code} is shown and cannot be settled"
        assert len({name for name, _ in buttons}) == len(buttons)


def test_a_claim_of_the_deposit_is_found_by_its_number(desk: Desk) -> None:
    deposit = TestProvider.remit(desk)
    model = ProviderModel(seat(desk))
    model.open(deposit)
    model.search("A1234")
    found = Deposits(desk.office.database).claims(
        desk.office.north_clerk, deposit, ClaimQuery(search="A1234")
    )
    assert found.rows[0].id in {place.claim.id for place in model.places}
