"""Shapes of JSON written as types of TypeScript: holds values against them.

Knows interfaces, ``extends``, optional fields, unions, arrays, ``Record``, literals: what the page
on JSON uses, and no more.
"""

import json
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

_TOKEN = re.compile(r'//[^\n]*|\s+|("(?:[^"\\]|\\.)*"|[A-Za-z_]\w*|\d+|\[\]|[{}<>|?:;,=])')
_PLAIN = {
    "string": str,
    "number": (int, float),
    "boolean": bool,
}


@dataclass(frozen=True, slots=True)
class Shapes:
    """Types by name."""

    interfaces: Mapping[str, Mapping[str, tuple[bool, str]]]
    """Field to whether it must be there, and its type."""
    aliases: Mapping[str, str]

    def complaints(self, value: object, shape: str, where: str = "") -> Iterator[str]:
        """Yield what is wrong with a value; nothing if it has the shape."""
        choices = _choices(shape)
        if len(choices) > 1:
            found = [list(self.complaints(value, choice, where)) for choice in choices]
            if all(found):
                yield min(found, key=len)[0] if len(choices) == 2 else f"{where}: no {shape}"
        elif shape.endswith("[]"):
            if not isinstance(value, list):
                yield f"{where}: no list"
                return
            for index, item in enumerate(value):  # pyright: ignore[reportUnknownVariableType]
                yield from self.complaints(item, shape[:-2], f"{where}[{index}]")
        elif shape.startswith("Record<"):
            if not isinstance(value, dict):
                yield f"{where}: no record"
                return
            inner = shape.removeprefix("Record<string,").removesuffix(">")
            for key, item in value.items():  # pyright: ignore[reportUnknownVariableType]
                yield from self.complaints(item, inner, f"{where}.{key}")
        elif shape in self.aliases:
            yield from self.complaints(value, self.aliases[shape], where)
        elif shape in self.interfaces:
            yield from self._of_fields(value, shape, where)
        elif not _is_plain(value, shape):
            yield f"{where}: {value!r} is no {shape}"

    def _of_fields(self, value: object, shape: str, where: str) -> Iterator[str]:
        if not isinstance(value, dict):
            yield f"{where}: no {shape}"
            return
        fields = self.interfaces[shape]
        given: dict[str, object] = value
        for name in given.keys() - fields.keys():
            yield f"{where}.{name}: {shape} has no such field"
        for name, (is_needed, inner) in fields.items():
            if name in given:
                yield from self.complaints(given[name], inner, f"{where}.{name}")
            elif is_needed:
                yield f"{where}.{name}: absent"


def _is_plain(value: object, shape: str) -> bool:
    if shape in ("null", "true") or shape[0] == '"' or shape.isdecimal():
        wanted = json.loads(shape)
        return type(value) is type(wanted) and value == wanted
    kind = _PLAIN[shape]
    return isinstance(value, kind) and (shape == "boolean" or not isinstance(value, bool))


def _choices(shape: str) -> list[str]:
    """Return the parts of a union; those inside brackets stay together."""
    parts, depth = [""], 0
    for character in shape:
        depth += {"<": 1, ">": -1}.get(character, 0)
        if character == "|" and not depth:
            parts.append("")
        else:
            parts[-1] += character
    return parts


def shapes_in(text: str) -> Shapes:
    """Return the types that a text declares."""
    tokens = [found for found in _TOKEN.findall(text) if found]
    interfaces: dict[str, Mapping[str, tuple[bool, str]]] = {}
    aliases: dict[str, str] = {}
    while tokens:
        word, name = tokens.pop(0), tokens.pop(0)
        if word == "type":
            assert tokens.pop(0) == "="
            aliases[name] = _shape(tokens)
            continue
        assert word == "interface", word
        fields: dict[str, tuple[bool, str]] = {}
        if tokens[0] == "extends":
            fields |= interfaces[tokens[1]]
            del tokens[:2]
        assert tokens.pop(0) == "{", name
        interfaces[name] = fields | dict(_fields(tokens))
    return Shapes(interfaces, aliases)


def _fields(tokens: list[str]) -> Iterator[tuple[str, tuple[bool, str]]]:
    while (name := tokens.pop(0)) != "}":
        is_needed = tokens[0] != "?"
        if not is_needed:
            tokens.pop(0)
        assert tokens.pop(0) == ":", name
        yield name.strip('"'), (is_needed, _shape(tokens))


def _shape(tokens: list[str]) -> str:
    taken = ""
    while tokens and tokens[0] not in (";", "}"):
        taken += tokens.pop(0)
    if tokens and tokens[0] == ";":
        tokens.pop(0)
    return taken
