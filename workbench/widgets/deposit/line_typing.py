"""What typing an amount on a line proposes for the rest of it (spec deposits 6.6, typing rule)."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from typing import Literal

# CARC 45: charge exceeds the fee schedule or maximum allowable; 23: impact of prior payers' adjudication.
CONTRACTUAL = "CO-45"
PRIOR_PAYER = "OA-23"
PATIENT_PARTS = {"deductible": "PR-1", "coinsurance": "PR-2", "copay": "PR-3"}


@dataclass(frozen=True, slots=True)
class LineFigures:
    """The amounts of one line while it is edited, in cents.

    Attributes:
        paid_cents: contains `interest_cents`, as printed on the EOB.
        adjustments: code such as "PR-1" -> the sum of its rows; a code without an amount is left out.
        contractual: whose CO-45 is: nobody's yet, the payer's, or the person's.
    """

    charge_cents: int
    paid_cents: int = 0
    allowed_cents: int | None = None
    interest_cents: int = 0
    adjustments: Mapping[str, int] = field(default_factory=dict)
    contractual: Literal["open", "received", "typed"] = "open"

    @property
    def gap_cents(self) -> int:
        """Spec 4.6: charge - adjustments - paid; interest in the payment explains no charge."""
        adjusted = sum(self.adjustments.values())
        return self.charge_cents - adjusted - (self.paid_cents - self.interest_cents)

    def amount(self, name: str) -> int | None:
        """`name`: allowed, paid, interest, a patient part, or the code of an adjustment."""
        amounts = {"allowed": self.allowed_cents, "paid": self.paid_cents, "interest": self.interest_cents}
        return amounts[name] if name in amounts else self.adjustments.get(PATIENT_PARTS.get(name, name), 0)


def put(line: LineFigures, name: str, cents: int | None) -> LineFigures:
    """The line with this amount, and nothing proposed. `name` as in `amount`; None empties it."""
    if name == "allowed":
        return replace(line, allowed_cents=cents)
    if name == "paid":
        return replace(line, paid_cents=cents or 0)
    if name == "interest":
        return replace(line, interest_cents=cents or 0)
    code = PATIENT_PARTS.get(name, name)
    changed = {**line.adjustments, code: cents or 0}
    return replace(line, adjustments={key: amount for key, amount in changed.items() if amount})


def typed(line: LineFigures, name: str, cents: int | None) -> LineFigures:
    """The line after a person typed an amount, with the CO-45 that this proposes.

    Allowed proposes CO-45 = charge - allowed (less what a prior payer settled, or the money of a
    secondary claim would be explained twice). While allowed is not known, paid and the patient's
    parts propose the rest of the charge. What a person typed as CO-45 is never replaced, and what
    the payer sent only when allowed is typed.
    """
    line = put(line, name, cents)
    if name == CONTRACTUAL:
        return replace(line, contractual="typed" if cents else "open")
    if line.contractual == "typed":
        return line
    if name == "allowed" and cents is not None:
        prior = line.adjustments.get(PRIOR_PAYER, 0)
        return put(line, CONTRACTUAL, _within(line.charge_cents, line.charge_cents - prior - cents))
    told = name in ("paid", "interest", *PATIENT_PARTS, *PATIENT_PARTS.values())
    if (
        line.contractual == "open"
        and line.allowed_cents is None
        and (told or CONTRACTUAL in line.adjustments)
    ):
        rest = put(line, CONTRACTUAL, 0).gap_cents
        return put(line, CONTRACTUAL, _within(line.charge_cents, rest))
    return line


def _within(charge_cents: int, rest_cents: int) -> int:
    """Nothing is proposed beyond 0: too much paid is for the person to look at. A reversal's charge is negative."""
    return max(rest_cents, 0) if charge_cents >= 0 else min(rest_cents, 0)
