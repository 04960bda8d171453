"""Which screens there are, and the frame around them. A new screen adds one line to each table."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any

from workbench.widgets.deposit.view import DepositScreen
from workbench.widgets.deposits.view import DepositsScreen
from workbench.widgets.home.view import HomeScreen
from workbench.widgets.image_batches.view import ImageBatchesScreen
from workbench.widgets.kit.shell import Screen, Shell

# Named as the notebook that opens it. A maker takes the opened desk (`workbench.app.Workbench`) and the shell.
SCREENS: dict[str, Callable[[Any, Shell], Screen]] = {
    "home": HomeScreen,
    "image_batches": ImageBatchesScreen,
    "deposits": DepositsScreen,
    "deposit": DepositScreen,
}
NAVIGATION = {
    "home": "Home",
    "image_batches": "Image Batches",
    "deposits": "Deposits",
    "bank": "Bank",
}


def office_shell(desk: Callable[[], object], first: str) -> Shell:
    """The frame with every screen of the office. `desk` is called when the first screen is entered, not before:
    a warm kernel has opened nothing that belongs to anybody.
    """

    def make(name: str, shell: Shell) -> Screen:
        return SCREENS[name](desk(), shell)

    makers = {name: partial(make, name) for name in SCREENS}
    return Shell(makers, _navigation(makers), first)


def _navigation(makers: Mapping[str, object]) -> dict[str, str]:
    return {page: label for page, label in NAVIGATION.items() if page in makers}
