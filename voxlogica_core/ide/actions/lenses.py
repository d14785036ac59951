"""Code lenses: what can be done with the goals of a program, over each of them. Runs nothing."""

from collections.abc import Iterator
from dataclasses import dataclass
from typing import Literal

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.placing import rooted
from voxlogica_core.text.span import Span

Deed = Literal["run", "run to here", "show", "why"]
DEEDS: tuple[Deed, ...] = ("run", "run to here", "show", "why")


@dataclass(frozen=True, slots=True)
class Lens:
    """A deed that is offered over the goal at `span`, for the value at `value`."""

    deed: Deed
    span: Span
    value: Span


def lenses(analysis: Analysis) -> Iterator[Lens]:
    """Yield the lenses of a program, in order of text."""
    for statement, moved in rooted(analysis.program.statements):
        if isinstance(statement, tree.Print | tree.Save):
            span, value = statement.span.shifted(moved), statement.value.span.shifted(moved)
            for deed in DEEDS:
                yield Lens(deed, span, value)
