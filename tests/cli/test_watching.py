"""Metrics and log levels: what a run took, node by node, and what is told meanwhile."""

import json
from pathlib import Path
from typing import cast

import pytest

from tests.support.desk import Desk
from voxlogica_core.cli import exits

_PROGRAM = 'load image = "image.nii.gz"\nprint "a" volume(image > 100)\nprint "b" 1 / min(image)\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def _metrics(desk: Desk, *arguments: str, program: str = _PROGRAM) -> dict[str, object]:
    options = ("--json", "--metrics", "m.json", *arguments)
    desk.voxlogica("run", "program.imgql", *options, program=program)
    found: dict[str, object] = json.loads((desk.folder / "m.json").read_text())
    return found


def test_metrics_tell_of_each_node_what_it_took_and_who_did_it(desk: Desk) -> None:
    found = _metrics(desk)
    nodes = cast("list[dict[str, object]]", found["nodes"])
    by_name = {node["primitive"]: node for node in nodes}
    read = by_name["image"]
    assert read["bytes"] == 6 * 5 * 4 * 4
    assert isinstance(read["seconds"], float)
    assert read["seconds"] > 0
    assert str(read["partition"]).startswith("task ")
    assert read["worker"]
    assert by_name["divide"]["outcome"] == "failed"


def test_metrics_tell_what_the_store_saved(desk: Desk) -> None:
    good = 'load image = "image.nii.gz"\nprint "a" volume(image > 100)\nprint "b" min(image)\n'
    cold, warm = (_metrics(desk, program=good) for _ in range(2))
    first = cast("dict[str, float]", cold["totals"])
    second = cast("dict[str, float]", warm["totals"])
    assert (first["computed"], first["reused"], first["hit_rate"]) == (4, 0, 0)
    assert (second["computed"], second["reused"], second["failed"]) == (0, 2, 0)
    assert second["hit_rate"] == 1
    assert second["seconds_saved"] > 0
    assert second["seconds_in_kernels"] == 0


def test_metrics_tell_how_much_memory_was_held_for_later(desk: Desk) -> None:
    memory = cast("dict[str, float]", _metrics(desk, "--memory", "1G")["memory"])
    assert memory["budget"] == 2**30
    assert 0 <= memory["managed_share"] < 1
    assert memory["managed_peak"] <= memory["resident_peak"]


def test_metrics_that_cannot_be_written_are_told(desk: Desk) -> None:
    options = ("--metrics", "nowhere/m.json")
    answer = desk.voxlogica("run", "program.imgql", *options, program='print "x" 1\n')
    assert answer.code == exits.WORLD
    assert "nowhere/m.json cannot be written" in answer.err


@pytest.mark.parametrize(
    ("level", "tasks", "nodes"),
    [("warning", False, False), ("info", True, False), ("debug", True, True)],
)
def test_a_log_level_says_how_much_is_told(
    desk: Desk, level: str, tasks: bool, nodes: bool
) -> None:
    options = ("run", "program.imgql", "--no-cache", "--log-level", level)
    told = desk.voxlogica(*options, program=_PROGRAM).err
    assert ("expected" in told, ": computed, " in told) == (tasks, nodes)
