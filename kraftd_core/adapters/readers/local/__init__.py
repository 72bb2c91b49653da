"""The reader of this machine: `extractor` asks, `child` reads, in a process that loads nothing of the rest."""
