"""What a statement says against the record: another amount than is owed, advice that findings forbid, a passed day as to come."""

import re
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass
from datetime import date
from decimal import Decimal
from functools import cached_property

from kraftd_core.document.checks.checking import answers
from kraftd_core.document.checks.model import Finding
from kraftd_core.document.checks.words import FIGURES, unchecked_said, verdict
from kraftd_core.document.wording import clipped, how_many, label_of, money
from kraftd_core.ports.thinking import Case
from kraftd_core.thinking.grounding.claims import Claim, Currency, Day, Figure
from kraftd_core.thinking.grounding.evidence import Evidence
from kraftd_core.thinking.payment import Payment, payment_of

_LONGEST_TOLD = 100  # characters of a finding that is quoted


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
    def errors(self) -> list[Finding]:
        """What has to be cleared up before anything is paid."""
        return [finding for finding in self.case.findings if finding.severity == "error"]

    @cached_property
    def answers(self) -> list[Finding]:
        """What the checks answer of the figures, also where they held."""
        every = answers({"document_type": self.case.document_type} | self.case.data, self.case.as_of)
        return [answer for answer in every if answer.check in FIGURES]

    def found_by(self, checks: Sequence[str]) -> Finding | None:
        """The first finding of these checks."""
        return next((finding for finding in self.case.findings if finding.check in checks), None)

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


_MOST_SHARES = 20
_QUOTED = 60  # characters that a quotation has in common with what it quotes
_NEAR = 100  # characters around a claim that say what it is


@dataclass(frozen=True, slots=True)
class _Sentence:
    """A sentence with the claims that stand in it; `start` is where it begins in the statement."""

    text: str
    start: int
    claims: Sequence[Claim]

    @property
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

    @property
    def days(self) -> Iterator[tuple[Day, date]]:
        """The days that are named with their year, where they can be read in one way only."""
        for claim in self.claims:
            if isinstance(claim, Day) and len(claim.readings) == 1 and None not in claim.readings[0]:
                year, month, day = (part or 0 for part in claim.readings[0])
                try:
                    yield claim, date(year, month, day)
                except ValueError:  # none of the calendar
                    continue

    def before(self, claim: Claim) -> str:
        """What stands right before a claim."""
        place = claim.start - self.start
        return self.text[max(0, place - _NEAR) : place]

    def after(self, claim: Claim) -> str:
        """What stands right after a claim."""
        end = claim.start - self.start + len(claim.text)
        return self.text[end : end + _NEAR]


def contradictions_in(text: str, claims: Sequence[Claim], record: Record) -> list[str]:
    """What of the record each sentence of a statement contradicts, in short words; each once."""
    found = (told for sentence in _sentences(text, claims) for rule in _RULES for told in rule(sentence, record))
    return list(dict.fromkeys(found))


_END = re.compile(r"(?<=[^\W\d_)\"”][.!?])\s+|(?<=[\d%][.!?])\s+(?=[^\W\d_])|\n|;\s")


def _sentences(text: str, claims: Sequence[Claim]) -> Iterator[_Sentence]:
    starts = [0, *(match.end() for match in _END.finditer(text))]
    ends = [*starts[1:], len(text)]
    for start, end in zip(starts, ends, strict=True):
        yield _Sentence(text[start:end], start, [claim for claim in claims if start <= claim.start < end])


# Paying

_PAY = re.compile(
    r"(?i)(?<![\w-])(?:(?:re)?pay|transfer|remit|wire|settle|send the (?:money|payment)|[üu]berweisen|(?:be)?zahlen|begleichen"
    r"|r[ée]gler|payer|virer)(?![\w-])(?! ?terms| nothing| no )"
    r"|(?:approv|releas|authori[sz]|mak|schedul|arrang|execut|initiat|process)(?:e|ing)? (?:\w+ ){0,3}payment"
    r"|(?:approv|releas)(?:e|ing) (?:\w+ ){0,2}(?:invoice|amount)"
)
_NOT_TO = re.compile(
    r"(?i)(?<!\w)(?:not|never|nothing|no (?:need|request|duty|reason)|without|stop|hold|withhold|before"
    r"|n['’]t|nicht|nichts|kein\w*|ne|rien|who|whom|how"
    r"|whether|by when|was|were|been|find out|ask|(?:amount|sum|left|balance|due) to)(?!\w)"
)
_ON_CONDITION = re.compile(
    r"(?i)(?<!\w)(?:after|(?<!at )once|when|if|as soon as|provided|subject to|only|nachdem|sobald|wenn|falls)(?!\w)"
)


def _instruction(sentence: _Sentence) -> re.Match[str] | None:
    """Where it is told to pay; that it is not to be done, was done or is asked about is no such thing."""
    told = _PAY.search(sentence.text)
    return None if told is None or _NOT_TO.search(sentence.text[: told.start()]) else told


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
    if record.errors and not _ON_CONDITION.search(sentence.text):
        yield f"{how_many(len(record.errors), 'error')} to be cleared up first"


def _is_one_of(figure: Figure, amounts: Sequence[Decimal]) -> bool:
    slack = max(figure.slack, 0.005) + 1e-9
    return any(abs(abs(reading) - abs(float(amount))) <= slack for reading in figure.readings for amount in amounts)


_NOT_OWED = re.compile(r"(?i)(?<!\w)(?:not|no|nothing|n['’]t|nichts?|kein\w*|was|were)(?!\w)")
_OWED_BEFORE = re.compile(
    r"(?i)(?<!\w)(?:amount (?:still )?(?:due|owed|payable|outstanding)|balance(?: due| to pay| owed)?"
    r"|outstanding(?: amount| balance)?|left to pay|still owed|to be paid|amount to pay|offener betrag|zahlbetrag|restbetrag"
    r"|reste [àa] payer|asks for|asked for|owes?|requests(?: payment of)?|demands)"
    r"(?:\s*:)?(?: (?:is|are|of|amounts to|comes to|remains))?(?: (?:still|only|about))?\s*(?:[€$£]|[A-Z]{3})?\s*\Z"
)
_OWED_AFTER = re.compile(
    r"(?i)\A\s*(?:[€$£]|[A-Z]{3})?\s*(?:(?:is|are|remains?) )?(?:still )?"
    r"(?:left to pay|due|owed|outstanding|payable|to be paid|unpaid|remain)(?!\w)"
)


def _owes_otherwise(sentence: _Sentence, record: Record) -> Iterator[str]:
    payment = record.payment
    if payment is None or payment.amount is None:
        return
    for figure in sentence.figures:
        is_named = _OWED_BEFORE.search(sentence.before(figure)) or _OWED_AFTER.search(sentence.after(figure))
        if is_named and not _NOT_OWED.search(sentence.before(figure)) and not _is_one_of(figure, [payment.amount]):
            yield record.how_it_stands


_PAID_SAID = re.compile(
    r"(?i)(?<!\w)(?:nothing (?:more )?(?:is |remains )?(?:left to pay|owed|due|outstanding|to be paid)"
    r"|(?:balance|amount due|amount owed)(?: due)? (?:is|of) (?:zero|nil|0(?:[.,]00)?)(?![.,]?\d)"
    r"|no (?:further )?payment is (?:due|required)"
    r"|(?:invoice|bill|it|everything|balance|full amount) (?:has|was|is) (?:(?:already|fully|been) )*(?:paid|settled))(?!\w)"
)


def _tells_the_owed_as_paid(sentence: _Sentence, record: Record) -> Iterator[str]:
    payment = record.payment
    if payment is None or not payment.is_asked_for or not payment.amount:
        return
    if _PAID_SAID.search(sentence.text) and not _ASKED.search(sentence.text) and not _NEGATED.search(sentence.text):
        yield record.how_it_stands


# Days

_ACTS = (
    r"pay|settle|transfer|remit|answer|reply|respond|accept|decline|decide|submit|deliver|return|confirm|renew|send|order|place|complete"
    r"|sign|approve|book|quote|offer"
)
_TO_COME = re.compile(
    rf"(?i)(?:(?<!\w)(?:{_ACTS})(?:ed|s)?(?!\w).{{0,120}} (?:by|before|until|till|no later than|on or before|not later than|on)"
    r"|(?:is|are|falls|becomes|will be|payable|owed) (?:due|payable)? ?(?:on|by|until|before)"
    r"|(?:will (?:expire|end|be \w+)|expires|ends|runs|lasts|stands|holds|is valid|valid|remains (?:valid|open)|upcoming|coming)"
    r"(?: \w+){0,2} (?:on|by|until|till|to))"
    r"(?: the)?\s*\Z"
)
_PASSED_SAID = re.compile(
    r"(?i)(?<!\w)(?:was|were|had|has|have|did|passed|expired|overdue|late|ago|since|past|already|from|between|dated|ended"
    r"|unless it was|find out|ask|war|wurde|abgelaufen|[üu]berf[äa]llig)(?!\w)"
)
_LATE_SAID = re.compile(r"(?i)(?<!\w)(?:overdue|past due|has passed|is late|has expired|[üu]berf[äa]llig|abgelaufen)(?!\w)")
_NOT_LATE = re.compile(r"(?i)(?<!\w)(?:not|no|isn['’]t|if|whether|nicht|once|when|unless)(?!\w)")


def _tells_the_passed_as_to_come(sentence: _Sentence, record: Record) -> Iterator[str]:
    passed = [(claim, day) for claim, day in sentence.days if day < record.case.as_of]
    if passed and not _PASSED_SAID.search(sentence.text):
        yield from (f"{day} has passed" for claim, day in passed if _TO_COME.search(sentence.before(claim)))


def _tells_what_is_to_come_as_passed(sentence: _Sentence, record: Record) -> Iterator[str]:
    """That a payment is late while its day is to come, or nothing of it is owed."""
    payment, told = record.payment, _LATE_SAID.search(sentence.text)
    if payment is None or told is None or _NOT_LATE.search(sentence.text[: told.start()]):
        return
    if any(day < record.case.as_of for _, day in sentence.days):
        return
    if payment.way in ("paid", "credit"):
        yield record.how_it_stands
    elif payment.due is not None and payment.due >= record.case.as_of:
        yield f"the due date {payment.due} is to come"


# Findings

_OF_ONE_CHECK = (
    (re.compile(r"(?i)(?<!\w)(?:lines?|items?|amounts) .*add(?:s|ed)? up"), ("line_sum",)),
    (re.compile(r"(?i)(?<!\w)tax(?:es)?(?!\w)|(?<!\w)vat(?!\w)"), ("tax", "tax_base", "rate", "total")),
    (re.compile(r"(?i)(?<!\w)lines? \d"), ("line_amount",)),
)
_RIGHT = re.compile(
    r"(?i)(?<!\w)(?:add(?:s|ed)? up"
    r"|(?:is|are|look|looks|seem|seems) (?:\w+ )?(?:correct|consistent|right|accurate|in order|plausible|fine)"
    r"|match(?:es)?(?! \w+ (?:by|on))|reconciles?|tall(?:y|ies)|balances|(?:is|are|was|were) (?:verified|correct))(?!\w)"
)
_OF_FIGURES = re.compile(
    r"(?i)(?<!\w)(?:figures?|numbers?|amounts?|totals?|subtotals?|sums?|lines?|items?|calculations?|arithmetic|tax(?:es)?|vat|everything"
    r"|all|invoice|document|prices?|quantities)(?!\w)"
)
_NO_FAULT = re.compile(
    r"(?i)(?<!\w)no (?:\w+ ){0,2}(?:errors?|discrepanc(?:y|ies)|mistakes?|inconsistenc(?:y|ies)|mismatch(?:es)?|contradictions?"
    r"|problems?|issues?)"
    r"|nothing (?:is )?(?:wrong|to correct|has to be corrected)|free of errors|error-free|without (?:any )?(?:errors?|mistakes?)"
)
_DENIED = (
    (re.compile(r"(?i)nothing (?:\w+ ){0,4}(?:is )?missing|no (?:\w+ ){0,3}(?:is|are) missing|(?:is|are) complete(?!\w)"
                r"|complete (?:and|document)|all (?:the )?(?:required|necessary|mandatory) (?:\w+ ){0,2}(?:is|are)"),
     ("required",)),
    (re.compile(r"(?i)not (?:yet )?(?:over)?due(?!\w)|(?:is|are|was) (?:still )?(?:in|on) time(?!\w)|not late"), ("overdue",)),
    (re.compile(r"(?i)bank (?:details|account) (?:is|are) (?:unchanged|known|the same|as before|verified)"), ("bank_changed",)),
    (re.compile(r"(?i)no (?:\w+ )?(?:duplicates?|repeated)|not (?:a )?duplicate"), ("duplicate_line", "number_known")),
)  # fmt: skip
_ASKED = re.compile(
    r"(?i)\A\W*(?:please )?"
    r"(?:check|verify|confirm|make sure|ensure|see|compare|find out|ask|reconcile|review|look|clarify|determine)(?!\w)"
    r"|(?<!\w)(?:whether|if|unless|once|until|should|must)(?!\w)"
)
_NEGATED = re.compile(r"(?i)(?<!\w)(?:not|n['’]t|never|nor|neither|cannot|hardly|fail(?:s|ed)? to|no longer|except|but)(?!\w)")


def _denies_a_finding(sentence: _Sentence, record: Record) -> Iterator[str]:
    text = sentence.text
    if _ASKED.search(text):
        return
    says_right = (told := _RIGHT.search(text)) and _OF_FIGURES.search(text) and not _NEGATED.search(text)
    if told and says_right:
        yield from _of_the_figures(text, record)
    elif _NO_FAULT.search(text):
        yield from _quoted(record.found_by(tuple(FIGURES)))
    if _NO_FAULT.search(text) and record.errors:
        yield from _quoted(record.errors[0])
    for denied, checks in _DENIED:
        if denied.search(text):
            yield from _quoted(record.found_by(checks))


def _of_the_figures(text: str, record: Record) -> Iterator[str]:
    """What differs of the figures that are called right, or that they were not compared."""
    checks = next((checks for words, checks in _OF_ONE_CHECK if words.search(text)), tuple(FIGURES))
    known = [answer for answer in record.answers if answer.check in checks]
    stands = verdict(known)
    if stands == "differs":
        yield from _quoted(next(answer for answer in known if answer.answer == "differs"))
    elif stands == "not_checked":
        unchecked = unchecked_said(known) or "The figures could not be compared."
        yield unchecked[0].lower() + unchecked[1:].rstrip(".")


def _quoted(finding: Finding | None) -> Iterator[str]:
    if finding is not None:
        yield clipped(finding.message, _LONGEST_TOLD).rstrip(".")


_RULES: tuple[Callable[[_Sentence, Record], Iterator[str]], ...] = (
    _pays_otherwise,
    _owes_otherwise,
    _tells_the_owed_as_paid,
    _tells_the_passed_as_to_come,
    _tells_what_is_to_come_as_passed,
    _denies_a_finding,
)
