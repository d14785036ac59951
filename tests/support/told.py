"""What a program of the manual tells in comments: what a store knows, and what a run does.

``// known``, ``// known: 12.5``, ``// known, not kept``, ``// known: [1, 2]``; ``// queued``,
``// running``, ``// failed: reason``, ``// blocked``: each behind a declaration.
"""

import re
from collections.abc import Iterator
from json import loads
from struct import pack

from tests.support.cursors import FakeMemory, record
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.status.status import Activity
from voxlogica_core.ide.status.worth import node_called
from voxlogica_core.plan.node import Node, NodeId
from voxlogica_core.store.record import NOT_KEPT, Inline, Plain, Preview, Statistics
from voxlogica_core.values.kind import IMAGE_LIKE

_TOLD = re.compile(
    r"^(?:let|load) (?P<name>\w+).*// (?P<word>known, not kept|known|queued|running|failed|blocked)"
    r"(?:: (?P<value>.*))?$",
    re.M,
)
_STATISTICS = Statistics(0.0, 812.5, 43.125, 10.0, 0, None, 1234, 2468.0, None)
_PICTURE = b"\x89PNG\r\n\x1a\n\0\0\0\rIHDR" + pack(">II", 20, 10)
"""As much of one as its size is read from: 20 by 10."""
_SECONDS = 0.8


def memory(analysis: Analysis) -> FakeMemory:
    """Return a store that knows what the comments say."""
    found = FakeMemory()
    for node, word, value in _told(analysis):
        if not word.startswith("known"):
            continue
        stored = Inline(_value(value)) if value else NOT_KEPT if word != "known" else None
        found.records[node.id] = record(node.id, node.kind, stored=stored, seconds=_SECONDS)
        if node.kind in IMAGE_LIKE:
            found.previews[node.id] = Preview(_PICTURE, _STATISTICS)
    return found


def activity(analysis: Analysis) -> Activity:
    """Return what the comments say of a run."""
    told = list(_told(analysis))

    def those(wanted: str) -> frozenset[NodeId]:
        return frozenset(node.id for node, word, _ in told if word == wanted)

    failed = {node.id: value for node, word, value in told if word == "failed"}
    return Activity(those("queued"), those("running"), failed, those("blocked"))


def _told(analysis: Analysis) -> Iterator[tuple[Node, str, str]]:
    for match in _TOLD.finditer(analysis.source.text):
        node = node_called(analysis, analysis.plan.declarations[match["name"]])
        assert node is not None
        yield node, match["word"], match["value"] or ""


def _value(text: str) -> Plain:
    value = loads(text)
    return tuple(value) if isinstance(value, list) else value
