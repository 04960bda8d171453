"""What the deposits list shows and may do; nothing is drawn here."""

from collections.abc import Callable, Sequence
from dataclasses import replace
from pathlib import Path
from typing import Any, Protocol

from workbench.config import Settings
from workbench.domain.bank import DepositBankState
from workbench.domain.deposit import DepositStatus, DepositType, PayMethod, PayType, PostingStatus
from workbench.domain.deposit_views import DepositPage, DepositQuery
from workbench.domain.findings import Finding, Level, Severity
from workbench.domain.identity import Actor
from workbench.domain.imports import ImportOutcome, Outcome
from workbench.domain.permissions import Permission
from workbench.errors import RefusedError
from workbench.services.deposits import Deposits
from workbench.services.incoming import Incoming, UnreadableError, gather
from workbench.services.remittance_import import RemittanceImport

# Spec 6.2: quick search starts after three characters.
QUICK_SEARCH_FROM = 3
SHOWS = {
    "work": "Needs work",
    "all": "All",
    **{status.value: status.label for status in DepositStatus if status is not DepositStatus.BUILD},
}
TYPES = {"": "Any", **{kind.value: kind.label for kind in DepositType}}
POSTING = {"": "Any", **{status.value: status.label for status in PostingStatus}}
BANK_STATES = {"": "Any", **{state.value: state.value for state in DepositBankState}}
PAY_METHODS = {"": "Any", **{method.value: method.label for method in PayMethod}}
PAY_TYPES = {"": "Any", **{kind.value: kind.value for kind in PayType}}
_PLAIN = DepositQuery()
_ORDER = ("sort_key", "descending", "offset", "limit")


class Desk(Protocol):
    """What the page needs of the opened workbench."""

    @property
    def actor(self) -> Actor: ...
    @property
    def deposits(self) -> Deposits: ...
    @property
    def remittance_import(self) -> RemittanceImport: ...
    @property
    def settings(self) -> Settings: ...


class DepositsModel:
    """The filter, and one page of what it finds."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk
        self.query = _PLAIN

    def page(self, sort_key: str, descending: bool, offset: int, limit: int) -> DepositPage:  # noqa: FBT001
        """The rows at `offset` of everything the filter finds, and the totals of all of it."""
        self.query = replace(self.query, sort_key=sort_key, descending=descending, offset=offset, limit=limit)
        return self._desk.deposits.page(self._desk.actor, self.query)

    def narrow(self, name: str, value: Any) -> bool:
        """Sets one field of the filter; whether that changes what is found. `show` is one of SHOWS.

        A quick search of one or two letters finds nothing yet: it would list half the office. Digits may be an id.
        """
        before = self.query
        if name == "show":
            chosen = () if value in ("work", "all") else (DepositStatus(value),)
            self.query = replace(before, needs_work=value == "work", statuses=chosen)
        elif name == "type":
            self.query = replace(before, types=(DepositType(value),) if value else ())
        elif name == "posting_status":
            self.query = replace(before, posting_status=PostingStatus(value) if value else None)
        elif name == "bank_state":
            self.query = replace(before, bank_state=DepositBankState(value) if value else None)
        elif name == "owner_id":
            self.query = replace(before, owner_id=int(value) if value else None)
        elif name == "search" and len(value or "") < QUICK_SEARCH_FROM and not (value or "").isdigit():
            self.query = replace(before, search="")
        else:
            wanted = getattr(_PLAIN, name) if value in (None, "", False) else value
            self.query = replace(before, **{name: wanted})
        return self.query != before

    def clear(self) -> None:
        self.query = _PLAIN

    @property
    def is_narrowed(self) -> bool:
        """Whether anything but the default filter is set."""
        return self.query != replace(_PLAIN, **{name: getattr(self.query, name) for name in _ORDER})

    def payers(self, text: str, limit: int) -> tuple[list[tuple[int, str]], int]:
        """Payers of deposits for the look-up, as (id, name): those that start so first; and how many there are."""
        words = text.casefold()
        choices = self._desk.deposits.choices(self._desk.actor).payers
        found = [payer for payer in choices if words in payer.name.casefold()]
        found.sort(key=lambda payer: (not payer.name.casefold().startswith(words), payer.name))
        return [(payer.id, payer.name) for payer in found[:limit]], len(found)

    def owners(self) -> list[tuple[str, str]]:
        """Who owns deposits here, for a list to choose from."""
        found = self._desk.deposits.choices(self._desk.actor).owners
        return [(str(owner.id), owner.name) for owner in found]

    def payer_text(self, payer_id: int) -> str:
        """What the look-up shows for a payer of deposits."""
        choices = self._desk.deposits.choices(self._desk.actor).payers
        return next((payer.name for payer in choices if payer.id == payer_id), "")

    def empty_text(self) -> str:
        """What to do when nothing is found."""
        if self.is_narrowed:
            return "No deposit fits this filter. Clear Filter shows what needs work."
        return (
            "Nothing needs work.\n"
            "Bring the day's remittance files in with Import ERA, or choose Show: All to see every deposit."
        )


class ImportModel:
    """Takes files in, one after the other, each with its own outcome."""

    def __init__(self, desk: Desk) -> None:
        self._desk = desk

    @property
    def scratch(self) -> Path:
        """Where uploads lie until they are taken."""
        return self._desk.settings.scratch

    def blockers(self) -> dict[str, str]:
        allowed = Permission.DEPOSIT_IMPORT in self._desk.actor.permissions
        return {} if allowed else {"import": "You may not import files. Ask your supervisor for the right."}

    def take(self, path: Path, name: str) -> list[ImportOutcome]:
        """One uploaded file; an archive is opened, each file in it has its own outcome."""
        inside = gather([path])
        if len(inside) == 1 and inside[0].member is None:
            return [self._take(replace(inside[0], name=name))]
        return [self._take(file) for file in inside]

    def folder(self, text: str) -> Sequence[Incoming]:
        """The files of a folder on this machine.

        Raises RefusedError when there is no such folder, or nothing in it.
        """
        path = Path(text.strip()).expanduser()
        if not text.strip() or not path.is_absolute() or not path.is_dir():
            raise RefusedError("Type the whole path of a folder on this machine, such as /mnt/remits/june.")
        files = gather([path])
        if not files:
            raise RefusedError("There is no file in this folder.")
        return files

    def take_folder(
        self, files: Sequence[Incoming], tell: Callable[[int, ImportOutcome], None]
    ) -> list[ImportOutcome]:
        """Imports the files in turn; `tell(index, outcome)` after each."""
        outcomes = []
        for index, file in enumerate(files):
            outcomes.append(self._take(file))
            tell(index, outcomes[-1])
        return outcomes

    def _take(self, file: Incoming) -> ImportOutcome:
        try:
            data = file.read()
        except UnreadableError as problem:
            finding = Finding("FILE_UNREADABLE", Severity.CRITICAL, Level.FILE, str(problem))
            return ImportOutcome(file.name, "", Outcome.REJECTED, (finding,))
        return self._desk.remittance_import.import_remittance(self._desk.actor, file.name, data)


TONES = {Outcome.NEW: "good", Outcome.DUPLICATE: "", Outcome.DOUBTFUL: "warn", Outcome.REJECTED: "bad"}


def outcome_text(outcome: ImportOutcome) -> str:
    """One sentence about a file."""
    deposits, claims = len(outcome.deposits), sum(deposit.claims for deposit in outcome.deposits)
    counted = f"{_count(deposits, 'deposit')}, {_count(claims, 'claim')}"
    return {
        Outcome.NEW: f"Stored: {counted}.",
        Outcome.DUPLICATE: "It was here already; nothing was stored again.",
        Outcome.DOUBTFUL: f"Stored, and somebody must look: {counted}.",
        Outcome.REJECTED: "Nothing of it could be read; nothing was stored.",
    }[outcome.outcome]


def finding_lines(outcome: ImportOutcome, most: int = 5) -> tuple[str, ...]:
    """The first findings in words, and how many more there are."""
    lines = [_finding(finding) for finding in outcome.findings[:most]]
    more = len(outcome.findings) - most
    return (*lines, f"and {more} more, see the deposit") if more > 0 else tuple(lines)


def summary(outcomes: Sequence[ImportOutcome]) -> str:
    """The batch in one sentence: `3 files: 2 new, 1 rejected.`"""
    counts = [(word, sum(done.outcome is word for done in outcomes)) for word in Outcome]
    told = ", ".join(f"{count} {word.value}" for word, count in counts if count)
    return f"{_count(len(outcomes), 'file')}: {told}." if outcomes else ""


def _finding(finding: Finding) -> str:
    place = f"Segment {finding.segment}: " if finding.segment is not None else ""
    return f"{place}{finding.message}"


def _count(number: int, word: str) -> str:
    return f"{number:,} {word}{'' if number == 1 else 's'}"
