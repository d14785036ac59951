"""What a deleted token spoils: how many syntax errors come of it, and which declarations stay."""

from collections.abc import Mapping
from dataclasses import dataclass

from tests.support.syntax import nodes, outline, tokens
from voxlogica_core.ide.analysis import Analysis, analyse
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.plan.signature import Catalogue
from voxlogica_core.syntax import tree
from voxlogica_core.syntax.lexis import Token
from voxlogica_core.text.source_text import SourceText

MOST_COMPLAINTS = 2
SHARE_THAT_STAYS = 0.95


@dataclass(frozen=True)
class Deletion:
    """What came of deleting `token`.

    Parameters
    ----------
    complaints
        Syntax errors.
    kept, independent
        How many declarations that do not depend on the broken statement mean what they meant, and
        how many there are.
    """

    token: Token
    complaints: int
    kept: int
    independent: int

    @property
    def is_contained(self) -> bool:
        """Whether nearly all independent declarations stay."""
        return self.kept >= SHARE_THAT_STAYS * self.independent


class Patient:
    """A program from which tokens are deleted, one at a time."""

    def __init__(
        self, text: str, path: str | None, catalogue: Catalogue, world: FileSystem
    ) -> None:
        self._text, self._path = text, path
        self._catalogue, self._world = catalogue, world
        self._whole = self._analysed(text)
        self._meanings = _meanings(self._whole)
        self._users = _users(self._whole.program)
        self.tokens = tokens(text, frozenset({"B+"}))

    def without(self, token: Token) -> Deletion:
        """Delete a token and see what happens."""
        damaged = self._analysed(self._text[: token.start] + self._text[token.end :])
        complaints = [d for d in damaged.diagnostics if d.code == "syntax"]
        spoilt = self.dependents(token)
        independent = {name: m for name, m in self._meanings.items() if name not in spoilt}
        now = _meanings(damaged)
        kept = sum(now.get(name) == meaning for name, meaning in independent.items())
        return Deletion(token, len(complaints), kept, len(independent))

    def _analysed(self, text: str) -> Analysis:
        source = SourceText(text, self._path)
        return analyse(source, catalogue=self._catalogue, world=self._world)

    def dependents(self, token: Token) -> set[str]:
        """Return the names that the statement of a token declares, and all that need them."""
        spoilt = {
            _declares(statement)
            for statement in self._whole.program.statements
            if statement.span.start <= token.start < statement.span.end
        } - {""}
        waiting = list(spoilt)
        while waiting:
            for user in self._users.get(waiting.pop(), ()):
                if user not in spoilt:
                    spoilt.add(user)
                    waiting.append(user)
        return spoilt


def _declares(statement: tree.Statement) -> str:
    return statement.name.text if isinstance(statement, tree.Declaration | tree.Load) else ""


def _users(program: tree.Program) -> Mapping[str, set[str]]:
    """Return for each name the declarations in whose text it stands."""
    users: dict[str, set[str]] = {}
    for statement in program.statements:
        name = _declares(statement)
        for node, _ in nodes(tree.Program((statement,), statement.span)) if name else ():
            if isinstance(node, tree.Name | tree.Operator):
                users.setdefault(node.text, set()).add(name)
    return users


def _meanings(analysis: Analysis) -> dict[str, object]:
    """Return for each declaration its node, or for a function what is written."""
    found: dict[str, object] = {}
    for statement in analysis.program.statements:
        if isinstance(statement, tree.Declaration) and statement.formals:
            found[statement.name.text] = outline(statement)
    return found | dict(analysis.plan.declarations)
