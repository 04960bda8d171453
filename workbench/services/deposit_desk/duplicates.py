"""Whether a deposit looks like an earlier one, by its facts as they are now (spec deposits 3.1, 3.3, 8 row 20).

The import asks the same of each new payment; here it is asked again when a deposit is keyed or its facts are edited.
The later of two deposits bears the error: it is the one to remove.
"""

from dataclasses import replace

from workbench.domain.deposit import DepositStatus, DepositType
from workbench.domain.deposit_errors import error_key
from workbench.domain.findings import Level
from workbench.reconcile.claim_errors import FoundError
from workbench.services.deposit_desk.refreshing import keep_errors
from workbench.services.remittance_import.duplicates import Payment, suspicions
from workbench.services.remittance_import.identity import PaymentIdentity
from workbench.storage import Stores
from workbench.storage.stores.remittances import KnownDeposit

DUPLICATE_CODES = frozenset({"DUPLICATE_DEPOSIT", "DUPLICATE_FUZZY"})
# What two deposits are compared by: editing another field changes nothing.
COMPARED = frozenset(
    {"check_number", "deposit_cents", "payer_id", "deposited_date", "issued_date", "practice_id"}
)
_OF_PAYERS = (DepositType.ERA, DepositType.EOB)
_AT_WORK = (DepositStatus.NEW, DepositStatus.SENT_TO_POSTING)


def refresh_duplicates(stores: Stores, deposit_id: int, before: KnownDeposit | None = None) -> None:
    """Brings the errors about duplicates up to date, of this deposit and of later ones that look or looked like it.

    `before`: the deposit as it was until now. Idempotent: doing it twice gives the same rows.
    """
    now = stores.remittances.known_deposit(deposit_id)
    _keep(stores, now)
    found = {other.id: other for facts in (now, before) if facts for other in _candidates(stores, facts)}
    for number in sorted(number for number in found if number > deposit_id):
        # Always from the older to the newer: two clerks at once do not wait for each other in a ring.
        stores.deposit_work.deposit(number, lock=True)
        _keep(stores, found[number])


def _keep(stores: Stores, deposit: KnownDeposit) -> None:
    work = stores.deposit_work.deposit(deposit.id)
    if work is None or work.voided_at or work.type not in _OF_PAYERS or work.status not in _AT_WORK:
        return
    earlier = [other for other in _candidates(stores, deposit) if other.id < deposit.id]
    keep_errors(stores, deposit.id, _errors(deposit, earlier), DUPLICATE_CODES, None)
    stores.deposit_errors.recount(deposit.id)


def _candidates(stores: Stores, deposit: KnownDeposit) -> list[KnownDeposit]:
    keys = {deposit.payment_key} if deposit.payment_key else set()
    return stores.remittances.known_deposits(keys, {deposit.deposit_cents}, {deposit.check_number})


def _errors(deposit: KnownDeposit, earlier: list[KnownDeposit]) -> list[FoundError]:
    of_file = [each for each in earlier if each.import_file_id is not None]
    same_file = [each for each in of_file if each.import_file_id == deposit.import_file_id]
    others = [_as_now(each) for each in earlier if each not in same_file]
    this = _as_now(deposit)
    repeated = this.payment_key is not None and any(
        _as_now(each).payment_key == this.payment_key for each in same_file
    )
    payment = Payment(
        PaymentIdentity(this.payment_key or "", this.content_sha256, this.occurrence, repeated),
        this.practice_id,
        this.payer_id,
        this.payer_identifier,
        this.check_number,
        this.deposit_cents,
        this.days,
    )
    return [
        FoundError(
            each.code,
            Level.DEPOSIT,
            each.severity,
            each.message,
            error_key(each.code, None, each.ordinal),
            context=dict(each.context),
        )
        for each in suspicions(payment, others)
    ]


def _as_now(deposit: KnownDeposit) -> KnownDeposit:
    """The identity that the file gave a payment holds no longer once its trace or its amount was edited."""
    if deposit.payment_key is None:
        return deposit
    _, trace, amount, _ = deposit.payment_key.rsplit("|", 3)
    told = (deposit.check_number.upper(), str(deposit.deposit_cents))
    return deposit if told == (trace, amount) else replace(deposit, payment_key=None)
