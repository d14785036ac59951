"""What runs and processes do not do twice: the engine's table, claims between processes."""
