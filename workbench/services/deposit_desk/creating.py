"""New deposits made by hand: EOB and Statement (spec deposits 6.3, 4.9)."""

from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workbench.domain.deposit import DepositStatus, DepositType, PayMethod, PayType
from workbench.domain.deposit_work import OurClaim
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.errors import RefusedError
from workbench.reconcile.spread import OpenLine, spread_statement
from workbench.services.deposit_desk.duplicates import refresh_duplicates
from workbench.services.deposit_desk.refreshing import refresh
from workbench.storage import Database, Stores
from workbench.storage.clock import now


@dataclass(frozen=True, slots=True)
class NewDeposit:
    """What the New deposit dialog asks for an EOB; the type is EOB."""

    practice_id: int
    deposit_cents: int
    check_number: str
    payer_id: int | None
    deposited_date: date | None
    issued_date: date | None = None
    pay_method: PayMethod = PayMethod.CHECK
    pay_type: PayType = PayType.INSURANCE
    owner_id: int | None = None
    is_eob: bool = True


@dataclass(frozen=True, slots=True)
class NewStatement:
    """Patient money for the claims given (all those of the statement), oldest line first."""

    practice_id: int
    deposit_cents: int
    check_number: str
    claim_ids: tuple[int, ...]
    deposited_date: date | None
    pay_method: PayMethod = PayMethod.CHECK


@dataclass(frozen=True, slots=True)
class StatementPart:
    """One line of the preview."""

    claim_id: int
    charge_line_id: int
    title: str
    open_cents: int
    part_cents: int


@dataclass(frozen=True, slots=True)
class StatementPreview:
    parts: tuple[StatementPart, ...]
    unapplied_cents: int


class Creating:
    """Makes deposits by hand; those from files come through the imports."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def create_eob(self, actor: Actor, new: NewDeposit) -> int:
        """Stores the header of an EOB; its claims are attached afterwards. Gives the ID.

        Raises RefusedError naming the fields that are missing.
        """
        actor.require(Permission.DEPOSIT_NEW)
        actor.require_sight(new.practice_id, "The practice")
        missing = [
            label
            for label, value in (
                ("Check #", new.check_number.strip()),
                ("Payer", new.payer_id),
                ("Deposited", new.deposited_date),
            )
            if not value
        ]
        if missing:
            raise RefusedError(f"Fill in: {', '.join(missing)}.")
        if new.deposit_cents < 0:
            raise RefusedError("The amount of a deposit cannot be negative.")
        with self._database.transaction() as stores:
            names = {payer.id: payer.name for payer in stores.office.payers()}
            if new.payer_id not in names:
                raise RefusedError("Choose a payer from the list.")
            deposit_id = add_header(
                stores,
                actor,
                DepositType.EOB,
                new,
                {"payer_id": new.payer_id, "payer_name": names[new.payer_id]},
            )
            refresh(stores, actor, deposit_id)
            refresh_duplicates(stores, deposit_id)
        return deposit_id

    def preview_statement(self, actor: Actor, new: NewStatement) -> StatementPreview:
        """The split over open lines before anything is stored."""
        actor.require(Permission.DEPOSIT_NEW)
        with self._database.reading() as stores:
            return split_over(_seen_claims(stores, actor, new.claim_ids), new.deposit_cents)

    def create_statement(self, actor: Actor, new: NewStatement) -> int:
        """Stores the deposit with its claims and their parts. Gives the ID."""
        actor.require(Permission.DEPOSIT_NEW)
        actor.require_sight(new.practice_id, "The practice")
        if new.deposit_cents <= 0:
            raise RefusedError("Type an amount above 0.")
        with self._database.transaction() as stores:
            claims = _seen_claims(stores, actor, new.claim_ids)
            header = NewDeposit(
                practice_id=new.practice_id,
                deposit_cents=new.deposit_cents,
                check_number=new.check_number,
                payer_id=None,
                deposited_date=new.deposited_date,
                pay_method=new.pay_method,
                pay_type=PayType.PATIENT,
                is_eob=False,
            )
            deposit_id = add_header(stores, actor, DepositType.STATEMENT, header, {"payer_name": "Patient"})
            add_patient_parts(stores, deposit_id, claims, split_over(claims, new.deposit_cents).parts)
            refresh(stores, actor, deposit_id)
        return deposit_id


def add_patient_parts(
    stores: Stores, deposit_id: int, claims: Sequence[OurClaim], parts: Sequence[StatementPart]
) -> None:
    """Adds a deposit claim for each of our claims that gets a part, with its lines."""
    for claim in claims:
        mine = [part for part in parts if part.claim_id == claim.id and part.part_cents]
        if not mine:
            continue
        paid = sum(part.part_cents for part in mine)
        added = stores.deposit_edits.add_claim(
            {**of_our_claim(claim), "deposit_id": deposit_id, "paid_stated_cents": paid}
        )
        lines = {line.id: line for line in claim.lines}
        for number, part in enumerate(mine):
            line = lines[part.charge_line_id]
            stores.deposit_edits.add_line(
                {
                    "deposit_claim_id": added,
                    "line_no": number,
                    "charge_line_id": line.id,
                    "code": line.code,
                    "modifiers": line.modifiers,
                    "service_from": line.service_date,
                    "charge_cents": line.charge_cents,
                    "paid_received_cents": part.part_cents,
                    "paid_cents": part.part_cents,
                }
            )


def of_our_claim(claim: OurClaim) -> dict[str, object]:
    """The columns of a deposit claim that come from our own claim."""
    return {
        "claim_id": claim.id,
        "pcn": claim.pcn,
        "charge_cents": claim.charge_cents,
        "patient_last": claim.patient_last,
        "patient_first": claim.patient_first,
        "service_from": claim.service_from,
    }


def split_over(claims: Sequence[OurClaim], amount_cents: int) -> StatementPreview:
    """Patient money over the open lines of claims, oldest first."""
    lines = [(claim, line) for claim in claims for line in claim.lines if line.active]
    opened = [
        OpenLine(line.service_date or claim.service_from or date.max, claim.id, line.line_no, line.open_cents)
        for claim, line in lines
    ]
    spread = spread_statement(amount_cents, opened)
    parts = tuple(
        StatementPart(
            claim.id,
            line.id,
            " ".join((line.code, str(line.service_date or ""))).strip(),
            line.open_cents,
            part,
        )
        for (claim, line), part in zip(lines, spread.parts, strict=True)
    )
    return StatementPreview(parts, spread.rest_cents)


def _seen_claims(stores: Stores, actor: Actor, claim_ids: Sequence[int]) -> list[OurClaim]:
    found = stores.deposit_work.our_claims(claim_ids)
    for claim in found.values():
        actor.require_sight(claim.practice_id, f"Claim {claim.id}")
    missing = [number for number in claim_ids if number not in found]
    if missing or not found:
        raise RefusedError("Choose the claims of the statement." if not missing else "A claim was not found.")
    return [found[number] for number in sorted(found)]


def add_header(
    stores: Stores, actor: Actor, kind: DepositType, new: NewDeposit, more: dict[str, object]
) -> int:
    moment = now()
    values: dict[str, object] = {
        "practice_id": new.practice_id,
        "type": kind.value,
        "status": DepositStatus.NEW.value,
        "owner_id": new.owner_id or actor.user_id,
        "created_by_id": actor.user_id,
        "deposited_date": new.deposited_date,
        "issued_date": new.issued_date,
        "received_at": moment,
        "created_at": moment,
        "check_number": new.check_number.strip(),
        "pay_method": new.pay_method.value,
        "pay_type": new.pay_type.value,
        "deposit_cents": new.deposit_cents,
        "is_eob": new.is_eob,
        **more,
    }
    deposit_id = stores.deposit_edits.add_deposit(values)
    stores.audit.add(
        actor,
        "deposit.new",
        "deposit",
        deposit_id,
        practice_id=new.practice_id,
        after={"type": kind.value, "deposit_cents": new.deposit_cents},
    )
    return deposit_id
