"""Names: from what is written to what it means, and the nearest names when it means nothing.

Order: parameters and local lets, declarations and imports above, the standard library, the
primitives that are always there, imported namespaces. Operators are looked up by their exact
spelling first and without their dots second.
"""

from collections.abc import Sequence
from difflib import get_close_matches
from pathlib import PurePath
from typing import TYPE_CHECKING, get_args

from voxlogica_core.plan.binders import check_function
from voxlogica_core.plan.keys import is_operator, key_of, stripped
from voxlogica_core.plan.meaning import (
    Builtin,
    Closure,
    Definition,
    Form,
    Meaning,
    SpecialForm,
    Unknown,
)
from voxlogica_core.plan.reading import load
from voxlogica_core.plan.scope import Declared, FileScope, Scope
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.plan.trampoline import Steps
from voxlogica_core.syntax.tree import Load, Name, Operator, Variable
from voxlogica_core.text.diagnostic import Edit, Fix
from voxlogica_core.text.span import Span

if TYPE_CHECKING:
    from voxlogica_core.plan.reducer import Reducer

ALWAYS = ("vox1", "default")
"""Namespaces that need no import."""

_FORMS: dict[str, SpecialForm] = {name: SpecialForm(name) for name in get_args(Form)}


class Names:
    """Finds the meaning of names for one reduction.

    `library` holds the standard library; `references` where each name of the program is defined.
    """

    def __init__(self, reducer: "Reducer") -> None:
        self._reducer = reducer
        self.library = FileScope("", "", "")
        self.references: dict[Span, Definition | Primitive] = {}

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
        return self._unbound(name, arity, scope)

    def force(self, declared: Declared) -> Steps[Meaning]:
        """Reduce a declaration, once, when it is first asked for."""
        if declared.meaning is not None:
            return declared.meaning
        if declared.is_active:
            return Unknown(f"`{declared.definition.name}` needs itself")
        declared.is_active = True
        statement, reducer = declared.statement, self._reducer
        scope = Scope(declared.scope, declared.position)
        if isinstance(statement, Load):
            path = yield reducer.node(statement.path, scope)
            known = [] if isinstance(path, Unknown) else [path]
            span = statement.path.span
            meaning: Meaning = load(reducer, known, span, scope) if known else path
        elif statement.formals:
            name, body = statement.name.text, statement.value
            meaning = Closure(name, statement.formals, body, scope, declared.definition)
            if declared.scope is not self.library:
                yield check_function(reducer, meaning)
        else:
            meaning = yield reducer.meaning(statement.value, scope)
        declared.meaning = meaning
        reducer.note(statement.name.span, meaning, scope)
        return meaning

    def is_unary(self, name: str, scope: Scope) -> bool:
        """Return whether a word of capitals names a function of one parameter here."""
        if entry := scope.local(name):
            meaning = entry.meaning
            return isinstance(meaning, Closure) and len(meaning.formals) == 1
        declared = scope.file.find(name, scope.position) or self.library.find(name)
        if declared is not None:
            return len(getattr(declared.statement, "formals", None) or ()) == 1
        found = self._primitive(name, 1, scope)
        return found is not None and found.counts()[0] == 1

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
        message = (
            f"`${variable.text}` is no program variable ({', '.join('$' + v for v in values)}): "
            "it looks like a place for a script to fill in; write the value, or a `let` and --set"
        )
        return self._reducer.failure("template-variable", message, variable.span, scope)

    def visible(self, scope: Scope) -> set[str]:
        """Return the plain names that may be written in a scope."""
        names = scope.visible() | self.library.names() | set(_FORMS)
        for primitive in self._reducer.table.catalogue:
            if primitive.namespace in self._namespaces(scope):
                names.add(primitive.name)
        return {name for name in names if "/" not in name}

    def _known(
        self, text: str, arity: int | None, span: Span, scope: Scope
    ) -> Steps[Meaning | None]:
        key = key_of(text, arity)
        if (entry := scope.local(key)) is not None:
            self._refer(span, entry.definition, scope)
            return entry.meaning
        declared = scope.file.find(key, scope.position) or self.library.find(key)
        if declared is not None and declared.scope is self.library is scope.file:
            declared = scope.file.find(key, scope.position)
        if declared is not None:
            declared.is_used = True
            self._refer(span, declared.definition, scope)
            return (yield self.force(declared))
        if (broken := scope.file.broken.get(text)) is not None:
            return Unknown(broken)
        if text in _FORMS:
            return _FORMS[text]
        primitive = self._primitive(text, arity, scope)
        if primitive is None:
            return None
        self._refer(span, primitive, scope)
        return Builtin(primitive)

    def _primitive(self, text: str, arity: int | None, scope: Scope) -> Primitive | None:
        catalogue = self._reducer.table.catalogue
        if is_operator(text):
            if text == "-" and arity == 1:
                return catalogue.find("negate", ALWAYS)
            found = catalogue.operators.get(text)
            low, high = found.counts() if found else (0, 0)
            return found if arity is None or low <= arity <= high else None
        namespaces = self._namespaces(scope)
        if "." in text:
            return catalogue.primitives.get(text) if text.split(".")[0] in namespaces else None
        return catalogue.find(text, namespaces)

    def _namespaces(self, scope: Scope) -> Sequence[str]:
        return [*ALWAYS, *scope.file.namespaces_before(scope.position)]

    def _refer(self, span: Span, target: Definition | Primitive, scope: Scope) -> None:
        if scope.file.path is None:
            self.references.setdefault(span, target)

    def _unbound(self, name: Name | Operator, arity: int | None, scope: Scope) -> Unknown:
        text, reducer = name.text, self._reducer
        own = scope.file.declared.get(key_of(text, arity), [])
        if any(declared.position == scope.position for declared in own):
            message = f"`{text}` needs itself: functions cannot call themselves; use for or fold"
            return reducer.failure("recursive-call", message, name.span, scope)
        if isinstance(name, Operator):
            return self._unbound_operator(name, arity, scope)
        catalogue = reducer.table.catalogue
        homes = sorted({p.namespace for p in catalogue if text in (p.name, p.qualified)})
        if homes:
            message = f'`{text}` is in the namespace {homes[0]}: add import "{homes[0]}"'
            fix = Fix(message, (Edit(Span(0, 0), f'import "{homes[0]}"\n'),))
            reducer.findings.report("not-imported", message, name.span, scope, fixes=(fix,))
            return Unknown(message)
        near = get_close_matches(text, sorted(self.visible(scope)), n=3, cutoff=0.6)
        message = f"`{text}` is not defined"
        if near:
            message += f"; did you mean {' or '.join(f'`{name}`' for name in near)}?"
        fixes = tuple(Fix(f"Write `{other}`", (Edit(name.span, other),)) for other in near)
        reducer.findings.report("unbound-name", message, name.span, scope, fixes=fixes)
        return Unknown(message)

    def _unbound_operator(self, name: Operator, arity: int | None, scope: Scope) -> Unknown:
        text, reducer = name.text, self._reducer
        for cut in range(1, len(text)):
            left, right = text[:cut], text[cut:]
            if self._is_defined(left, 2, scope) and self._is_defined(right, 1, scope):
                message = f"there is no operator `{text}`: write `{left} {right}` with a space"
                fix = Fix(f"Write `{left} {right}`", (Edit(name.span, f"{left} {right}"),))
                reducer.findings.report("glued-operator", message, name.span, scope, fixes=(fix,))
                return Unknown(message)
        side = "before one operand" if arity == 1 else "between two operands"
        message = f"there is no operator `{text}` {side}; define it with let {text}(a, b) = …"
        return reducer.failure("unbound-name", message, name.span, scope)

    def _is_defined(self, text: str, arity: int, scope: Scope) -> bool:
        for spelling in {text, stripped(text)} - {""}:
            key = key_of(spelling, arity)
            if scope.local(key) or scope.file.find(key, scope.position) or self.library.find(key):
                return True
            if self._primitive(spelling, arity, scope):
                return True
        return False
