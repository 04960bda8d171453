"""The bank desk on a real store: import exactly once, run, decide, close the day."""

import threading
from dataclasses import replace
from datetime import UTC, date, datetime

import pytest

from tests.builders import ACME_ID, Office
from workbench.bank.profile import ColumnProfile
from workbench.domain.bank import BankLineState, DayState, DepositBankState, MatchState, MatchStep
from workbench.domain.bank_desk import BankImportOutcome, StoredLine
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.errors import ChangedByAnotherError, NotFoundError, NotPermittedError, RefusedError
from workbench.services.bank.days import BankDays
from workbench.services.bank.decisions import BankDecisions
from workbench.services.bank.importing import BankImport
from workbench.services.bank.lists import WHOLE, BankLists, ageing
from workbench.services.bank.matching import BankMatching
from workbench.storage import Stores
from workbench.storage.tables.deposits import deposits as deposit_table

DAY = date(2026, 11, 2)
TRACE = f"HCCLAIMPMT TRN*1*000123*{ACME_ID}\\"


def bai2(*details: str, day: str = "261102", opening: int = 100_00, account: str = "00012345") -> bytes:
    """A correct BAI2 file of one account and day; a detail is `cents,reference,slip,text`."""
    amounts = [int(detail.split(",")[0]) for detail in details]
    closing = opening + sum(amounts)
    rows = [
        f"16,{165 if cents >= 0 else 475},{abs(cents)},0,{detail.partition(',')[2]}/"
        for cents, detail in zip(amounts, details, strict=True)
    ]
    control = opening + closing + sum(abs(cents) for cents in amounts)
    return "\n".join(
        [
            "01,BANK,OFFICE,261103,0600,1,,,2/",
            f"02,OFFICE,BANK,1,{day},2359,USD,2/",
            f"03,{account},USD,010,{opening},,,015,{closing},,/",
            *rows,
            f"49,{control},{len(rows) + 2}/",
            f"98,{control},1,{len(rows) + 4}/",
            f"99,{control},1,{len(rows) + 6}/",
        ]
    ).encode()


class Desk:
    """The services over one office, with the account 00012345 of the North practice."""

    def __init__(self, office: Office) -> None:
        self.office = office
        self.clerk = office.north_clerk
        self.importer, self.matching = BankImport(office.database), BankMatching(office.database)
        self.decisions, self.days = BankDecisions(office.database), BankDays(office.database)
        self.lists = BankLists(office.database)

    def take(self, *details: str, actor: Actor | None = None, **options: object) -> BankImportOutcome:
        return self.importer.import_file(actor or self.clerk, "day.bai", bai2(*details, **options))  # type: ignore[arg-type]

    def deposit(self, cents: int, check: str = "", **values: object) -> int:
        row = {
            "practice_id": self.office.north,
            "type": "ERA",
            "status": "NEW",
            "owner_id": self.clerk.user_id,
            "created_by_id": self.clerk.user_id,
            "deposited_date": DAY,
            "received_at": datetime(2026, 11, 2, tzinfo=UTC),
            "created_at": datetime(2026, 11, 2, tzinfo=UTC),
            "check_number": check,
            "payer_id": self.office.acme,
            "payer_identifier": ACME_ID,
            "pay_method": "ACH",
            "deposit_cents": cents,
            **values,
        }
        with self.office.database.transaction() as stores:
            inserted = stores.connection.execute(
                deposit_table.insert().values(**row).returning(deposit_table.c.id)
            )
            return int(inserted.scalar_one())

    def line(self, position: int = 0) -> StoredLine:
        return self.lists.lines(self.clerk, BankLineState)[position]

    def state_of(self, deposit_id: int) -> DepositBankState:
        found = self.lists.deposits(self.office.supervisor, matched=None)
        return next(each.state for each in found if each.id == deposit_id)

    def audit(self, kind: str, subject: int) -> list[str]:
        with self.office.database.reading() as stores:
            return [event.action for event in stores.audit.of(kind, subject)]


@pytest.fixture
def desk(office: Office) -> Desk:
    return Desk(office)


def codes(outcome: BankImportOutcome) -> list[str]:
    return [each.code for each in outcome.findings]


# -- import -------------------------------------------------------------------------------------------------


def test_a_file_is_imported_once_and_its_account_belongs_to_the_only_practice_of_the_clerk(
    desk: Desk,
) -> None:
    first = desk.take(f"12345,R1,,{TRACE}", "-2000,R2,,FEE")
    assert (first.outcome, first.lines, first.new_lines) == ("new", 2, 2)
    assert (first.credits_cents, first.debits_cents, codes(first)) == (12345, -2000, ["BANK_ACCOUNT_NEW"])
    again = desk.take(f"12345,R1,,{TRACE}", "-2000,R2,,FEE")
    assert (again.outcome, codes(again)) == ("duplicate", ["BANK_FILE_SEEN"])
    stored = desk.line()
    assert (stored.trace, stored.payer_key, stored.state) == (
        "000123",
        f"ID {ACME_ID}",
        BankLineState.UNMATCHED,
    )
    assert [account.practice_id for account in desk.importer.accounts(desk.clerk)] == [desk.office.north]
    assert desk.audit("bank_file", first.file_id or 0) == ["bank.import"]


def test_the_same_lines_in_another_file_are_not_stored_again_and_twins_are(desk: Desk) -> None:
    desk.take("500,R1,,A", "500,R1,,A")
    longer = desk.take("500,R1,,A", "500,R1,,A", "700,R3,,B")
    assert (longer.lines, longer.new_lines) == (3, 1)
    assert {"BANK_TWIN", "BANK_LINE_SEEN"} <= set(codes(longer))
    assert [line.amount_cents for line in desk.lists.lines(desk.clerk)] == [500, 500, 700]


def test_a_missing_statement_shows_as_a_gap(desk: Desk) -> None:
    desk.take("500,R1,,A")
    assert "BANK_BALANCE_GAP" not in codes(desk.take("700,R2,,A", day="261103", opening=105_00))
    gap = desk.take("700,R3,,A", day="261105", opening=113_00)
    assert gap.outcome == "doubtful"
    assert [each.context["expected_cents"] for each in gap.findings if each.code == "BANK_BALANCE_GAP"] == [
        112_00
    ]


def test_an_unreadable_file_is_rejected_and_nothing_is_stored(desk: Desk) -> None:
    refused = desk.importer.import_file(desk.clerk, "x", b"\x00\x01")
    assert (refused.outcome, codes(refused)) == ("rejected", ["BANK_FILE_UNREADABLE"])
    assert desk.lists.lines(desk.clerk) == []


def test_a_table_waits_for_its_profile_and_is_read_with_it_from_then_on(desk: Desk) -> None:
    data = b"Date,Description,Amount\n11/02/2026,PAYER A,10.00\n"
    refused = desk.importer.import_file(desk.clerk, "x.csv", data)
    suggestion = ColumnProfile.from_json(refused.findings[0].context["suggestion"])
    desk.importer.save_profile(desk.clerk, replace(suggestion, name="Our bank", account_number="777"))
    assert desk.importer.import_file(desk.clerk, "x.csv", data).outcome == "new"
    assert [profile.name for profile in desk.importer.profiles(desk.clerk)] == ["Our bank"]


def test_an_account_of_another_practice_is_neither_written_nor_seen(desk: Desk) -> None:
    desk.take("500,R1,,A")
    with pytest.raises(NotFoundError):
        desk.take("700,R2,,A", actor=desk.office.south_clerk)
    assert desk.lists.lines(desk.office.south_clerk) == []
    with pytest.raises(NotFoundError):
        desk.days.day(desk.office.south_clerk, 1, DAY)


def test_without_the_right_nothing_happens(desk: Desk) -> None:
    nobody = replace(desk.clerk, permissions=frozenset({Permission.BANK_VIEW}))
    desk.take("500,R1,,A")
    line = desk.line()
    for attempt in (
        lambda: desk.take("700,R2,,A", actor=nobody),
        lambda: desk.matching.run(nobody),
        lambda: desk.decisions.accept(nobody, [1]),
        lambda: desk.decisions.mark(nobody, line.id, line.version, BankLineState.NOT_OURS, "x"),
        lambda: desk.days.lock(nobody, line.account_id, DAY),
    ):
        with pytest.raises(NotPermittedError):
            attempt()


def test_eight_imports_at_once_make_one(desk: Desk) -> None:
    """Sixteen imports at once, each of the eight files twice: shared lines are stored once, own lines each once."""
    outcomes: list[str] = []
    files = [bai2("500,R1,,A", "500,R1,,A", f"{number},N{number},,B") for number in range(1, 9)]

    def take(data: bytes) -> None:
        outcomes.append(desk.importer.import_file(desk.clerk, "x", data).outcome)

    threads = [threading.Thread(target=take, args=(data,)) for data in (*files, *files)]
    for thread in threads:
        thread.start()
    for thread in threads:
        thread.join()
    amounts = sorted(line.amount_cents for line in desk.lists.lines(desk.clerk))
    assert amounts == [*range(1, 9), 500, 500]
    assert len(outcomes) == 16


# -- matching ------------------------------------------------------------------------------------------------


def test_an_exact_trace_confirms_itself_and_teaches_the_payers_name(desk: Desk) -> None:
    paid = desk.deposit(12345, "123")
    desk.take(f"12345,R1,,{TRACE}")
    done = desk.matching.run(desk.clerk)
    assert (done.confirmed, done.confirmed_cents, done.proposed) == (1, 12345, 0)
    assert desk.line().state is BankLineState.MATCHED
    assert desk.state_of(paid) is DepositBankState.MATCHED
    with desk.office.database.reading() as stores:
        assert (f"ID {ACME_ID}", desk.office.acme) in _aliases(stores)


def _aliases(stores: Stores) -> set[tuple[str, int]]:
    return {(row["payer_key"], row["payer_id"]) for row in stores.bank.aliases().to_pylist()}


def test_a_proposal_waits_for_a_person_and_a_run_makes_it_anew(desk: Desk) -> None:
    paid = desk.deposit(5000)
    desk.take("5000,R1,,BLUE RIVER MUTUAL")
    for _ in range(2):
        assert desk.matching.run(desk.clerk).proposed == 1
    assert desk.line().state is BankLineState.PROPOSED
    assert desk.state_of(paid) is DepositBankState.PROPOSED
    (proposal,) = desk.lists.proposals(desk.clerk)
    assert (proposal.step, proposal.line_ids, proposal.deposit_ids) == (
        MatchStep.AMOUNT_DATE,
        (desk.line().id,),
        (paid,),
    )
    assert "Amount is equal" in proposal.reasons
    with desk.office.database.reading() as stores:
        assert ("BLUE RIVER MUTUAL", desk.office.acme) not in _aliases(
            stores
        )  # learned from confirmed ones only
    desk.decisions.accept(desk.clerk, [proposal.id])
    assert desk.line().state is BankLineState.MATCHED
    assert desk.audit("bank_match", proposal.id) == ["bank.accept"]
    with desk.office.database.reading() as stores:
        assert ("BLUE RIVER MUTUAL", desk.office.acme) in _aliases(stores)
    with pytest.raises(ChangedByAnotherError):
        desk.decisions.accept(desk.clerk, [proposal.id])


def test_what_was_turned_down_is_not_proposed_again(desk: Desk) -> None:
    desk.deposit(5000)
    desk.take("5000,R1,,PAYER")
    desk.matching.run(desk.clerk)
    desk.decisions.reject(desk.clerk, desk.lists.proposals(desk.clerk)[0].id)
    assert desk.line().state is BankLineState.UNMATCHED
    assert desk.matching.run(desk.clerk).proposed == 0


def test_unmatch_frees_both_sides_and_forgets_the_name(desk: Desk) -> None:
    paid = desk.deposit(5000)
    desk.take("5000,R1,,BLUE RIVER MUTUAL")
    match_id = desk.decisions.match(desk.clerk, [desk.line().id], [paid])
    with pytest.raises(RefusedError, match="Say why"):
        desk.decisions.unmatch(desk.clerk, match_id, " ")
    desk.decisions.unmatch(desk.clerk, match_id, "wrong one")
    assert desk.line().state is BankLineState.UNMATCHED
    assert desk.state_of(paid) is DepositBankState.NO_BANK_LINE
    with desk.office.database.reading() as stores:
        assert ("BLUE RIVER MUTUAL", desk.office.acme) not in _aliases(stores)
        (match,) = stores.bank_matches.matches([match_id])
    assert match.state is MatchState.UNDONE
    assert desk.audit("bank_match", match_id) == ["bank.match_by_hand", "bank.unmatch"]


def test_one_line_over_several_deposits_and_several_lines_on_one(desk: Desk) -> None:
    first, second, third = desk.deposit(3000), desk.deposit(2000), desk.deposit(900)
    desk.take("5000,R1,,A", "400,R2,,B", "500,R3,,C")
    whole, part_one, part_two = desk.lists.lines(desk.clerk)
    split = desk.decisions.match(desk.clerk, [whole.id], [first, second])
    merged = desk.decisions.match(desk.clerk, [part_one.id], [third], "rest follows")
    assert desk.state_of(third) is DepositBankState.DIFFERENCE
    merged = desk.decisions.merge(desk.clerk, merged, [part_two.id], [])
    found = {match.id: match for match in desk.lists.match_page(desk.clerk, WHOLE, MatchState.CONFIRMED)[0]}
    assert [(part.deposit_id, part.amount_cents) for part in found[split].parts] == [
        (first, 3000),
        (second, 2000),
    ]
    assert [(part.line_id, part.amount_cents) for part in found[merged].parts] == [
        (part_one.id, 400),
        (part_two.id, 500),
    ]
    assert found[merged].difference_cents == 0
    assert [line.state for line in desk.lists.lines(desk.clerk, BankLineState)] == [
        BankLineState.SPLIT,
        BankLineState.MATCHED,
        BankLineState.MATCHED,
    ]
    assert desk.state_of(third) is DepositBankState.MATCHED


def test_shares_of_a_split_are_the_persons_own(desk: Desk) -> None:
    first, second = desk.deposit(3000), desk.deposit(2000)
    desk.take("4900,R1,,A")
    line = desk.line()
    with pytest.raises(RefusedError, match=r"1\.00 more"):
        desk.decisions.split(desk.clerk, line.id, {first: 3000, second: 2000})
    with pytest.raises(RefusedError, match="Say why"):
        desk.decisions.split(desk.clerk, line.id, {first: 3000, second: 1900})
    desk.decisions.split(desk.clerk, line.id, {first: 3000, second: 1900}, "short paid")
    assert desk.line().state is BankLineState.MATCHED_WITH_DIFFERENCE


def test_a_matched_line_is_matched_once_whoever_tries(desk: Desk) -> None:
    first, second = desk.deposit(5000), desk.deposit(5000)
    desk.take("5000,R1,,A", "5000,R2,,B")
    line, other = desk.lists.lines(desk.clerk)
    desk.decisions.match(desk.clerk, [line.id], [first])
    with pytest.raises(RefusedError, match="matched already"):
        desk.decisions.match(desk.clerk, [line.id], [second])
    with pytest.raises(RefusedError, match="matched already"):
        desk.decisions.match(desk.clerk, [other.id], [first])
    with pytest.raises(RefusedError, match="matched already"):
        desk.decisions.mark(desk.clerk, line.id, desk.line().version, BankLineState.NOT_OURS, "x")


def test_a_deposit_of_another_practice_cannot_be_matched(desk: Desk) -> None:
    theirs = desk.deposit(5000, practice_id=desk.office.south)
    desk.take("5000,R1,,A")
    with pytest.raises(NotFoundError):
        desk.decisions.match(desk.clerk, [desk.line().id], [theirs])
    assert desk.matching.run(desk.clerk).proposed == 0


def test_a_mark_needs_a_reason_and_the_version_that_was_seen(desk: Desk) -> None:
    desk.deposit(5000)
    desk.take("5000,R1,,A")
    desk.matching.run(desk.clerk)
    seen = desk.line()
    with pytest.raises(RefusedError, match="Say why"):
        desk.decisions.mark(desk.clerk, seen.id, seen.version, BankLineState.TO_CHECK)
    with pytest.raises(RefusedError, match="can be marked"):
        desk.decisions.mark(desk.clerk, seen.id, seen.version, BankLineState.MATCHED, "x")
    version = desk.decisions.mark(desk.clerk, seen.id, seen.version, BankLineState.NOT_OURS, "interest")
    assert (desk.line().state, desk.lists.proposals(desk.clerk)) == (BankLineState.NOT_OURS, [])
    with pytest.raises(ChangedByAnotherError):
        desk.decisions.mark(desk.clerk, seen.id, seen.version, BankLineState.UNMATCHED)
    desk.decisions.mark(desk.clerk, seen.id, version, BankLineState.UNMATCHED)
    assert desk.matching.run(desk.clerk).proposed == 1


def test_a_card_net_of_its_fee_is_accepted_without_a_reason(desk: Desk) -> None:
    paid = desk.deposit(10_000, pay_method="VIRTUAL_CARD")
    desk.take("9710,R1,,BANKCARD DEP MERCH")
    desk.matching.run(desk.clerk)
    desk.decisions.accept(desk.clerk, [desk.lists.proposals(desk.clerk)[0].id])
    assert desk.state_of(paid) is DepositBankState.CARD


def test_ignored_deposits_wait_for_no_money_and_zero_pay_is_told(desk: Desk) -> None:
    desk.deposit(5000, status="IGNORE")
    zero = desk.deposit(0)
    assert [each.id for each in desk.lists.deposits(desk.clerk)] == [zero]
    assert desk.state_of(zero) is DepositBankState.ZERO_PAY
    assert desk.lists.unreconciled(desk.clerk, DAY).deposits == 0


def test_a_large_day_takes_the_bulk_way_and_comes_out_the_same(desk: Desk) -> None:
    """More rows than are worth single inserts: lines, matches, items and parts go in by staging."""
    with desk.office.database.transaction() as stores:
        row = {
            "practice_id": desk.office.north, "type": "ERA", "status": "NEW", "owner_id": desk.clerk.user_id,
            "created_by_id": desk.clerk.user_id, "deposited_date": DAY, "received_at": datetime(2026, 11, 2, tzinfo=UTC),
            "created_at": datetime(2026, 11, 2, tzinfo=UTC), "payer_id": desk.office.acme, "payer_identifier": ACME_ID,
        }  # fmt: skip
        stores.connection.execute(
            deposit_table.insert(),
            [{**row, "deposit_cents": 1000 + n, "check_number": f"{n}"} for n in range(1, 801)],
        )
    traces = [f"{1000 + n},R{n},,TRN*1*{n}*{ACME_ID}\\" for n in range(1, 701)]
    plain = [f"{1000 + n},R{n},,PAYER" for n in range(701, 801)]
    assert desk.take(*traces, *plain).new_lines == 800
    for _ in range(2):
        done = desk.matching.run(desk.clerk)
        assert done.proposed == 100
        assert (done.unmatched_lines, done.unmatched_deposits) == (0, 0)
    states = [line.state for line in desk.lists.lines(desk.clerk, BankLineState)]
    assert (states.count(BankLineState.MATCHED), states.count(BankLineState.PROPOSED)) == (700, 100)
    found = desk.lists.match_page(desk.clerk, WHOLE, MatchState.CONFIRMED)[0]
    assert all(len(match.parts) == 1 and match.parts[0].amount_cents == match.line_cents for match in found)
    assert sum(match.line_cents for match in found) == sum(1000 + n for n in range(1, 701))


# -- the running total ---------------------------------------------------------------------------------------


def test_the_unreconciled_total_and_its_age(desk: Desk) -> None:
    paid = desk.deposit(5000)
    desk.deposit(3000, deposited_date=date(2026, 10, 26))
    desk.take("5000,R1,,A", "777,R2,,B")
    total = desk.lists.unreconciled(desk.clerk, date(2026, 11, 6))
    assert (total.lines_cents, total.deposits_cents, total.difference_cents) == (5777, 8000, -2223)
    assert [(bucket.from_days, bucket.count) for bucket in total.line_ageing] == [
        (0, 0),
        (3, 2),
        (5, 0),
        (10, 0),
    ]
    assert [bucket.count for bucket in total.deposit_ageing] == [0, 1, 1, 0]
    desk.decisions.match(desk.clerk, [desk.line().id], [paid])
    assert desk.lists.unreconciled(desk.clerk, DAY).difference_cents == 777 - 3000


def test_ageing_counts_business_days() -> None:
    friday, next_wednesday = date(2026, 11, 6), date(2026, 11, 11)
    assert [bucket.cents for bucket in ageing([(friday, 1, 100), (None, 1, 7)], next_wednesday)] == [
        7,
        100,
        0,
        0,
    ]


def test_a_request_for_a_missing_remittance_says_what_the_payer_needs(desk: Desk) -> None:
    desk.take(f"12345,R1,,{TRACE}")
    text = desk.lists.tracing_request(desk.clerk, desk.line().id)
    for fact in ("000123", "123.45", "11/02/2026", ACME_ID, "R1"):
        assert fact in text


# -- closing a day -------------------------------------------------------------------------------------------


def test_a_day_is_signed_only_when_it_ties_out(desk: Desk) -> None:
    paid = desk.deposit(5000)
    desk.take("5000,R1,,A", "-300,R2,,FEE")
    line, fee = desk.lists.lines(desk.clerk)
    with pytest.raises(RefusedError, match="2 bank lines"):
        desk.days.lock(desk.clerk, line.account_id, DAY)
    match_id = desk.decisions.match(desk.clerk, [line.id], [paid])
    desk.decisions.mark(desk.clerk, fee.id, fee.version, BankLineState.NOT_OURS, "bank fee")
    locked = desk.days.lock(desk.clerk, line.account_id, DAY)
    assert (locked.state, locked.signed_by) == (DayState.LOCKED, "North Clerk")
    assert (locked.lines_cents, locked.matched_cents, locked.not_ours_cents) == (4700, 5000, -300)
    assert (locked.opening_cents, locked.closing_cents, locked.gap_cents) == (10000, 14700, 0)
    with pytest.raises(RefusedError, match="is locked"):
        desk.decisions.unmatch(desk.clerk, match_id, "x")
    with pytest.raises(RefusedError, match="is locked"):
        desk.decisions.mark(desk.clerk, fee.id, fee.version + 1, BankLineState.UNMATCHED)
    with pytest.raises(RefusedError, match="locked already"):
        desk.days.lock(desk.clerk, line.account_id, DAY)


def test_a_locked_day_opens_with_a_reason_and_is_signed_again(desk: Desk) -> None:
    paid = desk.deposit(5000)
    desk.take("5000,R1,,A")
    line = desk.line()
    match_id = desk.decisions.match(desk.clerk, [line.id], [paid])
    desk.days.lock(desk.clerk, line.account_id, DAY)
    with pytest.raises(RefusedError, match="Say why"):
        desk.days.reopen(desk.clerk, line.account_id, DAY, "")
    assert desk.days.reopen(desk.clerk, line.account_id, DAY, "one more line").state is DayState.OPEN
    desk.decisions.unmatch(desk.clerk, match_id, "x")
    desk.decisions.match(desk.clerk, [line.id], [paid])
    assert desk.days.lock(desk.clerk, line.account_id, DAY).state is DayState.LOCKED
    assert desk.audit("bank_account", line.account_id) == [
        "bank.lock_day",
        "bank.reopen_day",
        "bank.lock_day",
    ]


def test_a_line_that_comes_after_the_lock_is_kept_to_check(desk: Desk) -> None:
    paid = desk.deposit(5000)
    desk.take("5000,R1,,A")
    desk.decisions.match(desk.clerk, [desk.line().id], [paid])
    desk.days.lock(desk.clerk, desk.line().account_id, DAY)
    late = desk.take("5000,R1,,A", "70,R2,,LATE")
    assert (late.outcome, "BANK_DAY_LOCKED" in codes(late)) == ("doubtful", True)
    assert desk.line(1).state is BankLineState.TO_CHECK


def test_a_statement_that_does_not_add_up_cannot_be_signed(desk: Desk) -> None:
    broken = bai2("5000,R1,,A").replace(b"015,15000", b"015,15100").replace(b"49,30000", b"49,30100")
    desk.importer.import_file(desk.clerk, "x", broken)
    line = desk.line()
    desk.decisions.mark(desk.clerk, line.id, line.version, BankLineState.NOT_OURS, "x")
    with pytest.raises(RefusedError, match=r"-1\.00 off"):
        desk.days.lock(desk.clerk, line.account_id, DAY)


@pytest.mark.postgres
def test_the_desk_works_on_postgresql_too(postgres_url: str) -> None:
    from tests.builders import furnish_office
    from workbench.storage import Database

    database = Database.open(postgres_url)
    desk = Desk(furnish_office(database))
    paid, other = desk.deposit(12345, "123"), desk.deposit(5000)
    assert desk.take(f"12345,R1,,{TRACE}", "5000,R2,,BLUE RIVER").outcome == "new"
    done = desk.matching.run(desk.clerk)
    assert (done.confirmed, done.proposed) == (1, 1)
    desk.decisions.accept(desk.clerk, [desk.lists.proposals(desk.clerk)[0].id])
    assert desk.days.lock(desk.clerk, desk.line().account_id, DAY).matched_cents == 17345
    assert {desk.state_of(paid), desk.state_of(other)} == {DepositBankState.MATCHED}
    database.close()
