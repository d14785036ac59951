"""A link to one runner process: started, greeted, heard, ended. Knows no run."""

import asyncio
import logging
import os
import socket
import subprocess
import sys
from collections.abc import Sequence
from contextlib import suppress

from voxlogica_core.engine.crashes.flight import Record, left_behind
from voxlogica_core.errors import EngineError
from voxlogica_core.plan.node import NodeId
from voxlogica_core.system import ExitCode, anonymous_file, end_group
from voxlogica_server.runner.messages import (
    LENGTH,
    Hello,
    Message,
    MessageError,
    Ready,
    Refused,
    decoded,
    encoded,
    length_of,
)

_LOG = logging.getLogger(__name__)


class Link:
    """One end of the connection to a runner; `linked` makes it.

    Parameters
    ----------
    flight
        The file in which the runner notes what it computes.
    """

    def __init__(
        self,
        process: "subprocess.Popen[bytes]",
        reader: asyncio.StreamReader,
        writer: asyncio.StreamWriter,
        flight: int,
    ) -> None:
        self._process = process
        self._reader = reader
        self._writer = writer
        self._flight = flight
        self.is_ended_by_us = False

    @property
    def process_id(self) -> int:
        """The runner's process."""
        return self._process.pid

    @property
    def computes(self) -> tuple[NodeId, ...]:
        """What it computes now, as it has noted itself: it need not have said so."""
        return tuple(aboard.node for aboard in left_behind(self._flight).aboard)

    def say(self, message: Message) -> None:
        """Send a message."""
        self._writer.write(encoded(message))

    async def hear(self) -> Message | None:
        """Return the next message, None when there will be no more."""
        return await _heard(self._reader)

    def end(self) -> None:
        """Kill the runner with all that it has started; what it has recorded stays."""
        self.is_ended_by_us = True
        end_group(self._process.pid)

    def closed(self) -> tuple[ExitCode, Record]:
        """Let go of a runner that has ended; return how, and what it was computing."""
        end_group(self._process.pid)
        self._writer.close()
        code = None
        with suppress(subprocess.TimeoutExpired):
            code = self._process.wait(timeout=1.0)
        left = left_behind(self._flight)
        os.close(self._flight)
        return ExitCode(code or 0), left


async def linked(command: Sequence[str], hello: Hello) -> Link:
    """Start a runner and return the link to it, once it is ready.

    Parameters
    ----------
    command
        Starts it, given two open files and the id of this process as three more words.

    Raises
    ------
    EngineError
        It cannot be started, or refuses.
    """
    flight = anonymous_file()
    ours, theirs = socket.socketpair()
    with theirs:
        process = _started(command, theirs, flight)
    reader, writer = await asyncio.open_connection(sock=ours)
    link = Link(process, reader, writer, flight)
    answer = None
    try:
        link.say(hello)
        answer = await link.hear()
    finally:
        if not isinstance(answer, Ready):
            link.closed()
    if isinstance(answer, Ready):
        return link
    if isinstance(answer, Refused):
        raise EngineError(answer.message)
    raise EngineError(
        f"a runner was wanted, but {sys.executable} ended before it was ready; is voxlogica "
        "with SimpleITK and Dask installed there? Its messages are in the log of the editor"
    )


def _started(command: Sequence[str], end: socket.socket, flight: int) -> "subprocess.Popen[bytes]":
    """Start a runner that holds one end of a connection, in a process group of its own."""
    descriptor = end.fileno()
    return subprocess.Popen(
        [*command, str(descriptor), str(flight), str(os.getpid())],
        stdin=subprocess.DEVNULL,
        pass_fds=[descriptor, flight],
        start_new_session=True,
    )


async def _heard(reader: asyncio.StreamReader) -> Message | None:
    try:
        head = await reader.readexactly(LENGTH.size)
        return decoded(await reader.readexactly(length_of(head)))
    except (asyncio.IncompleteReadError, OSError):
        return None
    except MessageError as error:
        _LOG.warning("the runner is not understood: %s", error)
        return None
