"""Editing one claim of a deposit as printed on the EOB: what stands around it, and saving it (spec deposits 6.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass

from workbench.domain.deposit import ClaimState, DepositType, PaymentType
from workbench.domain.deposit_work import BY_HAND, AdjustmentWork, ClaimWork, DepositWork, LineWork
from workbench.domain.identity import Actor
from workbench.domain.money import format_dollars
from workbench.domain.posting import Effect
from workbench.domain.posting_rule import AdjustmentFacts
from workbench.domain.remit import REMIT_STATUSES, remit_status
from workbench.errors import ChangedByAnotherError, NotFoundError, RefusedError
from workbench.reconcile.claim_totals import claim_gap
from workbench.reconcile.rules import RuleBook
from workbench.services.deposit_desk.desk import open_deposit, rule_book, work_on_claim
from workbench.services.deposit_desk.refreshing import refresh
from workbench.storage import Database, Stores

# Money of the patient pays lines in part: there is nothing that has to add up to the charge.
ADDS_UP = (DepositType.ERA, DepositType.EOB)
# The claims one goes through in the editor; a posted one is read-only (spec 1.5).
EDITABLE = tuple(state.value for state in ClaimState if state is not ClaimState.POSTED)


@dataclass(frozen=True, slots=True)
class EditedAdjustment:
    """A row of the editor.

    Attributes:
        id: None for a new row.
        effect: what a person chose, with the payment type; None leaves the choice to what was there: an
            earlier choice of a person, else the rules.
        anew: the rules decide, whatever a person chose before.
    """

    group: str
    reason: str
    amount_cents: int
    id: int | None = None
    effect: Effect | None = None
    payment_type: PaymentType | None = None
    anew: bool = False


@dataclass(frozen=True, slots=True)
class EditedLine:
    """A line of the editor; `paid_cents` contains `interest_cents`. `remark_codes` None leaves them as they are.

    `keyed`: what was paid is a person's; False while it is an amount that nobody could read.
    """

    id: int
    paid_cents: int
    adjustments: tuple[EditedAdjustment, ...] = ()
    allowed_cents: int | None = None
    interest_cents: int = 0
    remark_codes: str | None = None
    keyed: bool = True


@dataclass(frozen=True, slots=True)
class ClaimEdit:
    """The claim as the editor has it. `payer_id` may differ from the deposit's (secondary).

    Attributes:
        paid_cents: payment of a keyed claim without lines; None leaves it. With lines, they say what was paid.
        remark_codes: of the claim as a whole, of a keyed claim; None leaves them.
    """

    lines: tuple[EditedLine, ...]
    remit_status: str = ""
    payer_id: int | None = None
    payer_claim_no: str = ""
    adjustments: tuple[EditedAdjustment, ...] = ()
    paid_cents: int | None = None
    remark_codes: str | None = None


@dataclass(frozen=True, slots=True)
class Surroundings:
    """What an editor of the claim wants to know beside the claim itself.

    Attributes:
        payers: payers of our claim, level -> (id, name).
        payer_names: every active payer.
        open_cents: what is open on our claim now; None while none is attached.
        line_open_cents: deposit line -> what is open on our charge line now, of the lines that are mapped.
        applied_cents: provider-level money on this claim, cash sign.
        by_hand: adjustments whose effect a person chose.
        previous_id, next_id: the neighbours that may be edited.
    """

    payers: Mapping[str, tuple[int, str]]
    payer_names: Mapping[int, str]
    open_cents: int | None
    line_open_cents: Mapping[int, int]
    applied_cents: int
    by_hand: frozenset[int]
    rules: RuleBook
    previous_id: int | None
    next_id: int | None


class ClaimEditing:
    """One claim at a time, guarded by the version that was seen."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def surroundings(self, actor: Actor, deposit_claim_id: int) -> Surroundings:
        """Raises NotFoundError, also for a claim of somebody else's practice."""
        with self._database.reading() as stores:
            deposit_id = stores.deposit_work.deposit_of_claim(deposit_claim_id)
            if deposit_id is None:
                raise NotFoundError("The claim was not found.")
            open_deposit(stores, actor, deposit_id)
            (claim,) = stores.deposit_work.claims(deposit_id, [deposit_claim_id])
            names = {payer.id: payer.name for payer in stores.office.payers()}
            previous_id, next_id = stores.deposit_work.neighbours(deposit_id, claim.claim_no, EDITABLE)
            return Surroundings(
                payers=_payers(claim, names),
                payer_names=names,
                open_cents=claim.ours.open_cents if claim.ours else None,
                line_open_cents=_line_open(claim),
                applied_cents=claim.applied_cents,
                by_hand=frozenset(row.id for row in claim.every_adjustment if row.rule_id == BY_HAND),
                rules=rule_book(stores),
                previous_id=previous_id,
                next_id=next_id,
            )

    def save_claim(
        self, actor: Actor, deposit_claim_id: int, seen_version: int, edit: ClaimEdit, *, ready: bool
    ) -> int:
        """Saves the editor. A draft may have a gap; `ready` asks for a gap of 0.00 on every line.

        The amounts that the payer sent are kept beside the changed ones. Gives the new version.
        """
        with self._database.transaction() as stores:
            deposit, claim = work_on_claim(stores, actor, deposit_claim_id)
            if claim.version != seen_version:
                raise ChangedByAnotherError(
                    "The claim was changed by somebody else meanwhile. Look at the changes and try again.",
                    _differences(claim, edit),
                )
            _check(deposit, edit, ready=ready)
            _save_rows(stores, deposit, claim, edit)
            _settle_unreadable(stores, actor, claim, edit)
            refresh(stores, actor, deposit.id, [deposit_claim_id])
            (after,) = stores.deposit_work.claims(deposit.id, [deposit_claim_id])
            if ready and deposit.type in ADDS_UP:
                _require_no_gap(after)
            stores.audit.add(
                actor,
                "claim.edit",
                "deposit_claim",
                deposit_claim_id,
                practice_id=deposit.practice_id,
                before=_figures(claim),
                after=_figures(after),
            )
        return after.version


def facts_of(
    group: str,
    reason: str,
    amount_cents: int,
    *,
    payer_id: int | None,
    status: str,
    remark_codes: str = "",
    cpt: str | None = None,
) -> AdjustmentFacts:
    """What the rules look at; the same as when the claim is posted."""
    level = remit_status(status).level
    return AdjustmentFacts(
        group=group,
        carc=reason,
        payer_id=payer_id,
        payer_level=level.value if level else None,
        remit_status=status,
        rarcs=frozenset(remark_codes.split()),
        cpt=cpt,
        amount_cents=amount_cents,
    )


def _payers(claim: ClaimWork, names: Mapping[int, str]) -> dict[str, tuple[int, str]]:
    found = claim.ours.payers if claim.ours else {}
    return {level: (payer_id, names.get(payer_id, "")) for level, payer_id in found.items()}


def _line_open(claim: ClaimWork) -> dict[int, int]:
    ours = {line.id: line.open_cents for line in claim.ours.lines} if claim.ours else {}
    return {line.id: ours[line.charge_line_id] for line in claim.lines if line.charge_line_id in ours}


def _check(deposit: DepositWork, edit: ClaimEdit, *, ready: bool) -> None:
    if edit.remit_status and edit.remit_status not in REMIT_STATUSES:
        raise RefusedError("Choose a remit status from the list.")
    if ready and deposit.type is DepositType.EOB and not edit.remit_status:
        raise RefusedError("Choose how the payer processed the claim (remit status).")


def _save_rows(stores: Stores, deposit: DepositWork, claim: ClaimWork, edit: ClaimEdit) -> None:
    lines = {line.id: line for line in claim.lines}
    if {line.id for line in edit.lines} - set(lines):
        raise NotFoundError("The line was not found.")
    if edit.payer_id is not None and edit.payer_id not in {payer.id for payer in stores.office.payers()}:
        raise RefusedError("Choose a payer from the list.")
    keyed = deposit.type is not DepositType.ERA
    rows = _RowSaver(stores, rule_book(stores), claim, edit)
    for line in edit.lines:
        figures: dict[str, object] = {
            "paid_cents": line.paid_cents,
            "allowed_cents": line.allowed_cents,
            "interest_cents": line.interest_cents,
        }
        if keyed and line.remark_codes is not None:
            figures["remark_codes"] = line.remark_codes
        stores.deposit_edits.set_line(line.id, figures)
        before = lines[line.id]
        remarks = before.remark_codes if line.remark_codes is None else line.remark_codes
        rows.save(before, line.adjustments, remarks)
    rows.save(None, edit.adjustments)
    values: dict[str, object] = {"remit_status": edit.remit_status or claim.remit_status}
    if edit.payer_id is not None:
        values["payer_id"] = edit.payer_id
    # What is keyed from paper is what the payer stated; CLP04, CLP07 and remarks of a file are never edited.
    if keyed:
        values |= {"paid_stated_cents": _stated(claim, edit), "payer_claim_no": edit.payer_claim_no}
        values |= {} if edit.remark_codes is None else {"remark_codes": edit.remark_codes}
    stores.deposit_edits.change_claim(claim.id, claim.version, values)


def _settle_unreadable(stores: Stores, actor: Actor, claim: ClaimWork, edit: ClaimEdit) -> None:
    """Closes the error about unreadable amounts once a person has keyed all of them."""
    every = [*edit.adjustments, *(row for line in edit.lines for row in line.adjustments)]
    stores.deposit_edits.key_unreadable(
        [line.id for line in edit.lines if line.keyed],
        [row.id for row in every if row.id is not None],
    )
    if stores.deposit_edits.is_unreadable(claim.id):
        return
    rows = stores.deposit_errors.of_deposit(claim.deposit_id, codes={"UNREADABLE_AMOUNT"})
    mine = [row.id for row in rows if row.deposit_claim_id == claim.id]
    stores.deposit_errors.close(mine, "resolved", actor.user_id, "keyed")


def _stated(claim: ClaimWork, edit: ClaimEdit) -> int:
    """CLP04 of a keyed claim: what the lines say less what stands at claim level (spec 4.6)."""
    if not claim.lines:
        return claim.paid_stated_cents if edit.paid_cents is None else edit.paid_cents
    paid = {line.id: line.paid_cents - line.interest_cents for line in claim.lines}
    paid |= {line.id: line.paid_cents - line.interest_cents for line in edit.lines}
    return sum(paid.values()) - sum(row.amount_cents for row in edit.adjustments)


@dataclass(frozen=True, slots=True)
class _RowSaver:
    """Saves adjustments of one claim, each with the effect that a person or a rule gives it."""

    stores: Stores
    book: RuleBook
    claim: ClaimWork
    edit: ClaimEdit

    def save(self, line: LineWork | None, wanted: Sequence[EditedAdjustment], line_remarks: str = "") -> None:
        """Saves the rows of a line, or (None) those of claim level."""
        before = self.claim.adjustments if line is None else line.adjustments
        known = {row.id: row for row in before}
        kept = {row.id for row in wanted if row.id is not None}
        if kept - set(known):
            raise NotFoundError("The adjustment was not found.")
        for row in wanted:
            decided = self._decided(row, line, line_remarks)
            if row.id is None:
                self._add(None if line is None else line.id, row, decided)
            else:
                by_hand = known[row.id].rule_id == BY_HAND and row.effect is None and not row.anew
                # What a person decided about a row stays, unless the editor decides anew.
                self._change(known[row.id], row.amount_cents, {} if by_hand else decided)
        for gone in (row for row in before if row.id not in kept):
            if gone.segment is None:
                self.stores.deposit_edits.remove_adjustments([gone.id])
            else:
                # A row of the payer's file stays, with nothing left on it.
                self._change(gone, 0, {})

    def _add(self, line_id: int | None, row: EditedAdjustment, decided: Mapping[str, object]) -> None:
        values = {"group_code": row.group, "reason": row.reason, "amount_cents": row.amount_cents}
        place = {
            "deposit_claim_id": self.claim.id,
            "deposit_line_id": line_id,
            "amount_received_cents": 0,
        }
        self.stores.deposit_edits.add_adjustment({**place, **values, **decided})

    def _change(self, row: AdjustmentWork, amount_cents: int, decided: Mapping[str, object]) -> None:
        received = row.received_cents
        if received is None and amount_cents != row.amount_cents:
            received = row.amount_cents if row.segment is not None else 0
        values = {"id": row.id, "amount_cents": amount_cents, "amount_received_cents": received, **decided}
        self.stores.deposit_edits.set_adjustments([values])

    def _decided(self, row: EditedAdjustment, line: LineWork | None, line_remarks: str) -> dict[str, object]:
        if row.effect is not None:
            kind = row.payment_type.value if row.payment_type else None
            return {"effect": row.effect.value, "payment_type": kind, "rule_id": BY_HAND}
        claim, edit = self.claim, self.edit
        remarks = claim.remark_codes if edit.remark_codes is None else edit.remark_codes
        found = self.book.decide(
            facts_of(
                row.group,
                row.reason,
                row.amount_cents,
                payer_id=edit.payer_id or claim.payer_id,
                status=edit.remit_status or claim.remit_status,
                remark_codes=f"{remarks} {line_remarks}",
                cpt=line.code if line else None,
            )
        )
        kind = found.payment_type.value if found.payment_type else None
        return {"effect": found.effect.value, "payment_type": kind, "rule_id": found.rule_id}


def _require_no_gap(claim: ClaimWork) -> None:
    gaps = [(line.title, line.gap_cents) for line in claim.lines]
    gaps = gaps or [("The claim", claim_gap(claim))]
    for title, cents in gaps:
        if cents:
            text = (
                f"{title} has a gap of {format_dollars(cents)}. Save it as a draft, or correct the amounts."
            )
            raise RefusedError(text)


def _figures(claim: ClaimWork) -> dict[str, object]:
    """What the audit keeps of a claim: amounts and codes, no patient data."""
    return {
        "remit_status": claim.remit_status,
        "payer_id": claim.payer_id,
        "paid_cents": [line.paid_cents for line in claim.lines] or [claim.paid_stated_cents],
        "adjustments": [
            f"{row.code} {row.amount_cents} {row.effect.value}" for row in claim.every_adjustment
        ],
    }


def _differences(claim: ClaimWork, edit: ClaimEdit) -> dict[str, tuple[object, object]]:
    """Field -> (what is stored now, what the person wanted), where they differ."""
    wanted = {line.id: line for line in edit.lines}
    found: dict[str, tuple[object, object]] = {}
    if edit.remit_status and edit.remit_status != claim.remit_status:
        found["remit_status"] = (claim.remit_status, edit.remit_status)
    if edit.payer_id is not None and edit.payer_id != claim.payer_id:
        found["payer_id"] = (claim.payer_id, edit.payer_id)
    for line in claim.lines:
        if line.id in wanted and wanted[line.id].paid_cents != line.paid_cents:
            found[f"{line.title} paid"] = (line.paid_cents, wanted[line.id].paid_cents)
    return found
