"""Detached runs of open documents: begun, found again when a document is opened, followed.

They have processes of their own and go on without this one; here is only what is shown of them.
"""

import asyncio
import json
import logging
from collections.abc import Callable, Mapping
from dataclasses import asdict, dataclass
from typing import cast

from lsprotocol import types

from voxlogica_core.engine.detached import LARGEST, PROTOCOL, Note, Notes, start
from voxlogica_core.errors import EngineError, VoxLogicaError
from voxlogica_core.ide.status.status import Activity
from voxlogica_core.plan.node import NodeId
from voxlogica_core.system import is_own_peer
from voxlogica_server.convert import path_of
from voxlogica_server.progress import Shown, names_of, naming, new_token
from voxlogica_server.runner.messages import Start
from voxlogica_server.session import Client, Open, Session

Fields = Mapping[str, object]
_LOG = logging.getLogger(__name__)


@dataclass(slots=True, eq=False)
class Attached:
    """A detached run that is followed."""

    note: Note
    shown: Shown
    writer: asyncio.StreamWriter


class DetachedRuns:
    """The detached runs of one session.

    Parameters
    ----------
    runs_here
        Says whether a document has a run that is not detached: then that is what is shown.
    """

    def __init__(self, session: Session, client: Client, runs_here: Callable[[str], bool]) -> None:
        self._session = session
        self._client = client
        self._runs_here = runs_here
        self._notes = Notes(session.settings.store)
        self._attached: dict[str, Attached] = {}
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def is_any(self) -> bool:
        """Whether a detached run is followed."""
        return bool(self._attached)

    async def begin(self, uri: str, order: Start, token: types.ProgressToken | None) -> Fields:
        """Begin a run and follow it to its end; return the object of ``run --json``."""
        store = str(self._session.settings.store)
        said = {"protocol": PROTOCOL, "store": store, **asdict(order)}
        name = await asyncio.to_thread(start, said)
        note = await asyncio.to_thread(self._notes.find, name)
        ended = await self._followed(uri, note, token)
        if ended is None:  # so quick that there was nothing to follow, or killed
            ended = (await asyncio.to_thread(self._notes.find, name)).result
        if ended is None:
            raise EngineError(f"the detached run {name} was killed; what it had done is kept")
        return {**ended, "detached": name}

    def look(self, uri: str) -> None:
        """Follow the runs of a document that were begun earlier, here or elsewhere."""
        task = asyncio.create_task(self._look(uri))
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)

    def cancel(self, uri: str) -> bool:
        """Cancel the detached run of a document; return whether there is one."""
        attached = self._attached.get(uri)
        if attached is not None:
            attached.writer.write(b"cancel\n")
        return attached is not None

    def cancel_shown(self, token: types.ProgressToken) -> None:
        """Cancel the run that a progress belongs to."""
        for uri, attached in self._attached.items():
            if attached.shown.token == token:
                self.cancel(uri)

    def end(self) -> None:
        """Follow nothing more; the runs go on."""
        for task in self._tasks:
            task.cancel()
        for attached in self._attached.values():
            attached.writer.close()

    async def _look(self, uri: str) -> None:
        path = path_of(uri)
        if path is None or uri in self._attached:
            return
        try:
            for note in await asyncio.to_thread(self._running, path):
                await self._followed(uri, note, None)
        except (VoxLogicaError, OSError) as error:
            _LOG.warning("a detached run of %s cannot be followed: %s", path, error)

    def _running(self, path: str) -> list[Note]:
        own = [note for note in self._notes.all() if note.program == path]
        return [note for note in own if self._notes.state(note) == "running"]

    async def _followed(
        self, uri: str, note: Note, token: types.ProgressToken | None
    ) -> Fields | None:
        """Show a run until it has ended; return its result, None if it does not answer."""
        try:
            address = str(self._notes.address(note))
            reader, writer = await asyncio.open_unix_connection(address, limit=LARGEST)
        except OSError:
            return None
        if not is_own_peer(writer.get_extra_info("socket")):
            raise EngineError(f"the run {note.id} belongs to somebody else")
        if token is None and self._session.settings.shows_progress:
            token = await new_token(self._client)
        attached = self._attached[uri] = Attached(note, Shown(self._client, token), writer)
        attached.shown.begin(f"Running detached ({note.id})")
        writer.write(b"watch\n")
        try:
            while line := await reader.readline():
                said = cast("dict[str, object]", json.loads(line))
                if said.get("said") == "ended":
                    self._show(uri, _activity_after(said), is_over=True)
                    return cast("Fields", said["result"])
                self._progress(uri, attached, said)
            return None
        finally:
            attached.shown.end()
            writer.close()
            if self._attached.get(uri) is attached:
                del self._attached[uri]

    def _progress(self, uri: str, attached: Attached, said: Fields) -> None:
        match said:
            case {
                "message": str(message),
                "fraction": int() | float() as fraction,
                "queued": list(queued),
                "running": list(running),
                "foremost": list(foremost),
            }:
                found = self._find(uri)
                names = names_of(found.latest.plan) if found and found.latest else {}
                attached.shown.report(naming(message, map(str, foremost), names), fraction)
                self._show(uri, Activity(_nodes(queued), _nodes(running)))
            case _:
                _LOG.warning("a detached run said something that is not understood")

    def _show(self, uri: str, activity: Activity, *, is_over: bool = False) -> None:
        found = self._find(uri)
        if found is not None and not self._runs_here(uri):
            found.activity = activity
            if is_over:
                self._session.show_again(found)

    def _find(self, uri: str) -> Open | None:
        return next((each for each in self._session.opened() if each.document.uri == uri), None)


def _activity_after(said: Fields) -> Activity:
    match said:
        case {"failed": dict(failed), "blocked": list(blocked)}:
            reasons = {NodeId(str(node)): str(reason) for node, reason in failed.items()}
            return Activity(failed=reasons, blocked=_nodes(blocked))
        case _:
            return Activity()


def _nodes(names: list[object]) -> frozenset[NodeId]:
    return frozenset(NodeId(str(name)) for name in names)
