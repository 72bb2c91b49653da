"""From which confidence on a value that was read counts as sure: the one threshold of the agents, the reviews and the pages."""

SURE_FROM = 0.8
"""From this confidence on nobody needs to look at a value."""


def is_sure(confidence: float | None) -> bool:
    """Whether a value was measured, and read well enough that nobody needs to look at it."""
    return confidence is not None and confidence >= SURE_FROM


def is_doubtful(confidence: float | None) -> bool:
    """Whether a value was measured, and read so badly that somebody should look; of one never measured nothing is said."""
    return confidence is not None and confidence < SURE_FROM


def is_type_doubtful(confidence: float | None) -> bool:
    """Whether as much speaks for other types of document as for this one: a reader tells the share that speaks for it."""
    return confidence is not None and confidence <= _HALF


_HALF = 0.5
