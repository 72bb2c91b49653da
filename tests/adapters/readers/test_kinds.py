"""The type of a document by its words and the shape of its lines; a sale is told by evidence only."""

import pytest

from kraftd_core.adapters.readers.common.kinds import Shape, kind_by_words, recognised_kind


@pytest.mark.parametrize(
    "lines, kind",
    [
        (["Method statement", "All piping shall be as per tender drawings and shall be painted."], "other"),
        (["TAX INVOICE", "Invoice No: INV-7", "Date: 3 May 2024", "Subject to change order no. 4", "Total: 500.00"], "invoice"),
        (["INVOICE", "Invoice No: INV-7", "Works as per tender", "Total: 500.00 EUR"], "invoice"),
        (["REQUEST FOR", "PROPOSAL (RFP)", "BAYVIEW-RFP-017-2025", "Suppliers are invited to offer by 1 May"], "rfq"),
        (["E-TENDER NOTICE", "Tender No: LKPS/02/2026", "Last date of submission: 05.05.2026"], "rfq"),
        (["ENQUIRY", "Enquiry No: 4711", "Please quote for the items below by 5 May 2026"], "rfq"),
        (["NOTICE INVITING TENDER", "NIT No. 12"], "rfq"),
        (["Solicitation 47-QS", "Offers due 1 May"], "rfq"),
        (["Appel d'offres ouvert", "Date limite de remise des offres : 5 mai"], "rfq"),
        (["Öffentliche Ausschreibung", "Vergabenummer 12/26"], "rfq"),
        (["Preisanfrage", "Bitte bieten Sie an"], "rfq"),
        (["Leistungsverzeichnis", "Los 1"], "boq"),
        (["DPGF", "Lot 1 VRD"], "boq"),
        (["Détail quantitatif estimatif (DQE)"], "boq"),
        (["SCHEDULE OF RATES"], "boq"),
        (["Price Schedule", "Lot 2"], "boq"),
        (["Mediciones y presupuesto"], "boq"),
        (["PROFORMA INVOICE", "PI No. 7"], "quotation"),
        (["PRESUPUESTO", "Cliente: Ana"], "quotation"),
        (["STATEMENT OF WORK", "SOW-2024-0047"], "contract"),
        (["PURCHASE ORDER", "Payment 30 days after receipt of invoice", "Send the invoice to accounts"], "purchase_order"),
        (["WORK ORDER", "W.O. No. 7"], "purchase_order"),
        (["CORNER SHOP", "Milk 1.20", "TOTAL 1.20", "CASH 2.00", "CHANGE 0.80"], "receipt"),
        (["NOODLE HOUSE", "Pan Mee  RM 8.00", "Egg  RM 3.20", "Total Amount: RM11.20", "Cent Rounding: RM0.00"], "receipt"),
        (["Delivery instructions", "Hand this to the cashier of the gate"], "other"),
    ],
)
def test_titles_and_labels_tell_the_kind(lines, kind):
    assert recognised_kind(lines)[0] == kind


@pytest.mark.parametrize(
    "sentence",
    [
        "The contractor shall raise an invoice after each stage.", "Payment within 45 days of receipt of the material.",
        "Change of scope needs consent.", "Tender drawings apply.", "Prices are subject to change.", "rounding of edges as shown",
    ],
)
def test_a_word_within_a_sentence_is_no_evidence_of_a_sale(sentence):
    assert recognised_kind(["Scope of supply", sentence])[0] not in ("invoice", "receipt")


def test_printed_lines_with_units_and_quantities_are_a_bill():
    lines = ["THERMAL INSULATION", "13 mm insulation for ducts  sq.m  6163", "19 mm insulation  sq.m  576", "50 mm pipe  RM  1"]
    assert recognised_kind(lines) == ("boq", 0.65)


def test_a_figure_after_a_counted_unit_is_a_price():
    lines = ["QUOTATION", "Cable  5 pcs  10.00", "Lamp  2 pcs  7.00", "Rack  1 pcs  9.00"]
    assert recognised_kind(lines)[0] == "quotation"


@pytest.mark.parametrize("kind, title", [("invoice", "INVOICE"), ("purchase_order", "PURCHASE ORDER")])
def test_words_and_lines_that_disagree_leave_the_kind_to_be_asked(kind, title):
    found, sureness = recognised_kind([title], shape=Shape(lines=5, with_unit=5, with_quantity=5))
    assert (found, sureness) == (kind, 0.5)


def test_a_title_beside_the_letterhead_is_one():
    lines = [
        "Brindlewick Fixings Ltd  INVOICE", "Bill to:  Invoice number:  BF-1", "1  Tie  box  12  38.40  460.80",
        "2  Hanger  pcs  180  4.15  747.00", "3  Resin  pcs  36  14.90  563.40",
    ]
    assert recognised_kind(lines)[0] == "invoice"


def test_nothing_speaks_for_a_plain_letter():
    assert recognised_kind(["Dear Ann,", "thank you for the flowers."]) == ("other", None)


@pytest.mark.parametrize("title", ["BID SCHEDULE", "Schedule of Values", "PRESUPUESTO Y MEDICIONES", "Unit Price Form"])
def test_schedules_of_bids_and_measured_budgets_are_bills(title):
    assert kind_by_words([title]) == "boq"
