"""Import Claims: our own claims out of 837 files, and out of tables whose columns a person names."""

from collections.abc import Callable
from pathlib import Path
from typing import TYPE_CHECKING, Any

from workbench.services.import_mappings import TableKind
from workbench.widgets.deposits.claims_model import COLUMNS, REQUIRED, ClaimsModel, told, told_findings
from workbench.widgets.deposits.mapping_bar import MappingBar
from workbench.widgets.deposits.model import TONES
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.panel import Dialog
from workbench.widgets.kit.uploader import Outcome, Uploader

if TYPE_CHECKING:
    from workbench.services.claims_import.service import ClaimsOutcome

TITLE = "Import Claims"
_NO_COLUMN = ("", "Not in the table")


class ClaimsDialog:
    """`refresh` runs after claims were stored: deposits that waited for them may show fewer errors."""

    def __init__(self, desk: Any, refresh: Callable[[], None]) -> None:
        self.model = ClaimsModel(desk)
        self._refresh = refresh
        self.uploader = Uploader(
            "Choose Claim Files",
            lambda: self.model.scratch,
            self._take,
            lambda _: self._finished(),
            accept=".837,.txt,.edi,.x12,.csv,.xlsx",
        )
        self.mappings = MappingBar(desk, TableKind.CLAIMS, self._use, lambda: self.model.table.mapping)
        self.columns = Form(
            "Columns of the Claims Table",
            [
                *(
                    Field(field, label, "select", required=field in REQUIRED, options=[_NO_COLUMN])
                    for field, label in COLUMNS.items()
                ),
                Field(
                    "all_of",
                    "Practice of every row",
                    width="12em",
                    max=20,
                    help="Its NPI or TIN, for rows that name none",
                ),
            ],
            [Action("import", "Import Claims", tone="primary", key="Ctrl+Enter")],
            FormEvents(self._map, lambda _: self._store()),
        )
        self.dialog = Dialog(TITLE, self.uploader, self.mappings.form, self.columns, drawer=True)

    def show(self) -> None:
        self.model.table.forget()
        self.uploader.clear()
        self._draw()
        self.dialog.show()

    def _take(self, path: Path, name: str) -> Outcome:
        outcome = self.model.take(path, name)
        if outcome is None:
            return Outcome("read", "good", "Say what its columns are, then press Import Claims.")
        return _shown(outcome)

    def _finished(self) -> None:
        self._draw()
        self._refresh()

    def _draw(self) -> None:
        options = [_NO_COLUMN, *((heading, heading) for heading in self.model.table.headings if heading)]
        for field in COLUMNS:
            self.columns.set_options(field, options)
        self.columns.fill({field: self.model.table.mapping.get(field, "") for field in COLUMNS})
        self.mappings.show(self.model.table.headings)
        self._block()

    def _block(self) -> None:
        missing = self.model.blocked()
        self.columns.block({}, {"import": missing} if missing else {})

    def _map(self, field: str, heading: Any) -> None:
        if field in COLUMNS:
            self.model.table.say(field, heading or "")
            self._block()

    def _use(self, mapping: dict[str, str]) -> None:
        self.model.table.use(mapping)
        self.columns.fill({field: self.model.table.mapping.get(field, "") for field in COLUMNS})
        self._block()

    def _store(self) -> None:
        outcome = self.model.store(str(self.columns.values["all_of"] or ""))
        lines = " ".join(told_findings(outcome))
        tone = "success" if not outcome.findings else "warning"
        self.columns.notify(f"{told(outcome)} {lines}".strip(), tone)
        self.model.table.forget()
        self._finished()


def _shown(outcome: "ClaimsOutcome") -> Outcome:
    return Outcome(outcome.outcome.value, TONES[outcome.outcome], told(outcome), told_findings(outcome))
