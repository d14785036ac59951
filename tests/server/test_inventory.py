"""What outlives programs, over the wire: lists of runs, what the store holds, exports, trimming."""

from collections.abc import Iterator
from pathlib import Path
from typing import Any

import pytest

from tests.support.pictures import write_ball
from tests.support.wire import QuickWire, Wire

PROGRAM = """\
load img = "ball.nii.gz"
let bright = intensity(img) >. 50
print "volume" volume(bright)
save "bright.nii.gz" bright
"""


@pytest.fixture(scope="module")
def wire(tmp_path_factory: pytest.TempPathFactory) -> Iterator[Wire]:
    """A server whose store knows one program."""
    folder = tmp_path_factory.mktemp("inventory")
    write_ball(folder / "ball.nii.gz")
    with QuickWire(folder) as wire:
        wire.initialize()
        assert wire.command_result("runs")["history"] == []
        assert wire.command_result("store")["entries"] == []
        wire.command_result("run", wire.open(PROGRAM))
        yield wire


def complaint(wire: Wire, name: str, *arguments: object) -> str:
    params = {"command": f"imgql.server.{name}", "arguments": list(arguments)}
    return wire.ask("workspace/executeCommand", params)["error"]["message"]


def entry(wire: Wire, name: str) -> dict[str, Any]:
    entries = wire.command_result("store")["entries"]
    return next(each for each in entries if name in each["names"])


def test_declarations_tell_their_type_and_what_they_took(wire: Wire) -> None:
    rows = wire.command_result("status", (wire.folder / "program.imgql").as_uri())
    bright = next(row for row in rows if row["name"] == "bright")
    assert (bright["type"], bright["status"], bright["message"]) == ("mask", "kept", None)
    assert bright["seconds"] > 0
    assert bright["bytes"] > 1000


def test_a_run_is_in_the_list_with_its_program_and_outcome(wire: Wire) -> None:
    found = wire.command_result("runs")
    assert found["detached"] == []
    latest = found["history"][0]
    assert latest["program"].endswith("program.imgql")
    assert (latest["outcome"], latest["failures"]) == ("ended", 0)
    assert latest["begun"] <= latest["ended"]


def test_the_store_tells_its_size_its_limit_and_what_it_holds(wire: Wire) -> None:
    found = wire.command_result("store", "size")
    assert found["folder"] == str(wire.folder / "store")
    assert 0 < found["bytes"] < found["limit"]
    assert found["kept"] <= found["known"] <= len(found["entries"])
    sizes = [each["fileBytes"] for each in found["entries"]]
    assert sizes == sorted(sizes, reverse=True)
    assert "an order of used" in complaint(wire, "store", "colour")


def test_a_stored_result_has_a_page_without_its_program(wire: Wire) -> None:
    page = wire.command_result("stored", entry(wire, "bright")["node"])
    assert page.startswith("# bright\n")
    assert "data:image/png;base64," in page
    assert "Met in program.imgql." in page
    assert "no node whose id begins with" in complaint(wire, "stored", "00" * 32)
    assert "the id of a node is wanted" in complaint(wire, "stored")


def test_a_stored_result_is_exported_with_its_side_file(wire: Wire) -> None:
    target = wire.folder / "exported.nii.gz"
    node = entry(wire, "bright")["node"]
    assert wire.command_result("export", node, str(target))["node"] == node
    assert target.exists()
    assert Path(f"{target}.json").exists()
    assert "a path are wanted" in complaint(wire, "export", node)


def test_a_run_that_is_not_detached_cannot_be_cancelled_by_an_id(wire: Wire) -> None:
    assert "no run has an id" in complaint(wire, "cancelRun", "12345678")


def test_trimming_frees_values_and_keeps_what_is_known_of_them(wire: Wire) -> None:
    known = wire.command_result("store")["known"]
    assert wire.command_result("trim", 0)["values"]["count"] > 0
    after = wire.command_result("store")
    assert (after["bytes"], after["known"]) == (0, known)
    assert "a number of bytes is wanted" in complaint(wire, "trim", "all")
