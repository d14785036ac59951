"""What helps while a statement is written: completion, signatures, format."""
