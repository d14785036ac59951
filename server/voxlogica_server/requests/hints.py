"""What stands in the text without being part of it: inlay hints and code lenses."""

from collections.abc import Mapping
from typing import cast

from lsprotocol import types

from voxlogica_core.errors import UsageError
from voxlogica_core.ide.actions.lenses import Lens, lenses
from voxlogica_core.ide.hover.hints import hints
from voxlogica_core.text.span import Span
from voxlogica_server.requests.places import Place, place
from voxlogica_server.session import Session

HINTS = types.InlayHintOptions(resolve_provider=False)
LENSES = types.CodeLensOptions(resolve_provider=True)

_TITLES: Mapping[str, tuple[str, str]] = {
    "run": ("Run", "imgql.server.runSelection"),
    "run to here": ("Run to here", "imgql.server.runToCursor"),
    "show": ("Show", "imgql.server.open"),
    "why": ("Why?", "imgql.server.open"),
}


async def inlay_hints(session: Session, params: types.InlayHintParams) -> list[types.InlayHint]:
    """Return the hints of what is on the screen."""
    if not session.settings.shows_hints:
        return []
    where = await place(session, params)
    visible, store = where.span(params.range), session.reading.store
    found = await session.reading.ask(lambda: hints(where.analysis, visible, store, where.activity))
    return [
        types.InlayHint(
            position=where.range(Span(hint.offset, hint.offset)).start,
            label=hint.text,
            kind=types.InlayHintKind.Type,
            padding_left=True,
        )
        for hint in found
    ]


async def code_lenses(session: Session, params: types.CodeLensParams) -> list[types.CodeLens]:
    """Return where something can be done; what it is called is told when it is shown."""
    if not session.settings.shows_lenses:
        return []
    where = await place(session, params)
    return [_lens(lens, where) for lens in lenses(where.analysis)]


async def resolve_lens(session: Session, lens: types.CodeLens) -> types.CodeLens:
    """Return a lens with the command that it stands for."""
    del session
    match lens.data:
        case {"uri": str(uri), "deed": str(deed), "value": value} if deed in _TITLES:
            title, command = _TITLES[deed]
        case given:
            raise UsageError(f"a lens of this server is wanted, {given!r} came")
    arguments: list[object] = [uri, lens.range if deed == "run" else lens.range.start]
    if command == "imgql.server.open":
        arguments = [uri, value, "why" if deed == "why" else "node"]
    lens.command = types.Command(title, command, arguments=cast("list[types.LSPAny]", arguments))
    return lens


def _lens(lens: Lens, where: Place) -> types.CodeLens:
    value = where.range(lens.value).start
    about = {"line": value.line, "character": value.character}
    return types.CodeLens(
        where.range(lens.span),
        data={"uri": where.document.uri, "deed": lens.deed, "value": about},
    )
