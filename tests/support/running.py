"""Values of programs in tests: an engine with a store in memory, in this process."""

from pathlib import Path

from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.files import Printed
from voxlogica_core.engine.outcome import Blocked, Failed
from voxlogica_core.engine.run import Run
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.status.status import Activity
from voxlogica_core.plan.node import NodeId
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.store.record import Value
from voxlogica_core.store.store import MemoryStore, Store


def run_program(
    analysis: Analysis,
    *,
    store: Store | None = None,
    targets: tuple[NodeId, ...] = (),
    threads: int = 2,
    folder: Path | None = None,
) -> Run:
    """Run a program and the nodes `targets` in this process; return the finished run."""
    with Engine(store or MemoryStore(), read_catalogue(), threads=threads) as engine:
        return engine.run(analysis.plan, targets=targets, folder=folder).wait()


def goal_values(analysis: Analysis) -> list[Printed]:
    """Return the values of the goals in source order."""
    return [result.value for result in run_program(analysis).results]


def node_value(analysis: Analysis, node: NodeId) -> Value:
    """Return the value of a node of a program."""
    with Engine(MemoryStore(), read_catalogue(), threads=1) as engine:
        return engine.run(analysis.plan, goals=(), targets=(node,)).wait().value(node)


def trouble_of(run: Run) -> Activity:
    """Return what failed in a finished run and what waits for it."""
    ended = run.outcomes.items()
    return Activity(
        failed={node: outcome.message for node, outcome in ended if isinstance(outcome, Failed)},
        blocked=frozenset(node for node, outcome in ended if isinstance(outcome, Blocked)),
    )
