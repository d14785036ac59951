"""Events as lines, and what stands beside the progress bar."""

import json
from pathlib import Path

import pytest

from tests.support.desk import Desk
from tests.support.engines import catalogue, plan_of
from voxlogica_core.cli import exits
from voxlogica_core.cli.event_lines import Remaining
from voxlogica_core.cli.progress import Telling
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.events import Finished, Started
from voxlogica_core.engine.outcome import Done
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.store import MemoryStore

_PROGRAM = (
    'load image = "image.nii.gz"\nlet bright = image > 100\nprint "size" volume(bright)\n'
    'print "bad" 1 / min(image)\n'
)


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def _lines(text: str) -> list[dict[str, object]]:
    return [json.loads(line) for line in text.splitlines() if line.startswith("{")]


def test_events_tell_what_happens_by_name_and_results_stay_alone(desk: Desk) -> None:
    answer = desk.voxlogica("run", "program.imgql", "--events", "e.jsonl", program=_PROGRAM)
    assert answer.out.splitlines()[0].startswith("size=")
    assert "{" not in answer.out
    told = _lines((desk.folder / "e.jsonl").read_text())
    assert told[0] == {
        "event": "begun",
        "version": 1,
        "program": str(desk.folder / "program.imgql"),
    }
    assert told[-1]["event"] == "ended"
    assert {"queued", "started", "finished"} <= {str(line["event"]) for line in told}
    finished = {line["primitive"]: line for line in told if line["event"] == "finished"}
    assert finished["divide"]["outcome"] == "failed"
    assert finished["image"]["label"] == "image"
    assert finished["image"]["bytes"] == 6 * 5 * 4 * 4
    assert finished["volume"]["label"] == "size"
    keys = {"node", "label", "primitive", "outcome", "seconds", "bytes", "fraction", "left"}
    assert all(keys <= line.keys() for line in finished.values())


def test_events_on_standard_error_say_what_was_reused(desk: Desk) -> None:
    program = 'load image = "image.nii.gz"\nprint "m" max(image)\n'
    cold, warm = (
        desk.voxlogica("run", "program.imgql", "--events", "-", program=program) for _ in range(2)
    )
    assert cold.out == warm.out == "m=200\n"
    words = [
        {line["outcome"] for line in _lines(each.err) if line["event"] == "finished"}
        for each in (cold, warm)
    ]
    assert words == [{"computed"}, {"reused"}]


def test_the_end_of_a_goal_is_told_with_its_value_as_json_has_it(desk: Desk) -> None:
    answer = desk.voxlogica("run", "program.imgql", "--events", "-", "--json", program=_PROGRAM)
    told = [line for line in _lines(answer.err) if line.pop("event") == "goal"]
    assert told == answer.object["goals"]


def test_events_of_several_programs_stand_in_one_file(desk: Desk) -> None:
    (desk.folder / "b.imgql").write_text('print "y" 2\n')
    files = ("program.imgql", "b.imgql")
    desk.voxlogica("run", *files, "--events", "e.jsonl", program='print "x" 1\n')
    told = _lines((desk.folder / "e.jsonl").read_text())
    assert [line["program"] for line in told if line["event"] == "begun"] == [
        str(desk.folder / file) for file in files
    ]


def test_events_that_cannot_be_written_are_told(desk: Desk) -> None:
    options = ("--events", "nowhere/e.jsonl")
    answer = desk.voxlogica("run", "program.imgql", *options, program='print "x" 1\n')
    assert answer.code == exits.WORLD
    assert "nowhere/e.jsonl cannot be written" in answer.err


def test_what_is_left_takes_as_long_as_the_same_work_took_so_far() -> None:
    times = iter([0.0, 5.0])
    remaining = Remaining(lambda: next(times))
    event = Finished(NodeId("n"), Done(10.0, "computed"), 0, 0.5, left=30.0)
    assert remaining.after(event) == 15.0  # two threads' work was done in each second


def test_the_bar_says_what_runs_by_name_and_how_long_it_takes() -> None:
    plan = plan_of('let slow = rest(5, 1)\nprint "x" slow')
    with Engine(MemoryStore(), catalogue()) as engine:
        run = engine.run(plan).wait()
        times = iter([0.0, 1.0])
        telling = Telling(run, plan, Remaining(lambda: next(times)))
        node = plan.declarations["slow"]
        telling.take(Started((node,)))
        telling.take(Finished(node, Done(1.0, "computed"), 0, 0.25, left=75.0))
    assert telling.doing == "slow: rest"
    assert telling.left == "about 1 min 15 s left"
    assert telling.fraction == 0.25
