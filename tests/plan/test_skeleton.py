import zlib
from random import Random

import pytest

from tests.support.making import made_up
from tests.support.programs import LOADS, analysed
from voxlogica_core.plan.skeleton import (
    Skeleton,
    flagged,
    flags,
    key_of,
    packed,
    skeleton_of,
    unpacked,
)

TEXT = f"""{LOADS}
let near2(x, t) = near(near(x >. t))
let c = ifB(volume(a >. 1) > 3, a, b)
let many = for t in range(0, 5) do volume(near2(a, t) & border)
let big = filter n in many do n > 2
print "many" many
print "first" many[0]
print "sum" fold + 0 big
print "name" "x" ++ "y"
print "free" tt
save "out.nii" c
"""


def same(one: Skeleton, other: Skeleton) -> bool:
    parts = [(list(s.nodes), s.declarations, list(s.goals), s.files) for s in (one, other)]
    return parts[0] == parts[1]


def test_what_was_packed_comes_back_with_the_same_ids() -> None:
    plan = analysed(TEXT).plan
    found = unpacked(packed(skeleton_of(plan)))
    assert found
    assert same(found, skeleton_of(plan))
    assert [type(node) for node in found.nodes.values()] == [type(n) for n in plan.nodes.values()]
    assert set(found.files.values()) == {"a.nii", "b.nii"}


@pytest.mark.parametrize("seed", range(20))
def test_programs_made_up_come_back(seed: int) -> None:
    skeleton = skeleton_of(analysed("\n".join(made_up(seed))).plan)
    found = unpacked(packed(skeleton))
    assert found
    assert same(found, skeleton)
    assert key_of(found) == key_of(skeleton)


def test_the_key_tells_programs_apart_and_not_layouts() -> None:
    one = key_of(skeleton_of(analysed(TEXT).plan))
    assert key_of(skeleton_of(analysed(f"// a comment\n\n{TEXT}").plan)) == one
    assert key_of(skeleton_of(analysed(TEXT.replace("range(0, 5)", "range(0, 6)")).plan)) != one
    assert key_of(skeleton_of(analysed(TEXT.replace("many", "lots")).plan)) != one


def test_flags_choose_nodes() -> None:
    skeleton = skeleton_of(analysed(TEXT).plan)
    chosen = frozenset(list(skeleton.nodes)[::3])
    assert flagged(skeleton, flags(skeleton, chosen.__contains__)) == chosen
    assert flagged(skeleton, b"nothing of ours") == frozenset()


def test_what_was_damaged_is_nothing() -> None:
    content, random = packed(skeleton_of(analysed(TEXT).plan)), Random(1)
    text = zlib.decompress(content)
    assert unpacked(content[: len(content) // 2]) is None
    assert unpacked(b"") is None
    for _ in range(300):
        damaged = bytearray(text)
        damaged[random.randrange(len(damaged))] = random.randrange(256)
        unpacked(zlib.compress(bytes(damaged)))  # whatever it is now, nothing is raised
    for wrong in (b"[]", b"{}", b'{"nodes":[["?"]]}', b'{"nodes":[["[",7]]}', b"[" * 100_000):
        assert unpacked(zlib.compress(wrong)) is None
