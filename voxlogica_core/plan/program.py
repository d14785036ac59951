"""From a program's tree to its plan: statements in order of text, then the program as a whole."""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass, field

from voxlogica_core.plan.goal import Goal
from voxlogica_core.plan.lazy import Nodes, Places
from voxlogica_core.plan.node import Node, NodeId, Scalar
from voxlogica_core.plan.outside.world import World
from voxlogica_core.plan.passes import check, mismatches
from voxlogica_core.plan.passes.grids import Grids
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.reduction import imports
from voxlogica_core.plan.reduction.doubt import Doubt, gone
from voxlogica_core.plan.reduction.findings import diagnostics_of
from voxlogica_core.plan.reduction.meaning import Meaning
from voxlogica_core.plan.reduction.references import References, mentioned
from voxlogica_core.plan.reduction.retracing import retraced
from voxlogica_core.plan.reduction.scope import Declared, FileScope, Root, Scope
from voxlogica_core.plan.reduction.spread import Expressions, Layout, Spread
from voxlogica_core.plan.reduction.trampoline import Steps, TooDeep, run
from voxlogica_core.plan.reduction.unit import Unit
from voxlogica_core.plan.session import Circumstances, Session, new_session
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.syntax import placing, tree
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
    session
        What the reduction of the next version may use.
    """

    plan: Plan
    diagnostics: tuple[Diagnostic, ...]
    expressions: Spread[Meaning]
    references: References
    nodes: Mapping[NodeId, Node]
    session: Session = field(compare=False, repr=False)


def reduce_program(
    program: tree.Program,
    *,
    location: str | None,
    folder: str,
    catalogue: Catalogue,
    world: World,
    settings: Mapping[str, Scalar] | None = None,
    dialect: Dialect | None = None,
    before: Session | None = None,
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
    before
        The session of an earlier version: what did not change is not done again. It serves one
        version after the other, never two at once.
    """
    circumstances = Circumstances(catalogue, location, folder, settings or {}, dialect)
    if before is None or not before.fits(circumstances):
        before = new_session(circumstances, world)
    return _Version(before, program, world).reduced()


class _Version:
    """One version of a program on its way to its plan."""

    def __init__(self, session: Session, program: tree.Program, world: World) -> None:
        circumstances = session.circumstances
        self._session = session
        self._reducer = session.reducer
        self._dialect: Dialect | None = circumstances.dialect
        self._settings = circumstances.settings
        self._reducer.renew(world)
        rooted = placing.rooted(program.statements)
        self._file = FileScope(None, circumstances.folder, circumstances.location)
        self._file.reading = program.reading
        self._file.moved = [by for _, by in rooted]
        imported = tuple(s.target.value for s, _ in rooted if isinstance(s, tree.Import))
        known = session.units if session.heading == (imported, program.reading) else {}
        session.heading = (imported, program.reading)
        self._units = [self._unit(s, n, known.get(id(s))) for n, (s, _) in enumerate(rooted)]
        before = list(session.units.values())
        self._doubt = Doubt(before if known else [], self._units)
        self._replaced = gone(before, self._units)
        self._imports_changed = False

    def reduced(self) -> Reduction:
        """Reduce statement by statement, then look at the whole."""
        reducer, units, findings = self._reducer, self._units, self._reducer.findings
        self._enter()
        for position, unit in enumerate(units):
            if self._still_holds(unit):
                if unit.findings:
                    findings.begin(unit)
            else:
                units[position] = self._renewed(unit)
                self._doubt.note(unit, units[position])
        self._session.units = {id(unit.statement): unit for unit in units}
        layout = Layout(units, self._file.moved)
        whole = Unit(tree.Broken((), Span(0, 0)), Root(self._file, len(units)))
        findings.begin(whole)
        sources = {node: path for unit in units if unit.loads for node, path in unit.loads.items()}
        grids = Grids(reducer, sources)
        goals = tuple(grids.goal(unit) for unit in units if unit.applied is not None)
        check.program(reducer, units, goals, self._doubt.used)
        mismatches.report(reducer, units, sources)
        diagnostics = diagnostics_of([*units, whole], findings.foreign)
        self._session.fresh = self._session.fresh or len(reducer.table)
        self._let_go()
        return Reduction(
            self._plan(layout, goals, grids, sources),
            tuple(diagnostics),
            Expressions(layout),
            References(layout, reducer.names, self._file),
            reducer.table,
            self._session,
        )

    def _unit(self, statement: tree.Statement, position: int, known: Unit | None) -> Unit:
        if known is None or isinstance(statement, tree.Import):
            return self._fresh(statement, position)
        known.root.file, known.root.position = self._file, position
        return known

    def _fresh(self, statement: tree.Statement, position: int) -> Unit:
        unit = Unit(statement, Root(self._file, position), is_volatile=True)
        if isinstance(statement, tree.Declaration | tree.Load):
            unit.declared = imports.declared_at(statement, unit.root)
        if isinstance(statement, tree.Broken):
            unit.references = mentioned(statement, unit.root)
        return unit

    def _enter(self) -> None:
        """Enter all names of this version; import what it imports."""
        session = self._session
        importer = imports.Importer(self._reducer, self._dialect)
        above = 0
        for unit in self._units:
            if unit.imports != above:
                unit.imports, unit.is_volatile = above, True
            match unit.statement:
                case tree.Import() as statement:
                    self._reducer.findings.begin(unit)
                    importer.add(statement, unit.root)
                    above += 1
                case tree.Broken() as statement:
                    imports.add_broken(statement, unit.root)
                case _ if unit.declared is not None:
                    unit.declared.is_used = False
                    imports.enter(unit.declared)
                case _:
                    pass
        self._imports_changed = session.imported != importer.texts
        session.imported = importer.texts

    def _still_holds(self, unit: Unit) -> bool:
        """Return whether what is known of a statement is what reducing it would find."""
        identity, root = self._reducer.names.identity, unit.root
        if isinstance(unit.statement, tree.Import | tree.Broken):
            for lookup in unit.references.values():
                if isinstance(lookup, tuple):
                    identity(lookup, root)  # it counts as used
            return True
        if unit.is_volatile:
            return False
        is_spared = not self._imports_changed and self._doubt.spares(unit)
        return is_spared or all(
            identity(lookup, root) == meaning for lookup, meaning in unit.lookups.items()
        )

    def _renewed(self, old: Unit) -> Unit:
        """Return what is known of a statement in this version, where that is something else."""
        unit = retraced(self._reducer.names, self._reducer.table, old)
        if unit is None:
            self._replaced.append(old)
            return self._reduced(old)
        if unit.declared is not None and old.declared is not None:
            self._file.replace(unit.declared.key, old.declared, unit.declared)
        return unit

    def _reduced(self, old: Unit) -> Unit:
        """Return the statement of a unit, reduced: a unit of its own, for `old` may be in use."""
        unit = self._fresh(old.statement, old.root.position)
        unit.imports, unit.is_volatile = old.imports, False
        self._reducer.findings.begin(unit)
        scope = Scope(unit.root)
        match unit.statement:
            case tree.Declaration() | tree.Load() as statement:
                assert unit.declared is not None
                assert old.declared is not None
                self._file.replace(unit.declared.key, old.declared, unit.declared)
                unit.declared.meaning = self._declared(unit.declared, statement, scope)
            case tree.Print(label=label, value=value) | tree.Save(label=label, value=value):
                unit.applied = (self._node(label, scope), self._node(value, scope))
            case _:
                pass
        unit.names = frozenset(name for name, _ in unit.lookups)
        return unit

    def _declared(
        self, declared: Declared, statement: tree.Declaration | tree.Load, scope: Scope
    ) -> Meaning:
        reducer, name = self._reducer, statement.name
        if name.text not in self._settings:
            return self._ended(reducer.names.force(declared), name.span, scope)
        node = reducer.literal(self._settings[name.text])
        reducer.note(name.span, node, scope)
        return node

    def _node(self, expression: tree.Expression, scope: Scope) -> Meaning:
        return self._ended(self._reducer.node(expression, scope), expression.span, scope)

    def _ended(self, steps: Steps[Meaning], span: Span, scope: Scope) -> Meaning:
        try:
            return run(steps, NESTING)
        except TooDeep:
            return self._reducer.failure("recursive-call", _ENDLESS, span, scope)

    def _let_go(self) -> None:
        """Part the statements that this version has no more from it, for whoever keeps them.

        Else an analysis that somebody keeps would, by way of them, keep all that came after it.
        """
        nowhere = self._file.empty()
        for unit in self._replaced:
            unit.root.file = nowhere

    def _plan(
        self, layout: Layout, goals: Sequence[Goal], grids: Grids, sources: Mapping[NodeId, str]
    ) -> Plan:
        declarations: dict[str, NodeId] = {}
        for unit in layout.units:
            if (declared := unit.declared) is not None and isinstance(declared.meaning, str):
                node = grids.with_default(NodeId(declared.meaning))
                declarations[declared.definition.name] = node
        asked = [node for goal in goals for node in (goal.label, goal.value) if node is not None]
        return Plan(
            Nodes(self._reducer.table, [*asked, *declarations.values()]),
            tuple(goals),
            declarations,
            sources,
            Places(layout),
            self._reducer.table.deferred,
        )
