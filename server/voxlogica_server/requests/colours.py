"""Semantic tokens: whole, in part, and as the difference to what was sent last."""

import json
from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass
from itertools import count
from typing import get_args

from lsprotocol import types

from voxlogica_core.ide.foresight import inside
from voxlogica_core.ide.status import Status, demand, status
from voxlogica_core.ide.tokens import Kind, Modifier, Painter, Word
from voxlogica_core.plan.node import NodeId
from voxlogica_core.text.source_text import Encoding, SourceText
from voxlogica_server.desk import VISIBLE, WHOLE
from voxlogica_server.protocol import Ready
from voxlogica_server.requests.places import Place, place
from voxlogica_server.session import Session

KINDS: Sequence[Kind] = get_args(Kind)
MODIFIERS: Sequence[Modifier] = get_args(Modifier)
LEGEND = types.SemanticTokensLegend([*KINDS], [*MODIFIERS])

_KIND_NUMBERS: Mapping[Kind, int] = {kind: number for number, kind in enumerate(KINDS)}
_MODIFIER_BITS: Mapping[Modifier, int] = {m: 1 << bit for bit, m in enumerate(MODIFIERS)}
_FIELDS = 5
"""Numbers a token: lines and columns from the one before, length, kind, modifiers."""


@dataclass(frozen=True, slots=True)
class Sent:
    """What the client was sent last of a document, and under which name."""

    name: str
    numbers: list[int]


class Colours:
    """The colours of the documents of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._painters: dict[str, Painter] = {}
        self._sent: dict[str, Sent] = {}
        self._names = count(1)

    async def full(self, params: types.SemanticTokensParams) -> Ready:
        """Return the tokens of a document."""
        return await self._whole(params.text_document, None)

    async def delta(self, params: types.SemanticTokensDeltaParams) -> Ready:
        """Return how the tokens of a document differ from those that were sent before."""
        return await self._whole(params.text_document, params.previous_result_id)

    async def part(self, params: types.SemanticTokensRangeParams) -> types.SemanticTokens:
        """Return the tokens of the statements which a range touches."""
        where = await place(self._session, params)
        span, painter = where.span(params.range), self._painter(where.document.uri)
        words = await self._session.desk.answer(
            lambda: painter.painted(where.analysis, lambda nodes: _statuses(where, nodes), span),
            VISIBLE,
            where.check,
        )
        return types.SemanticTokens(numbers(words, where.analysis.source, where.document.encoding))

    async def _whole(self, document: types.TextDocumentIdentifier, known: str | None) -> Ready:
        """Return the tokens of a document, or how they differ from those that were sent before."""
        where = await place(self._session, types.SemanticTokensParams(document))
        painter = self._painter(document.uri)

        def painted() -> tuple[Sent, Ready]:
            words = painter.painted(where.analysis, lambda nodes: _statuses(where, nodes))
            found = numbers(words, where.analysis.source, where.document.encoding)
            sent, before = Sent(str(next(self._names)), found), self._sent.get(document.uri)
            if before is None or before.name != known:
                return sent, _ready({"resultId": sent.name, "data": found})
            edits = [
                {"start": edit.start, "deleteCount": edit.delete_count, "data": edit.data}
                for edit in difference(before.numbers, found)
            ]
            return sent, _ready({"resultId": sent.name, "edits": edits})

        sent, answer = await self._session.desk.answer(painted, WHOLE, where.check)
        self._sent[document.uri] = sent
        self._forget_closed()
        return answer

    def _painter(self, uri: str) -> Painter:
        text = self._session.settings.client.text_document
        augments = text and text.semantic_tokens and text.semantic_tokens.augments_syntax_tokens
        return self._painters.setdefault(uri, Painter(every=not augments))

    def _forget_closed(self) -> None:
        opened = {found.document.uri for found in self._session.opened()}
        for uri in self._painters.keys() - opened:
            del self._painters[uri]
            self._sent.pop(uri, None)


def _ready(answer: Mapping[str, object]) -> Ready:
    return Ready(json.dumps(answer, separators=(",", ":")).encode("ascii"))


def numbers(words: Iterable[Word], source: SourceText, encoding: Encoding) -> list[int]:
    """Return words as the protocol has them, each told from the one before."""
    found: list[int] = []
    line = column = 0
    for word in words:
        at, start = source.position(word.start, encoding)
        length = source.position(word.end, encoding)[1] - start
        bits = 0
        for modifier in word.modifiers:
            bits |= _MODIFIER_BITS[modifier]
        shift = start - column if at == line else start
        found += (at - line, shift, length, _KIND_NUMBERS[word.kind], bits)
        line, column = at, start
    return found


def difference(before: list[int], after: list[int]) -> list[types.SemanticTokensEdit]:
    """Return the one edit that leads from the numbers of some tokens to those of others."""
    if before == after:
        return []
    same = _same(before, after)
    most = min(len(before), len(after)) // _FIELDS - same
    end = min(most, _same(before[::-1], after[::-1]))
    start, stop = same * _FIELDS, len(before) - end * _FIELDS
    fresh = after[start : len(after) - end * _FIELDS]
    return [types.SemanticTokensEdit(start, stop - start, fresh)]


def _same(one: list[int], other: list[int]) -> int:
    """Return how many tokens two lists begin with in common, by halving."""
    low, high = 0, min(len(one), len(other)) // _FIELDS
    while low < high:
        middle = (low + high + 1) // 2
        part = slice(low * _FIELDS, middle * _FIELDS)
        if one[part] == other[part]:
            low = middle
        else:
            high = middle - 1
    return low


def _statuses(where: Place, asked: Iterable[NodeId]) -> Mapping[NodeId, Status]:
    """Return the status of some nodes of a program."""
    analysis, store = where.analysis, where.session.reading.store
    plan, wanted = analysis.plan, list(asked)
    records = store.lookup(dict.fromkeys((*plan.nodes, *wanted)))
    demanded = demand(plan, records, inside(analysis, store))
    return {
        node: status(
            analysis.nodes.get(node),
            nodes=analysis.nodes,
            records=records,
            activity=where.activity,
            demanded=demanded,
        )
        for node in wanted
    }
