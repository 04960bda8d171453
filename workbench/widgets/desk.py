"""What screens and dialogs need of the opened workbench, as small as each needs it: tests and notebooks may bring less
than the whole.
"""

from typing import Protocol

from workbench.domain.identity import Actor
from workbench.services.deposit_desk.whole import DepositDesk
from workbench.services.deposits import Deposits


class MoneyDesk(Protocol):
    """Who sits there, and what is done to deposits."""

    @property
    def actor(self) -> Actor: ...
    @property
    def deposit_desk(self) -> DepositDesk: ...


class DepositsDesk(MoneyDesk, Protocol):
    """The same, and what is read of deposits."""

    @property
    def deposits(self) -> Deposits: ...
