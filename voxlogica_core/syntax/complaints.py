"""The diagnostics of the tokenizer, one function each; decides nothing."""

import re

from voxlogica_core.syntax.lexis import VARIABLES
from voxlogica_core.text.diagnostic import Diagnostic, Edit, Fix
from voxlogica_core.text.span import Span

_DRIVE = re.compile(r'"[A-Za-z]:\\')
_ESCAPE = re.compile(r"\\(.?)", re.DOTALL)


def ambiguous_dot(text: str, start: int, end: int, stop: int) -> Diagnostic:
    """Complain of an operator ``text[start:end]`` whose dot a number up to `stop` may own."""
    dotted, digits = text[start:end], text[end:stop]
    plain = dotted[:-1]
    span = Span(start, stop)
    readings = (f"{plain} 0.{digits}", f"{dotted} {digits}")
    return Diagnostic(
        "ambiguous-dot",
        "error",
        f"The dot in `{dotted}{digits}` may belong to the operator or to the number: "
        f"write `{readings[0]}` or `{readings[1]}`.",
        span,
        fixes=tuple(Fix(f"Write `{r}`", (Edit(span, r),)) for r in readings),
    )


def unterminated_string(start: int, end: int) -> Diagnostic:
    """Complain of a text that does not end on its line."""
    return Diagnostic(
        "unterminated-string",
        "error",
        'This text is not closed: a `"` is wanted before the end of the line.',
        Span(start, end),
        fixes=(Fix('Add `"`', (Edit(Span(end, end), '"'),)),),
    )


def live_escape(text: str, start: int, end: int) -> Diagnostic | None:
    """Complain of a literal that looks like a Windows path but holds a line end or a tab."""
    if not _DRIVE.match(text) or not any(m[1] in ("n", "t") for m in _ESCAPE.finditer(text)):
        return None
    span = Span(start, end)
    doubled = _ESCAPE.sub(lambda m: m[0] if m[1] in ("\\", '"') else "\\\\" + m[1], text)
    return Diagnostic(
        "live-escape",
        "warning",
        "This looks like a path, but `\\n` and `\\t` in it mean a line end and a tab: "
        "double the backslashes, or write `/`.",
        span,
        fixes=(Fix("Double the backslashes", (Edit(span, doubled),)),),
    )


def template_variable(text: str, start: int, end: int) -> Diagnostic:
    """Complain of ``$NAME``: a hole that a shell script used to fill."""
    known = ", ".join(f"`${name}`" for name in sorted(VARIABLES))
    return Diagnostic(
        "template-variable",
        "error",
        f"`{text}` is no program variable; these are: {known}. "
        "If a script fills it in, declare a name and give its value with `--set`.",
        Span(start, end),
    )


def inexact_literal(text: str, start: int, end: int) -> Diagnostic:
    """Complain of a number that float64 cannot hold."""
    return Diagnostic(
        "inexact-literal",
        "warning",
        f"`{text}` cannot be held exactly; it is rounded to `{float(text):.17g}`.",
        Span(start, end),
    )
