"""The roll: the statements of the newest version of a text, in order, and who uses which name.

An edit mends it and nothing makes it anew, so that what an edit costs hangs on the edit and not on
the length of the text. Looks up nothing.
"""

from bisect import bisect_left
from collections.abc import Iterator, Sequence
from typing import Literal, get_args

from voxlogica_core.plan.reduction.keys import is_operator
from voxlogica_core.plan.reduction.meaning import Standing
from voxlogica_core.plan.reduction.unit import Unit
from voxlogica_core.syntax import tree

Sort = Literal["import", "broken", "goal", "reader", "complaint", "volatile", "gridless"]
"""What is asked of all statements: which import, ask for values, read files, have findings …"""

Unused = dict[str, list[Standing]]
"""Declarations that nothing uses, by key."""

_GAP = 1 << 40
"""Between the positions of two statements: forty lines may come there, one after the other."""


class Roll:
    """Statements by position. Positions go up with the text, and stay while others come and go.

    Attributes
    ----------
    units, positions
        What is known of each statement, and its position, in order of text.
    users
        Positions of the statements that look up a name, by its key.
    changed
        Keys that were declared, or used, by statements that came or went in this version.
    """

    def __init__(self) -> None:
        self.units: list[Unit] = []
        self.positions: list[int] = []
        self.users: dict[str, set[int]] = {}
        self.changed: set[str] = set()
        self._sorts: dict[Sort, set[int]] = {sort: set() for sort in get_args(Sort)}

    def index(self, position: int) -> int:
        """Return the number of the statement at a position."""
        return bisect_left(self.positions, position)

    def of(self, sort: Sort) -> list[Unit]:
        """Return the statements of a sort, in order of text."""
        return [self.units[self.index(position)] for position in sorted(self._sorts[sort])]

    def positions_of(self, sort: Sort) -> frozenset[int]:
        """Return where the statements of a sort are."""
        return frozenset(self._sorts[sort])

    def using(self, text: str) -> Iterator[str]:
        """Yield the keys in use under which a name may be looked up, whatever its operands."""
        if not is_operator(text):
            yield text
        else:
            yield from (key for key in self.users if key.rpartition("/")[0] == text)

    def room(self, first: int, stop: int, count: int) -> Sequence[int] | None:
        """Return positions for `count` statements in place of those from `first` up to `stop`.

        None where there is no room between those beside them.
        """
        if count == stop - first:
            return self.positions[first:stop]
        low = self.positions[first - 1] if first else 0
        is_end = stop == len(self.positions)
        step = _GAP if is_end else (self.positions[stop] - low) // (count + 1)
        return [low + step * number for number in range(1, count + 1)] if step > 1 else None

    def splice(self, first: int, stop: int, fresh: Sequence[Unit]) -> Sequence[Unit]:
        """Put statements in place of those from `first` up to `stop`; return the latter."""
        gone = self.units[first:stop]
        for unit in gone:
            self._strike(unit)
        self.units[first:stop] = fresh
        self.positions[first:stop] = [unit.root.position for unit in fresh]
        for unit in fresh:
            self._enter(unit)
        return gone

    def put(self, unit: Unit) -> None:
        """Put what is known of a statement now in place of what was known."""
        index = self.index(unit.root.position)
        self._strike(self.units[index])
        self.units[index] = unit
        self._enter(unit)

    def move(self, unit: Unit) -> None:
        """Put a statement in place of itself with other values, of the same sorts and names."""
        self.units[self.index(unit.root.position)] = unit

    def renumber(self) -> dict[int, int]:
        """Make room between all positions; return what each has become."""
        fresh = range(_GAP, _GAP * (len(self.units) + 1), _GAP)
        now = dict(zip(self.positions, fresh, strict=True))
        self.positions[:] = fresh
        for unit, position in zip(self.units, fresh, strict=True):
            unit.root.position = position
        for places in (*self.users.values(), *self._sorts.values()):
            moved = {now[position] for position in places}
            places.clear()
            places |= moved
        return now

    def _enter(self, unit: Unit) -> None:
        position = unit.root.position
        for sort in _sorts(unit):
            self._sorts[sort].add(position)
        for key in unit.keys:
            self.users.setdefault(key, set()).add(position)
        self._note(unit)

    def _strike(self, unit: Unit) -> None:
        position = unit.root.position
        for places in self._sorts.values():
            places.discard(position)
        for key in unit.keys:
            users = self.users[key]
            users.discard(position)
            if not users:
                del self.users[key]
        self._note(unit)

    def _note(self, unit: Unit) -> None:
        self.changed |= unit.keys
        if unit.declared is not None:
            self.changed.add(unit.declared.key)


def _sorts(unit: Unit) -> Iterator[Sort]:
    match unit.statement:
        case tree.Import():
            yield "import"
        case tree.Broken():
            yield "broken"
        case tree.Print() | tree.Save():
            yield "goal"
        case _:
            pass
    if unit.loads:
        yield "reader"
    if unit.findings:
        yield "complaint"
    if unit.is_volatile:
        yield "volatile"
    if unit.is_gridless:
        yield "gridless"
