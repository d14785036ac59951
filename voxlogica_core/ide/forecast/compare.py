"""Compares a program with what it consisted of before: which node was which, what differs.

Two graphs are walked side by side, beginning at what has the same name in both; equal nodes have
equal ids and end the walk. Nothing here looks at texts or values.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from dataclasses import dataclass, field

from voxlogica_core.plan.node import (
    Apply,
    Array,
    Literal,
    Loop,
    Node,
    NodeId,
    Read,
    inputs_of,
)
from voxlogica_core.plan.plan import Plan
from voxlogica_core.plan.skeleton import Skeleton


def paired(old: Skeleton, plan: Plan, nodes: "Lookup") -> "Pairing":
    """Return which nodes of an old program those of a plan correspond to.

    Parameters
    ----------
    nodes
        Finds a node of today's program.
    """
    goals = [(_label(nodes, g.label), g.value) for g in plan.goals if g.value is not None]
    return Pairing(old, nodes).begin(plan.declarations, goals)


Lookup = Callable[[NodeId], Node | None]


@dataclass(frozen=True, slots=True)
class Difference:
    """Where two graphs part.

    Parameters
    ----------
    old, new
        The first nodes that differ in themselves, not only in what they are made of.
    users
        The nodes on the way there, those furthest from it first.
    """

    old: Node
    new: Node
    users: tuple[NodeId, ...] = ()


@dataclass(slots=True)
class Pairing:
    """Which old node each node corresponds to that is not the same as before.

    Parameters
    ----------
    old
        What the program consisted of.
    nodes
        Finds a node of today's.
    """

    old: Skeleton
    nodes: Lookup
    partner: dict[NodeId, NodeId] = field(default_factory=dict[NodeId, NodeId])

    def begin(
        self, declarations: Mapping[str, NodeId], goals: Sequence[tuple[str, NodeId]]
    ) -> "Pairing":
        """Pair declarations by name, goals by label; then what is left by its place and sort."""
        before = self.old.declarations
        names = [name for name in declarations if name in before]
        self._pair_all((declarations[name], before[name]) for name in names)
        self._pair_all(_by_label(goals, self.old.goals))
        gone = [before[name] for name in before if name not in declarations]
        fresh = [n for name, n in declarations.items() if name not in before]
        self._pair_all(self._leftover(fresh, gone))
        return self

    def difference(self, node: NodeId) -> Difference | None:
        """Return the first difference below a node, in the order of computing."""
        return next(iter(self.differences(node)), None)

    def differences(self, node: NodeId) -> Iterator[Difference]:
        """Yield the differences below a node, each once, in the order of computing."""
        seen: set[NodeId] = set()
        stack: list[tuple[NodeId, tuple[NodeId, ...]]] = [(node, ())]
        while stack:
            name, users = stack.pop()
            old, new = self._both(name)
            if name in seen or old is None or new is None:
                continue
            seen.add(name)
            if _differ_themselves(old, new):
                yield Difference(old, new, users)
                continue
            below = [given for given in inputs_of(new) if given in self.partner]
            if not below:
                yield Difference(old, new, users)
            stack += [(given, (*users, name)) for given in reversed(below)]

    def _both(self, name: NodeId) -> tuple[Node | None, Node | None]:
        partner = self.partner.get(name)
        return self.old.nodes.get(partner) if partner else None, self.nodes(name)

    def _pair_all(self, pairs: Iterable[tuple[NodeId, NodeId]]) -> None:
        stack = list(pairs)[::-1]
        while stack:
            name, was = stack.pop()
            if name == was or name in self.partner:
                continue
            old, new = self.old.nodes.get(was), self.nodes(name)
            if old is None or new is None:
                continue
            self.partner[name] = was
            if not _differ_themselves(old, new):
                stack += reversed(list(self._aligned(old, new)))

    def _aligned(self, old: Node, new: Node) -> Iterator[tuple[NodeId, NodeId]]:
        """Yield the inputs of two nodes that belong together and differ."""
        before, now = inputs_of(old), inputs_of(new)
        is_ordered = not (isinstance(new, Array) or (isinstance(new, Apply) and new.commutes))
        if is_ordered:
            yield from zip(now, before, strict=False)
            return
        left = [was for was in before if was not in now]
        fresh = [name for name in now if name not in before]
        if isinstance(new, Array) or len(left) == 1:
            yield from zip(fresh, left, strict=False)
            return
        for name in fresh:
            if left:
                best = max(left, key=lambda was: self._likeness(name, was))
                left.remove(best)
                yield name, best

    def _likeness(self, name: NodeId, was: NodeId) -> int:
        old, new = self.old.nodes.get(was), self.nodes(name)
        if old is None or new is None or type(old) is not type(new):
            return 0
        shared = len(set(inputs_of(old)) & set(inputs_of(new)))
        is_like = not (isinstance(old, Apply) and isinstance(new, Apply)) or (
            old.primitive == new.primitive
        )
        return 1 + shared + 10 * is_like

    def _leftover(
        self, fresh: Sequence[NodeId], gone: Sequence[NodeId]
    ) -> Iterator[tuple[NodeId, NodeId]]:
        """Yield renamed declarations: of the same sort, in the same order."""
        left = [was for was in gone if was not in self.partner.values()]
        for name in fresh:
            alike = [was for was in left if self._likeness(name, was) > _SORT]
            if name not in self.partner and alike:
                left.remove(alike[0])
                yield name, alike[0]


_SORT = 10
"""Likeness of nodes that are of one sort."""


def _differ_themselves(old: Node, new: Node) -> bool:
    """Return whether two nodes differ in more than in what they are made of and in version."""
    match old, new:
        case (Literal(), Literal()) | (Read(), Read()):
            return True
        case Apply(), Apply():
            same = old.primitive == new.primitive and len(old.inputs) == len(new.inputs)
            return not same
        case Array(), Array():
            return len(old.items) != len(new.items) and not _has_changed_item(old, new)
        case Loop(), Loop():
            return old.operation != new.operation
        case _:
            return type(old) is not type(new) or len(inputs_of(old)) != len(inputs_of(new))


def _has_changed_item(old: Array, new: Array) -> bool:
    """Return whether items of a list were replaced, besides others that came or went."""
    return bool(set(old.items) - set(new.items)) and bool(set(new.items) - set(old.items))


def _label(nodes: Lookup, name: NodeId | None) -> str:
    found = nodes(name) if name is not None else None
    return str(found.value) if isinstance(found, Literal) else ""


def _by_label(
    goals: Sequence[tuple[str, NodeId]], before: Sequence[tuple[str, NodeId]]
) -> Iterator[tuple[NodeId, NodeId]]:
    """Yield goals of one label in order, then those whose labels have changed."""
    left = list(before)
    fresh: list[NodeId] = []
    for label, node in goals:
        was = next((each for each in left if each[0] == label), None)
        if was is None:
            fresh.append(node)
        else:
            left.remove(was)
            yield node, was[1]
    yield from zip(fresh, [node for _, node in left], strict=False)
