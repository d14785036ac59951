"""Recording: what of a task is worth a place in the store, and as what. Writes nothing."""

from voxlogica_core.engine.steps.step import Compute, Task
from voxlogica_core.engine.workers.arguments import kind_of
from voxlogica_core.engine.workers.backgrounds import Background, Backgrounds
from voxlogica_core.plan.node import Apply, NodeId
from voxlogica_core.store.keeping import keeps
from voxlogica_core.store.record import Finished, Value
from voxlogica_core.store.store import bytes_of
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import LABELS, MASK

WORTH_RECORDING = 0.0002
"""Seconds from which on a number is looked up faster than made again, about fifty times over."""
SECONDS_A_BYTE = 5e-10
"""What getting an image costs at least: a number found in one is not made again without it."""


def finished(
    task: Task,
    step: Compute,
    value: Value,
    seconds: float,
    taken: float,
    weight: int,
    backgrounds: Backgrounds | None,
) -> Finished | None:
    """Return what a step made as it is recorded, None if it is not worth that.

    An image that was read is in its own file already: keeping its value saves nothing.

    Parameters
    ----------
    seconds
        What its kernel did.
    taken
        How long that took by the clock. Whether a value is kept hangs on this: another process,
        too, would have to load the machine code first.
    weight
        Bytes of the images it was made from.
    backgrounds
        Give the images that masks are drawn on.
    """
    asked_for = step.id in task.named or step.id in task.goals
    is_quick = max(seconds, weight * SECONDS_A_BYTE) < WORTH_RECORDING
    if is_quick and not asked_for and not isinstance(value, Image):
        return None
    goal, kind, node = step.id in task.goals, kind_of(value), step.node
    is_made = isinstance(node, Apply)
    return Finished(
        id=step.id,
        primitive=node.primitive if is_made else node.decoder,
        version=node.version,
        inputs=node.inputs if is_made else (),
        kind=kind,
        value=value,
        seconds=seconds,
        keep=keeps(kind, taken if is_made else 0.0, bytes_of(value), goal=goal),
        named=goal or step.id in task.named,
        background=_behind(node, value, backgrounds) if is_made else None,
    )


def assembled(task: Task, node: NodeId, value: Value) -> Finished:
    """Return a goal that no kernel made, such as a list of items, as it is recorded."""
    goal, kind = node in task.goals, kind_of(value)
    return Finished(
        id=node,
        primitive="structure",
        version="1",
        inputs=(),
        kind=kind,
        value=value,
        seconds=0.0,
        keep=keeps(kind, 0.0, bytes_of(value), goal=goal),
        named=goal or node in task.named,
    )


def _behind(node: Apply, value: Value, backgrounds: Backgrounds | None) -> Background | None:
    if backgrounds is None or not isinstance(value, Image) or value.kind not in (MASK, LABELS):
        return None
    return backgrounds.behind(node)
