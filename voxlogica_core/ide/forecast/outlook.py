"""The outlook of a value that is not at hand: what is to do for it, and why. Runs nothing."""

from collections.abc import Callable, Collection, Mapping, Sequence
from dataclasses import replace

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.forecast.estimate import Estimate, estimate
from voxlogica_core.ide.forecast.reasons import because
from voxlogica_core.ide.forecast.why import why
from voxlogica_core.ide.status.memory import Memory
from voxlogica_core.ide.status.status import Activity
from voxlogica_core.ide.status.worth import node_called
from voxlogica_core.ide.wording import count, duration
from voxlogica_core.plan.goal import Goal
from voxlogica_core.plan.node import Node, NodeId, inputs_of
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.store.past import PastRun, Rate

FEW = 400
"""Nodes that are priced for one value, 16 µs each; of more, the price of the program is shared."""
MOST = 20_000
"""Nodes that are counted, 0.7 µs each: a hover must not take long."""


def outlook(
    analysis: Analysis,
    node: Node,
    memory: Memory,
    activity: Activity,
    catalogue: Catalogue,
    runs: Sequence[PastRun] = (),
    rates: Mapping[str, Rate] | None = None,
    whole: Callable[[], Estimate | None] = lambda: None,
) -> str:
    """Return what is to do for the value of a closed node, in a line; nothing where it is at hand.

    Parameters
    ----------
    runs
        The last runs of this document, the newest first.
    rates
        How quick primitives were, by qualified name.
    whole
        Gives the price of all goals, where it is known: of values that are too large to be priced.
    """
    below = _below(analysis, node)
    if below is None:
        price = whole()
        if price is None:
            return f"made of more than {count(FEW)} nodes"
        every = _every_below(analysis, node)
        if every is None:
            return f"made of more than {count(MOST)} nodes"
        said = _shared(node, every, price)
    else:
        alone = replace(analysis.plan, nodes=below, goals=(Goal("print", None, node.id),))
        price = estimate(replace(analysis, plan=alone), memory, catalogue, runs, rates)
        said = _priced(price.seconds, price.compute, price.reused)
    if not said or not runs:
        return said
    cause = why(analysis, node, memory, activity, runs, catalogue).cause
    return f"{said}  \n{because(analysis, cause)}" if cause else said


def _shared(node: Node, below: Collection[NodeId], whole: Estimate) -> str:
    """Return what the price of all goals says of one value; nothing where none needs it."""
    steps = [step for step in whole.steps if step.node in below]
    if node.id not in {step.node for step in steps}:
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
        if len(seen) > FEW:
            return None
    return found


def _every_below(analysis: Analysis, node: Node) -> set[NodeId] | None:
    """Return the names of all that a node is made of; None where that is too much."""
    seen, stack = {node.id}, [node]
    while stack and len(seen) <= MOST:
        for name in inputs_of(stack.pop()):
            if name not in seen:
                seen.add(name)
                if (given := node_called(analysis, name)) is not None:
                    stack.append(given)
    return seen if len(seen) <= MOST else None
