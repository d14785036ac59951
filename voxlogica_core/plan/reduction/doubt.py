"""Doubt: which statements of a text may mean something else than in its last version.

They are looked at in order of text: what one of them is now puts in doubt those below that use its
name. Whoever is in no doubt is not even touched.
"""

from collections.abc import Hashable, Iterable, Iterator
from heapq import heappop, heappush
from typing import TYPE_CHECKING

from voxlogica_core.plan.reduction.meaning import identity
from voxlogica_core.plan.reduction.roll import Roll
from voxlogica_core.plan.reduction.unit import Lookup, Unit
from voxlogica_core.syntax.tree import Broken

if TYPE_CHECKING:
    from voxlogica_core.plan.reduction.names import Names


class Doubt:
    """The statements to be looked at, each once, from the first to the last.

    Parameters
    ----------
    roll
        The statements, and who uses which name.
    """

    def __init__(self, roll: Roll) -> None:
        self._roll = roll
        self._waiting: list[int] = []
        self._known: set[int] = set()
        self._doubted: set[int] = set()
        self._names: set[str] | None = set()

    def __iter__(self) -> Iterator[tuple[int, bool]]:
        """Yield the positions to be looked at and whether they are in doubt, in order of text."""
        while self._waiting:
            position = heappop(self._waiting)
            yield position, position in self._doubted

    def meanings(self, names: "Names", unit: Unit) -> dict[Lookup, Hashable]:
        """Return what the names in a statement mean now; those in no doubt are not looked up."""
        return {
            lookup: names.identity(lookup, unit.root) if self._is_doubtful(lookup) else before
            for lookup, before in unit.lookups.items()
        }

    def pass_by(self, positions: Iterable[int]) -> None:
        """Come by some positions, in doubt or not."""
        for position in positions:
            if position not in self._known:
                self._known.add(position)
                heappush(self._waiting, position)

    def add(self, positions: Iterable[int]) -> None:
        """Doubt the statements at some positions."""
        for position in positions:
            if position not in self._doubted:
                self._doubted.add(position)
                if position not in self._known:
                    self._known.add(position)
                    heappush(self._waiting, position)

    def add_all(self) -> None:
        """Doubt all names in all statements."""
        self._names = None
        self.add(self._roll.positions)

    def declared(self, unit: Unit) -> None:
        """Doubt all that use a name which a statement declares, or would if it were not broken."""
        if unit.declared is not None:
            self._note(unit.declared.definition.name)
            self.add(self._roll.users.get(unit.declared.key, ()))
        elif isinstance(unit.statement, Broken):
            for name in unit.statement.names:
                self._note(name.text)
                for key in [*self._roll.using(name.text)]:
                    self.add(self._roll.users.get(key, ()))

    def changed(self, old: Unit, new: Unit) -> None:
        """Doubt what stands below a declaration and uses it, if it means something else now."""
        if new.declared is None or new.declared.meaning is None:
            return
        before = old.declared.meaning if old.declared else None
        if before is None or identity(before) != identity(new.declared.meaning):
            self._note(new.declared.definition.name)
            users, position = self._roll.users.get(new.declared.key, ()), new.root.position
            self.add([user for user in users if user > position])

    def _note(self, name: str) -> None:
        if self._names is not None:
            self._names.add(name)

    def _is_doubtful(self, lookup: Lookup) -> bool:
        return self._names is None or lookup[0] in self._names
