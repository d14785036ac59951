"""Floods a language server in a process of its own, and says what is wrong with what comes back."""

import json
import re
from collections import Counter
from dataclasses import dataclass
from pathlib import Path
from random import Random

from lsprotocol import types

from tests.support.flood import Fields, Flood, whole
from tests.support.processes import PATIENCE
from tests.support.wire import Wire
from voxlogica_core.text.source_text import Encoding

_HEADERS = (
    b"Content-Length: %d\r\n\r\n",
    b"content-length: %d\r\n\r\n",
    b"Content-Type: application/vscode-jsonrpc; charset=utf-8\r\nContent-Length:%d\r\n\r\n",
    b"X-Odd: \xff\xfe\r\nCONTENT-LENGTH :  %d \r\n\r\n",
)
_EARLY = 40  # messages before the server is initialized
_INTERNAL_ERROR = -32603
_ENTRY = re.compile(r"^(?=\d{4}-\d\d-\d\d \d\d:\d\d:\d\d)", re.MULTILINE)


@dataclass(frozen=True)
class Found:
    """What came of a flood; all lists are empty where the server did well."""

    sent: int
    answered: int
    wrong_counts: dict[str, tuple[int, int]]
    wrong_texts: list[tuple[str, str | None, object]]
    faults: list[object]
    popups: list[Fields]
    log: list[str]
    code: int

    @property
    def wrong(self) -> list[object]:
        """All that is wrong."""
        code = [f"exit code {self.code}"] if self.code else []
        lists = (self.wrong_texts, self.faults, self.popups, self.log, code)
        return [*self.wrong_counts.items(), *(one for found in lists for one in found)]


def flooded(folder: Path, messages: int, seed: int, encoding: Encoding) -> Found:
    """Send messages, then shut the server down, and compare."""
    chance = Random(seed)
    with Wire(folder, ("-m", "tests.support.text_telling_server")) as wire:

        def send(body: bytes) -> None:
            wire.write(chance.choice(_HEADERS) % len(body) + body)

        flood = Flood(chance, encoding, _requests(), send)
        for _ in range(_EARLY):
            flood.step()
        flood.texts.clear()
        flood.told.clear()
        capabilities = {
            "general": {"positionEncodings": [encoding]},
            "workspace": {"configuration": True},
        }
        params = {"processId": None, "rootUri": None, "capabilities": capabilities}
        send(json.dumps({"id": "init", "method": "initialize", "params": params}).encode())
        send(json.dumps({"method": "initialized", "params": {}}).encode())
        for _ in range(messages):
            flood.step()
        flood.finish()
        send(json.dumps({"id": "bye", "method": "shutdown"}).encode())
        wire.answer("bye")
        wire.tell("exit")
        code = wire.process.wait(PATIENCE)
        return _judged(flood, wire, messages + _EARLY, code, folder)


def _requests() -> list[str]:
    """Return every request the protocol has for servers, but for those that begin and end."""
    return [
        method
        for method, kinds in types.METHOD_TO_TYPES.items()
        if len(kinds) > 1
        and kinds[0].__name__.endswith("Request")
        and types.message_direction(method) != "serverToClient"
        and method not in (types.INITIALIZE, types.SHUTDOWN, types.TEXT_DOCUMENT_MONIKER)
    ]


def _judged(flood: Flood, wire: Wire, sent: int, code: int, folder: Path) -> Found:
    answers = [message for message in wire.everything() if "method" not in message]
    came = Counter(json.dumps(answer["id"]) for answer in answers)
    wanted = flood.wanted + Counter(['"init"', '"bye"'])
    names = {*came, *wanted}
    results = {answer["id"]: answer.get("result") for answer in answers if answer["id"] is not None}
    told = {number: (uri, text, results.get(number)) for number, (uri, text) in flood.told.items()}
    return Found(
        sent,
        len(answers),
        {name: (wanted[name], came[name]) for name in names if wanted[name] != came[name]},
        [case for case in told.values() if _whole(case[1]) != (case[2] or {}).get("text")],
        [
            answer.get("error", answer)
            for answer in answers
            if ("result" in answer) is ("error" in answer)
            or answer.get("error", {}).get("code") == _INTERNAL_ERROR
        ],
        [m for m in wire.everything() if str(m.get("method")).startswith("window/showMessage")],
        [line for path in folder.rglob("server.log*") for line in _grave(path)],
        code,
    )


def _whole(text: str | None) -> str | None:
    return text and whole(text)


def _grave(path: Path) -> list[str]:
    """Return the entries of a log that tell of faults, with their traces."""
    entries = _ENTRY.split(path.read_text("utf-8", errors="replace"))
    return [entry for entry in entries if "Traceback" in entry or " ERROR " in entry]
