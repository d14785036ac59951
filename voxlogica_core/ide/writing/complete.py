"""Completion: what may be written at a place, likeliest first; in broken statements too."""

import re
from collections.abc import Callable, Iterable, Iterator
from dataclasses import dataclass, replace

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.status.memory import Memory
from voxlogica_core.ide.status.worth import node_called, worth
from voxlogica_core.ide.writing.cursor import Cursor, cursor
from voxlogica_core.ide.writing.offers import LET_IN, STATEMENTS, VALUES
from voxlogica_core.ide.writing.paths import FolderNames, paths
from voxlogica_core.ide.writing.proposal import Proposal, Sort
from voxlogica_core.ide.writing.reachable import declared, imported, locals_of, primitives, shipped
from voxlogica_core.ide.writing.signatures import signature_help
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.values.kind import ANY, NUMBER, STRING, Kind, accepts, sequence

MOST_DECLARED = 150
"""Declarations that are offered at once; a client that types on asks again."""

LOOKED_AT = 1_000
"""Of the declarations that match what was typed, the nearest ones, among which are the offered."""

_FAR = 1_000_000  # further than any declaration of the file
_TAKES_NO_NAME = frozenset({"LET", "FOR", "FILTER", "LOAD", "PRINT", "SAVE", "IMPORT"})
"""Words behind which a new name, a label or a path stands."""

_ORDER: dict[Sort, int] = {
    "field": 0,
    "path": 0,
    "local": 0,
    "parameter": 1,
    "value": 1,
    "function": 1,
    "keyword": 2,
    "primitive": 3,
    "operator": 4,
    "snippet": 5,
}


@dataclass(frozen=True, slots=True)
class Completion:
    """Proposals in order; `is_whole` unless there are more than were looked at."""

    proposals: list[Proposal]
    is_whole: bool = True


def completion(
    analysis: Analysis,
    offset: int,
    catalogue: Catalogue,
    memory: Memory | None = None,
    names_in: FolderNames | None = None,
) -> Completion:
    """Return what may be written at `offset`.

    Parameters
    ----------
    memory
        For the fields of records that are known.
    names_in
        Gives the names in a folder, for paths in texts.
    """
    where = cursor(analysis, offset)
    if where.in_comment:
        return Completion([])
    if where.in_text is not None:
        found = [*_fields(analysis, where, memory), *paths(analysis, where, catalogue, names_in)]
        return Completion(_unique(found))
    if where.in_number or (where.last and where.last.type in _TAKES_NO_NAME):
        return Completion([])
    typed = analysis.source.text[where.word.start : where.word.end]
    offers = _offers(analysis, where, catalogue, memory, typed)
    fits = matching(typed)
    found = [p for p in offers if fits(p.name)]
    kinds = wanted(analysis, where, offset)
    ranked = sorted(
        _unique(found), key=lambda p: (_fit(p, kinds), _ORDER[p.sort], p.distance or _FAR)
    )
    own = [p for p in ranked if p.distance]
    dropped = {p.name for p in own[MOST_DECLARED:]}
    kept = [replace(p, span=where.word) for p in ranked if p.name not in dropped]
    if len(kept) == 1 and _is_written(kept[0], typed):
        return Completion([])
    return Completion(kept, bool(typed) and not dropped)


def wanted(analysis: Analysis, where: Cursor, offset: int) -> tuple[Kind, ...]:
    """Return the kinds of value that the place asks for; nothing where any will do."""
    types = [token.type for token in where.tokens[-3:]]
    if types[-1:] == ["IN"] and types[0] in ("FOR", "FILTER"):
        return (sequence(ANY),)
    if types[-1:] == ["INDEX"]:
        return NUMBER, STRING
    found = signature_help(analysis, offset) if where.wants_operand else None
    if found is None:
        return ()
    kinds: list[Kind] = []
    for number in found.fitting:
        slot = found.active[number]
        if slot is not None:
            kinds += found.callee.shapes[number].slots[slot].kinds or (ANY,)
    return () if ANY in kinds else tuple(dict.fromkeys(kinds))


def matching(typed: str) -> Callable[[str], bool]:
    """Return what says whether the letters of `typed` stand in a name in this order.

    The first one must be first. It is asked 10,000 times, so it is a regular expression.
    """
    is_whole = "." in typed
    letters = re.compile(".*".join(map(re.escape, typed.casefold())))

    def fits(name: str) -> bool:
        written = name if is_whole else name.rpartition(".")[2]
        return letters.match(written.casefold()) is not None

    return fits


def _offers(
    analysis: Analysis,
    where: Cursor,
    catalogue: Catalogue,
    memory: Memory | None,
    typed: str,
) -> Iterator[Proposal]:
    if where.begins and not _continues(where):
        yield from STATEMENTS
    if not where.wants_operand:
        if not where.begins:
            yield from LET_IN
            yield from _operators(catalogue)
        return
    if where.begins and not _continues(where):
        return
    yield from locals_of(where)
    yield from _names_of_arguments(analysis, where)
    yield from _fields(analysis, where, memory)
    fits = matching(typed)
    yield from declared(analysis, where.word.start, fits, LOOKED_AT)
    yield from imported(analysis, where.word.start)
    yield from VALUES
    yield from shipped()
    yield from primitives(analysis, where, catalogue)


def _continues(where: Cursor) -> bool:
    """Return whether the statement before cannot end where it does."""
    return where.last is not None and (where.wants_operand or bool(where.opened))


def _operators(catalogue: Catalogue) -> Iterator[Proposal]:
    for sign, primitive in catalogue.operators.items():
        yield Proposal(sign, "operator", primitive.name, primitive=primitive.qualified)


def _names_of_arguments(analysis: Analysis, where: Cursor) -> Iterator[Proposal]:
    """Yield the names of parameters that may be written in front of an argument."""
    if where.call is None or where.last is None or where.last.type not in ("CALL", "COMMA"):
        return
    found = signature_help(analysis, where.word.start)
    for shape in found.callee.shapes if found else ():
        for slot in shape.slots[where.call.position :]:
            text = f"{slot.name} = "
            yield Proposal(slot.name, "parameter", slot.text, slot.documentation, insert=text)


def _fields(analysis: Analysis, where: Cursor, memory: Memory | None) -> Iterator[Proposal]:
    """Yield the fields of the record that is indexed, if it is known."""
    tokens = where.tokens
    if memory is None or len(tokens) < 2 or tokens[-1].type != "INDEX":
        return
    name = analysis.plan.declarations.get(tokens[-2].text)
    node = node_called(analysis, name) if name else None
    record = worth(analysis, node, memory.lookup([node.id]), memory) if node else None
    if isinstance(record, dict):
        for field, value in record.items():
            text = field if where.in_text else f'"{field}"'
            yield Proposal(text, "field", str(value), span=where.word)


def _fit(proposal: Proposal, kinds: tuple[Kind, ...]) -> int:
    """Return 0 for what fits, 1 for what may, 2 for what does not, 3 for what must be imported."""
    if proposal.edits:
        return 3
    if proposal.sort == "local":
        return 0
    if not kinds or not proposal.kinds or ANY in proposal.kinds:
        return 1
    fits = [any(accepts(kind, given) for kind in kinds) for given in proposal.kinds]
    return 0 if all(fits) else 1 if any(fits) else 2


def _is_written(proposal: Proposal, typed: str) -> bool:
    """Return whether choosing a proposal would change nothing."""
    return typed == (proposal.insert or proposal.name) and not proposal.edits


def _unique(found: Iterable[Proposal]) -> list[Proposal]:
    """Return the first proposal of each name: the nearest hides the others."""
    unique: dict[str, Proposal] = {}
    for proposal in found:
        unique.setdefault(proposal.name, proposal)
    return list(unique.values())
