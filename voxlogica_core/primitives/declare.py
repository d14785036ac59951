"""How a primitive is declared: one annotated Python function and this decorator; imports no numpy.

The decorator only checks and returns the function: the catalogue reads declarations from source
text, so its arguments must be literals and every annotation one of the kind names below, a union
of them, or ``Items[...]`` of one. At run time each name carries its kind, so that a test can hold
what was read against what was imported.
"""

from collections.abc import Callable, Mapping, Sequence
from typing import TYPE_CHECKING, Annotated, Literal, TypeAlias, TypeVar

from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.kind import (
    ANY,
    BOOL,
    COLOUR,
    IMAGE,
    LABELS,
    MASK,
    NUMBER,
    RECORD,
    STRING,
)

if TYPE_CHECKING:
    from voxlogica_core.values.image import Image

Number: TypeAlias = Annotated[float, NUMBER]
Truth: TypeAlias = Annotated[bool, BOOL]
Text: TypeAlias = Annotated[str, STRING]
ScalarImage: TypeAlias = Annotated["Image", IMAGE]
Mask: TypeAlias = Annotated["Image", MASK]
Labels: TypeAlias = Annotated["Image", LABELS]
Colour: TypeAlias = Annotated["Image", COLOUR]
Record: TypeAlias = Annotated[Mapping[str, object], RECORD]
Anything: TypeAlias = Annotated[object, ANY]
Items = Sequence
"""A sequence of values, all of the kind in the brackets."""
Grid: TypeAlias = Annotated[Geometry, "grid"]
"""An argument of which only the grid matters; the kernel receives the `Geometry`."""
Item: TypeAlias = Annotated[object, "item"]
"""Only as a result: a value of the kind of the items of the first argument."""
Field: TypeAlias = Annotated[object, "field"]
"""Only as a result: a value of the kind of that field of the first argument, a record."""
First: TypeAlias = Annotated[object, "first"]
"""Only as a result: a value of the kind of the first argument."""
Join: TypeAlias = Annotated[object, "join"]
"""Only as a result: a value of the kind that joins those of the arguments after the first."""

Function = TypeVar("Function", bound=Callable[..., object])


def primitive(
    name: str,
    *,
    version: int,
    operators: tuple[str, ...] = (),
    commutative: bool = False,
    folds: bool = False,
    grid: Literal["same", "new"] = "same",
    cost: float = 1.0,
    fields: tuple[str, ...] = (),
) -> Callable[[Function], Function]:
    """Declare the function below as an overload of primitive `name`.

    Parameters
    ----------
    name
        Name in the language.
    version
        Raised whenever the output of the kernel changes for any input; all overloads of a name
        carry the same number.
    operators
        Infix or prefix spellings.
    commutative
        Arguments may be exchanged without changing a bit of the result; all overloads agree.
    folds
        Pure Python on scalars in a module that imports no numpy: computed while reducing.
    grid
        ``same``: image arguments must share one grid, the result has it. ``new``: arguments may
        differ, the result starts a grid of its own.
    cost
        Expected nanoseconds a voxel of the largest image argument; microseconds a call if none.
    fields
        What the record that is the result has: numbers, or others as in ``"equal: bool"``.
    """
    if not name or version < 1 or cost < 0:
        raise ValueError(f"primitive {name!r}: version must be at least 1 and cost not negative")
    del operators, commutative, folds, grid, fields

    def unchanged(function: Function) -> Function:
        return function

    return unchanged
