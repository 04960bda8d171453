"""Frames of what came in: deposits, their claims, lines, adjustments, findings, and the imports."""

from collections.abc import Sequence
from datetime import date
from typing import Any

import pandas as pd

from workbench.domain.permissions import Permission
from workbench.frames.base import FrameReader
from workbench.services.deposits.base import sight_of
from workbench.storage import frame_selects as selects
from workbench.storage.frame_selects import DepositFilter


class RemittanceFrames(FrameReader):
    """Every method gives a new DataFrame, limited to the practices of the person.

    Filters shared by most: `deposit_id` (one or several), `since` and `until` (dates, inclusive: the date banked, else
    issued), `status` (`NEW`, `IGNORE`, `SENT_TO_POSTING`, `BUILD`), `payer` (part of the name), `practice_id`.
    """

    def deposits(self, **filters: Any) -> pd.DataFrame:
        """One row per deposit, removed ones left out.

        int64: id claims_count lines_count unbalanced_claims unbalanced_lines open_errors and all `*_cents`:
        deposit payments adjustments information exclusions reported posted_paid posted_adjustments charged
        patient_responsibility provider_adjustments transaction_gap balance unreconciled.
        int64 that may be missing: practice_id payer_id import_file_id. string: type status posting_status check_number
        payer_name payer_identifier payee_name payee_npi payee_tin pay_method pay_type handling_code credit_debit
        practice owner unreadable. date32: deposited_date issued_date. timestamp: received_at sent_at disbursed_at.
        """
        return self._read("deposits", selects.deposits_select, **filters)

    def claims(self, **filters: Any) -> pd.DataFrame:
        """One row per claim of a deposit, in file order; `claim_id` is our own claim, missing while not found.

        int64: deposit_id id claim_no open_errors and `*_cents`: charge paid patient_responsibility
        deductible coinsurance copay adjustments information claim_level interest gap. int64 that may be missing: claim_id
        payer_id paid_stated_cents allowed_cents segment. string: check_number payer_name pcn payer_claim_no remit_status state
        filing_indicator patient_last patient_first member_id rendering_npi remark_codes crossover_name unreadable.
        bool: included. date32: deposited service_from service_to.
        """
        return self._read("claims", selects.claims_select, **filters)

    def service_lines(self, **filters: Any) -> pd.DataFrame:
        """One row per service line.

        int64: deposit_id deposit_claim_id id line_no and `*_cents`: charge paid interest gap.
        int64 that may be missing: charge_line_id paid_received_cents allowed_cents segment. string: check_number payer_name pcn remit_status code
        modifiers original_code revenue_code units original_units line_control_no remark_codes unreadable.
        date32: deposited service_from service_to.
        """
        return self._read("service_lines", selects.service_lines_select, **filters)

    def adjustments(self, **filters: Any) -> pd.DataFrame:
        """One row per CAS triplet, claim level (no `deposit_line_id`) and line level.

        int64: deposit_id deposit_claim_id id amount_cents. int64 that may be missing: deposit_line_id segment. string:
        check_number payer_name pcn remit_status code group reason quantity effect payment_type unreadable. date32: deposited.
        """
        return self._read("adjustments", selects.adjustments_select, **filters)

    def provider_adjustments(self, **filters: Any) -> pd.DataFrame:
        """One row per PLB pair; a positive amount lowered the check.

        int64: deposit_id id position amount_cents. int64 that may be missing: segment. string: check_number payer_name
        provider_id reason reference disposition unreadable. date32: deposited fiscal_period_end.
        """
        return self._read("provider_adjustments", selects.provider_adjustments_select, **filters)

    def findings(self, *, code: str = "", state: str = "", **filters: Any) -> pd.DataFrame:
        """One row per error of a deposit, its claims and lines. `state`: open, resolved, ignored, auto_resolved.

        int64: deposit_id id. int64 that may be missing: deposit_claim_id deposit_line_id segment. string: check_number
        payer_name code level severity state message close_reason. date32: deposited. timestamp: created_at closed_at.
        """
        return self._read(
            "findings", selects.findings_select, extra={"code": code, "state": state}, **filters
        )

    def imports(self, *, since: date | None = None, outcome: str = "") -> pd.DataFrame:
        """One row per attempt to bring in a file, duplicates and rejected ones too.

        int64: id size. int64 that may be missing: import_file_id. string: file_name sha256 outcome user findings_json.
        timestamp: at.
        """
        actor = self._ask_actor()
        actor.require(Permission.DEPOSIT_VIEW)
        statement = selects.imports_select(
            sight_of(actor), user_id=actor.user_id, since=since, outcome=outcome
        )
        return self._give(actor, "imports", statement)

    def _read(
        self,
        name: str,
        select: Any,
        *,
        extra: dict[str, str] | None = None,
        deposit_id: int | Sequence[int] | None = None,
        since: date | None = None,
        until: date | None = None,
        status: str = "",
        payer: str = "",
        practice_id: int | None = None,
    ) -> pd.DataFrame:
        actor = self._ask_actor()
        actor.require(Permission.DEPOSIT_VIEW)
        wanted = DepositFilter(deposit_id, since, until, status, payer, practice_id)
        return self._give(actor, name, select(wanted, sight_of(actor), **(extra or {})))
