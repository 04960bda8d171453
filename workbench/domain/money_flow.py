"""Where the money of a deposit went, for its picture and the table beside it (spec deposits 4.2, 10)."""

from dataclasses import dataclass, field

from workbench.domain.money import Cents


@dataclass(frozen=True, slots=True)
class MoneyFlow:
    """Where the money of a deposit went: the parts sum to `deposit_cents` (spec 10).

    `provider_adjustments_cents`: in cash sign (minus PLB), all of it; `reported_cents` is the part of it and
    of claim-level money that went to Deposit Reporting. `unreconciled_cents` is the rest. `unreadable`: as in
    `workbench.domain.deposit_views.DepositRow`.
    """

    deposit_cents: Cents
    payments_cents: Cents
    exclusions_cents: Cents
    reported_cents: Cents
    unreconciled_cents: Cents
    provider_adjustments_cents: Cents
    provider_adjustments: dict[str, Cents] = field(default_factory=dict)
    unreadable: str = ""
