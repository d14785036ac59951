"""Puts the language server and its pure-Python libraries into bundled/, for the extension to carry.

`bundled/libs` makes editing work with any CPython that is new enough; `bundled/*.whl` is what an
environment for running is made from. Nothing is downloaded: libraries are those of the environment
this runs in, and one that is not pure Python is refused.
"""

import json
import shutil
import subprocess
import sys
from hashlib import sha256
from importlib.metadata import distribution
from pathlib import Path
from zipfile import ZipFile

REPOSITORY = Path(__file__).resolve().parents[2]
BUNDLED = REPOSITORY / "vscode-extension" / "bundled"
LIBRARIES = ("pygls", "lsprotocol", "lark", "attrs", "cattrs", "platformdirs", "typing_extensions")
"""What the server imports, and what that imports."""
LEFT_OUT = ("voxlogica_core/examples/",)
"""Parts of the wheel that the server does not read; they stay in the wheel."""
NATIVE = (".so", ".pyd", ".dylib")


def main() -> None:
    """Make the folder anew."""
    shutil.rmtree(BUNDLED, ignore_errors=True)
    libraries = BUNDLED / "libs"
    libraries.mkdir(parents=True)
    for name in LIBRARIES:
        copy_library(name, libraries)
    wheel = built_wheel(BUNDLED)
    with ZipFile(wheel) as archive:
        for name in archive.namelist():
            if not name.startswith(LEFT_OUT):
                archive.extract(name, libraries)
    note = {"wheel": wheel.name, "digest": sha256(wheel.read_bytes()).hexdigest()}
    (BUNDLED / "bundle.json").write_text(json.dumps(note))
    print(f"bundled {wheel.name} and {len(LIBRARIES)} libraries")


def copy_library(name: str, target: Path) -> None:
    """Copy what a distribution has installed, commands and compiled files left out."""
    for file in distribution(name).files or ():
        if "__pycache__" in file.parts or ".." in file.parts:
            continue
        if file.suffix in NATIVE:
            sys.exit(f"{name} has the native part {file}: it cannot be carried to every machine")
        place = target / file
        place.parent.mkdir(parents=True, exist_ok=True)
        shutil.copyfile(file.locate(), place)


def built_wheel(target: Path) -> Path:
    """Build the wheel of the repository; return where it is."""
    command = [sys.executable, "-m", "hatchling", "build", "-t", "wheel", "-d", str(target)]
    done = subprocess.run(command, cwd=REPOSITORY, capture_output=True, text=True, check=False)
    if done.returncode:
        sys.exit(f"the wheel was not built (pip install hatchling):\n{done.stdout}{done.stderr}")
    (wheel,) = target.glob("*.whl")
    return wheel


if __name__ == "__main__":
    main()
