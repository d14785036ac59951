"""``voxlogica explain`` as a user meets it: a page, the list, a slip of the keyboard."""

from pathlib import Path

import pytest
from click.testing import CliRunner

from voxlogica_core.cli import exits
from voxlogica_core.cli.explain import command
from voxlogica_core.cli.main import outcome

_PAGES = Path(__file__).parents[2] / "docs" / "diagnostics"


def test_a_page_is_printed_as_it_is_where_no_terminal_is() -> None:
    answer = CliRunner().invoke(command, ["type-mismatch"])
    assert answer.output == (_PAGES / "type-mismatch.md").read_text("utf-8")


def test_without_a_code_every_diagnostic_has_one_line() -> None:
    lines = CliRunner().invoke(command, []).output.splitlines()
    assert [line.split()[0] for line in lines] == sorted(page.stem for page in _PAGES.glob("*.md"))
    assert "unbound-name  " in "\n".join(lines)
    assert all(line.endswith(".") for line in lines)


def test_an_unknown_code_is_wrong_usage_and_the_nearest_are_named(
    capsys: pytest.CaptureFixture[str],
) -> None:
    assert outcome(["explain", "unbound-nam"]) == exits.USAGE
    assert "did you mean unbound-name" in capsys.readouterr().err


def test_a_code_like_no_other_leads_to_the_list(capsys: pytest.CaptureFixture[str]) -> None:
    assert outcome(["explain", "zzz"]) == exits.USAGE
    assert "lists them" in capsys.readouterr().err


def test_on_a_terminal_the_title_is_set_off(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("FORCE_COLOR", "1")
    answer = CliRunner().invoke(command, ["syntax"], color=True)
    assert "\x1b[" in answer.output
    assert "# syntax" not in answer.output
