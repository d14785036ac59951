"""Source order: which goals have ended, told as the program has them. Ends none itself."""

from collections.abc import Iterator, Mapping

from voxlogica_core.engine.goals import GoalResult

Place = tuple[int, int]
"""Number of a goal, and of the item it is for."""


class SourceOrder:
    """The way through the results of a run: up to the first goal that goes on, and on from there.

    Parameters
    ----------
    results
        How goals ended; grows.
    """

    def __init__(self, results: Mapping[Place, GoalResult]) -> None:
        self._results = results
        self._items: dict[int, int] = {}
        self._next: Place = (0, 0)

    def has_items(self, goal: int, number: int) -> None:
        """Note that a goal has so many results, one an item."""
        self._items[goal] = number

    def ended(self) -> Iterator[tuple[Place, GoalResult]]:
        """Yield those that have ended since this was asked, with their places."""
        while True:
            goal, item = place = self._next
            if item == self._items.get(goal, 1):
                self._next = (goal + 1, 0)
            elif result := self._results.get(place):
                self._next = (goal, item + 1)
                if result.kind != "keep":
                    yield place, result
            else:
                return
