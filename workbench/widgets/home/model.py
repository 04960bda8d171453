"""What waits for whom: the work lists of the office, each with count, dollars and age (spec deposits 6.1)."""

from collections.abc import Mapping
from dataclasses import dataclass, replace
from typing import Protocol

from workbench.domain.deposit import DepositStatus, PostingStatus
from workbench.domain.deposit_views import DepositQuery
from workbench.domain.identity import Actor
from workbench.services.deposits import Deposits


class Desk(Protocol):
    """What the page needs of the opened workbench."""

    @property
    def actor(self) -> Actor: ...
    @property
    def deposits(self) -> Deposits: ...


@dataclass(frozen=True, slots=True)
class WorkList:
    """Attributes:
    page, params: the screen that shows what is counted here.
    oldest_days: age of the oldest one, None when there is none.
    """

    name: str
    page: str
    params: Mapping[str, str]
    count: int
    cents: int
    oldest_days: int | None


_EVERY = DepositQuery(needs_work=False, limit=1, sort_key="received_at")
_NEW = (DepositStatus.NEW,)
_LISTS: tuple[tuple[str, Mapping[str, str], DepositQuery], ...] = (
    ("New Deposits", {"show": "NEW"}, replace(_EVERY, statuses=_NEW)),
    (
        "Deposit Errors",
        {"show": "work", "with_errors": "1"},
        replace(_EVERY, needs_work=True, with_errors=True),
    ),
    (
        "Not reconciled",
        {"show": "work", "unreconciled": "1"},
        replace(_EVERY, needs_work=True, unreconciled=True),
    ),
    (
        "Sent, not disbursed",
        {"show": "SENT_TO_POSTING"},
        replace(
            _EVERY, statuses=(DepositStatus.SENT_TO_POSTING,), posting_status=PostingStatus.NOT_DISBURSED
        ),
    ),
)


def work_lists(desk: Desk) -> list[WorkList]:
    """The lists as they stand now, for the practices of the person."""
    return [_count(desk, *listed) for listed in _LISTS]


def _count(desk: Desk, name: str, params: Mapping[str, str], query: DepositQuery) -> WorkList:
    page = desk.deposits.page(desk.actor, query)
    oldest = page.rows[0].age_days if page.rows else None
    return WorkList(name, "deposits", params, page.total, page.totals.deposit_cents, oldest)
