"""Doubt: which statements of a text may mean something else than in its last version.

They are looked at in order of text: what one of them is now puts in doubt those below that use its
name. Whoever is in no doubt is not even touched.
"""

from collections.abc import Iterable, Iterator
from heapq import heappop, heappush

from voxlogica_core.plan.reduction.meaning import identity
from voxlogica_core.plan.reduction.roll import Roll
from voxlogica_core.plan.reduction.unit import Unit
from voxlogica_core.syntax.tree import Broken


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

    def __iter__(self) -> Iterator[tuple[int, bool]]:
        """Yield the positions to be looked at and whether they are in doubt, in order of text."""
        while self._waiting:
            position = heappop(self._waiting)
            yield position, position in self._doubted

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

    def declared(self, unit: Unit) -> None:
        """Doubt all that use a name which a statement declares, or would if it were not broken."""
        if unit.declared is not None:
            self.add(self._roll.users.get(unit.declared.key, ()))
        elif isinstance(unit.statement, Broken):
            for name in unit.statement.names:
                for key in [*self._roll.using(name.text)]:
                    self.add(self._roll.users.get(key, ()))

    def changed(self, old: Unit, new: Unit) -> None:
        """Doubt what stands below a declaration and uses it, if it means something else now."""
        if new.declared is None or new.declared.meaning is None:
            return
        before = old.declared.meaning if old.declared else None
        if before is None or identity(before) != identity(new.declared.meaning):
            users, position = self._roll.users.get(new.declared.key, ()), new.root.position
            self.add([user for user in users if user > position])
