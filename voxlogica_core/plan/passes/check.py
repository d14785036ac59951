"""Checks of a whole program: what is declared and never used, said twice, or cannot be saved."""

from collections.abc import Mapping, Sequence
from typing import TYPE_CHECKING

from voxlogica_core.plan.goal import Goal
from voxlogica_core.plan.node import Literal
from voxlogica_core.plan.outside.formats import unfit
from voxlogica_core.plan.reduction.scope import Scope
from voxlogica_core.plan.reduction.unit import Unit
from voxlogica_core.syntax import tree
from voxlogica_core.text.span import Span

if TYPE_CHECKING:
    from voxlogica_core.plan.reduction.reducer import Reducer


def program(
    reducer: "Reducer", units: Sequence[Unit], goals: Sequence[Goal], used: Mapping[str, int]
) -> None:
    """Report what only a look at the whole program can tell.

    Parameters
    ----------
    used
        Names that are known to be used, and where last.
    """
    asking = [unit for unit in units if unit.applied is not None]
    if not asking:
        root = units[-1].root if units else reducer.unit.root
        end = units[-1].statement.span.end if units else 0
        message = "nothing to run: a program asks for values with print or save"
        scope = Scope(root)
        reducer.findings.report(
            "nothing-to-run", message, Span(end, end), scope, severity="information"
        )
    else:
        _unused(reducer, units, used)
    _shadowed(reducer, units)
    _labels(reducer, list(zip(goals, asking, strict=True)))


def _unused(reducer: "Reducer", units: Sequence[Unit], used: Mapping[str, int]) -> None:
    for unit in units:
        declared = unit.declared
        if declared is None or declared.is_used:
            continue
        if used.get(declared.definition.name, -1) <= declared.position:
            message = f"`{declared.definition.name}` is never used"
            span, scope = declared.definition.span, Scope(unit.root)
            reducer.findings.report("unused-declaration", message, span, scope, severity="hint")


def _shadowed(reducer: "Reducer", units: Sequence[Unit]) -> None:
    seen: set[str] = set()
    for unit in units:
        if (declared := unit.declared) is None:
            continue
        key = declared.key
        if key in seen:
            message = f"`{declared.definition.name}` was declared above; this one hides it"
            span, scope = declared.definition.span, Scope(unit.root)
            reducer.findings.report("shadowed-name", message, span, scope, severity="hint")
        seen.add(key)


def _labels(
    reducer: "Reducer",
    goals: list[tuple[Goal, Unit]],
) -> None:
    seen: set[tuple[str, str]] = set()
    for goal, unit in goals:
        statement, scope = unit.statement, Scope(unit.root)
        assert isinstance(statement, tree.Print | tree.Save)
        label = reducer.table[goal.label] if goal.label else None
        if not isinstance(label, Literal) or not isinstance(label.value, str):
            _check_label_kind(reducer, goal, statement, scope)
            continue
        key, span = (goal.kind, label.value), statement.label.span
        if key in seen and goal.kind == "save":
            message = f"two saves write {label.value}: one of them would be lost"
            reducer.findings.report("duplicate-output", message, span, scope)
        elif key in seen:
            message = f"two values are printed as {label.value}"
            reducer.findings.report("duplicate-label", message, span, scope, severity="warning")
        seen.add(key)
        if goal.kind == "save" and goal.value is not None:
            problem = unfit(label.value, reducer.table.kind(goal.value))
            if problem:
                reducer.findings.report("unknown-format", problem, span, scope)


def _check_label_kind(
    reducer: "Reducer", goal: Goal, statement: tree.Print | tree.Save, scope: Scope
) -> None:
    if goal.label is None:
        return
    kind = reducer.table.kind(goal.label)
    if kind.name in ("number", "bool", "image", "mask", "labels", "colour"):
        message = f"a label is a text, this is {kind}"
        reducer.findings.report("type-mismatch", message, statement.label.span, scope)
