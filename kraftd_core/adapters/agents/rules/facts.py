"""What a buyer or an accountant looks for in each kind of document: at most five facts, the weightiest first."""

import re
from collections import Counter
from collections.abc import Callable, Iterable, Iterator, Sequence
from decimal import ROUND_HALF_UP, Decimal
from itertools import islice

from kraftd_core.adapters.agents.rules.history import unusual
from kraftd_core.adapters.agents.rules.lines import has_price, has_quantity
from kraftd_core.adapters.agents.rules.view import View, are, as_sentence
from kraftd_core.document.changes import counted
from kraftd_core.document.checks.line_words import says_nothing_is_charged, text_of
from kraftd_core.document.checks.model import EXACT, Line, has_text, is_blank, lines_of
from kraftd_core.document.checks.names import role_of
from kraftd_core.document.company_names import likeness
from kraftd_core.document.kinds import may_be_self_billed
from kraftd_core.document.wording import clipped, how_many, in_sentence, label_of, listed, percent, quantity
from kraftd_core.thinking.learning_insights import field_name

MOST_FINDINGS = 5
_LARGEST_LINES, _MOST_SECTIONS = 10, 6
_SECTIONS = ("section", "bill", "trade", "chapter", "division", "category", "lot", "wbs_1", "group", "gewerk", "titel")



def key_findings(view: View) -> list[str]:
    """What is unusual, then what such a document is looked into for; where its kind is not known, what it holds."""
    facts = _FACTS[view.kind.name] if view.type_is_known else _of_no_kind
    corrected = list(_corrections(view)) if view.reviewed else []
    room = MOST_FINDINGS - len(corrected)
    return [*islice(dict.fromkeys([*unusual(view), *facts(view)]), room), *corrected]


def _corrections(view: View) -> Iterator[str]:
    """Which fields and columns were corrected most, with how often."""
    names = Counter(field_name(change) for change in counted(view.case.changes))
    if names:
        told = [f"{in_sentence(name.rpartition('.')[2])} ({count})" for name, count in names.most_common()]
        yield f"Corrected: {listed(told)}."


# Invoices and receipts


def _of_invoice(view: View) -> Iterator[str]:
    yield from _of_credit(view) if view.gives_back else ()
    yield from (finding.message for finding in view.notes if finding.check == "overdue")
    yield from _paid_to_another(view)
    yield from _paid_before(view)
    yield from _terms(view)
    yield from _tax(view)
    yield from _references(view)
    yield from _largest_line(view)


def _of_credit(view: View) -> Iterator[str]:
    """What it gives back, and where its title may mean something else."""
    if may_be_self_billed(view.data) and not (view.payment and view.payment.whole and view.payment.whole < 0):
        yield "Its title Gutschrift may also mean an invoice that the customer writes for the supplier: then it is no credit."
    if not any(view.text(name) for name in _CREDITED):
        yield "The invoice that it corrects was not found in it."


_CREDITED = ("preceding_invoice", "original_invoice", "credited_invoice", "corrected_invoice", "invoice_reference", "reference")


def _paid_to_another(view: View) -> Iterator[str]:
    """That the money goes to somebody else than the supplier, as where a claim was sold: or a forger's."""
    payee, vendor = view.sure_text("payee_name"), view.sure_text("vendor_name")
    if payee and vendor and likeness(payee, vendor) == "other" and (view.payment is None or view.payment.is_asked_for):
        yield as_sentence(f"It is to be paid to {payee}, which is not the supplier's name")


def _paid_before(view: View) -> Iterator[str]:
    payment = view.payment
    if payment and payment.is_asked_for and payment.whole and payment.amount and 0 < payment.amount < payment.whole:
        rest, whole = view.money(EXACT.subtract(payment.whole, payment.amount)), view.money(payment.whole)
        roles = (role_of(name) for name, value in view.data.items() if not is_blank(value))
        if any(role is not None and role.part == "paid" for role in roles):
            yield f"{rest} of the total of {whole} was paid before."
        else:
            yield f"It does not say why {rest} of the total of {whole} is not asked for."


def _terms(view: View) -> Iterator[str]:
    """The terms of payment, where they say more than the due date does."""
    terms = view.sure_text("payment_terms")
    if terms and (view.payment is None or view.payment.is_asked_for):
        yield as_sentence(f"Payment terms: {terms}")


def _tax(view: View) -> Iterator[str]:
    subtotal, tax, total = (view.number(name) for name in ("subtotal", "total_tax", view.kind.total))
    if tax == 0 and total:
        reasons = (row.row.get("reason") for row in lines_of(view.data, "tax_breakdown"))
        reason = next((clipped(str(text), 120) for text in reasons if has_text(text)), "")
        yield as_sentence(f"No tax is charged{f': {reason}' if reason else ''}")
    if not subtotal or not tax or EXACT.add(subtotal, tax) != total or not Decimal("0.001") <= tax / subtotal <= 1:
        return
    rate = (tax / subtotal * 100).quantize(Decimal("0.1"), ROUND_HALF_UP)
    is_exact = abs(subtotal * rate / 100 - tax) <= Decimal("0.005")
    share = f"{'' if is_exact else 'about '}{quantity(rate)} %"
    yield f"The tax is {view.money(tax)}, {share} of the subtotal of {view.money(subtotal)}."


def _references(view: View) -> Iterator[str]:
    """What the document is to be matched with."""
    own = view.kind.number
    names = [n for n in ("order_number", "contract_number", "quotation_number", "preceding_invoice") if n != own]
    names += [name for name in _CREDITED if view.gives_back and name not in names]
    known = [f"{in_sentence(name)} {text}" for name in names if (text := view.sure_text(name))]
    if known:
        yield as_sentence(f"It refers to {listed(known)}")


def _of_receipt(view: View) -> Iterator[str]:
    yield from _tax(view)
    yield from _largest_line(view)
    for name in ("payment_method", "paid_by"):
        if text := view.sure_text(name):
            yield as_sentence(f"{label_of(name)}: {text}")


# Quotations, orders and requests


def _of_offer(view: View) -> Iterator[str]:
    yield from _unpriced(view)
    yield from _largest_line(view)
    yield from _tax(view)
    yield from _terms(view)
    for name in ("delivery_terms", "delivery_time", "lead_time", "warranty", "incoterms", "delivery_address"):
        if text := view.sure_text(name):
            yield as_sentence(f"{label_of(name)}: {text}")
    yield from _references(view)


def _of_request(view: View) -> Iterator[str]:
    yield from _scope(view)
    yield from _without_quantity(view)
    yield from _sections(view)
    yield from _terms(view)


def _without_quantity(view: View) -> Iterator[str]:
    lines = view.work
    bare = [line for line in lines if not has_quantity(line)]
    if len(bare) == len(lines) > 1:
        yield f"None of {how_many(len(lines), 'line')} has a quantity."
    elif lines and bare:
        yield f"{how_many(len(bare), 'line')} of {len(lines):,} {'has' if len(bare) == 1 else 'have'} no quantity."


# Bills of quantities


def _of_bill(view: View) -> Iterator[str]:
    yield from _scope(view)
    yield from _sections(view)
    yield from _ten_largest(view)
    yield from _unpriced(view)
    yield from _without_quantity(view)


def _scope(view: View) -> Iterator[str]:
    for name in ("project_name", "subject", "title", "scope"):
        if text := view.sure_text(name):
            yield as_sentence(f"{label_of(name)}: {text}")


def unpriced(view: View) -> list[Line]:
    """The lines that wait for a rate: with a quantity or a unit, and neither price nor amount, nor a word in their place."""
    blank = [line for line in view.work if not has_price(line)]
    return [line for line in blank if not any(map(says_nothing_is_charged, line.row.values()))]


def _unpriced(view: View) -> Iterator[str]:
    bare, lines = unpriced(view), view.work
    if bare and len(bare) == len(lines):
        yield f"None of {how_many(len(lines), 'line')} has a rate." if len(lines) > 1 else "Its line has no rate."
    elif bare:
        yield f"{how_many(len(bare), 'line')} of {len(lines):,} {'has' if len(bare) == 1 else 'have'} no rate: {_named(bare)}."


def _named(lines: Sequence[Line]) -> str:
    return listed([line.place for line in lines], 6)


def _sections(view: View) -> Iterator[str]:
    """The sections by what they come to; unpriced ones by how many lines they have."""
    found: dict[str, list[Line]] = {}
    heading = ""
    work = {line.index for line in view.work}
    for line in view.table:
        if line.index not in work:
            heading = text_of(line) or heading
            continue
        named = next((str(line.row[name]) for name in _SECTIONS if has_text(line.row.get(name))), heading)
        found.setdefault(named, []).append(line)
    named_ones = {name: lines for name, lines in found.items() if name}
    if len(named_ones) < 2:
        return
    values = {name: _sum(line.number("amount") or Decimal(0) for line in lines) for name, lines in named_ones.items()}
    if any(values.values()):
        ordered = sorted(values.items(), key=lambda entry: -entry[1])
        told = [f"{clipped(name, 50)} ({view.sum(value)})" for name, value in ordered]
        yield f"The sections by value: {listed(told, _MOST_SECTIONS)}."
    else:
        by_lines = sorted(named_ones.items(), key=lambda entry: -len(entry[1]))
        told = [f"{clipped(name, 50)} ({how_many(len(lines), 'line')})" for name, lines in by_lines]
        yield f"The sections: {listed(told, _MOST_SECTIONS)}."


def _sum(amounts: Iterable[Decimal]) -> Decimal:
    total = Decimal(0)
    for amount in amounts:
        total = EXACT.add(total, amount)
    return total


def _amounts(view: View) -> list[tuple[Decimal, Line]]:
    """The lines with their amounts, the largest first."""
    found = [(amount, line) for line in view.work if (amount := line.number("amount")) is not None]
    return sorted(found, key=lambda entry: -entry[0])


def _ten_largest(view: View) -> Iterator[str]:
    amounts = _amounts(view)
    whole = _sum(amount for amount, _ in amounts)
    if len(amounts) < 2 or whole <= 0:
        return
    largest = amounts[:_LARGEST_LINES]
    share = percent(float(_sum(amount for amount, _ in largest) / whole))
    told = [f"{_short(line)} {view.sum(amount)}" for amount, line in largest]
    subject = f"The {len(largest)} largest lines make up {share} of {view.sum(whole)}"
    subject = subject if len(amounts) > len(largest) else "The lines by value"
    yield f"{subject}: {listed(told, _LARGEST_LINES)}."


def _short(line: Line) -> str:
    name = clipped(text_of(line), 40)
    return f"{line.place}{f' ({name})' if name else ''}"


def _largest_line(view: View) -> Iterator[str]:
    amounts = _amounts(view)
    if len(amounts) < 2:
        return
    (largest, line), (second, _) = amounts[:2]
    whole = _sum(amount for amount, _ in amounts)
    if largest == second:
        count = sum(amount == largest for amount, _ in amounts)
        if count < len(amounts):  # else every line is alike, which is no news
            yield f"The largest amount of a line, {view.money(largest)}, stands on {how_many(count, 'line')}."
    elif amounts[-1][0] < 0:
        yield f"{line.title} has the largest amount, {view.money(largest)}."
    elif whole > largest:
        share = percent(float(largest / whole))
        yield f"{line.title} is the largest of {how_many(len(amounts), 'line')}: {view.money(largest)}, {share} of their sum."


# Contracts


def _of_contract(view: View) -> Iterator[str]:
    found = {part: _field_called(view, words) for part, words in _CLAUSES.items()}
    yield from (as_sentence(f"{label_of(name)}: {view.sure_text(name)}") for name in found.values() if name)
    lacking = [part for part, name in found.items() if name is None]
    if lacking:
        yield f"Not found in it: {listed(lacking)}."
    yield from _terms(view)
    services = list(_services(view))
    if len(services) > 1:
        yield as_sentence(f"What it is about: {listed(services, 6)}")
    of_one = () if len(services) > 1 else ("service_name", "description", "rate")
    for name in ("term", "liability_cap", "contract_type", "scope", *of_one, "liability"):
        if text := view.sure_text(name):
            yield as_sentence(f"{label_of(name)}: {text}")


def _services(view: View) -> Iterator[str]:
    """What several parts of a contract are about, where each has its name: `service_name`, `service_name_2`."""
    for name in view.data:
        if re.fullmatch(r"(?:service|product|item)_name(?:_\d+)?", name) and (text := view.sure_text(name)):
            yield text


_CLAUSES = {
    "a period of notice": "^notice|termination|cancellation",
    "a renewal": "^renewal$|renew",
    "the law that governs it": "governing_law|jurisdiction|applicable_law",
}


def _field_called(view: View, words: str) -> str | None:
    named = [name for name in view.data if re.search(words, name.lower()) and view.sure_text(name)]
    return next((name for name in named if re.fullmatch(words, name.lower())), next(iter(named), None))


# Whatever it is


def _of_no_kind(view: View) -> Iterator[str]:
    yield from _scope(view)
    for table in view.data:
        if (count := len(lines_of(view.data, table))) and count != len(view.table):
            yield f"There {are(count, 'row')} of {in_sentence(table)}."
    yield from _sections(view)
    yield from _unpriced(view)
    of_its_kind = {view.kind.number, view.kind.date, view.kind.due, view.kind.total, *view.kind.required, *view.kind.expected}
    for name, value in view.data.items():
        is_told = is_blank(value) or value == 0 or name in _TOLD or name in of_its_kind or lines_of(view.data, name)
        if not is_told and not view.is_doubtful(name):
            label = in_sentence(name)
            yield as_sentence(f"{label[0].upper()}{label[1:]}: {view.said(name, value)}")


_TOLD = (
    "document_type", "currency", "project_name", "subject", "title", "scope", "vendor_name", "customer_name", "subtotal",
    "total_tax",
)  # fmt: skip

_FACTS: dict[str, Callable[[View], Iterator[str]]] = {
    "invoice": _of_invoice,
    "receipt": _of_receipt,
    "quotation": _of_offer,
    "purchase_order": _of_offer,
    "rfq": _of_request,
    "boq": _of_bill,
    "contract": _of_contract,
}
