"""What an editor shows, drawn as text: marks under the lines of a program.

A page of the manual of the editor has pairs of blocks: a program, its fence marked ``imgql`` and
with the name of a feature, and what is to be seen, its fence marked ``text``. ``<CURSOR>`` is where
the user is. Blocks ``imgql file=name`` are files that may be imported.
"""

import re
from collections.abc import Callable, Iterable, Iterator, Mapping
from dataclasses import dataclass
from pathlib import Path

from tests.support.cursors import CURSOR, analysed, catalogue
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.navigation.dataflow import Elsewhere, Flow, needs, step_at, users
from voxlogica_core.ide.navigation.folding import folds
from voxlogica_core.ide.navigation.links import links
from voxlogica_core.ide.navigation.navigate import Destination, NamedFile, Page, definition
from voxlogica_core.ide.navigation.occurrences import bound_at, name_at, occurrences
from voxlogica_core.ide.navigation.rename import applied
from voxlogica_core.ide.navigation.selection import selections
from voxlogica_core.ide.navigation.symbols import Symbol, symbols
from voxlogica_core.ide.tokens import Painter
from voxlogica_core.ide.writing.formatting import formatting, range_formatting
from voxlogica_core.plan.reduction.meaning import Definition
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.text.span import Span

_BLOCK = re.compile(
    r"^```imgql(?: (?P<feature>[a-z ]+)| file=(?P<file>\S+))\n(?P<text>.*?)^```$"
    r"(?:\s+^```text\n(?P<seen>.*?)^```$)?",
    re.M | re.S,
)
_HEADING = re.compile(r"^#+ (.*)$", re.M)


@dataclass(frozen=True)
class Sight:
    """A program, what is asked about it, and what is to be seen."""

    title: str
    feature: str
    text: str
    seen: str
    files: dict[str, str]


def sights(page: Path) -> Iterator[Sight]:
    """Return the pairs of a page, each with the files above it."""
    text = page.read_text("utf-8")
    files: dict[str, str] = {}
    for number, block in enumerate(_BLOCK.finditer(text)):
        if block["file"]:
            files[f"/home/{block['file']}"] = block["text"]
            continue
        headings = _HEADING.findall(text[: block.start()])
        title = f"{headings[-1] if headings else page.stem} ({number})"
        seen = block["seen"] or ""
        yield Sight(title, block["feature"].strip(), block["text"], seen, dict(files))


def shown(sight: Sight) -> str:
    """Return what an editor shows."""
    offset = max(sight.text.find(CURSOR), 0)
    analysis = analysed(sight.text.replace(CURSOR, "", 1), sight.files)
    return _FEATURES[sight.feature](analysis, offset).rstrip() + "\n"


def drawn(analysis: Analysis, marks: Iterable[tuple[Span, str]]) -> str:
    """Return the program, under each line the marks of the spans in it."""
    source = analysis.source
    rows = [[" "] * len(source.line(number)) for number in range(source.line_count)]
    for span, mark in marks:
        for at in range(span.start, max(span.end, span.start + 1)):
            line, column = source.position(at)
            if column < len(rows[line]):
                rows[line][column] = mark[min(at - span.start, len(mark) - 1)]
    lines: list[str] = []
    for number, row in enumerate(rows):
        lines += [source.line(number), *filter(None, ["".join(row).rstrip()])]
    return "\n".join(lines)


def _references(analysis: Analysis, offset: int) -> str:
    name = name_at(analysis, offset)
    found = occurrences(analysis, name.target) if name else []
    return drawn(analysis, ((each.span, each.access[0]) for each in found))


def _definition(analysis: Analysis, offset: int) -> str:
    lead = definition(analysis, offset, catalogue())
    match lead and lead.to:
        case Destination(span, None) if lead:
            return drawn(analysis, [(lead.origin, "^"), (span, "=")])
        case Destination(_, str(path)):
            return path.rpartition("/")[2]
        case Page(Primitive(qualified=name)):
            return f"the page of {name}"
        case Page(subject):
            return f"the page of {subject}"
        case NamedFile(text):
            return f"the file {text}"
        case _:
            return "nothing"


def _outline(analysis: Analysis, _: int) -> str:
    return "\n".join(_outlined(symbols(analysis), 0))


def _outlined(found: Iterable[Symbol], depth: int) -> Iterator[str]:
    for symbol in found:
        yield f"{'  ' * depth}{symbol.sort}: {symbol.name} {symbol.detail}".rstrip()
        yield from _outlined(symbol.inner, depth + 1)


def _folds(analysis: Analysis, _: int) -> str:
    """Return the program, before each line a bar for each fold that it is in, `+` at the first."""
    found = folds(analysis)
    bars: list[list[str]] = [[] for _ in range(analysis.source.line_count)]
    for fold in found:
        level = max((len(bars[n]) for n in range(fold.first, fold.last + 1)), default=0)
        for line in range(fold.first, fold.last + 1):
            bars[line] += [" "] * (level - len(bars[line]))
            sign = {"comment": "c", "imports": "i", "region": "r", None: "+"}[fold.sort]
            bars[line].append(sign if line == fold.first else "|")
    width = max((len(bar) for bar in bars), default=0)
    lines = (
        f"{''.join(bar):<{width}} {analysis.source.line(number)}" for number, bar in enumerate(bars)
    )
    return "\n".join(line.rstrip() for line in lines)


def _selections(analysis: Analysis, offset: int) -> str:
    text = analysis.source.text
    return "\n".join(
        text[span.start : span.end].strip().replace("\n", " ⏎ ")
        for span in selections(analysis, offset)
    )


def _links(analysis: Analysis, _: int) -> str:
    found = links(analysis, catalogue())
    return drawn(analysis, ((link.span, "_") for link in found))


def _colours(analysis: Analysis, _: int) -> str:
    """Return the program, under each word the first letters of what it is."""
    words = Painter(every=True).painted(analysis, lambda nodes: dict.fromkeys(nodes, "kept"))
    marks = ((Span(word.start, word.end), _letters(word.kind, word.modifiers)) for word in words)
    return drawn(analysis, marks)


def _letters(kind: str, modifiers: tuple[str, ...]) -> str:
    letter = kind[0].upper() if "declaration" in modifiers else kind[0]
    return letter + ("✓" if "known" in modifiers else "*" if "defaultLibrary" in modifiers else ".")


def _dataflow(analysis: Analysis, offset: int) -> str:
    """Return what goes into a value, the value, and what it goes into."""
    step = step_at(analysis, offset)
    if not isinstance(step, Symbol):
        return step.name if step else "nothing"
    name = bound_at(analysis, step.name_span.start)
    target = name.target if name else None
    uses = users(analysis, target) if isinstance(target, Definition) else []
    return "\n".join(
        [
            *(f"{_step(flow)} ->" for flow in needs(analysis, step.span)),
            f"[{step.name}]",
            *(f"-> {_step(flow)}" for flow in uses),
        ]
    )


def _step(flow: Flow | Elsewhere) -> str:
    name = flow.definition.name if isinstance(flow, Elsewhere) else flow.step.name
    times = f" ({len(flow.spans)} times)" if len(flow.spans) > 1 else ""
    return f"{name}{times}"


def _formatted(analysis: Analysis, _: int) -> str:
    return applied(analysis.source.text, formatting(analysis))


def _formatted_here(analysis: Analysis, offset: int) -> str:
    return applied(analysis.source.text, range_formatting(analysis, Span(offset, offset)))


_FEATURES: Mapping[str, Callable[[Analysis, int], str]] = {
    "references": _references,
    "definition": _definition,
    "outline": _outline,
    "folds": _folds,
    "selections": _selections,
    "links": _links,
    "colours": _colours,
    "dataflow": _dataflow,
    "format": _formatted,
    "format here": _formatted_here,
}
