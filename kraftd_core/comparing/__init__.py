"""Versions of documents held against each other."""
