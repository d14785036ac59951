"""The program that is written at the prompt: what was said so far, and what an entry asks for.

Knows no terminal. An entry is a part of the program, or an expression whose value is called `it`.
"""

import os
from collections.abc import Sequence
from dataclasses import dataclass, field
from pathlib import Path

from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.ide.writing.complete import completion
from voxlogica_core.ide.writing.cursor import cursor
from voxlogica_core.ide.writing.proposal import Proposal
from voxlogica_core.plan.goal import Goal
from voxlogica_core.plan.node import NodeId, is_closed
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.primitives.catalogue import catalogue_for
from voxlogica_core.syntax.tree import Print, Save
from voxlogica_core.text.diagnostic import Diagnostic
from voxlogica_core.text.source_text import SourceText

IT = "it"
"""What the value of the last expression is called."""


@dataclass(frozen=True, slots=True)
class Asked:
    """What an entry asks for.

    Parameters
    ----------
    analysis
        Of the program with the entry in it.
    goals
        Those of the entry.
    it
        The node of the value, where the entry is an expression that has one.
    errors
        Why the entry is not taken; empty if it is.
    """

    analysis: Analysis
    goals: Sequence[Goal] = ()
    it: NodeId | None = None
    errors: Sequence[Diagnostic] = ()


@dataclass(slots=True)
class Session:
    """A program that grows by what is taken from the prompt; goals are reached and not kept."""

    text: str = ""
    catalogue: Catalogue = field(default_factory=lambda: catalogue_for(Path.cwd()))
    before: Analysis | None = None

    def take(self, entry: str) -> Asked:
        """Return what an entry asks for; it belongs to the program from now on if it is right."""
        entry = entry.strip() + "\n"
        found = self._asked(entry, is_value=False)
        if any(problem.code == "syntax" for problem in found.errors):
            value = self._asked(f"let {IT} = {entry}", is_value=True)
            if not any(problem.code == "syntax" for problem in value.errors):
                found = value
        if not found.errors:
            self.text = _without_goals(found.analysis, len(self.text))
        return found

    def is_whole(self, entry: str) -> bool:
        """Return whether an entry may end where it does: no bracket open, no operand wanted."""
        if not entry.strip() or entry.endswith("\n"):
            return True
        for text in (f"{entry} ", f"let {IT} = {entry} "):  # behind its last word
            where = cursor(self._analysed(text), len(text))
            if where.in_text is not None:
                return False
            if not where.opened and not where.wants_operand:
                return True
        return False

    def proposals(self, entry: str, offset: int) -> list[Proposal]:
        """Return what may be written at `offset` of an entry."""
        whole = self._analysed(self.text + entry)
        found = completion(whole, len(self.text) + offset, self.catalogue).proposals
        if found:
            return found
        start = f"{self.text}let {IT} = "
        value = self._analysed(start + entry)
        return completion(value, len(start) + offset, self.catalogue).proposals

    def _asked(self, entry: str, *, is_value: bool) -> Asked:
        whole = self._analysed(self.text + entry)
        here = len(self.text)
        errors = [d for d in whole.errors if d.span.start >= here or d.path is not None]
        if errors:
            return Asked(whole, errors=errors)
        it = whole.plan.declarations.get(IT) if is_value else None
        if it is not None and not is_closed(whole.plan.nodes[it]):
            it = None
        return Asked(whole, whole.plan.goals, it)

    def _analysed(self, text: str) -> Analysis:
        world = FileSystem(os.getcwd())
        self.before = analyse(
            SourceText(text, None), catalogue=self.catalogue, world=world, before=self.before
        )
        return self.before


def _without_goals(analysis: Analysis, start: int) -> str:
    """Return a program without the prints and saves after `start`: they have been reached."""
    text = analysis.source.text
    for statement in reversed(analysis.program.statements):
        if isinstance(statement, Print | Save) and statement.span.start >= start:
            text = text[: statement.span.start] + text[statement.span.end :].lstrip("\n")
    return text
