"""Language servers without a start of Python each: forks of a process that has imported everything.

A test that is about starting, about the processes there are or about what is imported wants a
process of its own: `Wire`.
"""

import atexit
import json
import os
import select
import signal
import socket
import subprocess
import sys
from collections.abc import Mapping, Sequence
from contextlib import suppress
from functools import cache
from typing import IO

from tests.support.processes import PATIENCE

_LARGEST = 1 << 18  # bytes of a request: an environment


class Forked:
    """A process of the nursery, as `subprocess.Popen` shows one."""

    def __init__(self, pid: int, status: int, stdin: IO[bytes], stdout: IO[bytes]) -> None:
        self.pid = pid
        self.stdin = stdin
        self.stdout = stdout
        self.returncode: int | None = None
        self._status = status

    def wait(self, timeout: float | None = None) -> int:
        """Return the exit code; `subprocess.TimeoutExpired` if there is none in time."""
        if self.returncode is None:
            if not select.select([self._status], [], [], timeout)[0]:
                raise subprocess.TimeoutExpired("a forked server", timeout or 0.0)
            told = os.read(self._status, 100)
            os.close(self._status)
            self.returncode = int(told) if told else -signal.SIGKILL
        return self.returncode

    def kill(self) -> None:
        """Kill it, if it is still there."""
        if self.returncode is None and not select.select([self._status], [], [], 0)[0]:
            os.kill(self.pid, signal.SIGKILL)


class Nursery:
    """The process that has imported everything, and how to have it fork."""

    def __init__(self, path: str) -> None:
        self._socket, other = socket.socketpair(socket.AF_UNIX, socket.SOCK_SEQPACKET)
        with other:
            command = [sys.executable, "-m", "tests.support.nursery", str(other.fileno())]
            environment = {**os.environ, "PYTHONPATH": path}
            self._process = subprocess.Popen(command, pass_fds=[other.fileno()], env=environment)

    def server(self, environment: Mapping[str, str]) -> Forked:
        """Return a new language server."""
        (its_in, stdin), (stdout, its_out), (status, its_status) = (os.pipe() for _ in range(3))
        asked = json.dumps(dict(environment)).encode()
        socket.send_fds(self._socket, [asked], [its_in, its_out, 2, its_status])
        for descriptor in (its_in, its_out, its_status):
            os.close(descriptor)
        pid = int(self._socket.recv(100))
        return Forked(pid, status, os.fdopen(stdin, "wb"), os.fdopen(stdout, "rb"))

    def end(self) -> None:
        """End the process; its children end with their streams."""
        self._socket.close()
        self._process.wait(PATIENCE)


@cache
def nursery(path: str) -> Nursery:
    """Return the one nursery whose modules are found along `path`."""
    found = Nursery(path)
    atexit.register(found.end)
    return found


def main(asked: socket.socket) -> None:
    """Fork for whoever asks, and tell how the children ended, until nobody is there to ask."""
    # Half a second, of the nursery alone; an analysis reads the grammar and the library.
    from tests.support.programs import analysed  # noqa: PLC0415
    from voxlogica_server.__main__ import main as serve  # noqa: PLC0415
    from voxlogica_server.server import Server  # noqa: PLC0415

    analysed("let a = -1 + 1")
    ended, woken = os.pipe()
    os.set_blocking(woken, False)
    signal.signal(signal.SIGCHLD, lambda number, frame: None)
    signal.set_wakeup_fd(woken)
    children: dict[int, int] = {}
    while True:
        ready = select.select([asked, ended], [], [])[0]
        if ended in ready:
            os.read(ended, 1000)
            _tell_ended(children)
        if asked in ready:
            content, descriptors, _, _ = socket.recv_fds(asked, _LARGEST, 4)
            if not content:
                return
            if (pid := os.fork()) == 0:
                _become(json.loads(content), descriptors, asked)
                serve(Server)
            for descriptor in descriptors[:3]:
                os.close(descriptor)
            children[pid] = descriptors[3]
            asked.send(str(pid).encode())


def _tell_ended(children: dict[int, int]) -> None:
    for pid in list(children):
        found, status = os.waitpid(pid, os.WNOHANG)
        if found:
            descriptor = children.pop(pid)
            with suppress(BrokenPipeError):  # perhaps nobody waits for it
                os.write(descriptor, str(os.waitstatus_to_exitcode(status)).encode())
            os.close(descriptor)


def _become(
    environment: Mapping[str, str], descriptors: Sequence[int], asked: socket.socket
) -> None:
    """Turn a child into what a new process would be."""
    signal.set_wakeup_fd(-1)
    signal.signal(signal.SIGCHLD, signal.SIG_DFL)
    asked.close()
    for wanted, descriptor in enumerate(descriptors[:3]):
        os.dup2(descriptor, wanted)
    for descriptor in descriptors:
        os.close(descriptor)
    os.environ.clear()
    os.environ.update(environment)
    sys.argv = ["voxlogica-lsp"]


if __name__ == "__main__":
    main(socket.socket(fileno=int(sys.argv[1])))
