"""Conditionals: with a condition known while reducing, the other branch is looked at, not taken.

What is wrong in the branch that is not taken is a warning: it stands in nobody's way.
"""

from collections.abc import Sequence
from typing import TYPE_CHECKING

from voxlogica_core.errors import DataError
from voxlogica_core.plan.node import Literal
from voxlogica_core.plan.reduction.meaning import Meaning, Scope, SpecialForm, Unknown
from voxlogica_core.plan.reduction.reducing import Reducing
from voxlogica_core.syntax import tree
from voxlogica_core.text.span import Span
from voxlogica_core.values.kind import ANY

if TYPE_CHECKING:
    from voxlogica_core.plan.node import NodeId

CONDITIONALS = frozenset({"ifB", "ifN"})
_CONDITION, _THEN, _ELSE = "c", "t", "e"
"""What the parameters of conditionals are called."""


def is_spared(
    reducer: Reducing,
    function: Meaning,
    arguments: Sequence[tree.Argument],
    meanings: Sequence[Meaning],
) -> bool:
    """Return whether the next argument is a branch that the condition, known by now, leaves out."""
    if not isinstance(function, SpecialForm) or function.name not in CONDITIONALS:
        return False
    names = [_place(argument, index) for index, argument in enumerate(arguments)]
    pairs = zip(names, meanings, strict=False)
    taken = next((_truth(reducer, meaning) for name, meaning in pairs if name == _CONDITION), None)
    return taken is not None and names[len(meanings)] == (_ELSE if taken else _THEN)


def conditional(
    reducer: Reducing, form: SpecialForm, arguments: Sequence[Meaning], span: Span, scope: Scope
) -> Meaning:
    """Reduce a conditional: to the branch taken where that is known."""
    if len(arguments) != 3:
        message = f"`{form.name}` wants 3 arguments: a condition and two values; "
        return reducer.failure("wrong-arity", f"{message}{len(arguments)} came", span, scope)
    taken = _truth(reducer, arguments[0])
    nodes: list[NodeId | Unknown] = []
    for index, argument in enumerate(arguments):
        if taken is not None and index == (2 if taken else 1):
            with reducer.findings.softened():
                nodes.append(reducer.value_of(argument, span, scope))
        else:
            nodes.append(reducer.value_of(argument, span, scope))
    primitive = reducer.table.catalogue.primitives[f"vox1.{form.name}"]
    if taken is None:
        return reducer.primitive(primitive, nodes, span, scope)
    kinds = tuple(ANY if isinstance(n, Unknown) else reducer.table.kind(n) for n in nodes)
    try:
        reducer.table.form(primitive, kinds)
    except DataError as problem:
        return reducer.refused(problem, span, scope)
    return nodes[1 if taken else 2]


def _truth(reducer: Reducing, meaning: Meaning) -> bool | None:
    node = reducer.table.get(meaning) if isinstance(meaning, str) else None
    return node.value if isinstance(node, Literal) and isinstance(node.value, bool) else None


def _place(argument: tree.Argument, index: int) -> str:
    names = (_CONDITION, _THEN, _ELSE)
    if argument.name is not None:
        return argument.name.text
    return names[index] if index < len(names) else ""
