"""What a plan must know of the outside: files, folders, imported texts."""
