"""A proposal of completion. Holds no rules."""

from dataclasses import dataclass
from typing import Literal

from voxlogica_core.text.diagnostic import Edit
from voxlogica_core.text.span import Span
from voxlogica_core.values.kind import Kind

Sort = Literal[
    "local",
    "value",
    "function",
    "parameter",
    "primitive",
    "operator",
    "keyword",
    "snippet",
    "field",
    "path",
]


@dataclass(frozen=True, slots=True)
class Proposal:
    """Something that may be written.

    Parameters
    ----------
    detail
        A kind or a signature.
    insert
        What is written, where that is not the name; with places to fill in (``${1:name}``) where
        `is_snippet`.
    span
        The part of the text that it takes the place of.
    edits
        What must be written elsewhere: an import.
    kinds
        What the value may be; nothing where that is not known.
    distance
        How many declarations stand between it and the cursor, counted from 1; 0 for what the file
        does not declare.
    primitive
        The qualified name, of a primitive: its documentation is looked up when it is shown.
    """

    name: str
    sort: Sort
    detail: str = ""
    documentation: str = ""
    insert: str = ""
    is_snippet: bool = False
    span: Span | None = None
    edits: tuple[Edit, ...] = ()
    kinds: tuple[Kind, ...] = ()
    distance: int = 0
    primitive: str = ""
