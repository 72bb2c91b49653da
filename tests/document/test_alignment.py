"""Row ids for data that has none."""

import copy
import random

import pytest
from hypothesis import assume, given
from hypothesis import strategies as st

from kraftd_core.document.changes import apply, changes
from kraftd_core.document.jsontypes import ROW_ID, is_table, same, without_row_ids
from kraftd_core.document.matching.alignment import align_rows

CELLS = st.none() | st.booleans() | st.integers(0, 3) | st.sampled_from(["", "pcs", "Pump", "Pumps", "Valve", "1"])
ROWS = st.lists(st.fixed_dictionaries({"description": CELLS, "unit": CELLS, "quantity": CELLS}), max_size=8)
DISTINCT = st.lists(
    st.fixed_dictionaries({"description": st.text(max_size=5), "quantity": st.integers(0, 3), "ok": st.booleans()}),
    min_size=1,
    max_size=12,
    unique_by=lambda row: (row["description"], row["quantity"], row["ok"]),
)


def table(rows):
    return {"t": [{ROW_ID: f"r{place}"} | row for place, row in enumerate(rows)]}


def kinds(original, modified):
    return [change.change_type for change in changes(original, align_rows(original, {"t": modified}))]


@given(ROWS, ROWS)
def test_aligned_data_is_the_same_data_with_row_ids(old, new):
    aligned = align_rows(table(old), {"t": new, "other": 1})
    assert is_table(aligned["t"])
    assert same(without_row_ids(aligned), {"t": new, "other": 1})
    assert same(apply(changes(table(old), aligned), table(old)), aligned)


@given(ROWS)
def test_rows_that_were_only_stripped_of_their_ids_get_them_back(rows):
    assert align_rows(table(rows), {"t": rows}) == table(rows)


@given(DISTINCT, st.permutations(range(12)))
def test_distinct_rows_in_another_order_get_their_own_ids(rows, order):
    shuffled = [table(rows)["t"][place] for place in order if place < len(rows)]
    assert align_rows(table(rows), without_row_ids({"t": shuffled})) == {"t": shuffled}


@given(DISTINCT, st.data())
def test_one_edited_cell_is_one_modification(rows, data):
    new = copy.deepcopy(rows)
    place = data.draw(st.integers(0, len(rows) - 1))
    new[place][data.draw(st.sampled_from(sorted(new[place])))] = data.draw(CELLS)
    assume(not any(same(new[place], row) for row in rows))
    assert kinds(table(rows), new) == ["modification"]


@given(DISTINCT, st.data())
def test_one_inserted_row_is_one_addition(rows, data):
    new = copy.deepcopy(rows)
    new.insert(data.draw(st.integers(0, len(rows))), data.draw(DISTINCT)[0])
    assert kinds(table(rows), new) == ["addition"]


@given(ROWS.filter(bool), st.data())
def test_one_deleted_row_is_one_deletion_even_among_equal_ones(rows, data):
    place = data.draw(st.integers(0, len(rows) - 1))
    assert kinds(table(rows), rows[:place] + rows[place + 1 :]) == ["deletion"]


@given(st.integers(1, 12), st.sets(st.integers(0, 11)), st.randoms(use_true_random=False))
def test_k_edited_rows_are_k_modifications_where_another_cell_tells_them_apart(size, edited, chance):
    rows = [{"description": f"Item {n}", "quantity": n % 3, "unit_price": n * 1.5} for n in range(size)]
    new = [row | {chance.choice(["quantity", "unit_price"]): 99} if n in edited else row for n, row in enumerate(rows)]
    assert kinds(table(rows), new) == ["modification"] * len([n for n in edited if n < size])


def goods(size):
    chance = random.Random(size)
    names = [f"{chance.choice(['Pump', 'Valve', 'Pipe'])} {n}" for n in range(size)]
    return [
        {"description": name, "unit": "pcs", "quantity": n % 5, "unit_price": n * 1.25, "tax_rate": 20}
        for n, name in enumerate(names)
    ]


def test_an_edit_beside_an_insertion_and_a_deletion_is_told_apart():
    new = goods(20)
    new[4]["unit_price"] = 1
    new.insert(5, {"description": "Delivery", "unit": "h", "quantity": 1, "unit_price": 80, "tax_rate": 20})
    del new[12]
    assert sorted(kinds(table(goods(20)), new)) == ["addition", "deletion", "modification"]


def test_a_replaced_row_is_a_deletion_and_an_addition():
    new = goods(20)
    new[4] = {"description": "Delivery to site", "unit": "pcs", "quantity": 1, "unit_price": 80, "tax_rate": 20}
    assert sorted(kinds(table(goods(20)), new)) == ["addition", "deletion"]


def test_a_corrected_description_is_one_modification_though_other_rows_changed_places():
    new = goods(20)
    new[4]["description"] += " (checked)"
    new.append(new.pop(0))
    assert sorted(kinds(table(goods(20)), new)) == ["modification", "move"]


@pytest.mark.slow
@pytest.mark.parametrize("column", ["unit_price", "description", "quantity"])
def test_a_column_edited_throughout_five_thousand_rows_moves_none(column):
    new = [row | {column: f"edited {place}"} for place, row in enumerate(goods(5000))]
    del new[2500]
    found = kinds(table(goods(5000)), new)
    assert found.count("modification") == 4999
    assert found.count("deletion") == 1
    assert len(found) == 5000


def test_five_thousand_equal_rows_less_one_are_one_deletion():
    assert kinds(table([{"x": 1}] * 5000), [{"x": 1}] * 4999) == ["deletion"]


def test_rows_that_carry_ids_keep_them_and_new_ones_get_one():
    original = table([{"x": "a"}, {"x": "b"}])
    modified = {"t": [original["t"][1], {"x": "c"}, {ROW_ID: None, "x": "a"}, {ROW_ID: "own", "x": "d"}]}
    aligned = align_rows(original, modified)["t"]
    assert [row[ROW_ID] for row in aligned if row["x"] in "bad"] == ["r1", "r0", "own"]
    assert is_table(aligned)


def test_of_two_rows_with_one_identity_the_second_is_new():
    original = table([{"x": "a"}])
    aligned = align_rows(original, {"t": [original["t"][0], original["t"][0]]})["t"]
    assert is_table(aligned)
    assert [row["x"] for row in aligned] == ["a", "a"]


def test_a_column_that_only_has_the_reserved_name_is_kept_under_another():
    aligned = align_rows({}, {"t": [{ROW_ID: 7, "row_id_": "x"}]})["t"]
    assert aligned[0]["row_id_"] == "x"
    assert aligned[0]["row_id__"] == 7


def test_tables_with_all_ids_and_values_that_are_no_tables_stay_as_they_are():
    modified = {"t": table([{"x": 1}])["t"], "list": [1, 2], "text": "x"}
    assert align_rows({}, modified) == modified
