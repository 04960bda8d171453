"""Two payments, or two claims, that look like one, side by side (spec deposits 3.1, 3.3; issue C 3)."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from datetime import date

from workbench.domain.deposit_views import ClaimQuery, ClaimRow, DepositRow
from workbench.domain.identity import Actor
from workbench.domain.money import format_dollars
from workbench.domain.remit import REMIT_STATUSES
from workbench.errors import NotFoundError
from workbench.services.deposit_desk.desk import open_deposit
from workbench.storage import Database, Stores
from workbench.storage.stores.deposit_error_work import ErrorRow

DEPOSIT_ERRORS = frozenset({"DUPLICATE_DEPOSIT", "DUPLICATE_FUZZY", "FILE_SEEN"})
CLAIM_ERRORS = frozenset({"CLAIM_ALREADY_PAID"})
_EVERY_CLAIM = 10**9


@dataclass(frozen=True, slots=True)
class ComparedFact:
    """One fact of both; `differs` marks what tells them apart."""

    label: str
    here: str
    there: str

    @property
    def differs(self) -> bool:
        return self.here != self.there


@dataclass(frozen=True, slots=True)
class ComparedClaim:
    """A claim of either deposit, found in the other one by its numbers; None: it is not there."""

    pcn: str
    here_cents: int | None
    there_cents: int | None

    @property
    def differs(self) -> bool:
        return self.here_cents != self.there_cents


@dataclass(frozen=True, slots=True)
class Comparison:
    """This one beside an earlier one.

    `there_id`: the other deposit. `claims`: what two deposits hold; nothing when two claims are compared.
    """

    error_id: int
    code: str
    title_here: str
    title_there: str
    there_id: int
    facts: tuple[ComparedFact, ...]
    claims: tuple[ComparedClaim, ...] = ()
    deposit_claim_id: int | None = None

    @property
    def verdict(self) -> str:
        """What the comparison comes to, in one sentence."""
        unlike = [fact.label for fact in self.facts if fact.differs]
        other = sum(claim.differs for claim in self.claims)
        if self.claims:
            count = len(self.claims)
            held = (
                f"All {count:,} claims are the same."
                if not other
                else f"{other:,} of {count:,} claims differ."
            )
        else:
            held = ""
        told = f"Different: {', '.join(unlike)}." if unlike else "No fact tells them apart."
        return f"{told} {held}".strip()


class Comparing:
    """Reads both sides; nothing of a practice that the person does not work for is ever shown."""

    def __init__(self, database: Database) -> None:
        self._database = database

    def compare(self, actor: Actor, deposit_id: int, error_id: int) -> list[Comparison]:
        """One comparison for each payment (or posting) that the error names; none when they are gone."""
        with self._database.reading() as stores:
            open_deposit(stores, actor, deposit_id)
            error = stores.deposit_errors.get(error_id)
            if error is None or error.deposit_id != deposit_id:
                raise NotFoundError("The error was not found.")
            if error.code in CLAIM_ERRORS:
                return _claims_alike(stores, actor, error)
            return _deposits_alike(stores, actor, error)


def _deposits_alike(stores: Stores, actor: Actor, error: ErrorRow) -> list[Comparison]:
    here = _row(stores, error.deposit_id)
    others = [_row(stores, number) for number in _named(stores, error)]
    mine = _claims(stores, here.id)
    return [
        Comparison(
            error.id,
            error.code,
            f"Deposit {here.id} (this one)",
            f"Deposit {there.id}",
            there.id,
            _facts(_deposit_facts(here), _deposit_facts(there)),
            _compared_claims(mine, _claims(stores, there.id)),
        )
        for there in others
        if actor.sees(there.practice_id)
    ]


def _named(stores: Stores, error: ErrorRow) -> Sequence[int]:
    """The deposits that the error was found by; those of the file that came before, for FILE_SEEN."""
    numbers = [int(number) for number in error.context.get("deposit_ids", ())]
    if file_id := error.context.get("import_file_id"):
        numbers += stores.deposit_views.deposits_of_file(int(file_id))
    if not numbers and error.code == "DUPLICATE_DEPOSIT":
        # The file itself pays twice: its twin has the same payment identity.
        numbers = stores.deposit_views.twins(error.deposit_id)
    return [number for number in dict.fromkeys(numbers) if number != error.deposit_id]


def _row(stores: Stores, deposit_id: int) -> DepositRow:
    row = stores.deposit_lists.row(deposit_id)
    if row is None:
        raise NotFoundError(f"Deposit {deposit_id} was not found.")
    return row


def _claims(stores: Stores, deposit_id: int) -> list[ClaimRow]:
    return stores.deposit_views.claims(deposit_id, ClaimQuery(), _EVERY_CLAIM)


def _deposit_facts(row: DepositRow) -> dict[str, str]:
    return {
        "Type": row.type.label,
        "Status": row.status.label,
        "Deposited": _day(row.deposited_date),
        "Production": _day(row.issued_date),
        "Received": _day(row.received_at.date()),
        "Check #": row.check_number,
        "Payer": row.payer_name,
        "Payer identifier": row.payer_identifier,
        "Deposit ($)": "unreadable" if row.unreadable else format_dollars(row.deposit_cents),
        "Payments ($)": format_dollars(row.payments_cents),
        "Claims": f"{row.claims_count:,}",
        "Posted ($)": format_dollars(row.posted_paid_cents),
        "File": row.import_file,
    }


def _facts(here: Mapping[str, str], there: Mapping[str, str]) -> tuple[ComparedFact, ...]:
    return tuple(ComparedFact(label, text, there.get(label, "")) for label, text in here.items())


def _compared_claims(here: Sequence[ClaimRow], there: Sequence[ClaimRow]) -> tuple[ComparedClaim, ...]:
    """By claim number and payer's number, those that differ first. One that stands twice is summed."""
    mine, theirs = _paid(here), _paid(there)
    found = [ComparedClaim(key[0], mine.get(key), theirs.get(key)) for key in dict.fromkeys([*mine, *theirs])]
    return tuple(sorted(found, key=lambda claim: not claim.differs))


def _paid(claims: Sequence[ClaimRow]) -> dict[tuple[str, str], int]:
    found: dict[tuple[str, str], int] = {}
    for claim in claims:
        key = (claim.pcn, claim.payer_claim_no)
        found[key] = found.get(key, 0) + claim.paid_stated_cents
    return found


def _claims_alike(stores: Stores, actor: Actor, error: ErrorRow) -> list[Comparison]:
    here = _claim(stores, error.deposit_claim_id)
    if here.claim_id is None:
        return []
    found = []
    for there in _posted_before(stores, here):
        deposit = _row(stores, there.deposit_id)
        if actor.sees(deposit.practice_id):
            found.append(_claims_compared(error, here, there, _row(stores, here.deposit_id), deposit))
    return found


def _claims_compared(
    error: ErrorRow, here: ClaimRow, there: ClaimRow, mine: DepositRow, theirs: DepositRow
) -> Comparison:
    return Comparison(
        error.id,
        error.code,
        f"Claim {here.pcn} of deposit {mine.id} (this one)",
        f"Claim {there.pcn} of deposit {theirs.id}",
        theirs.id,
        _facts(_claim_facts(here, mine), _claim_facts(there, theirs)),
        deposit_claim_id=here.id,
    )


def _posted_before(stores: Stores, here: ClaimRow) -> list[ClaimRow]:
    """The deposit claims whose live posting has the money that this claim brings again."""
    ours = here.claim_id or 0
    originals = stores.ledger.originals([ours]).get((ours, here.payer_id), [])
    wanted = [one.transaction_id for one in originals if one.payer_claim_no == here.payer_claim_no]
    booked = stores.ledger.transactions(wanted)
    return [_claim(stores, one.deposit_claim_id) for one in booked if one.deposit_claim_id is not None]


def _claim(stores: Stores, deposit_claim_id: int | None) -> ClaimRow:
    row = None if deposit_claim_id is None else stores.deposit_views.claim(deposit_claim_id)
    if row is None:
        raise NotFoundError("The claim was not found.")
    return row


def _claim_facts(claim: ClaimRow, deposit: DepositRow) -> dict[str, str]:
    status = REMIT_STATUSES.get(claim.remit_status)
    return {
        "Check #": deposit.check_number,
        "Production": _day(deposit.issued_date or deposit.deposited_date),
        "Claim XRef": claim.pcn,
        "Claim ID": str(claim.claim_id or ""),
        "Payer's Claim #": claim.payer_claim_no,
        "Remit Status": f"{claim.remit_status} {status.label}" if status else claim.remit_status,
        "Service": _day(claim.service_from),
        "Charged": format_dollars(claim.charge_cents),
        "Paid": format_dollars(claim.paid_cents),
        "Adjustments": format_dollars(claim.adjustments_cents),
        "Information": format_dollars(claim.information_cents),
        "State": claim.state.label,
    }


def _day(value: date | None) -> str:
    return value.strftime("%m/%d/%Y") if value else ""
