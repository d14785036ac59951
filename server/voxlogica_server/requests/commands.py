"""The server's own commands, as `workspace/executeCommand` knows them."""

import platform
import sys
from collections.abc import Awaitable, Callable, Mapping
from importlib.metadata import PackageNotFoundError, version

from lsprotocol import types

from voxlogica_core.errors import UsageError
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.status.choice import Part, selected, to_cursor
from voxlogica_core.ide.status.foresight import inside
from voxlogica_core.ide.status.overview import Row, overview
from voxlogica_core.ide.status.status import Activity, statuses
from voxlogica_core.plan.digest import ENCODING
from voxlogica_core.plan.export import plan_object
from voxlogica_core.text.source_text import Encoding
from voxlogica_core.text.span import Span
from voxlogica_server.documents import Document
from voxlogica_server.guard import Refusal
from voxlogica_server.protocol import Ready, as_json
from voxlogica_server.requests import inventory, pages, viewing
from voxlogica_server.requests.arguments import document_of, is_detached, position_in, range_in
from voxlogica_server.requests.knowledge import cost, show, why
from voxlogica_server.runs import Runs
from voxlogica_server.session import Session

_HEAVY = ("numpy", "SimpleITK", "dask", "distributed", "numba", "scipy", "PIL")


async def execute(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Carry out a command."""
    if params.command not in COMMANDS:
        raise UsageError(f"a command of {', '.join(COMMANDS)} is wanted, {params.command} came")
    return await COMMANDS[params.command](session, runs, params)


async def run(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Run a document as it stands; answer when that has ended, as ``run --json`` does.

    With ``{"detached": true}`` after the document, it runs in a process that survives this one.
    """
    del session
    if is_detached(params):
        return await runs.run_detached(document_of(params), params.work_done_token)
    return await runs.run(document_of(params), params.work_done_token)


async def run_to_cursor(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Run the goals at or above a position, and the declaration it stands in."""
    del session
    position = position_in(params)
    return await runs.run(
        document_of(params),
        params.work_done_token,
        lambda document: to_cursor(document.offset(position)),
    )


async def run_selection(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Run the goals and declarations that a range touches."""
    del session
    start, end = range_in(params)

    def where(document: Document) -> Part:
        first, last = sorted((document.offset(start), document.offset(end)))
        return selected(Span(first, last))

    return await runs.run(document_of(params), params.work_done_token, where)


async def cancel(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Cancel the run of a document; return whether there was one."""
    del session
    return runs.cancel(document_of(params))


async def status(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Return the declarations of a document with name, range, type, node id, status and cost."""
    del runs
    found, analysis = await session.analysed(document_of(params))
    reading, activity, encoding = session.reading, found.activity, found.document.encoding

    def told() -> Ready:
        rows = overview(analysis, reading.store, activity, reading.needed(analysis))
        return as_json([_told(row, analysis, activity, encoding) for row in rows])

    return await reading.ask(told)


async def plan(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Return the plan of a document as ``voxlogica plan --json`` prints it."""
    del runs
    found, analysis = await session.analysed(document_of(params))
    whole, store = analysis.plan, session.reading.store
    within = inside(analysis, store)
    words = await session.reading.ask(
        lambda: statuses(whole, store.lookup(whole.nodes), found.activity, within)
    )
    return plan_object(whole, words)


async def doctor(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Return what there is to know about this server when something is wrong with it."""
    del params
    return {
        "version": 1,
        "voxlogica": _installed("voxlogica"),
        "python": platform.python_version(),
        "executable": sys.executable,
        "platform": platform.platform(),
        "encoding": ENCODING,
        "libraries": {name: _installed(name) for name in ("pygls", "SimpleITK", "dask", "numpy")},
        "store": {
            "folder": str(session.settings.store),
            "problem": session.reading.store.problem,
        },
        "primitives": len(session.analyst.catalogue.primitives),
        "runner": runs.runner_process,
        "heavy modules": [name for name in _HEAVY if name in sys.modules],
    }


async def open_page(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Show the page about a value: node, why or plan; return its text to who cannot show it."""
    del runs
    return await pages.show_page(session, params)


async def page(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Return the text of a page by its URI."""
    del runs
    return await pages.text_of(session, document_of(params))


async def clear_cache(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Empty the store, and return what ``cache clear --json`` prints; not during a run."""
    del params
    if runs.is_any:
        raise Refusal("a run goes on and uses the store: wait for its end or cancel it, then clear")
    return await inventory.clear(session)


Command = Callable[[Session, Runs, types.ExecuteCommandParams], Awaitable[object]]

COMMANDS: Mapping[str, Command] = {
    "imgql.server.run": run,
    "imgql.server.runToCursor": run_to_cursor,
    "imgql.server.runSelection": run_selection,
    "imgql.server.cancel": cancel,
    "imgql.server.status": status,
    "imgql.server.why": why,
    "imgql.server.cost": cost,
    "imgql.server.plan": plan,
    "imgql.server.show": show,
    "imgql.server.view": viewing.view,
    "imgql.server.viewFile": viewing.view_file,
    "imgql.server.number": viewing.number,
    "imgql.server.open": open_page,
    "imgql.server.page": page,
    "imgql.server.doctor": doctor,
    "imgql.server.clearCache": clear_cache,
    "imgql.server.runs": inventory.list_runs,
    "imgql.server.attach": inventory.attach,
    "imgql.server.cancelRun": inventory.cancel_run,
    "imgql.server.store": inventory.store,
    "imgql.server.stored": inventory.stored,
    "imgql.server.export": inventory.export,
    "imgql.server.trim": inventory.trim,
}
"""Their names differ from those of the editor extension, which are taken by the client."""


def progress_cancelled(runs: Runs, params: types.WorkDoneProgressCancelParams) -> None:
    """Cancel the run that a progress belongs to."""
    runs.cancel_shown(params.token)


def _told(
    row: Row, analysis: Analysis, activity: Activity, encoding: Encoding
) -> Mapping[str, object]:
    """Return what a list of declarations shows."""
    start, end = (
        dict(zip(("line", "character"), analysis.source.position(offset, encoding), strict=True))
        for offset in (row.span.start, row.span.end)
    )
    told: dict[str, object] = {"name": row.name, "range": {"start": start, "end": end}}
    told |= {"node": row.node, "status": row.status}
    if row.node is not None:
        told["type"] = str(analysis.nodes[row.node].kind)
        told["seconds"] = row.record.seconds if row.record else None
        told["bytes"] = row.record.nbytes if row.record else None
        told["message"] = activity.failed.get(row.node)
    return told


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
