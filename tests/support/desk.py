"""The command line in a folder of its own, with a small image and a store, for tests."""

import json
import os
import subprocess
import sys
from dataclasses import dataclass
from pathlib import Path

import SimpleITK as sitk

from tests.support.processes import PATIENCE

_ROOT = Path(__file__).parents[2]


@dataclass(frozen=True)
class Answer:
    code: int
    out: str
    err: str

    @property
    def object(self) -> dict[str, object]:
        found: dict[str, object] = json.loads(self.out)
        return found


class Desk:
    """A folder with an image, a store of its own, and the command line."""

    def __init__(self, folder: Path) -> None:
        self.folder = folder
        image = sitk.Image([6, 5, 4], sitk.sitkUInt8)
        for x in range(6):
            image[x, 2, 2] = 40 * x
        image.SetSpacing((1.0, 2.0, 3.0))
        sitk.WriteImage(image, str(folder / "image.nii.gz"))

    def voxlogica(self, *arguments: str, program: str = "", **variables: str) -> Answer:
        if program:
            (self.folder / "program.imgql").write_text(program, "utf-8")
        environment = os.environ | {
            "VOXLOGICA_STORE": str(self.folder / "store"),
            "PYTHONPATH": f"{_ROOT}{os.pathsep}{_ROOT / 'server'}",
            **variables,
        }
        done = subprocess.run(
            [sys.executable, "-m", "voxlogica_core", *arguments],
            cwd=self.folder,
            env=environment,
            capture_output=True,
            text=True,
            timeout=PATIENCE,
            check=False,
        )
        return Answer(done.returncode, done.stdout, done.stderr)
