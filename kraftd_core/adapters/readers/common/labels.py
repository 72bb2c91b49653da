"""What documents call their fields and columns, in the languages that we read; all of it matched folded and without spaces."""

import re
from collections.abc import Iterable, Iterator, Sequence
from functools import lru_cache

from kraftd_core.adapters.readers.common import labels_by_language as by_language
from kraftd_core.adapters.readers.common.values import folded

# A role is what a value is for; number, date, due and total take the name that the kind of document gives them.
AMOUNT_ROLES = ("total", "subtotal", "total_tax", "balance_due")
DATE_ROLES = ("date", "due", "order_date", "delivery_date", "effective_date")
NUMBER_ROLES = ("number", "order_number", "customer_number")
TEXT_ROLES = ("payment_terms", "project_name", "contact")

FIELD_LABELS: dict[str, str] = {
    "number": """
        invoice number|invoice no|invoice nr|invoice #|invoice id|inv no|bill number|bill no|rechnungsnummer|rechnungsnr|
        rechnung nr|rechnungs-nr|rechnung-nr|beleg nr|belegnummer|belegnr|numero de facture|facture n|n de facture|
        facture no|n facture|facture numero|numero factura|factura n|n de factura|no factura|factura no|numero fattura|
        fattura n|factuurnummer|factuur nr|credit note number|gutschriftsnummer|quotation number|quotation no|quote number|
        quote no|quote #|quote ref|offer no|offer number|quotation ref|angebotsnummer|angebotsnr|angebot nr|devis n|
        numero de devis|offertenummer|rfq number|rfq no|rfq ref|rfq reference|rfq #|tender number|tender no|tender ref|
        tender reference|tender id|enquiry no|enquiry number|enquiry ref|inquiry no|inquiry number|solicitation no|
        solicitation number|bid no|bid number|bid ref|rfp no|rfp number|rfp ref|rfp #|nit no|itb no|itt no|
        numero de licitacion|licitacion n|expediente n|numero de consultation|vergabenummer|vergabe nr|ausschreibungsnummer|
        anfragenummer|anfrage nr|boq number|boq no|boq ref|contract number|contract no|contract ref|
        agreement number|agreement no|vertragsnummer|vertrag nr|numero de contrat|contrat n|receipt number|receipt no|
        receipt #|receipt id|bon nr|bonnummer|belegnummer|ticket no|document number|document no|doc no|dokumentnummer|
        tax invoice no|bill#|inv#|our reference|unser zeichen|#|
        re nr|rg nr|rechnungs no|rechnung no|faktura nr|fakturanummer|our invoice no|sales invoice no|tax invoice number|
        credit note no|credit memo number|credit memo no|credit no|gutschrift nr|gutschrifts nr|rechnungskorrektur nr|
        avoir n|n d'avoir|n avoir|numero d'avoir|numero avoir|note de credit n|piece n|n de piece|document n|
        factuurnr|creditnotanummer|creditnota nr|creditfactuurnummer|creditfactuur nr|documentnummer|
        n factura|num factura|numero de abono|numero abono|n de nota de credito|numero de documento|n documento|
        fattura nr|fattura no|n fattura|nr fattura|fattura numero|nota di credito n|nota di credito nr|numero nota di credito|
        numero documento|documento n|statement no|bill id|receipt nr|
        numero de recu|recu n|no|nr|n|numero|nummer|number|
        facture ref|reference facture|ref facture|offerte nr|preventivo n|presupuesto n|numero presupuesto
    """,
    "order_number": """
        purchase order number|purchase order no|purchase order #|purchase order|po number|po no|po #|p.o. number|p.o. no|
        p.o. #|order number|order no|order id|order #|bestellnummer|bestellnr|bestell-nr|bestellung nr|bestellung|
        ihre auftragsnummer|auftragsnummer|auftragsnr|numero de commande|n de commande|commande n|bon de commande n|
        votre reference|your reference|your order|ihre bestellung|pedido n|numero de pedido|ordine n|customer po|po|
        voucher no|work order no|work order number|
        your po|your order no|your order number|bestell no|auftrag nr|auftrags nr|ihre bestellnummer|ihre bestellung nr|
        votre commande|ref commande|reference commande|n commande|commande no|bestelnummer|bestelnr|ordernummer|ordernr|
        inkoopordernummer|uw ordernummer|uw bestelnummer|n de pedido|n pedido|su pedido|orden de compra n|
        numero ordine|n ordine|vs ordine|rif ordine|ordine di acquisto n|ordine d'acquisto n
    """,
    "date": """
        invoice date|date of invoice|bill date|rechnungsdatum|date de facture|date facture|date de facturation|
        fecha de factura|fecha factura|data fattura|factuurdatum|quotation date|quote date|offer date|angebotsdatum|
        date du devis|rfq date|issue date|date of issue|issued on|issued|date issued|ausstellungsdatum|belegdatum|
        date d'emission|contract date|vertragsdatum|date du contrat|receipt date|transaction date|boq date|document date|
        belegdatum|date|datum|fecha|data|dated|dated as|tarikh|
        billing date|bill dated|tax point date|tax point|invoice dated|invoiced on|rechnung vom|rechnungs datum|re datum|
        datum der rechnung|date d'etablissement|date de la facture|emise le|emis le|date emission|date d'avoir|etablie le|
        datum factuur|datum van de factuur|fecha de emision|fecha emision|fecha de expedicion|fecha de la factura|
        data emissione|data di emissione|data documento|data della fattura|credit note date|gutschriftsdatum
    """,
    "order_date": """
        order date|date of order|bestelldatum|auftragsdatum|date de commande|fecha de pedido|data ordine|po date|
        purchase order date
    """,
    "due": """
        due date|payment due date|payment due|date due|due on|due by|due|pay by|fallig am|falligkeit|falligkeitsdatum|
        zahlbar bis|zahlungsziel|date d'echeance|echeance|a payer avant|fecha de vencimiento|vencimiento|data scadenza|
        scadenza|vervaldatum|valid until|validity|valid to|quote valid until|offer valid until|expiry date|expires|
        gultig bis|angebot gultig bis|valable jusqu'au|valable jusqu au|response due|response due date|responses due|
        submission deadline|closing date|submit by|quotes due|quotation due date|bid due date|tender closing date|
        last date of submission|last date for submission|last date of bid submission|bid end date|bid closing date|
        bid submission end date|bid submission date|closing date and time|submission date|offers due|tenders due|proposals due|
        proposal due date|abgabetermin|submissionstermin|einreichungsfrist|date limite de remise des offres|
        date limite de reception des offres|fecha limite de presentacion|contract end date|expiration date|
        abgabefrist|angebotsfrist|date limite|end date|vertragsende|date de fin|
        pay before|payable by|please pay by|payment due by|payment due on|to be paid by|falligkeitstermin|
        zahlbar bis zum|zahlbar bis spatestens|zu zahlen bis|zahlung bis|bitte zahlen bis|zahlungstermin|zahlungsfrist bis|
        echeance le|date d'echeance le|a regler avant le|a payer avant le|payable le|payable avant le|date limite de paiement|
        date limite de reglement|date de reglement|uiterste betaaldatum|te betalen voor|betalen voor|te voldoen voor|
        betaaldatum|fecha limite de pago|fecha de pago|fecha vencimiento|vence el|vencimientos|scadenza pagamento|
        vence|vence en|pagar antes del|pagadero hasta|data di scadenza|da pagare entro|da pagare entro il|pagare entro
    """,
    "delivery_date": """
        delivery date|date of delivery|deliver by|required by|required date|liefer- und leistungsdatum|lieferdatum|
        leistungsdatum|liefertermin|date de livraison|fecha de entrega|data consegna|ship date|
        date of supply|supply date|livre le|leverdatum|leveringsdatum|fecha entrega|data di consegna
    """,
    "effective_date": "effective date|contract start date|start date|commencement date|vertragsbeginn|date d'effet|date de debut",
    "total": """
        grand total|invoice total|total amount due|total amount|total due|total incl vat|total including vat|total inc vat|
        total inc gst|total incl gst|total including gst|total incl tax|total ttc|montant ttc|total a payer|total general|
        montant total|gesamtbetrag|gesamtsumme|summe|rechnungsbetrag|rechnungssumme brutto|bruttosumme|bruttobetrag|
        rechnungsbeitrag|endbetrag|endsumme|summe brutto|gesamt brutto|zahlbetrag|gesamt|total factura|importe total|
        total con iva|totale fattura|totale documento|totale da pagare|totaal incl btw|totaal te betalen|te betalen|totaal|
        angebotssumme|angebotsbetrag|angebotspreis|auftragssumme|auftragswert|bestellsumme|bestellwert|offertsumme|
        quotation total|quote total|order total|po total|contract value|contract sum|contract price|total contract value|
        boq total|total cost|total price|total payable|net payable|rounded total|total rounded|total sales incl gst|
        total sales inclusive gst|total sales|total rm|total eur|total usd|total|totale|round d total|nett total|
        total gross|amount payable|to pay|
        total incl|invoice amount|amount to pay|total to pay|total gross amount|zu zahlender betrag|zu zahlen|
        zahlungsbetrag|brutto|gesamtbetrag brutto|gesamtbetrag eur|gesamtsumme brutto|gesamt inkl mwst|betrag brutto|total brutto|
        total chf|rechnungssumme|rechnungstotal|montant total ttc|total general ttc|montant a payer|total net a payer|
        totaal inclusief btw|totaalbedrag|totaal bedrag|factuurbedrag|totaal factuur|eindtotaal|totaal generaal|
        total a pagar|total general|importe total factura|total iva incluido|total eur|importo totale|totale a pagare|
        totale generale|totale iva inclusa|totale ivato|totale dovuto|totale lordo|
        gutschriftsbetrag|gutschriftbetrag|gutschriftssumme|erstattungsbetrag|credit total|total credit|credit amount|
        total refund|refund total|montant de l'avoir|total de l'avoir|montant a rembourser|importe del abono|creditbedrag
    """,
    "balance_due": """
        amount due|balance due|balance|residual|solde a payer|reste a payer|net a payer|offener betrag|restbetrag|saldo|
        importe a pagar|amount payable now|
        netto a pagare|amount outstanding|outstanding balance|noch zu zahlen|verbleibender betrag|openstaand bedrag|
        nog te betalen|importe pendiente|pendiente de pago|resto a pagar|restante a pagar|residuo da pagare|
        saldo dovuto
    """,
    "subtotal": """
        subtotal|sub total|sub-total|total excl vat|total excluding vat|total ex vat|total excl tax|total excl gst|
        total excluding gst|total before tax|net amount|net total|total net|nettosumme|nettobetrag|zwischensumme|
        summe netto|gesamt netto|netto|rechnungssumme ohne ust|rechnungssumme netto|positionssumme|total ht|montant ht|
        total h.t|sous-total|sous total|base imponible|total sin iva|imponibile|totale imponibile|subtotaal|totaal excl btw|
        gesamtbeitrag|total exclusive of tax|taxable amount|taxable value|total hors taxes|net|
        amount before tax|zwischentotal|total excl|amount excl vat|net subtotal|net value|goods total|total goods|warenwert|
        gesamtbetrag netto|gesamtsumme netto|betrag netto|netto summe|total netto|summe ohne mwst|total hors taxe|
        total net ht|base ht|sous total ht|montant hors taxes|montant net ht|montant total ht|total general ht|
        bedrag excl btw|totaal exclusief btw|totaal netto|netto bedrag|total neto|importe neto|
        gesamtnettowert|nettowert|gesamtnettobetrag|gesamtnetto|nettogesamtbetrag|
        base imponible total|subtotale|totale netto|totale iva esclusa|totale senza iva|netto merce|totale merce
    """,
    "total_tax": """
        total tax|tax total|total vat|vat total|vat amount|tax amount|vat|sales tax|tax|gst|gst amount|total gst|cgst|
        steuerbetrag|umsatzsteuer|mehrwertsteuer|mwst|ust|zuzuglich|zzgl|versicherungsteuer|versicherungssteuer|total taxes|
        total tva|montant tva|tva|taxes|iva|total iva|imposta|totale iva|btw|service tax|
        plus vat|zzgl mwst|zzgl ust|zzgl umsatzsteuer|zuzuglich mwst|gesetzl mwst|mwst betrag|ust betrag|
        umsatzsteuerbetrag|mehrwertsteuerbetrag|summe mwst|summe ust|t.v.a|montant de la tva|btw bedrag|totaal btw|
        btw totaal|cuota iva|importe iva|total impuestos|cuota|importo iva|totale imposta|
        qst|tvq|tps|pst|hst|sgst|igst|utgst|cess|
    """,
    "currency": """
        currency|wahrung|rechnungswahrung|devise|moneda|valuta|betrage in|all amounts in|amounts in|prices in|
        alle betrage in
    """,
    "payment_terms": """
        payment terms|terms of payment|mode/terms of payment|payment term|payment conditions|terms|zahlungskonditionen|
        conditions de reglement|modalites de paiement|forma de pago|zahlungsbedingungen|zahlungsbedingung|conditions de paiement|
        condiciones de pago|condizioni di pagamento|betalingsvoorwaarden|zahlungsziel
    """,
    "iban": "iban|verkaufer-iban",
    "bic": "bic|swift|bic/swift|swift/bic|verkaufer-bic|bic code|swift code",
    "vendor_tax_id": """
        ust-idnr|ustidnr|ust-id|ust.-id.-nr|ust-id-nr|ustid|vat number|vat no|vat reg no|vat id|vat registration number|tva|
        n tva|tva intracommunautaire|n tva intracommunautaire|gstin|gst no|gst reg no|gst id|gst id no|nif|cif|partita iva|
        p.iva|btw-nummer|vat/tin|abn|ein|tax id|tax number
    """,
    "customer_tax_id": """
        customer vat number|n tva client|customer vat|ust-idnr kunde|kunden-ust-id|customer tax id|customer gstin|
        buyer vat number|customer vat no|customer vat id|customer's vat number|customer's vat no|customer vat reg no|
        customer vat registration number|customer gst no|customer tin|customer abn|client vat number|client vat no|client tax id|
        buyer vat no|buyer gstin|gstin of recipient|recipient gstin|your vat number|your vat no|your vat id|your vat reg no|
        your vat registration number|your tax id|ihre ust-idnr|ihre ust-id|ihre ust-id-nr|ihre umsatzsteuer-id|
        ust-idnr des kunden|kunden-ust-idnr|ust-id kunde|ust-idnr leistungsempfanger|ust-idnr des leistungsempfangers|
        ust-idnr empfanger|votre n tva|votre tva|votre numero de tva|tva client|n tva intracommunautaire client|
        tva acheteur|n tva acheteur|nif cliente|cif cliente|nif del cliente|p.iva cliente|partita iva cliente|
        btw-nummer klant|uw btw-nummer|btw-nummer afnemer
    """,
    "customer_number": """
        customer number|customer no|customer id|codigo cliente|codigo de cliente|codice cliente|no cliente|numero de cliente|
        numero cliente|kundennummer|kundennr|kunden-nr|numero client|n client|code client|
        klantnummer
    """,
    "project_name": """
        project name|project title|project|projekt|bauvorhaben|projet|chantier|proyecto|progetto|job name|contract title|
        works
    """,
    "contact": "contact|contact person|ansprechpartner|sales contact|contact commercial|your contact",
}

SELLER_LABELS = """
        verkaufer|seller|vendor|vendor name|supplier|supplier name|sold by|lieferant|fournisseur|vendeur|from|issued by|
        rechnungssteller|rechnungsaussteller|proveedor|vendedor|emisor|fornitore|venditore|leverancier|merchant|contractor|
        auftragnehmer|service provider|quotation from|company|pay to|remit to|emetteur|prestataire|anbieter|
        leistungserbringer|absender|verkoper|expedidor|datos del emisor|cedente|mittente|de la part de
    """
BUYER_LABELS = """
        kaufer|kaufer/leistungsempfanger|leistungsempfanger|bill to|billed to|bill-to|billing address|buyer|buyer name|
        customer|customer name|client|client name|kunde|sold to|invoice to|invoiced to|invoice for|rechnungsempfanger|
        rechnungsanschrift|rechnungsadresse|auftraggeber|besteller|facture a|factureacute a|adresse de facturation|
        adresse facturation|facturer a|acheteur|cliente|comprador|facturar a|datos del cliente|committente|klant|employer|
        purchaser|prepared for|quotation for|quote for|quote to|quotation to|company name|attention to|prepared for client|
        issued to|to|credit to|credited to|
        recipient|customer address|invoice address|address of customer|rechnung an|rechnung fur|empfanger|kundenadresse|
        destinataire|facture adressee a|client facture|client livre et facture|factuur aan|factuuradres|afnemer|klantgegevens|
        debiteur|facturado a|destinatario|direccion de facturacion|comprador|intestatario|spett le|spettabile|aan|
        intestata a|acquirente|fatturare a|fatturato a|indirizzo di fatturazione
    """
OTHER_PARTY_LABELS = """
        ship to|shipping address|deliver to|delivery address|delivered to|adresse de livraison|lieferanschrift|
        lieferadresse|abweichender warenempfanger|abweichender rechnungsempfanger|abweichender zahlungsempfanger|
        warenempfanger|steuerbevollmachtigter des verkaufers|direccion de envio|remittance|service address|remit to|
        deliver at|delivery to|consignee|lieferung an|versandadresse|leistungsort|livre a|livrer a|lieu de livraison|
        destinataire de la livraison|afleveradres|leveradres|bezorgadres|enviar a|direccion de entrega|lugar de entrega|
        entregar a|luogo di consegna|destinazione merce|destinazione|indirizzo di consegna|luogo di destinazione
        """

COLUMN_LABELS: dict[str, str] = {
    "position": """
        pos|position|lfd nr|lfd|nr|no|n|#|line|line no|ligne|s no|sr no|sl no|s/n|sn|item no|item nr|ln|poste|posten|serial|
        riga|regel|volgnr|linea|partida|lfd pos|pos nr
    """,
    "item_number": """
        art nr|art-nr|artikelnummer|artikelnr|artikel-nr|article no|article number|item number|item code|sku|code|part no|
        part number|part #|product code|product id|material no|material number|ref|reference|referenz|referenzen|codigo|
        codice|hsn|hsn/sac|art nr kunde|art-nr-kunde|bestellnr|artikelcode|cod|stock code|catalogue no|fsn|
        stock no|reference article|ref article|code article|bestelnr|cod articulo|cod art|cod articolo|codice articolo|
        item ref|product ref|product no|part ref|produktnummer|produkt-nr|artnr|ref produit|numero articolo
    """,
    "description": """
        description|item description|product description|beschreibung|bezeichnung|artikelbeschreibung|artikelbezeichnung|
        artikel|designation|libelle|product|products|product name|title|details|leistung|leistungsbeschreibung|service|
        services|produit|descripcion|concepto|descrizione|omschrijving|particulars|text|article|goods|description of goods|
        description of work|description of works|task|tasks|description of services|work description|material|materials|scope|
        activity|
        item name|produkt|prestation|descripcion del producto|warenbezeichnung|
        nature des travaux|intitule|werkzaamheden|artikelomschrijving|beschrijving|articulo|detalle|resumen|denominacion|producto|
        prodotto|descrizione articolo|prestazione|oggetto|work carried out|details of supply
    """,
    "item": "item|items",
    "quantity": """
        quantity|qty|menge|anzahl|quantite|qte|nombre|cantidad|cant|quantita|aantal|hours|hrs|stunden|std|qnty|qtty|nb|quant|
        order qty|mge|stuck|stuckzahl|nbre|hoeveelheid|aant|hoev|uds|unidades|qta|no off
    """,
    "unit": """
        unit|units|einheit|uom|u/m|unite|unidad|u.m|um|
        eenheid|me|unit of measure|mengeneinheit|einh|eenh|ud|unid|unidad|unita|udm|un
    """,
    "unit_price": """
        unit price|price|rate|preis|einzelpreis|e-preis|ep|nettopreis|vk-preis|stuckpreis|preis/einheit|preis je einheit|
        prix unitaire|prix unitaire ht|p.u|p.u ht|pu|pu ht|prix|prix unit|precio|precio unitario|prezzo|prezzo unitario|
        ansatz|stundensatz|prijs|stukprijs|unit cost|unit rate|price each|each|unit amount|net price|cost|vk-preis ohne mwst|
        unit price excl vat|list price|einzelpreis netto|price per unit|preis pro einheit|
        prix unit ht|px unitaire|prijs per stuk|eenheidsprijs|tarief|prijs excl btw|precio unit|precio ud|p unitario|pvp|
        prezzo unit|prezzo u|costo unitario
    """,
    "discount": """
        discount|disc|rabatt|rem|remise|descuento|dto|sconto|korting|discount %|disc %|rabatt %|nachlass|nachlass %|% rem|rem %|
        remise %|less %|korting %|desc|desc %|dto %|% dto|sconto %|sc %
    """,
    "tax_rate": """
        ust|mwst|vat|tax|tax %|vat %|tva|tva %|taxe|steuersatz|steuer|ust %|mwst %|iva|iva %|btw|btw %|gst|gst %|tax rate|
        vat rate|taux tva|taux|mwst-satz|ust-satz|tax rate %|% tva|tx tva|btw-tarief|% btw|% iva|tipo iva|
        aliquota|aliquota iva|aliq
    """,
    "tax_amount": "tax amount|vat amount|steuerbetrag|montant tva|gst amount|cgst|sgst|igst|importe iva",
    "amount": """
        amount|fee|fees|total|betrag|gesamt|gesamtpreis|nettobetrag|zeilenbetrag|entgelt|positionsbetrag|positionsbetrag ohne ust|
        montant|montant ht|prix ht|total ht|line total|summe|importe|importo|totale|bedrag|totaal|net amount|price w/o tax|
        extended price|extended|total price|total amount|net|netto|gp|ep gesamt|value|line amount|subtotal|ext price|
        zeilenbetrag ohne mwst|prix total|montant total|total cost|betrag netto|gesamtpreis netto|total net|net value|sum|
        gesamtbetrag|g-preis|prix total ht|total ligne ht|total ligne|regeltotaal|totaalbedrag|totaal excl btw|subtotaal|
        precio total|importe neto|total linea|prezzo totale|importo netto|totale riga|valore
    """,
    "section": "section|abschnitt|lot|titel|chapter|group|category|gewerk|trade",
    "date": "date|datum|service date|delivery date|lieferdatum|fecha|data",
}

NUMERIC_COLUMNS = ("quantity", "unit_price", "discount", "tax_rate", "tax_amount", "amount")
_TOTAL_WORDS = """
        total|subtotal|sub total|grand total|summe|gesamtsumme|gesamt|zwischensumme|sous-total|sous total|total general|
        carried forward|ubertrag|totaal|subtotaal|totale|suma|importe total|net total|section total|nettosumme|
        total carried|carried to|zwischentotal
    """
_IDENTIFIER_HEAD = re.compile(
    r"(?:^|_)(?:id|ids|no|nr|num|number|nummer|numero|code|codes|sku|ean|gtin|gln|isbn|phone|telephone|telefon|tel|mobile|fax|zip|plz|"
    r"postcode|postal|iban|bic|account|konto|vat_id|tax_id|article|artikel|ref|reference|serial|barcode|part)(?:_|$)"
)


@lru_cache(8_192)
def key_of(text: str) -> str:
    """The text as labels are compared: folded, letters, digits, # and % only."""
    return "".join(c for c in folded(text) if c.isalnum() or c in "#%")


def _phrases(text: str) -> Iterator[str]:
    return (key_of(phrase) for phrase in text.split("|"))


def _inverted(table: dict[str, str], further: Iterable[tuple[str, str]]) -> dict[str, str]:
    """The name of each phrase; what stands first counts, so that no further language takes a phrase away."""
    inverted: dict[str, str] = {}
    for name, phrases in (*table.items(), *further):
        for phrase in _phrases(phrases):
            inverted.setdefault(phrase, name)
    return inverted


ROLE_OF = _inverted(
    FIELD_LABELS | {"vendor_name": SELLER_LABELS, "customer_name": BUYER_LABELS, "other_party": OTHER_PARTY_LABELS},
    by_language.field_labels(),
)
COLUMN_OF = _inverted(COLUMN_LABELS, by_language.column_labels())
TOTAL_KEYS = frozenset(_phrases(f"{_TOTAL_WORDS}|{by_language.TOTAL_WORDS}"))
LONGEST_LABEL = max(map(len, ROLE_OF))


def snake(text: str) -> str:
    """A name for a field or column out of a heading: lower case, words joined by underscores; empty if nothing is left."""
    return re.sub(r"\W+", "_", folded(text), flags=re.ASCII).strip("_")[:60]


def is_identifier_name(name: str) -> bool:
    """Whether a column of this name holds identifiers, which stay text however numeric they look."""
    return bool(_IDENTIFIER_HEAD.search(name))


def column_of(heading: str) -> str | None:
    """The column that a heading names; a unit or a currency in brackets does not matter."""
    plain = re.sub(r"[(\[].*?[)\]]", " ", heading)
    for text in (heading, plain, re.sub(r"\b[A-Z]{3}\b|[€$£]", " ", plain)):
        if found := COLUMN_OF.get(key_of(text)):
            return found
    return None


def distinct_columns(names: Sequence[str]) -> list[str]:
    """The names, each used once: "item" is the description or, beside one, the position; of two amounts the last counts."""
    names = list(names)
    if "item" in names:
        meant = "description" if "description" not in names else "position" if "position" not in names else "item_number"
        names[names.index("item")] = meant
    if names.count("amount") > 1 and "unit_price" not in names:
        names[names.index("amount")] = "unit_price"
    if names.count("tax_rate") > 1 and "tax_amount" not in names:
        names[len(names) - 1 - names[::-1].index("tax_rate")] = "tax_amount"
    last = {name: n for n, name in enumerate(names)}
    taken: dict[str, int] = {}
    result = []
    for n, name in enumerate(names):
        keeps = n == last[name] if name == "amount" else name not in taken  # the rightmost amount is the line's own
        taken[name] = taken.get(name, 0) + 1
        result.append(name if keeps else f"{name}_{taken[name] + (name == 'amount')}")
    return result


def role_of(label: str) -> str | None:
    """The role that a label names."""
    return ROLE_OF.get(key_of(re.sub(r"[(\[].*?[)\]]", " ", label)))


_WHOLE = re.compile(r"gesamt\w*(?:wert|betrag|summe|preis)")


def is_total_label(text: str) -> bool:
    """Whether a row so called sums up others ("Subtotal A", "Total section 2", "Gesamtsumme netto")."""
    words = re.findall(r"[^\W\d_]+", folded(text))
    starts = {"".join(words[:n]) for n in (1, 2, 3)}
    ends = {"".join(words[-n:]) for n in (1, 2)}
    if words and _WHOLE.fullmatch(words[0]):
        return True
    return bool(starts & TOTAL_KEYS) or bool(len(words) <= 6 and ends & {"total", "subtotal", "summe", "gesamt"})
