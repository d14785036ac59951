"""Code actions: cures and changes of form, as edits of the version they were made for."""

from collections.abc import Iterable

from lsprotocol import types

from voxlogica_core.ide.actions.action import Action
from voxlogica_core.ide.actions.actions import actions as asked
from voxlogica_server.convert import diagnostics_of
from voxlogica_server.desk import VISIBLE
from voxlogica_server.requests.places import Place, place
from voxlogica_server.requests.writing import names_in
from voxlogica_server.session import Session

KINDS = types.CodeActionOptions(
    code_action_kinds=[
        types.CodeActionKind.QuickFix,
        types.CodeActionKind.RefactorExtract,
        types.CodeActionKind.RefactorInline,
        types.CodeActionKind.RefactorRewrite,
        types.CodeActionKind.SourceFixAll,
    ]
)


async def code_actions(session: Session, params: types.CodeActionParams) -> list[types.CodeAction]:
    """Return what can be done about a range."""
    where = await place(session, params)
    wanted = params.context.only
    span = where.span(params.range)
    found = await session.desk.answer(
        lambda: asked(where.analysis, span, where.activity, names_in), VISIBLE, where.check
    )
    return [_action(action, where) for action in found if _is_wanted(action, wanted)]


def _is_wanted(action: Action, wanted: Iterable[types.CodeActionKind | str] | None) -> bool:
    """Return whether an action is of a wanted kind, or of a part of one."""
    if wanted is None:
        return True
    kinds = (str(getattr(kind, "value", kind)) for kind in wanted)
    return any(f"{action.kind}.".startswith(f"{kind}.") for kind in kinds)


def _action(action: Action, where: Place) -> types.CodeAction:
    mended = diagnostics_of(action.diagnostics, where.document, where.session.analyst.text_of)
    return types.CodeAction(
        title=action.title,
        kind=action.kind,
        diagnostics=mended or None,
        is_preferred=action.is_preferred or None,
        edit=_edit(where, where.edits(action.edits)),
    )


def _edit(where: Place, edits: list[types.TextEdit]) -> types.WorkspaceEdit:
    """Return edits of the document, with its version where the client can take that."""
    workspace, document = where.session.settings.client.workspace, where.document
    if workspace and workspace.workspace_edit and workspace.workspace_edit.document_changes:
        versioned = types.OptionalVersionedTextDocumentIdentifier(document.uri, document.version)
        return types.WorkspaceEdit(document_changes=[types.TextDocumentEdit(versioned, [*edits])])
    return types.WorkspaceEdit(changes={document.uri: edits})
