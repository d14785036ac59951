"""What can be done about a place of the text, as edits. Carries nothing out."""
