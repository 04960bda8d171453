"""Whether a payment is here already (spec deposits 3.1, 3.3, 8 row 20; issue "Import exactly once")."""

import re
from collections.abc import Sequence
from dataclasses import dataclass
from datetime import date

from workbench.domain.findings import Severity
from workbench.domain.money import format_cents
from workbench.services.remittance_import.identity import PaymentIdentity
from workbench.storage.stores.remittances import KnownDeposit

FUZZY_DAYS = 7
_NOT_ALPHANUMERIC = re.compile(r"[^0-9A-Z]")


@dataclass(frozen=True, slots=True)
class Payment:
    """One transaction of the file as the search for duplicates sees it. `day`: issued, else effective."""

    identity: PaymentIdentity
    practice_id: int | None
    payer_id: int | None
    payer_identifier: str
    check_number: str
    amount_cents: int
    days: tuple[date, ...]


@dataclass(frozen=True, slots=True)
class Suspicion:
    """An error to put on the deposit: `code`, how grave, and the deposits it looks like.

    `ordinal` tells the error that the file pays twice from one about other deposits.
    """

    code: str
    severity: Severity
    message: str
    deposit_ids: tuple[int, ...] = ()
    ordinal: int | None = None

    @property
    def context(self) -> dict[str, list[int]]:
        """What is kept with the error: its facts beside the message."""
        return {"deposit_ids": list(self.deposit_ids)}


def same_transaction(payment: Payment, known: Sequence[KnownDeposit]) -> KnownDeposit | None:
    """The stored deposit that is this very transaction: same payment identity, same content."""
    this = payment.identity
    for deposit in known:
        if (deposit.payment_key, deposit.content_sha256, deposit.occurrence) == (
            this.payment_key,
            this.content_sha256,
            this.occurrence,
        ):
            return deposit
    return None


def suspicions(payment: Payment, known: Sequence[KnownDeposit]) -> list[Suspicion]:
    """What a payment that is stored has to be compared with; nothing of another practice is named."""
    found = []
    if payment.identity.repeated:
        message = (
            "The file pays the same twice: payer, trace, amount and date are those of a payment before it."
        )
        found.append(Suspicion("DUPLICATE_DEPOSIT", Severity.CRITICAL, message, ordinal=0))
    near = [deposit for deposit in known if deposit.practice_id in (payment.practice_id, None)]
    same = [deposit for deposit in near if _same_payment(payment, deposit)]
    if same:
        found.append(
            _suspicion("DUPLICATE_DEPOSIT", "Date, amount and check number are those of", payment, same)
        )
    alike = [deposit for deposit in near if deposit not in same and _alike(payment, deposit)]
    if alike:
        found.append(_suspicion("DUPLICATE_FUZZY", "Payer and amount are those of", payment, alike))
    return found


def _suspicion(code: str, what: str, payment: Payment, deposits: Sequence[KnownDeposit]) -> Suspicion:
    grave = code == "DUPLICATE_DEPOSIT" and any(not deposit.dead for deposit in deposits)
    ids = tuple(deposit.id for deposit in deposits)
    named = ", ".join(str(deposit_id) for deposit_id in ids[:5]) + (" and more" if len(ids) > 5 else "")
    plural = "s" if len(ids) > 1 else ""
    message = f"{what} deposit{plural} {named} ({format_cents(payment.amount_cents)})."
    return Suspicion(code, Severity.CRITICAL if grave else Severity.WARNING, message, ids)


def _same_payment(payment: Payment, deposit: KnownDeposit) -> bool:
    """Spec 3.1: same date, amount and check number; or the same payment identity with other content."""
    if deposit.payment_key is not None and deposit.payment_key == payment.identity.payment_key:
        return True
    return (
        bool(payment.check_number)
        and deposit.check_number.upper() == payment.check_number.upper()
        and deposit.deposit_cents == payment.amount_cents
        and not set(payment.days).isdisjoint(deposit.days)
    )


def _alike(payment: Payment, deposit: KnownDeposit) -> bool:
    """Spec 3.3, DUPLICATE_FUZZY. Payments of 0.00 are too many to be told apart by payer and week."""
    if deposit.deposit_cents != payment.amount_cents or not _same_payer(payment, deposit):
        return False
    number = _plain(payment.check_number)
    if number and number == _plain(deposit.check_number):
        return True
    near = any(abs((day - other).days) <= FUZZY_DAYS for day in payment.days for other in deposit.days)
    return payment.amount_cents != 0 and near


def _same_payer(payment: Payment, deposit: KnownDeposit) -> bool:
    if payment.payer_id is not None and deposit.payer_id is not None:
        return payment.payer_id == deposit.payer_id
    return bool(payment.payer_identifier) and payment.payer_identifier == deposit.payer_identifier


def _plain(check_number: str) -> str:
    """Upper case, no punctuation, no leading zeros."""
    return _NOT_ALPHANUMERIC.sub("", check_number.upper()).lstrip("0")
