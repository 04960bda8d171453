"""Takes our own claims in: new ones in bulk, corrections one by one."""

from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from workbench.storage.bulk import new_ids
from workbench.storage.lists import among
from workbench.storage.stores.base import Store
from workbench.storage.tables.claims import charge_lines, claim_payers, claims

Values = Mapping[str, Any]


@dataclass(frozen=True, slots=True)
class KnownClaim:
    """A claim that is here already, as far as a correction has to find it."""

    id: int
    practice_id: int
    pcn: str
    charge_cents: int
    balance_cents: int
    service_from: date | None
    status: str


@dataclass(frozen=True, slots=True)
class KnownLine:
    id: int
    line_no: int
    line_control_no: str
    charge_cents: int
    balance_cents: int


@dataclass(frozen=True, slots=True)
class NewClaim:
    """Columns of a claim, of its payers and of its lines."""

    claim: Values
    payers: Sequence[Values]
    lines: Sequence[Values]


class ClaimIntakeStore(Store):
    """Writes `claims`, `claim_payers` and `charge_lines`."""

    def known(self, pcns: Collection[str]) -> dict[tuple[int, str], list[KnownClaim]]:
        """Claims with these patient control numbers, by practice and number, oldest first."""
        c = claims.c
        rows = self._connection.execute(
            sa.select(c.id, c.practice_id, c.pcn, c.charge_cents, c.balance_cents, c.service_from, c.status)
            .where(among(self._connection, c.pcn, list(pcns)))
            .order_by(c.id)
        )
        found: dict[tuple[int, str], list[KnownClaim]] = {}
        for row in rows.mappings():
            claim = KnownClaim(**row)
            found.setdefault((claim.practice_id, claim.pcn), []).append(claim)
        return found

    def of_patients(self, practice_id: int, patients: Collection[str]) -> dict[str, list[int]]:
        """Claims of a practice by what a table calls the patient: a claim number or a member id."""
        c = claims.c
        found: dict[str, list[int]] = {}
        for column in (c.pcn, c.member_id):
            rows = self._connection.execute(
                sa.select(column.label("patient"), c.id)
                .where(c.practice_id == practice_id, among(self._connection, column, list(patients)))
                .order_by(c.service_from, c.id)
            )
            for row in rows:
                if row.id not in found.setdefault(row.patient, []):
                    found[row.patient].append(row.id)
        return found

    def add(self, new: Sequence[NewClaim]) -> list[int]:
        """Adds many claims; gives their ids in order."""
        if not new:
            return []
        ids = [int(number) for number in new_ids(self._connection, claims, len(new))]
        numbered = list(zip(ids, new, strict=True))
        self._many(claims, ({"id": number, **each.claim} for number, each in numbered))
        self._many(
            claim_payers, ({"claim_id": number, **row} for number, each in numbered for row in each.payers)
        )
        self._many(
            charge_lines, ({"claim_id": number, **row} for number, each in numbered for row in each.lines)
        )
        return ids

    def _many(self, table: sa.Table, rows: Iterable[Values]) -> None:
        listed = list(rows)
        if listed:
            self._connection.execute(sa.insert(table), listed)

    def lines(self, claim_id: int) -> list[KnownLine]:
        c = charge_lines.c
        rows = self._connection.execute(
            sa.select(c.id, c.line_no, c.line_control_no, c.charge_cents, c.balance_cents)
            .where(c.claim_id == claim_id)
            .order_by(c.line_no)
        )
        return [KnownLine(**row) for row in rows.mappings()]

    def change_claim(self, claim_id: int, values: Values) -> None:
        self._connection.execute(
            sa.update(claims).where(claims.c.id == claim_id).values(**values, version=claims.c.version + 1)
        )

    def change_line(self, line_id: int, values: Values) -> None:
        self._connection.execute(sa.update(charge_lines).where(charge_lines.c.id == line_id).values(**values))

    def add_line(self, values: Values) -> int:
        return self._insert(charge_lines, values)

    def replace_payers(self, claim_id: int, rows: Sequence[Values]) -> None:
        self._connection.execute(sa.delete(claim_payers).where(claim_payers.c.claim_id == claim_id))
        self._many(claim_payers, ({"claim_id": claim_id, **row} for row in rows))

    def reorder_payers(self, claim_id: int, order: Mapping[str, int]) -> None:
        """Place -> payer as they are to stand, each with the member's number there; a new one has none yet."""
        c = claim_payers.c
        rows = self._connection.execute(sa.select(c.payer_id, c.member_id).where(c.claim_id == claim_id))
        members = {row.payer_id: row.member_id for row in rows}
        self.replace_payers(
            claim_id,
            [
                {"level": place, "payer_id": payer, "member_id": members.get(payer, "")}
                for place, payer in order.items()
            ],
        )
        self.change_claim(claim_id, {})
