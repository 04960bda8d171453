"""Setup of people: a list, and a form that adds or changes one of them."""

from typing import Any

from workbench.domain.roles import Role
from workbench.services.people import clean_login
from workbench.widgets.kit.confirm import Confirm
from workbench.widgets.kit.form import Action, Field, Form, FormEvents
from workbench.widgets.kit.grid import Column, Grid, GridEvents, Look, Row
from workbench.widgets.kit.panel import section, stack
from workbench.widgets.settings.people_model import LABEL, PeopleModel

COLUMNS = [
    Column("login", "Login", sortable=False),
    Column("name", "Name", sortable=False),
    Column("roles", "Roles", sortable=False, width="24em"),
    Column("practices", "Practices", sortable=False, width="24em"),
    Column("active", "Active", sortable=False),
]


class PeopleTab:
    def __init__(self, model: PeopleModel) -> None:
        self.model = model
        practices = model.practices()
        self.form = Form(
            "Person",
            [
                Field("login", "Login", required=True, max=50, help="As typed at the sign-in."),
                Field("name", "Name", max=100),
                *(Field(LABEL[role], role.label, "checkbox") for role in Role),
                *(Field(f"practice_{at}", name, "checkbox") for at, name in enumerate(practices)),
            ],
            [
                Action("save", "Save Person", tone="primary"),
                Action("password", "New Password"),
                Action("deactivate", "Deactivate"),
                Action("activate", "Activate"),
            ],
            FormEvents(on_press=self._press),
        )
        self.grid = Grid(
            "People",
            COLUMNS,
            GridEvents(on_use=self._choose),
            Look(empty="Nobody is named: this is one desk.", selectable="single", paged=False, height="40vh"),
        )
        self.asking = Confirm("Deactivate Person", "Deactivate")
        self.widget = stack(self.grid, section("Person", self.form), self.asking)

    def refresh(self) -> None:
        people = self.model.people()
        rows = [
            Row(
                person.login,
                [
                    person.login,
                    person.name,
                    ", ".join(role.label for role in person.roles),
                    ", ".join(person.practices),
                    "Yes" if person.active else "No",
                ],
                tone="" if person.active else "muted",
            )
            for person in people
        ]
        self.grid.show(rows, len(rows))
        blocker = self.model.blocker()
        actions = ("save", "password", "deactivate", "activate")
        self.form.block({}, dict.fromkeys(actions, blocker) if blocker else {})

    def _choose(self, login: Any) -> None:
        person = next(person for person in self.model.people() if person.login == login)
        self.form.fill(self.model.values(person))

    def _press(self, action: str) -> None:
        if not self.form.values["login"]:
            self.form.errors = {"login": "Type a login, or choose a person in the list."}
            self.form.focus("login")
            return
        login = clean_login(str(self.form.values["login"]))
        if action == "deactivate":
            self.asking.ask(
                f"Shall {login} no longer sign in?", lambda _: self._set_active(login, active=False)
            )
            return
        if action == "activate":
            self._set_active(login, active=True)
        elif action == "password":
            # A warning stays until it is dismissed.
            told = f"The password of {login} is {self.model.new_password(login)} . It is shown only now."
            self.form.notify(told, "warning")
        else:
            self.form.notify(self.model.save(self.form.values), "success")
        self.refresh()

    def _set_active(self, login: str, *, active: bool) -> None:
        self.model.set_active(login, active=active)
        self.form.notify(
            f"{login} may sign in again." if active else f"{login} can no longer sign in.", "success"
        )
        self.refresh()
