"""The core of Kraftd Review: reading, reviewing and delivering documents, recorded in three stages.

Its public names stand in `__init__.pyi`, with their types. Each is fetched at its first use: a child process that only
parses a file does not load the whole core, and the first page comes fast.
"""

import lazy_loader

__getattr__, __dir__, __all__ = lazy_loader.attach_stub(__name__, __file__)
