import json
from pathlib import Path

import pytest

from tests.support.engines import CountingStore, catalogue, plan_of
from tests.support.phantoms import image
from voxlogica_core.engine.engine import Engine
from voxlogica_core.engine.run import Run
from voxlogica_core.engine.workers.saving import text_of, write_whole
from voxlogica_core.errors import DataError, FileError
from voxlogica_core.primitives.image_files import write_image
from voxlogica_core.store.record import Value
from voxlogica_core.store.store import MemoryStore


def saved(text: str, folder: Path, store: MemoryStore | None = None) -> Run:
    with Engine(store or CountingStore(), catalogue(), threads=2) as engine:
        return engine.run(plan_of(text), folder=folder).wait()


def test_numbers_are_saved_as_json(tmp_path: Path) -> None:
    (result,) = saved('save "out/x.json" for i in range(0,2) do next(i)', tmp_path).results
    assert (result.outcome, result.value) == ("done", str(tmp_path / "out/x.json"))
    assert json.loads((tmp_path / "out/x.json").read_text()) == [1, 2]


def test_a_saved_file_is_written_again_when_everything_is_known(tmp_path: Path) -> None:
    store = CountingStore()
    saved('save "x.json" next(1)', tmp_path, store)
    (tmp_path / "x.json").unlink()
    assert saved('save "x.json" next(1)', tmp_path, store).counts.computed == 0
    assert json.loads((tmp_path / "x.json").read_text()) == 2


def test_an_image_is_saved_with_a_file_that_says_where_it_comes_from(tmp_path: Path) -> None:
    run = saved('save "x.nii.gz" above(noise(1, 5), 0)', tmp_path)
    (result,) = run.results
    assert result.outcome == "done", result.message
    side = json.loads((tmp_path / "x.nii.gz.json").read_text())
    assert side["node"] == result.node
    assert side["inputs"] == []
    assert "SimpleITK" in side["versions"]


def test_inputs_are_named_without_their_folders(tmp_path: Path) -> None:
    saved('save "in.nii.gz" noise(1, 5)', tmp_path)
    text = f'load a = "{tmp_path}/in.nii.gz"\nsave "out.nii.gz" a'
    assert saved(text, tmp_path).results[0].outcome == "done"
    side = json.loads((tmp_path / "out.nii.gz.json").read_text())
    assert [given["file"] for given in side["inputs"]] == ["in.nii.gz"]
    assert str(tmp_path) not in json.dumps(side)


def test_a_sequence_of_paths_makes_one_file_an_item(tmp_path: Path) -> None:
    text = "save (for i in range(0,3) do word(i)) for i in range(0,3) do next(i)"
    assert [r.outcome for r in saved(text, tmp_path).results] == ["done"] * 3
    assert json.loads((tmp_path / "made2.json").read_text()) == 3


def test_a_path_that_is_computed_is_known_before_saving(tmp_path: Path) -> None:
    saved("save (word(next(4))) next(1)", tmp_path)
    assert json.loads((tmp_path / "made5.json").read_text()) == 2


def test_an_input_that_changed_after_the_plan_was_made_is_read_as_it_is_now(tmp_path: Path) -> None:
    saved('save "in.nii.gz" noise(1, 5)\nsave "other.nii.gz" noise(2, 5)', tmp_path)
    program = f'load a = "{tmp_path}/in.nii.gz"\nprint "m" average(a)'
    plan = plan_of(program)
    with Engine(MemoryStore(), catalogue()) as engine:
        before = engine.run(plan).wait().value("m")
    (tmp_path / "in.nii.gz").write_bytes((tmp_path / "other.nii.gz").read_bytes())
    with Engine(MemoryStore(), catalogue()) as engine:
        run = engine.run(plan).wait()
        fresh = engine.run(plan_of(program)).wait()
    assert [result.outcome for result in run.results] == ["done"]
    assert run.value("m") == fresh.value("m") != before
    assert list(run.changed.values()) == [f"{tmp_path}/in.nii.gz"]
    assert not fresh.changed


@pytest.mark.parametrize(
    ("name", "value", "text"),
    [
        (
            "a.json",
            {"b": (1.0, 0.5, True, None)},
            '{\n  "b": [\n    1,\n    0.5,\n    true,\n    null\n  ]\n}\n',
        ),
        ("a.csv", ({"x": 1.0, "y": "é"}, {"x": 2.0}), "x,y\n1,é\n2,\n"),
        ("a.csv", ((1.0, 2.5), (3.0,)), "1,2.5\n3\n"),
        ("a.csv", 7.0, "7\n"),
        ("a.txt", ("one", 2.0), "one\n2\n"),
    ],
)
def test_text_formats(name: str, value: Value, text: str) -> None:
    assert text_of(value, name) == text


def test_a_number_does_not_fit_an_image_format() -> None:
    with pytest.raises(DataError, match="wants an image"):
        text_of(1.0, "a.nii.gz")


def test_what_is_saved_has_the_rights_of_any_new_file(tmp_path: Path) -> None:
    (tmp_path / "plain").touch()
    write_whole(tmp_path / "saved.csv", "1\n")
    assert (tmp_path / "saved.csv").stat().st_mode == (tmp_path / "plain").stat().st_mode


def test_a_file_that_cannot_be_written_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "taken").mkdir()
    with pytest.raises(FileError, match="cannot be written"):
        write_whole(tmp_path / "taken", "text")
    assert [path.name for path in tmp_path.iterdir()] == ["taken"]


@pytest.mark.parametrize("name", ["a.nii.gz", "./inner/../a.nii.gz", "link.nii.gz"])
def test_a_file_that_the_program_reads_is_not_saved_over(tmp_path: Path, name: str) -> None:
    (tmp_path / "inner").mkdir()
    write_image(image([[1.0, 2.0]]), str(tmp_path / "a.nii.gz"))
    (tmp_path / "link.nii.gz").symlink_to("a.nii.gz")
    before = (tmp_path / "a.nii.gz").read_bytes()
    text = f'load a = "a.nii.gz"\nsave "{name}" a > 1\nsave "b.nii.gz" a > 1\n'
    with Engine(CountingStore(), catalogue(), threads=2) as engine:
        refused, done = engine.run(plan_of(text, tmp_path), folder=tmp_path).wait().results
    assert (refused.outcome, done.outcome) == ("failed", "done")
    assert "is a file that the program reads" in refused.message
    assert (tmp_path / "a.nii.gz").read_bytes() == before
    assert (tmp_path / "b.nii.gz").exists()
