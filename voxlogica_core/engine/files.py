"""What goes in and out of a run: images from files and to files, values as they are printed."""

from collections.abc import Mapping
from typing import TYPE_CHECKING, Protocol, TypeAlias, Union, cast

from voxlogica_core.store.record import Value
from voxlogica_core.values.image import Image
from voxlogica_core.values.written import Gap

if TYPE_CHECKING:
    from voxlogica_core.store.record import Plain


Printed: TypeAlias = Union[Value, Gap, tuple["Printed", ...]]  # noqa: UP007  (a forward reference)
"""A value as it is printed and written as text: a sequence may have gaps."""

TEXT_FORMATS = (".json", ".csv", ".txt")
"""Files of values without images, by the end of their path."""


class Files(Protocol):
    """How images come from and go to files."""

    def ready(self) -> None:
        """Import what reading needs, so that it does not count as time of the first image."""
        ...

    def read(self, path: str, digest: str) -> tuple[Image, tuple[str, ...]]:
        """Return the image in a file whose bytes have this digest, and notes on the reading."""
        ...

    def save(self, value: Printed, path: str, side: str) -> tuple[str, ...]:
        """Write a value, and the text of its side file if it is an image; return notes."""
        ...


def can_have_gaps(kind: str, path: str | None) -> bool:
    """Return whether half a sequence is worth delivering: a print, or a table for people."""
    return kind == "print" or (path or "").endswith(TEXT_FORMATS)


def printed(value: Printed) -> Printed:
    """Return a value as it is printed: without voxels, images in one line."""
    match value:
        case Image():
            size = "×".join(str(length) for length in value.geometry.size)
            spacing = "×".join(f"{length:g}" for length in value.geometry.spacing)
            return f"{value.kind} {size}, {spacing} mm"
        case tuple():
            return tuple(printed(item) for item in value)
        case Mapping():
            return {name: cast("Plain", printed(each)) for name, each in value.items()}
        case _:
            return value
