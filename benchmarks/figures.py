"""What a benchmark tells: a figure beside its peer's, measured in the same run, and the limit that it is held to."""

from dataclasses import dataclass

HEAD = f"{'figure : peer':58} {'figure':>9} {'peer':>9}   ratio  limit        holds"


@dataclass(frozen=True)
class Line:
    """A measured figure and its peer's, in one unit; `limit` is the most that it may be."""

    name: str
    figure: float
    peer: float
    limit: float | None = None
    limit_text: str = "-"

    @property
    def holds(self) -> bool:
        """Whether it is within its limit."""
        return self.limit is None or self.figure <= self.limit

    def __str__(self) -> str:
        told = "" if self.limit is None else "yes" if self.holds else "NO"
        ratio = f"{self.figure / self.peer:7.2f}" if self.peer else f"{'':7}"
        return f"{self.name:58} {self.figure:9.3f} {self.peer:9.3f} {ratio}  {self.limit_text:12} {told}".rstrip()
