"""Rename: first whether and what, then the edits in every file that uses the name."""

from collections.abc import Sequence

from lsprotocol import types

from voxlogica_core.ide.navigation.rename import (
    Refused,
    Unsure,
    judged,
    renamable,
    rename,
    rename_abroad,
)
from voxlogica_core.plan.reduction.meaning import Definition
from voxlogica_core.text.diagnostic import Edit
from voxlogica_server.guard import Refusal
from voxlogica_server.neighbours import neighbours
from voxlogica_server.requests.places import Place, place_at
from voxlogica_server.session import Session


async def prepare(
    session: Session, params: types.PrepareRenameParams
) -> types.PrepareRenamePlaceholder:
    """Return the name at a position, if it may be changed."""
    where, offset = await place_at(session, params)
    found = renamable(where.analysis, offset)
    if isinstance(found, Refused):
        raise Refusal(found.reason)
    return types.PrepareRenamePlaceholder(where.range(found.span), found.target.name)


async def renamed(session: Session, params: types.RenameParams) -> types.WorkspaceEdit:
    """Return the edits that give the name at a position another one."""
    where, offset = await place_at(session, params)
    found = renamable(where.analysis, offset)
    if isinstance(found, Refused):
        raise Refusal(found.reason)
    changes: list[tuple[Place, list[types.TextEdit]]] = []
    for place, target in await neighbours(where, found.target):
        edits = await _edits(place, target, params.new_name)
        if isinstance(edits, Refused):
            raise Refusal(edits.reason)
        if edits:
            changes.append((place, place.edits(edits)))
    for place, _ in changes:
        place.check()
    return _edit(session, changes)


async def _edits(where: Place, target: Definition, name: str) -> Sequence[Edit] | Refused:
    """Return the edits of one file; those that need a look at the result wait for an analysis."""
    if target.path is not None:
        return rename_abroad(where.analysis, target, name)
    looked = rename(where.analysis, target, name)
    if not isinstance(looked, Unsure):
        return looked
    found = where.session.find(where.document.uri)
    before, unsure = where.analysis, looked
    return await where.session.tried(
        found, unsure.text, lambda analysed: judged(before, unsure, analysed)
    )


def _edit(
    session: Session, changes: Sequence[tuple[Place, list[types.TextEdit]]]
) -> types.WorkspaceEdit:
    """Return edits of several documents, with their versions where the client can take them."""
    workspace = session.settings.client.workspace
    if workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes:
        return types.WorkspaceEdit(
            document_changes=[
                types.TextDocumentEdit(
                    types.OptionalVersionedTextDocumentIdentifier(
                        place.document.uri, place.document.version if place.is_open else None
                    ),
                    [*edits],
                )
                for place, edits in changes
            ]
        )
    return types.WorkspaceEdit(changes={place.document.uri: edits for place, edits in changes})
