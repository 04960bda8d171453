"""Remittance files come in exactly once, with what they say, what is wrong with them, and whose they are."""

from collections.abc import Callable
from dataclasses import replace
from datetime import date

import pytest
import sqlalchemy as sa

from tests.builders import ACME_ID, NORTH_NPI, Office, actor, remittance_claim, remittance_file
from workbench.domain.deposit import Disposition, PaymentType
from workbench.domain.findings import Severity
from workbench.domain.imports import ImportOutcome, Outcome
from workbench.domain.permissions import Permission
from workbench.domain.posting import Effect
from workbench.domain.posting_rule import Rule
from workbench.era.message import (
    Adjustment,
    Claim,
    ProviderAdjustment,
    ProviderAdjustments,
    Remittance,
    ServiceLine,
)
from workbench.errors import NotPermittedError
from workbench.services.remittance_import import RemittanceImport
from workbench.storage import bulk
from workbench.storage.tables.audit import audit_events
from workbench.storage.tables.claims import charge_lines, claim_payers, claims
from workbench.storage.tables.deposits import (
    adjustments,
    deposit_claims,
    deposit_errors,
    deposit_lines,
    deposits,
)
from workbench.storage.tables.imports import import_log

Import = Callable[..., ImportOutcome]


@pytest.fixture
def bring(either_office: Office) -> Import:
    """Imports a file as the supervisor."""
    service = RemittanceImport(either_office.database)

    def run(data: bytes, name: str = "june.835") -> ImportOutcome:
        return service.import_remittance(either_office.supervisor, name, data)

    return run


def rows(office: Office, table: sa.Table) -> list[dict[str, object]]:
    with office.database.reading() as stores:
        found = stores.connection.execute(sa.select(table).order_by(*table.primary_key)).mappings()
        return [dict(row) for row in found]


def codes(office: Office) -> set[str]:
    return {str(row["code"]) for row in rows(office, deposit_errors)}


def payment(**changes: object) -> Remittance:
    """A payment of 56.00 for one claim, to the North practice, by ACME."""
    made = Remittance(
        amount_cents=5600,
        trace_number="EFT-1",
        payer_name="ACME HEALTH",
        payee_name="North Anesthesia",
        effective_date=date(2026, 3, 2),
        claims=(remittance_claim(),),
        originator_id=ACME_ID,
        payee_npi=NORTH_NPI,
    )
    return replace(made, **changes)  # type: ignore[arg-type]


def test_a_file_becomes_deposits_with_the_figures_of_the_file(either_office: Office, bring: Import) -> None:
    outcome = bring(remittance_file(payment()))
    (deposit,) = outcome.deposits
    assert outcome.outcome is Outcome.NEW
    # Spec 4.10, vector 1: 150 - (CO45 50 + PR1 30 + PR2 14) = 56.
    assert (deposit.amount_cents, deposit.charged_cents, deposit.paid_cents) == (5600, 15000, 5600)
    assert deposit.adjustments == {"CO": 5000, "PR": 4400}
    assert (deposit.claims, deposit.service_lines, deposit.unbalanced) == (1, 1, False)
    (header,) = rows(either_office, deposits)
    assert header["practice_id"] == either_office.north
    assert header["payer_id"] == either_office.acme
    assert (header["status"], header["type"], header["pay_method"]) == ("NEW", "ERA", "ACH")
    assert (header["payments_cents"], header["adjustments_cents"], header["information_cents"]) == (
        5600,
        5000,
        4400,
    )
    assert (header["deposited_date"], header["issued_date"]) == (date(2026, 3, 2), date(2026, 3, 2))
    (claim,) = rows(either_office, deposit_claims)
    assert (claim["deductible_cents"], claim["coinsurance_cents"], claim["copay_cents"]) == (3000, 1400, 0)
    assert (claim["adjustments_cents"], claim["information_cents"], claim["allowed_cents"]) == (
        5000,
        4400,
        10000,
    )
    (line,) = rows(either_office, deposit_lines)
    assert (line["code"], line["charge_cents"], line["paid_cents"], line["gap_cents"]) == (
        "99213",
        15000,
        5600,
        0,
    )
    assert [
        (row["group_code"], row["reason"], row["effect"]) for row in rows(either_office, adjustments)
    ] == [
        ("CO", "45", "WRITE_OFF"),
        ("PR", "1", "PATIENT_RESP"),
        ("PR", "2", "PATIENT_RESP"),
    ]


def test_the_same_bytes_again_are_a_duplicate_under_any_name(either_office: Office, bring: Import) -> None:
    first = bring(remittance_file(payment()))
    again = bring(remittance_file(payment()), "renamed.835")
    assert again.outcome is Outcome.DUPLICATE
    assert again.deposits == first.deposits
    assert len(rows(either_office, deposits)) == 1
    log = rows(either_office, import_log)
    assert [(row["file_name"], row["outcome"]) for row in log] == [
        ("june.835", "new"),
        ("renamed.835", "duplicate"),
    ]
    assert {row["user_id"] for row in log} == {either_office.supervisor.user_id}
    assert [row["action"] for row in rows(either_office, audit_events)] == ["deposit.import"]


def test_the_same_transaction_in_another_file_is_not_stored_again(
    either_office: Office, bring: Import
) -> None:
    first = bring(remittance_file(payment()))
    other = bring(remittance_file(payment(), control=2), "again.835")
    assert other.outcome is Outcome.DUPLICATE
    assert other.deposits == first.deposits
    assert len(rows(either_office, deposits)) == 1


def test_of_a_mixed_file_only_what_is_new_is_stored(either_office: Office, bring: Import) -> None:
    twin = payment(trace_number="EFT-2", claims=(remittance_claim(pcn="P2"), remittance_claim(pcn="P3")))
    twin = replace(twin, amount_cents=11200)
    (first,) = bring(remittance_file(payment())).deposits
    both = bring(remittance_file(payment(), twin, control=2), "mixed.835")
    assert both.outcome is Outcome.NEW
    assert [deposit.check_number for deposit in both.deposits] == ["EFT-1", "EFT-2"]
    assert both.deposits[0] == first
    stored = rows(either_office, deposit_claims)
    assert [(row["deposit_id"], row["pcn"], row["claim_no"]) for row in stored] == [
        (first.id, "P1", 0),
        (both.deposits[1].id, "P2", 0),
        (both.deposits[1].id, "P3", 1),
    ]
    of_lines = {row["deposit_claim_id"] for row in rows(either_office, deposit_lines)}
    assert of_lines == {row["id"] for row in stored}
    owners = {row["id"]: row["deposit_claim_id"] for row in rows(either_office, deposit_lines)}
    for row in rows(either_office, adjustments):
        assert owners[row["deposit_line_id"]] == row["deposit_claim_id"]
    for row in rows(either_office, deposit_errors):
        of_deposit = {each["id"]: each["deposit_id"] for each in stored}
        assert row["deposit_claim_id"] is None or of_deposit[row["deposit_claim_id"]] == row["deposit_id"]


def test_true_twins_are_both_kept_and_compared(either_office: Office, bring: Import) -> None:
    outcome = bring(remittance_file(payment(), payment(trace_number="EFT-2")))
    assert outcome.outcome is Outcome.NEW
    assert [deposit.check_number for deposit in outcome.deposits] == ["EFT-1", "EFT-2"]
    later = bring(remittance_file(payment(trace_number="EFT-3"), control=2))
    assert later.outcome is Outcome.NEW
    assert len(rows(either_office, deposits)) == 3
    fuzzy = [row for row in rows(either_office, deposit_errors) if row["code"] == "DUPLICATE_FUZZY"]
    assert [row["severity"] for row in fuzzy] == ["warning"]


def test_the_same_payment_with_other_content_is_doubtful(either_office: Office, bring: Import) -> None:
    bring(remittance_file(payment()))
    other = bring(remittance_file(payment(claims=(remittance_claim(pcn="P9"),)), control=2))
    assert other.outcome is Outcome.DOUBTFUL
    assert len(rows(either_office, deposits)) == 2
    (finding,) = [each for each in other.findings if each.code == "DUPLICATE_DEPOSIT"]
    assert finding.severity is Severity.CRITICAL


def test_the_same_payment_twice_in_one_file_is_doubtful_and_both_are_kept(
    either_office: Office, bring: Import
) -> None:
    outcome = bring(remittance_file(payment(), payment()))
    assert outcome.outcome is Outcome.DOUBTFUL
    assert len({deposit.id for deposit in outcome.deposits}) == 2
    (error,) = [row for row in rows(either_office, deposit_errors) if row["code"] == "DUPLICATE_DEPOSIT"]
    assert error["deposit_id"] == outcome.deposits[1].id
    assert bring(remittance_file(payment(), payment(), control=2)).outcome is Outcome.DUPLICATE


def test_an_interchange_that_came_before_is_doubtful(either_office: Office, bring: Import) -> None:
    bring(remittance_file(payment()))
    other = bring(remittance_file(payment(trace_number="EFT-7", amount_cents=5600)))
    assert other.outcome is Outcome.DOUBTFUL
    (error,) = [row for row in rows(either_office, deposit_errors) if row["code"] == "FILE_SEEN"]
    assert error["deposit_id"] == other.deposits[0].id


def test_a_different_payer_may_use_the_same_numbers(either_office: Office, bring: Import) -> None:
    bring(remittance_file(payment()))
    other = payment(originator_id="1777777777", effective_date=date(2026, 5, 1), amount_cents=5600)
    assert bring(remittance_file(other, control=2)).outcome is Outcome.NEW
    assert len(rows(either_office, deposits)) == 2


@pytest.mark.parametrize("data", [b"", b"hello", b"\x00" * 100, b"ISA*00*", b"PK\x03\x04 no archive"])
def test_what_holds_no_transaction_is_rejected_and_logged(
    either_office: Office, bring: Import, data: bytes
) -> None:
    outcome = bring(data, "odd.bin")
    assert (outcome.outcome, outcome.deposits) == (Outcome.REJECTED, ())
    assert outcome.findings
    (log,) = rows(either_office, import_log)
    assert (log["outcome"], log["import_file_id"]) == ("rejected", None)


def test_an_unbalanced_file_still_loads_and_says_by_how_much(either_office: Office, bring: Import) -> None:
    outcome = bring(remittance_file(payment(amount_cents=5601)))
    assert outcome.outcome is Outcome.NEW
    assert outcome.deposits[0].unbalanced
    (finding,) = [each for each in outcome.findings if each.code == "TX_UNBALANCED"]
    assert "-0.01 is not explained" in finding.message
    (header,) = rows(either_office, deposits)
    assert header["transaction_gap_cents"] == -1


def test_money_taken_back_by_the_payer_is_ignored_by_the_system(either_office: Office, bring: Import) -> None:
    bring(remittance_file(payment(credit_debit="D")))
    (header,) = rows(either_office, deposits)
    assert header["status"] == "IGNORE"
    (error,) = [row for row in rows(either_office, deposit_errors) if row["code"] == "DEBIT_ERA"]
    assert error["state"] == "auto_resolved"
    assert error["closed_at"] is not None


@pytest.mark.parametrize(
    ("handling", "ignored"), [("D", True), ("P", True), ("X", True), ("I", False), ("H", False)]
)
def test_handling_codes_that_pay_nothing(
    either_office: Office, bring: Import, handling: str, *, ignored: bool
) -> None:
    bring(remittance_file(payment(handling_code=handling)))
    assert rows(either_office, deposits)[0]["status"] == ("IGNORE" if ignored else "NEW")
    assert ("BAD_HANDLING_CODE" in codes(either_office)) is ignored


def test_strangers_are_critical_errors_and_nobody_by_name_alone(either_office: Office, bring: Import) -> None:
    outcome = bring(remittance_file(payment(originator_id="1888888888", payee_npi="1999999992")))
    assert {"PAYER_MISMATCH", "PAYEE_NOT_OURS"} <= {finding.code for finding in outcome.findings}
    (header,) = rows(either_office, deposits)
    assert (header["practice_id"], header["payer_id"]) == (None, None)
    assert header["open_critical_errors"] == 2


def test_a_check_has_no_date_banked_until_it_is(either_office: Office, bring: Import) -> None:
    bring(remittance_file(payment(payment_method="CHK", production_date=date(2026, 2, 27))))
    (header,) = rows(either_office, deposits)
    assert (header["deposited_date"], header["issued_date"]) == (None, date(2026, 2, 27))
    assert header["pay_method"] == "CHECK"


def test_provider_level_money_waits_for_a_decision(either_office: Office, bring: Import) -> None:
    # Spec 4.10, vector 3, with one claim: 56 - PLB (L6 -3.25, WO 100) = -40.75, which BPR02 cannot be; WO 50 here.
    plb = ProviderAdjustments(
        NORTH_NPI,
        date(2026, 12, 31),
        (ProviderAdjustment("L6", -325), ProviderAdjustment("WO", 5000, "P1")),
    )
    outcome = bring(remittance_file(payment(amount_cents=925, provider_adjustments=(plb,))))
    assert outcome.deposits[0].provider_adjustments_cents == 4675
    assert not outcome.deposits[0].unbalanced
    errors = [row for row in rows(either_office, deposit_errors) if row["code"] == "PROVIDER_ADJUSTMENT"]
    assert len({row["key"] for row in errors}) == 2
    (header,) = rows(either_office, deposits)
    # Before disposition Unreconciled = 9.25 - 56.00: the provider-level money is not in any claim.
    assert (header["deposit_cents"], header["payments_cents"], header["reported_cents"]) == (925, 5600, 0)


def test_an_amount_set_to_report_resolves_itself(either_office: Office, bring: Import) -> None:
    with either_office.database.transaction() as stores:
        stores.rules.set_era_amount(None, "L6", Disposition.REPORT)
        stores.rules.set_era_amount(None, "WO", Disposition.REPORT)
        stores.rules.set_era_amount(either_office.acme, "WO", Disposition.APPLY_TO_CLAIM)
    plb = ProviderAdjustments(
        NORTH_NPI, date(2026, 12, 31), (ProviderAdjustment("L6", -325), ProviderAdjustment("WO", 5000, "P1"))
    )
    bring(remittance_file(payment(amount_cents=925, provider_adjustments=(plb,))))
    (header,) = rows(either_office, deposits)
    assert header["reported_cents"] == 325
    states = {
        str(row["message"])[:2]: row["state"]
        for row in rows(either_office, deposit_errors)
        if row["code"] == "PROVIDER_ADJUSTMENT"
    }
    assert states == {"L6": "auto_resolved", "WO": "open"}


def test_the_rules_of_the_office_decide_what_an_adjustment_does(either_office: Office, bring: Import) -> None:
    with either_office.database.transaction() as stores:
        stores.rules.add(Rule(0, Effect.WRITE_OFF, PaymentType.CONTRACTUAL, group="OA", carc="999"))
    claim = Claim("P1", 15000, 5600, adjustments=(Adjustment("OA", "999", 9400),))
    bring(remittance_file(payment(claims=(claim,))))
    (row,) = rows(either_office, adjustments)
    assert (row["effect"], row["payment_type"]) == ("WRITE_OFF", "Contractual write-off")
    assert "UNMAPPED_CARC" not in codes(either_office)
    assert rows(either_office, deposits)[0]["adjustments_cents"] == 9400


def test_claims_not_for_posting_are_excluded_and_stay_in_the_balance(
    either_office: Office, bring: Import
) -> None:
    forwarded = replace(remittance_claim(pcn="P2"), remit_status="23")
    bring(remittance_file(payment(amount_cents=11200, claims=(remittance_claim(), forwarded))))
    first, second = rows(either_office, deposit_claims)
    assert (first["included"], first["state"]) == (True, "PENDING")
    assert (second["included"], second["state"]) == (False, "EXCLUDED")
    (header,) = rows(either_office, deposits)
    assert (header["payments_cents"], header["exclusions_cents"]) == (5600, 5600)
    assert "NOT_FOR_POSTING" in codes(either_office)


def test_claim_level_money_and_its_mismatch_are_one_task(either_office: Office, bring: Import) -> None:
    # Spec 4.10, vector 2: lines 80-10=70, 20-5=15; claim CAS 5; CLP04 80; mismatch 5.
    lines = (
        ServiceLine("99213", 8000, 7000, adjustments=(Adjustment("CO", "45", 1000),)),
        ServiceLine("36415", 2000, 1500, adjustments=(Adjustment("CO", "45", 500),)),
    )
    claim = Claim("P1", 10000, 8000, adjustments=(Adjustment("CO", "45", 500),), lines=lines)
    bring(remittance_file(payment(amount_cents=8000, claims=(claim,))))
    assert "CLAIM_LEVEL_ADJUSTMENT" in codes(either_office)
    assert "CARRIER_PAYMENT_MISMATCH" not in codes(either_office)
    (row,) = rows(either_office, deposit_claims)
    assert (row["paid_stated_cents"], row["paid_cents"], row["claim_level_cents"]) == (8000, 8500, 500)


def test_lines_that_pay_more_than_the_claim_are_told(either_office: Office, bring: Import) -> None:
    claim = replace(remittance_claim(), paid_cents=5500)
    outcome = bring(remittance_file(payment(amount_cents=5500, claims=(claim,))))
    (finding,) = [each for each in outcome.findings if each.code == "CARRIER_PAYMENT_MISMATCH"]
    assert "the lines pay 56.00, the claim 55.00" in finding.message
    assert "CLAIM_UNBALANCED" in {each.code for each in outcome.findings}


@pytest.mark.parametrize(
    ("claim", "code"),
    [
        (replace(remittance_claim(), patient_responsibility_cents=4000), "PR_SUM_DIFF"),
        (Claim("P1", 15000, 0, remit_status="4", adjustments=(Adjustment("CO", "29", 15000),)), "ZERO_PAY_DENIAL"),
        (Claim("P1", -15000, -5600, remit_status="22", adjustments=(Adjustment("CO", "45", -9400),)), "REVERSAL_ALONE"),
        (Claim("P1", 15000, 5600, adjustments=(Adjustment("OA", "999", 9400),)), "UNMAPPED_CARC"),
    ],
)  # fmt: skip
def test_what_the_file_alone_tells(either_office: Office, bring: Import, claim: Claim, code: str) -> None:
    bring(remittance_file(payment(amount_cents=claim.paid_cents, claims=(claim,))))
    assert code in codes(either_office)


def our_claim(office: Office, *, practice: int | None = None, pcn: str = "P1", **changes: object) -> int:
    """A claim of ours that fits `remittance_claim`, with one line."""
    with office.database.transaction() as stores:
        claim_id = int(bulk.new_ids(stores.connection, claims, 1)[0])
        values = {
            "patient_last": "Doe",
            "patient_first": "Jane",
            "service_from": date(2026, 1, 15),
            "charge_cents": 15000,
        }
        stores.connection.execute(
            sa.insert(claims).values(
                id=claim_id, practice_id=practice or office.north, pcn=pcn, **(values | changes)
            )
        )
        stores.connection.execute(
            sa.insert(claim_payers).values(claim_id=claim_id, level="primary", payer_id=office.acme)
        )
        stores.connection.execute(
            sa.insert(charge_lines).values(
                claim_id=claim_id,
                line_no=0,
                line_control_no="L1",
                code="99213",
                service_date=date(2026, 1, 15),
                charge_cents=15000,
            )
        )
    return claim_id


def test_our_claim_is_found_by_its_number_within_the_practice(either_office: Office, bring: Import) -> None:
    our_claim(either_office, practice=either_office.south)
    ours = our_claim(either_office)
    bring(remittance_file(payment()))
    (claim,) = rows(either_office, deposit_claims)
    assert (claim["claim_id"], claim["open_errors"]) == (ours, 0)
    (line,) = rows(either_office, deposit_lines)
    (mine,) = [row for row in rows(either_office, charge_lines) if row["claim_id"] == ours]
    assert line["charge_line_id"] == mine["id"]
    assert codes(either_office) == set()


@pytest.mark.parametrize(
    ("changes", "found"),
    [
        ({"patient_last": "Smith"}, "PATIENT_NAME_MISMATCH"),
        ({"service_from": date(2026, 1, 16)}, "DOS_MISMATCH"),
        ({"pcn": "OTHER"}, "CLAIM_NOT_FOUND"),
    ],
)
def test_our_claim_is_compared(
    either_office: Office, bring: Import, changes: dict[str, object], found: str
) -> None:
    our_claim(either_office, **changes)  # type: ignore[arg-type]
    bring(remittance_file(payment()))
    assert found in codes(either_office)


def test_the_level_of_the_payer_is_compared(either_office: Office, bring: Import) -> None:
    our_claim(either_office)
    bring(remittance_file(payment(claims=(replace(remittance_claim(), remit_status="2"),))))
    assert "PAYER_LEVEL_MISMATCH" in codes(either_office)


def test_a_line_we_did_not_send_is_a_conflict(either_office: Office, bring: Import) -> None:
    our_claim(either_office)
    (line,) = remittance_claim().lines
    bring(
        remittance_file(payment(claims=(replace(remittance_claim(), lines=(replace(line, code="99999"),)),)))
    )
    assert "PROCEDURE_CODE_CONFLICT" in codes(either_office)


def test_two_claims_with_one_number_are_told_apart_by_day_and_charge_or_not_at_all(
    either_office: Office, bring: Import
) -> None:
    our_claim(either_office, charge_cents=99900)
    fitting = our_claim(either_office)
    bring(remittance_file(payment()))
    assert rows(either_office, deposit_claims)[0]["claim_id"] == fitting
    our_claim(either_office)
    bring(remittance_file(payment(trace_number="EFT-9"), control=2))
    assert rows(either_office, deposit_claims)[1]["claim_id"] is None


def test_import_needs_the_right(either_office: Office) -> None:
    weak = actor(1, either_office.north, permissions=frozenset({Permission.DEPOSIT_VIEW}))
    with pytest.raises(NotPermittedError):
        RemittanceImport(either_office.database).import_remittance(weak, "x", remittance_file(payment()))
    assert rows(either_office, import_log) == []


def test_messages_name_no_patient(either_office: Office, bring: Import) -> None:
    our_claim(either_office, patient_last="Smith")
    outcome = bring(remittance_file(payment(amount_cents=1)))
    told = " ".join(finding.message for finding in outcome.findings).upper()
    assert "DOE" not in told
    assert "SMITH" not in told
