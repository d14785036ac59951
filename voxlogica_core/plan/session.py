"""A session: what the reductions of one text, version after version, have in common.

The table of nodes, the standard library and the units of statements stay; a statement is reduced
anew only if its text, or what a name in it means, is not what it was. The answer is the same as
without.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from voxlogica_core.plan.node import Scalar
from voxlogica_core.plan.nodes.pruning import pruned
from voxlogica_core.plan.outside.world import World
from voxlogica_core.plan.reduction import imports
from voxlogica_core.plan.reduction.holding import held
from voxlogica_core.plan.reduction.meaning import FileScope, Root, Standing
from voxlogica_core.plan.reduction.reducer import Reducer
from voxlogica_core.plan.reduction.roll import Roll, Unused
from voxlogica_core.plan.reduction.unit import Unit
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_core.text.span import Span

_NOWHERE = Span(0, 0)

ROOM = 10_000
"""Nodes, about 20 MB, that no version may need any more; in long programs as many as those have."""


@dataclass(frozen=True, slots=True)
class Circumstances:
    """What a reduction hangs on besides the text; another one needs a session of its own."""

    catalogue: Catalogue
    location: str | None
    folder: str
    settings: Mapping[str, Scalar]
    dialect: Dialect | None


@dataclass(slots=True, eq=False)
class Session:
    """What stays from one version of a text to the next.

    Parameters
    ----------
    file
        The names of the newest version.
    roll
        Its statements.
    statements
        Their trees, as they were parsed.
    heading
        What the last version imports, and how it is to be read.
    imported
        Texts of the files it imports, by path.
    unused
        Declarations that nothing in it uses.
    is_whole
        Whether the last version came to its end.
    own
        Number of nodes when there were none but those in need.
    """

    circumstances: Circumstances
    reducer: Reducer
    file: FileScope
    roll: Roll = field(default_factory=Roll)
    statements: Sequence[tree.Statement] = ()
    heading: object = None
    imported: dict[str, str] = field(default_factory=dict[str, str])
    unused: Unused = field(default_factory=dict[str, list[Standing]])
    is_whole: bool = True
    own: int = 0

    def fits(self, circumstances: Circumstances) -> bool:
        """Return whether another version may be reduced here: nothing but the text is other."""
        return self.is_whole and self.circumstances == circumstances

    @property
    def waste(self) -> float:
        """How many nodes are there that may not be needed, as a share of those that may be."""
        return (len(self.reducer.table) - self.own) / max(ROOM, self.own)

    def prune(self) -> None:
        """Drop the nodes that the newest version does not need; earlier ones keep theirs.

        A walk over all there is, 0.06 s for 10,000 lines: for when nobody waits. An edit does it
        itself where it finds twice as much waste as there may be.
        """
        if not self.is_whole:
            return  # no other version comes
        reducer = self.reducer
        roots = held(self.roll.units, (self.file, reducer.names.library))
        reducer.table = pruned(reducer.table, roots)
        reducer.applications.clear()
        self.own = len(reducer.table)


def new_session(circumstances: Circumstances, world: World) -> Session:
    """Return a session that knows the standard library and nothing else."""
    shipped = FileScope("", "", "")
    imports.declare_library(shipped)
    nowhere = Unit(tree.Broken((), _NOWHERE), Root(shipped, 0))
    reducer = Reducer(circumstances.catalogue, world, shipped, nowhere)
    file = FileScope(None, circumstances.folder, circumstances.location)
    return Session(circumstances, reducer, file)
