"""The settings page without a browser: own, company, payer settings, rules, ERA amounts (spec deposits 5, 6.10)."""

from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, replace
from datetime import date
from typing import Any, Protocol

from workbench.domain.deposit import Disposition, PaymentType
from workbench.domain.findings import Severity
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.posting import ClaimStatus, CreditSetting, Effect
from workbench.domain.posting_rule import AdjustmentFacts, Rule, Unlisted
from workbench.domain.remit import ClaimLevel
from workbench.errors import RefusedError
from workbench.reconcile.forwarding import usual_payment_type
from workbench.services.deposit_desk.choices import Choice
from workbench.services.deposit_desk.rules import EraAmount
from workbench.services.deposit_desk.settings import COMPANY_SETTINGS
from workbench.services.user_settings import CLAIM_SEARCH_DAYS, MAX_CLAIMS, UserSettings
from workbench.widgets.desk import MoneyDesk
from workbench.widgets.kit.typed import money_text

OWN = {CLAIM_SEARCH_DAYS: "Claim Search Time Period", MAX_CLAIMS: "Maximum claims per deposit page"}
# Spec 3.1: the table of "Create Deposit Credit Error".
CREDIT_WORDS = {
    CreditSetting.INSURANCE_WITH_ERROR: "1 - insurance credit, error, claim status",
    CreditSetting.INSURANCE: "2 - insurance credit, claim status",
    CreditSetting.NONE: "3 - nothing",
    CreditSetting.PATIENT_WITH_ERROR: "4 - patient credit, error, claim status",
    CreditSetting.PATIENT: "5 - patient credit, claim status",
    CreditSetting.STATUS_ONLY: "6 - claim status only",
}
UNLISTED_WORDS = {Unlisted.BLOCK: "Stop the claim", Unlisted.DENIAL: "Treat it as a denial"}
# Spec 5: ERA Amounts are applied to a claim by a person, or reported by themselves.
AMOUNT_WORDS = {
    Disposition.APPLY_TO_CLAIM: Disposition.APPLY_TO_CLAIM.label,
    Disposition.REPORT: Disposition.REPORT.label,
    Disposition.UNRESOLVED: "Ask each time",
}


class Desk(MoneyDesk, Protocol):
    """What the page needs of the opened workbench."""

    @property
    def user_settings(self) -> UserSettings: ...


@dataclass(frozen=True, slots=True)
class PayerSetting:
    """A payer with its Auto Post Deposit: "" when the company's delay counts."""

    id: int
    name: str
    auto_post: str


class SettingsModel:
    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def _actor(self) -> Actor:
        return self._desk.actor

    def _may_not(self, permission: Permission, what: str) -> str:
        if permission in self._actor.permissions:
            return ""
        return f"You may not change {what}. Ask your supervisor for the right."

    def setup_blocker(self) -> str:
        return self._may_not(Permission.SETUP, "settings of the office")

    def rules_blocker(self) -> str:
        return self._may_not(Permission.RULES_EDIT, "rules")

    def closing_blocker(self) -> str:
        return self._may_not(Permission.PERIOD_CLOSE, "closed days")

    def own(self) -> dict[str, int]:
        """The person's own settings, all whole numbers."""
        return {key: int(self._desk.user_settings.get(self._actor, key)) for key in OWN}

    def save_own(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Keeps those that can be kept; gives the others with what is wrong about them."""
        return _each(OWN, lambda key: self._desk.user_settings.set(self._actor, key, _text(values[key])))

    def company(self) -> dict[str, str]:
        return self._desk.deposit_desk.settings.company(self._actor)

    def save_company(self, values: Mapping[str, Any]) -> dict[str, str]:
        """Keeps what changed; gives what cannot be kept with what is wrong about it."""
        before = self.company()
        changed = [one.key for one in COMPANY_SETTINGS if _text(values[one.key]) != before[one.key]]
        settings = self._desk.deposit_desk.settings
        return _each(changed, lambda key: settings.set_company(self._actor, key, _text(values[key])))

    def error_severities(self) -> dict[str, str]:
        """By code: the severity's own word."""
        found = self._desk.deposit_desk.settings.error_severities(self._actor)
        return {code: severity.value for code, severity in found.items()}

    def save_error_severities(self, values: Mapping[str, Any]) -> int:
        """Keeps those that changed; gives how many."""
        before = self.error_severities()
        changed = [code for code, word in before.items() if values[code] and values[code] != word]
        for code in changed:
            self._desk.deposit_desk.settings.set_error_severity(self._actor, code, Severity(values[code]))
        return len(changed)

    def closed_through(self) -> date | None:
        return self._desk.deposit_desk.settings.closed_through(self._actor)

    def close_through(self, day: date) -> None:
        """Raises RefusedError when a later day is closed already."""
        self._desk.deposit_desk.settings.close_period(self._actor, day)

    def payers(self, text: str, offset: int, limit: int) -> tuple[list[PayerSetting], int]:
        """One page of payers by name."""
        found, total = self.find_payers(text, offset + limit)
        return [self._payer(payer) for payer in found[offset:]], total

    def find_payers(self, text: str, limit: int) -> tuple[list[Choice], int]:
        return self._desk.deposit_desk.choices.payers(self._actor, text, limit)

    def _payer(self, payer: Choice) -> PayerSetting:
        days = self._desk.deposit_desk.settings.payer_auto_post(self._actor, payer.id)
        return PayerSetting(payer.id, payer.name, "" if days is None else str(days))

    def set_auto_post(self, payer_id: int, text: str) -> str | None:
        """Days after the deposit date, 0 at creation, -1 never, "" as the company; what is wrong, or None."""
        word = text.strip()
        if word and not word.removeprefix("-").isdecimal():
            return "Type -1 for never, 0 for at once, a number of days, or nothing for the company's delay."
        try:
            days = int(word) if word else None
            self._desk.deposit_desk.settings.set_payer_auto_post(self._actor, payer_id, days)
        except RefusedError as refused:
            return str(refused)
        return None

    def rules(self, text: str = "") -> list[Rule]:
        """The office's own rules, then the shipped ones, whose code, payer or note holds the text."""
        rules = self._desk.deposit_desk.rules
        names = self.payer_names()
        words = text.strip().casefold()
        return [
            rule
            for rule in (*rules.own(self._actor), *rules.shipped())
            if words in f"{rule_code(rule)} {names.get(rule.payer_id or 0, '')} {rule.note}".casefold()
        ]

    def payer_names(self) -> dict[int, str]:
        found, total = self.find_payers("", 0)
        found, _ = self.find_payers("", total)
        return {payer.id: payer.name for payer in found}

    def explain(self, values: Mapping[str, Any]) -> str:
        """What is decided about such an adjustment, and why by that rule."""
        if not values["group"] or not values["carc"]:
            raise RefusedError("Type a group and a reason, such as CO and 45.")
        facts = AdjustmentFacts(
            group=values["group"],
            carc=str(values["carc"]).strip().upper(),
            payer_id=values["payer_id"],
            payer_level=values["payer_level"] or None,
            remit_status=values["remit_status"] or None,
            rarcs=frozenset(_codes(values["rarc"])),
            cpt=next(iter(_codes(values["cpt"])), None),
            amount_cents=values["amount_cents"] or 0,
        )
        decision = self._desk.deposit_desk.rules.explain(self._actor, facts)
        kind = f", {decision.payment_type.value}" if decision.payment_type else ""
        return f"{decision.effect.label}{kind} - {decision.why}"

    def save_rule(self, rule: Rule | None, values: Mapping[str, Any]) -> Rule:
        """Adds a rule, or changes an own one. A shipped one is not changed: an own rule stands in front of it."""
        base = rule if rule and rule.id > 0 else Rule(0, Effect.WRITE_OFF, None)
        if not values["group"] and not values["carc"]:
            raise RefusedError("Type a group, a reason, or both: a rule for everything is too much.")
        kept = replace(
            base,
            active=bool(values["active"]),
            payer_id=values["payer_id"],
            group=values["group"] or None,
            carc=next(iter(_codes(values["carc"])), None),
            payer_level=values["payer_level"] or None,
            remit_status=values["remit_status"] or None,
            rarc=next(iter(_codes(values["rarc"])), None),
            cpt=next(iter(_codes(values["cpt"])), None),
            minimum_cents=values["minimum_cents"],
            maximum_cents=values["maximum_cents"],
            priority=values["priority"] or 0,
            effect=Effect(values["effect"]),
            payment_type=PaymentType(values["payment_type"]) if values["payment_type"] else None,
            claim_status=ClaimStatus(values["claim_status"]) if values["claim_status"] else None,
            claim_level=ClaimLevel(values["claim_level"]) if values["claim_level"] else None,
            denial=bool(values["denial"]) or Effect(values["effect"]) is Effect.DENIAL,
            block=bool(values["block"]),
            note=values["note"] or "",
        )
        return self._desk.deposit_desk.rules.save(self._actor, kept)

    def era_amounts(self) -> list[EraAmount]:
        found = self._desk.deposit_desk.rules.era_amounts(self._actor)
        return sorted(found, key=lambda one: (one.payer_id or 0, one.reason))

    def amount_type(self, amount: EraAmount) -> str:
        """The payment type of a reported amount: as it is set up, else the usual one of its reason."""
        kind = amount.payment_type or usual_payment_type(amount.reason)
        return kind.value if kind else ""

    def set_era_amount(self, values: Mapping[str, Any]) -> None:
        """For one payer, or for all when none is chosen."""
        if not values["reason"]:
            raise RefusedError("Type the reason of the provider-level amount, such as WO or L6.")
        kind = PaymentType(values["payment_type"]) if values["payment_type"] else None
        amount = EraAmount(values["payer_id"], values["reason"], Disposition(values["disposition"]), kind)
        self._desk.deposit_desk.rules.set_era_amount(self._actor, amount)


def rule_code(rule: Rule) -> str:
    """`CO-45`, `CO-any`, `any-45`: what a rule looks at first."""
    return f"{rule.group or 'any'}-{rule.carc or 'any'}"


def rule_conditions(rule: Rule) -> str:
    """What else a rule looks at: level, remit status, remark, procedure, amounts; and its priority."""
    low, high = rule.minimum_cents, rule.maximum_cents
    amounts = {
        (False, False): "",
        (True, False): f"from {money_text(low)}",
        (False, True): f"to {money_text(high)}",
        (True, True): f"{money_text(low)} to {money_text(high)}",
    }
    parts = [
        rule.payer_level or "",
        f"remit status {rule.remit_status}" if rule.remit_status else "",
        f"remark {rule.rarc}" if rule.rarc else "",
        f"procedure {rule.cpt}" if rule.cpt else "",
        amounts[low is not None, high is not None],
        f"priority {rule.priority}" if rule.priority else "",
    ]
    return ", ".join(part for part in parts if part)


def _codes(value: Any) -> list[str]:
    return str(value or "").upper().split()


def _text(value: Any) -> str:
    return "" if value is None else str(value)


def _each(keys: Iterable[str], keep: Callable[[str], None]) -> dict[str, str]:
    wrong = {}
    for key in keys:
        try:
            keep(key)
        except RefusedError as refused:
            wrong[key] = str(refused)
    return wrong
