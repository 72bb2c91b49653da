"""What the askings of a model and the reading of pages come to, where prices are set; without a price nothing is guessed."""

from collections.abc import Iterable
from dataclasses import dataclass

from kraftd_core.records.calls import ModelCall

_A_MILLION = 1_000_000


@dataclass(frozen=True, slots=True)
class Prices:
    """What a million tokens of what is asked and of what is answered cost, and a page that a service reads; None: not known."""

    tokens_in: float | None = None
    tokens_out: float | None = None
    page: float | None = None

    def of_calls(self, calls: Iterable[ModelCall]) -> float | None:
        """What the askings cost; None without prices, or where a service did not tell its tokens."""
        if self.tokens_in is None or self.tokens_out is None:
            return None
        whole = 0.0
        for call in calls:
            if call.prompt_tokens is None or call.completion_tokens is None:
                if call.outcome == "failed" and not call.prompt_tokens:
                    continue  # it gave nothing, and tells nothing
                return None
            whole += call.prompt_tokens * self.tokens_in + call.completion_tokens * self.tokens_out
        return round(whole / _A_MILLION, 6)

    def of_pages(self, pages: int | None) -> float | None:
        """What it costs to have so many pages read; None without a price or a count."""
        return None if self.page is None or pages is None else round(pages * self.page, 6)


def tokens_of(calls: Iterable[ModelCall]) -> tuple[int, int]:
    """The tokens of what was asked and of what was answered, as far as they were told."""
    told = list(calls)
    return sum(call.prompt_tokens or 0 for call in told), sum(call.completion_tokens or 0 for call in told)
