"""What a deposit would post now: the one plan behind the dry run and the posting (spec deposits 4.3-4.8, 5)."""

from collections import Counter
from collections.abc import Collection, Iterable
from dataclasses import dataclass, field, replace

from workbench.domain.deposit import ClaimState, DepositType, PaymentType
from workbench.domain.deposit_errors import ERROR_KINDS, error_key
from workbench.domain.deposit_work import BY_HAND, AdjustmentWork, ClaimWork, DepositWork, LineWork, OurClaim
from workbench.domain.findings import Level, Severity
from workbench.domain.posting import Account, CreditSetting
from workbench.domain.posting_facts import ChargeLine, ClaimToPost, LineToPost, Original, StatedMoney
from workbench.domain.remit import PayerLevel, remit_status
from workbench.reconcile.claim_errors import FoundError
from workbench.reconcile.posting import Posting, Problem, post_claim, posting_order, stated_money
from workbench.reconcile.rules import ClaimRules, Decision, RuleBook
from workbench.reconcile.turn import Turn, TurnFacts, next_turn
from workbench.services.deposit_desk.desk import POSTABLE, rule_book
from workbench.services.deposit_desk.large import no_search_for_cycles
from workbench.storage import Stores
from workbench.storage.stores.deposit_error_work import ErrorRow

# Errors that the plan itself finds, against the ledger. CREDIT_CREATED comes after posting and stops nothing.
POSTING_CODES = frozenset(
    {"OVER_ADJUST", "CLAIM_ALREADY_PAID", "REVERSAL_NO_ORIGINAL", "REVERSAL_AMOUNT_DIFF", "SECONDARY_FIRST"}
)
# A person cannot wave these through: the money would have no place.
NOT_IGNORABLE = frozenset({"MISSING_PAYMENT_TYPE", "UNMAPPED_CARC", "PROCEDURE_CODE_CONFLICT"})
CREDIT_SETTING = "create_deposit_credit_error"
CREDIT_STATUS = "credit_deposit_claim_status"


@dataclass(frozen=True, slots=True)
class PlannedClaim:
    """One claim of the plan.

    Attributes:
        problems: what stops it now; empty when it posts.
        found: the posting errors to keep, open or ignored (only codes of POSTING_CODES).
        turn: next status and level of our claim.
        why: per adjustment id, the rule that decided its effect.
    """

    claim: ClaimWork
    posting: Posting
    problems: tuple[Problem, ...]
    found: tuple[FoundError, ...]
    turn: Turn
    why: dict[int, str]

    @property
    def posts(self) -> bool:
        return not self.problems


@dataclass
class Planner:
    """Plans claim after claim; each sees what those before it left open."""

    deposit: DepositWork
    book: RuleBook
    originals: dict[tuple[int, int | None], list[Original]]
    errors: dict[int, list[ErrorRow]]
    credit: CreditSetting
    _open: dict[int, int] = field(default_factory=dict)
    _taken_back: set[int] = field(default_factory=set)
    _posted_here: set[tuple[int, int | None]] = field(default_factory=set)
    # Our claims that several claims of the deposit are about; of the others nothing need be remembered.
    _shared: frozenset[int | None] = frozenset()

    def plan(self, claims: Iterable[ClaimWork]) -> list[PlannedClaim]:
        waiting = [claim for claim in claims if claim.included and claim.state in POSTABLE]
        times = Counter(claim.claim_id for claim in waiting)
        self._shared = frozenset(claim_id for claim_id, many in times.items() if many > 1)
        ordered = sorted(waiting, key=lambda claim: posting_order(claim.remit_status, claim.claim_no))
        return [self._one(claim) for claim in ordered]

    def _one(self, claim: ClaimWork) -> PlannedClaim:
        rules = self._rules(claim)
        decisions = {row.id: _decision(rules, row, line) for row, line in _rows(claim)}
        facts = self._facts(claim)
        posting = post_claim(facts)
        found = [_found(claim, problem) for problem in self._ledger_problems(claim, facts, posting)]
        ignored = {
            row.key: (row.message, row.context) for row in self._errors(claim) if row.state == "ignored"
        }
        standing = [error for error in found if ignored.get(error.key) != (error.message, error.context)]
        every = [*self._blocking(claim), *_must(posting), *_as_problems(standing)]
        problems = {(problem.code, problem.deposit_line_id): problem for problem in reversed(every)}
        if not problems:
            self._remember(claim, posting)
        return PlannedClaim(
            claim=claim,
            posting=posting,
            problems=tuple(reversed(problems.values())),
            found=tuple(found),
            turn=self._turn(claim, posting, decisions.values()),
            why={number: decision.why for number, decision in decisions.items()},
        )

    def _rules(self, claim: ClaimWork) -> ClaimRules:
        level = remit_status(claim.remit_status).level
        remarks = frozenset(claim.remark_codes.split())
        return self.book.for_claim(
            claim.payer_id, level.value if level else None, claim.remit_status, remarks
        )

    def _facts(self, claim: ClaimWork) -> ClaimToPost:
        ours = claim.ours
        ignored = frozenset(
            row.code
            for row in self._errors(claim)
            if row.state == "ignored" and row.deposit_line_id is None and row.code not in NOT_IGNORABLE
        )
        originals = self.originals.get((ours.id, claim.payer_id), []) if ours else []
        lines = tuple(
            LineToPost(
                line.id,
                line.charge_line_id,
                line.title,
                line.charge_cents,
                line.paid_cents,
                line.adjustments,
                line.interest_cents,
            )
            for line in claim.lines
        )
        return ClaimToPost(
            deposit_claim_id=claim.id,
            claim_id=None if ours is None else ours.id,
            remit_status=claim.remit_status,
            payer_claim_no=claim.payer_claim_no,
            charge_cents=claim.charge_cents,
            paid_stated_cents=claim.paid_stated_cents,
            lines=lines,
            charge_lines=self._charge_lines(ours),
            adjustments=claim.adjustments,
            applied_cents=claim.applied_cents,
            originals=tuple(found for found in originals if found.transaction_id not in self._taken_back),
            accepted=ignored,
            patient_money=self.deposit.type in (DepositType.STATEMENT, DepositType.IMPORT),
        )

    def _charge_lines(self, ours: OurClaim | None) -> tuple[ChargeLine, ...]:
        if ours is None:
            return ()
        return tuple(
            ChargeLine(line.id, line.charge_cents, self._open.get(line.id, line.open_cents))
            for line in ours.lines
            # A line that a corrected claim dropped takes no new money, but what was paid on it can be taken back.
            if line.active or line.open_cents
        )

    def _errors(self, claim: ClaimWork) -> list[ErrorRow]:
        return self.errors.get(claim.id, [])

    def _blocking(self, claim: ClaimWork) -> list[Problem]:
        """Open errors that somebody has to look at first; those of the ledger are found anew."""
        return [
            Problem(row.code, row.message, row.deposit_line_id)
            for row in self._errors(claim)
            if row.state == "open" and row.severity == Severity.BLOCKING and row.code not in POSTING_CODES
        ]

    def _ledger_problems(self, claim: ClaimWork, facts: ClaimToPost, posting: Posting) -> list[Problem]:
        found = [problem for problem in posting.problems if problem.code in POSTING_CODES]
        if claim.ours is None or remit_status(claim.remit_status).reversal:
            return found
        originals = self.originals.get((claim.ours.id, claim.payer_id), [])
        if originals and self._already_paid(claim, originals, stated_money(facts)):
            text = (
                "The same payer has paid this claim already, under the same number and with the same amounts."
            )
            found.append(Problem("CLAIM_ALREADY_PAID", text))
        if self._before_primary(claim, claim.ours):
            found.append(
                Problem("SECONDARY_FIRST", "The primary payer of this claim has not been posted yet.")
            )
        return found

    def _already_paid(self, claim: ClaimWork, originals: Iterable[Original], money: StatedMoney) -> bool:
        return any(
            original.payer_claim_no == claim.payer_claim_no
            and original.money == money
            and original.transaction_id not in self._taken_back
            for original in originals
            if claim.payer_claim_no and any(money)
        )

    def _before_primary(self, claim: ClaimWork, ours: OurClaim) -> bool:
        level = remit_status(claim.remit_status).level
        if level not in (PayerLevel.SECONDARY, PayerLevel.TERTIARY):
            return False
        primary = ours.payers.get(PayerLevel.PRIMARY.value)
        # What was posted before this program came shows only as an open balance below the charge.
        untouched = sum(line.open_cents for line in ours.lines) == ours.charge_cents
        posted = (ours.id, primary) in self.originals or (ours.id, primary) in self._posted_here
        return primary is not None and primary != claim.payer_id and untouched and not posted

    def _remember(self, claim: ClaimWork, posting: Posting) -> None:
        if posting.negates_transaction_id is not None:
            self._taken_back.add(posting.negates_transaction_id)
        if claim.ours is None or claim.claim_id not in self._shared:
            return
        self._posted_here.add((claim.ours.id, claim.payer_id))
        opened = {line.id: line.open_cents for line in claim.ours.lines}
        for entry in posting.entries:
            if entry.account is Account.RECEIVABLE and entry.charge_line_id is not None:
                at = entry.charge_line_id
                self._open[at] = self._open.get(at, opened.get(at, 0)) + entry.amount_cents

    def _turn(self, claim: ClaimWork, posting: Posting, decisions: Iterable[Decision]) -> Turn:
        if claim.ours is None:
            return Turn()
        every = list(decisions)
        rule = Turn(
            next((found.claim_status for found in every if found.claim_status), None),
            next((found.claim_level for found in every if found.claim_level), None),
        )
        levels = frozenset([PayerLevel(name) for name in claim.ours.payers])
        patient = self.deposit.type in (DepositType.STATEMENT, DepositType.IMPORT)
        return next_turn(
            TurnFacts(
                remit_status=claim.remit_status,
                open_cents=posting.open_after_cents,
                denied=any(found.denial for found in every),
                payer_levels=levels,
                patient_money=patient,
                credit=self.credit,
                rule=rule,
            )
        )


@no_search_for_cycles()
def planned(stores: Stores, deposit: DepositWork, only: Collection[int] | None = None) -> list[PlannedClaim]:
    """The plan of a deposit, or of some of its claims."""
    claims = stores.deposit_work.claims(deposit.id, only)
    errors: dict[int, list[ErrorRow]] = {}
    for row in stores.deposit_errors.of_deposit(deposit.id, states=("open", "ignored")):
        if row.deposit_claim_id is not None:
            errors.setdefault(row.deposit_claim_id, []).append(row)
    ours = {
        claim.claim_id
        for claim in claims
        if claim.claim_id is not None and claim.state is not ClaimState.POSTED
    }
    setting = stores.office.company_setting(CREDIT_SETTING, CreditSetting.NONE.value)
    planner = Planner(
        deposit, rule_book(stores), stores.ledger.originals(ours), errors, CreditSetting(setting)
    )
    return planner.plan(claims)


def _decision(rules: ClaimRules, row: AdjustmentWork, line: LineWork | None) -> Decision:
    cpt, remarks = (None, "") if line is None else (line.code, line.remark_codes)
    decision = rules.decide(row.group, row.reason, cpt, row.amount_cents, remarks)
    if row.rule_id == BY_HAND:
        return replace(decision, why="Chosen by hand.", denial=row.payment_type == PaymentType.DENIAL)
    return decision


def _rows(claim: ClaimWork) -> Iterable[tuple[AdjustmentWork, LineWork | None]]:
    for row in claim.adjustments:
        yield row, None
    for line in claim.lines:
        for row in line.adjustments:
            yield row, line


def _must(posting: Posting) -> list[Problem]:
    """What stops a claim whatever a person ignored."""
    return [problem for problem in posting.problems if problem.code in NOT_IGNORABLE | {"CLAIM_NOT_FOUND"}]


def _as_problems(found: Iterable[FoundError]) -> list[Problem]:
    return [Problem(error.code, error.message, error.deposit_line_id) for error in found]


def _found(claim: ClaimWork, problem: Problem) -> FoundError:
    line = next((line for line in claim.lines if line.id == problem.deposit_line_id), None)
    segment = claim.segment if line is None else line.segment
    return FoundError(
        code=problem.code,
        level=Level.CLAIM if line is None else Level.LINE,
        severity=ERROR_KINDS[problem.code].severity,
        message=problem.message,
        key=error_key(problem.code, claim.claim_no, None if line is None else line.line_no, segment),
        deposit_claim_id=claim.id,
        deposit_line_id=problem.deposit_line_id,
        segment=segment,
        # Ignored for one claim of ours is not ignored for another that is attached later.
        context={"claim_id": claim.claim_id},
    )
