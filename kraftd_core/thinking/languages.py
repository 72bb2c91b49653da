"""Which language a text is written in: one of the four in which statements are judged, another, or none that can be told."""

import re
from collections import Counter
from collections.abc import Iterable

from kraftd_core.document.folding import fold

LANGUAGES = {"en": "English", "de": "German", "fr": "French", "es": "Spanish"}
"""The languages in which statements are asked for and judged, by their codes."""

OTHER = "other"
"""What a text is in that is in none of them."""

_WORDS = {
    "en": """
        a in the of and to is are was were be been has have had with for by from on that this it its not as at an
        or which whether before after all no than will should can their they your you only but into per each any
        does do did how
    """,
    "de": """
        der die das den dem des und ist sind war wurde wurden wird werden mit von vom zum zur zu im am auf fur
        nicht ein eine einen einem einer als auch bei bis dass es sie ihr ihre ihren nach oder ob sich uber um
        unter vor wenn wie bitte keine kein keinen an aus durch noch nur sowie hat haben kann konnen soll muss
        betragt dies dieser diese dieses alle jede gegen
    """,
    "fr": """
        le la les des du de un une et est sont ete etait avec pour par dans sur que qui ce cette ces il elle au aux
        ne pas plus ou se sa son ses leur en a ont peut doit avant apres si cela tout toute toutes tous aucun
        aucune votre vous nous entre sous lorsque deja reste fait d l s n qu
    """,
    "es": """
        el la los las de del un una y es son fue con por para en que se su sus no al lo como mas o si este esta
        estos estas ha han hay antes despues sobre entre sin ya ser debe puede todas todos toda todo ningun ninguna
        quedan queda esto usted le les desde hasta cada a
    """,
    "it": """
        il lo la i gli le di del della dei degli delle un una e sono con per da dal dalla che non si al alla ai
        questo questa nel nella ha hanno prima dopo come piu o entro deve ogni stata stato quello tutti tutte
    """,
    "pt": """
        o a os as do da dos das um uma e sao foi com por para em no na nos nas que nao se ao pelo pela mais ou este
        esta ja ser deve pode antes todos todas ate voce
    """,
    "nl": """
        de het een en is zijn was werd met van voor op niet dat dit deze door naar uit bij ook als er aan in te om
        of worden wordt heeft alle geen moet kan
    """,
    "pl": """
        i w z na do sie nie jest sa to od po przez oraz przed dla ze o lub jak ktory ktora tej tego zostala zostal
        wynosi nalezy faktura
    """,
    "sv": "och att det som en ett ar var av for med inte den till har ska kan fran pa i om alla denna detta",
    "da": "og at det som en et er var af for med ikke den til har skal kan fra pa i om alle denne dette",
}
"""The small words of each, without accents; of the last six only so that they are noticed."""

_LANGUAGES_OF: dict[str, list[str]] = {}
for _language, _said in _WORDS.items():
    for _word in _said.split():
        _LANGUAGES_OF.setdefault(_word, []).append(_language)

_WORD = re.compile(r"[^\W\d_]+")
_FEWEST_LETTERS = 12


def language_of(text: str, default: str = "en") -> str:
    """The code of the language, `OTHER` for one of no use to us; the default where the text does not tell."""
    words = _WORD.findall(fold(text))
    letters = "".join(words)
    if len(letters) >= _FEWEST_LETTERS and sum(letter > "\u024f" for letter in letters) > len(letters) / 2:
        return OTHER  # of another script
    votes = Counter(language for word in words for language in _LANGUAGES_OF.get(word, ()))
    if not votes:
        return default
    most = max(votes.values())
    best = [language for language, count in votes.items() if count == most]
    if default in best:
        return default
    known = [language for language in best if language in LANGUAGES]
    if known:
        return known[0]
    return OTHER if most >= 2 else default


def language_of_all(texts: Iterable[str], default: str = "en") -> str:
    """The language that most of these are in."""
    return language_of(" ".join(texts), default)
