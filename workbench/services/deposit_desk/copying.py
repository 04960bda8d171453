"""Copy to new posting: what is read-only becomes the start of a new one, here or on another deposit (spec 6.6)."""

from workbench.domain.deposit import DepositAction, DepositType, why_not_copy
from workbench.domain.deposit_work import AdjustmentWork, ClaimWork, LineWork
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.errors import NotFoundError, RefusedError
from workbench.services.deposit_desk.desk import open_deposit, work_on
from workbench.services.deposit_desk.refreshing import refresh
from workbench.storage import Database, Stores

PATIENT_MONEY = (DepositType.STATEMENT, DepositType.IMPORT)
# What a new posting takes over from the claim as it stands; totals are computed anew.
_COPIED = (
    "claim_id",
    "payer_id",
    "pcn",
    "payer_claim_no",
    "remit_status",
    "charge_cents",
    "patient_responsibility_cents",
    "allowed_cents",
    "patient_last",
    "patient_first",
    "member_id",
    "rendering_npi",
    "service_from",
    "service_to",
    "filing_indicator",
    "crossover_name",
    "remark_codes",
)


class Copying:
    """Makes a new posting from one that can no longer be edited."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def copy(self, actor: Actor, deposit_claim_id: int, to_deposit_id: int) -> int:
        """Copies a posting with its lines and adjustments as worked; gives the new deposit claim, not yet posted.

        The copy counts in the figures of the deposit `to_deposit_id` at once. Nothing of it was received, so
        Reset of a deposit from a file empties it.
        """
        with self._database.transaction() as stores:
            source_id = stores.deposit_work.deposit_of_claim(deposit_claim_id)
            if source_id is None:
                raise NotFoundError("The claim was not found.")
            source = open_deposit(stores, actor, source_id)
            actor.require(Permission.DEPOSIT_CLAIMS)
            (claim,) = stores.deposit_work.claims(source_id, [deposit_claim_id])
            if text := why_not_copy(source.status, claim.state):
                raise RefusedError(text)
            target = work_on(stores, actor, to_deposit_id, DepositAction.CHANGE_CLAIMS)
            if target.practice_id != source.practice_id:
                raise RefusedError("The other deposit belongs to another practice.")
            if (source.type in PATIENT_MONEY) != (target.type in PATIENT_MONEY):
                raise RefusedError("Patient money and insurance money are not copied into one another.")
            made = _add(stores, claim, to_deposit_id)
            refresh(stores, actor, to_deposit_id, [made])
            stores.audit.add(
                actor,
                "claim.copy",
                "deposit",
                to_deposit_id,
                practice_id=target.practice_id,
                after={"claim": made, "copied_from": deposit_claim_id, "from_deposit": source_id},
            )
        return made


def _add(stores: Stores, claim: ClaimWork, deposit_id: int) -> int:
    seen = stores.deposit_views.claim(claim.id)
    if seen is None:
        raise NotFoundError("The claim was not found.")
    values: dict[str, object] = {name: getattr(seen, name) for name in _COPIED}
    paid = {"deposit_id": deposit_id, "paid_stated_cents": _stated_cents(claim)}
    made = stores.deposit_edits.add_claim(values | paid)
    for line in claim.lines:
        line_id = stores.deposit_edits.add_line(_line(made, line))
        _add_adjustments(stores, made, line_id, line.adjustments)
    _add_adjustments(stores, made, None, claim.adjustments)
    return made


def _stated_cents(claim: ClaimWork) -> int:
    """What the copy says the payer paid: its lines less interest and claim-level amounts, as the editor has it."""
    if not claim.lines:
        return claim.paid_stated_cents
    waiting = sum(row.amount_cents for row in claim.adjustments)
    return sum(line.paid_cents - line.interest_cents for line in claim.lines) - waiting


def _line(deposit_claim_id: int, line: LineWork) -> dict[str, object]:
    return {
        "deposit_claim_id": deposit_claim_id,
        "line_no": line.line_no,
        "charge_line_id": line.charge_line_id,
        "code": line.code,
        "modifiers": line.modifiers,
        "original_code": line.original_code,
        "service_from": line.service_from,
        "line_control_no": line.line_control_no,
        "charge_cents": line.charge_cents,
        "paid_received_cents": 0,
        "paid_cents": line.paid_cents,
        "allowed_cents": line.allowed_cents,
        "interest_cents": line.interest_cents,
        "remark_codes": line.remark_codes,
    }


def _add_adjustments(
    stores: Stores, deposit_claim_id: int, line_id: int | None, rows: tuple[AdjustmentWork, ...]
) -> None:
    for row in rows:
        stores.deposit_edits.add_adjustment(
            {
                "deposit_claim_id": deposit_claim_id,
                "deposit_line_id": line_id,
                "group_code": row.group,
                "reason": row.reason,
                "amount_cents": row.amount_cents,
                "amount_received_cents": 0,
                "effect": row.effect.value,
                "payment_type": row.payment_type,
                "rule_id": row.rule_id,
            }
        )
