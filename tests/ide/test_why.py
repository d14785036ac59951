from tests.support.cursors import FakeMemory, analysed, catalogue, number, record
from voxlogica_core.ide.forecast.why import Why, why
from voxlogica_core.ide.status.status import NOTHING, Activity
from voxlogica_core.store.record import NOT_KEPT, Record
from voxlogica_core.values.kind import IMAGE, MASK, NUMBER

ANALYSIS = analysed(
    'load img = "b.nii.gz"\n'
    "let grey = intensity(img)\n"
    "let bright = grey >. 0.3\n"
    "let size = volume(bright)\n"
    "let both = [volume(bright), 2]\n"
    'print "n" size\n'
)
NAMES = ANALYSIS.plan.declarations
IMG, GREY, BRIGHT, SIZE = (NAMES[name] for name in ("img", "grey", "bright", "size"))


def asked(name: str, *records: Record, activity: Activity = NOTHING) -> Why:
    memory = FakeMemory({record.id: record for record in records})
    return why(ANALYSIS, ANALYSIS.plan.nodes[NAMES[name]], memory, activity, (), catalogue())


def test_a_value_that_is_kept_misses_nothing() -> None:
    found = asked("size", number(SIZE, 3.0, NUMBER))
    assert (found.reason, found.cause, found.missing) == ("kept", None, ())


def test_what_never_ran_misses_all_that_is_below_it_inputs_first() -> None:
    found = asked("size")
    assert found.reason == "never computed"
    assert found.cause
    assert "no run of this program is remembered" in found.cause.text
    assert [node for node in found.missing if node in (IMG, GREY, BRIGHT, SIZE)] == list(
        dict.fromkeys((IMG, GREY, BRIGHT, SIZE))
    )


def test_what_is_kept_below_ends_the_search() -> None:
    assert asked("size", record(BRIGHT, MASK)).missing == (SIZE,)


def test_a_value_that_was_not_kept_is_made_from_what_is() -> None:
    found = asked("bright", record(BRIGHT, MASK, stored=NOT_KEPT), record(GREY, IMAGE))
    assert found.reason == "evicted"  # it took 0.8 s, so it was kept
    assert found.missing == (BRIGHT,)


def test_what_is_made_quicker_than_it_is_read_is_not_kept() -> None:
    quick = record(BRIGHT, MASK, stored=NOT_KEPT, seconds=0.0001)
    found = asked("bright", quick, record(GREY, IMAGE))
    assert found.reason == "not kept"
    assert found.cause
    assert found.cause.text == "it is made again in 100 µs, so its value is not kept"


def test_what_needs_a_failure_names_it() -> None:
    found = asked("size", activity=Activity(failed={GREY: "no", IMG: "the file is damaged"}))
    assert found.cause
    assert (found.cause.node, found.cause.text) == (IMG, "it failed: the file is damaged")


def test_a_failure_is_the_reason_where_there_was_one() -> None:
    found = asked("bright", activity=Activity(failed={BRIGHT: "no"}))
    assert found.reason == "failed before"
    assert found.cause
    assert found.cause.text == "it failed: no"


def test_a_sequence_is_kept_when_its_items_are() -> None:
    found = asked("both", number(SIZE, 3.0, NUMBER))
    assert (found.reason, found.missing) == ("kept", ())
