"""PDF deliverables."""
