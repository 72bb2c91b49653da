"""The share of what was read that the reviewer left as it was."""

from fakes import invoice_data

from kraftd_core.document.changes import changes
from kraftd_core.document.jsontypes import ROW_ID
from kraftd_core.recording.stage3_deliverable import accuracy


def test_one_change_among_very_many_values_is_less_than_all_of_them():
    rows = [{ROW_ID: f"r{n}", "description": f"Part {n}", "quantity": 1} for n in range(20_000)]
    read = {"line_items": rows}
    changed = {"line_items": [rows[0] | {"quantity": 2}, *rows[1:]]}
    assert accuracy(read, changes(read, changed)) == 0.9999
    assert accuracy(read, []) == 1.0
    assert accuracy({}, []) is None


def test_a_share_is_never_more_than_what_was_left():
    data = invoice_data()
    share = accuracy(data, changes(data, data | {"vendor_name": "Other"}))
    assert share is not None and 0.9 < share <= 1 - 1 / 16
