"""The checks measured: on documents thought out by hand, and on right ones into which errors were put by seed."""

import json
import random
from collections.abc import Callable
from datetime import date
from decimal import ROUND_HALF_UP, Decimal
from pathlib import Path
from typing import Any

import pytest

from kraftd_core.document.checks.checking import Finding, answers
from kraftd_core.document.checks.words import FIGURES, doubts, verdict
from kraftd_core.document.jsontypes import ROW_ID, Data

DOCUMENTS = Path(__file__).parents[1] / "data" / "checks"
LIMITS = {"": (3, 5, 80), "strangers_": (3, 2, 30), "unseen_": (2, 4, 68), "abroad_": (1, 2, 40)}
"""By the set of documents: the most alarms on right ones, the most wrong ones unnoticed, the least right ones called right."""

MOST_CALLED_RIGHT = 0  # of the wrong ones
TODAY = date(2026, 11, 27)


def documents(name: str) -> list[dict[str, Any]]:
    return json.loads((DOCUMENTS / f"{name}.json").read_text(encoding="utf-8"))


def answered(document: dict[str, Any]) -> list[Finding]:
    return answers(document["data"], date.fromisoformat(document["as_of"]))


def doubted(findings: list[Finding]) -> list[Finding]:
    return [finding for finding in doubts(findings) if finding.answer == "differs"]


def is_noticed(document: dict[str, Any], given: list[Finding]) -> bool:
    """Whether a doubt names a cell that is wrong; where figures are lacking, that it was not checked is enough."""
    told = doubted(given)
    if document["check"] == "incomplete":
        told += [finding for finding in given if finding.answer == "not_checked"]
    return any(set(document["cells"]) & set(finding.cells) for finding in told)


@pytest.mark.parametrize("of", LIMITS)
def test_hardly_a_right_document_is_doubted(of: str):
    alarms = {document["name"]: told for document in documents(f"{of}right") if (told := doubted(answered(document)))}
    assert len(alarms) <= LIMITS[of][0], {name: [finding.message for finding in told] for name, told in alarms.items()}


@pytest.mark.parametrize("of", LIMITS)
def test_hardly_a_wrong_document_goes_unnoticed_and_none_is_called_right(of: str):
    given = {document["name"]: (document, answered(document)) for document in documents(f"{of}wrong")}
    unnoticed = [name for name, (document, told) in given.items() if not is_noticed(document, told)]
    called_right = [name for name in unnoticed if verdict(given[name][1]) == "held"]
    assert len(unnoticed) <= LIMITS[of][1], unnoticed
    assert len(called_right) <= MOST_CALLED_RIGHT, called_right


@pytest.mark.parametrize("of", LIMITS)
def test_most_right_documents_are_called_right_and_not_merely_left_alone(of: str):
    assert sum(verdict(answered(document)) == "held" for document in documents(f"{of}right")) >= LIMITS[of][2]


# Errors by seed

CENT = Decimal("0.01")
COLUMNS: dict[str, Callable[[random.Random], Data]] = {
    "nothing": lambda rng: {},
    "a tax rate of 10": lambda rng: {"tax_rate": 10},
    "a tax rate as share": lambda rng: {"tax_rate": 0.1},
    "a discount of 10 %": lambda rng: {"discount_percent": 10},
    "a discount without a sign": lambda rng: {"discount": rng.choice((5, 10, 20))},
    "a discount and a tax": lambda rng: {"discount_percent": 10, "tax_rate": 10},
    "a price base": lambda rng: {"price_quantity": 100},
    "a weight": lambda rng: {"weight": rng.choice((1, 10, 100, 2.5))},
    "days of delivery": lambda rng: {"delivery_days": rng.choice((10, 14, 100))},
    "a warranty": lambda rng: {"warranty_months": rng.choice((10, 12, 24))},
    "days of a cash discount": lambda rng: {"discount_days": 10},
}


def right_line(rng: random.Random, number: int, more: Data) -> Data:
    quantity, price = rng.randint(2, 60), Decimal(rng.randint(100, 99999)) / 100
    off = Decimal(str(more.get("discount_percent", more.get("discount", 0)))) / 100
    amount = quantity * price * (1 - off) / Decimal(more.get("price_quantity", 1))
    figures = {"quantity": quantity, "unit_price": float(price), "amount": float(amount.quantize(CENT, ROUND_HALF_UP))}
    return {ROW_ID: f"r{number}", "description": f"Part {number}"} | figures | more


def on_lines(rows: list[Data]) -> list[Finding]:
    given = answers({"document_type": "boq", "currency": "EUR", "line_items": rows}, TODAY)
    return [finding for finding in given if finding.check == "line_amount"]


@pytest.mark.parametrize("beside", COLUMNS)
def test_a_point_in_the_wrong_place_is_noticed_whatever_stands_beside(beside):
    rng = random.Random(beside)
    for _ in range(12):
        rows = [right_line(rng, number, COLUMNS[beside](rng)) for number in range(3)]
        assert {finding.answer for finding in on_lines(rows)} == {"held"}
        for column in ("quantity", "unit_price", "amount"):
            for factor in ("10", "0.1", "100"):
                n = rng.randrange(3)
                wrong = float(Decimal(str(rows[n][column])) * Decimal(factor))
                given = on_lines([row | {column: wrong} if place == n else row for place, row in enumerate(rows)])
                assert any(finding.answer == "differs" and f"line_items[r{n}].amount" in finding.cells for finding in given)


def changed(document: Data, rng: random.Random) -> tuple[str, Data]:
    """The document with the point of one of its figures moved."""
    rows = document["line_items"]
    totals = [name for name in document if isinstance(document[name], (int, float)) and document[name]]
    cells = [(n, column) for n, row in enumerate(rows) for column in ("quantity", "unit_price", "amount") if row.get(column)]
    by = rng.choice((10, 0.1))
    if rng.random() < 0.5:
        name = rng.choice(totals)
        return name, document | {name: round(document[name] * by, 4)}
    n, column = rng.choice(cells)
    return column, document | {
        "line_items": [row | {column: round(row[column] * by, 4)} if i == n else row for i, row in enumerate(rows)]
    }


def whole(rng: random.Random) -> Data:
    """A right invoice with a discount, freight, a tax and a payment, each of them or not."""
    rows = [right_line(rng, number, {}) for number in range(rng.randint(1, 5))]
    subtotal = sum((Decimal(str(row["amount"])) for row in rows), Decimal(0))
    discount = (subtotal / 20).quantize(CENT) if rng.random() < 0.5 else Decimal(0)
    freight = Decimal(rng.randint(500, 5000)) / 100 if rng.random() < 0.5 else Decimal(0)
    tax = ((subtotal - discount + freight) * Decimal("0.19")).quantize(CENT, ROUND_HALF_UP)
    total = subtotal - discount + freight + tax
    paid = (total / 4).quantize(CENT) if rng.random() < 0.5 else Decimal(0)
    more = {"discount_amount": discount, "freight": freight, "prepaid_amount": paid, "balance_due": total - paid}
    figures = {"subtotal": subtotal, "total_tax": tax, "invoice_total": total, "tax_rate": Decimal(19)} | {
        k: v for k, v in more.items() if v
    }
    head = {
        "document_type": "invoice",
        "vendor_name": "Mill",
        "invoice_id": "A-1",
        "invoice_date": "2026-11-01",
        "currency": "EUR",
    }
    return head | {name: float(value) for name, value in figures.items()} | {"line_items": rows}


def test_a_point_in_the_wrong_place_of_a_whole_document_is_noticed_and_never_called_right():
    rng = random.Random(19)
    unnoticed = []
    for _ in range(150):
        document = whole(rng)
        assert verdict(answers(document, TODAY)) == "held"
        name, wrong = changed(document, rng)
        given = answers(wrong, TODAY)
        unnoticed += [] if doubted(given) else [name]
        assert doubted(given) or verdict(given) != "held", (name, wrong)
    assert len(unnoticed) <= 5, unnoticed


def test_every_answer_on_figures_names_its_cells_and_what_held_its_tolerance():
    for document in (document for of in LIMITS for document in documents(f"{of}right")):
        for finding in answered(document):
            assert finding.check not in FIGURES or finding.cells
            assert finding.answer != "held" or finding.tolerance is not None
