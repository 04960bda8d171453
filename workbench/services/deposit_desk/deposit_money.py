"""Money of a deposit that goes to no claim: reported, or unapplied with the reason of the difference (spec 4.3, 4.4)."""

from workbench.domain.deposit import Disposition
from workbench.domain.deposit_work import DepositWork
from workbench.domain.posting import Account, TransactionKind
from workbench.domain.posting_entry import Entry
from workbench.reconcile.forwarding import usual_payment_type
from workbench.reconcile.header import Header
from workbench.storage import Stores
from workbench.storage.stores.ledger import NewTransaction


def missing_deposit_money(
    stores: Stores, deposit: DepositWork, header: Header, reason: str
) -> list[NewTransaction]:
    """What is reported and what stays unapplied now, less what was booked before.

    `reason`: why the deposit may be sent although it does not tie out; without one the rest is nobody's yet.
    """
    wanted = _reported(stores, deposit)
    if reason:
        wanted[TransactionKind.DIFFERENCE, ""] = header.unreconciled_cents
    booked = stores.ledger.deposit_level(deposit.id)
    made = []
    for kind, payment_type in sorted(wanted.keys() | booked.keys()):
        missing = wanted.get((kind, payment_type), 0) - booked.get((kind, payment_type), 0)
        if missing:
            made.append(_deposit_money(deposit.id, kind, missing, payment_type, reason))
    return made


def _reported(stores: Stores, deposit: DepositWork) -> dict[tuple[TransactionKind, str], int]:
    """Provider-level amounts sent to Deposit Reporting, in cash sign, by the payment type of their reason."""
    set_up = stores.rules.era_amount_types()
    found: dict[tuple[TransactionKind, str], int] = {}
    for row in stores.deposit_work.provider_adjustments(deposit.id):
        if row.disposition is Disposition.REPORT:
            kind = (
                set_up.get((deposit.payer_id, row.reason))
                or set_up.get((None, row.reason))
                or usual_payment_type(row.reason)
            )
            place = (TransactionKind.PROVIDER_ADJUSTMENT, "" if kind is None else kind.value)
            found[place] = found.get(place, 0) - row.amount_cents
    return found


def _deposit_money(
    deposit_id: int, kind: TransactionKind, cents: int, payment_type: str, reason: str
) -> NewTransaction:
    """Money of the deposit that goes to no claim: reported, or unapplied with the reason of the difference."""
    if kind is TransactionKind.DIFFERENCE:
        account, memo = Account.UNAPPLIED, f"difference: {reason}"
    else:
        account, memo = Account.REPORTED, "provider-level amounts reported"
    entries = (
        Entry(Account.DEPOSIT, cents, payment_type=payment_type, memo=memo),
        Entry(account, -cents, payment_type=payment_type, memo=memo),
    )
    return NewTransaction(kind, deposit_id, entries, reason=reason)
