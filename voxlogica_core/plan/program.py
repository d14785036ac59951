"""From a program's tree to its plan: statements in order of text, then the program as a whole."""

from collections.abc import Iterable, Mapping, Sequence
from dataclasses import dataclass, field
from itertools import takewhile
from operator import is_

from voxlogica_core.plan.goal import Goal
from voxlogica_core.plan.lazy import Declarations, Nodes, Places
from voxlogica_core.plan.node import Node, NodeId, Scalar
from voxlogica_core.plan.outside.world import World
from voxlogica_core.plan.passes import check, mismatches
from voxlogica_core.plan.passes.grids import Grids
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.reduction import imports
from voxlogica_core.plan.reduction.doubt import Doubt
from voxlogica_core.plan.reduction.findings import diagnostics_of
from voxlogica_core.plan.reduction.keys import key_of
from voxlogica_core.plan.reduction.meaning import END, Declared, Meaning, Root, Scope
from voxlogica_core.plan.reduction.references import References, mentioned
from voxlogica_core.plan.reduction.retracing import retraced
from voxlogica_core.plan.reduction.spread import Expressions, Layout, Spread
from voxlogica_core.plan.reduction.trampoline import Steps, TooDeep, run
from voxlogica_core.plan.reduction.unit import Unit
from voxlogica_core.plan.session import Circumstances, Session, new_session
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.syntax import placing, tree
from voxlogica_core.syntax.dialect import Reading
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
    before.is_whole = False  # until the version is whole
    return _Version(before, program, world).reduced()


class _Version:
    """One version of a program on its way to its plan."""

    def __init__(self, session: Session, program: tree.Program, world: World) -> None:
        self._session = session
        self._reducer = session.reducer
        self._roll = session.roll
        self._file = session.file
        self._settings = session.circumstances.settings
        self._doubt = Doubt(session.roll)
        self._gone: list[Unit] = []
        self._reducer.renew(world)
        statements, moved = placing.parsed(program.statements)
        self._take_over(statements, program.reading)
        self._file.moved, self._file.positions = moved, self._roll.positions

    def reduced(self) -> Reduction:
        """Reduce what is in doubt, statement by statement, then look at the whole."""
        reducer, roll, findings = self._reducer, self._roll, self._reducer.findings
        self._enter()
        self._doubt.add(roll.positions_of("volatile"))
        self._doubt.pass_by(roll.positions_of("complaint"))
        for position, is_doubted in self._doubt:
            unit = roll.units[roll.index(position)]
            if is_doubted:
                self._look_again(unit)
            elif unit.findings:
                findings.begin(unit)
        self._session.own = self._session.own or len(reducer.table)
        if self._session.waste > 2:
            self._session.prune()
        layout = Layout(list(roll.units), list(roll.positions), self._file.moved)
        whole = Unit(tree.Broken((), Span(0, 0)), Root(self._file, END))
        findings.begin(whole)
        sources = {node: path for unit in roll.of("reader") for node, path in unit.loads.items()}
        grids = Grids(reducer, sources)
        goals = tuple(grids.goal(unit) for unit in roll.of("goal"))
        check.program(reducer, roll, self._file, goals, self._session.unused)
        mismatches.report(reducer, roll.units, sources)
        diagnostics = diagnostics_of([*roll.of("complaint"), whole], findings.foreign)
        self._let_go()
        return Reduction(
            self._plan(layout, goals, grids, sources),
            tuple(diagnostics),
            Expressions(layout),
            References(layout, reducer.names, self._file.snapshot()),
            reducer.table,
            self._session,
        )

    def _take_over(self, statements: Sequence[tree.Statement], reading: Reading) -> None:
        """Put the statements that are new in place of those that are not there any more."""
        session, roll = self._session, self._roll
        heading = tuple(s.target.value for s in statements if type(s) is tree.Import), reading
        first, last = 0, 0
        if session.heading == heading:
            first, last = _common(session.statements, statements)
        session.heading, session.statements, self._file.reading = heading, statements, reading
        stop, fresh = len(roll.units) - last, statements[first : len(statements) - last]
        positions = roll.room(first, stop, len(fresh))
        if positions is None:
            self._file.declared.renumber(roll.renumber())
            positions = roll.room(first, stop, len(fresh))
        assert positions is not None
        pairs = zip(fresh, positions, strict=True)
        units = [self._fresh(statement, position) for statement, position in pairs]
        for unit in roll.splice(first, stop, units):
            self._part(unit)
        for unit in units:
            self._doubt.declared(unit)
            if unit.declared is not None:
                imports.enter(unit.declared)

    def _part(self, unit: Unit) -> None:
        """Part a statement from the version, in which it is no more."""
        self._gone.append(unit)
        self._doubt.declared(unit)
        if (gone := unit.declared) is not None:
            self._file.declared.withdraw(gone.key, gone)

    def _fresh(self, statement: tree.Statement, position: int) -> Unit:
        unit = Unit(statement, Root(self._file, position), is_volatile=True)
        match statement:
            case tree.Declaration() | tree.Load():
                unit.declared = imports.declared_at(statement, unit.root)
            case tree.Broken():
                unit.is_volatile = False
                unit.references = mentioned(statement, unit.root)
                written = unit.references.values()
                unit.keys = frozenset(key_of(*name) for name in written if isinstance(name, tuple))
            case tree.Import():
                unit.is_volatile = False
            case _:
                pass
        return unit

    def _enter(self) -> None:
        """Import what the version imports, and note the names that are broken in it."""
        session, file, roll = self._session, self._file, self._roll
        file.broken, file.imports, file.namespaces, file.always = {}, [], [], {}
        for unit in roll.of("broken"):
            assert isinstance(unit.statement, tree.Broken)
            imports.add_broken(unit.statement, unit.root)
        importer = imports.Importer(self._reducer, session.circumstances.dialect)
        for old in roll.of("import"):
            assert isinstance(old.statement, tree.Import)
            unit = self._fresh(old.statement, old.root.position)
            self._reducer.findings.begin(unit)
            importer.add(old.statement, unit.root)
            self._gone.append(old)
            roll.put(unit)
        if session.imported != importer.texts:
            session.imported = importer.texts
            self._doubt.add_all()
        if file.imports:
            roll.changed |= file.declared.keys()  # an import may hide any of them

    def _look_again(self, old: Unit) -> None:
        """Find out what a statement in doubt is in this version."""
        meanings = self._doubt.meanings(self._reducer.names, old)
        if not old.is_volatile and meanings == old.lookups:
            if old.findings:
                self._reducer.findings.begin(old)
            return
        unit = retraced(self._reducer.table, old, meanings)
        if unit is not None:
            if unit.declared is not None and old.declared is not None:
                self._file.declared.exchange(old.declared.key, old.declared, unit.declared)
            self._roll.move(unit)
        else:
            self._gone.append(old)
            unit = self._reduced(old)
            self._roll.put(unit)
        self._doubt.changed(old, unit)

    def _reduced(self, old: Unit) -> Unit:
        """Return the statement of a unit, reduced: a unit of its own, for `old` may be in use."""
        unit = self._fresh(old.statement, old.root.position)
        unit.is_volatile = False
        self._reducer.findings.begin(unit)
        scope = Scope(unit.root)
        match unit.statement:
            case tree.Declaration() | tree.Load() as statement:
                assert unit.declared is not None
                assert old.declared is not None
                self._file.declared.exchange(old.declared.key, old.declared, unit.declared)
                meaning = unit.declared.meaning = self._declared(unit.declared, statement, scope)
                unit.is_gridless = isinstance(meaning, str) and self._reducer.table.is_free(meaning)
            case tree.Print(label=label, value=value) | tree.Save(label=label, value=value):
                unit.applied = (self._node(label, scope), self._node(value, scope))
            case _:
                pass
        unit.keys = frozenset(key_of(*lookup) for lookup in unit.lookups)
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
        for unit in self._gone:
            unit.root.file = nowhere
        self._roll.changed.clear()
        self._session.is_whole = True

    def _plan(
        self,
        layout: Layout,
        goals: tuple[Goal, ...],
        grids: Grids,
        sources: Mapping[NodeId, str],
    ) -> Plan:
        asked = [node for goal in goals for node in (goal.label, goal.value) if node is not None]
        gridless = [unit.declared for unit in self._roll.of("gridless") if unit.declared]
        free = [NodeId(declared.meaning) for declared in gridless if type(declared.meaning) is str]
        declarations = Declarations(layout, {node: grids.with_default(node) for node in free})
        return Plan(
            Nodes(self._reducer.table, asked, declarations),
            goals,
            declarations,
            sources,
            Places(layout),
            self._reducer.table.deferred,
        )


def _common(before: Sequence[tree.Statement], now: Sequence[tree.Statement]) -> tuple[int, int]:
    """Return how many statements are the same from the beginning, and from the end."""
    most = min(len(before), len(now))
    first = _same(before, now)
    return first, min(_same(reversed(before), reversed(now)), most - first)


def _same(one: Iterable[tree.Statement], other: Iterable[tree.Statement]) -> int:
    """Return with how many of the same objects two sequences begin."""
    return sum(1 for _ in takewhile(bool, map(is_, one, other)))
