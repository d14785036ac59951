"""What is kept of a source for the next process: whole or not at all, and somewhere."""

from pathlib import Path

import pytest

from voxlogica_core.made_before import keep, kept


def test_what_is_kept_is_found_under_its_name(tmp_path: Path) -> None:
    source = tmp_path / "source.py"
    assert kept(source, "name") is None
    keep(source, "name", b"made")
    keep(source, "other", b"")
    keep(source, "name", b"made anew")
    assert kept(source, "name") == b"made anew"
    assert kept(source, "other") == b""
    assert {file.name for file in (tmp_path / "__pycache__").iterdir()} == {"name", "other"}


def test_what_is_not_whole_is_not_there(tmp_path: Path) -> None:
    source = tmp_path / "source.py"
    keep(source, "name", b"what was made")
    file = tmp_path / "__pycache__" / "name"
    whole = file.read_bytes()
    for broken in (b"", whole[:-1], whole[:10], whole[:40] + b"x" + whole[41:]):
        file.write_bytes(broken)
        assert kept(source, "name") is None


def test_it_goes_to_the_cache_where_it_cannot_be_beside_the_source(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    (tmp_path / "__pycache__").write_text("no folder")
    source = tmp_path / "source.py"
    keep(source, "name", b"made")
    assert kept(source, "name") == b"made"
    assert [file.name for file in (tmp_path / "cache").rglob("name")] == ["name"]


def test_where_nothing_can_be_written_nothing_is_kept(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setenv("XDG_CACHE_HOME", str(tmp_path / "cache"))
    for place in ("__pycache__", "cache"):
        (tmp_path / place).write_text("no folder")
    keep(tmp_path / "source.py", "name", b"made")
    assert kept(tmp_path / "source.py", "name") is None
