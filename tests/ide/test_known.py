from base64 import b64decode

from tests.support.cursors import CURSOR, FakeMemory, at_cursor, number, record
from voxlogica_core.ide.status.known import known_at, node_of
from voxlogica_core.ide.status.status import NOTHING
from voxlogica_core.store.record import Preview, Statistics
from voxlogica_core.values.kind import MASK, NUMBER

STATISTICS = Statistics(0, 1, 0.5, 0.1, 0, None, 3, 6.0, None)
PROGRAM = """\
load img = "b.nii.gz"
let {} = intensity(img) >. 0.3
print "n" {}
"""


def test_a_mask_is_told_with_its_picture_and_statistics() -> None:
    analysis, offset = at_cursor(PROGRAM.format(f"bri{CURSOR}ght", "volume(bright)"))
    node = analysis.plan.declarations["bright"]
    preview = Preview(b"\x89PNG", STATISTICS)
    memory = FakeMemory({node: record(node, MASK)}, {node: preview})
    said = known_at(analysis, offset, memory, NOTHING)
    assert said is not None
    assert (said["name"], said["type"], said["node"]) == ("bright", "mask", node)
    assert (said["status"], said["value"]) == ("kept", None)
    assert b64decode(str(said["preview"])) == preview.png
    assert said["statistics"] is not None


def test_the_value_of_a_scalar_that_was_computed_is_told() -> None:
    analysis, offset = at_cursor(PROGRAM.format("bright", f"{CURSOR}volume(bright)"))
    node = node_of(analysis, offset)
    assert node is not None
    memory = FakeMemory({node.id: number(node.id, 42.0, NUMBER)})
    said = known_at(analysis, offset, memory, NOTHING)
    assert said is not None
    assert (said["status"], said["value"], said["preview"]) == ("kept", 42, None)
    assert "name" not in said


def test_a_sequence_of_known_numbers_is_told() -> None:
    analysis, offset = at_cursor(f'let a{CURSOR} = [1, 2, 3]\nprint "a" a')
    said = known_at(analysis, offset, FakeMemory(), NOTHING)
    assert said is not None
    assert said["value"] == [1, 2, 3]


def test_what_was_never_computed_is_to_do_without_a_value() -> None:
    analysis, offset = at_cursor(PROGRAM.format("bright", f"volume(bri{CURSOR}ght)"))
    said = known_at(analysis, offset, FakeMemory(), NOTHING)
    assert said is not None
    assert (said["name"], said["status"], said["value"]) == ("bright", "to do", None)


def test_the_name_of_a_function_has_no_value() -> None:
    analysis, offset = at_cursor(f'let f{CURSOR}(x) = x + 1\nprint "a" f(2)')
    assert known_at(analysis, offset, FakeMemory(), NOTHING) is None
