"""What speaks with the world: readers, agents, renderers, stores and files."""
