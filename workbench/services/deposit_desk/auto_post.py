"""Posting without a hand: which deposits are due, and sending them (spec deposits 2.6)."""

from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date, timedelta

from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.errors import RefusedError
from workbench.services.deposit_desk.desk import day_of, today
from workbench.services.deposit_desk.posting import Posting, Sent
from workbench.services.deposit_desk.provider_money import ProviderMoney
from workbench.services.deposit_desk.settings import (
    AUTO_POST_DELAY,
    AUTO_POST_DEPOSIT,
    AUTO_POST_MATCHED,
    NO,
    OFF,
    YES,
)
from workbench.storage import Database
from workbench.storage.stores.provider_rows import WaitingDeposit


@dataclass(frozen=True, slots=True)
class AutoPosted:
    """One deposit that was due. `refusal`: why it stayed New; None when it was sent."""

    deposit_id: int
    sent: Sent | None
    refusal: str | None


class AutoPost:
    """The payer's value counts when it is set, else the company's. It never confirms a difference.

    The company may hold every deposit until its money is seen at the bank (spec 2.6, our addition).
    """

    def __init__(self, database: Database) -> None:
        self._database = database

    def due(self, actor: Actor, day: date | None = None) -> list[int]:
        """New ERA deposits whose delay is over on `day` (default today), oldest first."""
        actor.require(Permission.DEPOSIT_VIEW)
        with self._database.reading() as stores:
            company = int(stores.office.company_setting(AUTO_POST_DELAY, str(OFF)))
            payers = {
                payer: int(value)
                for payer, value in stores.rules.all_payer_settings(AUTO_POST_DEPOSIT).items()
            }
            waiting = stores.provider_rows.waiting_eras()
            if stores.office.company_setting(AUTO_POST_MATCHED, NO) == YES:
                waiting = [each for each in waiting if each.banked or not each.deposit_cents]
            return [
                each.id
                for each in waiting
                if actor.sees(each.practice_id)
                and _is_due(
                    each,
                    day_of(stores, each.practice_id, each.received_at),
                    day or today(stores, each.practice_id),
                    company,
                    payers,
                )
            ]

    def run(self, actor: Actor, day: date | None = None) -> list[AutoPosted]:
        """Sends what is due. A critical error, or a deposit that does not tie out, stays New (spec 4.3)."""
        actor.require(Permission.DEPOSIT_SEND)
        results = []
        for deposit_id in self.due(actor, day):
            try:
                ProviderMoney(self._database).settle_proposed(actor, deposit_id)
                sent = Posting(self._database).send(actor, deposit_id)
                results.append(AutoPosted(deposit_id, sent, None))
            except RefusedError as refusal:
                results.append(AutoPosted(deposit_id, None, str(refusal)))
        return results


def _is_due(
    deposit: WaitingDeposit, received: date, day: date, company: int, payers: Mapping[int, int]
) -> bool:
    """The payer's days count from the Deposit Date, the company's from receipt (spec 2.6, 8 row 5)."""
    own = None if deposit.payer_id is None else payers.get(deposit.payer_id)
    if own is not None:
        start = deposit.deposited_date or received
        return own != OFF and day >= start + timedelta(days=own)
    return company != OFF and day >= received + timedelta(days=company)
