"""What a sentence says of the figures of lines and sections against them: larger, the largest, half of it, so many, so much."""

import re
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal
from itertools import product

from kraftd_core.document.checks.model import number
from kraftd_core.document.jsontypes import ROW_ID
from kraftd_core.document.wording import quantity
from kraftd_core.thinking.grounding.claims import Count, Figure, readings_of
from kraftd_core.thinking.grounding.phrases.model import plain_of
from kraftd_core.thinking.grounding.record import Record
from kraftd_core.thinking.grounding.sentences import JudgedSentence
from kraftd_core.thinking.grounding.things import Thing, stems_of
from kraftd_core.thinking.grounding.vocabulary import NUMBER_WORDS

_FOLDED_NUMBERS = {
    word.replace("ü", "u").replace("ö", "o"): n for words in NUMBER_WORDS.values() for word, n in words.items() if n
}

# Which is larger, and which is the largest

_PER_UNIT = re.compile(
    r"(?<!\w)(?:unit prices?|per (?:unit|piece)|each|apiece|a piece|einzelpreis\w*|je stuck|pro stuck|prix unitaires?|l'unite"
    r"|chacune?|precios? unitarios?|por unidad|cada un[oa]|rates?)(?!\w)"
)
_OF_QUANTITY = re.compile(r"(?<!\w)(?:units|pieces|quantit\w+|stuck\w*|mengen?|unites|cantidad\w*|unidades)(?!\w)")
_MORE = re.compile(
    r"(?<!\w)(?:more|dearer|pricier|larger|higher|bigger|greater|mehr|teurer|hoher|gros+er|plus|mas|mayor(?:es)?)(?!\w)"
)
_LESS = re.compile(
    r"(?<!\w)(?:less|cheaper|smaller|lower|fewer|weniger|billiger|gunstiger|niedriger|kleiner|geringer|moins|menos|menor(?:es)?)"
    r"(?!\w)"
)
_THAN = re.compile(r"(?<!\w)(?:than|als|que)(?!\w)")
_COMPARED = re.compile(
    r"(?<!\w)(?:costs?|cost|price|priced|amounts?|value|valued|expensive|dearer|pricier|cheaper|larger|bigger|smaller|higher|lower"
    r"|units|pieces|kost\w+|teurer|hoher|gros+er|billiger|gunstiger|niedriger|kleiner|geringer|stuck|coute\w*|chere?s?|elevee?s?"
    r"|importante?s?|cuestan?|car[oa]s?|mayor(?:es)?|menor(?:es)?|alt[oa]s?|baj[oa]s?|barat[oa]s?)(?!\w)"
)
_LARGEST = re.compile(
    r"(?<!\w)(?<!second )(?<!third )(?<!\d )(?<!(?:ten|two) )(?<!(?:five|four) )(?<!three )"
    r"(?:largest|biggest|most expensive|highest|dearest|costliest"
    r"|gros+te[rns]?|hochste[rns]?|teuerste[rns]?|plus (?:importante?|elevee?|grande?|grosse|chere?)|mayor|mas (?:alt[oa]|car[oa]"
    r"|importante|elevad[oa]))(?!\w)"
)
_SMALLEST = re.compile(
    r"(?<!\w)(?<!second )(?<!third )(?<!\d )(?<!two )(?<!three )(?:smallest|cheapest|lowest|least expensive|kleinste[rns]?"
    r"|billigste[rns]?"
    r"|gunstigste[rns]?|niedrigste[rns]?|moins (?:chere?|elevee?|importante?)|plus (?:petite?|faible|bas+e?)|menor"
    r"|mas (?:barat[oa]|baj[oa]|pequen[oa])|menos car[oa])(?!\w)"
)
_OF_SECTIONS = re.compile(r"(?<!\w)(?:sections?|abschnitt\w*|gewerke?|seccion(?:es)?|capitulos?|chapitres?|lots?)(?!\w)")
_OF_LINES = re.compile(
    r"(?<!\w)(?:lines?|items?|positions?|posten|positionen|zeile|ligne|poste|lignes|postes|linea|partida|posicion|article"
    r"|articulo|expensive|cheapest|dearest|costliest|teuerste\w?|billigste\w?|gunstigste\w?|chere?|car[oa]|barat[oa])(?!\w)"
)
_OF_OTHERS = re.compile(r"(?<!\w)(?:risks?|problems?|differences?|risiko|risque|riesgo|than|als|among|unter|parmi|entre)(?!\w)")


_IN_BRACKETS = re.compile(r"\([^()]*\)|[“\"][^”\"]*[”\"]")


def _measure(plain: str) -> str:
    plain = _IN_BRACKETS.sub("", plain)  # what a line is called says nothing of what is compared
    if _PER_UNIT.search(plain):
        return "unit_price"
    return "quantity" if _OF_QUANTITY.search(plain) else "amount"


def _said(thing: Thing, value: Decimal, measure: str, record: Record) -> str:
    return f"{thing.called} has {quantity(value) if measure == 'quantity' else record.money(value)}"


def _compares_otherwise(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """ "The cable set costs more than the power supply", where it costs less."""
    plain = sentence.plain
    than = _THAN.search(plain)
    if than is None or sentence.is_negated or sentence.is_asked or not _COMPARED.search(plain):
        return
    before, after = plain[: than.start()], plain[than.end() :]
    more, less = _MORE.search(before), _LESS.search(before)
    one, other = (_named(part, record) for part in (before, after))
    measure = _measure(plain)
    if bool(more) == bool(less) or one is None or other is None or one == other:
        return
    values = [getattr(thing, measure) for thing in (one, other)]
    if None in values or any(f.is_share for f in sentence.claims if isinstance(f, Figure)):
        return
    if (values[0] <= values[1]) if more else (values[0] >= values[1]):
        yield " and ".join(_said(thing, value, measure, record) for thing, value in zip((one, other), values, strict=True))


def _named(plain: str, record: Record) -> Thing | None:
    """The one line or section that is named there."""
    lines, sections = _lines_beside(plain, record), record.things.sections_in(plain)
    every = [*lines, *sections] if not lines or not sections else []
    return every[0] if len(every) == 1 else None


def _tells_another_extreme(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """That a line or a section is the largest or the smallest, which another is."""
    plain = sentence.plain
    largest, smallest = _LARGEST.search(plain), _SMALLEST.search(plain)
    if bool(largest) == bool(smallest) or sentence.is_negated or sentence.is_asked or _OF_OTHERS.search(plain):
        return
    of_sections, measure = _OF_SECTIONS.search(plain) is not None, _measure(plain)
    if not of_sections and not _OF_LINES.search(plain) and measure == "amount":
        return
    every = record.things.sections if of_sections else record.things.lines
    named = record.things.sections_in(plain) if of_sections else record.things.lines_in(plain, sentence.places)
    values = [value for thing in every if (value := getattr(thing, measure)) is not None]
    if len(named) != 1 or len(values) < 2 or (value := getattr(named[0], measure)) is None:
        return
    end = (max if largest else min)(values)
    if value != end:
        holds = next(thing for thing in every if getattr(thing, measure) == end)
        yield f"{_said(holds, end, measure, record)}, the {'largest' if largest else 'smallest'}"


# Parts of a whole, in words

_PARTS = {
    "half": (r"half|halfte|moitie|mitad", 1 / 2),
    "two thirds": (r"two[ -]thirds|zwei drittel|deux tiers|dos tercios", 2 / 3),
    "three quarters": (r"three[ -]quarters|drei viertel|dreiviertel|trois quarts|tres cuartas? partes", 3 / 4),
    "a third": (r"(?:a|one)[ -]third|ein drittel|tiers|tercio|tercera parte", 1 / 3),
    "a quarter": (r"(?:a|one)[ -]quarter|ein viertel|quart|cuarta parte|cuarto", 1 / 4),
    "most": (r"most of|the majority|(?:der|den) grosteil|majeure partie|mayor parte", 1 / 2),
}
_PART_SAID = re.compile(
    r"(?<!\w)(?P<over>more than|over|well over|mehr als|uber|plus de|plus du|plus d'|mas de|mas del)?"
    r"(?P<under>(?:slightly )?less than|under|nearly|almost|just under|weniger als|knapp|fast|moins de|moins du|menos de"
    r"|casi|presque)?"
    r" ?(?:(?:the|die|das|der|la|le|un|una|un|ein|einem) )?"
    rf"(?:{'|'.join(f'(?P<p{n}>{words})' for n, (words, _) in enumerate(_PARTS.values()))})(?!\w)"
)
_OF_WHOLE = re.compile(
    r"(?<!\w)(?:total|subtotal|value|amount|sum|order|invoice|offer|quotation|price|cost|net|bill|gesamt\w*|summe|betrag|rechnungs\w*"
    r"|netto\w*|auftrags\w*|wert\w*|montant|valeur|facture|commande|importe|valor|pedido|factura|\w+'s)(?!\w)"
)
_ROUGH = 0.08


def _tells_another_part(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """That a line makes up half of the whole, where it does not."""
    told = _PART_SAID.search(sentence.plain)
    if told is None or sentence.is_negated or sentence.is_asked or not _OF_WHOLE.search(sentence.plain[told.end() :]):
        return
    thing, wholes = _named(sentence.plain[: told.start()], record), record.wholes
    if thing is None or thing.amount is None or not wholes:
        return
    part, (_, value) = next((n, entry) for n, entry in enumerate(_PARTS.values()) if told[f"p{n}"])
    is_most = list(_PARTS)[part] == "most"
    shares = [float(thing.amount / whole) for whole in wholes]
    if not any(_is_part(share, value, bool(told["over"]) or is_most, bool(told["under"])) for share in shares):
        yield f"{thing.called} is {shares[0]:.0%} of it".replace("%", " %")


def _is_part(share: float, part: float, over: bool, under: bool) -> bool:
    if over:
        return share >= part - 0.005
    if under:
        return part - 2 * _ROUGH <= share <= part + 0.005
    return abs(share - part) <= _ROUGH


# Sections

_IN_ALL = re.compile(
    r"(?<!\w)(?:in total|in all|altogether|together|comes? to|amounts? to|totals?|sums? to|insgesamt|zusammen|betragt|betragen"
    r"|au total|s'elevent? a|en total|asciende|ascienden|suman?)(?!\w)"
)

_SECTIONS_COUNTED = re.compile(
    rf"(?<![\w.,])(\d{{1,3}}|{'|'.join(_FOLDED_NUMBERS)}) (?:sections|abschnitte|gewerke|chapitres|lots|secciones"
    rf"|capitulos)(?!\w)"
)
_SOME_OF = re.compile(r"(?<!\w)(?:of|von|des|de|largest|other)(?!\w)")


def _tells_another_section(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """What a section comes to, and how many there are."""
    things, plain = record.things, sentence.plain
    if not things.sections or sentence.is_asked or sentence.is_negated:
        return
    counted = _SECTIONS_COUNTED.search(plain)
    if counted and not _SOME_OF.search(plain[max(0, counted.start() - 12) : counted.start()]):
        said = _FOLDED_NUMBERS.get(counted[1]) or int(counted[1] if counted[1].isdigit() else 0)
        if said and said > len(things.sections):
            yield f"there are {len(things.sections)} sections"
    named = things.sections_in(plain)
    if len(named) == 1 and len(sentence.figures) == 1 and _IN_ALL.search(plain) and not _lines_beside(plain, record):
        said_figure = sentence.figures[0]
        if named[0].amount is not None and not _is_near(said_figure, [named[0].amount]) and not _is_whole(said_figure, record):
            yield f"{named[0].called} comes to {record.money(named[0].amount)}"


_ADDED_UP = re.compile(
    r"(?<!\w)(?:(?:all |the |die |alle |les |toutes les |las |todas las )+(?:[a-z]+ )?)?"
    r"(?P<of>lines?|items|positions|posten|positionen|zeilen|lignes|postes|lineas|partidas)(?: \w+){0,2}? "
    r"(?:(?:add|sum)(?:s|med|ed)? (?:up )?to|total|come to|amount to|ergeben|summieren sich auf|belaufen sich auf"
    r"|s'elevent a|totalisent"
    r"|s'additionnent a|suman|ascienden a|sumadas dan)(?: (?:exactly|together|in all|zusammen|insgesamt|en total|un total de))?"
    r" (?:[a-z]{3} |[€$£] ?)?\Z"
)
_SOME = re.compile(
    r"(?<!\w)(?:of|von|des|de|two|three|four|zwei|drei|deux|trois|dos|tres|largest|first|other|these|those|\d+)(?!\w)"
)


def _adds_up_otherwise(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """What all the lines come to."""
    amounts = record.amounts
    if len(amounts) < 2 or sentence.places or sentence.is_negated or sentence.is_asked:
        return
    for figure in sentence.figures:
        before = sentence.before(figure)
        told = _ADDED_UP.search(before)
        is_all = told is not None and (not (some := _SOME.search(before[: told.end("of")])) or some[0] == str(len(amounts)))
        whole = sum(amounts.values(), Decimal(0))
        if is_all and not _is_near(figure, [whole]) and not record.things.lines_in(before):
            yield f"the lines come to {record.money(whole)}"


_TOTALS = {
    "subtotal": r"subtotal|net (?:total|amount)|zwischensumme|nettobetrag|sous-total|total ht|base imponible",
    "total_tax": r"tax|vat|mehrwertsteuer|mwst|steuer|tva|iva",
    "lines": r"lines|items|positions|positionen|posten|zeilen|lignes|postes|lineas|partidas",
    "total": r"total|gesamtbetrag|gesamtsumme|rechnungsbetrag|montant total|importe total",
}


def _total_named(plain: str, record: Record) -> Decimal | None:
    """Which of them a part of a sentence names: subtotal, tax, total, what the lines come to, or subtotal and tax together."""
    rest, named = plain, []
    for part, words in _TOTALS.items():
        if re.search(rf"(?<!\w)(?:{words})(?!\w)", rest):
            rest = re.sub(rf"(?<!\w)(?:{words})(?!\w)", "", rest)
            named.append(part)
    if named == ["lines"]:
        return sum(record.amounts.values(), Decimal(0)) or None
    fields = {"subtotal": "subtotal", "total_tax": "total_tax", "total": record.kind.total or ""}
    values = [number(record.case.data.get(fields[part])) for part in named if part in fields]
    is_sum = named == ["subtotal", "total_tax"]
    return sum(filter(None, values), Decimal(0)) if values and None not in values and (len(values) == 1 or is_sum) else None


def _differs_otherwise(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """ "The total is 200.00 more than subtotal and tax", where it is less."""
    than = _THAN.search(sentence.plain)
    if than is None or len(sentence.figures) != 1 or sentence.is_negated or sentence.is_asked:
        return
    figure = sentence.figures[0]
    at = figure.start - sentence.start
    more, less = (words.search(sentence.plain, at, than.start()) for words in (_MORE, _LESS))
    if bool(more) == bool(less) or at > than.start():
        return
    one, other = _total_named(sentence.plain[:at], record), _total_named(sentence.plain[than.end() :], record)
    if one is None or other is None or one == other:
        return
    if (one > other) != bool(more) or not _is_near(figure, [one - other]):
        yield f"it is {record.money(abs(one - other))} {'more' if one > other else 'less'}"


def _lines_beside(plain: str, record: Record) -> list[Thing]:
    """The lines that are named by other words than the sections are."""
    of_sections = {word for thing in record.things.sections for word in stems_of(plain_of(thing.called))}
    rest = " ".join(word for word in plain.split() if not stems_of(word) & of_sections)
    return record.things.lines_in(rest)


def _is_near(figure: Figure, values: Sequence[Decimal]) -> bool:
    slack = max(figure.slack, 0.005) + 1e-9
    return any(abs(abs(reading) - abs(float(value))) <= slack for reading in figure.readings for value in values)


def _is_whole(figure: Figure, record: Record) -> bool:
    return _is_near(figure, record.wholes)


# How many, and how much

_NEXT_WORDS = re.compile(
    r"\A(?: (?:m2|m3|m|kg|pcs|pieces|units|sets|stuck|of|x|von|de|des|d'|unidades|unites|new))* ?((?:[^\W\d_][\w'-]*[ ]?){1,2})"
)
_NO_COUNT = re.compile(
    r"\A ?(?:%|percent|prozent|pour cent|por ciento|[€$£]|[a-z]{3}(?= |[.,;]|\Z)(?<!set)(?<!van)(?<!kit)|[.,]\d|/|-)"
)
_IN_WORDS = re.compile(rf"(?<!\w)({'|'.join(word for word, n in _FOLDED_NUMBERS.items() if n > 1)})(?= )")
_TURNED = re.compile(
    r"(?<!\w)(?:than|less|more|other|instead|only|first|next|another|further|additional|weitere|als|que|autres|otros|only|about|around"
    r"|rather|or|oder|ou|zero|free)(?!\w)"
)


def _tells_another_quantity(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """ "12 shaft seal kits", of which there are 30."""
    if sentence.is_asked or sentence.is_negated or _TURNED.search(sentence.plain):
        return
    said_so = [(float(_FOLDED_NUMBERS[word[1]]), word.end()) for word in _IN_WORDS.finditer(sentence.plain)]
    for claim in sentence.claims:
        if isinstance(claim, Figure) and not (claim.decimals or claim.is_share or claim.slack):
            said_so.append((claim.readings[0], claim.start - sentence.start + len(claim.text)))
        elif isinstance(claim, Count) and claim.text[:1].isdigit():
            said_so.append((float(claim.number), claim.start - sentence.start + len(claim.text.split()[0])))
    for said, end in said_so:
        after = sentence.plain[end:]
        words = None if _NO_COUNT.match(after) else _NEXT_WORDS.match(after)
        lines = record.things.lines_in(words[1]) if words else []
        if len(lines) == 1 and lines[0].quantity is not None and _is_misplaced(said, lines[0], record):
            yield f"line {lines[0].place} has {quantity(lines[0].quantity)}"


def _is_misplaced(said: float, line: Thing, record: Record) -> bool:
    """Whether a figure is none of the line's: not its quantity, nor one of its text, nor what lines alike come to."""
    own = [value for value in (line.quantity, line.amount, line.unit_price) if value is not None]
    in_text = {reading for text in re.findall(r"\d[\d.,]*", line.text) for reading in readings_of(text)[0]}
    alike = sum((thing.quantity or Decimal(0) for thing in record.things.alike_in(line.text.lower())), Decimal(0))
    return said not in in_text and all(abs(said - float(value)) > 0.005 for value in (*own, alike))


_ALL_OF_IT = re.compile(
    r"(?<!\w)(?:total|subtotal|all|together|difference|instead|although|while|whereas|but|and|und|et|y|after|before|tax|vat|of"
    r"|gesamt\w*|zusammen|differenz|statt|obwohl|aber|insgesamt|nach|mwst|tva|iva|ensemble|mais|apres|juntos?|juntas?|pero|tras)(?!\w)"
)


def _tells_an_amount_of_another_line(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """ "The catalogue costs 300.00", which the posters do."""
    figures, lines = sentence.figures, record.things.lines_in(sentence.plain, sentence.places)
    if len(figures) != 1 or len(lines) != 1 or sentence.is_negated or sentence.is_asked or _ALL_OF_IT.search(sentence.plain):
        return
    line, figure = lines[0], figures[0]
    own = [value for value in (line.amount, line.unit_price) if value is not None]
    if line.amount is None or _is_near(figure, own) or _is_near(figure, record.expected) or _is_whole(figure, record):
        return
    others = [value for thing in record.things.lines if thing.place != line.place for value in (thing.amount, thing.unit_price)]
    if _is_near(figure, [value for value in others if value is not None]):
        yield f"line {line.place} is {record.money(line.amount)}"


# Sums and products



def _fig(name: str) -> str:
    currency = r"(?!mal|por|mas|und|fur|dan|ist|son)[a-z]{3}(?!\w)"
    number = r"\d{1,3}(?:[,.' ]\d{3})+(?:[.,]\d+)?(?!\d)|\d+(?:[.,]\d+)?"
    return rf"(?<![\d.,])(?P<{name}>{number})(?: ?[€$£]| {currency})?"


_SIGN = r"(?:[a-z]{3} |[€$£] ?)?"  # of a currency, before a figure
_GIVES = (
    r"(?: ?=| (?:\w+ )?(?:gives?|makes?|is|are|equals?|comes? to|yields?|totals?|ergibt|ergeben|macht|machen|sind|ist"
    r"|donnent?|font"
    r"|fait|dan?|son|hacen|es|suman?))(?: (?:exactly|correctly|genau|richtig|exactement|exactamente|rightly))? "
)
_WORKED = re.compile(
    _fig("a")
    + r"(?: (?:units?|pieces|stuck|unites|unidades))? ?"
    + r"(?P<how>x|×|\*|at|times|mal|fois|por|[+]|plus|mas|und|minus|menos|moins|-|−) ?"
    + _SIGN
    + _fig("b")
    + _GIVES
    + _SIGN
    + _fig("c")
)
_SUMS, _DIFFERENCES = ("+", "plus", "mas", "und"), ("minus", "menos", "moins", "-", "−")


def _calculates_otherwise(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """ "7 at 240.00 gives 1,860.00", which is no product of these."""
    for told in _WORKED.finditer(sentence.plain) if not sentence.is_negated and not sentence.is_asked else ():
        said, (one, some), (other, others) = readings_of(told["c"])[0], readings_of(told["a"]), readings_of(told["b"])
        results = [float(_worked(Decimal(str(a)), Decimal(str(b)), told["how"])) for a, b in product(one, other)]
        slack = 0.05 + _rounding(some) * max(other) + _rounding(others) * max(one)  # factors may be rounded: a price of 0.05
        if not any(abs(reading - result) <= slack for reading in said for result in results):
            yield f"{told['a']} {told['how']} {told['b']} is {record.money(Decimal(str(min(results))))}"


def _rounding(decimals: int) -> float:
    return 0.5 / 10**decimals if decimals else 0.0


def _worked(a: Decimal, b: Decimal, how: str) -> Decimal:
    if how in _SUMS:
        return a + b
    return a - b if how in _DIFFERENCES else a * b


# Faults that nobody found

_FAULT = re.compile(
    r"(?<!\w)(?:(?:contains?|has|have|shows?|with) (?:an? |some )?(?:\w+ )?(?:errors?|mistakes?|miscalculations?)"
    r"|(?:is|are|was|were) (?:\w+ )?(?:wrong|incorrect|miscalculated|false|inaccurate)|calculated (?:wrongly|incorrectly)"
    r"|(?:ist|sind|wurde) (?:\w+ )?(?:falsch|fehlerhaft|nicht richtig)(?: berechnet)?|enthalt (?:einen )?(?:rechen)?fehler"
    r"|(?:est|sont) (?:\w+ )?(?:incorrecte?s?|faux|fausses?|erronee?s?)"
    r"|(?:es|son) (?:\w+ )?(?:incorrect[oa]s?|erroneo?a?s?))(?!\w)"
)


def _faults_what_holds(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """ "Line 1 contains a calculation error", of which the check held."""
    places = sentence.places
    if len(places) != 1 or sentence.is_asked or not _FAULT.search(sentence.plain):
        return
    line = next((thing for thing in record.things.lines if thing.place == places[0]), None)
    if line is None or None in (line.quantity, line.unit_price, line.amount) or _is_found(line.place, record):
        return
    if (line.quantity or 0) * (line.unit_price or 0) == line.amount:
        yield f"line {line.place} was checked, and nothing differs"


def _is_found(place: int, record: Record) -> bool:
    """Whether any check found something about the line alone."""
    rows = record.case.data.get("line_items")
    row_id = rows[place - 1].get(ROW_ID) if isinstance(rows, list) else None
    return any(found.cells and all(f"[{row_id}]" in cell for cell in found.cells) for found in record.case.findings)


RULES: tuple[Callable[[JudgedSentence, Record], Iterator[str]], ...] = (
    _compares_otherwise,
    _tells_another_extreme,
    _tells_another_part,
    _tells_another_section,
    _adds_up_otherwise,
    _differs_otherwise,
    _tells_another_quantity,
    _tells_an_amount_of_another_line,
    _calculates_otherwise,
    _faults_what_holds,
)
