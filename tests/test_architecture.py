"""The floor plan of docs/architecture.md, held by a test: a floor imports only floors below it."""

import ast
import graphlib
import sys
from collections.abc import Iterator
from functools import cache
from pathlib import Path

import pytest

PACKAGE = Path(__file__).parent.parent / "workbench"

# The longest matching prefix decides. Rooms of floor 2 do not know each other: services introduce them.
FLOORS = {
    "workbench": 6,  # the package itself: its lazy door
    "workbench.cli": 6,
    "workbench.pages": 6,
    "workbench.__main__": 6,
    "workbench.server": 6,
    "workbench.app": 5,
    "workbench.widgets": 4,
    "workbench.frames": 4,
    "workbench.services": 3,
    "workbench.era": 2,
    "workbench.bank": 2,
    "workbench.images": 2,
    "workbench.scanner": 2,
    "workbench.reconcile": 2,
    "workbench.storage": 2,
    "workbench.domain": 1,
    "workbench.errors": 0,
    "workbench.config": 0,
}
ROOMS = {name for name, floor in FLOORS.items() if floor == 2}
ONLY_IN = {
    "sqlalchemy": "workbench.storage",
    "adbc_driver_manager": "workbench.storage",
    "adbc_driver_sqlite": "workbench.storage",
    "adbc_driver_postgresql": "workbench.storage",
    "alembic": "workbench.storage",
    "sqlglot": "workbench.services.sql",
    "typer": "workbench.cli",
    "voila": "workbench.server",
    "ipywidgets": "workbench.widgets",
    "anywidget": "workbench.widgets",
}
# Principle 9: everywhere else an unexpected exception travels.
MAY_CATCH_EVERYTHING = {"workbench.cli", "workbench.widgets.kit.guard"}
LONGEST_MODULE = 400
LONGEST_FUNCTION = 60


@cache
def modules() -> dict[str, ast.Module]:
    found = {}
    for path in sorted(PACKAGE.rglob("*.py")):
        parts = path.relative_to(PACKAGE.parent).with_suffix("").parts
        name = ".".join(parts[:-1] if parts[-1] == "__init__" else parts)
        found[name] = ast.parse(path.read_text(encoding="utf-8"), filename=str(path))
    return found


def place(module: str, table: set[str]) -> str | None:
    """The longest entry of `table` that `module` is or lies under."""
    fitting = [entry for entry in table if module == entry or module.startswith(entry + ".")]
    return max(fitting, key=len, default=None)


def floor_of(module: str) -> int:
    entry = place(module, set(FLOORS) - {"workbench"})
    if entry is None:
        assert module == "workbench", f"{module} stands on no floor: give it one in FLOORS or move it"
        return FLOORS["workbench"]
    return FLOORS[entry]


def imports(module: str) -> Iterator[str]:
    """Absolute names that a module imports at run time, `TYPE_CHECKING` blocks left out."""
    tree = modules()[module]
    skipped: set[ast.AST] = set()
    for node in ast.walk(tree):
        if isinstance(node, ast.If) and "TYPE_CHECKING" in ast.unparse(node.test):
            skipped.update(child for statement in node.body for child in ast.walk(statement))
    for node in ast.walk(tree):
        if node in skipped:
            continue
        if isinstance(node, ast.Import):
            yield from (alias.name for alias in node.names)
        elif isinstance(node, ast.ImportFrom):
            assert node.level == 0, f"{module}: relative import"
            for alias in node.names:
                full = f"{node.module}.{alias.name}"
                yield full if full in modules() else str(node.module)


EVERY_MODULE = sorted(modules())


@pytest.mark.parametrize("module", EVERY_MODULE)
def test_imports_only_floors_below(module: str) -> None:
    room = place(module, ROOMS)
    for target in imports(module):
        if not target.startswith("workbench") or module == "workbench":
            continue
        if room is not None and place(target, ROOMS) is not None:
            assert place(target, ROOMS) == room, f"room {room} knows room {target}"
        assert floor_of(target) <= floor_of(module), f"{module} imports {target} from a floor above"


@pytest.mark.parametrize("module", EVERY_MODULE)
def test_libraries_stay_in_their_room(module: str) -> None:
    for target in imports(module):
        home = ONLY_IN.get(target.split(".")[0])
        assert home is None or module.startswith(home), f"{module} imports {target}, which only {home} may"


def test_ground_and_words_use_the_standard_library_alone() -> None:
    allowed = set(sys.stdlib_module_names) | {"workbench"}
    for module in EVERY_MODULE:
        if place(module, {"workbench.domain", "workbench.errors"}):
            outside = {target.split(".")[0] for target in imports(module)} - allowed
            assert not outside, f"{module} imports {outside}"


def test_headless_models_draw_nothing() -> None:
    for module in EVERY_MODULE:
        if module.startswith("workbench.widgets.") and module.endswith(".model"):
            drawing = {"ipywidgets", "anywidget", "IPython"} & {
                target.split(".")[0] for target in imports(module)
            }
            assert not drawing, f"{module} imports {drawing}"


def test_no_import_cycles() -> None:
    graph = {
        module: {target for target in imports(module) if target in modules() and target != module}
        for module in EVERY_MODULE
    }
    list(graphlib.TopologicalSorter(graph).static_order())


@pytest.mark.parametrize("module", EVERY_MODULE)
def test_no_imports_inside_functions(module: str) -> None:
    for function in ast.walk(modules()[module]):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            hidden = [
                node.lineno for node in ast.walk(function) if isinstance(node, ast.Import | ast.ImportFrom)
            ]
            assert not hidden, f"{module}:{hidden[0]} imports inside {function.name}"


@pytest.mark.parametrize("module", EVERY_MODULE)
def test_only_the_doors_catch_everything(module: str) -> None:
    if place(module, MAY_CATCH_EVERYTHING):
        return
    for node in ast.walk(modules()[module]):
        if isinstance(node, ast.ExceptHandler):
            caught = "" if node.type is None else ast.unparse(node.type)
            assert caught not in ("", "Exception", "BaseException"), (
                f"{module}:{node.lineno} catches everything"
            )


@pytest.mark.parametrize("module", EVERY_MODULE)
def test_modules_and_functions_stay_small(module: str) -> None:
    if module.startswith("workbench.storage.migrations.versions."):
        return  # generated from the tables, one statement per table
    tree = modules()[module]
    length = max((node.end_lineno or 0 for node in tree.body), default=0)
    assert length <= LONGEST_MODULE, f"{module} has {length} lines"
    for function in ast.walk(tree):
        if isinstance(function, ast.FunctionDef | ast.AsyncFunctionDef):
            lines = (function.end_lineno or 0) - function.lineno + 1
            assert lines <= LONGEST_FUNCTION, f"{module}.{function.name} has {lines} lines"
