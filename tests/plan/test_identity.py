"""Identity: what changes the id of a node, and what does not."""

import json
import os
import subprocess
import sys
from pathlib import Path

import pytest
from hypothesis import given, settings
from hypothesis import strategies as st

from tests.plan.golden import GOLDEN_IDS, PROGRAM, ids
from tests.support.programs import IMAGES, LOADS, SmallWorld, analysed, node_of
from voxlogica_core.plan.node import Apply, NodeId, inputs_of
from voxlogica_core.primitives.catalogue import read_catalogue


def test_golden_ids_never_change() -> None:
    """To accept a change on purpose: python -m tests.plan.golden."""
    assert json.loads(GOLDEN_IDS.read_text()) == ids()


def test_ids_are_the_same_in_another_process_with_another_hash_seed() -> None:
    code = "from tests.plan.golden import show; show()"
    root = str(Path(__file__).parents[2])
    for seed in ("1", "2"):
        environment = os.environ | {"PYTHONHASHSEED": seed, "PYTHONPATH": root}
        done = subprocess.run(
            [sys.executable, "-c", code],
            env=environment,
            capture_output=True,
            text=True,
            check=True,
        )
        assert json.loads(done.stdout) == ids()


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("let x = near(a > 1)", "let   x=near( a>1 ) // the same"),
        ("let x = near(a > 1)", "let y = a > 1\nlet x = near(y)"),
        ("let x = near(a > 1)", "let f(p, q) = near(p > q)\nlet x = f(a, 1)"),
        ("let x = near(a > 1)", "let x = N (a > 1)"),
        ("let x = near(a > 1)", "let x = let t = 1 in near(a > t)"),
        ("let x = near(a > 1)", "let x = (for t in [0, 1] do near(a > t))[1]"),
        ("let x = near(a > 1)", "let x = near(a > 3 - 2)"),
        ("let x = (a > 1) & (b > 1)", "let x = (b > 1) & (a > 1)"),
        ("let x = a + b", "let x = b + a"),
        ("let x = (a > 1) & border", "let x = (a > 1) & border(a)"),
        ("let x = (a > 1) & !border", "let x = (a > 1) & !border(intensity(a))"),
        ("let x = percentiles(a, a > 1)", "let x = percentiles(a, a > 1, 0)"),
        (
            "let x = for i in range(0, 3) do for j in range(0, 3) do i + j",
            "let f(n) = for k in range(0, 3) do n + k\nlet x = map(f, range(0, 3))",
        ),
        (
            "let x = for i in [a, b] do i > 1 & border",
            "let f(image) = image > 1 & border\nlet x = for image in [a, b] do f(image)",
        ),
    ],
)
def test_equal_work_is_one_node(one: str, other: str) -> None:
    assert node_of(LOADS + one, "x") == node_of(LOADS + other, "x")


@pytest.mark.parametrize(
    ("one", "other"),
    [
        ("let x = a > 1", "let x = a > 2"),
        ("let x = a > 1", "let x = b > 1"),
        ("let x = a > 1", "let x = a >= 1"),
        ("let x = a - b", "let x = b - a"),
        ("let x = 1", 'let x = "1"'),
        ("let x = 1", "let x = true"),
        ('let x = "a" + "b"', 'let x = "b" + "a"'),
        ("let x = [1, 2]", "let x = [2, 1]"),
        ("let x = [[1], 2]", "let x = [[1, 2]]"),
        (
            "let f(n) = for i in range(0, 3) do i + n\nlet x = f(1)",
            "let f(n) = for i in range(0, 3) do i + n\nlet x = f(2)",
        ),
        (
            "let x = for i in range(0, 3) do for j in range(0, 3) do i - j",
            "let x = for i in range(0, 3) do for j in range(0, 3) do j - i",
        ),
        ("let x = fold - [1, 2]", "let x = fold - 1 [2]"),
    ],
)
def test_other_work_is_another_node(one: str, other: str) -> None:
    assert node_of(LOADS + one, "x") != node_of(LOADS + other, "x")


@pytest.mark.parametrize(
    "body", ["volume(i > 1)", "i > 1 & border", "i + volume(a > 0)", "[i, a + i]", "near(i > 1)"]
)
def test_an_item_of_a_loop_is_the_node_written_by_hand(body: str) -> None:
    loop = f"let xs = for i in [a, b] do {body}\nlet x = xs[1]"
    by_hand = f"let i = b\nlet x = {body}"
    assert node_of(LOADS + loop, "x") == node_of(LOADS + by_hand, "x")


def test_an_item_of_a_nested_loop_is_the_node_written_by_hand() -> None:
    loop = "let xs = for i in [a, b] do for t in [1, 2] do (i > t) & (a > 0)\nlet x = xs[1][0]"
    assert node_of(LOADS + loop, "x") == node_of(LOADS + "let x = (b > 1) & (a > 0)", "x")


def test_changed_bytes_change_what_depends_on_them_and_nothing_else() -> None:
    changed = SmallWorld({**IMAGES.files, "/home/b.nii": b"another image"})
    before, after = (analysed(PROGRAM, world).plan.declarations for world in (IMAGES, changed))
    assert {name for name in before if before[name] != after[name]} == {"b", "mean"}


def test_equal_bytes_under_another_name_are_the_same_node() -> None:
    twins = SmallWorld({"/home/a.nii": b"same", "/home/b.nii": b"same"})
    assert node_of(LOADS, "a", twins) == node_of(LOADS, "b", twins)


def test_a_version_changes_what_uses_the_primitive_and_nothing_else() -> None:
    shipped = read_catalogue()
    old = shipped.primitives["vox1.near"]
    newer = type(old)("near", "vox1", "1000", old.overloads, old.operators, old.commutative)
    catalogue = type(shipped)(shipped.primitives.plus([newer]), shipped.evaluate)
    before = analysed(PROGRAM).plan.declarations
    after = analysed(PROGRAM, catalogue=catalogue).plan.declarations
    assert {name for name in before if before[name] != after[name]} == {
        "inside",
        "volumes",
        "mean",
        "both",
    }


@settings(max_examples=40, deadline=None)
@given(st.permutations(["let p = a + 1", "let q = b + 2", "let r = near(a > 3)", "let s = 4"]))
def test_the_order_of_independent_declarations_does_not_matter(lines: list[str]) -> None:
    plain = analysed(LOADS + "\n".join(sorted(lines))).plan.declarations
    assert analysed(LOADS + "\n".join(lines)).plan.declarations == plain


_words = st.sampled_from(["p", "q", "threshold", "größe", "x_1", "trueMask", "N2"])


@settings(max_examples=40, deadline=None)
@given(_words, _words, st.integers(0, 9))
def test_renaming_parameters_and_functions_keeps_the_node_id(
    function: str, parameter: str, level: int
) -> None:
    text = f"let f{function}({parameter}) = near({parameter} > {level})\nlet out = f{function}(a)"
    assert node_of(LOADS + text, "out") == node_of(LOADS + f"let out = near(a > {level})", "out")


def test_every_node_of_a_plan_comes_after_its_inputs() -> None:
    nodes = analysed(PROGRAM + 'print "m" mean').plan.nodes
    seen: set[NodeId] = set()
    for identity, node in nodes.items():
        assert identity == node.id
        assert set(inputs_of(node)) <= seen
        seen.add(identity)


def test_eleven_arguments_keep_their_places() -> None:
    names = ", ".join(f"p{i}" for i in range(12))
    values = ", ".join(str(i) for i in range(12))
    text = f"let f({names}) = [{names}]\nlet x = f({values})"
    assert node_of(text, "x") == node_of(f"let x = [{values}]", "x")


def test_a_geometry_free_image_takes_the_grid_of_the_load_not_of_what_was_made_of_it() -> None:
    plan = analysed(LOADS + "let x = near(a > 1) & border").plan
    borders = [
        node
        for node in plan.nodes.values()
        if isinstance(node, Apply) and node.primitive == "vox1.border"
    ]
    assert [border.inputs for border in borders] == [(plan.declarations["a"],)]
