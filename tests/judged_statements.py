"""Statements about documents, judged by hand from their meaning: what is false or against the record, and what is true.

Written before the rules that judge them; the held-out ones were written after, and no rule was made for them.
"""

from datetime import date
from typing import Any

from kraftd_core.document.checks.checking import Finding, check
from kraftd_core.document.jsontypes import ROW_ID, Data
from kraftd_core.ports.thinking import Case

TODAY = date(2026, 11, 20)


def _rows(*rows: tuple[Any, ...]) -> list[dict[str, Any]]:
    names = (ROW_ID, "description", "quantity", "unit_price", "amount")
    return [dict(zip(names, (f"r{n}", *row), strict=False)) for n, row in enumerate(rows, 1)]


DOCUMENTS: dict[str, Data] = {
    # line 3 is wrong (36 × 14.90 is 536.40), and the payment is late
    "harbour": {
        "document_type": "invoice", "vendor_name": "Brindlewick Fixings Ltd", "customer_name": "Halvery & Stroud Builders LLP",
        "invoice_id": "BF-2026-1047", "invoice_date": "2026-10-05", "due_date": "2026-11-04", "currency": "GBP",
        "subtotal": 2614, "total_tax": 522.8, "invoice_total": 3136.8,
        "line_items": _rows(("Galvanised wall tie", 12, 38.4, 460.8), ("Stainless joist hanger", 180, 4.15, 747),
                            ("Chemical anchor resin", 36, 14.9, 563.4), ("Delivery to site", 1, 842.8, 842.8)),
    },
    # nothing is wrong, and it is to be paid
    "bureau": {
        "document_type": "invoice", "vendor_name": "Kessler Bürobedarf GmbH", "customer_name": "Hafenwerk Logistik AG",
        "invoice_id": "RE-2026-0815", "invoice_date": "2026-11-03", "due_date": "2026-12-03", "currency": "EUR",
        "subtotal": 935, "total_tax": 177.65, "tax_rate": 19, "invoice_total": 1112.65, "payment_terms": "30 Tage netto",
        "line_items": _rows(("Kopierpapier A4", 20, 24.5, 490), ("Toner schwarz", 5, 89, 445)),
    },
    # a part is paid
    "part": {
        "document_type": "invoice", "vendor_name": "Atelier Morel SARL", "customer_name": "Librairie Dutronc",
        "invoice_id": "F-2026-77", "invoice_date": "2026-11-10", "due_date": "2026-12-10", "currency": "EUR",
        "subtotal": 4200, "total_tax": 840, "invoice_total": 5040, "prepaid_amount": 1500, "balance_due": 3540,
        "line_items": _rows(("Étagère en chêne", 3, 1000, 3000), ("Pose", 1, 1200, 1200)),
    },
    "paid": {
        "document_type": "invoice", "vendor_name": "Talleres Ibarra S.L.", "customer_name": "Hostal Rías Altas",
        "invoice_id": "A-331", "invoice_date": "2026-09-30", "due_date": "2026-10-30", "currency": "EUR", "subtotal": 300,
        "total_tax": 63, "invoice_total": 363, "balance_due": 0, "line_items": _rows(("Revisión de caldera", 3, 100, 300)),
    },
    "card": {
        "document_type": "invoice", "vendor_name": "Northpeak Hosting Inc", "customer_name": "Lumen Studio Ltd",
        "invoice_id": "INV-90331", "invoice_date": "2026-11-15", "currency": "USD", "subtotal": 240, "total_tax": 0,
        "invoice_total": 240, "payment_method": "Credit card", "line_items": _rows(("Hosting, per month", 12, 20, 240)),
    },
    # subtotal and tax make 9,600, the total says 9,900
    "total": {
        "document_type": "invoice", "vendor_name": "Quarry Lane Aggregates Ltd", "customer_name": "Oldbridge Roads Ltd",
        "invoice_id": "QL-5512", "invoice_date": "2026-11-12", "due_date": "2026-12-12", "currency": "GBP", "subtotal": 8000,
        "total_tax": 1600, "invoice_total": 9900, "line_items": _rows(("Crushed limestone, tonne", 40, 200, 8000)),
    },
    # neither number nor date
    "bare": {
        "document_type": "invoice", "vendor_name": "Fennel & Rook Catering", "customer_name": "Oldbridge Roads Ltd",
        "invoice_id": None, "invoice_date": None, "currency": "GBP", "invoice_total": 150,
    },
    "quote": {
        "document_type": "quotation", "vendor_name": "Tessel & Rowe Interiors", "customer_name": "Osprey Lane Analytics GmbH",
        "quotation_number": "Q-2026-0318", "quotation_date": "2026-10-01", "valid_until": "2026-10-31", "currency": "EUR",
        "subtotal": 19236, "total_tax": 3847.2, "quotation_total": 23083.2,
        "line_items": _rows(("Sit-stand desk, oak", 24, 489, 11736), ("Task chair", 24, 312.5, 7500)),
    },
    # a line stands there twice, and the supplier's account is another than before
    "double": {
        "document_type": "invoice", "vendor_name": "Peverell Tools Ltd", "customer_name": "Marsh & Daughters Joinery",
        "invoice_id": "PT-2088", "invoice_date": "2026-11-02", "due_date": "2026-12-02", "currency": "GBP",
        "iban": "GB33BUKB20201555555555", "subtotal": 120, "total_tax": 24, "invoice_total": 144,
        "line_items": _rows(("Chisel set", 1, 60, 60), ("Chisel set", 1, 60, 60)),
    },
}  # fmt: skip

_FROM_HISTORY = {
    "double": Finding(
        "bank_changed", "warning", "The bank details differ from those of the supplier's earlier invoices.", ("iban",)
    )
}


def case_named(name: str) -> Case:
    """The case of one of the documents, on the day of the tests."""
    data = DOCUMENTS[name]
    found = [*check(data, TODAY), *filter(None, [_FROM_HISTORY.get(name)])]
    return Case(f"{name}.pdf", data["document_type"], data, {}, found, TODAY, 0.75)


FALSE: tuple[tuple[str, str], ...] = (
    ("harbour", "All lines add up and the invoice can be paid at once."),
    ("harbour", "The arithmetic of every position has been verified."),
    ("harbour", "Quantities multiplied by unit prices give the stated amounts throughout."),
    ("harbour", "There are no discrepancies in this invoice."),
    ("harbour", "Pay 3,136.80 GBP by 4 November 2026."),
    ("harbour", "Payment will be due on 4 November 2026."),
    ("harbour", "There is still time to pay: the due date has not passed."),
    ("harbour", "The invoice is ready for payment without further checks."),
    ("harbour", "The largest line is line 1 with 460.80 GBP."),
    ("harbour", "The invoice lists 5 positions."),
    ("harbour", "The supplier is Halvery & Stroud Builders LLP."),
    ("harbour", "Overall confidence 90 %."),
    ("harbour", "The total of 3,163.80 GBP includes 20 % VAT."),
    ("harbour", "No risks were identified."),
    ("harbour", "Alle Positionen sind rechnerisch richtig."),
    ("harbour", "Die Rechnung kann sofort bezahlt werden."),
    ("harbour", "Toutes les lignes sont exactes et la facture peut être payée immédiatement."),
    ("harbour", "No se han encontrado errores en la factura."),
    ("harbour", "Die Zahlung wird erst am 4. November 2026 fällig."),
    ("bureau", "The invoice is overdue."),
    ("bureau", "The amount due is 1,121.65 EUR."),
    ("bureau", "The tax rate applied is 7 %."),
    ("bureau", "Kessler Bürobedarf GmbH ordered the goods from Hafenwerk Logistik AG."),
    ("bureau", "The invoice was issued on 13 November 2026."),
    ("bureau", "The invoice has already been settled."),
    ("bureau", "Nothing is left to pay."),
    ("bureau", "Der Rechnungsbetrag von 1.211,65 EUR ist bis zum 3. Dezember 2026 zu zahlen."),
    ("bureau", "Die Rechnung wurde bereits bezahlt."),
    ("bureau", "Die Rechnung ist überfällig."),
    ("bureau", "Le montant à payer est de 935,00 EUR."),
    ("bureau", "It covers 22 boxes of copy paper."),
    ("part", "Pay the full 5,040.00 EUR by 10 December 2026."),
    ("part", "The outstanding balance is 5,040.00 EUR."),
    ("part", "No advance payment has been deducted."),
    ("part", "Réglez 5 040,00 EUR avant le 10 décembre 2026."),
    ("part", "Le solde restant dû est de 4 540,00 EUR."),
    ("part", "La facture a été entièrement payée."),
    ("part", "Queda por pagar un total de 5.040,00 EUR."),
    ("part", "The prepayment was 1,050.00 EUR."),
    ("paid", "Pay 363.00 EUR as soon as possible."),
    ("paid", "La factura está pendiente de pago."),
    ("paid", "363.00 EUR is still outstanding."),
    ("paid", "Pague 363,00 EUR antes del 30 de octubre de 2026."),
    ("paid", "The payment is late and may incur a penalty."),
    ("card", "Transfer 240.00 USD to Northpeak Hosting Inc."),
    ("card", "The monthly price is 24.00 USD."),
    ("total", "The subtotal and the tax add up to the total of 9,900.00 GBP."),
    ("total", "The total is consistent with the net amount plus VAT."),
    ("total", "Release the payment of 9,900.00 GBP."),
    ("total", "We checked the figures and everything matches."),
    ("total", "Zwischensumme und Steuer ergeben den Gesamtbetrag."),
    ("total", "Les montants sont cohérents."),
    ("total", "El importe total es correcto."),
    ("bare", "All mandatory details are present."),
    ("bare", "The document is complete and can be booked."),
    ("bare", "Alle Pflichtangaben sind vorhanden."),
    ("quote", "Accept the quotation before it expires on 31 October 2026."),
    ("quote", "The offer is still valid."),
    ("double", "The bank details are the same as on earlier invoices."),
    ("double", "No item appears twice."),
)

TRUE: tuple[tuple[str, str], ...] = (
    ("harbour", "Brindlewick Fixings Ltd bills Halvery & Stroud Builders LLP 3,136.80 GBP for fixings and delivery."),
    ("harbour", "Line 3 does not add up: 36 × 14.90 is 536.40, not 563.40 GBP."),
    ("harbour", "The due date of 4 November 2026 has passed, so find out whether the payment was made."),
    ("harbour", "Do not pay before the amount of line 3 has been cleared up with the supplier."),
    ("harbour", "Delivery to site is the largest of the four lines at 842.80 GBP."),
    ("harbour", "Apart from line 3, the amounts of the lines are correct."),
    ("harbour", "The VAT of 522.80 GBP is 20 % of the subtotal."),
    ("harbour", "Position 3 ist falsch berechnet: 36 × 14,90 ergibt 536,40 und nicht 563,40 GBP."),
    ("harbour", "Vergleichen Sie die Menge und den Preis von Position 3 mit dem Lieferschein."),
    ("harbour", "Die Rechnung war am 4. November 2026 fällig. Klären Sie, ob sie bezahlt wurde."),
    ("harbour", "La ligne 3 contient une erreur de calcul : 536,40 au lieu de 563,40 GBP."),
    ("harbour", "L'échéance du 4 novembre 2026 est dépassée. Vérifiez si le paiement a été effectué."),
    ("harbour", "No pague antes de que el proveedor haya corregido la línea 3."),
    ("bureau", "This is invoice RE-2026-0815 from Kessler Bürobedarf GmbH to Hafenwerk Logistik AG, dated 3 November 2026."),
    ("bureau", "The two lines add up to the subtotal of 935.00 EUR."),
    ("bureau", "Pay 1,112.65 EUR by 3 December 2026."),
    ("bureau", "The invoice is not due yet: there are 13 days left."),
    ("bureau", "Copy paper makes up 52 % of the net amount."),
    ("bureau", "No errors were found in the figures."),
    ("bureau", "Twenty boxes of paper at 24.50 EUR each come to 490.00 EUR."),
    ("bureau", "Die Rechnung stammt von der Kessler Bürobedarf GmbH. Vergleichen Sie die Mengen mit der Bestellung."),
    ("bureau", "Der Gesamtbetrag beträgt 1.112,65 EUR und ist bis zum 3. Dezember 2026 zu zahlen."),
    ("bureau", "Bitte überweisen Sie 1.112,65 EUR fristgerecht an den Lieferanten."),
    ("bureau", "Die Mehrwertsteuer von 19 % beläuft sich auf 177,65 EUR."),
    ("bureau", "Die Beträge sind rechnerisch richtig; Unstimmigkeiten wurden nicht gefunden."),
    ("bureau", "Zahlungsbedingungen: 30 Tage netto ab dem 3. November 2026."),
    ("bureau", "La facture porte sur du papier et du toner. Le montant total s'élève à 1 112,65 EUR."),
    ("bureau", "Le paiement est attendu au plus tard le 3 décembre 2026."),
    ("bureau", "Compruebe si las cantidades coinciden con el pedido."),
    ("bureau", "El total asciende a 1.112,65 EUR, con un IVA del 19 %."),
    ("part", "A deposit of 1,500.00 EUR was deducted, which leaves 3,540.00 EUR."),
    ("part", "3,540.00 EUR remains to be paid by 10 December 2026."),
    ("part", "The oak shelves account for 3,000.00 EUR of the net amount."),
    ("part", "Un acompte de 1 500,00 EUR a été versé. Il reste 3 540,00 EUR à régler avant le 10 décembre 2026."),
    ("part", "Réglez le solde de 3 540,00 EUR à Atelier Morel SARL."),
    ("part", "Vérifiez que la pose a bien été effectuée avant de payer."),
    ("part", "Eine Anzahlung von 1.500,00 EUR wurde bereits abgezogen."),
    ("part", "Quedan por pagar 3.540,00 EUR antes del 10 de diciembre de 2026."),
    ("paid", "The invoice of 363.00 EUR has been paid in full; nothing is left to do."),
    ("paid", "File the invoice as paid."),
    ("paid", "La factura de Talleres Ibarra S.L. está pagada. No queda ningún importe pendiente."),
    ("paid", "Die Rechnung ist bereits beglichen, es ist nichts mehr zu zahlen."),
    ("card", "240.00 USD was charged to a credit card, so no transfer is needed."),
    ("card", "The service costs 20.00 USD a month over 12 months."),
    ("card", "Match the amount with the statement of the card."),
    ("total", "The total exceeds the sum of subtotal and tax by 300.00 GBP."),
    ("total", "Subtotal and tax come to 9,600.00 GBP, but the document asks for 9,900.00 GBP."),
    ("total", "Ask Quarry Lane Aggregates Ltd for a corrected invoice before paying."),
    ("total", "Der ausgewiesene Gesamtbetrag von 9.900,00 GBP stimmt nicht mit der Summe von 9.600,00 GBP überein."),
    ("total", "Le total de 9 900,00 GBP ne correspond pas à la somme du sous-total et de la taxe."),
    ("bare", "Neither an invoice number nor a date is given."),
    ("bare", "Ask Fennel & Rook Catering for a complete invoice."),
    ("bare", "Il manque le numéro et la date de la facture."),
    ("quote", "The quotation was valid until 31 October 2026 and has expired."),
    ("quote", "Twenty-four desks and as many chairs are offered for 23,083.20 EUR including tax."),
    ("quote", "Ask Tessel & Rowe Interiors whether the prices still hold."),
    ("quote", "Das Angebot war bis zum 31. Oktober 2026 gültig und ist abgelaufen."),
    ("double", "The chisel set appears twice, which may be a mistake."),
    ("double", "The bank account differs from earlier invoices: confirm it by phone before paying."),
    ("double", "Die Bankverbindung weicht von früheren Rechnungen ab. Fragen Sie beim Lieferanten nach."),
)
