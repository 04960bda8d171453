"""What an office may turn: windows in days, scores of the steps, limits of the search."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class MatchSettings:
    """Attributes:
    days: how far payment and bank line may lie apart without a trace (spec deposits 7.2: 5).
    trace_days: the same with a trace; CORE 370 wants 3 business days, late payers take longer.
    slip_days: a slip of checks is credited at most so many days after its date.
    held_days: a check may be held over to a later slip for so many days.
    highest_fee: share of the amount that a card processor may keep.
    most_items: items that the search for several payments in one line looks at.
    highest_chance: how many accidental solutions such a search may expect before its hit means nothing.
    lowest_score: proposals below are not made.
    seconds: limit for the whole search for several payments in one line.
    """

    days: int = 5
    trace_days: int = 15
    slip_days: int = 3
    held_days: int = 14
    highest_fee: float = 0.05
    fixed_fee_cents: int = 50
    most_items: int = 30
    highest_chance: float = 0.02
    lowest_score: float = 0.5
    seconds: float = 30.0


# Scores are what a clerk sees next to a proposal; only EXACT confirms itself.
EXACT = 1.0
TRACE_SUM = 0.95
REFERENCE = 0.93
PAYER_UNIQUE = 0.9
PAYER_ASSIGNED = 0.82
SENT_TWICE = 0.8
WHOLE_SLIP = 0.85
RUN_OF_SLIP = 0.78
CARD = 0.75
CARD_BY_RATE = 0.65
SUBSET = 0.72
AMOUNT_UNIQUE = 0.7
AMOUNT_ASSIGNED = 0.6
TRACE_DIFFERS = 0.6
AMBIGUOUS = 0.3
PER_DAY_APART = 0.01
