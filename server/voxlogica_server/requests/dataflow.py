"""Call hierarchy as dataflow: what uses a value, and what it is made from."""

from collections.abc import Sequence
from dataclasses import replace

from lsprotocol import types

from voxlogica_core.ide.navigation.dataflow import Elsewhere, declared, needs, step_at, users
from voxlogica_core.ide.navigation.occurrences import bound_at
from voxlogica_core.ide.navigation.symbols import Symbol
from voxlogica_core.plan.reduction.meaning import Definition
from voxlogica_core.text.span import Span
from voxlogica_server.convert import path_of
from voxlogica_server.neighbours import neighbours, program_at
from voxlogica_server.requests.places import Place, place_at
from voxlogica_server.requests.structure import KINDS
from voxlogica_server.session import Session


async def prepare(
    session: Session, params: types.CallHierarchyPrepareParams
) -> list[types.CallHierarchyItem] | None:
    """Return the declaration or goal at a position."""
    where, offset = await place_at(session, params)
    match step_at(where.analysis, offset):
        case Symbol() as step:
            return [_item(step, where)]
        case Definition() as definition:
            item = await _elsewhere(session, definition)
            return [item] if item else None
        case None:
            return None


async def incoming(
    session: Session, params: types.CallHierarchyIncomingCallsParams
) -> list[types.CallHierarchyIncomingCall]:
    """Return what uses a value, in the files that import its own too."""
    where, offset = await _of(session, params.item)
    name = where and bound_at(where.analysis, offset)
    if where is None or name is None or not isinstance(name.target, Definition):
        return []
    found: list[types.CallHierarchyIncomingCall] = []
    for other, target in await neighbours(where, name.target):
        for flow in users(other.analysis, target):
            item = _item(flow.step, other)
            found.append(types.CallHierarchyIncomingCall(item, _ranges(other, flow.spans)))
    return found


async def outgoing(
    session: Session, params: types.CallHierarchyOutgoingCallsParams
) -> list[types.CallHierarchyOutgoingCall]:
    """Return what a value is made from."""
    where, _ = await _of(session, params.item)
    if where is None:
        return []
    whole = where.span(params.item.range)
    found: list[types.CallHierarchyOutgoingCall] = []
    for flow in needs(where.analysis, whole):
        if isinstance(flow, Elsewhere):
            item = await _elsewhere(session, flow.definition)
        else:
            item = _item(flow.step, where)
        if item is not None:
            found.append(types.CallHierarchyOutgoingCall(item, _ranges(where, flow.spans)))
    return found


async def _of(session: Session, item: types.CallHierarchyItem) -> tuple[Place | None, int]:
    """Return the program of an item, and where its name stands."""
    path = path_of(item.uri)
    where = await program_at(session, item.uri, path)
    return where, where.offset(item.selection_range.start) if where else 0


async def _elsewhere(session: Session, definition: Definition) -> types.CallHierarchyItem | None:
    """Return a declaration of another file."""
    path = definition.path
    where = await program_at(session, None, path)
    step = where and declared(where.analysis, replace(definition, path=None))
    return _item(step, where) if where and step else None


def _item(step: Symbol, where: Place) -> types.CallHierarchyItem:
    return types.CallHierarchyItem(
        name=step.name,
        kind=KINDS[step.sort],
        uri=where.document.uri,
        range=where.range(step.span),
        selection_range=where.range(step.name_span),
        detail=step.detail or None,
    )


def _ranges(where: Place, spans: Sequence[Span]) -> list[types.Range]:
    return [where.range(span) for span in spans]
