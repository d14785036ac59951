"""Programs in a bad world: damaged, read-only and full stores. They run, and say what is wrong."""

import json
import os
import shutil
import subprocess
import sys
from collections.abc import Callable
from pathlib import Path
from typing import cast

import pytest

from tests.support.desk import Answer, Desk
from tests.support.rights import without_rights
from voxlogica_core.cli import exits

_ROOT = Path(__file__).parents[2]
_PROGRAM = """
load image = "image.nii.gz"
let parts = for k in range(0, 5) do near((image + k) > 100)
print "volumes" for part in parts do volume(part)
print "largest" max(image)
save "mask.nii.gz" parts[3]
save "sum.nii.gz" image + 1
"""
_OUT = "volumes=[36, 36, 36, 36, 36]\nlargest=200\n"


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a store in which a program has run."""
    desk = Desk(tmp_path_factory.mktemp("written"))
    assert desk.voxlogica("run", "program.imgql", program=_PROGRAM).code == exits.DONE
    return desk.folder


@pytest.fixture
def desk(written: Path, tmp_path: Path) -> Desk:
    """Give a copy of that folder."""
    shutil.copytree(written, tmp_path / "desk")
    return Desk(tmp_path / "desk")


def payloads(desk: Desk) -> list[Path]:
    return sorted((desk.folder / "store" / "payload").glob("??/*"))


def cut(files: list[Path]) -> None:
    for path in files:
        os.truncate(path, path.stat().st_size // 2)


def zero(files: list[Path]) -> None:
    for path in files:
        path.write_bytes(bytes(path.stat().st_size))


def swap(files: list[Path]) -> None:
    contents = [path.read_bytes() for path in files]
    for path, content in zip(files, contents[1:] + contents[:1], strict=True):
        path.write_bytes(content)


def delete(files: list[Path]) -> None:
    for path in files:
        path.unlink()


@pytest.mark.parametrize("damage", [cut, zero, swap, delete])
def test_a_program_comes_out_the_same_whatever_is_done_to_its_values(
    desk: Desk, damage: Callable[[list[Path]], None]
) -> None:
    files = payloads(desk)
    assert len(files) >= 2
    right = (desk.folder / "mask.nii.gz").read_bytes()
    damage(files)
    answer = desk.voxlogica("run", "program.imgql")
    assert (answer.code, answer.out) == (exits.DONE, _OUT)
    assert (desk.folder / "mask.nii.gz").read_bytes() == right
    desk.voxlogica("cache", "verify")  # lets go of what is damaged and was not asked for again
    assert desk.voxlogica("cache", "verify").code == exits.DONE
    nodes = json.loads(desk.voxlogica("run", "program.imgql", "--json").out)["nodes"]
    assert (nodes["computed"], nodes["rematerialised"]) == (0, 0)


@pytest.mark.parametrize("size", [0, 50, 3000, 20_000])
def test_a_database_that_was_cut_short_is_replaced_and_the_program_runs(
    desk: Desk, size: int
) -> None:
    database = desk.folder / "store" / "store.db"
    os.truncate(database, min(size, database.stat().st_size - 1))
    answer = desk.voxlogica("run", "program.imgql")
    assert (answer.code, answer.out) == (exits.DONE, _OUT)
    assert desk.voxlogica("cache", "verify").code == exits.DONE
    again = desk.voxlogica("run", "program.imgql", "--json").object
    assert cast("dict[str, int]", again["nodes"])["computed"] == 0


def test_garbage_in_the_place_of_the_database_is_moved_aside_with_a_message(desk: Desk) -> None:
    (desk.folder / "store" / "store.db").write_bytes(os.urandom(20_000))
    answer = desk.voxlogica("run", "program.imgql")
    assert (answer.code, answer.out) == (exits.DONE, _OUT)
    assert "moved to" in answer.err
    assert list((desk.folder / "store").glob("store.db.damaged-*"))


def test_a_program_runs_on_a_store_that_may_only_be_read(desk: Desk) -> None:
    program = _PROGRAM.replace("max(image)", "max(image) + 1")
    (desk.folder / "edited.imgql").write_text(program)
    store = desk.folder / "store"
    before = {path: path.stat().st_mtime_ns for path in store.rglob("*")}
    for path in [store, *before]:
        path.chmod(0o555 if path.is_dir() else 0o444)
    done = without_rights(desk.folder, "run", "edited.imgql", "--store", "store")
    after = {path: path.stat().st_mtime_ns for path in store.rglob("*")}
    for path in [store, *before]:
        path.chmod(0o755 if path.is_dir() else 0o644)
    assert done.out == _OUT.replace("200", "201"), done.err
    assert done.code == exits.DONE
    assert "read-only: nothing is kept" in done.err
    assert " 0 reused" not in done.err
    assert after == before


def test_a_full_disk_ends_no_run_and_is_told_once(desk: Desk) -> None:
    answer = on_a_small_disk(desk, "run", "program.imgql", "--store", "small")
    assert (answer.code, answer.out) == (exits.DONE, _OUT)
    assert answer.err.count("make room") == 1


def on_a_small_disk(desk: Desk, *arguments: str) -> Answer:
    """Call the command line in a name space where the folder `small` is a disk of 128 kB."""
    (desk.folder / "small").mkdir()
    words = " ".join([sys.executable, "-m", "voxlogica_core", *arguments])
    mount = "mount -t tmpfs -o size=128k none small"
    probe = ["unshare", "--user", "--map-root-user", "--mount", "sh", "-c"]
    if subprocess.run(
        [*probe, mount], cwd=desk.folder, capture_output=True, check=False
    ).returncode:
        pytest.skip("this system gives no user name space with mounts of its own")
    done = subprocess.run(
        [*probe, f"{mount} && {words}"],
        cwd=desk.folder,
        env=os.environ | {"PYTHONPATH": str(_ROOT)},
        capture_output=True,
        text=True,
        check=False,
    )
    return Answer(done.returncode, done.stdout, done.stderr)
