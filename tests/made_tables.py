"""Tables made with a seed, and what somebody made of them later, so that it is known which row continues which."""

from collections import Counter
from collections.abc import Callable, Iterator, Sequence
from dataclasses import dataclass, field, replace
from random import Random
from typing import Any

from kraftd_core.document.jsontypes import ROW_ID
from kraftd_core.document.matching.alignment import align_rows

TRADES: dict[str, tuple[str, str]] = {
    "Earthworks": ("trench topsoil embankment gravel backfill subgrade kerb geotextile ballast spoil",
                   "excavated compacted imported selected mechanical manual graded crushed"),
    "Concrete works": ("foundation column slab beam formwork rebar screed lintel staircase plinth",
                       "reinforced precast plain waterproof insitu cambered exposed fair-faced"),
    "Plumbing": ("pipe valve washbasin cistern trap elbow flange strainer manifold radiator",
                 "copper galvanised stainless chrome brass threaded welded insulated"),
    "Electrical": ("cable conduit luminaire switch socket breaker transformer busbar tray earthing",
                   "armoured flexible recessed weatherproof single three-phase dimmable halogen-free"),
    "Finishes": ("plaster tile paint skirting ceiling parquet carpet wallpaper render varnish",
                 "ceramic acoustic gypsum matt washable suspended vitrified oiled"),
    "Lüftung und Klima": ("Luftkanal Brandschutzklappe Ventilator Schalldämpfer Kaltwassersatz Wetterschutzgitter",
                          "verzinkt rund eckig gedämmt schallarm drehzahlgeregelt pulverbeschichtet"),
    "Menuiserie": ("porte fenêtre volet cloison plinthe garde-corps escalier tablette",
                   "aluminium vitrée coulissante battante isolante laquée coupe-feu"),
    "Laboratory": ("pipette centrifuge reagent buffer filter beaker flask incubator cuvette stirrer",
                   "sterile calibrated analytical disposable graduated autoclavable amber"),
    "IT equipment": ("notebook monitor docking-station server router licence keyboard headset printer",
                     "managed wireless refurbished rugged ergonomic redundant encrypted"),
}  # fmt: skip
PHRASES = ("", "", "Supply and install", "Supply and fix", "Providing and laying in position", "Liefern und einbauen von",
           "Fourniture et pose de")  # fmt: skip
CLAUSES = ("", "", "", "complete with all accessories", "including testing and commissioning", "as per specification",
           "as directed by the engineer", "inkl. Befestigungsmaterial")  # fmt: skip
UNITS = ("m", "m²", "m³", "pcs", "kg", "set", "h")
SIZES: Sequence[Callable[[Random], str]] = (
    lambda chance: "",
    lambda chance: f"DN{chance.choice((15, 20, 25, 32, 40, 50, 65, 80, 100, 125, 150, 200))}",
    lambda chance: f"{chance.choice((1.5, 2.5, 4, 6, 10, 16, 25))} mm²",
    lambda chance: f"{chance.randrange(10, 120) * 10} x {chance.randrange(10, 120) * 10} mm",
    lambda chance: f"{chance.randrange(1, 60)} kW",
    lambda chance: f"thickness {chance.randrange(5, 300)} mm",
    lambda chance: f"type {chance.choice('ABCDEFGH')}{chance.randrange(1, 30)}",
)

ENGLISH = {"position": "position", "text": "description", "unit": "unit", "quantity": "quantity", "price": "unit_price",
           "amount": "amount", "section": "section"}  # fmt: skip
GERMAN = {"position": "Pos.", "text": "Bezeichnung", "unit": "Einheit", "quantity": "Menge", "price": "EP", "amount": "GP",
          "section": "Titel"}  # fmt: skip
FRENCH = {"position": "N°", "text": "Désignation des ouvrages", "unit": "U", "quantity": "Qté", "price": "P.U. HT",
          "amount": "Montant", "section": "Lot"}  # fmt: skip
LETTERS = {"position": "A", "text": "B", "unit": "C", "quantity": "D", "price": "E", "amount": "F", "section": "G"}
TURKISH = {"position": "Sıra", "text": "Açıklama", "unit": "Birim", "quantity": "Miktar", "price": "Fiyat", "amount": "Tutar",
           "section": "Bölüm"}  # fmt: skip
ISSUERS = (ENGLISH, GERMAN, FRENCH, LETTERS, TURKISH)


@dataclass(frozen=True)
class Item:
    """What a row is about; `key` stays with it through all revisions."""

    key: int
    text: str
    unit: str
    quantity: float
    price: float
    section: str


@dataclass(frozen=True)
class Form:
    """How an issuer writes rows: names of columns, numbering, and where the section stands."""

    names: dict[str, str] = field(default_factory=lambda: ENGLISH)
    numbering: str = "running"  # running, chapters, tens, none
    sections: str = "none"  # none, column, headings


@dataclass(frozen=True)
class Made:
    """Two tables, and for each new row the place of the old one that it continues (None where it is new)."""

    name: str
    old: list[dict[str, Any]]
    new: list[dict[str, Any]]
    partners: list[int | None]


# Documents


def text(chance: Random, trade: str, phrase: str) -> str:
    """A description of the trade."""
    things, kinds = (words.split() for words in TRADES[trade])
    words = [phrase, *chance.sample(kinds, chance.choice((0, 1, 1, 2))), chance.choice(things), chance.choice(SIZES)(chance)]
    return " ".join(filter(None, [*words, chance.choice(CLAUSES)]))


def item(chance: Random, key: int, section: str, said: str) -> Item:
    """An item with figures of its own."""
    quantity = chance.choice((1, 1, 2, chance.randrange(1, 20), chance.randrange(1, 4000), chance.randrange(1, 9000) / 10))
    return Item(key, said, chance.choice(UNITS), quantity, chance.randrange(50, 90_000) / 100, section)


def document(chance: Random, size: int, repeated: float = 0.0) -> list[Item]:
    """Items in sections by trade, all different but for the share that repeats: a text of another section, or "ditto"."""
    trades = chance.sample(sorted(TRADES), max(1, min(len(TRADES), size // 12)))
    phrase = chance.choice(PHRASES)
    made: list[Item] = []
    known: set[str] = set()
    for number in range(size):
        section = trades[number * len(trades) // size]
        here = {one.text for one in made if one.section == section}
        others = [one for one in made if one.section != section and one.text not in here]
        if chance.random() < repeated and made and made[-1].section == section:
            said = chance.choice(others).text if others and chance.random() < 0.6 else "Ditto"
        else:
            said = text(chance, section, phrase)
            while said in known:
                said = text(chance, section, phrase) + f" no. {chance.randrange(1, 500)}"
        known.add(said)
        made.append(item(chance, number, section, said))
    return made


def rows_of(items: Sequence[Item], form: Form) -> tuple[list[dict[str, Any]], list[int | str]]:
    """The items as an issuer writes them, and the key of each row; headings have their section's name for one."""
    names = form.names
    rows: list[dict[str, Any]] = []
    keys: list[int | str] = []
    chapter = within = 0
    last = None
    for number, one in enumerate(items, 1):
        if one.section != last:
            chapter, within, last = chapter + 1, 0, one.section
            if form.sections == "headings":
                rows.append({names["text"]: one.section, names["unit"]: None, names["quantity"]: None, names["price"]: None,
                             names["amount"]: None})  # fmt: skip
                keys.append(one.section)
        within += 1
        position = {"running": str(number), "chapters": f"{chapter}.{within:02}", "tens": f"{number * 10:04}", "none": None}
        row = {names["position"]: position[form.numbering]} if form.numbering != "none" else {}
        row |= {names["text"]: one.text, names["unit"]: one.unit, names["quantity"]: one.quantity, names["price"]: one.price,
                names["amount"]: round(one.quantity * one.price, 2)}  # fmt: skip
        rows.append(row | ({names["section"]: one.section} if form.sections == "column" else {}))
        keys.append(one.key)
    return rows, keys


def made(name: str, old: Sequence[Item], new: Sequence[Item], old_form: Form, new_form: Form) -> Made:
    """The two documents written down."""
    old_rows, old_keys = rows_of(old, old_form)
    new_rows, new_keys = rows_of(new, new_form)
    places = {key: place for place, key in enumerate(old_keys)}
    return Made(name, old_rows, new_rows, [places.get(key) for key in new_keys])


# Revisions


def repriced(chance: Random, items: Sequence[Item], share: float = 1.0) -> list[Item]:
    """Other prices for a share of the rows."""
    return [replace(one, price=round(one.price * chance.uniform(0.8, 1.3) + 0.01, 2)) if chance.random() < share else one
            for one in items]  # fmt: skip


def requantified(chance: Random, items: Sequence[Item], share: float) -> list[Item]:
    """Other quantities for a share of the rows."""
    return [replace(one, quantity=chance.randrange(1, 5000)) if chance.random() < share else one for one in items]


def removed(chance: Random, items: Sequence[Item], share: float) -> list[Item]:
    """A share of the rows gone; what said "ditto" of a row goes with it."""
    left: list[Item] = []
    goes = False
    for one in items:
        goes = goes if one.text == "Ditto" else chance.random() < share
        left += [] if goes else [one]
    return left or list(items[:1])


def inserted(chance: Random, items: Sequence[Item], count: int, at_top: bool = False) -> list[Item]:
    """New rows of the trades, with texts that are not there yet."""
    known = {one.text for one in items}
    result = list(items)
    for number in range(count):
        place = 0 if at_top else chance.randrange(len(result) + 1)
        section = result[min(place, len(result) - 1)].section
        said = next(s for _ in iter(int, 1) if (s := f"{text(chance, section, '')} {chance.choice('NPRS')}{number}") not in known)
        result.insert(place, item(chance, 1_000_000 + number, section, said))
    return result


def moved(chance: Random, items: Sequence[Item], count: int) -> list[Item]:
    """Single rows at other places, their section with them; none that repeats another's text or is repeated by a ditto."""
    result = list(items)
    for _ in range(count):
        texts = [one.text for one in result]
        free = [n for n, one in enumerate(result) if texts.count(one.text) == 1 and "Ditto" not in texts[n + 1 : n + 2]]
        if free:
            one = result.pop(chance.choice(free))
            others = [n for n, other in enumerate(result) if other.section == one.section and other.text != "Ditto"] or [0]
            result.insert(chance.choice(others), one)
    return result


def sections_swapped(chance: Random, items: Sequence[Item]) -> list[Item]:
    """The sections in another order."""
    names = [*dict.fromkeys(one.section for one in items)]
    chance.shuffle(names)
    return [one for name in names for one in items if one.section == name]


def reworded_a_little(chance: Random, items: Sequence[Item], share: float) -> list[Item]:
    """Descriptions as somebody corrects them: a word more or less, a slip, another clause."""
    return [replace(one, text=_corrected(chance, one.text)) if chance.random() < share and one.text != "Ditto" else one
            for one in items]  # fmt: skip


def _corrected(chance: Random, said: str) -> str:
    words = said.split()
    place = chance.randrange(len(words))
    kind = chance.randrange(5)
    if kind == 0 and len(words) > 3:
        del words[place]
    elif kind == 1 and len(words[place]) > 4:
        words[place] = words[place][:-2] + words[place][-1]
    elif kind == 2:
        words.append(chance.choice(("(revised)", "heavy duty", "colour RAL 9016", "fire rated", "incl. delivery", "rev. B")))
    elif kind == 3:
        words = [word.upper() for word in words]
    else:
        words.insert(0, chance.choice(("New", "Additional", "Provisional:", "Extra over for")))
    return " ".join(words)


def form(chance: Random, sections: Sequence[str] = ("none", "column", "headings")) -> Form:
    """A form of one of the issuers."""
    return Form(chance.choice(ISSUERS), chance.choice(("running", "chapters", "tens", "none")), chance.choice(sections))


def revision(chance: Random, size: int) -> Made:
    """Everything at once, each in a measure that a reviewer sees."""
    repeated = chance.choice((0, 0, 0.1, 0.3))
    old = document(chance, size, repeated)
    new = removed(chance, old, chance.choice((0, 0.03, 0.1)))
    if chance.random() < 0.4:
        new = moved(chance, new, max(1, size // 40))
    how = form(chance, ("column", "headings") if repeated else ("none", "column", "headings"))
    if chance.random() < 0.15:
        new = sections_swapped(chance, new)
    new = inserted(chance, new, chance.choice((0, 1, size // 20, size // 10)), at_top=chance.random() < 0.3)
    new = repriced(chance, new, chance.choice((0, 0.1, 1)))
    new = requantified(chance, new, chance.choice((0, 0.05, 0.2)))
    return made("revision", old, reworded_a_little(chance, new, chance.choice((0, 0.05, 0.1))), how, how)


def renumbered(chance: Random, size: int) -> Made:
    """A bill whose rows have new numbers and whose figures are changed in a tenth, some rows gone and some new."""
    old = document(chance, size)
    new = inserted(chance, removed(chance, old, 0.03), size // 30, at_top=True)
    how = form(chance)
    return made("renumbered", old, repriced(chance, requantified(chance, new, 0.1), 0.1), how, how)


def order(chance: Random, size: int) -> Made:
    """An order and the invoice of a part of it: other columns, other order, quantities as delivered."""
    old = document(chance, size)
    new = [one for one in old if chance.random() < 0.8] or old[:1]
    if chance.random() < 0.5:
        chance.shuffle(new)
    new = inserted(chance, requantified(chance, new, 0.1), chance.choice((0, 1, 2)))
    return made("order and invoice", old, new, replace(form(chance), sections="none"), replace(form(chance), sections="none"))


# Suppliers


def suppliers(chance: Random, size: int) -> Made:
    """Two offers for the same descriptions, all prices other."""
    old = document(chance, size, chance.choice((0, 0, 0.1)))
    new = [replace(one, price=round(one.price * chance.uniform(0.7, 1.4) + 0.01, 2)) for one in old]
    return made("suppliers, same words", old, new, form(chance, ("column", "headings")), form(chance, ("column", "headings")))


SAME = ("pipe tube", "valve tap", "cable wire", "luminaire lamp", "socket outlet", "pcs nos", "paint coating", "slab floor",
        "galvanised zinc-coated", "stainless inox", "reinforced RC", "filter strainer", "notebook laptop", "monitor display",
        "trench ditch", "gravel aggregate", "supply furnish", "install mount", "fix fasten", "ceiling soffit", "screed topping",
        "beaker jar", "buffer solution", "wireless WLAN", "breaker MCB", "conduit duct", "verzinkt Zn")  # fmt: skip
OTHER_WORD = {word: other for one, two in (pair.split() for pair in SAME) for word, other in ((one, two), (two, one))}
OTHER_UNITS = {"m": ("lm", "mtr", "RM"), "m²": ("sqm", "m2", "SQ.M"), "m³": ("cum", "m3", "cbm"), "pcs": ("nos", "Stk", "u"),
               "kg": ("KG", "kgs"), "set": ("Satz", "ens", "sets"), "h": ("hr", "Std", "hrs")}  # fmt: skip
BRANDS = ("Acme", "Norvex", "Hallmann", "Tecto", "Brivio", "Quadra", "Solvik")


def reworded(chance: Random, said: str) -> str:
    """The description as another supplier writes it; figures stay."""
    words = said.split()
    if said == "Ditto":
        return chance.choice(("ditto", "do.", "as above"))
    if chance.random() < 0.6:
        words = [OTHER_WORD.get(word, word) if chance.random() < 0.7 else word for word in words]
    if chance.random() < 0.4:
        words = [word[:4] + "." if len(word) > 6 and word.isalpha() and chance.random() < 0.4 else word for word in words]
    if chance.random() < 0.3:
        cut = chance.randrange(len(words))
        words = words[cut:] + words[:cut]
    if chance.random() < 0.4:
        words.insert(
            chance.choice((0, len(words))), f"{chance.choice(BRANDS)} {chance.choice(('', 'Pro', 'X200', 'Serie 5'))}".strip()
        )
    if chance.random() < 0.3 and len(words) > 4:
        del words[chance.randrange(len(words))]
    if chance.random() < 0.3:
        words = said_otherwise(words)
    return " ".join(words)


def said_otherwise(words: Sequence[str]) -> list[str]:
    """Without the standard phrase at its head, and in capitals."""
    phrase = next((p.split() for p in PHRASES if p and list(words[: len(p.split())]) == p.split()), [])
    return [word.upper() for word in words[len(phrase) :]] or list(words)


def rewording_suppliers(chance: Random, size: int) -> Made:
    """Two offers for one inquiry, the second in its own words and columns, with rows left out and alternatives added."""
    old = document(chance, size)
    new = removed(chance, old, chance.choice((0, 0, 0.05)))
    new = [replace(one, text=reworded(chance, one.text), unit=chance.choice(OTHER_UNITS[one.unit]),
                   price=round(one.price * chance.uniform(0.6, 1.5) + 0.01, 2)) for one in new]  # fmt: skip
    new = inserted(chance, new, chance.choice((0, 0, size // 30)))
    return made("suppliers, other words", old, new, form(chance), form(chance))


def strangers(chance: Random, size: int) -> Made:
    """Two documents of the same trades and issuer that have no row in common; not even their headings."""
    old = document(chance, size)
    known = {one.text for one in old}
    new = [replace(one, key=-1, section=f"{one.section} 2") for one in document(chance, size) if one.text not in known]
    how = form(chance, ("none", "column"))
    return made("strangers", old, new, how, how)


SCENARIOS: Sequence[tuple[Callable[[Random, int], Made], float]] = (
    (renumbered, 0.99), (revision, 0.99), (order, 0.99), (suppliers, 0.99), (rewording_suppliers, 0.95), (strangers, 0.95),
)  # fmt: skip
"""What is made, and the least share of rows that must be right."""


def made_tables(scenario: Callable[[Random, int], Made], sizes: Sequence[int], seeds: Sequence[int]) -> Iterator[Made]:
    """The scenario at each size with each seed."""
    return (scenario(Random(seed * 1000 + size), size) for size in sizes for seed in seeds)


def judged(made: Made) -> Counter[str]:
    """How many of the new rows are matched right, wrong, or missed."""
    old = [{ROW_ID: f"row{place}"} | row for place, row in enumerate(made.old)]
    matched = align_rows({"t": old}, {"t": made.new})["t"]
    places = {row[ROW_ID]: place for place, row in enumerate(old)}
    found = (places.get(row[ROW_ID]) for row in matched)
    return Counter(
        "right" if is_ == should_be else "missed" if is_ is None else "wrong"
        for is_, should_be in zip(found, made.partners, strict=True)
    )
