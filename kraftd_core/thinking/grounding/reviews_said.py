"""What a statement says of the review and concludes from it: nobody confirmed what no person looked at, and a change is one."""

import re
from collections.abc import Iterator

from kraftd_core.document.changes import counted
from kraftd_core.document.folding import fold
from kraftd_core.document.kinds import kind_of
from kraftd_core.document.wording import how_many, in_sentence, listed
from kraftd_core.ports.thinking import Case
from kraftd_core.thinking.confidence import has_doubtful_type
from kraftd_core.thinking.grounding.record import Record

_MOST = 2_000  # characters of a statement that are looked at
_DENIED = re.compile(
    r"(?<!\w)(?:not|no|nobody|never|without|before|until|unless|whether|if|nicht|kein\w*|niemand|ohne|bevor|erst|falls|wenn|ob"
    r"|pas|aucun\w*|personne|sans|avant|si|no|nadie|ningun\w*|sin|antes)(?!\w)"
)
_BY_A_PERSON = re.compile(
    r"(?<!\w)(?:reviewer|prufer(?:in)?|relecteur|reviseur|revisor) (?:has |have |hat |a |ha )?(?:\w+ )?"
    r"(?:confirm\w*|correct\w*|chang\w*|left|accept\w*|check\w*|approv\w*|bestatigt\w*|korrigiert\w*|geandert\w*|gepruft\w*"
    r"|belassen|akzeptiert|modifi\w*|corrig\w*|verifi\w*|valid\w*|aprob\w*|dejo|laisse)"
    r"|(?:reviewed|confirmed|checked|approved) by (?:a|the) (?:reviewer|person|human|user)"
    r"|von (?:einem|einer|dem|der) (?:prufer(?:in)?|person|menschen) (?:gepruft|bestatigt)"
)
_ACTS = re.compile(
    r"(?:^|[.;:,]\s*|(?<!\w)(?:please|bitte|then|und|and|veuillez|por favor)\s)"
    r"(?:pay|settle|transfer|approve|book|confirm the order|accept the|sign|zahlen|bezahlen|uberweisen|buchen|verbuchen"
    r"|payer|payez|regler|reglez|comptabilise[rz]|pagar|pague|contabili[cz]\w*)(?!\w)"
)
_ALL_LEFT = re.compile(
    r"100 ?%[^.]{0,40}(?:left|unchanged|unverandert|belassen|inchange|sin cambios)"
    r"|(?:everything|all values|all fields|alle (?:werte|felder)|toutes les valeurs|todos los valores)[^.]{0,20}"
    r"(?:left as|unchanged|unverandert|inchange|sin cambios)"
    r"|(?:no|keine?|aucune?|ningun) (?:value|field|wert|feld|valeur|valor)(?:s|e|er)? (?:was|were|wurden?|n'a ete|fue)"
    r" (?:changed|corrected|geandert|korrigiert|modifiee?|corregido)"
)
_DOUBT = re.compile(
    r"(?<!\w)(?:doubtful|uncertain|unsure|zweifelhaft\w*|unsicher\w*|douteu\w+|incertain\w*|dudos\w+|inciert\w+)(?!\w)"
)
_TAXES_AND_TOTAL = re.compile(
    r"(?<!\w)tax(?:es)?(?: rows| lines| rates| amounts)?(?: together)? (?:add|sum|come|amount)s? (?:up )?to the"
    r" (?:grand |invoice )?total(?! tax)"
)


def reviewed_otherwise(text: str, record: Record) -> Iterator[str]:
    """What of the review, or of what is known of the document at all, each sentence of a statement contradicts."""
    case, is_quoted = record.case, record.quotes(text)
    for sentence in re.split(r"(?<=[.!?])\s+", fold(text[:_MOST])):
        is_denied = is_quoted or _DENIED.search(sentence) is not None
        if not case.is_reviewed and not is_denied and (_BY_A_PERSON.search(sentence) or _ACTS.search(sentence)):
            yield "no person has looked at the values"
        if has_doubtful_type(case) and not is_denied and _ACTS.search(sentence):
            label = kind_of(case.data.get("document_type") or case.document_type).label.lower()
            yield f"it is doubtful whether this is {'an' if label[0] in 'aeiou' else 'a'} {label}"
        yield from _of_changes(sentence, case)
        yield from _of_taxes(sentence, case)


def _of_changes(sentence: str, case: Case) -> Iterator[str]:
    done = len(counted(case.changes))
    if done and _ALL_LEFT.search(sentence):
        yield f"{how_many(done, 'value')} {'was' if done == 1 else 'were'} changed"
    if _DOUBT.search(sentence) and not _DENIED.search(sentence):
        settled = [in_sentence(look.field) for look in case.looked_at if look.how == "confirmed"]
        named = [name for name in dict.fromkeys(settled) if re.search(rf"(?<!\w){re.escape(fold(name))}(?!\w)", sentence)]
        if named:
            yield f"the {listed(named)} {'was' if len(named) == 1 else 'were'} confirmed"


def _of_taxes(sentence: str, case: Case) -> Iterator[str]:
    total = case.data.get(kind_of(case.data.get("document_type") or case.document_type).total or "total")
    tax = case.data.get("total_tax")
    if tax is not None and total is not None and tax != total and _TAXES_AND_TOTAL.search(sentence):
        yield "the taxes are the tax and not the total"
