"""The prompt as a user meets it, through a pipe and at a terminal."""

import re
import subprocess
import sys
from io import BytesIO
from pathlib import Path

import pytest
from PIL import Image

from tests.support.desk import Desk
from tests.support.processes import PATIENCE
from tests.support.terminals import Terminal
from voxlogica_core.cli import exits
from voxlogica_core.cli.repl_session import Session
from voxlogica_core.cli.terminal_picture import can_show, drawn

_ROOT = Path(__file__).parents[2]
_READY = "\x1b[?2004h"
"""Written once whenever a new line is to be typed."""


def _piped(desk: Desk, text: str) -> subprocess.CompletedProcess[str]:
    return subprocess.run(
        [sys.executable, "-m", "voxlogica_core", "repl", "--no-cache"],
        input=text,
        cwd=desk.folder,
        env={"PYTHONPATH": str(_ROOT), "PATH": "", "HOME": str(desk.folder)},
        capture_output=True,
        text=True,
        timeout=PATIENCE,
        check=False,
    )


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_values_of_expressions_and_goals_are_told_at_once(desk: Desk) -> None:
    done = _piped(
        desk,
        'load image = "image.nii.gz"\nlet t = 100\nvolume(image > t)\nit * 2\n'
        'print "largest" max(image)\nimage > t\n',
    )
    assert done.stdout.splitlines() == ["3", "6", "largest=200", "<mask 6×5×4, 1×2×3 mm>"]
    assert (done.returncode, done.stderr) == (exits.DONE, "")


def test_an_error_spoils_its_entry_only_and_the_exit_code_tells(desk: Desk) -> None:
    done = _piped(desk, "let a = 1\nlet b = c + 1\na + 1\nb\n")
    assert done.stdout == "2\n"
    assert "error[unbound-name]: `c` is not defined" in done.stderr
    assert "`b` is not defined" in done.stderr
    assert done.returncode == exits.FAILED


def test_goals_are_reached_once_and_not_kept(desk: Desk) -> None:
    done = _piped(desk, 'let a = 1\nsave "a.json" a\nprint "a" a\n:program\n:write p.imgql\n')
    assert done.stdout == "a=1\nlet a = 1\n"
    assert (desk.folder / "a.json").read_text().strip() == "1"
    assert (desk.folder / "p.imgql").read_text() == "let a = 1\n"


def test_orders_read_files_explain_primitives_and_begin_again(desk: Desk) -> None:
    (desk.folder / "p.imgql").write_text("let a = 41\n")
    done = _piped(desk, ":read p.imgql\na + 1\n:doc near\n:clear\n:program\n:bad\n:quit\n1\n")
    assert done.stdout.startswith("42\n")
    assert "near" in done.stdout
    assert "let a" not in done.stdout
    assert ":bad" in done.stderr


@pytest.mark.parametrize(
    ("entry", "is_whole"),
    [
        ("let a = 3", True),
        ("a", True),
        ("a +", False),
        ("(1 +", False),
        ("(1 +\n2)", True),
        ("let m =", False),
        ('print "m"', False),
        ('print "m" m', True),
        ("let f(x) =\n  x + 1", True),
        ("for i in range(0, 3) do", False),
        ("", True),
        ("broken )", True),
    ],
)
def test_an_entry_goes_on_until_it_is_whole(entry: str, is_whole: bool) -> None:
    assert Session().is_whole(entry) is is_whole


def test_completion_knows_what_was_declared_and_what_is_shipped() -> None:
    session = Session()
    session.take("let threshold = 3")
    assert next(p.name for p in session.proposals("1 + thre", 8)) == "threshold"
    assert "percentiles" in {p.name for p in session.proposals("perc", 4)}


def test_a_terminal_edits_completes_remembers_and_shows_pictures(desk: Desk) -> None:
    command = [sys.executable, "-m", "voxlogica_core", "repl", "--no-cache"]
    state = {"XDG_STATE_HOME": str(desk.folder), "PYTHONPATH": str(_ROOT)}
    with Terminal(command, desk.folder, {**state, "COLORTERM": "truecolor"}) as terminal:
        terminal.until(_READY)
        terminal.type("let threshold = 40\r")
        terminal.until(_READY)
        terminal.type("2 + thresho\t")
        terminal.until("ld")
        terminal.type("\r")
        terminal.until("42\r\n")
        terminal.until(_READY)
        terminal.type("(1 +\r")
        terminal.until("...")
        terminal.type("6)\r")
        terminal.until("7\r\n")
        terminal.until(_READY)
        terminal.type('load image = "image.nii.gz"\r')
        terminal.until(_READY)
        terminal.type("image > 100\r")
        terminal.until("<mask")
        assert "38;2;" in terminal.until("▀")
        terminal.until(_READY)
        terminal.type("\x04")
        assert terminal.ended() == exits.DONE
    history = desk.folder / "voxlogica" / "repl-history"
    assert "let threshold = 40" in history.read_text()
    assert history.stat().st_mode & 0o077 == 0


def test_a_kernel_that_crashes_fails_alone_and_the_session_goes_on(desk: Desk) -> None:
    done = _piped(
        desk,
        'import "test"\nlet a = 3\nprint "before" a\nlet bad = crash(1)\n'
        'print "x" bad + 1\na + 1\n:program\n',
    )
    assert done.stdout.splitlines()[:2] == ["before=3", "4"]
    assert "let bad = crash(1)" in done.stdout
    assert "SIGSEGV" in done.stderr
    assert "`crash` failed: crashed" in done.stderr
    assert done.returncode == exits.FAILED


def test_an_entry_is_answered_before_the_next_is_written(desk: Desk) -> None:
    command = [sys.executable, "-m", "voxlogica_core", "repl", "--no-cache"]
    with subprocess.Popen(
        command, stdin=subprocess.PIPE, stdout=subprocess.PIPE, text=True, cwd=desk.folder
    ) as asked:
        assert asked.stdin
        assert asked.stdout
        for entry, answer in (("20 + 1", "21\n"), ("it * 2", "42\n")):
            asked.stdin.write(f"{entry}\n")
            asked.stdin.flush()
            assert asked.stdout.readline() == answer
        asked.stdin.close()
        assert asked.wait(PATIENCE) == exits.DONE


def test_a_prompt_at_a_terminal_survives_a_crash(desk: Desk) -> None:
    command = [sys.executable, "-m", "voxlogica_core", "repl", "--no-cache"]
    state = {"XDG_STATE_HOME": str(desk.folder), "PYTHONPATH": str(_ROOT)}
    with Terminal(command, desk.folder, state) as terminal:
        terminal.until(_READY)
        terminal.type('import "test"\r')
        terminal.until(_READY)
        terminal.type("let a = crash(1)\r")
        terminal.until(_READY)
        terminal.type("a\r")
        terminal.until("failed: crashed")
        terminal.until(_READY)
        terminal.type("40 + 2\r")
        terminal.until("42\r\n")
        terminal.until(_READY)
        terminal.type("\x04")
        assert terminal.ended() == exits.DONE


def test_two_pixels_share_a_character() -> None:
    picture = Image.new("RGB", (2, 2))
    picture.putdata([(255, 0, 0), (0, 255, 0), (0, 0, 255), (9, 9, 9)])
    file = BytesIO()
    picture.save(file, "PNG")
    found = re.findall(r"38;2;([\d;]+);48;2;([\d;]+)m▀", drawn(file.getvalue(), 2))
    assert found == [("255;0;0", "0;0;255"), ("0;255;0", "9;9;9")]


@pytest.mark.parametrize(
    ("variables", "is_terminal", "shows"),
    [
        ({"COLORTERM": "truecolor"}, True, True),
        ({"COLORTERM": "truecolor"}, False, False),
        ({"COLORTERM": "truecolor", "NO_COLOR": "1"}, True, False),
        ({}, True, False),
    ],
)
def test_pictures_need_a_terminal_with_all_colours(
    variables: dict[str, str], is_terminal: bool, shows: bool
) -> None:
    assert can_show(variables, is_terminal=is_terminal) is shows
