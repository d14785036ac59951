"""Semantic tokens: whole, in part, and as the difference to what was sent last."""

from collections.abc import Iterable, Mapping
from dataclasses import dataclass
from itertools import count

from lsprotocol import types

from voxlogica_core.ide.status.needed import items_below
from voxlogica_core.ide.status.status import Demanded, Status, status
from voxlogica_core.ide.tokens import Painter, Passage
from voxlogica_core.plan.node import NodeId
from voxlogica_server.desk import VISIBLE, WHOLE
from voxlogica_server.protocol import Ready, as_json
from voxlogica_server.requests.places import Place, place
from voxlogica_server.requests.token_numbers import FIELDS, TokenNumbers
from voxlogica_server.session import Session


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
        self._token_numbers = TokenNumbers(session.settings.encoding)
        session.forgetting.append(self._forget)

    async def full(self, params: types.SemanticTokensParams) -> Ready:
        """Return the tokens of a document."""
        return await self._whole(params.text_document, None)

    async def delta(self, params: types.SemanticTokensDeltaParams) -> Ready:
        """Return how the tokens of a document differ from those that were sent before."""
        return await self._whole(params.text_document, params.previous_result_id)

    async def part(self, params: types.SemanticTokensRangeParams) -> Ready:
        """Return the tokens of the statements which a range touches."""
        where = await place(self._session, params)
        span, painter = where.span(params.range), self._painter(where.document.uri)

        def painted() -> Ready:
            return as_json({"data": self._numbers(where, painter.passages(where.analysis, span))})

        return await self._session.desk.answer(painted, VISIBLE, where.check)

    async def _whole(self, document: types.TextDocumentIdentifier, known: str | None) -> Ready:
        """Return the tokens of a document, or how they differ from those that were sent before."""
        where = await place(self._session, types.SemanticTokensParams(document))
        painter = self._painter(document.uri)

        def painted() -> tuple[Sent, Ready]:
            found = self._numbers(where, painter.passages(where.analysis))
            sent, before = Sent(str(next(self._names)), found), self._sent.get(document.uri)
            if before is None or before.name != known:
                return sent, as_json({"resultId": sent.name, "data": found})
            edits = [
                {"start": edit.start, "deleteCount": edit.delete_count, "data": edit.data}
                for edit in difference(before.numbers, found)
            ]
            return sent, as_json({"resultId": sent.name, "edits": edits})

        sent, answer = await self._session.desk.answer(painted, WHOLE, where.check)
        if self._painters.get(document.uri) is painter:  # it was not closed meanwhile
            self._sent[document.uri] = sent
        return answer

    def _numbers(self, where: Place, passages: Iterable[tuple[Passage, int]]) -> list[int]:
        source = where.analysis.source
        return self._token_numbers.of(passages, source, lambda nodes: _statuses(where, nodes))

    def _painter(self, uri: str) -> Painter:
        text = self._session.settings.client.text_document
        augments = text and text.semantic_tokens and text.semantic_tokens.augments_syntax_tokens
        return self._painters.setdefault(uri, Painter(every=not augments))

    def _forget(self, uri: str) -> None:
        self._painters.pop(uri, None)
        self._sent.pop(uri, None)


def difference(before: list[int], after: list[int]) -> list[types.SemanticTokensEdit]:
    """Return the one edit that leads from the numbers of some tokens to those of others."""
    if before == after:
        return []
    same = _same(before, after)
    most = min(len(before), len(after)) // FIELDS - same
    end = min(most, _same(before[::-1], after[::-1]))
    start, stop = same * FIELDS, len(before) - end * FIELDS
    fresh = after[start : len(after) - end * FIELDS]
    return [types.SemanticTokensEdit(start, stop - start, fresh)]


def _same(one: list[int], other: list[int]) -> int:
    """Return how many tokens two lists begin with in common, by halving."""
    low, high = 0, min(len(one), len(other)) // FIELDS
    while low < high:
        middle = (low + high + 1) // 2
        part = slice(low * FIELDS, middle * FIELDS)
        if one[part] == other[part]:
            low = middle
        else:
            high = middle - 1
    return low


def _statuses(where: Place, asked: Iterable[NodeId]) -> Mapping[NodeId, Status]:
    """Return the status of some nodes of a program."""
    analysis, reading = where.analysis, where.session.reading
    nodes, wanted = analysis.nodes, list(asked)
    found = [node for name in wanted if (node := nodes.get(name)) is not None]
    items = (below for node in found for below in items_below(analysis, node))
    records = reading.store.lookup(dict.fromkeys((*wanted, *items)))
    is_open = any(name not in records for name in wanted)  # what runs need matters for these alone
    demanded = reading.needed(analysis) if is_open else Demanded()
    return {
        name: status(
            nodes.get(name),
            nodes=nodes,
            records=records,
            activity=where.activity,
            demanded=demanded,
            deferred=analysis.plan.deferred,
        )
        for name in wanted
    }
