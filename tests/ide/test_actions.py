"""Code actions, each carried out: what the text is afterwards; nodes stay what they are."""

from itertools import pairwise
from random import Random

import pytest

from tests.support.cursors import CURSOR, analysed
from tests.support.making import made_up
from voxlogica_core.ide.actions.action import Action
from voxlogica_core.ide.actions.actions import actions
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.plan.node import NodeId
from voxlogica_core.text.diagnostic import Edit
from voxlogica_core.text.span import Span

IMAGE = 'load img = "b.nii.gz"\n'


def offered(text: str) -> tuple[str, list[Action]]:
    """Return the program and what is offered between its cursor marks, or at the only one."""
    start = text.index(CURSOR)
    program = text.replace(CURSOR, "", 1)
    end = program.find(CURSOR)
    program = program.replace(CURSOR, "", 1)
    return program, actions(analysed(program), Span(start, max(start, end)))


def titles(text: str) -> list[str]:
    return [action.title for action in offered(text)[1]]


def done(text: str, title: str) -> str:
    """Return the program after the action whose title begins so."""
    program, found = offered(text)
    action = next(a for a in found if a.title.startswith(title))
    return carried_out(program, action.edits)


def carried_out(text: str, edits: tuple[Edit, ...]) -> str:
    for edit, following in pairwise(edits):
        assert edit.span.end <= following.span.start, edits
    for edit in reversed(edits):
        text = text[: edit.span.start] + edit.text + text[edit.span.end :]
    return text


def goals(analysis: Analysis) -> list[NodeId | None]:
    return [goal.value for goal in analysis.plan.goals]


def errors(text: str) -> list[str]:
    return [d.code for d in analysed(text).diagnostics if d.severity == "error"]


def test_an_unknown_name_is_written_as_the_nearest_ones() -> None:
    text = f'{IMAGE}let bright = img > 3\nprint "n" volume(bri<CURSOR>gth)'
    program, found = offered(text)
    assert next(a.title for a in found if a.kind == "quickfix") == "Write `bright`"
    assert found[0].is_preferred
    assert errors(carried_out(program, found[0].edits)) == []


def test_a_missing_import_is_added() -> None:
    text = f'{IMAGE}print "n" array<CURSOR>_stats(img)'
    assert done(text, "Add `import").startswith('import "arrays"\nload img')
    assert errors(done(text, "Add `import")) == []


def test_glued_operators_are_set_apart_one_or_all() -> None:
    text = f'{IMAGE}let m = img > 3\nlet a = m &<CURSOR>!m\nlet b = m |!m\nprint "n" volume(a | b)'
    assert "m & !m\nlet b = m |!m" in done(text, "Write `& !`")
    assert errors(done(text, "Fix all 2 of `glued-operator`")) == []
    program, found = offered(text)
    every = [a for a in found if a.kind == "source.fixAll"]
    assert errors(carried_out(program, every[0].edits)) == []


def test_all_missing_imports_are_added_once() -> None:
    text = f'{IMAGE}print "a" array<CURSOR>_stats(img)\nprint "b" array_stats(img)["min"]'
    assert done(text, "Fix all that is sure").count("import") == 1


def test_operators_without_an_order_get_parentheses_for_either_reading() -> None:
    text = "let ~>(a, b) = a + b\nlet <~(a, b) = a - b\nlet a = 1 ~> 2 <CURSOR><~ 3"
    assert done(text, "Do `~>` first").endswith("let a = (1 ~> 2) <~ 3")
    assert done(text, "Do `<~` first").endswith("let a = 1 ~> (2 <~ 3)")


def test_an_expression_that_was_read_otherwise_gets_parentheses_for_either_reading() -> None:
    text = 'load a = "b.nii.gz"\nlet m = a >. 1\nlet n = !m <CURSOR>| m\nprint "n" volume(n)'
    now = done(text, "Mean what it means now")
    was = done(text, "Mean what it meant")
    assert "(!m) | m" in now
    assert "!(m | m)" in was
    assert "reads-differently-in-voxlogica-1" in errors(text.replace(CURSOR, ""))
    assert errors(now) == errors(was) == []


def test_an_ambiguous_dot_is_written_either_way() -> None:
    text = f"{IMAGE}let m = img ><CURSOR>.5"
    assert done(text, "Write `> 0.5`").endswith("img > 0.5")
    assert done(text, "Write `>. 5`").endswith("img >. 5")


def test_an_unfinished_text_is_closed_and_a_live_escape_doubled() -> None:
    assert done('print "n<CURSOR>', "Add").startswith('print "n"')
    assert '"C:\\\\new"' in done('let a = "C:\\n<CURSOR>ew"', "Double the backslashes")


def test_what_is_never_used_is_removed_with_its_documentation_and_line() -> None:
    text = '/// Nothing.\nlet lone<CURSOR>ly = 1\nprint "n" 2'
    assert done(text, "Remove `lonely`") == 'print "n" 2'


def test_nothing_else_is_removed_from_a_line() -> None:
    text = 'let lone<CURSOR>ly = 1 print "n" 2'
    assert done(text, "Remove `lonely`") == ' print "n" 2'


def test_the_arguments_of_smoothen_are_swapped() -> None:
    text = f"{IMAGE}let s = smoothen(<CURSOR>2, img > 3)"
    assert done(text, "Swap").endswith("smoothen(img > 3, 2)")
    text = f"{IMAGE}let s = smoothen(img > 3, <CURSOR>2)"
    assert done(text, "Swap").endswith("smoothen(2, img > 3)")


def test_arguments_in_each_others_place_are_swapped_first_of_all() -> None:
    program, found = offered(f'{IMAGE}print "n" volume(distleq(img > 3, <CURSOR>2))')
    action = next(a for a in found if a.title.startswith("Swap"))
    assert action.is_preferred
    assert action.kind == "quickfix"
    assert errors(program) == ["type-mismatch"]
    assert errors(carried_out(program, action.edits)) == []


def test_arguments_that_would_not_fit_are_not_swapped() -> None:
    assert not [t for t in titles(f"{IMAGE}let s = near(<CURSOR>img > 3)") if "Swap" in t]
    assert not [t for t in titles("let s = pow(<CURSOR>2, 3)") if "Swap" in t]


def test_an_absolute_path_is_written_as_seen_from_the_program() -> None:
    text = 'load img = "/home/<CURSOR>cases/one.nii.gz"'
    assert done(text, "Write the path") == 'load img = "cases/one.nii.gz"'
    far = "Write the path as seen from the program"
    text = 'let f(x) = load("/<CURSOR>a/b/one.nii")'
    assert done(text, far) == 'let f(x) = load("../a/b/one.nii")'
    assert far not in titles('load img = "o<CURSOR>ne.nii"')


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        (
            'let a = <CURSOR>1 + 2<CURSOR>\nprint "n" a',
            'let part = 1 + 2\nlet a = part\nprint "n" a',
        ),
        (
            '/// Said.\nlet a = 3 * (<CURSOR>1 + 2<CURSOR>)\nprint "n" a',
            'let part = 1 + 2\n/// Said.\nlet a = 3 * (part)\nprint "n" a',
        ),
        (
            'let f(x) = 3 * (<CURSOR>x + 2<CURSOR>)\nprint "n" f(1)',
            'let f(x) = let part = x + 2 in 3 * (part)\nprint "n" f(1)',
        ),
        (
            'print "n" for k in [1, 2] do sqrt(<CURSOR>k * 2<CURSOR>)',
            'print "n" for k in [1, 2] do let part = k * 2 in sqrt(part)',
        ),
        (
            'let f(x) = for k in [1, 2] do sqrt(<CURSOR>x * 2<CURSOR>)\nprint "n" f(1)',
            'let f(x) = let part = x * 2 in for k in [1, 2] do sqrt(part)\nprint "n" f(1)',
        ),
        (
            'let part = 1\nprint "n" <CURSOR> 2 + part <CURSOR>',
            'let part = 1\nlet part2 = 2 + part\nprint "n"  part2 ',
        ),
    ],
)
def test_an_expression_becomes_a_let_and_every_goal_stays_what_it_is(
    text: str, expected: str
) -> None:
    assert done(text, "Extract") == expected
    assert goals(analysed(expected)) == goals(analysed(text.replace(CURSOR, "")))


def test_what_is_no_expression_is_not_extracted() -> None:
    for text in (
        "let a = <CURSOR>1 + 2 <CURSOR>* 3",
        "<CURSOR>let a<CURSOR> = 1",
        "let <CURSOR>a<CURSOR> = 1",
        "let a = 1<CURSOR>",
        'let f(x) = <CURSOR>f<CURSOR>(x)\nprint "n" f(1)',
        'print <CURSOR>"n"<CURSOR> 1',
        'load a = <CURSOR>"b.nii.gz"<CURSOR>',
    ):
        assert not [t for t in titles(text) if t.startswith("Extract")], text


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('let <CURSOR>a = 1 + 2\nprint "n" 3 * a', 'print "n" 3 * (1 + 2)'),
        ('let a = sqrt(2)\nprint "n" 3 * <CURSOR>a + a', 'print "n" 3 * sqrt(2) + sqrt(2)'),
        ('print "n" let <CURSOR>a = 1 + 2 in a * a', 'print "n" (1 + 2) * (1 + 2)'),
        ('/// Said.\nlet <CURSOR>a = 2\nprint "n" 3 *.a', 'print "n" 3 *.(2)'),
    ],
)
def test_a_let_is_inlined_and_every_goal_stays_what_it_is(text: str, expected: str) -> None:
    assert done(text, "Inline `a`") == expected
    assert goals(analysed(expected)) == goals(analysed(text.replace(CURSOR, "")))


@pytest.mark.parametrize(
    "text",
    [
        'let b = 1\nlet <CURSOR>a = b + 1\nlet b = 2\nprint "n" a + b',
        'let b = 1\nlet <CURSOR>a = b + 1\nlet f(b) = a + b\nprint "n" f(3)',
        'let b = 1\nlet <CURSOR>a = b + 1\nprint "n" for b in [1] do a + b',
        "let <CURSOR>a = 1",
        'let <CURSOR>f(x) = x\nprint "n" f(1)',
    ],
)
def test_a_let_is_not_inlined_where_a_name_would_mean_something_else(text: str) -> None:
    assert not [t for t in titles(text) if t.startswith("Inline")]


def test_nothing_is_ever_ignored() -> None:
    for text in ("let a = x<CURSOR>", "let a = 1 &<CURSOR>!2", "let a<CURSOR> = 1"):
        assert not [t for t in titles(text) if re_ignore(t)]


def re_ignore(title: str) -> bool:
    return any(word in title.lower() for word in ("ignore", "suppress", "disable"))


def test_extracting_and_inlining_keep_the_nodes_of_programs_that_are_made_up() -> None:
    seed = Random().randrange(10**6)
    random = Random(seed)
    changed = 0
    for _ in range(15):
        text = "\n".join(made_up(random.randrange(10**9), statements=12))
        analysis = analysed(text)
        spans = [span for span, meaning in analysis.expressions.items() if isinstance(meaning, str)]
        for span in random.sample(spans, min(4, len(spans))):
            for action in actions(analysis, span):
                if action.kind in ("refactor.extract", "refactor.inline"):
                    after = carried_out(text, action.edits)
                    said = f"seed {seed}: {action}\n{text}\n---\n{after}"
                    assert goals(analysed(after)) == goals(analysis), said
                    changed += 1
    assert changed > 15, f"seed {seed}"


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ('load a = <CURSOR>"scna.nii.gz"', ["scan.nii.gz"]),
        ('load a = "Data/<CURSOR>Scan.nii.gz"', ["Data/scan.nii.gz"]),
        ('import "<CURSOR>helprs.imgql"', ["helpers.imgql"]),
        ('import "ary<CURSOR>s"', ["arrays"]),
        ('load a = "nothing<CURSOR>_like_it.png"', []),
        ('load a = "b.nii.gz<CURSOR>"', []),
    ],
)
def test_a_misspelt_file_is_written_as_one_that_is_there(text: str, expected: list[str]) -> None:
    asked: list[str] = []

    def names_in(folder: str) -> list[str]:
        asked.append(folder)
        return ["helpers.imgql", "scan.nii.gz", "scans/"]

    offset = text.index(CURSOR)
    program = text.replace(CURSOR, "")
    found = actions(analysed(program), Span(offset, offset), names_in=names_in)
    cures = [action for action in found if action.diagnostics and action.kind == "quickfix"]
    written = [c.edits[0].text.strip('"') for c in cures if c.title.startswith("Write")]
    assert written == expected
    if expected and "Data" in text:
        assert asked == ["/home/Data"]


@pytest.mark.parametrize(
    ("text", "expected"),
    [
        ("let a = 1 <<CURSOR> 2 < 3", "let a = 1 < 2 & 2 < 3"),
        ("let a = 1 <=<CURSOR>(2)<= 3", "let a = 1 <=(2) & (2)<= 3"),
    ],
)
def test_a_chain_of_comparisons_is_taken_apart(text: str, expected: str) -> None:
    after = done(text, "Write `<")
    assert after == expected
    assert not analysed(after).errors
