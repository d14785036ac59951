"""Declarations of one file of primitives, read from its text by `ast`; nothing is imported.

A declaration is a module-level function under ``@primitive(...)`` whose decorator arguments are
literals and whose annotations are names of `declare`. Anything else is an error with its place.
"""

import ast
import re
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass
from typing import cast

from voxlogica_core.errors import UsageError
from voxlogica_core.plan.node import Scalar
from voxlogica_core.plan.signature import Overload, Parameter, Result
from voxlogica_core.values.kind import (
    ANY,
    BOOL,
    COLOUR,
    IMAGE,
    LABELS,
    MASK,
    NUMBER,
    RECORD,
    STRING,
    Kind,
    record,
    sequence,
)

KINDS: Mapping[str, Kind] = {
    "Number": NUMBER,
    "Truth": BOOL,
    "Text": STRING,
    "ScalarImage": IMAGE,
    "Mask": MASK,
    "Labels": LABELS,
    "Colour": COLOUR,
    "Record": RECORD,
    "Anything": ANY,
}
GRID_KINDS = (IMAGE, MASK, LABELS, COLOUR)
_OPTIONS: Mapping[str, type | tuple[type, ...]] = {
    "version": int,
    "operators": tuple,
    "commutative": bool,
    "folds": bool,
    "grid": str,
    "cost": (int, float),
    "fields": tuple,
}
_FIELD_KINDS: Mapping[str, Kind] = {str(k): k for k in (NUMBER, BOOL, STRING)}
_FIELD = re.compile(r"(?P<names>[\w*][\w*, ]*?)(?: *:.*)?")


@dataclass(frozen=True, slots=True)
class Declaration:
    """One overload of a primitive, with what it says of the primitive as a whole."""

    name: str
    namespace: str
    version: str
    operators: tuple[str, ...]
    commutative: bool
    overload: Overload
    place: str


def read_declarations(text: str, module: str, place: str) -> Iterator[Declaration]:
    """Yield the declarations of a file in order.

    Parameters
    ----------
    text
        Source of the file.
    module
        What `kernels.kernel` imports to reach its functions.
    place
        Path of the file, for error messages.

    Raises
    ------
    UsageError
        A declaration is not made of literals and kind names.
    """
    try:
        tree = ast.parse(text)
    except SyntaxError as error:
        raise UsageError(f"{place}:{error.lineno}: not Python: {error.msg}") from None
    namespace = _namespace(tree)
    for function in tree.body:
        if not isinstance(function, ast.FunctionDef):
            continue
        for decorator in function.decorator_list:
            if _is_primitive(decorator):
                if namespace is None:
                    raise _fault(place, function, 'wants NAMESPACE = "..." in its file')
                yield _Reader(module, place, namespace).declaration(function, decorator)


def _namespace(tree: ast.Module) -> str | None:
    for statement in tree.body:
        match statement:
            case ast.Assign(
                targets=[ast.Name(id="NAMESPACE")], value=ast.Constant(value=str(name))
            ):
                return name
            case _:
                continue
    return None


def _is_primitive(decorator: ast.expr) -> bool:
    function = decorator.func if isinstance(decorator, ast.Call) else decorator
    return isinstance(function, ast.Name) and function.id == "primitive"


def _fault(place: str, node: ast.stmt | ast.expr | ast.arg, message: str) -> UsageError:
    return UsageError(f"{place}:{node.lineno}: this declaration of a primitive {message}")


@dataclass(frozen=True, slots=True)
class _Reader:
    """Reads declarations of one file; knows where it is for the sake of messages."""

    module: str
    place: str
    namespace: str

    def declaration(self, function: ast.FunctionDef, decorator: ast.expr) -> Declaration:
        """Return what `function` declares."""
        name, options = self._options(decorator)
        documentation = ast.get_docstring(function) or ""
        overload = Overload(
            parameters=tuple(self._parameters(function, parameter_texts(documentation))),
            result=self._recorded(function, cast("tuple[str, ...]", options.get("fields", ()))),
            module=self.module,
            function=function.name,
            folds=bool(options.get("folds", False)),
            grid="new" if options.get("grid") == "new" else "same",
            cost=cast("float", options.get("cost", 1.0)),
            documentation=documentation,
        )
        return Declaration(
            name,
            self.namespace,
            str(options["version"]),
            cast("tuple[str, ...]", options.get("operators", ())),
            bool(options.get("commutative", False)),
            overload,
            f"{self.place}:{function.lineno}",
        )

    def _options(self, decorator: ast.expr) -> tuple[str, dict[str, object]]:
        match decorator:
            case ast.Call(args=[ast.Constant(value=str(name))], keywords=keywords) if name:
                options = {word.arg or "**": self._literal(word.value) for word in keywords}
            case _:
                raise _fault(self.place, decorator, "wants a literal name first")
        for option, value in options.items():
            wanted = _OPTIONS.get(option)
            if wanted is None:
                raise _fault(self.place, decorator, f"has the unknown option {option}")
            if not isinstance(value, wanted):
                raise _fault(self.place, decorator, f"has a wrong {option}: {value!r}")
        if "version" not in options:
            raise _fault(self.place, decorator, "wants version=")
        if options.get("grid", "same") not in ("same", "new"):
            raise _fault(self.place, decorator, 'wants grid="same" or grid="new"')
        return name, options

    def _literal(self, expression: ast.expr) -> object:
        try:
            return ast.literal_eval(expression)
        except ValueError:
            text = ast.unparse(expression)
            raise _fault(self.place, expression, f"wants a literal, not {text}") from None

    def _parameters(
        self, function: ast.FunctionDef, texts: Mapping[str, str]
    ) -> Iterator[Parameter]:
        arguments = function.args
        if arguments.kwonlyargs or arguments.kwarg:
            raise _fault(self.place, function, "may not have keyword-only parameters")
        positional = [*arguments.posonlyargs, *arguments.args]
        plain: list[ast.expr | None] = [None] * (len(positional) - len(arguments.defaults))
        for argument, default in zip(positional, plain + arguments.defaults, strict=True):
            yield self._parameter(argument, default, texts)
        if arguments.vararg is not None:
            name, kinds, _ = self._parameter_kinds(arguments.vararg)
            yield Parameter(name, kinds, documentation=texts.get(name, ""), repeats=True)

    def _parameter(
        self, argument: ast.arg, default: ast.expr | None, texts: Mapping[str, str]
    ) -> Parameter:
        name, kinds, is_grid = self._parameter_kinds(argument)
        value = self._default(argument, default)
        return Parameter(name, kinds, value, is_grid, texts.get(name, ""))

    def _default(self, argument: ast.arg, default: ast.expr | None) -> Scalar | None:
        match None if default is None else self._literal(default):
            case bool() | float() | str() as scalar:
                return scalar
            case int() as whole:
                return float(whole)
            case None if default is None:
                return None
            case _:
                text = f"gives {argument.arg} a default that is no scalar"
                raise _fault(self.place, argument, text)

    def _parameter_kinds(self, argument: ast.arg) -> tuple[str, tuple[Kind, ...], bool]:
        match argument.annotation:
            case None:
                raise _fault(self.place, argument, f"gives {argument.arg} no kind")
            case ast.Name(id="Grid"):
                return argument.arg, GRID_KINDS, True
            case annotation:
                return argument.arg, tuple(self._kinds(annotation)), False

    def _kinds(self, annotation: ast.expr) -> Iterator[Kind]:
        match annotation:
            case ast.BinOp(left=left, op=ast.BitOr(), right=right):
                yield from self._kinds(left)
                yield from self._kinds(right)
            case ast.Name(id=name) if name in KINDS:
                yield KINDS[name]
            case ast.Subscript(value=ast.Name(id="Items"), slice=inner):
                yield from (sequence(kind) for kind in self._kinds(inner))
            case _:
                known = ", ".join([*KINDS, "Items[...]", "Grid"])
                text = ast.unparse(annotation)
                raise _fault(self.place, annotation, f"has kind {text}; known are {known}")

    def _result(self, function: ast.FunctionDef) -> Result:
        match function.returns:
            case None:
                raise _fault(self.place, function, "does not say the kind of its result")
            case ast.Name(id="Item"):
                return "item"
            case ast.Name(id="Field"):
                return "field"
            case ast.Name(id="First"):
                return "first"
            case ast.Name(id="Join"):
                return "join"
            case annotation:
                kinds = tuple(self._kinds(annotation))
        if len(kinds) != 1:
            raise _fault(self.place, function, "has more than one kind of result")
        return kinds[0]

    def _recorded(self, function: ast.FunctionDef, fields: Sequence[str]) -> Result:
        """Return the kind of the result, with the fields of a record."""
        result = self._result(function)
        if not fields:
            return result
        kinds: dict[str, Kind] = {}
        for field in fields:
            name, _, kind = field.partition(": ")
            if result != RECORD or (kind or "number") not in _FIELD_KINDS:
                raise _fault(self.place, function, f"has no record with the field {field}")
            kinds[name] = _FIELD_KINDS[kind or "number"]
        return record(**kinds)


def parameter_texts(documentation: str) -> dict[str, str]:
    """Return the text of each parameter in the ``Parameters`` section of a numpydoc docstring."""
    _, heading, section = documentation.partition("Parameters\n----------\n")
    if not heading:
        return {}
    texts: dict[str, list[str]] = {}
    names: list[str] = []
    lines = section.splitlines()
    for line, below in zip(lines, [*lines[1:], ""], strict=True):
        if below and not below.strip("-"):
            break
        if line.startswith(" "):
            for name in names:
                texts[name].append(line.strip())
        elif field := _FIELD.fullmatch(line):
            names = [name.strip(" *") for name in field["names"].split(",")]
            texts.update({name: [] for name in names})
    return {name: " ".join(words) for name, words in texts.items()}
