"""Limits and bad input: deep and long programs are ordinary, nonsense gets a diagnostic."""

import pytest

from tests.support.programs import IMAGES, LOADS, SmallWorld, analysed, found, node_of
from voxlogica_core.plan.node import Literal
from voxlogica_core.text.diagnostic import Diagnostic


def _errors(text: str, world: SmallWorld = IMAGES) -> list[Diagnostic]:
    return [d for d in analysed(text, world).diagnostics if d.severity == "error"]


def test_a_chain_of_ten_thousand_declarations_is_ordinary() -> None:
    steps = "\n".join(f"let x{i} = x{i - 1} + {i}" for i in range(1, 10_000))
    plan = analysed(f"{LOADS}let x0 = volume(a > 1)\n{steps}\n").plan
    assert len({plan.declarations[f"x{i}"] for i in range(10_000)}) == 10_000


@pytest.mark.parametrize(
    "text",
    [
        "(" * 5000 + "3" + ")" * 5000,
        "-(" * 5000 + "3" + ")" * 5000,
        "".join(f"let x{i} = {i} in " for i in range(5000)) + "x3",
        "max(3, " * 5000 + "1" + ")" * 5000,
        "3" + " + 1 - 1" * 5000,
    ],
    ids=["parentheses", "signs", "lets", "calls", "terms"],
)
def test_five_thousand_deep_is_ordinary(text: str) -> None:
    plan = analysed(f"let x = {text}").plan
    value = plan.nodes[plan.declarations["x"]]
    assert isinstance(value, Literal)
    assert value.value == 3


def test_functions_of_functions_do_not_explode() -> None:
    levels = "\n".join(f"let f{i}(x) = f{i - 1}(x) + f{i - 1}(x)" for i in range(1, 60))
    plan = analysed(f"{LOADS}let f0(x) = x + x\n{levels}\nlet out = f59(volume(a > 1))").plan
    assert len(plan.nodes) < 100


def test_a_range_of_a_hundred_thousand_items_is_one_node() -> None:
    plan = analysed('print "x" for i in range(0, 100000) do i + 1').plan
    assert len(plan.nodes) < 10


@pytest.mark.parametrize(
    ("text", "codes"),
    [
        ('load i = "folder"', ["unreadable-image"]),
        ('load i = "nothing.nii"', ["file-not-found"]),
        ("load i = 3", ["type-mismatch"]),
        ("let x = 1e999", ["syntax"]),
        ("let w(x) = x(x)\nlet y = w(w)", ["recursive-call"]),
        ("let f(x, n) = x(x, n + 1)\nlet y = f(f, 0)", ["recursive-call"]),
        ('let xs = dir("folder", "*.png")', ["empty-listing"]),
        ('let xs = dir("nowhere")', ["file-not-found"]),
        ("let xs = dir(3)", ["type-mismatch"]),
        ("let x = 3(4)", ["syntax"]),
        ("let f = 3\nlet x = f(4)", ["type-mismatch"]),
        ("let f(x) = x\nlet y = f + 1", ["type-mismatch"]),
        ("let x = [1, near]", ["type-mismatch"]),
        ("let x = border(3)", ["type-mismatch"]),
        ("print (3) 4", ["type-mismatch"]),
        ("let x = map(near)", ["wrong-arity"]),
        ('let x = "\0"\nload i = "\0"', ["file-not-found"]),
    ],
)
def test_nonsense_gets_one_diagnostic(text: str, codes: list[str]) -> None:
    world = SmallWorld({**IMAGES.files, "/home/folder/case.nii": b"image"})
    assert found(text, world) == codes


def test_a_loop_over_a_folder_reads_each_file() -> None:
    world = SmallWorld({f"/home/cases/{n}.nii": n.encode() for n in ("one", "two", "three")})
    loop = 'let xs = for p in dir("cases", "*.nii", false, true) do volume(load(p) > 0)'
    by_hand = 'let xs = [volume(load("cases/one.nii") > 0), volume(load("cases/three.nii") > 0), '
    by_hand += 'volume(load("cases/two.nii") > 0)]'
    assert node_of(loop, "xs", world) == node_of(by_hand, "xs", world)


def test_a_missing_file_in_a_loop_is_told_once_and_named() -> None:
    errors = _errors('let xs = for n in ["a", "c"] do load(concat(n, ".nii"))')
    assert [error.code for error in errors] == ["file-not-found"]
    assert "c.nii" in errors[0].message


def test_an_error_in_a_function_is_told_at_the_call_with_the_place_in_the_function() -> None:
    text = LOADS + "let f(x) = dt(x)\nlet y = f(3)"
    (error,) = _errors(text)
    assert text[error.span.start : error.span.end] == "f(3)"
    (related,) = error.related
    assert text[related.span.start : related.span.end] == "dt(x)"


def test_a_chain_of_calls_is_told_from_the_inside() -> None:
    text = LOADS + "let f(x) = dt(x)\nlet g(y) = f(y)\nlet h(z) = g(z)\nlet out = h(3)"
    (error,) = _errors(text)
    shown = [text[related.span.start : related.span.end] for related in error.related]
    assert text[error.span.start : error.span.end] == "h(3)"
    assert shown == ["dt(x)", "f(y)", "g(z)"]


def test_an_error_that_needs_no_call_is_told_where_the_function_is() -> None:
    text = "let f(x) = x + nothing\nlet y = f(1)\nlet z = f(2)"
    (error,) = _errors(text)
    assert (error.code, text[error.span.start : error.span.end]) == ("unbound-name", "nothing")


def test_a_setting_replaces_a_constant() -> None:
    plan = analysed("let t = 1\nlet x = t + 1", settings={"t": 41.0}).plan
    value = plan.nodes[plan.declarations["x"]]
    assert isinstance(value, Literal)
    assert value.value == 42


def test_a_dotted_operator_wants_its_number_on_the_side_of_the_dot() -> None:
    assert found(LOADS + "let x = a >. 1\nlet y = 1 .< a") == []
    assert found(LOADS + "let x = a .> 1") == ["type-mismatch"]
    assert found(LOADS + "let x = 1 <. a") == ["type-mismatch"]


def test_a_users_operator_hides_that_of_the_library_and_dots_are_tried_second() -> None:
    text = LOADS + "let =. (i, n) = n .= i\nlet x = a =. 1\nlet y = a == 1"
    assert found(text) == []
    assert node_of(text, "x") == node_of(LOADS + "let x = 1 == a", "x")


def test_fixes_of_an_unknown_name_mend_it() -> None:
    text = "let brain = 1\nlet x = brian"
    (error,) = _errors(text)
    edit = error.fixes[0].edits[0]
    mended = text[: edit.span.start] + edit.text + text[edit.span.end :]
    assert found(mended) == []


def test_a_goal_without_a_grid_takes_the_one_that_all_loads_share() -> None:
    shared = SmallWorld({"/home/a.nii": b"grid1 voxels", "/home/b.nii": b"grid1 others"})
    apart = SmallWorld({"/home/a.nii": b"grid1 voxels", "/home/b.nii": b"grid2 others"})
    text = LOADS + 'print "edge" volume(border)'
    assert found(text, shared) == []
    assert found(text, apart) == ["no-reference-image"]
