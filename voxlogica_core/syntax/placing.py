"""The statements of a text in pieces, each at the place where it stands now.

Most edits move most statements of a file, so a moved tree is built when it is asked for: whoever
looks at one statement pays for one, and who can add an offset himself pays for none.
"""

from collections.abc import Iterator, Sequence
from functools import cached_property
from typing import overload

from voxlogica_core.syntax.moving import moved_statement
from voxlogica_core.syntax.pieces import Pieces
from voxlogica_core.syntax.tree import Statement


class Statements(Sequence[Statement]):
    """The statements of a program, each moved to its place when it is first asked for.

    Parameters
    ----------
    pieces
        The text they stand in.
    """

    def __init__(self, pieces: Pieces) -> None:
        self._pieces = pieces

    @cached_property
    def rooted(self) -> Sequence[tuple[Statement, int]]:
        """Each statement as it was parsed, and by how much its text has moved since.

        The tree of a statement that an edit left alone is the same object before and after.
        """
        return list(zip(*self.parsed, strict=True))

    @property
    def parsed(self) -> tuple[Sequence[Statement], Sequence[int]]:
        """All statements as they were parsed, and by how much the text of each has moved since."""
        return self._pieces.statements, self._pieces.shifts

    @overload
    def __getitem__(self, index: int) -> Statement: ...
    @overload
    def __getitem__(self, index: slice) -> tuple[Statement, ...]: ...
    def __getitem__(self, index: int | slice) -> Statement | tuple[Statement, ...]:
        """Return a statement, or several."""
        if isinstance(index, slice):
            return tuple(self[each] for each in range(*index.indices(len(self))))
        placed = self._placed[index]
        if placed is None:
            placed = self._placed[index] = moved_statement(
                self._pieces.statements[index], self._pieces.shifts[index]
            )
        return placed

    def __len__(self) -> int:
        return len(self._pieces.statements)

    def __iter__(self) -> Iterator[Statement]:
        return (self[index] for index in range(len(self)))

    def __eq__(self, other: object) -> bool:
        return isinstance(other, Statements) and tuple(self) == tuple(other)

    def __hash__(self) -> int:
        return hash(tuple(self))

    def __repr__(self) -> str:
        return f"Statements({list(self)!r})"

    @cached_property
    def _placed(self) -> list[Statement | None]:
        return [None] * len(self)


def rooted(statements: Sequence[Statement]) -> Sequence[tuple[Statement, int]]:
    """Return each statement as it was parsed, and by how much it has moved since."""
    if isinstance(statements, Statements):
        return statements.rooted
    return [(statement, 0) for statement in statements]


def parsed(statements: Sequence[Statement]) -> tuple[Sequence[Statement], Sequence[int]]:
    """Return all statements as they were parsed, and by how much each has moved since."""
    if isinstance(statements, Statements):
        return statements.parsed
    return statements, [0] * len(statements)
