"""Colours as numbers: what is kept from one version to the next gives what counting anew gives."""

from collections.abc import Iterable, Mapping
from random import Random

import pytest

from tests.support.programs import IMAGES
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.ide.status.status import Status
from voxlogica_core.ide.tokens import Painter
from voxlogica_core.plan.node import NodeId
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.text.source_text import Encoding, SourceText
from voxlogica_core.text.span import Span
from voxlogica_server.requests.token_numbers import KINDS, MODIFIERS, TokenNumbers

_CATALOGUE = read_catalogue()
_LINES = (
    'load i = "a.nii"',
    "let t = 1 // 🧠 a threshold",
    "let m = i > t let n = near(m)",
    "let f(x,\n  y) =\n    near(x) | y",
    "let 𝒳 = f(m, n)",
    "// 🧠 a comment alone",
    "let broken = (1 +",
    'print "🧠" volume(𝒳) // at the end',
    "",
)


def status_of(nodes: Iterable[NodeId]) -> Mapping[NodeId, Status]:
    """Return a status that hangs on the node alone."""
    words: tuple[Status, ...] = ("known", "to do", "running", "not needed")
    return {node: words[int(node[0], 16) % 4] for node in nodes}


def counted(analysis: Analysis, painter: Painter, encoding: Encoding) -> list[int]:
    """Count as the protocol says, word by word."""
    found: list[int] = []
    line = column = 0
    for word in painter.painted(analysis, status_of):
        at, start = analysis.source.position(word.start, encoding)
        length = analysis.source.position(word.end, encoding)[1] - start
        bits = sum(1 << MODIFIERS.index(modifier) for modifier in word.modifiers)
        shift = start - column if at == line else start
        found += (at - line, shift, length, KINDS.index(word.kind), bits)
        line, column = at, start
    return found


@pytest.mark.parametrize("encoding", ["utf-8", "utf-16", "utf-32"])
@pytest.mark.parametrize("every", [True, False])
def test_numbers_kept_over_edits_are_those_counted_anew(encoding: Encoding, *, every: bool) -> None:
    chance, numbers = Random(9), TokenNumbers(encoding)
    painter, lines = Painter(every=every), [*_LINES]
    newest: Analysis | None = None
    for _ in range(60):
        place = chance.randrange(len(lines))
        match chance.randrange(4):
            case 0:
                lines.insert(place, chance.choice(_LINES))
            case 1 if len(lines) > 4:
                lines.pop(place)
            case 2:
                lines[place] = f"  {lines[place]}"
            case _:
                lines[place] = chance.choice(_LINES)
        source = SourceText("\n".join(lines), "/home/program.imgql")
        newest = analyse(source, catalogue=_CATALOGUE, world=IMAGES, before=newest)
        found = numbers.of(painter.passages(newest), source, status_of)
        assert found == counted(newest, Painter(every=every), encoding), source.text


@pytest.mark.parametrize("every", [True, False])
def test_a_part_has_all_its_words_and_those_of_its_statements_alone(*, every: bool) -> None:
    lines = [line for line in _LINES if "broken" not in line]
    source = SourceText("\n".join(lines * 2), "/home/program.imgql")
    found = analyse(source, catalogue=_CATALOGUE, world=IMAGES)
    whole = Painter(every=every).painted(found, status_of)
    chance = Random(4)
    for _ in range(200):
        start = chance.randrange(len(source.text))
        part = Span(start, min(len(source.text), start + chance.randrange(40)))
        words = Painter(every=every).painted(found, status_of, part)
        inside = [word for word in whole if word.start < part.end and word.end > part.start]
        assert [word for word in words if word in inside] == inside
        assert [word for word in whole if word in words] == words
        assert len(words) < len(whole)
