"""Settings of the company, and the day the books are closed through (spec deposits 6.10)."""

from datetime import date

from workbench.domain.posting import ClaimStatus
from workbench.services.deposit_desk.planning import CREDIT_SETTING, CREDIT_STATUS
from workbench.services.deposit_desk.settings import (
    AUTO_POST_DELAY,
    AUTO_POST_MATCHED,
    COMPANY_SETTINGS,
    NO,
    UNLISTED_CODE,
    YES,
)
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import section, stack
from workbench.widgets.kit.typed import date_text
from workbench.widgets.settings.model import CREDIT_WORDS, UNLISTED_WORDS, SettingsModel


def _after(days: int) -> str:
    return "After 1 day" if days == 1 else f"After {days} days"


# Spec 2.6: -1 off, 0 at arrival, 1 to 14 days after the ERA was received.
_DELAYS = [("-1", "Off"), ("0", "At arrival"), *((str(days), _after(days)) for days in range(1, 15))]
_OPTIONS = {
    AUTO_POST_DELAY: _DELAYS,
    AUTO_POST_MATCHED: [(NO, "No"), (YES, "Yes")],
    CREDIT_SETTING: [(value.value, words) for value, words in CREDIT_WORDS.items()],
    CREDIT_STATUS: [(status.value, status.value) for status in ClaimStatus],
    UNLISTED_CODE: [(value.value, words) for value, words in UNLISTED_WORDS.items()],
}
_HELP = {
    AUTO_POST_DELAY: "Days after an ERA was received until it posts by itself; a payer's own value goes first.",
    AUTO_POST_MATCHED: "A deposit then waits until its money is seen at the bank; one of 0.00 never waits.",
    CREDIT_SETTING: "What happens when a claim's balance falls below 0.",
    CREDIT_STATUS: "The status such a claim gets.",
    UNLISTED_CODE: "An adjustment whose group and reason no rule knows.",
}


class OfficeTab:
    def __init__(self, model: SettingsModel) -> None:
        self.model = model
        self.form = Form(
            "Company Settings",
            [
                Field(one.key, one.label, "select", options=_OPTIONS[one.key], help=_HELP[one.key])
                for one in COMPANY_SETTINGS
            ],
            [Action("save", "Save Company Settings", tone="primary")],
            FormEvents(on_press=lambda _: self._save()),
        )
        self.closing = Form(
            "Closed Period",
            [
                Field("closed", "Closed through", "static"),
                Field(
                    "through",
                    "Close through",
                    "date",
                    help="Entries of closed days go to the first open day.",
                ),
            ],
            [Action("close", "Close Days")],
            FormEvents(on_press=lambda _: self._ask()),
        )
        self.asking = Confirm("Close Days", "Close Days")
        self.widget = stack(
            section("Company", self.form), section("Closed Period", self.closing), self.asking
        )

    def refresh(self) -> None:
        self.form.fill(self.model.company())
        closed = self.model.closed_through()
        self.closing.reset({"closed": date_text(closed) or "No day is closed."})
        setup, closing = self.model.setup_blocker(), self.model.closing_blocker()
        self.form.block({}, {"save": setup} if setup else {})
        self.closing.block({}, {"close": closing} if closing else {})

    def _save(self) -> None:
        wrong = self.model.save_company(self.form.values)
        self.form.errors = wrong
        if not wrong:
            self.form.notify("The settings of the company are saved.", "success")

    def _ask(self) -> None:
        if self.closing.errors:
            return  # what was typed is no date; the field says so
        day = self.closing.values["through"]
        if day is None:
            self.closing.errors = {"through": "Type the last day to close."}
            self.closing.focus("through")
            return
        text = f"Close all days through {date_text(day)}? A closed day stays closed."
        self.asking.ask(text, lambda _: self._close(day))

    def _close(self, day: date) -> None:
        self.model.close_through(day)
        self.refresh()
        self.closing.notify(f"The books are closed through {date_text(day)}.", "success")
