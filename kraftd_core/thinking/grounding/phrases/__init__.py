"""How one says, in each language, what the record can deny."""

from kraftd_core.thinking.grounding.phrases.english import ENGLISH
from kraftd_core.thinking.grounding.phrases.french import FRENCH
from kraftd_core.thinking.grounding.phrases.german import GERMAN
from kraftd_core.thinking.grounding.phrases.model import Phrases
from kraftd_core.thinking.grounding.phrases.spanish import SPANISH

PHRASES: dict[str, Phrases] = {"en": ENGLISH, "de": GERMAN, "fr": FRENCH, "es": SPANISH}
"""The patterns by language."""
