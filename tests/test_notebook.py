"""The notebook that teaches the Python API runs from top to bottom, and says before each cell why."""

from pathlib import Path

import pytest

MISSING = "the extra `notebook` is not installed; pip install -e '.[dev]'"
nbformat = pytest.importorskip("nbformat", reason=MISSING)
nbclient = pytest.importorskip("nbclient", reason=MISSING)
pytest.importorskip("ipykernel", reason=MISSING)

ROOT = Path(__file__).resolve().parent.parent
NOTEBOOK = ROOT / "experiments" / "python_api.ipynb"


@pytest.fixture
def notebook():
    return nbformat.read(NOTEBOOK, as_version=4)


def test_each_cell_is_preceded_by_a_sentence_of_why_and_none_keeps_an_output(notebook):
    kinds = [cell.cell_type for cell in notebook.cells]
    code = [number for number, kind in enumerate(kinds) if kind == "code"]
    assert code
    assert all(kinds[number - 1] == "markdown" for number in code)
    assert not any(notebook.cells[number].outputs for number in code)


def test_it_runs_from_top_to_bottom_and_leaves_nothing_beside_it(notebook, tmp_path, monkeypatch):
    for name in ("TMPDIR", "IPYTHONDIR", "JUPYTER_RUNTIME_DIR"):
        monkeypatch.setenv(name, str(tmp_path))
    monkeypatch.setenv("PYTHONPATH", str(ROOT))
    before = {path.name for path in NOTEBOOK.parent.iterdir()}
    nbclient.NotebookClient(
        notebook, timeout=None, kernel_name="python3", resources={"metadata": {"path": str(NOTEBOOK.parent)}}
    ).execute()  # an error in a cell is raised here
    assert {path.name for path in NOTEBOOK.parent.iterdir()} == before
    said = {
        cell.source: "".join(
            output.get("text", "") + output.get("data", {}).get("text/plain", "") for output in cell.outputs
        )
        for cell in notebook.cells
        if cell.cell_type == "code"
    }

    def printed(call):
        return next(text for source, text in said.items() if call in source)

    assert "did you mean rural_multiplier" in printed("rurall_multiplier")
    assert "much_need_share" in printed("Recorder([own])")
    assert "integrated_pluralism" in printed("caresim.decide(")
    assert "children_care.near_hours" in printed("caresim.sensitivity(")
