"""The three balances of the 835 as one gap per line, claim and transaction, in cents (spec deposits 4.6)."""

from dataclasses import dataclass

import numpy as np
import pyarrow.compute as pc

from workbench.era import EraFile


@dataclass(frozen=True, slots=True)
class Gaps:
    """0 where the formula holds. Indexes are those of the file's tables.

    Attributes:
        lines: SVC02 - CAS of the line - SVC03.
        claims: CLP03 - CAS of the claim and of all its lines - CLP04.
        transactions: CLP04 of all claims - PLB - BPR02.
    """

    lines: np.ndarray
    claims: np.ndarray
    transactions: np.ndarray


def gaps(file: EraFile) -> Gaps:
    """All gaps of a file. An unreadable amount counts as nothing, so its formula does not hold either."""
    amounts = _cents(file, "adjustments", "amount_cents")
    owners = file.adjustments["claim_no"].to_numpy()
    at_line = pc.is_valid(file.adjustments["line_no"]).to_numpy()
    line_owners = file.adjustments["line_no"].drop_null().to_numpy()
    claim_paid = _cents(file, "claims", "paid_cents")
    of_lines = _sums(amounts[at_line], line_owners, len(file.service_lines))
    of_claims = _sums(amounts, owners, len(file.claims))
    count = len(file.remittances)
    paid = _sums(claim_paid, file.claims["remittance_no"].to_numpy(), count)
    plb_owners = file.provider_adjustments["remittance_no"].to_numpy()
    provider = _sums(_cents(file, "provider_adjustments", "amount_cents"), plb_owners, count)
    lines = _cents(file, "service_lines", "charge_cents") - _cents(file, "service_lines", "paid_cents")
    return Gaps(
        lines=lines - of_lines,
        claims=_cents(file, "claims", "charge_cents") - claim_paid - of_claims,
        transactions=paid - provider - _cents(file, "remittances", "amount_cents"),
    )


def _cents(file: EraFile, table: str, column: str) -> np.ndarray:
    filled: np.ndarray = pc.fill_null(getattr(file, table)[column], 0).to_numpy()
    return filled


def _sums(amounts: np.ndarray, owners: np.ndarray, count: int) -> np.ndarray:
    sums = np.zeros(count, np.int64)
    np.add.at(sums, owners, amounts)
    return sums
