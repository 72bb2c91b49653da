"""What a field or a column holds, by its name in four languages and by its values."""

import pytest

from kraftd_core.document.value_kinds import ValueKind, currency_named, is_price, judged, may_be_money

FIGURE = [1250.0]


@pytest.mark.parametrize("name", [
    "amount", "unit_price", "unitPrice", "Unit price", "invoice_total", "subtotal", "total_tax", "amount_due", "balance_due",
    "total_due",
    "price_per_kg", "cost_of_goods", "net_amount", "gross", "net", "line total", "item_total", "hourly_rate",
    "contract_value", "shipping", "icms_value", "provisional_sums",
    "delivery_charge", "account_balance", "tax_amount", "total_discount", "total_incl_vat", "Einzelpreis", "Gesamtbetrag",
    "Nettobetrag",
    "Versandkosten", "Stundensatz", "Preis pro Stück", "Auftragswert", "Gebühren", "prix_unitaire", "montant_total",
    "Montant TVA", "coût",
    "frais de port", "total_ttc", "precio_unitario", "importe", "importe_total", "base_imponible", "gastos_de_envío",
    "amount_usd",
])  # fmt: skip
def test_what_a_name_calls_an_amount_is_money(name):
    assert judged(name, FIGURE) is ValueKind.MONEY
    assert may_be_money(name)


@pytest.mark.parametrize("name", [
    "net_weight", "gross weight", "total_weight", "discount_days", "total_quantity", "number_of_items", "total_pages",
    "no_of_days",
    "Nettogewicht", "Bruttogewicht", "Skontotage", "Gesamtmenge", "Stückzahl", "poids_net", "poids brut total",
    "nombre de jours",
    "peso_neto", "cantidad_total", "weight_kg", "net_weight_lbs", "total_hours", "price_months",
])  # fmt: skip
def test_a_quantity_is_no_money_whatever_else_its_name_says(name):
    assert judged(name, FIGURE) is ValueKind.QUANTITY
    assert not may_be_money(name)


@pytest.mark.parametrize("name", [
    "invoice_number", "invoice_id", "cost_centre", "cost center", "costCenter", "Kostenstelle", "centre_de_coût",
    "centro_de_coste",
    "tax_id", "vat_number", "account", "account_number", "phone", "fax", "postcode", "zip", "gtin", "ean", "price_code",
    "discount_code",
    "Rechnungsnummer", "Kunden-Nr.", "Sachkonto", "PLZ", "Steuernummer", "Telefon", "numéro_de_facture", "numéro TVA",
    "code_postal",
    "référence", "n_compte", "número_de_cuenta", "código_postal", "teléfono", "fiscal_year", "tax_year", "batch", "article",
    "position",
])  # fmt: skip
@pytest.mark.parametrize("values", [FIGURE, ["2026-03-15"], [4100]])
def test_an_identifier_is_neither_money_nor_a_figure_nor_a_day(name, values):
    assert judged(name, values) is ValueKind.CODE


@pytest.mark.parametrize("name", ["tax_rate", "vat_rate", "discount_percent", "discount %", "Steuersatz",
    "Rabatt in Prozent", "taux_tva",
                                  "taux de remise", "tasa_iva", "porcentaje_descuento"])  # fmt: skip
def test_a_share_is_no_money(name):
    assert judged(name, [19]) is ValueKind.PERCENT


@pytest.mark.parametrize("name", [
    "tax", "vat", "discount", "MwSt", "Rabatt", "TVA", "remise", "IVA", "descuento", "surcharge", "igst", "hst", "ipi", "tds",
    "contingency", "taxable",
])  # fmt: skip
def test_a_name_for_an_amount_or_a_rate_means_amounts_only_where_a_value_is_no_rate(name):
    assert judged(name, [19, 7.0, None]) is ValueKind.PLAIN
    assert judged(name, [182.18, 7.0]) is ValueKind.MONEY
    assert may_be_money(name), "who is to see no prices does not see it either"


@pytest.mark.parametrize("name", ["exchange_rate", "value", "measured_value", "Messwert", "depot", "room", "charge",
    "Charge", "rating"])
def test_what_nobody_can_be_sure_of_is_plain(name):
    assert judged(name, [4711]) is ValueKind.PLAIN


@pytest.mark.parametrize("name", ["due_date", "invoice_date", "Rechnungsdatum", "Liefertermin", "date_de_facture", "fecha",
    "valid_until",
                                  "valid_from", "price_date", "échéance", "value_date"])  # fmt: skip
def test_a_day_is_known_by_its_name(name):
    assert judged(name, ["2026-03-15"]) is ValueKind.DATE


def test_days_are_known_by_themselves_under_a_name_that_says_nothing():
    assert judged("started", ["2026-03-15", None, "2026-04-01"]) is ValueKind.DATE
    assert judged("started", ["2026-03-15", "soon"]) is ValueKind.PLAIN
    assert judged("started", ["2026-02-30"]) is ValueKind.PLAIN
    assert judged("started", []) is ValueKind.PLAIN
    assert judged("notes", ["2026-03-15"]) is ValueKind.TEXT
    assert judged("paid", ["2026-03-15"]) is judged("due", ["2026-03-15"]) is ValueKind.DATE


@pytest.mark.parametrize(("name", "kind"), [
    ("Preis/Einheit", "money"), ("N° TVA", "code"), ("Nº factura", "code"), ("Qté", "quantity"), ("Nb colis", "quantity"),
    ("gross_margin", "plain"), ("cost_object", "code"), ("Tipo IVA", "text"), ("Stundenlohn", "money"), ("down_payment", "money"),
    ("payment_days", "quantity"), ("USt-IdNr", "code"), ("MwSt-Betrag", "money"), ("MwSt %", "percent"), ("C.P.", "plain"),
])  # fmt: skip
def test_names_as_forms_print_them_are_read_too(name, kind):
    assert judged(name, [1250.0]) == kind


@pytest.mark.parametrize("name", ["unit", "price_unit", "cost_type", "price_list", "amount_in_words", "payment_terms"])
def test_what_describes_an_amount_is_none(name):
    assert judged(name, [5]) is ValueKind.TEXT


@pytest.mark.parametrize(("name", "currency"), [
    ("amount_usd", "USD"), ("Betrag EUR", "EUR"), ("eur_total_net", "EUR"), ("price_jpy", "JPY"), ("amount", None),
    ("cad_cost", None), ("total_in_dollars", "USD"),
])  # fmt: skip
def test_a_name_may_say_its_currency(name, currency):
    assert currency_named(name) == currency


def test_a_price_of_a_piece_is_told_from_an_amount():
    assert is_price("unit_price") and is_price("Einzelpreis") and is_price("prix unitaire") and is_price("hourly_rate")
    assert not is_price("amount") and not is_price("invoice_total")
