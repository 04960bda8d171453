"""The typing rule of the claim editor (spec deposits 6.6): what the clerk typed proposes the rest.

Typing the allowed amount proposes CO-45 = charge - allowed. Typing the payment and the patient's parts
proposes the contractual rest. Nothing that was typed is ever changed.
"""

from dataclasses import dataclass

CONTRACTUAL = ("CO", "45")


@dataclass(frozen=True, slots=True)
class TypedLine:
    """A line as far as it is typed, in cents; None is "not typed". `others_cents`: adjustments besides CO-45."""

    charge_cents: int
    allowed_cents: int | None = None
    paid_cents: int | None = None
    interest_cents: int = 0
    others_cents: int = 0
    contractual_cents: int | None = None


@dataclass(frozen=True, slots=True)
class Proposal:
    """What is proposed; None leaves the box as it is. `gap_cents` is the running gap with it."""

    contractual_cents: int | None
    gap_cents: int


def propose(line: TypedLine) -> Proposal:
    contractual = line.contractual_cents
    proposed = None
    if contractual is None:
        if line.allowed_cents is not None:
            proposed = line.charge_cents - line.allowed_cents
        elif line.paid_cents is not None:
            proposed = line.charge_cents - (line.paid_cents - line.interest_cents) - line.others_cents
    paid = (line.paid_cents or 0) - line.interest_cents
    booked = contractual if contractual is not None else proposed or 0
    return Proposal(proposed, line.charge_cents - paid - line.others_cents - booked)
