"""Things that a file declares, by name and in order of text. Gives no name a meaning."""

from bisect import bisect_left
from collections.abc import Mapping
from operator import itemgetter
from typing import TypeVar

Thing = TypeVar("Thing")


class Standings(dict[str, tuple[tuple[int, Thing], ...]]):
    """What is declared under each key, with the positions of the statements, in order of text.

    Attributes
    ----------
    repeated
        Keys that are declared more than once; those of a copy are not known.
    """

    def __init__(self, known: "Mapping[str, tuple[tuple[int, Thing], ...]] | None" = None) -> None:
        super().__init__(known or {})
        self.repeated: dict[str, None] = {}

    def enter(self, key: str, position: int, thing: Thing) -> None:
        """Add what the statement at a position declares."""
        own = self.get(key, ())
        index = bisect_left(own, position, key=itemgetter(0)) if own else 0
        self[key] = (*own[:index], (position, thing), *own[index:])
        if own:
            self.repeated[key] = None

    def withdraw(self, key: str, thing: Thing) -> None:
        """Take a declaration back."""
        rest = tuple(each for each in self[key] if each[1] is not thing)
        self[key] = rest
        if len(rest) < 2:
            self.repeated.pop(key, None)
        if not rest:
            del self[key]

    def exchange(self, key: str, old: Thing, new: Thing) -> None:
        """Put a declaration in the place of another one of the same statement."""
        own = self[key]
        if len(own) == 1:
            self[key] = ((own[0][0], new),)
            return
        self[key] = tuple((p, new if each is old else each) for p, each in own)

    def renumber(self, now: Mapping[int, int]) -> None:
        """Move all declarations to where their statements are now."""
        for key, own in self.items():
            self[key] = tuple((now[position], each) for position, each in own)

    def latest(self, key: str, before: int) -> tuple[int, Thing | None]:
        """Return what is declared last before a position, and where; -1 where nothing is."""
        own = self.get(key, ())
        index = bisect_left(own, before, key=itemgetter(0)) if own else 0
        return own[index - 1] if index else (-1, None)
