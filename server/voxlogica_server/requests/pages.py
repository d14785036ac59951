"""Virtual documents: the text of generated pages, and the commands that give or open them."""

import asyncio
from typing import Literal, get_args
from urllib.parse import quote, unquote, urlsplit

from lsprotocol import types

from voxlogica_core.errors import UsageError
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.forecast.why import why
from voxlogica_core.ide.pages.node_pages import node_page, plan_page, why_page
from voxlogica_core.ide.status.known import node_of
from voxlogica_core.ide.status.worth import node_called
from voxlogica_core.plan.node import Node, NodeId
from voxlogica_server.convert import LONGEST_URI, uri_of
from voxlogica_server.guard import Refusal
from voxlogica_server.pages import SCHEME, page, written
from voxlogica_server.requests.arguments import document_of, position_in
from voxlogica_server.session import Open, Session

Topic = Literal["node", "why", "plan"]
_GONE = """# No longer in the program

The program was edited, and nothing in it means this value any more. If it is written again, or the
edit is undone, this page says what it said.
"""
SCHEMES = (SCHEME, *(f"imgql-{topic}" for topic in get_args(Topic)))


async def content(
    session: Session, params: types.TextDocumentContentParams
) -> types.TextDocumentContentResult:
    """Return the text of a page by its URI."""
    return types.TextDocumentContentResult(await text_of(session, params.uri))


async def text_of(session: Session, uri: str) -> str:
    """Return the text of a page by its URI.

    Raises
    ------
    UsageError
        There is no such page.
    """
    if len(uri) > LONGEST_URI:
        raise UsageError(f"a name of {len(uri)} characters came: no page has one")
    parts = urlsplit(uri)
    topic = parts.scheme.removeprefix("imgql-")
    if parts.scheme == SCHEME:
        text = page(uri, session.analyst.catalogue_of)
    elif parts.scheme in SCHEMES:
        found, analysis = await session.analysed(unquote(parts.query))
        name = unquote(parts.path).removesuffix(".md")
        node = _node(analysis, name.replace("-", "/").rpartition("/")[2])
        text = await _text(session, topic, found, analysis, node) if node else None
        if text is not None:
            session.note_page(uri)
        elif uri in session.given_pages:
            text = _GONE
    else:
        text = None
    if text is None:
        raise UsageError(f"a page of {', '.join(SCHEMES)} is wanted, there is none called {uri}")
    return text


async def page_at(session: Session, params: types.ExecuteCommandParams) -> tuple[str, str]:
    """Return URI and text of the page about the value at a position.

    Raises
    ------
    Refusal
        No value stands there: who asked for a page would see nothing, and wonder.
    """
    document, position = document_of(params), position_in(params)
    topic = [*(params.arguments or ()), "node"][2]
    if topic not in get_args(Topic):
        raise UsageError(f"a page about node, why or plan is wanted, {topic!r} came")
    found, analysis = await session.analysed(document)
    node = node_of(analysis, found.document.offset(position))
    if node is None:
        raise Refusal("no value stands here: pages are about names, calls and numbers")
    # The last part is the title of a tab: short, and saying what the page is about.
    uri = f"imgql-{topic}:/{topic}-{node.id[:12]}.md?{quote(document, safe='')}"
    return uri, await _text(session, str(topic), found, analysis, node)


async def show_page(session: Session, params: types.ExecuteCommandParams) -> str | None:
    """Open the page about a value in the editor, or return its text where that cannot be."""
    uri, text = await page_at(session, params)
    client = session.settings.client
    opening = client.window and client.window.show_document
    if not (opening and opening.support):
        return text
    if not (client.workspace and client.workspace.text_document_content):
        parts = urlsplit(uri)
        name = parts.path.strip("/").removesuffix(".md")
        uri = uri_of(str(await asyncio.to_thread(written, name, text)))
    wanted = types.ShowDocumentParams(uri, external=False, take_focus=True)
    await session.client.send_request_async(types.WINDOW_SHOW_DOCUMENT, wanted)
    return None


async def _text(session: Session, topic: str, found: Open, analysis: Analysis, node: Node) -> str:
    reading, catalogue, activity = session.reading, analysis.catalogue, found.activity
    store = reading.store

    def told() -> str:
        match topic:
            case "why":
                runs = reading.past.runs(analysis.source.path or "")
                reason = why(analysis, node, store, activity, runs, catalogue)
                return why_page(analysis, reason, store)
            case "plan":
                return plan_page(analysis, node, store, activity)
            case _:
                return node_page(analysis, node, store, activity)

    return await reading.ask(told)


def _node(analysis: Analysis, name: str) -> Node | None:
    """Return a node by its id, or by the beginning of it."""
    if (node := node_called(analysis, NodeId(name))) is not None or len(name) < 8:
        return node
    every = (*analysis.plan.nodes, *analysis.nodes)
    return next((node_called(analysis, n) for n in every if n.startswith(name)), None)
