"""What a node can be worth: kinds, geometry, images; computes nothing."""
