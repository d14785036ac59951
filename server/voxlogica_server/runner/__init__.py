"""The process that owns the engine, and its client in the server."""
