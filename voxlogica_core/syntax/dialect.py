"""Which language a file is written in: what it states, and the marks of what it does not state.

Three readings of operator sequences exist. ``imgql2`` is ours, with the precedence of mathematics.
``voxlogica1`` had one level, right-associative, and a prefix operator took everything to its
right. ``voxlogica2``, the versions between, had one level, left-associative, and tight prefixes;
no file can ask for it, but one written for it must not change its meaning in silence.
"""

import re
from collections.abc import Iterable, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import dataclass
from typing import Literal, get_args

from voxlogica_core.syntax.lexis import LINE_END, Dialect, Token
from voxlogica_core.text.diagnostic import Diagnostic
from voxlogica_core.text.span import Span

Precedence = Literal["imgql2", "voxlogica1", "voxlogica2"]
Mark = Literal["dotted", "load", "comparison", "voxlogica2"]

FIRST_LINES = 10
"""Lines on which a file may state its dialect."""

_PRAGMA = re.compile(r"[^\S\r\n]*//+[^\S\r\n]*imgql:[^\S\r\n]*dialect[^\S\r\n]*=[^\S\r\n]*(\S*)")
_KEY = "imgql:"
_COMPARISONS = frozenset({"<", "<=", ">", ">=", "==", "!="})
_DIALECTS = get_args(Dialect)


@dataclass(frozen=True, slots=True)
class Stated:
    """What a file says of its dialect, and what is wrong with how it says it."""

    dialect: Dialect | None
    diagnostics: tuple[Diagnostic, ...] = ()


@dataclass(frozen=True, slots=True)
class Reading:
    """How the operator sequences of a file are read.

    Parameters
    ----------
    precedence
        The reading that counts.
    suspected
        Another one that the file may have been written for: where it means something else, the
        user must be told. None in a file that states its dialect.
    """

    precedence: Precedence = "imgql2"
    suspected: Precedence | None = None


OURS = Reading()
"""How a file is read that has nothing special about it."""


def stated_dialect(text: str) -> Stated:
    """Return the dialect that a line ``// imgql: dialect=…`` states among the first ones."""
    found: Dialect | None = None
    diagnostics: list[Diagnostic] = []
    position = text.find(_KEY)
    while position >= 0:
        start = max(text.rfind("\n", 0, position), text.rfind("\r", 0, position)) + 1
        if match := _PRAGMA.match(text, start):
            span = Span(match.end() - len(match[0].lstrip()), match.end())
            is_first = len(LINE_END.findall(text, 0, start)) < FIRST_LINES
            known = next((dialect for dialect in _DIALECTS if dialect == match[1]), None)
            if not is_first:
                diagnostics.append(_too_late(span))
            elif known is None:
                diagnostics.append(_unknown(match[1], span))
            else:
                found = found or known
        position = text.find(_KEY, position + len(_KEY))
    return Stated(found, tuple(diagnostics))


def marks(tokens: Sequence[Token]) -> frozenset[Mark]:
    """Return what in a statement tells the languages apart.

    ``dotted``
        An operator that begins or ends with a dot (``.<=``, ``>.``): only VoxLogicA 1 had them.
    ``load``
        ``load x = …``: VoxLogicA 1, unless something else speaks against it.
    ``comparison``
        An undotted comparison: VoxLogicA 1 had none.
    ``voxlogica2``
        ``ReadImage``, ``import "simpleitk"``, a definition without ``let``.
    """
    found: set[Mark] = set()
    for kind, text, _, _, place in tokens:
        if kind == "OPERATOR":
            if text in _COMPARISONS:
                found.add("comparison")
            elif text != "." and (text[0] == "." or text[-1] == "."):
                found.add("dotted")
        elif kind == "LOAD":
            found.add("load")
        elif kind in ("NAME", "QUALIFIED") and text.rpartition(".")[2] == "ReadImage":
            found.add("voxlogica2")
        if place == "bare" or (kind == "PATH" and text == '"simpleitk"'):
            found.add("voxlogica2")
    return frozenset(found)


def reading(dialect: Dialect | None, found: Iterable[AbstractSet[Mark]]) -> Reading:
    """Return how a file is read that states `dialect` and bears these marks.

    Dotted operators make a file suspect of VoxLogicA 1 always, ``load`` does unless the file also
    has plain comparisons or marks of VoxLogicA 2; those alone make it suspect of VoxLogicA 2.
    """
    if dialect is not None:
        return Reading(dialect)
    every = frozenset[Mark]().union(*found)
    if "dotted" in every or ("load" in every and not every & {"comparison", "voxlogica2"}):
        return Reading(suspected="voxlogica1")
    return Reading(suspected="voxlogica2" if "voxlogica2" in every else None)


def _too_late(span: Span) -> Diagnostic:
    message = f"A dialect is stated on one of the first {FIRST_LINES} lines; here it does nothing."
    return Diagnostic("dialect-pragma", "warning", message, span)


def _unknown(written: str, span: Span) -> Diagnostic:
    wanted = " or ".join(f"`{dialect}`" for dialect in _DIALECTS)
    message = f"The dialect {wanted} is wanted here, `{written}` came; it does nothing."
    return Diagnostic("dialect-pragma", "warning", message, span)
