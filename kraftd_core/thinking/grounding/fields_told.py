"""What a sentence says of a field against its value: that there is none, another term, another way of paying, another weekday."""

import re
from collections.abc import Callable, Iterator
from datetime import date

from kraftd_core.document.checks.model import day, is_blank, number
from kraftd_core.document.wording import clipped, in_sentence, shown_in
from kraftd_core.thinking.grounding.phrases.model import plain_of
from kraftd_core.thinking.grounding.record import Record
from kraftd_core.thinking.grounding.sentences import JudgedSentence
from kraftd_core.thinking.grounding.vocabulary import MONTHS, NUMBER_WORDS

# That there is none

_CALLED = {
    "discount": r"discounts?|rebates?|price reductions?|rabatt\w*|nachlass\w*|preisnachlass|remises?|rabais|descuentos?|rebajas?",
    "total_tax": r"(?:sales )?tax(?:es)?|vat|gst|mehrwertsteuer|umsatzsteuer|mwst|tva|iva|impuestos?",
    "incoterms": r"incoterms?|delivery terms|terms of delivery|lieferbedingung\w*|lieferklausel",
    "due": r"due dates?|payment deadlines?|falligkeit\w*|zahlungsfrist|zahlungsziel|(?:date d')?echeance|fecha de vencimiento",
    "payment_terms": r"payment terms|terms of payment|zahlungsbedingung\w*|conditions? de paiement|condiciones de pago",
    "notice_period": r"notice periods?|period of notice|termination notice|kundigungsfrist\w*|preavis|preaviso",
    "end_date": r"end dates?|enddatum|date de fin|fecha de (?:fin|finalizacion)",
    "iban": r"bank (?:details|account)|iban|bankverbindung|bankdaten|coordonnees bancaires|datos? bancarios?",
    "delivery_date": r"delivery dates?|liefertermin|lieferdatum|date de livraison|fecha de entrega",
    "number": r"(?:invoice|order|quotation|quote|contract|receipt|document|reference) number",
    "shipping": r"(?:shipping|freight|delivery) (?:costs?|charges?|fees?)|versandkosten|frachtkosten|frais de (?:port|livraison)",
    "warranty": r"warranty|warranties|guarantees?|garantie|gewahrleistung|garantia",
}
_FIELDS = {
    "discount": r"(?:^|_)(?:discount|rebate|allowance)(?:_|$)",
    "incoterms": r"incoterm|delivery_terms",
    "iban": r"^(?:iban|account_number)$",
    "notice_period": r"notice",
    "shipping": r"shipping|freight|delivery_(?:cost|charge|fee)",
    "warranty": r"warranty|guarantee",
}
_NONE_BEFORE = (
    r"(?<!\w)(?:no|without(?: any| a)?|kein(?:e[nrsm]?)?|ohne|aucune?|pas de|pas d'|sans|ningun[oa]?|sin)"
    r" (?:(?:agreed|explicit|clear|fixed|stated|specific|such|type of|vereinbarte[rn]?|feste[rn]?) )?"
)
_NONE_AFTER = (
    r"(?: (?:on|of|for|in) (?:the|this) \w+)? (?:is|are|was|were|has been|have been|wurden?|ist|sind|n'est|n'a ete"
    r"|no (?:se )?\w+) (?:not (?:been )?(?:stated|given|granted|agreed|specified|charged|applied|shown|mentioned|included"
    r"|fixed)|missing|absent"
    r"|nicht (?:gewahrt|angegeben|vereinbart|berechnet|ausgewiesen|genannt))"
)
_NOT_BEHIND = r"(?! (?:code|id|number|exempt\w*|change\w*|break\w*|rate|beyond|errors?|issues?|problems?|risk\w*)(?!\w)|-)(?!\w)"
_DENIALS = {
    part: re.compile(rf"{_NONE_BEFORE}(?:{words}){_NOT_BEHIND}|(?<!\w)(?:{words}){_NONE_AFTER}")
    for part, words in _CALLED.items()
}
_MAY_DENY = re.compile(r"(?<!\w)(?:no|without|kein\w*|ohne|aucune?|pas|sans|ningun[oa]?|sin|not|missing|absent|nicht)(?!\w)")
_WITHOUT_TAX = re.compile(rf"(?<!\w)(?:without|ohne|sans|sin) (?:any )?(?:{_CALLED['total_tax']})")
_TURNED = re.compile(
    r"(?<!\w)(?:further|additional|other|more|until|weitere[rn]?|autre|otr[oa]|problem\w*|reason|without (?:a |any )?change"
    r"|whether|if|ob|si)(?!\w)"
)


def _denies_a_value(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """ "No discount was granted", where the document has one."""
    plain = sentence.plain
    if not _MAY_DENY.search(plain) or sentence.is_asked or _TURNED.search(plain):
        return
    for part, denied in _DENIALS.items():
        if denied.search(plain) and not (part == "total_tax" and _WITHOUT_TAX.search(plain)):
            yield from _stated(part, record)
    for name, value in record.case.data.items():
        label = plain_of(in_sentence(name))
        if " " in label and label in plain and not is_blank(value) and not isinstance(value, list) and number(value) != 0:
            words = rf"(?<!\w)(?:no|without(?: any| an?)?) (?:[a-z]+ )?{re.escape(label)}(?!\w)|{re.escape(label)}{_NONE_AFTER}"
            yield from [f"the {in_sentence(name)} is {clipped(shown_in(name, value), 60)}"] if re.search(words, plain) else []


def _stated(part: str, record: Record) -> Iterator[str]:
    own = {"due": record.kind.due, "number": record.kind.number}.get(part, part)
    pattern = _FIELDS.get(part, rf"^{own}$" if own else "(?!)")
    for name, value in record.case.data.items():
        if re.search(pattern, name.lower()) and not is_blank(value) and not isinstance(value, list) and number(value) != 0:
            yield f"the {in_sentence(name)} is {clipped(shown_in(name, value), 60)}"
            return


# Terms in days, weeks and months

_UNIT_DAYS = {
    "day": r"days?|tagen?|jours?|dias?", "week": r"weeks?|wochen?|semaines?|semanas?",
    "month": r"months?'?|monaten?|mois|mes(?:es)?", "year": r"years?|jahren?|ans?|annees?|anos?",
}  # fmt: skip
_ONES = {"one": 1, "a": 1, "ein": 1, "eine": 1, "einen": 1, "einem": 1, "einer": 1, "un": 1, "une": 1, "una": 1}
_WORDS = {
    plain_of(word): n for words in NUMBER_WORDS.values() for word, n in words.items() if n
} | _ONES
_TERM = re.compile(
    rf"(?<![\w.,])(?P<n>\d{{1,3}}|{'|'.join(_WORDS)})[ -](?:(?:calendar|working|business|volle[rn]?) )?"
    rf"(?:{'|'.join(f'(?P<{unit}>{words})' for unit, words in _UNIT_DAYS.items())})(?!\w)"
)
_DAYS = {"day": 1, "week": 7, "month": 30, "year": 365}
_TERMS = (
    (r"payment_terms?$|^terms$", r"(?<!\w)(?:net|netto|payment terms|terms of payment|due within"
     r"|pay(?:able|ment)?(?: is| are)?(?: due)? within|zahlbar|zahlungsziel|zahlungsfrist|a payer (?:sous|dans)"
     r"|payable (?:sous|a)|conditions de paiement|pagader[oa] (?:a|en)"
     r"|condiciones de pago|plazo de pago|early[- ]payment|skonto)(?!\w)"),
    (r"notice", r"(?<!\w)(?:notice|kundigungsfrist|gekundigt|kundigen|preavis|preaviso)(?!\w)"),
    (r"^(?:delivery|lead)_time$", r"(?<!\w)(?:delivery (?:time|takes|within|is within)|lead time|deliver\w* (?:with)?in"
     r"|lieferzeit|lieferung|delai de livraison|livraison|plazo de entrega)(?!\w)"),
    (r"warranty|guarantee", r"(?<!\w)(?:warranty|guarantee\w*|garantie|gewahrleistung|garantia)(?!\w)"),
)  # fmt: skip


def _terms_in(plain: str) -> list[tuple[int, str]]:
    found = ((told, next(unit for unit in _DAYS if told[unit])) for told in _TERM.finditer(plain))
    return [((int(told["n"]) if told["n"].isdigit() else _WORDS[told["n"]]) * _DAYS[unit], told[0]) for told, unit in found]


def _tells_other_terms(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """ "Within 30 days net", where the terms say 60."""
    said = _terms_in(sentence.plain)
    if not said or sentence.is_negated or sentence.is_asked or _IN_TIME.search(sentence.plain):
        return
    for field, words in _TERMS:
        if not re.search(words, sentence.plain):
            continue
        for name, value in record.case.data.items():
            is_term = isinstance(value, str) and re.search(field, name.lower()) is not None
            stated = _stated_terms(plain_of(value), sentence.plain) if is_term else []
            known_days = [] if _OF_DISCOUNT.search(sentence.plain) else _spans_of(field, record)
            known_days += [days for days, _ in stated]
            if stated and not any(_are_alike(days, known) for days, _ in said for known in known_days):
                yield f"the {in_sentence(name)} is {clipped(shown_in(name, value), 60)}"
                return


def _stated_terms(terms: str, plain: str) -> list[tuple[int, str]]:
    """The terms in days; of "2 % 14 days, 30 days net" those with a discount where a sentence speaks of one."""
    parts = re.split(r"[,;]|\.(?= )", terms)
    early = [part for part in parts if _OF_DISCOUNT.search(part)]
    if early and _OF_DISCOUNT.search(plain):
        return [term for part in early for term in _terms_in(part)]
    return _terms_in(terms)


_OF_DISCOUNT = re.compile(r"%|(?<!\w)(?:discount|skonto|escompte|descuento)(?!\w)")
_PERIODS = {
    "weekly": r"weekly|per week|wochentlich|hebdomadaire\w*|semanal\w*",
    "monthly": r"monthly|per month|monatlich\w*|mensuel\w*|par mois|mensual\w*",
    "quarterly": r"quarterly|per quarter|vierteljahrlich\w*|quartalsweise|trimestriel\w*|trimestral\w*",
    "yearly": r"yearly|annual(?:ly)?|per year|jahrlich\w*|annuel\w*|anual\w*",
}
_PAYING = re.compile(
    r"(?<!\w)(?:pa(?:y|id|yable|yment)|rent|fees?|invoiced|billed|zahl\w*|miete|paye\w*|loyer|pag\w+|renta)(?!\w)"
)


def _tells_another_period(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """ "Payable quarterly", where the terms say monthly."""
    said = _periods_in(sentence.plain)
    if len(said) != 1 or not _PAYING.search(sentence.plain) or sentence.is_negated or sentence.is_asked:
        return
    terms = record.case.data.get("payment_terms")
    stated = _periods_in(plain_of(terms)) if isinstance(terms, str) else set()
    if stated and not said & stated and isinstance(terms, str):
        yield f"the payment terms is {clipped(terms, 60)}".replace("terms is", "terms are")


def _periods_in(plain: str) -> set[str]:
    return {period for period, words in _PERIODS.items() if re.search(rf"(?<!\w)(?:{words})(?!\w)", plain)}


# Figures of a field that is named

_FIGURES_OF = {
    r"^(?:prepaid_amount|deposit(?:_amount)?|advance_payment|amount_paid|paid_amount)$": (
        r"deposit|prepayment|advance(?: payment)?|down payment|anzahlung|vorauszahlung|acompte|anticipo"
    ),
    r"(?:^|_)(?:discount|rebate)(?:_amount)?$": rf"{_CALLED['discount']}",
    r"shipping|freight": rf"{_CALLED['shipping']}",
}


_IS_FIGURE = r"(?: (?:of|is|was|amounts to|comes to|von|betragt|de|es de|est de))* ?(?:[a-z]{3} |[€$£] ?)?\Z"


def _tells_another_figure(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """ "A deposit of 1,300.00", where it was 3,900.00."""
    if sentence.is_negated or sentence.is_asked:
        return
    for figure in sentence.figures:
        before = sentence.before(figure)
        for field, words in _FIGURES_OF.items():
            if not re.search(rf"(?<!\w)(?:{words}){_IS_FIGURE}", before):
                continue
            known = [(n, v) for n, v in record.case.data.items() if re.search(field, n.lower()) and number(v)]
            if len(known) == 1 and not any(abs(r - abs(float(known[0][1]))) <= figure.slack + 0.005 for r in figure.readings):
                yield f"the {in_sentence(known[0][0])} is {shown_in(*known[0])}"


# Days

_LIES = re.compile(r"(?<!\w)(?:is|lies|falls|was|comes)(?!\w)")
_ORDER = re.compile(r"(?<!\w)(?:(?P<before>before|earlier than)|(?P<after>after|later than))(?!\w)")
_PART_OF_MONTH = re.compile(
    r"(?<!\w)(?:until|till|by|bis|avant|jusqu'a|hasta|before)(?: the| la| le)? ?"
    r"(?:(?P<end>end of|ende|fin(?: de)?|finales de)|(?P<middle>middle of|mid-?|mitte|mi-|mediados de)"
    r"|(?P<start>beginning of|start of|anfang|debut|principios de)) ?(?P<month>[^\W\d_]{3,10})(?: (?:de )?(?P<year>\d{4}))?"
)
_DAYS_OF = {"end": (21, 31), "middle": (10, 20), "start": (1, 10)}


def _tells_another_part_of_the_month(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """ "Until the end of December", where the day is the fourth."""
    told, due = _PART_OF_MONTH.search(sentence.plain), record.due
    if told is None or due is None or sentence.is_negated:
        return
    part = next(name for name in _DAYS_OF if told[name])
    first, last = _DAYS_OF[part]
    if due.month in MONTHS.get(told["month"], ()) and told["year"] in (None, str(due.year)) and not first <= due.day <= last:
        yield f"the {in_sentence(record.kind.due or '')} is {due}"


def _tells_another_order(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """ "The delivery date lies before the order date", where it lies after it."""
    told = _ORDER.search(sentence.plain)
    if told is None or sentence.is_negated or not _LIES.search(sentence.plain):
        return
    sides = [_day_named(part, record) for part in (sentence.plain[: told.start()], sentence.plain[told.end() :])]
    one, other = sides
    if one and other and one != other and (one < other) != bool(told["before"]):
        yield f"{one} is {'before' if one < other else 'after'} {other}"


def _day_named(plain: str, record: Record) -> date | None:
    """The day of the one field that is named there."""
    named = [d for name, value in record.case.data.items() if (d := day(value)) and plain_of(in_sentence(name)) in plain]
    return named[0] if len(named) == 1 else None


_IN_TIME = re.compile(
    r"(?<!\w)(?:ago|from today|left|remain\w*|late|overdue|since|seit|depuis|desde|longer|more|extra|extend\w*)(?!\w)"
)


def _spans_of(field: str, record: Record) -> list[int]:
    """The days from the document's own day and from today to the day by which it is to be paid."""
    dated, due = day(record.case.data.get(record.kind.date or "")), record.due
    return [(due - dated).days, (due - record.case.as_of).days] if dated and due and field.startswith("payment") else []


def _are_alike(days: int, known: int) -> bool:
    return days == known or (days >= 28 and known >= 28 and abs(days - known) <= max(2, days // 50) and 30 not in (days, known))


# Ways of paying

_METHODS = {
    "card": r"credit cards?|debit cards?|bank cards?|by card|kreditkarte|karte|carte(?: bancaire| de credit| bleue)?"
    r"|tarjeta(?: de credito)?|visa|mastercard|amex",
    "cash": r"cash|bar|barzahlung|bargeld|especes|liquide|efectivo|comptant",
    "transfer": r"(?:bank|wire|credit) transfers?|uberweisung|virement|transferencia",
    "debit": r"direct debit|lastschrift\w*|bankeinzug|prelevement|domiciliacion|adeudo",
    "cheque": r"cheques?|checks?|scheck|talon",
    "online": r"paypal|apple pay|google pay|klarna|stripe",
}
_PAID = (
    r"(?:paid|settled|charged|payable|paying|payment(?: was| is)?(?: made)?|pay|debited|billed)(?: \w+){0,3}?"
    r" (?:by|with|via|in|to|from|through)"
    r"|(?:bezahlt|beglichen|zahlung\w*|gezahlt|abgebucht)?(?: \w+){0,3}? ?(?:per|mit|in|bei)|zahlungsart\W+(?:ist )?"
    r"|payment method\W+(?:is |was )?|(?:paye\w*|regle\w*|reglement|paiement)(?: \w+){0,3}? (?:par|en|avec)"
    r"|(?:pagad\w+|pago|pagar)(?: \w+){0,3}? (?:con|en|por|mediante)"
)
_ANY_METHOD = "|".join(f"(?P<{way}>{words})" for way, words in _METHODS.items())
_METHOD_SAID = re.compile(
    rf"(?<!\w)(?:{_PAID}) ?(?:a |an |the |its |eine[rmn]? |der |die |une? |la |una )?(?:(?:company|corporate) )?"
    rf"(?:{_ANY_METHOD})(?!\w)"
)
_METHOD_FIELD = re.compile(
    r"(?:payment|pay)_(?:method|means|mode|type|by)|paid_(?:by|with)|method_of_payment|zahlungsart|zahlungsweise"
)


def _tells_another_method(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """ "Paid by credit card", where the receipt says cash."""
    told = _METHOD_SAID.search(sentence.plain)
    if told is None or sentence.is_negated or sentence.is_asked:
        return
    said = next(way for way in _METHODS if told[way])
    for name, value in record.case.data.items():
        if isinstance(value, str) and _METHOD_FIELD.fullmatch(name.lower()):
            known = {way for way, words in _METHODS.items() if re.search(rf"(?<!\w)(?:{words})(?!\w)", plain_of(value))}
            if known and said not in known:
                yield f"the {in_sentence(name)} is {clipped(value, 60)}"


# Weekdays

_WEEKDAYS = (
    "monday|montag|lundi|lunes", "tuesday|dienstag|mardi|martes", "wednesday|mittwoch|mercredi|miercoles",
    "thursday|donnerstag|jeudi|jueves", "friday|freitag|vendredi|viernes", "saturday|samstag|samedi|sabado",
    "sunday|sonntag|dimanche|domingo",
)  # fmt: skip
_ANY_WEEKDAY = "|".join(f"(?P<d{n}>{words})" for n, words in enumerate(_WEEKDAYS))
_WEEKDAY = re.compile(rf"(?<!\w)(?:{_ANY_WEEKDAY})(?:,| the| den| le| el|,? dem)* ?\Z")


def _tells_another_weekday(sentence: JudgedSentence, _record: Record) -> Iterator[str]:
    """ "Monday, 27 November 2026", which is a Friday."""
    for claim, said in sentence.days:
        told = _WEEKDAY.search(sentence.before(claim))
        if told and not told[f"d{said.weekday()}"]:
            yield f"{said} is a {date.strftime(said, '%A')}"


RULES: tuple[Callable[[JudgedSentence, Record], Iterator[str]], ...] = (
    _denies_a_value,
    _tells_other_terms,
    _tells_another_period,
    _tells_another_figure,
    _tells_another_part_of_the_month,
    _tells_another_order,
    _tells_another_method,
    _tells_another_weekday,
)
