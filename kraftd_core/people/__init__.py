"""Who asks: made once at the edge, and named by every verb of the desk."""
