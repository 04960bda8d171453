"""What the bank page shows: both lists, the proposals between them, and the running unreconciled total."""

from collections.abc import Iterable
from datetime import date

import numpy as np

from workbench.domain.bank import BankLineState, MatchState
from workbench.domain.bank_desk import Ageing, BankDeposit, BankMatch, ListPage, StoredLine, Unreconciled
from workbench.domain.identity import Actor
from workbench.domain.money import Cents, format_dollars
from workbench.domain.permissions import Permission
from workbench.services.bank.desk import accounts_of, seen_lines, spoken
from workbench.storage import Database
from workbench.storage.stores.deposit_lists import Sight

OPEN_STATES = (BankLineState.UNMATCHED, BankLineState.PROPOSED, BankLineState.TO_CHECK)
WHOLE = ListPage()
# Spec deposits 7.5: remittances without money are chased after 3, 5 and 10 business days.
_BORDERS = (0, 3, 5, 10)


class BankLists:
    """Reads for the bank desk."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def lines(
        self,
        actor: Actor,
        states: Iterable[BankLineState] = OPEN_STATES,
        *,
        account_id: int | None = None,
        first: date | None = None,
        last: date | None = None,
    ) -> list[StoredLine]:
        """All bank lines in these states, oldest first."""
        return self.line_page(actor, states, WHOLE, account_id=account_id, first=first, last=last)[0]

    def line_page(
        self,
        actor: Actor,
        states: Iterable[BankLineState],
        page: ListPage,
        *,
        account_id: int | None = None,
        first: date | None = None,
        last: date | None = None,
    ) -> tuple[list[StoredLine], int]:
        """A page of the bank lines in these states, and how many there are."""
        actor.require(Permission.BANK_VIEW)
        with self._database.reading() as stores:
            mine = [account.id for account in accounts_of(stores, actor)]
            wanted = mine if account_id is None else [each for each in mine if each == account_id]
            return stores.bank_lists.lines(wanted, states, first, last, page)

    def deposits(self, actor: Actor, *, matched: bool | None = False) -> list[BankDeposit]:
        """All deposits without a confirmed bank line (or with one, or all), oldest first."""
        return self.deposit_page(actor, WHOLE, matched=matched)[0]

    def deposit_page(
        self, actor: Actor, page: ListPage, *, matched: bool | None = False
    ) -> tuple[list[BankDeposit], int]:
        """A page of the deposits without a confirmed bank line (or with one, or all), and how many there are."""
        actor.require(Permission.BANK_VIEW)
        sight = Sight(actor.practice_ids, actor.sees_unassigned)
        with self._database.reading() as stores:
            return stores.bank_lists.deposits(sight, matched=matched, page=page)

    def proposals(self, actor: Actor) -> list[BankMatch]:
        """All that waits for a decision, the surest first."""
        return self.match_page(actor, WHOLE)[0]

    def match_page(
        self, actor: Actor, page: ListPage, state: MatchState = MatchState.PROPOSED
    ) -> tuple[list[BankMatch], int]:
        """A page of the matches in this state, and how many there are."""
        actor.require(Permission.BANK_VIEW)
        with self._database.reading() as stores:
            mine = [account.id for account in accounts_of(stores, actor)]
            ids, total = stores.bank_lists.match_ids(mine, state, page)
            found = {match.id: match for match in stores.bank_matches.matches(ids)}
        return [found[match_id] for match_id in ids], total

    def unreconciled(self, actor: Actor, today: date) -> Unreconciled:
        """The running total of what is open on both sides, with its age in business days."""
        actor.require(Permission.BANK_VIEW)
        with self._database.reading() as stores:
            lines = stores.bank.open_lines_by_day([account.id for account in accounts_of(stores, actor)])
            deposits = stores.bank.waiting_deposits_by_day(
                actor.practice_ids, unassigned=actor.sees_unassigned
            )
        lines_cents, deposits_cents = (sum(cents for _, _, cents in side) for side in (lines, deposits))
        return Unreconciled(
            lines=sum(count for _, count, _ in lines),
            lines_cents=lines_cents,
            deposits=sum(count for _, count, _ in deposits),
            deposits_cents=deposits_cents,
            difference_cents=lines_cents - deposits_cents,
            line_ageing=ageing(lines, today),
            deposit_ageing=ageing(deposits, today),
        )

    def tracing_request(self, actor: Actor, line_id: int) -> str:
        """Text with which to ask the payer for the remittance of a payment (spec deposits 7.5)."""
        actor.require(Permission.BANK_VIEW)
        with self._database.reading() as stores:
            line = seen_lines(stores, actor, [line_id])[0]
        return (
            "We received an electronic payment for which no electronic remittance advice (835) has arrived.\n"
            f"Paid by: {line.payer_key or 'not named by our bank'}\n"
            f"EFT trace number: {line.trace or 'not passed on by our bank'}\n"
            f"Bank reference: {line.bank_reference or '-'}\n"
            f"Posted: {spoken(line.posted_date)}\n"
            f"Amount: {format_dollars(line.amount_cents)} USD\n"
            "Please send or resend the remittance for this payment."
        )


def ageing(by_day: Iterable[tuple[date | None, int, Cents]], today: date) -> tuple[Ageing, ...]:
    """Count and sum by business days waited, from `(day, count, cents)`; what has no day yet counts as new."""
    counts, sums = [0] * len(_BORDERS), [0] * len(_BORDERS)
    for day, count, cents in by_day:
        waited = 0 if day is None else max(0, int(np.busday_count(day, today)))
        bucket = max(number for number, border in enumerate(_BORDERS) if waited >= border)
        counts[bucket] += count
        sums[bucket] += cents
    return tuple(
        Ageing(
            border,
            _BORDERS[number + 1] - 1 if number + 1 < len(_BORDERS) else None,
            counts[number],
            sums[number],
        )
        for number, border in enumerate(_BORDERS)
    )
