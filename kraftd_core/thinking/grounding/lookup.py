"""Looks the claims of one statement up in a document's evidence: the cells that each rests on, or that it rests on nothing."""

import math
import re
from bisect import bisect_left, bisect_right
from calendar import monthrange
from collections import Counter
from collections.abc import Iterable, Iterator, Sequence
from datetime import date
from functools import cached_property, lru_cache

from kraftd_core.document.changes import counted, parse_path, path_of
from kraftd_core.document.checks.checking import is_blank
from kraftd_core.document.jsontypes import ROW_ID
from kraftd_core.document.kinds import KINDS, DocumentKind, kind_of
from kraftd_core.document.wording import clipped, in_sentence, label_of, shown_in
from kraftd_core.records.sureness import SURE_FROM, is_doubtful
from kraftd_core.thinking.grounding.claims import Claim, Code, Count, Currency, Day, Figure, LineNumber
from kraftd_core.thinking.grounding.evidence import Cell, Evidence, Ratios, key_of, ways_to_name
from kraftd_core.thinking.grounding.names import Name, words_of
from kraftd_core.thinking.grounding.vocabulary import PLAIN_WORDS_IN

Paths = Sequence[str]

_MOST_CELLS = 20  # that a count of findings names
_IN_DAYS = {"day": (1, 0.0), "week": (7, 0.0), "month": (30.44, 3.0), "year": (365.25, 15.0)}  # length, and how far off it may be
_PART_OF_ROWS = re.compile(
    r"(?i)without|with no|of (?:them|these|those|which)|blank|empt|missing|repeat|same|unpriced|stand|share|price|added|removed"
    r"|moved|changed|doubtful|whose|that|have|lack|differ|each|sections?|rates?"
)
_ADDED_UP = re.compile(
    r"(?i)\b(?:adds? up|sum|together|come to|in all|zusammen|summe|insgesamt|ensemble|somme|en tout|suman?"
    r"|juntas?)\b"
)
_SURENESS = re.compile(r"(?i)certain|confiden|sure|doubt|sicher|zweifel|unsicher|douteu|fiab|s[ûu]r|dudos|segur")
_OF_REVIEW = re.compile(
    r"(?i)(?<!\w)(?:correct(?:ed|ions?)|chang(?:ed|es?)|review(?:ed|er)?|confirmed|accepted|edited|ge[äa]ndert|korrigiert"
    r"|best[äa]tigt"
    r"|corrig[ée]e?s?|modifi[ée]e?s?|corregid[oa]s?|modificad[oa]s?)(?!\w)"
)
_OF_EARLIER = re.compile(
    r"(?i)(?<!\w)(?:earlier|last|previous|your (?:\w+ )?reviews?|on average|fr[üu]here[nr]?|letzten?|pr[ée]c[ée]dente?s?"
    r"|anteriores)(?!\w)"
)
_LARGEST = re.compile(
    r"(?i)largest|biggest|highest|smallest|lowest|gr[öo][ßs]+te|h[öo]chste|kleinste|plus (?:\w+ )?(?:important|grand|gros"
    r"|[ée]lev)|mayor|menor"
)
_REST = re.compile(r" (?:more|weitere|autres|m[áa]s)(?!\w)")
_OF_ROWS = re.compile(
    rf"{_LARGEST.pattern}|line|row|item|position|share|posten|zeile|anteil|ligne|poste|part|l[íi]nea|partida|parte"
    r"|ma(?:k|d)es? up|accounts? for|entspricht|macht|repr[ée]sente|constitue|supone|representa"
)


_BY_SO_MUCH = re.compile(
    r"(?i)(?: ?[€$£]| [A-Z]{3})? (?:too |zu |um |de |en )?(?:much|higher|more|less|lower|larger|greater|smaller|above"
    r"|below|over|under"
    r"|short|off|high|low|mehr|weniger|h[öo]her|niedriger|gr[öo][sß]er|hoch|niedrig|[üu]ber|unter|plus|moins|trop|sup[ée]rieure?"
    r"|inf[ée]rieure?|m[áa]s|menos|mayor|menor|superior|inferior)(?!\w)"
)
_MOST_ALIKE = 200  # lines among which those of one word are sought
_NEAR = 60  # characters behind a figure that say what it counts
_ROUGHLY = re.compile(
    r"(?i)(?<!\w)(?:about|around|roughly|some|approximately|nearly|almost|just over|over|more than|rund|etwa|ca\.|fast|knapp"
    r"|gut|environ|pr[èe]s de|unos|unas|casi|m[áa]s de|plus de|mehr als)\s*\Z"
)
_PER_PERIOD = re.compile(
    r"(?i)(?: ?[€$£]| [A-Z]{3})? (?:(?P<month>(?:a|per|each|every) month|monthly|im monat|pro monat|monatlich|par mois"
    r"|al mes|mensual\w*)"
    r"|(?:a|per|each|every) year|yearly|annually|im jahr|pro jahr|j[äa]hrlich|par an|al a[ñn]o|anual\w*)(?!\w)"
)
_BOUND = re.compile(
    r"(?i)(?<!\w)(?:below|above|exceeds?|at least|at most|between|unter|[üu]ber|mindestens|h[öo]chstens|inf[ée]rieure?s? [àa]"
    r"|sup[ée]rieure?s? [àa]|por debajo de|por encima de)(?: [\d.,]+ (?:and|und|et|y))? (?:[€$£] ?|(?-i:[A-Z]{3}) )?\Z"
)
_IS = (
    r"(?: (?:name|amount))?(?:\s*:)?(?: (?:is|was|are|of|amounts to|comes to|ist|war|betr[äa]gt|von|bel[äa]uft sich auf|est"
    r"|[ée]tait"
    r"|s['’][ée]l[èe]ve|es|asciende|era))?(?: (?:a|[àa]|de|the|about|exactly|die|der))?"
    r"\s*(?:[€$£]|(?-i:[A-Z]{3}) )?\Z"  # a currency, not "and"
)
_OF_A_PART = frozenset((
    "and", "und", "et", "y", "plus", "with", "mit",
    "line", "section", "row", "bill", "page", "item", "allowance", "allowances", "charge", "charges", "group", "part", "sub",
    "rounded", "cash", "paid", "prepaid", "monthly", "weekly", "annual", "yearly", "day", "withholding", "running",
))  # fmt: skip
_BILLS = ("invoice_date", "receipt_date")  # one for the other says nothing wrong
_DATES_OF_KINDS = {kind.date for kind in KINDS.values() if kind.date} - {"document_date"}
_AMOUNT_SAID = re.compile(
    r"(?i)(?<![\w-])(?P<of>\w+ )?"
    r"(?:(?P<subtotal>subtotal|net total|zwischensumme|nettobetrag|sous-total|total ht|montant ht|base imponible)"
    r"|(?P<total_tax>(?:total )?tax|vat|steuer|mehrwertsteuer|mwst|umsatzsteuer|taxe|tva|iva|impuesto)"
    rf"|(?P<total>(?:grand )?total|gesamtbetrag|gesamtsumme|rechnungsbetrag|montant total|total ttc|importe total)){_IS}"
)
_MAY_BE_SAID = re.compile("(?i)tot|tax|vat|steuer|mwst|summe|betrag|tva|iva|montant|base|impuesto")  # most figures end here
_DAY_SAID = re.compile(
    r"(?i)(?<!\w)(?:(?P<due>(?<!over)due(?! date)(?: on| by)?|f[äa]llig(?:keitsdatum)?(?: am| bis| zum)*|[ée]ch[ée]ance(?: au"
    r"| du| le)*"
    r"|vencimiento(?: del?| el)?|vence(?: el)?|l[äa]uft am|[ée]choit(?: le)?)|(?P<dated>dated|dat[ée]e? du|datiert vom"
    r"|rechnungsdatum|fechada el|con fecha del?)"
    r"|(?P<named>(?:[a-z]+ ){1,2}date)(?: on| by)?)"
    rf"{_IS}"
)
_VENDORS = "supplier|vendor|seller|lieferant|verk[äa]ufer|rechnungssteller|fournisseur|vendeur|proveedor|vendedor"
_CUSTOMERS = "customer|buyer|kunde|k[äa]ufer|auftraggeber|rechnungsempf[äa]nger|client|acheteur|cliente|comprador"
_PARTY_SAID = re.compile(rf"(?i)(?<!\w)(?:(?P<vendor_name>{_VENDORS})|(?P<customer_name>{_CUSTOMERS})){_IS}")


class Lookup:
    """Looks up what one statement claims; the rows and fields that it speaks of come first."""

    def __init__(self, evidence: Evidence, text: str, claims: Sequence[Claim], language: str = "en") -> None:
        self._evidence = evidence
        self._text = text
        self._plain_words = PLAIN_WORDS_IN.get(language, PLAIN_WORDS_IN["en"])
        self._words = set(words_of(text))
        self._is_sum = _ADDED_UP.search(text) is not None
        self._is_of_sureness = _SURENESS.search(text) is not None
        numbers = [claim.number for claim in claims if isinstance(claim, LineNumber)]
        self._said: dict[int, str | None] = {}
        self._rows = {row_id for n in numbers for _, row_id in self._rows_at(n)}

    def paths_of(self, claim: Claim) -> Paths | None:
        """The cells that the claim rests on (none where it is the day or the document's name); None where it rests on nothing.

        What the statement calls the supplier, the total and the like must be the document's, not any value of it.
        """
        field = self._said_to_be(claim)
        if field is None:
            return self._anywhere(claim)
        if self._stands_in(field, claim):
            return None if self._is_called_otherwise(claim) else [path_of(field)]
        taxes = [cell for cell in self._cells(claim) if "tax" in cell.name] if field == "total_tax" else []
        return self._best(taxes) if taxes else None

    def _cells(self, claim: Claim) -> list[Cell]:
        readings = claim.readings if isinstance(claim, Figure) else ()
        return [cell for reading in readings for cell in self._evidence.numbers.get(key_of(reading), ())]

    def _said_to_be(self, claim: Claim) -> str | None:
        """The field that the words right before the claim name, if the document fills it."""
        if claim.start not in self._said:
            self._said[claim.start] = self._named_before(claim)
        return self._said[claim.start]

    def _named_before(self, claim: Claim) -> str | None:
        kinds = {Figure: _AMOUNT_SAID, Day: _DAY_SAID, Name: _PARTY_SAID}
        if type(claim) not in kinds or (isinstance(claim, Figure) and (claim.decimals != 2 or claim.is_share or self._rows)):
            return None
        start = max(0, claim.start - (50 if isinstance(claim, Figure) else 80))
        if isinstance(claim, Figure) and not _MAY_BE_SAID.search(self._text, start, claim.start):
            return None
        said = kinds[type(claim)].search(self._text, start, claim.start)
        if said is None or (said.groupdict().get("of") or "").strip().lower() in _OF_A_PART:
            return None
        if isinstance(claim, Figure) and _BY_SO_MUCH.match(self._text, claim.start + len(claim.text)):
            return None  # "the subtotal is 90.00 higher"
        part = next(name for name, words in said.groupdict().items() if words and name != "of")
        field = self._date_called(said[part]) if part == "named" else self._role(part)
        return field if field and not is_blank(self._evidence.case.data.get(field)) else None

    @cached_property
    def _kind(self) -> DocumentKind:
        case = self._evidence.case
        return kind_of(case.data.get("document_type") or case.document_type)

    def _role(self, part: str) -> str | None:
        return {"due": self._kind.due, "dated": self._kind.date, "total": self._kind.total}.get(part, part)

    def _date_called(self, label: str) -> str | None:
        """The field of that name; the document's own date if it is only called by the name that another kind has for it."""
        words = words_of(label)
        for size in range(len(words), 1, -1):
            wanted = words[-size:]
            if name := next((n for n in self._evidence.case.data if wanted in (words_of(n), words_of(label_of(n)))), None):
                return name
        return self._kind.date if "_".join(words[-2:]) in _DATES_OF_KINDS else None

    def _is_called_otherwise(self, claim: Claim) -> bool:
        """Whether a day is called the date of another kind of document, which this one does not name: "Order date"."""
        said = _DAY_SAID.search(self._text, max(0, claim.start - 80), claim.start) if isinstance(claim, Day) else None
        called = "_".join(words_of(said["named"])[-2:]) if said and said["named"] else ""
        own = {self._kind.date, *(_BILLS if self._kind.date in _BILLS else ())}
        return called in _DATES_OF_KINDS - own and called not in self._evidence.case.data

    def said_otherwise(self, claim: Claim) -> str | None:
        """What the document says of what the claim is said to be, if it says the claimed elsewhere; else it is just not found."""
        field = self._said_to_be(claim)
        if field is None or self._anywhere(claim) is None:
            return None
        if self._is_called_otherwise(claim) and self._stands_in(field, claim):
            return f"{claim.text} is the {in_sentence(field)}"
        value = self._evidence.case.data[field]
        return f"the {in_sentence(field)} is {clipped(shown_in(field, value), 60)}"

    def _stands_in(self, field: str, claim: Claim) -> bool:
        """Whether a field holds exactly what is claimed."""
        said = self._evidence.said_in(field)
        if isinstance(claim, Figure):
            slack = claim.slack or 0.005
            return any(abs(abs(reading) - abs(value)) <= slack + 1e-9 for reading in claim.readings for value in said.numbers)
        if isinstance(claim, Day):
            return any(reading in ways_to_name(day) for day in said.days for reading in claim.readings)
        return isinstance(claim, Name) and said.words.issuperset(word for word in claim.words if word not in self._plain_words)

    def _anywhere(self, claim: Claim) -> Paths | None:
        if isinstance(claim, Figure):
            return self._share(claim) if claim.is_share else self._figure(claim)
        if isinstance(claim, Count):
            return self._count(claim)
        if isinstance(claim, Day):
            return self._day(claim)
        if isinstance(claim, Name):
            return self._name(claim)
        if isinstance(claim, LineNumber):
            return [path_of(table, row_id) for table, row_id in self._rows_at(claim.number)] or None
        return self._code(claim) if isinstance(claim, Code) else self._currency(claim)

    def _best(self, cells: Iterable[Cell]) -> Paths:
        """The cell that the statement most likely means: of a row or a field that it names, else the first."""
        chosen = min(cells, key=self._distance)
        return [chosen.path] if chosen.path else []

    def _distance(self, cell: Cell) -> tuple[bool, int, int]:
        named = _words_naming(cell.name) & self._words
        return cell.row_id is not None and cell.row_id not in self._rows, cell.rank, -len(named)

    def _rows_at(self, number: int) -> list[tuple[str, str]]:
        """The rows at that place: of the tables that the statement names, else of the line items, else of any."""
        tables = self._evidence.tables
        named = [t for t in tables if t != "line_items" and set(words_of(label_of(t))) <= self._words]
        asked = named or [t for t in tables if t == "line_items"] or list(tables)
        return [(t, tables[t][number - 1][ROW_ID]) for t in asked if 1 <= number <= len(tables[t])]

    # Figures

    def _figure(self, figure: Figure) -> Paths | None:
        evidence = self._evidence
        if figure.decimals == 0 and (figure.readings[0] in self._counted_of_records or self._is_rest(figure)):
            return []
        for reading in figure.readings:
            if cells := evidence.numbers.get(key_of(reading)):
                return [*self._best(cells), *self._added(reading)]
        if (paths := self._of_lines_alike(figure)) or (paths := self._per_period(figure)) or (paths := self._bound(figure)):
            return paths
        for reading in (max(figure.readings),) if figure.slack else figure.readings:
            if paths := self._rounded(reading, figure) or self._worked_out(reading, figure) or self._size_or_year(reading):
                return paths
        return None

    def _added(self, reading: float) -> Paths:
        """The columns that add up to it, where the statement says that they do."""
        sums = self._evidence.sums if self._is_sum else ()
        return [path for paths, value in sums if round(value, 2) == round(reading, 2) for path in paths]

    def _of_lines_alike(self, figure: Figure) -> Paths | None:
        """The quantities or amounts of the lines that a word right beside the figure names: "65 flow meters" on two lines."""
        behind = self._text[figure.start + len(figure.text) : figure.start + len(figure.text) + _NEAR]
        said = {word.rstrip("s") for word in words_of(behind)[:3] if len(word) > 3 and word.isalpha()}
        for (table, column), values in self._evidence.columns.items() if said else ():
            if column not in ("quantity", "amount") or len(values) > _MOST_ALIKE:
                continue
            alike = [row_id for row_id in values if said & self._evidence.words_of_row(table, row_id)]
            if len(alike) > 1 and any(abs(sum(values[row] for row in alike) - reading) <= 0.005 for reading in figure.readings):
                return [path_of(table, row_id, column) for row_id in alike]
        return None

    def _per_period(self, figure: Figure) -> Paths | None:
        """An amount of the whole by the month or the year of its term: "4,000.00 a month" of two years' 96,000."""
        told = _PER_PERIOD.match(self._text, figure.start + len(figure.text))
        length = _IN_DAYS["month" if told and told["month"] else "year"][0]
        for days in self._evidence.spans if told else ():
            periods = round(days / length)
            if periods < 1 or abs(days - periods * length) > 3:
                continue
            for paths, value in self._evidence.amounts:
                if any(abs(value / periods - reading) <= max(figure.slack, 0.01) for reading in figure.readings):
                    return paths
        return None

    def _bound(self, figure: Figure) -> Paths | None:
        """A bound between the lines' amounts: "three of the lines are below 500.00"; which are is not counted."""
        if not _BOUND.search(self._text, max(0, figure.start - 30), figure.start) or not self._is_of_rows:
            return None
        for (table, column), values in self._evidence.columns.items():
            if column == "amount" and len(values) > 1 and min(values.values()) <= figure.readings[0] <= max(values.values()):
                return [path_of(table, "", column)]
        return None

    def _rounded(self, reading: float, figure: Figure) -> Paths | None:
        slack = figure.slack or (0.5 / 10**figure.decimals if figure.decimals >= 2 else 0.0)
        near = _between(self._evidence.sorted_numbers, reading, slack)
        return self._best(cell for value in near for cell in self._evidence.numbers[value]) if slack and near else None

    def _worked_out(self, reading: float, figure: Figure) -> Paths | None:
        derived = self._evidence.derived
        exact = derived.get(round(abs(reading), 2)) if figure.decimals <= 2 else None
        if exact is None and self._is_sum and figure.decimals == 2:
            exact = self._evidence.pair_sums.get(round(abs(reading), 2))
        if exact or not figure.slack:
            return exact
        near = _between(self._evidence.sorted_derived, reading, figure.slack)
        return derived[near[0]] if near else None

    def _size_or_year(self, reading: float) -> Paths | None:
        sized = [path_of(table) for table, rows in self._evidence.tables.items() if len(rows) == reading]
        is_year = reading.is_integer() and reading <= date.max.year
        dated = self._evidence.days_said.get((int(reading), None, None), []) if is_year else []
        return sized[:1] or (self._best(dated) if dated else None)

    def _share(self, share: Figure) -> Paths | None:
        evidence, value = self._evidence, share.readings[-1]
        if cells := evidence.shares.get(key_of(value)):
            return self._best(cells)
        half = 0.5 / 10**share.decimals
        least, most = value - max(share.slack, half) - 1e-9, value + max(share.slack, 2 * half) - 1e-9  # rounded, or rounded down
        if self._is_of_sureness and any(least <= sure * 100 <= most for sure in self._confidences()):
            return []
        return next((paths for ratios in self._ratios for paths in ratios.between(least, most)), None)

    @cached_property
    def _ratios(self) -> list[Ratios]:
        """What a share in this statement may be of what: of amounts of the whole, and of rows where it speaks of them."""
        evidence = self._evidence
        of_whole = evidence.ratios_of_tax if self._words & {"tax", "taxes", "vat"} else evidence.ratios
        if self._rows:
            of_largest = [evidence.shares_of_largest] if self._is_of_largest else []
            return [of_whole, *of_largest, *(evidence.shares_of_row(row_id) for row_id in sorted(self._rows))]
        return [of_whole, evidence.row_shares] if self._is_of_rows else [of_whole]

    @cached_property
    def _is_of_rows(self) -> bool:
        return _OF_ROWS.search(self._text) is not None

    @cached_property
    def _is_of_largest(self) -> bool:
        return _LARGEST.search(self._text) is not None

    @cached_property
    def _is_of_some_rows(self) -> bool:
        return _PART_OF_ROWS.search(self._text) is not None

    def _confidences(self) -> Iterator[float]:
        case = self._evidence.case
        yield SURE_FROM
        if case.extraction_confidence is not None:
            yield case.extraction_confidence
        measured = [lesson.confidence for lesson in case.earlier if lesson.confidence is not None]
        if measured and _OF_EARLIER.search(self._text):
            yield sum(measured) / len(measured)
        yield from (place.confidence for place in case.places.values() if place.confidence is not None)

    # Counts

    def _count(self, count: Count) -> Paths | None:
        found = self._counted(count)
        return self._told_by_checks(count) if found is None else found

    def _told_by_checks(self, count: Count) -> Paths | None:
        """Where a check counted the same: "1 line has none"."""
        told = (f for f in self._evidence.case.findings if f" {count.text.lower()} " in f" {f.message.lower()} ")
        return next((f.cells[-1:] for f in told), None)

    def _counted(self, count: Count) -> Paths | None:
        if count.noun == "line":
            return self._lines(count)
        if count.noun == "day":
            return self._span(count)
        if count.noun == "page":
            pages = [place.page for place in self._evidence.case.places.values() if place.page]
            # Else it may stand in a description: "Notebook, 200 pages".
            return [] if count.number <= max(pages, default=0) else self._together(words_of(count.text), is_cut=False)
        if count.noun == "finding":
            return self._findings(count)
        counts = self._changes() if count.noun == "change" else [*self._changes(), *self._fields()]
        # Of the doubtful values some may be corrected, or empty.
        is_some = count.is_rest or (count.noun == "field" and self._is_of_sureness)
        fits = count.number in counts or count.number == 0 or (is_some and count.number <= max(counts))
        return [] if fits else None

    def _lines(self, count: Count) -> Paths | None:
        tables = self._evidence.tables
        named = [t for t, rows in tables.items() if len(rows) == count.number and (t == "line_items" or self._is_named(t))]
        if named:
            return [path_of(named[0])]
        if _LARGEST.search(count.text):
            large = [t for t, rows in tables.items() if count.number <= len(rows)]
            return [path_of(large[0])] if large else None
        priced = [t for t in tables if len(self._evidence.columns.get((t, "amount"), ())) == count.number]
        if priced and self._is_of_largest:  # "the largest of 7 lines", of which one has no amount
            return [path_of(priced[0], "", "amount")]
        is_part = count.is_rest or count.unit.startswith("of") or self._is_of_some_rows
        if not is_part:
            return [] if count.number == 0 and not tables else None
        if count.number in self._evidence.row_counts:
            return [self._evidence.row_counts[count.number]]
        return [] if count.number == 0 or count.number in self._changes() else None

    def _is_named(self, table: str) -> bool:
        return "line_items" not in self._evidence.tables or bool(set(words_of(label_of(table))) & self._words)

    def _span(self, count: Count) -> Paths | None:
        length, slack = _IN_DAYS[count.unit.rstrip("s")]
        if _ROUGHLY.search(self._text, max(0, count.start - 20), count.start):
            slack = max(slack, 0.75 * length)
        spans, middle = self._evidence.spans, count.number * length
        for days in range(math.ceil(middle - slack), math.floor(middle + slack) + 1):
            if days in spans:
                return spans[days]
        return self._figure(Figure(count.text, count.start, (float(count.number),), 0))

    def _findings(self, count: Count) -> Paths | None:
        is_any = not count.unit.startswith(("error", "warning"))
        wanted = [f for f in self._evidence.case.findings if is_any or count.unit.startswith(f.severity)]
        of_checks = {sum(f.check == check for f in wanted) for check in {f.check for f in wanted}}
        if count.number in {len(wanted), *of_checks, 0} or (count.is_rest and count.number <= len(wanted)):
            return list(dict.fromkeys(cell for finding in wanted for cell in finding.cells))[:_MOST_CELLS] if count.number else []
        return None

    def _is_rest(self, figure: Figure) -> bool:
        """Whether it ends a list, "and 31 more", of which there can be so many."""
        most = max(len(self._evidence.case.data), *map(len, self._evidence.tables.values()), 0)
        return figure.readings[0] < most and _REST.match(self._text, figure.start + len(figure.text)) is not None

    @cached_property
    def _counted_of_records(self) -> frozenset[int]:
        """What may be counted of this review, or of the earlier ones, where the statement speaks of them."""
        counts = self._changes() if _OF_REVIEW.search(self._text) else []
        earlier = len(self._evidence.case.earlier) if _OF_EARLIER.search(self._text) else -1
        return frozenset((*counts, *range(earlier + 1)))

    def _changes(self) -> list[int]:
        """How many changes there are, in all, of each kind, and in each field; how many values were looked at, and how."""
        real = counted(self._evidence.case.changes)
        paths = [parse_path(change.field) for change in real]
        rows = [path.row_id is not None and path.column is None for path in paths]
        by_kind = Counter((type(change), is_row) for change, is_row in zip(real, rows, strict=True)).values()
        fields = [(path.field, path.column) for path in paths]
        looks = self._evidence.case.looked_at
        by_look = Counter(look.how for look in looks).values()
        return [len(real), *by_kind, *map(fields.count, dict.fromkeys(fields)), len(looks), *by_look]

    def _fields(self) -> list[int]:
        """How many fields and values there are, and how many are doubtful or missing."""
        data, places = self._evidence.case.data, self._evidence.case.places
        doubtful = sum(is_doubtful(place.confidence) for place in places.values())
        filled = [value for value in data.values() if not is_blank(value)]
        cells = sum(not is_blank(cell) for rows in self._evidence.tables.values() for row in rows for cell in row.values())
        sizes = [len(value) for value in data.values() if isinstance(value, (list, dict))]
        return [len(data), len(filled), len(data) - len(filled), doubtful, len(filled) + cells, *sizes]

    # Days, codes, currencies, names

    def _day(self, named: Day) -> Paths | None:
        evidence = self._evidence
        today = ways_to_name(evidence.case.as_of)
        for reading in named.readings:
            if fitting := evidence.days_said.get(reading):
                return self._best(fitting)
            if reading in today:
                return []
        whole = (date(y, m, d) for y, m, d in named.readings if y and m and d and _is_of_calendar(y, m, d))
        path = next((evidence.day_terms[day] for day in whole if day in evidence.day_terms), None)
        return None if path is None else [path]

    def _code(self, code: Code) -> Paths | None:
        codes = self._evidence.codes
        key = code.key if code.key in codes else None
        if key is None and code.is_cut:
            key = self._evidence.code_begun(code.key)
        if key is not None:
            return self._best([codes[key]])
        found = [self._figure(figure) for figure in code.figures]
        if not found or None in found:
            return None
        return [path for paths in found for path in paths or ()]

    def _currency(self, currency: Currency) -> Paths | None:
        evidence = self._evidence
        if currency.text in evidence.signs:
            return []
        places = [place for code in sorted(currency.codes) for place in evidence.words.get(code.lower(), ())[:1]]
        if places:
            return self._best(evidence.texts[place][0] for place in places)
        signs = {"€": "EUR", "£": "GBP", "₹": "INR", "$": "USD"}
        return [] if any(signs.get(sign) in currency.codes for sign in evidence.signs) else None

    def _name(self, name: Name) -> Paths | None:
        skipped = 0
        while (paths := self._together(name.words[skipped:], name.is_cut)) is None and self._may_skip(name, skipped):
            skipped += 1
        if paths is not None:
            return paths
        named = [word for word in name.words[skipped:] if word not in self._plain_words] or list(name.words)
        if paths := self._together(named, name.is_cut):
            return paths
        groups = [[w for w in words_of(part) if w in name.words] for part in re.split(r" (?:and|und|et|to|&) |[/+]", name.text)]
        found = [self._together([w for w in group if w not in self._plain_words], name.is_cut) for group in groups if group]
        if len(found) < 2 or None in found:
            return None
        return [path for paths in found for path in paths or ()]

    def _may_skip(self, name: Name, place: int) -> bool:
        """Whether the word may belong to the sentence; one that the document knows belongs to the name."""
        if place >= min(name.optional, len(name.words)):
            return False
        word = name.words[place]
        return word in self._plain_words or word not in self._evidence.words

    def _together(self, words: Sequence[str], is_cut: bool) -> Paths | None:
        """Where the words stand in one text, or in the name of one field."""
        if not words:
            return []
        texts, wanted = self._evidence.texts, [self._known(word, is_cut and word == words[-1]) for word in words]
        rarest = min((self._evidence.words.get(word, []) for word in wanted), key=len)
        cells = [texts[place][0] for place in rarest if texts[place][1].issuperset(wanted)]
        if cells:
            return self._best(cells)
        labels = (name for name in self._evidence.case.data if _words_naming(name).issuperset(words))
        return next(([path_of(name)] for name in labels), None)

    def _known(self, word: str, is_cut: bool) -> str:
        """The word as the document has it, if it was cut."""
        if not is_cut or word in self._evidence.words:
            return word
        return self._evidence.word_begun(word) or word


@lru_cache(maxsize=500)
def _words_naming(field: str) -> frozenset[str]:
    return frozenset(words_of(f"{label_of(field)} {field}"))


def _between(values: Sequence[float], middle: float, slack: float) -> Sequence[float]:
    """The values about as large as that one, the nearest first."""
    near = values[bisect_left(values, abs(middle) - slack - 1e-9) : bisect_right(values, abs(middle) + slack + 1e-9)]
    return sorted(near[:50], key=lambda value: abs(value - abs(middle)))


def _is_of_calendar(year: int, month: int, day: int) -> bool:
    return 1 <= year <= 9999 and 1 <= day <= monthrange(year, month)[1]
