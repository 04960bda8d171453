"""Who a bank line is, so that a statement imported twice is stored once and true twins are both kept."""

import hashlib
from collections import Counter
from collections.abc import Iterable

from workbench.bank.statement import finding
from workbench.domain.bank import BankLine
from workbench.domain.findings import Finding, Severity
from workbench.domain.money import format_dollars


def line_reference(line: BankLine) -> str:
    """The bank's reference, or a digest of all text when the bank gives none.

    Two lines without a reference but with other words are two lines.
    """
    if line.bank_reference.strip("0 "):
        return line.bank_reference
    words = " ".join(f"{line.customer_reference} {line.type_code} {line.description}".split()).upper()
    return "#" + hashlib.sha256(words.encode()).hexdigest()[:24]


def line_keys(lines: Iterable[BankLine]) -> tuple[list[str], list[Finding]]:
    """Keys `account|date|cents|reference|ordinal` (spec deposits 7.4), and a finding for each twin.

    The ordinal counts equal lines within the file, so the second of two true twins has a key of its own
    and both come out the same when the file, or a longer one over the same days, is read again.
    """
    seen: Counter[str] = Counter()
    keys: list[str] = []
    twins: list[Finding] = []
    for line in lines:
        stem = (
            f"{line.account}|{line.posted_date.isoformat()}|{line.amount_cents}|"
            f"{line_reference(line).replace('|', '/')}"
        )
        keys.append(f"{stem}|{seen[stem]}")
        if seen[stem]:
            twins.append(
                finding(
                    "BANK_TWIN",
                    Severity.WARNING,
                    f"Same account, date, reference and amount {format_dollars(line.amount_cents)} as an "
                    "earlier line of the file. Both are kept: check with the bank that there were two.",
                    line.record,
                    amount_cents=line.amount_cents,
                )
            )
        seen[stem] += 1
    return keys, twins
