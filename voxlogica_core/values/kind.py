"""Kinds: the static types of the language, shared by plan, primitives, store and editor."""

from dataclasses import dataclass


@dataclass(frozen=True, slots=True)
class Kind:
    """A static type: a name; for sequences the kind of the items, for records those of the fields.

    Fields are told where they are known; a record without any may have some.
    """

    name: str
    item: "Kind | None" = None
    fields: "tuple[tuple[str, Kind], ...]" = ()

    def __str__(self) -> str:
        return f"sequence of {self.item}" if self.item else self.name


NUMBER = Kind("number")
BOOL = Kind("bool")
STRING = Kind("string")
IMAGE = Kind("image")
MASK = Kind("mask")
LABELS = Kind("labels")
COLOUR = Kind("colour")
RECORD = Kind("record")
ANY = Kind("any")

IMAGE_LIKE = frozenset({IMAGE, MASK, LABELS, COLOUR})
SCALARS = frozenset({NUMBER, BOOL, STRING})


def sequence(item: Kind) -> Kind:
    """Return the kind of sequences whose items are of kind `item`."""
    return Kind("sequence", item)


def record(**fields: Kind) -> Kind:
    """Return the kind of records that have these fields."""
    return Kind("record", None, tuple(fields.items()))


def accepts(wanted: Kind, given: Kind) -> bool:
    """Return whether a value of kind `given` may stand where `wanted` is asked for.

    Labels act as an image where one is wanted; nothing else converts silently. An unknown kind
    (`ANY`) on either side is settled when the value is there.
    """
    if ANY in (wanted, given) or wanted == given:
        return True
    if wanted.item and given.item:
        return accepts(wanted.item, given.item)
    return (wanted == IMAGE and given == LABELS) or (wanted == RECORD and bool(given.fields))


def join(first: Kind, second: Kind) -> Kind:
    """Return the narrowest kind that holds values of both kinds."""
    if first == second:
        return first
    if first.item and second.item:
        return sequence(join(first.item, second.item))
    return RECORD if first.name == second.name == RECORD.name else ANY
