"""The document beside its data: which boxes are shown where, and that nothing of a document becomes markup."""

import json
import re
from pathlib import Path
from types import SimpleNamespace

import pytest
from apptests import ACTOR, OWNER, core, opened  # noqa: F401  core is a fixture
from long_documents import HOSTILE, long_invoice

from kraftd_core.document.changes import path_of
from kraftd_core.document.checks.checking import Finding
from kraftd_core.document.jsontypes import ROW_ID
from kraftd_core.document.nouns import Modification
from kraftd_core.records.stages import Look, Place
from kraftd_core.review.attention import Attention
from pages.parts.document_view import Marked, _box, _in_reading_order, _size, marked_of
from pages.parts.review_grids import paths_of_cells

pytestmark = pytest.mark.slow

FILES = Path(__file__).parents[2] / "pages" / "parts" / "document_view_files"


def shown(core, name, content):
    """The summary page of this document, as a new session sees it."""
    workflow_id = core.run(lambda desk: desk.read(ACTOR, name, content, lambda step: None))
    return opened(workflow=workflow_id)


def at(field, left, top, *, width=0.1, height=0.02, text="", standing="sure"):
    """A value with an upright box."""
    right, bottom = left + width, top + height
    return Marked(field, field.title(), text, 0.9, 1, (left, top, right, top, right, bottom, left, bottom), standing)


def test_the_cells_of_the_grids_are_known_by_the_rows_as_they_stand_now():
    rows = [{ROW_ID: "new", "unit.price": 1}, {ROW_ID: "old", "unit.price": 2}]
    review = SimpleNamespace(draft=SimpleNamespace(modified_data={"vendor_name": "Mill", "items": rows}))
    details, table = paths_of_cells(review, SimpleNamespace(names=["vendor_name"], columns={"items": ["unit.price"]}))
    assert details == {"key": "stage2_details", "fields": {"Supplier": "vendor_name"}}
    (suffix,) = table["columns"].values()
    assert [row + suffix for row in table["rows"]] == [path_of("items", row_id, "unit.price") for row_id in ("new", "old")]


# Boxes


def test_values_are_read_line_by_line_though_the_boxes_of_a_line_do_not_stand_quite_level():
    item = [at("amount", 0.7, 0.199), at("name", 0.1, 0.205), at("price", 0.5, 0.2)]
    marked = [at("total", 0.7, 0.5), *item, at("date", 0.1, 0.1)]
    assert [one.field for one in _in_reading_order(marked)] == ["date", "name", "price", "amount", "total"]


def test_a_place_that_is_no_area_has_no_box():
    nowhere = Marked("a", "A", "1", None, 1, (0.1, 0.1), "sure")
    assert _in_reading_order([nowhere, at("b", 0, 0)]) == [at("b", 0, 0)]


def test_a_box_covers_a_slanted_place_and_stays_on_the_page():
    slanted = Marked("a", "A", "1", None, 1, (-0.1, 0.2, 0.3, 0.1, 0.32, 0.15, 0.0, 1.2), "sure")
    assert _box(slanted)["box"] == [0, 0.1, 0.32, 0.9]


def test_a_box_says_what_stands_there_and_how_sure_it_is():
    box = _box(at("total", 0, 0, text="31.50", standing="doubtful"))
    assert (box["label"], box["text"], box["sure"], box["says"]) == ("Total", "31.50", "90 % sure", "to be looked at")
    assert _box(Marked("a", "A", "1", None, 1, (0, 0, 1, 1), "sure"))["sure"] == ""
    assert len(_box(at("notes", 0, 0, text="x" * 5_000))["text"]) < 500


def test_each_value_is_marked_by_how_it_stands():
    data = {name: name for name in ("vendor_name", "invoice_id", "invoice_total", "due_date", "notes", "currency")}
    places = {name: Place(confidence=0.95, page=1, polygon=[0, 0, 1, 0, 1, 1, 0, 1]) for name in data}
    places["invoice_id"] = Place(confidence=0.4, page=2, polygon=[0, 0, 1, 0, 1, 1, 0, 1])
    places["currency"] = Place(confidence=0.4)
    attention = Attention(
        data,
        data,
        places,
        [Finding("sum", "error", "The lines add up to another total.", ("invoice_total",))],
        [Modification(field="notes", original_value="x", modified_value="notes")],
        [Look(field="due_date", how="confirmed")],
    )
    marked = marked_of(attention)
    assert {one.field: one.standing for one in marked} == {
        "vendor_name": "sure", "invoice_id": "doubtful", "invoice_total": "failed", "due_date": "confirmed", "notes": "changed",
    }  # fmt: skip
    assert [one.page for one in marked if one.field == "invoice_id"] == [2]


# What the browser gets


def test_the_view_builds_no_markup_from_what_it_is_given():
    script = (FILES / "view.js").read_text()
    assert not re.search(r"innerHTML|outerHTML|insertAdjacent|DOMParser|createContextual|\.write\b|\beval\b|Function", script)
    assert script.count("textContent") > 5


def test_the_view_fetches_nothing_from_outside():
    everything = "".join(path.read_text() for path in FILES.iterdir())
    assert not re.search(r"https?:|//[a-z]+\.|@import|url\(|<script|\bfetch\(|\bimport\b", everything)


def test_only_the_page_that_is_shown_is_sent_and_its_image_as_an_address(core):
    session = shown(core, "long.pdf", long_invoice())
    assert not session.exception
    (view,) = session.get("bidi_component")
    data = json.loads(view.proto.json or view.proto.mixed.json)
    assert (data["page"], data["pages"]) == (1, 2)
    assert data["image"].startswith("/")
    assert len(data["image"]) < 200
    width, height = data["size"]
    assert height / width == pytest.approx(842 / 595, abs=0.01)
    texts = [box["text"] for box in data["boxes"]]
    assert "HS-2044" in texts
    assert f"Bolt {HOSTILE}" in texts
    assert "Deck part 18" in texts
    assert "Deck part 19" not in texts


def test_the_size_of_an_image_is_known_before_it_is_fetched():
    assert _size(b"\x89PNG\r\n\x1a\n\x00\x00\x00\rIHDR" + (700).to_bytes(4) + (900).to_bytes(4)) == (700, 900)


# Documents without pages


def test_a_text_of_many_rows_is_shown_as_a_sheet_that_says_what_is_left_out(core):
    rows = "".join(f"{n},Bolt M{n},{n}.50\n" for n in range(1, 301))
    session = shown(core, "list.csv", f"Pos,Description,Amount\n{rows}".encode())
    assert not session.exception
    frame = session.dataframe[-1].value
    assert list(frame.columns) == ["A", "B", "C"]
    assert list(frame.index[:2]) == [1, 2]
    assert frame.loc[2].tolist() == ["1", "Bolt M1", "1.50"]
    assert "… 101 more rows in the file" in [caption.value for caption in session.caption]


def test_a_data_file_is_shown_as_its_text(core):
    text = f'{{"document_type":"invoice","vendor_name":"{HOSTILE}","invoice_total":1.50}}'
    session = shown(core, "order.json", text.encode())
    assert not session.exception
    assert [code.value for code in session.code] == [
        f'{{\n  "document_type": "invoice",\n  "vendor_name": "{HOSTILE}",\n  "invoice_total": 1.50\n}}'
    ]
