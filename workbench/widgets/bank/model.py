"""What the bank page shows and may do; nothing is drawn here."""

from collections.abc import Callable, Collection, Sequence
from dataclasses import dataclass, replace
from datetime import date, timedelta
from typing import Protocol

from workbench.config import Settings
from workbench.domain.bank import SETTLED_STATES, BankLineState, DepositBankState, MatchStep
from workbench.domain.bank_desk import (
    BankAccount,
    BankDeposit,
    BankMatch,
    ListPage,
    MatchRun,
    StoredLine,
    Unreconciled,
)
from workbench.domain.identity import Actor
from workbench.domain.money import Cents, format_dollars
from workbench.domain.permissions import Permission
from workbench.services.bank.bank_desk import BankDesk
from workbench.services.bank.lists import OPEN_STATES

SHOWS = {
    "open": "Open",
    "unmatched": "Unmatched",
    "to check": "To check",
    "settled": "Matched and not ours",
    "all": "All",
}
_STATES: dict[str, Collection[BankLineState]] = {
    "open": OPEN_STATES,
    "unmatched": (BankLineState.UNMATCHED,),
    "to check": (BankLineState.TO_CHECK,),
    "settled": SETTLED_STATES,
    "all": tuple(BankLineState),
}
# What is settled stays in sight for a quarter; older days are found by their date.
SETTLED_SINCE = timedelta(days=92)
_MATCHED_DEPOSITS = (DepositBankState.MATCHED, DepositBankState.DIFFERENCE, DepositBankState.CARD)
PAGE = 50
_MAY_NOT = "You may not match. Ask your supervisor for the right."


class Desk(Protocol):
    """What the page needs of the opened workbench."""

    @property
    def actor(self) -> Actor: ...
    @property
    def bank(self) -> BankDesk: ...
    @property
    def settings(self) -> Settings: ...


@dataclass(frozen=True, slots=True)
class Chosen:
    """What is selected on the page; difference = lines less deposits."""

    lines: tuple[StoredLine, ...] = ()
    deposits: tuple[BankDeposit, ...] = ()
    proposals: tuple[BankMatch, ...] = ()

    @property
    def lines_cents(self) -> Cents:
        return sum(line.amount_cents for line in self.lines)

    @property
    def deposits_cents(self) -> Cents:
        return sum(deposit.amount_cents for deposit in self.deposits)

    @property
    def difference_cents(self) -> Cents:
        return self.lines_cents - self.deposits_cents

    @property
    def confirmed(self) -> frozenset[int]:
        """Confirmed matches that hold something selected."""
        lines = {line.match_id for line in self.lines if line.state in SETTLED_STATES}
        paid = {deposit.match_id for deposit in self.deposits if deposit.state in _MATCHED_DEPOSITS}
        return frozenset(match_id for match_id in lines | paid if match_id is not None)


@dataclass(frozen=True, slots=True)
class Totals:
    """How many rows each list has over all its pages."""

    lines: int = 0
    deposits: int = 0
    proposals: int = 0


class BankModel:
    """Both lists, the proposals between them, and what is selected."""

    def __init__(self, desk: Desk, today: Callable[[], date]) -> None:
        self._desk, self._today = desk, today
        self.account_id: int | None = None
        self.show = "open"
        self.search = ""
        self.line_page = self.deposit_page = self.proposal_page = ListPage(limit=PAGE)
        self.lines: list[StoredLine] = []
        self.deposits: list[BankDeposit] = []
        self.proposals: list[BankMatch] = []
        self.totals = Totals()
        self.chosen = Chosen()

    @property
    def actor(self) -> Actor:
        return self._desk.actor

    def accounts(self) -> list[BankAccount]:
        return self._desk.bank.imports.accounts(self.actor)

    def refresh(self) -> None:
        """Reads the three pages anew; the selection keeps what is still there."""
        lists, actor = self._desk.bank.lists, self.actor
        since = self._today() - SETTLED_SINCE if self.show in ("settled", "all") else None
        self.lines, lines = lists.line_page(
            actor,
            _STATES[self.show],
            replace(self.line_page, search=self.search),
            account_id=self.account_id,
            first=since,
        )
        matched = {"settled": True, "all": None}.get(self.show, False)
        self.deposits, deposits = lists.deposit_page(
            actor, replace(self.deposit_page, search=self.search), matched=matched
        )
        self.proposals, proposals = lists.match_page(actor, self.proposal_page)
        self.totals = Totals(lines, deposits, proposals)
        self.choose(
            [line.id for line in self.chosen.lines],
            [deposit.id for deposit in self.chosen.deposits],
            [match.id for match in self.chosen.proposals],
        )

    def choose(self, lines: Sequence[int], deposits: Sequence[int], proposals: Sequence[int]) -> None:
        """Selects by id; what is not on the page is left out."""
        self.chosen = Chosen(
            tuple(line for line in self.lines if line.id in set(lines)),
            tuple(deposit for deposit in self.deposits if deposit.id in set(deposits)),
            tuple(match for match in self.proposals if match.id in set(proposals)),
        )

    def unreconciled(self) -> Unreconciled:
        """The running total of all that is open, whatever the filter shows."""
        return self._desk.bank.lists.unreconciled(self.actor, self._today())

    def blockers(self) -> dict[str, str]:
        """Why a button cannot be used now."""
        may = self.actor.permissions
        blocked = {} if Permission.BANK_IMPORT in may else {"import": "You may not import bank files."}
        if Permission.PERIOD_CLOSE not in may:
            blocked["days"] = "You may not close days."
        if Permission.SETUP not in may:
            blocked["accounts"] = "You may not change accounts."
        if len(self.chosen.lines) != 1 or self.chosen.lines[0].amount_cents <= 0:
            blocked["ask"] = "Select one payment in the bank lines."
        names = (
            "match_all",
            "accept",
            "reject",
            "match",
            "split",
            "merge",
            "unmatch",
            "not_ours",
            "to_check",
            "clear",
        )
        if Permission.BANK_MATCH not in may:
            return blocked | dict.fromkeys(names, _MAY_NOT)
        return blocked | {name: why for name, why in self._why_not().items() if why}

    def _why_not(self) -> dict[str, str]:
        chosen = self.chosen
        one_line, one_deposit = len(chosen.lines) == 1, len(chosen.deposits) == 1
        proposal = "" if chosen.proposals else "Select a proposal."
        taken = "Unmatch what is matched already first." if chosen.confirmed else ""
        marks = "" if chosen.lines and not taken else taken or "Select a bank line."
        return {
            "accept": proposal,
            "reject": proposal,
            "match": taken or ("" if one_line and one_deposit else "Select one bank line and one deposit."),
            "split": taken
            or ("" if one_line and len(chosen.deposits) > 1 else "Select one bank line and its deposits."),
            "merge": self._why_not_merge(),
            "unmatch": "" if chosen.confirmed else "Select a line or deposit that is matched (Show: All).",
            "not_ours": marks,
            "to_check": marks,
            "clear": "" if self._marked() else "Select a line that is marked not ours or to check.",
        }

    def _why_not_merge(self) -> str:
        chosen = self.chosen
        if len(chosen.confirmed) > 1:
            return "Select one match only, and what to add to it."
        if chosen.confirmed:
            return "" if self._free() else "Select also the line or deposit to add."
        several_lines = len(chosen.lines) > 1 and len(chosen.deposits) == 1
        return "" if several_lines else "Select one deposit and its bank lines."

    def _free(self) -> tuple[list[int], list[int]] | None:
        """Selected lines and deposits that no confirmed match holds; None when there are none."""
        lines = [line.id for line in self.chosen.lines if line.state not in SETTLED_STATES]
        paid = [deposit.id for deposit in self.chosen.deposits if deposit.state not in _MATCHED_DEPOSITS]
        return (lines, paid) if lines or paid else None

    def _marked(self) -> list[StoredLine]:
        marks = (BankLineState.NOT_OURS, BankLineState.TO_CHECK)
        return [line for line in self.chosen.lines if line.state in marks]

    def question(self, name: str) -> str:
        """What to ask for a reason before `name` is done, or an empty text when none is needed."""
        chosen = self.chosen
        if name == "accept":
            off = [
                match
                for match in chosen.proposals
                if match.difference_cents and match.step is not MatchStep.CARD
            ]
            cents = sum(match.difference_cents for match in off)
            return f"Bank and deposits differ by {format_dollars(cents)}. Say why." if off else ""
        if name in ("match", "split", "merge") and chosen.difference_cents:
            return f"Bank and deposits differ by {format_dollars(chosen.difference_cents)}. Say why."
        return {
            "unmatch": "Both sides become open again.",
            "not_ours": "The line is explained without a deposit: interest, a fee, a transfer.",
            "to_check": "Somebody must look at this line.",
        }.get(name, "")

    def do(self, name: str, reason: str = "") -> str:
        """Does what the button says with what is selected; gives one sentence about it."""
        decide, actor, chosen = self._desk.bank.decisions, self.actor, self.chosen
        line_ids = [line.id for line in chosen.lines]
        deposit_ids = [deposit.id for deposit in chosen.deposits]
        if name == "accept":
            decide.accept(actor, [match.id for match in chosen.proposals], reason)
            return _counted(len(chosen.proposals), "proposal", "accepted")
        if name == "reject":
            for match in chosen.proposals:
                decide.reject(actor, match.id, reason)
            return _counted(len(chosen.proposals), "proposal", "rejected")
        if name == "merge" and chosen.confirmed:
            lines, paid = self._free() or ([], [])
            decide.merge(actor, next(iter(chosen.confirmed)), lines, paid, reason)
            return "Added to the match."
        if name in ("match", "split", "merge"):
            decide.match(actor, line_ids, deposit_ids, reason)
            return f"Matched {format_dollars(chosen.lines_cents)}."
        if name == "unmatch":
            for match_id in sorted(chosen.confirmed):
                decide.unmatch(actor, match_id, reason)
            return _counted(len(chosen.confirmed), "match", "taken back")
        return self._mark(name, reason)

    def _mark(self, name: str, reason: str) -> str:
        state = {
            "not_ours": BankLineState.NOT_OURS,
            "to_check": BankLineState.TO_CHECK,
            "clear": BankLineState.UNMATCHED,
        }[name]
        lines = self._marked() if name == "clear" else self.chosen.lines
        for line in lines:
            self._desk.bank.decisions.mark(self.actor, line.id, line.version, state, reason)
        return _counted(len(lines), "line", f"marked {state.value}")

    def tracing_request(self) -> str:
        """Text to the payer of the selected line, whose remittance has not come (spec deposits 7.5)."""
        return self._desk.bank.lists.tracing_request(self.actor, self.chosen.lines[0].id)

    def match_all(self) -> MatchRun:
        """Runs the matching engine over everything that is open."""
        return self._desk.bank.matching.run(self.actor)


def _counted(number: int, word: str, what: str) -> str:
    plural = {"match": "matches"}.get(word, f"{word}s")
    return f"{number} {word if number == 1 else plural} {what}."
