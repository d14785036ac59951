"""Words as the protocol numbers them, each told from the one before. Knows no document, no store.

What an edit leaves of a statement's numbers is all but where it begins: so they are kept.
"""

from collections.abc import Callable, Iterable, Mapping, Sequence
from dataclasses import dataclass
from typing import get_args
from weakref import WeakKeyDictionary

from lsprotocol import types

from voxlogica_core.ide.status.status import Status
from voxlogica_core.ide.tokens import Kind, Modifier, Passage, Word, modifier_of
from voxlogica_core.plan.node import NodeId
from voxlogica_core.text.source_text import Encoding, SourceText

KINDS: Sequence[Kind] = get_args(Kind)
MODIFIERS: Sequence[Modifier] = get_args(Modifier)
LEGEND = types.SemanticTokensLegend([*KINDS], [*MODIFIERS])
FIELDS = 5
"""Numbers a word: lines and columns from the one before, length, kind, modifiers."""

StatusOf = Callable[[Iterable[NodeId]], Mapping[NodeId, Status]]
"""Tells the status of nodes."""

_KIND_NUMBERS: Mapping[Kind, int] = {kind: number for number, kind in enumerate(KINDS)}
_MODIFIER_BITS: Mapping[Modifier, int] = {m: 1 << bit for bit, m in enumerate(MODIFIERS)}


@dataclass(frozen=True, slots=True)
class _Written:
    """The numbers of a passage; the first two wait for where it begins.

    Parameters
    ----------
    nodes
        Values of words, with the places of their modifiers.
    lines, column
        Where the last word begins: how far below the first, and where on its line; from the first
        if that is the same line.
    """

    numbers: list[int]
    nodes: tuple[tuple[int, NodeId], ...]
    lines: int
    column: int


class TokenNumbers:
    """Numbers the words of passages, and keeps what it found as long as they are there.

    Parameters
    ----------
    encoding
        Units that columns are counted in.
    """

    def __init__(self, encoding: Encoding) -> None:
        self._encoding: Encoding = encoding
        self._known = WeakKeyDictionary[Passage, _Written]()

    def of(
        self, passages: Iterable[tuple[Passage, int]], source: SourceText, status_of: StatusOf
    ) -> list[int]:
        """Return the numbers of passages, given with how far they have moved, in order of text."""
        found = [
            (self._written(p, by, source), p.words[0].start + by) for p, by in passages if p.words
        ]
        status = status_of(dict.fromkeys(n for written, _ in found for _, n in written.nodes))
        bits = {node: _bit(word) for node, word in status.items()}
        numbers: list[int] = []
        line = column = 0
        for written, start in found:
            at, begin = source.position(start, self._encoding)
            first = len(numbers)
            numbers += written.numbers
            numbers[first] = at - line
            numbers[first + 1] = begin - column if at == line else begin
            for place, node in written.nodes:
                numbers[first + place] |= bits.get(node, 0)
            line = at + written.lines
            column = written.column if written.lines else begin + written.column
        return numbers

    def _written(self, passage: Passage, by: int, source: SourceText) -> _Written:
        written = self._known.get(passage)
        if written is None:
            written = self._known[passage] = _numbered(passage.words, by, source, self._encoding)
        return written


def _numbered(words: Sequence[Word], by: int, source: SourceText, encoding: Encoding) -> _Written:
    numbers: list[int] = []
    nodes: list[tuple[int, NodeId]] = []
    position = source.position
    top, left = line, column = position(words[0].start + by, encoding)
    for word in words:
        at, start = position(word.start + by, encoding)
        length = position(word.end + by, encoding)[1] - start
        bits = sum(_MODIFIER_BITS[modifier] for modifier in word.modifiers)
        shift = start - column if at == line else start
        numbers += (at - line, shift, length, _KIND_NUMBERS[word.kind], bits)
        if word.node is not None:
            nodes.append((len(numbers) - 1, word.node))
        line, column = at, start
    return _Written(numbers, tuple(nodes), line - top, column if line > top else column - left)


def _bit(status: Status) -> int:
    modifier = modifier_of(status)
    return 0 if modifier is None else _MODIFIER_BITS[modifier]
