"""Arithmetic and completeness checks on document data."""
