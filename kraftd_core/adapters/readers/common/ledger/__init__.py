"""Counts what looks like a row on pages and sheets, whoever reads the tables, and says what became of each."""
