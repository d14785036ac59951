"""Whether a line begins with a definition without ``let``: the one look ahead of the tokenizer.

Says how far it looked, so that a later edit within sight makes the tokenizer look again.
"""

import re
from dataclasses import dataclass

from voxlogica_core.syntax.lexis import BARE_DEFINITION, BARE_DEFINITION_SIGHT

LONGEST_GLANCE = 3
"""How many characters behind a token any decision may hang on, blanks left out."""

_ARGUMENT_SCAN = re.compile(
    r"""(?P<skipped>"(?:[^"\\\r\n]|\\[^\r\n]?)*"?|//[^\r\n]*)
      | (?P<opening>[(\[])
      | (?P<closing>[)\]])
      | (?P<statement>[\r\n]\s*(?:(?P<let>let)|load|save|print|import)\b(?![^\S\r\n]*\())
    """,
    re.VERBOSE,
)
"""What tells whether brackets close before the next statement begins."""

_COMPLETE = re.compile(r"""(?:^|\W)(?!(?:in|do)$)\w+$|[)\]"]$""")
"""Ends like an operand; `in` and `do` do not."""

_LONGEST_WORD_LOOKED_AT = 4
_MOST_LOOKED_AT = 1_000
"""Brackets, texts and comments that are looked at for the end of a call."""


@dataclass(frozen=True, slots=True)
class Definition:
    """Whether a bare definition begins, and the last offset that this hangs on."""

    is_there: bool
    reach: int


def bare_definition(text: str, start: int, *, argument_may_begin: bool) -> Definition:
    """Look whether the first word of a line, at `start`, is being defined.

    ``name =`` on a line of its own is a named argument where an argument of a call may begin and
    the brackets of that call close.
    """
    sight = BARE_DEFINITION_SIGHT.match(text, start)
    reach = (sight.end() if sight else start) + LONGEST_GLANCE
    match = BARE_DEFINITION.match(text, start)
    if match is None:
        return Definition(False, reach)
    if not argument_may_begin or match["formals"] or match["operator"]:
        return Definition(True, reach)
    closes, looked_at = _bracket_closes(text, match.end())
    return Definition(not closes, max(reach, looked_at))


def _bracket_closes(text: str, position: int) -> tuple[bool, int]:
    """Return whether the innermost bracket closes in the statement at `position`, and the reach.

    Where that takes too long to see, it does: a long call is likelier than a long broken one.
    """
    depth = 0
    for count, found in enumerate(_ARGUMENT_SCAN.finditer(text, position)):
        if count == _MOST_LOOKED_AT:
            return True, found.end()
        if found["statement"] and (not found["let"] or _is_complete(text, found.start())):
            return False, found.end() + LONGEST_GLANCE
        depth += bool(found["opening"]) - bool(found["closing"])
        if depth < 0:
            return True, found.end()
    return False, len(text)


def _is_complete(text: str, end: int) -> bool:
    """Return whether an operand ends at `end`: a `let` on the next line is no part of it."""
    while end and text[end - 1].isspace():
        end -= 1
    return _COMPLETE.search(text[max(0, end - _LONGEST_WORD_LOOKED_AT) : end]) is not None
