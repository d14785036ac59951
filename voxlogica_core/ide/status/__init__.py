"""What is known of nodes now: words, never stored. Computes no value."""
