"""Commands about what outlives programs: runs, detached ones too, and the store. They run nothing.

What writes to the store is done by the command line, in a process of its own: this one only reads.
"""

import asyncio
import json
import subprocess
import sys
from datetime import UTC, datetime

from lsprotocol import types

from voxlogica_core.engine.detached import Note, Notes
from voxlogica_core.errors import StoreError, UsageError
from voxlogica_core.ide.pages.stored import stored_object, stored_page
from voxlogica_core.store.inventory import Order, documents_of, entries, entry, find, totals
from voxlogica_core.store.journal import PastEntry, recent_runs
from voxlogica_core.store.locations import default_limit
from voxlogica_server.requests.arguments import document_of
from voxlogica_server.runs import Runs
from voxlogica_server.session import Session

_ORDERS: dict[str, Order] = {"used": "used", "created": "created", "size": "size"}
_MOST_RUNS = 50
_MOST_ENTRIES = 100


async def list_runs(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Return the latest runs on the store, and the detached ones with their states."""
    del runs, params
    reading = session.reading
    past = await reading.ask(lambda: recent_runs(reading.store, _MOST_RUNS))
    detached = await asyncio.to_thread(_detached, session)
    return {"version": 1, "history": [_past(run) for run in past], "detached": detached}


async def attach(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Follow the detached runs of an open document that are not followed yet."""
    uri = document_of(params)
    session.find(uri)
    runs.detached.look(uri)
    return None


async def cancel_run(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Cancel a detached run by its id; what it has done is kept."""
    del runs
    notes = Notes(session.settings.store)
    note = await asyncio.to_thread(notes.find, _word(params, "the id of a run"))
    await asyncio.to_thread(notes.cancel, note)
    return None


async def store(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Return the size of the store and its entries: by last use, or in the order that is named."""
    del runs
    named = str([*(params.arguments or ()), "used"][0])
    if named not in _ORDERS:
        raise UsageError(f"an order of {', '.join(_ORDERS)} is wanted, {named!r} came")
    reader = session.reading.store
    sums, found = await session.reading.ask(
        lambda: (totals(reader), entries(reader, order=_ORDERS[named], limit=_MOST_ENTRIES))
    )
    return {
        "version": 1,
        "folder": str(session.settings.store),
        "problem": reader.problem,
        "bytes": sum(total.size for total in sums),
        "limit": default_limit(),
        "known": sum(total.known for total in sums),
        "kept": sum(total.kept for total in sums),
        "entries": [stored_object(each) for each in found],
    }


async def stored(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Return the page, in Markdown, of a stored result by its node id."""
    del runs
    prefix, reader = _word(params, "the id of a node"), session.reading.store

    def page() -> str | None:
        node = find(reader, prefix)
        known = entry(reader, node)
        return known and stored_page(known, reader.preview(node), documents_of(reader, node))

    return await session.reading.ask(page)


async def export(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Write a stored result to a file; return what ``cache export --json`` prints."""
    del runs
    match list(params.arguments or ()):
        case [str(node), str(path)]:
            return await _by_command_line(session, "export", node, path)
        case given:
            raise UsageError(f"the id of a node and a path are wanted, {given!r} came")


async def trim(session: Session, runs: Runs, params: types.ExecuteCommandParams) -> object:
    """Remove values beyond the limit, or beyond as many bytes as are named."""
    del runs
    match list(params.arguments or ()):
        case []:
            return await _by_command_line(session, "trim")
        case [int(size)] if size >= 0:
            return await _by_command_line(session, "trim", "--to", str(size))
        case given:
            raise UsageError(f"a number of bytes is wanted, or nothing; {given!r} came")


async def clear(session: Session) -> object:
    """Forget everything that is known; return what ``cache clear --json`` prints."""
    return await _by_command_line(session, "clear", "--yes")


async def _by_command_line(session: Session, *words: str) -> object:
    folder = str(session.settings.store)
    command = ("cache", *words, "--json", "--store", folder)
    done = await asyncio.to_thread(
        subprocess.run,
        [sys.executable, "-P", "-m", "voxlogica_core", *command],
        stdin=subprocess.DEVNULL,
        capture_output=True,
        text=True,
        check=False,
    )
    if done.returncode:
        complaint = done.stderr.strip().rpartition("\n")[2]
        raise StoreError(complaint or f"`voxlogica cache {words[0]}` failed in {folder}")
    return json.loads(done.stdout)


def _detached(session: Session) -> list[dict[str, object]]:
    notes = Notes(session.settings.store)
    return [_detached_object(note, notes.state(note)) for note in notes.all()[:_MOST_RUNS]]


def _detached_object(note: Note, state: str) -> dict[str, object]:
    return {
        "id": note.id,
        "state": state,
        "program": note.program,
        "begun": _moment(note.begun),
        "ended": _moment(note.ended),
        "result": note.result,
    }


def _past(run: PastEntry) -> dict[str, object]:
    return {
        "number": run.number,
        "program": run.document or None,
        "begun": _moment(run.started),
        "ended": _moment(run.ended),
        "outcome": run.outcome,
        "failures": run.failures,
    }


def _moment(seconds: float | None) -> str | None:
    found = None if seconds is None else datetime.fromtimestamp(seconds, UTC)
    return found and found.isoformat(timespec="seconds")


def _word(params: types.ExecuteCommandParams, wanted: str) -> str:
    match list(params.arguments or ()):
        case [str(word)] if word:
            return word
        case given:
            raise UsageError(f"{wanted} is wanted, {given!r} came")
