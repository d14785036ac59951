"""The diagnostics of sequences that earlier versions read differently; decides nothing."""

from collections.abc import Iterable, Sequence

from voxlogica_core.syntax.dialect import Precedence
from voxlogica_core.syntax.fixity import ApplyInfix, ApplyPrefix, Push, Step
from voxlogica_core.syntax.tree import Call, Expression, Infix, Name, NumberLiteral
from voxlogica_core.text.diagnostic import Diagnostic, Edit, Fix, at_top
from voxlogica_core.text.span import Span

_MOST_OPERANDS_SHOWN = 8


def reads_differently(
    infix: Infix,
    suspected: Precedence,
    steps: Sequence[Step],
    now: Sequence[Span],
    then: Sequence[Span],
) -> Diagnostic:
    """Complain of a sequence; `now` and `then` are what each reading puts in parentheses."""
    here, there = _shown(steps, now), _shown(steps, then)
    parentheses = (
        Fix(f"Mean what it means now: {here}", _edits(now)),
        Fix(f"Mean what it meant: {there}", _edits(then)),
    )
    if suspected == "voxlogica1":
        return Diagnostic(
            "reads-differently-in-voxlogica-1",
            "error",
            f"VoxLogicA 1 read this as {there}, now it means {here}: write the parentheses that "
            "are meant, or state the dialect on a first line.",
            infix.span,
            fixes=(*parentheses, _statement("voxlogica1"), _statement("imgql2")),
        )
    return Diagnostic(
        "reads-differently-in-voxlogica-2",
        "warning",
        f"Earlier versions of VoxLogicA 2 read this as {there}, now it means {here}: write the "
        "parentheses that are meant, or state the dialect imgql2 on a first line.",
        infix.span,
        fixes=(*parentheses, _statement("imgql2")),
    )


def _statement(dialect: str) -> Fix:
    line = f"// imgql: dialect={dialect}\n"
    return Fix(f"State the dialect {dialect} for the file", (at_top(line),))


def _edits(spans: Iterable[Span]) -> tuple[Edit, ...]:
    """Return the edits that put each span in parentheses, one for each place, in order of text."""
    written: dict[int, str] = {}
    for span in spans:
        written[span.start] = written.get(span.start, "") + "("
        written[span.end] = written.get(span.end, "") + ")"
    return tuple(Edit(Span(at, at), text) for at, text in sorted(written.items()))


def _shown(steps: Sequence[Step], spans: Sequence[Span]) -> str:
    """Return how a reading would be written, if it is short."""
    if sum(isinstance(step, Push) for step in steps) > _MOST_OPERANDS_SHOWN:
        return "something else" if spans else "this"
    written: list[tuple[int, int, str]] = []
    for step in steps:
        match step:
            case Push(expression):
                written.append((expression.span.start, 2, _operand(expression)))
            case ApplyPrefix(operator):
                gap = " " if operator.text.isalpha() else ""
                written.append((operator.span.start, 2, operator.text + gap))
            case ApplyInfix(operator):
                written.append((operator.span.start, 2, f" {operator.text} "))
    written += [(span.start, 1, "(") for span in spans] + [(span.end, 0, ")") for span in spans]
    return f"`{''.join(text for _, _, text in sorted(written))}`"


def _operand(expression: Expression) -> str:
    match expression:
        case Name(text):
            return text
        case NumberLiteral(value):
            return f"{value:g}"
        case Call(function):
            return f"{function.text}(…)"
        case _:
            return "(…)"
