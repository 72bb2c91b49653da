"""Where the documents lie that stand beside the project while it is developed. A clone alone has none: each test that reads
them has a sibling on documents that the project makes itself."""

from pathlib import Path

import pytest

SHARED = Path(__file__).parents[2] / "shared" / "data"
DOCUMENTS = SHARED / "documents"
HOSTILE = SHARED / "hostile"

RECORDINGS = SHARED / "di_recordings"  # of what the service answered

needs_documents = pytest.mark.shared(DOCUMENTS)
needs_hostile_files = pytest.mark.shared(HOSTILE)
needs_recordings = pytest.mark.shared(RECORDINGS)


def truths() -> list[Path]:
    """What the documents truly say, one file for each."""
    return sorted(DOCUMENTS.glob("*.truth.json"))
