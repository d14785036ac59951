"""Extracting an expression into a `let`. Every node stays what it is."""

import re
from collections.abc import Iterator, Sequence

from voxlogica_core.ide.actions.action import Action
from voxlogica_core.ide.actions.lines import beginning
from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import statements_at
from voxlogica_core.plan.reduction.meaning import Definition
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.walk import Node, way_to
from voxlogica_core.text.diagnostic import Edit
from voxlogica_core.text.span import Span

_NAME = "part"
_CALLS = re.compile(r"[^\S\r\n]*\(")
"""Behind a name, this makes it a call."""

_LOCAL = ("parameter", "let", "loop variable")


def extract(analysis: Analysis, span: Span) -> Iterator[Action]:
    """Yield the extraction of the expression that is selected, exactly but for blanks."""
    text = analysis.source.text
    chosen = text[span.start : span.end]
    span = Span(
        span.start + len(chosen) - len(chosen.lstrip()),
        span.end - len(chosen) + len(chosen.rstrip()),
    )
    if span.start >= span.end:
        return
    meaning = analysis.expressions.around(span.start).get(span)
    statement = next(
        (s for s in statements_at(analysis, span.start) if span.end <= s.span.end), None
    )
    if not isinstance(meaning, str) or not isinstance(
        statement, tree.Declaration | tree.Load | tree.Print | tree.Save
    ):
        return
    way = way_to(statement, span.start)
    names = [node.span for node in way if isinstance(node, tree.Identifier)]
    if span in (*names, *_untouchable(statement)):
        return
    name = fresh(text, _NAME)
    is_glued = _CALLS.match(text, span.end) is not None
    written = f"({name})" if is_glued else name
    replaced = Edit(span, written)
    body = _body(way, _bound(analysis, statement, span), span)
    if body is None:
        at = beginning(text, statement.span.start)
        begun = Edit(Span(at, at), f"let {name} = {text[span.start : span.end]}\n")
        title = f"Extract into `let {name}`"
    else:
        at = body.start
        begun = Edit(Span(at, at), f"let {name} = {text[span.start : span.end]} in ")
        title = f"Extract into `let {name} … in`"
    together = Edit(Span(at, span.end), f"{begun.text}{written}")
    edits = (together,) if at == span.start else (begun, replaced)
    yield Action(title, "refactor.extract", edits)


def fresh(text: str, name: str) -> str:
    """Return a name that stands nowhere in a text."""
    words = set(re.findall(r"\w+", text))
    number = 2
    found = name
    while found in words:
        found, number = f"{name}{number}", number + 1
    return found


def _untouchable(statement: tree.Declaration | tree.Load | tree.Print | tree.Save) -> list[Span]:
    """Return the parts that a name cannot stand for: labels and paths."""
    match statement:
        case tree.Declaration():
            return []
        case tree.Load(path=path):
            return [path.span]
        case tree.Print(label=label) | tree.Save(label=label):
            return [label.span]


def _bound(analysis: Analysis, statement: tree.Statement, span: Span) -> list[Span]:
    """Return where the names are bound that the expression uses and its statement binds."""
    return [
        target.span
        for used, target in analysis.references.around(span.start).items()
        if span.start <= used.start
        and used.end <= span.end
        and isinstance(target, Definition)
        and target.path is None
        and target.role in _LOCAL
        and not span.start <= target.span.start < span.end
        and statement.span.start <= target.span.start < statement.span.end
    ]


def _body(way: Sequence[Node], bound: Sequence[Span], span: Span) -> Span | None:
    """Return the innermost body that sees all of `bound` and holds the expression.

    None where nothing is bound: then the expression may stand before its statement.
    """
    found: Span | None = None
    for node in way:
        match node:
            case tree.Declaration(formals=formals, value=value) if formals:
                names, body = formals, value.span
            case tree.Let(name=name, body=inner, formals=formals, value=value):
                if formals and value.span.start <= span.start < value.span.end:
                    names, body = formals, value.span
                else:
                    names, body = (name,), inner.span
            case tree.For(name=name, body=inner) | tree.Filter(name=name, predicate=inner):
                names, body = (name,), inner.span
            case _:
                continue
        holds = body.start <= span.start and span.end <= body.end
        if holds and any(each.span in bound for each in names):
            found = body
    return found
