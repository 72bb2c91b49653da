"""Names of uploads: what is kept of them."""

import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftd_core.document.filenames import clean_name


@pytest.mark.parametrize(
    ("given_name", "kept"),
    [
        ("invoice.pdf", "invoice.pdf"),
        ("../../../../evil.csv", "evil.csv"),
        ("C:\\Users\\me\\offer.docx", "offer.docx"),
        ("invoice_\u202efdp.exe.pdf", "invoice_fdp.exe.pdf"),
        ("a\x00b\r\n.pdf", "ab.pdf"),
        ("  two   words .pdf", "two words .pdf"),
        ("Rechnung Nr. 5 – März.pdf", "Rechnung Nr. 5 – März.pdf"),
        ("請求書.pdf", "請求書.pdf"),
        ("", "document"),
        ("..", "document"),
        ("dir/", "document"),
        ("\u202e", "document"),
        ("con.pdf", "_con.pdf"),
        ('a<b>:"c|?*.csv', "a_b___c___.csv"),
    ],
)
def test_a_name_keeps_its_last_part_without_what_could_mislead(given_name, kept):
    assert clean_name(given_name) == kept


def test_a_long_name_is_cut_but_keeps_its_ending():
    name = clean_name("x" * 300 + ".xlsx")
    assert len(name) == 120
    assert name.endswith("x.xlsx")


@given(st.text())
def test_any_text_gives_a_short_name_without_separators_and_cleaning_it_again_changes_nothing(text):
    name = clean_name(text)
    assert 0 < len(name) <= 121
    assert not set(name) & set('/\\\x00<>:"|?*')
    assert all(unicodedata.category(c) not in ("Cc", "Cf", "Cs") for c in name)
    assert clean_name(name) == name
