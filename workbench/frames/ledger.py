"""Frames of what was posted, what keeps claims from posting, and the rules that decide."""

from datetime import date

import pandas as pd

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.frames.base import FrameReader
from workbench.services.deposits.base import sight_of
from workbench.storage import ledger_selects as selects
from workbench.storage.ledger_selects import LedgerFilter


class LedgerFrames(FrameReader):
    """Every method gives a new DataFrame, limited to the practices of the person."""

    def ledger(
        self,
        *,
        deposit_id: int | None = None,
        claim_id: int | None = None,
        since: date | None = None,
        until: date | None = None,
        account: str = "",
    ) -> pd.DataFrame:
        """One row per ledger entry, in the order booked; a positive amount is a debit.

        `since`, `until`: inclusive days of posting. `account`: DEPOSIT RECEIVABLE WRITE_OFF INTEREST REPORTED UNAPPLIED.
        int64: id transaction_id deposit_id amount_cents. int64 that may be missing: deposit_claim_id claim_id
        charge_line_id reverses_id (the transaction this one undoes) negates_id (the posting a payer's reversal takes
        back). string: kind check_number payer_name pcn account payment_type memo user reason. date32: posted_on.
        timestamp: created_at.
        """
        wanted = LedgerFilter(deposit_id, claim_id, since, until, account)
        actor = self._reader()
        return self._give(actor, "ledger", selects.ledger_select(wanted, sight_of(actor)))

    def posting_errors(self) -> pd.DataFrame:
        """One row per open error that keeps a claim from posting.

        int64: id deposit_id deposit_claim_id paid_cents. int64 that may be missing: deposit_line_id claim_id segment.
        string: check_number payer_name pcn state code level severity message. timestamp: created_at.
        """
        actor = self._reader()
        return self._give(actor, "posting_errors", selects.posting_errors_select(sight_of(actor)))

    def rules(self) -> pd.DataFrame:
        """One row per rule of the office, switched-off ones too; a missing condition means any.

        int64: id version priority. int64 that may be missing: minimum_cents maximum_cents. bool: active denial block.
        string: payer payer_level remit_status group carc rarc cpt effect payment_type claim_status claim_level note.
        """
        return self._give(self._reader(), "rules", selects.rules_select())

    def _reader(self) -> Actor:
        actor = self._ask_actor()
        actor.require(Permission.DEPOSIT_VIEW)
        return actor
