"""Summaries and answers by rules alone."""
