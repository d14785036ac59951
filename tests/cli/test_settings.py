"""Settings: flags go before variables, these before the program's file, that before the user's."""

import json
from pathlib import Path
from typing import cast

import pytest

from tests.support.desk import Answer, Desk
from voxlogica_core.cli import exits
from voxlogica_core.configuration import NAME, settings
from voxlogica_core.errors import UsageError
from voxlogica_core.plan.node import NodeId
from voxlogica_core.store.reader import StoreReader
from voxlogica_core.values.sides import ORIENTATIONS

_PROGRAM = 'print "x" 1\n'


@pytest.fixture
def desk(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def _written(folder: Path, text: str) -> Path:
    folder.mkdir(parents=True, exist_ok=True)
    file = folder / NAME
    file.write_text(text)
    return file


@pytest.fixture
def home(tmp_path: Path, monkeypatch: pytest.MonkeyPatch) -> Path:
    monkeypatch.setenv("XDG_CONFIG_HOME", str(tmp_path / "config"))
    monkeypatch.setenv("HOME", str(tmp_path))
    return tmp_path


def _ran(desk: Desk, *arguments: str, program: str = "", **variables: str) -> Answer:
    """Run a command with these variables only."""
    none = {"VOXLOGICA_STORE": "", "XDG_CONFIG_HOME": str(desk.folder / "config")}
    return desk.voxlogica(*arguments, program=program, **(none | variables))


def test_the_nearest_file_goes_before_those_above_and_the_users_fills_in(home: Path) -> None:
    _written(home / "config" / "voxlogica", 'threads = 1\nmemory = "1G"\n')
    _written(home / "work", "threads = 2\n")
    _written(home / "work" / "study", "threads = 3\n")
    assert settings(home / "work" / "study") == {"threads": 3, "memory": 2**30}
    assert settings(home / "work" / "other") == {"threads": 2, "memory": 2**30}
    assert settings(home) == {"threads": 1, "memory": 2**30}


def test_relative_folders_begin_where_the_file_is(home: Path) -> None:
    _written(home / "work", 'store = "cache"\noutput-dir = "/elsewhere"\n')
    found = settings(home / "work" / "study")
    assert found == {"store": str(home / "work" / "cache"), "output_dir": "/elsewhere"}


@pytest.mark.parametrize(
    ("text", "told"),
    [
        ("# first\nthreads = 0\n", ":2: threads: a whole number from 1 is wanted, 0 came"),
        ('threads = "many"\n', ":1: threads: a whole number from 1 is wanted, 'many' came"),
        ("threads = true\n", ":1: threads: a whole number from 1 is wanted, True came"),
        ('memory = "lots"\n', ":1: memory: 'lots' is no size: write it as 800M or 4G"),
        ("memory = -1\n", ":1: memory: '-1' is no size: write it as 800M or 4G"),
        ("store = 3\n", ":1: store: a text in quotes is wanted, 3 came"),
        ('dashboard = "yes"\n', ":1: dashboard: true or false is wanted, 'yes' came"),
        ("\n[thread]\n", ":2: thread: there is no such setting; there are store, store-limit,"),
        ("threads 3\n", " is no TOML: "),
    ],
)
def test_what_is_not_understood_is_told_with_its_place(home: Path, text: str, told: str) -> None:
    file = _written(home, text)
    with pytest.raises(UsageError) as problem:
        settings(home)
    assert f"{file}{told}" in str(problem.value)


def test_a_flag_goes_before_a_variable_and_that_before_a_file(desk: Desk) -> None:
    _written(desk.folder, 'store = "of-file"\n')
    store = desk.folder / "of-file"
    _ran(desk, "run", "program.imgql", program=_PROGRAM)
    assert (store / "store.db").exists()
    _ran(desk, "run", "program.imgql", VOXLOGICA_STORE=str(desk.folder / "of-variable"))
    assert (desk.folder / "of-variable" / "store.db").exists()
    flag = str(desk.folder / "of-flag")
    _ran(desk, "run", "program.imgql", "--store", flag, VOXLOGICA_STORE="/nowhere")
    assert (desk.folder / "of-flag" / "store.db").exists()


def test_a_bad_settings_file_is_wrong_usage(desk: Desk) -> None:
    _written(desk.folder, "threads = 0\n")
    answer = _ran(desk, "run", "program.imgql", program=_PROGRAM)
    assert answer.code == exits.USAGE
    assert f"{NAME}:1: threads: a whole number from 1 is wanted, 0 came" in answer.err
    fine = _ran(desk, "run", "program.imgql", "--help")
    assert fine.code == exits.DONE


@pytest.mark.parametrize(
    ("variable", "value", "told"),
    [
        ("VOXLOGICA_DASK_THREADS", "0", "VOXLOGICA_DASK_THREADS"),
        ("VOXLOGICA_DASK_MEMORY", "lots", "'lots' is no size"),
        ("VOXLOGICA_ENABLE_DASHBOARD", "perhaps", "VOXLOGICA_ENABLE_DASHBOARD"),
    ],
)
def test_a_bad_variable_is_named(desk: Desk, variable: str, value: str, told: str) -> None:
    answer = _ran(desk, "run", "program.imgql", program=_PROGRAM, **{variable: value})
    assert answer.code == exits.USAGE
    assert told in answer.err


@pytest.mark.parametrize(
    "arguments",
    [
        ("plan", "program.imgql"),
        ("check", "program.imgql"),
        ("why", "program.imgql", "x"),
        ("cache", "list"),
        ("cache", "verify"),
        ("runs",),
    ],
)
def test_other_commands_read_settings_files_too(desk: Desk, arguments: tuple[str, ...]) -> None:
    _written(desk.folder, "stroe = 1\n")
    answer = _ran(desk, *arguments, program=_PROGRAM)
    assert answer.code == exits.USAGE
    assert f"{desk.folder / NAME}:1: stroe: there is no such setting" in answer.err


def test_other_commands_look_at_the_store_that_a_settings_file_names(desk: Desk) -> None:
    _written(desk.folder, 'store = "mine"\n')
    program = 'load image = "image.nii.gz"\nprint "m" max(image)\n'
    _ran(desk, "run", "program.imgql", program=program)
    assert _ran(desk, "cache", "path").out.strip() == str(desk.folder / "mine")
    plan = _ran(desk, "plan", "program.imgql", "--json").object
    nodes = cast("list[dict[str, object]]", plan["nodes"])
    assert "kept" in {node["status"] for node in nodes}
    chosen = _ran(desk, "cache", "path", VOXLOGICA_STORE="other").out.strip()
    assert chosen == str(desk.folder / "other")


def test_pictures_are_turned_as_the_flag_the_variable_or_the_file_says(desk: Desk) -> None:
    program = 'load image = "image.nii.gz"\nlet bright = image > 100\nprint "n" volume(bright)\n'
    (desk.folder / "program.imgql").write_text(program)

    def drawn(store: str, *flags: str, **variables: str) -> bytes:
        answer = desk.voxlogica("run", "program.imgql", "--store", store, *flags, **variables)
        assert answer.code == exits.DONE, answer.err
        listed = desk.voxlogica("cache", "list", "--store", store, "--json").object["nodes"]
        (node,) = [n["id"] for n in listed if n["names"] == ["bright"]]  # type: ignore[union-attr]
        reader = StoreReader(desk.folder / store)
        found = reader.preview(NodeId(str(node)))
        reader.close()
        assert found is not None
        return found.png

    usual = drawn("a")
    (desk.folder / "voxlogica.toml").write_text('orientation = "neurological"\n')
    turned = drawn("b")
    assert turned != usual
    assert drawn("c", VOXLOGICA_ORIENTATION="radiological") == usual
    assert (
        drawn("d", "--orientation", "neurological", VOXLOGICA_ORIENTATION="radiological") == turned
    )
    (desk.folder / "voxlogica.toml").write_text('orientation = "sideways"\n')
    wrong = desk.voxlogica("run", "program.imgql")
    assert wrong.code == exits.USAGE
    assert ":1: orientation: radiological or neurological is wanted, 'sideways' came" in wrong.err


def test_the_editor_offers_the_ways_to_turn_pictures_that_there_are() -> None:
    manifest = Path(__file__).parents[2] / "vscode-extension" / "package.json"
    offered = json.loads(manifest.read_text("utf-8"))["contributes"]["configuration"]["properties"]
    assert offered["voxlogica.orientation"]["enum"] == ["", *ORIENTATIONS]
