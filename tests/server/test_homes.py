from pathlib import Path

from voxlogica_server.homes import Home, Homes, dialect_named

OUTER, INNER = Home(Path("/home/work")), Home(Path("/home/work/old"), "voxlogica1")
HOMES = Homes((OUTER, INNER), Home(Path("/tmp")))


def test_the_innermost_folder_is_the_home() -> None:
    assert HOMES.of("/home/work/old/deep/a.imgql") == INNER
    assert HOMES.of("/home/work/older/a.imgql") == OUTER


def test_a_file_elsewhere_is_at_home_where_it_is() -> None:
    assert HOMES.of("/data/a.imgql") == Home(Path("/data"))


def test_a_text_that_is_no_file_is_at_home_in_the_first_folder() -> None:
    assert HOMES.of(None) == OUTER
    assert Homes((), HOMES.elsewhere).of(None) == HOMES.elsewhere


def test_folders_are_opened_and_closed() -> None:
    third = Path("/third")
    changed = HOMES.with_folders([third, OUTER.folder, third], [INNER.folder])
    assert [home.folder for home in changed.folders] == [OUTER.folder, third]


def test_a_folder_closed_and_opened_at_once_is_new() -> None:
    changed = HOMES.with_folders([INNER.folder], [INNER.folder])
    assert changed.folders == (OUTER, Home(INNER.folder))


def test_dialects_are_set_by_folder_and_the_rest_stays() -> None:
    changed = HOMES.with_dialects({OUTER.folder: "imgql2", None: "voxlogica1"})
    assert [home.dialect for home in changed.folders] == ["imgql2", "voxlogica1"]
    assert changed.elsewhere.dialect == "voxlogica1"


def test_an_unknown_dialect_means_that_programs_state_theirs() -> None:
    assert dialect_named("voxlogica1") == "voxlogica1"
    for other in ("", "v3", None, 3, []):
        assert dialect_named(other) is None
