"""The analysis of one text: tree, plan, diagnostics. Frozen; all editor questions are put to it."""

from collections.abc import Mapping
from dataclasses import dataclass, field, replace
from hashlib import sha256
from pathlib import PurePath

from voxlogica_core.collector import collector_paused
from voxlogica_core.plan.node import Node, NodeId, Scalar
from voxlogica_core.plan.outside.shipped import OPERATORS
from voxlogica_core.plan.outside.world import World
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.program import reduce_program
from voxlogica_core.plan.reduction.meaning import Meaning
from voxlogica_core.plan.reduction.references import References
from voxlogica_core.plan.reduction.spread import Spread
from voxlogica_core.plan.session import Session
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.syntax.lexis import Dialect
from voxlogica_core.syntax.parser import Parsed, parse
from voxlogica_core.syntax.tree import Program
from voxlogica_core.text.diagnostic import Diagnostic
from voxlogica_core.text.source_text import SourceText

MAY_RUN_WITH = frozenset({"file-not-found", "unreadable-image"})
"""Errors that spoil the goals that need a file, and no more: the rest of the program runs."""


@dataclass(frozen=True, slots=True)
class Analysis:
    """What is known of a text without running it.

    Parameters
    ----------
    expressions
        What each expression means, by its span.
    references
        What each name in use refers to, by its span.
    nodes
        Those that expressions mean, also where no goal needs them.
    catalogue
        The primitives it was made with.
    session
        What the analysis of the next version may use.
    """

    source: SourceText
    parsed: Parsed
    plan: Plan
    diagnostics: tuple[Diagnostic, ...]
    expressions: Spread[Meaning]
    references: References
    nodes: Mapping[NodeId, Node]
    catalogue: Catalogue = field(compare=False, repr=False)
    session: Session = field(compare=False, repr=False)

    def __repr__(self) -> str:
        named, goals = len(self.plan.declarations), len(self.plan.goals)
        place = self.source.path or "a text"
        return (
            f"<Analysis of {place}: {named} declarations, {goals} goals, {len(self.errors)} errors>"
        )

    @property
    def program(self) -> Program:
        """The tree of the text."""
        return self.parsed.program

    @property
    def digest(self) -> str:
        """SHA-256 of the text, for the history of runs."""
        return sha256(self.source.text.encode("utf-8", "surrogatepass")).hexdigest()

    @property
    def errors(self) -> tuple[Diagnostic, ...]:
        """The diagnostics that stop the program from running."""
        return tuple(
            d for d in self.diagnostics if d.severity == "error" and d.code not in MAY_RUN_WITH
        )


def analyse(
    source: SourceText,
    *,
    catalogue: Catalogue,
    world: World,
    settings: Mapping[str, Scalar] | None = None,
    dialect: Dialect | None = None,
    before: "Analysis | None" = None,
) -> Analysis:
    """Analyse a program.

    Parameters
    ----------
    source
        The text and, where it has one, its path: relative paths in it begin there.
    settings
        Values that replace those of top-level constant declarations, by name.
    dialect
        What files are written in that do not state it.
    before
        The analysis of an earlier version of the text: makes this one quicker, and no different.
    """
    if before is not None and before.catalogue is not catalogue:
        before = None
    folder = str(PurePath(source.path).parent) if source.path else world.working_folder()
    with collector_paused():
        known = before.parsed if before else None
        parsed = parse(source, OPERATORS, dialect=dialect, before=known)
        reduction = reduce_program(
            parsed.program,
            location=source.path,
            folder=folder,
            catalogue=catalogue,
            world=world,
            settings=settings,
            dialect=dialect,
            before=before.session if before else None,
        )
    found = sorted((*parsed.diagnostics, *reduction.diagnostics), key=_place)
    return Analysis(
        source,
        parsed,
        replace(reduction.plan, catalogue=catalogue),
        tuple(found),
        reduction.expressions,
        reduction.references,
        reduction.nodes,
        catalogue,
        reduction.session,
    )


def _place(diagnostic: Diagnostic) -> tuple[str, int, int]:
    return diagnostic.path or "", diagnostic.span.start, diagnostic.span.end
