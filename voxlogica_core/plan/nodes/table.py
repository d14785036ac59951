"""The table of nodes: makes each piece of work once. Folds scalars, settles grids, runs nothing.

Every node is built here, by the reducer, by loops and by the engine alike, so that one piece of
work has one id wherever it comes from.
"""

from collections.abc import Callable, Iterable, Iterator, Mapping, Sequence
from typing import cast

from voxlogica_core.plan import digest
from voxlogica_core.plan.node import (
    Apply,
    Array,
    Bound,
    Fold,
    Hole,
    Literal,
    Loop,
    LoopOperation,
    Node,
    NodeId,
    OriginOf,
    Read,
    Scalar,
    Variable,
    free_of,
    is_closed,
    loose_of,
)
from voxlogica_core.plan.nodes.bodies import Body
from voxlogica_core.plan.nodes.forms import Form, fitting_form, form_of
from voxlogica_core.plan.nodes.misfit import field_kind
from voxlogica_core.plan.nodes.substitute import substitute
from voxlogica_core.plan.signature import Catalogue, Overload, Parameter, Primitive
from voxlogica_core.values.kind import (
    ANY,
    IMAGE_LIKE,
    Kind,
    join,
    sequence,
)

HOLE = Hole(digest.hole_id())

Rule = Callable[["NodeTable", Sequence[NodeId]], NodeId | None]
"""Replaces an application by what it is known to be, or declines with None."""


class NodeTable(Mapping[NodeId, Node]):
    """Hash-consing table of nodes.

    Parameters
    ----------
    catalogue
        The primitives, and how scalars are folded.
    rules
        By qualified primitive: applications known without running, such as an item of a list; by
        operation: loops that are the list of their items.
    parent
        Nodes that exist already.
    deferred
        Those of them that hang on what is read from a path nobody knows yet: their ids are not
        final. The table adds whatever is made of them.
    """

    def __init__(
        self,
        catalogue: Catalogue,
        rules: Mapping[str, Rule] | None = None,
        parent: Mapping[NodeId, Node] | None = None,
        deferred: Iterable[NodeId] = (),
    ) -> None:
        self.catalogue = catalogue
        self.rules = rules or {}
        self._nodes: dict[NodeId, Node] = {**(parent or {}), HOLE.id: HOLE}
        self._forms: dict[tuple[str, tuple[Kind, ...]], Form] = {}
        self._settled_forms: dict[tuple[int, tuple[Kind, ...]], tuple[Form, Form]] = {}
        self._bodies: dict[tuple[NodeId, int], Body] = {}
        self.deferred: set[NodeId] = set(deferred)
        self.node = self._nodes.__getitem__  # what indexing gives, at the speed of a dict
        self._serial = 0
        self._anything: list[NodeId] = []

    def __getitem__(self, node: NodeId) -> Node:
        return self._nodes[node]

    def __len__(self) -> int:
        return len(self._nodes)

    def __contains__(self, node: object) -> bool:
        return node in self._nodes

    def __iter__(self) -> Iterator[NodeId]:
        return iter(self._nodes)

    def with_nodes(self, nodes: Mapping[NodeId, Node]) -> "NodeTable":
        """Return a table that goes on where this one is, with some of its nodes only."""
        unknown = [node for node in self.deferred if node in nodes]
        anything = {name: self[name] for name in self._anything}
        table = NodeTable(self.catalogue, self.rules, {**nodes, **anything}, unknown)
        table._forms, table._settled_forms = self._forms, self._settled_forms
        table._serial, table._anything = self._serial, self._anything
        return table

    def kind(self, node: NodeId) -> Kind:
        """Return the static kind of a node."""
        return self[node].kind

    def is_free(self, node: NodeId) -> bool:
        """Return whether a node is still without a grid: the hole is in it."""
        found = self._nodes[node]
        free = found.free if type(found) is Apply else free_of(found)
        return bool(free) and HOLE.id in free

    def literal(self, value: Scalar) -> NodeId:
        """Return the node of a scalar."""
        return self._intern(Literal(digest.literal_id(value), value))

    def default(self, parameter: Parameter) -> NodeId:
        """Return the node of what stands for an optional parameter that is left out."""
        match parameter.default:
            case tuple() as items:
                return self.array([self.literal(item) for item in items])
            case scalar:
                return self.literal(cast("Scalar", scalar))

    def variable(self, kind: Kind) -> NodeId:
        """Return a fresh variable of a kind."""
        self._serial += 1
        return self._intern(Variable(digest.variable_id(self._serial), kind))

    def anything(self, position: int) -> NodeId:
        """Return the variable that stands for an unknown argument, the same at every function."""
        while len(self._anything) <= position:
            self._anything.append(self.variable(ANY))
        return self._anything[position]

    def bound(self, index: int) -> NodeId:
        """Return the variable of the loop `index` loops further out."""
        return self._intern(Bound(digest.bound_id(index), index))

    def read(self, decoder: str, version: str, content: str, kind: Kind) -> NodeId:
        """Return the node of bytes from outside, named by the digest of the content."""
        return self._intern(
            Read(digest.read_id(decoder, version, content), decoder, version, content, kind)
        )

    def array(self, items: Sequence[NodeId]) -> NodeId:
        """Return the node of a sequence of known items."""
        free, loose = self._openness(items)
        kind = self.kind(items[0]) if items else ANY
        for item in items:
            kind = join(kind, self.kind(item))
        name = digest.array_id(items)
        return self._made(Array(name, tuple(items), sequence(kind), free, loose), items)

    def loop(self, operation: LoopOperation, body: NodeId, source: NodeId, kind: Kind) -> NodeId:
        """Return the node of a closed body for each item of a source; `kind` is the result's."""
        if rule := self._unrolling(operation, body):
            known = rule(self, (body, source))
            if known is not None:
                return known
        return self._loop(operation, body, source, kind)

    def fold(self, body: NodeId, initial: NodeId | None, source: NodeId, kind: Kind) -> NodeId:
        """Return the node of a closed body over the items of a source, from left to right."""
        if rule := self._unrolling("fold", body):
            known = rule(self, (body, source) if initial is None else (body, source, initial))
            if known is not None:
                return known
        return self._fold(body, initial, source, kind)

    def body(self, root: NodeId, arity: int) -> Body:
        """Return what is made for each item of a loop whose body is `root`."""
        key = (root, arity)
        if (known := self._bodies.get(key)) is None:
            known = self._bodies[key] = Body(self, root, arity)
        return known

    def instantiate(self, body: NodeId, items: Sequence[NodeId]) -> NodeId:
        """Return the body of a loop with `items` in place of `Bound` 0, 1 and so on."""
        return self.body(body, len(items)).of(items)

    def apply(self, primitive: Primitive, inputs: Sequence[NodeId]) -> NodeId:
        """Return the node of a primitive applied to inputs, folded where it is known.

        Raises
        ------
        Misfit
            No overload takes inputs of these kinds.
        DataError
            A scalar computed while reducing has no answer, such as a division by zero.
        """
        nodes = [self[name] for name in inputs]
        form = self.form(primitive, tuple([node.kind for node in nodes]))
        return self.applied(form, inputs, nodes).id

    def form(self, primitive: Primitive, kinds: tuple[Kind, ...]) -> Form:
        """Return how a primitive is applied to inputs of these kinds, as they are written.

        Raises
        ------
        Misfit
            No overload takes inputs of these kinds.
        """
        key = (primitive.qualified, kinds)
        if (known := self._forms.get(key)) is not None:
            return known
        found = self._forms[key] = fitting_form(primitive, kinds)
        return found

    def applied(self, form: Form, inputs: Sequence[NodeId], nodes: Sequence[Node]) -> Node:
        """Return the node of a form applied to `inputs`, which are called `nodes`; see `apply`."""
        if not form.is_plain:
            inputs = self._settled(form.overload, self._completed(form.overload, inputs))
            nodes = [self[name] for name in inputs]
            form = self._settled_form(form, tuple([node.kind for node in nodes]))
        if (rule := self.rules.get(form.qualified)) and (known := rule(self, inputs)):
            return self[known]
        if form.overload.folds and _are_literals(nodes):
            return self[self._folded(form.overload, nodes)]
        ordered = tuple(sorted(inputs) if form.commutes else inputs)
        name = digest.applied_id(form.applying, ordered)
        if (there := self._nodes.get(name)) is not None:
            return there
        free, loose = _openness(nodes)
        origin = None
        if form.overload.grid == "same" and not form.is_plain and not free and not loose:
            origin = self._shared_origin(ordered)
        version, commutes = form.primitive.version, form.commutes
        kind = field_kind(*nodes) if form.is_field else form.kind
        made = self._nodes[name] = Apply(
            name, form.qualified, version, ordered, kind, commutes, free, loose, origin
        )
        if form.is_outside or (self.deferred and not self.deferred.isdisjoint(ordered)):
            self.deferred.add(name)
        return made

    def _settled_form(self, form: Form, kinds: tuple[Kind, ...]) -> Form:
        """Return how a form is applied when all its inputs are given, of these kinds."""
        key = (id(form), kinds)  # of a form that is kept beside: its number stays its own
        if (known := self._settled_forms.get(key)) is None:
            settled = form_of(form.primitive, form.overloads, kinds)
            known = self._settled_forms[key] = form, settled
        return known[1]

    def rebuilt(self, node: Node, inputs: Sequence[NodeId]) -> NodeId:
        """Return `node` over other inputs as they stand, for closing a loop's body.

        Nothing is folded; what contains a `Bound` has no kind of its own.
        """
        match node:
            case Apply():
                ordered = tuple(sorted(inputs) if node.commutes else inputs)
                free, loose = self._openness(ordered)
                name = digest.apply_id(node.primitive, node.version, ordered)
                kind = ANY if loose else node.kind
                primitive, version, commutes = node.primitive, node.version, node.commutes
                if node.id in self.deferred:
                    self.deferred.add(name)
                return self._intern(
                    Apply(name, primitive, version, ordered, kind, commutes, free, loose)
                )
            case Array():
                return self.array(inputs)
            case Loop():
                return self._loop(node.operation, inputs[0], inputs[1], node.kind)
            case Fold():
                initial = inputs[2] if len(inputs) == 3 else None
                return self._fold(inputs[0], initial, inputs[1], node.kind)
            case OriginOf():
                return self._origin_of(inputs[0])
            case _:
                return node.id

    def origin(self, node: NodeId) -> NodeId:
        """Return the node that the grid of an image comes from.

        For an open node the answer waits until it is closed; for a geometry-free one it is the
        hole.
        """
        found = self[node]
        if self.is_free(node):
            return HOLE.id
        if isinstance(found, OriginOf):
            return node
        if not is_closed(found):
            return self._origin_of(node)
        return (found.origin if isinstance(found, Apply) else None) or node

    def _origin_of(self, node: NodeId) -> NodeId:
        free, loose = self._openness((node,))
        return self._made(OriginOf(digest.origin_id(node), node, free, loose), (node,))

    def _loop(self, operation: LoopOperation, body: NodeId, source: NodeId, kind: Kind) -> NodeId:
        free, loose = self._binding((body,), 1, (source,))
        name = digest.loop_id(operation, body, source)
        node = Loop(name, operation, body, source, kind, free, loose)
        return self._made(node, (body, source))

    def _fold(self, body: NodeId, initial: NodeId | None, source: NodeId, kind: Kind) -> NodeId:
        outside = (source,) if initial is None else (source, initial)
        free, loose = self._binding((body,), 2, outside)
        name = digest.fold_id(body, initial, source)
        node = Fold(name, body, initial, source, kind, free, loose)
        return self._made(node, (body, *outside))

    def _unrolling(self, operation: str, body: NodeId) -> Rule | None:
        """Return the rule for loops that read from outside, where the body does."""
        return self.rules.get(operation) if body in self.deferred else None

    def _made(self, node: Node, inputs: Sequence[NodeId]) -> NodeId:
        """Return a node made of others: deferred if one of them is."""
        if self.deferred and not self.deferred.isdisjoint(inputs):
            self.deferred.add(node.id)
        return self._intern(node)

    def _intern(self, node: Node) -> NodeId:
        self._nodes.setdefault(node.id, node)
        return node.id

    def _completed(self, overload: Overload, inputs: Sequence[NodeId]) -> list[NodeId]:
        completed = list(inputs)
        rest = overload.parameters[len(inputs) :]
        completed += [HOLE.id if each.is_grid else self.default(each) for each in rest]
        for index, parameter in enumerate(overload.parameters):
            if parameter.is_grid:
                completed[index] = self.origin(completed[index])
        return completed

    def _settled(self, overload: Overload, inputs: list[NodeId]) -> list[NodeId]:
        """Give geometry-free inputs the grid of the first image beside them."""
        without = [node for node in inputs if self.is_free(node)]
        if not without or overload.grid == "new":
            return inputs
        images = [n for n in inputs if n not in without and self.kind(n) in IMAGE_LIKE]
        images = images or [n for n in inputs if n not in without and self.kind(n) == ANY]
        if not images:
            return inputs
        grid = {HOLE.id: self.origin(images[0])}
        return [substitute(self, n, grid) if n in without else n for n in inputs]

    def _folded(self, overload: Overload, nodes: Sequence[Node]) -> NodeId:
        values = [node.value for node in nodes if isinstance(node, Literal)]
        return self.literal(self.catalogue.evaluate(overload, values))

    def _shared_origin(self, inputs: Sequence[NodeId]) -> NodeId | None:
        images = (node for node in inputs if self.kind(node) in IMAGE_LIKE)
        first = next(images, None)
        return None if first is None else self.origin(first)

    def _openness(self, inputs: Sequence[NodeId]) -> tuple[frozenset[NodeId], int]:
        return _openness([self[name] for name in inputs])

    def _binding(
        self, inside: Sequence[NodeId], binders: int, outside: Sequence[NodeId]
    ) -> tuple[frozenset[NodeId], int]:
        free_inside, loose_inside = self._openness(inside)
        free_outside, loose_outside = self._openness(outside)
        return free_inside | free_outside, max(loose_inside - binders, loose_outside, 0)


def _are_literals(nodes: Sequence[Node]) -> bool:
    for node in nodes:  # noqa: SIM110  (a generator takes three times as long, once a node)
        if type(node) is not Literal:
            return False
    return True


def _openness(nodes: Sequence[Node]) -> tuple[frozenset[NodeId], int]:
    """Return the variables in nodes, and one more than the largest index loose in them."""
    free: frozenset[NodeId] = frozenset()
    loose = 0
    for node in nodes:
        if type(node) is Literal or type(node) is Read:
            continue
        if type(node) is Apply and not node.loose and not node.free:
            continue
        loose = max(loose, loose_of(node))
        if more := free_of(node):
            free |= more
    return free, loose
