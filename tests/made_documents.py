"""Documents of every kind with made values, some right, some with faults, from one line to a hundred; by seeds."""

import random
from datetime import timedelta
from typing import Any

from known_cases import TODAY

from kraftd_core.document.jsontypes import ROW_ID, Data
from kraftd_core.document.kinds import KINDS, DocumentKind

_NAMES = (
    "Oakhaven Timber Ltd", "Brüder Lenz GmbH & Co. KG", "Société Vallon SARL", "Hijos de R. Tovar S.L.", "N. V. Dupree Inc.",
    "4 Seasons Catering", "Zürcher Blech AG", "A.B.C. Trading LLC", "Ito & Sons", "Königsmühle eG", "The Left Bank Company",
)  # fmt: skip
_GOODS = (
    "Plywood 18 mm, 2440 x 1220", "Schrauben M8 (100 Stück)", "Peinture blanche, 10 l", "Mano de obra", "Delivery", "Item 12/3-A",
    "Excavation & disposal", "Rate-only item", "Paint No. 5", "Licence 2026/27", "Cable 3x1.5 mm²", "Site visit on 3 May",
)  # fmt: skip
_SECTIONS = ("Preliminaries", "Groundworks", "Section 3: Roof", "Fit-out", "M&E")
_EXTRAS: dict[str, tuple[Any, ...]] = {
    "payment_terms": ("30 days net", "2 % 10 days, net 30", "Zahlbar innerhalb von 14 Tagen", "50 % deposit, rest on delivery"),
    "delivery_time": ("3-4 weeks", "6 Wochen"), "incoterms": ("DAP Leeds", "EXW"), "warranty": ("24 months",),
    "notice_period": ("3 months to the end of a quarter",), "payment_method": ("Cash", "Visa •••• 4242", "SEPA-Lastschrift"),
    "governing_law": ("England and Wales",), "order_number": ("PO-4471", "45/2026"), "project_name": ("Quay 7, phase 2",),
    "prepaid_amount": (100, 250.5), "payee_name": ("Factoring Nord AG",), "discount": (12.5,), "valid_for": ("60 days",),
}  # fmt: skip


def made_document(seed: int) -> Data:
    """The document of a seed."""
    chance = random.Random(seed)
    kind = chance.choice(list(KINDS.values()))
    rows = _rows(chance, kind)
    net = round(sum(row.get("amount") or 0 for row in rows), 2)
    rate = chance.choice([0, 7, 19, 20, 21])
    tax = round(net * rate / 100, 2)
    data: Data = {"document_type": kind.name, "vendor_name": chance.choice(_NAMES), "customer_name": chance.choice(_NAMES)}
    data |= {name: f"{chance.choice(['', 'INV-', '2026/'])}{chance.randint(1, 99_999)}" for name in (kind.number,) if name}
    day = TODAY - timedelta(days=chance.randint(0, 200))
    data |= {name: str(day) for name in (kind.date,) if name}
    data |= {name: str(day + timedelta(days=chance.choice([7, 30, 60, 365]))) for name in (kind.due,) if name}
    data |= {"currency": chance.choice(["EUR", "GBP", "USD", "JPY", None]), "subtotal": net, "total_tax": tax}
    data |= {name: round(net + tax + chance.choice([0, 0, 0, 5]), 2) for name in (kind.total,) if name}
    data |= {name: chance.choice(_EXTRAS[name]) for name in chance.sample(sorted(_EXTRAS), chance.randint(0, 4))}
    for name in chance.sample(sorted(data), chance.randint(0, 3)):
        data[name] = data[name] if name == "document_type" else None
    return data | {"line_items": rows}


def _rows(chance: random.Random, kind: DocumentKind) -> list[dict[str, Any]]:
    count = chance.choice([1, 2, 3, 5, 8, 13, 40, 60, 100])
    has_sections = kind.name in ("boq", "rfq") and chance.random() < 0.7
    rows = []
    for n in range(1, count + 1):
        quantity, price = chance.choice([1, 2, 12, 0.5, 250]), chance.choice([3, 19.99, 480, 1250.5, 0.035])
        row: dict[str, Any] = {ROW_ID: f"r{n}", "description": chance.choice(_GOODS)}
        row |= {"section": chance.choice(_SECTIONS)} if has_sections else {}
        if kind.name != "rfq":
            row |= {"quantity": quantity, "unit_price": price, "amount": round(quantity * price, 2)}
            row |= {"amount": row["amount"] + 1} if chance.random() < 0.03 else {}
            row |= {"unit_price": None, "amount": None} if chance.random() < 0.1 else {}
        elif chance.random() < 0.9:
            row["quantity"] = quantity
        rows.append(row)
    return rows
