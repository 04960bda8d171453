"""The audit page's model on a real store: what it finds, what it says, what it lets out."""

from dataclasses import dataclass, field, replace
from datetime import date
from pathlib import Path
from typing import Any

import pytest

from tests.builders import Office
from workbench.config import Settings, read_settings
from workbench.domain.identity import Actor
from workbench.domain.permissions import Permission
from workbench.domain.roles import ROLES, Role
from workbench.images.store import ImageStore
from workbench.services.audit import AuditTrail
from workbench.services.export import Exports
from workbench.services.scan_desk import ScanDesk, furnish
from workbench.widgets.audit.model import AuditModel, Difference, differences, summary


@dataclass
class Desk:
    office: Office
    actor: Actor
    settings: Settings = field(default_factory=read_settings)

    @property
    def audit(self) -> AuditTrail:
        return AuditTrail(self.office.database, self.settings.secrets / "audit.heads")

    @property
    def scan_desk(self) -> ScanDesk:
        return furnish(self.office.database, ImageStore(self.settings.image_store))

    def export(self, frame: Any, path: Path) -> Path:
        return Exports(self.office.database).export(self.actor, frame, path)


@pytest.fixture
def model(office: Office) -> AuditModel:
    """Three events: two of North by two persons, one of South."""
    for who, practice, action, before, after, reason in (
        (office.north_clerk, office.north, "deposit.ignore", {"status": "NEW"}, {"status": "IGNORE"}, "=1+1"),
        (office.supervisor, office.north, "claim.edit", {"paid_cents": [1, 2]}, {"paid_cents": [1, 3]}, ""),
        (office.south_clerk, office.south, "deposit.view", {}, {"claims": 4}, ""),
    ):
        with office.database.transaction() as stores:
            stores.audit.add(
                who, action, "deposit", 7, practice_id=practice, before=before, after=after, reason=reason
            )
    return AuditModel(Desk(office, office.supervisor))


def found(model: AuditModel) -> list[str]:
    return [row.action for row in model.page("at", True, 0, 50).rows if row.action != "audit.begin"]


def as_person(model: AuditModel, actor: Actor) -> AuditModel:
    return AuditModel(replace_actor(model, actor))


def replace_actor(model: AuditModel, actor: Actor) -> Desk:
    desk: Desk = model._desk  # type: ignore[assignment]
    return replace(desk, actor=actor)


def test_newest_first_and_each_filter_narrows(office: Office, model: AuditModel) -> None:
    assert found(model) == ["deposit.view", "claim.edit", "deposit.ignore"]
    narrowings: list[tuple[str, object, list[str]]] = [
        ("user_id", str(office.north_clerk.user_id), ["deposit.ignore"]),
        ("practice_id", str(office.south), ["deposit.view"]),
        ("action", "claim.edit", ["claim.edit"]),
        ("subject_type", "claim", []),
        ("subject_id", 7, ["deposit.view", "claim.edit", "deposit.ignore"]),
        ("text", "IGNORE", ["deposit.ignore"]),
        ("text", "south clerk", ["deposit.view"]),
        ("since", date(2100, 1, 1), []),
        ("until", date(2000, 1, 1), []),
    ]
    for name, value, expected in narrowings:
        assert model.narrow(name, value)
        assert found(model) == expected, name
        assert model.is_narrowed
        model.clear()
    assert not model.is_narrowed


def test_a_person_sees_the_events_of_their_practices_only(office: Office, model: AuditModel) -> None:
    north = replace(office.north_clerk, permissions=ROLES[Role.SUPERVISOR])
    assert found(as_person(model, north)) == ["claim.edit", "deposit.ignore"]
    choices = as_person(model, north).choices()
    assert [name for _, name in choices.practices] == ["North Anesthesia"]
    assert [name for _, name in choices.users] == ["North Clerk", "Supervisor"]


def test_who_may_not_look_is_told_so(office: Office, model: AuditModel) -> None:
    clerk = as_person(model, replace(office.north_clerk, permissions=ROLES[Role.PAYMENT_POSTER]))
    assert found(clerk) == []
    assert clerk.choices().actions == ()
    assert clerk.empty_text() == "You may not look at the audit trail. Ask your supervisor for the right."
    assert set(clerk.blockers()) == {"refresh", "clear", "csv", "xlsx"}
    without = replace(office.supervisor, permissions=frozenset(Permission) - {Permission.EXPORT})
    assert set(as_person(model, without).blockers()) == {"csv", "xlsx"}


def test_before_and_after_side_by_side(model: AuditModel) -> None:
    edit = next(row for row in model.page("at", True, 0, 50).rows if row.action == "claim.edit")
    event = model.event(edit.name)
    assert event == edit
    assert differences(event) == [Difference("paid_cents", "1, 2", "1, 3")]
    assert summary(event) == "paid cents 1, 2 > 1, 3"


def test_the_export_holds_what_the_filter_finds_and_no_formula_and_is_an_event(
    office: Office, model: AuditModel, home: Path
) -> None:
    model.narrow("action", "deposit.ignore")
    name, data = model.export("csv")
    text = data.decode("utf-8-sig")
    assert name == "audit.csv"
    assert text.count("deposit.ignore") == 1
    assert "claim.edit" not in text
    assert "'=1+1" in text
    assert list((home / "scratch").iterdir()) == []
    model.clear()
    assert found(model)[0] == "export"
    assert model.export("xlsx")[1][:2] == b"PK"
