"""Wishes in the user's words, made into a plan by rules."""
