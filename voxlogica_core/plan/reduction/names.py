"""Names: from what is written to what it means, and the nearest names when it means nothing.

Order: parameters and local lets, declarations and imports above, the standard library, the
primitives that are always there, imported namespaces. Operators are looked up by their exact
spelling first and without their dots second.
"""

from collections.abc import Hashable, Sequence
from pathlib import PurePath
from typing import TYPE_CHECKING, get_args

from voxlogica_core.plan.reduction.binders import check_function
from voxlogica_core.plan.reduction.keys import is_operator, key_of, stripped
from voxlogica_core.plan.reduction.meaning import (
    Builtin,
    Closure,
    Declared,
    Definition,
    FileScope,
    Form,
    Meaning,
    Root,
    Scope,
    SpecialForm,
    Unknown,
    identity,
)
from voxlogica_core.plan.reduction.reading import load
from voxlogica_core.plan.reduction.reducing import Reducing
from voxlogica_core.plan.reduction.trampoline import Steps
from voxlogica_core.plan.reduction.unbound import unbound
from voxlogica_core.plan.reduction.unit import Lookup
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.syntax.tree import Load, Name, Operator, Variable
from voxlogica_core.text.span import Span

if TYPE_CHECKING:
    from voxlogica_core.plan.node import NodeId

ALWAYS = ("vox1", "default")
"""Namespaces that need no import."""

UNREADY = object()
"""Stands for the meaning of a declaration that has not been reduced yet; equal to nothing else."""

_FORMS: dict[str, SpecialForm] = {name: SpecialForm(name) for name in get_args(Form)}


class Names:
    """Finds the meaning of names for one reduction.

    Parameters
    ----------
    library
        The standard library.
    """

    def __init__(self, reducer: Reducing, library: FileScope) -> None:
        self._reducer = reducer
        self.library = library

    def meaning(self, name: Name | Operator, arity: int | None, scope: Scope) -> Steps[Meaning]:
        """Return what a name means; `arity` counts the operands of an operator."""
        text = name.text
        spellings = [text]
        if isinstance(name, Operator) and stripped(text) not in ("", text):
            spellings.append(stripped(text))
        for spelling in spellings:
            found: Meaning | None = yield from self._known(spelling, arity, name.span, scope)
            if found is not None:
                return found
        return unbound(self._reducer, name, arity, scope)

    def force(self, declared: Declared) -> Steps[Meaning]:
        """Reduce a declaration, once, when it is first asked for."""
        if declared.meaning is not None:
            return declared.meaning
        if declared.is_active:
            return Unknown(f"`{declared.definition.name}` needs itself")
        declared.is_active = True
        if declared.root is not self._reducer.unit.root:
            self._reducer.unit.is_plain = False  # another file's: its nodes are made in between
        if self._reducer.findings.is_soft:
            with self._reducer.findings.as_they_are():
                declared.meaning = yield from self._meaning_of(declared)
        else:
            declared.meaning = yield from self._meaning_of(declared)
        self._reducer.note(declared.statement.name.span, declared.meaning, Scope(declared.root))
        return declared.meaning

    def _meaning_of(self, declared: Declared) -> Steps[Meaning]:
        statement, reducer = declared.statement, self._reducer
        scope = Scope(declared.root)
        if isinstance(statement, Load):
            path: NodeId | Unknown = yield reducer.node(statement.path, scope)
            span = statement.path.span
            return path if isinstance(path, Unknown) else load(reducer, [path], span, scope)
        if not statement.formals:
            return (yield reducer.meaning(statement.value, scope))
        name, body = statement.name.text, statement.value
        meaning = Closure(name, statement.formals, body, scope, declared.definition)
        if not self.is_library(declared.root):
            yield check_function(reducer, meaning)
        return meaning

    def is_unary(self, name: str, scope: Scope) -> bool:
        """Return whether a word of capitals names a function of one parameter here."""
        if entry := scope.local(name):
            meaning = entry.meaning
            return isinstance(meaning, Closure) and len(meaning.formals) == 1
        self._look_up((name, None), scope)
        declared = scope.file.find(name, scope.position) or self.library.find(name)
        if declared is not None:
            return len(getattr(declared.statement, "formals", None) or ()) == 1
        found = self.primitive(name, 1, scope.root)
        return found is not None and found.counts()[0] == 1

    def is_library(self, root: Root) -> bool:
        """Return whether a statement belongs to the standard library."""
        return root.file.declared is self.library.declared

    def default(self, name: str) -> Primitive:
        """Return a primitive of the namespace `default`."""
        return self._reducer.table.catalogue.primitives[f"default.{name}"]

    def variable(self, variable: Variable, scope: Scope) -> Meaning:
        """Return the text of a program variable such as ``$stem``."""
        path = PurePath(scope.file.location or "")
        values = {
            "stem": path.stem,
            "file": str(path),
            "filename": path.name,
            "dir": scope.file.folder,
            "cwd": self._reducer.world.working_folder(),
        }
        if variable.text in values:
            return self._reducer.literal(values[variable.text])
        return Unknown(f"`${variable.text}` is no program variable")  # the parser has told it

    def visible(self, scope: Scope) -> set[str]:
        """Return the plain names that may be written in a scope."""
        names = scope.visible() | self.library.names() | set(_FORMS)
        for primitive in self._reducer.table.catalogue.within(self.namespaces(scope.root)):
            names.add(primitive.name)
        return {name for name in names if "/" not in name}

    def identity(self, lookup: Lookup, root: Root) -> Hashable:
        """Return what a name means to the statement at `root`, without reducing anything.

        `UNREADY` where that is a declaration that has not been reduced yet.
        """
        bound = self.bound(lookup, root)
        if not isinstance(bound, Declared):
            return None if bound is None else identity(bound)
        return UNREADY if bound.meaning is None else identity(bound.meaning)

    def _known(
        self, text: str, arity: int | None, span: Span, scope: Scope
    ) -> Steps[Meaning | None]:
        if (entry := scope.local(key_of(text, arity))) is not None:
            self.refer(span, entry.definition, scope)
            return entry.meaning
        lookup = (text, arity)
        bound = self.bound(lookup, scope.root)
        if isinstance(bound, Declared):
            self.refer(span, lookup, scope)
            found: Meaning | None = yield self.force(bound)
        else:
            found = bound
            if isinstance(found, Builtin):
                self.refer(span, found.primitive, scope)
            elif isinstance(found, Unknown):
                self.refer(span, lookup, scope)  # a broken statement would declare it
        if self._reducer.is_here(scope):
            self._reducer.unit.lookups[lookup] = None if found is None else identity(found)
        return found

    def _look_up(self, lookup: Lookup, scope: Scope) -> None:
        """Remember that a statement of the program hangs on what a name means."""
        if self._reducer.is_here(scope):
            self._reducer.unit.lookups[lookup] = self.identity(lookup, scope.root)

    def bound(self, lookup: Lookup, root: Root) -> Declared | Meaning | None:
        """Return what a name stands for in a file: a declaration of it, or what is always there."""
        text, arity = lookup
        file = root.file
        if (known := file.always.get(lookup)) is not None:
            return known
        key = key_of(text, arity)
        if key not in file.declared and not file.imports and not file.namespaces:
            found = self._bound_outside(lookup, key, root)
            if found is not None:
                file.always[lookup] = found
            return found
        declared = file.find(key, root.position)
        return declared or self._bound_outside(lookup, key, root)

    def _bound_outside(self, lookup: Lookup, key: str, root: Root) -> Declared | Meaning | None:
        """Return what a name means that the file does not declare above."""
        text, arity = lookup
        if not self.is_library(root) and (declared := self.library.find(key)) is not None:
            return declared
        if text in root.file.broken:
            return Unknown(f"the statement that declares `{text}` is broken")
        if text in _FORMS:
            return _FORMS[text]
        primitive = self.primitive(text, arity, root)
        return None if primitive is None else Builtin(primitive)

    def primitive(self, text: str, arity: int | None, root: Root) -> Primitive | None:
        """Return the primitive that a name means where nothing else has it."""
        catalogue = self._reducer.table.catalogue
        if is_operator(text):
            if text == "-" and arity == 1:
                return catalogue.find("negate", ALWAYS)
            found = catalogue.operators.get(text)
            low, high = found.counts() if found else (0, 0)
            return found if arity is None or low <= arity <= high else None
        namespaces = self.namespaces(root)
        if "." in text:
            return catalogue.primitives.get(text) if text.split(".")[0] in namespaces else None
        return catalogue.find(text, namespaces)

    def namespaces(self, root: Root) -> Sequence[str]:
        """Return the namespaces whose names need no prefix in a statement."""
        return [*ALWAYS, *root.file.namespaces_before(root.position)]

    def mention(self, name: Name | Operator, arity: int | None, scope: Scope) -> None:
        """Remember that a name stands where nothing can be made of it; it counts as used."""
        for spelling in dict.fromkeys((name.text, stripped(name.text))):
            lookup = (spelling, arity)
            if not spelling:
                continue
            self._look_up(lookup, scope)
            if self.bound(lookup, scope.root) is not None:
                self.refer(name.span, lookup, scope)
                return

    def refer(self, span: Span, target: Definition | Primitive | Lookup, scope: Scope) -> None:
        """Remember what a name in the program itself refers to, for the editor."""
        if self._reducer.is_here(scope):
            self._reducer.unit.references.setdefault(span, target)
