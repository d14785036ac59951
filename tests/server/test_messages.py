import json

import pytest

from voxlogica_core.ide.choice import Part
from voxlogica_core.text.span import Span
from voxlogica_server.runner.messages import (
    LENGTH,
    Broken,
    Cancel,
    Ended,
    Hello,
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

MESSAGES: list[Message] = [
    Hello(1, "node-1", "abc", "/store"),
    Ready(),
    Refused("no"),
    Start(3, 'let a = "\u2028🧠\ud800"', None, "/"),
    Start(3, "", "/a.imgql", "/", "voxlogica1"),
    Start(3, "", None, "/", None, Part(Span(0, 4), Span(3, 3))),
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
