"""What is shown at a value: hover, hints, pictures. Computes nothing."""
