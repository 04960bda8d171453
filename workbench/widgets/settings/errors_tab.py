"""Which deposit errors stop a deposit, a claim, or nothing (spec deposits 3.2, 5)."""

from workbench.domain.deposit_errors import ERROR_KINDS
from workbench.domain.findings import Severity
from workbench.services.deposit_desk.severities import CHOSEN, severity_choices
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import stack
from workbench.widgets.settings.model import SettingsModel

WORDS = {
    Severity.CRITICAL: "Stops the deposit",
    Severity.BLOCKING: "Stops the claim",
    Severity.WARNING: "Warns only",
}


class ErrorsTab:
    """Kinds that protect the ledger are not here: they cannot be chosen."""

    def __init__(self, model: SettingsModel) -> None:
        self.model = model
        self.form = Form(
            "Deposit Errors",
            [
                Field(code, _name(code), "select", options=_options(code), help=_usual(code))
                for code in sorted(CHOSEN)
            ],
            [Action("save", "Save Deposit Errors", tone="primary")],
            FormEvents(on_press=lambda _: self._save()),
        )
        self.widget = stack(self.form)

    def refresh(self) -> None:
        self.form.fill(self.model.error_severities())
        blocked = self.model.setup_blocker()
        self.form.block({}, {"save": blocked} if blocked else {})

    def _save(self) -> None:
        changed = self.model.save_error_severities(self.form.values)
        kinds = "1 kind of error" if changed == 1 else f"{changed:,} kinds of errors"
        self.form.notify(
            f"{kinds} changed, those that are open as well." if changed else "Nothing was changed."
        )


def _name(code: str) -> str:
    return code.replace("_", " ").capitalize()


def _word(code: str, severity: Severity) -> str:
    """A deposit-level error that is not critical stops no claim: it is listed as work."""
    of_deposit = ERROR_KINDS[code].level.value == "deposit"
    return "Listed as work" if of_deposit and severity is Severity.BLOCKING else WORDS[severity]


def _options(code: str) -> list[tuple[str, str]]:
    return [(severity.value, _word(code, severity)) for severity in severity_choices(code)]


def _usual(code: str) -> str:
    return f"Usually: {_word(code, ERROR_KINDS[code].severity).lower()}."
