import json

import pytest

from voxlogica_core.engine.crashes.caution import Caution
from voxlogica_core.ide.status.choice import Part
from voxlogica_core.plan.node import NodeId
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.text.span import Span
from voxlogica_server.runner.handshake import objection
from voxlogica_server.runner.messages import (
    LENGTH,
    PROTOCOL,
    Broken,
    Cancel,
    Ended,
    Hello,
    Message,
    MessageError,
    Progress,
    Ready,
    Refused,
    Sight,
    Start,
    decoded,
    encoded,
    length_of,
)

CAUTION = Caution(
    {NodeId("a"): "crashed"},
    frozenset([NodeId("c"), NodeId("b")]),
    everything_alone=True,
    lean=True,
    crashes=3,
    unexplained=1,
    restarted=2,
)
MESSAGES: list[Message] = [
    Hello(PROTOCOL, "node-1", "abc", "/store"),
    Hello(PROTOCOL, "node-1", "abc", "/store", CAUTION, 3, 10**9),
    Ready(),
    Refused("no"),
    Start(3, 'let a = "\u2028🧠\ud800"', None, "/"),
    Start(3, "", "/a.imgql", "/", "voxlogica1"),
    Start(3, "", None, "/", None, Part(Span(0, 4), Span(3, 3))),
    Start(3, "", None, "/", sight=Sight(NodeId("ab"), "/views")),
    Start(3, "", None, "/", texts={"/b.imgql": "let b = 1"}, settings={"a": 1.5, "b": True}),
    Cancel(3),
    Progress(3, ("a",), (("b", "c"),), (("d", "reused"),), 0.5),
    Ended(3, {"version": 1}, {"a": "why"}, ("b",)),
    Broken(3, "disk full"),
]


@pytest.mark.parametrize("message", MESSAGES, ids=lambda message: type(message).__name__)
def test_a_message_arrives_as_it_was_sent(message: Message) -> None:
    content = encoded(message)
    assert length_of(content[:4]) == len(content) - 4
    assert decoded(content[4:]) == message


@pytest.mark.parametrize(
    "fields",
    [
        None,
        [],
        {"type": "Dance"},
        {"type": "Start", "run": "3", "text": "", "path": None, "folder": "/"},
        {"type": "Progress", "run": 1},
        {"type": "Start", "run": 3, "text": "", "path": None, "folder": "/", "settings": [1]},
        {"type": "Progress", "run": 1, "queued": [], "started": [], "finished": [1], "fraction": 0},
    ],
)
def test_what_is_no_message_is_refused(fields: object) -> None:
    with pytest.raises(MessageError):
        decoded(json.dumps(fields).encode())


def test_bytes_that_are_no_json_are_refused() -> None:
    with pytest.raises(MessageError):
        decoded(b"\x80\x04pickled")


def test_a_message_that_is_too_long_is_refused_before_it_is_read() -> None:
    with pytest.raises(MessageError):
        length_of(LENGTH.pack(2**31))


def test_a_greeting_of_another_version_is_understood_as_such() -> None:
    said = decoded(json.dumps({"type": "Hello", "protocol": PROTOCOL + 1, "new": []}).encode())
    assert isinstance(said, Hello)
    problem = objection(said, read_catalogue())
    assert problem is not None
    assert str(PROTOCOL + 1) in problem
    assert "restart the server" in problem
