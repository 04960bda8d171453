"""What the README and the docs promise is there: commands run, targets exist, links lead somewhere."""

import re
import shlex
import subprocess
import sys
import tomllib
from pathlib import Path

import pytest

ROOT = Path(__file__).parents[2]
README = (ROOT / "README.md").read_text(encoding="utf-8")
PAGES = [ROOT / "README.md", ROOT / "CHANGELOG.md", ROOT / "data" / "README.md", *ROOT.glob("docs/**/*.md")]
# `workbench serve` runs until it is stopped; tests/server starts it.
COMMANDS = [
    line.removeprefix("$ ")
    for page in PAGES
    for block in re.findall(r"```console\n(.*?)```", page.read_text(encoding="utf-8"), re.DOTALL)
    for line in block.splitlines()
    if line.startswith("$ ") and "serve" not in line
]


def test_setting_up_takes_exactly_two_commands() -> None:
    section = README.split("## Set up")[1].split("##")[0]
    commands = [line.strip() for line in section.splitlines() if line.startswith("    ")]
    assert commands == ["make run", "make test"]


def test_the_makefile_has_the_targets_that_the_issue_names() -> None:
    targets = set(re.findall(r"^([a-z-]+):", (ROOT / "Makefile").read_text(encoding="utf-8"), re.MULTILINE))
    assert {"run", "test", "deep", "lint", "bench", "clean"} <= targets


@pytest.mark.parametrize("page", PAGES, ids=lambda page: str(page.relative_to(ROOT)))
def test_links_and_pictures_lead_somewhere(page: Path) -> None:
    targets = re.findall(r"\]\(([^)#]+?)(?:#[^)]*)?\)", page.read_text(encoding="utf-8"))
    missing = [target for target in targets if "://" not in target and not (page.parent / target).exists()]
    assert missing == []


def test_commands_run_in_the_order_in_which_they_stand(home: Path, tmp_path: Path) -> None:
    """In one home, as a reader would type them in the checkout. Exit code 1 says: look at what was imported."""
    (tmp_path / "data").symlink_to(ROOT / "data")
    assert any("import" in command for command in COMMANDS)
    for command in COMMANDS:
        program, *arguments = shlex.split(command)
        assert program == "workbench"
        done = subprocess.run(
            [sys.executable, "-m", "workbench", *arguments],
            cwd=tmp_path,
            capture_output=True,
            text=True,
            check=False,
            timeout=180,
        )
        assert done.returncode in (0, 1), f"{command}: {done.stderr}"
        assert done.stdout.strip(), command
        assert "Traceback" not in done.stderr


def requirements() -> dict[str, str]:
    """Name to version of what pyproject.toml asks for."""
    project = tomllib.loads((ROOT / "pyproject.toml").read_text(encoding="utf-8"))["project"]
    wanted = [*project["dependencies"], *project["optional-dependencies"]["test"]]
    return dict(normal(requirement).split("==") for requirement in wanted)


def normal(requirement: str) -> str:
    """Without extras; names as pip compares them."""
    return re.sub(r"\[.*?\]", "", requirement).lower().replace("_", "-")


def test_every_dependency_is_explained_with_its_licence() -> None:
    decision = (ROOT / "docs" / "decisions" / "0000-dependencies.md").read_text(encoding="utf-8")
    words = set(re.findall(r"[a-z0-9-]+", normal(decision)))
    # "adbc-driver-manager, -sqlite, -postgresql" stand in one row.
    words |= {f"adbc-driver{word}" for word in words if word.startswith("-")}
    assert set(requirements()) - words == set()


def test_every_dependency_is_pinned_to_the_version_of_the_constraints() -> None:
    lines = (ROOT / "constraints.txt").read_text(encoding="utf-8").split()
    constraints = dict(normal(line).split("==") for line in lines)
    assert requirements().items() - constraints.items() == set()
