"""Settings files: what commands take from ``voxlogica.toml`` if no flag and no variable says it.

The nearest one beside the program or above it goes before the user's own. Writes nothing.
"""

import re
import tomllib
from collections.abc import Callable, Mapping
from pathlib import Path
from typing import NoReturn

import click
from click.core import ParameterSource
from platformdirs import user_config_dir

from voxlogica_core.errors import UsageError
from voxlogica_core.values.sizes import size_from

NAME = "voxlogica.toml"
_Check = Callable[[object], object]


class Configured(click.Command):
    """A command whose options may stand in settings files: those beside the program it is given."""

    def parse_args(self, ctx: click.Context, args: list[str]) -> list[str]:
        """Take what neither flags nor variables say from the settings files."""
        given, _, _ = self.make_parser(ctx).parse_args(list(args))
        program = given.get("file")
        folder = Path(program).parent if isinstance(program, str) else Path.cwd()
        if not set(self.get_help_option_names(ctx)).intersection(args):
            ctx.default_map = {**settings(folder.absolute()), **(ctx.default_map or {})}
        try:
            return super().parse_args(ctx, args)
        except click.BadParameter as problem:
            raise _with_variable(problem, ctx) from None


def _with_variable(problem: click.BadParameter, ctx: click.Context) -> click.BadParameter:
    """Return what is wrong with a value, naming the variable it came from if it did."""
    option = problem.param
    source = ctx.get_parameter_source(option.name) if option is not None else None
    if option is None or source is not ParameterSource.ENVIRONMENT:
        return problem
    message = f"{problem.message} (it came from the variable {option.envvar})"
    return click.BadParameter(message, ctx, option)


def user_file() -> Path:
    """Return where the user's settings file is, or would be."""
    return Path(user_config_dir("voxlogica", appauthor=False)) / NAME


def settings(folder: Path) -> Mapping[str, object]:
    """Return the settings for programs in a folder, by the names of options' parameters.

    Raises
    ------
    UsageError
        A settings file cannot be read, or says what is not understood: with its place.
    """
    above = (place / NAME for place in (folder, *folder.parents))
    nearest = next((file for file in above if file.is_file()), None)
    found: dict[str, object] = {}
    for file in (user_file(), nearest):
        if file is not None and file.is_file():
            found.update(_read(file))
    return found


def _read(file: Path) -> Mapping[str, object]:
    try:
        text = file.read_text(encoding="utf-8-sig")
        entries = tomllib.loads(text)
    except tomllib.TOMLDecodeError as error:
        raise UsageError(f"{file} is no TOML: {error}") from error
    except (OSError, UnicodeDecodeError) as error:
        raise UsageError(f"{file} cannot be read: {error}") from error
    found: dict[str, object] = {}
    for key, value in entries.items():
        if key not in _SETTINGS:
            _refuse(file, text, key, f"there is no such setting; there are {', '.join(_SETTINGS)}")
        name, check = _SETTINGS[key]
        try:
            checked = check(value)
        except ValueError as error:
            _refuse(file, text, key, str(error))
        is_folder = key in _FOLDERS and isinstance(checked, str)
        found[name] = str(file.parent / Path(str(checked)).expanduser()) if is_folder else checked
    return found


def _refuse(file: Path, text: str, key: str, reason: str) -> NoReturn:
    before = re.search(
        rf"^\s*[\"']?{re.escape(key)}[\"']?\s*[=.]|^\s*\[\s*{re.escape(key)}", text, re.M
    )
    line = text.count("\n", 0, before.end()) + 1 if before else 1
    raise UsageError(f"{file}:{line}: {key}: {reason}")


def _size(value: object) -> int:
    if isinstance(value, int) and not isinstance(value, bool) and value >= 0:
        return value
    return size_from(value if isinstance(value, str) else repr(value))


def _count(value: object) -> int:
    if isinstance(value, bool) or not isinstance(value, int) or value < 1:
        raise ValueError(f"a whole number from 1 is wanted, {value!r} came")
    return value


def _text(value: object) -> str:
    if not isinstance(value, str) or not value:
        raise ValueError(f"a text in quotes is wanted, {value!r} came")
    return value


def _truth(value: object) -> bool:
    if not isinstance(value, bool):
        raise ValueError(f"true or false is wanted, {value!r} came")
    return value


_SETTINGS: Mapping[str, tuple[str, _Check]] = {
    "store": ("store", _text),
    "store-limit": ("store_limit", _size),
    "scheduler": ("scheduler", _text),
    "threads": ("threads", _count),
    "memory": ("memory", _size),
    "dashboard": ("dask_dashboard", _truth),
    "output-dir": ("output_dir", _text),
}
"""By the name in the file: the parameter of the option, and what checks the value."""

_FOLDERS = frozenset({"store", "output-dir"})
"""Relative ones begin where the settings file is."""
