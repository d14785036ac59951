"""Commands that tell what is known of values: as data, the reason, the price. They run nothing."""

from lsprotocol import types

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.forecast.reasons import node_asked, reason_object
from voxlogica_core.ide.forecast.why import why as asked
from voxlogica_core.ide.status.known import known_at, word_for
from voxlogica_core.plan.node import Node
from voxlogica_core.plan.plan import Place
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
    """Return how many nodes a run would compute and reuse, how long that takes, how large it is."""
    del runs
    _, analysis = await session.analysed(document_of(params))
    reading = session.reading
    return await reading.ask(lambda: reading.price(analysis).to_object())


async def why(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Return why the value at a position is at hand or not, and what is to do for it."""
    del runs
    position = position_in(params)
    found, analysis = await session.analysed(document_of(params))
    question = node_asked(analysis, found.document.offset(position))
    return question and await session.reading.ask(
        lambda: _reason(session, found, analysis, *question)
    )


def _reason(
    session: Session, found: Open, analysis: Analysis, title: str, node: Node
) -> dict[str, object]:
    text_of, reading, document = session.analyst.text_of, session.reading, found.document
    last = reading.past.runs(analysis.source.path or "")
    catalogue, store, activity = analysis.catalogue, reading.store, found.activity
    reason = asked(analysis, node, store, activity, last, catalogue)

    def located(place: Place) -> object:
        return location_of(place.path, place.span, document, text_of)

    word = word_for(analysis, node, store, activity)
    return reason_object(analysis, title, reason, word, located)
