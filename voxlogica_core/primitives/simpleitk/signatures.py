"""Reads what the installed SimpleITK says of its functions: parameters, types, defaults, texts.

Used to make the table that ships, and to test it; never while a program is edited or run.
"""

import inspect
import re
from collections.abc import Iterator, Mapping
from dataclasses import dataclass

import SimpleITK

from voxlogica_core.primitives.simpleitk.described import Argument, Codec, Default

_LINE = re.compile(r"\s*(?P<name>\w+)\((?P<parameters>.*)\) -> (?P<result>.+)")
_WHOLE: Mapping[str, tuple[int, int]] = {
    "uint8_t": (0, 2**8 - 1),
    "unsigned int": (0, 2**32 - 1),
    "uint32_t": (0, 2**32 - 1),
    "int": (-(2**31), 2**31 - 1),
    "uint64_t": (0, 2**53),  # numbers of the language are exact so far
}
_WHOLES: Mapping[str, tuple[int, int]] = {
    "VectorUInt8": (0, 2**8 - 1),
    "VectorUInt32": (0, 2**32 - 1),
    "VectorInt32": (-(2**31), 2**31 - 1),
}
_PLAIN: Mapping[str, Codec] = {
    "Image": "image",
    "VectorOfImage": "images",
    "double": "number",
    "float": "number",
    "bool": "truth",
    "VectorDouble": "numbers",
    "VectorBool": "truths",
    "VectorUIntList": "points",
    "DoubleDoubleMap": "pairs",
}
_FIXED = ("Transform", "itk::simple::PixelIDValueEnum")
_ENUMERATIONS: Mapping[str, str] = {
    "itk::simple::KernelEnum": r"sitk(Annulus|Ball|Box|Cross|Polygon\d)",
    "itk::simple::InterpolatorEnum": (
        r"sitk(NearestNeighbor|Linear|BSpline\d?|Gaussian|Label(Gaussian|Linear)|\w+Sinc)"
    ),
}
_BY_HAND: Mapping[str, str] = {
    "DiscreteGaussian": "Image image1, VectorDouble variance=1, uint32_t maximumKernelWidth=32, "
    "double maximumError=0.01, bool useImageSpacing=True",
    "SmoothingRecursiveGaussian": "Image image1, VectorDouble sigma=1, "
    "bool normalizeAcrossScale=False",
    "MinimumMaximum": "Image image",
    "Resample": "Image image1, Image referenceImage, Transform transform=Transform, "
    "itk::simple::InterpolatorEnum interpolator=sitkLinear, double defaultPixelValue=0.0, "
    "itk::simple::PixelIDValueEnum outputPixelType=sitkUnknown, "
    "bool useNearestNeighborExtrapolator=False",
}
"""Functions written in Python over there, whose documentation shows no types."""


LEAST: Mapping[str, int] = {
    "numberOfHistogramBins": 2,
    "numberOfHistogramLevels": 2,
    "numberOfRangeGaussianSamples": 1,
    "conductanceScalingUpdateInterval": 1,
    "subsamplingFactor": 1,
    "layout": 1,
}
"""Whole numbers below these end the process in ITK instead of being refused."""
_LARGEST = 2**64 - 1
"""A default that is no number of the language: "what no voxel has", so it stays as it is."""
_ONE_HERE = ("maskValue", "foregroundValue", "objectValue")
"""What stands for true: masks here are 0 and 1, so that 255, SimpleITK's default, meant none."""


class NotOffered(Exception):
    """A function has no place in the language; the message says why."""


@dataclass(frozen=True, slots=True)
class Signature:
    """One way to call a function, as SimpleITK documents it; `result` is a C++ type."""

    arguments: tuple[Argument, ...]
    result: str


def functions() -> list[str]:
    """Return the names of the functions of the procedural interface."""
    return [
        name
        for name in sorted(dir(SimpleITK))
        if name[0].isupper() and "_" not in name and inspect.isfunction(getattr(SimpleITK, name))
    ]


def signatures(name: str) -> list[Signature]:
    """Return the ways to call a function, without those that only add more images.

    Raises
    ------
    NotOffered
        A type in it has no counterpart in the language.
    """
    if name in _BY_HAND:
        return [Signature(tuple(_arguments(name, _BY_HAND[name])), "Image")]
    documentation = getattr(SimpleITK, name).__doc__ or ""
    found = [match for line in documentation.splitlines() if (match := _LINE.fullmatch(line))]
    return [
        Signature(tuple(_arguments(name, match["parameters"])), match["result"])
        for match in found
        if match["name"] == name
    ]


def documentation(name: str) -> str:
    """Return the first paragraph of what SimpleITK says of a function."""
    of_class = _class_of(name)
    text = inspect.cleandoc((of_class.__doc__ if of_class else "") or "")
    first = text.split("\n\n")[0]
    return " ".join(first.split())


def _class_of(function: str) -> type | None:
    """Return the class behind a function, whose documentation is fuller."""
    plain = function.removesuffix("Source")
    names = (f"{function}ImageFilter", f"{function}Filter", f"{plain}ImageSource")
    return next((found for name in names if (found := getattr(SimpleITK, name, None))), None)


def _arguments(name: str, text: str) -> Iterator[Argument]:
    for part in _parts(text):
        declaration, _, default = part.partition("=")
        kind, _, argument = declaration.strip().rpartition(" ")
        yield _argument(name, kind.strip(), argument, default.strip() or None)


def _parts(text: str) -> Iterator[str]:
    """Split at the commas that are in no bracket."""
    depth, begin = 0, 0
    for place, sign in enumerate(text):
        depth += (sign in "(<{[") - (sign in ")>}]")
        if sign == "," and not depth:
            yield text[begin:place]
            begin = place + 1
    if text[begin:].strip():
        yield text[begin:]


def _argument(function: str, kind: str, name: str, default: str | None) -> Argument:
    if kind in _FIXED:
        if default is None:
            raise NotOffered(f"`{name}` is a {kind.rpartition(':')[2]}, which is no value here")
        return Argument(name, "fixed", _last_word(default))
    if kind in _PLAIN:
        codec = _PLAIN[kind]
        known = None if default is None else _default(function, name, default)
        return Argument(name, codec, known)
    if bounds := _WHOLE.get(kind) or _WHOLES.get(kind):
        low, high = bounds
        low = max(low, LEAST.get(name, low))
        codec = "whole" if kind in _WHOLE else "wholes"
        if name == "seed":  # 0, SimpleITK's default, stands for the clock
            return Argument(name, codec, 1.0, low=1, high=high)
        known = None if default is None else _default(function, name, default)
        if name in _ONE_HERE and known == 255.0:
            known = 1.0
        if isinstance(known, float) and known > high:
            return Argument(name, "fixed", f"{_LARGEST}")
        return Argument(name, codec, known, low=low, high=high)
    if kind.endswith(("Type", "Enum", "HashFunction")) and default is not None:
        return _choice(kind, name, _last_word(default))
    if kind.startswith("std::string") and default is not None:
        return Argument(name, "text", default.partition('"')[2].partition('"')[0])
    raise NotOffered(f"`{name}` is a {kind}, which is no value here")


def _choice(kind: str, name: str, default: str) -> Argument:
    if kind in _ENUMERATIONS:
        pattern = re.compile(_ENUMERATIONS[kind])
        names = [each for each in vars(SimpleITK) if pattern.fullmatch(each)]
        return Argument(name, "choice", default, choices=tuple(names))
    owner = kind.split("::")[-2]
    known = vars(getattr(SimpleITK, owner, None) or getattr(SimpleITK, f"{owner}Filter"))
    numbers = {each: value for each, value in known.items() if isinstance(value, int)}
    return Argument(name, "choice", default, choices=tuple(_beside(default, numbers)), owner=owner)


def _beside(name: str, numbers: Mapping[str, int]) -> list[str]:
    """Return the enumeration that holds `name`: a class lists one after another, each from 0."""
    group: list[str] = []
    for each, value in numbers.items():
        if value == 0 and name in group:
            break
        group = [each] if value == 0 else [*group, each]
    return group


def _default(function: str, name: str, text: str) -> Default:
    """Return the default of a parameter: what a fresh filter has, or what the text says."""
    if re.fullmatch(r"std::(vector|map)<.*>\(\)", text):
        return ()
    if filled := re.fullmatch(r"std::vector<.*>\((\d+), *(true|false)\)", text):
        return (float(filled[2] == "true"),) * int(filled[1])
    if text in ("True", "False"):
        return text == "True"
    if filled := re.fullmatch(r"std::vector<.*>\((\d+), *([\d.]+)u?\)", text):
        return (float(filled[2]),) * int(filled[1])
    if re.fullmatch(r"-?[\d.]+(e-?\d+)?", text):
        return float(text)
    of_class = _class_of(function)
    getter = getattr(of_class, f"Get{name[0].upper()}{name[1:]}", None) if of_class else None
    if of_class is not None and getter is not None:
        return _plain(getter(of_class()))
    raise NotOffered(f"the default of `{name}`, {text}, cannot be written here")


def _plain(value: object) -> Default:
    match value:
        case bool() | str():
            return value
        case int() | float():
            return float(value)
        case tuple() | list():
            return tuple(float(each) for each in value)  # pyright: ignore[reportUnknownVariableType, reportUnknownArgumentType]
        case _:
            raise NotOffered(f"a default is a {type(value).__name__}, which is no value here")


def _last_word(text: str) -> str:
    return text.removesuffix("()").rpartition(":")[2]
