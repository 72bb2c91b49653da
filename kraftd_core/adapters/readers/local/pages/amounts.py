"""Chooses total, subtotal and tax among their candidates: the combination that adds up, else what nothing speaks against.

Beside them it keeps what stands between them: discounts, freight, payments, and the taxes of several rates.
"""

import re
from collections.abc import Mapping, Sequence
from collections.abc import Set as AbstractSet
from dataclasses import replace
from decimal import Decimal
from itertools import combinations, permutations, product

from kraftd_core.adapters.readers.common.candidates import BELOW, BESIDE, CONFIRMED, Candidate, put_surest
from kraftd_core.adapters.readers.common.doubts import doubted
from kraftd_core.adapters.readers.common.reading import Found, Reading, ReadTable
from kraftd_core.adapters.readers.common.sum_lines import SumLine
from kraftd_core.adapters.readers.local.pages.recaps import MOST_TAX, NEAR, Agreed, Recap, summed
from kraftd_core.document.jsontypes import number_or_text

_STRONG_TOTALS = re.compile(
    r"ttc|brutto|grand|gesamt|payable|due|inc|zahlbetrag|rechnungsbe|endbetrag|invoice|amount|apayer|rounded|contract"
)


def put_amounts(
    reading: Reading,
    candidates: Sequence[Candidate],
    printed: Mapping[Decimal, Candidate],
    settled: frozenset[Decimal],
    between: Sequence[SumLine] = (),
    recaps: Sequence[Recap] = (),
    lines: Decimal | None = None,
) -> None:
    """Keeps total, subtotal and tax: the combination that adds up, else the surest of each that nothing speaks against.

    `between` is what may stand between subtotal and total, and is kept as well. A row of `recaps` that sums its others is the
    whole; one of those others is not, however well its own amounts add up. What the line items come to, `lines`, bears a sum
    out as well.
    """
    parts = frozenset[int]().union(*(recap.parts for recap in recaps))
    candidates = [c for c in candidates if c.role not in _SUMS or parts.isdisjoint(map(id, c.words))]
    totals, nets, taxes = (_ranked(candidates, role) for role in ("total", "subtotal", "total_tax"))
    if reading.document_type == "receipt":
        totals.sort(key=lambda c: (c.confidence < BELOW, -c.value))  # slips also total quantities, sections and taxes
        totals = [total for total in totals if total.value in settled] or totals
    if not nets and not taxes:
        totals = _without_heads(totals, _ranked(candidates, "balance_due"))
    if totals:
        taxes = [tax for tax in taxes if abs(tax.value) < abs(totals[0].value)]
    added = [*taxes, *_sums(taxes)]
    changed = None if taxes else _changed(totals, nets, between)
    agreed = None if changed else (
        _recapped(recaps, [*totals, *_ranked(candidates, "balance_due")])
        or _adding_up(totals, nets, added)
        or _adding_up(totals, nets, added, between)
        or _adding_up(_ranked(candidates, "balance_due"), nets, added)
        or _adding_up(totals, _earlier(totals), added)
        or _with_printed_tax(totals, nets, printed)
        or _with_printed_total(totals, nets, taxes, printed)
    )
    held = None if agreed or changed else _held_within(totals, taxes)
    if nets and not agreed:  # a total below its own net is the head of a column of lines, with the first line under it
        totals = [total for total in totals if total.confidence > BELOW or total.value >= nets[0].value]
    for role, group, one in zip(("subtotal", "total_tax", "total"), (nets, taxes, totals), agreed or (None,) * 3, strict=True):
        if one := one or (changed or {}).get(role) or (held or {}).get(role):
            reading.put(role, one.found(CONFIRMED))
        elif group and not _disagree(role, group):
            reading.put(role, group[0].found())
    if agreed and agreed[1].parts:
        rates = sorted(agreed[1].parts, key=lambda part: part.words[0].top)
        reading.tables.append(ReadTable("tax_breakdown", [_tax_row(tax) for tax in rates]))
    for line in between:
        value = number_or_text(line.value)
        reading.put(line.name, Found(value, line.page.spot(line.words, BESIDE)))
    put_surest(reading, "balance_due", candidates)
    if not agreed:
        _doubt_what_contradicts(reading, between)
    if agreed and (left := _left_to_pay(agreed[2], totals, between, printed)):
        reading.put("balance_due", left.found(CONFIRMED))
    if "total" not in reading.fields and "balance_due" in reading.fields:
        reading.put("total", reading.fields["balance_due"])
    if not agreed and not changed:
        _cap_unproven(reading, settled | ({lines} if lines else set()))


def _ranked(candidates: Sequence[Candidate], role: str) -> list[Candidate]:
    """The candidates of a role: telling labels first, then the later in the document, where totals stand."""
    own = [c for c in candidates if c.role == role]
    order = {id(c): n for n, c in enumerate(own)}
    strong = re.compile(r"total|betrag|summe|montant|amount") if role == "total_tax" else _STRONG_TOTALS
    return sorted(own, key=lambda c: (-round(c.confidence, 1), not strong.search(c.key), -order[id(c)]))[:12]


def _adding_up(
    totals: Sequence[Candidate], nets: Sequence[Candidate], taxes: Sequence[Candidate], between: Sequence[SumLine] = ()
) -> Agreed | None:
    steps = [Decimal(0)] if not between else [sum(some, Decimal(0)) for some in _choices(between)]
    for total, net, tax in product(totals, nets, taxes):
        left = total.value - net.value - tax.value
        if total.value and total is not net and any(abs(left - step) <= NEAR for step in steps):
            return net, tax, total
    return None


_MOST_BETWEEN = 4


def _choices(between: Sequence[SumLine]) -> list[tuple[Decimal, ...]]:
    """What some of the lines between the sums may change them by, each taken in or not."""
    return list(product(*((Decimal(0), *line.steps) for line in between[:_MOST_BETWEEN])))


def _doubt_what_contradicts(reading: Reading, between: Sequence[SumLine]) -> None:
    """Makes subtotal, tax and total doubtful where they stand there all three and no way leads from one to the other."""
    held = [reading.fields.get(role) for role in ("subtotal", "total_tax", "total")]
    if any(found is None or isinstance(found.value, str) for found in held):
        return
    net, tax, total = (Decimal(str(found.value)) for found in held if found)
    steps = [sum(some, Decimal(0)) for some in _choices(between)]
    if not any(abs(net + added + step - total) <= NEAR for added in (tax, Decimal(0)) for step in steps):
        for role in ("subtotal", "total_tax", "total"):
            found = reading.fields[role]
            reading.fields[role] = replace(found, spot=replace(found.spot, confidence=doubted(found.spot.confidence)))


def _left_to_pay(
    total: Candidate, totals: Sequence[Candidate], between: Sequence[SumLine], printed: Mapping[Decimal, Candidate]
) -> Candidate | None:
    """The further total, or the amount below it, that is the total with what is taken off after it."""
    left = {total.value + sum(some, Decimal(0)) for some in _choices(between)} - {total.value}
    further = next((other for other in totals if other.value in left), None)
    paid = sum((abs(line.value) for line in between if line.name in _TAKEN_OFF), Decimal(0))
    below = printed.get(total.value - paid) if paid else None
    return further or (below if below and below.page is total.page and below.words[0].top > total.words[-1].bottom else None)


_TAKEN_OFF = ("prepaid_amount", "retention_amount", "withholding_amount")


def _earlier(totals: Sequence[Candidate]) -> list[Candidate]:
    """The totals as subtotals: where two stand there, the one before tax is called a total, too."""
    return [replace(total, role="subtotal") for total in totals] if len({total.value for total in totals}) > 1 else []


def _sums(taxes: Sequence[Candidate]) -> list[Candidate]:
    """The taxes of several rates taken together, as one candidate for each choice of two to four."""
    lines = {(c.page.number, c.words[0].top, c.value): c for c in taxes}.values()
    return [
        replace(
            chosen[0], value=sum((c.value for c in chosen), Decimal(0)), words=tuple(w for c in chosen for w in c.words),
            parts=chosen,
        )
        for size in (2, 3, 4) for chosen in combinations(lines, size) if len({c.page.number for c in chosen}) == 1
    ]


_RATE = re.compile(r"(?<![\d.,])(\d{1,2}(?:[.,]\d{1,3})?)\s?%")


def _rates(tax: Candidate) -> list[str]:
    """The rates that the line of the tax says."""
    return [found for line in tax.page.lines if tax.words[0] in line.words for found in _RATE.findall(line.text)]


def _tax_row(tax: Candidate) -> dict[str, Found]:
    """One of several taxes, with the rate that its line says."""
    rates = _rates(tax)
    row = {"tax_rate": Found(number_or_text(Decimal(rates[0].replace(",", "."))))} if len(rates) == 1 else {}
    return row | {"tax_amount": tax.found(CONFIRMED)}


def _with_printed_tax(
    totals: Sequence[Candidate], nets: Sequence[Candidate], printed: Mapping[Decimal, Candidate]
) -> Agreed | None:
    """The tax that bears no label of its own, as in a table of rates, by what total and subtotal leave for it."""
    for total in totals:
        for net in nets:
            tax = printed.get(total.value - net.value)
            if tax and MOST_TAX * abs(net.value) > abs(tax.value):
                return net, tax, total
    return None


def _with_printed_total(
    totals: Sequence[Candidate], nets: Sequence[Candidate], taxes: Sequence[Candidate], printed: Mapping[Decimal, Candidate]
) -> Agreed | None:
    """The total that bears no label known, where none does, by what subtotal and tax beside theirs come to."""
    for net, tax in product(nets, taxes):
        total = printed.get(net.value + tax.value)
        is_tax = 0 < abs(tax.value) < MOST_TAX * abs(net.value) and min(net.confidence, tax.confidence) > BELOW
        if not totals and is_tax and total and total.words[0].top > max(net.words[0].top, tax.words[0].top) - 2:
            return net, tax, replace(total, role="total")
    return None


def _changed(totals: Sequence[Candidate], nets: Sequence[Candidate], between: Sequence[SumLine]) -> dict[str, Candidate] | None:
    """What stands below a total, changed by what is between them: without a tax it is to be paid, and the other is before it."""
    steps = {sum(some, Decimal(0)) for some in _choices([line for line in between if line.name not in _TAKEN_OFF])} - {Decimal(0)}
    for first, last in (*product(totals, nets), *(() if nets else permutations(totals, 2))):
        below = last.page is first.page and last.words[0].top > first.words[-1].bottom
        if below and any(abs(first.value + step - last.value) <= NEAR for step in steps if step < 0 or last in totals):
            return {"subtotal": replace(first, role="subtotal"), "total": replace(last, role="total")}
    return None


def _held_within(totals: Sequence[Candidate], taxes: Sequence[Candidate]) -> dict[str, Candidate] | None:
    """The tax that its line's rate finds in the total, whose prices hold it, and that total."""
    for total, tax in product(totals, taxes):
        rates = {Decimal(rate.replace(",", ".")) for rate in _rates(tax)}
        if any(rate and abs(total.value * rate / (100 + rate) - tax.value) <= NEAR / 2 for rate in rates):
            return {"total_tax": tax, "total": total}
    return None


def _cap_unproven(reading: Reading, proven: AbstractSet[Decimal]) -> None:
    """Makes a sum that nothing but its label speaks for no surer than a value below its label."""
    for role in _SUMS:
        found = reading.fields.get(role)
        if found is None or isinstance(found.value, str) or found.spot.confidence is None:
            continue
        if BELOW < found.spot.confidence < CONFIRMED and Decimal(str(found.value)) not in proven:
            reading.fields[role] = replace(found, spot=replace(found.spot, confidence=BELOW))


_SUMS = ("total", "subtotal", "total_tax")


def _recapped(recaps: Sequence[Recap], totals: Sequence[Candidate]) -> Agreed | None:
    """The amounts of the last recap of the whole, which the totals that stand beside labels bear out where there are any."""
    labelled = [total.value for total in totals if total.confidence > BELOW]
    for recap in reversed(recaps):
        if recap.whole and (not labelled or recap.whole[2].value in labelled):
            return recap.whole
        together = summed(recap)
        if not recap.whole and together[2].value in labelled:
            total = next(total for total in totals if total.value == together[2].value)
            return together[0], together[1], total
    return None


def _without_heads(totals: Sequence[Candidate], asked: Sequence[Candidate]) -> list[Candidate]:
    """The totals but those of which more is asked: they are the head of a column of lines, with the first line under it."""
    most = max((abs(one.value) for one in asked if one.confidence > BELOW), default=Decimal(0))
    return [total for total in totals if total.confidence > BELOW or abs(total.value) >= most]


def _disagree(role: str, group: Sequence[Candidate]) -> bool:
    """Whether several taxes stand there that add up to nothing: one of them alone would be a guess."""
    return role == "total_tax" and len({c.value for c in group}) > 1 and group[0].confidence < CONFIRMED
