"""The server's end of the runner: starts it, sends runs, hears how they go, ends it.

Started from the server's main thread, which lasts as long as the server: the runner dies when the
thread that started it ends. A runner that has died is started anew by the next run.
"""

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Callable, Sequence
from contextlib import suppress
from dataclasses import dataclass, field
from itertools import count
from pathlib import Path

from voxlogica_core.errors import EngineError
from voxlogica_core.ide.choice import Part
from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_core.system import end_group
from voxlogica_server.runner.handshake import hello
from voxlogica_server.runner.messages import (
    LENGTH,
    Broken,
    Cancel,
    Ended,
    Message,
    MessageError,
    Progress,
    Ready,
    Refused,
    Start,
    decoded,
    encoded,
    length_of,
)
from voxlogica_server.runner.tally import Tally

RUNNER = (sys.executable, "-P", "-m", "voxlogica_server.runner.process")
PATIENCE = 1.0
"""Seconds that a kernel may go on after its run was cancelled."""

_LOG = logging.getLogger(__name__)


@dataclass(frozen=True, slots=True)
class Crashed:
    """The runner ended in the middle of a run; these nodes may be why."""

    suspects: tuple[NodeId, ...]


@dataclass(frozen=True, slots=True)
class Stopped:
    """The run was cancelled, and there was no waiting for what ran."""


Ending = Ended | Broken | Crashed | Stopped


class _Again:
    """The runner was ended because of another run: this one begins again."""


@dataclass(slots=True, eq=False)
class Order:
    """A run that is asked for.

    Parameters
    ----------
    text, path
        The program as it stands, and its file if it has one.
    folder
        Where the user works.
    tell
        Called whenever something happened.
    dialect
        What the program is written in if it does not state it.
    part
        What of the text is asked for; None: all its goals.
    """

    text: str
    path: str | None
    folder: Path
    tell: Callable[[Tally], None]
    dialect: Dialect | None = None
    part: Part | None = None
    tally: Tally = field(default_factory=Tally)
    ending: "asyncio.Future[Ending | _Again] | None" = None
    number: int = 0

    def end(self, ending: "Ending | _Again") -> None:
        """Tell who waits how it ended, unless that is known."""
        if self.ending is not None and not self.ending.done():
            self.ending.set_result(ending)

    @property
    def is_open(self) -> bool:
        """Whether somebody waits for its end."""
        return self.ending is not None and not self.ending.done()


@dataclass(slots=True, eq=False)
class _Connection:
    process: "subprocess.Popen[bytes]"
    reader: asyncio.StreamReader
    writer: asyncio.StreamWriter
    is_ended_by_us: bool = False


class RunnerClient:
    """Runs programs in another process.

    Parameters
    ----------
    store
        Folder of the store.
    command
        Starts a runner, given a descriptor and the id of this process as two more words.
    """

    def __init__(self, store: Path, command: Sequence[str] = RUNNER) -> None:
        self._store = store
        self._command = command
        self._numbers = count(1)
        self._orders: dict[int, Order] = {}
        self._connecting: asyncio.Task[_Connection] | None = None
        self._process: subprocess.Popen[bytes] | None = None
        self._tasks: set[asyncio.Task[None]] = set()

    @property
    def process_id(self) -> int | None:
        """The runner's process, None when there is none."""
        return self._process.pid if self._process else None

    @property
    def is_busy(self) -> bool:
        """Whether a run has not ended yet, somebody waiting for it or not."""
        return bool(self._orders)

    async def run(self, order: Order, catalogue: Catalogue) -> Ending:
        """Run a program and return how that ended.

        Raises
        ------
        EngineError
            The runner cannot be started, or refuses.
        """
        order.number = next(self._numbers)
        while isinstance(ending := await self._carried_out(order, catalogue), _Again):
            order.tally = Tally()
        return ending

    def cancel(self, order: Order, *, patience: float | None = PATIENCE) -> None:
        """Drop what a run has not begun.

        Parameters
        ----------
        patience
            If it still computes after so many seconds, its process is ended; None: never.
        """
        connection = self._connection()
        if connection is None:
            order.end(Stopped())
        elif order.is_open:
            connection.writer.write(encoded(Cancel(order.number)))
            if patience is not None:
                self._keep(asyncio.create_task(self._stop_late(order, connection, patience)))

    def end(self) -> None:
        """Kill the runner; everything that was recorded stays."""
        if self._process is not None:
            _reap(self._process)
            self._process = None

    async def _carried_out(self, order: Order, catalogue: Catalogue) -> Ending | _Again:
        """Have an order carried out; it is known until it has ended, whoever waits for that."""
        ending: asyncio.Future[Ending | _Again] = asyncio.get_running_loop().create_future()
        order.ending = ending
        self._orders[order.number] = order
        ending.add_done_callback(lambda _: self._orders.pop(order.number, None))
        try:
            connection = await self._connected(catalogue)
        except EngineError:
            ending.cancel()
            raise
        if order.is_open:
            connection.writer.write(encoded(_start(order)))
        return await asyncio.shield(ending)

    async def _stop_late(self, order: Order, connection: _Connection, patience: float) -> None:
        await asyncio.sleep(patience)
        if not order.is_open:
            return
        order.end(Stopped())
        if order.tally.running:
            connection.is_ended_by_us = True
            end_group(connection.process.pid)

    def _connection(self) -> _Connection | None:
        task = self._connecting
        return task.result() if task and task.done() and not task.exception() else None

    async def _connected(self, catalogue: Catalogue) -> _Connection:
        if self._connecting is None:
            self._connecting = asyncio.create_task(self._connect(catalogue))
        task = self._connecting
        try:
            return await asyncio.shield(task)
        except EngineError:
            if self._connecting is task:
                self._connecting = None
            raise

    async def _connect(self, catalogue: Catalogue) -> _Connection:
        ours, theirs = socket.socketpair()
        with theirs:
            process = _started(self._command, theirs)
        self._process = process
        reader, writer = await asyncio.open_connection(sock=ours)
        connection = _Connection(process, reader, writer)
        writer.write(encoded(hello(catalogue, self._store)))
        answer = await _heard(reader)
        if isinstance(answer, Ready):
            self._keep(asyncio.create_task(self._listen(connection)))
            return connection
        writer.close()
        self.end()
        if isinstance(answer, Refused):
            raise EngineError(answer.message)
        raise EngineError(
            f"a runner was wanted, but {sys.executable} ended before it was ready; is voxlogica "
            "with SimpleITK and Dask installed there? Its messages are in the log of the editor"
        )

    async def _listen(self, connection: _Connection) -> None:
        while (message := await _heard(connection.reader)) is not None:
            match message:
                case Progress(run) if order := self._orders.get(run):
                    order.tally.add(message)
                    order.tell(order.tally)
                case Ended(run) | Broken(run) if order := self._orders.get(run):
                    order.end(message)
                case _:
                    pass  # of a run that nobody waits for any more
        self._lose(connection)

    def _lose(self, connection: _Connection) -> None:
        """Note that the runner is gone, and tell who waited for it."""
        code = _reap(connection.process)
        connection.writer.close()
        if self._process is connection.process:
            self._process, self._connecting = None, None
        _LOG.log(
            logging.INFO if connection.is_ended_by_us else logging.WARNING,
            "the runner has ended with %s",
            code,
        )
        for order in list(self._orders.values()):
            crashed = Crashed(tuple(order.tally.suspects))
            order.end(_Again() if connection.is_ended_by_us else crashed)

    def _keep(self, task: "asyncio.Task[None]") -> None:
        """Hold a task until it is done; the loop would let it go."""
        self._tasks.add(task)
        task.add_done_callback(self._tasks.discard)


def _start(order: Order) -> Start:
    folder = str(order.folder)
    return Start(order.number, order.text, order.path, folder, order.dialect, order.part)


def _reap(process: "subprocess.Popen[bytes]") -> int | None:
    end_group(process.pid)
    with suppress(subprocess.TimeoutExpired):
        return process.wait(timeout=1.0)
    return None


def _started(command: Sequence[str], end: socket.socket) -> "subprocess.Popen[bytes]":
    """Start a runner that holds one end of a connection, in a process group of its own."""
    descriptor = end.fileno()
    return subprocess.Popen(
        [*command, str(descriptor), str(os.getpid())],
        stdin=subprocess.DEVNULL,
        pass_fds=[descriptor],
        start_new_session=True,
    )


async def _heard(reader: asyncio.StreamReader) -> Message | None:
    """Return the next message, None when there will be no more."""
    try:
        head = await reader.readexactly(LENGTH.size)
        return decoded(await reader.readexactly(length_of(head)))
    except (asyncio.IncompleteReadError, OSError):
        return None
    except MessageError as error:
        _LOG.warning("the runner is not understood: %s", error)
        return None
