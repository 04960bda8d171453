"""Deposits for the screens, the command line and the analysts: find, look, ignore, restore."""

from workbench.services.deposits.actions import DepositActions
from workbench.services.deposits.history import DepositHistory
from workbench.services.deposits.lists import DepositLists
from workbench.services.deposits.views import DepositViews


class Deposits(DepositLists, DepositViews, DepositActions, DepositHistory):
    """All of it behind one name; every method takes the actor first."""


__all__ = ["DepositActions", "DepositHistory", "DepositLists", "DepositViews", "Deposits"]
