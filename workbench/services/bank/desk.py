"""What every service of the bank desk does first: what the person may see, and what is locked."""

from collections.abc import Collection, Iterable
from datetime import date

from workbench.domain.bank_desk import BankAccount, BankDeposit, StoredLine
from workbench.domain.identity import Actor
from workbench.errors import NotFoundError, RefusedError
from workbench.storage import Stores


def accounts_of(stores: Stores, actor: Actor) -> list[BankAccount]:
    """The accounts of the person's practices; one that several practices share counts as unassigned work."""
    return [account for account in stores.bank_files.accounts() if actor.sees(account.practice_id)]


def account_of(stores: Stores, actor: Actor, account_id: int) -> BankAccount:
    """Raises NotFoundError, also for an account of a practice that is not the person's."""
    for account in accounts_of(stores, actor):
        if account.id == account_id:
            return account
    raise NotFoundError("The bank account was not found.")


def seen_lines(stores: Stores, actor: Actor, ids: Collection[int]) -> list[StoredLine]:
    """Lines by id. Raises NotFoundError for one that is not there or not to be seen."""
    lines = stores.bank.lines(ids)
    seen = {account.id for account in accounts_of(stores, actor)}
    for line in lines:
        if line.account_id not in seen:
            raise NotFoundError(f"Bank line {line.id} was not found.")
    return lines


def seen_deposits(stores: Stores, actor: Actor, ids: Collection[int]) -> list[BankDeposit]:
    """Deposits by id. Raises NotFoundError for one that is not there or not to be seen."""
    found = stores.bank.deposits(ids)
    for deposit in found:
        actor.require_sight(deposit.practice_id, f"Deposit {deposit.id}")
    return found


def require_open(stores: Stores, lines: Iterable[StoredLine]) -> None:
    """Raises RefusedError when a line belongs to a locked day."""
    days = {(line.account_id, line.posted_date) for line in lines}
    for _, day in sorted(days & stores.bank_days.locked({account for account, _ in days})):
        raise RefusedError(f"{spoken(day)} is locked. Reopen the day first, with a reason.")


def spoken(day: date) -> str:
    """A day as the office writes it."""
    return day.strftime("%m/%d/%Y")
