"""A language server at the other end of two pipes, spoken to in plain JSON."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Generator, Mapping
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from queue import Queue
from threading import Thread
from typing import Any, Self

from tests.support.nursery import Forked, nursery
from tests.support.processes import PATIENCE

ROOT = Path(__file__).parents[2]
Fields = dict[str, Any]


def environment(folder: Path) -> dict[str, str]:
    """Return an environment whose store and log are in `folder`."""
    return {
        **os.environ,
        "PYTHONPATH": os.pathsep.join([str(ROOT / "server"), str(ROOT)]),
        "VOXLOGICA_STORE": str(folder / "store"),
        "XDG_STATE_HOME": str(folder / "state"),
        "XDG_CACHE_HOME": str(folder / "cache"),
    }


@dataclass
class Wire:
    """A running server.

    Parameters
    ----------
    folder
        For the store and the log.
    command
        What Python is told to run.
    variables
        Of the environment, besides those every test has.
    python
        Runs it.
    """

    folder: Path
    command: tuple[str, ...] = ("-m", "voxlogica_server")
    variables: Mapping[str, str] = field(default_factory=dict[str, str])
    seen: list[Fields] = field(default_factory=list[Fields])
    python: str = sys.executable
    _asked: int = 0
    _held: list[bytes] | None = None

    def __enter__(self) -> Self:
        self.process = self._started({**environment(self.folder), **self.variables})
        self._came: Queue[Fields | None] = Queue()
        self._reader = Thread(target=self._read, daemon=True)
        self._reader.start()
        return self

    def __exit__(self, *error: object) -> None:
        self.process.kill()
        self.process.wait()
        self._reader.join()
        for stream in (self.process.stdin, self.process.stdout):
            if stream is not None:
                stream.close()

    def _started(self, variables: Mapping[str, str]) -> subprocess.Popen[bytes] | Forked:
        return subprocess.Popen(
            [self.python, *self.command],
            stdin=subprocess.PIPE,
            stdout=subprocess.PIPE,
            env=dict(variables),
        )

    def write(self, content: bytes) -> None:
        """Write bytes as they are."""
        if self._held is not None:
            self._held.append(content)
            return
        assert self.process.stdin is not None
        self.process.stdin.write(content)
        self.process.stdin.flush()

    @contextmanager
    def together(self) -> Generator[None]:
        """Hold back what is sent, and send it all at once: nobody can pause in between."""
        self._held = held = list[bytes]()
        try:
            yield
        finally:
            self._held = None
        self.write(b"".join(held))

    def send(self, message: Fields) -> None:
        """Send a message."""
        body = json.dumps({"jsonrpc": "2.0", **message}).encode()
        self.write(b"Content-Length: %d\r\n\r\n%s" % (len(body), body))

    def tell(self, method: str, params: object = None) -> None:
        """Send a notification."""
        self.send({"method": method, "params": params})

    def begin(self, method: str, params: object = None) -> int:
        """Send a request; return its number."""
        self._asked += 1
        self.send({"id": self._asked, "method": method, "params": params})
        return self._asked

    def ask(self, method: str, params: object = None) -> Fields:
        """Send a request; return the whole answer."""
        number = self.begin(method, params)
        return self.answer(number)

    def answer(self, number: int | str) -> Fields:
        """Return the answer to a request."""
        return self.until(lambda message: message.get("id") == number and "method" not in message)

    def until(self, wanted: Callable[[Fields], object]) -> Fields:
        """Return the next message that `wanted` says yes to."""
        while True:
            message = self._came.get(timeout=PATIENCE)
            assert message is not None, "the server has ended"
            self.seen.append(message)
            if wanted(message):
                return message

    def everything(self) -> list[Fields]:
        """Return all that came, when the server has ended."""
        while (message := self._came.get(timeout=PATIENCE)) is not None:
            self.seen.append(message)
        self._came.put(None)
        return self.seen

    def diagnostics(self, version: int | None = None) -> list[Fields]:
        """Return the next diagnostics that are published (for a version)."""
        message = self.until(
            lambda m: (
                m.get("method") == "textDocument/publishDiagnostics"
                and version in (None, m["params"].get("version"))
            )
        )
        return message["params"]["diagnostics"]

    def initialize(self, **options: object) -> Fields:
        """Begin a session; return the server's capabilities."""
        capabilities = {
            "general": {"positionEncodings": ["utf-16"]},
            "textDocument": {
                "hover": {"contentFormat": ["markdown"]},
                "documentSymbol": {"hierarchicalDocumentSymbolSupport": True},
            },
        }
        params = {
            "processId": os.getpid(),
            "rootUri": self.folder.as_uri(),
            "capabilities": capabilities,
            "initializationOptions": options,
        }
        answer = self.ask("initialize", params)
        self.tell("initialized", {})
        return answer["result"]["capabilities"]

    def start(self, capabilities: Fields, **params: object) -> Fields:
        """Begin the session of a client with these capabilities; return the server's."""
        given = {"processId": None, "rootUri": None, "capabilities": capabilities, **params}
        answer = self.ask("initialize", given)
        self.tell("initialized", {})
        return answer["result"]["capabilities"]

    def asked(self, method: str) -> Fields:
        """Return the next request of the server for `method`."""
        return self.until(lambda m: m.get("method") == method and "id" in m)

    def reply(self, request: Fields, result: object) -> None:
        """Answer a request of the server."""
        self.send({"id": request["id"], "result": result})

    def open(self, text: str, name: str = "program.imgql") -> str:
        """Open a document; return its URI."""
        uri = (self.folder / name).as_uri()
        document = {"uri": uri, "languageId": "imgql", "version": 1, "text": text}
        self.tell("textDocument/didOpen", {"textDocument": document})
        return uri

    def edit(self, uri: str, version: int, *changes: Fields) -> None:
        """Edit a document."""
        identity = {"uri": uri, "version": version}
        self.tell(
            "textDocument/didChange", {"textDocument": identity, "contentChanges": list(changes)}
        )

    def command_result(self, name: str, *arguments: object) -> Any:
        """Carry out one of the server's commands; return its result."""
        answer = self.ask(
            "workspace/executeCommand",
            {"command": f"imgql.server.{name}", "arguments": list(arguments)},
        )
        assert "error" not in answer, answer
        return answer["result"]

    def at(self, method: str, uri: str, line: int, column: int) -> Any:
        """Ask something about a position; return the result."""
        position = {"line": line, "character": column}
        answer = self.ask(method, {"textDocument": {"uri": uri}, "position": position})
        assert "error" not in answer, answer
        return answer["result"]

    def _read(self) -> None:
        stream = self.process.stdout
        assert stream is not None
        while header := stream.readline():
            length = int(header.partition(b":")[2])
            while stream.readline().strip():
                pass
            self._came.put(json.loads(stream.read(length)))
        self._came.put(None)


class QuickWire(Wire):
    """A running server that no interpreter was started for, see `nursery`."""

    def _started(self, variables: Mapping[str, str]) -> subprocess.Popen[bytes] | Forked:
        if sys.platform != "linux":
            return super()._started(variables)
        return nursery(environment(self.folder)["PYTHONPATH"]).server(variables)
