"""How a model was asked, and what each asking took: also those that failed, were stopped, or were not used."""

from typing import Literal

from kraftd_core.document.nouns import Noun

Act = Literal["summary", "final", "plan", "answer"]
Outcome = Literal["answered", "failed", "cancelled", "other_language"]


class ModelCall(Noun):
    """One asking of a model; tokens are null where the service told none, as of a call that was stopped.

    `other_language` is an answer that was not used because it was not in the language that was asked for.
    """

    act: Act
    model: str
    outcome: Outcome
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    seconds: float
