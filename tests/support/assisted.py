"""How many answers stay right when a token is deleted: completion, signature help and hover."""

from collections import Counter
from collections.abc import Iterator
from dataclasses import dataclass, field
from random import Random

from tests.support.cursors import FakeMemory
from tests.support.deletions import Patient
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.ide.hover.hover import Form, hover
from voxlogica_core.ide.status.status import NOTHING
from voxlogica_core.ide.writing.complete import completion
from voxlogica_core.ide.writing.signatures import signature_help
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.lexis import Token
from voxlogica_core.text.source_text import SourceText

_PLAIN = Form(markdown=False)
_PROBES = 8


@dataclass
class Tally:
    """Answers that were asked for and those that were right, by feature."""

    asked: Counter[str] = field(default_factory=Counter[str])
    right: Counter[str] = field(default_factory=Counter[str])
    wrong: list[str] = field(default_factory=list[str])

    def count(self, feature: str, said: str, *, is_right: bool) -> None:
        """Count one answer."""
        self.asked[feature] += 1
        self.right[feature] += is_right
        if not is_right:
            self.wrong.append(f"{feature}: {said}")

    def share(self, feature: str) -> float:
        """Return the share of right answers."""
        return self.right[feature] / max(1, self.asked[feature])


class Assisted:
    """A program from which tokens are deleted, and what the editor answers then.

    An answer is right when it is the one that the whole program gives at the same place. Asked
    are, in the statement that lost a token, what was typed before it and the lost name itself; in
    all statements that do not depend on that one, names and calls picked at random.
    """

    def __init__(self, text: str, catalogue: Catalogue, random: Random) -> None:
        self._text, self._catalogue, self._random = text, catalogue, random
        self._world = FileSystem(".")
        self._patient = Patient(text, None, catalogue, self._world)
        self._whole = self._analysed(text)
        self.tokens = self._patient.tokens

    def without(self, lost: Token, tally: Tally) -> None:
        """Delete a token and count the answers."""
        damaged = self._analysed(self._text[: lost.start] + self._text[lost.end :])
        if lost.type == "NAME" and lost.text in self._offered(self._whole, lost.start):
            offered = self._offered(damaged, lost.start)
            said = f"{lost.text} at {lost.start}"
            tally.count("completion of the lost name", said, is_right=lost.text in offered)
        before = [t for t in self.tokens if self._is_in_front(t, lost)]
        self._ask(before[-_PROBES:], lost, damaged, tally, "in front of the gap")
        good = [t for t in self.tokens if self._is_good(t, lost)]
        chosen = self._random.sample(good, min(_PROBES, len(good)))
        self._ask(chosen, lost, damaged, tally, "in the good part")

    def _ask(
        self, tokens: list[Token], lost: Token, damaged: Analysis, tally: Tally, where: str
    ) -> None:
        for token in tokens:
            by = len(lost.text) if token.start > lost.start else 0
            said = f"{token.text} at {token.start} without {lost.text!r} at {lost.start}"
            if token.type == "CALL":
                was, now = (
                    self._helped(self._whole, token.end),
                    self._helped(damaged, token.end - by),
                )
                tally.count(f"signature help {where}", said, is_right=was == now)
            elif token.type == "NAME":
                is_kept = self._hovered(self._whole, token.start) == self._hovered(
                    damaged, token.start - by
                )
                if where == "in the good part":
                    tally.count(f"hover {where}", said, is_right=is_kept)
                if token.text in self._offered(self._whole, token.start + 1):
                    offered = self._offered(damaged, token.start + 1 - by)
                    tally.count(f"completion {where}", said, is_right=token.text in offered)

    def _is_in_front(self, token: Token, lost: Token) -> bool:
        statement = self._statement(lost)
        return statement is not None and statement.span.start <= token.start < lost.start

    def _is_good(self, token: Token, lost: Token) -> bool:
        statement, broken = self._statement(token), self._statement(lost)
        if statement is None or statement is broken:
            return False
        spoilt = self._patient.dependents(lost)
        own = statement.name.text if isinstance(statement, tree.Declaration | tree.Load) else ""
        words = {t.text for t in self.tokens if t.start in statement.span}
        return own not in spoilt and not words & spoilt

    def _statement(self, token: Token) -> tree.Statement | None:
        statements = self._whole.program.statements
        return next((s for s in statements if s.span.start <= token.start < s.span.end), None)

    def _analysed(self, text: str) -> Analysis:
        return analyse(SourceText(text), catalogue=self._catalogue, world=self._world)

    def _offered(self, analysis: Analysis, offset: int) -> set[str]:
        return {p.name for p in completion(analysis, offset, self._catalogue).proposals}

    def _helped(self, analysis: Analysis, offset: int) -> object:
        found = signature_help(analysis, offset)
        return found and (found.callee.shapes, found.active)

    def _hovered(self, analysis: Analysis, offset: int) -> list[str]:
        found = hover(analysis, offset, FakeMemory(), NOTHING, _PLAIN)
        return list(_without_lines(found.text)) if found else []


def _without_lines(text: str) -> Iterator[str]:
    """Yield the lines of a hover without numbers of lines and words that hang on all goals."""
    for line in text.splitlines():
        if not line.startswith(("node ", "○", "–")):
            yield line
