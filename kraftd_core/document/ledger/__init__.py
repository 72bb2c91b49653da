"""What became of every line of a document that looks like a row: its nouns, its check, its words."""
