"""Puts the paper deposits in, through the services that a person uses; each step is done once."""

from collections.abc import Sequence
from dataclasses import dataclass

from workbench.domain.deposit import DepositType, PayMethod, PayType
from workbench.domain.deposit_views import ClaimQuery, DepositQuery
from workbench.domain.identity import Actor
from workbench.era.message import Claim as RemittedClaim
from workbench.services.demo.claims import Claim
from workbench.services.demo.office import PAYERS
from workbench.services.demo.paper import PaperEob, PatientMoney
from workbench.services.deposit_desk.claim_editing import ClaimEdit, EditedAdjustment, EditedLine
from workbench.services.deposit_desk.creating import (
    Creating,
    NewDeposit,
    NewStatement,
    add_header,
    add_patient_parts,
    split_over,
)
from workbench.services.deposit_desk.editing import Editing
from workbench.services.deposit_desk.refreshing import refresh
from workbench.services.deposits import Deposits
from workbench.storage import Database, Stores

GAP_CENTS = 10_00  # of the claim that was left as a draft


@dataclass(frozen=True, slots=True)
class Paperwork:
    """A clerk of the synthetic office; `practices` are the database's ids in the order of `office.PRACTICES`."""

    database: Database
    actor: Actor
    practices: Sequence[int]

    def enter_eob(self, eob: PaperEob) -> None:
        """Creates the deposit, attaches and keys as far as the plan says; goes on where it was interrupted."""
        deposit_id = self._existing(eob.check_number) or self._create(eob)
        editing = Editing(self.database)
        attached = self._attached(deposit_id)
        if not attached and eob.attached:
            ids = self._claim_ids(eob.practice, eob.claims[: eob.attached])
            editing.add_claims(self.actor, deposit_id, ids)
            attached = self._attached(deposit_id)
        for number, row_id in enumerate(attached[: eob.keyed]):
            last = number == eob.keyed - 1
            self._key(editing, row_id, eob.answers[number], draft=eob.draft and last)

    def enter_patient_money(self, money: PatientMoney) -> None:
        """A statement is created as a person does it; a payment list is a deposit of its own type."""
        if self._existing(money.check_number):
            return
        statement = NewStatement(
            practice_id=self.practices[money.practice],
            deposit_cents=money.amount_cents,
            check_number=money.check_number,
            claim_ids=tuple(self._claim_ids(money.practice, money.claims)),
            deposited_date=money.day,
        )
        if money.kind is DepositType.STATEMENT:
            Creating(self.database).create_statement(self.actor, statement)
        else:
            self._create_list(statement)

    def _create_list(self, money: NewStatement) -> None:
        header = NewDeposit(
            practice_id=money.practice_id,
            deposit_cents=money.deposit_cents,
            check_number=money.check_number,
            payer_id=None,
            deposited_date=money.deposited_date,
            pay_method=PayMethod.CARD,
            pay_type=PayType.PATIENT,
            is_eob=False,
        )
        with self.database.transaction() as stores:
            claims = list(stores.deposit_work.our_claims(money.claim_ids).values())
            deposit_id = add_header(
                stores, self.actor, DepositType.IMPORT, header, {"payer_name": "Patients"}
            )
            add_patient_parts(stores, deposit_id, claims, split_over(claims, money.deposit_cents).parts)
            refresh(stores, self.actor, deposit_id)

    def _create(self, eob: PaperEob) -> int:
        with self.database.reading() as stores:
            payer_id = _payer_id(stores, PAYERS[eob.payer].name)
        new = NewDeposit(
            practice_id=self.practices[eob.practice],
            deposit_cents=eob.amount_cents,
            check_number=eob.check_number,
            payer_id=payer_id,
            deposited_date=eob.day,
            issued_date=eob.day,
        )
        return Creating(self.database).create_eob(self.actor, new)

    def _existing(self, check_number: str) -> int | None:
        query = DepositQuery(check_number=check_number, needs_work=False)
        rows = Deposits(self.database).page(self.actor, query).rows
        return rows[0].id if rows else None

    def _attached(self, deposit_id: int) -> list[int]:
        page = Deposits(self.database).claims(self.actor, deposit_id, ClaimQuery(limit=100))
        return [row.id for row in page.rows]

    def _claim_ids(self, practice: int, claims: Sequence[Claim]) -> list[int]:
        pcns = [claim.pcn for claim in claims]
        with self.database.reading() as stores:
            found = stores.remittances.claims_numbered(self.practices[practice], pcns)
        ids = {row["pcn"]: row["id"] for row in found}
        return [ids[pcn] for pcn in pcns]

    def _key(self, editing: Editing, row_id: int, answer: RemittedClaim, *, draft: bool) -> None:
        details = Deposits(self.database).claim(self.actor, row_id)
        if details.row.remit_status:
            return
        lines = [
            EditedLine(
                id=row.id,
                paid_cents=line.paid_cents - (GAP_CENTS if draft and number == 0 else 0),
                adjustments=tuple(
                    EditedAdjustment(group=each.group, reason=each.reason, amount_cents=each.amount_cents)
                    for each in line.adjustments
                ),
                allowed_cents=line.allowed_cents,
            )
            for number, (row, line) in enumerate(zip(details.lines, answer.lines, strict=True))
        ]
        edit = ClaimEdit(lines=tuple(lines), remit_status="1", payer_claim_no=answer.payer_claim_no)
        editing.save_claim(self.actor, row_id, details.row.version, edit, ready=not draft)


def _payer_id(stores: Stores, name: str) -> int:
    return next(payer.id for payer in stores.office.payers() if payer.name == name)
