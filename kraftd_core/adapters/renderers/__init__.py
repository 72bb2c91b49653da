"""Files made of a composition, one room a format."""
