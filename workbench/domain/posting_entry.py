"""Double entry in cents: what a ledger entry is (spec deposits 1.2 and 10).

Signs: a positive amount is a debit. A payment of 56 debits DEPOSIT 56 and credits RECEIVABLE 56; a
write-off debits WRITE_OFF and credits RECEIVABLE. Each transaction sums to zero.
"""

from typing import NamedTuple

from workbench.domain.posting import Account


class Entry(NamedTuple):
    """One side of a booking. `memo` says in words what it is; no patient data.

    A tuple, not a dataclass: a large deposit makes hundreds of thousands of them.
    """

    account: Account
    amount_cents: int
    claim_id: int | None = None
    charge_line_id: int | None = None
    deposit_line_id: int | None = None
    adjustment_id: int | None = None
    payment_type: str = ""
    memo: str = ""
