"""What helps while writing: completion and signature help."""

import os
import re
from collections.abc import Sequence
from pathlib import PurePath

from lsprotocol import types

from voxlogica_core.ide.hover.documentation import documentation
from voxlogica_core.ide.wording import signatures
from voxlogica_core.ide.writing.complete import completion as asked
from voxlogica_core.ide.writing.proposal import Proposal
from voxlogica_core.ide.writing.signatures import signature_help as helped
from voxlogica_server.requests.places import Place, place_at
from voxlogica_server.session import Session

COMPLETION = types.CompletionOptions(trigger_characters=[".", '"', "/", "["], resolve_provider=True)
SIGNATURES = types.SignatureHelpOptions(trigger_characters=["(", ",", "["])

_KINDS = {
    "local": types.CompletionItemKind.Variable,
    "value": types.CompletionItemKind.Variable,
    "function": types.CompletionItemKind.Function,
    "parameter": types.CompletionItemKind.Variable,
    "primitive": types.CompletionItemKind.Method,
    "operator": types.CompletionItemKind.Operator,
    "keyword": types.CompletionItemKind.Keyword,
    "snippet": types.CompletionItemKind.Snippet,
    "field": types.CompletionItemKind.Field,
    "path": types.CompletionItemKind.File,
}
_PLACES = re.compile(r"\$\{\d+:([^}]*)\}|\$\d+")
_MOST_NAMES = 2_000


async def completion(session: Session, params: types.CompletionParams) -> types.CompletionList:
    """Return what may be written at a position, the likeliest first."""
    where, offset = await place_at(session, params)
    catalogue, store = where.analysis.catalogue, session.reading.store
    found = await session.reading.ask(
        lambda: asked(where.analysis, offset, catalogue, store, names_in)
    )
    can_fill = _fills_in(session.settings.client)
    items = [_item(p, rank, where, can_fill=can_fill) for rank, p in enumerate(found.proposals)]
    return types.CompletionList(is_incomplete=not found.is_whole, items=items)


async def resolve(session: Session, item: types.CompletionItem) -> types.CompletionItem:
    """Return a proposal with the documentation of its primitive."""
    name = str(item.data)
    primitive = session.analyst.catalogue_of(name).primitives.get(name)
    if primitive is not None:
        item.documentation = _prose(primitive.documentation)
        item.detail = " · ".join(filter(None, (signatures(primitive)[0], _note(item.detail))))
    return item


async def signature_help(
    session: Session, params: types.SignatureHelpParams
) -> types.SignatureHelp | None:
    """Return how what is being called can be called."""
    where, offset = await place_at(session, params)
    found = helped(where.analysis, offset)
    if found is None:
        return None
    signatures: list[types.SignatureInformation] = []
    for shape, active in zip(found.callee.shapes, found.active, strict=True):
        begin = f"{shape.name}({', '.join(slot.text for slot in shape.slots)})"
        parameters = [
            types.ParameterInformation(slot.text, slot.documentation or None)
            for slot in shape.slots
        ]
        signatures.append(
            types.SignatureInformation(
                f"{begin} → {shape.result}" if shape.result else begin,
                _prose(found.callee.documentation.partition("\n\n")[0]),
                parameters,
                len(parameters) if active is None else active,
            )
        )
    active = found.active[found.best]
    number = len(found.callee.shapes[found.best].slots) if active is None else active
    return types.SignatureHelp(signatures, found.best, number)


def names_in(folder: str) -> Sequence[str]:
    """Return the names in a folder, those of folders with a slash behind; none if unreadable."""
    try:
        with os.scandir(PurePath(folder)) as entries:
            found = (e for _, e in zip(range(_MOST_NAMES), entries, strict=False))
            return [f"{e.name}/" if e.is_dir() else e.name for e in found if e.name[0] != "."]
    except (OSError, ValueError):  # no such folder, or nothing that could be one
        return []


def _item(proposal: Proposal, rank: int, where: Place, *, can_fill: bool) -> types.CompletionItem:
    text = proposal.insert or proposal.name
    is_snippet = proposal.is_snippet and can_fill
    text = _PLACES.sub(r"\1", text) if proposal.is_snippet and not can_fill else text
    formats = types.InsertTextFormat
    return types.CompletionItem(
        label=proposal.name,
        kind=_KINDS[proposal.sort],
        detail=proposal.detail or None,
        documentation=_prose(proposal.documentation),
        sort_text=f"{rank:05}",
        insert_text_format=formats.Snippet if is_snippet else formats.PlainText,
        text_edit=types.TextEdit(where.range(proposal.span), text) if proposal.span else None,
        additional_text_edits=where.edits(proposal.edits) or None,
        data=proposal.primitive or None,
    )


def _prose(text: str) -> types.MarkupContent | None:
    kind = types.MarkupKind.Markdown
    return types.MarkupContent(kind, documentation(text, markdown=True)) if text else None


def _note(detail: str | None) -> str:
    """Return what a proposal says of an import that it needs."""
    return (detail or "").rpartition(" · ")[2] if "import" in (detail or "") else ""


def _fills_in(client: types.ClientCapabilities) -> bool:
    """Return whether a client understands texts with places to fill in."""
    completing = client.text_document and client.text_document.completion
    item = completing and completing.completion_item
    return bool(item and item.snippet_support)
