"""Errors closed and resolved, rules, ERA amounts, settings, auto-post and work lists of the deposit desk."""

from dataclasses import replace
from datetime import UTC, date, datetime, timedelta
from zoneinfo import ZoneInfo

import pytest
import sqlalchemy as sa

from tests.builders import actor
from tests.services.desk_office import DAY, Desk, claim, line
from workbench.domain.deposit import DepositStatus, Disposition, PaymentType
from workbench.domain.permissions import Permission
from workbench.domain.posting import Effect
from workbench.domain.posting_rule import AdjustmentFacts, Rule
from workbench.errors import ChangedByAnotherError, NotPermittedError, RefusedError
from workbench.reconcile.forwarding import Movement
from workbench.services.deposit_desk.auto_post import AutoPost
from workbench.services.deposit_desk.editing import Editing
from workbench.services.deposit_desk.errors import DepositErrors
from workbench.services.deposit_desk.planning import CREDIT_SETTING
from workbench.services.deposit_desk.posting import Posting
from workbench.services.deposit_desk.provider_money import ProviderMoney
from workbench.services.deposit_desk.resolving import Resolving
from workbench.services.deposit_desk.rules import EraAmount, Rules
from workbench.services.deposit_desk.settings import AUTO_POST_DELAY, AUTO_POST_MATCHED, DeskSettings
from workbench.services.deposit_desk.undoing import Undoing
from workbench.services.deposit_desk.work_lists import WorkLists
from workbench.storage.stores.work_lists import WORK_LISTS
from workbench.storage.tables import bank


def number(value: object) -> int:
    return int(str(value))


def paid(pcn: str, charge: int = 10000, cents: int = 8000, code: str = "CO-45"):  # noqa: ANN201
    return claim(pcn, line(charge, cents, (code, charge - cents)))


def test_recomputing_twice_gives_the_same_set(either_desk: Desk) -> None:
    desk = either_desk
    desk.our_claim("A1", 10000)
    deposit = desk.remit(paid("A1", code="CO-9999"), paid("NOT OURS"), provider=[("WO", "X", 100)])
    errors, boss = DepositErrors(desk.office.database), desk.office.supervisor
    before = [(e.id, e.code, e.state) for e in errors.of_deposit(boss, deposit, closed=True)]
    first = errors.recompute(boss, deposit)
    assert errors.recompute(boss, deposit) == first
    assert [(e.id, e.code, e.state) for e in errors.of_deposit(boss, deposit, closed=True)] == before
    assert [e.code for e in first] == ["PROVIDER_ADJUSTMENT", "UNMAPPED_CARC", "CLAIM_NOT_FOUND"]


def test_an_ignored_error_comes_back_only_when_its_facts_change(desk: Desk) -> None:
    ours = desk.our_claim("A1", 10000, last="OTHERNAME")
    deposit = desk.remit(paid("A1"))
    errors, boss = DepositErrors(desk.office.database), desk.office.supervisor
    (mismatch,) = errors.of_deposit(boss, deposit)
    assert mismatch.code == "PATIENT_NAME_MISMATCH"
    assert errors.ignore(boss, deposit, [mismatch.id], "married") == 1
    assert errors.recompute(boss, deposit) == []
    with pytest.raises(RefusedError, match="Say why"):
        errors.ignore(boss, deposit, [mismatch.id], "")
    Editing(desk.office.database).set_included(
        boss, deposit, [number(desk.claims(deposit)[0]["id"])], included=False, reason="old system"
    )
    Editing(desk.office.database).set_included(
        boss, deposit, [number(desk.claims(deposit)[0]["id"])], included=True
    )
    assert desk.open_codes(deposit) == [], "still the same name"
    assert ours


def test_ignoring_a_claim_that_lives_elsewhere_excludes_it(desk: Desk) -> None:
    deposit = desk.remit(paid("NOT OURS"), paid("NOR THIS"))
    errors, boss = DepositErrors(desk.office.database), desk.office.supervisor
    both = [error.id for error in errors.of_deposit(boss, deposit)]
    assert errors.ignore(boss, deposit, both, "other system") == 2
    assert {row["state"] for row in desk.claims(deposit)} == {"EXCLUDED"}
    assert desk.header(deposit)["exclusions_cents"] == 16000
    desk.assert_sound()


def test_a_code_without_a_rule_is_chosen_once_and_kept_as_a_rule(either_desk: Desk) -> None:
    desk = either_desk
    desk.our_claim("A1", 10000)
    desk.our_claim("A2", 10000)
    deposit = desk.remit(paid("A1", code="CO-9999"))
    other = desk.remit(paid("A2", cents=7000, code="CO-9999"))
    errors, boss = DepositErrors(desk.office.database), desk.office.supervisor
    (unknown,) = errors.of_deposit(boss, deposit)
    assert unknown.code == "UNMAPPED_CARC"
    with pytest.raises(RefusedError, match="cannot be ignored"):
        errors.ignore(boss, deposit, [unknown.id], "x")
    row = number(desk.adjustments(unknown.deposit_claim_id)[0]["id"])
    rule = Resolving(desk.office.database).choose_effect(
        boss, [row], deposit, Effect.WRITE_OFF, PaymentType.CONTRACTUAL, save_rule=True, for_payer=True
    )
    assert rule is not None
    assert desk.open_codes(deposit) == []
    (planned,) = Posting(desk.office.database).verify(boss, deposit).claims
    assert planned.why_of(planned.entries[2]).startswith(f"rule {rule} v1 (payer")

    assert desk.open_codes(other) == ["UNMAPPED_CARC"], "what was here before keeps what was decided then"
    assert Resolving(desk.office.database).apply_rules(boss, other) == 1
    assert desk.open_codes(other) == []
    assert Posting(desk.office.database).send(boss, other).posted == 1


def test_rules_are_kept_with_versions_and_say_why(desk: Desk) -> None:
    rules, boss = Rules(desk.office.database), desk.office.supervisor
    kept = rules.save(boss, Rule(0, Effect.WRITE_OFF, PaymentType.CONTRACTUAL, group="CO", carc="97"))
    decision = rules.explain(boss, AdjustmentFacts("CO", "97"))
    assert (decision.effect, decision.rule) == (Effect.WRITE_OFF, kept)
    off = rules.save(boss, replace(kept, active=False))
    assert off.version == 2
    assert rules.explain(boss, AdjustmentFacts("CO", "97")).effect is Effect.DENIAL
    with pytest.raises(ChangedByAnotherError):
        rules.save(boss, kept)
    with pytest.raises(RefusedError, match="payment type"):
        rules.save(boss, Rule(0, Effect.INFO, None))
    with pytest.raises(NotPermittedError):
        rules.save(actor(1, desk.office.north, permissions=frozenset({Permission.DEPOSIT_VIEW})), kept)


def test_provider_level_money_that_needs_nobody(desk: Desk) -> None:
    desk.our_claim("A1", 10000)
    deposit = desk.remit(paid("A1"), provider=[("L6", "", -325), ("WO", "A9", 100), ("J1", "", 7)])
    money, boss = ProviderMoney(desk.office.database), desk.office.supervisor
    rows = money.of_deposit(boss, deposit)
    assert [(row.reason, row.proposed) for row in rows] == [
        ("L6", Disposition.REPORT),
        ("WO", Disposition.UNRESOLVED),
        ("J1", Disposition.UNRESOLVED),
    ]
    Rules(desk.office.database).set_era_amount(boss, EraAmount(None, "J1", Disposition.REPORT))
    assert money.settle_proposed(boss, deposit) == 2
    assert desk.open_codes(deposit) == ["PROVIDER_ADJUSTMENT"]
    assert desk.header(deposit)["reported_cents"] == 325 - 7
    assert money.settle_proposed(boss, deposit) == 0


def test_the_running_ledger_of_a_payer(desk: Desk) -> None:
    money, boss = ProviderMoney(desk.office.database), desk.office.supervisor
    desk.remit(paid("A1"), provider=[("FB", "R", -5000)])
    desk.remit(paid("A2"), provider=[("FB", "R", 5000)])
    steps = money.running_ledger(boss, desk.office.acme)
    assert [(step.movement, step.owed_cents) for step in steps] == [
        (Movement.CARRIED, 5000),
        (Movement.SETTLED, 0),
    ]
    assert money.running_ledger(desk.office.south_clerk) == []


def test_auto_post_is_off_waits_its_days_and_never_confirms(desk: Desk) -> None:
    desk.our_claim("A1", 10000)
    deposit = desk.remit(paid("A1"))
    doubtful = desk.remit(paid("A2"), amount=8100)
    auto, settings, boss = (
        AutoPost(desk.office.database),
        DeskSettings(desk.office.database),
        desk.office.supervisor,
    )
    received = datetime.now(ZoneInfo("America/New_York")).date()  # the practice's own day
    assert auto.due(boss, received + timedelta(30)) == []
    settings.set_company(boss, AUTO_POST_DELAY, "3")
    assert auto.due(boss, received + timedelta(2)) == []
    assert auto.due(boss, received + timedelta(3)) == [deposit, doubtful]
    settings.set_payer_auto_post(boss, desk.office.acme, -1)
    assert auto.due(boss, received + timedelta(3)) == []
    settings.set_payer_auto_post(boss, desk.office.acme, 0)
    posted, stayed = auto.run(boss, received)
    assert posted.sent is not None
    assert posted.sent.status is DepositStatus.SENT_TO_POSTING
    assert (stayed.sent, stayed.refusal) == (
        None,
        "1 critical deposit error must be resolved or ignored first.",
    )
    assert desk.header(doubtful)["status"] == "NEW"


def bank_line(desk: Desk, cents: int, day: date, state: str = "unmatched") -> int:
    """Money in at NORTH's bank."""
    with desk.office.database.transaction() as stores:
        run, who = stores.connection.execute, desk.office.supervisor.user_id
        known = run(sa.select(bank.bank_accounts.c.id)).scalar()
        account = (
            known
            or run(
                sa.insert(bank.bank_accounts)
                .values(number="1", name="Bank", practice_id=desk.office.north)
                .returning(bank.bank_accounts.c.id)
            ).scalar_one()
        )
        key = f"{cents}|{day}"
        file = run(
            sa.insert(bank.bank_files)
            .values(sha256=key, name=key, kind="CSV", user_id=who, received_at=datetime.now(UTC))
            .returning(bank.bank_files.c.id)
        ).scalar_one()
        line = sa.insert(bank.bank_transactions).values(
            account_id=account,
            bank_file_id=file,
            posted_date=day,
            amount_cents=cents,
            line_key=key,
            state=state,
        )
        return int(run(line.returning(bank.bank_transactions.c.id)).scalar_one())


def bank_match(desk: Desk, deposit_id: int, state: str = "confirmed") -> None:
    line_id = bank_line(desk, 8000, DAY, "matched" if state == "confirmed" else "proposed")
    with desk.office.database.transaction() as stores:
        run = stores.connection.execute
        made = sa.insert(bank.bank_matches).values(
            step=1, state=state, score=1.0, deposit_cents=8000, line_cents=8000, difference_cents=0,
            created_at=datetime.now(UTC), created_by_id=desk.office.supervisor.user_id,
        )  # fmt: skip
        match_id = run(made.returning(bank.bank_matches.c.id)).scalar_one()
        run(sa.insert(bank.bank_match_items).values(match_id=match_id, transaction_id=line_id))
        run(sa.insert(bank.bank_match_items).values(match_id=match_id, deposit_id=deposit_id))


def test_auto_post_may_wait_for_the_bank(either_desk: Desk) -> None:
    desk = either_desk
    settings, boss = DeskSettings(desk.office.database), desk.office.supervisor
    desk.our_claim("A1", 10000)
    seen, unseen, only_proposed = desk.remit(paid("A1")), desk.remit(paid("A2")), desk.remit(paid("A3"))
    no_money = desk.remit(claim("A4", line(100, 0, ("CO-45", 100))))
    settings.set_company(boss, AUTO_POST_DELAY, "0")
    auto = AutoPost(desk.office.database)
    assert auto.due(boss) == [seen, unseen, only_proposed, no_money]
    with pytest.raises(RefusedError, match="choose one of no, yes"):
        settings.set_company(boss, AUTO_POST_MATCHED, "perhaps")
    settings.set_company(boss, AUTO_POST_MATCHED, "yes")
    bank_match(desk, seen)
    assert auto.due(boss) == [seen, no_money], "a deposit of 0.00 waits for no money"


def test_money_and_remittances_that_miss_each_other_are_listed_after_three_business_days(
    either_desk: Desk,
) -> None:
    desk = either_desk
    lists, boss = WorkLists(desk.office.database), desk.office.supervisor
    waiting, met = desk.remit(paid("A1")), desk.remit(paid("A2"))
    bank_match(desk, met)
    today = datetime.now(UTC).date()
    bank_line(desk, 12300, date(2026, 3, 2))
    bank_line(desk, 45600, today)
    bank_line(desk, -700, date(2026, 3, 3))
    bank_line(desk, 99900, date(2026, 3, 4), "not ours")
    tiles = {tile.name: (tile.count, tile.cents, tile.oldest) for tile in lists.tiles(boss)}
    assert tiles["eft_without_era"] == (1, 12300, date(2026, 3, 2))
    assert tiles["era_without_eft"] == (1, 8000, DAY)
    (item,) = lists.items(boss, "era_without_eft")
    assert item.deposit_id == waiting
    south = {tile.name: tile.count for tile in lists.tiles(desk.office.south_clerk)}
    assert (south["eft_without_era"], south["era_without_eft"]) == (0, 0)


def test_reported_money_is_booked_under_the_payment_type_of_its_reason(either_desk: Desk) -> None:
    desk = either_desk
    boss, rules = desk.office.supervisor, Rules(desk.office.database)
    desk.our_claim("A1", 10000)
    rules.set_era_amount(boss, EraAmount(None, "J1", Disposition.REPORT, PaymentType.TRANSFER))
    rules.set_era_amount(boss, EraAmount(desk.office.acme, "J1", Disposition.REPORT, PaymentType.REFUND))
    rules.set_era_amount(boss, EraAmount(None, "L6", Disposition.REPORT))
    rules.set_era_amount(boss, EraAmount(None, "B2", Disposition.REPORT))
    assert {(one.payer_id, one.reason): one.payment_type for one in rules.era_amounts(boss)} == {
        (None, "J1"): PaymentType.TRANSFER, (desk.office.acme, "J1"): PaymentType.REFUND,
        (None, "L6"): None, (None, "B2"): None,
    }  # fmt: skip
    deposit = desk.remit(paid("A1"), provider=[("J1", "R", -5), ("L6", "I", -325), ("B2", "Z", 40)])
    Posting(desk.office.database).send(boss, deposit)
    desk.assert_sound()

    def reported() -> dict[str, int]:
        with desk.office.database.reading() as stores:
            booked = stores.ledger.of_deposit(deposit)
        found: dict[str, int] = {}
        for entry in booked:
            if entry.account == "REPORTED":
                found[entry.payment_type] = found.get(entry.payment_type, 0) + entry.amount_cents
        return {name: cents for name, cents in found.items() if cents}

    assert reported() == {"Refund": -5, "Interest": -325, "": 40}
    Undoing(desk.office.database).reset(boss, deposit, "again")
    assert reported() == {}


def test_settings_are_checked(desk: Desk) -> None:
    settings, boss = DeskSettings(desk.office.database), desk.office.supervisor
    for key, value in ((AUTO_POST_DELAY, "15"), (AUTO_POST_DELAY, "x"), (CREDIT_SETTING, "7")):
        with pytest.raises(RefusedError):
            settings.set_company(boss, key, value)
    assert settings.company(boss)[CREDIT_SETTING] == "3"
    assert settings.payer_auto_post(boss, desk.office.acme) is None
    settings.close_period(boss, date(2026, 1, 31))
    with pytest.raises(RefusedError, match="closed through 2026-01-31 already"):
        settings.close_period(boss, date(2026, 1, 30))


def test_a_closed_day_takes_no_entry(desk: Desk) -> None:
    desk.our_claim("A1", 10000)
    deposit = desk.remit(paid("A1"))
    boss = desk.office.supervisor
    far = datetime.now(UTC).date() + timedelta(10)
    DeskSettings(desk.office.database).close_period(boss, far)
    with pytest.raises(RefusedError, match="closed through"):
        Posting(desk.office.database).send(boss, deposit, post_on=far)
    assert Posting(desk.office.database).send(boss, deposit).posted_on == far + timedelta(1)


def test_a_credit_makes_an_error_when_the_office_wants_one(desk: Desk) -> None:
    boss, settings = desk.office.supervisor, DeskSettings(desk.office.database)
    quiet, loud = desk.our_claim("A1", 10000), desk.our_claim("A2", 10000)
    first = desk.remit(claim("A1", line(10000, 12000, ("PR-2", -2000))))
    second = desk.remit(claim("A2", line(10000, 12500, ("PR-2", -2500))))
    Posting(desk.office.database).send(boss, first)
    assert (desk.our(quiet)[0], desk.open_codes(first)) == (-2000, [])
    settings.set_company(boss, CREDIT_SETTING, "1")
    Posting(desk.office.database).send(boss, second)
    assert desk.our(loud)[:2] == (-2500, "Refund")
    assert desk.open_codes(second) == ["CREDIT_CREATED"]


def test_work_lists_count_money_and_age_for_those_who_may_see_it(either_desk: Desk) -> None:
    desk = either_desk
    desk.our_claim("A1", 10000)
    bad = desk.remit(paid("NOT OURS"), provider=[("WO", "X", 100)])
    lists, boss = WorkLists(desk.office.database), desk.office.supervisor

    def tiles(who=boss) -> dict[str, tuple[int, int]]:  # noqa: ANN001
        return {tile.name: (tile.count, tile.cents) for tile in lists.tiles(who)}

    found = tiles()
    assert found["new_deposits"] == (1, 7900)
    assert found["deposit_errors"] == (1, 7900)
    assert found["provider_adjustments"] == (1, 100)
    assert found["posting_errors"] == (0, 0)
    (row,) = ProviderMoney(desk.office.database).of_deposit(boss, bad)
    Resolving(desk.office.database).dispose(boss, bad, row.id, Disposition.REPORT)
    Posting(desk.office.database).send(boss, bad)
    assert tiles()["posting_errors"] == (1, 8000)
    (item,) = lists.items(boss, "posting_errors")
    assert (item.deposit_id, item.code) == (bad, "CLAIM_NOT_FOUND")
    assert set(tiles(desk.office.south_clerk).values()) == {(0, 0)}
    assert [tile.name for tile in lists.tiles(boss)] == list(WORK_LISTS)
    Undoing(desk.office.database).reset(boss, bad, "again")
    Undoing(desk.office.database).void(boss, bad, "not ours")
    assert tiles()["new_deposits"] == (0, 0)


@pytest.mark.parametrize(
    ("condition", "effect"),
    [
        ({"payer_level": "primary"}, "INFO"),
        ({"payer_level": "secondary"}, "WRITE_OFF"),
        ({"remit_status": "1"}, "INFO"),
        ({"cpt": "99213"}, "INFO"),
        ({"rarc": "N130"}, "INFO"),
        ({"rarc": "MA01"}, "INFO"),
        ({"rarc": "N1"}, "WRITE_OFF"),
        ({"cpt": "99214"}, "WRITE_OFF"),
        ({"minimum_cents": 2000}, "INFO"),
        ({"maximum_cents": 1999}, "WRITE_OFF"),
        ({"block": True}, "BLOCK"),
    ],
    ids=str,
)
def test_a_rule_decides_when_the_file_comes_and_when_rules_are_applied_again(
    either_desk: Desk, condition: dict[str, object], effect: str
) -> None:
    """Of CO-45 of 20.00 on a 99213 with a remark, that the primary payer processed with another remark."""
    desk, boss = either_desk, either_desk.office.supervisor
    desk.our_claim("A1", 10000)
    resolving, rules = Resolving(desk.office.database), Rules(desk.office.database)
    remarked = line(10000, 8000, ("CO-45", 2000), remark_codes=("N130",))
    before = desk.remit(claim("A1", remarked, remark_codes=("MA01",)))
    first = Rule(0, Effect.WRITE_OFF, PaymentType.CONTRACTUAL, group="CO", carc="29")
    rules.save(boss, first)  # so that the rule of the test is not the office's oldest
    rules.save(boss, Rule(0, Effect.INFO, PaymentType.DENIAL, group="CO", carc="45", **condition))  # type: ignore[arg-type]
    after = desk.remit(claim("A1", remarked, remark_codes=("MA01",)))
    resolving.apply_rules(boss, before)
    for deposit in (before, after):
        (claim_row,) = desk.claims(deposit)
        assert [row["effect"] for row in desk.adjustments(claim_row["id"])] == [effect]
    assert resolving.apply_rules(boss, after) == 0, "nothing is left to decide anew"
