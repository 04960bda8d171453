"""One posting in a drawer: its outcome, its errors with what to do, and the account of the claim (spec 6.7)."""

from collections.abc import Callable
from typing import Any

from workbench.widgets.deposit.acts import DepositActs
from workbench.widgets.deposit.claim_edit import ClaimEditor
from workbench.widgets.deposit.copy_dialog import TITLE as COPY
from workbench.widgets.deposit.copy_dialog import CopyDialog
from workbench.widgets.deposit.find_dialog import FindDialog
from workbench.widgets.kit.facts import Facts
from workbench.widgets.kit.form import Action, Form, FormEvents
from workbench.widgets.kit.grid import Grid, Look
from workbench.widgets.kit.panel import Dialog, section, stack
from workbench.widgets.posting import rows
from workbench.widgets.posting.model import PostingModel

BUTTONS = [
    Action("previous", "Previous Posting", key="BracketLeft"),
    Action("next", "Next Posting", key="BracketRight"),
    Action("edit", "Edit", key="Alt+KeyE", title="Correct the amounts of the claim"),
    Action("attach", "Attach a Claim", key="Alt+KeyA", title="Say which claim of ours this is"),
    Action("send", "Send Again", key="Alt+KeyS", title="Post the failed claims of this deposit again"),
    Action("reverse", "Reverse", key="Alt+KeyR", title="Take the posting of this claim back"),
    Action("copy", COPY, key="Alt+KeyC", title="Start a new posting with these amounts"),
    Action("deposit", "Open Deposit", key="Alt+KeyO"),
]


class PostingDrawer:
    """`changed(text, tone)` runs after something was done; `show_deposit` opens the deposit's page."""

    def __init__(
        self,
        desk: Any,
        model: PostingModel,
        changed: Callable[[str, str], None],
        show_deposit: Callable[[int], None],
    ) -> None:
        self.model = model
        self._changed, self._show_deposit = changed, show_deposit
        self.acts = DepositActs(desk, changed)
        self.editor = ClaimEditor(desk, changed)
        self.finder = FindDialog(desk, changed, lambda _: None)
        self.bar = Form("Posting Actions", [], BUTTONS, FormEvents(on_press=self._press))
        self.facts = Facts()
        self.errors = Grid(
            "Errors of this Posting", rows.ERROR_COLUMNS, look=Look(empty="No open errors.", paged=False)
        )
        self.account = Grid(
            "Ledger Entries",
            rows.ACCOUNT_COLUMNS,
            look=Look(empty="Nothing is booked on this claim.", paged=False, height="44vh", key="Alt+KeyL"),
        )
        self.copying = CopyDialog(desk, changed)
        self.dialog = Dialog(
            "Posting",
            self.bar,
            self.facts,
            section("Errors", self.errors),
            section("Ledger Entries", self.account),
            drawer=True,
        )
        self.place = stack(
            self.dialog, self.acts.place, self.editor.place, self.finder.dialog, self.copying.place
        )

    def open(self, deposit_claim_id: int) -> None:
        self.model.open(deposit_claim_id)
        self._draw()

    def refresh(self) -> None:
        """Shows the posting as it is now, when one is open."""
        if self.dialog.shown and self.model.details is not None:
            self.model.show(self.model.details.row.id)
            self._draw()

    def _draw(self) -> None:
        details = self.model.details
        if details is None:
            return
        self.bar.block({}, self.model.blockers())
        self.facts.show(rows.posting_facts(details))
        self.errors.show([rows.error_row(error) for error in details.errors], 0)
        self.account.show([rows.account_row(at, line) for at, line in enumerate(details.account)], 0)
        self.dialog.show(f"Posting of claim {details.row.pcn}")

    def _press(self, name: str) -> None:
        details = self.model.details
        if details is None:
            return
        row = details.row
        if name in ("previous", "next"):
            self._step(-1 if name == "previous" else 1)
        elif name == "edit":
            self.editor.edit(row.id)
        elif name == "attach":
            self.finder.show(row.deposit_id, row.id, row.pcn)
        elif name == "send":
            self.acts.press("send", row.deposit_id)
        elif name == "reverse":
            self.acts.reverse(row.id, row.pcn)
        elif name == "copy":
            self.copying.ask(row.id, row.pcn, row.deposit_id)
        else:
            self._show_deposit(row.deposit_id)

    def _step(self, step: int) -> None:
        found = self.model.neighbour(step)
        if found is not None:
            self.model.show(found)
            self._draw()
