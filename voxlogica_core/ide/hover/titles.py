"""What a hover calls the thing under the cursor: its name, how it is called, its documentation."""

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import Use, expression_at, formals_of
from voxlogica_core.ide.wording import shortened, signatures
from voxlogica_core.plan.reduction.meaning import Definition, Unknown
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.syntax import tree
from voxlogica_core.text.span import Span

_LONGEST = 72


def title_of(
    analysis: Analysis,
    use: Use | None,
    declared: tree.Declaration | tree.Load | None,
    span: Span | None,
) -> str:
    """Return the name that is hovered, or the text of the expression."""
    if declared:
        formals = declared.formals if isinstance(declared, tree.Declaration) else None
        return declared.name.text if formals is None else _called(declared.name.text, formals)
    if use and isinstance(use.target, Definition) and use.target.role != "function":
        return use.target.name
    if span is None:
        return ""
    return shortened(analysis.source.text[span.start : span.end], _LONGEST)


def functions_of(analysis: Analysis, use: Use | None) -> list[str]:
    """Return how the function that is hovered can be called, a line each."""
    match use:
        case Use(target=Primitive() as primitive):
            operators = "  ".join(primitive.operators)
            return [*signatures(primitive), *([f"// operator {operators}"] if operators else [])]
        case Use(target=Definition(role="function") as definition):
            formals = formals_of(analysis, definition)
            called = f"{definition.name}(…)"
            return [called if formals is None else _called(definition.name, formals)]
        case _:
            return []


def documented(use: Use | None, declared: tree.Declaration | tree.Load | None) -> str:
    """Return what was written to explain it."""
    if declared:
        return declared.documentation
    return use.target.documentation if use else ""


def missing(analysis: Analysis, offset: int) -> str:
    """Return why an expression has no node: its file is being read, or cannot be."""
    found = expression_at(analysis, offset)
    if found and isinstance(found.meaning, Unknown) and found.meaning.is_file_problem:
        return f"… {found.meaning.cause}"
    return ""


def _called(name: str, formals: tuple[tree.Identifier, ...]) -> str:
    return f"{name}({', '.join(formal.text for formal in formals)})"
