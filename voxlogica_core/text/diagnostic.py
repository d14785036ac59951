"""Diagnostics: what is wrong with a program, where, and how to mend it. Never raised."""

from dataclasses import dataclass
from typing import Literal

from voxlogica_core.text.span import Span

Severity = Literal["error", "warning", "information", "hint"]


@dataclass(frozen=True, slots=True)
class Edit:
    """Replacement of the text at `span` by `text`.

    `stays` where the edit belongs to the file and not to the statement it mends: text above the
    statement does not move it.
    """

    span: Span
    text: str
    stays: bool = False


def at_top(text: str) -> Edit:
    """Return the edit that puts `text` at the top of a file."""
    return Edit(Span(0, 0), text, stays=True)


@dataclass(frozen=True, slots=True)
class Fix:
    """A cure the user may choose: a title and the edits that carry it out."""

    title: str
    edits: tuple[Edit, ...]


@dataclass(frozen=True, slots=True)
class Related:
    """Another place that explains a diagnostic, such as a link of a call chain."""

    message: str
    span: Span
    path: str | None = None


@dataclass(frozen=True, slots=True)
class Diagnostic:
    """One finding about a program.

    Parameters
    ----------
    code
        Stable kebab-case name, documented one page each.
    severity
        ``error`` stops the program from running; the others do not.
    message
        What was wanted, what came, what to do.
    span
        Where, in the file at `path` (None: the program itself).
    """

    code: str
    severity: Severity
    message: str
    span: Span
    related: tuple[Related, ...] = ()
    fixes: tuple[Fix, ...] = ()
    path: str | None = None
