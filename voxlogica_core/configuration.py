"""Settings files: what ``voxlogica.toml`` says, checked, with its place where it is wrong.

The nearest one beside the program or above it goes before the user's own. Writes nothing.
"""

import re
import tomllib
from collections.abc import Callable, Mapping, Sequence
from pathlib import Path
from typing import NoReturn, cast

from platformdirs import user_config_dir

from voxlogica_core.errors import UsageError
from voxlogica_core.values.sides import orientation_from
from voxlogica_core.values.sizes import size_from

NAME = "voxlogica.toml"
_Check = Callable[[object], object]


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
    found: dict[str, object] = {}
    for file in settings_files(folder):
        found.update(_read(file))
    return found


def settings_files(folder: Path) -> list[Path]:
    """Return the files that are there: the user's, then the nearest one beside or above."""
    above = (place / NAME for place in (folder, *folder.parents))
    nearest = next((file for file in above if file.is_file()), None)
    return [file for file in (user_file(), nearest) if file is not None and file.is_file()]


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
        found[name] = _placed(file, checked) if key in _PATHS else checked
    return found


def _placed(file: Path, checked: object) -> object:
    if isinstance(checked, str):
        return str(file.parent / Path(checked).expanduser())
    return [_placed(file, each) for each in cast("list[object]", checked)]


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


def _orientation(value: object) -> str:
    return orientation_from(_text(value))


def _texts(value: object) -> Sequence[str]:
    if not isinstance(value, list):
        raise ValueError(f"a list of texts in quotes is wanted, {value!r} came")
    return [_text(each) for each in cast("list[object]", value)]


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
    "orientation": ("orientation", _orientation),
    "primitives": ("primitives", _texts),
}
"""By the name in the file: the parameter of the option, and what checks the value."""

_PATHS = frozenset({"store", "output-dir", "primitives"})
"""Relative ones begin where the settings file is."""
