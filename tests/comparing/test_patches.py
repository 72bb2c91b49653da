"""A JSON Patch made here turns the one data into the other, by another's hand."""

import json
from random import Random

import jsonpatch
import pytest
from hypothesis import given
from made_data import DOCUMENTS

from kraftd_core.comparing.patches import json_patch
from kraftd_core.document.jsontypes import ROW_ID, same, without_row_ids


def applied(before, after):
    operations = json.loads(json.dumps(json_patch(before, after)))
    return jsonpatch.JsonPatch(operations).apply(without_row_ids(before))


@pytest.mark.slow
@given(DOCUMENTS, DOCUMENTS)
def test_applied_to_the_one_data_it_gives_the_other(before, after):
    assert same(applied(before, after), without_row_ids(after))


def edited(rows, chance):
    """The rows after a handful of edits of every kind."""
    rows = [dict(row) for row in rows]
    for n in range(chance.randint(1, 12)):
        place = chance.randrange(len(rows)) if rows else 0
        match chance.choice(("cell", "cell", "drop", "add", "move", "column", "uncolumn")):
            case "cell" if rows:
                rows[place]["price~/x"] = chance.choice([True, 1, 1.5, "1", None, "Ä/~0", {"a": [1]}])
            case "column" if rows:
                rows[place][chance.choice(["a/b", "~", ""])] = n
            case "uncolumn" if rows:
                rows[place].pop("name", None)
            case "drop" if rows:
                del rows[place]
            case "move" if rows:
                rows.insert(chance.randrange(len(rows)), rows.pop(place))
            case _:
                rows.insert(place, {ROW_ID: f"new{n}-{chance.random()}".replace(".", "-"), "name": f"Row {n}"})
    return rows


def test_a_thousand_random_edits_of_a_table_come_out_exactly():
    chance = Random(20261123)
    for _ in range(1000):
        rows = [{ROW_ID: f"r{n}", "name": f"Line {n}", "price~/x": n} for n in range(chance.randint(0, 12))]
        total = chance.choice([1, True, 2])
        before, after = {"line/items~": rows, "total": 1}, {"line/items~": edited(rows, chance), "total": total}
        assert same(applied(before, after), without_row_ids(after))


def test_a_row_put_above_nineteen_is_one_operation():
    rows = [{ROW_ID: f"r{n}", "name": f"Line {n}"} for n in range(19)]
    after = {"line_items": [{ROW_ID: "new", "name": "First"}, *rows]}
    assert json_patch({"line_items": rows}, after) == [{"op": "add", "path": "/line_items/0", "value": {"name": "First"}}]


def test_a_row_that_moves_is_one_operation_whichever_way():
    rows = [{ROW_ID: f"r{n}", "name": f"Line {n}"} for n in range(9)]
    down, up = [*rows[1:7], rows[0], *rows[7:]], [rows[8], *rows[:8]]
    assert json_patch({"t": rows}, {"t": down}) == [{"op": "move", "from": "/t/0", "path": "/t/6"}]
    assert json_patch({"t": rows}, {"t": up}) == [{"op": "move", "from": "/t/8", "path": "/t/0"}]
