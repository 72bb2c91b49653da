"""What a statement says against the record: another amount than is owed, advice that findings forbid, a passed day as to come."""

import re
from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from decimal import Decimal

from kraftd_core.document.checks.model import Finding, lines_of, number
from kraftd_core.document.checks.words import FIGURES, unchecked_said, verdict
from kraftd_core.document.jsontypes import ROW_ID
from kraftd_core.document.wording import clipped, how_many, in_sentence, percent
from kraftd_core.thinking.confidence import confidence
from kraftd_core.thinking.grounding.claims import Claim, Figure, LineNumber
from kraftd_core.thinking.grounding.phrases import PHRASES
from kraftd_core.thinking.grounding.phrases.model import plain_of
from kraftd_core.thinking.grounding.record import Record, is_of
from kraftd_core.thinking.grounding.sentences import JudgedSentence, sentences_of

_LONGEST_TOLD = 100  # characters of a finding that is quoted
_SHORTEST = 7  # characters of a sentence that can deny something


def contradictions_in(text: str, claims: Sequence[Claim], record: Record, language: str = "en") -> list[str]:
    """What of the record each sentence of a statement contradicts, in short words; each once.

    The language is that of sentences which do not tell theirs; one in a language without phrases is not judged.
    """
    told = (sentence for sentence in sentences_of(text, claims, language) if len(sentence.text) >= _SHORTEST)
    sentences = (sentence for sentence in told if sentence.language in PHRASES)
    found = (told for sentence in sentences for rule in _RULES for told in rule(sentence, record))
    return list(dict.fromkeys(filter(None, found)))


# Paying


def _instruction(sentence: JudgedSentence) -> re.Match[str] | None:
    """Where it is told to pay; that it is not to be done, was done or is asked about is no such thing."""
    told = sentence.said.pay.search(sentence.plain)
    return None if told is None or sentence.said.not_to.search(sentence.plain[: told.end()]) else told


def _pays_otherwise(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    payment = record.payment
    told = _instruction(sentence) if payment is not None and not record.quotes(sentence.text) else None
    if told is None or payment is None:
        return
    if not payment.is_asked_for and payment.way != "unknown":
        yield record.how_it_stands
        return
    amounts = [figure for figure in sentence.figures if figure.start - sentence.start >= told.start()] or sentence.figures
    if amounts and payment.amount is not None and not any(_is_one_of(figure, record.may_be_paid) for figure in amounts):
        yield record.how_it_stands
    if record.errors and not sentence.said.condition.search(sentence.plain):
        yield f"{how_many(len(record.errors), 'error')} to be cleared up first"


def _is_one_of(figure: Figure, amounts: Sequence[Decimal]) -> bool:
    slack = max(figure.slack, 0.005) + 1e-9
    return any(abs(abs(reading) - abs(float(amount))) <= slack for reading in figure.readings for amount in amounts)


def _owes_otherwise(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    payment, said = record.payment, sentence.said
    if payment is None or payment.amount is None:
        return
    for figure in sentence.figures:
        before, after = sentence.before(figure), sentence.after(figure)
        is_named = said.owed_before.search(before) or _owed_behind(sentence, figure, after)
        if is_named and not said.not_owed.search(before) and not _is_one_of(figure, [payment.amount]):
            yield record.how_it_stands


def _owed_behind(sentence: JudgedSentence, figure: Figure, after: str) -> bool:
    """Whether what follows says that this figure is owed, and not another one that stands between."""
    told = sentence.said.owed_after.match(after)
    if told is None:
        return False
    end = figure.start + len(figure.text)
    return not any(end <= other.start < end + told.end() for other in sentence.figures)


def _tells_the_owed_as_paid(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    payment, said = record.payment, sentence.said
    if payment is None or not payment.is_asked_for or not payment.amount or sentence.is_asked:
        return
    told = said.settled.search(sentence.plain)
    if told and not _is_turned(said.negated, sentence.plain, told) and not said.part.search(sentence.plain):
        yield record.how_it_stands


def _is_turned(negated: re.Pattern[str], plain: str, told: re.Match[str]) -> bool:
    """Whether a denial stands outside of what was found, which may hold one itself."""
    return any(not told.start() <= other.start() < told.end() for other in negated.finditer(plain))


def _tells_the_paid_as_owed(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    payment, said = record.payment, sentence.said
    if payment is None or payment.way not in ("paid", "credit", "card", "direct_debit") or sentence.is_asked:
        return
    told = said.unsettled.search(sentence.plain)
    if told and not said.not_owed.search(sentence.plain[: told.start()]):
        yield record.how_it_stands


_PREPAID = ("prepaid_amount", "deposit", "deposit_amount", "advance_payment", "amount_paid", "paid_amount")


def _denies_a_prepayment(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    if not sentence.said.no_prepayment.search(sentence.plain) or sentence.is_asked:
        return
    data = record.case.data
    for name in _PREPAID:
        if isinstance(value := data.get(name), (int, float)) and value:
            yield f"the {in_sentence(name)} is {record.money(Decimal(str(value)))}"
            return


# Days


def _tells_the_passed_as_to_come(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    passed = [(claim, day) for claim, day in sentence.days if day < record.case.as_of]
    if not passed or sentence.said.passed.search(sentence.plain) or record.quotes(sentence.text):
        return
    for claim, gone in passed:
        said = sentence.said
        if said.to_come_before.search(sentence.before(claim)) or said.to_come_after.match(sentence.after(claim)):
            yield f"{gone} has passed"


def _tells_what_is_to_come_as_passed(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """That a payment is late while its day is to come, or nothing of it is owed."""
    payment, told = record.payment, sentence.said.late.search(sentence.plain)
    if told is None or _IF.search(sentence.plain) or _is_turned(sentence.said.negated, sentence.plain[: told.end()], told):
        return
    if any(day < record.case.as_of for _, day in sentence.days):
        return
    if payment is not None and payment.way in ("paid", "credit"):
        yield record.how_it_stands
    elif record.due is not None and record.due >= record.case.as_of:
        yield f"the {in_sentence(record.kind.due or '')} {record.due} is to come"


_IF = re.compile(r"(?<!\w)(?:whether|if|ob|falls|wenn|si|s'il|when|unless|once)(?!\w)")
_STAND_UNTIL = ("valid_until", "end_date", "response_due_date")


def _tells_time_that_is_over(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """That there is time left, or that an offer still stands, while its day has passed."""
    due, said = record.due, sentence.said
    if due is None or due >= record.case.as_of or sentence.is_asked:
        return
    stands = record.kind.due in _STAND_UNTIL and not sentence.is_negated and said.valid.search(sentence.plain)
    is_settled = record.payment is not None and record.payment.way in ("paid", "credit")
    if stands or (said.in_time.search(sentence.plain) and not is_settled):
        yield from _quoted(record.found_by(("overdue",)))
        if record.found_by(("overdue",)) is None:
            yield f"the {in_sentence(record.kind.due or '')} {due} has passed"


# Findings

_LINES_SAID = r"(?:lines?|items?|positions?|amounts|positionen|posten|zeilen|lignes|postes|lineas|partidas)"
_SUM_SAID = r"(?:add(?:s|ed)? up to|ergeben|s'additionnent|suman|sum to|entspr\w+|correspond\w*|equals?|come to)"
_TAX_SAID = r"(?<!\w)(?:tax(?:es)?|vat|mwst|ust|\w*steuer|tva|taxes?|iva|impuestos?)(?!\w)"
_ONE_LINE_SAID = r"(?<!\w)(?:lines?|positions?|items?|ligne|linea|posten|zeile) \d|multipli"
_OF_ONE_CHECK = (
    (re.compile(rf"{_LINES_SAID}(?!\w).{{0,40}}{_SUM_SAID}"), ("line_sum",)),
    (re.compile(_TAX_SAID), ("tax", "tax_base", "rate", "total")),
    (re.compile(_ONE_LINE_SAID), ("line_amount",)),
)
_EXCEPT = re.compile(
    r"(?<!\w)(?:apart from|aside from|except(?:ing)?|other than|besides|save for|but for|bis auf|abgesehen|au[sß]+er"
    r"|mit ausnahme|sauf"
    r"|hormis|a part|a l'exception|excepte|salvo|excepto|menos|aparte)(?!\w)"
)
_ERRORS = re.compile(r"(?<!\w)(?:errors?|mistakes?|\w*fehler\w*|erreurs?|fautes?|errores|error)(?!\w)")


def _denies_a_finding(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    plain, said = sentence.plain, sentence.said
    if sentence.is_asked or _EXCEPT.search(plain):
        return
    if told := said.no_fault.search(plain):
        yield from _of_no_fault(plain, record, _rows_named(sentence, told, record))
    elif (told := said.right.search(plain)) and said.figures.search(plain) and not sentence.is_negated:
        yield from _of_the_figures(sentence, record, _rows_named(sentence, told, record))
    if said.no_risk.search(plain) and record.doubts:
        yield from _quoted(record.doubts[0])
    for denied, checks in (
        (said.complete, ("required",)), (said.same_bank, ("bank_changed",)),
        (said.no_double, ("duplicate_line", "number_known")),
    ):
        told = denied.search(plain)
        if told and not _is_turned(said.negated, plain, told):
            yield from _quoted(record.found_by(checks))


_TURN = re.compile(r"(?<!\w)(?:while|whereas|although|wahrend|aber|jedoch|mais|alors que|tandis que|pero|mientras)(?!\w)")


def _rows_named(sentence: JudgedSentence, told: re.Match[str], record: Record) -> list[str]:
    """The rows that are named in the part of the sentence in which it is told: "line 1 is right, while line 2 is not"."""
    turns = [turn.start() for turn in _TURN.finditer(sentence.plain)]
    begins = max((turn for turn in turns if turn <= told.start()), default=0)
    ends = min((turn for turn in turns if turn >= told.end()), default=len(sentence.plain))
    lines = lines_of(record.case.data)
    named = [claim for claim in sentence.claims if isinstance(claim, LineNumber)]
    within = [claim for claim in named if begins <= claim.start - sentence.start < ends]
    return [str(lines[claim.number - 1].row.get(ROW_ID)) for claim in within if 1 <= claim.number <= len(lines)]


_NO = re.compile(r"(?<!\w)(?:no|nothing|none|missing)(?!\w)")
_GIVEN = re.compile(
    r"(?<!\w)(?:is|are|was|were) (?:\w+ )?(?:stated|given|present|shown|provided|included|indicated|available|there|known)(?!\w)"
)


def _tells_the_missing_as_given(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    plain = sentence.plain
    if sentence.language != "en" or sentence.is_asked or sentence.is_negated or _NO.search(plain) or not _GIVEN.search(plain):
        return
    for finding in record.case.findings:
        labels = [re.escape(in_sentence(cell).lower()) for cell in finding.cells]
        if finding.check == "required" and any(re.search(rf"(?<!\w){label}(?!\w)", plain) for label in labels):
            yield from _quoted(finding)


def _of_no_fault(plain: str, record: Record, rows: Sequence[str]) -> Iterator[str]:
    """What differs of the figures, else the gravest of what was found; no error is one thing, nothing at all another."""
    of_figures = record.found_by(tuple(FIGURES), rows)
    yield from _quoted(of_figures)
    if rows:
        return
    against = record.errors if _ERRORS.search(plain) else record.doubts
    if against and (of_figures is None or record.errors):
        yield from _quoted(against[0])


def _says_what_is_right(sentence: JudgedSentence, differs: Finding) -> bool:
    """Whether it states the figure that the check expected: "subtotal and tax sum to 9,600.00"."""
    expected, found = (None if text is None else number(_figure_in(text)) for text in (differs.expected, differs.found))
    said = sentence.figures
    return bool(
        expected is not None and any(_is_one_of(f, [expected]) for f in said)
        and not (found is not None and any(_is_one_of(f, [found]) for f in said))
    )


def _figure_in(text: str) -> float | None:
    """The figure that a finding holds as text; None where it holds none."""
    return float(text) if re.fullmatch(r"-?\d{1,15}(?:\.\d{1,6})?", text) else None


def _of_the_figures(sentence: JudgedSentence, record: Record, rows: Sequence[str]) -> Iterator[str]:
    """What differs of the figures that are called right, or that they were not compared."""
    checks = next((checks for words, checks in _OF_ONE_CHECK if words.search(sentence.plain)), tuple(FIGURES))
    known = [answer for answer in record.answers if answer.check in checks and is_of(answer, rows)]
    stands = verdict(known)
    if stands == "differs":
        yield from _quoted(next((a for a in known if a.answer == "differs" and not _says_what_is_right(sentence, a)), None))
    elif stands == "not_checked":
        unchecked = unchecked_said(known) or "The figures could not be compared."
        yield unchecked[0].lower() + unchecked[1:].rstrip(".")


def _quoted(finding: Finding | None) -> Iterator[str]:
    if finding is not None:
        yield clipped(finding.message, _LONGEST_TOLD).rstrip(".")


# The largest line, who bills whom, and how sure it is

_LARGEST = re.compile(
    r"(?<!\w)(?<!second )(?<!third )(?<!\d )(?<!ten )(?<!five )(?:largest|biggest|most expensive|highest|gros+te|hochste|teuerste"
    r"|plus (?:importante?|elevee?|grande?|grosse|chere?)|mayor|mas (?:alta|cara|importante))(?!\w)"
)
_OF_LINES = re.compile(
    r"(?<!\w)(?:lines?|items?|positions?|posten|positionen|zeile|ligne|poste|lignes|postes|linea|partida|posicion|article"
    r"|articulo|share|anteil|part|parte)(?!\w)"
)
_OTHER_LARGEST = re.compile(
    r"(?<!\w)(?:sections?|abschnitt\w*|unit prices?|einzelpreis\w*|prix unitaire|precio unitario|quantit\w+|menge\w*"
    r"|cantidad\w*|rates?)(?!\w)"
)


def _tells_another_largest_line(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    plain, amounts = sentence.plain, record.amounts
    if not amounts or not _LARGEST.search(plain) or not _OF_LINES.search(plain) or _OTHER_LARGEST.search(plain):
        return
    most = max(amounts.values())
    place = next(place for place, amount in amounts.items() if amount == most)
    told = f"line {place} is the largest: {record.money(most)}"
    places = sentence.places or _lines_described(sentence, record)
    if len(places) == 1 and amounts.get(places[0], most) != most:
        yield told
    elif len(sentence.figures) == 1 and not _is_one_of(sentence.figures[0], [most]):
        yield from [told] if _is_one_of(sentence.figures[0], list(amounts.values())) else []


def _lines_described(sentence: JudgedSentence, record: Record) -> list[int]:
    """The lines that are meant by a word of their description which no other line has."""
    words = {word[:_STEM] for word in re.findall(r"[^\W\d_]{5,}", sentence.plain)}
    described = [
        {word[:_STEM] for word in re.findall(r"[^\W\d_]{5,}", plain_of(str(line.row.get("description") or "")))}
        for line in lines_of(record.case.data)[:_MOST_DESCRIBED]
    ]
    counts = Counter(word for line in described for word in line)
    return [place for place, line in enumerate(described, 1) if any(counts[word] == 1 for word in words & line)]


def _swaps_the_parties(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """That the customer bills or supplies, or the supplier orders."""
    vendor, customer = record.parties
    if not vendor or not customer or (record.payment and record.payment.way == "credit"):
        return
    plain, said = sentence.plain, sentence.said
    first, other = plain.find(vendor), plain.find(customer)
    orders = first >= 0 and said.orders.match(plain[first + len(vendor) :].lstrip(" ,"))
    if orders or (other >= 0 and _acts_as_supplier(sentence, other, other + len(customer), first, record)):
        yield f"the supplier is {clipped(str(record.case.data['vendor_name']), 60)}"


_WROTE = ("invoice", "quotation", "receipt")  # which the supplier issues


def _acts_as_supplier(sentence: JudgedSentence, start: int, end: int, vendor: int, record: Record) -> bool:
    """Whether the customer, named there, is said to bill or supply, or to be whom the document is from."""
    plain, said = sentence.plain, sentence.said
    if said.issues.match(plain[end:].lstrip(" ,")):
        return True
    if record.kind.name not in _WROTE:
        return False
    goes_to = re.match(r"(?:to|an|fur|pour|a|para)(?!\w)", plain[end:].lstrip(" ,"))
    is_from = said.from_to.search(plain[:start])
    return bool(is_from and goes_to and vendor > start) or said.made_by.search(plain[:start]) is not None


_STEM, _MOST_DESCRIBED = 5, 50
_SURE = re.compile(
    r"(?<!\w)(?:confiden(?:ce|t)|certain(?:ty)?|konfidenz|sicherheit|zuverlassigkeit|confiance|certitude|confianza|certeza)(?!\w)"
)
_OVERALL = re.compile(r"(?<!\w)(?:overall|total|summary|our|my|i am|gesamt\w*|insgesamt|global\w*|general|mi|ma|notre)(?!\w)")


def _tells_another_confidence(sentence: JudgedSentence, record: Record) -> Iterator[str]:
    """How sure the whole is, which is calculated from the reading, the checks and the prose, and never asked of a model."""
    shares = [claim for claim in sentence.claims if isinstance(claim, Figure) and claim.is_share]
    if not shares or not _SURE.search(sentence.plain) or not _OVERALL.search(sentence.plain):
        return
    known = confidence(record.case)
    if known is None:
        yield "how sure the reading is was not measured"
    elif all(int(known * 100) not in (int(reading) for reading in share.readings) for share in shares):
        yield f"how sure it is was calculated: at most {percent(known)}"


_RULES: tuple[Callable[[JudgedSentence, Record], Iterator[str]], ...] = (
    _pays_otherwise,
    _owes_otherwise,
    _tells_the_owed_as_paid,
    _tells_the_paid_as_owed,
    _denies_a_prepayment,
    _tells_the_passed_as_to_come,
    _tells_what_is_to_come_as_passed,
    _tells_time_that_is_over,
    _denies_a_finding,
    _tells_the_missing_as_given,
    _tells_another_largest_line,
    _swaps_the_parties,
    _tells_another_confidence,
)
