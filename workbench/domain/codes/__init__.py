"""Code lists: what a code of the 835 means, in words a poster reads.

Shipped are our own short words. An office that has a licence for X12's texts imports them; they
then stand in front of ours (`CodeBook(licensed=...)`).
"""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from workbench.domain.codes.carc import CARC
from workbench.domain.codes.rarc import RARC
from workbench.domain.codes.short import FILING, GROUP, HANDLING, PAYMENT_METHOD, PLB_REASON
from workbench.domain.remit import REMIT_STATUSES


class CodeList(StrEnum):
    CARC = "carc"
    RARC = "rarc"
    CLAIM_STATUS = "claim_status"
    PLB_REASON = "plb"
    GROUP = "group"
    FILING = "filing"
    HANDLING = "handling"
    PAYMENT_METHOD = "payment_method"


SHIPPED: Mapping[CodeList, Mapping[str, str]] = {
    CodeList.CARC: CARC,
    CodeList.RARC: RARC,
    CodeList.CLAIM_STATUS: {code: status.label for code, status in REMIT_STATUSES.items()},
    CodeList.PLB_REASON: PLB_REASON,
    CodeList.GROUP: GROUP,
    CodeList.FILING: FILING,
    CodeList.HANDLING: HANDLING,
    CodeList.PAYMENT_METHOD: PAYMENT_METHOD,
}


@dataclass(frozen=True, slots=True)
class CodeBook:
    """Look-up of meanings; `licensed` lists win over the shipped words, code by code."""

    licensed: Mapping[CodeList, Mapping[str, str]] = field(default_factory=dict)

    def meaning(self, code_list: CodeList, code: str | None) -> str | None:
        """The meaning, or None for a code that neither list knows."""
        if code is None:
            return None
        return self.licensed.get(code_list, {}).get(code) or SHIPPED[code_list].get(code)

    def find(self, code_list: CodeList, text: str) -> list[tuple[str, str]]:
        """(code, meaning) of the code typed, then codes that begin so, then meanings that hold every word."""
        known = {**SHIPPED[code_list], **self.licensed.get(code_list, {})}
        wanted = text.casefold().split()
        ranked = []
        for place, (code, meaning) in enumerate(known.items()):
            begins = code.casefold().startswith(text.strip().casefold())
            if begins or all(word in meaning.casefold() for word in wanted):
                ranked.append((not begins, len(code) if begins and wanted else 0, place, code, meaning))
        return [(code, meaning) for *_, code, meaning in sorted(ranked)]

    def adjustment(self, group: str, reason: str) -> str:
        """`CO-45 Above the contract or fee schedule amount`; an unknown reason is said to be unknown."""
        meaning = self.meaning(CodeList.CARC, reason) or "Code not in our list"
        return f"{group}-{reason} {meaning}"
