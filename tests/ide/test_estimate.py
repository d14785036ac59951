from pathlib import Path

import pytest

from tests.support.cursors import FakeMemory, analysed, catalogue, number, record
from tests.support.mutating import Made
from tests.support.rerunning import Rerun, rerunning
from voxlogica_core.ide.forecast.estimate import Estimate, estimate
from voxlogica_core.plan.node import Apply, Node
from voxlogica_core.store.record import NOT_KEPT, Record
from voxlogica_core.values.kind import MASK, NUMBER

ANALYSIS = analysed(
    'load img = "b.nii.gz"\n'
    "let bright = intensity(img) >. 0.3\n"
    "let size = volume(bright)\n"
    "let other = volume(intensity(img) >. 0.9)\n"
    'print "n" size\n'
)
PLAN = ANALYSIS.plan
LOADED = 'load img = "a.nii.gz"\nlet grey = intensity(img)\n'
BRIGHT, SIZE = PLAN.declarations["bright"], PLAN.declarations["size"]


def asked(*records: Record) -> Estimate:
    memory = FakeMemory({record.id: record for record in records})
    return estimate(ANALYSIS, memory, catalogue())


def test_a_value_that_is_kept_is_reused_and_costs_next_to_nothing() -> None:
    found = asked(number(SIZE, 3.0, NUMBER))
    assert (found.compute, found.reused, found.seconds) == (0, 1, 0.0)


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
    found = estimate(analysed("let a = sqrt(2)"), FakeMemory(), catalogue())
    assert (found.compute, found.reused, found.seconds) == (0, 0, 0.0)
    assert found.text == "nothing to compute"


def test_the_items_of_a_loop_are_counted() -> None:
    text = 'load img = "b.nii.gz"\nprint "v" for t in range(0, 7) do volume(img >. t + 0.5)\n'
    found = estimate(analysed(text), FakeMemory(), catalogue())
    assert (found.compute, found.is_exact) == (1 + 2 * 7, True)


def test_of_a_long_loop_some_items_stand_for_all() -> None:
    text = 'load img = "b.nii.gz"\nprint "v" for t in range(0, 90000) do volume(img >. t + 0.5)\n'
    memory = FakeMemory()
    found = estimate(analysed(text), memory, catalogue())
    assert (found.compute, found.is_exact) == (1 + 2 * 90_000, False)
    assert found.text.startswith("at least 180001 nodes")
    assert memory.asked < 1_000


def test_a_loop_of_unknown_length_makes_the_price_a_lower_bound() -> None:
    text = (
        'load img = "b.nii.gz"\nlet n = volume(img >. 1)\n'
        'print "v" for t in range(0, n) do volume(img >. t)\n'
    )
    found = estimate(analysed(text), FakeMemory(), catalogue())
    assert (found.compute, found.is_exact) == (3, False)


@pytest.mark.parametrize("seed", range(6))
def test_what_is_told_is_what_the_run_then_does(seed: int, tmp_path: Path) -> None:
    made = Made(seed)
    text = made.text
    with rerunning(tmp_path / "desk") as rerun:
        for _ in range(6):
            told = priced(rerun, text)
            counts = rerun.run(text).counts
            done = (counts.computed + counts.rematerialised, counts.reused)
            assert (told.compute, told.reused) == done
            text = made.literal().text


def test_an_edit_is_told_beside_the_whole(tmp_path: Path) -> None:
    text = LOADED + "let bright = grey >. 60.5\n" + 'print "n" volume(near(bright))\n'
    with rerunning(tmp_path / "desk") as rerun:
        assert priced(rerun, text).text.startswith("5 nodes to compute, 0 reused, about ")
        rerun.run(text)
        assert priced(rerun, text).text == "nothing to compute: all 5 nodes are known"
        found = priced(rerun, text.replace("60.5", "61.5"))
        assert (found.changed, found.total) == (3, 5)
        assert found.text.startswith("this edit changes 3 of 5 nodes, about ")


def test_what_stood_there_before_says_how_long_it_takes_and_how_large_it_is(
    tmp_path: Path,
) -> None:
    text = LOADED + 'print "n" volume(near(grey >. 60.5))\n'
    with rerunning(tmp_path / "desk") as rerun:
        rerun.run(text)
        edited = text.replace("60.5", "61.5")
        found = priced(rerun, edited)
        before, now = rerun.analysis(text).plan, rerun.analysis(edited).plan
        mask = next(n for n, node in before.nodes.items() if is_near(node))
        same = next(n for n, node in now.nodes.items() if is_near(node))
        step = next(step for step in found.steps if step.node == same)
        assert mask != same
        spent = rerun.store.lookup([mask])[mask].seconds  # its own: a busy core makes no difference
        assert step.seconds == pytest.approx(spent, abs=2e-5)
        assert step.nbytes == 1000


def priced(rerun: Rerun, text: str) -> Estimate:
    analysis = rerun.analysis(text)
    runs, rates = rerun.past.runs(analysis.source.path or ""), rerun.past.rates()
    return estimate(analysis, rerun.reader, rerun.catalogue, runs, rates)


def is_near(node: Node) -> bool:
    return isinstance(node, Apply) and node.primitive == "vox1.near"
