"""The table of a run: what cannot be computed stays a node, and fails when it is its turn.

While reducing, a division by zero or an index outside is said of the text. In a loop over cases it
is one item's, found while items are made; the others shall not know of it.
"""

from collections.abc import Sequence
from dataclasses import replace

from voxlogica_core.errors import DataError
from voxlogica_core.plan.digest import applied_id
from voxlogica_core.plan.node import Apply, Node, NodeId
from voxlogica_core.plan.nodes.forms import Form, form_of
from voxlogica_core.plan.nodes.misfit import Misfit
from voxlogica_core.plan.nodes.table import NodeTable
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.values.kind import ANY, Kind


class ItemTable(NodeTable):
    """A table that never refuses closed nodes; see `NodeTable`."""

    def form(self, primitive: Primitive, kinds: tuple[Kind, ...]) -> Form:
        """Return how a primitive is applied to inputs of these kinds.

        Without overloads where there is none for them: whoever computes it will say so.
        """
        try:
            return super().form(primitive, kinds)
        except Misfit:
            anything = form_of(primitive, primitive.overloads, [ANY] * len(kinds))
            form = self._forms[primitive.qualified, kinds] = replace(
                anything, overloads=(), kind=ANY, commutes=False
            )
            return form

    def applied(self, form: Form, inputs: Sequence[NodeId], nodes: Sequence[Node]) -> Node:
        """Return the node of a form applied to `inputs`, which are called `nodes`."""
        if not form.overloads:
            return self._standing(form, inputs)
        try:
            return super().applied(form, inputs, nodes)
        except DataError:
            return self._standing(form, inputs)

    def _standing(self, form: Form, inputs: Sequence[NodeId]) -> Node:
        """Return an application as it stands, neither folded nor settled."""
        ordered = tuple(sorted(inputs) if form.commutes else inputs)
        name = applied_id(form.applying, ordered)
        free, loose = self._openness(ordered)
        version = form.primitive.version
        made = Apply(name, form.qualified, version, ordered, form.kind, form.commutes, free, loose)
        if form.is_outside:
            self.deferred.add(name)  # a file that is not there: see `Structure`
        return self[self._made(made, ordered)]
