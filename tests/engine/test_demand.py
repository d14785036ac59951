from tests.support.engines import CountingStore, printed, run
from voxlogica_core.engine.outcome import Counts

CHAIN = "let a0 = next(0)\n" + "".join(f"let a{i} = next(a{i - 1})\n" for i in range(1, 10_000))


def test_a_chain_of_10000_nodes_runs_without_deep_recursion() -> None:
    assert printed(CHAIN + 'print "x" a9999') == {"x": 10_000.0}


def test_a_warm_run_asks_for_the_goals_only() -> None:
    store = CountingStore()
    run(CHAIN + 'print "x" a9999', store)
    store.asked.clear()
    warm = run(CHAIN + 'print "x" a9999', store)
    assert warm.counts == Counts(reused=1)
    assert store.asked == [1]


def test_a_cold_chain_asks_few_questions() -> None:
    store = CountingStore()
    run(CHAIN + 'print "x" a9999', store)
    assert len(store.asked) < 20
    assert sum(store.asked) <= 10_000


def test_a_wide_program_asks_few_questions() -> None:
    store = CountingStore()
    goals = "".join(f'print "{i}" next({i})\n' for i in range(2_000))
    assert run(goals, store).counts == Counts(computed=2_000)
    assert len(store.asked) == 1
    assert run(goals, store).counts == Counts(reused=2_000)


def test_after_an_edit_only_what_changed_is_computed() -> None:
    store = CountingStore()
    first = 'let a = next(1)\nlet b = plus(a, 2)\nprint "a" a\nprint "b" b'
    assert run(first, store).counts == Counts(computed=2)
    edited = first.replace("plus(a, 2)", "plus(a, 3)")
    assert run(edited, store).counts == Counts(computed=1, reused=1)


def test_a_known_image_that_is_not_kept_is_rematerialised() -> None:
    store = CountingStore()
    text = 'let im = shift(noise(1, 4), 1)\nprint "m" average({})'
    assert run(text.format("im"), store).counts == Counts(computed=3)
    again = run(text.format("shift(im, 2)"), store)
    assert again.counts.computed == 2
    assert again.counts.rematerialised + again.counts.reused > 0


def test_the_grid_of_a_known_image_is_not_computed_again() -> None:
    store = CountingStore()
    run('print "m" average(noise(1, 4))', store)
    other = run('print "m" average(ramp(noise(1, 4)))', store)
    assert other.counts == Counts(computed=2)
    assert [result.value for result in other.results] == [1.5]


def test_goals_that_are_one_node_are_computed_once() -> None:
    assert run(
        'print "a" next(1)\nprint "b" next(1)\nlet c = next(1)\nprint "c" c'
    ).counts == Counts(computed=1)


def test_declarations_nobody_asks_for_are_not_computed() -> None:
    assert run('let unused = broken(1)\nprint "a" next(1)').counts == Counts(computed=1)
