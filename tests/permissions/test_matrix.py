"""The permission matrix (matrix.txt), row by row: every role, every state, the own practice and another."""

import functools
import inspect
from collections.abc import Iterator
from dataclasses import dataclass, fields, is_dataclass
from pathlib import Path
from typing import Any

import pandas as pd
import pytest

from tests.permissions.calls import call_of
from tests.permissions.scene import BATCH_STATES, DEPOSIT_STATES, OTHER, Place, Scene, built
from workbench.app import Workbench
from workbench.domain.identity import Actor
from workbench.domain.roles import Role
from workbench.domain.scan_batch.words import BatchType
from workbench.errors import ChangedByAnotherError, NotFoundError, NotPermittedError, RefusedError

COLUMNS = (
    Role.SCAN_CLERK, Role.CODER, Role.PAYMENT_POSTER, Role.SUPERVISOR, Role.READ_ONLY, Role.ANALYST,
    Role.ADMINISTRATOR,
)  # fmt: skip
PAPER = {"y": set(BatchType), ".": set[BatchType](), "c": {BatchType.CHARGE}, "p": {BatchType.PAYMENT}}
# What is reached by a name with an underscore but is an action of the person all the same.
BESIDES = {"sql", "export"}


@dataclass(frozen=True)
class Line:
    """One line of the table."""

    action: str
    on: str
    elsewhere: str
    cells: tuple[str, ...]

    def allows(self, role: Role, kind: BatchType) -> bool:
        return kind in PAPER[self.cells[COLUMNS.index(role)]]


def lines() -> list[Line]:
    text = (Path(__file__).parent / "matrix.txt").read_text(encoding="utf-8")
    rows = [row.split() for row in text.splitlines() if row.strip() and not row.startswith("#")]
    return [Line(action, on, elsewhere, tuple(cells)) for action, on, elsewhere, *cells in rows]


LINES = lines()


@pytest.fixture(scope="module")
def scene(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Scene]:
    made = built(tmp_path_factory.mktemp("matrix"))
    yield made
    made.wb.close()


def services(thing: Any, name: str) -> Iterator[tuple[str, Any]]:
    """A service and the services within it, each with its name."""
    yield name, thing
    within = {each.name: getattr(thing, each.name) for each in fields(thing)} if is_dataclass(thing) else {}
    for key, member in vars(type(thing)).items():
        if isinstance(member, functools.cached_property) and not key.startswith("_"):
            within[key] = getattr(thing, key)
    for key, each in within.items():
        if type(each).__module__.startswith("workbench.services"):
            yield from services(each, f"{name}.{key}")


def public_methods(workbench: Workbench) -> set[str]:
    """Every public method of every service, by the first name under which it is found."""
    seen: dict[Any, str] = {}
    for name, member in vars(Workbench).items():
        if isinstance(member, functools.cached_property) and not name.startswith("_"):
            for path, service in services(getattr(workbench, name), name):
                for method, function in inspect.getmembers(type(service), inspect.isfunction):
                    if not method.startswith("_"):
                        seen.setdefault(function, f"{path}.{method}")
    return set(seen.values())


def test_every_action_has_a_row_and_every_row_an_action(scene: Scene) -> None:
    assert len({line.action for line in LINES}) == len(LINES)
    assert {line.action for line in LINES} - BESIDES == public_methods(scene.wb)


def test_every_row_is_complete() -> None:
    for line in LINES:
        assert len(line.cells) == len(COLUMNS), line.action
        assert set(line.cells) <= set(PAPER), line.action
        assert line.elsewhere in ("hidden", "choice", "less", "-"), line.action


# What may be done without an event: nothing of a patient or of money is changed by it.
UNAUDITED = {
    # One's own.
    "user_settings.set", "scan_desk.lists.set_search_defaults", "scan_desk.profiles.use", "scan_desk.profiles.keep",
    "scan_desk.profiles.forget",
    # Figures worked out anew from the same rows; what a person decided stays.
    "deposit_desk.errors.recompute",
    # A file of which nothing came in: `import_log` keeps who brought it and why.
    "remittance_import.import_remittance", "claims_import.import_837", "claims_import.import_file",
    # How files of scans went, kept by `image_imports`; what came in of them is audited where it is added.
    "scan_desk.journal.begin", "scan_desk.journal.begin_all", "scan_desk.journal.dismiss", "scan_desk.journal.fail",
    "scan_desk.journal.fail_all", "scan_desk.journal.finish", "scan_desk.journal.finish_all",
}  # fmt: skip


def places(scene: Scene, line: Line, practice: int) -> list[Place]:
    """The things that the action is tried on."""
    if line.on == "deposit":
        return [scene.deposits[practice, state] for state in DEPOSIT_STATES]
    if line.on in ("batch", "unposted", "posted"):
        return [
            scene.batches[practice, kind, stage]
            for kind, stage in BATCH_STATES
            if line.on == "batch" or (stage == "unposted") == (line.on == "unposted")
        ]
    return [scene.places[practice]]


def outcome(scene: Scene, line: Line, place: Place, who: Actor) -> tuple[str, Any]:
    """`works`, `refused by a rule`, `not permitted` or `not found`, and what was given."""
    try:
        return "works", call_of(line.action)(scene, place, who)
    except NotPermittedError:
        return "not permitted", None
    except NotFoundError:
        return "not found", None
    except (RefusedError, ChangedByAnotherError):
        return "refused by a rule", None


def told(given: Any) -> str:
    """Everything that an answer says."""
    return given.to_csv() if isinstance(given, pd.DataFrame) else repr(given)


TRIED = [line for line in LINES if line.on not in ("open", "inner")]


@pytest.mark.parametrize("line", TRIED, ids=[line.action for line in TRIED])
def test_in_the_own_practice_a_role_does_what_its_cell_says(scene: Scene, line: Line) -> None:
    for place in places(scene, line, scene.office.north):
        for role in COLUMNS:
            with scene.watched() as watch:
                found, given = outcome(scene, line, place, scene.people[role])
                changed, audited = watch.changed, watch.audited
            case = f"{line.action} of {role.value} on {place.kind.value} batch {place.batch}, deposit {place.deposit}"
            if line.allows(role, place.kind):
                assert audited or not changed or line.action in UNAUDITED, f"{case} left no event"
                assert found in ("works", "refused by a rule"), f"{case}: {found}"
                assert line.elsewhere != "less" or OTHER not in told(given), f"{case} shows another practice"
            else:
                assert found == "not permitted", f"{case}: {found}"
                assert not changed, f"{case} changed something"
            if changed:
                scene.restore()


HIDDEN = [line for line in TRIED if line.elsewhere in ("hidden", "choice")]


@pytest.mark.parametrize("line", HIDDEN, ids=[line.action for line in HIDDEN])
def test_a_thing_of_another_practice_is_not_there(scene: Scene, line: Line) -> None:
    for place in places(scene, line, scene.office.south):
        for role in COLUMNS:
            with scene.watched() as watch:
                found, _ = outcome(scene, line, place, scene.people[role])
                changed = watch.changed
            case = f"{line.action} of {role.value} on {place.kind.value} batch {place.batch}, deposit {place.deposit}"
            allowed = line.allows(role, place.kind)
            expected = "not found" if line.elsewhere == "hidden" else "refused by a rule"
            assert found == expected or (not allowed and found == "not permitted"), f"{case}: {found}"
            assert not changed, f"{case} changed something"
