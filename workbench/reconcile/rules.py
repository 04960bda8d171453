"""Which rule decides what an adjustment does, and why that one (spec deposits 5).

The most specific rule wins: payer, then payer level, then remit status, then group and reason, then
reason, then group; ties go to the narrower one (remark, procedure, amount range), then to the office's own
before a shipped one, then to the higher priority, then to the older rule. A blank claim status or level
falls back to the next rule down.
"""

from collections.abc import Iterable
from dataclasses import dataclass, field

from workbench.domain.deposit import PaymentType
from workbench.domain.posting import ClaimStatus, Effect
from workbench.domain.posting_rule import AdjustmentFacts, Rule, Unlisted
from workbench.domain.remit import ClaimLevel, Group
from workbench.reconcile.effects import DEFAULT_TREATMENTS


@dataclass(frozen=True, slots=True)
class Decision:
    """What was decided for one adjustment. `rule` None: no rule knows the code (UNMAPPED_CARC).

    A rule that stops the claim (`Rule.block`) decides on BLOCK, whatever its effect would be.
    """

    effect: Effect
    payment_type: PaymentType | None
    denial: bool
    claim_status: ClaimStatus | None
    claim_level: ClaimLevel | None
    rule: Rule | None
    why: str

    @property
    def rule_id(self) -> int | None:
        """Of the office's own rule; None when a shipped one or none decided."""
        return self.rule.id if self.rule is not None and self.rule.id > 0 else None


def _shipped() -> tuple[Rule, ...]:
    rows = enumerate(DEFAULT_TREATMENTS.items(), start=1)
    return tuple(
        Rule(
            id=-number,
            effect=treatment.effect,
            payment_type=treatment.payment_type,
            group=group,
            carc=carc,
            denial=treatment.effect is Effect.DENIAL,
            note="shipped",
        )
        for number, ((group, carc), treatment) in rows
    )


SHIPPED_RULES = _shipped()


@dataclass
class RuleBook:
    """All rules of the office. `decide` remembers its answers: a deposit repeats few combinations.

    `looks_at_*`: whether some rule asks for remarks, the procedure or the amount.
    """

    own: Iterable[Rule] = ()
    unlisted: Unlisted = Unlisted.BLOCK
    looks_at_rarc: bool = field(init=False)
    looks_at_cpt: bool = field(init=False)
    looks_at_amount: bool = field(init=False)
    _by_code: dict[tuple[str | None, str | None], list[Rule]] = field(init=False)
    _known: dict[tuple[object, ...], Decision] = field(init=False, default_factory=dict)
    _for_claim: dict[tuple[object, ...], "ClaimRules"] = field(init=False, default_factory=dict)

    def __post_init__(self) -> None:
        rules = [rule for rule in (*self.own, *SHIPPED_RULES) if rule.active]
        self._by_code = {}
        for rule in sorted(rules, key=lambda rule: rule.specificity, reverse=True):
            self._by_code.setdefault((rule.group, rule.carc), []).append(rule)
        self.looks_at_rarc = any(rule.rarc for rule in rules)
        self.looks_at_cpt = any(rule.cpt for rule in rules)
        ranged = (rule.minimum_cents is not None or rule.maximum_cents is not None for rule in rules)
        self.looks_at_amount = any(ranged)

    def decide(self, facts: AdjustmentFacts) -> Decision:
        # Only what some rule looks at tells combinations apart.
        key = (
            facts.group,
            facts.carc,
            facts.payer_id,
            facts.payer_level,
            facts.remit_status,
            facts.rarcs if self.looks_at_rarc else None,
            facts.cpt if self.looks_at_cpt else None,
            facts.amount_cents if self.looks_at_amount else None,
        )
        found = self._known.get(key)
        if found is None:
            # Version 4010's CR is treated like the contractual pair it corrects (spec 8 row 25).
            group = Group.CO.value if facts.group == Group.CR else facts.group
            found = self._known[key] = self._decide(facts._replace(group=group))
        return found

    def for_claim(
        self, payer_id: int | None, payer_level: str | None, remit_status: str, rarcs: frozenset[str]
    ) -> "ClaimRules":
        """The rules as claims see them that have all this in common."""
        key = (payer_id, payer_level, remit_status, rarcs)
        found = self._for_claim.get(key)
        if found is None:
            looks_closer = self.looks_at_cpt or self.looks_at_amount or self.looks_at_rarc
            about = AdjustmentFacts(None, None, payer_id, payer_level, remit_status, rarcs)
            found = self._for_claim[key] = ClaimRules(self, about, looks_closer)
        return found

    def _decide(self, facts: AdjustmentFacts) -> Decision:
        codes = {(group, carc) for group in (facts.group, None) for carc in (facts.carc, None)}
        fitting = [rule for code in codes for rule in self._by_code.get(code, ()) if rule.fits(facts)]
        ranked = sorted(fitting, key=lambda rule: rule.specificity, reverse=True)
        if not ranked:
            return self._unknown(facts)
        winner = ranked[0]
        return Decision(
            effect=Effect.BLOCK if winner.block else winner.effect,
            payment_type=winner.payment_type,
            denial=winner.denial or winner.effect is Effect.DENIAL,
            claim_status=next((rule.claim_status for rule in ranked if rule.claim_status), None),
            claim_level=next((rule.claim_level for rule in ranked if rule.claim_level), None),
            rule=winner,
            why=_why(winner, ranked[1:]),
        )

    def _unknown(self, facts: AdjustmentFacts) -> Decision:
        code = f"{facts.group}-{facts.carc}"
        if self.unlisted is Unlisted.DENIAL:
            why = f"No rule knows {code}; the office treats such codes as denials."
            return Decision(Effect.DENIAL, PaymentType.DENIAL, True, None, None, None, why)  # noqa: FBT003
        why = f"No rule knows {code}; it stops the claim until somebody says what it does."
        return Decision(Effect.BLOCK, None, False, None, None, None, why)  # noqa: FBT003


def _why(winner: Rule, others: list[Rule]) -> str:
    source = "shipped rule" if winner.id < 0 else f"rule {winner.id} v{winner.version}"
    text = f"{source} ({winner.title})"
    if not others:
        return f"{text}: the only one that fits."
    return f"{text}: more specific than {len(others)} other(s), next is ({others[0].title})."


@dataclass(slots=True)
class ClaimRules:
    """The rule book for claims that are alike; a large deposit asks it for every adjustment.

    `about`: what the claims have in common. `looks_closer`: some rule asks for something of the line or the amount.
    """

    book: RuleBook
    about: AdjustmentFacts
    looks_closer: bool
    _known: dict[tuple[str, str], Decision] = field(init=False, default_factory=dict)

    def decide(
        self, group: str, carc: str, cpt: str | None, amount_cents: int, line_remarks: str = ""
    ) -> Decision:
        found = self._known.get((group, carc))
        if found is None:
            facts = self.about._replace(group=group, carc=carc, cpt=cpt, amount_cents=amount_cents)
            found = self.book.decide(facts.with_remarks(line_remarks))
            if not self.looks_closer:
                self._known[group, carc] = found
        return found
