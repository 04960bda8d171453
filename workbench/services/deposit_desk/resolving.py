"""Resolving errors in place (spec deposits 3.1): payer, claim, line, payment type, spread, provider-level money."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.domain.deposit import ClaimState, DepositAction, Disposition, PaymentType
from workbench.domain.deposit_work import BY_HAND, AdjustmentWork, ClaimWork, DepositWork, ProviderWork
from workbench.domain.identity import Actor
from workbench.domain.money import format_dollars
from workbench.domain.permissions import Permission
from workbench.domain.posting import Effect
from workbench.domain.posting_rule import AdjustmentFacts, Rule
from workbench.errors import NotFoundError, RefusedError
from workbench.reconcile.rules import RuleBook
from workbench.reconcile.spread import Spread, spread_claim_level
from workbench.services.deposit_desk.desk import refresh, rule_book, work_on, work_on_claim
from workbench.services.deposit_desk.posting import book_deposit_level
from workbench.storage import Database, Stores


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
    """How a claim-level amount could fall on the lines. `rest_cents` found no place."""

    adjustment_id: int
    code: str
    amount_cents: int
    lines: tuple[SpreadLine, ...]
    rest_cents: int


class Resolving:
    """One method per kind of error. Each brings totals and errors up to date in the same transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def choose_effect(
        self,
        actor: Actor,
        adjustment_ids: Sequence[int],
        deposit_id: int,
        effect: Effect,
        payment_type: PaymentType,
        *,
        save_rule: bool = False,
        for_payer: bool = False,
    ) -> int | None:
        """Says what adjustments do and which money they are; `save_rule` keeps it for the code from now on.

        Gives the number of the rule made, if one was.
        """
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.RESOLVE)
            claims = _claims_with(stores, deposit, adjustment_ids)
            wanted = frozenset(adjustment_ids)
            chosen = [row for claim in claims for row in claim.every_adjustment if row.id in wanted]
            rule_id = None
            if save_rule:
                rule_id = _save_rule(
                    stores, actor, deposit, chosen, effect, payment_type, for_payer=for_payer
                )
            stores.deposit_edits.set_adjustments(
                [
                    {
                        "id": row.id,
                        "effect": effect.value,
                        "payment_type": payment_type.value,
                        "rule_id": BY_HAND if rule_id is None else rule_id,
                    }
                    for row in chosen
                ]
            )
            refresh(stores, deposit_id, [claim.id for claim in claims])
            after = {
                "adjustments": len(chosen),
                "effect": effect,
                "payment_type": payment_type,
                "rule": rule_id,
            }
            _audit(stores, actor, deposit, "adjustment.choose", after)
        return rule_id

    def apply_rules(self, actor: Actor, deposit_id: int) -> int:
        """Decides anew what nobody chose by hand, with today's rules; gives how many rows changed."""
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.RESOLVE)
            book = rule_book(stores)
            changed = []
            for claim in stores.deposit_work.claims(deposit_id):
                if claim.state is ClaimState.POSTED:
                    continue
                changed += [row for row in _decided(book, claim) if row]
            stores.deposit_edits.set_adjustments(changed)
            refresh(stores, deposit_id)
            _audit(stores, actor, deposit, "deposit.apply_rules", {"adjustments": len(changed)})
        return len(changed)

    def map_line(self, actor: Actor, deposit_claim_id: int, parts: Mapping[int, int | None]) -> None:
        """Says which lines of our claim the remitted lines are: deposit line -> charge line, or None."""
        with self._database.transaction() as stores:
            deposit, claim = work_on_claim(stores, actor, deposit_claim_id)
            ours = {line.id: line for line in claim.ours.lines} if claim.ours else {}
            mine = {line.id for line in claim.lines}
            for line_id, charge_line_id in parts.items():
                if line_id not in mine or (charge_line_id is not None and charge_line_id not in ours):
                    raise NotFoundError("The line was not found.")
                stores.deposit_edits.set_line(line_id, {"charge_line_id": charge_line_id})
                if charge_line_id is not None and not ours[charge_line_id].active:
                    stores.deposit_edits.activate_charge_line(charge_line_id)
            refresh(stores, deposit.id, [deposit_claim_id])
            _audit(stores, actor, deposit, "line.map", {"claim": deposit_claim_id, "lines": dict(parts)})

    def propose_spread(self, actor: Actor, deposit_claim_id: int) -> list[SpreadProposal]:
        """A preview for each amount of claim level that waits: by open balance, to the cent, never below 0."""
        with self._database.transaction() as stores:
            _, claim = work_on_claim(stores, actor, deposit_claim_id)
            return [
                _proposal(claim, row)
                for row in claim.adjustments
                if row.amount_cents and row.effect is not Effect.REPORT
            ]

    def spread(
        self, actor: Actor, deposit_claim_id: int, adjustment_id: int, parts: Mapping[int, int]
    ) -> None:
        """Puts a claim-level amount on lines: each takes its part as an adjustment and is paid less by it.

        What the parts leave stays at claim level, and the error with it.
        """
        with self._database.transaction() as stores:
            deposit, claim = work_on_claim(stores, actor, deposit_claim_id)
            row = _at_claim_level(claim, adjustment_id)
            total = sum(parts.values())
            if abs(total) > abs(row.amount_cents) or (total < 0) != (row.amount_cents < 0):
                raise RefusedError(
                    f"The parts sum to {format_dollars(total)}, the amount is {format_dollars(row.amount_cents)}."
                )
            lines = {line.id: line for line in claim.lines}
            for line_id, part in parts.items():
                if line_id not in lines:
                    raise NotFoundError("The line was not found.")
                if part:
                    _put_on_line(stores, claim, row, line_id, lines[line_id].paid_cents - part, part)
            left = {"id": row.id, "amount_cents": row.amount_cents - total}
            left["amount_received_cents"] = (
                row.amount_cents if row.received_cents is None else row.received_cents
            )
            stores.deposit_edits.set_adjustments([left])
            refresh(stores, deposit.id, [deposit_claim_id])
            _audit(stores, actor, deposit, "claim.spread", {"claim": deposit_claim_id, "parts": dict(parts)})

    def report_claim_level(self, actor: Actor, deposit_claim_id: int, adjustment_id: int) -> None:
        """Sends a claim-level amount to Deposit Reporting: outside A/R, the lines stay as paid."""
        with self._database.transaction() as stores:
            deposit, claim = work_on_claim(stores, actor, deposit_claim_id)
            row = _at_claim_level(claim, adjustment_id)
            stores.deposit_edits.set_adjustments(
                [{"id": row.id, "effect": Effect.REPORT.value, "payment_type": None, "rule_id": BY_HAND}]
            )
            refresh(stores, deposit.id, [deposit_claim_id])
            _audit(stores, actor, deposit, "claim.report", {"claim": deposit_claim_id, "code": row.code})

    def dispose(
        self,
        actor: Actor,
        deposit_id: int,
        provider_adjustment_id: int,
        disposition: Disposition,
        allocations: Mapping[int, int] | None = None,
        reason: str = "",
    ) -> None:
        """Decides about a provider-level amount (spec 4.4).

        `allocations`: deposit claim -> cash amount (minus the PLB amount), which must sum to it exactly.
        Raises RefusedError when they do not, when a claim is posted, or when Ignore has no reason.
        """
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.RESOLVE)
            row = _provider_row(stores, deposit_id, provider_adjustment_id)
            parts = dict(allocations or {}) if disposition is Disposition.APPLY_TO_CLAIM else {}
            touched = {*parts, *(claim for claim, _ in row.allocations)}
            if disposition is Disposition.APPLY_TO_CLAIM and sum(parts.values()) != -row.amount_cents:
                text = f"The parts sum to {format_dollars(sum(parts.values()))}"
                raise RefusedError(f"{text}; they must sum to {format_dollars(-row.amount_cents)}.")
            if disposition is Disposition.IGNORE and not reason.strip():
                raise RefusedError("Say why (Ignore).")
            _must_be_open(stores, deposit_id, touched)
            stores.deposit_edits.set_disposition(row.id, disposition)
            stores.deposit_edits.set_allocations(row.id, parts)
            refresh(stores, deposit_id, touched)
            book_deposit_level(stores, actor, deposit_id)
            after = {"plb": row.position, "disposition": disposition, "allocations": parts}
            _audit(stores, actor, deposit, "plb.dispose", after, reason)


def _provider_row(stores: Stores, deposit_id: int, provider_adjustment_id: int) -> ProviderWork:
    rows = stores.deposit_work.provider_adjustments(deposit_id)
    row = next((row for row in rows if row.id == provider_adjustment_id), None)
    if row is None:
        raise NotFoundError("The provider adjustment was not found.")
    return row


def _must_be_open(stores: Stores, deposit_id: int, deposit_claim_ids: set[int]) -> None:
    found = stores.deposit_work.claims(deposit_id, deposit_claim_ids)
    if len(found) != len(deposit_claim_ids):
        raise NotFoundError("The claim was not found in this deposit.")
    if any(claim.state is ClaimState.POSTED for claim in found):
        raise RefusedError("The claim is posted. Reverse it first.")


def _claims_with(stores: Stores, deposit: DepositWork, adjustment_ids: Sequence[int]) -> list[ClaimWork]:
    found = stores.deposit_work.claims(
        deposit.id, stores.deposit_work.claims_of_adjustments(deposit.id, adjustment_ids)
    )
    if not found:
        raise NotFoundError("The adjustment was not found.")
    if any(claim.state is ClaimState.POSTED for claim in found):
        raise RefusedError("The claim is posted. Reverse it first.")
    return found


def _save_rule(
    stores: Stores,
    actor: Actor,
    deposit: DepositWork,
    rows: Sequence[AdjustmentWork],
    effect: Effect,
    payment_type: PaymentType,
    *,
    for_payer: bool,
) -> int:
    actor.require(Permission.RULES_EDIT)
    codes = {(row.group, row.reason) for row in rows}
    if len(codes) != 1:
        raise RefusedError("A rule is for one code: choose adjustments of one group and reason.")
    ((group, reason),) = codes
    rule = Rule(
        id=0,
        effect=effect,
        payment_type=payment_type,
        payer_id=deposit.payer_id if for_payer else None,
        group=group,
        carc=reason,
        denial=effect is Effect.DENIAL,
    )
    number = stores.rules.add(rule)
    stores.audit.add(actor, "rule.add", "rule", number, after={"rule": replace(rule, id=number).title})
    return number


def _decided(book: RuleBook, claim: ClaimWork) -> list[dict[str, object]]:
    """New effects of rows that rules decide about, where they differ from what is stored."""
    changed: list[dict[str, object]] = []
    codes = {row.id: line.code for line in claim.lines for row in line.adjustments}
    for row in claim.every_adjustment:
        if row.rule_id == BY_HAND:
            continue
        facts = AdjustmentFacts(
            group=row.group,
            carc=row.reason,
            payer_id=claim.payer_id,
            remit_status=claim.remit_status,
            rarcs=frozenset(claim.remark_codes.split()),
            cpt=codes.get(row.id),
            amount_cents=row.amount_cents,
        )
        found = book.decide(facts)
        effect = Effect.BLOCK if found.block else found.effect
        kind = found.payment_type.value if found.payment_type else None
        rule_id = found.rule.id if found.rule is not None and found.rule.id > 0 else None
        if (effect, kind, rule_id) != (row.effect, row.payment_type, row.rule_id):
            changed.append({"id": row.id, "effect": effect.value, "payment_type": kind, "rule_id": rule_id})
    return changed


def _at_claim_level(claim: ClaimWork, adjustment_id: int) -> AdjustmentWork:
    row = next((row for row in claim.adjustments if row.id == adjustment_id), None)
    if row is None:
        raise NotFoundError("The claim-level adjustment was not found.")
    return row


def _proposal(claim: ClaimWork, row: AdjustmentWork) -> SpreadProposal:
    ours = {line.id: line.open_cents for line in claim.ours.lines} if claim.ours else {}
    opens = [ours.get(line.charge_line_id or 0, line.charge_cents) for line in claim.lines]
    limits = [min(still_open, line.paid_cents) for still_open, line in zip(opens, claim.lines, strict=True)]
    spread: Spread = spread_claim_level(row.amount_cents, opens, limits)
    lines = tuple(
        SpreadLine(line.id, line.title, still_open, line.paid_cents, part)
        for line, still_open, part in zip(claim.lines, opens, spread.parts, strict=True)
    )
    return SpreadProposal(row.id, row.code, row.amount_cents, lines, spread.rest_cents)


def _put_on_line(
    stores: Stores, claim: ClaimWork, row: AdjustmentWork, line_id: int, paid_cents: int, part: int
) -> None:
    stores.deposit_edits.set_line(line_id, {"paid_cents": paid_cents})
    stores.deposit_edits.add_adjustment(
        {
            "deposit_claim_id": claim.id,
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
    )


def _audit(
    stores: Stores,
    actor: Actor,
    deposit: DepositWork,
    action: str,
    after: Mapping[str, object],
    reason: str = "",
) -> None:
    stores.audit.add(
        actor,
        action,
        "deposit",
        deposit.id,
        practice_id=deposit.practice_id,
        after=after,
        reason=reason.strip(),
    )
