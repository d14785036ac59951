from hypothesis import given, settings
from hypothesis import strategies as st

from tests.support.stores import node_id
from voxlogica_core.engine.steps.grouping import LIGHT
from voxlogica_core.engine.steps.schedule import Work, cut
from voxlogica_core.engine.steps.step import Compute, Deliver, Step, Task, TaskKey, inputs_of_step
from voxlogica_core.plan.node import Apply, NodeId
from voxlogica_core.values.kind import IMAGE

Graph = list[tuple[list[int], float]]


@st.composite
def graphs(draw: st.DrawFn) -> Graph:
    count = draw(st.integers(1, 25))
    times = st.sampled_from([0.0001, 0.005, 0.015, 0.03, 0.3])
    inputs = [
        draw(st.lists(st.integers(0, index - 1), max_size=3, unique=True)) if index else []
        for index in range(count)
    ]
    return [(given, draw(times)) for given in inputs]


def work_of(graph: Graph) -> Work:
    return Work(steps := computing(graph), [seconds for _, seconds in graph], pins_of(steps))


def pins_of(steps: list[Compute]) -> set[NodeId]:
    return {step.id for index, step in enumerate(steps) if not index % 7}


def computing(graph: Graph) -> list[Compute]:
    steps: list[Compute] = []
    for index, (inputs, _) in enumerate(graph):
        nodes = tuple(node_id(given) for given in inputs)
        node = Apply(node_id(index), "test.step", "1", nodes, IMAGE)
        steps.append(Compute(node.id, node, nodes))
    return steps


def tasks_printing(graph: Graph, printed: list[int]) -> dict[int, Task]:
    """Return the task that prints each of some steps of a graph, and that which makes step 0."""
    made = computing(graph)
    goals: list[Step] = [
        Deliver(NodeId(f"goal {n}"), "print", node_id(n), IMAGE, (node_id(n),)) for n in printed
    ]
    seconds = [*(seconds for _, seconds in graph), *(0.0 for _ in goals)]
    found: dict[int, Task] = {}
    for task in cut(Work([*made, *goals], seconds), 2, lambda index: TaskKey(str(index))):
        ids = {step.id for step in task.steps}
        found |= {n: task for n in printed if f"goal {n}" in ids}
        found |= {0: task} if node_id(0) in ids else {}
    return found


def tasks_of(graph: Graph, threads: int = 2) -> list[Task]:
    return cut(work_of(graph), threads, lambda index: TaskKey(str(index)))


def members(tasks: list[Task]) -> list[set[int]]:
    index = {node_id(number): number for number in range(20_000)}
    return [{index[step.id] for step in task.steps} for task in tasks]


@settings(max_examples=150, deadline=None)
@given(graphs(), st.integers(1, 4))
def test_every_step_is_in_exactly_one_task(graph: Graph, threads: int) -> None:
    steps = [step.id for task in tasks_of(graph, threads) for step in task.steps]
    assert sorted(steps) == sorted(node_id(index) for index in range(len(graph)))


@settings(max_examples=150, deadline=None)
@given(graphs(), st.integers(1, 4))
def test_tasks_need_only_earlier_tasks_that_export_what_is_needed(
    graph: Graph, threads: int
) -> None:
    exported: dict[TaskKey, frozenset[str]] = {}
    for task in tasks_of(graph, threads):
        for node, key in task.imports:
            assert node in exported[key]
        made = {node for node, _ in task.imports}
        for step in task.steps:
            assert set(inputs_of_step(step)) <= made
            made.add(step.id)
        exported[task.key] = task.exports


@settings(max_examples=100, deadline=None)
@given(graphs(), st.integers(1, 4))
def test_a_value_is_dropped_after_its_last_use_and_never_before(graph: Graph, threads: int) -> None:
    for task in tasks_of(graph, threads):
        here = {node for node, _ in task.imports}
        for step, drops in zip(task.steps, task.drops, strict=True):
            assert set(inputs_of_step(step)) <= here
            here = (here | {step.id}) - set(drops)
        unused = {step.id for step in task.steps} - {
            n for s in task.steps for n in inputs_of_step(s)
        }
        assert here - unused <= task.exports


@settings(max_examples=100, deadline=None)
@given(graphs(), st.integers(1, 4))
def test_the_cut_is_deterministic(graph: Graph, threads: int) -> None:
    assert tasks_of(graph, threads) == tasks_of(graph, threads)


@settings(max_examples=100, deadline=None)
@given(graphs())
def test_the_cut_loses_no_parallelism_to_fusion(graph: Graph) -> None:
    """With threads without end, tasks end no later than steps would, tiny batches aside."""
    heavy = [(inputs, max(seconds, LIGHT)) for inputs, seconds in graph]
    ideal: list[float] = []
    for inputs, seconds in heavy:
        ideal.append(seconds + max((ideal[given] for given in inputs), default=0.0))
    ends: dict[TaskKey, float] = {}
    for task in tasks_of(heavy):
        ends[task.key] = task.seconds + max((ends[key] for key in task.needs), default=0.0)
    assert max(ends.values()) <= max(ideal) + 1e-9


def test_a_chain_is_one_task() -> None:
    chain: Graph = [([index - 1] if index else [], 0.1) for index in range(1000)]
    assert len(tasks_of(chain)) == 1


def test_two_heavy_branches_are_two_tasks() -> None:
    graph: Graph = [([], 0.1), ([0], 0.5), ([0], 0.3), ([1, 2], 0.001)]
    assert {1} not in members(tasks_of(graph)) or {2} in members(tasks_of(graph))
    assert not any({1, 2} <= steps for steps in members(tasks_of(graph)))


def test_light_steps_ride_along_with_their_only_user() -> None:
    graph: Graph = [([], 0.001), ([], 0.002), ([0, 1], 0.3)]
    assert members(tasks_of(graph)) == [{0, 1, 2}]


def test_tiny_items_of_a_long_loop_are_put_together() -> None:
    graph: Graph = [([], 0.0001) for _ in range(10_000)]
    tasks = tasks_of(graph)
    assert 40 <= len(tasks) <= 60
    assert all(task.seconds <= 2 * LIGHT for task in tasks)


def test_every_thread_gets_something_of_few_tiny_items() -> None:
    assert len(tasks_of([([], 0.001) for _ in range(8)], threads=4)) == 4


def test_the_longest_path_is_the_most_urgent() -> None:
    graph: Graph = [([], 0.1), ([], 0.1), ([0], 0.5), ([1], 0.2), ([0, 1], 0.1)]
    tasks = tasks_of(graph)
    urgency = {min(m): t.urgency for m, t in zip(members(tasks), tasks, strict=True)}
    assert urgency[0] > urgency[1]


def test_a_goal_that_costs_nearly_nothing_comes_before_the_longest_path() -> None:
    graph: Graph = [([], 5.0), ([0], 5.0), ([], 0.03), ([2], 0.03), ([1, 2], 0.03)]
    tasks = tasks_printing(graph, [3, 4])
    assert tasks[3].urgency > tasks[0].urgency > tasks[4].urgency


def test_what_a_cheap_goal_waits_for_comes_before_the_longest_path_too() -> None:
    graph: Graph = [([], 0.05), ([], 10.0), ([0], 0.001), ([0], 0.03), ([1], 0.03)]
    tasks = tasks_printing(graph, [2, 4])
    assert tasks[0].urgency > 10.06


def test_goals_that_are_much_of_the_run_wait_for_their_turn() -> None:
    graph: Graph = [([], 5.0), ([0], 5.0), ([], 4.0)]
    tasks = tasks_printing(graph, [1, 2])
    assert tasks[0].urgency > tasks[2].urgency


def test_a_goal_had_soon_is_not_put_together_with_one_that_takes_long() -> None:
    graph: Graph = [([], 0.03), ([], 20.0), ([0], 0.001), ([1], 0.001), ([0, 1], 0.03)]
    tasks = tasks_printing(graph, [2, 3])
    assert tasks[2] is not tasks[3]
