"""What needs a person's eyes, in which order, and when it needs them no more."""

from dataclasses import dataclass
from datetime import date

import pytest

from kraftd_core.document.changes import changes
from kraftd_core.document.checks.checking import check
from kraftd_core.records.stages import Look, Place, Suggestion
from kraftd_core.review.attention import Attention, still_true

LINES = [
    {"_row_id": "a", "description": "Flour", "quantity": 2, "unit_price": 5.6, "amount": 11.2},
    {"_row_id": "b", "description": "Yeast", "quantity": 3, "unit_price": 1, "amount": 4},
]
DATA = {
    "document_type": "invoice", "vendor_name": "Mill", "invoice_id": "M-1", "invoice_date": "2026-10-01", "currency": "EUR",
    "invoice_total": 15.2, "line_items": LINES,
}  # fmt: skip
SURE = {
    "vendor_name": Place(confidence=0.95, page=1, polygon=[0, 0, 1, 0, 1, 1, 0, 1]), "invoice_id": Place(confidence=0.9),
    "invoice_date": Place(confidence=0.9), "currency": Place(confidence=0.9), "invoice_total": Place(confidence=0.9),
    **{f"line_items[{row}].{c}": Place(confidence=0.9) for row in "ab" for c in LINES[0] if c != "_row_id"},
}  # fmt: skip
WRONG_LINE = ["line_items[b].quantity", "line_items[b].unit_price", "line_items[b].amount"]


@dataclass(frozen=True)
class Offered:
    field: str
    suggested_value: object
    rests_on: tuple[str, ...]
    sentence: str


def attention(data=DATA, places=SURE, looked_at=(), suggestions=(), offers=(), original=DATA):
    findings = check(data, date(2026, 10, 2))
    return Attention(data, original, places, findings, changes(original, data), looked_at, suggestions, offers)


def fields(found):
    return [entry.field for entry in found.entries]


def kinds(found, field):
    return [reason.kind for reason in next(entry for entry in found.entries if entry.field == field).reasons]


def confirmed(*names):
    return tuple(Look(field=name, how="confirmed") for name in names)


def with_line(row_id, **cells):
    return {**DATA, "line_items": [{**row, **cells} if row["_row_id"] == row_id else row for row in LINES]}


def test_what_matters_comes_first_failed_checks_then_what_is_missing_then_doubt_then_suggestions():
    data = {**DATA, "due_date": "2026-09-01", "invoice_id": None}
    places = SURE | {"currency": Place(confidence=0.5), "due_date": Place(confidence=0.9)}
    offers = [Offered("line_items[a].description", "Rye flour", ("w1",), "Twice corrected so.")]
    found = attention(data, places, offers=offers, original=data)
    assert fields(found) == [*WRONG_LINE, "invoice_date", "due_date", "invoice_id", "currency", "line_items[a].description"]
    assert [found.entries[n].reasons[0].kind for n in (0, 3, 5, 6, 7)] == ["error", "warning", "empty", "unsure", "suggested"]


def test_a_value_comes_once_with_all_its_reasons():
    places = SURE | {"line_items[b].amount": Place(confidence=0.62)}
    found = attention(places=places, offers=[Offered("line_items[b].amount", 3, ("w1",), "It was 3 before.")])
    entry = found.entries[0]
    assert (entry.field, entry.title, entry.text, entry.confidence) == (WRONG_LINE[2], "Amount of line 2 (Yeast)", "4", 0.62)
    assert [reason.kind for reason in entry.reasons] == ["error", "unsure", "suggested"]
    assert entry.reasons[1].words == "The reader is only 62 % sure."
    assert entry.offer is not None and entry.offer.suggested_value == 3


def test_a_confirmed_value_leaves_and_the_others_of_its_check_stay():
    assert fields(attention(looked_at=confirmed(WRONG_LINE[2]))) == WRONG_LINE[:2]


def test_a_corrected_value_leaves_but_stays_while_its_check_still_fails():
    places = SURE | {"line_items[b].amount": Place(confidence=0.5)}
    assert fields(attention({**with_line("b", amount=3), "invoice_total": 14.2}, places)) == []
    still = attention(with_line("b", amount=5), places)
    assert kinds(still, "line_items[b].amount") == ["error", "warning"]


def test_what_was_accepted_with_the_rest_comes_back_where_a_check_fails_later():
    accepted = attention(with_line("b", amount=3), original=with_line("b", amount=3)).with_rest_accepted()
    found = attention(with_line("a", quantity=9), looked_at=accepted)
    assert "line_items[a].amount" in fields(found)


def test_a_check_over_a_whole_column_leads_to_the_sum_and_not_to_every_line():
    lines = [{"_row_id": f"r{n}", "description": f"Item {n}", "amount": 1} for n in range(20)]
    data = {**DATA, "line_items": lines, "subtotal": 30, "invoice_total": 30}
    cells = {f"line_items[{row['_row_id']}].{column}": Place(confidence=0.9) for row in lines for column in row}
    places = SURE | cells | {"subtotal": Place(confidence=0.9), "line_items[r3].amount": Place(confidence=0.4)}
    found = attention(data, places, original=data)
    assert fields(found) == ["line_items[r3].amount", "subtotal"]  # the least sure of the summed lines is the first suspect
    assert kinds(found, "line_items[r3].amount") == ["error", "unsure"]


def test_where_nothing_was_measured_no_value_is_doubtful_for_that():
    assert fields(attention(places={})) == WRONG_LINE
    assert attention(places={}).unmeasured == len(attention().values) - 3


def test_a_value_without_a_measure_is_doubtful_beside_measured_ones():
    places = {name: place for name, place in SURE.items() if name != "currency"}
    found = attention(places=places, looked_at=confirmed(*WRONG_LINE))
    assert [(entry.field, entry.reasons[0].kind) for entry in found.entries] == [("currency", "unmeasured")]


def test_a_typed_text_that_is_no_number_needs_eyes_and_says_how_to_write_one():
    found = attention({**DATA, "invoice_total": "about 15"})
    entry = next(entry for entry in found.entries if entry.field == "invoice_total")
    assert [reason.kind for reason in entry.reasons] == ["unread"]
    assert "write it like 1250.50 or 1.250,50" in entry.reasons[0].words


def test_an_answered_suggestion_is_not_made_again():
    offer = Offered("vendor_name", "Mill Ltd", ("w1", "w2"), "Twice corrected so.")
    declined = Suggestion(field="vendor_name", suggested_value="Mill Ltd", rests_on=["w1"], is_accepted=False)
    assert "vendor_name" in fields(attention(offers=[offer]))
    assert "vendor_name" not in fields(attention(offers=[offer], suggestions=[declined]))


def test_the_figures_add_up_to_all_values():
    found = attention({**DATA, "vendor_name": "Mill Ltd"}, looked_at=confirmed(WRONG_LINE[0]))
    assert len(found.values) == found.sure + found.unmeasured + found.settled + len(found.entries)
    assert (found.settled, len(found.entries), found.rows) == (2, 2, 2)


def test_the_rest_is_accepted_in_one_step_whole_rows_where_all_of_a_row_is():
    looks = attention(looked_at=confirmed("vendor_name")).with_rest_accepted()
    assert looks[0] == Look(field="vendor_name", how="confirmed")
    accepted = {look.field for look in looks[1:]}
    assert accepted == {"invoice_id", "invoice_date", "currency", "invoice_total", "line_items[a]", "line_items[b].description"}
    assert {look.how for look in looks[1:]} == {"accepted_with_the_rest"}
    assert attention(looked_at=looks).rest == []


def test_nothing_typed_is_accepted_with_the_rest():
    rest = attention({**with_line("a", description="Rye"), "vendor_name": "Mill Ltd"}).rest
    assert {"vendor_name", "line_items[a].description"}.isdisjoint(rest)
    assert "line_items[a].quantity" in rest


def test_a_confirmed_value_that_is_edited_later_is_confirmed_no_more():
    looks = confirmed("vendor_name", "line_items[a].amount")
    assert still_true(looks, DATA, {**DATA, "vendor_name": "Mill Ltd"}) == looks[1:]
    assert still_true(looks, DATA, with_line("a", amount=11)) == looks[:1]
    assert still_true(looks, DATA, DATA) == looks


def test_of_an_accepted_row_the_values_that_were_not_edited_stay_accepted():
    looks = (Look(field="line_items[a]", how="accepted_with_the_rest"),)
    left = still_true(looks, DATA, with_line("a", amount=11))
    assert [look.field for look in left] == [f"line_items[a].{c}" for c in ("description", "quantity", "unit_price")]
    assert {look.how for look in left} == {"accepted_with_the_rest"}


def test_of_a_table_that_was_removed_as_a_whole_nothing_was_looked_at():
    looks = (Look(field="line_items[a]", how="accepted_with_the_rest"), *confirmed("line_items[b].amount", "vendor_name"))
    assert still_true(looks, DATA, {name: value for name, value in DATA.items() if name != "line_items"}) == looks[2:]


def test_a_removed_row_was_looked_at_no_more_and_a_moved_one_still_is():
    looks = (Look(field="line_items[a]", how="accepted_with_the_rest"), *confirmed("line_items[a].amount"))
    assert still_true(looks, DATA, {**DATA, "line_items": LINES[1:]}) == ()
    assert still_true(looks, DATA, {**DATA, "line_items": LINES[::-1]}) == looks


@pytest.mark.parametrize(("data", "looks", "standing"), [
    (DATA, (), "sure"),
    (DATA, confirmed("vendor_name"), "confirmed"),
    (DATA, (Look(field="vendor_name", how="accepted_with_the_rest"),), "accepted"),
    ({**DATA, "vendor_name": "Mill Ltd"}, (), "changed"),
    ({**DATA, "vendor_name": None}, (), "eyes"),
])
def test_a_value_with_a_place_is_marked_as_it_stands(data, looks, standing):
    (mark,) = attention(data, looked_at=looks).marks()
    assert (mark.field, mark.label, mark.page, mark.standing) == ("vendor_name", "Supplier", 1, standing)
    assert mark.text == data["vendor_name"]
