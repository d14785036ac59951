"""Values as files for a viewer, over the wire; and numbers by hand."""

import shutil
from collections.abc import Iterator
from pathlib import Path
from typing import Any

import numpy as np
import pytest
import SimpleITK as sitk

from tests.support.pictures import write_ball
from tests.support.wire import QuickWire, Wire

PROGRAM = """\
load img = "ball.nii.gz"
let bright = intensity(img) >. 50
let levels = for t in [20, 40, 60] do intensity(img) >. t
let count = volume(bright) + 1
print "volume" volume(bright)
"""
NUMBER = {"start": {"line": 1, "character": 31}, "end": {"line": 1, "character": 33}}


@pytest.fixture
def wire(tmp_path: Path) -> Iterator[Wire]:
    write_ball(tmp_path / "ball.nii.gz")
    with QuickWire(tmp_path) as wire:
        wire.initialize()
        yield wire


def at(line: int, character: int) -> dict[str, int]:
    return {"line": line, "character": character}


def view(wire: Wire, uri: str, place: dict[str, int], **options: object) -> Any:
    given = {"folder": str(wire.folder / "views"), "compute": True, **options}
    return wire.command_result("view", uri, place, given)


def voxels(seen: Any) -> Any:
    return sitk.GetArrayFromImage(sitk.ReadImage(seen["view"]["file"]))


def test_a_viewer_gets_the_file_of_any_expression(wire: Wire) -> None:
    uri = wire.open(PROGRAM)
    seen = view(wire, uri, at(1, 5))
    assert (seen["title"], seen["type"], seen["view"]["form"]) == ("bright", "mask", "image")
    ball = sitk.GetArrayFromImage(sitk.ReadImage(str(wire.folder / "ball.nii.gz")))
    assert np.array_equal(voxels(seen), ball > 50)
    loaded = view(wire, uri, at(1, 25))  # `img` inside of an expression
    assert np.array_equal(voxels(loaded), ball)
    assert seen["range"] == {"start": at(1, 4), "end": at(1, 10)}
    assert loaded["title"] == "img"


def test_nothing_is_computed_that_was_not_asked_for(wire: Wire) -> None:
    uri = wire.open(PROGRAM)
    assert view(wire, uri, at(1, 5), compute=False)["view"] is None
    wire.command_result("run", uri)
    assert view(wire, uri, at(1, 5), compute=False)["view"]["form"] == "image"
    assert len(wire.command_result("runs")["history"]) == 1


def test_an_error_elsewhere_in_the_program_is_not_in_the_way(wire: Wire) -> None:
    uri = wire.open(f"{PROGRAM}let broken = bright & (intensity(img) >. (1 / 0))\n")
    assert wire.command_result("run", uri)["goals"] == []
    assert view(wire, uri, at(1, 5))["view"]["form"] == "image"


def test_a_number_that_nobody_has_written_is_tried(wire: Wire) -> None:
    uri = wire.open(PROGRAM)
    before = view(wire, uri, at(1, 5))
    tried = view(wire, uri, at(1, 5), change={"range": NUMBER, "text": "100"})
    assert tried["node"] != before["node"]
    assert 0 < tried["view"]["statistics"]["voxels"] < before["view"]["statistics"]["voxels"]
    later = at(3, 5)
    sized = view(wire, uri, later, change={"range": NUMBER, "text": "100"})["view"]["value"]
    assert sized == tried["view"]["statistics"]["voxels"] + 1
    assert view(wire, uri, at(1, 5))["node"] == before["node"]


def test_a_step_back_computes_nothing(wire: Wire) -> None:
    uri = wire.open(PROGRAM)
    first = view(wire, uri, at(1, 5))
    further = view(wire, uri, at(1, 5), change={"range": NUMBER, "text": "51"})
    assert further["node"] != first["node"]
    assert min(first["computed"], further["computed"]) > 0
    shutil.rmtree(wire.folder / "views")  # the store alone knows
    back = view(wire, uri, at(1, 5))
    assert (back["node"], back["computed"]) == (first["node"], 0)
    assert back["view"] == first["view"]


def test_the_value_of_before_an_edit_comes_from_the_store(tmp_path: Path) -> None:
    write_ball(tmp_path / "ball.nii.gz")
    with QuickWire(tmp_path) as former:
        former.initialize()
        before = view(former, former.open(PROGRAM), at(1, 5))
    shutil.rmtree(tmp_path / "views")
    with QuickWire(tmp_path) as wire:
        wire.initialize()
        uri = wire.open(f"// a note\n{PROGRAM.replace('50', '60')}")
        edit = {"start": at(0, 0), "end": at(2, 34)}
        unedited = "\n".join(PROGRAM.split("\n")[:2])
        found = view(wire, uri, at(2, 5), compute=False, change={"range": edit, "text": unedited})
        assert (found["node"], found["view"]) == (before["node"], before["view"])
        assert found["computed"] == 0


def test_a_number_is_seen_without_a_runner(wire: Wire) -> None:
    seen = view(wire, wire.open(PROGRAM), at(1, 32))
    assert (seen["title"], seen["value"], seen["view"]) == ("50", 50, None)


def test_inside_of_an_edit_a_place_keeps_its_line(wire: Wire) -> None:
    uri = wire.open(PROGRAM)
    edit = {"start": at(1, 0), "end": at(3, 0)}
    text = "let b = intensity(img) >. 70\nlet levels = for t in [1, 2] do intensity(img) >. t\n"
    assert view(wire, uri, at(2, 5), change={"range": edit, "text": text})["title"] == "levels"


def test_an_image_file_is_seen_as_a_program_loads_it(wire: Wire) -> None:
    folder = str(wire.folder / "views")
    path = wire.folder / 'a "ball".nrrd'
    ball = sitk.ReadImage(str(wire.folder / "ball.nii.gz"))
    sitk.WriteImage(ball, str(path))
    seen = wire.command_result("viewFile", str(path), {"folder": folder})
    assert np.array_equal(voxels(seen), sitk.GetArrayFromImage(ball))
    assert seen["view"]["statistics"]["histogram"]["counts"]
    uri = wire.open(f'load it = "{path.name.replace(chr(34), chr(92) + chr(34))}"\n')
    assert view(wire, uri, at(0, 5))["node"] == seen["node"]


def test_why_a_file_is_no_image_is_told(wire: Wire) -> None:
    (wire.folder / "no.nii").write_text("nothing")
    for name in ("no.nii", "missing.nii"):
        path = str(wire.folder / name)
        seen = wire.command_result("viewFile", path, {"folder": str(wire.folder / "views")})
        assert seen["view"]["form"] == "failed"
        assert name in seen["view"]["message"]
    asked = {"command": "imgql.server.viewFile", "arguments": ["no.nii", {"folder": "/tmp"}]}
    assert "absolute" in wire.ask("workspace/executeCommand", asked)["error"]["message"]


def test_a_sequence_gives_a_file_for_each_image(wire: Wire) -> None:
    seen = view(wire, wire.open(PROGRAM), at(2, 5))
    counts = [item["statistics"]["voxels"] for item in seen["view"]["items"]]
    assert len(counts) == 3
    assert counts == sorted(counts, reverse=True)


def test_why_there_is_no_value_is_told(wire: Wire) -> None:
    uri = wire.open('load img = "ball.nii.gz"\nlet far = smoothen(img > 1, min(img) - 1000)\n')
    seen = view(wire, uri, at(1, 5))
    assert seen["view"]["form"] == "failed"
    assert seen["view"]["message"]


def test_numbers_are_stepped_and_listed(wire: Wire) -> None:
    uri = wire.open(PROGRAM)
    found = wire.command_result("number", uri, at(1, 32), {"steps": -2})
    assert (found["text"], found["next"], found["range"]) == ("50", "48", NUMBER)
    assert found["sweep"] == ["30", "35", "40", "45", "50", "55", "60", "65", "70"]
    given = {"values": "1 to 3 by 1"}
    assert wire.command_result("number", uri, at(1, 32), given)["sweep"] == ["1", "2", "3"]
    assert wire.command_result("number", uri, at(1, 5)) is None


@pytest.mark.parametrize("options", [{}, {"folder": "here"}, {"folder": "/x", "change": 3}])
def test_a_wish_that_is_none_is_refused(wire: Wire, options: object) -> None:
    uri = wire.open(PROGRAM)
    params = {"command": "imgql.server.view", "arguments": [uri, at(1, 5), options]}
    assert "wants" in wire.ask("workspace/executeCommand", params)["error"]["message"]
