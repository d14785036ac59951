"""Finds out, by calling SimpleITK's functions on small images, what kinds they take and give.

Run as a program it writes the table that ships: ``python -m
voxlogica_core.primitives.simpleitk.probing``. A call may crash, so every function is tried in a
process of its own.
"""

import json
import subprocess
import sys
from collections.abc import Iterator, Mapping, Sequence
from dataclasses import dataclass, replace
from importlib.resources import files
from pathlib import Path

import SimpleITK

from voxlogica_core.primitives.simpleitk.described import (
    Argument,
    Described,
    Form,
    Table,
    written,
)
from voxlogica_core.primitives.simpleitk.signatures import (
    NotOffered,
    Signature,
    documentation,
    functions,
    signatures,
)

_SECONDS = 120
"""A function that takes longer with small images is left out."""
_ANSWERS = frozenset(
    {"insideValue", "outsideValue", "foregroundValue", "backgroundValue", "replaceValue"}
)
"""Parameters that say what stands for yes and no; before the first of them a result is a mask."""
_KINDS: Mapping[str, str] = {
    "image": "float32",
    "mask": "uint8",
    "labels": "uint16",
    "colour": "vector of float32",
}
_EFFECTS: Mapping[str, str] = {
    "ReadImage": "`load` reads images",
    "WriteImage": 'it writes a file, which an expression cannot do: save "name.nii.gz" image',
    "WriteTransform": "it writes a file, which an expression cannot do",
    "ReadTransform": "a transform is no value of the language",
    "Show": "it opens a window: hover, or Show in the editor",
    "GetArrayFromImage": "images are values of the language as they are",
    "GetArrayViewFromImage": "images are values of the language as they are",
    "GetImageFromArray": "images are values of the language as they are",
    "GetPixelIDValueAsString": "the kinds of the language stand for types of pixels",
    "GetPixelIDValueFromString": "the kinds of the language stand for types of pixels",
    "Cast": "the kinds of the language stand for types of pixels",
}
_OTHER_GRID = frozenset(
    {
        "BinShrink", "BinaryProjection", "BinaryThresholdProjection", "ConstantPad", "Crop",
        "CyclicShift", "DICOMOrient", "Expand", "Extract", "FFTPad", "Flip", "GaborSource",
        "GaussianSource", "GridSource", "JoinSeries", "MaximumProjection", "MeanProjection",
        "MedianProjection", "MinimumProjection", "MirrorPad", "PermuteAxes", "PhysicalPointSource",
        "RegionOfInterest", "Resample", "Shrink", "Slice", "StandardDeviationProjection",
        "SumProjection", "Tile", "Warp", "WrapPad", "ZeroFluxNeumannPad", "Paste",
        "CheckerBoard", "Convolution", "FFTConvolution", "NormalizedCorrelation",
        "FFTNormalizedCorrelation", "MaskedFFTNormalizedCorrelation",
    }
)  # fmt: skip
"""Functions whose images need not share a grid, or whose result need not have it."""
_COSTS: Mapping[str, float] = {
    "N4BiasFieldCorrection": 100_000, "Bilateral": 3_000, "CurvatureAnisotropicDiffusion": 500,
    "GradientAnisotropicDiffusion": 300, "CurvatureFlow": 300, "MinMaxCurvatureFlow": 1_000,
    "GeodesicActiveContourLevelSet": 5_000, "LaplacianSegmentationLevelSet": 5_000,
    "ShapeDetectionLevelSet": 5_000, "ThresholdSegmentationLevelSet": 5_000,
    "ScalarChanAndVeseDenseLevelSet": 5_000, "AntiAliasBinary": 2_000, "Median": 200,
    "STAPLE": 1_000, "MultiLabelSTAPLE": 1_000, "SLIC": 1_000, "MorphologicalWatershed": 500,
}  # fmt: skip


@dataclass(frozen=True, slots=True)
class Answer:
    """What a call gave: the type of pixel, or the type of the value; and whether the grid stays."""

    given: str
    is_same_grid: bool
    is_steady: bool


def main(path: Path | None = None) -> None:
    """Write the table, telling of what is left out."""
    table = probed()
    place = path or Path(str(files("voxlogica_core"))) / "primitives" / "simpleitk" / "table.json"
    place.write_text(written(table), "utf-8")
    count = len(table.functions)
    sys.stderr.write(f"{count} functions of SimpleITK {table.version}, {len(table.left_out)} not\n")


def probed() -> Table:
    """Return the table of the installed SimpleITK."""
    found: list[Described] = []
    left_out: dict[str, str] = dict(_EFFECTS)
    for name in functions():
        if name in _EFFECTS:
            continue
        try:
            found.append(_described(name))
        except NotOffered as why:
            left_out[name] = _reason(name, str(why))
    for name in _object_only():
        left_out[name] = "it has only an object interface in SimpleITK"
    return Table(SimpleITK.Version_VersionString(), tuple(found), left_out)


def _reason(name: str, why: str) -> str:
    if "LabelMap" in name:
        return (
            "label objects are no value of the language; `lcc` and ConnectedComponent give labels"
        )
    if "Complex" in name or "FFT" in name:
        return "complex images are no value of the language"
    return why


def _object_only() -> Iterator[str]:
    offered = set(functions())
    for name in dir(SimpleITK):
        short = name.removesuffix("ImageFilter")
        if short and short != name and short not in offered:
            yield short


def _described(name: str) -> Described:
    documented = signatures(name)
    if any(signature.result.endswith("Transform") for signature in documented):
        raise NotOffered("it gives a transform, which is no value of the language")
    answers = _asked(name)
    forms: list[Form] = []
    for signature, of_kinds in zip(documented, answers, strict=True):
        forms += _forms(name, signature, of_kinds)
    if not forms:
        raise NotOffered("no kind of image of the language has a use for it")
    is_serial = not all(a.is_steady for of_kinds in answers for a in of_kinds.values())
    cost = _COSTS.get(name, 30.0)
    return Described(name, documentation(name), tuple(dict.fromkeys(forms)), is_serial, cost)


def _asked(name: str) -> list[dict[tuple[str, ...], Answer]]:
    """Ask a process of its own what the forms of a function give for kinds of images."""
    command = [sys.executable, "-m", "voxlogica_core.primitives.simpleitk.trying", name]
    try:
        done = subprocess.run(command, capture_output=True, timeout=_SECONDS, check=True, text=True)
    except subprocess.TimeoutExpired:
        raise NotOffered(f"it took longer than {_SECONDS} s with a small image") from None
    except subprocess.CalledProcessError as error:
        raise NotOffered(f"it ended the process ({error.returncode}) with a small image") from None
    return [
        {tuple(kinds.split()): Answer(*answer) for kinds, answer in each.items()}
        for each in json.loads(done.stdout)
    ]


def _forms(
    name: str, signature: Signature, answers: Mapping[tuple[str, ...], Answer]
) -> Iterator[Form]:
    """Yield the forms of a signature: one for each kind of result."""
    results: dict[str, list[tuple[str, ...]]] = {}
    for kinds, answer in answers.items():
        if result := _result(kinds, answer):
            results.setdefault(result, []).append(kinds)
    same = name not in _OTHER_GRID and all(answer.is_same_grid for answer in answers.values())
    firsts = results.get("first", [])
    if firsts and "labels" in results and all(kinds[0] == "mask" for kinds in firsts):
        results["labels"] += results.pop("first")  # 8 bits whatever comes, not those of the mask
    for result, of_kinds in results.items():
        for some in _apart(signature, result, of_kinds):
            arguments = tuple(_with_kinds(signature.arguments, some))
            kind = some[0][0] if result == "first" and len(some) < len(of_kinds) else result
            yield from _split(Form(arguments, kind, same, _least(arguments)))


def _apart(
    signature: Signature, result: str, of_kinds: list[tuple[str, ...]]
) -> list[list[tuple[str, ...]]]:
    """Return the kinds form by form: where an image is first, its kind can be the result's."""
    if result != "first" or signature.arguments[0].codec == "image":
        return [of_kinds]
    firsts = dict.fromkeys(kinds[0] for kinds in of_kinds)
    return [[kinds for kinds in of_kinds if kinds[0] == first] for first in firsts]


def _result(kinds: tuple[str, ...], answer: Answer) -> str | None:
    """Return the kind of the result, None if the language has none for it."""
    first = kinds[0] if kinds else ""
    if answer.given == _KINDS.get(first):
        return "first"
    match answer.given:
        case "float32" | "float64":
            return "image"
        case "uint8" | "uint16" | "uint32" | "uint64":
            return "labels"
        case "int8" | "int16" | "int32" | "int64":
            return "image"
        case "vector of float32" | "vector of float64" | "vector of uint8" | "vector of uint16":
            return "colour"
        case "str":
            return "string"
        case "tuple":
            return "numbers"
        case _:
            return None


def _with_kinds(
    arguments: Sequence[Argument], of_kinds: Sequence[tuple[str, ...]]
) -> Iterator[Argument]:
    place = 0
    for argument in arguments:
        if argument.codec not in ("image", "images"):
            yield argument
            continue
        yield replace(argument, kinds=tuple(dict.fromkeys(kinds[place] for kinds in of_kinds)))
        place += 1


def _split(form: Form) -> Iterator[Form]:
    """Yield a form; one with labels of yes and no as a mask until these are named."""
    shown = [argument for argument in form.arguments if argument.is_shown]
    names = [argument.name for argument in shown]
    place = next((i for i, name in enumerate(names) if name in _ANSWERS), None)
    if form.result != "labels" or place is None:
        yield form
        return
    cut = form.arguments.index(shown[place])
    before = form.arguments[:cut]
    yield Form(before, "mask", form.is_same_grid, _least(before))
    yield replace(form, least=place + 1)


def _least(arguments: Sequence[Argument]) -> int:
    return sum(argument.is_shown and argument.default is None for argument in arguments)


if __name__ == "__main__":
    main()
