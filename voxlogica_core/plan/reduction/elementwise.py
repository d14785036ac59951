"""Arithmetic on sequences: an operator between a sequence and something else is a loop."""

from collections.abc import Sequence

from voxlogica_core.plan.node import NodeId
from voxlogica_core.plan.nodes.items import RANGE
from voxlogica_core.plan.reduction import binders
from voxlogica_core.plan.reduction.meaning import Scope, Unknown
from voxlogica_core.plan.reduction.reducing import Reducing
from voxlogica_core.plan.signature import Primitive
from voxlogica_core.text.span import Span
from voxlogica_core.values.kind import ANY, NUMBER


def is_elementwise(reducer: Reducing, primitive: Primitive, inputs: Sequence[NodeId]) -> bool:
    """Return whether an operator is applied to sequences that it does not take as they are."""
    if not primitive.operators and primitive.name != "negate":
        return False
    kinds = [reducer.table.kind(node) for node in inputs]
    return any(kind.item for kind in kinds) and not primitive.fitting(kinds)


def elementwise(
    reducer: Reducing, primitive: Primitive, inputs: Sequence[NodeId], span: Span, scope: Scope
) -> NodeId | Unknown:
    """Return the loop that applies `primitive` item by item; what is no sequence stays as it is."""
    table = reducer.table
    sequences = [node for node in inputs if table.kind(node).item]
    if len(sequences) == 1:
        source = sequences[0]
        item = table.variable(table.kind(source).item or ANY)
        given = [item if node == source else node for node in inputs]
    else:
        count = _common_length(reducer, sequences, span, scope)
        if isinstance(count, Unknown):
            return count
        source = table.apply(table.catalogue.primitives[RANGE], (table.literal(0.0), count))
        item = table.variable(NUMBER)
        index = reducer.names.default("index")
        given = [table.apply(index, (n, item)) if n in sequences else n for n in inputs]
    body = reducer.primitive(primitive, given, span, scope)
    if isinstance(body, Unknown):
        return body
    return binders.closed_loop(reducer, "map", body, item, source, span, scope)


def _common_length(
    reducer: Reducing, sequences: Sequence[NodeId], span: Span, scope: Scope
) -> NodeId | Unknown:
    """Return the length that all sequences have; one known only by a run is compared there."""
    names = reducer.names
    common: NodeId | Unknown | None = None
    for sequence in sequences:
        length = reducer.primitive(names.default("length"), (sequence,), span, scope)
        if common is None:
            common = length
        else:
            common = reducer.primitive(names.default("equal_length"), (common, length), span, scope)
    assert common is not None
    return common
