"""What the core needs of the world, in its own types: a protocol for each kind of adapter, beside what it speaks of."""
