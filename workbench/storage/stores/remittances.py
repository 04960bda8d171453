"""What the import of a remittance file looks up and writes."""

import json
from collections.abc import Collection, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa

from workbench.domain.imports import ImportedDeposit
from workbench.storage import bulk
from workbench.storage.lists import among
from workbench.storage.stores.base import Store
from workbench.storage.tables.claims import charge_lines, claim_payers, claims
from workbench.storage.tables.deposits import (
    adjustments,
    deposit_claims,
    deposit_errors,
    deposit_lines,
    deposits,
    provider_adjustments,
)


@dataclass(frozen=True, slots=True)
class KnownDeposit:
    """A stored deposit as the search for duplicates sees it. `dead`: ignored or removed."""

    id: int
    practice_id: int | None
    payer_id: int | None
    payer_identifier: str
    check_number: str
    deposit_cents: int
    days: tuple[date, ...]
    dead: bool
    payment_key: str | None
    content_sha256: str
    occurrence: int


@dataclass(frozen=True, slots=True)
class DepositContents:
    """Rows below the deposits, without ids, that refer to each other by their index in the file.

    Attributes:
        claims: `remittance_no` and the columns of `deposit_claims`.
        lines: `claim` (index into claims) and the columns of `deposit_lines`.
        adjustments: `claim`, `line` (index into lines, null at claim level) and those of `adjustments`.
        provider_adjustments: `remittance_no` and those of `provider_adjustments`.
        errors: `remittance_no`, `claim`, `line` and those of `deposit_errors`.
    """

    claims: pa.Table
    lines: pa.Table
    adjustments: pa.Table
    provider_adjustments: pa.Table
    errors: pa.Table


class RemittanceStore(Store):
    """Look-ups and bulk writes of the import."""

    def claims_numbered(self, practice_id: int, pcns: Collection[str]) -> list[dict[str, Any]]:
        """Our claims of the practice with these patient control numbers, oldest first."""
        c = claims.c
        columns = (c.id, c.pcn, c.patient_last, c.patient_first, c.service_from, c.charge_cents)
        rows = self._connection.execute(
            sa.select(*columns)
            .where(c.practice_id == practice_id, among(self._connection, c.pcn, pcns))
            .order_by(c.id)
        )
        return [dict(row) for row in rows.mappings()]

    def has_claims(self, practice_id: int) -> bool:
        found = self._connection.scalar(
            sa.select(claims.c.id).where(claims.c.practice_id == practice_id).limit(1)
        )
        return found is not None

    def lines_of_claims(self, claim_ids: Collection[int]) -> Iterator[dict[str, Any]]:
        """Their active lines, in order."""
        c = charge_lines.c
        rows = self._connection.execute(
            sa.select(
                c.id, c.claim_id, c.line_control_no, c.code, c.modifiers, c.service_date, c.charge_cents
            )
            .where(among(self._connection, c.claim_id, claim_ids), c.active)
            .order_by(c.claim_id, c.line_no)
        )
        yield from (dict(row) for row in rows.mappings())

    def payers_of_claims(self, claim_ids: Collection[int]) -> Iterator[tuple[int, int, str]]:
        """(claim, payer, level)."""
        c = claim_payers.c
        rows = self._connection.execute(
            sa.select(c.claim_id, c.payer_id, c.level).where(among(self._connection, c.claim_id, claim_ids))
        )
        yield from (tuple(row) for row in rows)

    def known_deposits(
        self, payment_keys: Collection[str], amounts: Collection[int], check_numbers: Collection[str]
    ) -> list[KnownDeposit]:
        """Deposits that have one of the keys, or one of the amounts (not 0), or one of the check numbers."""
        c = deposits.c
        wanted = sa.or_(
            among(self._connection, c.payment_key, payment_keys),
            among(self._connection, c.deposit_cents, [amount for amount in amounts if amount]),
            among(self._connection, c.check_number, [number for number in check_numbers if number]),
        )
        rows = self._connection.execute(sa.select(deposits).where(wanted).order_by(c.id))
        return [
            KnownDeposit(
                row.id,
                row.practice_id,
                row.payer_id,
                row.payer_identifier,
                row.check_number,
                row.deposit_cents,
                tuple(day for day in (row.issued_date, row.deposited_date) if day),
                row.status == "IGNORE" or row.voided_at is not None,
                row.payment_key,
                row.content_sha256,
                row.occurrence,
            )
            for row in rows
        ]

    def add_deposits(self, rows: Sequence[dict[str, Any]]) -> list[int]:
        """Adds headers; gives their ids in the order of the rows."""
        ids: list[int] = bulk.new_ids(self._connection, deposits, len(rows)).tolist()
        given = [{"id": deposit_id, **row} for deposit_id, row in zip(ids, rows, strict=True)]
        self._connection.execute(sa.insert(deposits), given)
        return ids

    def add_contents(self, contents: DepositContents, deposit_ids: np.ndarray) -> None:
        """Adds everything below the deposits; `deposit_ids` is indexed by `remittance_no`."""
        claim_ids = self._ids(deposit_claims, contents.claims)
        line_ids = self._ids(deposit_lines, contents.lines)
        claims = _referring(contents.claims, "remittance_no", "deposit_id", deposit_ids)
        lines = _referring(contents.lines, "claim", "deposit_claim_id", claim_ids)
        rows = _referring(contents.adjustments, "claim", "deposit_claim_id", claim_ids)
        errors = _referring(contents.errors, "remittance_no", "deposit_id", deposit_ids)
        errors = _referring(errors, "claim", "deposit_claim_id", claim_ids)
        plb = _referring(contents.provider_adjustments, "remittance_no", "deposit_id", deposit_ids)
        bulk.insert(
            self._connection,
            {
                deposit_claims: _numbered(claims, claim_ids),
                deposit_lines: _numbered(lines, line_ids),
                adjustments: _numbered(
                    _referring(rows, "line", "deposit_line_id", line_ids), self._ids(adjustments, rows)
                ),
                provider_adjustments: _numbered(plb, self._ids(provider_adjustments, plb)),
                deposit_errors: _numbered(
                    _referring(errors, "line", "deposit_line_id", line_ids),
                    self._ids(deposit_errors, errors),
                ),
            },
        )

    def _ids(self, table: sa.Table, rows: pa.Table) -> np.ndarray:
        return bulk.new_ids(self._connection, table, len(rows))

    def imported(
        self, *, deposit_ids: Collection[int] = (), import_file_id: int | None = None
    ) -> list[ImportedDeposit]:
        """The import's answer about deposits, by id or by file, in the order of their ids."""
        if import_file_id is None:
            wanted = among(self._connection, deposits.c.id, deposit_ids)
        else:
            wanted = deposits.c.import_file_id == import_file_id
        rows = self._connection.execute(sa.select(deposits).where(wanted).order_by(deposits.c.id))
        return [_imported(row) for row in rows]


def _referring(rows: pa.Table, index: str, column: str, ids: np.ndarray) -> pa.Table:
    """The index into other rows replaced by their ids; null stays null."""
    place = rows.schema.get_field_index(index)
    return rows.set_column(place, column, pc.take(pa.array(ids, pa.int64()), rows[index]))


def _numbered(rows: pa.Table, ids: np.ndarray) -> pa.Table:
    return rows.add_column(0, "id", pa.array(ids, pa.int64()))


def _imported(row: Any) -> ImportedDeposit:
    return ImportedDeposit(
        id=row.id,
        check_number=row.check_number,
        payer=row.payer_name,
        amount_cents=row.deposit_cents,
        claims=row.claims_count,
        service_lines=row.lines_count,
        charged_cents=row.charged_cents,
        paid_cents=row.paid_stated_cents,
        patient_responsibility_cents=row.patient_responsibility_cents,
        adjustments=json.loads(row.adjustments_by_group_json),
        provider_adjustments_cents=row.provider_adjustments_cents,
        unbalanced=row.transaction_gap_cents != 0,
        unbalanced_claims=row.unbalanced_claims,
        unbalanced_lines=row.unbalanced_lines,
        practice_id=row.practice_id,
    )
