import pytest

from tests.support.cursors import CURSOR, analysed, at_cursor
from voxlogica_core.ide.status.choice import chosen, selected, to_cursor
from voxlogica_core.text.span import Span

TEXT = """\
load img = "b.nii.gz"
let bright = intensity(img) >. 50
print "bright" volume(bright)
let f(x) = x + 1
let late = f(2) + f(3)
save "late.nii.gz" bright
"""


def named(text: str, offset: int) -> tuple[list[str], list[str]]:
    """Return which of the goals a run to a cursor has, and which declarations."""
    analysis = analysed(text)
    choice = chosen(analysis, to_cursor(offset))
    names = {node: name for name, node in analysis.plan.declarations.items()}
    return [goal.kind for goal in choice.goals], [names[node] for node in choice.targets]


@pytest.mark.parametrize(
    ("before", "goals", "declarations"),
    [
        ("load", [], ["img"]),
        ("bright =", [], ["bright"]),
        ("print", ["print"], []),
        ('" volume', ["print"], []),
        ("f(x)", ["print"], []),
        ("late =", ["print"], ["late"]),
        ("save", ["print", "save"], []),
    ],
)
def test_to_a_cursor_go_the_goals_above_and_the_declaration_there(
    before: str, goals: list[str], declarations: list[str]
) -> None:
    assert named(TEXT, TEXT.index(before)) == (goals, declarations)


def test_the_end_of_a_declaration_belongs_to_it() -> None:
    assert named(TEXT, TEXT.index("\nprint")) == ([], ["bright"])


def test_a_selection_has_what_it_touches_and_nothing_above() -> None:
    analysis = analysed(TEXT)
    span = Span(TEXT.index("late ="), TEXT.index("bright\n", TEXT.index("save")))
    choice = chosen(analysis, selected(span))
    assert [goal.kind for goal in choice.goals] == ["save"]
    assert choice.targets == (analysis.plan.declarations["late"],)


def test_a_selection_of_whole_lines_does_not_touch_the_next() -> None:
    span = Span(TEXT.index("let bright"), TEXT.index("print"))
    choice = chosen(analysed(TEXT), selected(span))
    assert choice.goals == ()
    assert len(choice.targets) == 1


def test_an_empty_selection_is_a_cursor() -> None:
    at = TEXT.index("volume")
    choice = chosen(analysed(TEXT), selected(Span(at, at)))
    assert [goal.kind for goal in choice.goals] == ["print"]


def test_without_a_part_all_goals_are_asked_for() -> None:
    analysis = analysed(TEXT)
    choice = chosen(analysis, None)
    assert choice.goals == analysis.plan.goals
    assert choice.nodes == tuple(goal.value for goal in analysis.plan.goals)


def test_a_declaration_that_a_later_one_hides_has_its_own_value() -> None:
    text = f'let a{CURSOR} = sqrt(2)\nlet a = a + 1\nprint "a" a'
    analysis, offset = at_cursor(text)
    choice = chosen(analysis, to_cursor(offset))
    assert choice.targets != (analysis.plan.declarations["a"],)
