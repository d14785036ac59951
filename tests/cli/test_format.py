"""``voxlogica format``, the choice of a dialect, and what commands say of texts that are none."""

import subprocess
import sys
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.processes import PATIENCE
from tests.support.rights import without_rights
from voxlogica_core.cli import exits

_ROOT = Path(__file__).parents[2]
_BAD = 'let a=1   // one\nprint "a"   a\n'
_GOOD = 'let a = 1  // one\nprint "a" a\n'
_DOTTED = 'let a = 5\nprint "a" a .-. 2 .-. 1\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def test_a_file_is_changed_once(desk: Desk) -> None:
    first = desk.voxlogica("format", "program.imgql", program=_BAD)
    assert (first.code, first.err) == (exits.DONE, "program.imgql changed\n")
    assert (desk.folder / "program.imgql").read_text("utf-8") == _GOOD
    again = desk.voxlogica("format", "program.imgql")
    assert (again.code, again.err, again.out) == (exits.DONE, "", "")
    assert [path.name for path in desk.folder.glob(".program*")] == []


def test_a_file_that_is_read_only_stays_as_it_is(desk: Desk) -> None:
    file = desk.folder / "program.imgql"
    file.write_text(_BAD)
    file.chmod(0o444)
    answer = without_rights(desk.folder, "format", "program.imgql")
    assert (answer.code, file.read_text("utf-8")) == (exits.USAGE, _BAD)
    assert answer.err == "voxlogica: program.imgql cannot be written: it is read-only\n"


def test_a_check_changes_nothing(desk: Desk) -> None:
    answer = desk.voxlogica("format", "--check", "program.imgql", program=_BAD)
    assert (answer.code, answer.err) == (exits.FAILED, "program.imgql would change\n")
    assert (desk.folder / "program.imgql").read_text("utf-8") == _BAD
    assert desk.voxlogica("format", "--check", "program.imgql", program=_GOOD).code == exits.DONE


def test_standard_input_goes_to_standard_output(tmp_path: Path) -> None:
    done = subprocess.run(
        [sys.executable, "-m", "voxlogica_core", "format", "-"],
        cwd=_ROOT,
        input="let größe=1\r\n".encode(),
        capture_output=True,
        timeout=PATIENCE,
        check=False,
    )
    assert (done.returncode, done.stdout) == (exits.DONE, "let größe = 1\r\n".encode())


def test_a_broken_statement_is_told_and_left(desk: Desk) -> None:
    answer = desk.voxlogica("format", "program.imgql", program="let  a = (\nlet  b=1\n")
    assert answer.code == exits.ERRORS
    assert "1 statement with a syntax error was left as it is" in answer.err
    assert (desk.folder / "program.imgql").read_text("utf-8") == "let  a = (\nlet b = 1\n"


def test_the_file_keeps_its_mode_its_mark_and_its_link(desk: Desk) -> None:
    target = desk.folder / "target.imgql"
    target.write_bytes(b"\xef\xbb\xbflet a=1")
    target.chmod(0o640)
    (desk.folder / "link.imgql").symlink_to(target)
    assert desk.voxlogica("format", "link.imgql").code == exits.DONE
    assert (desk.folder / "link.imgql").is_symlink()
    assert target.read_bytes() == b"\xef\xbb\xbflet a = 1\n"
    assert target.stat().st_mode & 0o777 == 0o640


@pytest.mark.parametrize(
    ("content", "message"),
    [
        (b"let a = 1\nlet \xe9 = 2", "is not UTF-8 text (byte 0xe9 on line 2): save it as UTF-8"),
        (b"\xff\xfel\x00e\x00t\x00", "is UTF-16 text, UTF-8 is wanted"),
        (None, "there is no program odd.imgql"),
    ],
)
@pytest.mark.parametrize("command", ["format", "check"])
def test_a_file_that_is_no_text_is_told(
    desk: Desk, command: str, content: bytes | None, message: str
) -> None:
    if content is not None:
        (desk.folder / "odd.imgql").write_bytes(content)
    answer = desk.voxlogica(command, "odd.imgql")
    assert answer.code == exits.USAGE
    assert message in answer.err


@pytest.mark.parametrize(
    ("content", "code", "message"),
    [
        (b"", exits.DONE, "nothing to run"),
        (b"// only a comment", exits.DONE, "nothing to run"),
        (b"\xef\xbb\xbf// a mark in front\n", exits.DONE, "nothing to run"),
        (b"let a = 1\x00\n", exits.ERRORS, "The character U+0000 means nothing here"),
        (b"\x00" * 3, exits.ERRORS, "The character U+0000 means nothing here"),
    ],
)
def test_odd_texts_are_answered(desk: Desk, content: bytes, code: int, message: str) -> None:
    (desk.folder / "odd.imgql").write_bytes(content)
    answer = desk.voxlogica("check", "odd.imgql")
    assert answer.code == code, answer.err
    assert message in answer.err


def test_a_dialect_may_be_chosen_for_a_command(desk: Desk) -> None:
    suspected = desk.voxlogica("run", "program.imgql", program=_DOTTED)
    assert suspected.code == exits.ERRORS
    assert "reads-differently-in-voxlogica-1" in suspected.err
    for dialect, value in (("voxlogica1", "4"), ("imgql2", "2")):
        answer = desk.voxlogica("run", "program.imgql", "--dialect", dialect)
        assert (answer.code, answer.out) == (exits.DONE, f"a={value}\n")
        assert desk.voxlogica("plan", "program.imgql", "--dialect", dialect).code == exits.DONE
    assert desk.voxlogica("check", "program.imgql", "--dialect", "v1").code == exits.USAGE
