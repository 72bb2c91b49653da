"""Finds who sells and who buys: by the labels of blocks, else by how letters are laid out."""

import re
from collections.abc import Iterator, Sequence
from dataclasses import replace
from itertools import pairwise, takewhile
from typing import TypeAlias

from kraftd_core.adapters.readers.common.kinds import kind_by_words
from kraftd_core.adapters.readers.common.labels import BUYER_LABELS, COLUMN_OF, ROLE_OF, key_of, role_of
from kraftd_core.adapters.readers.common.parties.addresses import (
    address_blocks,
    is_address,
    is_postal,
    left_aligned,
    sender_before_address,
)
from kraftd_core.adapters.readers.common.parties.names import COMPANY, is_no_name
from kraftd_core.adapters.readers.common.reading import Found
from kraftd_core.adapters.readers.common.values import find_date, folded
from kraftd_core.adapters.readers.common.words import Page, Phrase, TextLine, Word, text_of

Block: TypeAlias = tuple[str, Page, int, Phrase, tuple[Word, ...]]
"""A party's label: its role, page, line, phrase, and what follows it in the phrase."""
Stops: TypeAlias = set[tuple[int, int, int]]
"""Page, line and phrase of everything that is a label."""
Named: TypeAlias = tuple[str, Page, Sequence[Word], float]

_LABELLED, _OWNER, _SENDER_LINE, _REGISTERED = 0.88, 0.9, 0.85, 0.75
_COMPANY, _HOLDER, _FIRST_LINE, _ADDRESS = 0.7, 0.6, 0.45, 0.65
_BY_PLACE = 0.6  # at most, where neither a label nor a company's form tells a name
_HEAD_OF_A_TILL = 8  # lines

_COMPANY_FORM = re.compile(
    r"\b(?:gmbh|ag|(?<!\d )kg|ohg|e\.?k|ug|mbh|se|ltd|limited|llp|llc|inc|corp|corporation|"
    r"plc|pvt|pte|sdn|bhd|pty|co|company|sarl|sas|sasu|eurl|"
    r"s\.?[aà]\.?r\.?l|"
    r"s\.a|sa|snc|s\.n\.c|sprl|lda|ltda|eireli|a/s|e\.u|s\.c|s\.r\.o|v\.o\.f|w\.l\.l|k\.s\.c|est(?=\.?$)|"
    r"bv|b\.v|nv|n\.v|srl|s\.r\.l|spa|s\.p\.a|s\.l|sl|oy|ab|as|aps|kft|d\.o\.o|sp\. z o\.o|gbr|e\.?v|a\.g|bvba|"
    r"enterprise|trading|restaurants?|bookstores?|store|shop|supermarket|mart)\b\.?", re.IGNORECASE,
)
_DUTCH_POSTCODE = re.compile(r"\b\d{4} ?[A-Z]{2}\b")  # whose letters may be a company's form elsewhere: 3011 AB
_SENDER_PARTS = re.compile(r"\s[-–·•|*]\s|\s\|\s|·|•")
_LINE_TO = re.compile(
    r"(?:firma|fa\.|an(?: (?:die|den|das))?(?: firma)?|to|attn|attention|egregi\w*|egr\.|gent\w*|spett\.? ?(?:le|li)|spettabile|"
    r"alla c\.? ?a\.?|alla cortese attenzione|[àa] l'attention|exmo|t\.? ?a\.? ?v|z\.? ?hd|zu h[äa]nden|to the attention)"
    r"[ .:]*(?:\(?s\)? ?|\.? )*(?:sr|senhore?s?|signore?|client[ei]|ditta|di|de|du|von|of|di lei)?[.:]?(?:\(s\))?[.:]?",
    re.IGNORECASE,
)  # which says that the addressee follows, and is no part of the name
_CONTACT = re.compile(r"(?:t\.? ?a\.? ?v\.? |c/o |z\. ?hd\. |(?:mevr|dhr|mw|hr|fr|sig)\. )")  # in small: a person at the party
_PLACE_OF_PARTY = re.compile(
    r"(?:baustelle|bauvorhaben|objekt|projekt|filiale|niederlassung|zweigstelle|lager|branch|site|job site|project|warehouse|"
    r"head office|chantier|agence|entrepôt|succursale|sucursal|almacén|obra|cantiere|magazzino|sede|vestiging|magazijn|filial)\b",
    re.IGNORECASE,
)  # where somebody works or delivers to, not whom it is billed to
_TITLE_OF_PERSON = re.compile(r"(?:mevr|dhr|dott|arch|ing|avv|geom|rag|prof|herr|spett|egr)\.(?:le|ssa)? ?", re.IGNORECASE)
_SALUTATION = re.compile(
    r"(?:herrn?|frau|familie|mr|mrs|ms|m|mme|madame|monsieur|mlle|signor[ae]?|sig\.?(?:ra)?|señora?|sra?|mevrouw|de heer|"
    r"dhr|mevr)[.:]?",
    re.IGNORECASE,
)
_NOT_A_NAME = re.compile(
    r"\b(?:page|seite|invoice|rechnung|facture|factura|fattura|receipt|quotation|angebot|devis|order|bestellung|bon de commande|"
    r"logo|date|datum|statement|copy|original|stylesheet|visualisierung|lesbarmachung|version|welcome|tel|phone|fax|www|"
    r"http|vat|gst|bill|request|bills? of quantities|contract|agreement)\b|^(?:tax ?)?(?:invoice|rechnung|facture)|@|://|\d$",
    re.IGNORECASE,
)
_ADDRESS_HOST = re.compile(r"(?:@|www\.|https?://)([a-z0-9-]+)\.[a-z]")
_MAIL_HOSTS = frozenset(("gmail", "googlemail", "outlook", "hotmail", "yahoo", "icloud", "tonline", "orange", "wanadoo"))
_HOLDER_LABEL = re.compile(
    r"(?:titulaire du compte|kontoinhaber|account (?:name|holder)|kontoname|titular|intestatario)\s*:\s*(.+)", re.IGNORECASE
)
_REGISTRATION = re.compile(
    r"[(\[]?(?:c[o0](?:mpany)?\.? ?)?(?:reg(?:istration)?\.? ?)?(?:n[o0]\.?)? ?[:.]? ?\d[\d ]{4,}(?: ?- ?[A-Z]{1,2})? ?[)\]]?",
    re.IGNORECASE,
)
_FORM_ALONE = re.compile(r"(?:sdn\.? ?bhd|pte\.? ?ltd|pvt\.? ?ltd|gmbh|ltd|limited|inc|llc|sarl)\.?", re.IGNORECASE)
_FRENCH_FORM = re.compile(r"\s+(?:SARL|SAS|SASU|EURL|SNC)$")
_BUYER_KEYS = frozenset(key_of(phrase) for phrase in BUYER_LABELS.split("|"))


def vendor(pages: Sequence[Page], blocks: Sequence[Block], stops: Stops) -> Found | None:
    """The seller: labelled, else the letter's sender line, else who owns the web address, else by place on the page."""
    buyer = next(_labelled("customer_name", blocks, stops), None)
    pages = _without(pages, buyer)
    labelled, owner = next(_labelled("vendor_name", blocks, stops), None), _owner_of_address(pages)
    if labelled and owner and not _COMPANY_FORM.search(labelled[0]):
        labelled = None  # orders also name the clerk who sells
    named = labelled or _sender_line(pages) or owner or _in_footer(pages) or _registered(pages)
    named = named or (None if buyer else _over_addressee(pages)) or _company_at_top(pages) or _holder(pages)
    named = named or (_first_address(pages, blocks) if buyer else None) or _first_line(pages)
    if named is None:
        return None
    name, page, words, confidence = named
    if re.search(r"\b(?:SARL|SAS|SASU|EURL|SNC) au capital\b", "\n".join(line.text for p in pages for line in p.lines)):
        name = _FRENCH_FORM.sub("", name)  # the page states the legal form apart from the name
    return Found(name, page.spot(words, confidence))


def _without(pages: Sequence[Page], party: Named | None) -> Sequence[Page]:
    """The pages without the lines of the party's own name: who is labelled the buyer does not sell."""
    if party is None:
        return pages
    words, key = {id(word) for word in party[2]}, key_of(party[0])

    def is_theirs(phrase: Phrase) -> bool:
        return key_of(phrase.text) == key or any(id(word) in words for word in phrase.words)

    def others(line: TextLine) -> TextLine | None:
        phrases = tuple(phrase for phrase in line.phrases if not is_theirs(phrase))
        return line if len(phrases) == len(line.phrases) else TextLine(phrases) if phrases else None

    return [replace(page, lines=tuple(filter(None, map(others, page.lines)))) if page is party[1] else page for page in pages]


def letterhead(pages: Sequence[Page]) -> Found | None:
    """Whose paper it is: by the sender's line, the web address or the company's form at the top; none by place alone."""
    named = _sender_line(pages) or _owner_of_address(pages) or _in_footer(pages) or _company_at_top(pages)
    named = named or _first_address(pages, [])
    return Found(named[0], named[1].spot(named[2], min(named[3], _ADDRESS))) if named else None


def is_contact(pages: Sequence[Page], found: Found) -> bool:
    """Whether what a label names is rather a person than a company: two or three names, and no address under them."""
    name = str(found.value)
    if COMPANY.search(name) or _COMPANY_FORM.search(name) or not re.fullmatch(r"(?:[A-ZÀ-Þ][\w.'’-]*\s?){2,3}", name):
        return False
    headed = (_addressed(page, block) for page in pages[:1] for block in address_blocks(page))
    return all(named is None or folded(named[0]) != folded(name) for named in headed)


def told_party(role: str, blocks: Sequence[Block], stops: Stops) -> Found | None:
    """The party that the page itself calls so, by a label."""
    named = next(_labelled(role, blocks, stops), None)
    return Found(named[0], named[1].spot(named[2], named[3])) if named else None


def customer(pages: Sequence[Page], blocks: Sequence[Block], stops: Stops, seller: str) -> Found | None:
    """The buyer: labelled, else the first address that is neither the seller's nor a delivery's."""
    named = next(_labelled("customer_name", blocks, stops), None) or _first_address(pages, blocks, seller)
    if named is None or folded(named[0]) == folded(seller):
        return None
    name, page, words, confidence = named
    return Found(name, page.spot(words, confidence))


# Labelled blocks


def _labelled(role: str, blocks: Sequence[Block], stops: Stops) -> Iterator[Named]:
    for block_role, page, n, phrase, rest in blocks:
        if block_role != role:
            continue
        if rest and not _is_aside(text_of(rest)):
            text = text_of(rest)
            if ":" not in phrase.text[: -len(text)]:
                continue  # the words go on as a sentence does
            name = _tidy(text)
            if _is_name(name):
                yield name, page, rest, _LABELLED
            continue
        if named := _in_block(page, n, phrase, stops):
            yield named


def _is_aside(text: str) -> bool:
    """Whether it only adds to the label, with the name below it.

    So do the party's number ("Vendor:700215"), words in brackets, and the label in another language ("Customer / Klant:").
    """
    if re.fullmatch(r"[\W_]*\d[\d\W_]*|\([^()]*\)\s*:?", text):
        return True
    return ROLE_OF.get(key_of(text)) in ("vendor_name", "customer_name", "other_party")


def _in_block(page: Page, n: int, phrase: Phrase, stops: Stops) -> Named | None:
    """The name in a block: beside its label, or what its own "Name:" says, or its first line that is no label."""
    line = page.lines[n]
    index = line.phrases.index(phrase)
    beside = [p for i, p in enumerate(line.phrases) if i == index + 1 and (page.number, n, i) not in stops]
    if beside and _is_name(_tidy(beside[0].text)) and not _starts_column(beside[0]):
        return _tidy(beside[0].text), page, beside[0].words, _LABELLED
    column = list(_column_below(page, n, phrase))
    for at, own in column:
        if key_of(own.text) in ("name", "firma", "company", "nom"):
            return _value_of_name(page, at, own)
        if re.match(r"(?:name|nom|nombre|nome|firma)\s*:\s*\w", folded(own.text)):
            return _tidy(own.text.split(":", 1)[1]), page, own.words[1:] or own.words, _LABELLED
    return _first_of(page, [p for at, p in column if _is_name(p.text) and not _is_labelled(page, at, p, stops)])


def _is_labelled(page: Page, n: int, phrase: Phrase, stops: Stops) -> bool:
    """Whether the phrase is a label, or holds one: we know it, or a colon stands in it or right after it."""
    index = page.lines[n].phrases.index(phrase)
    after = page.lines[n].phrases[index + 1 :]
    return (page.number, n, index) in stops or ":" in phrase.text or bool(after and after[0].text.startswith(":"))


def _starts_column(phrase: Phrase) -> bool:
    """Whether the phrase heads a column of its own, as "Ship to" beside "Bill to" does."""
    return key_of(phrase.text) in ROLE_OF or phrase.text.rstrip().endswith(":")


def _column_below(page: Page, n: int, phrase: Phrase) -> Iterator[tuple[int, Phrase]]:
    """The phrases under the label that begin where it begins, until white parts them; a block has at most eight lines."""
    edge, taken = phrase, 0
    for at in range(n + 1, len(page.lines)):
        line = page.lines[at]
        if line.top - edge.bottom > 2.2 * (edge.bottom - edge.top) or taken == 8:
            return
        own = [p for p in line.phrases if p.x0 - 12 <= phrase.x0 <= p.x0 + 12 or p.x0 <= phrase.x0 < p.x1]
        if own:
            edge, taken = own[0], taken + 1
            if _is_other_party(own[0]):
                return
            yield at, own[0]


def _is_other_party(phrase: Phrase) -> bool:
    return ROLE_OF.get(key_of(phrase.text)) in ("vendor_name", "customer_name", "other_party")


def _value_of_name(page: Page, n: int, label: Phrase) -> Named | None:
    """What stands right of "Name:", with the lines directly above and below in its column that have no label of their own."""
    line = page.lines[n]
    right = [p for p in line.phrases if p.x0 > label.x1]
    if not right:
        return None
    column = [right[0]]
    for step in (-1, 1):
        at = n + step
        if 0 <= at < len(page.lines):
            near = page.lines[at]
            same = [p for p in near.phrases if abs(p.x0 - right[0].x0) < 2]
            gap = right[0].top - near.bottom if step < 0 else near.top - right[0].bottom
            if len(near.phrases) == 1 and same and gap < 0.6 * (right[0].bottom - right[0].top):
                column.insert(0 if step < 0 else len(column), same[0])
    words = [word for p in column for word in p.words]
    return _tidy(text_of(words)), page, words, _LABELLED


def _first_of(page: Page, phrases: Sequence[Phrase]) -> Named | None:
    if not phrases:
        return None
    words = list(phrases[0].words)
    if _SALUTATION.fullmatch(phrases[0].text.strip()) and len(phrases) > 1:
        words += phrases[1].words
    return _tidy(text_of(words)), page, words, _LABELLED


# Layout


def _top(pages: Sequence[Page], share: float) -> Iterator[tuple[Page, Phrase]]:
    for page in pages[:1]:
        for line in page.lines:
            if line.top < share * page.height:
                yield from ((page, phrase) for phrase in line.phrases)


def _sender_line(pages: Sequence[Page]) -> Named | None:
    """The small line over an address window: name, street and town, parted by marks."""
    for page in pages[:1]:
        for line in page.lines:
            text = line.text
            for phrase in line.phrases:
                sender = sender_before_address(phrase.text) if line.top < 0.45 * page.height else None
                if sender and _is_name(sender):
                    return _tidy(sender), page, phrase.words[: len(sender.split())], _SENDER_LINE
            parts = [part.strip() for part in _SENDER_PARTS.split(text)]
            is_high = line.top < 0.45 * page.height and not is_address(text)
            if is_high and len(parts) >= 3 and is_postal(text) and _is_name(parts[0]):
                words = line.words[: len(parts[0].split())]
                return _tidy(parts[0]), page, words, _SENDER_LINE
    return None


_FOOTER_LINES = 6
_LARGER = 1.2  # times the page's usual type


def _in_footer(pages: Sequence[Page]) -> Named | None:
    """The name that begins a line of parts at the foot of the first page and stands at its top as well."""
    for page in pages[:1]:
        top = {key_of(phrase.text): phrase for _, phrase in reversed(list(_top(pages, 0.4)))}
        for line in page.lines[-_FOOTER_LINES:]:
            parts = [part.strip() for part in _SENDER_PARTS.split(line.text)]
            name = parts[0].split(",")[0] if is_postal(parts[0]) else parts[0]
            phrase = top.get(key_of(name)) if (len(parts) > 1 or name != parts[0]) and line.top > 0.5 * page.height else None
            if phrase and _is_name(name) and not _NOT_A_NAME.search(name):
                return _tidy(phrase.text), page, phrase.words, _SENDER_LINE
    return None


def _owner_of_address(pages: Sequence[Page]) -> Named | None:
    """The name on the first page that the page's web or mail address is made of; none if addresses belong to several."""
    found: dict[str, Named] = {}
    for page in pages[:1]:
        text = "\n".join(line.text for line in page.lines).lower()
        owners = {plain for host in _ADDRESS_HOST.findall(text) if len(plain := key_of(host)) >= 5 and plain not in _MAIL_HOSTS}
        parts = (part for line in page.lines for phrase in line.phrases for part in _parts_of(phrase))
        for name, words in (*_over_lines(page), *parts):
            key = key_of(name)
            if any(key.startswith(plain) for plain in owners) and _is_name(name) and not re.search(r"@|www|[:/]", name):
                found.setdefault(key, (_tidy(name), page, words, _OWNER))
    formal = [named for named in found.values() if _COMPANY_FORM.search(named[0])] or list(found.values())
    return formal[0] if len(formal) == 1 else None


def _over_lines(page: Page) -> Iterator[tuple[str, Sequence[Word]]]:
    """Names at the top that are set over several lines in one type larger than the page's."""
    heights = sorted(word.height for line in page.lines for word in line.words)
    for block in left_aligned(page):
        size = block[0].words[0].height
        large = [*takewhile(lambda phrase, size=size: abs(phrase.words[0].height - size) < 0.5, block)]  # type: ignore[misc]
        if len(large) > 1 and block[0].top < 0.3 * page.height and size > _LARGER * heights[len(heights) // 2]:
            words = [word for phrase in large for word in phrase.words]
            yield text_of(words), words


def _parts_of(phrase: Phrase) -> Iterator[tuple[str, Sequence[Word]]]:
    """The parts of a phrase between marks that stand alone, with their words."""
    part: list[Word] = []
    for word in (*phrase.words, None):
        if word is None or word.text in "-–·•|*":
            if part:
                yield text_of(part), part
            part = []
        else:
            part.append(word)


def _registered(pages: Sequence[Page]) -> Named | None:
    """The name above a registration number at the top, as tills print it."""
    lines = list(_top(pages, 0.3))[:_HEAD_OF_A_TILL]
    before: Phrase | None = None
    for (page, phrase), (_, below) in pairwise(lines):
        if _REGISTRATION.fullmatch(below.text) and _is_name(phrase.text) and not _NOT_A_NAME.search(phrase.text):
            words = (*before.words, *phrase.words) if before and _FORM_ALONE.fullmatch(phrase.text) else phrase.words
            return _tidy(text_of(words)), page, words, _REGISTERED
        before = phrase
    return None


def _company_at_top(pages: Sequence[Page]) -> Named | None:
    before: Phrase | None = None
    for page, phrase in _top(pages, 0.3):
        if before and _FORM_ALONE.fullmatch(phrase.text) and _is_name(before.text):
            return _tidy(f"{before.text} {phrase.text}"), page, (*before.words, *phrase.words), _COMPANY
        before = phrase
        text = phrase.text
        if key_of(text.split(":")[0]) in _BUYER_KEYS:
            return None  # from here on the page speaks of the customer
        is_place = is_address(text) or _DUTCH_POSTCODE.search(text)
        if _COMPANY_FORM.search(text) and _is_name(text) and len(text) <= 60 and not is_place:
            return _tidy(text), page, phrase.words, _COMPANY
    return None


def _holder(pages: Sequence[Page]) -> Named | None:
    """The holder of the account to pay to."""
    for page in pages:
        for line in page.lines:
            for phrase in line.phrases:
                if (found := _HOLDER_LABEL.search(phrase.text)) and _is_name(found[1]):
                    count = len(found[1].split())
                    return _tidy(found[1]), page, phrase.words[-count:], _HOLDER
    return None


def _first_line(pages: Sequence[Page]) -> Named | None:
    names = [
        (page, phrase) for page, phrase in _top(pages, 0.35)
        if _is_name(phrase.text) and not _NOT_A_NAME.search(phrase.text) and not _is_title(phrase.text)
    ]
    if len(names) > 1 and names[0][1].text.islower() and names[1][1].text.isupper():
        names = names[1:]  # a note that someone wrote above the name
    return next(((_tidy(phrase.text), page, phrase.words, _FIRST_LINE) for page, phrase in names), None)


_LONGEST_TITLE = 30  # characters


def _is_title(text: str) -> bool:
    """Whether it heads a column, or is what documents call themselves in some language."""
    return key_of(text) in COLUMN_OF or (len(text) <= _LONGEST_TITLE and kind_by_words([text]) != "other")


def _over_addressee(pages: Sequence[Page]) -> Named | None:
    """The first name of the page, where the first company after it only heads the address that the letter goes to."""
    head, company = _first_line(pages), _company_at_top(pages)
    if head is None or company is None or company[0] == head[0]:
        return None
    page, top = head[1], head[2][0].top
    headed = [(name, block) for block in address_blocks(page) if (name := _addressed(page, block))]
    is_addressed = any(name[0] == company[0] and name[2][0].top > top for name, _ in headed)
    has_address = any(name[0] == head[0] for name, _ in headed) or _stands_on_address(page, head[2][0])
    others = {name[0] for name, _ in headed} - {company[0], head[0]}
    return (head[0], page, head[2], _FIRST_LINE) if is_addressed and (has_address or not others) else None


def _stands_on_address(page: Page, word: Word) -> bool:
    """Whether the line below the word's is an address."""
    n = next((n for n, line in enumerate(page.lines) if any(word in phrase.words for phrase in line.phrases)), len(page.lines))
    return any(is_address(phrase.text) for line in page.lines[n + 1 : n + 2] for phrase in line.phrases)


def _first_address(pages: Sequence[Page], blocks: Sequence[Block], seller: str = "") -> Named | None:
    """The name over the first postcode and town that is neither the seller's nor a delivery's."""
    for page in pages[:1]:
        deliveries = [(p.x0, n) for role, on, n, p, _ in blocks if role == "other_party" and on is page]
        for block in address_blocks(page):
            named = _addressed(page, block)
            if named is None:
                continue
            first = block[0]
            is_delivery = any(abs(x - first.x0) < 15 and page.lines[n].top <= first.top for x, n in deliveries)
            is_sellers = bool(seller) and any(folded(seller) in folded(phrase.text) for phrase in block)
            if not is_delivery and not is_sellers:
                return named
    return None


def _addressed(page: Page, block: Sequence[Phrase]) -> Named | None:
    """The name that an address begins with, after the line that only says for whom it is."""
    lines = list(block[:-1])
    while lines and not _may_be_addressed(lines[0].text, lines[1:]):
        if is_address(lines[0].text) or _SENDER_PARTS.search(lines[0].text):
            return None  # the rest of somebody's address
        lines.pop(0)
    named = _first_of(page, lines)
    if named is None or (_PLACE_OF_PARTY.match(named[0]) and not _COMPANY_FORM.search(named[0])):
        return None
    return (*named[:3], _ADDRESS if _COMPANY_FORM.search(named[0]) else _BY_PLACE)


def _may_be_addressed(text: str, below: Sequence[Phrase]) -> bool:
    """Whether it may be a name; one with a number in it stands right over a street, as "School No. 12" does."""
    if _SALUTATION.fullmatch(text.strip()):
        return True
    if not _is_name(_tidy(text)) or _CONTACT.match(text) or key_of(text) in ROLE_OF or _is_title(text):
        return False
    if re.search(r"\d", text):
        return bool(below) and is_address(below[0].text) and not _NOT_A_NAME.search(re.sub(r"\d+$", "", text))
    return not _NOT_A_NAME.search(text)


def _is_name(text: str) -> bool:
    letters = sum(c.isalpha() for c in text)
    if role_of(text) or is_no_name(text) or is_address(text) or _LINE_TO.fullmatch(text.strip()):
        return False  # a label names a value, and an address a place: nobody
    text = _TITLE_OF_PERSON.sub("", text, count=1)
    if letters < 3 or letters < 0.5 * len(text.replace(" ", "")) or len(text) > 90 or len(text.split()) > 10:
        return False
    return find_date(text) is None and not re.search(r"[a-z]{3}\. [A-Z]|[A-Z]{4}\. [A-Z]", text)


def _tidy(text: str) -> str:
    return re.sub(r"\s+", " ", text).strip(" :,;|·•-–")
