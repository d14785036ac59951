"""A client that sends whatever comes to its mind, and keeps account of what must come back.

Half of it are edits and questions of a hasty writer; the rest is broken, hostile, too early, too
late or twice. The text of each document is kept by an oracle.
"""

import json
from collections import Counter
from collections.abc import Callable, Sequence
from dataclasses import dataclass, field
from random import Random
from typing import Any

from tests.support.text_model import Place, edited, without_mark
from tests.support.text_telling_server import TELL
from voxlogica_core.text.source_text import Encoding

Fields = dict[str, Any]
_LARGEST = 2**31 - 1
_PIECES = (
    "\u2028", "\u2029", "\x85", "\x0b", "\x0c", "\x1c", "\x1e", "\r", "\n", "\r\n", "\ufeff",
    "\x00", "é", "𝒳", "🧠", "\ud800", "\udfff", "e\u0301", "\u202e", "ab ", " ", "//", '"', "(",
    ")", "{", "}", "[", "]", ",", ";", "let a = 1\n", "let b = a + 1\n", 'print "x" b\n', "a", "b",
    "let f(x) = x + a\n", "f(2)", 'load i = "no.nii"\n', 'import "no.imgql"\n', "for i in ", "0.5",
    "let g = for i in range(0, 3) do f(i)\n", "near(", "!", ">.", "|", "&", "if", "1e999", "let ",
)  # fmt: skip
_URIS = (
    "file:///home/none/one.imgql",
    "file:///home/none/two%20words.imgql",
    "untitled:Untitled-1",
    "git:/home/none/one.imgql?ref",
    "file:///home/none/%F0%9F%A7%A0.imgql",
    "file://[broken/x.imgql",
    "file:///home/%00/null.imgql",
    "file:///home/%ff%fe.imgql",
    "",
    "no uri at all \ud800",
)
_JUNK: Sequence[Any] = (
    None, True, 0, -1, 1.5, 1e308, 2**40, 2**70, "", "text", [], {}, [[]], {"a": {}}, [None],
    {"textDocument": None}, {"textDocument": {"uri": 3}}, {"jsonrpc": "2.0"}, "\ud800",
)  # fmt: skip
_BROKEN = (
    b"", b"{", b"nope", b"\xff\xfe", b"[" * 5000, b'{"a":' * 3000, b'"', b"1", b"null", b"[]",
    b'[{"jsonrpc":"2.0","id":1,"method":"shutdown"}]', b"{}", b'{"method":3}', b"9" * 5000,
    b'{"params":{}}', b'{"id":{},"result":1}', b"NaN", b'{"id":1.5}', b"\xed\xa0\x80",
)  # fmt: skip
_STRANGE_IDS: Sequence[Any] = (None, True, False, 1.5, [], {}, [1])


@dataclass
class Flood:
    """Makes messages.

    Parameters
    ----------
    chance
        Where they come from.
    methods
        Requests that the server knows.
    send
        Takes the body of a message.
    """

    chance: Random
    encoding: Encoding
    methods: Sequence[str]
    send: Callable[[bytes], object]
    texts: dict[str, str] = field(default_factory=dict[str, str])
    wanted: Counter[str] = field(default_factory=Counter[str])
    """How many answers must come, by the id as JSON."""
    told: dict[int, tuple[str, str | None]] = field(
        default_factory=dict[int, tuple[str, str | None]]
    )
    """What text must be told by the answer of an id."""
    version: int = 0
    _last: int = 0

    def step(self) -> None:
        """Send one thing."""
        kinds: Sequence[tuple[Callable[[], None], int]] = (
            (self._edit, 40),
            (self._ask, 22),
            (self._ask_text, 6),
            (self._open, 5),
            (self._close, 2),
            (self._cancel, 8),
            (self._junk_request, 6),
            (self._junk_note, 5),
            (self._broken, 3),
            (self._strange_id, 2),
            (self._answer_nobody_asked, 1),
        )
        works, weights = zip(*kinds, strict=True)
        self.chance.choices(works, weights)[0]()

    def finish(self) -> None:
        """Ask for every text."""
        for uri in _URIS:
            self._ask_text(uri)

    def text(self) -> str:
        """Return something to write; two halves of a character are one when they are sent."""
        return whole("".join(self.chance.choices(_PIECES, k=self.chance.randrange(6))))

    def _edit(self) -> None:
        uri = self.chance.choice([*self.texts] or _URIS)
        text = self.texts.get(uri, "")
        changes: list[Fields] = []
        for _ in range(self.chance.choice((1, 1, 1, 2, 5))):
            new = self.text()
            if self.chance.random() < 0.08 or len(text) > 3000:
                text = without_mark(new)
                changes.append({"text": new})
                continue
            start, end = sorted((self._place(), self._place()))
            if self.chance.random() < 0.8:
                end = (start[0], start[1] + self.chance.randrange(4))
            text = edited(text, start, end, new, self.encoding)
            changes.append({"range": _range(start, end), "text": new})
        if uri in self.texts:
            self.texts[uri] = text
        self.version += self.chance.choice((1, 1, 1, 1, 0, -5, 1000))
        self.version %= _LARGEST
        document = {"uri": uri, "version": self.version}
        self._note("textDocument/didChange", {"textDocument": document, "contentChanges": changes})

    def _place(self) -> Place:
        column = self.chance.choice((0, 1, 2, 5, 9, 17, 40, 10_000, _LARGEST, 2**32, 2**63))
        return self.chance.choice((0, 0, 1, 2, 3, 5, 8, 13, 10_000, _LARGEST)), column

    def _open(self) -> None:
        uri, text = self.chance.choice(_URIS), self.text()
        self.texts[uri] = without_mark(text)
        item = {"uri": uri, "languageId": "imgql", "version": 1, "text": text}
        self._note("textDocument/didOpen", {"textDocument": item})

    def _close(self) -> None:
        uri = self.chance.choice(_URIS)
        self.texts.pop(uri, None)
        self._note("textDocument/didClose", {"textDocument": {"uri": uri}})

    def _ask(self) -> None:
        self._request(self.chance.choice(self.methods), self._parameters())

    def _parameters(self) -> Fields:
        """Return parameters that hold what any request wants."""
        place = _range(self._place(), self._place())
        uri = self.chance.choice(_URIS)
        item = {"name": "a", "kind": 1, "uri": uri, "range": place, "selectionRange": place}
        commands = ("status", "plan", "why", "show", "cost", "doctor", "cancel", "dance")
        return {
            "textDocument": {"uri": uri},
            "position": place["start"],
            "positions": [place["start"], place["end"]],
            "range": place,
            "context": {"diagnostics": [], "includeDeclaration": True, "triggerKind": 1},
            "options": {"tabSize": 2, "insertSpaces": True},
            "newName": self.text(),
            "query": self.text(),
            "item": item,
            "label": "near",
            "title": "Run",
            "previousResultId": self.chance.choice(("1", "no")),
            "command": f"imgql.server.{self.chance.choice(commands)}",
            "arguments": [uri, place["start"], *self.chance.choices(_JUNK, k=1)],
        }

    def _ask_text(self, uri: str | None = None) -> None:
        uri = self.chance.choice(_URIS) if uri is None else uri
        params = {"textDocument": {"uri": uri}, "position": {"line": 0, "character": 0}}
        self.told[self._request(TELL, params)] = (uri, self.texts.get(uri))

    def _cancel(self) -> None:
        chosen = self._last - self.chance.randrange(6)
        if chosen not in self.told:
            given = self.chance.choice((chosen, str(chosen), "no", *_STRANGE_IDS))
            self._note("$/cancelRequest", {"id": given})

    def _junk_request(self) -> None:
        unknown = ("textDocument/dance", "$/secret", "", "initialize", "workspace/\ud800", "exit ")
        method = self.chance.choice((*self.methods, *unknown))
        self._request(method, self.chance.choice(_JUNK))

    def _junk_note(self) -> None:
        methods = (
            "textDocument/didChange", "textDocument/didOpen", "textDocument/didClose",
            "initialized",
            "workspace/didChangeWatchedFiles", "workspace/didChangeConfiguration", "$/setTrace",
            "workspace/didChangeWorkspaceFolders", "window/workDoneProgress/cancel", "$/none", "no",
            "$/cancelRequest",
        )  # fmt: skip
        self._note(self.chance.choice(methods), self.chance.choice(_JUNK))

    def _broken(self) -> None:
        self.send(self.chance.choice(_BROKEN))
        self.wanted["null"] += 1

    def _strange_id(self) -> None:
        self._send({"id": self.chance.choice(_STRANGE_IDS), "method": "textDocument/hover"})
        self.wanted["null"] += 1

    def _answer_nobody_asked(self) -> None:
        answers: Sequence[Fields] = ({"result": None}, {"error": 3}, {"error": {"code": 1}}, {})
        named = self.chance.choice(("voxlogica-1", -7, "none"))
        self._send({"id": named, **self.chance.choice(answers)})

    def _request(self, method: str, params: object) -> int:
        self._last += 1
        copies = 2 if self.chance.random() < 0.03 and method != TELL else 1
        for _ in range(copies):
            self._send({"id": self._last, "method": method, "params": params})
        self.wanted[json.dumps(self._last)] += copies
        return self._last

    def _note(self, method: str, params: object) -> None:
        self._send({"method": method, "params": params})

    def _send(self, message: Fields) -> None:
        self.send(json.dumps({"jsonrpc": "2.0", **message}).encode())


def whole(text: str) -> str:
    """Return a text as it comes out of a message: halves that meet are one character."""
    return text.encode("utf-16", "surrogatepass").decode("utf-16", "surrogatepass")


def _range(start: Place, end: Place) -> Fields:
    first, last = ({"line": line, "character": column} for line, column in (start, end))
    return {"start": first, "end": last}
