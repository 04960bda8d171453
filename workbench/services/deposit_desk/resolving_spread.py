"""Amounts for the whole claim (CAS in loop 2100): spread over its lines, or reported (spec deposits 3.1, 8 row 14)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass, replace

from workbench.domain.deposit import DepositAction
from workbench.domain.deposit_work import BY_HAND, AdjustmentWork, ClaimWork
from workbench.domain.identity import Actor
from workbench.domain.money import format_dollars
from workbench.domain.posting import Effect
from workbench.errors import NotFoundError, RefusedError
from workbench.reconcile.spread import spread_claim_level
from workbench.services.deposit_desk.as_seen import require_claim_as_seen
from workbench.services.deposit_desk.desk import open_deposit, work_on, work_on_claim
from workbench.services.deposit_desk.refreshing import refresh
from workbench.services.deposit_desk.resolving_rows import (
    ResolvingService,
    audit,
    open_claims,
    touch,
    waiting_claims,
)
from workbench.storage import Stores

ERROR = "CLAIM_LEVEL_ADJUSTMENT"


@dataclass(frozen=True, slots=True)
class SpreadLine:
    """A line of the proposal: what is open on our line, what the line was paid, and its part."""

    deposit_line_id: int
    title: str
    open_cents: int
    paid_cents: int
    part_cents: int


@dataclass(frozen=True, slots=True)
class SpreadProposal:
    """How a claim-level amount could fall on the lines. `rest_cents` found no place.

    `version`: the claim as it was seen; a decision about another one is refused.
    """

    adjustment_id: int
    code: str
    amount_cents: int
    lines: tuple[SpreadLine, ...]
    rest_cents: int
    deposit_claim_id: int
    pcn: str
    version: int


class Spreading(ResolvingService):
    """The proposal is by open balance, to the cent, never below 0; a person may type other parts."""

    def propose_spread(self, actor: Actor, deposit_claim_id: int) -> list[SpreadProposal]:
        """A preview for each amount of claim level that waits, each as if it were the only one."""
        with self._database.transaction() as stores:
            _, claim = work_on_claim(stores, actor, deposit_claim_id)
            return [_proposal(claim, row) for row in _waiting(claim)]

    def propose_spreads(self, actor: Actor, deposit_id: int) -> list[SpreadProposal]:
        """A preview for each amount that waits on the deposit; several of a claim one after another."""
        with self._database.reading() as stores:
            open_deposit(stores, actor, deposit_id)
            claims = waiting_claims(stores, deposit_id, {ERROR})
            return [proposal for claim in claims for proposal in _in_turn(claim)]

    def spread(
        self,
        actor: Actor,
        deposit_claim_id: int,
        adjustment_id: int,
        parts: Mapping[int, int],
        *,
        seen_version: int | None = None,
    ) -> None:
        """Puts a claim-level amount on lines: each takes its part as an adjustment and is paid less by it.

        What the parts leave stays at claim level, and the error with it.
        """
        with self._database.transaction() as stores:
            deposit, claim = work_on_claim(stores, actor, deposit_claim_id)
            row = _at_claim_level(claim, adjustment_id)
            total = sum(parts.values())
            require_claim_as_seen(claim, seen_version, _changes(claim, row, parts))
            _require_within(total, row.amount_cents)
            if set(parts) - {line.id for line in claim.lines}:
                raise NotFoundError("The line was not found.")
            _put(stores, claim, row, parts)
            touch(stores, [claim])
            refresh(stores, actor, deposit.id, [deposit_claim_id])
            audit(stores, actor, deposit, "claim.spread", {"claim": deposit_claim_id, "parts": dict(parts)})

    def spread_as_proposed(self, actor: Actor, deposit_id: int, seen: Mapping[int, int]) -> int:
        """Spreads every waiting amount of these claims as proposed; gives how many amounts.

        `seen`: deposit claim -> version. An amount that does not fit whole is left for a person.
        """
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.CHANGE_CLAIMS)
            claims = open_claims(stores, deposit_id, seen)
            for claim in claims:
                changes = {f"Claim {claim.pcn}": ("changed", "to be spread as proposed")}
                require_claim_as_seen(claim, seen[claim.id], changes)
            done = [proposal for claim in claims for proposal in _spread_all(stores, claim)]
            touch(stores, claims)
            refresh(stores, actor, deposit_id, list(seen))
            after = {"claims": sorted(seen), "cents": sum(each.amount_cents for each in done)}
            audit(stores, actor, deposit, "claim.spread_as_proposed", after)
        return len(done)

    def report_claim_level(
        self, actor: Actor, deposit_claim_id: int, adjustment_id: int, *, seen_version: int | None = None
    ) -> None:
        """Sends a claim-level amount to Deposit Reporting: outside A/R, the lines stay as paid."""
        with self._database.transaction() as stores:
            deposit, claim = work_on_claim(stores, actor, deposit_claim_id)
            row = _at_claim_level(claim, adjustment_id)
            left = format_dollars(row.amount_cents)
            changes = {f"{row.code} for the whole claim": (left, Effect.REPORT.label)}
            require_claim_as_seen(claim, seen_version, changes)
            stores.deposit_edits.set_adjustments(
                [{"id": row.id, "effect": Effect.REPORT.value, "payment_type": None, "rule_id": BY_HAND}]
            )
            touch(stores, [claim])
            refresh(stores, actor, deposit.id, [deposit_claim_id])
            audit(stores, actor, deposit, "claim.report", {"claim": deposit_claim_id, "code": row.code})


def _changes(
    claim: ClaimWork, row: AdjustmentWork, parts: Mapping[int, int]
) -> dict[str, tuple[object, object]]:
    """What is there now beside what was to be taken from it."""
    total = sum(parts.values())
    found: dict[str, tuple[object, object]] = {
        f"{row.code} for the whole claim": (
            f"{format_dollars(row.amount_cents)} is left",
            f"{format_dollars(total)} to spread",
        )
    }
    for line in claim.lines:
        if part := parts.get(line.id):
            paid = f"paid {format_dollars(line.paid_cents)}"
            found[line.title] = (paid, f"{format_dollars(part)} less")
    return found


def _waiting(claim: ClaimWork) -> Iterator[AdjustmentWork]:
    return (row for row in claim.adjustments if row.amount_cents and row.effect is not Effect.REPORT)


def _at_claim_level(claim: ClaimWork, adjustment_id: int) -> AdjustmentWork:
    row = next((row for row in claim.adjustments if row.id == adjustment_id), None)
    if row is None:
        raise NotFoundError("The claim-level adjustment was not found.")
    return row


def _require_within(total: int, amount_cents: int) -> None:
    if abs(total) > abs(amount_cents) or (total < 0) != (amount_cents < 0):
        text = f"The parts sum to {format_dollars(total)}, the amount is {format_dollars(amount_cents)}."
        raise RefusedError(text)


def _proposal(claim: ClaimWork, row: AdjustmentWork) -> SpreadProposal:
    ours = {line.id: line.open_cents for line in claim.ours.lines} if claim.ours else {}
    opens = [ours.get(line.charge_line_id or 0, line.charge_cents) for line in claim.lines]
    limits = [min(still_open, line.paid_cents) for still_open, line in zip(opens, claim.lines, strict=True)]
    spread = spread_claim_level(row.amount_cents, opens, limits)
    lines = tuple(
        SpreadLine(line.id, line.title, still_open, line.paid_cents, part)
        for line, still_open, part in zip(claim.lines, opens, spread.parts, strict=True)
    )
    return SpreadProposal(
        row.id, row.code, row.amount_cents, lines, spread.rest_cents, claim.id, claim.pcn, claim.version
    )


def _in_turn(claim: ClaimWork) -> Iterator[SpreadProposal]:
    """Each proposal on top of those before it that fit: together they take no line below 0."""
    for row in _waiting(claim):
        proposal = _proposal(claim, row)
        yield proposal
        if not proposal.rest_cents:
            parts = zip(claim.lines, proposal.lines, strict=True)
            less = (replace(line, paid_cents=line.paid_cents - at.part_cents) for line, at in parts)
            claim = replace(claim, lines=tuple(less))


def _spread_all(stores: Stores, claim: ClaimWork) -> list[SpreadProposal]:
    """Puts what fits on the lines, and gives it."""
    done = []
    rows = {row.id: row for row in claim.adjustments}
    for proposal in _in_turn(claim):
        if proposal.rest_cents:
            continue
        before = {line.deposit_line_id: line.paid_cents for line in proposal.lines}
        lines = tuple(replace(line, paid_cents=before[line.id]) for line in claim.lines)
        parts = {line.deposit_line_id: line.part_cents for line in proposal.lines}
        _put(stores, replace(claim, lines=lines), rows[proposal.adjustment_id], parts)
        done.append(proposal)
    return done


def _put(stores: Stores, claim: ClaimWork, row: AdjustmentWork, parts: Mapping[int, int]) -> None:
    for line in claim.lines:
        if part := parts.get(line.id, 0):
            stores.deposit_edits.set_line(line.id, {"paid_cents": line.paid_cents - part})
            stores.deposit_edits.add_adjustment(_on_line(claim.id, line.id, row, part))
    received = row.amount_cents if row.received_cents is None else row.received_cents
    left = {"amount_cents": row.amount_cents - sum(parts.values()), "amount_received_cents": received}
    stores.deposit_edits.set_adjustments([{"id": row.id, **left}])


def _on_line(claim_id: int, line_id: int, row: AdjustmentWork, part: int) -> dict[str, object]:
    return {
        "deposit_claim_id": claim_id,
        "deposit_line_id": line_id,
        "group_code": row.group,
        "reason": row.reason,
        "amount_cents": part,
        # Never received on this line: a Reset takes the row away.
        "amount_received_cents": 0,
        "effect": row.effect.value,
        "payment_type": row.payment_type,
        "rule_id": row.rule_id,
    }
