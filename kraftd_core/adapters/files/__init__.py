"""Where uploads and deliverables are kept."""
