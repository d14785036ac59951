"""A code action. Holds no rules."""

from dataclasses import dataclass
from typing import Literal

from voxlogica_core.text.diagnostic import Diagnostic, Edit

ActionKind = Literal[
    "quickfix", "refactor.extract", "refactor.inline", "refactor.rewrite", "source.fixAll"
]
"""As the Language Server Protocol names them."""


@dataclass(frozen=True, slots=True)
class Action:
    """Something that can be done to the text.

    Parameters
    ----------
    edits
        In order of text; they do not overlap.
    diagnostics
        What it mends.
    is_preferred
        Whether it is the one to take where one is asked for.
    """

    title: str
    kind: ActionKind
    edits: tuple[Edit, ...]
    diagnostics: tuple[Diagnostic, ...] = ()
    is_preferred: bool = False
