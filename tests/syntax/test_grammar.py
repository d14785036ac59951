import logging
import re
from pathlib import Path

import lark
import pytest

from voxlogica_core.syntax.builder import Builder
from voxlogica_core.syntax.lexis import KEYWORDS

GRAMMAR = Path(__file__).parents[2] / "grammars" / "imgql.lark"


def test_the_grammar_has_no_conflicts(caplog: pytest.LogCaptureFixture) -> None:
    with caplog.at_level(logging.DEBUG, logger="lark"):
        lark.Lark(
            GRAMMAR.read_text(encoding="utf-8"),
            start="statement",
            parser="lalr",
            lexer="basic",
            debug=True,
        )
    conflicts = [record for record in caplog.records if "onflict" in record.getMessage()]
    assert conflicts == []


def test_every_rule_has_its_builder_method() -> None:
    text = re.sub(r"//[^\n]*", "", GRAMMAR.read_text(encoding="utf-8"))
    aliases = set(re.findall(r"-> *(\w+)", text))
    rules = set(re.findall(r"^(\w+):", text, re.MULTILINE))
    fully_aliased = {"postfix", "label", "infix", "arguments", "names"}
    missing = {name for name in aliases | rules - fully_aliased if not hasattr(Builder, name)}
    assert missing == set()


def test_every_rule_is_explained() -> None:
    lines = GRAMMAR.read_text(encoding="utf-8").splitlines()
    heads = [i for i, line in enumerate(lines) if re.match(r"\w+:", line)]
    assert len(heads) > 10
    assert [lines[i] for i in heads if not lines[i - 1].startswith("//")] == []


def test_every_keyword_is_a_terminal() -> None:
    declared = set(" ".join(re.findall(r"%declare ([A-Z ]+)", GRAMMAR.read_text())).split())
    assert set(KEYWORDS.values()) <= declared
