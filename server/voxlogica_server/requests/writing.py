"""What helps while writing: completion."""

from lsprotocol import types

from voxlogica_core.ide.complete import Proposal
from voxlogica_core.ide.complete import completion as asked
from voxlogica_server.convert import position_of
from voxlogica_server.session import Session

_KINDS = {
    "value": types.CompletionItemKind.Variable,
    "function": types.CompletionItemKind.Function,
    "primitive": types.CompletionItemKind.Method,
    "keyword": types.CompletionItemKind.Keyword,
}


async def completion(session: Session, params: types.CompletionParams) -> types.CompletionList:
    """Return the names that may be written at a position, those nearest above it first."""
    found, analysis = await session.analysed(params.text_document.uri)
    offset = found.document.offset(position_of(params.position))
    proposals = asked(analysis, offset, session.analyst.catalogue)
    items = [_item(proposal, rank) for rank, proposal in enumerate(proposals)]
    return types.CompletionList(is_incomplete=False, items=items)


def _item(proposal: Proposal, rank: int) -> types.CompletionItem:
    text = proposal.documentation
    return types.CompletionItem(
        label=proposal.name,
        kind=_KINDS[proposal.sort],
        detail=proposal.detail or None,
        documentation=types.MarkupContent(types.MarkupKind.Markdown, text) if text else None,
        sort_text=f"{rank:04}",
    )
