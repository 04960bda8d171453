"""The settings page: a tab each for one's own, the office's, payers', rules, ERA amounts, errors and people."""

from collections.abc import Mapping
from typing import Any

from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import Tabs, section, stack
from workbench.widgets.kit.shell import Shell
from workbench.widgets.settings.amounts_tab import AmountsTab
from workbench.widgets.settings.errors_tab import ErrorsTab
from workbench.widgets.settings.model import OWN, SettingsModel
from workbench.widgets.settings.office_tab import OfficeTab
from workbench.widgets.settings.payers_tab import PayersTab
from workbench.widgets.settings.people_model import PeopleModel
from workbench.widgets.settings.people_tab import PeopleTab
from workbench.widgets.settings.rules_tab import RulesTab

_HELP = {
    "claim_search_time_period": "Days in the past that Attach/Find a Claim looks at; one click there searches all.",
    "max_claims_per_deposit_page": "Claims on a page of a deposit before a new page begins.",
}


class SettingsScreen:
    def __init__(self, desk: Any, _shell: Shell) -> None:
        self.model = SettingsModel(desk)
        self.own = Form(
            "My Settings",
            [Field(key, label, "number", required=True, help=_HELP[key]) for key, label in OWN.items()],
            [Action("save", "Save My Settings", tone="primary")],
            FormEvents(on_press=lambda _: self._save_own()),
        )
        self.office = OfficeTab(self.model)
        self.payers = PayersTab(self.model)
        self.rules = RulesTab(self.model)
        self.amounts = AmountsTab(self.model)
        self.errors = ErrorsTab(self.model)
        self.people = PeopleTab(PeopleModel(desk))
        self._tabs = {
            "My Settings": (stack(self.own), self._show_own),
            "Company": (self.office.widget, self.office.refresh),
            "Payers": (self.payers.widget, self.payers.refresh),
            "Rules": (self.rules.widget, self.rules.refresh),
            "ERA Amounts": (self.amounts.widget, self.amounts.refresh),
            "Errors": (self.errors.widget, self.errors.refresh),
            "People": (self.people.widget, self.people.refresh),
        }
        self.tabs = Tabs([(label, page) for label, (page, _) in self._tabs.items()], self._pick)
        self.widget = section("Settings", self.tabs)

    def enter(self, _params: Mapping[str, str]) -> str:
        self._pick(self.tabs.active)
        return "Settings"

    def _pick(self, index: int) -> None:
        """Reads what the tab shows only when it is looked at."""
        self.tabs.active = index
        _, refresh = list(self._tabs.values())[index]
        refresh()

    def _show_own(self) -> None:
        self.own.fill(self.model.own())

    def _save_own(self) -> None:
        if self.own.errors:
            return  # what was typed is no number; the field says so
        wrong = self.model.save_own(self.own.values)
        self.own.errors = wrong
        if wrong:
            self.own.focus(next(iter(wrong)))
        else:
            self.own.notify("Your settings are saved.", "success")
