"""One pure function per editor question, in offsets; knows no LSP."""
