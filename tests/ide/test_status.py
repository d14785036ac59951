from tests.support.cursors import analysed, record
from voxlogica_core.ide.status.status import NOTHING, Activity, Status, demand, status
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.record import NOT_KEPT, Record
from voxlogica_core.values.kind import IMAGE, MASK

ANALYSIS = analysed(
    'load img = "b.nii.gz"\n'
    "let grey = intensity(img)\n"
    "let bright = grey >. 0.3\n"
    "let other = grey >. 0.9\n"
    'print "n" volume(bright)\n'
)
PLAN = ANALYSIS.plan
GREY, BRIGHT, OTHER = (PLAN.declarations[name] for name in ("grey", "bright", "other"))


def word(
    node: NodeId, records: dict[NodeId, Record] | None = None, activity: Activity = NOTHING
) -> Status:
    known = records or {}
    return status(
        PLAN.nodes[node],
        nodes=PLAN.nodes,
        records=known,
        activity=activity,
        demanded=demand(PLAN, known),
    )


def test_what_a_goal_needs_is_to_do() -> None:
    assert [word(node) for node in (GREY, BRIGHT)] == ["to do", "to do"]


def test_what_no_goal_needs_is_not_needed() -> None:
    assert word(OTHER) == "not needed"


def test_demand_stops_at_what_is_kept() -> None:
    known = {BRIGHT: record(BRIGHT, MASK)}
    assert word(BRIGHT, known) == "kept"
    assert word(GREY, known) == "not needed"


def test_demand_goes_through_what_is_known_but_not_kept() -> None:
    known = {BRIGHT: record(BRIGHT, MASK, stored=NOT_KEPT)}
    assert word(BRIGHT, known) == "known"
    assert word(GREY, known) == "to do"


def test_what_runs_is_running_whatever_the_store_says() -> None:
    known = {GREY: record(GREY, IMAGE)}
    assert word(GREY, known, Activity(running=frozenset({GREY}))) == "running"


def test_failed_comes_before_queued() -> None:
    activity = Activity(queued=frozenset({GREY}), failed={GREY: "why"})
    assert word(GREY, activity=activity) == "failed"


def test_queued_and_blocked_are_told_apart() -> None:
    activity = Activity(queued=frozenset({GREY}), blocked=frozenset({BRIGHT}))
    assert [word(GREY, activity=activity), word(BRIGHT, activity=activity)] == [
        "queued",
        "blocked",
    ]


def test_literals_are_kept_from_the_start() -> None:
    analysis = analysed("let a = 1")
    node = analysis.plan.nodes[analysis.plan.declarations["a"]]
    assert (
        status(node, nodes=analysis.nodes, records={}, activity=NOTHING, demanded=frozenset())
        == "kept"
    )


def test_a_list_is_kept_when_its_items_are() -> None:
    analysis = analysed("let a = [1, 2]")
    node = analysis.plan.nodes[analysis.plan.declarations["a"]]
    assert (
        status(node, nodes=analysis.nodes, records={}, activity=NOTHING, demanded=frozenset())
        == "kept"
    )


def test_what_has_no_id_of_its_own_is_unknown() -> None:
    analysis = analysed('let f(x) = x + 1\nlet a = for i in [1, 2] do f(i)\nprint "a" a')
    open_nodes = [n for n in analysis.nodes.values() if getattr(n, "free", None)]
    assert open_nodes
    words = {
        status(node, nodes=analysis.nodes, records={}, activity=NOTHING, demanded=frozenset())
        for node in open_nodes
    }
    assert words == {"unknown"}


def test_what_a_loop_captures_is_demanded() -> None:
    analysis = analysed(
        'load img = "b.nii.gz"\nlet grey = intensity(img)\n'
        'print "v" (for t in [1, 2] do volume(grey >. t))'
    )
    assert analysis.plan.declarations["grey"] in demand(analysis.plan, {})
