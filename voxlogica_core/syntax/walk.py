"""Walks over trees: the parts of a node, and the way down to a place. However deep the tree."""

from collections.abc import Iterator

from voxlogica_core.syntax import tree
from voxlogica_core.syntax.tree import Argument, Expression, Identifier, Mention, Statement

Node = Statement | Expression | Identifier | Argument | Mention


def parts(node: Node) -> tuple[Node, ...]:
    """Return what a node is made of, in order of text but for the extras of operators."""
    match node:
        case tree.Declaration() | tree.Let():
            inner = (node.value, node.body) if isinstance(node, tree.Let) else (node.value,)
            return (node.name, *(node.formals or ()), *inner)
        case tree.Load():
            return node.name, node.path
        case tree.Save() | tree.Print():
            return node.label, node.value
        case tree.Import():
            return (node.target,)
        case tree.Broken():
            return node.mentions
        case _:
            return _parts(node)


def nodes(root: Node) -> Iterator[Node]:
    """Yield a node and everything in it, in no order that matters."""
    waiting: list[Node] = [root]
    while waiting:
        node = waiting.pop()
        yield node
        waiting.extend(parts(node))


def way_to(root: Node, offset: int) -> list[Node]:
    """Return the nodes round `offset`, from `root` to the innermost.

    Where two nodes meet at `offset`, the one that begins there counts.
    """
    way: list[Node] = []
    found: Node | None = root if offset in root.span else None
    while found is not None:
        way.append(found)
        around = [part for part in parts(found) if offset in part.span]
        found = max(around, key=lambda part: part.span.start, default=None)
    return way


def _parts(node: Node) -> tuple[Node, ...]:
    match node:
        case tree.Operator():
            return node.extras
        case tree.Argument():
            return (node.value,) if node.name is None else (node.name, node.value)
        case tree.Call():
            return (node.function, *node.arguments)
        case tree.Index():
            return node.operand, node.index
        case tree.Slice():
            bounds = (bound for bound in (node.start, node.stop) if bound is not None)
            return (node.operand, *bounds)
        case tree.Array() | tree.Infix():
            return node.items
        case tree.Group():
            return (node.inner,)
        case tree.For():
            return node.name, node.source, node.body
        case tree.Filter():
            return node.name, node.source, node.predicate
        case tree.Fold():
            initial = () if node.initial is None else (node.initial,)
            return (node.function, *initial, node.source)
        case _:
            return ()
