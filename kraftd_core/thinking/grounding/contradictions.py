"""What a statement says against the record: another amount than is owed, advice that findings forbid, a passed day as to come."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from kraftd_core.document.checks.checking import answers
from kraftd_core.document.checks.model import Finding, day, lines_of
from kraftd_core.document.checks.words import FIGURES, unchecked_said, verdict
from kraftd_core.document.jsontypes import ROW_ID
from kraftd_core.document.kinds import DocumentKind, kind_of
from kraftd_core.document.wording import clipped, how_many, in_sentence, label_of, money, percent
from kraftd_core.ports.thinking import Case
from kraftd_core.thinking.confidence import confidence
from kraftd_core.thinking.grounding.claims import Claim, Currency, Day, Figure, LineNumber
from kraftd_core.thinking.grounding.evidence import Evidence
from kraftd_core.thinking.grounding.phrases import PHRASES, Phrases, plain_of
from kraftd_core.thinking.languages import language_of
from kraftd_core.thinking.payment import Payment, payment_of

_LONGEST_TOLD = 100  # characters of a finding that is quoted
_MOST_SHARES = 20
_QUOTED = 60  # characters that a quotation has in common with what it quotes
_NEAR = 100  # characters around a claim that say what it is


_WAYS = {
    "to_pay": "{amount} is left to pay",
    "paid": "nothing is left to pay",
    "card": "it is charged to a card",
    "direct_debit": "it is collected by direct debit",
    "credit": "it gives {amount} back",
}


class Record:
    """What holds of a case, whoever speaks of it."""

    def __init__(self, evidence: Evidence) -> None:
        self.case: Case = evidence.case
        self._shares = evidence.shares

    @cached_property
    def payment(self) -> Payment | None:
        """What the document asks to be paid."""
        return payment_of(self.case.data, self.case.document_type)

    @cached_property
    def how_it_stands(self) -> str:
        """What is to be paid, in short words; empty where the document asks for nothing, or does not say how much."""
        payment = self.payment
        if payment is None or payment.amount is None:
            return ""
        return _WAYS.get(payment.way, "").format(amount=self.money(payment.amount))

    @cached_property
    def due(self) -> date | None:
        """The day by which the document asks for something, or until which it stands."""
        return day(self.case.data.get(self.kind.due or ""))

    @cached_property
    def kind(self) -> DocumentKind:
        """What kind of document it is."""
        return kind_of(self.case.data.get("document_type") or self.case.document_type)

    @cached_property
    def doubts(self) -> list[Finding]:
        """What the checks found that asks to be confirmed or corrected, the gravest first."""
        return [*self.errors, *(finding for finding in self.case.findings if finding.severity == "warning")]

    @cached_property
    def amounts(self) -> dict[int, Decimal]:
        """The amounts of the line items, by their places from 1."""
        known = ((line.index + 1, line.number("amount")) for line in lines_of(self.case.data))
        return {place: amount for place, amount in known if amount is not None}

    @cached_property
    def errors(self) -> list[Finding]:
        """What has to be cleared up before anything is paid."""
        return [finding for finding in self.case.findings if finding.severity == "error"]

    @cached_property
    def answers(self) -> list[Finding]:
        """What the checks answer of the figures, also where they held."""
        every = answers({"document_type": self.case.document_type} | self.case.data, self.case.as_of)
        return [answer for answer in every if answer.check in FIGURES]

    def found_by(self, checks: Sequence[str], rows: Sequence[str] = ()) -> Finding | None:
        """The first finding of these checks; of these rows, where a statement speaks of them."""
        return next((found for found in self.case.findings if found.check in checks and _is_of(found, rows)), None)

    @cached_property
    def may_be_paid(self) -> list[Decimal]:
        """The amounts that it is right to pay: what is owed, and that less a discount or a part that the terms state."""
        payment = self.payment
        if payment is None or payment.amount is None:
            return []
        shares = [Decimal(str(share)) for share in self._shares if 0 < share < 100]
        terms = [value for name, value in self.case.data.items() if re.search("terms|instal|deposit|payment", name.lower())]
        stated = re.findall(r"\d[\d,]*\.\d\d\b|\b\d{1,3}(?:,\d{3})+\b", " ".join(map(str, terms)))
        parts = [payment.amount * (100 - share) / 100 for share in shares[:_MOST_SHARES]]
        return [payment.amount, *parts, *(Decimal(text.replace(",", "")) for text in stated[:_MOST_SHARES])]

    def quotes(self, text: str) -> bool:
        """Whether a sentence names a field and repeats its text: what the document says, and nobody's advice."""
        label, _, said = text.partition(": ")
        said = said.rstrip(".…")[:_QUOTED]
        fields = ((label_of(name), value) for name, value in self.case.data.items() if isinstance(value, str))
        return bool(said) and any(name == label and " ".join(value.split()).startswith(said) for name, value in fields)

    def money(self, amount: Decimal) -> str:
        """An amount in the document's currency."""
        currency = self.case.data.get("currency")
        return money(amount, currency if isinstance(currency, str) and len(currency) <= 5 else "")


def _is_of(finding: Finding, rows: Sequence[str]) -> bool:
    return not rows or any(f"[{row}]" in cell for row in rows for cell in finding.cells)


@dataclass(frozen=True)  # without slots, so that what several rules ask is found once
class _Sentence:
    """A sentence in its language, with the claims that stand in it; `start` is where it begins in the statement."""

    text: str
    start: int
    claims: Sequence[Claim]
    language: str

    @cached_property
    def plain(self) -> str:
        """The text as the phrases are written."""
        return plain_of(self.text)

    @property
    def said(self) -> Phrases:
        """How one says things in its language."""
        return PHRASES[self.language]

    @cached_property
    def is_asked(self) -> bool:
        """Whether it is advice to look, or a condition, and claims nothing."""
        return self.said.asked.search(self.plain) is not None

    @cached_property
    def is_negated(self) -> bool:
        """Whether something in it turns a claim round, or takes something out of it."""
        return self.said.negated.search(self.plain) is not None

    @cached_property
    def figures(self) -> list[Figure]:
        """The amounts of money: with cents, or beside a currency."""
        signs = [claim.start for claim in self.claims if isinstance(claim, Currency)]
        return [
            claim
            for claim in self.claims
            if isinstance(claim, Figure)
            and not claim.is_share
            and (claim.decimals == 2 or any(-5 <= sign - claim.start <= len(claim.text) + 1 for sign in signs))
        ]

    @cached_property
    def days(self) -> list[tuple[Day, date]]:
        """The days that are named with their year, where they can be read in one way only."""
        found = []
        for claim in self.claims:
            if isinstance(claim, Day) and len(claim.readings) == 1 and None not in claim.readings[0]:
                year, month, of_month = (part or 0 for part in claim.readings[0])
                try:
                    found.append((claim, date(year, month, of_month)))
                except ValueError:  # none of the calendar
                    continue
        return found

    @cached_property
    def places(self) -> list[int]:
        """The lines that it names."""
        return [claim.number for claim in self.claims if isinstance(claim, LineNumber)]

    def before(self, claim: Claim) -> str:
        """What stands right before a claim."""
        place = claim.start - self.start
        return self.plain[max(0, place - _NEAR) : place]

    def after(self, claim: Claim) -> str:
        """What stands right after a claim."""
        end = claim.start - self.start + len(claim.text)
        return self.plain[end : end + _NEAR]


def contradictions_in(text: str, claims: Sequence[Claim], record: Record, language: str = "en") -> list[str]:
    """What of the record each sentence of a statement contradicts, in short words; each once.

    The language is that of sentences which do not tell theirs; one in a language without phrases is not judged.
    """
    sentences = (sentence for sentence in _sentences(text, claims, language) if sentence.language in PHRASES)
    found = (told for sentence in sentences for rule in _RULES for told in rule(sentence, record))
    return list(dict.fromkeys(filter(None, found)))


_END = re.compile(r"(?<=[^\W\d_)\"”][.!?])\s+|(?<=[\d%][.!?])\s+(?=[^\W\d_])|\n|;\s")


def _sentences(text: str, claims: Sequence[Claim], language: str) -> Iterator[_Sentence]:
    inside = [(claim.start, claim.start + len(claim.text)) for claim in claims if isinstance(claim, Day)]
    ends_at = [match.end() for match in _END.finditer(text)]
    starts = [0, *(end for end in ends_at if not any(first < end < last for first, last in inside))]  # "4. November" is one
    for start, end in zip(starts, [*starts[1:], len(text)], strict=True):
        own = [claim for claim in claims if start <= claim.start < end]
        yield _Sentence(text[start:end], start, own, language_of(text[start:end], language))


# Paying


def _instruction(sentence: _Sentence) -> re.Match[str] | None:
    """Where it is told to pay; that it is not to be done, was done or is asked about is no such thing."""
    told = sentence.said.pay.search(sentence.plain)
    return None if told is None or sentence.said.not_to.search(sentence.plain[: told.start()]) else told


def _pays_otherwise(sentence: _Sentence, record: Record) -> Iterator[str]:
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


def _owes_otherwise(sentence: _Sentence, record: Record) -> Iterator[str]:
    payment, said = record.payment, sentence.said
    if payment is None or payment.amount is None:
        return
    for figure in sentence.figures:
        before, after = sentence.before(figure), sentence.after(figure)
        is_named = said.owed_before.search(before) or _owed_behind(sentence, figure, after)
        if is_named and not said.not_owed.search(before) and not _is_one_of(figure, [payment.amount]):
            yield record.how_it_stands


def _owed_behind(sentence: _Sentence, figure: Figure, after: str) -> bool:
    """Whether what follows says that this figure is owed, and not another one that stands between."""
    told = sentence.said.owed_after.match(after)
    if told is None:
        return False
    end = figure.start + len(figure.text)
    return not any(end <= other.start < end + told.end() for other in sentence.figures)


def _tells_the_owed_as_paid(sentence: _Sentence, record: Record) -> Iterator[str]:
    payment, said = record.payment, sentence.said
    if payment is None or not payment.is_asked_for or not payment.amount or sentence.is_asked:
        return
    told = said.settled.search(sentence.plain)
    if told and not _is_turned(said.negated, sentence.plain, told) and not said.part.search(sentence.plain):
        yield record.how_it_stands


def _is_turned(negated: re.Pattern[str], plain: str, told: re.Match[str]) -> bool:
    """Whether a denial stands outside of what was found, which may hold one itself."""
    return any(not told.start() <= other.start() < told.end() for other in negated.finditer(plain))


def _tells_the_paid_as_owed(sentence: _Sentence, record: Record) -> Iterator[str]:
    payment, said = record.payment, sentence.said
    if payment is None or payment.way not in ("paid", "credit", "card", "direct_debit") or sentence.is_asked:
        return
    told = said.unsettled.search(sentence.plain)
    if told and not said.not_owed.search(sentence.plain[: told.start()]):
        yield record.how_it_stands


_PREPAID = ("prepaid_amount", "deposit", "deposit_amount", "advance_payment", "amount_paid", "paid_amount")


def _denies_a_prepayment(sentence: _Sentence, record: Record) -> Iterator[str]:
    if not sentence.said.no_prepayment.search(sentence.plain) or sentence.is_asked:
        return
    data = record.case.data
    for name in _PREPAID:
        if isinstance(value := data.get(name), (int, float)) and value:
            yield f"the {in_sentence(name)} is {record.money(Decimal(str(value)))}"
            return


# Days


def _tells_the_passed_as_to_come(sentence: _Sentence, record: Record) -> Iterator[str]:
    passed = [(claim, day) for claim, day in sentence.days if day < record.case.as_of]
    if not passed or sentence.said.passed.search(sentence.plain):
        return
    for claim, gone in passed:
        if sentence.said.to_come_before.search(sentence.before(claim)) or sentence.said.to_come_after.match(sentence.after(claim)):
            yield f"{gone} has passed"


def _tells_what_is_to_come_as_passed(sentence: _Sentence, record: Record) -> Iterator[str]:
    """That a payment is late while its day is to come, or nothing of it is owed."""
    payment, told = record.payment, sentence.said.late.search(sentence.plain)
    if told is None or sentence.is_asked or _is_turned(sentence.said.negated, sentence.plain[: told.end()], told):
        return
    if any(day < record.case.as_of for _, day in sentence.days):
        return
    if payment is not None and payment.way in ("paid", "credit"):
        yield record.how_it_stands
    elif record.due is not None and record.due >= record.case.as_of:
        yield f"the {in_sentence(record.kind.due or '')} {record.due} is to come"


_STAND_UNTIL = ("valid_until", "end_date", "response_due_date")


def _tells_time_that_is_over(sentence: _Sentence, record: Record) -> Iterator[str]:
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

_OF_ONE_CHECK = (
    (re.compile(r"(?:lines?|items?|positions?|amounts|positionen|posten|zeilen|lignes|postes|lineas|partidas)(?!\w).{0,40}"
                r"(?:add(?:s|ed)? up to|ergeben|s'additionnent|suman|sum to)"), ("line_sum",)),
    (re.compile(r"(?<!\w)(?:tax(?:es)?|vat|mwst|ust|\w*steuer|tva|taxes?|iva|impuestos?)(?!\w)"), ("tax", "tax_base", "rate", "total")),
    (re.compile(r"(?<!\w)(?:lines?|positions?|items?|ligne|linea|posten|zeile) \d|multipli"), ("line_amount",)),
)  # fmt: skip
_EXCEPT = re.compile(
    r"(?<!\w)(?:apart from|aside from|except(?:ing)?|other than|besides|save for|but for|bis auf|abgesehen|au[sß]+er|mit ausnahme|sauf"
    r"|hormis|a part|a l'exception|excepte|salvo|excepto|menos|aparte)(?!\w)"
)
_ERRORS = re.compile(r"(?<!\w)(?:errors?|mistakes?|\w*fehler\w*|erreurs?|fautes?|errores|error)(?!\w)")


def _denies_a_finding(sentence: _Sentence, record: Record) -> Iterator[str]:
    plain, said = sentence.plain, sentence.said
    if sentence.is_asked or _EXCEPT.search(plain):
        return
    rows = _rows_named(sentence, record)
    if said.no_fault.search(plain):
        yield from _of_no_fault(plain, record, rows)
    elif said.right.search(plain) and said.figures.search(plain) and not sentence.is_negated:
        yield from _of_the_figures(plain, record, rows)
    if said.no_risk.search(plain) and record.doubts:
        yield from _quoted(record.doubts[0])
    for denied, checks in (
        (said.complete, ("required",)), (said.same_bank, ("bank_changed",)),
        (said.no_double, ("duplicate_line", "number_known")),
    ):
        told = denied.search(plain)
        if told and not _is_turned(said.negated, plain, told):
            yield from _quoted(record.found_by(checks))


def _rows_named(sentence: _Sentence, record: Record) -> list[str]:
    lines = lines_of(record.case.data)
    return [str(lines[n - 1].row.get(ROW_ID)) for n in sentence.places if 1 <= n <= len(lines)]


def _of_no_fault(plain: str, record: Record, rows: Sequence[str]) -> Iterator[str]:
    """What differs of the figures, else the gravest of what was found; no error is one thing, nothing at all another."""
    of_figures = record.found_by(tuple(FIGURES), rows)
    yield from _quoted(of_figures)
    if rows:
        return
    against = record.errors if _ERRORS.search(plain) else record.doubts
    if against and (of_figures is None or record.errors):
        yield from _quoted(against[0])


def _of_the_figures(plain: str, record: Record, rows: Sequence[str]) -> Iterator[str]:
    """What differs of the figures that are called right, or that they were not compared."""
    checks = next((checks for words, checks in _OF_ONE_CHECK if words.search(plain)), tuple(FIGURES))
    known = [answer for answer in record.answers if answer.check in checks and _is_of(answer, rows)]
    stands = verdict(known)
    if stands == "differs":
        yield from _quoted(next(answer for answer in known if answer.answer == "differs"))
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
    r"(?<!\w)(?:lines?|items?|positions?|posten|positionen|zeile|ligne|poste|lignes|postes|linea|partida|posicion|article|articulo)(?!\w)"
)
_OTHER_LARGEST = re.compile(
    r"(?<!\w)(?:sections?|abschnitt\w*|unit prices?|einzelpreis\w*|prix unitaire|precio unitario|quantit\w+|menge\w*|cantidad\w*|rates?)(?!\w)"
)


def _tells_another_largest_line(sentence: _Sentence, record: Record) -> Iterator[str]:
    plain, amounts = sentence.plain, record.amounts
    if not amounts or not _LARGEST.search(plain) or not _OF_LINES.search(plain) or _OTHER_LARGEST.search(plain):
        return
    most = max(amounts.values())
    place = next(place for place, amount in amounts.items() if amount == most)
    told = f"line {place} is the largest: {record.money(most)}"
    if len(sentence.places) == 1 and amounts.get(sentence.places[0], most) != most:
        yield told
    elif len(sentence.figures) == 1 and not _is_one_of(sentence.figures[0], [most]):
        yield from [told] if _is_one_of(sentence.figures[0], list(amounts.values())) else []


def _swaps_the_parties(sentence: _Sentence, record: Record) -> Iterator[str]:
    """That the customer bills or supplies, or the supplier orders, where both are named."""
    data, said = record.case.data, sentence.said
    vendor, customer = (data.get(name) for name in ("vendor_name", "customer_name"))
    if not isinstance(vendor, str) or not isinstance(customer, str) or (record.payment and record.payment.way == "credit"):
        return
    first, other = sentence.plain.find(plain_of(vendor)), sentence.plain.find(plain_of(customer))
    if min(first, other) < 0:
        return
    is_vendor_first = first < other
    end = first + len(vendor) if is_vendor_first else other + len(customer)
    between = sentence.plain[end : max(first, other)].lstrip(" ,")
    bills = record.kind.name in ("invoice", "quotation", "receipt")
    is_issuer = said.from_to.search(sentence.plain[: min(first, other)]) and re.match(r"(?:to|an|fur|pour|a|para)(?!\w)", between)
    as_supplier = said.issues.match(between) or (is_issuer and bills)
    if said.orders.match(between) if is_vendor_first else as_supplier:
        yield f"the supplier is {clipped(vendor, 60)}"


_SURE = re.compile(r"(?<!\w)(?:confiden(?:ce|t)|certainty|konfidenz|sicherheit|zuverlassigkeit|confiance|certitude|confianza|certeza)(?!\w)")
_OVERALL = re.compile(r"(?<!\w)(?:overall|total|summary|our|my|i am|gesamt\w*|insgesamt|global\w*|general|mi|ma|notre)(?!\w)")


def _tells_another_confidence(sentence: _Sentence, record: Record) -> Iterator[str]:
    """How sure the whole is, which is calculated from the reading, the checks and the prose, and never asked of a model."""
    shares = [claim for claim in sentence.claims if isinstance(claim, Figure) and claim.is_share]
    if not shares or not _SURE.search(sentence.plain) or not _OVERALL.search(sentence.plain):
        return
    known = confidence(record.case)
    if known is None:
        yield "how sure the reading is was not measured"
    elif all(int(known * 100) not in (int(reading) for reading in share.readings) for share in shares):
        yield f"how sure it is was calculated: at most {percent(known)}"


_RULES: tuple[Callable[[_Sentence, Record], Iterator[str]], ...] = (
    _pays_otherwise,
    _owes_otherwise,
    _tells_the_owed_as_paid,
    _tells_the_paid_as_owed,
    _denies_a_prepayment,
    _tells_the_passed_as_to_come,
    _tells_what_is_to_come_as_passed,
    _tells_time_that_is_over,
    _denies_a_finding,
    _tells_another_largest_line,
    _swaps_the_parties,
    _tells_another_confidence,
)
