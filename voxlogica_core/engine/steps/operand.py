"""Operands: what a kernel is given, as far as it is known before anything runs."""

from dataclasses import dataclass
from itertools import chain
from typing import TypeAlias, Union

from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.record import Value
from voxlogica_core.values.geometry import Geometry


@dataclass(slots=True)
class Constant:
    """An argument that is known already; never changed, see `step.Compute`."""

    value: Value


@dataclass(frozen=True, slots=True)
class Items:
    """A sequence as argument: the values of its items."""

    operands: tuple["Operand", ...]


@dataclass(frozen=True, slots=True)
class Joined:
    """A sequence as argument: those that partitions of a loop make, one after the other."""

    parts: tuple[NodeId, ...]


@dataclass(frozen=True, slots=True)
class GridOf:
    """The grid of an image as argument; the image itself when `known` is None."""

    node: NodeId
    known: Geometry | None


Operand: TypeAlias = Union[NodeId, Constant, Items, Joined, GridOf]  # noqa: UP007  (a forward reference)
"""What a kernel is given; a bare id stands for the value of that node."""


def leaves(operands: tuple[Operand, ...]) -> list[NodeId]:
    """Return the nodes whose values are needed to make arguments of `operands`."""
    found: list[NodeId] = []
    for operand in operands:  # the usual case, four times as fast
        if isinstance(operand, str):
            found.append(operand)
        elif type(operand) is not Constant:
            return _inner_leaves(operands)
    return found


def joined(parts: list[Value]) -> Value:
    """Return the sequence that the values of partitions come to."""
    return tuple(chain.from_iterable(part for part in parts if isinstance(part, tuple)))


def _inner_leaves(operands: tuple[Operand, ...]) -> list[NodeId]:
    found: list[NodeId] = []
    stack = list(reversed(operands))
    while stack:
        match stack.pop():
            case Items(inner):
                stack.extend(reversed(inner))
            case Joined(parts):
                found += parts
            case GridOf(node, None):
                found.append(node)
            case Constant() | GridOf():
                pass
            case node:
                found.append(node)
    return found
