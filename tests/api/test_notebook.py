"""VoxLogicA in a notebook: cells of programs, images by their pictures, in a true IPython."""

import subprocess
import sys
from collections.abc import Iterator
from pathlib import Path
from typing import cast

import pytest
from IPython.core.formatters import DisplayFormatter
from IPython.core.interactiveshell import InteractiveShell

import voxlogica_core as vox
from tests.support.desk import Desk
from tests.support.processes import PATIENCE
from voxlogica_core.errors import VoxLogicaError
from voxlogica_core.values.image import Image

_CELL = 'load image = "image.nii.gz"\nlet bright = image > 100\nprint "n" volume(bright)\n'


@pytest.fixture
def shell(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Iterator[InteractiveShell]:
    Desk(tmp_path)
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOXLOGICA_STORE", str(tmp_path / "store"))
    monkeypatch.setenv("IPYTHONDIR", str(tmp_path / "ipython"))
    made = InteractiveShell()
    assert made.history_manager is not None
    made.history_manager.enabled = False
    made.run_line_magic("load_ext", "voxlogica_core.notebook")
    yield made
    made.history_manager.end_session()


def test_a_cell_prints_its_goals_and_hands_values_over(
    shell: InteractiveShell, capsys: pytest.CaptureFixture[str]
) -> None:
    shown = cast("Image", shell.run_cell_magic("imgql", "bright", _CELL))
    assert capsys.readouterr().out == "n=3\n"
    assert shell.user_ns["bright"] is shown
    assert int(shown.voxels.sum()) == 3


def test_an_image_is_shown_by_its_picture_and_in_words(shell: InteractiveShell) -> None:
    shown = shell.run_cell_magic("imgql", "bright", _CELL)
    formats, _ = cast("DisplayFormatter", shell.display_formatter).format(shown)
    assert formats["image/png"].startswith(b"\x89PNG")
    assert formats["text/html"] == "<code>&lt;mask 6×5×4, 1×2×3 mm&gt;</code>"
    assert formats["text/plain"] == "<mask 6×5×4, 1×2×3 mm>"


def test_a_notebook_shows_images_without_the_extension(
    shell: InteractiveShell, tmp_path: Path
) -> None:
    fresh = DisplayFormatter()
    text = 'load image = "image.nii.gz"\nlet bright = image > 100'
    analysis = vox.analyse(text, tmp_path / "program.imgql")
    with vox.Engine(store=":memory:") as engine:
        run = engine.run(analysis.plan, targets=list(analysis.plan.declarations.values())).wait()
        formats, _ = fresh.format(run.value("bright"))
    assert formats["image/png"].startswith(b"\x89PNG")
    assert "mask" in formats["text/html"]
    assert "text/html" in fresh.format(run)[0]
    assert "text/html" in fresh.format(analysis)[0]


def test_images_show_themselves_where_there_is_no_ipython() -> None:
    code = (
        "import sys, numpy as np\nimport voxlogica_core as vox\nvox.analyse('')\n"
        "from voxlogica_core.values.geometry import plain_geometry\n"
        "from voxlogica_core.values.kind import MASK\n"
        "shown = vox.Image(MASK, np.ones((3, 4), bool), plain_geometry((4, 3)))\n"
        "print(shown._repr_png_()[1:4], shown._repr_html_(), 'IPython' in sys.modules)"
    )
    done = subprocess.run(
        [sys.executable, "-c", code], capture_output=True, text=True, timeout=PATIENCE, check=False
    )
    assert done.stdout.startswith("b'PNG' <code>&lt;mask 4×3"), done.stderr
    assert done.stdout.endswith("False\n")


def test_a_run_is_shown_as_a_table_of_its_goals(shell: InteractiveShell) -> None:
    with vox.Engine(store=":memory:") as engine:
        run = engine.run(vox.analyse('print "<n>" 41 + 1\nprint "s" stdev([1])').plan).wait()
    formats, _ = cast("DisplayFormatter", shell.display_formatter).format(run)
    assert "<td>&lt;n&gt;</td><td>42</td><td>done</td>" in formats["text/html"]
    assert "<td>s</td><td>none</td><td>stdev wants two items" in formats["text/html"]
    assert formats["text/plain"].startswith("<Run, ended: 1 of 2 goals done;")


def test_an_analysis_is_shown_by_what_was_found_and_not_by_its_trees(
    shell: InteractiveShell,
) -> None:
    found = vox.analyse('print "x" noise')
    formats, _ = cast("DisplayFormatter", shell.display_formatter).format(found)
    assert "<td>1:11</td><td>error[unbound-name]</td>" in formats["text/html"]
    assert formats["text/plain"] == "<Analysis of a text: 0 declarations, 1 goals, 1 errors>"


@pytest.mark.parametrize(
    ("line", "cell", "said"),
    [
        ("", 'print "x" noise', r"1:11: error\[unbound-name\]"),
        ("gone", "let a = 1", "a value `gone` is wanted"),
    ],
)
def test_wrong_cells_say_what_is_wrong(
    shell: InteractiveShell, line: str, cell: str, said: str
) -> None:
    with pytest.raises(VoxLogicaError, match=said):
        shell.run_cell_magic("imgql", line, cell)
