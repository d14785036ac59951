"""What the names in a program refer to, and which names refer to a thing. Gives no name a meaning.

A name of a file is kept as it is looked up, since what it means hangs on the statements above it;
it is resolved when somebody asks.
"""

from collections.abc import Collection, Iterator, Mapping
from functools import partial
from typing import TYPE_CHECKING

from voxlogica_core.plan.reduction.keys import stripped
from voxlogica_core.plan.reduction.meaning import Builtin, Declared, Definition, FileScope, Root
from voxlogica_core.plan.reduction.spread import Layout, Spread
from voxlogica_core.plan.reduction.unit import Lookup, Unit
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.syntax import tree
from voxlogica_core.text.span import Span

if TYPE_CHECKING:
    from voxlogica_core.plan.reduction.names import Names

Target = Definition | Primitive
"""What a name refers to."""


class References(Spread[Target]):
    """What each name in use refers to, by its span; names in broken statements included.

    Parameters
    ----------
    names
        Finds what a name of the file means.
    file
        The program as it is in this version.
    """

    def __init__(self, layout: Layout, names: "Names", file: FileScope) -> None:
        super().__init__(layout)
        self._names = names
        self._file = file

    def uses(self, target: Target) -> Iterator[Span]:
        """Yield the names that refer to `target`, in order of statements.

        They are looked for anew each time: 5 ms for 10,000 lines, and nothing is kept up to date.
        """
        names = (target.name, *(target.operators if isinstance(target, Primitive) else ()))
        may_be = partial(_may_be, frozenset(names), f".{target.name}")
        for index, unit in enumerate(self._layout.units):
            for span, written in unit.references.items():
                if may_be(written) and _is(self._target(index, written), target):
                    yield span.shifted(self._layout.moved[index])

    def spelled(self, names: Collection[str]) -> dict[Span, Target]:
        """Return what the names of some spellings refer to; a primitive goes by its own name."""
        found: dict[Span, Target] = {}
        for index, unit in enumerate(self._layout.units):
            for span, written in unit.references.items():
                if _spelling(written) in names and (target := self._target(index, written)):
                    found[span.shifted(self._layout.moved[index])] = target
        return found

    def units(self) -> Iterator[tuple[Unit, int]]:
        """Yield what is known of each statement, as it was parsed, and by how much it has moved."""
        return zip(self._layout.units, self._layout.moved, strict=True)

    def meaning(self, lookup: Lookup, offset: int) -> Target | None:
        """Return what a name of the file means to the statement at `offset`."""
        return self._target(self._layout.at(offset), lookup)

    def files(self, offset: int) -> list[FileScope]:
        """Return the files that are imported above `offset`, the latest first."""
        position = self._layout.position(self._layout.at(offset))
        return [file for at, file in reversed(self._file.imports) if at <= position]

    def namespaces(self, offset: int) -> list[str]:
        """Return the namespaces that are imported above `offset`."""
        return self._file.namespaces_before(self._layout.position(self._layout.at(offset)) + 1)

    def _part(self, index: int, unit: Unit) -> Mapping[Span, Target]:
        found = ((span, self._target(index, each)) for span, each in unit.references.items())
        return {span: target for span, target in found if target is not None}

    def _target(self, index: int, written: Target | Lookup) -> Target | None:
        match written:
            case Definition():
                return self._layout.definition(written)
            case Primitive():
                return written
            case text, arity:
                return self._found(text, arity, self._layout.position(index))

    def _found(self, text: str, arity: int | None, position: int) -> Target | None:
        for spelling in dict.fromkeys((text, stripped(text))):
            match self._names.bound((spelling, arity), Root(self._file, position)):
                case Declared(definition=definition):
                    return self._layout.definition(definition)
                case Builtin(primitive):
                    return primitive
                case _ if broken := self._file.broken.get(spelling):
                    return self._layout.definition(broken)
                case _:
                    pass
        return None


def _is(found: Target | None, target: Target) -> bool:
    """Return whether what was found is `target`; its file may have changed since it was read."""
    match target, found:
        case Definition(path=str(path), role="declaration" | "function"), Definition():
            return (found.path, found.name, found.role) == (path, target.name, target.role)
        case _:
            return found == target


def mentioned(statement: tree.Broken, root: Root) -> dict[Span, Target | Lookup]:
    """Return what the names in a broken statement may refer to."""
    found: dict[Span, Target | Lookup] = {}
    for mention in statement.mentions:
        if mention.binder is None or mention.role is None:
            found[mention.span] = (mention.text, mention.arity)
        else:
            name = mention.binder
            found[mention.span] = Definition(name.text, mention.role, name.span, None, root=root)
    return found


def _spelling(written: Target | Lookup) -> str:
    match written:
        case Definition(name=name) | Primitive(name=name):
            return name
        case text, _:
            return text


def _may_be(names: Collection[str], qualified: str, written: Target | Lookup) -> bool:
    """Return whether what is written may have one of some names; quick, and never wrongly no."""
    match written:
        case Definition(name=name) | Primitive(name=name):
            return name in names
        case text, _:
            return text in names or text.endswith(qualified) or stripped(text) in names
