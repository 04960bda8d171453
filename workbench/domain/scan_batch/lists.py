"""What a person asks of the batch lists: filters, order, page (spec 3.2, 3.6, 3.7, 5 rows 33 and 34)."""

from dataclasses import dataclass
from datetime import date, timedelta
from enum import StrEnum

from workbench.domain.scan_batch.header import one_year_before
from workbench.domain.scan_batch.records import BatchRow
from workbench.domain.scan_batch.words import BatchStatus, BatchType

PAGE_ROWS = 50


class CreatedRange(StrEnum):
    """The Created choices of the Charge and Payment Batches tabs; the first is the default.

    `ALL_OPEN` hides nothing by age, only what is finished.
    """

    LAST_5_DAYS = "Last 5 Days"
    TODAY = "Today"
    LAST_30_DAYS = "Last 30 Days"
    LAST_90_DAYS = "Last 90 Days"
    LAST_YEAR = "Last Year"
    OLDER = "Older than a Year"
    ALL_OPEN = "All open work"
    ANY = "Any"

    def days(self, today: date) -> tuple[date | None, date | None]:
        """First and last day of the range, None for no bound."""
        back = {
            CreatedRange.TODAY: 0,
            CreatedRange.LAST_5_DAYS: 4,
            CreatedRange.LAST_30_DAYS: 29,
            CreatedRange.LAST_90_DAYS: 89,
        }
        if self in back:
            return today - timedelta(days=back[self]), None
        if self is CreatedRange.LAST_YEAR:
            return one_year_before(today), None
        if self is CreatedRange.OLDER:
            return None, one_year_before(today) - timedelta(days=1)
        return None, None


class BatchSort(StrEnum):
    """Columns that the lists can be sorted by; ties go by Batch ID ascending."""

    CREATED = "Created"
    BATCH_ID = "Batch ID"
    PRACTICE = "Practice"
    DESCRIPTION = "Description"
    TYPE = "Type"
    STATUS = "Status"
    POSTED = "Posted"
    SETS = "Sets"
    IMAGES = "Images"
    ON_HOLD = "On hold"
    FOR = "For"
    DATE_OF_SERVICE = "Date of Service"
    CREATED_BY = "Created by"


@dataclass(frozen=True, slots=True)
class BatchQuery:
    """One look at a list.

    Attributes:
        text: words in the description, or a Batch ID.
        created_from, created_to: days in `time_zone`, both included.
        recycled: the recycle bin instead of the living.
        finished: None: finished and open ones.
    """

    status: BatchStatus | None = None
    batch_type: BatchType | None = None
    practice_id: int | None = None
    created_by_id: int | None = None
    text: str = ""
    created_from: date | None = None
    created_to: date | None = None
    time_zone: str = "UTC"
    on_hold_only: bool = False
    finished: bool | None = None
    recycled: bool = False
    sort: BatchSort = BatchSort.CREATED
    descending: bool = False
    offset: int = 0
    limit: int = PAGE_ROWS


@dataclass(frozen=True, slots=True)
class BatchPage:
    """Attributes:
    total: rows that fit the filters, on all pages.
    """

    rows: tuple[BatchRow, ...]
    total: int
