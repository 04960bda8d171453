"""The Deposit Reconciliation report and the snapshot: totals equal the ledger's, exports say the same."""

import csv
import io
import random
from dataclasses import replace
from datetime import UTC, date, datetime
from decimal import Decimal

import pypdfium2
import pytest
import sqlalchemy as sa
from defusedxml.ElementTree import fromstring
from openpyxl import load_workbook

from tests.builders import Office
from workbench.bank.profile import ColumnProfile
from workbench.domain.permissions import Permission
from workbench.domain.posting import Account, TransactionKind
from workbench.domain.posting_entry import Entry
from workbench.domain.reports import ReconciliationQuery, Report, ReportDate
from workbench.errors import NotPermittedError, RefusedError
from workbench.services.bank.decisions import BankDecisions
from workbench.services.bank.importing import BankImport
from workbench.services.reports.figures import MOST_BARS, Group, Reports
from workbench.services.reports.picture import picture_svg
from workbench.services.reports.rendering import (
    ReportExports,
    ReportFormat,
    as_csv,
    as_document,
    as_pdf,
    as_xlsx,
)
from workbench.storage.stores.ledger import NewTransaction
from workbench.storage.tables.claims import claims
from workbench.storage.tables.deposits import deposits
from workbench.storage.tables.ledger import ledger_entries

FIRST, LAST = date(2026, 11, 1), date(2026, 11, 30)
NOVEMBER = ReconciliationQuery(FIRST, LAST)
HOSTILE = '=HYPERLINK("http://localhost")<b>'


def add_deposit(office: Office, cents: int, day: date | None, **values: object) -> int:
    user = office.north_clerk.user_id
    moment = datetime(2026, 11, 20, 12, tzinfo=UTC)
    row = {
        "practice_id": office.north, "type": "ERA", "status": "SENT_TO_POSTING", "owner_id": user, "created_by_id": user,
        "deposited_date": day, "received_at": moment, "created_at": moment, "deposit_cents": cents,
        "payer_name": "ACME HEALTH", "check_number": f"C{cents}", "pay_method": "ACH", **values,
    }  # fmt: skip
    with office.database.transaction() as stores:
        return int(
            stores.connection.execute(sa.insert(deposits).values(**row).returning(deposits.c.id)).scalar_one()
        )


def post(office: Office, deposit_id: int, paid: int, written_off: int, *, reset: bool = False) -> None:
    """Books a payment and a write-off on a claim of its own; `reset` takes them back."""
    with office.database.transaction() as stores:
        added = sa.insert(claims).values(
            practice_id=office.north, pcn="A", charge_cents=10**7, balance_cents=10**7
        )
        claim = int(stores.connection.execute(added.returning(claims.c.id)).scalar_one())
        entries = (
            Entry(Account.DEPOSIT, paid, claim),
            Entry(Account.WRITE_OFF, written_off, claim),
            Entry(Account.RECEIVABLE, -paid - written_off, claim),
        )
        user = office.north_clerk.user_id
        booking = NewTransaction(TransactionKind.CLAIM, deposit_id, entries, claim_id=claim)
        (number,) = stores.ledger.book([booking], posted_on=LAST, user_id=user)
        if reset:
            back = tuple(Entry(entry.account, -entry.amount_cents, entry.claim_id) for entry in entries)
            counter = NewTransaction(
                TransactionKind.COUNTER, deposit_id, back, claim_id=claim, reverses_id=number
            )
            stores.ledger.book([counter], posted_on=LAST, user_id=user)


def column(report: Report, key: str) -> list[object]:
    position = [each.key for each in report.columns].index(key)
    return [row[position] for row in report.rows]


def total(report: Report, key: str) -> object:
    return report.totals[[each.key for each in report.columns].index(key)]


@pytest.fixture
def november(office: Office) -> Office:
    """Three deposits of November, one of December, one of the other practice, one removed."""
    first = add_deposit(office, 10_000, date(2026, 11, 2), payments_cents=9_000, adjustments_cents=500)
    second = add_deposit(office, 5_000, date(2026, 11, 3), payer_name=HOSTILE, type="EOB", pay_method="CHECK")
    add_deposit(office, 700, None, issued_date=date(2026, 11, 3), status="IGNORE")
    add_deposit(office, 1, date(2026, 12, 1), disbursed_at=datetime(2026, 11, 5, tzinfo=UTC))
    add_deposit(office, 2, date(2026, 11, 4), practice_id=office.south)
    add_deposit(office, 4, date(2026, 11, 4), voided_at=datetime(2026, 11, 5, tzinfo=UTC))
    post(office, first, 8_000, 500)
    post(office, first, 300, 50, reset=True)
    post(office, second, 4_500, 200)
    return office


def test_the_columns_are_those_of_the_spec_and_the_rows_those_of_the_period(november: Office) -> None:
    report = Reports(november.database).reconciliation(november.north_clerk, NOVEMBER)
    assert [each.label.removesuffix(" ($)").lower() for each in report.columns] == [
        "id", "deposit date", "check #", "payer", "status", "posting status", "deposit", "payments", "adjustments",
        "exclusions", "posted paid", "posted adj", "type", "user",
    ]  # fmt: skip
    assert column(report, "deposit") == [10_000, 5_000, 700]
    assert column(report, "posting_status") == ["NOT_DISBURSED", "NOT_DISBURSED", "-"]
    assert column(report, "user") == ["North Clerk"] * 3
    assert (total(report, "deposit"), total(report, "payments"), total(report, "id")) == (
        15_700,
        9_000,
        "3 rows",
    )


def test_posted_figures_are_the_ledgers_own(november: Office) -> None:
    report = Reports(november.database).reconciliation(november.north_clerk, NOVEMBER)
    assert column(report, "posted_paid") == [8_000, 4_500, 0]
    assert column(report, "posted_adjustments") == [500, 200, 0]
    with november.database.reading() as stores:
        entry = ledger_entries.c
        booked = dict(
            stores.connection.execute(
                sa.select(entry.account, sa.func.sum(entry.amount_cents)).group_by(entry.account)
            )
            .tuples()
            .all()
        )
    assert total(report, "posted_paid") == booked[Account.DEPOSIT.value]
    assert total(report, "posted_adjustments") == booked[Account.WRITE_OFF.value]


@pytest.mark.parametrize(
    ("change", "deposits_found"),
    [
        ({"types": frozenset({"EOB"})}, [5_000]),
        ({"statuses": frozenset({"IGNORE"})}, [700]),
        ({"owner_id": 10**6}, []),
        ({"by": ReportDate.CREATED}, [700, 10_000, 5_000, 1]),
        ({"by": ReportDate.DISBURSED}, [1]),
        ({"by": ReportDate.SENT}, []),
        ({"import_file": "x"}, []),
        ({"last": FIRST}, []),
    ],
)
def test_parameters(november: Office, change: dict[str, object], deposits_found: list[int]) -> None:
    query = replace(NOVEMBER, **change)
    report = Reports(november.database).reconciliation(november.north_clerk, query)
    assert sorted(map(str, column(report, "deposit"))) == sorted(map(str, deposits_found))


def test_the_snapshot_groups_and_agrees_with_bank_and_ledger(november: Office) -> None:
    statement = b"Date,Description,Amount\n11/02/2026,PAYER,100.00\n"
    bank = BankImport(november.database)
    refused = bank.import_file(november.north_clerk, "x.csv", statement)

    bank.save_profile(
        november.north_clerk,
        replace(
            ColumnProfile.from_json(refused.findings[0].context["suggestion"]), name="b", account_number="1"
        ),
    )
    assert bank.import_file(november.north_clerk, "x.csv", statement).new_lines == 1
    BankDecisions(november.database).match(november.north_clerk, [1], [1])
    report = Reports(november.database).snapshot(november.north_clerk, NOVEMBER, [Group.METHOD, Group.DATE])
    assert report.rows == (
        ("ACH", date(2026, 11, 2), 1, 10_000, 8_000, 500, 10_000),
        ("CHECK", date(2026, 11, 3), 1, 5_000, 4_500, 200, 0),
    )
    assert report.totals == ("2 rows", None, 2, 15_000, 12_500, 700, 10_000)


def test_the_snapshot_refuses_what_the_spec_refuses(november: Office) -> None:
    reports, clerk = Reports(november.database), november.north_clerk
    with pytest.raises(RefusedError, match="three months"):
        reports.snapshot(clerk, replace(NOVEMBER, last=date(2027, 2, 10)), [Group.PAYER])
    with pytest.raises(RefusedError, match="one to three"):
        reports.snapshot(clerk, NOVEMBER, [Group.PAYER, Group.DATE, Group.TYPE, Group.OWNER])
    with pytest.raises(RefusedError, match="deposit date"):
        reports.snapshot(clerk, replace(NOVEMBER, by=ReportDate.SENT), [Group.PAYER])


def test_csv_xlsx_and_json_say_the_same_and_run_nothing(november: Office) -> None:
    report = Reports(november.database).reconciliation(november.north_clerk, NOVEMBER)
    document = as_document(report)
    assert document["totals"]["deposit"] == "157.00"
    assert [row["deposit"] for row in document["rows"]] == ["100.00", "50.00", "7.00"]
    read = list(csv.reader(io.StringIO(as_csv(report).decode("utf-8-sig"))))
    assert [row[6] for row in read] == ["Deposit ($)", "100.00", "50.00", "7.00", "157.00"]
    assert read[2][3] == f"'{HOSTILE}"
    sheet = load_workbook(io.BytesIO(as_xlsx(report)))["Reconciliation"]
    rows = list(sheet.iter_rows())
    assert [Decimal(str(row[6].value)) for row in rows[1:]] == [
        Decimal(100),
        Decimal(50),
        Decimal(7),
        Decimal(157),
    ]
    assert (rows[2][3].value, rows[2][3].data_type, rows[2][3].quotePrefix) == (HOSTILE, "s", True)


def test_the_pdf_has_every_row_and_the_totals(november: Office) -> None:
    report = Reports(november.database).reconciliation(november.north_clerk, NOVEMBER)
    pages = pypdfium2.PdfDocument(as_pdf(report))
    text = "".join(page.get_textpage().get_text_range() for page in pages)
    for said in (
        "Deposit Reconciliation",
        "11/01/2026 to 11/30/2026",
        "ACME HEALTH",
        "157.00",
        "125.00",
        "Page 1",
    ):
        assert said in text


def test_a_long_report_repeats_its_heading_on_each_page(november: Office) -> None:
    report = Reports(november.database).reconciliation(november.north_clerk, NOVEMBER)
    long = replace(report, rows=report.rows * 60)
    pages = pypdfium2.PdfDocument(as_pdf(long))
    assert len(pages) > 3
    assert all("Check #" in page.get_textpage().get_text_range() for page in list(pages)[1:])


def test_the_picture_shows_the_sums_and_escapes_names(november: Office) -> None:
    report = Reports(november.database).snapshot(november.north_clerk, NOVEMBER, [Group.PAYER])
    picture = fromstring(picture_svg(report))
    texts = {(each.text or "").strip() for each in picture.iter() if each.tag.endswith("text")}
    assert {"Deposit", "Posted paid", "Banked", "ACME HEALTH", HOSTILE[:34]} <= texts
    empty = replace(report, rows=(), bars=())
    assert "Nothing in this period." in picture_svg(empty)


def test_beyond_the_most_bars_the_last_one_holds_the_others(office: Office) -> None:
    chance = random.Random(3)
    amounts = [chance.randint(1, 9_999) for _ in range(MOST_BARS + 5)]
    for number, cents in enumerate(amounts):
        add_deposit(office, cents, date(2026, 11, number + 1))
    bars = Reports(office.database).reconciliation(office.north_clerk, NOVEMBER).bars
    assert [bar.cents[0] for bar in bars] == [*amounts[:MOST_BARS], sum(amounts[MOST_BARS:])]
    assert bars[-1].label == "5 others"


def test_only_those_who_may_see_and_export(november: Office) -> None:
    reports, exports = Reports(november.database), ReportExports(november.database)
    blind = replace(november.north_clerk, permissions=frozenset())
    with pytest.raises(NotPermittedError):
        reports.reconciliation(blind, NOVEMBER)
    report = reports.reconciliation(november.north_clerk, NOVEMBER)
    with pytest.raises(NotPermittedError):
        exports.render(
            replace(november.north_clerk, permissions=frozenset({Permission.DEPOSIT_VIEW})),
            report,
            ReportFormat.CSV,
        )
    for form, start in (
        (ReportFormat.CSV, b"\xef\xbb\xbf"),
        (ReportFormat.XLSX, b"PK"),
        (ReportFormat.PDF, b"%PDF"),
    ):
        assert exports.render(november.north_clerk, report, form).startswith(start)
    with november.database.reading() as stores:
        assert [each.after["format"] for each in stores.audit.of("report", november.north_clerk.user_id)] == [
            "csv",
            "xlsx",
            "pdf",
        ]
