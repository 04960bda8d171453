"""What the import of a remittance file looks up and writes."""

import json
from collections.abc import Collection, Iterator, Sequence
from contextlib import contextmanager
from dataclasses import dataclass
from datetime import date
from typing import Any

import numpy as np
import pyarrow as pa
import pyarrow.compute as pc
import sqlalchemy as sa
from sqlalchemy.engine import Connection

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
    import_file_id: int | None


@dataclass(frozen=True, slots=True)
class DepositContents:
    """Rows below the deposits, without ids, that refer to each other by their index in the file.

    Attributes:
        claims: `remittance_no` and the columns of `deposit_claims`, but `open_errors`.
        lines: `claim` (index into claims) and the columns of `deposit_lines`.
        adjustments: `claim`, `line` (index into lines, null at claim level) and those of `adjustments`.
        provider_adjustments: `remittance_no` and those of `provider_adjustments`.
    """

    claims: pa.Table
    lines: pa.Table
    adjustments: pa.Table
    provider_adjustments: pa.Table


class Filing:
    """Gives rows their ids and hands them to the bulk load."""

    def __init__(
        self, connection: Connection, load: bulk.Load, contents: DepositContents, deposit_ids: np.ndarray
    ) -> None:
        self._connection, self._load, self._contents = connection, load, contents
        self._deposit_ids = deposit_ids
        self._claim_ids = bulk.new_ids(connection, deposit_claims, len(contents.claims))
        self._line_ids = bulk.new_ids(connection, deposit_lines, len(contents.lines))

    def add_lines(self) -> None:
        """Adjustments, lines and provider adjustments: what does not wait for the errors."""
        rows = self._of_claim(self._contents.adjustments)
        self._add(adjustments, _referring(rows, "line", "deposit_line_id", self._line_ids))
        self._add(deposit_lines, self._of_claim(self._contents.lines), self._line_ids)
        self._add(provider_adjustments, self._of_deposit(self._contents.provider_adjustments))

    def add_claims_and_errors(self, open_errors: np.ndarray, errors: pa.Table) -> None:
        """`open_errors` of each claim; `errors` with `remittance_no`, `claim`, `line` and the columns of theirs."""
        claims = self._contents.claims.append_column("open_errors", pa.array(open_errors))
        self._add(deposit_claims, self._of_deposit(claims), self._claim_ids)
        placed = self._of_claim(self._of_deposit(errors))
        self._add(deposit_errors, _referring(placed, "line", "deposit_line_id", self._line_ids))

    def _of_deposit(self, rows: pa.Table) -> pa.Table:
        return _referring(rows, "remittance_no", "deposit_id", self._deposit_ids)

    def _of_claim(self, rows: pa.Table) -> pa.Table:
        return _referring(rows, "claim", "deposit_claim_id", self._claim_ids)

    def _add(self, table: sa.Table, rows: pa.Table, ids: np.ndarray | None = None) -> None:
        given = bulk.new_ids(self._connection, table, len(rows)) if ids is None else ids
        self._load.add(table, rows.add_column(0, "id", pa.array(given, pa.int64())))


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
        return [_known(row) for row in rows]

    def known_deposit(self, deposit_id: int) -> KnownDeposit:
        """One deposit, as the search for duplicates sees it."""
        row = self._connection.execute(sa.select(deposits).where(deposits.c.id == deposit_id)).one()
        return _known(row)

    def new_deposit_ids(self, how_many: int) -> list[int]:
        ids: list[int] = bulk.new_ids(self._connection, deposits, how_many).tolist()
        return ids

    def add_deposits(self, rows: Sequence[dict[str, Any]]) -> None:
        """Adds headers, with the ids they were promised."""
        self._connection.execute(sa.insert(deposits), list(rows))

    @contextmanager
    def filing(self, contents: DepositContents, deposit_ids: np.ndarray) -> Iterator[Filing]:
        """Adds what is below deposits; `deposit_ids` is indexed by `remittance_no`.

        Lines and adjustments are on their way while the block runs; it adds the deposits, and gives claims and errors.
        """
        with bulk.loading(self._connection) as load:
            filing = Filing(self._connection, load, contents, deposit_ids)
            filing.add_lines()
            yield filing

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


def _known(row: Any) -> KnownDeposit:
    return KnownDeposit(
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
        row.import_file_id,
    )


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
