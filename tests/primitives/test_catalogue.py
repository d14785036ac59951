"""The catalogue says what the imported functions say, and costs nothing to read."""

import importlib
import inspect
import re
import subprocess
import sys
from pathlib import Path
from typing import Any, get_args, get_origin

import pytest

from voxlogica_core.errors import DataError, UsageError
from voxlogica_core.plan.signature import ANY_NUMBER, Overload, Result
from voxlogica_core.primitives.catalogue import fold, outline, read_catalogue, shipped_files
from voxlogica_core.primitives.declarations import read_declarations
from voxlogica_core.primitives.kernels import kernel
from voxlogica_core.primitives.users import GROUP, installed_files
from voxlogica_core.values.kind import BOOL, IMAGE, LABELS, MASK, NUMBER, RECORD, Kind, sequence

CATALOGUE = read_catalogue()
HEAD = 'NAMESPACE = "mine"\n'
IMPORTED = "from voxlogica_core.primitives.declare import Number, primitive\n"
ONE = '@primitive("f", version=1)\ndef f(a: Number) -> Number:\n    return {0}\n'
OVERLOADS = [(p.qualified, overload) for p in CATALOGUE.at_hand() for overload in p.overloads]


def kinds_of(annotation: Any) -> tuple[Any, ...]:
    """Return what `declare` wrote behind an annotation."""
    if hasattr(annotation, "__metadata__"):
        return annotation.__metadata__
    if inspect.isclass(get_origin(annotation)):
        (inner,) = get_args(annotation)
        return tuple(sequence(kind) for kind in kinds_of(inner))
    return tuple(kind for part in get_args(annotation) for kind in kinds_of(part))


def _without_fields(result: Result) -> Result:
    """Return what an annotation can say of a result; fields of records stand in the decorator."""
    return RECORD if isinstance(result, Kind) and result.name == RECORD.name else result


@pytest.mark.parametrize(("name", "overload"), OVERLOADS)
def test_what_is_read_is_what_is_imported(name: str, overload: Overload) -> None:
    function: Any = kernel(overload)
    signature = inspect.signature(function)
    assert [p.name for p in overload.parameters] == list(signature.parameters), name
    for read, imported in zip(overload.parameters, signature.parameters.values(), strict=True):
        kinds = kinds_of(imported.annotation)
        assert (kinds == ("grid",)) if read.is_grid else (kinds == read.kinds), name
        assert read.repeats == (imported.kind == inspect.Parameter.VAR_POSITIONAL)
        missing = imported.default is inspect.Parameter.empty
        assert read.default == (None if missing else imported.default)
    assert kinds_of(signature.return_annotation) == (_without_fields(overload.result),)
    assert overload.documentation == inspect.getdoc(function)


@pytest.mark.parametrize(("name", "overload"), OVERLOADS)
def test_every_overload_is_documented_with_an_example(name: str, overload: Overload) -> None:
    first = overload.documentation.partition("\n\n")[0]
    assert "``" in first or "Parameters" in overload.documentation, name
    assert first.rstrip().endswith(".") or first.rstrip().endswith("too."), name


def test_parameter_texts_come_from_the_docstring() -> None:
    distleq = CATALOGUE.primitives["vox1.distleq"].overloads[0]
    assert distleq.parameters[0].documentation.startswith("Distance in mm, above 0")


def test_overloads_of_a_name_meet_across_files() -> None:
    add = CATALOGUE.primitives["vox1.add"]
    assert add.operators == ("+",)
    assert {o.result_kind([]) for o in add.overloads} >= {NUMBER, IMAGE}
    smallest = CATALOGUE.primitives["vox1.min"]
    assert smallest.counts() == (1, 2)


def test_operators_of_the_language_are_all_declared() -> None:
    signs = {"+", "-", "*", "/", "<", "<=", ">", ">=", "==", "!=", "!", "&", "|", "&&", "||"}
    assert signs <= set(CATALOGUE.operators)


def test_labels_keep_their_kind_under_a_mask() -> None:
    first = CATALOGUE.primitives["vox1.mask"].fitting([LABELS, MASK])[0]
    assert first.result == LABELS


def test_a_repeating_parameter_takes_any_number_of_arguments() -> None:
    concat = CATALOGUE.primitives["default.concat"]
    assert concat.counts() == (0, ANY_NUMBER)
    assert concat.fitting([NUMBER] * 30)
    assert not concat.fitting([NUMBER, MASK])


def test_scalars_are_folded_by_the_kernel_itself() -> None:
    less = CATALOGUE.primitives["vox1.less"].fitting([NUMBER, NUMBER])[0]
    assert less.result == BOOL
    assert CATALOGUE.evaluate(less, [1.0, 2.0]) is True
    with pytest.raises(DataError, match="divisor other than 0"):
        fold(CATALOGUE.primitives["vox1.divide"].fitting([NUMBER, NUMBER])[0], [1.0, 0.0])


def test_an_image_kernel_is_not_folded() -> None:
    volume = CATALOGUE.primitives["vox1.volume"].overloads[0]
    with pytest.raises(UsageError, match="while reducing"):
        fold(volume, [1.0])


def test_reading_and_folding_import_no_array_library() -> None:
    program = """
import sys
from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.primitives.kernels import kernel
catalogue = read_catalogue()
for primitive in catalogue.at_hand():
    for overload in primitive.overloads:
        if overload.folds:
            kernel(overload)
heavy = {"numpy", "SimpleITK", "scipy", "numba", "dask"} & set(sys.modules)
print(sorted(heavy))
"""
    done = subprocess.run([sys.executable, "-c", program], capture_output=True, text=True)
    assert (done.stdout, done.stderr) == ("[]\n", "")


def test_a_users_file_adds_primitives(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        "from voxlogica_core.primitives.declare import Number, primitive\n"
        'NAMESPACE = "mine"\n'
        '@primitive("twice", version=3, folds=True)\n'
        "def twice(a: Number, by: Number = 2) -> Number:\n"
        '    """Double: ``twice(2)`` is 4."""\n'
        "    return a * by\n"
    )
    twice = read_catalogue([file]).primitives["mine.twice"]
    assert re.fullmatch("3[+][0-9a-f]{12}", twice.version)
    assert twice.counts() == (1, 2)
    assert twice.overloads[0].parameters[1].default == 2.0
    assert kernel(twice.overloads[0])(4.0, 2.0) == 8.0


def test_a_users_code_is_not_run_to_fold_scalars(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(HEAD + IMPORTED + ONE.format(1).replace("version=1", "version=1, folds=True"))
    assert not read_catalogue([file]).primitives["mine.f"].overloads[0].folds


@pytest.mark.parametrize(
    ("text", "message"),
    [
        ("def f(:\n", ":2: not Python"),
        ('@primitive("f")\ndef f(a: Number) -> Number: ...\n', ":2: .* wants version="),
        ('@primitive("f", version=V)\ndef f(a: Number) -> Number: ...\n', ":2: .*a literal, not V"),
        ('@primitive("f", version="1")\ndef f(a: Number) -> Number: ...\n', "wrong version"),
        ('@primitive("f", version=1, x=1)\ndef f(a: Number) -> Number: ...\n', "unknown option x"),
        ('@primitive("f", version=1, grid="a")\ndef f() -> Number: ...\n', 'grid="same"'),
        ('@primitive("f", version=1)\ndef f(a) -> Number: ...\n', ":3: .*gives a no kind"),
        ('@primitive("f", version=1)\ndef f(a: int) -> Number: ...\n', "kind int; known are"),
        ('@primitive("f", version=1)\ndef f(a: Number): ...\n', "kind of its result"),
        ('@primitive("f", version=1)\ndef f() -> Mask | Number: ...\n', "more than one kind"),
        ('@primitive("f", version=1)\ndef f(*, a: Number) -> Mask: ...\n', "keyword-only"),
        ('@primitive("f", version=1)\ndef f(a: Number = None) -> Mask: ...\n', "no scalar"),
        ("@primitive\ndef f(a: Number) -> Mask: ...\n", "wants a literal name first"),
    ],
)
def test_a_wrong_declaration_is_an_error_with_its_place(
    tmp_path: Path, text: str, message: str
) -> None:
    file = tmp_path / "mine.py"
    file.write_text(HEAD + text if "primitive" in text else HEAD + text + "# @primitive\n")
    assert re.search(f"mine.py.*{message}", read_catalogue([file]).broken["mine"])


def test_overloads_of_two_versions_are_an_error(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        HEAD + '@primitive("f", version=1)\ndef f(a: Number) -> Number: ...\n'
        '@primitive("f", version=2)\ndef g(a: Mask) -> Number: ...\n'
    )
    wanted = "mine.py:5: all overloads of f must have one version"
    assert wanted in read_catalogue([file]).broken["mine"]


def test_a_file_without_namespace_is_an_error(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text('@primitive("f", version=1)\ndef f(a: Number) -> Number: ...\n')
    assert "NAMESPACE" in read_catalogue([file]).broken["mine"]


def test_a_missing_file_is_an_error(tmp_path: Path) -> None:
    broken = read_catalogue([tmp_path / "none.py"]).broken
    assert "primitives are wanted here" in broken["none"]


def test_a_broken_file_leaves_all_others_alone(tmp_path: Path) -> None:
    good, bad = tmp_path / "good.py", tmp_path / "bad.py"
    bad.write_text("def f(:\n")
    good.write_text(
        'NAMESPACE = "good"\n@primitive("f", version=1)\ndef f(a: Number) -> Number: ...\n'
    )
    catalogue = read_catalogue([bad, good])
    assert catalogue.broken.keys() == {"bad"}
    assert "good.f" in catalogue.primitives
    assert "vox1.near" in catalogue.primitives


def test_a_name_of_ours_is_not_to_be_had(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(
        'NAMESPACE = "vox1"\n@primitive("near", version=1)\ndef f(a: Number) -> Number: ...\n'
    )
    assert "vox1.near is VoxLogicA's own" in read_catalogue([file]).broken["vox1"]


def test_an_edit_of_a_users_file_is_another_version_and_another_module(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(HEAD + IMPORTED + ONE.format(1))
    before = read_catalogue([file]).primitives["mine.f"]
    assert kernel(before.overloads[0])(0.0) == 1
    file.write_text(HEAD + IMPORTED + ONE.format(2))
    after = read_catalogue([file]).primitives["mine.f"]
    assert before.version != after.version
    assert kernel(after.overloads[0])(0.0) == 2


def test_code_that_changed_since_it_was_read_is_not_run(tmp_path: Path) -> None:
    file = tmp_path / "mine.py"
    file.write_text(HEAD + IMPORTED + ONE.format(1))
    stale = read_catalogue([file]).primitives["mine.f"]
    file.write_text(HEAD + IMPORTED + ONE.format(2))
    with pytest.raises(UsageError, match="changed after its primitives were read; run again"):
        kernel(stale.overloads[0])


@pytest.mark.parametrize("file", shipped_files(), ids=lambda file: file.name)
def test_an_outline_declares_what_the_file_does(file: Path) -> None:
    text = file.read_text("utf-8")
    whole = list(read_declarations(text, "module", "place"))
    assert list(read_declarations(outline(text), "module", "place")) == whole


def test_an_installed_package_offers_primitives_without_being_imported(
    tmp_path: Path, monkeypatch: pytest.MonkeyPatch
) -> None:
    package, about = tmp_path / "offering", tmp_path / "offering-1.0.dist-info"
    package.mkdir()
    about.mkdir()
    (package / "__init__.py").write_text("raise SystemExit('imported')\n")
    (package / "images.py").write_text(HEAD + IMPORTED + ONE.format(1))
    (about / "METADATA").write_text("Metadata-Version: 2.1\nName: offering\nVersion: 1.0\n")
    (about / "entry_points.txt").write_text(f"[{GROUP}]\nmine = offering.images\n")
    monkeypatch.syspath_prepend(str(tmp_path))
    files = list(installed_files())
    assert files == [package / "images.py"]
    assert "mine.f" in read_catalogue(files).primitives
    assert "offering" not in sys.modules


def test_a_function_that_went_away_is_an_error() -> None:
    gone = Overload((), Kind("number"), "voxlogica_core.primitives.scalars", "gone")
    with pytest.raises(UsageError, match="has no function gone"):
        kernel(gone)
    with pytest.raises(UsageError, match="No such file"):
        kernel(Overload((), NUMBER, "/nowhere/mine.py#0123", "f"))


def test_the_decorator_refuses_a_version_below_one() -> None:
    declare = importlib.import_module("voxlogica_core.primitives.declare")
    with pytest.raises(ValueError, match="version must be at least 1"):
        declare.primitive("f", version=0)
