"""Formulas: the body of a loop as calls on scalars, done for many items at a time. Plans nothing.

Only kernels that fold are in it: pure Python on scalars, each quicker than anything about it is
told. Values and ids are those of nodes written by hand. What is not as a formula says, such as a
division by zero, is raised; the items are then done one by one, by who can tell which it was.
"""

from collections.abc import Mapping, Sequence
from dataclasses import dataclass
from typing import TypeAlias, cast

from voxlogica_core.plan.digest import applied_id, literal_id
from voxlogica_core.plan.node import NodeId, Scalar
from voxlogica_core.plan.signature import Overload
from voxlogica_core.primitives.kernels import kernel
from voxlogica_core.values.kind import BOOL, NUMBER, STRING, Kind

TYPES: Mapping[Kind, type] = {NUMBER: float, BOOL: bool, STRING: str}
Made: TypeAlias = dict[str, list[NodeId]]
"""Nodes, by the primitive that makes them."""


class Uneven(Exception):
    """A value is not of the type that was told; who did the formula does the items one by one."""


@dataclass(frozen=True, slots=True)
class Call:
    """One kernel of a body.

    Parameters
    ----------
    primitive
        Qualified name.
    applying
        How the records of its nodes begin, see `digest.applied_id`.
    operands
        Places of its inputs.
    commutes
        Whether its inputs are sorted by id.
    """

    primitive: str
    overload: Overload
    applying: bytes
    operands: tuple[int, ...]
    kind: Kind
    commutes: bool

    def values(self, columns: Sequence[Sequence[Scalar]]) -> list[Scalar]:
        """Return what the kernel gives for each row of its inputs.

        Raises
        ------
        DataError
            A row has no value.
        Uneven
            The kernel gave another type than it says.
        """
        made = list(map(kernel(self.overload), *columns))
        if set(map(type, made)) - {TYPES[self.kind]}:
            raise Uneven(self.primitive)
        return cast("list[Scalar]", made)

    def ids(self, columns: Sequence[Sequence[NodeId]]) -> list[NodeId]:
        """Return the nodes of the primitive applied to each row of its inputs."""
        applying = self.applying
        rows = zip(*columns, strict=True)
        if self.commutes:
            return [applied_id(applying, sorted(row)) for row in rows]
        return [applied_id(applying, row) for row in rows]


@dataclass(frozen=True, slots=True)
class Column:
    """A node for each item; their values, where all are literals."""

    ids: Sequence[NodeId]
    values: Sequence[Scalar] | None = None


@dataclass(frozen=True, slots=True)
class Formula:
    """A body. Its places are those of its variables, of what is the same for all items, of calls.

    Parameters
    ----------
    arity
        Number of variables: the item; of a fold, what came before it, too.
    same
        Nodes that are the same for all items, and their values where they are literals.
    root
        Place of the result.
    """

    arity: int
    same: tuple[tuple[NodeId, Scalar | None], ...]
    calls: tuple[Call, ...]
    root: int

    def values(
        self, variables: Sequence[Sequence[Scalar]], same: Sequence[Scalar]
    ) -> Sequence[Scalar]:
        """Return the value of the body for each item; see `Call.values` for what is raised.

        Parameters
        ----------
        variables
            The values of each, item by item.
        same
            The values of what is the same for all.
        """
        count = len(variables[0])
        columns = [*variables, *([value] * count for value in same)]
        for call in self.calls:
            columns.append(call.values([columns[place] for place in call.operands]))
        return columns[self.root]

    def nodes(self, variables: Sequence[Column], made: Made) -> Column:
        """Return the nodes of the body for each item; put those with kernels into `made`."""
        count = len(variables[0].ids)
        columns = [*variables, *(_same(node, value, count) for node, value in self.same)]
        for call in self.calls:
            inputs = [columns[place] for place in call.operands]
            values = [column.values for column in inputs if column.values is not None]
            if len(values) == len(inputs):  # folded while nodes are made
                column = literals(call.values(values))
            else:
                column = Column(call.ids([given.ids for given in inputs]))
                made.setdefault(call.primitive, []).extend(column.ids)
            columns.append(column)
        return columns[self.root]


@dataclass(frozen=True, slots=True)
class Folding:
    """How a fold goes on from item to item.

    Parameters
    ----------
    formula
        Its body; the variables are the item and what came before.
    kind
        Of what it gives, and begins with.
    initial
        What it begins with, and its value if that is a literal; None: the first item.
    """

    formula: Formula
    kind: Kind
    initial: tuple[NodeId, Scalar | None] | None

    def value(self, items: Sequence[Scalar], same: Sequence[Scalar]) -> Scalar:
        """Return what the items come to; of `same` the last is the initial value, if any."""
        formula = self.formula
        if self.initial is None:
            total, rest = items[0], items[1:]
            fixed = list(same)
        else:
            total, rest = same[-1], items
            fixed = list(same[:-1])
        program = [(kernel(call.overload), call.operands) for call in formula.calls]
        wanted, root = TYPES[self.kind], formula.root
        for item in rest:
            places: list[object] = [item, total, *fixed]
            for function, operands in program:
                places.append(function(*[places[place] for place in operands]))
            total = cast("Scalar", places[root])
            if type(total) is not wanted:
                raise Uneven(str(total))
        return total

    def nodes(self, items: Column, made: Made) -> NodeId:
        """Return the node that the items come to; put all with kernels into `made`."""
        values = items.values
        each = [
            Column([node], None if values is None else [values[index]])
            for index, node in enumerate(items.ids)
        ]
        if self.initial is not None:
            node, value = self.initial
            each.insert(0, Column([node], None if value is None else [value]))
        total = each[0]
        for item in each[1:]:
            total = self.formula.nodes([item, total], made)
        return total.ids[0]


def literals(values: Sequence[Scalar]) -> Column:
    """Return the nodes of scalars."""
    return Column([literal_id(value) for value in values], values)


def _same(node: NodeId, value: Scalar | None, count: int) -> Column:
    return Column([node] * count, None if value is None else [value] * count)
