"""What one claim of a deposit posts (spec deposits 2.2, 4.3-4.8, 5).

Pure: everything comes in as values, the ledger entries and what stands in the way go out. The dry run
("Verify posting data") and the posting itself are this same function.
"""

from collections import Counter
from collections.abc import Iterable, Sequence
from dataclasses import dataclass, replace
from functools import cache, cached_property

from workbench.domain.deposit import PaymentType
from workbench.domain.deposit_work import AdjustmentWork
from workbench.domain.money import format_dollars, largest_remainder
from workbench.domain.posting import Account, Effect
from workbench.domain.posting_entry import Entry
from workbench.domain.posting_facts import ClaimToPost, LineToPost, StatedMoney
from workbench.domain.remit import PayerLevel, remit_status
from workbench.reconcile.entries import negated, pair, sum_of

_INSURANCE = PaymentType.INSURANCE.value
_PATIENT = PaymentType.PATIENT.value
_INTEREST = PaymentType.INTEREST.value


@dataclass(frozen=True, slots=True)
class Problem:
    """Why a claim does not post; `code` is one of spec 3."""

    code: str
    message: str
    deposit_line_id: int | None = None


@dataclass(frozen=True)
class Posting:
    """What a claim posts, or would if there were no problems.

    `negates_transaction_id`: the posting that a reversal (CLP02 22) takes back.
    """

    deposit_claim_id: int
    entries: tuple[Entry, ...]
    problems: tuple[Problem, ...]
    open_before_cents: int
    negates_transaction_id: int | None = None

    @cached_property
    def open_after_cents(self) -> int:
        return self.open_before_cents + sum_of(self.entries, Account.RECEIVABLE)

    @property
    def paid_cents(self) -> int:
        return sum_of(self.entries, Account.DEPOSIT)

    @property
    def written_off_cents(self) -> int:
        return sum_of(self.entries, Account.WRITE_OFF)


def posting_order(remit_status_code: str, claim_no: int) -> tuple[int, int, int]:
    """Sort key: a reversal before its correction, an earlier payer before a later one (spec 4.7, 4.8)."""
    return (*_rank(remit_status_code), claim_no)


@cache
def _rank(remit_status_code: str) -> tuple[int, int]:
    status = remit_status(remit_status_code)
    return (0 if status.reversal else 1), list(PayerLevel).index(status.level) if status.level else 0


def post_claim(claim: ClaimToPost) -> Posting:
    """The entries of one deposit claim; within a claim all lines or none (spec 2.2)."""
    if claim.claim_id is None:
        missing = Problem(
            "CLAIM_NOT_FOUND", "No claim of ours is attached. Attach one, or exclude this claim."
        )
        return Posting(claim.deposit_claim_id, (), (missing,), 0)
    if remit_status(claim.remit_status).reversal:
        return _post_reversal(claim, claim.claim_id)
    return _post_rows(claim, claim.claim_id)


def _post_rows(claim: ClaimToPost, claim_id: int, *, cap: bool = True) -> Posting:
    problems = [*_claim_problems(claim)]
    for line in claim.lines:
        problems += _line_problems(line)
    open_of = {line.id: line.open_cents for line in claim.charge_lines}
    entries: list[Entry] = []
    for line in claim.lines:
        line_entries, over = _post_line(claim, claim_id, line, open_of, cap=cap)
        entries += line_entries
        problems += [over] if over else []
    whole, over = _post_claim_level(claim, claim_id, cap=cap)
    entries += whole
    problems += [over] if over else []
    entries += _applied(claim, claim_id, entries)
    standing = tuple(problem for problem in problems if problem.code not in claim.accepted)
    return Posting(claim.deposit_claim_id, tuple(entries), standing, claim.open_cents)


def _claim_problems(claim: ClaimToPost) -> Iterable[Problem]:
    for row in claim.adjustments:
        if row.effect is Effect.REPORT or not row.amount_cents:
            continue
        if found := _row_problem(row, None):
            yield found
        if claim.lines:
            yield Problem(
                "CLAIM_LEVEL_ADJUSTMENT",
                f"{row.code} of {format_dollars(row.amount_cents)} is for the whole claim: spread it over the lines.",
            )
    if not claim.charge_lines:
        yield _NO_LINE


_NO_LINE = Problem("PROCEDURE_CODE_CONFLICT", "Our claim has no line to post to.")


def _line_problems(line: LineToPost) -> list[Problem]:
    problems = []
    if line.charge_line_id is None and line.moves_money:
        text = f"{line.title} is not on our claim: map it to a line."
        problems.append(Problem("PROCEDURE_CODE_CONFLICT", text, line.deposit_line_id))
    if gap := line.gap_cents:
        text = f"{line.title}: {format_dollars(gap)} of the charge is not explained."
        problems.append(Problem("LINE_UNBALANCED", text, line.deposit_line_id))
    rows = [_row_problem(row, line.deposit_line_id) for row in line.adjustments]
    return problems + [found for found in rows if found]


def _row_problem(row: AdjustmentWork, deposit_line_id: int | None) -> Problem | None:
    if row.effect is Effect.BLOCK:
        text = f"No rule says what {row.code} does: choose it, and save it as a rule if it comes often."
        return Problem("UNMAPPED_CARC", text, deposit_line_id)
    if row.payment_type is None:
        return Problem("MISSING_PAYMENT_TYPE", f"Choose the payment type of {row.code}.", deposit_line_id)
    return None


def _post_line(
    claim: ClaimToPost, claim_id: int, line: LineToPost, open_of: dict[int, int], *, cap: bool
) -> tuple[list[Entry], Problem | None]:
    """Entries of one line; `open_of` (charge line to open balance) is moved on as it posts."""
    at, title = line.charge_line_id, line.title
    written_off = [row for row in line.adjustments if row.effect is Effect.WRITE_OFF]
    interest = line.interest_cents - sum(
        [row.amount_cents for row in line.adjustments if row.effect is Effect.INTEREST]
    )
    entries: list[Entry] = []
    if line.paid_cents:
        kind = _PATIENT if claim.patient_money else _INSURANCE
        entries += _on_line(Account.DEPOSIT, line.paid_cents, claim_id, line, kind, f"payment, {title}")
    if interest:
        entries += _on_line(Account.INTEREST, -interest, claim_id, line, _INTEREST, f"interest, {title}")
    room = open_of.get(at, 0) - line.paid_cents + interest if at is not None else 0
    amounts = [row.amount_cents for row in written_off]
    over = _excess(amounts, room) if cap and at is not None else 0
    for row, cents in zip(written_off, _capped(amounts, over), strict=True):
        if cents:
            kind, memo = row.payment_type or "", f"{row.code}, {title}"
            entries += _on_line(Account.WRITE_OFF, cents, claim_id, line, kind, memo, row.id)
    if at is not None:
        open_of[at] = room - sum(amounts) + over
    return entries, _over_adjusted(title, over, line.deposit_line_id) if over else None


def _on_line(
    account: Account,
    cents: int,
    claim_id: int,
    line: LineToPost,
    kind: str,
    memo: str,
    adjustment_id: int | None = None,
) -> tuple[Entry, Entry]:
    """A debit and what it takes off the charge line."""
    at = line.deposit_line_id
    return (
        Entry(account, cents, claim_id, None, at, adjustment_id, kind, memo),
        Entry(Account.RECEIVABLE, -cents, claim_id, line.charge_line_id, at, adjustment_id, kind, memo),
    )


def _excess(amounts: Sequence[int], room_cents: int) -> int:
    """By how much write-offs would push the line below zero (spec 4.8: cap at the open balance)."""
    total = sum(amounts)
    return max(total - max(room_cents, 0), 0) if total > 0 else 0


def _capped(amounts: list[int], over_cents: int) -> list[int]:
    """The amounts with the excess taken off the positive ones, last first."""
    if not over_cents:
        return amounts
    left = over_cents
    capped = list(amounts)
    for at in reversed(range(len(capped))):
        taken = min(left, max(capped[at], 0))
        capped[at] -= taken
        left -= taken
    return capped


def _post_claim_level(claim: ClaimToPost, claim_id: int, *, cap: bool) -> tuple[list[Entry], Problem | None]:
    """Rows of loop 2100: reported ones leave A/R alone; a claim without lines is posted as a whole."""
    entries: list[Entry] = []
    for row in claim.adjustments:
        if row.effect is Effect.REPORT and row.amount_cents:
            entry = Entry(
                Account.REPORTED,
                row.amount_cents,
                claim_id,
                adjustment_id=row.id,
                memo=f"{row.code} reported",
            )
            entries.extend(pair(entry, Account.DEPOSIT, claim_id=claim_id))
    if claim.lines:
        return entries, None
    money = _PATIENT if claim.patient_money else _INSURANCE
    entries += _over_charge_lines(claim, claim_id, claim.paid_stated_cents, money, "payment, whole claim")
    rows = [row for row in claim.adjustments if row.effect is Effect.WRITE_OFF]
    amounts = [row.amount_cents for row in rows]
    over = _excess(amounts, claim.open_cents - claim.paid_stated_cents) if cap else 0
    for row, cents in zip(rows, _capped(amounts, over), strict=True):
        entries += _over_charge_lines(claim, claim_id, cents, row.payment_type or "", row.code, row.id)
    return entries, _over_adjusted("Claim", over, None)


def _over_adjusted(title: str, over_cents: int, deposit_line_id: int | None) -> Problem | None:
    if not over_cents:
        return None
    text = (
        f"{title}: the write-offs are {format_dollars(over_cents)} more than is open. The payer may have left out "
        "what the earlier payer did (OA-23). Ignore this to write off only what is open."
    )
    return Problem("OVER_ADJUST", text, deposit_line_id)


def _over_charge_lines(
    claim: ClaimToPost, claim_id: int, cents: int, kind: str, memo: str, adjustment_id: int | None = None
) -> list[Entry]:
    """Money for the claim as a whole: by open balance; money taken back, by what was credited before."""
    if not cents or not claim.charge_lines:
        return []
    if cents > 0:
        weights = [max(line.open_cents, 0) for line in claim.charge_lines]
    else:
        weights = [max(line.charge_cents - line.open_cents, 0) for line in claim.charge_lines]
    account = Account.DEPOSIT if adjustment_id is None else Account.WRITE_OFF
    entries = [Entry(account, cents, claim_id, None, None, adjustment_id, kind, memo)]
    for line, part in zip(claim.charge_lines, largest_remainder(cents, weights), strict=True):
        if part:
            entries.append(
                Entry(Account.RECEIVABLE, -part, claim_id, line.id, None, adjustment_id, kind, memo)
            )
    return entries


def _applied(claim: ClaimToPost, claim_id: int, entries: Iterable[Entry]) -> list[Entry]:
    """Provider-level money on this claim (spec 4.4), over what the `entries` of the claim itself leave open."""
    moved: Counter[int | None] = Counter()
    for entry in entries:
        if entry.account is Account.RECEIVABLE:
            moved[entry.charge_line_id] += entry.amount_cents
    lines = [line._replace(open_cents=line.open_cents + moved[line.id]) for line in claim.charge_lines]
    left = replace(claim, charge_lines=tuple(lines))
    return _over_charge_lines(
        left, claim_id, claim.applied_cents, PaymentType.TAKE_BACK.value, "provider level"
    )


def _post_reversal(claim: ClaimToPost, claim_id: int) -> Posting:
    """CLP02 22: the exact negative of an earlier posting, linked to it (spec 4.7)."""
    candidates = [found for found in claim.originals if found.payer_claim_no == claim.payer_claim_no]
    candidates = candidates or list(claim.originals)
    if not candidates:
        if "REVERSAL_NO_ORIGINAL" in claim.accepted:
            return _post_rows(claim, claim_id, cap=False)
        text = "No live posting of this payer for this claim is there to take back."
        return _stopped(claim, Problem("REVERSAL_NO_ORIGINAL", text))
    wanted = stated_money(claim).negative
    exact = [found for found in candidates if found.money == wanted]
    same_cash = [found for found in candidates if found.money.has_cash_of(wanted)]
    if not exact and "REVERSAL_AMOUNT_DIFF" not in claim.accepted:
        return _stopped(claim, _differs(candidates[-1].money, wanted.negative))
    if not exact and not same_cash:
        return _post_rows(claim, claim_id, cap=False)
    original = (exact or same_cash)[-1]
    entries = negated(original.stated)
    applied = _applied(claim, claim_id, entries)
    problems = (_NO_LINE,) if claim.applied_cents and not applied else ()
    return Posting(
        claim.deposit_claim_id,
        (*entries, *applied),
        problems,
        claim.open_cents,
        original.transaction_id,
    )


def _stopped(claim: ClaimToPost, problem: Problem) -> Posting:
    return Posting(claim.deposit_claim_id, (), (problem,), claim.open_cents)


def stated_money(claim: ClaimToPost) -> StatedMoney:
    """Money as the remittance states it, before anything is capped."""
    rows = [*claim.adjustments, *(row for line in claim.lines for row in line.adjustments)]
    return StatedMoney(
        sum(line.paid_cents for line in claim.lines) if claim.lines else claim.paid_stated_cents,
        sum([row.amount_cents for row in claim.adjustments if row.effect is Effect.REPORT]),
        sum([row.amount_cents for row in rows if row.effect is Effect.WRITE_OFF]),
    )


def _differs(posted: StatedMoney, stated: StatedMoney) -> Problem:
    return Problem(
        "REVERSAL_AMOUNT_DIFF", f"The reversal states {_in_words(stated)}; posted were {_in_words(posted)}."
    )


def _in_words(money: StatedMoney) -> str:
    """`payment -80.00 and write-off -20.00`, and what is reported when anything is."""
    reported = f", reported {format_dollars(money.reported_cents)}" if money.reported_cents else ""
    paid, written_off = format_dollars(money.paid_cents), format_dollars(money.written_off_cents)
    return f"payment {paid}{reported} and write-off {written_off}"
