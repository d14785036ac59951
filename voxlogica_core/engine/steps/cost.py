"""Cost: how long a step is expected to take. Knows figures, measures nothing."""

from collections.abc import Mapping, Sequence

from voxlogica_core.engine.steps.step import Compute, Fetch, Partition, Step, inputs_of_step
from voxlogica_core.plan.node import Apply, NodeId, Read
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.kind import ANY, IMAGE_LIKE

USUAL_VOXELS = 8_928_000
"""Voxels of an image of which nothing is known: 240×240×155, a usual brain."""
STEP_SECONDS = 4e-6
"""What a step costs besides its kernel, measured."""
CALL_SECONDS = 2e-6
"""What a kernel on scalars costs in a partition, its id and its outcome with it, measured."""
READ_SECONDS_PER_VOXEL = 1e-8
"""Reading a compressed image: 24 to 103 ms for a usual one."""
FETCH_SECONDS_PER_BYTE = 5e-10
"""Reading a payload: 7 to 20 ms for 35.7 MB."""
DELIVER_SECONDS_PER_VOXEL = 1e-8


class Costs:
    """Expected seconds of steps, asked inputs first.

    Parameters
    ----------
    primitives
        Of the catalogue, by qualified name.
    learned
        Seconds per voxel that primitives were found to take, by qualified name.
    """

    def __init__(
        self, primitives: Mapping[str, Primitive], learned: Mapping[str, float] | None = None
    ) -> None:
        self._primitives = primitives
        self._learned = learned or {}
        self._voxels: dict[NodeId, int] = {}
        self._costs: dict[str, float] = {}

    def seconds(self, steps: Sequence[Step]) -> list[float]:
        """Return what each of `steps` is expected to take."""
        return [STEP_SECONDS + self._expected(step) for step in steps]

    def note(self, node: NodeId, geometry: Geometry | None) -> None:
        """Remember the grid of a value that was made."""
        if geometry is not None:
            self._voxels[node] = geometry.voxel_count
        elif self._voxels:
            self._voxels.pop(node, None)

    def nbytes(self, node: NodeId) -> int:
        """Return about how large the value of a node is that was asked for or noted before."""
        return 8 + 4 * self._voxels.get(node, 0)

    def _expected(self, step: Step) -> float:
        match step:
            case Fetch(record=record):
                self.note(step.id, record.geometry)
                return record.nbytes * FETCH_SECONDS_PER_BYTE
            case Compute(record=record) if record is not None:
                self.note(step.id, record.geometry)
                return record.seconds
            case Compute():
                voxels = self._largest(step)
                if made := self._made(step, voxels):
                    self._voxels[step.id] = made
                return self._of_kernel(step, voxels)
            case Partition(calls=calls):
                return calls * CALL_SECONDS
            case _:
                return self._largest(step) * DELIVER_SECONDS_PER_VOXEL

    def _largest(self, step: Step) -> int:
        voxels = self._voxels
        if not voxels:
            return 0
        return max([voxels.get(given, 0) for given in inputs_of_step(step)], default=0)

    def _made(self, step: Compute, voxels: int) -> int:
        if step.node.kind in IMAGE_LIKE:
            return voxels or USUAL_VOXELS
        return voxels if step.node.kind == ANY else 0

    def _of_kernel(self, step: Compute, voxels: int) -> float:
        if isinstance(step.node, Read):
            return USUAL_VOXELS * READ_SECONDS_PER_VOXEL
        cost = self._cost(step.node)
        if step.node.kind in IMAGE_LIKE:
            voxels = voxels or USUAL_VOXELS
        if voxels and (rate := self._learned.get(step.node.primitive)) is not None:
            return rate * voxels
        return cost * 1e-9 * voxels if voxels else cost * 1e-6

    def _cost(self, node: Apply) -> float:
        known = self._costs.get(node.primitive)
        if known is None:
            overloads = self._primitives[node.primitive].overloads
            known = self._costs[node.primitive] = max(overload.cost for overload in overloads)
        return known
