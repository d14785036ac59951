"""From grammar rules to statements, and all callbacks of the grammar together.

Decides nothing about names; see `expressions` for the other half.
"""

from voxlogica_core.syntax import tree
from voxlogica_core.syntax.expressions import Children, ExpressionBuilder, identifier, value
from voxlogica_core.syntax.tree import Expression, Identifier, Statement
from voxlogica_core.text.span import Span

Formals = tuple[Identifier, ...]


class Builder(ExpressionBuilder):
    """The callbacks of ``imgql.lark``: a method for each rule or alias; holds no state."""

    def statement(self, children: Children) -> Statement:
        """Return the declaration that the statement is."""
        return children[0]

    def declaration(self, children: Children) -> tree.Declaration:
        """Build ``let x = a``."""
        let, name, _, given = children
        return _declaration(let.start, name, None, given)

    def function_declaration(self, children: Children) -> tree.Declaration:
        """Build ``let f(x) = a``."""
        let, name, formals, _, given = children
        return _declaration(let.start, name, formals, given)

    def bare_declaration(self, children: Children) -> tree.Declaration:
        """Build ``x = a``."""
        name, _, given = children
        return _declaration(name.span.start, name, None, given)

    def bare_function_declaration(self, children: Children) -> tree.Declaration:
        """Build ``f(x) = a``."""
        name, formals, _, given = children
        return _declaration(name.span.start, name, formals, given)

    def definiendum(self, children: Children) -> Identifier:
        """Return the name that is declared."""
        return identifier(children[0])

    def no_formals(self, children: Children) -> Formals:
        """Build ``()``."""
        del children
        return ()

    def formals(self, children: Children) -> Formals:
        """Build ``(a, b)``."""
        return tuple(children[1])

    def first_name(self, children: Children) -> list[Identifier]:
        """Begin a list of names."""
        return [identifier(children[0])]

    def next_name(self, children: Children) -> list[Identifier]:
        """Add a name."""
        names: list[Identifier] = children[0]
        names.append(identifier(children[2]))
        return names

    def load(self, children: Children) -> tree.Load:
        """Build ``load x = path``."""
        word, name, _, path = children
        return tree.Load(identifier(name), value(path), Span(word.start, path.span.end))

    def save(self, children: Children) -> tree.Save:
        """Build ``save label a``."""
        word, label, given = children
        return tree.Save(label, value(given), Span(word.start, given.span.end))

    def print(self, children: Children) -> tree.Print:
        """Build ``print label a``."""
        word, label, given = children
        return tree.Print(label, value(given), Span(word.start, given.span.end))

    def import_(self, children: Children) -> tree.Import:
        """Build ``import "what"``."""
        word = children[0]
        target = self.path(children[1:])
        return tree.Import(target, Span(word.start, target.span.end))

    def label_group(self, children: Children) -> tree.Group:
        """Build ``(label)``."""
        opening, label, closing = children
        return tree.Group(value(label), Span(opening.start, closing.end))


def _declaration(
    start: int, name: Identifier, formals: Formals | None, given: Expression
) -> tree.Declaration:
    return tree.Declaration(name, formals, value(given), Span(start, given.span.end))
