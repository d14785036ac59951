"""The `simpleitk` namespace: SimpleITK's own functions, described by a table made beforehand."""
