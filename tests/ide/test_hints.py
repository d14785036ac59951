"""Inlay hints and code lenses: what stands where, and when nothing does."""

from tests.support.cursors import FakeMemory, analysed, number, record
from voxlogica_core.ide.actions.lenses import lenses
from voxlogica_core.ide.hover.hints import hints
from voxlogica_core.ide.status.status import NOTHING, Activity
from voxlogica_core.plan.node import NodeId
from voxlogica_core.text.span import Span
from voxlogica_core.values.kind import MASK, NUMBER

PROGRAM = """\
load img = "b.nii.gz"
let level = 2 + 1
let plain = 3
let bright = img > level
let near2(m) = near(near(m))
let amount = volume(bright)
print "n" amount
"""


def shown(
    text: str,
    memory: FakeMemory | None = None,
    activity: Activity = NOTHING,
    visible: Span | None = None,
) -> dict[int, str]:
    """Return the hint of each line, lines counted from 1."""
    analysis = analysed(text)
    whole = Span(0, len(text))
    found = hints(analysis, visible or whole, memory or FakeMemory(), activity)
    return {analysis.source.line_of(hint.offset) + 1: hint.text for hint in found}


def node_of(name: str) -> NodeId:
    return analysed(PROGRAM).plan.declarations[name]


def test_declarations_say_what_they_are_and_constants_what_they_are_worth() -> None:
    assert shown(PROGRAM) == {1: "image", 2: "number = 3", 4: "mask", 6: "number"}


def test_a_value_that_is_written_out_is_not_repeated() -> None:
    assert shown("let a = [1, 2]\nlet b = [1, 1 + 1]") == {
        1: "sequence of number",
        2: "sequence of number = [1, 2]",
    }


def test_what_is_known_has_a_sign_its_time_and_a_scalar_its_value() -> None:
    bright, amount = node_of("bright"), node_of("amount")
    memory = FakeMemory({bright: record(bright, MASK), amount: number(amount, 12, NUMBER)})
    found = shown(PROGRAM, memory)
    assert found[4] == "mask ✓ 800 ms"
    assert found[6] == "number = 12 ✓ 2 ms"


def test_a_run_is_seen_in_the_hints() -> None:
    bright = node_of("bright")
    assert shown(PROGRAM, activity=Activity(running=frozenset({bright})))[4] == "mask ◑"
    assert shown(PROGRAM, activity=Activity(failed={bright: "no"}))[4] == "mask ✗"
    assert shown(PROGRAM, activity=Activity(queued=frozenset({bright})))[4] == "mask ◔"


def test_only_what_is_on_the_screen_is_asked_for() -> None:
    memory = FakeMemory()
    start = PROGRAM.index("let bright")
    assert list(shown(PROGRAM, memory, visible=Span(start, start + 30))) == [4]
    assert memory.asked == 1


def test_a_line_has_one_hint_at_its_end() -> None:
    found = hints(analysed("let a = 1 + 1 let b = 2 + 2"), Span(0, 99), FakeMemory(), NOTHING)
    assert len(found) == 1


def test_a_hint_stays_while_something_else_is_typed() -> None:
    assert shown(PROGRAM + "let x = (")[4] == shown(PROGRAM)[4]


def test_a_hint_moves_with_its_line() -> None:
    assert shown("\n\n" + PROGRAM) == {n + 2: text for n, text in shown(PROGRAM).items()}


def test_every_goal_can_be_run_shown_and_explained() -> None:
    analysis = analysed(PROGRAM)
    found = list(lenses(analysis))
    assert [lens.deed for lens in found] == ["run", "run to here", "show", "why"]
    lens = found[0]
    assert analysis.source.text[lens.span.start : lens.span.end] == 'print "n" amount'
    assert analysis.source.text[lens.value.start : lens.value.end] == "amount"


def test_a_program_without_goals_has_no_lenses() -> None:
    assert not list(lenses(analysed("let a = 1")))
