"""Deferred nodes: what hangs on a path that only a run can tell, and nothing else."""

import pytest

from tests.support.programs import LOADS, SmallWorld, analysed, found
from voxlogica_core.ide.status.status import statuses
from voxlogica_core.plan.export import plan_object
from voxlogica_core.plan.outside.headers import size_of_grid

_TEXT = LOADS + 'let p = ifN(max(a) > 1, "a.nii", "b.nii")\nlet c = load(p)\nlet x = max(c + a)\n'


def test_only_what_hangs_on_the_path_is_deferred() -> None:
    plan = analysed(f'{_TEXT}print "x" x\nprint "p" p').plan
    names = {name for name, node in plan.declarations.items() if node in plan.deferred}
    assert names == {"c", "x"}


def test_a_deferred_node_is_unknown_in_status_and_in_json() -> None:
    plan = analysed(f'{_TEXT}print "x" x').plan
    words = statuses(plan, {})
    described = {node["id"]: node for node in plan_object(plan, words)["nodes"]}
    x, a = plan.declarations["x"], plan.declarations["a"]
    assert (described[x].get("status"), described[x].get("deferred")) == ("unknown", True)
    assert (described[a].get("status"), described[a].get("deferred")) == ("to do", None)


def test_a_fold_that_reads_files_hangs_on_their_content() -> None:
    text = 'let f(n, p) = n + max(load(p))\nlet x = fold f 0 ["a.nii", "b.nii"]\nprint "x" x'
    plans = [
        analysed(text, SmallWorld({"/home/a.nii": b"one", "/home/b.nii": content})).plan
        for content in (b"two", b"three")
    ]
    assert plans[0].declarations["x"] != plans[1].declarations["x"]
    assert not any(plan.declarations["x"] in plan.deferred for plan in plans)


def test_a_missing_file_in_a_fold_is_told_once() -> None:
    text = 'let f(n, p) = n + max(load(p))\nprint "x" fold f 0 ["a.nii", "gone.nii"]'
    assert found(text) == ["file-not-found"]


@pytest.mark.parametrize(
    ("grid", "size"),
    [
        (b"png" + bytes([0, 0, 0, 7, 0, 0, 0, 5]), (7, 5)),
        (b"nifti" + bytes([3, 0, 4, 0, 5, 0, 1, 0]) + bytes(8), (4, 5)),
        (b"nifti" + bytes([0, 2, 0, 4, 0, 5]) + bytes(10), (4, 5)),
        (b"something else", ()),
    ],
)
def test_the_size_of_a_grid_is_read_from_its_header(grid: bytes, size: tuple[int, ...]) -> None:
    assert size_of_grid(grid) == size
