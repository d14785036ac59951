"""Output that nobody reads any more, such as behind `head`, and output that has no room."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.processes import PATIENCE
from tests.support.terminals import Terminal
from voxlogica_core.cli import exits

_PROGRAM = 'load image = "image.nii.gz"\nsave "mask.nii.gz" image > 100\nprint "voxels" 3\n'
_ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    made = Desk(tmp_path)
    (tmp_path / "program.imgql").write_text(_PROGRAM)
    return made


def _variables(desk: Desk) -> dict[str, str]:
    return {
        **os.environ,
        "VOXLOGICA_STORE": str(desk.folder / "store"),
        "PYTHONPATH": f"{_ROOT}{os.pathsep}{_ROOT / 'server'}",
    }


def _unread(desk: Desk, *arguments: str, errors_too: bool) -> subprocess.CompletedProcess[str]:
    """Call the command line with a pipe behind it that nobody reads."""
    reader, writer = os.pipe()
    os.close(reader)
    try:
        return subprocess.run(
            [sys.executable, "-m", "voxlogica_core", *arguments],
            cwd=desk.folder,
            env=_variables(desk),
            stdin=subprocess.DEVNULL,
            stdout=writer,
            stderr=writer if errors_too else subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    finally:
        os.close(writer)


@pytest.mark.parametrize(
    "line",
    [
        "--help",
        "--version",
        "primitives",
        "primitives --json",
        "plan program.imgql --json",
        "cache path",
        "run --help",
    ],
)
def test_who_has_read_enough_is_told_nothing(desk: Desk, line: str) -> None:
    done = _unread(desk, *line.split(), errors_too=False)
    assert (done.returncode, done.stderr) == (exits.UNREAD, "")


@pytest.mark.parametrize("flags", [["--quiet"], ["--json"]])
def test_a_run_whose_output_nobody_reads_has_saved_and_kept_all(
    desk: Desk, flags: list[str]
) -> None:
    done = _unread(desk, "run", "program.imgql", *flags, errors_too=False)
    assert (done.returncode, done.stderr) == (exits.UNREAD, "")
    assert (desk.folder / "mask.nii.gz").exists()
    again = desk.voxlogica("run", "program.imgql", "--json")
    assert again.object["nodes"]["computed"] == 0  # type: ignore[index]


@pytest.mark.parametrize("line", ["run program.imgql -vv", "check nowhere.imgql", "run"])
def test_where_nobody_reads_errors_either_the_code_is_the_same(desk: Desk, line: str) -> None:
    assert _unread(desk, *line.split(), errors_too=True).returncode == exits.UNREAD


@pytest.mark.skipif(not Path("/dev/full").exists(), reason="only Linux has a device that is full")
@pytest.mark.parametrize("line", ["--help", "run program.imgql --quiet"])
def test_output_that_has_no_room_is_told_in_words(desk: Desk, line: str) -> None:
    with open("/dev/full", "w", encoding="utf-8") as full:
        done = subprocess.run(
            [sys.executable, "-m", "voxlogica_core", *line.split()],
            cwd=desk.folder,
            env=_variables(desk),
            stdout=full,
            stderr=subprocess.PIPE,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
    assert done.returncode == exits.WORLD
    assert done.stderr == (
        "voxlogica: the output cannot be written: No space left on device; make room there, or "
        "send it elsewhere\n"
    )


def test_a_list_is_as_wide_as_its_terminal_and_whole_in_a_pipe(desk: Desk) -> None:
    command = [sys.executable, "-m", "voxlogica_core", "primitives"]
    with Terminal(command, desk.folder, _variables(desk)) as terminal:
        shown = terminal.until("  Xor").splitlines()
    assert max(len(line) for line in shown) == 110
    assert any(line.endswith("…") for line in shown)
    piped = desk.voxlogica("primitives").out.splitlines()
    assert max(len(line) for line in piped) > 110
    assert not any(line.endswith("…") for line in piped)
