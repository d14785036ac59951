"""Definitions, declarations, kinds; where a name is used."""

from collections.abc import Sequence

from lsprotocol import types

from voxlogica_core.ide.navigation.navigate import (
    Destination,
    Lead,
    NamedFile,
    Page,
    type_definition,
)
from voxlogica_core.ide.navigation.navigate import definition as asked
from voxlogica_core.ide.navigation.occurrences import Occurrence, name_at, occurrences
from voxlogica_core.plan.reduction.meaning import Definition
from voxlogica_core.text.span import Span
from voxlogica_server.convert import uri_of
from voxlogica_server.neighbours import neighbours
from voxlogica_server.pages import page_uri
from voxlogica_server.requests.places import Place, place_at
from voxlogica_server.session import Session

Leads = types.Location | Sequence[types.LocationLink] | None
_START = types.Range(types.Position(0, 0), types.Position(0, 0))
_HIGHLIGHTS = {
    "read": types.DocumentHighlightKind.Read,
    "write": types.DocumentHighlightKind.Write,
}


async def definition(
    session: Session, params: types.DefinitionParams | types.DeclarationParams
) -> Leads:
    """Return where the name at a position was given its meaning."""
    where, offset = await place_at(session, params)
    text = where.session.settings.client.text_document
    can_link = bool(text and text.definition and text.definition.link_support)
    return _led(where, asked(where.analysis, offset, where.analysis.catalogue), can_link=can_link)


async def kind(session: Session, params: types.TypeDefinitionParams) -> Leads:
    """Return the page about the kind of the value at a position."""
    where, offset = await place_at(session, params)
    text = where.session.settings.client.text_document
    can_link = bool(text and text.type_definition and text.type_definition.link_support)
    return _led(where, type_definition(where.analysis, offset), can_link=can_link)


async def references(session: Session, params: types.ReferenceParams) -> list[types.Location]:
    """Return every use of the name at a position, in the files that import this one too."""
    where, offset = await place_at(session, params)
    name = name_at(where.analysis, offset)
    if name is None:
        return []
    found: list[types.Location] = []
    if isinstance(name.target, Definition):
        for other, target in await neighbours(where, name.target):
            wanted = _wanted(occurrences(other.analysis, target), params)
            found += [types.Location(other.document.uri, other.range(span)) for span in wanted]
    else:
        wanted = _wanted(occurrences(where.analysis, name.target), params)
        found += [types.Location(where.document.uri, where.range(span)) for span in wanted]
    return found


async def highlights(
    session: Session, params: types.DocumentHighlightParams
) -> list[types.DocumentHighlight]:
    """Return the places of a document that mean what the name at a position means."""
    where, offset = await place_at(session, params)
    name = name_at(where.analysis, offset)
    found = occurrences(where.analysis, name.target) if name else []
    return [types.DocumentHighlight(where.range(o.span), _HIGHLIGHTS[o.access]) for o in found]


def _wanted(found: Sequence[Occurrence], params: types.ReferenceParams) -> list[Span]:
    is_wanted = params.context.include_declaration
    return [each.span for each in found if is_wanted or each.access == "read"]


def _led(where: Place, lead: Lead | None, *, can_link: bool) -> Leads:
    """Return where a name leads, with what is declared there if the client can show it."""
    if lead is None or (target := _target(where, lead)) is None:
        return None
    if not can_link:
        return target
    whole = target.range
    if isinstance(lead.to, Destination) and lead.to.whole:
        whole = where.range(lead.to.whole)
    return [types.LocationLink(target.uri, whole, target.range, where.range(lead.origin))]


def _target(where: Place, lead: Lead) -> types.Location | None:
    session, document = where.session, where.document
    match lead.to:
        case Destination(span, path):
            return where.location(path, span)
        case NamedFile(text):
            home = session.home(document)
            path = session.analyst.find(text, document.source.path, home)
            path = path or session.analyst.find(f"{text}.imgql", document.source.path, home)
            return types.Location(uri_of(path), _START) if path else None
        case Page(subject):
            return types.Location(page_uri(subject, session), _START)
