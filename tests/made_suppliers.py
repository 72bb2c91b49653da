"""Makes suppliers whose documents are read as badly as documents are: shared addresses, customers' numbers, misread names."""

import random
from dataclasses import dataclass

from stdnum.iso7064 import mod_97_10

from kraftd_core.document.changes import changes

FORMS = ("GmbH", "AG", "Ltd", "SARL", "BV", "Inc.", "")
FIRST = ("Nordwind", "Larch", "Müller", "Quay", "Alder", "Riviera", "Stahl", "Oak & Sons", "Delta", "Kestrel", "Bär", "Sierra")
TRADES = ("Bau", "Logistics", "Foods", "Werkzeuge", "Print", "Textiles", "Medical", "Energy", "Glass", "Paper", "Tools", "Farm")
JUNK = ("Invoice", "RECHNUNG", "Receipt no.", "Tax Invoice", "Page 1", "-", "n/a", "Bill to", "", "Date 03.04.2026")


@dataclass(frozen=True)
class Company:
    """A supplier or a customer, by what its documents may show of it."""

    number: int
    name: str
    tax_id: str
    iban: str
    domain: str
    address: str


def iban(number):
    """A German IBAN whose check digits hold."""
    account = f"{10000000 + number % 89999999:08d}{number:010d}"
    return f"DE{98 - int(mod_97_10.checksum(f'{account}131400')):02d}{account}"


def companies(count, seed, shared_names=0.15):
    """So many companies; some bear the name of another, and a few houses hold many of them."""
    draw, made = random.Random(seed), []
    for number in range(count):
        name = f"{draw.choice(FIRST)} {draw.choice(TRADES)} {'ABCDEFGHKLMNPRSTUVW'[number % 19]}{number // 19 or ''}"
        name = f"{name} {draw.choice(FORMS)}".strip()
        if made and draw.random() < shared_names:
            name = draw.choice(made[-40:]).name
        house = draw.randrange(max(2, count // 8))
        address = f"{house % 90 + 1} Harbour Road, {20000 + house * 37} Town {house % 17}"
        tax_id, account = f"DE{100000000 + seed * 50021 + number * 7919}", iban(seed * 100003 + number)
        made.append(Company(number, name, tax_id, account, f"firm{number}.example", address))
    return made


def misread(draw, name):
    """The name as a bad print shows it."""
    pairs = [("o", "0"), ("i", "1"), ("s", "5"), ("m", "rn"), ("l", "!")]
    old, new = draw.choice(pairs)
    return name.replace(old, new, 1)


def read(draw, supplier, customer, day):
    """What a reader makes of a document of this supplier: much is missing, some is the customer's."""
    name = draw.choices(
        [supplier.name, supplier.name.upper(), misread(draw, supplier.name), draw.choice(JUNK), customer.name],
        [60, 10, 10, 15, 5],
    )[0]
    tax_id = draw.choices([supplier.tax_id, customer.tax_id, None, "-"], [55, 25, 15, 5])[0]
    data = {"document_type": "invoice", "vendor_name": name, "invoice_id": f"F-{supplier.number}-{day}", "currency": "EUR"}
    shown = {
        "vendor_tax_id": (tax_id, 1), "vendor_address": (supplier.address, 0.5), "iban": (supplier.iban, 0.5),
        "vendor_email": (f"office@{supplier.domain}", 0.4), "customer_name": (customer.name, 0.6),
        "customer_tax_id": (customer.tax_id, 0.3),
    }  # fmt: skip
    return data | {name: value for name, (value, chance) in shown.items() if value is not None and draw.random() < chance}


def reviewed(supplier, data):
    """What the owner makes of it: the name and the IBAN put right, and a currency that is this supplier's alone."""
    return data | {"vendor_name": supplier.name, "iban": supplier.iban, "currency": f"C{supplier.number}"}


def recorded(workflow, moment, original, modified):
    """The review as a store keeps it."""
    return {
        "export_workflow_id": workflow,
        "document_id": f"of {workflow}",
        "timestamp": moment.isoformat(),
        "document_type": "invoice",
        "document_name": f"{workflow}.pdf",
        "original_data": original,
        "modified_data": modified,
        "user_preferences": {"document_template": "standard", "export_format": "pdf"},
        "changes": [change.model_dump(mode="json") for change in changes(original, modified)],
    }
