"""Trees as one line of text, so that a test can say what it expects; and a walk over any tree."""

from collections.abc import Iterator
from dataclasses import fields, is_dataclass

from voxlogica_core.syntax import tree
from voxlogica_core.syntax.fixity import ApplyInfix, ApplyPrefix, Push, resolve
from voxlogica_core.syntax.lexis import Token
from voxlogica_core.syntax.parser import Parsed, parse
from voxlogica_core.syntax.tokens import settled_stretches
from voxlogica_core.text.diagnostic import Diagnostic
from voxlogica_core.text.source_text import SourceText
from voxlogica_core.text.span import Span

PREFIX_WORDS = frozenset({"N", "I", "L", "C", "D"})


def parsed(text: str) -> Parsed:
    """Parse a text."""
    return parse(SourceText(text))


def tokens(text: str, operators: frozenset[str] = frozenset()) -> list[Token]:
    """Cut a text into tokens."""
    return [token for stretch in settled_stretches(text, operators)[0] for token in stretch.tokens]


def outlines(text: str) -> list[str]:
    """Return each statement of `text` as one line, operators fully parenthesised."""
    return [outline(statement) for statement in parsed(text).program.statements]


def codes(text: str) -> list[str]:
    """Return the codes of what is wrong with `text`, operator sequences included."""
    return [diagnostic.code for diagnostic in complaints(text)]


def complaints(text: str) -> list[Diagnostic]:
    """Return what is wrong with `text`, operator sequences included."""
    result = parsed(text)
    found = list(result.diagnostics)
    for node, _ in nodes(result.program):
        if isinstance(node, tree.Infix):
            found += resolve(node, PREFIX_WORDS.__contains__).diagnostics
    return found


def outline(node: object) -> str:
    """Return a tree as one line, operators fully parenthesised, groups left out."""
    match node:
        case tree.Declaration(name, formals, value):
            return f"{name.text}{_formals(formals)} = {outline(value)}"
        case tree.Load(name, path):
            return f"load {name.text} = {outline(path)}"
        case tree.Save(label, value):
            return f"save {outline(label)} {outline(value)}"
        case tree.Print(label, value):
            return f"print {outline(label)} {outline(value)}"
        case tree.Import(target):
            return f"import {outline(target)}"
        case tree.Broken(names):
            return f"broken {' '.join(name.text for name in names)}".rstrip()
        case _:
            return _expression(node)


def _expression(node: object) -> str:
    match node:
        case tree.NumberLiteral(value):
            return f"{value:.15g}"
        case tree.StringLiteral(value):
            return repr(value)
        case tree.BoolLiteral(value):
            return str(value).lower()
        case tree.Variable(text):
            return f"${text}"
        case tree.Name(text) | tree.Operator(text, _, ()):
            return text
        case tree.Operator(text, _, extras):
            return f"{text}[{_list(extras)}]"
        case tree.Argument(name, value):
            return outline(value) if name is None else f"{name.text}={outline(value)}"
        case tree.Call(function, arguments):
            return f"{function.text}({_list(arguments)})"
        case tree.Index(operand, index):
            return f"{outline(operand)}[{outline(index)}]"
        case tree.Slice(operand, start, stop):
            bounds = ["" if bound is None else outline(bound) for bound in (start, stop)]
            return f"{outline(operand)}[{':'.join(bounds)}]"
        case tree.Array(items):
            return f"[{_list(items)}]"
        case tree.Group(inner):
            return outline(inner)
        case tree.Infix():
            return _infix(node)
        case _:
            return _binder(node)


def _binder(node: object) -> str:
    match node:
        case tree.Let(name, formals, value, body):
            return f"(let {name.text}{_formals(formals)} = {outline(value)} in {outline(body)})"
        case tree.For(name, source, body):
            return f"(for {name.text} in {outline(source)} do {outline(body)})"
        case tree.Filter(name, source, predicate):
            return f"(filter {name.text} in {outline(source)} do {outline(predicate)})"
        case tree.Fold(function, None, source):
            return f"(fold {function.text} {outline(source)})"
        case tree.Fold(function, initial, source):
            return f"(fold {function.text} {outline(initial)} {outline(source)})"
        case _:
            raise AssertionError(node)


def _infix(infix: tree.Infix) -> str:
    stack: list[str] = []
    for step in resolve(infix, PREFIX_WORDS.__contains__).steps:
        match step:
            case Push(expression):
                stack.append(outline(expression))
            case ApplyPrefix(operator):
                stack.append(f"({outline(operator)} {stack.pop()})")
            case ApplyInfix(operator):
                right, left = stack.pop(), stack.pop()
                stack.append(f"({left} {outline(operator)} {right})")
    return stack[0] if stack else f"<{' '.join(outline(item) for item in infix.items)}>"


def _list(items: tuple[object, ...]) -> str:
    return ", ".join(outline(item) for item in items)


def _formals(formals: tuple[tree.Identifier, ...] | None) -> str:
    if formals is None:
        return ""
    return f"({', '.join(formal.text for formal in formals)})"


def nodes(root: tree.Program) -> Iterator[tuple[object, Span]]:
    """Yield every node below `root` with the span of its parent; however deep the tree."""
    waiting: list[tuple[object, Span]] = [(s, root.span) for s in root.statements]
    while waiting:
        node, parent = waiting.pop()
        yield node, parent
        waiting += [(child, _span(node)) for child in _children(node)]


def _span(node: object) -> Span:
    span = getattr(node, "span", None)
    assert isinstance(span, Span)
    return span


def _children(node: object) -> Iterator[object]:
    assert is_dataclass(node)
    for each in fields(node):
        if isinstance(node, tree.Mention) and each.name == "binder":
            continue  # points to where a name is bound, which is elsewhere in the statement
        value: object = getattr(node, each.name)
        values: tuple[object, ...] = value if isinstance(value, tuple) else (value,)
        for child in values:
            if is_dataclass(child) and not isinstance(child, Span):
                yield child
