"""Stage 2 decides what counts as a change, and measures the review."""

from collections.abc import Sequence
from datetime import datetime, timedelta

from kraftd_core.document.changes import counted
from kraftd_core.document.checks.checking import Finding
from kraftd_core.document.ledger.check import ROWS_READ
from kraftd_core.document.nouns import Addition, Change, Deletion
from kraftd_core.recording.known_accounts import BANK_CHANGED
from kraftd_core.recording.stage1_summary import NUMBER_KNOWN
from kraftd_core.records.stages import RecordedFinding, UserActions

LONGEST_PAUSE = timedelta(seconds=120)
"""A longer gap between two edits is a break, not editing."""


def user_actions(changes: Sequence[Change], editing_time_seconds: float | None, confidence_before: float | None) -> UserActions:
    """The review in figures; what only changed its format is not counted."""
    real = counted(changes)
    added = sum(isinstance(change, Addition) for change in real)
    removed = sum(isinstance(change, Deletion) for change in real)
    return UserActions(
        fields_edited_count=len(real) - added - removed,
        fields_added_count=added,
        fields_removed_count=removed,
        total_modifications=len(real),
        editing_time_seconds=editing_time_seconds,
        edits_per_minute=_a_minute(len(real), editing_time_seconds),
        data_confidence_before_edit=confidence_before,
    )


def found_in_history(findings: Sequence[RecordedFinding]) -> list[Finding]:
    """Of the recorded findings those that came from the history or from the reading: the data alone would not tell them again."""
    return [
        Finding(f.check, f.severity, f.message, tuple(f.cells), f.expected, f.found)
        for f in findings
        if f.check in (NUMBER_KNOWN, BANK_CHANGED, ROWS_READ)
    ]


def _a_minute(edits: int, seconds: float | None) -> float | None:
    return round(edits * 60 / seconds, 2) if seconds else None


def editing_time(so_far_seconds: float, last_activity: datetime, now: datetime) -> float:
    """Editing time with the gap since the last activity added, unless the gap was a break."""
    gap = now - last_activity
    return so_far_seconds + (gap.total_seconds() if timedelta(0) < gap <= LONGEST_PAUSE else 0.0)
