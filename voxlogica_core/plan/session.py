"""A session: what the reductions of one text, version after version, have in common.

The table of nodes, the standard library and the units of statements stay; a statement is reduced
anew only if its text, or what a name in it means, is not what it was. The answer is the same as
without.
"""

from collections.abc import Mapping
from dataclasses import dataclass, field

from voxlogica_core.plan.node import Scalar
from voxlogica_core.plan.outside.world import World
from voxlogica_core.plan.reduction import imports
from voxlogica_core.plan.reduction.reducer import Reducer
from voxlogica_core.plan.reduction.scope import FileScope, Root
from voxlogica_core.plan.reduction.unit import Unit
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_core.text.span import Span

_NOWHERE = Span(0, 0)
ROOM = 10_000  # nodes, about 20 MB, that no version may need any more: then all is made anew
_ROOM_SHARE = 4  # of a long program, where to make all anew takes a second: times its own nodes


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
    units
        Of the last version, by the identity of their statements.
    heading
        What the last version imports, and how it is to be read.
    imported
        Texts of the files it imports, by path.
    fresh
        Number of nodes after the first version.
    """

    circumstances: Circumstances
    reducer: Reducer
    units: dict[int, Unit] = field(default_factory=dict[int, Unit])
    heading: object = None
    imported: dict[str, str] = field(default_factory=dict[str, str])
    fresh: int = 0

    def fits(self, circumstances: Circumstances) -> bool:
        """Return whether another version may be reduced here: nothing but the text is other."""
        room = max(ROOM, _ROOM_SHARE * self.fresh)
        has_room = len(self.reducer.table) < self.fresh + room
        return has_room and self.circumstances == circumstances


def new_session(circumstances: Circumstances, world: World) -> Session:
    """Return a session that knows the standard library and nothing else."""
    shipped = FileScope("", "", "")
    imports.declare_library(shipped)
    nowhere = Unit(tree.Broken((), _NOWHERE), Root(shipped, 0))
    return Session(circumstances, Reducer(circumstances.catalogue, world, shipped, nowhere))
