"""Tables made with words, forms and kinds of rewording that nothing was tuned on."""

from collections.abc import Sequence
from dataclasses import dataclass, replace
from random import Random
from typing import Any

from made_tables import Made

LEXICON = (  # one thing a line, in three tongues; the second supplier may write it in another one
    "mooring rope;amarre;meertouw",
    "life jacket;chaleco salvavidas;reddingsvest",
    "bilge pump;bomba de achique;lenspomp",
    "anchor chain;cadena de ancla;ankerketting",
    "propeller shaft;eje de hélice;schroefas",
    "fuel filter;filtro de combustible;brandstoffilter",
    "surgical glove;guante quirúrgico;operatiehandschoen",
    "infusion stand;portasueros;infuusstandaard",
    "wheelchair;silla de ruedas;rolstoel",
    "hospital bed;cama hospitalaria;ziekenhuisbed",
    "bandage roll;rollo de venda;verbandrol",
    "olive oil;aceite de oliva;olijfolie",
    "wheat flour;harina de trigo;tarwemeel",
    "baking tray;bandeja de horno;bakplaat",
    "mixing bowl;bol de mezcla;mengkom",
    "cooling cell;cámara frigorífica;koelcel",
    "pruning shears;tijera de podar;snoeischaar",
    "irrigation hose;manguera de riego;tuinslang",
    "seed drill;sembradora;zaaimachine",
    "tractor tyre;neumático de tractor;trekkerband",
    "school desk;pupitre;schoolbank",
    "whiteboard;pizarra blanca;whitebord",
    "stage curtain;telón;toneelgordijn",
    "sewing thread;hilo de coser;naaigaren",
    "cotton fabric;tela de algodón;katoenstof",
    "safety boot;bota de seguridad;veiligheidslaars",
    "forklift battery;batería de carretilla;heftruckaccu",
    "pallet rack;estantería de palets;palletstelling",
    "steel drum;bidón de acero;stalen vat",
    "packing tape;cinta de embalaje;verpakkingstape",
)
QUALITIES = (
    "red", "blue", "green", "heavy", "light", "marine", "grade", "food-safe",
    "double-walled", "foldable", "orthopaedic", "seamless", "tropical", "anti-slip", "UV-resistant", "two-part",
    "hand-operated", "low-noise", "organic", "bleached", "knotted", "oiled", "left-handed",
)  # fmt: skip
MEASURES = ("", "{} mm", "{} cm", "{} l", "{} kg", "size {}", "grade {}", "{} V", "ref. {}", "no {}")
CHAPTERS = ("Deck", "Engine room", "Ward 3", "Kitchen", "Storehouse", "Greenhouse", "Classrooms", "Workshop")
FLOORS = ("Ground floor", "First floor", "Second floor")
AS_ABOVE = ("idem", "same as above", "ídem anterior")
COLUMNS = (
    {"no": "Item No.", "text": "Particulars", "unit": "UoM", "quantity": "Qty.", "price": "Rate (INR)", "amount": "Total"},
    {"no": "Nº", "text": "Concepto", "unit": "Ud.", "quantity": "Cantidad", "price": "Precio unitario", "amount": "Importe"},
    {"no": "volgnr", "text": "omschrijving", "unit": "eenh", "quantity": "aantal", "price": "stuksprijs", "amount": "totaal"},
    {"no": "column_1", "text": "column_2", "unit": "column_3", "quantity": "column_4", "price": "column_5", "amount": "column_6"},
    {
        "no": "item_number",
        "text": "description",
        "unit": "unit",
        "quantity": "quantity",
        "price": "unit_price",
        "amount": "amount",
    },
    {"no": "序号", "text": "名称", "unit": "单位", "quantity": "数量", "price": "单价", "amount": "合价"},
)
UNITS = ("each", "box", "roll", "litre", "pair", "tonne")
UNIT_WORDS = {"each": "ud", "box": "doos", "roll": "rollo", "litre": "L", "pair": "paar", "tonne": "t"}


@dataclass(frozen=True)
class Thing:
    """What a row is about; `place` is its floor and chapter."""

    key: str
    line: int
    qualities: tuple[str, ...]
    measure: str
    unit: str
    quantity: float
    price: float
    place: tuple[str, str]
    is_ditto: bool = False


def things(chance: Random, size: int, repeated: float) -> list[Thing]:
    """Things on floors and in chapters, each said once but for those repeated elsewhere or said as above."""
    found: list[Thing] = []
    known: set[tuple[Any, ...]] = set()
    for number in range(size):
        step = number * 6 // size
        place = (FLOORS[step // 2], CHAPTERS[step % 2 + size % 6])
        before = [thing for thing in found if thing.place != place and not thing.is_ditto]
        is_ditto = chance.random() < repeated / 3 and bool(found) and found[-1].place == place
        copied = chance.choice(before) if before and chance.random() < repeated and not is_ditto else None
        while True:
            measure = chance.choice(MEASURES).format(chance.choice((2, 5, 12, 24, 36, 48, 75, 120, 230, 400, 750, 1100)))
            said = (chance.randrange(len(LEXICON)), tuple(chance.sample(QUALITIES, chance.choice((1, 1, 2, 3)))), measure)
            if copied and (*said_of(copied), place) not in known:
                said = said_of(copied)
            if (*said, place) not in known and (copied or said not in {s[:3] for s in known}):
                break
            copied = None
        known.add((*said, place))
        quantity = chance.choice((1, 4, 10, chance.randrange(1, 60), chance.randrange(1, 9999) / 4))
        found.append(
            Thing(f"k{number}", *said, chance.choice(UNITS), quantity, chance.randrange(100, 99_999) / 100, place, is_ditto)
        )
    return found


def said_of(thing: Thing) -> tuple[int, tuple[str, ...], str]:
    return thing.line, thing.qualities, thing.measure


def said(thing: Thing, tongue: int = 0) -> str:
    """The description as the first supplier writes it."""
    return (
        AS_ABOVE[tongue]
        if thing.is_ditto
        else " ".join(filter(None, (*thing.qualities, LEXICON[thing.line].split(";")[tongue], thing.measure))).capitalize()
    )


def written(
    things: Sequence[Thing], texts: Sequence[str], names: dict[str, str], how: dict[str, Any]
) -> tuple[list[dict[str, Any]], list[str]]:
    """The rows and their keys; headings on two levels where the form has them."""
    rows: list[dict[str, Any]] = []
    keys: list[str] = []
    last = ("", "")
    for number, (thing, text) in enumerate(zip(things, texts, strict=True), 1):
        if how["headed"]:
            for level in (0, 1):
                if thing.place[: level + 1] != last[: level + 1]:
                    rows.append(
                        {names["no"]: None, names["text"]: thing.place[level], names["unit"]: None, names["quantity"]: None}
                    )
                    keys.append("/".join(thing.place[: level + 1]))
            last = thing.place
        row = {names["no"]: how["number"](number), names["text"]: text, names["unit"]: how["unit"](thing.unit)}
        row |= {names["quantity"]: how["figure"](thing.quantity), names["price"]: how["figure"](thing.price)}
        row |= {names["amount"]: how["figure"](round(thing.quantity * thing.price, 2))} if how["amounts"] else {}
        rows.append(row | ({"where": " / ".join(thing.place)} if how["column"] else {}))
        keys.append(thing.key)
    return rows, keys


def comma(value: float) -> str:
    """The figure as text, as a continental hand writes it."""
    return f"{value:,.2f}".translate(str.maketrans(",.", ".,"))


def manner(chance: Random, is_placed: bool) -> dict[str, Any]:
    headed = chance.random() < 0.5
    return {
        "headed": headed and is_placed, "column": is_placed and not headed, "amounts": chance.random() < 0.7,
        "number": chance.choice((int, lambda n: f"A-{n:03}", lambda n: f"{n}.", lambda n: None)),
        "unit": lambda unit: unit, "figure": chance.choice((lambda value: value, comma)),
    }  # fmt: skip


def put_together(name: str, old: tuple[list[dict[str, Any]], list[str]], new: tuple[list[dict[str, Any]], list[str]]) -> Made:
    places = {key: place for place, key in enumerate(old[1])}
    return Made(name, old[0], new[0], [places.get(key) for key in new[1]])


# Revisions


def held_out_revision(chance: Random, size: int) -> Made:
    """Sections renamed or sorted, figures emptied, split rows, columns added, texts with notes and slips."""
    repeated = chance.choice((0, 0.15, 0.3))
    old = things(chance, size, repeated)
    names, how = chance.choice(COLUMNS), manner(chance, True)
    first = written(old, [said(thing) for thing in old], names, how)
    new = []
    gone = False
    for thing in old:
        gone = gone if thing.is_ditto else chance.random() < 0.04
        if not gone:
            new.append(replace(thing, price=round(thing.price * 1.0875, 2)) if chance.random() < 0.7 else thing)
        if chance.random() < 0.04 and not gone:
            extra = things(chance, 1, 0)[0]
            new.append(
                replace(extra, key="new", place=thing.place, qualities=(*extra.qualities, f"variant {chance.randrange(99)}"))
            )
    new = [replace(thing, quantity=round(thing.quantity * 1.5 + 1)) if chance.random() < 0.15 else thing for thing in new]
    if repeated == 0 and chance.random() < 0.3:
        new.sort(key=lambda thing: (thing.place, said(thing)))
    if chance.random() < 0.3:
        new = [replace(thing, place=(thing.place[0].replace("floor", "storey"), thing.place[1])) for thing in new]
    texts = [noted(chance, said(thing)) if chance.random() < 0.08 and not thing.is_ditto else said(thing) for thing in new]
    second = written(new, texts, names, how)
    if chance.random() < 0.3:
        second = ([row | {"Remarks": chance.choice((None, "urgent", "client to confirm"))} for row in second[0]], second[1])
    renamed = {key.replace("storey", "floor") for key in second[1]}
    second = (second[0], [key.replace("storey", "floor") for key in second[1]]) if renamed else second
    return put_together("held out: revision", first, second)


def noted(chance: Random, text: str) -> str:
    """A slip of two letters, a note in brackets, another measure, or a plural."""
    letters = list(text)
    place = chance.randrange(1, len(letters) - 1)
    letters[place : place + 2] = letters[place : place + 2][::-1]
    return chance.choice(("".join(letters), f"{text} [see drawing]", f"{text}s", f"Option: {text}", text.replace(" ", "  ")))


# Suppliers


def held_out_same_words(chance: Random, size: int) -> Made:
    """The same words, all prices other, in other columns and another form."""
    old = things(chance, size, chance.choice((0, 0.15)))
    new = [replace(thing, price=round(thing.price * chance.uniform(0.5, 2) + 0.03, 2)) for thing in old]
    first = written(old, [*map(said, old)], chance.choice(COLUMNS), manner(chance, True))
    return put_together(
        "held out: same words", first, written(new, [*map(said, new)], chance.choice(COLUMNS), manner(chance, True))
    )


def held_out_suppliers(chance: Random, size: int) -> Made:
    """The second supplier cuts out vowels, runs words together, names articles, turns phrases round, or writes another tongue."""
    old = things(chance, size, 0)
    new = [
        replace(thing, price=round(thing.price * chance.uniform(0.6, 1.6) + 0.01, 2)) for thing in old if chance.random() > 0.03
    ]
    foreign = chance.choice((0, 0, 0.2, 0.5))
    how = manner(chance, chance.random() < 0.5) | {"unit": lambda unit: chance.choice((unit, UNIT_WORDS[unit], unit.upper()))}
    texts = [retold(chance, thing, foreign) for thing in new]
    first = written(old, [*map(said, old)], chance.choice(COLUMNS), manner(chance, chance.random() < 0.5))
    return put_together("held out: other words", first, written(new, texts, chance.choice(COLUMNS), how))


def retold(chance: Random, thing: Thing, foreign: float) -> str:
    """The thing in the words of another."""
    noun = LEXICON[thing.line].split(";")[chance.choice((1, 2)) if chance.random() < foreign else 0]
    if chance.random() < 0.15:
        noun = "".join(c for place, c in enumerate(noun) if place == 0 or c not in "aeiou")
    if chance.random() < 0.15:
        noun = noun.replace(" ", "")
    qualities = list(thing.qualities)
    chance.shuffle(qualities)
    if len(qualities) > 1 and chance.random() < 0.3:
        qualities.pop()
    measure = thing.measure
    if measure.endswith(" cm") and chance.random() < 0.4:
        measure = f"{int(measure.split()[0]) * 10} mm"
    form = chance.randrange(4)
    text = {
        0: f"{noun}, {', '.join(qualities)} ({measure})", 1: f"The delivery of {' '.join(qualities)} {noun} {measure} to site",
        2: f"{chance.choice(('Zenda', 'Portalux', 'Kirov'))} {noun} {measure} {' '.join(qualities)}",
        3: f"{chance.randrange(10_000, 99_999)} {noun} {measure} {'/'.join(qualities)}",
    }[form]  # fmt: skip
    return text.upper() if chance.random() < 0.2 else text


HELD_OUT = ((held_out_revision, 0.99), (held_out_same_words, 0.99), (held_out_suppliers, 0.95))
