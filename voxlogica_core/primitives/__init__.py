"""The primitives and their kernels; pure functions, no state."""
