"""Editing a deposit: its header by status, its claims, their lines (spec deposits 1.3-1.5, 6.5, 6.6)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

from workbench.domain.deposit import (
    ClaimState,
    DepositAction,
    DepositStatus,
    DepositType,
    PayMethod,
    PayType,
    why_claim_is_read_only,
)
from workbench.domain.deposit_work import DepositWork, OurLine
from workbench.domain.identity import Actor
from workbench.errors import NotFoundError, RefusedError
from workbench.services.deposit_desk.amount_keyed import settle_amount
from workbench.services.deposit_desk.claim_editing import ClaimEditing
from workbench.services.deposit_desk.creating import of_our_claim
from workbench.services.deposit_desk.desk import work_on, work_on_claim
from workbench.services.deposit_desk.duplicates import COMPARED, refresh_duplicates
from workbench.services.deposit_desk.lines import match_lines
from workbench.services.deposit_desk.planning import POSTING_CODES
from workbench.services.deposit_desk.refreshing import keep_errors, refresh
from workbench.storage import Stores


@dataclass(frozen=True, slots=True)
class HeaderEdit:
    """The fields of the header that people may change (spec 1.3); None leaves a field as it is."""

    owner_id: int | None = None
    deposited_date: date | None = None
    issued_date: date | None = None
    check_number: str | None = None
    payer_id: int | None = None
    pay_method: PayMethod | None = None
    pay_type: PayType | None = None
    deposit_cents: int | None = None
    is_eob: bool | None = None

    def values(self) -> dict[str, object]:
        """Column -> new value, of the fields that are set."""
        found = {name: getattr(self, name) for name in self.__dataclass_fields__}
        return {name: getattr(value, "value", value) for name, value in found.items() if value is not None}


class Editing(ClaimEditing):
    """Changes by people, each audited with old and new value, each guarded by the version that was seen."""

    def edit_header(self, actor: Actor, deposit_id: int, seen_version: int, edit: HeaderEdit) -> int:
        """Saves header fields; gives the new version. A new payer goes to the claims that had the old one.

        Raises ChangedByAnotherError (`changes`: field -> what is there now, what was wanted).
        """
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.EDIT)
            wanted: dict[str, Any] = edit.values()
            if edit.is_eob is not None and deposit.status is not DepositStatus.NEW:
                raise RefusedError("Whether it is an EOB can be changed while the deposit is New.")
            if edit.deposit_cents is not None and edit.deposit_cents < 0:
                raise RefusedError("The amount of a deposit cannot be negative.")
            known = stores.remittances.known_deposit(deposit_id)
            before = {name: getattr(deposit, name) for name in wanted}
            if keyed := bool(deposit.unreadable) and "deposit_cents" in wanted:
                before["deposit_cents"] = None  # what stood there was no amount
            changed = {name: value for name, value in wanted.items() if before[name] != value}
            if keyed:
                changed["unreadable"] = ""
                settle_amount(stores, actor, deposit_id, int(changed["deposit_cents"]))
            if edit.payer_id is not None and edit.payer_id != deposit.payer_id:
                names = {payer.id: payer.name for payer in stores.office.payers()}
                if edit.payer_id not in names:
                    raise RefusedError("Choose a payer from the list.")
                changed["payer_name"] = deposit.payer_name or names[edit.payer_id]
                stores.deposit_edits.change_payer(deposit_id, deposit.payer_id, edit.payer_id)
            version = stores.deposit_edits.change_deposit(deposit_id, seen_version, changed)
            refresh(stores, actor, deposit_id, None if "payer_id" in changed else ())
            if COMPARED & set(changed):
                refresh_duplicates(stores, deposit_id, known)
            stores.audit.add(
                actor,
                "deposit.edit",
                "deposit",
                deposit_id,
                practice_id=deposit.practice_id,
                before={name: before[name] for name in changed if name in before},
                after=changed,
            )
        return version

    def add_claims(self, actor: Actor, deposit_id: int, claim_ids: Sequence[int]) -> list[int]:
        """Adds our claims to the deposit, with their lines; gives the new deposit claims.

        On a deposit from a file the new claim is empty: a place for provider-level money.
        """
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.CHANGE_CLAIMS)
            found = stores.deposit_work.our_claims(claim_ids)
            attached = stores.deposit_work.our_claim_ids(deposit_id)
            added = []
            for claim_id in claim_ids:
                claim = found.get(claim_id)
                if claim is None:
                    raise NotFoundError(f"Claim {claim_id} was not found.")
                actor.require_sight(claim.practice_id, f"Claim {claim_id}")
                if claim_id in attached:
                    raise RefusedError(f"Claim {claim_id} is on this deposit already.")
                keyed = deposit.type is not DepositType.ERA
                values = {**of_our_claim(claim), "deposit_id": deposit_id, "payer_id": deposit.payer_id}
                if not keyed:
                    values |= {"charge_cents": 0, "remit_status": "1"}
                number = stores.deposit_edits.add_claim(values)
                for at, line in enumerate(claim.lines if keyed else ()):
                    stores.deposit_edits.add_line(_line_of(number, at, line))
                added.append(number)
            refresh(stores, actor, deposit_id, added)
            _audit(stores, actor, deposit, "deposit.add_claims", {"claims": list(claim_ids)})
        return added

    def attach(self, actor: Actor, deposit_claim_id: int, claim_id: int) -> None:
        """Says which claim of ours a remitted claim is, and maps its lines (spec 1.5)."""
        with self._database.transaction() as stores:
            deposit, claim = work_on_claim(stores, actor, deposit_claim_id)
            ours = stores.deposit_work.our_claims([claim_id]).get(claim_id)
            if ours is None:
                raise NotFoundError(f"Claim {claim_id} was not found.")
            actor.require_sight(ours.practice_id, f"Claim {claim_id}")
            stores.deposit_edits.set_claims([deposit_claim_id], {"claim_id": claim_id})
            for line_id, charge_line_id in match_lines(claim.lines, ours.lines).items():
                stores.deposit_edits.set_line(line_id, {"charge_line_id": charge_line_id})
            refresh(stores, actor, deposit.id, [deposit_claim_id])
            _audit(
                stores,
                actor,
                deposit,
                "claim.attach",
                {"claim": deposit_claim_id, "ours": claim_id},
                {"ours": claim.claim_id},
            )

    def set_included(
        self,
        actor: Actor,
        deposit_id: int,
        deposit_claim_ids: Sequence[int],
        *,
        included: bool,
        reason: str = "",
    ) -> None:
        """Excludes claims from posting, or takes them in again; excluded money stays in the balance."""
        if not included and not reason.strip():
            raise RefusedError("Say why (Exclude).")
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.CHANGE_CLAIMS)
            claims = stores.deposit_work.claims(deposit_id, deposit_claim_ids)
            if included:  # one that failed or was reversed keeps its state: it was never out
                claims = [claim for claim in claims if claim.state is ClaimState.EXCLUDED]
            for claim in claims:
                if text := why_claim_is_read_only(deposit.status, claim.state):
                    raise RefusedError(text)
            state = ClaimState.PENDING if included else ClaimState.EXCLUDED
            ids = [claim.id for claim in claims]
            stores.deposit_edits.set_claims(ids, {"included": included, "state": state.value})
            if included:
                _look_for_again(stores, deposit_id, frozenset(ids))
            else:  # what posting found about them concerns nobody while they are left out
                keep_errors(stores, deposit_id, [], POSTING_CODES, ids)
            refresh(stores, actor, deposit_id, ids)
            action = "claim.include" if included else "claim.exclude"
            _audit(stores, actor, deposit, action, {"claims": ids}, reason=reason)

    def set_payer(self, actor: Actor, deposit_claim_id: int, payer_id: int) -> None:
        """Changes the payer of one deposit claim (resolves PAYER_LEVEL_MISMATCH)."""
        with self._database.transaction() as stores:
            deposit, claim = work_on_claim(stores, actor, deposit_claim_id)
            stores.deposit_edits.set_claims([deposit_claim_id], {"payer_id": payer_id})
            refresh(stores, actor, deposit.id, [deposit_claim_id])
            after = {"claim": deposit_claim_id, "payer_id": payer_id}
            _audit(stores, actor, deposit, "claim.payer", after, {"payer_id": claim.payer_id})


def _look_for_again(stores: Stores, deposit_id: int, deposit_claim_ids: frozenset[int]) -> None:
    """Ignoring CLAIM_NOT_FOUND said that a claim lives elsewhere; who includes it says that it does not."""
    rows = stores.deposit_errors.of_deposit(deposit_id, states=("ignored",), codes={"CLAIM_NOT_FOUND"})
    stores.deposit_errors.reopen([row.id for row in rows if row.deposit_claim_id in deposit_claim_ids])


def _line_of(deposit_claim_id: int, line_no: int, line: OurLine) -> dict[str, object]:
    return {
        "deposit_claim_id": deposit_claim_id,
        "line_no": line_no,
        "charge_line_id": line.id,
        "code": line.code,
        "modifiers": line.modifiers,
        "service_from": line.service_date,
        "charge_cents": line.charge_cents,
    }


def _audit(
    stores: Stores,
    actor: Actor,
    deposit: DepositWork,
    action: str,
    after: Mapping[str, object],
    before: Mapping[str, object] | None = None,
    reason: str = "",
) -> None:
    stores.audit.add(
        actor,
        action,
        "deposit",
        deposit.id,
        practice_id=deposit.practice_id,
        before=before,
        after=after,
        reason=reason.strip(),
    )
