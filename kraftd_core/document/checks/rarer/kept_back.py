"""The checks on what is kept back: from what is valued in all to what is charged, and of what nothing was kept back."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import dataclass
from decimal import Decimal
from functools import reduce
from itertools import product
from operator import or_

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.lines import Way
from kraftd_core.document.checks.model import Finding, held, not_checked, plain_figure
from kraftd_core.document.checks.owed import balance_name
from kraftd_core.document.checks.sums import ways_to_balance
from kraftd_core.document.checks.ways import Sums, through
from kraftd_core.document.wording import in_sentence, money

_GROSS = re.compile(
    r"gross_(?:amount|valuation|value|claim)"
    r"|(?:claim|valuation|work(?:_done)?|amount)_(?:for_)?this_(?:month|period|claim|certificate)"
    r"|(?:total_|work_)?completed_(?:and_stored_)?to_date"
)


_KEPT_BACK = ("withheld", "levy")


@dataclass(frozen=True, slots=True)
class GrossStep:
    """What is valued, what is charged of it, and the ways from the one to the other."""

    name: str
    target: str
    gross: Decimal
    net: Decimal
    terms: tuple[int, ...]
    fits: tuple[Way, ...]
    """Those that take in all that is kept back, or leave to later steps what those take in."""
    whole: Way


def kept_back(found: Sums) -> Iterator[Finding]:
    """What there is to say of retentions, recoveries and withholdings."""
    step = _gross_step(found)
    yield from _of_gross(found, step) if step else ()
    yield from _of_nothing(found, step)


def _gross_step(found: Sums) -> GrossStep | None:
    """The step from what is valued to the subtotal; to the total where there is none."""
    document, name = found.document, next(filter(_GROSS.fullmatch, found.document.data), None)
    target = "subtotal" if found.subtotal is not None else found.total_name
    gross, net = document.number(name), document.number(target)
    terms = tuple(n for n, term in enumerate(found.terms) if term.role.part in ("withheld", "paid", "discount"))
    if gross is None or net is None or name is None or target is None or name in document.own_names.values():
        return None
    if not terms or not gross > net > 0 or gross == net + (found.tax or 0):  # the gross of a tax is another
        return None
    lowering = sum(1 << n for n in terms)
    later = {way.used for way in (*(found.to_total or ()), *_to_balance(found))} | {0}
    ways = list(through(Way(gross), found.terms, terms, (gross,)))
    near = [way for way in ways if abs(way.value - net) <= document.tolerance(net)]
    fits = tuple(way for way in near if any((way.used | used) & lowering == lowering for used in later))
    return GrossStep(name, target, gross, net, terms, fits, max(ways, key=lambda way: way.used.bit_count()))


def _to_balance(found: Sums) -> list[Way]:
    """The ways from the total to what is left to pay."""
    stated = found.document.number(balance_name(found.document.data))
    if stated is None or found.total is None:
        return []
    near = found.document.tolerance(stated)
    return [way for way in ways_to_balance(found, found.total) if abs(way.value - stated) <= near]


def _of_gross(found: Sums, step: GrossStep) -> Iterator[Finding]:
    document = found.document
    cells = (path_of(step.name), *(found.terms[n].cell for n in step.terms), path_of(step.target))
    if step.fits:
        how = step.fits[0].phrase
        message = f"The {in_sentence(step.name)} ({how}) is the {in_sentence(document.called(step.target))}, {money(step.net)}."
        yield held("total", message, cells, how, document.tolerance(step.net))
        return
    expected, how = step.whole.value, step.whole.phrase
    message = f"The {in_sentence(step.name)} {money(step.gross)}, {how}, is {money(expected)}"
    message += f", but the {in_sentence(document.called(step.target))} says {money(step.net)}."
    yield Finding("total", "warning", message, cells, plain_figure(expected), plain_figure(step.net), reading=how)


def _simplest(ways: Sequence[Way]) -> list[Way]:
    """Those of the fewest readings: any two figures of one size cancel each other out."""
    least = min((len(way.phrases) for way in ways), default=0)
    return [way for way in ways if len(way.phrases) == least]


def _of_nothing(found: Sums, step: GrossStep | None) -> Iterator[Finding]:
    """What is withheld of none of the sums may come off later; then what is paid is not known to be right."""
    amounts = [n for n, term in enumerate(found.terms) if term.role.part in _KEPT_BACK and term.role.form != "percent"]
    wanted = sum(1 << n for n in amounts)
    steps = (found.to_subtotal or (), found.to_total or (), _to_balance(found), step.fits if step else ())
    told = [{way.used & wanted for way in _simplest(ways)} or {0} for ways in steps]
    used = max((reduce(or_, one_of_each) for one_of_each in product(*told)), key=int.bit_count)
    for n in amounts if found.total is not None else ():
        term = found.terms[n]
        if not used >> n & 1:
            message = f"The {term.noun} of {money(term.value)} is in none of the sums."
            yield not_checked("balance", message, (term.cell, path_of(found.total_name or "total")))
