"""What a run has made for a viewer. Runs nothing."""

from collections.abc import Mapping
from dataclasses import dataclass
from pathlib import Path

from voxlogica_core.engine.demand.shapes import Sequenced
from voxlogica_core.engine.outcome import Blocked, Done, Failed
from voxlogica_core.engine.run import Run
from voxlogica_core.engine.workers.viewing import MOST_ITEMS, View, write_view
from voxlogica_core.plan.node import Node, NodeId, inputs_of
from voxlogica_server.runner.messages import Sight


@dataclass(frozen=True, slots=True)
class Items:
    """The items of a sequence, and all the nodes that they are made of."""

    wanted: tuple[NodeId, ...]
    nodes: Mapping[NodeId, Node]


def items_of(run: Run, node: NodeId) -> Items | None:
    """Return the items of a sequence as far as they are shown; None for any other value."""
    phases = run.phases
    if phases is None or run.cancelled or node not in phases.table:
        return None
    shape = phases.structure.shape(node)
    if not isinstance(shape, Sequenced):
        return None
    wanted = shape.items[:MOST_ITEMS]
    nodes: dict[NodeId, Node] = {}
    waiting = list(wanted)
    while waiting:
        name = waiting.pop()
        if name not in nodes and name in phases.table:
            nodes[name] = phases.table.node(name)
            waiting += inputs_of(nodes[name])
    return Items(wanted, nodes)


def view_of(run: Run, sight: Sight) -> View:
    """Write the value that a viewer wants and return what it is, or why there is none."""
    match run.outcomes.get(sight.node):
        case Failed(message=message):
            return _absent(message)
        case Blocked(by=by):
            cause = run.outcomes.get(by)
            return _absent(cause.message if isinstance(cause, Failed) else f"{by} has no value")
        case Done() | None if not run.cancelled:
            return write_view(run.value(sight.node), sight.node, Path(sight.folder))
        case _:
            return _absent("cancelled")


def _absent(message: str) -> View:
    return {"form": "failed", "message": message}
