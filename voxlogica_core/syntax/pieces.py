"""What a parse remembers for the next one: the text in pieces, each with its trees.

A piece is a stretch of tokens and what became of it. After an edit the pieces in front of it and
those behind it are kept, whatever the edit was: the text between is read from the last token that
did not see the change until a stretch begins where an old one did.
"""

from bisect import bisect_left
from collections import Counter
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from itertools import accumulate, pairwise

from voxlogica_core.syntax.dialect import Mark, marks
from voxlogica_core.syntax.grammar import parse_tokens
from voxlogica_core.syntax.lexis import Dialect, Token
from voxlogica_core.syntax.problem import SyntaxProblem, UnexpectedToken
from voxlogica_core.syntax.recovery import broken, unexpected
from voxlogica_core.syntax.statements import statement_starts
from voxlogica_core.syntax.stretch import BEGINNING, Behind, Stretch
from voxlogica_core.syntax.tokens import settled_stretches, stretches
from voxlogica_core.syntax.tree import Declaration, Load, Statement
from voxlogica_core.text.diagnostic import Diagnostic

Traits = tuple[frozenset[str], frozenset[Mark]]
"""Operators that a piece declares, and marks of the language it is written in."""


@dataclass(frozen=True, slots=True)
class Piece:
    """A stretch, parsed. Offsets and spans are those of the text it was parsed in.

    Parameters
    ----------
    start, end
        Where its first token begins and its last one ends.
    reach
        The last offset that it hangs on.
    """

    start: int
    end: int
    reach: int
    behind: Behind
    joined: frozenset[str]
    marks: frozenset[Mark]
    statements: tuple[Statement, ...]
    diagnostics: tuple[Diagnostic, ...]


@dataclass(frozen=True, slots=True)
class Pieces:
    """A text in pieces.

    Parameters
    ----------
    starts
        Where each piece begins now.
    operators
        Operators that begin with capital letters and come from elsewhere; `known` are those and
        the ones declared here.
    statements, shifts
        Those of all pieces as they were parsed, and by how much each has moved since.
    firsts
        Number of the first statement of each piece.
    complaining
        Numbers of the pieces with diagnostics.
    traits
        How many pieces declare the same operators and bear the same marks.
    """

    text: str
    operators: frozenset[str]
    known: frozenset[str]
    dialect: Dialect | None
    starts: Sequence[int]
    pieces: Sequence[Piece]
    statements: Sequence[Statement]
    shifts: Sequence[int]
    firsts: Sequence[int]
    complaining: Sequence[int]
    traits: Mapping[Traits, int]

    def moved(self, index: int) -> int:
        """Return by how much a piece has moved since it was parsed."""
        return self.starts[index] - self.pieces[index].start

    def end(self, index: int) -> int:
        """Return where a piece ends now; the one before the first ends at the beginning."""
        return self.pieces[index].end + self.moved(index) if index >= 0 else 0

    def reach(self, index: int) -> int:
        """Return the last offset that a piece hangs on now."""
        return self.pieces[index].reach + self.moved(index)


def read(text: str, operators: frozenset[str], dialect: Dialect | None) -> Pieces:
    """Read the whole of a text."""
    every, known = settled_stretches(text, operators, dialect)
    nothing = Pieces(text, operators, known, dialect, (), (), (), (), (), (), {})
    return _spliced(nothing, text, 0, [_piece(stretch) for stretch in every], 0)


def read_again(
    before: Pieces, text: str, operators: frozenset[str], dialect: Dialect | None
) -> Pieces:
    """Read a text of which an earlier version is known; the answer is that of `read`."""
    if (before.operators, before.dialect) != (operators, dialect) or not before.pieces:
        return read(text, operators, dialect)
    if before.text == text:
        return before
    after = _mended(before, text)
    if operators.union(*(joined for joined, _ in after.traits)) != before.known:
        return read(text, operators, dialect)
    return after


def parse_statement(tokens: Sequence[Token]) -> tuple[Statement, Diagnostic | None]:
    """Return the tree of one statement, `Broken` with a diagnostic if it is none."""
    try:
        return parse_tokens(tokens), None
    except UnexpectedToken as error:
        diagnostic = unexpected(tokens, error.token, error.accepted)
    except SyntaxProblem as problem:
        diagnostic = Diagnostic("syntax", "error", problem.message, problem.span)
    return broken(tokens), diagnostic


def _mended(before: Pieces, text: str) -> Pieces:
    same_start = _common_start(before.text, text)
    rest = min(len(before.text), len(text)) - same_start
    same_end = _common_end(before.text, text, rest)
    by = len(text) - len(before.text)
    first = bisect_left(range(len(before.pieces)), same_start, key=before.reach)
    last_kept = before.end(first - 1)
    behind = before.pieces[first - 1].behind if first else BEGINNING
    fresh: list[Piece] = []
    tail = len(before.pieces)
    for stretch in stretches(text, before.known, before.dialect, start=last_kept, behind=behind):
        gap = (fresh[-1].end if fresh else last_kept, stretch.tokens[0].start)
        index = bisect_left(before.starts, gap[1] - by)
        if _is_old(before, index, gap, stretch.reach, by, len(before.text) - same_end):
            tail = index
            break
        fresh.append(_piece(stretch))
    return _spliced(before, text, first, fresh, tail)


def _spliced(before: Pieces, text: str, first: int, fresh: Sequence[Piece], tail: int) -> Pieces:
    """Return a text with `fresh` in place of the pieces from `first` up to `tail`.

    All that is done for each of the others is copying, which takes a hundredth of what a loop does.
    """
    by, more = len(text) - len(before.text), first + len(fresh) - tail
    behind = [start + by for start in before.starts[tail:]] if by else before.starts[tail:]
    numbers = [*before.firsts, len(before.statements)]
    begin, stop = numbers[first], numbers[tail]
    statements = [statement for piece in fresh for statement in piece.statements]
    counts = [len(piece.statements) for piece in fresh]
    firsts = list(accumulate(counts, initial=begin))
    extra = firsts.pop() - stop
    shifts = before.shifts[stop:]
    return replace(
        before,
        text=text,
        starts=[*before.starts[:first], *(piece.start for piece in fresh), *behind],
        pieces=[*before.pieces[:first], *fresh, *before.pieces[tail:]],
        statements=[*before.statements[:begin], *statements, *before.statements[stop:]],
        shifts=[
            *before.shifts[:begin],
            *([0] * len(statements)),
            *([shift + by for shift in shifts] if by else shifts),
        ],
        firsts=[
            *before.firsts[:first],
            *firsts,
            *([n + extra for n in before.firsts[tail:]] if extra else before.firsts[tail:]),
        ],
        complaining=[
            *(n for n in before.complaining if n < first),
            *(first + n for n, piece in enumerate(fresh) if piece.diagnostics),
            *(n + more for n in before.complaining if n >= tail),
        ],
        traits=_counted(before.traits, before.pieces[first:tail], fresh),
    )


def _counted(
    before: Mapping[Traits, int], gone: Sequence[Piece], fresh: Sequence[Piece]
) -> Mapping[Traits, int]:
    counts = Counter(before)
    counts.subtract((piece.joined, piece.marks) for piece in gone)
    counts.update((piece.joined, piece.marks) for piece in fresh)
    return +counts  # those that are left


def _is_old(
    before: Pieces, index: int, gap: tuple[int, int], reach: int, by: int, changed: int
) -> bool:
    """Return whether the stretch behind `gap` is the old piece at `index`, and so are all others.

    It is if it begins where that began, and all from the end of the token before it is unchanged.
    """
    if not 0 < index < len(before.pieces) or before.starts[index] + by != gap[1]:
        return False  # the first piece has no token before it
    end_before = before.end(index - 1)
    is_unchanged = end_before >= changed and end_before + by == gap[0]
    return is_unchanged and reach <= before.reach(index) + by


def _piece(stretch: Stretch) -> Piece:
    tokens = stretch.tokens
    statements: list[Statement] = []
    diagnostics = list(stretch.diagnostics)
    for start, stop in pairwise([*statement_starts(tokens), len(tokens)]):
        statement, diagnostic = parse_statement(tokens[start:stop])
        if diagnostic is not None:
            diagnostics.append(diagnostic)
        text = stretch.documentation.get(start)
        if text is not None and isinstance(statement, Declaration | Load):
            statement = replace(statement, documentation=text)
        statements.append(statement)
    return Piece(
        tokens[0].start,
        tokens[-1].end,
        stretch.reach,
        stretch.behind,
        stretch.joined,
        marks(tokens),
        tuple(statements),
        tuple(diagnostics),
    )


def _common_start(one: str, other: str) -> int:
    """Return how many characters two texts begin with in common, by halving."""
    low, high = 0, min(len(one), len(other))
    while low < high:
        middle = (low + high + 1) // 2
        if one[low:middle] == other[low:middle]:
            low = middle
        else:
            high = middle - 1
    return low


def _common_end(one: str, other: str, most: int) -> int:
    """Return how many characters, at most `most`, two texts end with in common."""
    low, high = 0, most
    while low < high:
        middle = (low + high + 1) // 2
        if one[len(one) - middle : len(one) - low] == other[len(other) - middle : len(other) - low]:
            low = middle
        else:
            high = middle - 1
    return low
