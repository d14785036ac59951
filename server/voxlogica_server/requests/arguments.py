"""The arguments of commands: documents, positions, ranges. Says what was wanted where they fail."""

from collections.abc import Mapping
from typing import cast

from lsprotocol import types

from voxlogica_core.errors import UsageError
from voxlogica_server.documents import Position


def document_of(params: types.ExecuteCommandParams) -> str:
    """Return the document a command is about, its first argument."""
    match list(params.arguments or ()):
        case [str(uri), *_]:
            return uri
        case given:
            raise UsageError(f"{params.command} wants the URI of a document, {given!r} came")


def is_detached(params: types.ExecuteCommandParams) -> bool:
    """Return whether a run is to survive this process: the second argument says so."""
    return part_of(second_of(params), "detached") is True


def position_in(params: types.ExecuteCommandParams) -> Position:
    """Return the position a command is about, its second argument."""
    given = second_of(params)
    if (position := _position(given)) is None:
        wanted = "a position {line, character} after the URI"
        raise UsageError(f"{params.command} wants {wanted}, {given!r} came")
    return position


def range_in(params: types.ExecuteCommandParams) -> tuple[Position, Position]:
    """Return the range a command is about, its second argument."""
    given = second_of(params)
    if (found := range_of(given)) is None:
        wanted = "a range {start, end} of positions {line, character} after the URI"
        raise UsageError(f"{params.command} wants {wanted}, {given!r} came")
    return found


def range_of(given: object) -> tuple[Position, Position] | None:
    """Return a range as JSON has it; None for anything else."""
    start, end = _position(part_of(given, "start")), _position(part_of(given, "end"))
    return None if start is None or end is None else (start, end)


def options_of(params: types.ExecuteCommandParams) -> object:
    """Return what else a command is told, its third argument; `part_of` takes it apart."""
    arguments = list(params.arguments or ())
    return arguments[2] if len(arguments) > 2 else None


def second_of(params: types.ExecuteCommandParams) -> object:
    """Return the second argument as JSON has it; the protocol's library makes objects of some."""
    arguments = list(params.arguments or ())
    return arguments[1] if len(arguments) > 1 else None


def _position(given: object) -> Position | None:
    match part_of(given, "line"), part_of(given, "character"):
        case int(line), int(character) if line >= 0 and character >= 0:
            return line, character
        case _:
            return None


def part_of(given: object, name: str) -> object:
    """Return a field of an argument, None where it has none."""
    match given:
        case Mapping():
            return cast("Mapping[str, object]", given).get(name)
        case _:
            return getattr(given, name, None)
