"""Finds our own claims by what a person knows of one; each way has an index of its own."""

from collections.abc import Collection, Sequence
from dataclasses import dataclass
from datetime import date
from typing import Any

import sqlalchemy as sa

from workbench.storage.stores.base import Store
from workbench.storage.tables.claims import claim_payers, claims
from workbench.storage.tables.deposits import deposit_claims

# The character after every one that names and numbers are made of: closes the range of a prefix.
_AFTER_ALL = "\uffff"


@dataclass(frozen=True, slots=True)
class ClaimQuery:
    """What is looked for. Every part that is given must fit; `since`: earliest first day of service."""

    practice_ids: Collection[int]
    claim_id: int | None = None
    pcn: str = ""
    last: str = ""
    first: str = ""
    service_from: date | None = None
    service_to: date | None = None
    charge_cents: int | None = None
    payer_id: int | None = None
    since: date | None = None
    limit: int = 50


@dataclass(frozen=True, slots=True)
class FoundRow:
    """A claim of ours for the list of results. `payers`: level -> name."""

    id: int
    practice_id: int
    pcn: str
    patient_last: str
    patient_first: str
    birth_date: date | None
    member_id: str
    service_from: date | None
    charge_cents: int
    open_cents: int
    status: str
    level: str


class ClaimSearchStore(Store):
    """Reads `claims`."""

    def search(self, query: ClaimQuery) -> list[FoundRow]:
        """At most `query.limit` claims, newest service first."""
        if not query.practice_ids:
            return []
        found: list[FoundRow] = []
        # One practice at a time: the indexes begin with it.
        for practice_id in sorted(query.practice_ids):
            rows = self._connection.execute(_statement(query, practice_id))
            found += [_found(row) for row in rows]
        found.sort(key=lambda row: (row.service_from or date.min, row.id), reverse=True)
        return found[: query.limit]

    def payers(self, claim_ids: Collection[int]) -> dict[int, dict[str, int]]:
        """Level -> payer, by claim."""
        result: dict[int, dict[str, int]] = {number: {} for number in claim_ids}
        rows = self._connection.execute(
            sa.select(claim_payers).where(claim_payers.c.claim_id.in_(sorted(claim_ids)))
        )
        for row in rows:
            result[row.claim_id][row.level] = row.payer_id
        return result

    def attached(self, deposit_id: int, claim_ids: Sequence[int]) -> dict[int, int]:
        """Claims that are on the deposit already -> their deposit claim."""
        column = deposit_claims.c
        rows = self._connection.execute(
            sa.select(column.claim_id, column.id).where(
                column.deposit_id == deposit_id, column.claim_id.in_(sorted(claim_ids))
            )
        )
        return {row.claim_id: row.id for row in rows}


def _statement(query: ClaimQuery, practice_id: int) -> sa.Select[Any]:
    column = claims.c
    # An amount may be the charge or what is open. Two searches, each along its own index: with OR in one
    # statement the engines read every claim of the practice in the order of its days.
    if query.charge_cents is not None:
        either = (column.charge_cents == query.charge_cents, column.balance_cents == query.charge_cents)
        parts = [sa.select(_narrowed(query, practice_id, amount).subquery()) for amount in either]
        found = sa.union(*parts).subquery()
        return sa.select(found).order_by(found.c.service_from.desc(), found.c.id.desc()).limit(query.limit)
    return _narrowed(query, practice_id)


def _narrowed(query: ClaimQuery, practice_id: int, *amount: sa.ColumnElement[bool]) -> sa.Select[Any]:
    column = claims.c
    statement = sa.select(claims).where(column.practice_id == practice_id, *amount)
    if query.claim_id is not None:
        statement = statement.where(column.id == query.claim_id)
    if query.pcn:
        statement = statement.where(*_begins(column.pcn, query.pcn.strip()))
    if query.last:
        statement = statement.where(*_begins(column.patient_last, query.last.strip().upper()))
    if query.first:
        statement = statement.where(*_begins(column.patient_first, query.first.strip().upper()))
    if query.service_from:
        statement = statement.where(column.service_from >= query.service_from)
    if query.service_to:
        statement = statement.where(column.service_from <= query.service_to)
    if query.payer_id is not None:
        of_payer = sa.exists().where(
            claim_payers.c.claim_id == column.id, claim_payers.c.payer_id == query.payer_id
        )
        statement = statement.where(of_payer)
    # A claim without a day is shown whatever the window: it cannot be told to be too old.
    if query.since:
        statement = statement.where(sa.or_(column.service_from >= query.since, column.service_from.is_(None)))
    return statement.order_by(column.service_from.desc(), column.id.desc()).limit(query.limit)


def _begins(column: sa.Column[Any], prefix: str) -> tuple[sa.ColumnElement[bool], ...]:
    """A range instead of LIKE: an index serves it on both engines, and no character is a wildcard."""
    return column >= prefix, column < prefix + _AFTER_ALL


def _found(row: Any) -> FoundRow:
    return FoundRow(
        id=row.id,
        practice_id=row.practice_id,
        pcn=row.pcn,
        patient_last=row.patient_last,
        patient_first=row.patient_first,
        birth_date=row.patient_birth_date,
        member_id=row.member_id,
        service_from=row.service_from,
        charge_cents=row.charge_cents,
        open_cents=row.balance_cents,
        status=row.status,
        level=row.level,
    )
