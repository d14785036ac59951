"""Renaming: the program says the same under another name, or the name is refused with a reason."""

from random import Random

import pytest

from tests.support.cursors import FakeWorld, analysed, at_cursor
from tests.support.making import made_up
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.ide.lookup import declarations
from voxlogica_core.ide.navigation.occurrences import name_at
from voxlogica_core.ide.navigation.rename import (
    Refused,
    Unsure,
    applied,
    edits_for,
    judged,
    renamable,
    rename,
)
from voxlogica_core.plan.reduction.meaning import Definition
from voxlogica_core.syntax import tree
from voxlogica_core.text.source_text import SourceText

FILES = {"/home/lib.imgql": "let helper(x) = x + 1\n"}


def outcome(text: str, name: str) -> str:
    """Return the program after a renaming at the cursor, or why there is none."""
    analysis, offset = at_cursor(text, FILES)
    found = renamable(analysis, offset)
    if isinstance(found, Refused):
        return found.reason
    return after(analysis, found.target, name)


def after(analysis: Analysis, target: Definition, name: str) -> str:
    looked = rename(analysis, target, name)
    if isinstance(looked, Unsure):
        changed = looked.text
        looked = judged(analysis, looked, lambda: analysed(changed, FILES))
    text = analysis.source.text
    return looked.reason if isinstance(looked, Refused) else applied(text, looked)


@pytest.mark.parametrize(
    ("text", "name", "expected"),
    [
        ("let a = 1\nlet b = <CURSOR>a + a", "n", "let n = 1\nlet b = n + n"),
        ("let <CURSOR>a = 1\nlet a = a", "n", "let n = 1\nlet a = n"),
        ("let f(<CURSOR>x) = x\nlet b = f(x = 1)", "y", "let f(y) = y\nlet b = f(y = 1)"),
        ("let <CURSOR>+(a, b) = a\nlet c = 1 .+ 2", "++", "let ++(a, b) = a\nlet c = 1 .++ 2"),
        ("let b = let <CURSOR>t = 1 in t", "u", "let b = let u = 1 in u"),
        ("let b = for <CURSOR>i in [1] do i", "u", "let b = for u in [1] do u"),
        (
            'load <CURSOR>i = "b.nii.gz"\nlet m = !(i >. 1',
            "u",
            'load u = "b.nii.gz"\nlet m = !(u >. 1',
        ),
        ("let <CURSOR>a = 1", "a", "let a = 1"),
        ("let <CURSOR>T(a) = a\nlet b = T 1", "U", "let U(a) = a\nlet b = U 1"),
        ("let x = 1\nlet f(<CURSOR>y) = y", "x", "let x = 1\nlet f(x) = x"),
    ],
)
def test_names_change_where_they_mean_it(text: str, name: str, expected: str) -> None:
    assert outcome(text, name) == expected


@pytest.mark.parametrize(
    ("text", "name", "reason"),
    [
        ("let a = 1\nlet f(<CURSOR>x) = x + a", "a", "would mean something else in line 2"),
        ("let <CURSOR>a = 1\nlet f(x) = x + a", "x", "would mean something else in line 2"),
        ("let c = 2\nlet <CURSOR>a = 1\nlet b = a + c", "c", "would mean something else in line 3"),
        ("let <CURSOR>a = 1\nlet b = sqrt(a)", "sqrt", "would not say the same"),
        ("let <CURSOR>+(a, b) = a\nlet c = 1 + 2 * 3", "*", "mean something else"),
        ("let <CURSOR>T(a) = a\nlet b = T 1", "t", "would not say the same (syntax)"),
        ("let <CURSOR>a = 1", "for", "`for` is a keyword"),
        ("let <CURSOR>a = 1", "1a", "is no name"),
        ("let <CURSOR>a = 1", "+", "is no name"),
        ("let f(<CURSOR>x) = x", "a.b", "is no name"),
        ("let <CURSOR>+(a, b) = a", "plus", "is no operator"),
        ("let a = <CURSOR>sqrt(2)", "root", "is a primitive"),
        ("let f(a, b) = <CURSOR>touch(a, b)", "meet", "belongs to the standard library"),
        ("let a = <CURSOR>1", "b", "no name stands here"),
        ("<CURSOR>", "b", "no name stands here"),
    ],
)
def test_a_name_is_refused_with_a_reason(text: str, name: str, reason: str) -> None:
    assert reason in outcome(text, name)


def test_renaming_changes_no_node_id() -> None:
    """Every name of made-up programs, to a fresh name and to one that is taken."""
    seed = Random().randrange(10**6)
    random = Random(seed)
    renamed = refused = 0
    for _ in range(5):
        before = analysed("\n".join(made_up(random.randrange(10**9), statements=12)))
        names = _names(before)
        for target in random.sample(names, min(8, len(names))):
            for name in ("fresh_name", random.choice(names).name):
                text = after(before, target, name)
                if "\n" not in text:
                    refused += 1
                    continue
                renamed += 1
                assert _values(analysed(text)) == _values(before), f"seed {seed}: {name}\n{text}"
    assert renamed > refused > 0, f"seed {seed}"


def test_the_next_version_of_a_program_judges_as_a_fresh_analysis_does() -> None:
    seed = Random().randrange(10**6)
    random = Random(seed)
    looked_at = 0
    for _ in range(6):
        text = "\n".join(made_up(random.randrange(10**9), statements=12))
        names = _names(analysed(text))
        for target in random.sample(names, min(4, len(names))):
            for name in ("T", "GTV", random.choice(names).name):
                before = analysed(text)
                unsure = rename(before, target, name)
                if not isinstance(unsure, Unsure):
                    continue
                looked_at += 1
                changed = unsure.text
                fresh = judged(before, unsure, lambda text=changed: analysed(text))
                again = judged(before, unsure, lambda t=changed, b=before: next_version(b, t))
                assert fresh == again, f"seed {seed}: {target.name} to {name}\n{text}"
                back = next_version(next_version(before, changed), text)
                assert _values(back) == _values(before), f"seed {seed}: {name}\n{text}"
    assert looked_at > 0


def next_version(before: Analysis, text: str) -> Analysis:
    source = SourceText(text, before.source.path)
    world = FakeWorld({"/home/b.nii.gz": "voxels"})
    return analyse(source, catalogue=before.catalogue, world=world, before=before)


def test_a_name_that_is_out_of_the_way_needs_no_second_look() -> None:
    """Where `rename` is sure, `judged` says the same."""
    seed = Random().randrange(10**6)
    random = Random(seed)
    sure = 0
    for _ in range(8):
        before = analysed("\n".join(made_up(random.randrange(10**9), statements=10)))
        for target in random.sample(_names(before), 4):
            edits = rename(before, target, "fresh_name")
            if isinstance(edits, Unsure | Refused):
                continue
            sure += 1
            text = applied(before.source.text, edits)
            unsure = Unsure(edits_for(before, target, "fresh_name"), "fresh_name", text)
            found = judged(before, unsure, lambda text=text: analysed(text))
            assert found == edits, f"seed {seed}: {text}"
    assert sure > 0


def _values(analysis: Analysis) -> list[object]:
    return [
        [(goal.label, goal.value) for goal in analysis.plan.goals],
        [analysis.expressions.get(d.name.span) for d in declarations(analysis) if _is_value(d)],
    ]


def _is_value(statement: tree.Declaration | tree.Load) -> bool:
    return isinstance(statement, tree.Load) or not statement.formals


def _names(analysis: Analysis) -> list[Definition]:
    """Return all that has a name in a program."""
    text = analysis.source.text
    found = [name_at(analysis, offset) for offset in range(len(text))]
    targets = [name.target for name in found if name]
    own = [t for t in targets if isinstance(t, Definition) and t.path is None]
    return list(dict.fromkeys(own))
