"""Random runs at once, some cancelled: nothing computed twice, all end, values are right."""

import random
from collections import Counter
from concurrent.futures import ThreadPoolExecutor
from dataclasses import dataclass
from pathlib import Path

import pytest

from tests.support.engines import plan_of
from tests.support.gates import GATES
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.events import Started
from voxlogica_core.engine.outcome import Done
from voxlogica_core.engine.run import Run
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.store.sqlite import open_store
from voxlogica_core.store.store import MemoryStore

pytestmark = pytest.mark.usefixtures("gates")
_ROUNDS = 30
_NODES = 14
_FAILING = (5, 11)


@dataclass(frozen=True, slots=True)
class Graph:
    """A graph of numbers, each made of some before it, and what each is worth."""

    texts: tuple[str, ...]
    values: tuple[float | None, ...]

    def program(self, goals: list[int]) -> str:
        """Return a program that asks for some of the numbers."""
        asked = "".join(f'print "{goal}" n{goal}\n' for goal in goals)
        return 'import "gated"\n' + "\n".join(self.texts) + "\n" + asked


def _graph(chance: random.Random) -> Graph:
    texts: list[str] = []
    values: list[float | None] = []
    for key in range(_NODES):
        inputs = sorted(chance.sample(range(key), min(key, chance.choice([0, 1, 1, 2, 3]))))
        fails = key in _FAILING and chance.random() < 0.5
        kind = "refuse" if fails else chance.choice(["gate", "gate", "through"])
        names = ", ".join(f"n{i}" for i in inputs)
        made = f"look({key + 100}, paint({key}, [{names}]))"
        texts.append(
            f"let n{key} = " + (made if kind == "through" else f"{kind}({key}, [{names}])")
        )
        values.append(_value(key, kind, [values[i] for i in inputs]))
    return Graph(tuple(texts), tuple(values))


def _value(key: int, kind: str, inputs: list[float | None]) -> float | None:
    total = float(key)
    for value in inputs:
        if value is None:
            return None
        total += value
    return None if kind == "refuse" else total + (key + 100 if kind == "through" else 0)


def _carried_out(run: Run, cancel_after: int | None) -> Run:
    """See a run to its end; cancel it when so many tasks have begun."""
    begun = 0
    if cancel_after == 0:
        run.cancel()
    for event in run:
        begun += isinstance(event, Started)
        if begun == cancel_after:
            run.cancel()
    return run.wait()


@pytest.mark.parametrize("lasting", [False, True])
def test_random_runs_at_once(tmp_path: Path, gated: Catalogue, *, lasting: bool) -> None:
    seed = random.randrange(2**32)
    print(f"seed {seed}")  # noqa: T201
    chance = random.Random(seed)
    for number in range(_ROUNDS // 3 if lasting else _ROUNDS):
        GATES.begin()
        store = open_store(tmp_path / str(number)) if lasting else MemoryStore()
        graph = _graph(chance)
        wanted = [chance.sample(range(_NODES), 4) for _ in range(4)]
        cancels = [chance.choice([None, None, 0, 1, 2, 5]) for _ in wanted]
        plans = [plan_of(graph.program(goals), known=gated) for goals in wanted]
        with (
            Engine(store, gated, threads=chance.choice([1, 2, 3])) as engine,
            ThreadPoolExecutor(len(plans)) as pool,
        ):
            runs = list(pool.map(_carried_out, [engine.run(plan) for plan in plans], cancels))
        store.close()
        where = f"seed {seed}, round {number}"
        for run, goals, cancel in zip(runs, wanted, cancels, strict=True):
            _assert_right(run, graph, goals, cancelled=cancel is not None, where=where)
        _assert_once(runs, graph, where)


def _assert_right(run: Run, graph: Graph, goals: list[int], *, cancelled: bool, where: str) -> None:
    assert [result.label for result in run.results] == [str(goal) for goal in goals], where
    for result, goal in zip(run.results, goals, strict=True):
        expected = graph.values[goal]
        if result.outcome == "done":
            assert result.value == expected, where
        elif result.outcome == "cancelled":
            assert cancelled, where
        else:
            assert expected is None, where


def _assert_once(runs: list[Run], graph: Graph, where: str) -> None:
    done = [(n, o.how) for run in runs for n, o in run.outcomes.items() if isinstance(o, Done)]
    computed = Counter(node for node, how in done if how == "computed")
    assert set(computed.values()) <= {1}, where
    numbers = [key for key in range(_NODES) if f"gate({key}," in graph.texts[key]]
    starts = GATES.starts
    assert {key: starts[key] for key in numbers if starts[key] > 1} == {}, where
