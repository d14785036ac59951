"""Slips that everybody makes: what is said names what came, what was wanted, or the cure."""

import json
import os
import shutil
from pathlib import Path

import pytest

from tests.support.desk import Answer, Desk
from voxlogica_core.cli import exits
from voxlogica_core.cli.main import outcome

_GOOD = 'load t = "image.nii.gz"\nprint "n" volume(t > 100)\n'


class Near:
    """A folder with an image and a program, and the command line in this process."""

    def __init__(self, folder: Path, capture: pytest.CaptureFixture[str]) -> None:
        self.folder, self._capture = folder, capture
        Desk(folder)
        (folder / "good.imgql").write_text(_GOOD)

    def voxlogica(self, *arguments: str) -> Answer:
        code = outcome(list(arguments))
        said = self._capture.readouterr()
        return Answer(code, said.out, said.err)


@pytest.fixture
def desk(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]
) -> Near:
    monkeypatch.chdir(tmp_path)
    monkeypatch.setenv("VOXLOGICA_STORE", str(tmp_path / "store"))
    return Near(tmp_path, capsys)


def _told(answer: Answer, code: int, *words: str) -> None:
    assert (answer.code, answer.out) == (code, ""), answer.err
    for word in words:
        assert word in answer.err, answer.err
    assert "Traceback" not in answer.err
    assert "internal error" not in answer.err


@pytest.mark.parametrize(
    ("name", "content", "said"),
    [
        ("a.imgql", 'print "x" 1\n'.encode("utf-16"), "UTF-16"),
        ("a.imgql", 'print "x" 1\n'.encode("utf-16-be"), "UTF-16"),
        ("a.imgql", 'print "é" 1\n'.encode("latin-1"), "byte 0xe9 on line 1"),
        ("a.imgql", b"\x1f\x8b\x08\x00 packed", "a program is wanted"),
        ("a.imgql", bytes(range(256)), "UTF-8"),
        ("a.png", b"\x89PNG", 'with load image = "a.png"'),
    ],
)
def test_a_file_that_is_no_program_is_told_as_what_it_is(
    desk: Near, name: str, content: bytes, said: str
) -> None:
    (desk.folder / name).write_bytes(content)
    for command in ("run", "check"):
        _told(desk.voxlogica(command, name), exits.USAGE, name, said)


def test_marks_of_other_systems_are_no_mistake(desk: Near) -> None:
    (desk.folder / "a.imgql").write_bytes(b'\xef\xbb\xbfprint "x" 1\r\nprint "y" 2\r\n')
    answer = desk.voxlogica("run", "a.imgql")
    assert (answer.code, answer.out) == (exits.DONE, "x=1\ny=2\n")


def test_a_program_that_is_not_there_is_told_with_those_that_are(desk: Near) -> None:
    (desk.folder / "inner").mkdir()
    shutil.copy(desk.folder / "good.imgql", desk.folder / "inner" / "study.imgql")
    _told(desk.voxlogica("run", "goof.imgql"), exits.USAGE, "did you mean good.imgql?")
    _told(desk.voxlogica("run", "inner/studi.imgql"), exits.USAGE, "mean inner/study.imgql?")
    _told(desk.voxlogica("run", "elsewhere/x.imgql"), exits.USAGE, "no program elsewhere/x.imgql\n")
    _told(desk.voxlogica("run", "inner"), exits.USAGE, "inner is a folder, a program is wanted")


def test_a_name_that_is_empty_and_a_device_without_end_are_no_programs(desk: Near) -> None:
    _told(desk.voxlogica("run", ""), exits.USAGE, "an empty name came")
    _told(desk.voxlogica("check", "/dev/zero"), exits.USAGE, "is longer than 64 MB")


def test_of_a_very_long_line_what_is_near_the_mistake_is_shown(desk: Near) -> None:
    text = f'print "a" {"1 + " * 3000}wrong{" + 1" * 3000}\n'
    (desk.folder / "p.imgql").write_text(text)
    said = desk.voxlogica("check", "p.imgql").err
    assert f"p.imgql:1:{text.index('wrong') + 1}" in said
    shown, carets = said.splitlines()[3:5]
    assert len(shown) < 180
    assert shown[: shown.index("wrong")].endswith("1 + ")
    assert (carets.index("^"), carets.count("^")) == (shown.index("wrong"), 5)
    assert shown.count("…") == 2


@pytest.mark.parametrize(
    ("program", "code", "words"),
    [
        ('print "n" volme(1)', exits.ERRORS, ["did you mean `volume`", "cure: Write `volume`"]),
        (
            'load t = "image.nii.gz"\nprint "n" volume(t)',
            exits.ERRORS,
            ["wants a mask", "an image"],
        ),
        ('load t = "imag.nii.gz"\nprint "n" max(t)', exits.FAILED, ["cure: Write `image.nii.gz`"]),
        ('load t = "/gone/t.nii"\nprint "n" max(t)', exits.FAILED, ["nor is there a folder /gone"]),
        ('load t = "~/t.nii"\nprint "n" max(t)', exits.FAILED, ["~ is not replaced"]),
        ('load t = "http://a.b/t.nii"\nprint "n" max(t)', exits.FAILED, ["addresses are not read"]),
        ('load t = image.nii.gz\nprint "n" max(t)', exits.ERRORS, ['cure: Write `"image.nii.gz"`']),
        ('load t = "good.imgql"\nprint "n" max(t)', exits.FAILED, ["`load` failed", "is no image"]),
        ('import "SimpleItk"\nprint "n" 1', exits.ERRORS, ["cure: Write `simpleitk`"]),
        ('load t = "image.nii.gz"\nsave "t.xyz" t', exits.ERRORS, ["end it with one of .nii.gz"]),
        ('load t = "image.nii.gz"\nsave "t.png" t', exits.FAILED, ["slice_image"]),
        ('save "n.nii.gz" 1', exits.ERRORS, ["a number cannot be saved", ".json"]),
        ("print n 1", exits.ERRORS, ["label in quotes"]),
        ('print "n" (1 + 2', exits.ERRORS, ["`(` is opened here"]),
    ],
    ids=lambda value: value.splitlines()[0] if isinstance(value, str) else "",
)
def test_slips_in_programs_are_told_with_their_cure(
    desk: Near, program: str, code: int, words: list[str]
) -> None:
    (desk.folder / "p.imgql").write_text(program + "\n")
    _told(desk.voxlogica("run", "p.imgql"), code, *words)


def test_images_of_other_grids_are_told_with_both_and_the_cure(desk: Near) -> None:
    examples = Path(__file__).parents[2] / "examples" / "data" / "cases"
    os.symlink(examples / "case1_flair.nii.gz", desk.folder / "other.nii.gz")
    program = _GOOD + 'load o = "other.nii.gz"\nprint "m" max(t + o)\n'
    (desk.folder / "p.imgql").write_text(program)
    answer = desk.voxlogica("run", "p.imgql")
    _told(answer, exits.ERRORS, "6×5×4 voxels", "80×80×51 voxels", "resampleTo(image, reference")


@pytest.mark.parametrize(
    ("line", "words"),
    [
        ("run good.imgql --threads 0", ["a whole number from 1 is wanted, '0' came"]),
        ("run good.imgql --threads many", ["'many' came"]),
        ("run good.imgql --memory lots", ["'lots' is no size", "4G"]),
        ("run good.imgql --set m", ["wants name=value", "'m' came"]),
        ("run good.imgql --set gone=1", ["declares no value `gone`"]),
        ("run good.imgql --stor s", ["No such option", "--store"]),
        ("run good.imgql --output-dir good.imgql", ["good.imgql", "is a file"]),
        ("rum good.imgql", ["did you mean run?"]),
        ("why good.imgql gone", ["'gone' is none", "it has t"]),
        ("plan good.imgql --json --dot", ["one of --json and --dot is wanted"]),
        ("cache show zzz", ["'zzz' is no node id"]),
        ("cache trim --to 5X", ["'5X' is no size"]),
        ("explain unbond-name", ["did you mean unbound-name"]),
        ("runs attach zz", ["no run has an id", "voxlogica runs"]),
    ],
)
def test_slips_in_calls_are_wrong_usage_and_say_what_is_wanted(
    desk: Near, line: str, words: list[str]
) -> None:
    _told(desk.voxlogica(*line.split()), exits.USAGE, *words)


def test_a_folder_for_results_that_cannot_be_made_fails_the_save_in_words(desk: Near) -> None:
    (desk.folder / "p.imgql").write_text('print "n" 1\nsave "n.json" 1\n')
    answer = desk.voxlogica("run", "p.imgql", "--output-dir", "good.imgql/results")
    assert (answer.code, answer.out) == (exits.FAILED, "n=1\n")
    assert "good.imgql/results cannot be made: Not a directory" in answer.err


@pytest.mark.parametrize(
    "line",
    [
        "run good.imgql",
        "run good.imgql --dry-run",
        "plan good.imgql --cost",
        "why good.imgql t",
        "cache list",
        "cache path",
        "cache show abc",
        "cache size",
        "cache verify",
        "cache trim",
        "cache clear --yes",
        "runs",
        "repl",
    ],
)
@pytest.mark.parametrize("place", ["good.imgql", "good.imgql/inner", "astray"])
def test_a_store_where_there_is_a_file_is_told_with_the_ways_round(
    desk: Near, line: str, place: str
) -> None:
    os.symlink("nowhere", desk.folder / "astray")
    answer = desk.voxlogica(*line.split(), "--store", place)
    kind = "a link that leads nowhere" if place == "astray" else "a file"
    found = f"a folder is wanted as store, and {place.removesuffix('/inner')} is {kind}"
    _told(answer, exits.WORLD, found, "--store", "VOXLOGICA_STORE", "--no-cache")


def test_the_doctor_tells_of_a_store_where_there_is_a_file_and_of_all_else(desk: Near) -> None:
    answer = desk.voxlogica("doctor", "--store", "good.imgql")
    assert answer.code == exits.WORLD
    assert "a folder is wanted as store, and " in answer.err
    assert "damaged" not in answer.err
    assert "primitives" in answer.out


def test_the_path_of_a_save_is_absolute_in_json_whatever_folder_is_asked_for(desk: Near) -> None:
    (desk.folder / "p.imgql").write_text('save "n.json" 1\n')
    place = str(desk.folder / "results" / "n.json")
    for more in ([], ["--dry-run"]):
        answer = desk.voxlogica("run", "p.imgql", "--output-dir", "results", "--json", *more)
        found = json.loads(answer.out)
        goals = found["programs"][0]["goals"] if more else found["goals"]
        assert goals[0]["label" if more else "value"] == place
    dry = desk.voxlogica("run", "p.imgql", "--output-dir", "results", "--dry-run")
    assert dry.out.startswith("would save results/n.json\n")
