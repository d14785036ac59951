"""What is known, by node id; computes nothing."""
