from tests.support.cursors import FakeMemory, analysed, number, record
from voxlogica_core.ide.status import NOTHING, Activity
from voxlogica_core.ide.why import Why, why
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
    return why(ANALYSIS, ANALYSIS.plan.nodes[NAMES[name]], memory, activity)


def test_a_value_that_is_kept_misses_nothing() -> None:
    found = asked("size", number(SIZE, 3.0, NUMBER))
    assert (found.status, found.reason, found.missing) == ("kept", "kept", ())


def test_what_never_ran_misses_all_that_is_below_it_inputs_first() -> None:
    found = asked("size")
    assert (found.status, found.reason) == ("to do", "never computed")
    assert [node for node in found.missing if node in (IMG, GREY, BRIGHT, SIZE)] == list(
        dict.fromkeys((IMG, GREY, BRIGHT, SIZE))
    )


def test_what_is_kept_below_ends_the_search() -> None:
    assert asked("size", record(BRIGHT, MASK)).missing == (SIZE,)


def test_a_value_that_was_not_kept_is_made_from_what_is() -> None:
    found = asked("bright", record(BRIGHT, MASK, stored=NOT_KEPT), record(GREY, IMAGE))
    assert (found.status, found.reason) == ("known", "known, value not kept")
    assert found.missing == (BRIGHT,)


def test_a_failure_is_the_reason_where_there_was_one() -> None:
    found = asked("bright", activity=Activity(failed={BRIGHT: "no"}))
    assert (found.status, found.reason) == ("failed", "failed before")


def test_a_sequence_is_kept_when_its_items_are() -> None:
    found = asked("both", number(SIZE, 3.0, NUMBER))
    assert (found.status, found.reason, found.missing) == ("kept", "kept", ())
