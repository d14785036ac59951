"""What is written down of each SimpleITK function, and how it is read from the shipped table.

Neither SimpleITK nor numpy is imported here: a program is edited without them.
"""

import json
from collections.abc import Mapping
from dataclasses import asdict, dataclass
from functools import cache
from importlib.resources import files
from typing import TYPE_CHECKING, Literal, cast

if TYPE_CHECKING:
    from collections.abc import Sequence

Codec = Literal[
    "image", "images", "number", "whole", "truth", "text", "choice",
    "numbers", "wholes", "truths", "points", "pairs", "fixed",
]  # fmt: skip
"""How an argument is handed over. `points` are lists of lists of whole numbers, `pairs` a mapping
of numbers; `fixed` ones cannot be given: they always have SimpleITK's own default.
"""
Default = bool | float | str | tuple[float, ...] | None


@dataclass(frozen=True, slots=True)
class Argument:
    """A parameter of a function.

    Parameters
    ----------
    default
        None where a call must give it. Of a `fixed` one the name of a SimpleITK constant, or
        ``Transform``.
    kinds
        Of an image, the kinds that SimpleITK has this function for.
    low, high
        Bounds of whole numbers, both included.
    choices
        Names of an enumeration, in its order.
    """

    name: str
    codec: Codec
    default: Default = None
    kinds: tuple[str, ...] = ()
    low: int = 0
    high: int = 0
    choices: tuple[str, ...] = ()
    owner: str = ""

    @property
    def is_shown(self) -> bool:
        """Whether a call may give it."""
        return self.codec != "fixed"


@dataclass(frozen=True, slots=True)
class Form:
    """One way to call a function.

    Parameters
    ----------
    result
        Kind of the result; `first` is the kind of the first image, `numbers` a list of them.
    is_same_grid
        The images share a grid, and so does the result.
    least
        Fewest arguments of a call.
    """

    arguments: tuple[Argument, ...]
    result: str
    is_same_grid: bool
    least: int


@dataclass(frozen=True, slots=True)
class Described:
    """A function.

    Parameters
    ----------
    is_serial
        Its last bits depend on the number of threads, so that it gets one.
    cost
        Expected nanoseconds a voxel.
    """

    name: str
    documentation: str
    forms: tuple[Form, ...]
    is_serial: bool = False
    cost: float = 30.0


@dataclass(frozen=True, slots=True)
class Table:
    """All functions of one version of SimpleITK, and why others are left out."""

    version: str
    functions: tuple[Described, ...]
    left_out: Mapping[str, str]


@cache
def shipped_table() -> Table:
    """Return the table that ships; read once a process."""
    text = (files("voxlogica_core") / "primitives" / "simpleitk" / "table.json").read_text("utf-8")
    content = cast("Mapping[str, object]", json.loads(text))
    functions = cast("Sequence[Mapping[str, object]]", content["functions"])
    return Table(
        cast("str", content["version"]),
        tuple(_function(each) for each in functions),
        cast("Mapping[str, str]", content["left_out"]),
    )


def written(table: Table) -> str:
    """Return a table as the text of its file; what has its usual value is left out."""
    functions = [_pruned(asdict(function)) for function in table.functions]
    content = {
        "version": table.version,
        "left_out": dict(sorted(table.left_out.items())),
        "functions": functions,
    }
    return json.dumps(content, indent=0, ensure_ascii=False) + "\n"


def _function(content: Mapping[str, object]) -> Described:
    forms = cast("Sequence[Mapping[str, object]]", content["forms"])
    return Described(**{**content, "forms": tuple(_form(each) for each in forms)})  # pyright: ignore[reportArgumentType]


def _form(content: Mapping[str, object]) -> Form:
    arguments = cast("Sequence[Mapping[str, object]]", content["arguments"])
    return Form(**{**content, "arguments": tuple(_argument(each) for each in arguments)})  # pyright: ignore[reportArgumentType]


def _argument(content: Mapping[str, object]) -> Argument:
    lists = {k: tuple(cast("list[str]", v)) for k, v in content.items() if isinstance(v, list)}
    return Argument(**{**content, **lists})  # pyright: ignore[reportArgumentType]


_USUAL: Mapping[str, object] = {
    "is_serial": False, "cost": 30.0, "default": None, "kinds": (), "low": 0, "high": 0,
    "choices": (), "owner": "",
}  # fmt: skip


def _pruned(content: object) -> object:
    match content:
        case dict():
            entries = cast("dict[str, object]", content)
            return {
                name: _pruned(each)
                for name, each in entries.items()
                if name not in _USUAL or not _is_usual(name, each)
            }
        case tuple() | list():
            return [_pruned(each) for each in cast("Sequence[object]", content)]
        case _:
            return content


def _is_usual(name: str, value: object) -> bool:
    return type(value) is type(_USUAL[name]) and value == _USUAL[name]
