"""The colours of editors (grammars/imgql.tmLanguage.json) know the words the parser knows."""

import json
import re
from collections.abc import Iterator
from pathlib import Path
from typing import cast

from voxlogica_core.syntax.lexis import KEYWORDS, TOKEN, VARIABLES

COLOURS = Path(__file__).parents[2] / "grammars" / "imgql.tmLanguage.json"
KEYWORD_RULES = ("let", "load", "statement", "fold", "loop", "keywords", "constants")


def patterns(rule: str) -> Iterator[str]:
    """The regular expressions of one rule of the colours."""
    repository = json.loads(COLOURS.read_text(encoding="utf-8"))["repository"]
    waiting = [cast("dict[str, object]", repository[rule])]
    while waiting:
        part = waiting.pop()
        if "match" in part:
            yield str(part["match"])
        waiting.extend(cast("list[dict[str, object]]", part.get("patterns", [])))


def words(rule: str) -> set[str]:
    """The whole words that the patterns of a rule spell out."""
    return {word for text in patterns(rule) for word in re.findall(r"(?<![\\a-z])[a-z]{2,}", text)}


def test_every_keyword_of_the_parser_is_coloured_and_no_other_word() -> None:
    assert {word for rule in KEYWORD_RULES for word in words(rule)} == set(KEYWORDS)


def test_program_variables_are_those_of_the_parser() -> None:
    assert words("program-variables") == set(VARIABLES)


def test_operators_are_made_of_the_characters_of_the_parser() -> None:
    coloured = next(text for text in patterns("operators") if text != ",")
    characters = re.search(r"\)\[(.*)\]\)\+$", coloured)
    assert characters is not None
    allowed = {c for c in map(chr, range(33, 127)) if re.fullmatch(f"[{characters[1]}]", c)}
    parsed = {
        c for c in map(chr, range(33, 127)) if (m := TOKEN.fullmatch(c)) and m.lastgroup == "run"
    }
    assert allowed == parsed
