"""The list of commands is honest, and quick."""

import subprocess
import sys

import pytest

from tests.cli.commands import workbench
from workbench.cli.application import COMMANDS, load

HEAVY = ("pandas", "pyarrow", "numpy", "sqlalchemy", "voila", "ipywidgets", "PIL")


@pytest.mark.parametrize("name", COMMANDS)
def test_the_stand_in_says_what_the_command_says(name: str) -> None:
    command = load(name)
    assert command.name == name
    first_sentence = command.help.split("\n\n")[0].replace("\n", " ")
    assert first_sentence.startswith(COMMANDS[name][1].rstrip("."))


@pytest.mark.parametrize(
    "arguments", [["--help"], ["import", "--help"], ["import", "no-such-file"], ["impor"]]
)
def test_help_and_wrong_calls_load_nothing_heavy(arguments: list[str]) -> None:
    """A stop-watch would measure the machine; what is loaded is what takes the time."""
    script = (
        "import sys\n"
        "from workbench.cli import main\n"
        "try:\n    main()\n"
        f"finally:\n    sys.stderr.write('LOADED ' + ' '.join(name for name in {HEAVY} if name in sys.modules))"
    )
    done = subprocess.run(
        [sys.executable, "-c", script, *arguments], capture_output=True, text=True, check=False, timeout=60
    )
    assert done.stderr.endswith("LOADED "), done.stderr


def test_a_typing_error_gets_a_hint() -> None:
    done = workbench("impotr", "x")
    assert done.returncode == 2
    assert "Did you mean 'import'" in done.stderr
