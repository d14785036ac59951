"""ARCHITECTURE.md is true: every room stands in it, and what it names is there."""

import re
import tomllib
from pathlib import Path

_ROOT = Path(__file__).parents[2]
_CORE = _ROOT / "voxlogica_core"
_PAGE = (_ROOT / "ARCHITECTURE.md").read_text("utf-8")
_HOMES = (_CORE, _ROOT / "server" / "voxlogica_server", _ROOT)


def test_the_page_is_short() -> None:
    assert len(_PAGE.splitlines()) <= 300


def test_every_room_stands_in_the_map() -> None:
    table = _PAGE[: _PAGE.index("## Invariants")]
    for place in _CORE.iterdir():
        if place.name.startswith("_") or not (place.is_dir() or place.suffix == ".py"):
            continue
        assert f"`{place.name}`" in table, place.name


def test_every_inner_room_stands_in_the_map_with_the_words_it_says_of_itself() -> None:
    inner = [p for room in ("engine", "ide", "plan") for p in (_CORE / room).glob("*/__init__.py")]
    assert len(inner) > 10
    for place in inner:
        words = place.read_text("utf-8").strip().strip('"')
        assert f"| `{place.parent.parent.name}/{place.parent.name}` | {words} |" in _PAGE, place


def test_files_that_are_named_exist() -> None:
    named = set(re.findall(r"`([a-z_]+(?:/[a-z_]+)*/[a-z_]+\.(?:py|json|lark))`", _PAGE))
    assert named
    for name in named:
        place = name.removeprefix("server/")
        assert any((home / part).is_file() for home in _HOMES for part in (name, place)), name


def test_the_layers_of_the_page_are_those_that_are_checked() -> None:
    project = tomllib.loads((_ROOT / "pyproject.toml").read_text("utf-8"))
    contracts = project["tool"]["importlinter"]["contracts"]
    layers = [re.findall(r"\w+", layer) for layer in contracts[0]["layers"]]
    order = {room: level for level, layer in enumerate(layers) for room in layer}
    drawn = re.search(r"`voxlogica_server > ([^`]+)`", _PAGE)
    assert drawn
    rooms = [re.findall(r"\w+", level) for level in drawn.group(1).split(">")]
    levels = [max(order[room] for room in level) for level in rooms]
    assert levels == sorted(levels)
