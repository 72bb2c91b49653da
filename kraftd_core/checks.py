"""Arithmetic and completeness checks on document data."""

from dataclasses import dataclass
from typing import Literal


@dataclass(frozen=True, slots=True)
class Finding:
    """What a check found wrong: one sentence for the user, the cells it used (named like changes), what it expected and found."""

    check: str
    severity: Literal["error", "warning"]
    message: str
    cells: tuple[str, ...]
    expected: str | None = None
    found: str | None = None
