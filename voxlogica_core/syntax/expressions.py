"""From grammar rules to expressions: one method for each rule or alias of ``imgql.lark``.

Decides nothing about names or precedence. A method gets the children of its rule, tokens
included; where the grammar is wider than the language it raises `SyntaxProblem`.
"""

from dataclasses import dataclass
from typing import Any

from voxlogica_core.syntax import tree
from voxlogica_core.syntax.lexis import Token, is_capitals
from voxlogica_core.syntax.literals import path_value, text_value
from voxlogica_core.syntax.problem import SyntaxProblem, shortened
from voxlogica_core.syntax.tree import Argument, Expression, Identifier, Name, Operator
from voxlogica_core.text.span import Span

Children = list[Any]
"""What Lark hands to a callback: tokens, and what other callbacks made."""


@dataclass(frozen=True, slots=True)
class Listed:
    """Arguments in parentheses, until the operator in front of them takes them."""

    arguments: tuple[Argument, ...]
    span: Span


def value(expression: Expression | Listed) -> Expression:
    """Return `expression` if it stands for a value; operators and lists alone do not."""
    if isinstance(expression, Listed):
        raise _misplaced(expression)
    if isinstance(expression, Operator):
        raise SyntaxProblem(
            f"`{expression.text}` wants operands here; an operator stands alone only as an "
            "argument, as in `map(!, xs)`.",
            expression.span,
        )
    return expression


def identifier(token: Token) -> Identifier:
    """Return the name a token declares."""
    return Identifier(token.text, _span(token))


class ExpressionBuilder:
    """The callbacks of the rules for expressions; holds no state."""

    # ---- primaries -----------------------------------------------------------------------------

    def number(self, children: Children) -> tree.NumberLiteral:
        """Build ``0.5``."""
        token: Token = children[0]
        number = float(token.text)
        if number == float("inf"):
            message = (
                f"The number `{shortened(token.text)}` is too large: at most 1.8e308 is wanted."
            )
            raise SyntaxProblem(message, _span(token))
        return tree.NumberLiteral(number, _span(token))

    def string(self, children: Children) -> tree.StringLiteral:
        """Build ``"text"``."""
        return tree.StringLiteral(text_value(children[0].text), _span(children[0]))

    def path(self, children: Children) -> tree.StringLiteral:
        """Build ``"path"``, in front of which ``load``, ``save`` or ``import`` stands."""
        return tree.StringLiteral(path_value(children[0].text), _span(children[0]))

    def true(self, children: Children) -> tree.BoolLiteral:
        """Build ``true``."""
        return tree.BoolLiteral(True, _span(children[0]))

    def false(self, children: Children) -> tree.BoolLiteral:
        """Build ``false``."""
        return tree.BoolLiteral(False, _span(children[0]))

    def name(self, children: Children) -> Name:
        """Build ``x`` or ``ns.x``."""
        token: Token = children[0]
        return Name(token.text, Span(token.start, token.end))

    def variable(self, children: Children) -> tree.Variable:
        """Build ``$stem``."""
        return tree.Variable(children[0].text[1:], _span(children[0]))

    def empty_group(self, children: Children) -> Listed:
        """Build ``()``."""
        return Listed((), Span(children[0].start, children[1].end))

    def group(self, children: Children) -> tree.Group | Listed:
        """Build ``(a)``, or ``(a, b)`` behind an operator."""
        opening, arguments, closing = children
        span = Span(opening.start, closing.end)
        first: Argument = arguments[0]
        if len(arguments) > 1 or first.name is not None or type(first.value) is Operator:
            return Listed(tuple(arguments), span)
        return tree.Group(first.value, span)

    def empty_array(self, children: Children) -> tree.Array:
        """Build ``[]``."""
        return tree.Array((), Span(children[0].start, children[1].end))

    def array(self, children: Children) -> tree.Array:
        """Build ``[a, b]``."""
        opening, arguments, closing = children
        items = tuple(_unnamed(argument) for argument in arguments)
        return tree.Array(items, Span(opening.start, closing.end))

    # ---- postfix -------------------------------------------------------------------------------

    def call_without_arguments(self, children: Children) -> tree.Call:
        """Build ``f()``."""
        function, _, closing = children
        return tree.Call(self.name([function]), (), Span(function.start, closing.end))

    def call(self, children: Children) -> tree.Call:
        """Build ``f(a, b)``."""
        function, _, arguments, closing = children
        span = Span(function.start, closing.end)
        return tree.Call(self.name([function]), tuple(arguments), span)

    def index(self, children: Children) -> tree.Index | Operator:
        """Build ``xs[i]``; with several arguments a word of capitals is an operator with extras."""
        operand, opening, arguments, closing = children
        span = Span(operand.span.start, closing.end)
        if len(arguments) == 1:
            return tree.Index(value(operand), value(_unnamed(arguments[0])), span)
        if type(operand) is Name and is_capitals(operand.text):
            return Operator(operand.text, span, tuple(arguments))
        raise SyntaxProblem(
            "One index is wanted between the brackets, as in `xs[i]`; "
            "an item of an item is `xs[i][j]`.",
            Span(opening.start, closing.end),
        )

    def slice_all(self, children: Children) -> tree.Slice:
        """Build ``xs[:]``."""
        return _slice(children, None, None)

    def slice_to(self, children: Children) -> tree.Slice:
        """Build ``xs[:b]``."""
        return _slice(children, None, children[3])

    def slice_from(self, children: Children) -> tree.Slice:
        """Build ``xs[a:]``."""
        return _slice(children, children[2], None)

    def slice_between(self, children: Children) -> tree.Slice:
        """Build ``xs[a:b]``."""
        return _slice(children, children[2], children[4])

    # ---- sequences of operands and operators ---------------------------------------------------

    def operator_with_extras(self, children: Children) -> Operator:
        """Build ``++[c, d]``."""
        token, _, arguments, closing = children
        return Operator(token.text, Span(token.start, closing.end), tuple(arguments))

    def first_operand(self, children: Children) -> list[Expression]:
        """Begin a flat sequence with an operand, or an operator with extras."""
        operand: Expression | Listed = children[0]
        if type(operand) is Listed:
            raise _misplaced(operand)
        return children

    def first_operator(self, children: Children) -> list[Expression]:
        """Begin a flat sequence with an operator."""
        return [_operator(children[0])]

    def next_operand(self, children: Children) -> list[Expression]:
        """Add an operand, or the arguments of the operator in front of it."""
        items: list[Expression] = children[0]
        operand = children[1]
        if type(operand) is Listed:
            items.append(_operator_call(items, operand))
        else:
            items.append(operand)
        return items

    def next_operator(self, children: Children) -> list[Expression]:
        """Add an operator."""
        items: list[Expression] = children[0]
        items.append(_operator(children[1]))
        return items

    def expression(self, children: Children) -> Expression:
        """Close a flat sequence; a single item is itself."""
        items: list[Expression] = children[0]
        if len(items) == 1:
            return items[0]
        return tree.Infix(tuple(items), Span(items[0].span.start, items[-1].span.end))

    # ---- arguments -----------------------------------------------------------------------------

    def first_argument(self, children: Children) -> list[Argument]:
        """Begin a list of arguments."""
        return children

    def next_argument(self, children: Children) -> list[Argument]:
        """Add an argument."""
        arguments: list[Argument] = children[0]
        arguments.append(children[2])
        return arguments

    def argument(self, children: Children) -> Argument:
        """Build ``a``, or an operator alone."""
        return Argument(None, children[0], children[0].span)

    def named_argument(self, children: Children) -> Argument:
        """Build ``name = a``."""
        name, _, given = children
        return Argument(identifier(name), value(given), Span(name.start, given.span.end))

    # ---- binders -------------------------------------------------------------------------------

    def let_value(self, children: Children) -> tree.Let:
        """Build ``let x = a in b``."""
        let, name, _, given, _, body = children
        span = Span(let.start, body.span.end)
        return tree.Let(identifier(name), None, value(given), value(body), span)

    def let_function(self, children: Children) -> tree.Let:
        """Build ``let f(x) = a in b``."""
        let, name, formals, _, given, _, body = children
        span = Span(let.start, body.span.end)
        return tree.Let(identifier(name), formals, value(given), value(body), span)

    def for_each(self, children: Children) -> tree.For:
        """Build ``for x in xs do a``."""
        word, name, _, source, _, body = children
        span = Span(word.start, body.span.end)
        return tree.For(identifier(name), value(source), value(body), span)

    def filter(self, children: Children) -> tree.Filter:
        """Build ``filter x in xs do a``."""
        word, name, _, source, _, body = children
        span = Span(word.start, body.span.end)
        return tree.Filter(identifier(name), value(source), value(body), span)

    def fold(self, children: Children) -> tree.Fold:
        """Build ``fold f xs``."""
        word, function, source = children
        return tree.Fold(function, None, source, Span(word.start, source.span.end))

    def fold_from(self, children: Children) -> tree.Fold:
        """Build ``fold f initial xs``."""
        word, function, initial, source = children
        return tree.Fold(function, initial, source, Span(word.start, source.span.end))

    def folded(self, children: Children) -> Name | Operator:
        """Return the function of a fold: a name or an operator."""
        token: Token = children[0]
        return _operator(token) if token.type == "OPERATOR" else self.name(children)

    def fold_operand(self, children: Children) -> Expression:
        """Build ``xs``."""
        return value(children[0])

    def prefixed_fold_operand(self, children: Children) -> Expression:
        """Build ``-1``, or ``+(a, b)``."""
        items = [_operator(children[0])]
        return self.expression([self.next_operand([items, children[1]])])


def _span(token: Token) -> Span:
    return Span(token.start, token.end)


def _operator(token: Token) -> Operator:
    return Operator(token.text, Span(token.start, token.end))


def _unnamed(argument: Argument) -> Expression:
    if argument.name is not None:
        raise SyntaxProblem(
            f"A value is wanted here, `{argument.name.text} = ...` came: "
            "named arguments stand in calls, and `==` compares.",
            argument.span,
        )
    return argument.value


def _slice(children: Children, start: Expression | None, stop: Expression | None) -> tree.Slice:
    operand = value(children[0])
    for bound in (start, stop):
        if bound is not None:
            value(bound)
    return tree.Slice(operand, start, stop, Span(operand.span.start, children[-1].end))


def _operator_call(items: list[Expression], listed: Listed) -> tree.Call:
    """Take the operator off `items` that is called with `listed`."""
    operator = items[-1]
    if type(operator) is not Operator or operator.extras:
        raise _misplaced(listed)
    if len(items) > 1 and not _may_precede_operand(items[-2]):
        raise _misplaced(listed)
    items.pop()
    span = Span(operator.span.start, listed.span.end)
    return tree.Call(operator, listed.arguments, span)


def _may_precede_operand(item: Expression) -> bool:
    return type(item) is Operator or (type(item) is Name and is_capitals(item.text))


def _misplaced(listed: Listed) -> SyntaxProblem:
    if not listed.arguments:
        return SyntaxProblem("An expression is wanted between the parentheses.", listed.span)
    return SyntaxProblem(
        "Several expressions in parentheses stand only behind an operator that is called like a "
        "function, as in `+(a, b)`; a sequence is written `[a, b]`.",
        listed.span,
    )
