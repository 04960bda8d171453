"""What an adjustment does, and which money it is, where no rule says so (spec deposits 3.1, 5)."""

from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace

from workbench.domain.codes import CodeBook
from workbench.domain.deposit import ClaimState, DepositAction, PaymentType
from workbench.domain.deposit_work import BY_HAND, AdjustmentWork, ClaimWork, DepositWork
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.posting import Effect
from workbench.domain.posting_rule import Rule
from workbench.errors import NotFoundError, RefusedError
from workbench.reconcile.rules import RuleBook
from workbench.services.deposit_desk.as_seen import require_as_seen
from workbench.services.deposit_desk.claim_editing import facts_of
from workbench.services.deposit_desk.desk import open_deposit, rule_book, work_on
from workbench.services.deposit_desk.refreshing import refresh
from workbench.services.deposit_desk.resolving_rows import (
    ResolvingService,
    audit,
    open_claims,
    waiting_claims,
)
from workbench.storage import Stores

ERRORS = frozenset({"UNMAPPED_CARC", "MISSING_PAYMENT_TYPE"})
# What a row was when it was shown: its effect and its payment type.
Seen = tuple[Effect, str | None]


@dataclass(frozen=True, slots=True)
class UndecidedCode:
    """All adjustments of a deposit that are alike: one code, and the same thing not known about it.

    Attributes:
        effect: BLOCK where no rule says what the code does, else the effect that lacks its payment type.
        seen: adjustment -> what it was; a decision about rows that are not so any more is refused.
    """

    code: str
    meaning: str
    effect: Effect
    claims: int
    amount_cents: int
    seen: dict[int, Seen]


class ChoosingEffects(ResolvingService):
    """Chooses for all rows of a code at once, and keeps the choice as a rule when the person wants that."""

    def undecided(self, actor: Actor, deposit_id: int) -> list[UndecidedCode]:
        """The codes that keep claims of the deposit from posting, those on the most claims first."""
        with self._database.reading() as stores:
            open_deposit(stores, actor, deposit_id)
            claims = waiting_claims(stores, deposit_id, ERRORS)
            found = _undecided(claims, stores.codes.book())
        return sorted(found, key=lambda alike: (-alike.claims, alike.code))

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
        seen: Mapping[int, Seen] | None = None,
    ) -> int | None:
        """Says what adjustments do and which money they are; `save_rule` keeps it for the code from now on.

        Gives the number of the rule made, if one was.
        """
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.RESOLVE)
            claims = _claims_with(stores, deposit, adjustment_ids)
            wanted = frozenset(adjustment_ids)
            chosen = [row for claim in claims for row in claim.every_adjustment if row.id in wanted]
            _require_rows_as_seen(chosen, seen, effect, payment_type)
            rule_id = None
            if save_rule:
                rule_id = _save_rule(
                    stores, actor, deposit, chosen, effect, payment_type, for_payer=for_payer
                )
            by = BY_HAND if rule_id is None else rule_id
            values = {"effect": effect.value, "payment_type": payment_type.value, "rule_id": by}
            stores.deposit_edits.set_adjustments([{"id": row.id, **values} for row in chosen])
            refresh(stores, actor, deposit_id, [claim.id for claim in claims])
            after = {
                "adjustments": len(chosen),
                "effect": effect,
                "payment_type": payment_type,
                "rule": rule_id,
            }
            audit(stores, actor, deposit, "adjustment.choose", after)
        return rule_id

    def apply_rules(self, actor: Actor, deposit_id: int) -> int:
        """Decides anew what nobody chose by hand, with today's rules; gives how many rows changed."""
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.RESOLVE)
            book = rule_book(stores)
            claims = stores.deposit_work.claims(deposit_id)
            decided = {
                claim.id: _decided(book, claim) for claim in claims if claim.state is not ClaimState.POSTED
            }
            changed = [row for rows in decided.values() for row in rows]
            stores.deposit_edits.set_adjustments(changed)
            refresh(stores, actor, deposit_id, [number for number, rows in decided.items() if rows])
            audit(stores, actor, deposit, "deposit.apply_rules", {"adjustments": len(changed)})
        return len(changed)


def _undecided(claims: Sequence[ClaimWork], book: CodeBook) -> Iterator[UndecidedCode]:
    alike: dict[tuple[str, Effect], dict[int, AdjustmentWork]] = {}
    owners: dict[tuple[str, Effect], set[int]] = {}
    for claim in claims:
        for row in filter(_is_undecided, claim.every_adjustment):
            alike.setdefault((row.code, row.effect), {})[row.id] = row
            owners.setdefault((row.code, row.effect), set()).add(claim.id)
    for (code, effect), rows in alike.items():
        yield UndecidedCode(
            code,
            book.adjustment(*code.split("-", 1)),
            effect,
            len(owners[code, effect]),
            sum(row.amount_cents for row in rows.values()),
            {number: (row.effect, row.payment_type) for number, row in rows.items()},
        )


def _is_undecided(row: AdjustmentWork) -> bool:
    """The same test as that of the errors: a row of 0.00 decides nothing, a reported one needs no type."""
    untyped = not row.payment_type and row.effect is not Effect.REPORT
    return bool(row.amount_cents) and (row.effect is Effect.BLOCK or untyped)


def _claims_with(stores: Stores, deposit: DepositWork, adjustment_ids: Sequence[int]) -> list[ClaimWork]:
    ids = stores.deposit_work.claims_of_adjustments(deposit.id, adjustment_ids)
    if not ids:
        raise NotFoundError("The adjustment was not found.")
    return open_claims(stores, deposit.id, ids)


def _require_rows_as_seen(
    rows: Sequence[AdjustmentWork],
    seen: Mapping[int, Seen] | None,
    effect: Effect,
    payment_type: PaymentType,
) -> None:
    if seen is None:
        return
    other = {
        row.code: (told(row.effect, row.payment_type), told(effect, payment_type))
        for row in rows
        if seen.get(row.id) != (row.effect, row.payment_type)
    }
    require_as_seen("What the code does", same=not other, changes=other)


def told(effect: Effect, payment_type: str | None) -> str:
    """`Write-off, Contractual write-off`: a decision as people read it."""
    return ", ".join(part for part in (effect.label, payment_type) if part)


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
    lines = {row.id: line for line in claim.lines for row in line.adjustments}
    for row in claim.every_adjustment:
        if row.rule_id == BY_HAND:
            continue
        line = lines.get(row.id)
        facts = facts_of(
            row.group,
            row.reason,
            row.amount_cents,
            payer_id=claim.payer_id,
            status=claim.remit_status,
            remark_codes=f"{claim.remark_codes} {line.remark_codes if line else ''}",
            cpt=line.code if line else None,
        )
        found = book.decide(facts)
        kind = found.payment_type.value if found.payment_type else None
        if (found.effect, kind, found.rule_id) != (row.effect, row.payment_type, row.rule_id):
            values = {"effect": found.effect.value, "payment_type": kind, "rule_id": found.rule_id}
            changed.append({"id": row.id, **values})
    return changed
