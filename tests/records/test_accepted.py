"""What a reviewed document came to is kept in few figures, and nothing that anybody could read."""

from kraftd_core.records.accepted import MOST_PRICES, accepted_in
from kraftd_core.records.lessons import Lesson, lesson_of

INVOICE = {"document_type": "invoice", "currency": "eur", "invoice_total": 520.5}
STAGE_2 = {
    "export_workflow_id": "w", "timestamp": "2026-10-01T00:00:00Z", "document_type": "invoice", "document_name": "a.pdf",
    "user_preferences": {"document_template": "standard", "export_format": "pdf"}, "original_data": {}, "changes": [],
}  # fmt: skip


def row(text: str, price: float, **cells: object) -> dict[str, object]:
    return {"description": text, "quantity": 1, "unit_price": price, "amount": price} | cells


def test_the_total_is_kept_as_it_was_left_under_whatever_name():
    assert accepted_in(INVOICE).total == "520.5"
    assert accepted_in({"document_type": "invoice", "currency": "EUR", "grand_total": 99}).total == "99"
    assert accepted_in(INVOICE).currency == "EUR"


def test_nothing_is_kept_without_a_currency_or_of_what_gives_back():
    for data in ({"currency": ""}, {"currency": None}, {"invoice_total": -5}, {"invoice_type": "Credit note"}):
        assert accepted_in(INVOICE | data).total is None


def test_prices_are_kept_by_a_hash_of_the_item_and_only_where_it_has_one_price():
    rows = [row("Bolt M6", 2), row("Nut", 3), row("Nut", 4), row("Bolt  m6", 2)]
    kept = accepted_in(INVOICE | {"line_items": rows}).prices
    assert [*kept.values()] == ["2"]
    assert all("bolt" not in key and len(key) == 16 for key in kept)


def test_of_a_long_document_the_prices_of_the_largest_amounts_are_kept():
    rows = [row(f"Part {n}", n + 1) for n in range(3_000)]
    kept = accepted_in(INVOICE | {"line_items": rows}).prices
    assert len(kept) == MOST_PRICES
    assert min(map(int, kept.values())) == 3_001 - MOST_PRICES


def test_a_lesson_keeps_the_amounts_as_the_reviewer_left_them():
    lesson = lesson_of(STAGE_2 | {"modified_data": INVOICE})
    assert (lesson.accepted.total, lesson.accepted.currency) == ("520.5", "EUR")
    assert Lesson.model_validate({k: v for k, v in lesson.model_dump().items() if k != "accepted"}).accepted.total is None
