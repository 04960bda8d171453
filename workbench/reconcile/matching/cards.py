"""Virtual cards: the bank shows the payment less the processor's fee."""

import numpy as np

from workbench.domain.bank import MatchStep
from workbench.reconcile.matching import settings as score
from workbench.reconcile.matching.joins import counts, window_pairs
from workbench.reconcile.matching.proposals import Found
from workbench.reconcile.matching.settings import MatchSettings
from workbench.reconcile.matching.sides import Flags, Numbers

# A share of the unique pairs that makes a fee rate a usual one, and the fewest pairs that say so.
_USUAL_SHARE, _FEWEST = 0.05, 5


def cards_net_of_fee(found: Found, settings: MatchSettings) -> None:
    """A card deposit and a card line of one practice, days after, less a fee: where only one of each fits.

    Where several fit, the fee rates that the unique ones show may leave only one.
    """
    deposits, lines = found.deposits, found.lines
    loose_d, loose_j = deposits.loose(deposits.card), lines.loose(lines.card)
    d, j = window_pairs(
        (deposits.practice[loose_d], deposits.day[loose_d]),
        (lines.practice[loose_j], lines.day[loose_j]),
        0,
        settings.days,
    )
    d, j = loose_d[d], loose_j[j]
    fee = deposits.amount[d] - lines.amount[j]
    fits = (fee > 0) & (fee <= np.round(deposits.amount[d] * settings.highest_fee) + settings.fixed_fee_cents)
    d, j = d[fits], j[fits]
    alone = _alone(found, d, j)
    usual = _usual_rates(_rate(found, d[alone], j[alone]))
    found.pairs(MatchStep.CARD, d[alone], j[alone], score.CARD)
    likely = ~alone & np.isin(_rate(found, d, j), usual)
    d, j = d[likely], j[likely]
    alone = _alone(found, d, j)
    found.pairs(MatchStep.CARD, d[alone], j[alone], score.CARD_BY_RATE, alternatives=1)


def _alone(found: Found, d: Numbers, j: Numbers) -> Flags:
    one = (counts(d, len(found.deposits.ids))[d] == 1) & (counts(j, len(found.lines.ids))[j] == 1)
    return np.asarray(one, np.bool_)


def _rate(found: Found, d: Numbers, j: Numbers) -> Numbers:
    """The fee in tenths of a percent."""
    paid = found.deposits.amount[d]
    return np.asarray(np.round(1000 * (paid - found.lines.amount[j]) / paid), np.int64)


def _usual_rates(rates: Numbers) -> Numbers:
    values, number = np.unique(rates, return_counts=True)
    return np.asarray(values[number >= max(_FEWEST, _USUAL_SHARE * len(rates))], np.int64)
