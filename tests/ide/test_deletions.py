"""A deleted token leaves nearly all that does not depend on its statement as it was."""

from pathlib import Path
from random import Random

from tests.support.deletions import MOST_COMPLAINTS, Patient
from tests.support.making import made_up
from voxlogica_core.plan.outside.files import FileSystem
from voxlogica_core.primitives.catalogue import read_catalogue

_EXAMPLE = Path(__file__).parents[2] / "examples" / "things.imgql"


def test_an_example_survives_the_loss_of_any_token() -> None:
    world = FileSystem(str(_EXAMPLE.parent))
    patient = Patient(_EXAMPLE.read_text("utf-8"), str(_EXAMPLE), read_catalogue(), world)
    for deletion in map(patient.without, patient.tokens):
        assert deletion.complaints <= MOST_COMPLAINTS, deletion
        assert deletion.independent > 0 or deletion.kept == 0
        assert deletion.is_contained, deletion


def test_programs_that_are_made_up_survive_losses() -> None:
    seed = Random().randrange(10**6)
    random, catalogue, world = Random(seed), read_catalogue(), FileSystem(".")
    deletions = []
    for _ in range(25):
        text = "\n".join(made_up(random.randrange(10**9), statements=20))
        patient = Patient(text, None, catalogue, world)
        deletions += [patient.without(token) for token in random.sample(patient.tokens, 4)]
    assert all(each.complaints <= MOST_COMPLAINTS for each in deletions), f"seed {seed}"
    torn = [each for each in deletions if not each.is_contained]
    assert len(torn) <= 2, f"seed {seed}: {torn}"
