"""Output that nobody reads any more, such as behind `head`, and output that has no room."""

import os
import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.desk import Answer, Desk
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


def _through_shell(desk: Desk, line: str, redirected: str, **variables: str) -> Answer:
    """Call the command line as a shell does that closes streams."""
    call = f"exec {sys.executable} -m voxlogica_core {line} {redirected}"
    done = subprocess.run(
        ["sh", "-c", call],
        cwd=desk.folder,
        env=_variables(desk) | variables,
        input="print 'a' 1" if "<" not in redirected else None,
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)


@pytest.mark.parametrize("line", ["run program.imgql --quiet", "run program.imgql --json", "repl"])
def test_results_for_an_output_that_is_closed_are_an_error_in_words(desk: Desk, line: str) -> None:
    answer = _through_shell(desk, line, "< program.imgql >&-")
    assert answer.code == exits.WORLD
    assert answer.err == (
        "voxlogica: the output cannot be written: standard output is closed; send it to a file, or "
        "to /dev/null\n"
    )
    assert (desk.folder / "mask.nii.gz").exists()


def test_who_prints_nothing_needs_no_output(desk: Desk) -> None:
    (desk.folder / "program.imgql").write_text('save "n.json" 1\n')
    answer = _through_shell(desk, "run program.imgql", ">&-")
    assert (answer.code, answer.err.startswith("nodes: ")) == (exits.DONE, True)


def test_messages_go_nowhere_when_errors_are_closed(desk: Desk) -> None:
    assert _through_shell(desk, "run program.imgql", "2>&-") == Answer(exits.DONE, "voxels=3\n", "")
    assert _through_shell(desk, "check gone.imgql", "2>&-") == Answer(exits.USAGE, "", "")


@pytest.mark.parametrize("line", ["run -", "check -", "format -", "repl"])
def test_a_program_is_wanted_of_an_input_that_is_closed(desk: Desk, line: str) -> None:
    answer = _through_shell(desk, line, "<&-")
    assert (answer.code, answer.out) == (exits.USAGE, "")
    assert "standard input cannot be read: Bad file descriptor; a program is wanted" in answer.err


def test_an_encoding_that_lacks_a_letter_has_its_number(desk: Desk) -> None:
    (desk.folder / "program.imgql").write_text('print "größe" "→"\n', "utf-8")
    answer = _through_shell(desk, "run program.imgql -q", "", PYTHONIOENCODING="ascii")
    assert (answer.code, answer.out) == (exits.DONE, "gr\\xf6\\xdfe=\\u2192\n")


def test_a_list_is_as_wide_as_its_terminal_and_whole_in_a_pipe(desk: Desk) -> None:
    command = [sys.executable, "-m", "voxlogica_core", "primitives"]
    with Terminal(command, desk.folder, _variables(desk)) as terminal:
        shown = terminal.until("  Xor").splitlines()
    assert max(len(line) for line in shown) == 110
    assert any(line.endswith("…") for line in shown)
    piped = desk.voxlogica("primitives").out.splitlines()
    assert max(len(line) for line in piped) > 110
    assert not any(line.endswith("…") for line in piped)
