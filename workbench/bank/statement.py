"""What every reader delivers: statements, their lines, and the proof that balances and lines agree."""

from collections import Counter
from collections.abc import Iterable
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbench.domain.bank import BankLine
from workbench.domain.findings import Finding, Level, Severity
from workbench.domain.money import Cents, format_dollars

# A hostile file may be wrong in every record: so many findings of one code are listed, the rest is counted.
MOST_FINDINGS_PER_CODE = 50


@dataclass(frozen=True, slots=True)
class Statement:
    """One account over one period, as the file states it. A balance that the file does not give is None."""

    account: str
    currency: str = "USD"
    bank: str = ""
    number: str = ""
    from_date: date | None = None
    to_date: date | None = None
    opening_cents: Cents | None = None
    closing_cents: Cents | None = None


@dataclass(frozen=True, slots=True)
class BankFile:
    """One file: `kind` is BAI2, CAMT.053, CAMT.054, OFX, CSV or XLSX."""

    kind: str
    statements: tuple[Statement, ...]
    lines: tuple[BankLine, ...]
    findings: tuple[Finding, ...]


class BankFileError(ValueError):
    """The file cannot be read at all; the message is for the person and repeats nothing of the file."""


def finding(
    code: str, severity: Severity, message: str, record: int | None = None, **context: Any
) -> Finding:
    """A finding about record `record` (1-based) of a bank file."""
    return Finding(code, severity, Level.FILE, message, segment=record, context=context)


def capped(findings: Iterable[Finding]) -> tuple[Finding, ...]:
    """At most `MOST_FINDINGS_PER_CODE` of each code, then one that counts the rest."""
    kept: list[Finding] = []
    seen: Counter[str] = Counter()
    for each in findings:
        seen[each.code] += 1
        if seen[each.code] <= MOST_FINDINGS_PER_CODE:
            kept.append(each)
    for code, number in seen.items():
        if number > MOST_FINDINGS_PER_CODE:
            more = number - MOST_FINDINGS_PER_CODE
            kept.append(finding(code, Severity.WARNING, f"{more} more of the same kind.", more=more))
    return tuple(kept)


def prove(statement: Statement, lines: Iterable[BankLine]) -> Finding | None:
    """Opening balance + lines = closing balance, to the cent; None when it holds."""
    if statement.opening_cents is None or statement.closing_cents is None:
        return finding(
            "BANK_BALANCE_MISSING",
            Severity.WARNING,
            f"The statement of account {statement.account} gives no opening and closing balance: "
            "that its lines are complete cannot be proven.",
        )
    moved = sum(line.amount_cents for line in lines)
    difference = statement.closing_cents - statement.opening_cents - moved
    if difference == 0:
        return None
    return finding(
        "BANK_BALANCE",
        Severity.CRITICAL,
        f"Account {statement.account}: opening {format_dollars(statement.opening_cents)} plus lines "
        f"{format_dollars(moved)} is not closing {format_dollars(statement.closing_cents)}; "
        f"{format_dollars(difference)} is missing. Ask the bank for the whole statement.",
        opening_cents=statement.opening_cents,
        lines_cents=moved,
        closing_cents=statement.closing_cents,
        difference_cents=difference,
    )


def prove_all(statements: tuple[Statement, ...], lines: tuple[BankLine, ...]) -> list[Finding]:
    """The proof of every statement of a file."""
    by_statement: dict[int, list[BankLine]] = {number: [] for number in range(len(statements))}
    for line in lines:
        by_statement[line.statement_no].append(line)
    proofs = (prove(statement, by_statement[number]) for number, statement in enumerate(statements))
    return [proof for proof in proofs if proof is not None]
