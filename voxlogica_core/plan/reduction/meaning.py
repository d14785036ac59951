"""What names mean, and where: meanings, and the scopes in which they are looked up. Looks up none.

A scope holds what names mean, and a function the scope that it was written in. Scopes are lexical:
a file's declarations and imports share one order of text, and a look-up from position k sees what
stands before k, the latest of one name. Inside a function or a loop, names of its own come first.
"""

from bisect import bisect_left
from collections.abc import Hashable, Mapping, Sequence
from dataclasses import dataclass, field, replace
from typing import Literal

from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.reduction.standings import Standings
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.syntax.dialect import OURS, Reading
from voxlogica_core.syntax.tree import Declaration, Expression, Identifier, Load
from voxlogica_core.text.span import Span

END = 1 << 60
"""A position after every statement."""

Role = Literal["declaration", "function", "parameter", "let", "loop variable", "import"]
Form = Literal["map", "load", "dir", "sequence", "ifB", "ifN"]


@dataclass(frozen=True, slots=True)
class Definition:
    """Where a name was given its meaning; `path` None is the program itself.

    `root` is the statement it stands in, as long as its span is as it was parsed.
    """

    name: str
    role: Role
    span: Span
    path: str | None
    documentation: str = ""
    root: "Root | None" = field(default=None, compare=False, repr=False)


@dataclass(frozen=True, slots=True, eq=False)
class Closure:
    """A function of the user's, with the scope it was written in. Equal only to itself."""

    name: str
    formals: tuple[Identifier, ...]
    body: Expression
    scope: "Scope"
    definition: Definition


@dataclass(frozen=True, slots=True)
class Builtin:
    """A primitive as a function."""

    primitive: Primitive


@dataclass(frozen=True, slots=True)
class SpecialForm:
    """A function that the reducer itself carries out."""

    name: Form


@dataclass(frozen=True, slots=True)
class Unknown:
    """No meaning, because of an error reported elsewhere, or because it is not known yet.

    `cause` says why in the words of that error, for the goals that need it. `is_reading` says that
    it will be known soon: a file is being read for the first time.
    """

    cause: str = ""
    is_file_problem: bool = False
    is_reading: bool = False


Function = Closure | Builtin | SpecialForm
Meaning = NodeId | Function | Unknown
UNKNOWN = Unknown()


@dataclass(frozen=True, slots=True)
class Entry:
    """A name with its meaning and the place that gave it."""

    meaning: Meaning
    definition: Definition


@dataclass(slots=True, eq=False)
class Declared:
    """A declaration of a file: reduced when first asked for, once."""

    statement: Declaration | Load
    root: "Root"
    definition: Definition
    key: str
    meaning: Meaning | None = None
    is_active: bool = False

    @property
    def position(self) -> int:
        """Where the statement stands among those of its file."""
        return self.root.position


Standing = tuple[int, Declared]
"""A declaration and the position of its statement."""


@dataclass(slots=True, eq=False)
class Root:
    """A statement of a file as the place where names are looked up.

    Parameters
    ----------
    file, position
        The file as it is now, and where the statement stands among those of the file: positions go
        up with the text. What stands in no version any more is in an empty file.
    """

    file: "FileScope"
    position: int

    def now(self, span: Span) -> Span:
        """Return where a span of the statement, as it was parsed, is now."""
        by = self.file.shift(self.position)
        return span.shifted(by) if by else span


@dataclass(slots=True, eq=False)
class FileScope:
    """The names one file declares, and the files it imports.

    Parameters
    ----------
    path
        The file, None for the program itself.
    folder
        Where its relative paths begin.
    location
        Where the file is, the program included; None for unsaved text.
    broken
        Names that statements with syntax errors would have declared.
    positions, moved
        Of each statement, and by how much it has moved since it was parsed; empty where none has.
    declared
        Declarations by key.
    always
        What names mean that it neither declares nor imports, found before: the same everywhere.
    reading
        How its operators bind.
    """

    path: str | None
    folder: str
    location: str | None = None
    broken: dict[str, Definition] = field(default_factory=dict[str, Definition])
    positions: Sequence[int] = ()
    moved: Sequence[int] = ()
    always: "dict[tuple[str, int | None], Declared | Meaning]" = field(
        default_factory=dict[tuple[str, int | None], "Declared | Meaning"]
    )
    declared: Standings[Declared] = field(default_factory=Standings[Declared])
    imports: "list[tuple[int, FileScope]]" = field(default_factory=list[tuple[int, "FileScope"]])
    namespaces: list[tuple[int, str]] = field(default_factory=list[tuple[int, str]])
    reading: Reading = OURS

    def empty(self) -> "FileScope":
        """Return the same file without any names."""
        return FileScope(self.path, self.folder, self.location, reading=self.reading)

    def snapshot(self) -> "FileScope":
        """Return the file as it is now, for a version of a text whose next one will mend it."""
        return replace(
            self,
            broken=dict(self.broken),
            positions=list(self.positions),
            always={},
            declared=Standings(self.declared),
            imports=list(self.imports),
            namespaces=list(self.namespaces),
        )

    def shift(self, position: int) -> int:
        """Return by how much the statement at a position has moved since it was parsed."""
        index = bisect_left(self.positions, position)
        is_there = index < len(self.positions) and self.positions[index] == position
        return self.moved[index] if is_there else 0

    def find(self, key: str, before: int = END) -> Declared | None:
        """Return the latest declaration of `key` that stands before position `before`."""
        place, found = self.declared.latest(key, before)
        for position, imported in reversed(self.imports):
            if position >= before:
                continue
            if place > position:
                break
            if (inherited := imported.find(key)) is not None:
                return inherited
        return found

    def namespaces_before(self, before: int = END) -> list[str]:
        """Return the namespaces imported before a position, files' imports included, in order."""
        seen: dict[str, None] = {}
        for position, name in self.namespaces:
            if position < before:
                seen[name] = None
        for position, imported in self.imports:
            if position < before:
                seen.update(dict.fromkeys(imported.namespaces_before()))
        return list(seen)

    def names(self, before: int = END) -> set[str]:
        """Return every key visible from a position."""
        names = {key for key, own in self.declared.items() if own[0][0] < before}
        for position, imported in self.imports:
            if position < before:
                names |= imported.names()
        return names


@dataclass(frozen=True, slots=True, eq=False)
class CallSite:
    """A call on the way to where reduction stands.

    Parameters
    ----------
    name
        The function called.
    span, root
        The call, and the statement it stands in.
    outer
        The call whose function contains this one.
    outermost
        The call in the statement that is being reduced.
    """

    name: str
    span: Span
    root: Root
    outer: "CallSite | None"
    outermost: Span


@dataclass(frozen=True, slots=True, eq=False)
class Scope:
    """Names local to a function, a loop or a `let`, over those of a file up to a position.

    `call` is the call in the program that led here, when a function is being applied.
    """

    root: Root
    names: Mapping[str, Entry] = field(default_factory=dict[str, Entry])
    outer: "Scope | None" = None
    call: CallSite | None = None

    @property
    def file(self) -> FileScope:
        """The file whose names are seen."""
        return self.root.file

    @property
    def position(self) -> int:
        """The number of the statement up to which they are."""
        return self.root.position

    def inner(self, names: Mapping[str, Entry]) -> "Scope":
        """Return a scope with more local names."""
        return Scope(self.root, names, self, self.call)

    def applied(self, names: Mapping[str, Entry], call: CallSite) -> "Scope":
        """Return the scope of a function written here while it is applied by `call`."""
        return Scope(self.root, names, self, call)

    def calling(self, name: str, span: Span) -> CallSite:
        """Return the call at `span`, seen from here."""
        outermost = self.call.outermost if self.call else span
        return CallSite(name, span, self.root, self.call, outermost)

    def local(self, key: str) -> Entry | None:
        """Return the innermost local name, None where only the file may know it."""
        scope: Scope | None = self
        while scope is not None:
            if (entry := scope.names.get(key)) is not None:
                return entry
            scope = scope.outer
        return None

    def visible(self) -> set[str]:
        """Return every key visible from here, for suggestions."""
        names = self.file.names(self.position)
        scope: Scope | None = self
        while scope is not None:
            names |= set(scope.names)
            scope = scope.outer
        return names


def identity(meaning: Meaning) -> Hashable:
    """Return what an application is memoised on.

    A closure stands for itself, and is kept alive by it: the number of its address could come to
    mean another one.
    """
    match meaning:
        case Builtin(primitive):
            return primitive.qualified
        case _:
            return meaning


def function_name(function: Meaning) -> str:
    """Return the name of a function, for messages."""
    match function:
        case Closure(name=name) | SpecialForm(name=name):
            return name
        case Builtin(primitive):
            return primitive.name
        case _:
            return "this"
