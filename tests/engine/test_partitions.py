"""Loops on scalars are done in partitions: values, ids and failures are those of single items."""

import random
from collections.abc import Callable

import pytest

from tests.support.engines import catalogue, plan_of, run
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.events import Finished
from voxlogica_core.engine.outcome import Blocked, Counts, Done, Failed
from voxlogica_core.engine.run import Run
from voxlogica_core.engine.steps.partition import Partition
from voxlogica_core.engine.steps.partitions import LEAST, MOST
from voxlogica_core.store.store import MemoryStore
from voxlogica_core.values.written import written

_COUNT = LEAST + 6
_ROUNDS = 20
_GIVEN = "let some = next(1)\nlet other = over(some, 1)\n"
"""A number that nobody knows before the run, 2, and a truth."""


def _number(chance: random.Random, depth: int) -> Callable[[str], str]:
    """Return a random expression in a number, as what makes its text for that number's."""
    if depth == 0 or chance.random() < 0.2:
        leaf = chance.choice(["{}", "{}", "some", "3", "0.1", "-2"])
        return lambda item: leaf.format(item)
    parts = [_number(chance, depth - 1) for _ in range(2)]
    form = chance.choice(
        [
            "({} + {})",
            "({} - {})",
            "({} * {})",
            "abs({} - {})",
            "({} / ({} - some))",  # fails for 2
            "({} + sqrt({} * some))",  # fails below 0
        ]
    )
    return lambda item: form.format(*(part(item) for part in parts))


def _truth(chance: random.Random) -> Callable[[str], str]:
    left, right = _number(chance, 2), _number(chance, 1)
    form = chance.choice(["({} > {})", "({} <= {})", "(({} == {}) | other)", "(({} > {}) & other)"])
    return lambda item: form.format(left(item), right(item))


def _by_hand(body: Callable[[str], str], first: str = "") -> str:
    items = ", ".join(body(str(n)) for n in range(_COUNT))
    return f'{_GIVEN}{first}print "x" [{items}]'


def _told(found: Run) -> object:
    """Return all that a user hears of the only goal, and of the nodes it needs."""
    (result,) = found.results
    ended = {
        node: getattr(outcome, "how", outcome)
        for node, outcome in found.outcomes.items()
        if not isinstance(outcome, Blocked)
    }
    return written(result.value), result.outcome, result.message, result.failed, ended


def _use_it(*bodies: Callable[[str], str]) -> bool:
    """Whether every body uses its item: what one does not use is not to be computed."""
    return all("item" in body("item") for body in bodies)


def _is_in_partitions(text: str) -> bool:
    with Engine(MemoryStore(), catalogue()) as engine:
        tasks = engine.schedule(plan_of(text))
    return any(isinstance(step, Partition) for task in tasks for step in task.steps)


@pytest.fixture
def chance() -> random.Random:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201
    return random.Random(seed)


def test_random_loops_are_what_their_items_are_written_by_hand(chance: random.Random) -> None:
    for number in range(_ROUNDS):
        body = chance.choice([_truth(chance), _number(chance, 3), _number(chance, 3)])
        text = f'{_GIVEN}print "x" for i in range(0, {_COUNT}) do {body("i")}'
        assert _is_in_partitions(text) == _use_it(body)
        expected = _told(run(_by_hand(body)))
        assert _told(run(text)) == expected, f"round {number}: {text}"


def test_a_random_loop_over_a_loop_is_what_its_items_are_written_by_hand(
    chance: random.Random,
) -> None:
    for number in range(_ROUNDS // 2):
        inner, outer = _number(chance, 2), _number(chance, 2)
        loop = f"for y in (for i in range(0, {_COUNT}) do {inner('i')}) do {outer('y')}"
        text = f'{_GIVEN}print "x" {loop}'
        assert _is_in_partitions(text) == _use_it(inner, outer)
        expected = _told(run(_by_hand(lambda item, a=inner, b=outer: b(a(item)))))
        assert _told(run(text)) == expected, f"round {number}: {text}"


def test_random_folds_are_what_their_steps_are_written_by_hand(chance: random.Random) -> None:
    for number in range(_ROUNDS // 2):
        body, inner = _number(chance, 2), _number(chance, 1)
        first = chance.choice(["", "some", "0.25"])
        formula = f"(0.5 * before) + (some - {body('item')})"
        head = f"{_GIVEN}let f(before, item) = {formula}\n"
        source = f"(for i in range(0, {_COUNT}) do {inner('i')})"
        text = f'{head}let xs = {source}\nprint "x" fold f {first} xs'
        assert _is_in_partitions(text) == _use_it(body, inner)
        items = [inner(str(n)) for n in range(_COUNT)]
        if first:
            items.insert(0, first)
        steps = [f"let t0 = {items[0]}\n"]
        steps += [f"let t{n} = f(t{n - 1}, {items[n]})\n" for n in range(1, len(items))]
        by_hand = _told(run(f'{head}{"".join(steps)}print "x" t{len(items) - 1}'))
        found = _told(run(text))
        assert found == by_hand, f"round {number}: {text}"


def test_random_filters_pick_what_is_true_of_the_items(chance: random.Random) -> None:
    for number in range(_ROUNDS // 2):
        body = _truth(chance)
        answers = run(_by_hand(body)).results[0]
        text = f'{_GIVEN}print "x" filter i in range(0, {_COUNT}) do {body("i")}'
        (result,) = run(text).results
        if answers.outcome != "done":
            assert result.outcome == "blocked", f"round {number}: {text}"
            continue
        assert isinstance(answers.value, tuple)
        picked = tuple(float(n) for n, is_true in enumerate(answers.value) if is_true)
        assert (result.outcome, result.value) == ("done", picked), f"round {number}: {text}"


@pytest.mark.parametrize(
    ("source", "first", "last"),
    [
        (f"range(0, {_COUNT})", 0.0, _COUNT - 1.0),
        (f"range(0, next({_COUNT - 1}))", 0.0, _COUNT - 1.0),
        (f"steps({_COUNT})", 0.0, _COUNT - 1.0),
        (f"steps({2 * _COUNT})[{_COUNT}:]", float(_COUNT), 2.0 * _COUNT - 1),
        (f"(filter j in range(0, {2 * _COUNT}) do j * some >= {_COUNT})", _COUNT / 2, None),
    ],
)
def test_sources_may_be_known_before_the_run_or_during_it(
    source: str, first: float, last: float | None
) -> None:
    (result,) = run(f'{_GIVEN}print "x" for i in {source} do i * some').results
    assert isinstance(result.value, tuple)
    assert result.value[0] == 2 * first
    assert result.value[-1] == (2 * last if last is not None else 4.0 * _COUNT - 2)


def test_items_that_need_a_failed_number_are_blocked_by_it() -> None:
    loop = f"for i in range(0, {_COUNT}) do i * broken(0)"
    found = run(f'print "x" {loop}')
    (result,) = found.results
    assert result.outcome == "failed"
    assert len(result.failed) == _COUNT
    assert {item.message for item in result.failed} == {"another number than 0 is wanted"}
    assert sum(isinstance(outcome, Failed) for outcome in found.outcomes.values()) == 1


@pytest.mark.parametrize("items", ["[1, 2, true]", '[1, "a", 2]'])
def test_items_of_several_kinds_are_done_one_by_one(items: str) -> None:
    text = f'{_GIVEN}print "x" for i in {items} do [i, some]'
    assert not _is_in_partitions(text)
    assert run(text).results[0].outcome == "done"


def test_a_loop_with_one_item_that_fails_is_told_as_if_there_were_no_partitions() -> None:
    (result,) = run(f'{_GIVEN}print "x" sum(for i in range(0, 100) do 1 / (i - 36 - some))').results
    assert (result.outcome, result.value) == ("blocked", None)
    assert result.message == "item 39: division wants a divisor other than 0, and 1 / 0 came"


def test_every_item_is_told_by_what_made_it() -> None:
    text = f'{_GIVEN}print "x" sum(for i in range(0, {_COUNT}) do i * some + 1)'
    with Engine(MemoryStore(), catalogue()) as engine:
        told = [each for each in engine.run(plan_of(text)) if isinstance(each, Finished)]
    made = [each.primitive for each in told if each.primitive]
    assert sorted(made) == ["add"] * _COUNT + ["multiply"] * _COUNT
    items = [each for each in told if each.primitive]
    assert len({each.node for each in items}) == 2 * _COUNT
    assert all(isinstance(each.outcome, Done) and each.task for each in items)


def test_a_long_loop_is_cut_into_partitions_and_joined_in_order() -> None:
    count = 2 * MOST + 5
    found = run(f'{_GIVEN}print "x" for i in range(0, {count}) do i + some')
    assert found.results[0].value == tuple(n + 2.0 for n in range(count))
    assert found.counts == Counts(computed=count + 1)


def test_the_next_run_reads_the_loop_and_computes_nothing() -> None:
    store = MemoryStore()
    text = f'{_GIVEN}print "x" for i in range(0, {_COUNT}) do i + some'
    first = run(text, store).results[0].value
    again = run(text, store)
    assert again.results[0].value == first
    assert again.counts == Counts(reused=1)


def test_two_runs_at_once_share_the_partitions_of_a_loop() -> None:
    text = f'{_GIVEN}print "{{}}" sum(for i in range(0, {10 * MOST}) do i * some + 1)'
    with Engine(MemoryStore(), catalogue(), threads=2) as engine:
        runs = [engine.run(plan_of(text.format(name))) for name in "ab"]
        for each in runs:
            each.start()
        values = [each.wait().results[0].value for each in runs]
    assert values[0] == values[1]
    done = {node for each in runs for node in each.outcomes}
    assert all(done == each.outcomes.keys() for each in runs)


def test_a_cancelled_loop_ends_without_its_items() -> None:
    text = f'{_GIVEN}print "x" sum(for i in range(0, {20 * MOST}) do i * some)'
    with Engine(MemoryStore(), catalogue(), threads=1) as engine:
        going = engine.run(plan_of(text))
        for event in going:
            if isinstance(event, Finished):
                going.cancel()
        (result,) = going.wait().results
    assert result.outcome == "cancelled"
    assert going.counts.computed < 20 * MOST
