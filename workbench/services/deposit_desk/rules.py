"""The rules page: the office's own rules, ERA Amounts, and why a rule wins (spec deposits 5)."""

from dataclasses import asdict, dataclass, replace
from typing import Any

from workbench.domain.deposit import Disposition, PaymentType
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.posting import Effect
from workbench.domain.posting_rule import AdjustmentFacts, Rule
from workbench.errors import NotFoundError, RefusedError
from workbench.reconcile.rules import SHIPPED_RULES, Decision
from workbench.services.deposit_desk.desk import rule_book
from workbench.storage import Database


@dataclass(frozen=True, slots=True)
class EraAmount:
    """What to do with a provider-level reason, for one payer or (None) for all.

    `payment_type`: how it is booked when it is reported; None for the usual one of the reason.
    """

    payer_id: int | None
    reason: str
    disposition: Disposition
    payment_type: PaymentType | None = None


class Rules:
    """Reads and keeps rules. A change counts for what is decided afterwards; what is posted stays."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def own(self, actor: Actor) -> list[Rule]:
        """The office's rules, switched-off ones too."""
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            return stores.rules.all()

    def shipped(self) -> tuple[Rule, ...]:
        """The rules that ship with the program; an own rule of the same conditions stands in front of one."""
        return SHIPPED_RULES

    def explain(self, actor: Actor, facts: AdjustmentFacts) -> Decision:
        """What is decided about such an adjustment, by which rule, and why that one."""
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            return rule_book(stores).decide(facts)

    def save(self, actor: Actor, rule: Rule) -> Rule:
        """Adds a rule (`id` 0) or changes one, when `version` is the one that was seen."""
        actor.require(Permission.RULES_EDIT)
        _check(rule)
        with self._database.transaction() as stores:
            if rule.id == 0:
                number = stores.rules.add(rule)
                stores.audit.add(actor, "rule.add", "rule", number, after=_plain(rule))
                return replace(rule, id=number, version=1)
            before = next((found for found in stores.rules.all() if found.id == rule.id), None)
            if before is None:
                raise NotFoundError("The rule was not found.")
            version = stores.rules.change(rule)
            stores.audit.add(actor, "rule.change", "rule", rule.id, before=_plain(before), after=_plain(rule))
            return replace(rule, version=version)

    def era_amounts(self, actor: Actor) -> list[EraAmount]:
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            found, kinds = stores.rules.era_amounts(), stores.rules.era_amount_types()
        return [EraAmount(*key, what, kinds.get(key)) for key, what in found.items()]

    def set_era_amount(self, actor: Actor, amount: EraAmount) -> None:
        """REPORT resolves such amounts by itself; APPLY_TO_CLAIM and UNRESOLVED ask a person."""
        actor.require(Permission.RULES_EDIT)
        if amount.disposition is Disposition.IGNORE:
            raise RefusedError("Ignoring an amount needs a reason each time; it cannot be set up.")
        with self._database.transaction() as stores:
            stores.rules.set_era_amount(
                amount.payer_id, amount.reason.strip().upper(), amount.disposition, amount.payment_type
            )
            stores.audit.add(
                actor, "era_amount.set", "era_amount", amount.payer_id or 0, after=asdict(amount)
            )


def _check(rule: Rule) -> None:
    if rule.effect is not Effect.BLOCK and rule.payment_type is None:
        raise RefusedError("Choose a payment type.")
    if (
        rule.minimum_cents is not None
        and rule.maximum_cents is not None
        and rule.minimum_cents > rule.maximum_cents
    ):
        raise RefusedError("The smallest amount is larger than the largest.")


def _plain(rule: Rule) -> dict[str, Any]:
    return {name: value for name, value in asdict(rule).items() if value not in (None, "", False)}
