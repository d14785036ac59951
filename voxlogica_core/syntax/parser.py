"""From text to tree and diagnostics, statement by statement. Never raises on any text.

Knows nothing of tokens and grammar: `pieces` does the reading, and keeps what an edit left alone.
"""

from dataclasses import dataclass

from voxlogica_core.collector import collector_paused
from voxlogica_core.syntax import pieces
from voxlogica_core.syntax.dialect import reading, stated_dialect
from voxlogica_core.syntax.lexis import STANDARD_JOINED_OPERATORS, Dialect
from voxlogica_core.syntax.moving import moved_diagnostic
from voxlogica_core.syntax.pieces import Pieces
from voxlogica_core.syntax.placing import Statements
from voxlogica_core.syntax.tree import Program
from voxlogica_core.text.diagnostic import Diagnostic
from voxlogica_core.text.source_text import SourceText
from voxlogica_core.text.span import Span


@dataclass(frozen=True, slots=True)
class Parsed:
    """What a text says, and what is wrong with how it says it.

    Parameters
    ----------
    pieces
        What the parse of the next version of the text may use.
    """

    program: Program
    diagnostics: tuple[Diagnostic, ...]
    pieces: Pieces


def parse(
    source: SourceText,
    operators: frozenset[str] = STANDARD_JOINED_OPERATORS,
    *,
    dialect: Dialect | None = None,
    before: Parsed | None = None,
) -> Parsed:
    """Return the tree of a program and its diagnostics, in order of text.

    Parameters
    ----------
    operators
        Operators that begin with capital letters (``B+``) and come from elsewhere; those that the
        text itself declares are found.
    dialect
        What a file is written in that does not state it.
    before
        The parse of an earlier version: the trees of statements that did not change are kept, and
        the answer is the same as without.
    """
    stated = stated_dialect(source.text)
    chosen = stated.dialect or dialect
    with collector_paused():
        if before is None:
            read = pieces.read(source.text, operators, chosen)
        else:
            read = pieces.read_again(before.pieces, source.text, operators, chosen)
        diagnostics = _diagnostics(read, stated.diagnostics)
        program = Program(
            Statements(read),
            Span(0, len(source.text)),
            reading(chosen, {marks for _, marks in read.traits}),
        )
    return Parsed(program, diagnostics, read)


def _diagnostics(read: Pieces, stated: tuple[Diagnostic, ...]) -> tuple[Diagnostic, ...]:
    found = list(stated)
    for index in read.complaining:
        by = read.moved(index)
        found += [moved_diagnostic(diagnostic, by) for diagnostic in read.pieces[index].diagnostics]
    found.sort(key=lambda diagnostic: diagnostic.span)
    return tuple(found)
