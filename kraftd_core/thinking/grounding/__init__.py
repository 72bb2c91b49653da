"""Whether the document says what a statement says."""
