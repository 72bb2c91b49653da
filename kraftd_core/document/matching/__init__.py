"""Rows of two tables matched by likeness: what identifies them first, figures last; ids for rows that have none."""
