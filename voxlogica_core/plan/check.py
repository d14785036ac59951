"""Checks of a whole program: what is declared and never used, said twice, or cannot be saved."""

from collections.abc import Iterator
from typing import TYPE_CHECKING

from voxlogica_core.plan.formats import unfit
from voxlogica_core.plan.goal import Goal
from voxlogica_core.plan.node import Literal
from voxlogica_core.plan.scope import Declared, FileScope, Scope
from voxlogica_core.syntax import tree
from voxlogica_core.text.span import Span

if TYPE_CHECKING:
    from voxlogica_core.plan.reducer import Reducer


def program(
    reducer: "Reducer", program: tree.Program, file: FileScope, goals: tuple[Goal, ...]
) -> None:
    """Report what only a look at the whole program can tell."""
    scope = Scope(file, len(program.statements))
    statements = [s for s in program.statements if isinstance(s, tree.Print | tree.Save)]
    if not statements:
        end = Span(*(2 * [program.statements[-1].span.end if program.statements else 0]))
        message = "nothing to run: a program asks for values with print or save"
        reducer.findings.report("nothing-to-run", message, end, scope, severity="information")
    else:
        _unused(reducer, file, scope)
    _shadowed(reducer, file, scope)
    _labels(reducer, list(zip(goals, statements, strict=True)), scope)


def _declared(file: FileScope) -> Iterator[Declared]:
    for own in file.declared.values():
        yield from own


def _unused(reducer: "Reducer", file: FileScope, scope: Scope) -> None:
    for declared in _declared(file):
        if not declared.is_used:
            name = declared.definition.name
            message = f"`{name}` is never used"
            span = declared.definition.span
            reducer.findings.report("unused-declaration", message, span, scope, severity="hint")


def _shadowed(reducer: "Reducer", file: FileScope, scope: Scope) -> None:
    for own in file.declared.values():
        for declared in own[1:]:
            message = f"`{declared.definition.name}` was declared above; this one hides it"
            span = declared.definition.span
            reducer.findings.report("shadowed-name", message, span, scope, severity="hint")


def _labels(
    reducer: "Reducer",
    goals: list[tuple[Goal, tree.Print | tree.Save]],
    scope: Scope,
) -> None:
    seen: dict[tuple[str, str], Span] = {}
    for goal, statement in goals:
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
        seen.setdefault(key, span)
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
