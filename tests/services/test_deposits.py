"""Finding, opening, ignoring and restoring deposits, on both engines."""

from dataclasses import replace
from datetime import date

import pytest

from tests.builders import (
    ACME_ID,
    NORTH_NPI,
    SOUTH_NPI,
    ZENITH_ID,
    Office,
    actor,
    remittance_claim,
    remittance_file,
)
from workbench.domain.deposit import DepositAction, DepositStatus, PostingStatus
from workbench.domain.deposit_views import CLAIM_FILTERS, ClaimQuery, DepositQuery
from workbench.domain.permissions import Permission
from workbench.era.message import (
    Adjustment,
    Claim,
    ProviderAdjustment,
    ProviderAdjustments,
    Remittance,
)
from workbench.errors import ChangedByAnotherError, NotFoundError, NotPermittedError, RefusedError
from workbench.services.deposits import Deposits
from workbench.services.remittance_import import RemittanceImport
from workbench.services.user_settings import MAX_CLAIMS, UserSettings

ALL = DepositQuery(needs_work=False)


def paid(
    trace: str, day: date, *claims: Claim, npi: str = NORTH_NPI, payer: str = "ACME HEALTH"
) -> Remittance:
    return Remittance(
        amount_cents=sum(claim.paid_cents for claim in claims),
        trace_number=trace,
        payer_name=payer,
        payee_name="Any",
        effective_date=day,
        claims=claims,
        originator_id=ACME_ID if payer.startswith("ACME") else ZENITH_ID,
        payee_npi=npi,
    )


DENIED = Claim("P-DENIED", 15000, 0, remit_status="4", adjustments=(Adjustment("CO", "29", 15000),))
REVERSED = Claim("P-BACK", -15000, -5600, remit_status="22", adjustments=(Adjustment("CO", "45", -9400),))
FORWARDED = replace(remittance_claim("P-ELSEWHERE"), remit_status="23")
PLB = ProviderAdjustments(NORTH_NPI, date(2026, 12, 31), (ProviderAdjustment("L6", -325),))


@pytest.fixture
def filled(either_office: Office) -> Office:
    """Three deposits of North (ids 1 to 3 by date), one of South, one of nobody we know."""
    office = either_office
    claims = tuple(remittance_claim(f"P{number}") for number in range(1, 4))
    many = replace(
        paid("ABC-2", date(2026, 2, 1), *claims, DENIED, REVERSED, FORWARDED), provider_adjustments=(PLB,)
    )
    files = [
        (paid("ABC-1", date(2026, 1, 1), remittance_claim("P0")),),
        (replace(many, amount_cents=many.amount_cents + 325),),
        (paid("XYZ-3", date(2026, 3, 1), remittance_claim("P9"), payer="ZENITH MUTUAL"),),
        (paid("SOUTH-4", date(2026, 4, 1), remittance_claim("P4"), npi=SOUTH_NPI),),
        (paid("WHO-5", date(2026, 5, 1), remittance_claim("P5"), npi="1999999992"),),
    ]
    service = RemittanceImport(office.database)
    for control, payments in enumerate(files, start=1):
        data = remittance_file(*payments, control=control)
        service.import_remittance(office.supervisor, f"day{control}.835", data)
    return office


def checks(office: Office, query: DepositQuery) -> list[str]:
    page = Deposits(office.database).page(office.north_clerk, query)
    assert page.total == page.totals.count
    return [row.check_number for row in page.rows]


def deposit_id(office: Office, check: str) -> int:
    page = Deposits(office.database).page(office.supervisor, replace(ALL, check_number=check))
    return page.rows[0].id


def test_a_clerk_sees_the_own_practice_only(filled: Office) -> None:
    service = Deposits(filled.database)
    assert checks(filled, ALL) == ["ABC-1", "ABC-2", "XYZ-3"]
    south = service.page(filled.south_clerk, ALL)
    assert [row.check_number for row in south.rows] == ["SOUTH-4"]
    assert service.page(filled.supervisor, ALL).total == 5
    for hidden in (deposit_id(filled, "SOUTH-4"), deposit_id(filled, "WHO-5"), 999_999):
        with pytest.raises(NotFoundError, match="was not found"):
            service.get(filled.north_clerk, hidden)


@pytest.mark.parametrize(
    ("query", "found"),
    [
        (DepositQuery(search="abc"), ["ABC-1", "ABC-2"]),
        (DepositQuery(search="ab"), ["ABC-1", "ABC-2", "XYZ-3"]),  # two characters search nothing
        (DepositQuery(search="zenith"), ["XYZ-3"]),
        (DepositQuery(search="%%%"), []),
        (DepositQuery(payer="acme"), ["ABC-1", "ABC-2"]),
        (DepositQuery(deposited_from=date(2026, 2, 1)), ["ABC-2", "XYZ-3"]),
        (DepositQuery(deposited_to=date(2026, 2, 1)), ["ABC-1", "ABC-2"]),
        (DepositQuery(amount_to_cents=5600), ["ABC-1", "XYZ-3"]),
        (DepositQuery(amount_from_cents=5601), ["ABC-2"]),
        (DepositQuery(has_provider_adjustments=True), ["ABC-2"]),
        (DepositQuery(has_provider_adjustments=False), ["ABC-1", "XYZ-3"]),
        (DepositQuery(has_exclusions=True), ["ABC-2"]),
        (DepositQuery(unreconciled=True), ["ABC-2"]),
        (DepositQuery(error_code="PROVIDER_ADJUSTMENT"), ["ABC-2"]),
        (DepositQuery(inside="P9"), ["XYZ-3"]),
        (DepositQuery(inside="ICN-P2"), ["ABC-2"]),
        (DepositQuery(import_file="day3"), ["XYZ-3"]),
        (DepositQuery(statuses=(DepositStatus.IGNORE,)), []),
        (DepositQuery(posting_status=PostingStatus.DISBURSED), []),
        (DepositQuery(sort_key="deposit_cents"), ["ABC-1", "XYZ-3", "ABC-2"]),
        (DepositQuery(sort_key="payer_name", descending=True), ["XYZ-3", "ABC-1", "ABC-2"]),
        (DepositQuery(descending=True), ["XYZ-3", "ABC-2", "ABC-1"]),
        (DepositQuery(offset=1, limit=1), ["ABC-2"]),
    ],
)
def test_filters_and_order(filled: Office, query: DepositQuery, found: list[str]) -> None:
    if query.offset:
        page = Deposits(filled.database).page(filled.north_clerk, query)
        assert ([row.check_number for row in page.rows], page.total) == (found, 3)
    else:
        assert checks(filled, query) == found


def test_digits_find_the_id(filled: Office) -> None:
    wanted = deposit_id(filled, "XYZ-3")
    assert "XYZ-3" in checks(filled, DepositQuery(search=str(wanted)))
    assert checks(filled, DepositQuery(search="9" * 30)) == []


@pytest.mark.parametrize(
    "key", ["deposited", "age_days", "practice", "owner", "unreconciled_cents", "posting_status"]
)
def test_every_column_sorts(filled: Office, key: str) -> None:
    assert sorted(checks(filled, replace(ALL, sort_key=key))) == ["ABC-1", "ABC-2", "XYZ-3"]


def test_totals_are_of_the_filter_and_not_of_the_page(filled: Office) -> None:
    page = Deposits(filled.database).page(filled.north_clerk, DepositQuery(limit=1))
    # 56 + (3 x 56 + 0 - 56 + 56 + 3.25) + 56
    assert page.totals.deposit_cents == 5600 + 17125 + 5600
    assert (page.totals.payments_cents, page.totals.exclusions_cents) == (5600 + 11200 + 5600, 5600)
    assert page.totals.unreconciled_cents == 325


def test_neighbours_follow_the_list(filled: Office) -> None:
    service, middle = Deposits(filled.database), deposit_id(filled, "ABC-2")
    ids = [deposit_id(filled, check) for check in ("ABC-1", "XYZ-3")]
    assert list(service.neighbours(filled.north_clerk, middle, ALL)) == ids
    assert service.neighbours(filled.north_clerk, ids[0], ALL) == (None, middle)
    assert service.neighbours(filled.north_clerk, deposit_id(filled, "SOUTH-4"), ALL) == (None, None)


def test_choices_are_of_the_own_practices(filled: Office) -> None:
    choices = Deposits(filled.database).choices(filled.north_clerk)
    assert [choice.name for choice in choices.practices] == ["North Anesthesia"]
    assert [choice.name for choice in choices.payers] == ["ACME HEALTH", "ZENITH MUTUAL"]
    assert [choice.name for choice in choices.owners] == ["Supervisor"]


def test_both_figures_explain_themselves(filled: Office) -> None:
    details = Deposits(filled.database).get(filled.north_clerk, deposit_id(filled, "ABC-1"))
    # Spec 4.2: with a 50 write-off an ordinary clean check of 56 has Balance -50 and Unreconciled 0.
    assert (details.row.balance_cents, details.row.unreconciled_cents) == (-5000, 0)
    assert details.balance_explained == "Balance = Deposit 56.00 - Payments 56.00 - Adjustment 50.00 = -50.00"
    assert details.unreconciled_explained.endswith("= 0.00")
    assert (details.row.practice, details.row.import_file, details.st02) == (
        "North Anesthesia",
        "day1.835",
        "0001",
    )


def test_the_money_adds_up_to_the_deposit(filled: Office) -> None:
    for row in Deposits(filled.database).page(filled.supervisor, ALL).rows:
        flow = Deposits(filled.database).money(filled.supervisor, row.id)
        parts = (flow.payments_cents, flow.exclusions_cents, flow.reported_cents, flow.unreconciled_cents)
        assert flow.deposit_cents == sum(parts)
    flow = Deposits(filled.database).money(filled.north_clerk, deposit_id(filled, "ABC-2"))
    assert flow.provider_adjustments == {"L6": 325}


@pytest.mark.parametrize(
    ("show", "found"),
    [
        ("all", ["P1", "P2", "P3", "P-DENIED", "P-BACK", "P-ELSEWHERE"]),
        ("errors", ["P1", "P2", "P3", "P-DENIED", "P-BACK"]),
        ("denied", ["P-DENIED"]),
        ("reversals", ["P-BACK"]),
        ("excluded", ["P-ELSEWHERE"]),
        ("unposted", ["P1", "P2", "P3", "P-DENIED", "P-BACK"]),
    ],
)
def test_claims_are_filtered_over_the_whole_deposit(filled: Office, show: str, found: list[str]) -> None:
    assert show in CLAIM_FILTERS
    page = Deposits(filled.database).claims(
        filled.north_clerk, deposit_id(filled, "ABC-2"), ClaimQuery(show=show)
    )
    assert [row.pcn for row in page.rows] == found
    assert page.total == len(found)
    assert page.totals.paid_cents == sum(row.paid_cents for row in page.rows)


def test_claims_are_sorted_and_paged_over_the_whole_deposit(filled: Office) -> None:
    service, of = Deposits(filled.database), deposit_id(filled, "ABC-2")
    UserSettings(filled.database).set(filled.north_clerk, MAX_CLAIMS, "2")
    page = service.claims(filled.north_clerk, of, ClaimQuery(sort_key="charge_cents"))
    assert ([row.pcn for row in page.rows], page.total) == (["P-BACK", "P1"], 6)
    page = service.claims(filled.north_clerk, of, ClaimQuery(sort_key="pcn", descending=True, offset=2))
    assert [row.pcn for row in page.rows] == ["P1", "P-ELSEWHERE"]
    assert len(service.claims(filled.south_clerk, deposit_id(filled, "SOUTH-4"), ClaimQuery()).rows) == 1


@pytest.mark.parametrize("text", ["p-den", "P-DENIED"])
def test_a_claim_is_found_by_the_beginning_of_its_number(filled: Office, text: str) -> None:
    page = Deposits(filled.database).claims(
        filled.north_clerk, deposit_id(filled, "ABC-2"), ClaimQuery(search=text)
    )
    assert [row.pcn for row in page.rows] == ["P-DENIED"]


def test_a_claim_opens_with_its_lines_meanings_and_segments_as_received(filled: Office) -> None:
    service, of = Deposits(filled.database), deposit_id(filled, "ABC-2")
    rows = service.claims(filled.north_clerk, of, ClaimQuery()).rows
    claim = service.claim(filled.north_clerk, rows[1].id)
    assert (claim.previous_id, claim.next_id) == (rows[0].id, rows[2].id)
    (line,) = claim.lines
    assert [(row.group, row.reason, row.amount_cents) for row in line.adjustments] == [
        ("CO", "45", 5000),
        ("PR", "1", 3000),
        ("PR", "2", 1400),
    ]
    assert line.adjustments[0].meaning.startswith("CO-45 ")
    assert claim.segments[0].startswith("CLP*P2*1*150*56*44*")
    assert claim.segments[-1].startswith(("CAS*", "DTM*"))
    assert {error.code for error in claim.errors} == {"CLAIM_NOT_FOUND"}
    denied = service.claim(filled.north_clerk, rows[3].id)
    assert [(row.group, row.reason) for row in denied.adjustments] == [("CO", "29")]


def test_raw_segments_need_their_own_right(filled: Office) -> None:
    service = Deposits(filled.database)
    weak = actor(filled.north_clerk.user_id, filled.north, permissions=frozenset({Permission.DEPOSIT_VIEW}))
    row = service.claims(weak, deposit_id(filled, "ABC-1"), ClaimQuery()).rows[0]
    assert service.claim(weak, row.id).segments == ()


def test_a_claim_of_another_practice_is_not_there(filled: Office) -> None:
    service = Deposits(filled.database)
    hidden = service.claims(filled.south_clerk, deposit_id(filled, "SOUTH-4"), ClaimQuery()).rows[0]
    for wanted in (hidden.id, 999_999):
        with pytest.raises(NotFoundError):
            service.claim(filled.north_clerk, wanted)


def test_the_error_panel_begins_with_the_gravest_and_counts_all(filled: Office) -> None:
    service, of = Deposits(filled.database), deposit_id(filled, "ABC-2")
    listed = service.errors(filled.north_clerk, of, limit=3)
    assert listed.rows[0].code == "PROVIDER_ADJUSTMENT"
    assert len(listed.rows) == 3
    assert listed.total == sum(listed.counts.values())
    assert listed.counts["CLAIM_NOT_FOUND"] == 5  # the excluded claim is none of ours to find
    assert listed.rows[0].advice
    row = service.get(filled.north_clerk, of)
    blocking = sum(
        1
        for error in service.errors(filled.north_clerk, of, limit=1000).rows
        if error.severity.value != "warning"
    )
    assert row.row.open_errors == blocking


def test_ignore_and_restore_with_reason_and_audit(filled: Office) -> None:
    service, of = Deposits(filled.database), deposit_id(filled, "ABC-1")
    service.ignore(filled.north_clerk, of, "sent to the other system", version=1)
    ignored = service.get(filled.north_clerk, of)
    assert (ignored.row.status, ignored.ignore_reason) == (DepositStatus.IGNORE, "sent to the other system")
    assert ignored.row.posting_status is None
    assert "ABC-1" not in checks(filled, DepositQuery())
    assert "ABC-1" in checks(filled, ALL)
    assert DepositAction.RESTORE not in service.refusals(filled.north_clerk, of)
    service.restore(filled.north_clerk, of, "a mistake", version=2)
    assert service.get(filled.north_clerk, of).row.status is DepositStatus.NEW
    with filled.database.reading() as stores:
        events = [event for event in stores.audit.of("deposit", of) if event.action != "deposit.view"]
    assert [
        (event.action, event.before["status"], event.after["status"], event.reason) for event in events
    ] == [
        ("deposit.ignore", "NEW", "IGNORE", "sent to the other system"),
        ("deposit.restore", "IGNORE", "NEW", "a mistake"),
    ]


def test_ignoring_is_refused_without_reason_twice_with_an_old_version_and_without_the_right(
    filled: Office,
) -> None:
    service, of = Deposits(filled.database), deposit_id(filled, "ABC-1")
    with pytest.raises(RefusedError, match="Say why"):
        service.ignore(filled.north_clerk, of, "  ", version=1)
    with pytest.raises(ChangedByAnotherError):
        service.ignore(filled.north_clerk, of, "late", version=0)
    service.ignore(filled.north_clerk, of, "once", version=1)
    with pytest.raises(RefusedError, match="Ignore"):
        service.ignore(filled.north_clerk, of, "twice", version=2)
    weak = replace(filled.north_clerk, permissions=frozenset({Permission.DEPOSIT_VIEW}))
    with pytest.raises(NotPermittedError):
        service.restore(weak, of, "no right", version=2)
    assert DepositAction.RESTORE in service.refusals(weak, of)
    with pytest.raises(NotFoundError):
        service.restore(filled.south_clerk, of, "not mine", version=2)


def test_settings_are_bounded_and_personal(filled: Office) -> None:
    settings = UserSettings(filled.database)
    assert settings.get(filled.north_clerk, MAX_CLAIMS) == "50"
    for wrong in ("0", "-1", "1001", "ten", "٣", ""):
        with pytest.raises(RefusedError, match="Maximum claims per deposit page"):
            settings.set(filled.north_clerk, MAX_CLAIMS, wrong)
    settings.set(filled.north_clerk, MAX_CLAIMS, "100")
    settings.set(filled.north_clerk, MAX_CLAIMS, "25")
    assert settings.get(filled.north_clerk, MAX_CLAIMS) == "25"
    assert settings.get(filled.south_clerk, MAX_CLAIMS) == "50"
