"""The dialog that says whose a bank account is."""

from collections.abc import Callable
from typing import Any

from workbench.widgets.bank.model import BankModel, Desk
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Column, Grid, GridEvents, Look, Row
from workbench.widgets.kit.panel import Dialog

_SHARED = ""  # the choice of no practice


class AccountsWindow:
    """Accounts come with the first statement that names them; here they get a name and a practice."""

    def __init__(self, model: BankModel, desk: Desk, refresh: Callable[[], None]) -> None:
        self._model, self._desk, self._refresh = model, desk, refresh
        self._account_id: int | None = None
        self.grid = Grid(
            "Bank Accounts",
            [Column("number", "Account", sortable=False), Column("name", "Name", sortable=False),
             Column("practice", "Practice", sortable=False)],
            GridEvents(on_use=self.pick),
            Look(empty="No account yet. The first statement brings it.", paged=False, selectable="single"),
        )  # fmt: skip
        self.form = Form(
            "Account",
            [
                Field("number", "Account", "static"),
                Field("name", "Name", max=80),
                Field(
                    "practice",
                    "Practice",
                    "select",
                    help="Matches look at the deposits of this practice only.",
                ),
            ],
            [Action("save", "Save Account", tone="primary")],
            FormEvents(on_press=lambda _: self.save()),
        )
        self.dialog = Dialog("Bank Accounts", self.grid, self.form)

    def open(self) -> None:
        practices = self._desk.bank.imports.practices(self._desk.actor)
        shared = (_SHARED, "Shared by practices")
        self.form.set_options("practice", [shared, *((str(each.id), each.name) for each in practices)])
        self.look()
        accounts = self._model.accounts()
        if accounts:
            self.pick(accounts[0].id)
        self.dialog.show()

    def look(self) -> None:
        names = {each.id: each.name for each in self._desk.bank.imports.practices(self._desk.actor)}
        rows = [
            Row(each.id, [each.number, each.name, names.get(each.practice_id or 0, "Shared by practices")])
            for each in self._model.accounts()
        ]
        self.grid.show(rows, len(rows))

    def pick(self, account_id: Any) -> None:
        """Puts an account into the form."""
        for each in self._model.accounts():
            if each.id == account_id:
                self._account_id = each.id
                practice = _SHARED if each.practice_id is None else str(each.practice_id)
                self.form.fill({"number": each.number, "name": each.name, "practice": practice})

    def save(self) -> None:
        if self._account_id is None:
            return
        values = self.form.values
        practice = int(values["practice"]) if values["practice"] else None
        name = str(values["name"] or "").strip()
        self._desk.bank.imports.assign_account(self._desk.actor, self._account_id, name, practice)
        self.look()
        self._refresh()
        self.form.notify("The account is saved.", "success")
