"""``voxlogica cache``: what a user sees of the store, and what nobody else should."""

import json
import shutil
from pathlib import Path
from typing import cast

import pytest
import SimpleITK as sitk

from tests.support.desk import Answer, Desk
from voxlogica_core.cli import exits

_PROGRAM = """
load scan = "Miller_Ann.nii.gz"
let bright = scan > 100
print "voxels" volume(bright)
save "out/Ann.nii.gz" near(bright)
print "words" ["Ann", "Bob"]
"""
_PRIVATE = ("Miller", "Ann", "Bob", "/")


@pytest.fixture(scope="module")
def written(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """Give a folder with a store in which one program has run."""
    desk = Desk(tmp_path_factory.mktemp("written"))
    (desk.folder / "image.nii.gz").rename(desk.folder / "Miller_Ann.nii.gz")
    assert desk.voxlogica("run", "program.imgql", program=_PROGRAM).code == exits.DONE
    return desk.folder


@pytest.fixture
def desk(written: Path, tmp_path: Path) -> Desk:
    """Give a copy of that folder."""
    folder = tmp_path / "desk"
    shutil.copytree(written, folder)
    return Desk(folder)


@pytest.fixture
def empty(tmp_path: Path) -> Desk:
    return Desk(tmp_path)


def nodes(desk: Desk, *options: str) -> list[dict[str, object]]:
    found = desk.voxlogica("cache", "list", "--json", *options).object["nodes"]
    return cast("list[dict[str, object]]", found)


def named(desk: Desk, name: str) -> str:
    return next(str(n["id"]) for n in nodes(desk) if name in cast("list[str]", n["names"]))


def saved(desk: Desk) -> str:
    """Return the id of the mask that the program saves."""
    return next(
        str(n["id"]) for n in nodes(desk, "--kind", "mask") if n["primitive"] == "vox1.near"
    )


def test_the_list_names_declarations_and_no_file_or_person(desk: Desk) -> None:
    table = desk.voxlogica("cache", "list")
    assert table.code == exits.DONE
    assert "bright" in table.out
    assert "vox1.near" in table.out
    assert not [text for text in _PRIVATE if text in table.out]
    listed = desk.voxlogica("cache", "list", "--json").out
    assert not [text for text in _PRIVATE if text in listed]


def test_with_paths_names_are_told_without_their_folders(desk: Desk) -> None:
    shown = desk.voxlogica("cache", "show", saved(desk)[:16], "--paths")
    assert "Ann.nii.gz" in shown.out
    assert "Miller_Ann.nii.gz" in shown.out
    assert "program.imgql" in shown.out
    assert str(desk.folder) not in shown.out
    assert "out/" not in shown.out


def test_without_paths_showing_a_node_tells_digests_only(desk: Desk) -> None:
    shown = desk.voxlogica("cache", "show", saved(desk)[:16])
    assert not [text for text in _PRIVATE if text in shown.out]
    as_json = desk.voxlogica("cache", "show", saved(desk), "--json").object
    (file,) = cast("list[dict[str, str]]", as_json["files"])
    assert list(file) == ["sha256"]
    assert len(file["sha256"]) == 64
    assert cast("dict[str, object]", as_json["statistics"])["maximum"] == 1.0


def test_the_list_can_be_cut_sorted_and_narrowed(desk: Desk) -> None:
    everything = nodes(desk, "--limit", "0")
    assert len(everything) >= 4
    assert len(nodes(desk, "--limit", "2")) == 2
    masks = nodes(desk, "--kind", "mask")
    assert {node["kind"] for node in masks} == {"mask"}
    seconds = [cast("float", node["seconds"]) for node in nodes(desk, "--sort", "seconds")]
    assert seconds == sorted(seconds, reverse=True)


def test_an_image_is_exported_with_its_origin_and_no_names(desk: Desk) -> None:
    answer = desk.voxlogica("cache", "export", saved(desk)[:12], "given/region.nii.gz")
    assert answer.code == exits.DONE
    image = sitk.ReadImage(str(desk.folder / "given" / "region.nii.gz"))
    right = sitk.ReadImage(str(desk.folder / "out" / "Ann.nii.gz"))
    assert (sitk.GetArrayFromImage(image) == sitk.GetArrayFromImage(right)).all()
    assert image.GetSpacing() == (1.0, 2.0, 3.0)
    side = (desk.folder / "given" / "region.nii.gz.json").read_text()
    assert not [text for text in ("Miller", "Ann", str(desk.folder)) if text in side]
    told = json.loads(side)
    assert told["node"] == saved(desk)
    assert told["primitive"] == "vox1.near"
    assert len(told["inputs"]) == 1
    assert set(told["inputs"][0]) == {"sha256"}


def test_the_names_of_inputs_are_exported_on_demand(desk: Desk) -> None:
    desk.voxlogica("cache", "export", saved(desk), "region.mha", "--paths")
    side = json.loads((desk.folder / "region.mha.json").read_text())
    assert [file["file"] for file in side["inputs"]] == ["Miller_Ann.nii.gz"]


def test_a_number_is_exported_as_text(desk: Desk) -> None:
    node = next(str(n["id"]) for n in nodes(desk, "--kind", "number"))
    answer = desk.voxlogica("cache", "export", node, "n.json", "--json")
    assert answer.object["path"] == "n.json"
    assert json.loads((desk.folder / "n.json").read_text()) == 3


def test_texts_are_exported_on_demand_only(desk: Desk) -> None:
    node = next(str(n["id"]) for n in nodes(desk) if str(n["kind"]).startswith("sequence"))
    refused = desk.voxlogica("cache", "export", node, "words.txt")
    assert refused.code == exits.USAGE
    assert "--paths" in refused.err
    assert not (desk.folder / "words.txt").exists()
    assert desk.voxlogica("cache", "export", node, "words.txt", "--paths").code == exits.DONE
    assert (desk.folder / "words.txt").read_text() == "Ann\nBob\n"


def assert_refused(answer: Answer, code: int, *words: str) -> None:
    assert answer.code == code
    assert answer.out == ""
    assert [word for word in words if word not in answer.err] == []


def test_ids_that_name_no_node_or_several_are_refused_with_a_cure(desk: Desk) -> None:
    first = [str(node["id"])[0] for node in nodes(desk, "--limit", "0")]
    free = next(digit for digit in "0123456789abcdef" * 2 if digit * 5 not in first)
    nowhere = desk.voxlogica("cache", "show", free * 30)
    assert_refused(nowhere, exits.USAGE, "known here", "voxlogica cache list")
    assert_refused(desk.voxlogica("cache", "show", "xyz"), exits.USAGE, "no node id")
    assert_refused(
        desk.voxlogica("cache", "export", "../etc", "a.json"), exits.USAGE, "hexadecimal"
    )


def test_a_prefix_of_several_ids_is_refused_with_some_of_them(desk: Desk) -> None:
    many = "".join(f'print "{i}" {i} * volume(scan > {i})\n' for i in range(1, 30))
    assert desk.voxlogica("run", "program.imgql", program=_PROGRAM + many).code == exits.DONE
    ids = [str(node["id"]) for node in nodes(desk, "--limit", "0")]
    digit = next(d for d in "0123456789abcdef" if sum(i.startswith(d) for i in ids) > 1)
    assert_refused(desk.voxlogica("cache", "show", digit), exits.USAGE, "several", "more digits")


def test_a_value_that_is_not_kept_is_told_how_to_get(desk: Desk) -> None:
    desk.voxlogica("cache", "trim", "--to", "0")
    answer = desk.voxlogica("cache", "export", saved(desk), "a.nii.gz")
    assert_refused(answer, exits.WORLD, "not kept", "save")


def test_an_unknown_format_is_refused(desk: Desk) -> None:
    answer = desk.voxlogica("cache", "export", saved(desk), "a.gif")
    assert_refused(answer, exits.WORLD, ".nii.gz", ".gif")
    assert not (desk.folder / "a.gif.json").exists()


def payloads(desk: Desk) -> list[Path]:
    return [p for p in (desk.folder / "store" / "payload").rglob("*") if p.is_file()]


def test_verifying_a_whole_store_finds_nothing(desk: Desk) -> None:
    answer = desk.voxlogica("cache", "verify", "--json")
    assert answer.code == exits.DONE
    assert answer.object["checked"] == len(payloads(desk))
    assert (answer.object["damaged"], answer.object["database"]) == ([], [])


def test_verifying_drops_what_is_damaged_and_the_next_run_makes_it_again(desk: Desk) -> None:
    bad = desk.folder / "store" / "payload" / saved(desk)[:2] / saved(desk)[2:]
    content = bytearray(bad.read_bytes())
    content[-5] ^= 8
    bad.write_bytes(content)
    answer = desk.voxlogica("cache", "verify")
    assert answer.code == exits.WORLD
    assert saved(desk) in answer.out
    assert desk.voxlogica("cache", "verify").code == exits.DONE
    again = desk.voxlogica("run", "program.imgql", "--json").object
    counts = cast("dict[str, int]", again["nodes"])
    assert counts["computed"] == 0
    assert counts["rematerialised"] >= 1


def test_a_database_that_is_none_is_told_with_the_cure(desk: Desk) -> None:
    (desk.folder / "store" / "store.db").write_bytes(b"no database " * 1000)
    for command in ("list", "verify", "size"):
        answer = desk.voxlogica("cache", command)
        assert_refused(answer, exits.WORLD, "cannot be read", "moves a damaged one aside")


def test_trimming_removes_files_of_nobody_and_values_beyond_a_size(desk: Desk) -> None:
    kept = len(payloads(desk))
    stray = desk.folder / "store" / "payload" / "ab" / ("c" * 62)
    stray.parent.mkdir(exist_ok=True)
    stray.write_bytes(b"12345")
    (desk.folder / "store" / "payload" / "part-9-9-ab").write_bytes(b"123")
    answer = desk.voxlogica("cache", "trim", "--json").object
    assert answer["strays"] == {"count": 1, "bytes": 5}
    assert cast("dict[str, int]", answer["values"])["count"] == 0
    assert len(payloads(desk)) == kept
    answer = desk.voxlogica("cache", "trim", "--to", "0", "--json").object
    assert cast("dict[str, int]", answer["values"])["count"] == kept
    assert payloads(desk) == []
    assert len(nodes(desk, "--limit", "0")) >= 4  # records stay


def test_clearing_asks_and_no_answer_means_no(desk: Desk) -> None:
    answer = desk.voxlogica("cache", "clear")
    assert answer.code == exits.CANCELLED
    assert "Forget all" in answer.err
    assert nodes(desk)


def test_clearing_with_yes_forgets_everything(desk: Desk) -> None:
    answer = desk.voxlogica("cache", "clear", "--yes", "--json")
    assert cast("int", answer.object["nodes"]) >= 4
    assert nodes(desk) == []
    assert payloads(desk) == []
    again = desk.voxlogica("run", "program.imgql", "--json").object
    assert cast("dict[str, int]", again["nodes"])["reused"] == 0


def test_the_size_adds_up(desk: Desk) -> None:
    answer = desk.voxlogica("cache", "size", "--json").object
    assert answer["values"] == sum(path.stat().st_size for path in payloads(desk))
    assert cast("int", answer["database"]) > 0
    kinds = cast("list[dict[str, int]]", answer["kinds"])
    assert sum(kind["known"] for kind in kinds) == len(nodes(desk, "--limit", "0"))
    assert "mask" in desk.voxlogica("cache", "size").out


def test_the_path_is_told_whether_or_not_there_is_a_store(empty: Desk, desk: Desk) -> None:
    assert empty.voxlogica("cache", "path").out.strip() == str(empty.folder / "store")
    assert empty.voxlogica("cache", "path", "--json").object["exists"] is False
    assert desk.voxlogica("cache", "path", "--json").object["exists"] is True


def test_a_store_that_is_not_there_is_empty_and_stays_away(empty: Desk) -> None:
    commands = [["list"], ["size"], ["verify"], ["trim"], ["clear", "--yes"]]
    answers = [empty.voxlogica("cache", *words, "--json") for words in commands]
    assert [answer.code for answer in answers] == [exits.DONE] * 5
    assert not (empty.folder / "store").exists()


def test_a_run_keeps_within_the_limit_it_is_given(desk: Desk) -> None:
    program = _PROGRAM.replace("100", "50")
    answer = desk.voxlogica("run", "program.imgql", "--store-limit", "0", program=program)
    assert answer.code == exits.DONE
    assert payloads(desk) == []
