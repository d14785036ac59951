"""The outline of a document, written statement by statement. Finds no symbol itself.

What an edit leaves of a statement's outline is everything but its lines: so each is kept as JSON
with places for the numbers of lines, and an answer is written without an object for any symbol.
"""

import json
from collections.abc import Iterator
from dataclasses import dataclass
from weakref import WeakKeyDictionary

from lsprotocol import types

from voxlogica_core.ide.navigation.symbols import Symbol, symbols, unit_symbols
from voxlogica_core.plan.reduction.unit import Unit
from voxlogica_core.text.span import Span
from voxlogica_server.desk import WHOLE
from voxlogica_server.protocol import Ready
from voxlogica_server.requests.places import Place, place
from voxlogica_server.requests.structure import KINDS
from voxlogica_server.session import Session


@dataclass(frozen=True, slots=True)
class _Written:
    """The outline of a statement that begins at some column, its lines left out.

    Parameters
    ----------
    lines
        What belongs in the gaps: how far below the first line of the statement.
    """

    column: int
    template: str
    lines: tuple[int, ...]


class Outlining:
    """The outlines of the documents of one session."""

    def __init__(self, session: Session) -> None:
        self._session = session
        self._kept = WeakKeyDictionary[Unit, _Written]()  # units lead to whole versions

    async def symbols(
        self, params: types.DocumentSymbolParams
    ) -> Ready | list[types.SymbolInformation]:
        """Return the outline of a document."""
        session = self._session
        where = await place(session, params)
        text = session.settings.client.text_document
        outline = text.document_symbol if text else None
        if outline and outline.hierarchical_document_symbol_support:
            return await session.desk.answer(lambda: self._nested(where), WHOLE, where.check)
        return await session.desk.answer(lambda: _flat(where), WHOLE, where.check)

    def _nested(self, where: Place) -> Ready:
        source = where.analysis.source
        parts: list[str] = []
        for unit, by in where.analysis.references.units():
            line, column = source.position(unit.statement.span.start + by, where.document.encoding)
            known = self._kept.get(unit)
            if known is None or known.column != column:
                known = self._kept[unit] = _written(where, unit, by, line, column)
            if known.lines:
                parts.append(known.template % tuple([line + below for below in known.lines]))
        return Ready(f"[{','.join(parts)}]".encode("ascii"))


def _flat(where: Place) -> list[types.SymbolInformation]:
    return [
        types.SymbolInformation(
            types.Location(where.document.uri, where.range(symbol.span)),
            symbol.name,
            KINDS[symbol.sort],
        )
        for symbol in symbols(where.analysis)
    ]


def _written(where: Place, unit: Unit, by: int, line: int, column: int) -> _Written:
    lines: list[int] = []
    found = unit_symbols(where.analysis, unit, by)
    template = ",".join("".join(_parts(symbol, by, where, lines)) for symbol in found)
    return _Written(column, template, tuple(number - line for number in lines))


def _parts(symbol: Symbol, by: int, where: Place, lines: list[int]) -> Iterator[str]:
    yield f'{{"name":{_text(symbol.name or "?")},"detail":{_text(symbol.detail)},'
    yield f'"kind":{KINDS[symbol.sort].value},"range":{_range(symbol.span, by, where, lines)},'
    yield f'"selectionRange":{_range(symbol.name_span, by, where, lines)}'
    if symbol.inner:
        inner = ("".join(_parts(each, by, where, lines)) for each in symbol.inner)
        yield f',"children":[{",".join(inner)}]'
    yield "}"


def _text(text: str) -> str:
    return json.dumps(text).replace("%", "%%")


def _range(span: Span, by: int, where: Place, lines: list[int]) -> str:
    """Return a range with gaps for its lines, which are noted."""
    position, encoding = where.analysis.source.position, where.document.encoding
    (first, begin), (last, end) = (position(o + by, encoding) for o in (span.start, span.end))
    lines += (first, last)
    return f'{{"start":{{"line":%d,"character":{begin}}},"end":{{"line":%d,"character":{end}}}}}'
