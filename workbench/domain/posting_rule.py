"""A posting rule: when it applies and what it decides (spec deposits 5)."""

from dataclasses import dataclass
from enum import StrEnum
from typing import NamedTuple

from workbench.domain.deposit import PaymentType
from workbench.domain.posting import ClaimStatus, Effect
from workbench.domain.remit import ClaimLevel


class Unlisted(StrEnum):
    """Setting for a code that no rule knows: stop the claim, or treat it as a denial."""

    BLOCK = "block"
    DENIAL = "denial"


@dataclass(frozen=True, slots=True)
class Rule:
    """One row of the rules table; None in a condition means "any".

    Attributes:
        id: of the stored rule; shipped ones have negative numbers.
        minimum_cents, maximum_cents: inclusive range of the adjustment's amount.
        block: stop the claim for a person to look at.
    """

    id: int
    effect: Effect
    payment_type: PaymentType | None
    version: int = 1
    active: bool = True
    priority: int = 0
    payer_id: int | None = None
    payer_level: str | None = None
    remit_status: str | None = None
    group: str | None = None
    carc: str | None = None
    rarc: str | None = None
    cpt: str | None = None
    minimum_cents: int | None = None
    maximum_cents: int | None = None
    denial: bool = False
    claim_status: ClaimStatus | None = None
    claim_level: ClaimLevel | None = None
    block: bool = False
    note: str = ""

    @property
    def specificity(self) -> tuple[int, ...]:
        """Sorts the winner last."""
        code = 3 if self.group and self.carc else 2 if self.carc else 1 if self.group else 0
        narrow = (self.rarc, self.cpt, self.minimum_cents, self.maximum_cents)
        return (
            self.payer_id is not None,
            self.payer_level is not None,
            self.remit_status is not None,
            code,
            sum(value is not None for value in narrow),
            self.id > 0,  # the office's own before a shipped one
            self.priority,
            -abs(self.id),
        )

    @property
    def title(self) -> str:
        """`payer 4, CO-45`: the conditions, as a person names the rule."""
        code = f"{self.group or 'any group'}-{self.carc or 'any reason'}"
        parts = [
            f"payer {self.payer_id}" if self.payer_id is not None else "",
            self.payer_level or "",
            f"remit status {self.remit_status}" if self.remit_status else "",
            code,
            f"remark {self.rarc}" if self.rarc else "",
            f"procedure {self.cpt}" if self.cpt else "",
        ]
        return ", ".join(part for part in parts if part)

    def fits(self, facts: "AdjustmentFacts") -> bool:
        pairs = (
            (self.payer_id, facts.payer_id),
            (self.payer_level, facts.payer_level),
            (self.remit_status, facts.remit_status),
            (self.group, facts.group),
            (self.carc, facts.carc),
            (self.cpt, facts.cpt),
        )
        if any(wanted is not None and wanted != have for wanted, have in pairs):
            return False
        if self.rarc is not None and self.rarc not in facts.rarcs:
            return False
        above = self.minimum_cents is None or facts.amount_cents >= self.minimum_cents
        return above and (self.maximum_cents is None or facts.amount_cents <= self.maximum_cents)


class AdjustmentFacts(NamedTuple):
    """What the conditions of a rule look at. `rarcs`: remarks of the claim (MIA, MOA) and of the line (LQ)."""

    group: str | None
    carc: str | None
    payer_id: int | None = None
    payer_level: str | None = None
    remit_status: str | None = None
    rarcs: frozenset[str] = frozenset()
    cpt: str | None = None
    amount_cents: int = 0

    def with_remarks(self, codes: str) -> "AdjustmentFacts":
        """And these, space separated."""
        return self._replace(rarcs=self.rarcs.union(codes.split())) if codes else self
