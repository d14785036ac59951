"""Plans for other programs: JSON, documented and versioned, and DOT for Graphviz."""

from collections.abc import Mapping
from typing import NotRequired, TypedDict

from voxlogica_core.plan.node import (
    Apply,
    Array,
    Bound,
    Fold,
    Literal,
    Loop,
    Node,
    NodeId,
    Read,
    Scalar,
    inputs_of,
)
from voxlogica_core.plan.plan import Plan

VERSION = 1


class NodeObject(TypedDict):
    """A node: id, primitive or what else it is, ids of its inputs, kind; a literal's value.

    ``status`` is what is known of it, in the words of the editor; ``deferred`` stands, and is true,
    where the id is not final: it hangs on a path that only a run can tell.
    """

    id: str
    primitive: str
    inputs: list[str]
    type: str
    value: NotRequired[Scalar]
    status: NotRequired[str]
    deferred: NotRequired[bool]


class GoalObject(TypedDict):
    """A goal: ``print`` or ``save``, its label where it is a text, the node of its value."""

    kind: str
    label: str | None
    node: str | None


class PlanObject(TypedDict):
    """A whole plan; nodes come after their inputs."""

    version: int
    nodes: list[NodeObject]
    goals: list[GoalObject]
    declarations: dict[str, str]


def plan_object(plan: Plan, statuses: Mapping[NodeId, str] | None = None) -> PlanObject:
    """Return a plan as a JSON object, nodes with their status where that is given."""
    words = statuses or {}
    goals: list[GoalObject] = []
    for goal in plan.goals:
        label = plan.nodes[goal.label] if goal.label else None
        text = str(label.value) if isinstance(label, Literal) else None
        goals.append({"kind": goal.kind, "label": text, "node": goal.value})
    return {
        "version": VERSION,
        "nodes": [_node_object(node, words.get(node.id), plan) for node in plan.nodes.values()],
        "goals": goals,
        "declarations": dict(plan.declarations),
    }


def plan_dot(plan: Plan) -> str:
    """Return a plan as a DOT graph, data flowing downwards, goals at the bottom."""
    lines = ["digraph plan {", '  node [shape=box, style=rounded, fontname="sans-serif"];']
    names = {node: name for name, node in plan.declarations.items()}
    for node in plan.nodes.values():
        title = title_of(node)
        if node.id in names:
            title = f"{names[node.id]} = {title}"
        lines.append(f'  "{node.id[:16]}" [label="{escaped(title)}"];')
        lines += [f'  "{given[:16]}" -> "{node.id[:16]}";' for given in inputs_of(node)]
    for number, goal in enumerate(plan.goals):
        if goal.value is not None:
            lines.append(f'  goal{number} [label="{goal.kind}", shape=oval];')
            lines.append(f'  "{goal.value[:16]}" -> goal{number};')
    return "\n".join([*lines, "}"])


def title_of(node: Node) -> str:
    """Return in a word or two what a node is."""
    match node:
        case Literal(value=value):
            return repr(value) if isinstance(value, str) else f"{value:g}"
        case Apply(primitive=primitive):
            return primitive.partition(".")[2]
        case Read():
            return "load"
        case Array():
            return "list"
        case Loop(operation=operation):
            return "for" if operation == "map" else "filter"
        case Fold():
            return "fold"
        case Bound(index=index):
            return f"item {index}"
        case _:
            return "grid"


def escaped(text: str) -> str:
    """Return a text as it stands between quotes in DOT."""
    return text.replace("\\", "\\\\").replace('"', '\\"')


def _node_object(node: Node, status: str | None, plan: Plan) -> NodeObject:
    described: NodeObject = {
        "id": node.id,
        "primitive": "literal" if isinstance(node, Literal) else _primitive(node),
        "inputs": list(inputs_of(node)),
        "type": str(node.kind),
    }
    if isinstance(node, Literal):
        described["value"] = node.value
    if status is not None:
        described["status"] = status
    if node.id in plan.deferred:
        described["deferred"] = True
    return described


def _primitive(node: Node) -> str:
    return node.primitive if isinstance(node, Apply) else title_of(node)
