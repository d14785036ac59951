"""A bounded mapping never takes more than it may, and lets go of what nobody asks for."""

from random import Random

import pytest

from voxlogica_core.bounded import Bounded


def bounded(most: int = 10) -> Bounded[str, int]:
    return Bounded(most, lambda _, value: value)


def test_what_was_not_asked_for_the_longest_goes_first() -> None:
    kept = bounded()
    kept["a"], kept["b"], kept["c"] = 3, 3, 3
    assert kept["a"] == 3
    kept["d"] = 5
    assert dict(kept) == {"a": 3, "d": 5}


def test_what_takes_more_than_all_by_itself_is_not_kept_and_drives_nothing_out() -> None:
    kept = bounded()
    kept["a"], kept["b"] = 4, 11
    assert dict(kept) == {"a": 4}
    kept["a"] = 12
    assert dict(kept) == {}
    assert kept.bytes == 0


def test_a_value_that_is_replaced_or_removed_gives_its_room_back() -> None:
    kept = bounded()
    for _ in range(20):
        kept["a"] = 9
    kept["b"] = 1
    assert dict(kept) == {"a": 9, "b": 1}
    del kept["a"]
    assert kept.bytes == 1
    with pytest.raises(KeyError):
        del kept["a"]
    assert kept.pop("a", None) is None


@pytest.mark.parametrize("seed", range(20))
def test_the_bound_holds_whatever_is_done(seed: int) -> None:
    chance, kept, model = Random(seed), bounded(100), dict[str, int]()
    for _ in range(500):
        key, size = chance.choice("abcdefghij"), chance.randrange(60)
        match chance.randrange(3):
            case 0:
                assert kept.get(key) in (None, model.get(key))
            case 1:
                kept.pop(key, None)
                model.pop(key, None)
            case _:
                kept[key] = model[key] = size
        assert kept.bytes == sum(kept.values()) <= 100
        assert kept.items() <= model.items()
