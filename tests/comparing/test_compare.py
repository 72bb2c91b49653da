"""Comparing versions: what changed is told once, by row identity or by likeness, and no text of a document comes alive."""

import csv
import io
import json
from dataclasses import replace
from itertools import pairwise
from random import Random

import jsonpatch
import openpyxl
import pytest
from test_patches import edited

from kraftd_core.adapters.comparisons import COMPARE_FILES
from kraftd_core.comparing.compare import Folded, Side, Wanted, compare, folded, pieces
from kraftd_core.comparing.html import comparison_html, document
from kraftd_core.document.jsontypes import ROW_ID, same, without_row_ids
from kraftd_core.records.stages import Place


def lines(count=19):
    return [{ROW_ID: f"r{n}", "description": f"Part {n}", "quantity": n, "amount": n * 2.5} for n in range(1, count + 1)]


def side(data, version="ai", workflow="w1", family="w1", **more):
    return Side(workflow, version, family, "in.pdf", data, **more)


def told(comparison, **wanted):
    return [(line.kind, line.label, line.texts) for line in comparison.lines if Wanted(**wanted).takes(line)]


def test_a_row_put_above_nineteen_is_one_added_row_and_nothing_else():
    new = {ROW_ID: "new", "description": "Delivery", "quantity": 1, "amount": 12}
    found = compare([side({"line_items": lines()}), side({"line_items": [new, *lines()]}, "user")])
    assert [(kind, label) for kind, label, _ in told(found)] == [("added", "Line 1 (Delivery)")]
    assert found.headline == "0 changed · 1 added · 0 removed · 57 the same"


def test_moved_changed_and_moved_and_changed_are_told_apart():
    before = lines(4)
    after = [before[3] | {"amount": 99}, before[0] | {"amount": 5}, before[1], before[2]]
    found = compare([side({"line_items": before}), side({"line_items": after}, "user")])
    assert [(line.kind, line.label, line.note) for line in found.lines if line.kind != "same"] == [
        ("moved_changed", "Line 1 (Part 4)", "from place 4 to 1"),
        ("changed", "Line 2 (Part 1) · Amount", ""),
    ]
    assert found.lines[0].texts == ("Amount: 10.00", "Amount: 99.00")
    assert found.headline == "1 changed · 0 added · 0 removed · 1 moved and changed · 10 the same"
    only_moved = compare([side({"line_items": before}), side({"line_items": [before[3], *before[:3]]})])
    assert [(line.kind, line.note) for line in only_moved.lines if line.kind != "same"] == [("moved", "from place 4 to 1")]


def test_what_is_only_written_differently_is_hidden_until_it_is_asked_for():
    found = compare([side({"total": "1,050.00", "a": 1}), side({"total": 1050, "a": True}, "user")])
    assert [kind for kind, *_ in told(found)] == ["changed"]
    assert ("format", "Total", ("1,050.00", "1050")) in told(found, with_format=True)


def test_missing_null_empty_and_zero_are_four_things():
    values = ({}, {"tip": None}, {"tip": ""}, {"tip": 0})
    texts = [compare([side(a), side(b)]).lines[0].texts for a, b in pairwise(values)]
    assert texts == [(None, "(empty)"), ("(empty)", "“”"), ("“”", "0")]


def test_rows_of_another_document_are_matched_by_likeness_which_is_said():
    other = [{ROW_ID: f"x{n}", **{k: v for k, v in row.items() if k != ROW_ID}} for n, row in enumerate(lines())]
    other[4]["amount"] = 1.0
    found = compare([side({"line_items": lines()}), side({"line_items": other}, "user", "w2", "w2")])
    assert [(line.kind, line.texts, line.note) for line in found.lines if line.kind != "same"] == [
        ("changed", ("12.50", "1.00"), "matched by likeness, 66 % equal")
    ]
    assert found.likeness == pytest.approx(56 / 57)
    assert "agree in 98 % of their values" in document(found, Wanted())


def test_a_delivered_value_that_is_not_the_reviewed_one_is_warned_of():
    reviewed = {"total": 10, "line_items": lines(3)}
    honest = side(reviewed | {"line_items": lines(3)[::-1]}, "delivered")
    three = [side({"total": 9, "line_items": lines(3)}), side(reviewed, "user"), honest]
    assert compare(three).warnings == ()
    assert compare([*three[:2], replace(honest, data=reviewed | {"total": 11})]).warnings == (
        "The delivered file does not say what was reviewed. Total: 10.00 → 11.00.",
    )


def test_a_third_side_that_alone_differs_is_a_change_as_well():
    read = side({"total": 10, "line_items": lines(3)})
    extra = {ROW_ID: "x", "description": "Slipped in", "amount": 1}
    wrong = side({"total": 11, "line_items": [*lines(3), extra]}, "delivered")
    found = compare([read, replace(read, version="user"), wrong])
    assert told(found) == [
        ("changed", "Total", ("10.00", "10.00", "11.00")),
        ("added", "Line 4 (Slipped in)", (None, None, "Slipped in · 1.00")),
    ]
    assert found.headline == "1 changed · 1 added · 0 removed · 9 the same"


def test_documents_whose_rows_have_nothing_in_common_are_not_called_alike():
    other = [{ROW_ID: "z", "text": "Consulting"}]
    found = compare([side({"line_items": lines(2)}), side({"line_items": other}, "ai", "w2", "w2")])
    assert found.likeness == 0 and "No line of the one is like" in document(found, Wanted())


def test_what_the_file_was_asked_to_leave_out_is_said():
    data = {"iban": "DE1", "line_items": lines(2)}
    found = compare([side(data), side(data, "user"), side(data, "delivered", not_shown=["iban", "line_items.amount"])])
    assert found.warnings == ("The delivered file does not show, as asked: Amount and IBAN.",)
    assert found.lines[0].texts == ("DE1", "DE1", "(not shown in the file)")
    assert found.lines[1].texts[2] == "Part 1 · 1"


def test_words_in_a_longer_text_are_told_apart():
    before, after = pieces("Pay within 30 days, net.", "Pay within 14 days, net.")
    assert [p.text for p in before if not p.is_shared] == ["30"] and [p.text for p in after if not p.is_shared] == ["14"]
    assert "".join(p.text for p in after) == "Pay within 14 days, net."


def test_engines_and_wishes_are_compared_and_do_not_count_as_values():
    made = [{"Template": "Standard", "Format": "pdf"}, {"Template": "Custom", "Format": "pdf"}]
    found = compare([side({"a": 1}, making=made[0]), side({"a": 1}, "user", making=made[1])])
    assert told(found) == [("changed", "Template", ("Standard", "Custom"))]
    assert found.headline == "0 changed · 0 added · 0 removed · 1 the same"


def test_runs_of_what_is_not_looked_at_are_folded_with_their_number():
    after = lines()
    after[9] = after[9] | {"amount": 0}
    found = compare([side({"line_items": lines()}), side({"line_items": after}, "user")])
    ((section, shown),) = folded(found, Wanted())
    assert section == "Line items"
    assert [line if isinstance(line, Folded) else line.label for line in shown] == [
        Folded(9, are_same=True), "Line 10 (Part 10) · Amount", Folded(9, are_same=True),
    ]


def test_only_what_was_read_with_doubt_is_shown_where_asked_for():
    places = {"total": Place(confidence=0.5), "date": Place(confidence=0.95)}
    found = compare([side({"total": 1, "date": "2026-01-01"}, places=places), side({"total": 2, "date": "2026-01-02"}, "user")])
    assert [label for _, label, _ in told(found, is_doubtful=True)] == ["Total"]


HOSTILE = '<img src=x onerror=alert(1)><script>alert(2)</script>"\'&'


def test_texts_of_a_document_stay_texts():
    found = compare([
        side({HOSTILE: HOSTILE, "line_items": [{ROW_ID: "r1", HOSTILE: HOSTILE}]}, words={HOSTILE: HOSTILE}),
        side({HOSTILE: HOSTILE * 2, "line_items": [{ROW_ID: "r1", HOSTILE: 1}]}, "user", words={HOSTILE: "x"}),
    ])
    short = comparison_html(found, Wanted(is_unified=True), most=10)
    for made in (comparison_html(found, Wanted()), short, document(found, Wanted())):
        assert "<img" not in made and "<script" not in made and "&lt;" in made


def test_the_files_hold_the_lines_and_no_formula():
    found = compare([side({"note": "=1+1", "total": 1}), side({"note": "@x", "total": 2}, "user")])
    rows = list(csv.reader(io.StringIO(COMPARE_FILES["csv"](found, Wanted()).decode("utf-8-sig"))))
    assert [row[1:5] for row in rows[1:]] == [["changed", "Note", "'=1+1", "'@x"], ["changed", "Total", "1.00", "2.00"]]
    sheet = openpyxl.load_workbook(io.BytesIO(COMPARE_FILES["excel"](found, Wanted())))["Lines"]
    assert [(cell.value, cell.data_type) for cell in sheet[2]][3:5] == [("=1+1", "s"), ("@x", "s")]


def test_the_file_stands_alone():
    made = COMPARE_FILES["html"](compare([side({"a": 1}), side({"a": 2}, "user")]), Wanted()).decode()
    assert "<script" not in made and "http" not in made.replace("http-equiv", "") and "default-src 'none'" in made


def test_the_patch_taken_along_gives_the_other_side():
    chance = Random(7)
    for _ in range(50):
        before = {"line_items": lines(8), "total": 1}
        after = {"line_items": edited(before["line_items"], chance), "total": True}
        operations = json.loads(COMPARE_FILES["patch"](compare([side(before), side(after, "user")]), Wanted()))
        assert same(jsonpatch.JsonPatch(operations).apply(without_row_ids(before)), without_row_ids(after))
