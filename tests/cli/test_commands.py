"""The command line as a user meets it: what it prints, where, and with which exit code."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
import SimpleITK as sitk

from tests.support.desk import Desk
from voxlogica_core.cli import exits

_ROOT = Path(__file__).parents[2]


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


_LOAD = 'load image = "image.nii.gz"\n'
_GOOD = _LOAD + 'let t = 100\nprint "voxels" volume(image > t)\nprint "largest" max(image)\n'


def test_values_go_to_standard_output_and_nothing_else(desk: Desk) -> None:
    answer = desk.voxlogica("run", "program.imgql", program=_GOOD)
    assert (answer.code, answer.out) == (exits.DONE, "voxels=3\nlargest=200\n")
    assert "computed" in answer.err


def test_a_second_run_computes_nothing(desk: Desk) -> None:
    first = desk.voxlogica("run", "program.imgql", "--json", program=_GOOD).object
    second = desk.voxlogica("run", "program.imgql", "--json").object
    assert first["goals"] == second["goals"]
    assert first["nodes"] == _counts(computed=4)
    assert second["nodes"] == _counts(reused=2)


def test_an_edited_threshold_computes_what_depends_on_it(desk: Desk) -> None:
    desk.voxlogica("run", "program.imgql", program=_GOOD)
    edited = desk.voxlogica("run", "program.imgql", "--json", "--set", "t=150").object
    nodes = edited["nodes"]
    assert isinstance(nodes, dict)
    assert nodes["computed"] == 2  # image > t, and its volume
    assert _value(edited, "voxels") == 2


def test_a_changed_image_is_read_again(desk: Desk) -> None:
    before = desk.voxlogica("run", "program.imgql", "--json", program=_GOOD).object
    sitk.WriteImage(sitk.Image([6, 5, 4], sitk.sitkUInt8) + 7, str(desk.folder / "image.nii.gz"))
    after = desk.voxlogica("run", "program.imgql", "--json").object
    assert (_value(before, "largest"), _value(after, "largest")) == (200, 7)


def test_without_a_cache_everything_is_computed_and_nothing_kept(desk: Desk) -> None:
    for _ in range(2):
        answer = desk.voxlogica("run", "program.imgql", "--json", "--no-cache", program=_GOOD)
        assert answer.object["nodes"] == _counts(computed=4)
    assert not (desk.folder / "store").exists()


def test_a_mask_is_saved_with_its_geometry_and_its_origin(desk: Desk) -> None:
    answer = desk.voxlogica(
        "run", "program.imgql", "--json", program=_LOAD + 'save "out/mask.nii.gz" image > 100'
    )
    saved = sitk.ReadImage(str(desk.folder / "out" / "mask.nii.gz"))
    assert saved.GetSpacing() == (1.0, 2.0, 3.0)
    assert saved.GetPixelID() == sitk.sitkUInt8
    assert sitk.GetArrayFromImage(saved).sum() == 3
    side = json.loads((desk.folder / "out" / "mask.nii.gz.json").read_text())
    assert side["inputs"][0]["file"] == "image.nii.gz"
    assert side["node"] == answer.object["goals"][0]["node"]  # type: ignore[index]


@pytest.mark.parametrize(
    ("line", "said"),
    [
        ('print "x" volume(', "error[syntax]"),
        ('print "x" volume(imgae > 1)', "did you mean `image`"),
        ('print "x" near(image > 1, 2)', "`near` wants 1 argument, 2 came"),
        ('print "x" dt(3)', "`dt` wants a mask, argument 1 is a number"),
        ('print "x" 1 / 0', "divisor"),
        ('save "x.doc" image', "error[unknown-format]"),
        ('print "x" volume(border', "error[syntax]"),
    ],
)
def test_a_wrong_program_does_not_run(desk: Desk, line: str, said: str) -> None:
    answer = desk.voxlogica("run", "program.imgql", program=f'{_LOAD}save "done.json" 1\n{line}\n')
    assert answer.code == exits.ERRORS
    assert said in answer.err
    assert "program.imgql:3:" in answer.err
    assert answer.out == ""
    assert not (desk.folder / "done.json").exists()


def test_keep_going_runs_what_no_error_stands_in_the_way_of(desk: Desk) -> None:
    program = f'{_LOAD}print "fine" volume(image > 100)\nprint "wrong" nothing\n'
    answer = desk.voxlogica("run", "program.imgql", "--keep-going", program=program)
    assert (answer.code, answer.out) == (exits.FAILED, "fine=3\n")
    assert "blocked: print wrong: `nothing` is not defined" in answer.err


def test_a_missing_image_fails_its_goals_and_no_others(desk: Desk) -> None:
    program = f'{_LOAD}load gone = "gone.nii"\nprint "gone" max(gone)\nprint "here" max(image)\n'
    answer = desk.voxlogica("run", "program.imgql", program=program)
    assert (answer.code, answer.out) == (exits.FAILED, "here=200\n")
    assert "gone.nii" in answer.err


@pytest.mark.parametrize("content", [b"no image", b"\x1f\x8b\x08\x00garbage", b""])
def test_an_unreadable_image_fails_its_goals_and_says_why(desk: Desk, content: bytes) -> None:
    (desk.folder / "broken.nii.gz").write_bytes(content)
    program = (
        'load broken = "broken.nii.gz"\nprint "a" max(broken)\nprint "b" 2\nsave "o.nii" broken > 1'
    )
    answer = desk.voxlogica("run", "program.imgql", program=program)
    assert (answer.code, answer.out) == (exits.FAILED, "b=2\n")
    assert "broken.nii.gz" in answer.err
    assert "Traceback" not in answer.err
    assert not (desk.folder / "o.nii").exists()


def test_a_division_by_zero_while_running_fails_with_its_place(desk: Desk) -> None:
    program = f'{_LOAD}print "x" 1 / volume(image > 1000)\nprint "y" 3'
    answer = desk.voxlogica("run", "program.imgql", program=program)
    assert (answer.code, answer.out) == (exits.FAILED, "y=3\n")
    assert "program.imgql:2:" in answer.err


def test_a_failure_is_never_remembered_as_truth(desk: Desk) -> None:
    (desk.folder / "late.nii.gz").write_bytes(b"not yet")
    program = 'load late = "late.nii.gz"\nprint "largest" max(late)'
    assert desk.voxlogica("run", "program.imgql", program=program).code == exits.FAILED
    (desk.folder / "late.nii.gz").write_bytes((desk.folder / "image.nii.gz").read_bytes())
    assert desk.voxlogica("run", "program.imgql").out == "largest=200\n"


def test_check_tells_findings_as_json_with_places_from_one(desk: Desk) -> None:
    answer = desk.voxlogica("check", "program.imgql", "--json", program='print "x" noise\n')
    (found,) = answer.object["diagnostics"]  # type: ignore[misc]
    assert answer.code == exits.ERRORS
    assert (found["code"], found["start"]) == ("unbound-name", {"line": 1, "column": 11})


def test_check_of_a_good_program_exits_with_zero(desk: Desk) -> None:
    assert desk.voxlogica("check", "program.imgql", program=_GOOD).code == exits.DONE


def test_the_plan_is_json_with_inputs_before_users(desk: Desk) -> None:
    plan = desk.voxlogica("plan", "program.imgql", "--json", program=_GOOD).object
    seen: set[str] = set()
    nodes = plan["nodes"]
    assert isinstance(nodes, list)
    for node in nodes:
        assert set(node["inputs"]) <= seen
        seen.add(node["id"])
    declarations = plan["declarations"]
    assert isinstance(declarations, dict)
    assert set(declarations) == {"image", "t"}


def test_the_plan_is_a_graph_for_graphviz(desk: Desk) -> None:
    answer = desk.voxlogica("plan", "program.imgql", "--dot", program=_GOOD)
    assert answer.out.startswith("digraph")
    assert "image = load" in answer.out


@pytest.mark.parametrize(
    ("arguments", "code"),
    [
        (["run", "nowhere.imgql"], exits.USAGE),
        (["run"], exits.USAGE),
        (["walk"], exits.USAGE),
        (["run", "program.imgql", "--set", "nothing=1"], exits.USAGE),
        (["run", "program.imgql", "--set", "t"], exits.USAGE),
        (["run", "program.imgql", "--threads", "0"], exits.USAGE),
        (["run", "program.imgql", "--memory", "lots"], exits.USAGE),
        (["run", "program.imgql", "--store", "image.nii.gz"], exits.WORLD),
    ],
)
def test_exit_codes_tell_usage_from_world(desk: Desk, arguments: list[str], code: int) -> None:
    (desk.folder / "program.imgql").write_text(_GOOD, "utf-8")
    answer = desk.voxlogica(*arguments)
    assert answer.code == code
    assert "Traceback" not in answer.err
    assert answer.err.strip()


def test_a_program_that_is_not_utf_8_is_refused_with_the_cure(desk: Desk) -> None:
    (desk.folder / "program.imgql").write_bytes(b'print "\xe4" 1')
    answer = desk.voxlogica("run", "program.imgql")
    assert (answer.code, "UTF-8" in answer.err) == (exits.USAGE, True)


def test_version_names_what_computes(desk: Desk) -> None:
    versions = desk.voxlogica("version", "--json").object["versions"]
    assert isinstance(versions, dict)
    assert {"voxlogica", "SimpleITK", "numpy", "node encoding"} <= set(versions)


def test_simple_commands_import_no_dask(desk: Desk) -> None:
    code = "import sys; from voxlogica_core.cli.main import outcome; outcome(sys.argv[1:])"
    code += "; print(sorted({'dask', 'distributed', 'rich'} & set(sys.modules)))"
    (desk.folder / "program.imgql").write_text('print "s" 1 + 1', "utf-8")
    done = subprocess.run(
        [sys.executable, "-c", code, "run", "--no-cache", "program.imgql"],
        cwd=desk.folder,
        env=os.environ | {"PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        check=True,
    )
    assert done.stdout == "s=2\n[]\n"


def _counts(**given: int) -> dict[str, int]:
    names = ("computed", "reused", "rematerialised", "failed", "blocked")
    return {name: given.get(name, 0) for name in names}


def _value(answer: dict[str, object], label: str) -> object:
    goals = answer["goals"]
    assert isinstance(goals, list)
    return next(goal["value"] for goal in goals if goal["label"] == label)
