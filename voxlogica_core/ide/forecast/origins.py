"""Where in a program a node, or a literal in it, was written: through names, calls and loops.

What stands in a function is looked at with the arguments it is called with, so that a parameter
leads to what was given for it.
"""

from collections import deque
from collections.abc import Callable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field
from functools import cached_property

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import declarations
from voxlogica_core.plan.plan import Place
from voxlogica_core.plan.reduction.meaning import Definition
from voxlogica_core.syntax import tree
from voxlogica_core.text.span import Span

_MOST = 5_000
"""Expressions looked at: a place is a convenience, and an answer must not take long."""


@dataclass(frozen=True, slots=True, eq=False)
class Spot:
    """An expression, and what was given for the parameters in it.

    Parameters
    ----------
    given
        By the span of the parameter where the function declares it.
    through
        Names of the declarations that led here.
    """

    expression: tree.Expression
    given: "Mapping[Span, Spot]" = field(default_factory=dict[Span, "Spot"])
    through: tuple[str, ...] = ()


class Origins:
    """Finds expressions in the text of one analysis."""

    def __init__(self, analysis: Analysis) -> None:
        self._analysis = analysis

    def spot(self, place: Place) -> Spot | None:
        """Return the expression at a place of the program itself."""
        if place.path is not None:
            return None
        found = self._at(place.span)
        if isinstance(found, tree.Infix):  # it is flat: one operation of it is meant
            items = tuple(item for item in found.items if _holds(place.span, item.span))
            found = tree.Infix(items, place.span)
        return found and Spot(found, self._given(place.calls))

    def find(
        self, start: Spot, wanted: Callable[[Spot], bool], passing: Callable[[str], bool]
    ) -> Spot | None:
        """Return the expression nearest to `start` that is wanted.

        Parameters
        ----------
        passing
            Whether to look into a declaration of the program, by its name.
        """
        return next((spot for spot in self.below(start, passing) if wanted(spot)), None)

    def below(self, start: Spot, passing: Callable[[str], bool]) -> Iterator[Spot]:
        """Yield what an expression is made of, itself first, the nearest before the others."""
        queue = deque([start])
        seen: set[tuple[int, int]] = set()
        while queue and len(seen) < _MOST:
            spot = queue.popleft()
            key = (id(spot.expression), id(spot.given))
            if key in seen:
                continue
            seen.add(key)
            yield spot
            queue += self._led_to(spot, passing)
            queue += [Spot(e, spot.given, spot.through) for e in children(spot.expression)]

    def _led_to(self, spot: Spot, passing: Callable[[str], bool]) -> Iterator[Spot]:
        """Yield what a name stands for: a declaration, an argument, the body of a function."""
        function = _function_of(spot.expression)
        name = spot.expression if isinstance(spot.expression, tree.Name) else function
        target = self._analysis.references.get(name.span) if name else None
        if not isinstance(target, Definition) or target.path is not None:
            return
        if target.span in spot.given:
            yield spot.given[target.span]
        elif (binder := self._binder(target.span)) is None:
            return
        elif isinstance(binder, tree.Load):
            yield Spot(binder.path, {}, (*spot.through, binder.name.text))
        elif binder.formals is None and (isinstance(binder, tree.Let) or passing(target.name)):
            given = spot.given if isinstance(binder, tree.Let) else {}
            yield Spot(binder.value, given, (*spot.through, target.name))
        elif binder.formals is not None and isinstance(spot.expression, tree.Call):
            bound = self._bound(binder.formals, spot.expression, spot.given)
            yield Spot(binder.value, {**spot.given, **bound}, spot.through)

    def _bound(
        self,
        formals: Sequence[tree.Identifier],
        call: tree.Call,
        given: Mapping[Span, Spot],
    ) -> dict[Span, Spot]:
        named = {a.name.text: a.value for a in call.arguments if a.name}
        ordered = [a.value for a in call.arguments if not a.name]
        positional = dict(
            zip([f.text for f in formals if f.text not in named], ordered, strict=False)
        )
        values = named | positional
        return {f.span: Spot(values[f.text], given) for f in formals if f.text in values}

    def _given(self, calls: Sequence[Span]) -> Mapping[Span, Spot]:
        """Return the parameters of the innermost of some calls."""
        given: dict[Span, Spot] = {}
        for span in reversed(calls):
            call = self._at(span)
            function = _function_of(call) if call else None
            target = self._analysis.references.get(function.span) if function else None
            binder = self._binder(target.span) if isinstance(target, Definition) else None
            if isinstance(call, tree.Call) and binder and not isinstance(binder, tree.Load):
                given = given | self._bound(binder.formals or (), call, given)
        return given

    def _at(self, span: Span) -> tree.Expression | None:
        """Return the smallest expression that holds a span."""
        return _smallest(self._around(span), span)

    def _binder(self, name: Span) -> tree.Declaration | tree.Load | tree.Let | None:
        """Return what gives a name its meaning, by where the name stands."""
        if name in self._declared:
            return self._declared[name]
        stack = list(self._around(name))
        while stack:
            now = stack.pop()
            if isinstance(now, tree.Let) and now.name.span == name:
                return now
            stack += [e for e in children(now) if _holds(e.span, name)]
        return None

    @cached_property
    def _declared(self) -> Mapping[Span, tree.Declaration | tree.Load]:
        return {statement.name.span: statement for statement in declarations(self._analysis)}

    def _around(self, span: Span) -> Sequence[tree.Expression]:
        statements = self._analysis.program.statements
        return next((_expressions(s) for s in statements if _holds(s.span, span)), ())


def children(expression: tree.Expression) -> Sequence[tree.Expression]:
    """Return the expressions that one is written with, in order of text."""
    match expression:
        case tree.Group(inner=inner):
            return (inner,)
        case tree.Infix(items=items):
            return items
        case tree.Call(arguments=arguments) | tree.Operator(extras=arguments):
            return [argument.value for argument in arguments]
        case tree.Array(items=items):
            return items
        case tree.Index(operand=operand, index=index):
            return (operand, index)
        case tree.Slice(operand=operand, start=start, stop=stop):
            return [e for e in (operand, start, stop) if e is not None]
        case tree.Let(value=value, body=body):
            return (value, body)
        case tree.For(source=source, body=body):
            return (source, body)
        case tree.Filter(source=source, predicate=predicate):
            return (source, predicate)
        case tree.Fold(function=function, initial=initial, source=source):
            return [e for e in (function, initial, source) if e is not None]
        case _:
            return ()


def _function_of(expression: tree.Expression) -> tree.Name | tree.Operator | None:
    return expression.function if isinstance(expression, tree.Call) else None


def _expressions(statement: tree.Statement) -> Sequence[tree.Expression]:
    match statement:
        case tree.Declaration(value=value):
            return (value,)
        case tree.Load(path=path):
            return (path,)
        case tree.Print(label=label, value=value) | tree.Save(label=label, value=value):
            return (label, value)
        case _:
            return ()


def _smallest(expressions: Sequence[tree.Expression], span: Span) -> tree.Expression | None:
    found: tree.Expression | None = None
    inside = list(expressions)
    while (now := next((e for e in inside if _holds(e.span, span)), None)) is not None:
        found, inside = now, list(children(now))
    return found


def _holds(outer: Span, inner: Span) -> bool:
    return outer.start <= inner.start and inner.end <= outer.end
