"""Excel deliverables."""
