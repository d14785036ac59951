"""The outlook of a value that is not at hand: what is to do for it, and why. Runs nothing."""

from collections.abc import Callable, Mapping, Sequence
from dataclasses import replace

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.estimate import Estimate, estimate
from voxlogica_core.ide.memory import Memory
from voxlogica_core.ide.reasons import because
from voxlogica_core.ide.status import Activity
from voxlogica_core.ide.why import why
from voxlogica_core.ide.wording import count, duration
from voxlogica_core.ide.worth import node_called
from voxlogica_core.plan.goal import Goal
from voxlogica_core.plan.node import Node, NodeId, inputs_of
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.store.past import PastRun, Rate

FEW = 400
"""Nodes that are priced for one value, 16 µs each; of more, the price of the program is shared."""
MOST = 20_000
"""Nodes that are counted, 1 µs each: a hover must not take long."""


def outlook(
    analysis: Analysis,
    node: Node,
    memory: Memory,
    activity: Activity,
    catalogue: Catalogue,
    runs: Sequence[PastRun] = (),
    rates: Mapping[str, Rate] | None = None,
    whole: Callable[[], Estimate] | None = None,
) -> str:
    """Return what is to do for the value of a closed node, in a line; nothing where it is at hand.

    Parameters
    ----------
    runs
        The last runs of this document, the newest first.
    rates
        How quick primitives were, by qualified name.
    whole
        Gives the price of all goals, for values of which not all can be priced anew.
    """
    below = _below(analysis, node)
    if below is None:
        return f"made of more than {count(MOST)} nodes"
    if len(below) > FEW:
        said = _shared(node, below, whole() if whole else None)
    else:
        alone = replace(analysis.plan, nodes=below, goals=(Goal("print", None, node.id),))
        price = estimate(replace(analysis, plan=alone), memory, catalogue, runs, rates)
        said = _priced(price.seconds, price.compute, price.reused)
    if not said:
        return ""
    reason = why(analysis, node, memory, activity, runs, catalogue)
    cause = f"  \n{because(analysis, reason.cause)}" if runs and reason.cause else ""
    return f"{said}{cause}"


def _shared(node: Node, below: Mapping[NodeId, Node], whole: Estimate | None) -> str:
    """Return what the price of all goals says of one value; nothing where none needs it."""
    steps = [step for step in whole.steps if step.node in below] if whole else []
    if whole is None or all(step.node != node.id for step in steps):
        return ""
    least = "" if whole.is_exact else "at least "
    return least + _priced(sum(step.seconds for step in steps), len(steps), 0)


def _priced(seconds: float, compute: int, reused: int) -> str:
    if not compute:
        return ""
    noun = "node" if compute == 1 else "nodes"
    others = f", {count(reused)} reused" if reused else ""
    return f"about {duration(seconds)} to compute: {count(compute)} {noun}{others}"


def _below(analysis: Analysis, node: Node) -> Mapping[NodeId, Node] | None:
    """Return what a node is made of, inputs before users; None where that is too much."""
    found: dict[NodeId, Node] = {}
    stack = [(node, False)]
    seen: set[NodeId] = set()
    while stack:
        now, is_left = stack.pop()
        if is_left:
            found[now.id] = now
        elif now.id not in seen:
            seen.add(now.id)
            stack.append((now, True))
            inputs = (node_called(analysis, given) for given in inputs_of(now))
            stack += [(given, False) for given in inputs if given is not None]
        if len(seen) > MOST:
            return None
    return found
