"""Puts read claims in the books: new, known, replaced (frequency 7) or voided (frequency 8)."""

from collections import Counter
from collections.abc import Callable, Iterable, Mapping
from dataclasses import dataclass, field
from typing import Any

from workbench.domain.findings import Finding, Level, Severity
from workbench.domain.posting import ClaimStatus
from workbench.era.claims837 import SubmittedClaim, SubmittedLine
from workbench.storage import Stores
from workbench.storage.stores.claim_intake import KnownClaim, KnownLine, NewClaim

REPLACEMENT, VOID = "7", "8"


@dataclass
class Applied:
    """What became of the claims of a file: `new`, `known`, `replaced`, `voided`, `left_out`."""

    counts: Counter[str] = field(default_factory=Counter)
    findings: list[Finding] = field(default_factory=list)


class Applier:
    """Knows the office; applies the claims of one file within one transaction."""

    def __init__(self, stores: Stores, file_id: int, sees: Callable[[int], bool]) -> None:
        """`sees`: whether the person who brings the file works for a practice."""
        self._stores, self._file_id = stores, file_id
        self._practices = {
            identifier: practice
            for identifier, practice in stores.office.practice_identifiers().items()
            if sees(practice)
        }
        self._payers = stores.office.payer_identifiers()
        self._applied = Applied()
        self._unknown_payers: set[str] = set()

    def apply(self, claims: Iterable[SubmittedClaim]) -> Applied:
        every = list(claims)
        known = self._stores.claim_intake.known({claim.pcn for claim in every})
        new: list[NewClaim] = []
        for claim in every:
            practice = self._practice(claim)
            if practice is None:
                self._note(
                    "PRACTICE_UNKNOWN",
                    "The billing provider is none of your practices; the claim is left out.",
                    claim,
                )
                self._applied.counts["left_out"] += 1
                continue
            earlier = known.setdefault((practice, claim.pcn), [])
            if claim.frequency in (REPLACEMENT, VOID):
                self._correct(claim, earlier, practice, new)
            elif any(_same(claim, one) for one in earlier):
                self._applied.counts["known"] += 1
            else:
                new.append(self._new(claim, practice))
                earlier.append(_as_known(claim, practice))
                self._applied.counts["new"] += 1
        self._stores.claim_intake.add(new)
        return self._applied

    def _practice(self, claim: SubmittedClaim) -> int | None:
        by_npi = self._practices.get(("NPI", claim.billing_npi))
        return by_npi if by_npi is not None else self._practices.get(("TIN", claim.billing_tin))

    def _correct(
        self, claim: SubmittedClaim, earlier: list[KnownClaim], practice: int, new: list[NewClaim]
    ) -> None:
        """Frequency 7 or 8: of the newest claim with the number. One that is in the same file is not stored yet."""
        if any(one.id == 0 for one in earlier):
            self._stores.claim_intake.add(new)
            new.clear()
            earlier[:] = self._stores.claim_intake.known([claim.pcn]).get((practice, claim.pcn), [])
        target = earlier[-1] if earlier else None
        if claim.frequency == VOID:
            self._void(claim, target)
        elif target is None:
            new.append(self._new(claim, practice))
            earlier.append(_as_known(claim, practice))
            self._note(
                "NOTHING_TO_REPLACE",
                "A replacement of a claim that is not here is taken as a new one.",
                claim,
            )
            self._applied.counts["new"] += 1
        else:
            self._replace(claim, target)
            self._applied.counts["replaced"] += 1

    def _void(self, claim: SubmittedClaim, target: KnownClaim | None) -> None:
        if target is None:
            self._note("NOTHING_TO_VOID", "A void of a claim that is not here changes nothing.", claim)
            self._applied.counts["left_out"] += 1
            return
        intake = self._stores.claim_intake
        for line in intake.lines(target.id):
            intake.change_line(line.id, {**_charged(line, 0), "active": False})
        balance = target.balance_cents - target.charge_cents
        values = {"charge_cents": 0, "balance_cents": balance, "status": ClaimStatus.VOID.value}
        intake.change_claim(target.id, {**values, "frequency": VOID})
        if balance:
            self._note(
                "VOIDED_WITH_MONEY", "A voided claim has payments posted: it now shows a credit.", claim
            )
        self._applied.counts["voided"] += 1

    def _replace(self, claim: SubmittedClaim, target: KnownClaim) -> None:
        """The new charges take the place of the old ones; what was posted stays posted."""
        intake = self._stores.claim_intake
        old = {line.line_no: line for line in intake.lines(target.id)}
        by_control = {line.line_control_no: line for line in old.values() if line.line_control_no}
        left = dict(old)
        for number, line in enumerate(claim.lines):
            match = by_control.get(line.line_control_no) or left.get(number)
            if match is None or match.line_no not in left:
                free = max([*old, *range(len(claim.lines))], default=-1) + 1
                at = number if number not in old else free
                old[at] = KnownLine(0, at, "", 0, 0)
                intake.add_line({"claim_id": target.id, "line_no": at, **_line(line)})
                continue
            del left[match.line_no]
            intake.change_line(
                match.id, {**_line(line), **_charged(match, line.charge_cents), "active": True}
            )
        for gone in left.values():
            intake.change_line(gone.id, {**_charged(gone, 0), "active": False})
        moved = target.balance_cents - target.charge_cents
        values = {**self._columns(claim), "balance_cents": claim.charge_cents + moved}
        intake.change_claim(target.id, values)
        intake.replace_payers(target.id, self._payer_rows(claim))

    def _new(self, claim: SubmittedClaim, practice: int) -> NewClaim:
        values = {**self._columns(claim), "practice_id": practice, "balance_cents": claim.charge_cents}
        lines = [{"line_no": number, **_line(line)} for number, line in enumerate(claim.lines)]
        if not lines:
            # Money is posted to lines: a claim without any gets one for its whole charge.
            whole = {"line_no": 0, "charge_cents": claim.charge_cents, "balance_cents": claim.charge_cents}
            lines = [{**_line(None), **whole, "service_date": claim.service_from}]
        return NewClaim(values, self._payer_rows(claim), lines)

    def _columns(self, claim: SubmittedClaim) -> dict[str, Any]:
        return {
            "pcn": claim.pcn,
            # Upper case, as remittances spell names, so that one index serves every search.
            "patient_last": claim.patient_last.upper(),
            "patient_first": claim.patient_first.upper(),
            "patient_birth_date": claim.birth_date,
            "member_id": claim.payers[0].member_id if claim.payers else "",
            "rendering_npi": claim.rendering_npi,
            "service_from": claim.service_from,
            "service_to": claim.service_to,
            "charge_cents": claim.charge_cents,
            "frequency": claim.frequency,
            "payer_claim_no": claim.payer_claim_no,
            "source_import_id": self._file_id,
        }

    def _payer_rows(self, claim: SubmittedClaim) -> list[dict[str, Any]]:
        rows = []
        for payer in claim.payers:
            number = next(
                (found for kind in _PAYER_KINDS if (found := self._payers.get((kind, payer.identifier)))),
                None,
            )
            if number is not None:
                rows.append({"level": payer.level, "payer_id": number, "member_id": payer.member_id})
            elif payer.identifier not in self._unknown_payers:
                self._unknown_payers.add(payer.identifier)
                self._note(
                    "PAYER_UNKNOWN",
                    "A payer of the claim is none of ours (NM109); its place stays empty.",
                    claim,
                )
        return rows

    def _note(self, code: str, message: str, claim: SubmittedClaim) -> None:
        self._applied.findings.append(
            Finding(code, Severity.WARNING, Level.CLAIM, message, claim.segment or None)
        )


_PAYER_KINDS = ("N104", "REF2U", "TRN03", "BPR10", "NAME")


def _same(claim: SubmittedClaim, known: KnownClaim) -> bool:
    """The same claim sent again: same number, first day and charge."""
    return (claim.service_from, claim.charge_cents) == (known.service_from, known.charge_cents)


def _as_known(claim: SubmittedClaim, practice: int) -> KnownClaim:
    return KnownClaim(0, practice, claim.pcn, claim.charge_cents, claim.charge_cents, claim.service_from, "")


def _charged(line: KnownLine, charge_cents: int) -> Mapping[str, int]:
    """A new charge, with what was posted on the line kept."""
    moved = line.balance_cents - line.charge_cents
    return {"charge_cents": charge_cents, "balance_cents": charge_cents + moved}


def _line(line: SubmittedLine | None) -> dict[str, Any]:
    if line is None:
        return {"line_control_no": "", "code": "", "modifiers": "", "service_date": None, "units": "1"}
    return {
        "line_control_no": line.line_control_no,
        "code": line.code or line.revenue_code,
        "modifiers": line.modifiers,
        "service_date": line.service_from,
        "units": line.units,
        "charge_cents": line.charge_cents,
        "balance_cents": line.charge_cents,
    }
