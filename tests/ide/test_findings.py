from tests.support.cursors import analysed
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.findings import shown_diagnostics
from voxlogica_core.ide.status.status import NOTHING, Activity
from voxlogica_core.plan.node import NodeId

PROGRAM = """\
load img = "b.nii.gz"
let grey = intensity(img)
let bright = grey >. 0.3
print "n" volume(bright)
print "m" 1
"""


def said(analysis: Analysis, activity: Activity) -> list[tuple[str, str, str]]:
    text = analysis.source.text
    return [
        (found.code, text[found.span.start : found.span.end], found.message)
        for found in shown_diagnostics(analysis, activity)
    ]


def failure(analysis: Analysis) -> Activity:
    plan = analysis.plan
    (goal, *_) = plan.goals
    assert goal.value is not None
    blocked = frozenset({plan.declarations["bright"], goal.value})
    return Activity(failed={plan.declarations["grey"]: "no grey today"}, blocked=blocked)


def test_a_failure_stands_at_the_expression_and_its_goal_points_to_it() -> None:
    analysis = analysed(PROGRAM)
    assert said(analysis, failure(analysis)) == [
        ("run-failed", "intensity(img)", "no grey today"),
        ("blocked", "volume(bright)", "blocked by line 2"),
    ]


def test_a_failure_goes_when_the_expression_is_another() -> None:
    activity = failure(analysed(PROGRAM))
    assert said(analysed(PROGRAM.replace("intensity", "red")), activity) == []


def test_a_failure_comes_back_with_the_expression() -> None:
    activity = failure(analysed(PROGRAM))
    moved = analysed("// one line more\n" + PROGRAM)
    assert ("run-failed", "intensity(img)", "no grey today") in said(moved, activity)


def test_a_failure_in_a_function_stands_at_the_call_with_a_link_inside() -> None:
    analysis = analysed('load img = "b.nii.gz"\nlet f(x) = intensity(x)\nprint "m" max(f(img))')
    node = next(NodeId(n) for n, place in analysis.plan.places.items() if place.call is not None)
    (found,) = shown_diagnostics(analysis, Activity(failed={node: "no"}))
    text = analysis.source.text
    assert text[found.span.start : found.span.end] == "f(img)"
    (link,) = found.related
    assert text[link.span.start : link.span.end] == "intensity(x)"


def test_an_error_in_an_import_is_shown_at_the_import() -> None:
    analysis = analysed(
        'import "lib.imgql"\nprint "x" x', {"/home/lib.imgql": "let x = unknown_name"}
    )
    (found,) = [f for f in shown_diagnostics(analysis, NOTHING) if f.code == "unbound-name"]
    assert analysis.source.text[found.span.start : found.span.end] == '"lib.imgql"'
    assert found.message.startswith("in lib.imgql: ")
    assert found.related[0].path == "/home/lib.imgql"


def test_cures_of_an_imported_file_are_not_offered_for_the_importing_one() -> None:
    analysis = analysed(
        'import "lib.imgql"\nprint "x" x', {"/home/lib.imgql": "let x = 9 .-. 3 .-. 1"}
    )
    code = "reads-differently-in-voxlogica-1"
    (found,) = [f for f in shown_diagnostics(analysis, NOTHING) if f.code == code]
    assert analysis.source.text[found.span.start : found.span.end] == '"lib.imgql"'
    assert found.fixes == ()


def test_what_fails_for_items_of_a_loop_stands_at_the_loop() -> None:
    analysis = analysed('let many = for i in [1, 2] do format_string("", i)\nprint "m" many')
    goal = analysis.plan.goals[0].value
    assert goal is not None
    items = {NodeId("1" * 64): "first", NodeId("2" * 64): "second"}
    activity = Activity(failed=items, blocked=frozenset({goal}))
    assert said(analysis, activity) == [
        (
            "run-failed",
            'for i in [1, 2] do format_string("", i)',
            "2 items failed, the first with: first",
        )
    ]
