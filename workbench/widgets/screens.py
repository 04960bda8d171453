"""Which screens there are, and the frame around them. A new screen adds one line to each table."""

from collections.abc import Callable, Mapping
from functools import partial
from typing import Any, Protocol

from workbench.domain.identity import Actor
from workbench.services.scan_desk import ScanDesk
from workbench.widgets.audit.view import AuditScreen
from workbench.widgets.bank.view import BankScreen
from workbench.widgets.deposit.view import DepositScreen
from workbench.widgets.deposits.view import DepositsScreen
from workbench.widgets.home.view import HomeScreen
from workbench.widgets.image_batches.view import ImageBatchesScreen
from workbench.widgets.image_viewer.view import ImageViewerScreen
from workbench.widgets.kit.shell import Screen, Shell
from workbench.widgets.posting.view import PostingScreen
from workbench.widgets.settings.view import SettingsScreen

# Named as the notebook that opens it. A maker takes the opened desk (`workbench.app.Workbench`) and the shell.
SCREENS: dict[str, Callable[[Any, Shell], Screen]] = {
    "home": HomeScreen,
    "image_batches": ImageBatchesScreen,
    "image_viewer": ImageViewerScreen,
    "deposits": DepositsScreen,
    "deposit": DepositScreen,
    "posting": PostingScreen,
    "bank": BankScreen,
    "audit": AuditScreen,
    "settings": SettingsScreen,
}
NAVIGATION = {
    "home": "Home",
    "image_batches": "Image Batches",
    "deposits": "Deposits",
    "posting": "Posting",
    "bank": "Bank",
    "audit": "Audit",
    "settings": "Settings",
}


class Desk(Protocol):
    """What the frame itself needs of the opened workbench."""

    @property
    def actor(self) -> Actor: ...
    @property
    def scan_desk(self) -> ScanDesk: ...


def office_shell(desk: Callable[[], Desk], first: str) -> Shell:
    """The frame with every screen of the office; nothing of the office is read before a screen is entered."""

    def welcome(shell: Shell) -> None:
        shell.user, shell.practice = desk().actor.name, _practices(desk())

    makers = {name: partial(_make, name, desk) for name in SCREENS}
    return Shell(makers, _navigation(makers), first, welcome)


def _make(name: str, desk: Callable[[], Desk], shell: Shell) -> Screen:
    return SCREENS[name](desk(), shell)


def _practices(desk: Desk) -> str:
    """The practice of the person, or how many they work for."""
    practices = desk.scan_desk.choices.practices(desk.actor)
    return practices[0].name if len(practices) == 1 else f"{len(practices)} practices"


def _navigation(makers: Mapping[str, object]) -> dict[str, str]:
    return {page: label for page, label in NAVIGATION.items() if page in makers}
