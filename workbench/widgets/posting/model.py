"""The Posting page without a browser: filter, one posting opened, and what may be done with it (spec 6.6, 6.7)."""

from collections.abc import Collection
from dataclasses import replace
from typing import Any

from workbench.domain.deposit import (
    DepositAction,
    why_claim_is_read_only,
    why_not_copy,
    why_not_reverse,
)
from workbench.domain.deposit_errors import ERROR_KINDS
from workbench.domain.permissions import Permission
from workbench.domain.posting_views import PostingDetails, PostingPage, PostingQuery
from workbench.errors import RefusedError
from workbench.services.deposit_desk.errors import why_not_ignore
from workbench.widgets.deposit.model import NOT_ALLOWED
from workbench.widgets.desk import DepositsDesk

SHOWS = {
    "failed": "Not posted: errors",
    "waiting": "Not sent yet",
    "posted": "Posted",
    "reversed": "Reversed",
    "excluded": "Excluded",
    "credits": "Claims with a credit",
    "all": "All",
}
ERRORS = {code: code.replace("_", " ").capitalize() for code in sorted(ERROR_KINDS)}


class PostingModel:
    """`query` is the filter; `details` the posting that is open."""

    def __init__(self, desk: DepositsDesk) -> None:
        self._desk = desk
        self.query = PostingQuery()
        self.details: PostingDetails | None = None
        self._ids: list[int] = []

    def page(self, sort_key: str, descending: bool, offset: int, limit: int) -> PostingPage:  # noqa: FBT001
        """The postings at `offset` of all that the filter finds."""
        self.query = replace(self.query, sort_key=sort_key, descending=descending, offset=offset, limit=limit)
        return self._desk.deposit_desk.postings.page(self._desk.actor, self.query)

    def narrow(self, name: str, value: Any) -> None:
        """Sets one field of the filter."""
        self.query = replace(self.query, **{name: value or getattr(PostingQuery(), name)})

    def clear(self) -> None:
        self.query = PostingQuery()

    def open(self, deposit_claim_id: int) -> PostingDetails:
        """Opens a posting; Next and Previous go through what the filter finds at this moment."""
        self._ids = self._desk.deposit_desk.postings.ids(self._desk.actor, self.query)
        return self.show(deposit_claim_id)

    def show(self, deposit_claim_id: int) -> PostingDetails:
        """The posting as it is now; the order of Next and Previous stays, though it may fit no longer."""
        self.details = self._desk.deposit_desk.postings.open(self._desk.actor, deposit_claim_id)
        return self.details

    def neighbour(self, step: int) -> int | None:
        """The posting before (-1) or after (+1) the open one; None at an end."""
        number = self.details.row.id if self.details else None
        if number not in self._ids:
            return self._ids[0] if self._ids and step > 0 else None
        place = self._ids.index(number) + step
        return self._ids[place] if 0 <= place < len(self._ids) else None

    def blockers(self) -> dict[str, str]:
        """Why a button of the open posting cannot be used now, by button."""
        if self.details is None:
            return {}
        row = self.details.row
        refused = self._desk.deposits.refusals(self._desk.actor, row.deposit_id)
        may = self._desk.actor.permissions
        read_only = why_claim_is_read_only(row.deposit_status, row.state)
        change = read_only or refused.get(DepositAction.CHANGE_CLAIMS)
        found = {
            "previous": "This is the first posting of the list." if self.neighbour(-1) is None else None,
            "next": "This is the last posting of the list." if self.neighbour(1) is None else None,
            "edit": change,
            "attach": change,
            "reverse": why_not_reverse(row.state)
            or (None if Permission.DEPOSIT_REVERSE in may else NOT_ALLOWED),
            "copy": why_not_copy(row.deposit_status, row.state)
            or (None if Permission.DEPOSIT_CLAIMS in may else NOT_ALLOWED),
            "send": refused.get(DepositAction.SEND),
        }
        return {name: text for name, text in found.items() if text}

    def why_not_ignore_like(self, code: str) -> str | None:
        """Why the errors of a kind cannot be ignored together; None when they can."""
        return why_not_ignore(code)

    def ignore_like(self, code: str, reason: str) -> int:
        """Ignores every error of the kind among the postings found."""
        wanted = replace(self.query, error_code=code)
        return self._desk.deposit_desk.postings.ignore_like(self._desk.actor, wanted, reason)

    def send_again(self, deposit_ids: Collection[int]) -> list[str]:
        """Sends deposits once more, one after the other; a sentence for each."""
        told = []
        for number in sorted(set(deposit_ids)):
            try:
                sent = self._desk.deposit_desk.posting.send(self._desk.actor, number)
                told.append(f"Deposit {number}: {sent.posted:,} posted, {sent.failed:,} not posted.")
            except RefusedError as refused:
                told.append(f"Deposit {number}: {refused}")
        return told
