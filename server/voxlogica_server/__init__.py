"""The language server: translates positions and messages, nothing else."""
