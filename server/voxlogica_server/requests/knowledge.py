"""Commands that tell what is known of values: as data, the reason, the price. They run nothing."""

from dataclasses import asdict

from lsprotocol import types

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.estimate import estimate
from voxlogica_core.ide.known import known_at, node_of
from voxlogica_core.ide.why import MOST
from voxlogica_core.ide.why import why as asked
from voxlogica_core.plan.node import NodeId
from voxlogica_server.convert import location_of
from voxlogica_server.requests.arguments import document_of, position_in
from voxlogica_server.runs import Runs
from voxlogica_server.session import Open, Session


async def show(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Return what a hover knows as data, null where no value stands."""
    del runs
    position = position_in(params)
    found, analysis = await session.analysed(document_of(params))
    offset, activity = found.document.offset(position), found.activity
    store = session.reading.store
    return await session.reading.ask(lambda: known_at(analysis, offset, store, activity))


async def cost(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Return how many nodes a run would compute and reuse, and how long that should take."""
    del runs
    _, analysis = await session.analysed(document_of(params))
    store, primitives = session.reading.store, session.analyst.catalogue.primitives
    return asdict(await session.reading.ask(lambda: estimate(analysis.plan, store, primitives)))


async def why(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Return why the value at a position is at hand or not, and what is to do for it."""
    del runs
    position = position_in(params)
    found, analysis = await session.analysed(document_of(params))
    node = node_of(analysis, found.document.offset(position))
    if node is None:
        return None
    store, activity = session.reading.store, found.activity
    reason = await session.reading.ask(lambda: asked(analysis, node, store, activity))
    return {
        "node": reason.node,
        "status": reason.status,
        "reason": reason.reason,
        "count": len(reason.missing),
        "missing": [_told(session, found, analysis, name) for name in reason.missing[:MOST]],
    }


def _told(session: Session, found: Open, analysis: Analysis, node: NodeId) -> object:
    """Return a node and where it was written first, null where that cannot be said."""
    place = analysis.plan.places.get(node)
    location = place and location_of(
        place.path, place.span, found.document, session.analyst.text_of
    )
    return {"node": node, "location": location}
