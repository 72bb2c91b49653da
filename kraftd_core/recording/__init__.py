"""The recorder of the three stages, and what it decides for each."""
