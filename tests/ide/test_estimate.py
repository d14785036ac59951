from tests.support.cursors import FakeMemory, analysed, catalogue, number, record
from voxlogica_core.ide.estimate import Estimate, estimate
from voxlogica_core.store.record import NOT_KEPT, Record
from voxlogica_core.values.kind import MASK, NUMBER

PLAN = analysed(
    'load img = "b.nii.gz"\n'
    "let bright = intensity(img) >. 0.3\n"
    "let size = volume(bright)\n"
    "let other = volume(intensity(img) >. 0.9)\n"
    'print "n" size\n'
).plan
BRIGHT, SIZE = PLAN.declarations["bright"], PLAN.declarations["size"]


def asked(*records: Record) -> Estimate:
    memory = FakeMemory({record.id: record for record in records})
    return estimate(PLAN, memory, catalogue().primitives)


def test_a_value_that_is_kept_is_reused_and_costs_next_to_nothing() -> None:
    found = asked(number(SIZE, 3.0, NUMBER))
    assert (found.compute, found.reused) == (0, 1)
    assert 0 < found.seconds < 0.001


def test_a_step_from_what_is_kept_computes_one_node() -> None:
    found = asked(record(BRIGHT, MASK))
    assert (found.compute, found.reused) == (1, 1)


def test_what_is_not_needed_is_not_counted() -> None:
    other = PLAN.declarations["other"]
    assert asked(record(other, NUMBER)) == asked()


def test_what_ran_before_is_expected_to_take_as_long_again() -> None:
    found = asked(record(SIZE, NUMBER, stored=NOT_KEPT, seconds=100), record(BRIGHT, MASK))
    assert found.compute == 1
    assert 100 < found.seconds < 101


def test_without_records_the_declared_costs_say_how_long() -> None:
    found = asked()
    assert found.reused == 0
    assert found.compute > 2
    assert 0.001 < found.seconds < 100


def test_a_program_without_goals_costs_nothing() -> None:
    plan = analysed("let a = sqrt(2)").plan
    assert estimate(plan, FakeMemory(), catalogue().primitives) == Estimate(0, 0, 0.0)
