"""From a program's tree to its plan: statements in order, goals demanded, everything checked."""

from collections.abc import Mapping
from dataclasses import dataclass

from voxlogica_core.plan import check, imports
from voxlogica_core.plan.findings import Findings
from voxlogica_core.plan.goal import Goal
from voxlogica_core.plan.grids import Grids
from voxlogica_core.plan.keys import declared_key
from voxlogica_core.plan.library import library
from voxlogica_core.plan.meaning import Definition, Meaning, Unknown
from voxlogica_core.plan.node import Node, NodeId, Scalar, inputs_of
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.reducer import Reducer
from voxlogica_core.plan.scope import Declared, FileScope, Scope
from voxlogica_core.plan.signature import Catalogue, Primitive
from voxlogica_core.plan.trampoline import TooDeep, run
from voxlogica_core.plan.world import World
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_core.text.diagnostic import Diagnostic
from voxlogica_core.text.span import Span

NESTING = 100_000
"""Expressions waiting for their parts, one or so an application: deeper is endless recursion."""

_ENDLESS = "this applies functions within functions without end"


@dataclass(frozen=True, slots=True)
class Reduction:
    """A plan with what the editor wants to know about how it came to be.

    Parameters
    ----------
    expressions
        What each expression of the program means, by its span.
    references
        What each name in use refers to, by its span.
    nodes
        Those that expressions mean, also where no goal needs them.
    """

    plan: Plan
    diagnostics: tuple[Diagnostic, ...]
    expressions: Mapping[Span, Meaning]
    references: Mapping[Span, Definition | Primitive]
    nodes: Mapping[NodeId, Node]


def reduce_program(
    program: tree.Program,
    *,
    location: str | None,
    folder: str,
    catalogue: Catalogue,
    world: World,
    settings: Mapping[str, Scalar] | None = None,
    dialect: Dialect | None = None,
) -> Reduction:
    """Reduce a program.

    Parameters
    ----------
    location
        Path of the program's file, None for unsaved text.
    folder
        Where its relative paths begin.
    settings
        Values that replace those of top-level constant declarations, by name.
    dialect
        What imported files are written in that do not state it.
    """
    findings = Findings()
    reducer = Reducer(catalogue, world, findings)
    for source, parsed in library():
        imports.declare(parsed.program, reducer.names.library, source.path or "")
    file = FileScope(None, folder, location, reading=program.reading)
    imports.Importer(reducer, settings or {}, dialect).enter(program, file)
    goals = _goals(reducer, program, file)
    for declared in _declarations(file):
        _force(reducer, declared)
    grids = Grids(reducer)
    finished = tuple(grids.settled(goal, statement) for goal, statement in goals)
    check.program(reducer, program, file, finished)
    plan = _plan(reducer, file, finished, grids)
    nodes = {
        NodeId(meaning): reducer.table[NodeId(meaning)]
        for meaning in reducer.expressions.values()
        if isinstance(meaning, str)
    }
    return Reduction(plan, findings.all(), reducer.expressions, reducer.names.references, nodes)


def _goals(
    reducer: Reducer, program: tree.Program, file: FileScope
) -> list[tuple[Goal, tree.Print | tree.Save]]:
    goals: list[tuple[Goal, tree.Print | tree.Save]] = []
    for position, statement in enumerate(program.statements):
        if not isinstance(statement, tree.Print | tree.Save):
            continue
        scope = Scope(file, position)
        label = _node(reducer, statement.label, scope)
        value = _node(reducer, statement.value, scope)
        kind = "print" if isinstance(statement, tree.Print) else "save"
        problem = next((m.cause for m in (value, label) if isinstance(m, Unknown)), "")
        known_label = None if isinstance(label, Unknown) else label
        known_value = None if problem or isinstance(value, Unknown) else value
        if not problem and known_value is None:
            problem = "an error stands in the way"
        goals.append((Goal(kind, known_label, known_value, problem), statement))
    return goals


def _node(reducer: Reducer, expression: tree.Expression, scope: Scope) -> NodeId | Unknown:
    try:
        return run(reducer.node(expression, scope), NESTING)
    except TooDeep:
        return reducer.failure("recursive-call", _ENDLESS, expression.span, scope)


def _force(reducer: Reducer, declared: Declared) -> None:
    try:
        run(reducer.names.force(declared), NESTING)
    except TooDeep:
        scope = Scope(declared.scope, declared.position)
        span = declared.definition.span
        declared.meaning = reducer.failure("recursive-call", _ENDLESS, span, scope)


def _declarations(file: FileScope) -> list[Declared]:
    every = [declared for own in file.declared.values() for declared in own]
    return sorted(every, key=lambda declared: declared.position)


def _plan(reducer: Reducer, file: FileScope, goals: tuple[Goal, ...], grids: Grids) -> Plan:
    declarations: dict[str, NodeId] = {}
    for declared in _declarations(file):
        meaning = declared.meaning
        if isinstance(meaning, str) and not isinstance(declared.statement, tree.Broken):
            declarations[declared.statement.name.text] = grids.with_default(NodeId(meaning))
    roots = [node for goal in goals for node in (goal.label, goal.value) if node is not None]
    order = _reachable(reducer, [*roots, *declarations.values()])
    return Plan(
        {node: reducer.table[node] for node in order},
        goals,
        declarations,
        {node: path for node, path in reducer.sources.items() if node in order},
        {node: place for node, place in reducer.places.items() if node in order},
    )


def _reachable(reducer: Reducer, roots: list[NodeId]) -> dict[NodeId, None]:
    """Return the nodes that `roots` are made of, inputs before users."""
    order: dict[NodeId, None] = {}
    stack = list(reversed(roots))
    while stack:
        node = stack[-1]
        if node in order:
            stack.pop()
            continue
        missing = [given for given in inputs_of(reducer.table[node]) if given not in order]
        if missing:
            stack.extend(reversed(missing))
        else:
            order[node] = None
            stack.pop()
    return order


def key_of_statement(statement: tree.Declaration | tree.Load) -> str:
    """Return the key under which a statement declares its name."""
    formals = statement.formals if isinstance(statement, tree.Declaration) else None
    return declared_key(statement.name, formals)
