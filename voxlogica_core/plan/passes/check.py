"""Checks of a whole program: what is declared and never used, said twice, or cannot be saved."""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from voxlogica_core.plan.goal import Goal
from voxlogica_core.plan.node import Literal
from voxlogica_core.plan.outside.formats import unfit
from voxlogica_core.plan.reduction.meaning import FileScope, Scope, Standing
from voxlogica_core.plan.reduction.roll import Roll, Unused
from voxlogica_core.plan.reduction.unit import Unit
from voxlogica_core.syntax import tree
from voxlogica_core.text.span import Span

if TYPE_CHECKING:
    from voxlogica_core.plan.reduction.reducer import Reducer


def program(
    reducer: "Reducer", roll: Roll, file: FileScope, goals: Sequence[Goal], unused: Unused
) -> None:
    """Report what only a look at the whole program can tell.

    Parameters
    ----------
    unused
        What nothing used in the last version: mended here.
    """
    _mend(unused, roll, file)
    asking = roll.of("goal")
    if not asking:
        root = roll.units[-1].root if roll.units else reducer.unit.root
        end = roll.units[-1].statement.span.end if roll.units else 0
        message = "nothing to run: a program asks for values with print or save"
        scope = Scope(root)
        reducer.findings.report(
            "nothing-to-run", message, Span(end, end), scope, severity="information"
        )
    else:
        _unused(reducer, unused)
    _shadowed(reducer, file)
    _labels(reducer, list(zip(goals, asking, strict=True)))


def _mend(unused: Unused, roll: Roll, file: FileScope) -> None:
    """Look again at the names that were declared or used by what came or went."""
    for key in roll.changed:
        own = file.declared.get(key, ())
        found = [declared for declared in own if not _is_used(key, declared, roll, file)]
        if found:
            unused[key] = found
        else:
            unused.pop(key, None)


def _is_used(key: str, standing: Standing, roll: Roll, file: FileScope) -> bool:
    position, declared = standing
    users = roll.users.get(key, ())
    if key not in file.declared.repeated and not file.imports:
        return max(users, default=position) > position
    return any(file.find(key, user) is declared for user in users)


def _unused(reducer: "Reducer", unused: Unused) -> None:
    for _, declared in (each for own in unused.values() for each in own):
        message = f"`{declared.definition.name}` is never used"
        span, scope = declared.definition.span, Scope(declared.root)
        reducer.findings.report("unused-declaration", message, span, scope, severity="hint")


def _shadowed(reducer: "Reducer", file: FileScope) -> None:
    for _, declared in (each for key in file.declared.repeated for each in file.declared[key][1:]):
        message = f"`{declared.definition.name}` was declared above; this one hides it"
        span, scope = declared.definition.span, Scope(declared.root)
        reducer.findings.report("shadowed-name", message, span, scope, severity="hint")


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
