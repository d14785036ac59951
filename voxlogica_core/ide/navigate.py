"""Where names lead: the place of a definition, or a file that is named."""

from dataclasses import dataclass

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import declared_at, use_at
from voxlogica_core.plan.meaning import Definition
from voxlogica_core.syntax.tree import Import
from voxlogica_core.text.span import Span


@dataclass(frozen=True, slots=True)
class Destination:
    """A place: `path` None is the program itself."""

    span: Span
    path: str | None = None


@dataclass(frozen=True, slots=True)
class NamedFile:
    """A file named in the program, as it is written there."""

    text: str


def definition(analysis: Analysis, offset: int) -> Destination | NamedFile | None:
    """Return where what stands at `offset` was defined; primitives have no place in a program."""
    for statement in analysis.program.statements:
        if isinstance(statement, Import) and offset in statement.target.span:
            return NamedFile(statement.target.value)
    use = use_at(analysis, offset)
    if use and isinstance(use.target, Definition):
        return Destination(use.target.span, use.target.path)
    declared = declared_at(analysis, offset)
    return Destination(declared.name.span) if declared else None
