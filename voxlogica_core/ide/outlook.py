"""The outlook of a value that is not at hand: what is to do for it, and why. Runs nothing."""

from collections.abc import Mapping, Sequence
from dataclasses import replace

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.estimate import estimate
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

MOST = 400
"""Nodes that are looked at: a hover must not take long, and says nothing of larger values."""


def outlook(
    analysis: Analysis,
    node: Node,
    memory: Memory,
    activity: Activity,
    catalogue: Catalogue,
    runs: Sequence[PastRun] = (),
    rates: Mapping[str, Rate] | None = None,
) -> str:
    """Return what is to do for the value of a closed node, in a line; nothing where it is at hand.

    Parameters
    ----------
    runs
        The last runs of this document, the newest first.
    rates
        How quick primitives were, by qualified name.
    """
    below = _below(analysis, node)
    if below is None:
        return ""
    alone = replace(analysis.plan, nodes=below, goals=(Goal("print", None, node.id),))
    price = estimate(replace(analysis, plan=alone), memory, catalogue, runs, rates)
    if not price.compute:
        return ""
    noun = "node" if price.compute == 1 else "nodes"
    parts = [f"about {duration(price.seconds)} to compute: {count(price.compute)} {noun}"]
    parts += [f"{count(price.reused)} reused"] if price.reused else []
    reason = why(analysis, node, memory, activity, runs, catalogue)
    cause = f"  \n{because(analysis, reason.cause)}" if runs and reason.cause else ""
    return f"{', '.join(parts)}{cause}"


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
