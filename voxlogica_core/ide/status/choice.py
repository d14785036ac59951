"""Which goals and declarations a part of a text asks for. Runs nothing."""

from collections.abc import Iterator
from dataclasses import dataclass

from voxlogica_core.ide.analysis import Analysis
from voxlogica_core.ide.lookup import declarations
from voxlogica_core.plan.goal import Goal
from voxlogica_core.plan.node import NodeId, is_closed
from voxlogica_core.syntax import tree
from voxlogica_core.text.span import Span


@dataclass(frozen=True, slots=True)
class Part:
    """A part of a text: what is asked for are the goals in one span, the declarations in another.

    Statements that stand partly in a span count; an empty span is a cursor.
    """

    goals: Span
    declarations: Span


@dataclass(frozen=True, slots=True)
class Choice:
    """What a run is to reach.

    Parameters
    ----------
    goals
        In source order.
    targets
        Values of declarations, in order of text.
    """

    goals: tuple[Goal, ...]
    targets: tuple[NodeId, ...] = ()

    @property
    def nodes(self) -> tuple[NodeId, ...]:
        """The nodes whose values are asked for."""
        values = [goal.value for goal in self.goals if goal.value is not None]
        return (*values, *self.targets)


def to_cursor(offset: int) -> Part:
    """Return the part with the goals at or above a cursor, and the declaration it stands in."""
    return Part(Span(0, offset + 1), Span(offset, offset))


def selected(span: Span) -> Part:
    """Return the part with the goals and declarations that a selection touches."""
    return Part(span, span)


def chosen(analysis: Analysis, part: Part | None) -> Choice:
    """Return what a part of a text asks for; None: all goals, and nothing else.

    Declarations without a value of their own, such as functions, are left out.
    """
    plan = analysis.plan
    if part is None:
        return Choice(plan.goals)
    asking = [s for s in analysis.program.statements if isinstance(s, tree.Print | tree.Save)]
    goals = tuple(
        goal
        for goal, statement in zip(plan.goals, asking, strict=True)
        if _touches(part.goals, statement.span)
    )
    return Choice(goals, tuple(dict.fromkeys(_targets(analysis, part.declarations))))


def _targets(analysis: Analysis, span: Span) -> Iterator[NodeId]:
    plan = analysis.plan
    last = {statement.name.text: statement for statement in declarations(analysis)}
    for statement in declarations(analysis):
        is_function = isinstance(statement, tree.Declaration) and statement.formals is not None
        if is_function or not _touches(span, statement.span):
            continue
        if last[statement.name.text] is statement:
            meaning = plan.declarations.get(statement.name.text)
        else:
            meaning = _meaning(analysis, statement)
        if meaning is not None and meaning in plan.nodes and is_closed(plan.nodes[meaning]):
            yield meaning


def _meaning(analysis: Analysis, statement: tree.Declaration | tree.Load) -> NodeId | None:
    """Return the node of a declaration that a later one of its name hides."""
    if isinstance(statement, tree.Load):
        return None
    found = analysis.expressions.get(statement.value.span)
    return NodeId(found) if isinstance(found, str) else None


def _touches(part: Span, statement: Span) -> bool:
    if not len(part):
        return part.start in statement
    return statement.start < part.end and part.start < statement.end
