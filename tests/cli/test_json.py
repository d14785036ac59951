"""What commands print with --json has the shapes that the page on JSON declares."""

import json
import re
from collections.abc import Mapping
from functools import cache
from pathlib import Path

import click
import pytest

from tests.support.desk import Desk
from tests.support.shapes import Shapes, shapes_in
from voxlogica_core.cli import exits
from voxlogica_core.cli.main import outcome, voxlogica
from voxlogica_core.engine.detached import Notes

_PAGE = (Path(__file__).parents[2] / "docs" / "json.md").read_text("utf-8")
_ROWS: list[tuple[str, str]] = re.findall(
    r"^\| `voxlogica ([^`]+)` \| `(\w+)`", _PAGE, re.MULTILINE
)
_PROGRAM = """load image = "image.nii.gz"
let mask = image > 100
print "x" max(image)
print "all" for t in [1, 2] do volume(image > t)
print "bad" stdev([1])
print "no" stdev([1]) + 1
save "mask.nii.gz" mask
"""


@cache
def _shapes() -> Shapes:
    return shapes_in("\n".join(re.findall(r"```ts\n(.*?)```", _PAGE, re.DOTALL)))


@pytest.fixture(scope="module")
def made(tmp_path_factory: pytest.TempPathFactory) -> Desk:
    return Desk(tmp_path_factory.mktemp("json"))


@pytest.fixture
def desk(made: Desk, monkeypatch: pytest.MonkeyPatch, capsys: pytest.CaptureFixture[str]) -> Desk:
    """Return a desk whose store knows a program that was run, with a run that was detached."""
    monkeypatch.chdir(made.folder)
    monkeypatch.setenv("VOXLOGICA_STORE", str(made.folder / "store"))
    Path("FILE").write_text(_PROGRAM)
    assert outcome(["run", "FILE", "--quiet"]) == exits.FAILED
    capsys.readouterr()
    return made


def _printed(capsys: pytest.CaptureFixture[str], *words: str) -> Mapping[str, object]:
    capsys.readouterr()
    outcome(list(words))
    found: Mapping[str, object] = json.loads(capsys.readouterr().out)
    return found


def _assert_shaped(found: Mapping[str, object], shape: str) -> None:
    assert list(_shapes().complaints(found, shape)) == []


@pytest.mark.parametrize(("call", "shape"), _ROWS, ids=[call for call, _ in _ROWS])
def test_what_a_command_prints_has_the_shape_of_the_page(
    desk: Desk, capsys: pytest.CaptureFixture[str], call: str, shape: str
) -> None:
    node = str(_printed(capsys, "why", "FILE", "mask", "--json")["node"])
    notes = Notes(desk.folder / "store")
    if "runs" in call:
        ended = {**_printed(capsys, "run", "FILE", "--json"), "crashes": 0, "restarted": 0}
        notes.end(notes.begin("p.imgql"), ended)
    ids = {"NODE": node, "ID": notes.all()[0].id if notes.all() else "", "NAME": "mask"}
    words = [ids.get(word, word) for word in call.split()]
    if "--metrics" in words:
        outcome(words)
        _assert_shaped(json.loads(Path("OUT.json").read_text("utf-8")), shape)
    else:
        _assert_shaped(_printed(capsys, *words), shape)


def test_a_run_with_failures_tells_them_in_the_shape_of_the_page(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    (desk.folder / "failing.imgql").write_text(
        'print "x" for n in [[1], [1, 2]] do stdev(n)\nprint "wrong" nothing\n'
    )
    found = _printed(capsys, "run", "failing.imgql", "--json", "--keep-going")
    _assert_shaped(found, "Run")
    goal, blocked = found["goals"]  # pyright: ignore
    assert (blocked["outcome"], blocked["node"]) == ("blocked", None)
    assert goal["value"] == [None, 0.7071067811865476]
    assert goal["failed"][0]["item"] == [0]
    (problem,) = found["diagnostics"]  # pyright: ignore
    assert problem["start"] == {"line": 2, "column": 15}


def test_a_detached_run_leaves_a_result_in_the_shape_of_the_page(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    name = str(_printed(capsys, "run", "FILE", "--detach", "--json")["id"])
    assert outcome(["runs", "attach", name]) == exits.FAILED
    found = _printed(capsys, "runs", "show", name, "--json")
    assert found["result"]
    _assert_shaped(found, "DetachedRun")


def test_a_changed_program_tells_its_cause_in_the_shape_of_the_page(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    Path("FILE").write_text(_PROGRAM.replace("100", "120"))
    found = _printed(capsys, "why", "FILE", "mask", "--json")
    assert found["cause"]
    _assert_shaped(found, "Why")


def test_with_paths_the_store_tells_more_in_the_shape_of_the_page(
    desk: Desk, capsys: pytest.CaptureFixture[str]
) -> None:
    _assert_shaped(_printed(capsys, "cache", "list", "--paths", "--json"), "CacheList")
    node = str(_printed(capsys, "why", "FILE", "mask", "--json")["node"])
    found = _printed(capsys, "cache", "show", node, "--paths", "--json")
    _assert_shaped(found, "CacheShow")
    assert found["files"][0]["file"] == "image.nii.gz"  # type: ignore[index]


def test_every_command_that_takes_json_has_its_shape_on_the_page() -> None:
    calls = {re.sub(r" (FILE|NODE|ID|NAME|OUT|--).*", "", call) for call, _ in _ROWS}
    for name, command in _with_json(voxlogica, ""):
        assert name in calls, name
        assert command.help


def _with_json(group: click.Group, before: str) -> list[tuple[str, click.Command]]:
    found: list[tuple[str, click.Command]] = []
    for name in group.list_commands(context := click.Context(group)):
        command = group.get_command(context, name)
        assert command is not None
        if any("--json" in parameter.opts for parameter in command.params):
            found.append((before + name, command))
        if isinstance(command, click.Group):
            found += _with_json(command, f"{name} ")
    return found


@pytest.mark.parametrize(
    ("value", "shape"),
    [
        ({"a": 1}, "A"),
        ({"a": 1, "b": "x", "c": 3}, "A"),
        ({"b": "x"}, "A"),
        ({"a": True, "b": "x"}, "A"),
        ({"a": 1, "b": "z"}, "A"),
        ({"a": 1, "b": None}, "A"),
        ([{"a": 1, "b": "x"}, 3], "A[]"),
        ({"k": 3}, "Record<string,string>"),
    ],
)
def test_what_has_another_shape_is_told(value: object, shape: str) -> None:
    shapes = shapes_in('interface A { a: number; b: "x" | "y" }')
    assert list(shapes.complaints(value, shape))
    assert not list(shapes.complaints({"a": 1, "b": "y"}, "A"))
