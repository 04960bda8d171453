"""Which practice was paid, and which of our payers paid (spec deposits 8 row 21: never by name alone)."""

from collections.abc import Mapping
from dataclasses import dataclass
from typing import Any

# The order of trust; the column of the remittance table each kind is compared with.
_PAYER_KINDS = (
    ("REF2U", "payer_additional_id"),
    ("N104", "payer_id"),
    ("TRN03", "trace_originator"),
    ("BPR10", "originator_id"),
)


@dataclass(frozen=True, slots=True)
class Parties:
    """What the office knows: (kind, identifier) -> practice or payer."""

    practices: Mapping[tuple[str, str], int]
    payers: Mapping[tuple[str, str], int]

    def practice_of(self, remittance: Mapping[str, Any]) -> int | None:
        """By the payee's NPI, else its tax id; None when neither is ours."""
        for kind, column in (("NPI", "payee_npi"), ("TIN", "payee_tin")):
            found = self.practices.get((kind, (remittance[column] or "").strip()))
            if found is not None:
                return found
        return None

    def payer_of(self, remittance: Mapping[str, Any]) -> int | None:
        """By the first identifier that one of our payers has."""
        for kind, column in _PAYER_KINDS:
            found = self.payers.get((kind, (remittance[column] or "").strip()))
            if found is not None:
                return found
        return None
