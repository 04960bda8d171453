"""The Posting screen: what was posted, what failed and why, and the account it moved (spec deposits 6.7)."""

from collections.abc import Sequence
from dataclasses import replace
from itertools import accumulate, pairwise

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.posting_views import (
    AccountLine,
    PostingDetails,
    PostingPage,
    PostingQuery,
    PostingRow,
)
from workbench.errors import NotFoundError, RefusedError
from workbench.services.deposit_desk.errors import DepositErrors
from workbench.services.deposits.base import seen_header, sight_of
from workbench.services.looks import Look
from workbench.storage import Database
from workbench.storage.stores.ledger import BookedEntry

SHOWN_ERRORS = 200


class Postings:
    """Looks at postings over all deposits, and settles like errors at once."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def page(self, actor: Actor, query: PostingQuery) -> PostingPage:
        """One page of the postings that the filter finds in the actor's practices.

        `groups` counts the open errors of all of them, whichever kind the filter asks for.
        """
        actor.require(Permission.DEPOSIT_VIEW)
        sight = sight_of(actor)
        with self._database.reading() as stores:
            totals = stores.postings.totals(query, sight)
            if query.search.strip():
                Look("posting.search", "deposit_claim", 0, None, {"postings": totals.count}).write(
                    stores, actor
                )
            return PostingPage(
                tuple(stores.postings.rows(query, sight)),
                totals,
                tuple(stores.postings.groups(replace(query, error_code=""), sight)),
            )

    def ids(self, actor: Actor, query: PostingQuery) -> list[int]:
        """The deposit claims that the filter finds, in its order: what Next and Previous go through."""
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            return stores.postings.ids(query, sight_of(actor))

    def open(self, actor: Actor, deposit_claim_id: int) -> PostingDetails:
        """One posting with its errors, and the account of our claim with the balance before and after each entry.

        Raises NotFoundError for a posting that is not there or not the person's to see.
        """
        with self._database.reading() as stores:
            row = stores.postings.row(deposit_claim_id)
            if row is None:
                raise NotFoundError("The posting was not found.")
            header = seen_header(stores, actor, row.deposit_id)
            Look("claim.view", "deposit_claim", row.id, header["practice_id"]).add(stores, actor)
            errors = stores.deposit_views.errors(
                row.deposit_id, state="open", limit=SHOWN_ERRORS, deposit_claim_id=row.id
            )
            ours = None
            entries: list[BookedEntry] = []
            if row.claim_id is not None:
                ours = stores.deposit_work.our_claims([row.claim_id]).get(row.claim_id)
                entries = stores.ledger.of_claim(row.claim_id)
        return PostingDetails(
            row=row,
            claim_status=ours.status if ours else "",
            claim_level=ours.level if ours else "",
            balance_cents=ours.open_cents if ours else None,
            errors=errors.rows,
            account=account_lines(row, entries, ours.open_cents if ours else 0),
        )

    def ignore_like(self, actor: Actor, query: PostingQuery, reason: str) -> int:
        """Ignores every open error of `query.error_code` among the postings found; gives how many.

        Raises RefusedError for a kind without which money would have no place.
        """
        actor.require(Permission.DEPOSIT_CLAIMS)
        if not query.error_code:
            raise RefusedError("Choose one kind of error first.")
        with self._database.reading() as stores:
            found = stores.postings.open_errors(query, sight_of(actor))
        errors = DepositErrors(self._database)
        return sum(errors.ignore(actor, deposit_id, ids, reason) for deposit_id, ids in found.items())


def account_lines(
    row: PostingRow, entries: Sequence[BookedEntry], balance_cents: int
) -> tuple[AccountLine, ...]:
    """The account from its first entry to today's balance: what stood before the first follows from the end."""
    start = balance_cents - sum(entry.amount_cents for entry in entries)
    balances = accumulate((entry.amount_cents for entry in entries), initial=start)
    return tuple(
        AccountLine(
            transaction_id=entry.transaction_id,
            posted_on=entry.posted_on,
            deposit_id=entry.deposit_id,
            own=entry.deposit_claim_id == row.id,
            kind=entry.kind,
            payment_type=entry.payment_type,
            memo=entry.memo,
            amount_cents=entry.amount_cents,
            before_cents=before,
            after_cents=after,
            user=entry.user,
            reason=entry.reason,
        )
        for entry, (before, after) in zip(entries, pairwise(balances), strict=True)
    )
