"""A payload that was cut, changed, swapped or lost is a miss: never an error, never wrong."""

import json
import os
import struct
from collections.abc import Callable
from dataclasses import replace
from hashlib import sha256
from pathlib import Path

import numpy as np
import pytest
import zstandard

from tests.support.stores import GRID, finished, node_id, random_image
from voxlogica_core.store.locations import Layout
from voxlogica_core.store.payload import BITS, PLANES, decode, encode_image
from voxlogica_core.store.record import MISSING, InFile, Record
from voxlogica_core.store.rows import geometry_text
from voxlogica_core.store.sqlite import SqliteStore
from voxlogica_core.values.geometry import Geometry, plain_geometry
from voxlogica_core.values.image import Image
from voxlogica_core.values.kind import IMAGE, LABELS, MASK

HUGE = plain_geometry((2**18, 2**18, 2**18))


def record_of(store: SqliteStore, name: object) -> Record:
    return store.lookup([node_id(name)])[node_id(name)]


def cut_short(path: Path) -> None:
    os.truncate(path, path.stat().st_size // 2)


def lengthen(path: Path) -> None:
    path.write_bytes(path.read_bytes() + b"\0")


def change_a_bit(path: Path) -> None:
    content = bytearray(path.read_bytes())
    content[-9] ^= 1
    path.write_bytes(content)


def empty(path: Path) -> None:
    path.write_bytes(b"")


def remove(path: Path) -> None:
    path.unlink()


def turn_into_a_folder(path: Path) -> None:
    path.unlink()
    path.mkdir()


def turn_into_a_pipe(path: Path) -> None:
    path.unlink()
    os.mkfifo(path)


def link_outside(path: Path) -> None:
    elsewhere = path.parents[3] / "elsewhere"
    path.rename(elsewhere)
    path.symlink_to(elsewhere)


def link_its_folder_outside(path: Path) -> None:
    elsewhere = path.parents[3] / "elsewhere"
    path.parent.rename(elsewhere)
    path.parent.symlink_to(elsewhere)


@pytest.mark.parametrize(
    "damage",
    [
        cut_short,
        lengthen,
        change_a_bit,
        empty,
        remove,
        turn_into_a_folder,
        turn_into_a_pipe,
        link_outside,
        link_its_folder_outside,
    ],
)
def test_a_damaged_payload_is_a_miss_and_no_longer_kept(
    kept: SqliteStore, tmp_path: Path, damage: Callable[[Path], None]
) -> None:
    kept.record([finished("a", random_image(IMAGE, "float32"))])
    damage(Layout(tmp_path / "store").payload(node_id("a")))
    assert kept.value(record_of(kept, "a")) is MISSING
    assert not record_of(kept, "a").is_kept


def test_swapped_payloads_are_misses(kept: SqliteStore, tmp_path: Path) -> None:
    first, second = (random_image(IMAGE, "float32", seed) for seed in (1, 2))
    kept.record([finished("a", first), finished("b", second)])
    layout = Layout(tmp_path / "store")
    path, other = layout.payload(node_id("a")), layout.payload(node_id("b"))
    path.rename(tmp_path / "held")
    other.rename(path)
    (tmp_path / "held").rename(other)
    assert kept.value(record_of(kept, "a")) is MISSING
    assert kept.value(record_of(kept, "b")) is MISSING


def test_what_was_damaged_can_be_kept_again(kept: SqliteStore, tmp_path: Path) -> None:
    image = random_image(MASK, "bool")
    kept.record([finished("a", image)])
    cut_short(Layout(tmp_path / "store").payload(node_id("a")))
    assert kept.value(record_of(kept, "a")) is MISSING
    kept.record([finished("a", image)])
    assert isinstance(kept.value(record_of(kept, "a")), Image)


@pytest.mark.parametrize("name", ["../../etc/passwd", "ab", "g" * 64, "0" * 63, ""])
def test_only_ids_name_payloads(tmp_path: Path, name: str) -> None:
    with pytest.raises(ValueError, match=r"hexadecimal"):
        Layout(tmp_path).payload(node_id("a").__class__(name))


def payload(header: object, raw: bytes, magic: bytes = b"voxlogica1") -> bytes:
    text = header if isinstance(header, bytes) else json.dumps(header).encode()
    frame = zstandard.ZstdCompressor().compress(raw)
    return magic + struct.pack(">I", len(text)) + text + frame


def header(**changes: object) -> dict[str, object]:
    fields: dict[str, object] = {
        "kind": "labels",
        "dtype": "uint8",
        "shape": GRID.shape,
        "geometry": geometry_text(GRID),
    }
    return fields | changes


def record(content: bytes, codec: str = PLANES, grid: Geometry = GRID, nbytes: int = 210) -> Record:
    stored = InFile(codec, sha256(content).hexdigest(), len(content))
    return Record(node_id("a"), "p", "1", LABELS, grid, nbytes, 1.0, 0.0, stored)


def test_an_honest_payload_made_by_hand_is_read() -> None:
    content = payload(header(), bytes(210))
    assert isinstance(decode(content, record(content)), Image)


@pytest.mark.parametrize(
    "content",
    [
        payload(header(kind="mask"), bytes(210)),
        payload(header(kind="nonsense"), bytes(210)),
        payload(header(dtype="object"), bytes(210)),
        payload(header(dtype="float32"), bytes(840)),
        payload(header(dtype="uint16"), bytes(420)),
        payload(header(shape=[5, 7, 6]), bytes(210)),
        payload(header(shape=[5, 6, 7, 1]), bytes(210)),
        payload(header(shape=[-5, -6, 7]), bytes(210)),
        payload(header(shape="many"), bytes(210)),
        payload(header(geometry=geometry_text(plain_geometry((7, 6, 5)))), bytes(210)),
        payload(header(geometry="[]"), bytes(210)),
        payload(header(), bytes(209)),
        payload(header(), bytes(211)),
        payload(header(), b""),
        payload({}, bytes(210)),
        payload([], bytes(210)),
        payload(b"not json", bytes(210)),
        payload(b" " * 5000, bytes(210)),
        payload(header(), bytes(210), magic=b"somewhat11"),
        payload(header(), bytes(210))[:-3],
        b"voxlogica1" + struct.pack(">I", 2**32 - 1),
        b"voxlogica1\0",
        b"",
    ],
    ids=range(23),
)
def test_a_hostile_payload_with_the_right_checksum_is_a_miss(content: bytes) -> None:
    assert decode(content, record(content)) is MISSING


def test_a_frame_that_would_grow_beyond_its_image_is_not_unpacked() -> None:
    bomb = payload(header(), bytes(2**24))
    assert decode(bomb, record(bomb)) is MISSING


def test_an_impossible_size_is_not_allocated() -> None:
    fields = header(shape=HUGE.shape, geometry=geometry_text(HUGE))
    content = payload(fields, bytes(210))
    assert decode(content, record(content, grid=HUGE, nbytes=HUGE.voxel_count)) is MISSING


@pytest.mark.parametrize("codec", [BITS, "json-zstd", "pickle", ""])
def test_another_codec_than_that_of_its_kind_gives_no_image(codec: str) -> None:
    content = payload(header(), bytes(210))
    assert decode(content, record(content, codec)) is MISSING


def test_a_payload_of_another_grid_is_a_miss() -> None:
    image = random_image(IMAGE, "float32")
    encoded = encode_image(image)
    content = b"".join(encoded.parts)
    right = Record(node_id("a"), "p", "1", IMAGE, GRID, image.nbytes, 1.0, 0.0, encoded.stored)
    wrong = replace(right, geometry=replace(GRID, origin=(0.0, 0.0, 0.0)))
    back = decode(content, right)
    assert isinstance(back, Image)
    assert np.array_equal(back.voxels, image.voxels)
    assert decode(content, wrong) is MISSING
