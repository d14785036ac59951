"""What rewriting nodes asks of the table that makes them: the two need each other."""

from collections.abc import Callable, Sequence
from typing import Protocol

from voxlogica_core.plan.node import LoopOperation, Node, NodeId
from voxlogica_core.plan.nodes.forms import Form
from voxlogica_core.plan.signature import Catalogue, Primitive
from voxlogica_core.values.kind import Kind


class Maker(Protocol):
    """Makes nodes, each piece of work once; what it does is described at `NodeTable`."""

    catalogue: Catalogue
    node: Callable[[NodeId], Node]

    def __getitem__(self, node: NodeId, /) -> Node: ...

    def kind(self, node: NodeId) -> Kind:
        """Return the static kind of a node."""
        ...

    def variable(self, kind: Kind) -> NodeId:
        """Return a fresh variable of a kind."""
        ...

    def bound(self, index: int) -> NodeId:
        """Return the variable of the loop `index` loops further out."""
        ...

    def array(self, items: Sequence[NodeId]) -> NodeId:
        """Return the node of a sequence of known items."""
        ...

    def origin(self, node: NodeId) -> NodeId:
        """Return the node that the grid of an image comes from."""
        ...

    def loop(self, operation: LoopOperation, body: NodeId, source: NodeId, kind: Kind) -> NodeId:
        """Return the node of a closed body for each item of a source."""
        ...

    def fold(self, body: NodeId, initial: NodeId | None, source: NodeId, kind: Kind) -> NodeId:
        """Return the node of a closed body over the items of a source."""
        ...

    def form(self, primitive: Primitive, kinds: tuple[Kind, ...]) -> Form:
        """Return how a primitive is applied to inputs of these kinds."""
        ...

    def apply(self, primitive: Primitive, inputs: Sequence[NodeId]) -> NodeId:
        """Return the node of a primitive applied to inputs."""
        ...

    def applied(self, form: Form, inputs: Sequence[NodeId], nodes: Sequence[Node]) -> Node:
        """Return the node of a form applied to `inputs`, which are called `nodes`."""
        ...

    def rebuilt(self, node: Node, inputs: Sequence[NodeId]) -> NodeId:
        """Return `node` over other inputs as they stand."""
        ...
