"""``voxlogica plan`` as its users meet it: statuses from the store, and what comes first."""

import re
from pathlib import Path
from typing import cast

import pytest

from tests.support.desk import Desk
from voxlogica_core.cli import exits

_LOAD = 'load image = "image.nii.gz"\n'
_PROGRAM = _LOAD + (
    'let bright = image > 100\nlet spare = near(bright)\nprint "voxels" volume(bright)\n'
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def _statuses(desk: Desk, program: str = "") -> dict[str, str]:
    plan = desk.voxlogica("plan", "program.imgql", "--json", program=program).object
    nodes = cast("list[dict[str, str]]", plan["nodes"])
    return {node["primitive"].rpartition(".")[2]: node["status"] for node in nodes}


def _tasks(desk: Desk, *options: str, program: str = "") -> list[dict[str, object]]:
    answer = desk.voxlogica(
        "plan", "program.imgql", "--json", "--schedule", *options, program=program
    )
    return cast("list[dict[str, object]]", answer.object["schedule"])


def _together(tasks: list[dict[str, object]], what: str) -> list[str]:
    return [node for task in tasks for node in cast("list[str]", task[what])]


def test_every_node_has_a_status_that_needs_no_store(desk: Desk) -> None:
    found = _statuses(desk, _PROGRAM)
    assert set(found.values()) <= {"to do", "kept", "not needed"}
    assert found["volume"] == "to do"
    assert found["near"] == "not needed"
    assert found["literal"] == "kept"
    assert not (desk.folder / "store").exists()


def test_what_a_run_has_kept_is_kept(desk: Desk) -> None:
    desk.voxlogica("run", "program.imgql", program=_PROGRAM)
    assert _statuses(desk)["volume"] == "kept"


def test_the_inside_of_a_loop_has_no_status_of_its_own(desk: Desk) -> None:
    plan = desk.voxlogica(
        "plan",
        "program.imgql",
        "--json",
        program=_LOAD + 'print "x" for t in [1, 2] do volume(image > t)\n',
    ).object
    nodes = cast("list[dict[str, str]]", plan["nodes"])
    inside = {node["status"] for node in nodes if node["primitive"].endswith(".volume")}
    assert inside == {"unknown"}


def test_a_schedule_does_everything_the_goals_ask_for_and_nothing_else(desk: Desk) -> None:
    tasks = _tasks(desk, program=_PROGRAM)
    plan = desk.voxlogica("plan", "program.imgql", "--json").object
    nodes = cast("list[dict[str, str]]", plan["nodes"])
    to_do = {node["id"] for node in nodes if node["status"] == "to do"}
    assert set(_together(tasks, "computes")) == to_do
    assert len(_together(tasks, "delivers")) == 1
    assert all(cast("float", task["milliseconds"]) > 0 for task in tasks)
    assert not (desk.folder / "store").exists()


def test_a_task_waits_only_for_tasks_above_it(desk: Desk) -> None:
    above: set[object] = set()
    for task in _tasks(desk, "--threads", "2", program=_PROGRAM):
        assert set(cast("list[str]", task["waits"])) <= above
        above.add(task["key"])


def test_a_schedule_after_a_run_only_prints_what_is_known(desk: Desk) -> None:
    desk.voxlogica("run", "program.imgql", program=_PROGRAM)
    tasks = _tasks(desk)
    assert _together(tasks, "computes") == []
    assert len(_together(tasks, "delivers")) == 1


def test_the_table_of_tasks_names_what_they_do(desk: Desk) -> None:
    answer = desk.voxlogica("plan", "program.imgql", "--schedule", program=_PROGRAM)
    assert answer.code == exits.DONE
    assert "expected ms" in answer.out
    assert "image = load" in answer.out
    assert re.search(r"\d+ tasks?, .* of work, .*s on the longest path\n", answer.out)


def test_a_program_without_goals_has_nothing_to_do(desk: Desk) -> None:
    answer = desk.voxlogica("plan", "program.imgql", "--schedule", program="let x = 1\n")
    assert answer.out == "nothing to do: no goal asks for anything\n"


def test_tasks_are_clusters_for_graphviz(desk: Desk) -> None:
    answer = desk.voxlogica("plan", "program.imgql", "--schedule", "--dot", program=_PROGRAM)
    tasks = _tasks(desk)
    assert answer.out.startswith("digraph schedule {")
    assert len(re.findall(r"subgraph cluster_\d+ \{", answer.out)) == len(tasks)
    assert answer.out.count("->") >= 3
    assert answer.out.count("{") == answer.out.count("}")


def test_json_and_dot_at_once_are_refused(desk: Desk) -> None:
    answer = desk.voxlogica("plan", "program.imgql", "--json", "--dot", program=_PROGRAM)
    assert (answer.code, answer.out) == (exits.USAGE, "")
    assert "--json and --dot" in answer.err


def test_a_store_that_is_no_database_is_no_reason_to_fail(desk: Desk) -> None:
    (desk.folder / "store").mkdir()
    (desk.folder / "store" / "store.db").write_bytes(b"no database at all" * 100)
    assert _statuses(desk, _PROGRAM)["volume"] == "to do"


def test_the_cost_of_an_edit_is_told_before_anything_runs(desk: Desk) -> None:
    program = (
        'load img = "image.nii.gz"\nlet grey = intensity(img)\nprint "n" volume(grey >. 60.5)\n'
    )
    told = desk.voxlogica("plan", "--cost", "program.imgql", program=program)
    assert told.out.startswith("4 nodes to compute, 0 reused, about ")
    assert desk.voxlogica("run", "program.imgql").code == 0
    told = desk.voxlogica("plan", "--cost", "program.imgql")
    assert told.out == "nothing to compute: all 4 nodes are known\n"
    edited = program.replace("60.5", "70.5")
    told = desk.voxlogica("plan", "--cost", "--json", "program.imgql", program=edited)
    cost = told.object["cost"]
    assert isinstance(cost, dict)
    assert (cost["changed"], cost["total"], cost["exact"]) == (2, 4, True)
    assert str(cost["text"]).startswith("this edit changes 2 of 4 nodes, about ")
