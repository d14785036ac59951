"""Forms: how a primitive is applied to inputs of certain kinds, found out once. Makes no nodes."""

from collections.abc import Sequence
from dataclasses import dataclass

from voxlogica_core.plan.digest import applying
from voxlogica_core.plan.nodes.misfit import Misfit
from voxlogica_core.plan.signature import Overload, Primitive
from voxlogica_core.values.kind import (
    ANY,
    BOOL,
    IMAGE,
    IMAGE_LIKE,
    MASK,
    NUMBER,
    Kind,
    join,
)

OUTSIDE = "outside"
"""Namespace of what waits for a path: an application of it has no final id."""

_SORTABLE = frozenset({NUMBER, BOOL, IMAGE, MASK})
_WITH_GRIDS = frozenset({*IMAGE_LIKE, ANY})


@dataclass(frozen=True, slots=True)
class Form:
    """What applying a primitive to inputs of certain kinds comes to.

    Parameters
    ----------
    overloads
        Those that may be meant, at least one; the first decides about grids and folding.
    kind
        Of the result.
    commutes
        Whether the inputs are sorted.
    applying
        How the records of its nodes begin, see `digest.applied_id`.
    is_plain
        Whether the inputs stand as they are: none is left out, none is an image or may be one.
    is_outside
        Whether it reads what a path names that is not known yet.
    is_field
        Whether it gives a field of a record.
    """

    primitive: Primitive
    qualified: str
    overloads: tuple[Overload, ...]
    kind: Kind
    commutes: bool
    applying: bytes
    is_plain: bool
    is_outside: bool
    is_field: bool

    @property
    def overload(self) -> Overload:
        """The first that may be meant."""
        return self.overloads[0]


def fitting_form(primitive: Primitive, kinds: Sequence[Kind]) -> Form:
    """Return the form for inputs of these kinds, as they are written.

    Raises
    ------
    Misfit
        No overload takes inputs of these kinds.
    """
    overloads = primitive.fitting(kinds)
    if not overloads:
        raise Misfit(primitive, kinds)
    exact = [overload for overload in overloads if _is_exact(overload, kinds)]
    return form_of(primitive, exact or overloads, kinds)


def form_of(primitive: Primitive, overloads: Sequence[Overload], kinds: Sequence[Kind]) -> Form:
    """Return the form for inputs of these kinds, all of which are given."""
    kind = overloads[0].result_kind(kinds)
    for other in overloads[1:]:
        kind = join(kind, other.result_kind(kinds))
    parameters = overloads[0].parameters
    complete = len(kinds) == len(parameters) and not any(p.is_grid for p in parameters)
    return Form(
        primitive,
        primitive.qualified,
        tuple(overloads),
        kind,
        primitive.commutative and all(kind in _SORTABLE for kind in kinds),
        applying(primitive.qualified, primitive.version),
        complete and not any(kind in _WITH_GRIDS for kind in kinds),
        primitive.namespace == OUTSIDE,
        overloads[0].result == "field",
    )


def _is_exact(overload: Overload, kinds: Sequence[Kind]) -> bool:
    return all(k in p.kinds for p, k in zip(overload.parameters, kinds, strict=False))
