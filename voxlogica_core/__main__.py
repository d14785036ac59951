"""``python -m voxlogica_core``: the command line."""

from voxlogica_core.cli.main import main

main()
