"""What an editor says while a program is read and written, as text: hover, completion, hints …

For pages of the manual of the editor; see `drawing`, which reads them and draws. What a store
would know and what a run does is told by the program's comments, see `told`.
"""

import re
from collections import defaultdict
from collections.abc import Callable, Mapping
from functools import partial
from pathlib import Path
from tempfile import TemporaryDirectory

from tests.support.cursors import CURSOR, analysed, catalogue
from tests.support.drawing import Sight, drawn
from tests.support.paging import PAGES
from tests.support.rerunning import rerunning
from tests.support.told import activity, memory
from voxlogica_core.ide.actions.actions import actions
from voxlogica_core.ide.actions.lenses import lenses
from voxlogica_core.ide.actions.literals import near, number_at, stepped, sweep
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.forecast.estimate import estimate
from voxlogica_core.ide.forecast.outlook import outlook
from voxlogica_core.ide.forecast.reasons import reason_object
from voxlogica_core.ide.hover.hints import hints
from voxlogica_core.ide.hover.hover import Form, Hover, hover
from voxlogica_core.ide.navigation.rename import (
    Refused,
    Unsure,
    applied,
    judged,
    renamable,
    rename,
)
from voxlogica_core.ide.status.known import word_for
from voxlogica_core.ide.status.status import NOTHING
from voxlogica_core.ide.writing.complete import completion
from voxlogica_core.ide.writing.signatures import signature_help
from voxlogica_core.text.span import Span

_NEW_NAME = re.compile(r" *// to: (\S+)")
_LINE_THAT_WAS = re.compile(r"^(?P<now>.*?) *// was: ?(?P<before>.*)$", re.M)
_HOW_MANY = re.compile(r"; \d+ nodes? (?:is|are) made for it")
"""That hangs on what took longer to make than it takes to read, so on the machine."""
_FOLDERS = defaultdict[str, list[str]](
    list, {"/home": ["b.nii.gz", "cases/", "lib.imgql"], "/home/cases": ["one.nii.gz", "notes.txt"]}
)
"""The names in folders, where a path is completed or mended."""
_MOST = 6


def shown(sight: Sight) -> str:
    """Return what an editor says."""
    offset = max(sight.text.find(CURSOR), 0)
    text = sight.text.replace(CURSOR, "", 1)
    end = text.find(CURSOR)
    analysis = analysed(text.replace(CURSOR, "", 1), sight.files)
    span = Span(offset, max(offset, end))
    return _FEATURES[sight.feature](analysis, span).rstrip() + "\n"


def _hover(analysis: Analysis, span: Span) -> str:
    found = _hovered(analysis, span, Form(markdown=False))
    if found is None:
        return "nothing"
    line = analysis.source.line_of(found.span.start)
    place = drawn(analysis, [(found.span, "^")]).split("\n")[line : line + 2]
    return "\n".join([*place, "", found.text])


def _hover_as_markdown(analysis: Analysis, span: Span) -> str:
    found = _hovered(analysis, span, Form(markdown=True, pictures=True))
    return found.text.replace("```", "~~~") if found else "nothing"


def _hovered(analysis: Analysis, span: Span, form: Form) -> Hover | None:
    """Return the hover with what the program's comments say of a store and of a run."""
    known, runs = memory(analysis), activity(analysis)
    price = partial(outlook, analysis, memory=known, activity=runs, catalogue=catalogue())
    return hover(analysis, span.start, known, runs, form, price)


def _completion(analysis: Analysis, span: Span) -> str:
    found = completion(
        analysis, span.start, catalogue(), memory(analysis), _FOLDERS.__getitem__
    ).proposals
    rows = [f"{p.name:<14} {p.detail}".rstrip() for p in found[:_MOST]]
    return "\n".join([*rows, *(["…"] if len(found) > _MOST else [])] or ["nothing"])


def _signature(analysis: Analysis, span: Span) -> str:
    found = signature_help(analysis, span.start)
    if found is None:
        return "nothing"
    shape, active = found.callee.shapes[found.best], found.active[found.best]
    texts = [slot.text for slot in shape.slots]
    begin = f"{shape.name}({', '.join(texts)})"
    line = f"{begin} → {shape.result}" if shape.result else begin
    if active is None:
        return line
    start = len(shape.name) + 1 + sum(len(text) + 2 for text in texts[:active])
    slot = shape.slots[active]
    mark = " " * start + "^" * len(texts[active])
    return "\n".join([line, mark, slot.documentation]).rstrip()


def _hints(analysis: Analysis, span: Span) -> str:
    del span
    source = analysis.source
    found = hints(analysis, Span(0, len(source.text)), memory(analysis), NOTHING)
    behind = {source.line_of(hint.offset): hint for hint in found}
    lines: list[str] = []
    for number in range(source.line_count):
        line, hint = source.line(number), behind.get(number)
        column = source.position(hint.offset)[1] if hint else len(line)
        lines.append(f"{line[:column]} ‹{hint.text}›{line[column:]}" if hint else line)
    return "\n".join(lines)


def _lenses(analysis: Analysis, span: Span) -> str:
    del span
    source = analysis.source
    over: dict[int, list[str]] = {}
    for lens in lenses(analysis):
        over.setdefault(source.line_of(lens.span.start), []).append(lens.deed)
    lines: list[str] = []
    for number in range(source.line_count):
        lines += [f"‹{' | '.join(over[number])}›"] if number in over else []
        lines.append(source.line(number))
    return "\n".join(lines)


def _actions(analysis: Analysis, span: Span) -> str:
    parts: list[str] = []
    for action in actions(analysis, span, names_in=_FOLDERS.__getitem__):
        first = " (preferred)" if action.is_preferred else ""
        after = applied(analysis.source.text, action.edits).rstrip()
        parts.append(f"{action.kind}: {action.title}{first}\n{_indented(after)}")
    return "\n".join(parts) or "nothing"


def _rename(analysis: Analysis, span: Span) -> str:
    """Return the program with the name that the comment ``// to: name`` wants, or the refusal."""
    name = _NEW_NAME.search(analysis.source.text)
    assert name, "a comment `// to: name` is wanted"
    at = renamable(analysis, span.start)
    if isinstance(at, Refused):
        return at.reason
    found = rename(analysis, at.target, name[1])
    if isinstance(found, Unsure):
        text = found.text
        found = judged(analysis, found, lambda: analysed(text))
    if isinstance(found, Refused):
        return found.reason
    return _NEW_NAME.sub("", applied(analysis.source.text, found)).strip()


def _why(analysis: Analysis, span: Span) -> str:
    """Return why a name is to be computed, after a run of the program that comments tell of.

    ``let t = 2 // was: let t = 1`` is a line that was another one; ``// was:`` alone, a new one.
    """
    text = analysis.source.text
    (name,) = [w[0] for w in re.finditer(r"\w+", text) if w.start() <= span.start <= w.end()]
    with TemporaryDirectory() as folder, rerunning(Path(folder) / "desk") as rerun:
        rerun.run(_LINE_THAT_WAS.sub(lambda line: line["before"], text))
        now = rerun.analysis(_LINE_THAT_WAS.sub(lambda line: line["now"], text))
        node = now.plan.nodes[now.plan.declarations[name]]
        found = rerun.why_node(now, node)
        word = word_for(now, node, rerun.reader, NOTHING)
        said = str(reason_object(now, name, found, word, lambda place: None)["text"])
    return _HOW_MANY.sub("", said)


def _cost(analysis: Analysis, span: Span) -> str:
    del span
    return estimate(analysis, memory(analysis), catalogue()).text


def _numbers(analysis: Analysis, span: Span) -> str:
    """Return a number one step down and up, those near it, and a sweep."""
    found = number_at(analysis, span.start)
    if found is None:
        return "nothing"
    steps = f"{stepped(found.text, -1)} < {found.text} < {stepped(found.text, 1)}"
    finer = (
        f"{stepped(found.text, -1, digits=1)} < {found.text} < {stepped(found.text, 1, digits=1)}"
    )
    return "\n".join([steps, finer, " ".join(near(found.text)), " ".join(sweep(found.text))])


def _indented(text: str) -> str:
    return "\n".join(f"    {line}".rstrip() for line in text.split("\n"))


_FEATURES: Mapping[str, Callable[[Analysis, Span], str]] = {
    "hover": _hover,
    "hover as markdown": _hover_as_markdown,
    "completion": _completion,
    "signature": _signature,
    "hints": _hints,
    "lenses": _lenses,
    "actions": _actions,
    "rename": _rename,
    "cost": _cost,
    "why": _why,
    "numbers": _numbers,
    **PAGES,
}
