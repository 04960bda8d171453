"""The ledger refuses what must not be, on both engines, whoever writes to it."""

from datetime import date

import pytest
import sqlalchemy as sa
from sqlalchemy.exc import DBAPIError

from tests.builders import Office
from workbench.domain.deposit import Disposition, PaymentType
from workbench.domain.posting import Account, Effect, TransactionKind
from workbench.domain.posting_entry import Entry
from workbench.domain.posting_rule import Rule
from workbench.errors import ChangedByAnotherError
from workbench.storage.clock import now
from workbench.storage.conflict import ConflictError
from workbench.storage.stores import Stores
from workbench.storage.stores.ledger import NewTransaction
from workbench.storage.tables.claims import charge_lines, claims
from workbench.storage.tables.deposits import deposits
from workbench.storage.tables.ledger import ledger_entries, ledger_transactions

TODAY = date(2026, 3, 2)


def add(stores: Stores, table: sa.Table, **values: object) -> int:
    statement = sa.insert(table).values(**values).returning(table.c.id)
    return int(stores.connection.execute(statement).scalar_one())


def make(office: Office) -> tuple[int, int, int]:
    """A claim of 150.00 with one line, and a deposit."""
    with office.database.transaction() as stores:
        claim = add(
            stores, claims, practice_id=office.north, pcn="A1", charge_cents=15000, balance_cents=15000
        )
        line = add(stores, charge_lines, claim_id=claim, line_no=0, charge_cents=15000, balance_cents=15000)
        user = office.supervisor.user_id
        deposit = add(
            stores,
            deposits,
            type="EOB",
            status="NEW",
            owner_id=user,
            created_by_id=user,
            received_at=now(),
            created_at=now(),
        )
    return claim, line, deposit


def payment(claim: int, line: int, deposit: int, cents: int = 5600, **more: object) -> NewTransaction:
    entries = (
        Entry(Account.DEPOSIT, cents, claim, payment_type=PaymentType.INSURANCE.value),
        Entry(Account.RECEIVABLE, -cents, claim, line),
        Entry(Account.WRITE_OFF, 5000, claim),
        Entry(Account.RECEIVABLE, -5000, claim, line),
    )
    return NewTransaction(
        TransactionKind.CLAIM, deposit, entries, claim_id=claim, payer_claim_no="ICN", **more
    )  # type: ignore[arg-type]


def book(office: Office, *transactions: NewTransaction) -> list[int]:
    with office.database.transaction() as stores:
        return stores.ledger.book(transactions, posted_on=TODAY, user_id=office.supervisor.user_id)


def balances(office: Office, claim: int, line: int, deposit: int) -> tuple[int, ...]:
    with office.database.reading() as stores:
        found = [
            stores.connection.execute(sa.select(table.c.balance_cents).where(table.c.id == key)).scalar_one()
            for table, key in ((claims, claim), (charge_lines, line))
        ]
        columns = (deposits.c.posted_paid_cents, deposits.c.posted_adjustments_cents)
        return *found, *stores.connection.execute(sa.select(*columns).where(deposits.c.id == deposit)).one()


def test_booking_moves_every_balance_and_a_counter_entry_moves_them_back(either_office: Office) -> None:
    places = make(either_office)
    (number,) = book(either_office, payment(*places))
    assert balances(either_office, *places) == (4400, 4400, 5600, 5000)
    with either_office.database.reading() as stores:
        booked = stores.ledger.transactions([number])[0]
        assert stores.ledger.live_transactions(places[2]) == [number]
        assert [found.transaction_id for found in stores.ledger.originals([places[0]])[places[0], None]] == [
            number
        ]
        assert [row.amount_cents for row in stores.ledger.of_claim(places[0])] == [-5600, -5000]
    back = tuple(Entry(e.account, -e.amount_cents, e.claim_id, e.charge_line_id) for e in booked.entries)
    counter = NewTransaction(TransactionKind.COUNTER, places[2], back, claim_id=places[0], reverses_id=number)
    book(either_office, counter)
    assert balances(either_office, *places) == (15000, 15000, 0, 0)
    with either_office.database.reading() as stores:
        assert stores.ledger.live_transactions(places[2]) == []
        assert stores.ledger.originals([places[0]]) == {}
    with pytest.raises(ConflictError):
        book(either_office, counter)  # undone once and for all


def test_a_payer_reversal_uses_its_original_up_until_it_is_itself_undone(either_office: Office) -> None:
    claim, line, deposit = make(either_office)
    (number,) = book(either_office, payment(claim, line, deposit))
    (taking_back,) = book(either_office, payment(claim, line, deposit, -5600, negates_id=number))
    with either_office.database.reading() as stores:
        assert stores.ledger.negated_live([number]) == {number: deposit}
        assert stores.ledger.originals([claim]) == {}
    book(either_office, NewTransaction(TransactionKind.COUNTER, deposit, (), reverses_id=taking_back))
    with either_office.database.reading() as stores:
        assert stores.ledger.negated_live([number]) == {}
        assert len(stores.ledger.originals([claim])[claim, None]) == 1


def test_an_unbalanced_transaction_is_refused_whole(either_office: Office) -> None:
    claim, line, deposit = make(either_office)
    lopsided = NewTransaction(
        TransactionKind.CLAIM, deposit, (Entry(Account.DEPOSIT, 1, claim),), claim_id=claim
    )
    with pytest.raises(DBAPIError, match="does not sum to zero"):
        book(either_office, payment(claim, line, deposit), lopsided)
    with either_office.database.reading() as stores:
        assert stores.ledger.of_deposit(deposit) == []


@pytest.mark.parametrize(
    "statement",
    [
        sa.update(ledger_entries).values(amount_cents=1),
        sa.delete(ledger_entries),
        sa.update(ledger_transactions).values(reason="other"),
        sa.delete(ledger_transactions),
        sa.insert(ledger_entries).values(transaction_id=1, account="DEPOSIT", amount_cents=1),
    ],
    ids=["change entry", "delete entry", "change transaction", "delete transaction", "add to a sealed one"],
)
def test_nothing_booked_is_ever_changed(either_office: Office, statement: sa.Executable) -> None:
    places = make(either_office)
    assert book(either_office, payment(*places)) == [1]
    with (
        pytest.raises(DBAPIError, match=r"append only|sealed"),
        either_office.database.transaction() as stores,
    ):
        stores.connection.execute(statement)
    with either_office.database.reading() as stores:
        assert len(stores.ledger.of_deposit(places[2])) == 4


def test_entries_without_their_transaction_do_not_come_to_be(either_office: Office) -> None:
    with pytest.raises(DBAPIError), either_office.database.transaction() as stores:
        stores.connection.execute(
            sa.insert(ledger_entries), [{"transaction_id": 99, "account": "DEPOSIT", "amount_cents": 1}]
        )


def test_rules_come_back_as_they_were_kept_and_the_second_editor_is_told(either_office: Office) -> None:
    rule = Rule(
        0,
        Effect.WRITE_OFF,
        PaymentType.CONTRACTUAL,
        payer_id=either_office.acme,
        group="CO",
        carc="97",
        minimum_cents=5,
    )
    with either_office.database.transaction() as stores:
        number = stores.rules.add(rule)
        (kept,) = stores.rules.all()
        assert kept == Rule(
            number,
            Effect.WRITE_OFF,
            PaymentType.CONTRACTUAL,
            payer_id=either_office.acme,
            group="CO",
            carc="97",
            minimum_cents=5,
        )
        assert stores.rules.change(kept) == 2
        with pytest.raises(ChangedByAnotherError):
            stores.rules.change(kept)


def test_era_amounts_and_payer_settings_are_kept_once(either_office: Office) -> None:
    payer = either_office.acme
    with either_office.database.transaction() as stores:
        for disposition in (Disposition.REPORT, Disposition.APPLY_TO_CLAIM):
            stores.rules.set_era_amount(None, "WO", disposition)
            stores.rules.set_era_amount(payer, "WO", disposition)
        assert stores.rules.era_amounts() == {
            (None, "WO"): Disposition.APPLY_TO_CLAIM,
            (payer, "WO"): Disposition.APPLY_TO_CLAIM,
        }
        for value in ("3", "5"):
            stores.rules.set_payer_setting(payer, "auto_post_deposit", value)
        assert stores.rules.payer_settings(payer) == {"auto_post_deposit": "5"}
        stores.rules.set_payer_setting(payer, "auto_post_deposit", None)
        assert stores.rules.all_payer_settings("auto_post_deposit") == {}
