"""The host of a detached run: it has no terminal and no editor, and ends when the run has ended.

Started as ``python -m voxlogica_server.runner.detached`` with the order as one line of JSON; says
the id of the run as another. From then on it answers on a socket: whoever says ``watch`` hears how
the run goes and how it ended, whoever says ``cancel`` cancels it.
"""

import asyncio
import json
import logging
import os
import signal
import sys
import time
from collections.abc import Mapping
from dataclasses import dataclass, field
from pathlib import Path
from typing import cast

from platformdirs import user_log_dir

from voxlogica_core.engine.detached import LARGEST, PROTOCOL, Note, Notes, line_of
from voxlogica_core.errors import EngineError, UsageError, VoxLogicaError
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.system import is_own_peer, leave_parent
from voxlogica_server.log import start_log
from voxlogica_server.runner.client import RunnerClient
from voxlogica_server.runner.messages import Broken, Ended, MessageError, Start, decoded
from voxlogica_server.runner.order import Ending, Order, Stopped
from voxlogica_server.runner.tally import Tally

_SELDOM = 0.25  # seconds between two messages
_LOG = logging.getLogger(__name__)


@dataclass(slots=True)
class Host:
    """One detached run, and who watches it."""

    runner: RunnerClient
    order: Order
    watchers: set[asyncio.StreamWriter] = field(default_factory=set[asyncio.StreamWriter])
    timer: asyncio.TimerHandle | None = None

    def tell(self, tally: Tally) -> None:
        """Say how far the run is: soon, and four times a second at most."""
        del tally
        if self.timer is None:
            self.timer = asyncio.get_running_loop().call_later(_SELDOM, self._tell)

    def say(self, fields: Mapping[str, object]) -> None:
        """Say something to all who watch; who does not listen is let go of."""
        line = line_of(fields)
        for watcher in list(self.watchers):
            if watcher.transport.get_write_buffer_size() > LARGEST:
                watcher.transport.abort()
            watcher.write(line)

    async def serve(self, reader: asyncio.StreamReader, writer: asyncio.StreamWriter) -> None:
        """Serve one who has called."""
        if not is_own_peer(writer.get_extra_info("socket")):
            writer.close()
            return
        try:
            while said := await reader.readline():
                self._obey(said.strip(), writer)
        except (ValueError, OSError) as error:
            _LOG.info("somebody who called is let go of: %s", error)
        finally:
            self.watchers.discard(writer)
            writer.close()

    def _obey(self, said: bytes, writer: asyncio.StreamWriter) -> None:
        match said:
            case b"watch":
                self.watchers.add(writer)
                writer.write(line_of(progress_of(self.order.tally)))
            case b"cancel":
                self.runner.cancel(self.order)
            case _:
                raise ValueError("`watch` or `cancel` is wanted")

    def _tell(self) -> None:
        self.timer = None
        self.say(progress_of(self.order.tally))


def progress_of(tally: Tally) -> dict[str, object]:
    """Return how far a run is."""
    return {
        "said": "progress",
        "message": tally.message,
        "fraction": tally.fraction,
        "queued": list(tally.queued),
        "running": list(tally.running),
        "foremost": tally.foremost,
    }


def ended_of(ending: Ending | EngineError, order: Order) -> dict[str, object]:
    """Return how a run ended: the object of ``run --json``, and the reasons by node."""
    tally = order.tally
    told: dict[str, object] = {"crashes": tally.crashes, "restarted": tally.restarted}
    match ending:
        case Ended(result=result, failed=failed, blocked=blocked):
            return {"result": {**result, **told}, "failed": dict(failed), "blocked": list(blocked)}
        case Broken(message=message) | EngineError(args=(str(message),)):
            outcome = "refused"
        case Stopped():
            message, outcome = "the run was cancelled; what it had done is kept", "cancelled"
        case _:
            message, outcome = "the process that computed could not be kept alive", "failed"
    counts = {"computed": tally.finished - tally.reused, "reused": tally.reused}
    unfinished = {
        "version": 1,
        "goals": [],
        "nodes": {**counts, "rematerialised": 0, "failed": 0, "blocked": 0},
        "diagnostics": [],
        "seconds": round(time.monotonic() - tally.begun, 6),
        "outcome": outcome,
        "message": message,
    }
    return {"result": {**unfinished, **told}, "failed": {}, "blocked": []}


async def hosted(said: Mapping[str, object]) -> None:
    """Carry out one order."""
    start, store = _start_of(said), Path(str(said["store"]))
    threads, memory = (cast("int | None", said.get(name)) for name in ("threads", "memory"))
    runner = RunnerClient(store, threads=threads, memory=memory)
    order = Order(
        start.text,
        start.path,
        Path(start.folder),
        lambda tally: host.tell(tally),
        start.dialect,
        start.part,
        start.texts,
        start.settings,
    )
    host = Host(runner, order)
    notes = Notes(store)
    note = notes.begin(start.path)
    path = notes.address(note)
    server = await asyncio.start_unix_server(host.serve, path, limit=1000)
    path.chmod(0o600)
    try:
        _let_go(note)
        try:
            ending: Ending | EngineError = await runner.run(order, read_catalogue())
        except EngineError as error:
            ending = error
        end = ended_of(ending, order)
        notes.end(note, cast("Mapping[str, object]", end["result"]))
        host.say({"said": "ended", **end})
        for watcher in list(host.watchers):
            await _drained(watcher)
    finally:
        path.unlink(missing_ok=True)
        server.close()
        runner.end()


async def _drained(watcher: asyncio.StreamWriter) -> None:
    """Wait until one who watches has heard everything, or has gone."""
    try:
        async with asyncio.timeout(_SELDOM * 20):
            await watcher.drain()
            watcher.close()
            await watcher.wait_closed()
    except (OSError, TimeoutError) as error:
        _LOG.info("somebody who watched has gone: %s", error)


def _start_of(said: Mapping[str, object]) -> Start:
    if said.get("protocol") != PROTOCOL:
        raise UsageError("voxlogica has changed since this program was started: start it again")
    found = decoded(json.dumps({"sight": None, **said, "type": "Start", "run": 0}).encode())
    if not isinstance(found, Start):
        raise UsageError("an order is wanted")
    return found


def _let_go(note: Note) -> None:
    """Say the id, and have nothing more to do with who started this."""
    sys.stdout.write(json.dumps({"id": note.id}) + "\n")
    sys.stdout.flush()
    nothing = os.open(os.devnull, os.O_RDWR)
    for stream in (0, 1, 2):
        os.dup2(nothing, stream)
    os.close(nothing)


def main() -> None:
    """Host the run whose order comes on standard input."""
    signal.signal(signal.SIGHUP, signal.SIG_IGN)
    order = sys.stdin.readline()
    leave_parent()
    start_log(Path(user_log_dir("voxlogica", appauthor=False)))
    try:
        asyncio.run(hosted(json.loads(order)))
    except (VoxLogicaError, MessageError, ValueError, KeyError) as error:
        sys.stderr.write(f"{error}\n")
        sys.exit(1)


if __name__ == "__main__":
    main()
