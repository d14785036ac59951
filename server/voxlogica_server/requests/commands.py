"""The server's own commands, as `workspace/executeCommand` knows them."""

import platform
import sys
from collections.abc import Awaitable, Callable, Mapping
from importlib.metadata import PackageNotFoundError, version

from lsprotocol import types

from voxlogica_core.errors import UsageError
from voxlogica_core.ide.overview import overview
from voxlogica_core.ide.status import statuses
from voxlogica_core.plan.digest import ENCODING
from voxlogica_core.plan.export import plan_object
from voxlogica_server.convert import range_of
from voxlogica_server.runs import Runs
from voxlogica_server.session import Session

_HEAVY = ("numpy", "SimpleITK", "dask", "distributed", "numba", "scipy", "PIL")


async def execute(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Carry out a command."""
    if params.command not in COMMANDS:
        raise UsageError(f"a command of {', '.join(COMMANDS)} is wanted, {params.command} came")
    return await COMMANDS[params.command](session, runs, params)


async def run(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Run a document as it stands; answer when that has ended, as ``run --json`` does."""
    del session
    return await runs.run(document_of(params), params.work_done_token)


async def cancel(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Cancel the run of a document; return whether there was one."""
    del session
    return runs.cancel(document_of(params))


async def status(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Return the declarations of a document with name, range, node id and status."""
    del runs
    found, analysis = await session.analysed(document_of(params))
    store, activity = session.reading.store, found.activity
    rows = await session.reading.ask(lambda: overview(analysis, store, activity))
    return [
        {
            "name": row.name,
            "range": range_of(row.span, analysis.source, found.document.encoding),
            "node": row.node,
            "status": row.status,
        }
        for row in rows
    ]


async def plan(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Return the plan of a document as ``voxlogica plan --json`` prints it."""
    del runs
    found, analysis = await session.analysed(document_of(params))
    whole, store = analysis.plan, session.reading.store
    records = await session.reading.ask(lambda: store.lookup(whole.nodes))
    return plan_object(whole, statuses(whole, records, found.activity))


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


Command = Callable[[Session, Runs, types.ExecuteCommandParams], Awaitable[object]]

COMMANDS: Mapping[str, Command] = {
    "imgql.server.run": run,
    "imgql.server.cancel": cancel,
    "imgql.server.status": status,
    "imgql.server.plan": plan,
    "imgql.server.doctor": doctor,
}
"""Their names differ from those of the editor extension, which are taken by the client."""


def progress_cancelled(runs: Runs, params: types.WorkDoneProgressCancelParams) -> None:
    """Cancel the run that a progress belongs to."""
    runs.cancel_shown(params.token)


def document_of(params: types.ExecuteCommandParams) -> str:
    """Return the document a command is about, its first argument."""
    match list(params.arguments or ()):
        case [str(uri), *_]:
            return uri
        case given:
            raise UsageError(f"{params.command} wants the URI of a document, {given!r} came")


def _installed(package: str) -> str | None:
    try:
        return version(package)
    except PackageNotFoundError:
        return None
