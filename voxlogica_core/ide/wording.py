"""How hovers and messages write numbers, times, sizes and kinds. Knows no program."""

from voxlogica_core.plan.signature import Overload, Parameter, Primitive, Result
from voxlogica_core.values.geometry import Geometry
from voxlogica_core.values.kind import Kind
from voxlogica_core.values.written import written, written_number

_MOST_OVERLOADS = 6


def duration(seconds: float) -> str:
    """Return a time in the unit that suits it."""
    if seconds < 0.001:
        return f"{seconds * 1e6:.0f} µs"
    if seconds < 1:
        return f"{seconds * 1e3:.2g} ms" if seconds < 0.0995 else f"{seconds * 1e3:.0f} ms"
    if seconds < 60:
        return f"{seconds:.1f} s"
    return f"{int(seconds // 60)} min {round(seconds % 60)} s"


def size(nbytes: int) -> str:
    """Return a number of bytes in the unit that suits it."""
    amount, unit = float(nbytes), "B"
    for unit in ("B", "kB", "MB", "GB"):
        if amount < 1000 or unit == "GB":
            break
        amount /= 1000
    return f"{amount:.0f} {unit}" if amount >= 10 or unit == "B" else f"{amount:.1f} {unit}"


def measure(number: float) -> str:
    """Return a measured number with four digits that count, large ones whole."""
    size = abs(number)
    if size >= 1e12 or 0 < size < 0.001:
        return f"{number:.3e}"
    return f"{number:,.0f}" if size >= 1e3 else written_number(float(f"{number:.4g}"))


def volume(amount: float, dimension: int) -> str:
    """Return a volume in mm³ and, where it is large, in ml; in 2-D an area in mm²."""
    if dimension == 2:
        return f"{measure(amount)} mm²"
    millilitres = f" ({measure(amount / 1000)} ml)" if amount >= 1000 else ""
    return f"{measure(amount)} mm³{millilitres}"


def count(number: int) -> str:
    """Return a whole number with its thousands set apart."""
    return f"{number:,}"


def grid(geometry: Geometry) -> tuple[str, str]:
    """Return size and spacing of a grid."""
    lengths = " × ".join(str(length) for length in geometry.size)
    steps = [f"{length:.3g}" for length in geometry.spacing]
    spacing = steps[0] if len(set(steps)) == 1 else " × ".join(steps)
    return lengths, f"{spacing} mm"


def shortened(text: str, longest: int) -> str:
    """Return a text on one line, cut where it is too long."""
    line = " ".join(text.split())
    return line if len(line) <= longest else f"{line[: longest - 1]}…"


def code(text: str, *, markdown: bool) -> str:
    """Return program text as it is shown, coloured where that can be."""
    return f"```imgql\n{text}\n```" if markdown and text else text


def signatures(primitive: Primitive) -> list[str]:
    """Return how a primitive can be called, a line each."""
    lines = [_signature(primitive.name, overload) for overload in primitive.overloads]
    unique = list(dict.fromkeys(lines))
    more = len(unique) - _MOST_OVERLOADS
    return unique if more <= 0 else [*unique[:_MOST_OVERLOADS], f"// and {more} more"]


def result_text(result: Result) -> str:
    """Return the kind of a result in words."""
    match result:
        case Kind() as kind:
            return str(kind)
        case "item":
            return "item"
        case _:
            return "the same"


def parameter_text(parameter: Parameter) -> str:
    """Return a parameter as signatures show it: name, kinds, default."""
    kinds = "grid" if parameter.is_grid else " | ".join(str(kind) for kind in parameter.kinds)
    stars = "*" if parameter.repeats else ""
    default = "" if parameter.default is None else f" = {written(parameter.default)}"
    return f"{stars}{parameter.name}: {kinds}{default}"


def _signature(name: str, overload: Overload) -> str:
    parameters = ", ".join(parameter_text(parameter) for parameter in overload.parameters)
    return f"{name}({parameters}) → {result_text(overload.result)}"
