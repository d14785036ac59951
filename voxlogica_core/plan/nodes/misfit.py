"""Misfits: why a primitive does not take what it is given, in words. Makes no nodes."""

from collections.abc import Sequence
from difflib import get_close_matches

from voxlogica_core.errors import DataError
from voxlogica_core.plan.node import Literal, Node
from voxlogica_core.plan.signature import Overload, Primitive
from voxlogica_core.values.kind import ANY, Kind


class Misfit(DataError):
    """No overload of a primitive takes inputs of these kinds; `code` is the diagnostic's."""

    def __init__(self, primitive: Primitive, kinds: Sequence[Kind]) -> None:
        super().__init__(_misfit(primitive, kinds))
        low, high = primitive.counts()
        self.code = "type-mismatch" if low <= len(kinds) <= high else "wrong-arity"


def field_kind(record: Node, field: Node) -> Kind:
    """Return the kind of the field of a record.

    Raises
    ------
    DataError
        It has no such field.
    """
    fields = dict(record.kind.fields)
    if not fields or not isinstance(field, Literal):
        return ANY
    if (kind := fields.get(str(field.value))) is None:
        names = ", ".join(f'"{name}"' for name in fields)
        near = get_close_matches(str(field.value), fields, n=1)
        hint = f'; did you mean "{near[0]}"?' if near else ""
        raise DataError(f'the record has no field "{field.value}"{hint} It has {names}', "field")
    return kind


def _misfit(primitive: Primitive, kinds: Sequence[Kind]) -> str:
    """Return in words why no overload of `primitive` takes arguments of these kinds."""
    low, high = primitive.counts()
    if not low <= len(kinds) <= high:
        wanted = f"{low}" if low == high else f"{low} to {high}"
        noun = "argument" if wanted == "1" else "arguments"
        return f"`{primitive.name}` wants {wanted} {noun}, {len(kinds)} came"
    candidates = [o for o in primitive.overloads if o.required <= len(kinds) <= len(o.parameters)]
    closest = max(candidates, key=lambda overload: _agreement(overload, kinds))
    index = _agreement(closest, kinds)
    if index == len(kinds):
        return f"`{primitive.name}` does not take these arguments"
    given = kinds[index]
    kinds_wanted = {
        kind
        for overload in candidates
        if _agreement(overload, kinds) >= index
        for kind in overload.parameters[index].kinds
    }
    wanted = " or ".join(sorted(_with_article(kind) for kind in kinds_wanted))
    return f"`{primitive.name}` wants {wanted}, argument {index + 1} is {_with_article(given)}"


def _agreement(overload: Overload, kinds: Sequence[Kind]) -> int:
    for index, kind in enumerate(kinds):
        if not overload.parameters[index].accepts(kind):
            return index
    return len(kinds)


def _with_article(kind: Kind) -> str:
    name = str(kind)
    if kind == ANY:
        return "anything"
    if name == "labels":
        return "labels"
    return f"{'an' if name[0] in 'aeiou' else 'a'} {name}"
