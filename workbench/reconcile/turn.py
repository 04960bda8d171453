"""Whose turn a claim is after posting (spec deposits 2.5 and 5, last line).

When several reasons disagree: denial, then the next payer, then the patient, then done.
"""

from dataclasses import dataclass

from workbench.domain.posting import ClaimStatus, CreditSetting
from workbench.domain.remit import ClaimLevel, PayerLevel, remit_status

_NEXT = {PayerLevel.PRIMARY: PayerLevel.SECONDARY, PayerLevel.SECONDARY: PayerLevel.TERTIARY}
_READY = {
    PayerLevel.SECONDARY: ClaimStatus.READY_SECONDARY,
    PayerLevel.TERTIARY: ClaimStatus.READY_TERTIARY,
}


@dataclass(frozen=True, slots=True)
class Turn:
    """New status and level; None leaves what is there."""

    status: ClaimStatus | None = None
    level: ClaimLevel | None = None


@dataclass(frozen=True, slots=True)
class TurnFacts:
    """What decides the turn.

    Attributes:
        open_cents: balance of the claim after posting.
        denied: a rule called an adjustment a denial, or the remit status is 4.
        payer_levels: levels that have a payer on our claim.
        rule: what a rule says; each blank part falls back to the rest of the table.
    """

    remit_status: str
    open_cents: int
    denied: bool
    payer_levels: frozenset[PayerLevel]
    patient_money: bool = False
    credit: CreditSetting = CreditSetting.NONE
    rule: Turn = Turn()


def next_turn(facts: TurnFacts) -> Turn:
    found = _patient_turn(facts) if facts.patient_money else _payer_turn(facts)
    rule = Turn() if facts.patient_money else facts.rule
    # Done only with a zero balance, whatever a rule says.
    status = rule.status if facts.open_cents == 0 or rule.status is not ClaimStatus.DONE else None
    return Turn(status or found.status, rule.level or found.level)


def _patient_turn(facts: TurnFacts) -> Turn:
    if facts.open_cents == 0:
        return Turn(ClaimStatus.DONE, ClaimLevel.COMPLETED)
    return Turn(ClaimStatus.REFUND) if facts.open_cents < 0 and facts.credit.changes_status else Turn()


def _payer_turn(facts: TurnFacts) -> Turn:
    status = remit_status(facts.remit_status)
    if facts.open_cents < 0:
        return Turn(ClaimStatus.REFUND) if facts.credit.changes_status else Turn()
    if facts.open_cents == 0:
        return Turn(ClaimStatus.DONE, ClaimLevel.COMPLETED)
    if status.reversal:
        return Turn(ClaimStatus.WAITING_ON_PAYER)
    if facts.denied or status.denied:
        return Turn(ClaimStatus.DENIED)
    following = _NEXT.get(status.level) if status.level else None
    if status.forwarded:
        level = ClaimLevel(following.value) if following else None
        return Turn(ClaimStatus.WAITING_ON_NEXT_PAYER, level)
    if following and following in facts.payer_levels:
        return Turn(_READY[following], ClaimLevel(following.value))
    return Turn(ClaimStatus.READY_TO_SEND, ClaimLevel.STATEMENT)
