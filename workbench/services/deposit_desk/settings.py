"""Settings of the company and of payers (spec deposits 6.10); those of a person are `services.user_settings`."""

import json
from dataclasses import dataclass
from datetime import date

from workbench.domain.deposit_errors import ERROR_KINDS
from workbench.domain.findings import Severity
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.posting import ClaimStatus, CreditSetting
from workbench.domain.posting_rule import Unlisted
from workbench.errors import RefusedError
from workbench.services.deposit_desk.desk import CLOSED_THROUGH
from workbench.services.deposit_desk.duplicates import DUPLICATE_CODES, refresh_duplicates
from workbench.services.deposit_desk.planning import CREDIT_SETTING, CREDIT_STATUS
from workbench.services.deposit_desk.severities import (
    CHOSEN,
    SETTING,
    company_severities,
    severity_choices,
)
from workbench.storage import Database

AUTO_POST_DELAY = "auto_post_era_delay"
AUTO_POST_DEPOSIT = "auto_post_deposit"
AUTO_POST_MATCHED = "auto_post_matched_only"
UNLISTED_CODE = "unlisted_code"
YES, NO = "yes", "no"
OFF = -1


@dataclass(frozen=True, slots=True)
class CompanySetting:
    """One setting as the page shows it; `choices` empty: a whole number from `least` to `most`, or a day."""

    key: str
    label: str
    default: str
    choices: tuple[str, ...] = ()
    least: int = 0
    most: int = 0


COMPANY_SETTINGS = (
    CompanySetting(AUTO_POST_DELAY, "Auto Post ERA Delay", str(OFF), least=OFF, most=14),
    CompanySetting(AUTO_POST_MATCHED, "Auto post only when matched to the bank", NO, (NO, YES)),
    CompanySetting(
        CREDIT_SETTING, "Create Deposit Credit Error", CreditSetting.NONE.value, tuple(CreditSetting)
    ),
    CompanySetting(
        CREDIT_STATUS, "Credit Deposit Claim Status", ClaimStatus.REFUND.value, tuple(ClaimStatus)
    ),
    CompanySetting(UNLISTED_CODE, "Code without a rule", Unlisted.BLOCK.value, tuple(Unlisted)),
)
_BY_KEY = {setting.key: setting for setting in COMPANY_SETTINGS}


class DeskSettings:
    """Company and payer settings; changing them needs the right to set up."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def company(self, actor: Actor) -> dict[str, str]:
        """Key -> value of COMPANY_SETTINGS."""
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            return {one.key: stores.office.company_setting(one.key, one.default) for one in COMPANY_SETTINGS}

    def set_company(self, actor: Actor, key: str, value: str) -> None:
        """Raises RefusedError when the value is not one the setting can have."""
        actor.require(Permission.SETUP)
        setting = _BY_KEY[key]
        if setting.choices:
            if value not in setting.choices:
                raise RefusedError(f"{setting.label}: choose one of {', '.join(setting.choices)}.")
        else:
            _whole_number(setting.label, value, setting.least, setting.most)
        with self._database.transaction() as stores:
            before = stores.office.company_setting(key, setting.default)
            stores.office.set_company_setting(key, value)
            stores.audit.add(actor, "setting.company", "company", 0, before={key: before}, after={key: value})

    def error_severities(self, actor: Actor) -> dict[str, Severity]:
        """How grave each kind is whose gravity the office may choose: by code, in the order of the spec."""
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            chosen = company_severities(stores)
        return {code: chosen.get(code, ERROR_KINDS[code].severity) for code in CHOSEN}

    def set_error_severity(self, actor: Actor, code: str, severity: Severity) -> None:
        """Chooses it for new errors of the kind and for those that are open.

        Raises RefusedError for a kind or a severity that cannot be chosen.
        """
        actor.require(Permission.SETUP)
        if code not in CHOSEN or severity not in severity_choices(code):
            raise RefusedError("This error cannot be made so grave, or not so light.")
        with self._database.transaction() as stores:
            kept = company_severities(stores)
            usual = ERROR_KINDS[code].severity
            before = kept.pop(code, usual)
            if severity is not usual:
                kept[code] = severity
            stores.office.set_company_setting(SETTING, json.dumps(kept))
            for deposit_id in stores.deposit_errors.regrade_kind(code, severity.value):
                if code in DUPLICATE_CODES:  # usually as grave as what it names is alive
                    refresh_duplicates(stores, deposit_id)
                stores.deposit_errors.recount(deposit_id)
            stores.audit.add(
                actor,
                "setting.error",
                "company",
                0,
                before={code: before.value},
                after={code: severity.value},
            )

    def payer_auto_post(self, actor: Actor, payer_id: int) -> int | None:
        """Auto Post Deposit of a payer: -1 never, 0 at creation, n days; None: the company's value counts."""
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            value = stores.rules.payer_settings(payer_id).get(AUTO_POST_DEPOSIT)
        return None if value is None else int(value)

    def set_payer_auto_post(self, actor: Actor, payer_id: int, days: int | None) -> None:
        actor.require(Permission.SETUP)
        if days is not None:
            _whole_number("Auto Post Deposit", str(days), OFF, 365)
        with self._database.transaction() as stores:
            value = None if days is None else str(days)
            stores.rules.set_payer_setting(payer_id, AUTO_POST_DEPOSIT, value)
            stores.audit.add(actor, "setting.payer", "payer", payer_id, after={AUTO_POST_DEPOSIT: value})

    def closed_through(self, actor: Actor) -> date | None:
        """The last day closed for entries."""
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            text = stores.office.company_setting(CLOSED_THROUGH, "")
        return date.fromisoformat(text) if text else None

    def close_period(self, actor: Actor, through: date) -> None:
        """Closes all days up to `through`; entries then go to the first open day. A closed day stays closed."""
        actor.require(Permission.PERIOD_CLOSE)
        with self._database.transaction() as stores:
            before = stores.office.company_setting(CLOSED_THROUGH, "")
            if before and through < date.fromisoformat(before):
                raise RefusedError(f"The books are closed through {before} already.")
            stores.office.set_company_setting(CLOSED_THROUGH, through.isoformat())
            stores.audit.add(
                actor, "period.close", "company", 0, before={"through": before}, after={"through": through}
            )


def _whole_number(label: str, value: str, least: int, most: int) -> None:
    digits = value.removeprefix("-")
    if not (digits.isascii() and digits.isdigit() and least <= int(value) <= most):
        raise RefusedError(f"{label} must be a whole number from {least} to {most}.")
