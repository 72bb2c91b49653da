"""Business documents of issuers that do not exist, in many layouts and six languages, each with its truth: for measuring
what the page reader makes of issuers that it was not tuned on. Two rounds, with different words and different layouts."""

# ruff: noqa: E501 (lists of words are looked through more easily unbroken)

import datetime
import io
import random
from dataclasses import dataclass, field
from typing import Any

LANGUAGES = ("en", "de", "fr", "nl", "es", "it")
# Of each list, round 1 uses the entries at even places and round 2 those at odd places.
WORDS: dict[str, dict[str, list[str]]] = {
    "en": {
        "title": ["Invoice", "TAX INVOICE", "INVOICE", "Sales Invoice"], "credit": ["Credit Note", "CREDIT MEMO"],
        "order": ["Purchase Order", "PURCHASE ORDER"],
        "number": ["Invoice No.", "Invoice Number", "Invoice #", "Invoice ID", "Document number", "Our invoice no."],
        "credit_number": ["Credit Note No.", "Credit memo number"], "order_number": ["PO Number", "Purchase Order No."],
        "date": ["Invoice Date", "Date", "Date of issue", "Issued on", "Tax point date", "Billing date"],
        "due": ["Due Date", "Payment due", "Please pay by", "Due", "Pay before", "Payable by"],
        "customer": ["Bill To", "Sold to", "Invoice to", "Billed to", "Customer", "Client"],
        "vendor": ["From", "Seller", "Supplier", "Sold by"], "ship": ["Ship To", "Deliver to"],
        "net": ["Subtotal", "Net amount", "Sub-total", "Total excl. VAT", "Amount before tax", "Total net"],
        "tax": ["VAT", "Sales tax", "Tax", "VAT amount", "Total VAT"],
        "total": ["Total", "Amount due", "Grand total", "Invoice total", "Total incl. VAT", "Total payable"],
        "noise": ["Customer No.", "Account number", "Order No.", "Your PO", "Delivery note", "Despatch no.", "VAT Reg No.", "Company No."],
        "head": ["Description|Qty|Unit price|Amount", "Item|Quantity|Price|Total"], "paid": ["Paid", "Deposit received"],
        "discount": ["Discount", "Less discount"], "terms": ["Payment within 30 days.", "Terms: net 30 days from invoice date"],
        "sentence": ["Invoice {n} dated {d}"], "phone": ["Tel", "Phone"], "delivered": ["Delivery date", "Date of supply"],
    },
    "de": {
        "title": ["Rechnung", "RECHNUNG", "Faktura", "Ausgangsrechnung"], "credit": ["Gutschrift", "Rechnungskorrektur"],
        "order": ["Bestellung", "BESTELLUNG"],
        "number": ["Rechnungs-Nr.", "Rechnungsnummer", "Rechnung Nr.", "Re.-Nr.", "Belegnummer", "Rg.-Nr."],
        "credit_number": ["Gutschrift-Nr.", "Gutschriftsnummer"], "order_number": ["Bestellnummer", "Bestell-Nr."],
        "date": ["Rechnungsdatum", "Datum", "Belegdatum", "Rechnung vom", "Ausstellungsdatum", "Rechnungs-Datum"],
        "due": ["Fällig am", "Fälligkeitsdatum", "Zahlbar bis", "Zahlungsziel", "Fälligkeit", "Zahlbar bis zum"],
        "customer": ["Rechnungsempfänger", "Kunde", "Rechnung an", "Rechnungsanschrift", "Käufer", "Auftraggeber"],
        "vendor": ["Verkäufer", "Lieferant", "Rechnungssteller", "Leistungserbringer"], "ship": ["Lieferanschrift", "Lieferadresse"],
        "net": ["Nettobetrag", "Zwischensumme", "Summe netto", "Gesamt netto", "Warenwert", "Netto"],
        "tax": ["MwSt.", "USt.", "Umsatzsteuer", "Mehrwertsteuer", "zzgl. MwSt."],
        "total": ["Gesamtbetrag", "Rechnungsbetrag", "Summe brutto", "Bruttobetrag", "Endbetrag", "Zu zahlender Betrag"],
        "noise": ["Kundennummer", "Kunden-Nr.", "Auftrags-Nr.", "Ihre Bestellung", "Lieferschein-Nr.", "Lieferschein", "USt-IdNr.", "Steuernummer"],
        "head": ["Bezeichnung|Menge|Einzelpreis|Gesamtpreis", "Artikel|Anzahl|E-Preis|Betrag"], "paid": ["Bereits bezahlt", "Anzahlung"],
        "discount": ["Rabatt", "abzgl. Nachlass"], "terms": ["Zahlbar innerhalb von 30 Tagen ohne Abzug.", "Zahlungsziel 14 Tage netto"],
        "sentence": ["Rechnung Nr. {n} vom {d}"], "phone": ["Tel.", "Telefon"], "delivered": ["Lieferdatum", "Leistungsdatum"],
    },
    "fr": {
        "title": ["Facture", "FACTURE", "Facture de vente", "FACTURE CLIENT"], "credit": ["Avoir", "Note de crédit"],
        "order": ["Bon de commande", "BON DE COMMANDE"],
        "number": ["Facture n°", "Numéro de facture", "N° de facture", "N° facture", "Facture No", "Numéro"],
        "credit_number": ["Avoir n°", "N° d'avoir"], "order_number": ["Commande n°", "N° de commande"],
        "date": ["Date de facture", "Date", "Date de facturation", "Date d'émission", "Émise le", "Date de la facture"],
        "due": ["Date d'échéance", "Échéance", "À régler avant le", "Échéance le", "Date limite de paiement", "Payable le"],
        "customer": ["Facturé à", "Client", "Adresse de facturation", "Destinataire", "Acheteur", "Facturer à"],
        "vendor": ["Vendeur", "Émetteur", "Fournisseur", "De"], "ship": ["Adresse de livraison", "Livré à"],
        "net": ["Total HT", "Montant HT", "Sous-total HT", "Total hors taxes", "Total net HT", "Base HT"],
        "tax": ["TVA", "Total TVA", "Montant TVA", "T.V.A."],
        "total": ["Total TTC", "Net à payer", "Montant TTC", "Total à payer", "Montant total TTC", "Total général TTC"],
        "noise": ["N° client", "Code client", "Votre commande", "Réf. commande", "Bon de livraison", "N° BL", "N° TVA", "SIRET"],
        "head": ["Désignation|Quantité|Prix unitaire HT|Montant HT", "Description|Qté|P.U. HT|Total HT"], "paid": ["Acompte versé", "Déjà réglé"],
        "discount": ["Remise", "Remise commerciale"], "terms": ["Paiement à 30 jours.", "Règlement sous 30 jours fin de mois"],
        "sentence": ["Facture n° {n} du {d}"], "phone": ["Tél.", "Téléphone"], "delivered": ["Date de livraison", "Livré le"],
    },
    "nl": {
        "title": ["Factuur", "FACTUUR"], "credit": ["Creditnota", "Creditfactuur"], "order": ["Inkooporder", "Bestelling"],
        "number": ["Factuurnummer", "Factuurnr.", "Factuur nr.", "Factuurnummer"],
        "credit_number": ["Creditnotanummer", "Creditfactuurnummer"], "order_number": ["Ordernummer", "Bestelnummer"],
        "date": ["Factuurdatum", "Datum", "Datum factuur", "Factuurdatum"],
        "due": ["Vervaldatum", "Uiterste betaaldatum", "Te betalen voor", "Betalen voor"],
        "customer": ["Factuur aan", "Klant", "Factuuradres", "Afnemer"], "vendor": ["Leverancier", "Verkoper"], "ship": ["Afleveradres", "Leveradres"],
        "net": ["Subtotaal", "Totaal excl. btw", "Bedrag excl. BTW", "Netto"], "tax": ["BTW", "btw-bedrag"],
        "total": ["Totaal", "Totaal incl. btw", "Te betalen", "Factuurbedrag"],
        "noise": ["Klantnummer", "Debiteurnr.", "Ordernummer", "Uw referentie", "Pakbon", "Paklijst", "BTW-nummer", "KvK"],
        "head": ["Omschrijving|Aantal|Prijs|Bedrag", "Artikel|Aantal|Stukprijs|Totaal"], "paid": ["Reeds betaald", "Aanbetaling"],
        "discount": ["Korting", "Korting"], "terms": ["Betaling binnen 30 dagen.", "Betalingstermijn 14 dagen"],
        "sentence": ["Factuur {n} van {d}"], "phone": ["Tel.", "Telefoon"], "delivered": ["Leverdatum", "Leverdatum"],
    },
    "es": {
        "title": ["Factura", "FACTURA"], "credit": ["Factura rectificativa", "Nota de crédito"], "order": ["Orden de compra", "Pedido de compra"],
        "number": ["Factura n.º", "Número de factura", "Nº factura", "Factura Nº"],
        "credit_number": ["Número de abono", "Nº de nota de crédito"], "order_number": ["Nº de pedido", "Número de pedido"],
        "date": ["Fecha de factura", "Fecha", "Fecha de emisión", "Fecha factura"],
        "due": ["Vencimiento", "Fecha de vencimiento", "Fecha límite de pago", "Vence el"],
        "customer": ["Cliente", "Facturar a", "Datos del cliente", "Destinatario"], "vendor": ["Emisor", "Proveedor"], "ship": ["Enviar a", "Dirección de entrega"],
        "net": ["Base imponible", "Subtotal", "Total neto", "Importe neto"], "tax": ["IVA", "Cuota IVA", "Total IVA"],
        "total": ["Total factura", "Total a pagar", "Importe total", "TOTAL"],
        "noise": ["Nº cliente", "Código cliente", "Su pedido", "Nº pedido", "Albarán", "Nº albarán", "NIF", "CIF"],
        "head": ["Descripción|Cantidad|Precio unitario|Importe", "Concepto|Uds.|Precio|Total"], "paid": ["Pagado", "Anticipo"],
        "discount": ["Descuento", "Dto."], "terms": ["Pago a 30 días.", "Condiciones: 30 días fecha factura"],
        "sentence": ["Factura {n} de fecha {d}"], "phone": ["Tel.", "Teléfono"], "delivered": ["Fecha de entrega", "Fecha entrega"],
    },
    "it": {
        "title": ["Fattura", "FATTURA"], "credit": ["Nota di credito", "NOTA DI CREDITO"], "order": ["Ordine di acquisto", "Ordine d'acquisto"],
        "number": ["Fattura n.", "Numero fattura", "N. fattura", "Fattura nr."],
        "credit_number": ["Nota di credito n.", "Numero nota di credito"], "order_number": ["Ordine n.", "Numero ordine"],
        "date": ["Data fattura", "Data", "Data emissione", "Data documento"],
        "due": ["Scadenza", "Data scadenza", "Scadenza pagamento", "Da pagare entro"],
        "customer": ["Cliente", "Destinatario", "Intestatario", "Spett.le"], "vendor": ["Fornitore", "Cedente"], "ship": ["Luogo di consegna", "Destinazione merce"],
        "net": ["Imponibile", "Totale imponibile", "Totale netto", "Subtotale"], "tax": ["IVA", "Totale IVA", "Imposta"],
        "total": ["Totale fattura", "Totale documento", "Totale da pagare", "Totale"],
        "noise": ["Codice cliente", "Cod. cliente", "Vs. ordine", "Rif. ordine", "DDT n.", "Bolla n.", "P. IVA", "Codice fiscale"],
        "head": ["Descrizione|Quantità|Prezzo unitario|Importo", "Articolo|Q.tà|Prezzo|Totale"], "paid": ["Acconto", "Già pagato"],
        "discount": ["Sconto", "Sconto"], "terms": ["Pagamento a 30 giorni.", "Bonifico 30 gg data fattura"],
        "sentence": ["Fattura n. {n} del {d}"], "phone": ["Tel.", "Telefono"], "delivered": ["Data consegna", "Data consegna"],
    },
}
COMPANIES = {
    "en": ["Harrow & Finch Ltd", "Bluewater Logistics LLC", "Pinecrest Tools Inc.", "Merton Catering Limited", "The Copper Kettle", "Oakline Joinery plc"],
    "de": ["Feldmann Gerätebau GmbH", "Schreinerei Brunner e.K.", "Alpstein Handels AG", "Kessler & Söhne GmbH & Co. KG", "Malerbetrieb Jonas Reuter", "Havelland Medien UG"],
    "fr": ["Atelier Durance SARL", "Vignobles du Lac SAS", "Imprimerie Morel SA", "Électricité Garnier EURL", "Boulangerie Perrin", "Transports Ligier SAS"],
    "nl": ["Van den Berg Techniek B.V.", "De Vries Groothandel BV", "Kade Ontwerp V.O.F.", "Noorderzon Advies B.V."],
    "es": ["Talleres Ibarra S.L.", "Suministros Levante S.A.", "Carpintería Molina SL", "Gráficas Duero S.L.U."],
    "it": ["Officine Bellandi S.r.l.", "Ceramiche Rota S.p.A.", "Studio Marchetti", "Trasporti Alba Srl"],
}
PLACES = {
    "en": [("14 Quay Street", "Bristol BS1 4DJ"), ("902 Lakeview Drive", "Madison, WI 53703")],
    "de": [("Gartenstraße 12", "50667 Köln"), ("Am Bahnhof 3a", "89073 Ulm")],
    "fr": [("8 rue des Tanneurs", "69005 Lyon"), ("27, avenue Foch", "54000 Nancy")],
    "nl": [("Keizersgracht 112", "1015 CV Amsterdam"), ("Havenweg 9", "3011 AB Rotterdam")],
    "es": [("Calle Mayor 21", "28013 Madrid"), ("Av. del Puerto 5", "46021 Valencia")],
    "it": [("Via Garibaldi 44", "20121 Milano"), ("Corso Francia 7", "10143 Torino")],
}
ITEMS = {
    "en": ["Oak shelf 80 cm", "Installation work", "Filter cartridge type B"], "de": ["Montageplatte 40 x 60", "Arbeitszeit Techniker", "Kabelsatz lang"],
    "fr": ["Lampe de bureau", "Prestation de conseil", "Câble réseau 5 m"], "nl": ["Bureaulamp zwart", "Montage uren", "Kabelset lang"],
    "es": ["Lámpara de mesa", "Horas de montaje", "Cable de red 5 m"], "it": ["Lampada da tavolo", "Ore di montaggio", "Cavo di rete 5 m"],
}
MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "nl": "januari februari maart april mei juni juli augustus september oktober november december",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
}
NUMBERS = {"en": ["1,234.56"], "de": ["1.234,56", "1.234,56", "1'234.56"], "fr": ["1 234,56"], "nl": ["1.234,56"], "es": ["1.234,56"], "it": ["1.234,56", "1'234,56"]}
RATES = {"en": 20, "de": 19, "fr": 20, "nl": 21, "es": 21, "it": 22}


@dataclass
class Sheet:
    """A page being drawn; y counts from the top."""

    canvas: Any
    font: str = "Helvetica"

    def text(self, x: float, y: float, text: str, size: float = 9.5, bold: bool = False, right: bool = False) -> None:
        name = {"Times-Roman": "Times-Bold"}.get(self.font, f"{self.font}-Bold") if bold else self.font
        self.canvas.setFont(name, size)
        (self.canvas.drawRightString if right else self.canvas.drawString)(x, 842 - y, text)

    def stack(self, x: float, y: float, lines: list[str], size: float = 9.5, step: float = 12.5) -> float:
        for line in lines:
            self.text(x, y, line, size)
            y += step
        return y


@dataclass
class Case:
    """One document's facts, words and writing habits."""

    chance: random.Random
    round: int
    language: str
    kind: str
    truth: dict[str, Any] = field(default_factory=dict)
    cents: dict[str, int] = field(default_factory=dict)

    def word(self, what: str) -> str:
        return self.chance.choice(self.half(WORDS[self.language][what]))

    def half(self, choices: list[Any]) -> list[Any]:
        return choices[self.round - 1 :: 2] or choices

    def money(self, cents: int, bare: bool = False) -> str:
        sign, whole, rest = "-" if cents < 0 else "", f"{abs(cents) // 100:,}", f"{abs(cents) % 100:02}"
        thousands, decimal = self.style[1], self.style[-3]
        text = f"{sign}{whole.replace(',', thousands)}{decimal}{rest}"
        return text if bare else self.mark.format(text)

    def day(self, date: datetime.date) -> str:
        month = MONTHS[self.language].split()[date.month - 1]
        return self.date_style.format(d=date, month=month, short=month[:3], dd=date.day, mm=date.month, yy=date.year % 100, yyyy=date.year)


def made(seed: int, round: int = 1) -> tuple[bytes, dict[str, Any]]:
    """A PDF and its truth; the same seed and round give the same."""
    from reportlab.pdfgen.canvas import Canvas

    case = _case(seed, round)
    out = io.BytesIO()
    canvas = Canvas(out, pagesize=(595, 842), invariant=1)
    sheet = Sheet(canvas, case.chance.choice(["Helvetica", "Helvetica", "Times-Roman", "Courier" if case.language == "en" else "Helvetica"]))
    (_first_layout if round == 1 else _second_layout)(case, sheet)
    canvas.save()
    return out.getvalue(), case.truth


def _case(seed: int, round: int) -> Case:
    chance = random.Random(f"{round}/{seed}")
    language = LANGUAGES[seed % 6] if chance.random() < 0.6 else chance.choice(["en", "de", "fr"])
    case = Case(chance, round, language, chance.choices(["invoice", "credit", "order"], [8, 1, 1])[0])
    case.style = chance.choice(NUMBERS[language])
    currency = chance.choice(["EUR", "EUR", "GBP", "USD"] if language == "en" else ["EUR", "EUR", "EUR", "CHF"])
    case.currency = currency if case.style != "1'234.56" else "CHF"
    symbol = {"EUR": "€", "GBP": "£", "USD": "$", "CHF": "CHF"}[case.currency]
    before, after = (symbol + "{}", symbol + " {}"), ("{} " + symbol, "{} " + case.currency, case.currency + " {}")
    case.mark = chance.choice([*before, case.currency + " {}"] if language == "en" else [*after, "{}"])
    case.date_style = chance.choice(
        ["{dd} {month} {yyyy}", "{month} {dd}, {yyyy}", "{d:%d/%m/%Y}", "{d:%Y-%m-%d}", "{dd}-{short}-{yyyy}", "{short} {dd}, {yyyy}"]
        if language == "en" else
        {"de": ["{d:%d.%m.%Y}", "{dd}. {month} {yyyy}", "{d:%d.%m.%y}"]}.get(language, ["{d:%d/%m/%Y}", "{dd} {month} {yyyy}", "{d:%d-%m-%Y}"])
    )
    _facts(case)
    return case


def _facts(case: Case) -> None:
    chance, language = case.chance, case.language
    vendor, customer = chance.sample(case.half(COMPANIES[language]), 1) + chance.sample(COMPANIES[language], 1)
    while customer == vendor:
        customer = chance.choice(COMPANIES[language] + COMPANIES["de"])
    date = datetime.date(2021, 1, 1) + datetime.timedelta(days=chance.randrange(1500))
    if case.date_style == "{d:%d/%m/%Y}" and language == "en" and date.day <= 12:
        date = date.replace(day=date.day + 13)
    due = date + datetime.timedelta(days=chance.choice([14, 30]))
    if case.date_style == "{d:%d/%m/%Y}" and language == "en" and due.day <= 12:
        due = due.replace(day=due.day + 13)
    n = chance.randrange(100, 9999)
    number = chance.choice([f"{date.year}-{n:04}", f"RE{n:05}", f"INV-{n}", f"{n}", f"{date.year}/{n}", f"F{date.year}{n:05}", f"{n}-{chance.randrange(10, 99)}A"])
    lines, net = [], 0
    for text in ITEMS[language][: chance.randrange(1, 4)]:
        quantity, price = chance.randrange(1, 12), chance.randrange(500, 90000)
        lines.append((text, quantity, price, quantity * price))
        net += quantity * price
    case.discount = -(net // 20) if chance.random() < 0.15 else 0
    net += case.discount
    split = chance.random() < 0.2 and len(lines) > 1
    low = lines[-1][3] if split and not case.discount else 0
    case.rates = [(RATES[language], net - low)] + ([(7, low)] if low else [])
    case.taxes = [(rate, base, (base * rate + 50) // 100) for rate, base in case.rates]
    tax = sum(each for *_, each in case.taxes)
    case.paid = chance.randrange(100, net) if chance.random() < 0.1 and case.kind == "invoice" else 0
    case.lines, case.net, case.tax, case.total, case.number, case.date, case.due = lines, net, tax, net + tax, number, date, due
    case.vendor, case.customer = vendor, customer
    case.has_due = chance.random() < 0.6 and case.kind == "invoice"
    case.place, case.other_place = chance.choice(PLACES[language]), chance.choice(PLACES[language])
    case.truth = {
        "doc_type": "purchase_order" if case.kind == "order" else "invoice", "vendor_name": vendor, "customer_name": customer,
        "invoice_id": number, "invoice_date": date.isoformat(), "due_date": due.isoformat() if case.has_due else None,
        "currency": case.currency, "subtotal": net / 100, "total_tax": tax / 100, "invoice_total": (net + tax) / 100,
        "line_items": [{"description": t, "quantity": q, "unit_price": p / 100, "amount": a / 100} for t, q, p, a in lines],
    }


# What both rounds draw


def _title(case: Case) -> str:
    return case.word({"invoice": "title", "credit": "credit", "order": "order"}[case.kind])


def _heads(case: Case) -> list[tuple[str, str]]:
    """Labels and values of the head, with numbers that mislead."""
    number = {"invoice": "number", "credit": "credit_number", "order": "order_number"}[case.kind]
    rows = [(case.word(number), case.number), (case.word("date"), case.day(case.date))]
    if case.has_due:
        rows.append((case.word("due"), case.day(case.due)))
    noise = [each for each in case.half(WORDS[case.language]["noise"]) if case.kind != "order" or "rd" not in each][:4]
    for each in noise[: case.chance.randrange(1, 4)]:
        rows.insert(case.chance.randrange(len(rows) + 1), (each, str(case.chance.randrange(10000, 999999))))
    if case.chance.random() < 0.3:
        rows.append((case.word("delivered"), case.day(case.date - datetime.timedelta(days=3))))
    return rows


def _totals(case: Case) -> list[tuple[str, str]]:
    rows = [(case.word("discount"), case.money(case.discount))] if case.discount else []
    rows.append((case.word("net"), case.money(case.net)))
    for rate, _, tax in case.taxes:
        rows.append((case.chance.choice([f"{case.word('tax')} {rate}%", f"{rate} % {case.word('tax')}"]), case.money(tax)))
    rows.append((case.word("total"), case.money(case.total)))
    return rows


def _slug(name: str) -> str:
    import unicodedata

    plain = unicodedata.normalize("NFKD", name.casefold()).encode("ascii", "ignore").decode()
    return "-".join(word for word in plain.replace("&", " ").replace(".", "").split()[:2])


def _contact(case: Case) -> list[str]:
    phone = f"{case.word('phone')} {case.chance.randrange(1000, 9999)} {case.chance.randrange(100000, 999999)}"
    ending = {"en": "co.uk"}.get(case.language, case.language)
    return [phone, f"info@{_slug(case.vendor)}.{ending}", f"www.{_slug(case.vendor)}.{ending}"]


def _footer(case: Case, sheet: Sheet, named: bool = True) -> None:
    street, town = case.place
    bank = f"IBAN DE{case.chance.randrange(10, 99)} {case.chance.randrange(1000, 9999)} 0000 {case.chance.randrange(1000, 9999)} 00"
    if case.round == 1:
        sheet.stack(50, 785, [*([case.vendor] if named else []), street, town], 7, 9)
        sheet.stack(220, 785, _contact(case), 7, 9)
        sheet.stack(400, 785, [bank, "BIC COBADEFFXXX", f"{case.half(WORDS[case.language]['noise'])[-1]} {case.chance.randrange(10**8, 10**9)}"], 7, 9)
    else:
        parts = [*([case.vendor] if named else []), street, town, *_contact(case)]
        sheet.text(50, 800, " | ".join(parts), 6.5)
        sheet.text(50, 810, f"{bank} - {case.half(WORDS[case.language]['noise'])[-1]} {case.chance.randrange(10**8, 10**9)}", 6.5)


def _lines(case: Case, sheet: Sheet, y: float, columns: tuple[int, ...]) -> float:
    for n, (x, head) in enumerate(zip(columns, case.word("head").split("|"), strict=True)):
        sheet.text(x, y, head, bold=True, right=n > 0)
    for text, quantity, price, amount in case.lines:
        y += 16
        for n, (x, cell) in enumerate(zip(columns, (text, str(quantity), case.money(price, True), case.money(amount, True)), strict=True)):
            sheet.text(x, y, cell, right=n > 0)
    return y + 28


# Round 1


def _first_layout(case: Case, sheet: Sheet) -> None:
    vendor_at, head_at = case.chance.choice(["left", "right", "sender", "footer", "centre", "labelled"]), case.chance.choice(["colon", "columns", "table", "above", "sentence"])
    vendor, customer = (case.customer, case.vendor) if case.kind == "order" else (case.vendor, case.customer)
    address = [vendor, *case.place]
    if vendor_at == "left":
        sheet.text(50, 60, vendor, 16, True)
        sheet.stack(50, 76, [*case.place, *_contact(case)[:1]], 8, 10)
    elif vendor_at == "right":
        sheet.stack(390, 60, [*address, *_contact(case)], 8.5, 11)
    elif vendor_at == "sender":
        sheet.text(50, 140, " · ".join(address), 6.5)
    elif vendor_at == "centre":
        sheet.canvas.setFont("Helvetica-Bold", 15)
        sheet.canvas.drawCentredString(297, 790, vendor)
        sheet.canvas.drawCentredString(297, 772, " ".join(case.place))
    _title_and_parties(case, sheet, vendor_at, vendor, customer)
    y = _first_head(case, sheet, head_at)
    y = _lines(case, sheet, y, (50, 340, 440, 545))
    _first_totals(case, sheet, y)
    if not case.has_due:
        sheet.text(50, 700, case.word("terms"), 8.5)
    if vendor_at in ("sender", "footer") or case.chance.random() < 0.5:
        _footer(case, sheet) if case.kind != "order" else None


def _title_and_parties(case: Case, sheet: Sheet, vendor_at: str, vendor: str, customer: str) -> None:
    labels = ("vendor", "customer") if case.kind == "order" else ("customer", "vendor")
    if vendor_at == "labelled" or case.kind == "order":
        sheet.text(50, 60 if vendor_at == "labelled" else 125, _title(case), 18, True)
        sheet.text(50, 150, case.word(labels[1]) + ":", bold=True)
        sheet.stack(50, 163, [vendor, *case.place])
        sheet.text(320, 150, case.word(labels[0]) + ":", bold=True)
        sheet.stack(320, 163, [customer, *case.other_place])
        return
    y = 160
    if case.chance.random() < 0.5:
        sheet.text(50, 152, case.word("customer"), bold=True)
        y = 165
        if case.chance.random() < 0.4:
            sheet.text(230, 152, case.word("ship"), bold=True)
            sheet.stack(230, 165, ["Depot 4", *case.other_place])
    sheet.stack(50, y, [case.customer, *case.other_place])
    sheet.text(50, 235, _title(case), 15, True)


def _first_head(case: Case, sheet: Sheet, style: str) -> float:
    rows = _heads(case)
    if style == "sentence" and case.kind == "invoice":
        sheet.text(50, 258, case.word("sentence").format(n=case.number, d=case.day(case.date)), 11, True)
        rows = rows[1:] if rows[0][1] == case.number else rows
        rows = [row for row in rows if row[1] not in (case.number, case.day(case.date))]
        style = "colon"
    if style == "colon":
        for n, (label, value) in enumerate(rows):
            sheet.text(350, 225 + 13 * n, f"{label}: {value}")
        return 225 + 13 * len(rows) + 30
    if style == "columns":
        for n, (label, value) in enumerate(rows):
            sheet.text(330, 225 + 13 * n, label)
            sheet.text(545, 225 + 13 * n, value, right=True)
        return 225 + 13 * len(rows) + 30
    step = 495 / len(rows)
    if style == "table":
        for n, (label, value) in enumerate(rows):
            sheet.text(50 + step * n, 270, label, 7)
            sheet.text(50 + step * n, 283, value, 8 if len(rows) < 6 else 6)
        return 320
    for n, (label, value) in enumerate(rows):
        sheet.text(400, 190 + 27 * n, label, 7.5)
        sheet.text(400, 201 + 27 * n, value, 10, True)
    return max(290, 190 + 27 * len(rows) + 20)


def _first_totals(case: Case, sheet: Sheet, y: float) -> None:
    rows = _totals(case)
    if case.paid:
        rows += [(case.word("paid"), case.money(-case.paid))]
    left = case.chance.random() < 0.25
    for n, (label, value) in enumerate(rows):
        sheet.text(50 if left else 340, y + 15 * n, label + case.chance.choice(["", ":"]), bold=n == len(rows) - 1)
        sheet.text(230 if left else 545, y + 15 * n, value, right=True, bold=n == len(rows) - 1)
    if case.mark == "{}":
        sheet.text(50, 720, f"{case.currency}", 8)


# Round 2


def _second_layout(case: Case, sheet: Sheet) -> None:
    vendor, customer = (case.customer, case.vendor) if case.kind == "order" else (case.vendor, case.customer)
    vendor_at = case.chance.choice(["banner", "brand", "tail", "under title", "block"])
    sheet.text(545, 70, _title(case), 22, True, right=True)
    if vendor_at == "banner":
        sheet.text(50, 55, vendor, 11, True)
        sheet.text(50, 66, ", ".join(case.place), 7.5)
    elif vendor_at == "brand":
        sheet.text(50, 70, vendor.split()[0].upper(), 24, True)
    elif vendor_at == "under title":
        for n, line in enumerate([vendor, *case.place]):
            sheet.text(545, 86 + 11 * n, line, 8.5, right=True)
    elif vendor_at == "block":
        sheet.stack(50, 60, [vendor, *case.place, *_contact(case)], 9)
    y = _second_parties(case, sheet, customer)
    y = _second_head(case, sheet, y)
    y = _lines(case, sheet, y + 10, (60, 300, 400, 540))
    _second_totals(case, sheet, y)
    if not case.has_due:
        sheet.text(60, 690, case.word("terms"), 9)
    if case.kind != "order" and (vendor_at in ("brand", "tail") or case.chance.random() < 0.4):
        _footer(case, sheet)


def _second_parties(case: Case, sheet: Sheet, customer: str) -> float:
    label = case.word("vendor" if case.kind == "order" else "customer")
    style = case.chance.choice(["inline", "right", "above", "bare"]) if case.kind != "order" else case.chance.choice(["inline", "above"])
    if style == "inline":
        sheet.text(50, 150, f"{label}: {customer}")
        sheet.stack(50, 163, list(case.other_place))
    elif style == "right":
        sheet.text(350, 140, label.upper(), 7)
        sheet.stack(350, 152, [customer, *case.other_place])
    elif style == "above":
        sheet.text(50, 140, label, 8, True)
        sheet.stack(50, 154, [customer, "z. Hd. Frau Lang" if case.language == "de" else case.other_place[0], *case.other_place[-1:]])
    else:
        sheet.stack(340, 150, [customer, *case.other_place])
    return 205.0


def _second_head(case: Case, sheet: Sheet, y: float) -> float:
    rows = _heads(case)
    style = case.chance.choice(["grid", "dots", "pairs", "below"])
    if style == "dots":
        for n, (label, value) in enumerate(rows):
            sheet.text(50, y + 13 * n, f"{label} {'.' * max(3, 34 - len(label))} {value}")
        return y + 13 * len(rows) + 15
    if style == "below":
        for n, (label, value) in enumerate(rows):
            sheet.text(60 + 165 * (n % 3), y + 30 * (n // 3), label, 7.5, True)
            sheet.text(60 + 165 * (n % 3), y + 11 + 30 * (n // 3), value)
        return y + 30 * ((len(rows) + 2) // 3) + 15
    for n, (label, value) in enumerate(rows):
        x, row = 50 + 260 * (n % 2), y + 16 * (n // 2)
        sheet.text(x, row, label if style == "grid" else f"{label} :", bold=style == "grid")
        sheet.text(x + 125, row, value)
    return y + 16 * ((len(rows) + 1) // 2) + 15


def _second_totals(case: Case, sheet: Sheet, y: float) -> None:
    rows = _totals(case)
    style = case.chance.choice(["across", "left of value", "rates"])
    if style == "across":
        step = 480 / len(rows)
        for n, (label, value) in enumerate(rows):
            sheet.text(60 + step * n, y + 10, label, 7.5)
            sheet.text(60 + step * n, y + 22, value, 9.5, n == len(rows) - 1)
    elif style == "rates":
        for n, (rate, base, tax) in enumerate(case.taxes):
            sheet.text(60, y + 13 * n, f"{rate} %")
            sheet.text(140, y + 13 * n, case.money(base), right=True)
            sheet.text(220, y + 13 * n, case.money(tax), right=True)
        for n, (label, value) in enumerate([rows[0], *rows[-1:]] if not case.discount else rows):
            sheet.text(330, y + 40 + 15 * n, label)
            sheet.text(540, y + 40 + 15 * n, value, right=True)
        if not case.discount:
            case.truth["total_tax"] = case.tax / 100
    else:
        for n, (label, value) in enumerate(rows):
            sheet.text(440, y + 15 * n, label + ":", right=True)
            sheet.text(450, y + 15 * n, value)
    if case.mark == "{}":
        sheet.text(60, 720, f"{case.currency}", 8)
