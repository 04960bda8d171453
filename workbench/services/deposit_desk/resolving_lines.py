"""Remitted lines that are no line of our claim: which one each of them is (spec deposits 1.5, 3.1)."""

from collections.abc import Iterator, Mapping
from dataclasses import dataclass

from workbench.domain.deposit import DepositAction
from workbench.domain.deposit_work import ClaimWork, LineWork, OurLine
from workbench.domain.identity import Actor
from workbench.errors import NotFoundError
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

ERROR = "PROCEDURE_CODE_CONFLICT"
Parts = Mapping[int, int | None]


@dataclass(frozen=True, slots=True)
class LineCandidate:
    """A line of our claim that a remitted line may be, with what speaks for it.

    `taken_by`: the remitted line that is mapped to it already, e.g. `Line 1 99213`, or nothing.
    """

    charge_line_id: int
    title: str
    code: str
    charge_cents: int
    open_cents: int
    active: bool
    taken_by: str
    reasons: tuple[str, ...]


@dataclass(frozen=True, slots=True)
class UnmappedLine:
    """A remitted line without a line of ours. `candidates`: the likeliest first."""

    deposit_claim_id: int
    version: int
    pcn: str
    deposit_line_id: int
    title: str
    code: str
    charge_cents: int
    paid_cents: int
    candidates: tuple[LineCandidate, ...]


class MappingLines(ResolvingService):
    """Says which of our lines remitted lines are; a line of ours that was dropped becomes active by it."""

    def unmapped(self, actor: Actor, deposit_id: int) -> list[UnmappedLine]:
        """Every remitted line of the deposit that waits for its line, in file order."""
        with self._database.reading() as stores:
            open_deposit(stores, actor, deposit_id)
            claims = waiting_claims(stores, deposit_id, {ERROR})
            return [line for claim in claims for line in _unmapped(claim)]

    def map_line(self, actor: Actor, deposit_claim_id: int, parts: Parts) -> None:
        """Says which lines of our claim the remitted lines are: deposit line -> charge line, or None."""
        with self._database.transaction() as stores:
            deposit, claim = work_on_claim(stores, actor, deposit_claim_id)
            _map(stores, claim, parts)
            touch(stores, [claim])
            refresh(stores, actor, deposit.id, [deposit_claim_id])
            audit(stores, actor, deposit, "line.map", {"claim": deposit_claim_id, "lines": dict(parts)})

    def map_lines(
        self, actor: Actor, deposit_id: int, parts: Mapping[int, Parts], seen: Mapping[int, int]
    ) -> int:
        """The same for many claims at once: deposit claim -> its lines; `seen`: deposit claim -> version.

        Gives how many lines were mapped. Nothing is when one of the claims was changed meanwhile.
        """
        with self._database.transaction() as stores:
            deposit = work_on(stores, actor, deposit_id, DepositAction.CHANGE_CLAIMS)
            claims = open_claims(stores, deposit_id, parts)
            for claim in claims:
                require_claim_as_seen(claim, seen.get(claim.id), _changes(claim, parts[claim.id]))
                _map(stores, claim, parts[claim.id])
            touch(stores, claims)
            refresh(stores, actor, deposit_id, list(parts))
            after = {"claims": {str(number): dict(lines) for number, lines in parts.items()}}
            audit(stores, actor, deposit, "line.map", after)
        return sum(len(lines) for lines in parts.values())


def _map(stores: Stores, claim: ClaimWork, parts: Parts) -> None:
    ours = _ours(claim)
    mine = {line.id for line in claim.lines}
    for line_id, charge_line_id in parts.items():
        if line_id not in mine or (charge_line_id is not None and charge_line_id not in ours):
            raise NotFoundError("The line was not found.")
        stores.deposit_edits.set_line(line_id, {"charge_line_id": charge_line_id})
        if charge_line_id is not None and not ours[charge_line_id].active:
            stores.deposit_edits.activate_charge_line(charge_line_id)


def _ours(claim: ClaimWork) -> dict[int, OurLine]:
    return {line.id: line for line in claim.ours.lines} if claim.ours else {}


def _changes(claim: ClaimWork, parts: Parts) -> dict[str, tuple[object, object]]:
    """Line -> the line of ours it is mapped to now, and the one that was wanted."""
    ours = _ours(claim)

    def title(number: int | None) -> str:
        return "" if number is None or number not in ours else _title(ours[number])

    return {
        line.title: (title(line.charge_line_id), title(parts[line.id]))
        for line in claim.lines
        if line.id in parts
    }


def _unmapped(claim: ClaimWork) -> Iterator[UnmappedLine]:
    if claim.ours is None:
        return
    taken = {line.charge_line_id: line.title for line in claim.lines if line.charge_line_id is not None}
    for line in claim.lines:
        if line.charge_line_id is None:
            fitting = [_candidate(line, ours, taken.get(ours.id, "")) for ours in claim.ours.lines]
            fitting.sort(key=lambda one: (bool(one.taken_by), not one.active, -len(one.reasons)))
            yield UnmappedLine(
                claim.id,
                claim.version,
                claim.pcn,
                line.id,
                line.title,
                line.code,
                line.charge_cents,
                line.paid_cents,
                tuple(fitting),
            )


def _candidate(line: LineWork, ours: OurLine, taken_by: str) -> LineCandidate:
    codes = {line.code, line.original_code} - {""}
    speaks = {
        "same charge": line.charge_cents == ours.charge_cents,
        "same date": line.service_from is not None and line.service_from == ours.service_date,
        "same code": ours.code in codes,
        "same modifiers": bool(line.modifiers) and line.modifiers == ours.modifiers,
        "same family of codes": ours.code not in codes and any(ours.code[:4] == code[:4] for code in codes),
        "nothing else is on it": not taken_by and ours.active,
    }
    reasons = tuple(reason for reason, true in speaks.items() if true)
    return LineCandidate(
        ours.id,
        _title(ours),
        ours.code,
        ours.charge_cents,
        ours.open_cents,
        ours.active,
        taken_by,
        reasons,
    )


def _title(line: OurLine) -> str:
    day = line.service_date.isoformat() if line.service_date else ""
    parts = (f"Line {line.line_no + 1}", line.code, line.modifiers, day)
    return " ".join(part for part in parts if part)
