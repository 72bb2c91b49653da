"""Seals of rows: a checksum beside what has no hash of its own, so that a damaged row is never taken for what was written.

A seal finds accidents, not falsifiers, who can compute it anew: records and events have their chain and the journal for that.
"""

import json
from collections.abc import Sequence
from hashlib import sha256
from typing import Any

SEALED = ("workflows", "activities", "documents", "drafts", "choices", "lessons", "learning_choices", "unfinished")
"""The tables whose last column is the seal of all others."""


def seal_of(*values: Any) -> str:
    """The seal of a row, over its other columns in their order."""
    return sha256(json.dumps(values, ensure_ascii=False, default=repr).encode(errors="surrogatepass")).hexdigest()[:32]


def is_intact(row: Sequence[Any]) -> bool:
    """Whether a whole row, its seal last, is as it was written."""
    return bool(row[-1] == seal_of(*row[:-1]))


def sealed(*values: Any) -> tuple[Any, ...]:
    """A row with its seal."""
    return (*values, seal_of(*values))
