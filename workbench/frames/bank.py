"""Frames of the bank: its lines, and what they were matched with."""

from collections.abc import Callable
from datetime import date
from typing import Any

import pandas as pd

from workbench.domain.permissions import Permission
from workbench.frames.base import FrameReader
from workbench.services.deposits.base import sight_of
from workbench.storage import bank_selects as selects
from workbench.storage.bank_selects import BankFilter
from workbench.storage.stores.deposit_lists import Sight


class BankFrames(FrameReader):
    """Every method gives a new DataFrame, limited to the accounts of the person's practices.

    Filters shared by both: `since` and `until` (dates, inclusive, of posting at the bank), `account` (its number).
    """

    def bank_lines(self, *, state: str = "", **filters: Any) -> pd.DataFrame:
        """One row per line of a statement; money in is positive. `state`: unmatched, proposed, matched, ...

        int64: id amount_cents bank_file_id. int64 that may be missing: practice_id match_id. string: account practice
        state reason description bank_reference customer_reference type_code trace trace_originator payer_key.
        bool: is_card. date32: posted_date value_date.
        """
        return self._bank("bank_lines", selects.lines_select, state, **filters)

    def bank_matches(self, *, state: str = "", **filters: Any) -> pd.DataFrame:
        """One row per share of a line that went to a deposit. `state`: proposed, confirmed, rejected, undone.

        int64: match_id bank_line_id deposit_id amount_cents step score_percent difference_cents (line less deposit, of
        the whole match). string: state reasons_json check_number payer_name close_reason. date32: posted_date.
        timestamp: created_at closed_at.
        """
        return self._bank("bank_matches", selects.matches_select, state, **filters)

    def _bank(
        self,
        name: str,
        select: Callable[[BankFilter, Sight], Any],
        state: str,
        *,
        since: date | None = None,
        until: date | None = None,
        account: str = "",
    ) -> pd.DataFrame:
        actor = self._ask_actor()
        actor.require(Permission.BANK_VIEW)
        wanted = BankFilter(since, until, account, state)
        return self._give(actor, name, select(wanted, sight_of(actor)))
