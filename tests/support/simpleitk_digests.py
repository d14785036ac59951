"""Writes a digest of what functions of the `simpleitk` namespace give, on a number of threads.

``python -m tests.support.simpleitk_digests 5 Normalize``
"""

import sys
from hashlib import sha256

import SimpleITK

from voxlogica_core.primitives.catalogue import read_catalogue
from voxlogica_core.primitives.kernels import kernel
from voxlogica_core.primitives.simpleitk.trying import samples
from voxlogica_core.values.image import Image

if __name__ == "__main__":
    SimpleITK.ProcessObject.SetGlobalDefaultNumberOfThreads(int(sys.argv[1]))
    given = samples()
    for name in sys.argv[2:]:
        primitive = read_catalogue().primitives[f"simpleitk.{name}"]
        form = next(o for o in primitive.overloads if o.required <= 2 and o.parameters)
        kinds = [str(parameter.kinds[0]) for parameter in form.parameters[: form.required]]
        result = kernel(form)(*(given[kind] for kind in kinds))
        assert isinstance(result, Image)
        sys.stdout.write(f"{name} {sha256(result.voxels.tobytes()).hexdigest()}\n")
