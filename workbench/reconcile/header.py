"""The two figures of the deposit's header, and whether it may be sent (spec deposits 4.2 and 4.3).

`Balance ($)` is the documented figure, `Unreconciled ($)` the cash figure that alone gates posting.
"""

from collections.abc import Iterable
from dataclasses import dataclass

from workbench.domain.deposit import Disposition
from workbench.domain.money import format_dollars


@dataclass(frozen=True, slots=True)
class ClaimMoney:
    """A deposit claim as the header sees it, in cents.

    `paid_cents` is as worked, with provider-level amounts applied to the claim; `paid_stated_cents` is CLP04.
    `reported_cents`: claim-level amounts sent to Deposit Reporting, in cash sign (minus the CAS amount).
    """

    included: bool
    paid_cents: int
    paid_stated_cents: int
    adjustments_cents: int
    information_cents: int = 0
    reported_cents: int = 0


@dataclass(frozen=True, slots=True)
class ProviderMoney:
    """A PLB amount in X12's sign (positive lowers the check) and what was decided about it."""

    amount_cents: int
    disposition: Disposition


@dataclass(frozen=True, slots=True)
class Header:
    """Totals of a deposit, in cents."""

    deposit_cents: int
    payments_cents: int
    adjustments_cents: int
    information_cents: int
    exclusions_cents: int
    reported_cents: int

    @property
    def balance_cents(self) -> int:
        """Deposit - Payments - Adjustment, literally as documented."""
        return self.deposit_cents - self.payments_cents - self.adjustments_cents

    @property
    def unreconciled_cents(self) -> int:
        """Deposit - Payments - Exclusions - Reported; 0 means that the deposit ties out."""
        return self.deposit_cents - self.payments_cents - self.exclusions_cents - self.reported_cents

    @property
    def balance_explained(self) -> str:
        parts = (("Deposit", self.deposit_cents), ("Payments", self.payments_cents))
        return _explain("Balance", self.balance_cents, *parts, ("Adjustment", self.adjustments_cents))

    @property
    def unreconciled_explained(self) -> str:
        return _explain(
            "Unreconciled",
            self.unreconciled_cents,
            ("Deposit", self.deposit_cents),
            ("Payments", self.payments_cents),
            ("Exclusions", self.exclusions_cents),
            ("Reported", self.reported_cents),
        )


def _explain(name: str, result: int, *parts: tuple[str, int]) -> str:
    terms = " - ".join(f"{word} {_signed(cents)}" for word, cents in parts)
    return f"{name} = {terms} = {format_dollars(result)}"


def _signed(cents: int) -> str:
    text = format_dollars(cents)
    return f"({text})" if cents < 0 else text


def header_of(deposit_cents: int, claims: Iterable[ClaimMoney], provider: Iterable[ProviderMoney]) -> Header:
    """The header from its claims and provider-level amounts."""
    every = list(claims)
    included = [claim for claim in every if claim.included]
    reported = [-plb.amount_cents for plb in provider if plb.disposition is Disposition.REPORT]
    return Header(
        deposit_cents=deposit_cents,
        payments_cents=sum(claim.paid_cents for claim in included),
        adjustments_cents=sum(claim.adjustments_cents for claim in included),
        information_cents=sum(claim.information_cents for claim in included),
        exclusions_cents=sum(claim.paid_stated_cents for claim in every if not claim.included),
        reported_cents=sum(reported) + sum(claim.reported_cents for claim in included),
    )


def why_not_tied_out(header: Header) -> str | None:
    """The question before sending (spec 4.3); None when the deposit ties out to the cent."""
    difference = header.unreconciled_cents
    if difference == 0:
        return None
    more = "is not accounted for" if difference > 0 else "is accounted for twice or too much"
    return (
        f"{format_dollars(abs(difference))} of the deposit {more}. {header.unreconciled_explained}. "
        "Say why and send, or go back and find it."
    )
