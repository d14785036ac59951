"""Partitions: steps that do many items of a loop at once. They know no task and no thread."""

from collections.abc import Sequence
from dataclasses import dataclass

from voxlogica_core.engine.steps.formula import TYPES, Folding, Formula, Made, Uneven, literals
from voxlogica_core.engine.steps.operand import Operand
from voxlogica_core.plan.node import NodeId, Scalar
from voxlogica_core.store.record import Value
from voxlogica_core.values.kind import Kind


@dataclass(slots=True)
class Partition:
    """Items of one loop, or all steps of a fold; never changed, see `Compute`.

    Parameters
    ----------
    id
        A name of its own, no node's.
    loop
        The loop or fold.
    items
        What its innermost source holds: literals.
    formula
        What is made of each item.
    folding
        How a fold combines them.
    operands, kinds
        What is the same for all items: of the formula, then of the folding.
    """

    id: NodeId
    loop: NodeId
    items: Sequence[Scalar]
    formula: Formula
    folding: Folding | None
    operands: tuple[Operand, ...]
    kinds: tuple[Kind, ...]

    @property
    def calls(self) -> int:
        """How many kernels are called."""
        each = len(self.formula.calls)
        return len(self.items) * (each + (len(self.folding.formula.calls) if self.folding else 0))

    def value(self, given: Sequence[object]) -> Value:
        """Return the values of the items as a sequence; of a fold, what they come to.

        Parameters
        ----------
        given
            The values of the operands.

        Raises
        ------
        DataError
            An item has no value.
        Uneven
            A value is not of the type that was told.
        """
        same: list[Scalar] = []
        for value, kind in zip(given, self.kinds, strict=True):
            if type(value) is not TYPES[kind] or not isinstance(value, float | bool | str):
                raise Uneven(str(kind))
            same.append(value)
        count = len(self.formula.same)
        items = self.formula.values([self.items], same[:count])
        if self.folding is None:
            return tuple(items)
        return self.folding.value(items, same[count:])

    def nodes(self) -> Made:
        """Return the nodes that have values when this is done, by primitive."""
        made: Made = {}
        found = self.formula.nodes([literals(self.items)], made)
        if self.folding is not None:
            self.folding.nodes(found, made)
        return made
