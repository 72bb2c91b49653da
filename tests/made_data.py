"""Document data as hypothesis makes it: odd names, odd values, tables with row ids."""

from hypothesis import strategies as st

from kraftd_core.document.jsontypes import ROW_ID

ODD_NAMES = ["", "a", "b", "a.b", "a[b]", "\\", "\\.", "]", "[", ".", ROW_ID, "line_items", "a\nb", "é"]
NAMES = st.sampled_from(ODD_NAMES) | st.text(max_size=3)
SPECIAL = st.text(alphabet="\\[].ab", max_size=8)
SCALARS = (
    st.none()
    | st.booleans()
    | st.sampled_from([0, 1, 1.0, 0.0, -0.0, "1", "", "1,050.00", "1050", 1050, "true", 10**20])
    | st.integers()
    | st.floats(allow_nan=False, allow_infinity=False)
    | st.text(max_size=5)
)
VALUES = st.recursive(SCALARS, lambda some: st.lists(some, max_size=3) | st.dictionaries(NAMES, some, max_size=3), max_leaves=8)
ROW_IDS = st.sampled_from(["r1", "r2", "r3", "r-4", "r_5", "R6", "7", "x" * 64])
ODD_ROWS = st.dictionaries(NAMES, VALUES, max_size=3)
TABLES = st.lists(ROW_IDS, unique=True, max_size=6).flatmap(
    lambda ids: st.tuples(*(ODD_ROWS.map(lambda row, i=i: row | {ROW_ID: i}) for i in ids)).map(list)
)
DOCUMENTS = st.dictionaries(NAMES, VALUES | TABLES, max_size=4)
ROWS = st.lists(st.fixed_dictionaries({"description": st.text(max_size=4), "quantity": SCALARS}), min_size=1, max_size=12)
