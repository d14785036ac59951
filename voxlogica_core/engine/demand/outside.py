"""What a run finds outside: files whose path it computes, files that changed. Decodes no image."""

from collections import Counter
from collections.abc import Mapping

from voxlogica_core.engine.files import Files
from voxlogica_core.errors import FileError
from voxlogica_core.plan.node import Node, NodeId, Read
from voxlogica_core.plan.nodes.table import NodeTable, Rule
from voxlogica_core.plan.outside.files import DigestMemo, FileSystem
from voxlogica_core.plan.reduction.reading import rules
from voxlogica_core.store.record import MISSING, Missing, Value

TRIES = 3
"""Times a file may change while it is read, before the run gives up on it."""


class Outside:
    """The files of one run.

    Parameters
    ----------
    sources
        Where the bytes of the plan's reads are found.
    memo
        Remembers digests.
    """

    def __init__(self, sources: Mapping[NodeId, str], memo: DigestMemo) -> None:
        self.sources = dict(sources)
        self._memo = memo
        self._worlds: dict[str, FileSystem] = {}
        self._changes: Counter[str] = Counter()

    def rules(self) -> dict[str, Rule]:
        """Return the rules of the run's table: a path that is known by now is read."""
        return rules(self._world, self.sources.__setitem__)

    def again(self, node: Node, files: Files) -> Value | Missing:
        """Return what an input holds: its file keeps it, the store does not."""
        if not isinstance(node, Read) or node.id not in self.sources:
            return MISSING
        return files.read(self.sources[node.id], node.digest)[0]

    def renewed(self, table: NodeTable, read: Read) -> NodeId | None:
        """Return the node of what a file holds now; None if it is no other, or changes for ever."""
        path = self.sources[read.id]
        self._changes[path] += 1
        if self._changes[path] > TRIES:
            return None
        world = self._world("")
        try:
            digest = world.digest(path)
        except FileError:
            return None
        if digest is None or digest == read.digest:
            return None
        node = table.read(read.decoder, read.version, digest, world.kind(path))
        self.sources[node] = path
        return node

    def _world(self, cwd: str) -> FileSystem:
        return self._worlds.setdefault(cwd, FileSystem(cwd, self._memo))
