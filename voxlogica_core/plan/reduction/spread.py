"""What is known of the expressions of one version of a text, found by place.

Units are shared by versions; where their statements stand is this version's alone.
"""

from abc import abstractmethod
from bisect import bisect_left, bisect_right
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import replace
from functools import cached_property
from typing import TYPE_CHECKING, Generic, TypeVar

from voxlogica_core.plan.plan import Place
from voxlogica_core.plan.reduction.meaning import Definition, Meaning
from voxlogica_core.plan.reduction.unit import Origin, Unit
from voxlogica_core.text.span import Span

if TYPE_CHECKING:
    from voxlogica_core.plan.reduction.meaning import Root

Value = TypeVar("Value")


class Layout:
    """Where the statements of one version stand.

    Parameters
    ----------
    units, positions
        The statements, in order of text, and their positions in the file.
    moved
        By how much each has moved since it was parsed.
    """

    def __init__(
        self, units: Sequence[Unit], positions: Sequence[int], moved: Sequence[int]
    ) -> None:
        self.units = units
        self.positions = positions
        self.moved = moved

    def at(self, offset: int) -> int:
        """Return the number of the statement at or before `offset`, -1 before the first."""
        return bisect_right(range(len(self.units)), offset, key=self._start) - 1

    def position(self, index: int) -> int:
        """Return the position in the file of a statement by its number."""
        return self.positions[index] if index >= 0 else -1

    def definition(self, found: Definition) -> Definition:
        """Return a definition with its span as it is in this version."""
        if found.root is None:
            return found
        return replace(found, span=self._now(found.span, found.root), root=None)

    def place(self, origin: Origin, unit: int) -> Place:
        """Return where a node of a statement was written."""
        spot, site = origin.spot, origin.site
        span, path = self._now(spot.span, spot.root), spot.root.file.path
        if site is None:
            return Place(span, path)
        call, calls = site.outermost.shifted(self.moved[unit]), list[Span]()
        while site is not None and site.root.file.path is None:
            calls.append(self._now(site.span, site.root))
            site = site.outer
        return Place(span, path, call, tuple(calls) if site is None else ())

    def _now(self, span: Span, root: "Root") -> Span:
        index = bisect_left(self.positions, root.position)
        if index < len(self.units) and self.units[index].root is root:
            return span.shifted(self.moved[index])
        return span.shifted(self._by.get(id(root), 0))  # positions have been given anew since

    def _start(self, index: int) -> int:
        return self.units[index].statement.span.start + self.moved[index]

    @cached_property
    def _by(self) -> Mapping[int, int]:
        return {id(u.root): by for u, by in zip(self.units, self.moved, strict=True)}


class Spread(Mapping[Span, Value], Generic[Value]):
    """A mapping from spans; made whole only for who asks for all of it.

    A version is let go of at every key, so nothing in it may lead back to itself: it would stay
    until garbage is collected.
    """

    def __init__(self, layout: Layout) -> None:
        self._layout = layout

    @abstractmethod
    def _part(self, index: int, unit: Unit) -> Mapping[Span, Value]:
        """Return the mapping of one statement, its spans as they were parsed."""

    def around(self, offset: int) -> Mapping[Span, Value]:
        """Return the mapping of the statement at `offset` alone."""
        index = self._layout.at(offset)
        return self._now(index) if index >= 0 else {}

    def __getitem__(self, span: Span) -> Value:
        return self.around(span.start)[span]

    def __iter__(self) -> Iterator[Span]:
        return iter(self._whole)

    def __len__(self) -> int:
        return len(self._whole)

    def _now(self, index: int) -> Mapping[Span, Value]:
        by, part = self._layout.moved[index], self._part(index, self._layout.units[index])
        return {span.shifted(by): value for span, value in part.items()} if by else part

    @cached_property
    def _whole(self) -> dict[Span, Value]:
        whole: dict[Span, Value] = {}
        for index in range(len(self._layout.units)):
            whole.update(self._now(index))
        return whole


class Expressions(Spread[Meaning]):
    """What each expression of a program means, by its span."""

    def _part(self, index: int, unit: Unit) -> Mapping[Span, Meaning]:
        del index
        return unit.expressions
