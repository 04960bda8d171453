"""The worked examples run on the demo data, and are stored without outputs."""

from pathlib import Path

import nbclient
import nbformat
import pytest

from workbench.config import ENV_HOME
from workbench.services.demo.names import LAST_NAMES, PLACE_ENDINGS

NOTEBOOKS = Path(__file__).parents[2] / "notebooks"
EXAMPLES = sorted((NOTEBOOKS / "analysis").glob("*.ipynb"))
ALL = sorted(NOTEBOOKS.rglob("*.ipynb"))


def named(path: Path) -> str:
    return path.stem


@pytest.mark.parametrize("path", EXAMPLES, ids=named)
def test_an_example_runs_on_the_demo(
    path: Path, demo_home: Path, monkeypatch: pytest.MonkeyPatch, tmp_path: Path
) -> None:
    """To its end without an error, with a plot, and without a patient's name in what it shows."""
    monkeypatch.setenv(ENV_HOME, str(demo_home))
    notebook = nbformat.read(path, as_version=4)
    client = nbclient.NotebookClient(
        notebook, timeout=180, kernel_name="python3", resources={"metadata": {"path": str(tmp_path)}}
    )
    client.execute()
    outputs = [output for cell in notebook.cells for output in cell.get("outputs", [])]
    kinds = {kind for output in outputs for kind in output.get("data", {})}
    assert "image/png" in kinds
    shown = str(outputs)
    surnames = {last + ending for last in LAST_NAMES for ending in PLACE_ENDINGS}
    assert not [name for name in surnames if name in shown]


def test_every_question_of_the_desk_has_its_example() -> None:
    """Issue D, item 4."""
    assert {path.stem for path in EXAMPLES} >= {
        "remittance_overview",
        "denials_by_payer_and_reason",
        "days_from_service_to_cash",
        "underpayment_against_allowed",
        "take_backs",
        "ageing",
        "clerk_productivity",
        "bank_tie_out",
    }


@pytest.mark.parametrize("path", ALL, ids=named)
def test_a_stored_notebook_holds_no_outputs(path: Path) -> None:
    """Patient data does not belong into a file that goes round."""
    for cell in nbformat.read(path, as_version=4).cells:
        if cell.cell_type == "code":
            assert cell.outputs == []
            assert cell.execution_count is None


@pytest.mark.parametrize("path", sorted(NOTEBOOKS.glob("*.ipynb")), ids=named)
def test_a_clerks_notebook_is_a_title_and_one_call(path: Path) -> None:
    cells = nbformat.read(path, as_version=4).cells
    assert [cell.cell_type for cell in cells] == ["markdown", "code"]
    assert len([line for line in cells[1].source.splitlines() if line.strip()]) <= 3
