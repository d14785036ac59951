"""Texts made from values: concatenation and templates; pure Python, folded while reducing."""

from string import Formatter

from voxlogica_core.errors import DataError
from voxlogica_core.primitives.declare import Number, Text, Truth, primitive
from voxlogica_core.values.written import written

NAMESPACE = "default"


@primitive("concat", version=1, folds=True)
def concat(*values: Number | Truth | Text) -> Text:
    """Join the texts of all arguments: ``concat("case", 3, ".nii")`` is ``"case3.nii"``.

    Parameters
    ----------
    *values
        Numbers stand as they would be printed, truth values as ``true`` and ``false``.
    """
    return "".join(written(value) for value in values)


@primitive("format_string", version=1, folds=True)
def format_string(template: Text, *values: Number | Truth | Text) -> Text:
    """Fill a template: ``format_string("case_{:03d}_{}", 7, "T1")`` is ``"case_007_T1"``.

    Parameters
    ----------
    template
        Text with fields in Python's format language, by position: ``{}``, ``{0}``, ``{:.2f}``.
    *values
        What to put there, in order. Whole numbers count as integers.

    Raises
    ------
    DataError
        A field is malformed, has no value, or has a format that does not fit its value.
    """
    try:
        for _, field, _, _ in Formatter().parse(template):
            if field and not field.isdigit():
                raise DataError(
                    f"fields of a template are {{}} or {{0}}, {{1}}, ...; {{{field}}} came",
                    "template",
                )
        return template.format(*[_formatted(value) for value in values])
    except IndexError:
        raise DataError(
            f"the template {template!r} has more fields than the {len(values)} values given",
            "template",
        ) from None
    except (ValueError, TypeError) as error:
        raise DataError(f"the template {template!r} does not fit: {error}", "template") from None


def _formatted(value: float | bool | str) -> int | float | str:
    match value:
        case bool():
            return written(value)
        case float() if value.is_integer():
            return int(value)
        case _:
            return value
