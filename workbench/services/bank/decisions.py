"""What a person decides about matches: accept, reject, match by hand, split, merge, unmatch; not ours, to check."""

import json
from collections import Counter
from collections.abc import Collection, Mapping, Sequence

from workbench.domain.bank import BankLineState, MatchState, MatchStep
from workbench.domain.bank_desk import BankDeposit, BankMatch, MatchPart, StoredLine
from workbench.domain.identity import Actor
from workbench.domain.money import Cents, format_dollars
from workbench.domain.permissions import Permission
from workbench.errors import RefusedError
from workbench.reconcile.matching.proposals import reasons
from workbench.services.bank.desk import require_open, seen_deposits, seen_lines
from workbench.services.bank.matching import learn_aliases
from workbench.storage import Database, Stores

HAND_SCORE = 1.0


class BankDecisions:
    """Each method is one step for the person and one transaction."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def accept(self, actor: Actor, match_ids: Collection[int], reason: str = "") -> None:
        """Confirms proposals. One with a difference that is no card fee needs a reason."""
        actor.require(Permission.BANK_MATCH)
        with self._database.transaction() as stores:
            for match in stores.bank_matches.matches(match_ids):
                lines, deposits = _open(stores, actor, match)
                if match.difference_cents and match.step is not MatchStep.CARD:
                    _require_reason(match.difference_cents, reason)
                stores.bank_matches.confirm_match(match.id, actor.user_id, reason)
                _settle(stores, lines, match.parts, match.difference_cents)
                _learn(stores, lines, deposits, match.parts, 1)
                _audit(stores, actor, "bank.accept", match.id, deposits, reason, match)

    def reject(self, actor: Actor, match_id: int, reason: str = "") -> None:
        """Turns a proposal down; the pair is not proposed again."""
        actor.require(Permission.BANK_MATCH)
        with self._database.transaction() as stores:
            match = stores.bank_matches.matches([match_id])[0]
            lines, deposits = _open(stores, actor, match)
            stores.bank_matches.end_match(
                match_id, MatchState.PROPOSED, MatchState.REJECTED, actor.user_id, reason
            )
            stores.bank.mark_lines([line.id for line in lines], BankLineState.UNMATCHED)
            _audit(stores, actor, "bank.reject", match_id, deposits, reason, match)

    def unmatch(self, actor: Actor, match_id: int, reason: str) -> None:
        """Takes a confirmed match back; names it taught are counted down."""
        actor.require(Permission.BANK_MATCH)
        if not reason.strip():
            raise RefusedError("Say why the match is taken back.")
        with self._database.transaction() as stores:
            _undo(stores, actor, stores.bank_matches.matches([match_id])[0], reason)

    def match(
        self, actor: Actor, line_ids: Sequence[int], deposit_ids: Sequence[int], reason: str = ""
    ) -> int:
        """Puts lines and deposits together by hand: one with one, one with several (split), several with one.

        Proposals that hold any of them give way. A difference needs a reason. Gives the id of the match.
        """
        actor.require(Permission.BANK_MATCH)
        with self._database.transaction() as stores:
            lines = seen_lines(stores, actor, line_ids)
            deposits = seen_deposits(stores, actor, deposit_ids)
            return _make(stores, actor, lines, deposits, None, reason)

    def split(self, actor: Actor, line_id: int, shares: Mapping[int, Cents], reason: str = "") -> int:
        """Spreads one line over deposits, `{deposit id: cents}`. Shares may not exceed the line."""
        actor.require(Permission.BANK_MATCH)
        with self._database.transaction() as stores:
            lines = seen_lines(stores, actor, [line_id])
            deposits = seen_deposits(stores, actor, list(shares))
            over = sum(shares.values()) - lines[0].amount_cents
            if over > 0:
                raise RefusedError(f"The shares are {format_dollars(over)} more than the bank line.")
            parts = [MatchPart(line_id, deposit_id, cents) for deposit_id, cents in shares.items()]
            return _make(stores, actor, lines, deposits, parts, reason)

    def merge(
        self,
        actor: Actor,
        match_id: int,
        line_ids: Sequence[int],
        deposit_ids: Sequence[int],
        reason: str = "",
    ) -> int:
        """Adds lines or deposits to a confirmed match: the old one is taken back and a new one made, in one step."""
        actor.require(Permission.BANK_MATCH)
        with self._database.transaction() as stores:
            old = stores.bank_matches.matches([match_id])[0]
            _undo(stores, actor, old, "Merged into a larger match.")
            lines = seen_lines(stores, actor, [*old.line_ids, *line_ids])
            deposits = seen_deposits(stores, actor, [*old.deposit_ids, *deposit_ids])
            return _make(stores, actor, lines, deposits, None, reason)

    def mark(
        self, actor: Actor, line_id: int, seen_version: int, state: BankLineState, reason: str = ""
    ) -> int:
        """Marks an unmatched line NOT_OURS or TO_CHECK, or takes such a mark back (UNMATCHED); gives its new version.

        A proposal on it gives way. Raises ChangedByAnotherError.
        """
        actor.require(Permission.BANK_MATCH)
        if state not in (BankLineState.NOT_OURS, BankLineState.TO_CHECK, BankLineState.UNMATCHED):
            raise RefusedError("A line can be marked as not ours, to check, or unmatched.")
        if state is not BankLineState.UNMATCHED and not reason.strip():
            raise RefusedError("Say why.")
        with self._database.transaction() as stores:
            line = seen_lines(stores, actor, [line_id])[0]
            require_open(stores, [line])
            if line.match_id is not None:
                seen_version += _give_way(stores, actor, [line.match_id])
            version = stores.bank.set_line_state(line_id, seen_version, state, reason)
            stores.audit.add(
                actor,
                "bank.mark",
                "bank_transaction",
                line_id,
                before={"state": line.state},
                after={"state": state},
                reason=reason,
            )
        return version


def _open(stores: Stores, actor: Actor, match: BankMatch) -> tuple[list[StoredLine], list[BankDeposit]]:
    """Lines and deposits of a match that the person may see and that no locked day holds."""
    lines = seen_lines(stores, actor, match.line_ids)
    require_open(stores, lines)
    return lines, seen_deposits(stores, actor, match.deposit_ids)


def _undo(stores: Stores, actor: Actor, match: BankMatch, reason: str) -> None:
    lines, deposits = _open(stores, actor, match)
    stores.bank_matches.end_match(match.id, MatchState.CONFIRMED, MatchState.UNDONE, actor.user_id, reason)
    stores.bank.mark_lines([line.id for line in lines], BankLineState.UNMATCHED)
    _learn(stores, lines, deposits, match.parts, -1)
    _audit(stores, actor, "bank.unmatch", match.id, deposits, reason, match)


def _make(
    stores: Stores,
    actor: Actor,
    lines: list[StoredLine],
    deposits: list[BankDeposit],
    shares: list[MatchPart] | None,
    reason: str,
) -> int:
    """A confirmed match by hand; without `shares` the lines are spread in order."""
    if not lines or not deposits:
        raise RefusedError("Choose at least one bank line and one deposit.")
    parts = _fill(lines, deposits) if shares is None else shares
    require_open(stores, lines)
    held_by = {*(line.match_id for line in lines), *(deposit.match_id for deposit in deposits)}
    _give_way(stores, actor, [match_id for match_id in held_by if match_id is not None])
    banked, paid = sum(line.amount_cents for line in lines), sum(each.amount_cents for each in deposits)
    difference = banked - paid
    if difference:
        _require_reason(difference, reason)
    days = [abs((line.posted_date - each.day).days) for line in lines for each in deposits if each.day]
    said = reasons(
        MatchStep.HAND,
        deposits=len(deposits),
        lines=len(lines),
        difference_cents=difference,
        days_apart=max(days, default=0),
        payer_agrees=False,
        alternatives=0,
    )
    match_id = stores.bank_matches.add_match(
        {
            "step": int(MatchStep.HAND),
            "state": MatchState.PROPOSED.value,
            "score": HAND_SCORE,
            "deposit_cents": paid,
            "line_cents": banked,
            "difference_cents": difference,
            "reasons_json": json.dumps(said),
            "created_by_id": actor.user_id,
        },
        parts,
    )
    stores.bank_matches.confirm_match(match_id, actor.user_id, reason)
    _settle(stores, lines, parts, difference)
    _learn(stores, lines, deposits, parts, 1)
    _audit(
        stores,
        actor,
        "bank.match_by_hand",
        match_id,
        deposits,
        reason,
        stores.bank_matches.matches([match_id])[0],
    )
    return match_id


def _give_way(stores: Stores, actor: Actor, match_ids: Collection[int]) -> int:
    """Takes proposals off the desk; a confirmed match stands until it is taken back. Gives how many went."""
    for match in stores.bank_matches.matches(match_ids):
        if match.state is MatchState.CONFIRMED:
            raise RefusedError("A line or deposit is matched already. Unmatch it first.")
        stores.bank_matches.end_match(
            match.id, MatchState.PROPOSED, MatchState.UNDONE, actor.user_id, "Gave way to another decision."
        )
        stores.bank.mark_lines(match.line_ids, BankLineState.UNMATCHED)
    return len(match_ids)


def _fill(lines: list[StoredLine], deposits: list[BankDeposit]) -> list[MatchPart]:
    """Spreads the lines over the deposits in order, each filled before the next.

    What is left over goes to the last deposit; a deposit that nothing is left for is held with 0.
    """
    parts: list[MatchPart] = []
    needs = [deposit.amount_cents for deposit in deposits]
    at, last = 0, len(deposits) - 1
    for line in lines:
        left = line.amount_cents
        while True:
            share = left if at == last else min(left, needs[at])
            parts.append(MatchPart(line.id, deposits[at].id, share))
            left -= share
            needs[at] -= share
            if at < last and needs[at] == 0:
                at += 1
            elif at == last or left == 0:
                break
            if left == 0:
                break
    filled = {part.deposit_id for part in parts}
    return parts + [MatchPart(lines[-1].id, each.id, 0) for each in deposits if each.id not in filled]


def _require_reason(difference: Cents, reason: str) -> None:
    if not reason.strip():
        raise RefusedError(f"Bank and deposits differ by {format_dollars(difference)}. Say why.")


def _settle(stores: Stores, lines: list[StoredLine], parts: Sequence[MatchPart], difference: Cents) -> None:
    """The state of the lines (spec deposits 7.3)."""
    several = len({part.deposit_id for part in parts}) > 1
    state = BankLineState.SPLIT if several else BankLineState.MATCHED
    if difference:
        state = BankLineState.MATCHED_WITH_DIFFERENCE
    stores.bank.mark_lines([line.id for line in lines], state)


def _learn(
    stores: Stores, lines: list[StoredLine], deposits: list[BankDeposit], parts: Sequence[MatchPart], by: int
) -> None:
    key_of = {line.id: line.payer_key for line in lines}
    payer_of = {deposit.id: deposit.payer_id for deposit in deposits}
    taught = Counter((key_of[part.line_id], payer_of[part.deposit_id]) for part in parts)
    learn_aliases(stores, ((pair, by * times) for pair, times in taught.items()))


def _audit(
    stores: Stores,
    actor: Actor,
    action: str,
    match_id: int,
    deposits: list[BankDeposit],
    reason: str,
    match: BankMatch,
) -> None:
    practices = {deposit.practice_id for deposit in deposits}
    stores.audit.add(
        actor,
        action,
        "bank_match",
        match_id,
        practice_id=practices.pop() if len(practices) == 1 else None,
        after={
            "lines": list(match.line_ids),
            "deposits": list(match.deposit_ids),
            "difference_cents": match.difference_cents,
        },
        reason=reason,
    )
