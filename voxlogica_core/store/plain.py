"""Values without images as JSON text and back, exactly. Light; no pickle, here or anywhere.

Python's JSON writes a number in the fewest digits that read back as the same number, and spells
NaN, Infinity and -Infinity. Tuples become arrays, records objects, lone surrogates escapes.
"""

import json
from collections.abc import Mapping
from typing import cast

from voxlogica_core.store.record import Missing, Plain, Value

_ENCODER = json.JSONEncoder(separators=(",", ":"))  # made once: 2 µs less a value


def is_plain(value: Value) -> bool:
    """Return whether there is no image in `value`."""
    match value:
        case None | float() | int() | str():
            return True
        case tuple():
            return all(is_plain(item) for item in value)
        case Mapping():
            return all(is_plain(item) for item in cast("Mapping[str, Value]", value).values())
        case _:
            return False


def plain_text(value: Plain) -> str:
    """Return a value without images as JSON; `TypeError` for anything else."""
    return _ENCODER.encode(value)


def plain_value(text: str) -> Plain | Missing:
    """Return the value that `plain_text` wrote; `MISSING` if the text was damaged."""
    try:
        return _with_tuples(json.loads(text))
    except (ValueError, RecursionError):
        return Missing.MISSING


def _with_tuples(value: object) -> Plain:
    match value:
        case list():
            return tuple(_with_tuples(item) for item in cast("list[object]", value))
        case dict():
            entries = cast("dict[str, object]", value).items()
            return {name: _with_tuples(item) for name, item in entries}
        case _:
            return cast("Plain", value)
