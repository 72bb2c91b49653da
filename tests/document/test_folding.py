"""One spelling for what is looked for."""

import sys
import unicodedata

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftd_core.document.folding import fold

FORMS = ("NFC", "NFD", "NFKC", "NFKD")
WRITTEN = st.text(st.characters(exclude_categories=["Cs"]), max_size=40)


@pytest.mark.parametrize(("written", "looked_for"), [
    ("Müller", "muller"), ("Mu\u0308ller", "muller"), ("MÜLLER", "muller"), ("muller", "muller"),
    ("Straße", "strasse"), ("STRASSE", "strasse"), ("STRAẞE", "strasse"), ("İstanbul", "istanbul"), ("ISTANBUL", "istanbul"),
    ("ıstanbul", "istanbul"), ("ﬁrma", "firma"),
    ("Ｆｕｌｌ　Ｗｉｄｔｈ", "full width"), ("Łódź", "lodz"), ("Ørsted A/S", "orsted a/s"),
    ("Œuvre", "oeuvre"), ("Ærø", "aero"), ("Đặng", "dang"), ("Þór", "thor"), ("Ελλάς", "ελλασ"), ("Андрей", "андреи"),
    ("F\u201110", "f-10"), ("2026–001", "2026-001"), ("O’Neill", "o'neill"), ("Soft\u00adhyphen", "softhyphen"),
    ("a\u200bb\ufeff", "ab"), ("a\u00a0 b\n", "a b"), ("№ 5", "no 5"), ("①", "1"), ("שָׁלוֹם", "שלום"), ("مُحَمَّد", "محمد"), ("", ""),
])  # fmt: skip
def test_accents_capitals_and_forms_do_not_matter(written, looked_for):
    assert fold(written) == looked_for


@pytest.mark.parametrize(("one", "other"), [
    ("कमल", "कमाल"), ("か", "が"), ("ハ", "パ"), ("กิน", "กน"), ("10", "1 0"), ("O", "0"), ("Müller", "Möller"), ("F-10", "F10"),
])  # fmt: skip
def test_what_makes_another_word_stays(one, other):
    assert fold(one) != fold(other)


@pytest.mark.slow
def test_every_letter_is_folded_once_and_for_all_in_whatever_form_it_is_written():
    letters = (letter for letter in map(chr, range(sys.maxunicode + 1)) if unicodedata.category(letter) not in ("Cn", "Co", "Cs"))
    for letter in letters:
        folded = fold(letter)
        assert fold(folded) == folded
        assert {fold(unicodedata.normalize(form, letter)) for form in FORMS} == {folded}


@given(WRITTEN)
def test_folding_again_changes_nothing(text):
    assert fold(fold(text)) == fold(text)


@given(WRITTEN, st.sampled_from(FORMS))
def test_every_form_of_a_text_is_folded_alike(text, form):
    assert fold(unicodedata.normalize(form, text)) == fold(text)
