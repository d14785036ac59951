"""What questions about values may ask of the store. Says nothing of how it is kept."""

from collections.abc import Iterable
from typing import Protocol

from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.record import Preview, Record


class Memory(Protocol):
    """What is known of nodes that have run; a store's reader is one."""

    def lookup(self, ids: Iterable[NodeId]) -> dict[NodeId, Record]:
        """Return the records of those of `ids` that are known."""
        ...

    def preview(self, node: NodeId) -> Preview | None:
        """Return picture and statistics of a node, if there are any."""
        ...
