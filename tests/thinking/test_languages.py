"""The language of a text, and what follows from it."""

import pytest
from judged_statements import case_named

from kraftd_core.thinking.grounding.claims import claims_in
from kraftd_core.thinking.grounding.grounding import ground_text
from kraftd_core.thinking.grounding.names import Name
from kraftd_core.thinking.languages import language_of


@pytest.mark.parametrize(("text", "language"), [
    ("The invoice is due on 3 December.", "en"), ("Die Rechnung ist am 3. Dezember fällig.", "de"),
    ("La facture est payable le 3 décembre.", "fr"), ("La factura vence el 3 de diciembre.", "es"),
    ("Il totale della fattura è di 671,15 EUR entro il 3 dicembre.", "other"), ("请隐藏货币并把总额标红色加粗显示出来", "other"),
    ("Faktura została wystawiona przez dostawcę i należy ją zapłacić do 3 grudnia.", "other"), ("671.15 EUR", "en"), ("", "en"),
])  # fmt: skip
def test_a_text_tells_its_language_by_its_small_words(text, language):
    assert language_of(text) == language


def test_what_does_not_tell_is_in_the_language_of_the_rest():
    assert language_of("Zahlungsbedingungen: 30 %", "de") == "de"


def names(text, language):
    return [claim.text for claim in claims_in(text, language) if isinstance(claim, Name)]


@pytest.mark.parametrize(("text", "language", "found"), [
    ("Die Rechnung stammt von der Kessler GmbH. Vergleichen Sie die Mengen.", "de", ["Kessler GmbH"]),
    ("Vergleichen Sie Mengen und Preise mit dem Lieferschein.", "de", []),
    ("Der Lieferant ist Globex.", "de", ["Globex"]), ("Bitte Herrn Max Ungerer fragen.", "de", ["Herrn Max Ungerer"]),
    ("Réglez Atelier Morel SARL. Vérifiez la TVA.", "fr", ["Atelier Morel SARL"]),
    ("Pague a Talleres Ibarra S.L. antes de enero.", "es", ["Talleres Ibarra S.L"]),
    ("Smith & Co. KG bills J. Miller. Pay Globex.", "en", ["Smith & Co. KG", "J. Miller", "Globex"]),
])  # fmt: skip
def test_names_are_told_from_ordinary_words_and_never_joined_over_a_full_stop(text, language, found):
    assert names(text, language) == found


def test_what_cannot_be_judged_is_said_once_and_its_figures_are_still_looked_up():
    text = "Il totale della fattura è di 999,99 EUR.\nPagare entro il 3 dicembre alla Ditta Rossi."
    said = ground_text(text, case_named("bureau"))
    assert said.language == "other"
    assert said.not_checked is not None and "only its figures" in said.not_checked
    assert said.statements[0].not_found == ["999,99"]
    assert said.statements[1].not_found == [] and said.contradictions == []


def test_a_text_in_a_known_language_leaves_nothing_unsaid():
    said = ground_text("Die Rechnung beträgt 1.112,65 EUR.", case_named("bureau"))
    assert (said.language, said.not_checked) == ("de", None)
