"""Where names lead, and the shape of a text. Changes nothing but names."""
