"""Compositions for the renderers: an invoice as a reviewer leaves it, and one that means harm."""

from dataclasses import replace
from datetime import UTC, datetime
from typing import Any

from kraftd_core.document.checks.checking import Finding
from kraftd_core.document.nouns import Addition, Modification, Move
from kraftd_core.ports.making import Composition
from kraftd_core.records.plan import DocumentTemplate
from kraftd_core.records.stages import FinalSummary, LearningInsights, UserPreferences

LINES: list[dict[str, Any]] = [
    {
        "_row_id": "rowaaaaaaaa1", "position": 1, "article": "00417", "description": "Kugellager 6204-2RS, geräuscharm",
        "quantity": 12, "unit": "Stück", "unit_price": 4.35, "amount": 52.2,
    },
    {
        "_row_id": "rowaaaaaaaa2", "position": 2, "article": "00981", "description": "Hydraulikschlauch DN 12, 2-lagig, mit "
        "Pressarmaturen beidseitig und Prüfzeugnis", "quantity": 3.5, "unit": "m", "unit_price": 38.9, "amount": 136.15,
    },
    {
        "_row_id": "rowaaaaaaaa3", "position": 3, "article": "01200", "description": "Montage vor Ort (Größe L), mit Anfahrt",
        "quantity": 8, "unit": "h", "unit_price": 92, "amount": 736,
    },
    {
        "_row_id": "rowaaaaaaaa4", "position": 4, "article": "00012", "description": "Dichtring, verzinkt", "quantity": 1000,
        "unit": "Stück", "unit_price": 0.0345, "amount": 34.5,
    },
]

DATA: dict[str, Any] = {
    "document_type": "invoice",
    "vendor_name": "Müller & Söhne Maschinenbau GmbH",
    "vendor_address": "Straße des Handwerks 7\n70173 Stuttgart",
    "customer_name": "Brückner Anlagentechnik AG",
    "invoice_id": "2024-00815",
    "invoice_date": "2024-03-14",
    "due_date": "2024-04-13",
    "currency": "EUR",
    "subtotal": 958.85,
    "total_tax": 182.18,
    "invoice_total": 1141.03,
    "payment_reference": None,
    "order_numbers": ["4500012345", "4500012399"],
    "line_items": LINES,
}

SUMMARY = FinalSummary(
    executive_summary="Müller & Söhne Maschinenbau GmbH bills Brückner Anlagentechnik AG 1,141.03 EUR for four positions, due on "
    "2024-04-13. The amounts add up after the review corrected the quantity of the hydraulic hose.",
    key_findings=[
        "The total of 1,141.03 EUR is the subtotal of 958.85 EUR plus 182.18 EUR tax.",
        "Assembly on site makes up 77 % of the subtotal.",
        "The invoice names two purchase orders.",
    ],
    recommendations=["Pay 1,141.03 EUR by 2024-04-13.", "Have the hours of assembly confirmed by the site manager first."],
    risk_factors=["The payment reference is missing.", "Eight hours of assembly were billed without a time sheet."],
    action_items=["Ask the supplier for the payment reference.", "Match positions 1 to 4 with purchase order 4500012345."],
    confidence_score=0.93,
    learning_insights=LearningInsights(user_corrected_fields=["vendor_name"], user_focus_areas=["line_items"]),
)

CHANGES = [
    Modification(field="vendor_name", original_value="Muller & Sohne GmbH", modified_value="Müller & Söhne Maschinenbau GmbH"),
    Modification(
        field="line_items[rowaaaaaaaa2].quantity", original_value=35, modified_value=3.5, user_reason="the decimal sign was lost"
    ),
    Modification(field="invoice_total", original_value="1,141.03", modified_value=1141.03, format_only=True),
    Addition(
        field="line_items[rowaaaaaaaa4]", position=3, modified_value={k: v for k, v in LINES[3].items() if k != "_row_id"}
    ),
    Move(field="line_items[rowaaaaaaaa1]", original_value=1, modified_value=0),
]


def invoice(template: DocumentTemplate = DocumentTemplate.STANDARD, **members: Any) -> Composition:
    """An invoice of four lines, with umlauts, after a review of five changes; `data` still has its row ids."""
    composition = Composition(
        title="Invoice 2024-00815",
        template=template,
        document_name="Rechnung Müller März.pdf",
        document_type="invoice",
        data=DATA,
        summary=SUMMARY,
        changes=list(CHANGES),
        change_sentences=[
            "Supplier: “Muller & Sohne GmbH” became “Müller & Söhne Maschinenbau GmbH”.",
            "Line items, row 2, Quantity: 35 became 3.5, because “the decimal sign was lost”.",
            "Total: written otherwise, the value is the same.",
            "Line items: row 4 was added.",
            "Line items: row 2 was moved to row 1.",
        ],
        findings=[
            Finding(
                check="line_amount", severity="warning", message="Row 3 of Line items has no time sheet.",
                cells=("line_items[rowaaaaaaaa3].amount", "invoice_total"), expected="1", found="0",
            )
        ],
        preferences=UserPreferences(document_template=template, priority_fields=["invoice_total", "due_date"]),
        export_workflow_id="3f2b8c9e-5d1a-4c7b-9e2f-0a1b2c3d4e5f",
        owner_email="demo@localhost",
        reviewed_by="demo@localhost",
        stage_hashes=("a" * 64, "b" * 64),
        generated_at=datetime(2024, 3, 15, 9, 26, 53, tzinfo=UTC),
        agent_model="rules",
        extraction_method="LOCAL",
    )
    return replace(composition, **members)


HOSTILE_TEXTS = {
    "formula": "=HYPERLINK(\"http://evil.example\",\"click\")",
    "plus": "+cmd|' /C calc'!A0",
    "minus": "-2+3+cmd|' /C calc'!A0",
    "at": "@SUM(1+1)",
    "fullwidth": "＝1+1",
    "spaced": "   =1+1",
    "tabbed": "\t=1+1",
    "markup": "<b>bold</b> <para> <img src=\"/etc/passwd\"/> & <a href=\"javascript:alert(1)\">x</a>",
    "controls": "NUL\x00 VT\x0b BEL\x07 end",
    "surrogate": "half \ud83d pair",
    "noncharacter": "odd \ufffe end",
    "escape": "_x0041_ stays",
    "reversed": "invoice\u202efdp.exe",
    "cjk": "請求書 中文",
    "arabic": "فاتورة",
    "emoji": "paid 🧾",
    "leading_zeros": "007",
    "long_number": "100000000000000000000",
    "negative": "-12.50",
    "quotes": "a \"quoted\", comma; and\r\nbreak",
    "endless_word": "W" * 20_000,
    "too_long_for_a_cell": "word " * 8_000,
    "[]:*?/\\'": "a name that no sheet may have",
    "=1+1": "a name that is a formula",
}


def hostile(template: DocumentTemplate = DocumentTemplate.STANDARD) -> Composition:
    """The invoice with texts that try to be more than text, as fields, as cells, as names and in the prose."""
    rows = [{"_row_id": f"rowhostile{n:02}", "text": text, "number": -n} for n, text in enumerate(HOSTILE_TEXTS.values())]
    texts = list(HOSTILE_TEXTS.values())
    return invoice(
        template,
        title="=1+1 <b>",
        document_name="=evil<img src='x'>.pdf",
        data={
            **HOSTILE_TEXTS, "not_a_number": float("nan"), "nested": {"_row_id": "x", "deep": [{"_row_id": "y", "a": 1}]},
            "=Table/1": rows, "=table*1": rows[:2], "con": rows[:1], "History": rows[:1], "summary": rows[:1],
        },
        summary=SUMMARY.model_copy(update={"executive_summary": HOSTILE_TEXTS["markup"], "key_findings": texts}),
        changes=[Modification(field="=Table/1[rowhostile00].text", original_value="=0", modified_value=texts[0])],
        change_sentences=["=Text: “<i>” became “<b>”."],
        findings=[Finding(check="c", severity="error", message="=<b>wrong</b>", cells=("=Table/1[rowhostile01].number",))],
    )


def with_rows(count: int) -> Composition:
    """The invoice with so many lines."""
    lines = [LINES[n % 4] | {"_row_id": f"row{n}", "position": n + 1} for n in range(count)]
    return invoice(data=DATA | {"line_items": lines}, changes=[], change_sentences=[])
