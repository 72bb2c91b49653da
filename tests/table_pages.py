"""Draws PDFs with tables of line items in many layouts, languages and wordings, with the truth of what they list."""

import io
import random
from dataclasses import dataclass, field
from decimal import Decimal

from reportlab.pdfbase.pdfmetrics import stringWidth
from reportlab.pdfgen.canvas import Canvas

WIDTH, HEIGHT, LEFT, RIGHT = 595, 842, 50, 545
SIZE = 9

# For each column: wordings of the first round, and after the stroke those of the second, which no code was written for.
HEADS = {
    "en": {
        "position": "Pos.,#,Line / No.,Item No.", "code": "Code,SKU / Product Ref,Stock No.",
        "description": "Description,Item,Goods and services / Details of supply,Work carried out,Particulars",
        "quantity": "Qty,Quantity / Units,No. off,Qty.", "unit": "Unit,UOM / U/M",
        "price": "Unit price,Price,Rate / Price per unit,Unit cost (EUR)", "discount": "Discount,Disc. % / Less %",
        "tax": "VAT,VAT % / VAT rate,Tax rate %", "amount": "Amount,Total,Line total / Net value,Total price,Amount EUR",
    },
    "de": {
        "position": "Pos.,Position / Lfd. Nr.,Nr.", "code": "Art.-Nr.,Artikelnummer / Artikel-Code,Bestell-Nr.",
        "description": "Bezeichnung,Beschreibung,Leistung / Artikelbezeichnung,Warenbezeichnung,Text",
        "quantity": "Menge,Anzahl / Stückzahl,Mge.", "unit": "Einheit,ME / Einh.",
        "price": "Einzelpreis,Preis,EP / Preis/Einh.,E-Preis EUR,Stückpreis", "discount": "Rabatt,Rabatt % / Nachlass %",
        "tax": "MwSt.,USt. % / MwSt.-Satz,Steuersatz", "amount": "Gesamtpreis,Betrag,Gesamt / Gesamtbetrag,G-Preis,Summe EUR",
    },
    "fr": {
        "position": "N°,Pos. / Ligne,Poste", "code": "Réf.,Référence / Code article,Réf. article",
        "description": "Désignation,Description,Libellé / Désignation des articles,Article,Nature des travaux",
        "quantity": "Qté,Quantité / Quant.,Nbre", "unit": "Unité,U. / Un.,Unité",
        "price": "Prix unitaire,P.U. HT,PU / Prix unit. HT,Px unitaire,P.U. € HT", "discount": "Remise,Rem. % / Remise %",
        "tax": "TVA,TVA % / Taux TVA,Tx TVA", "amount": "Montant HT,Total HT,Montant / Total € HT,Prix total HT,Total ligne HT",
    },
    "nl": {
        "position": "Nr.,Pos. / Regel,Volgnr.", "code": "Artikelnr.,Code / Artikelcode,Bestelnr.",
        "description": "Omschrijving,Artikel,Product / Beschrijving,Werkzaamheden,Artikelomschrijving",
        "quantity": "Aantal,Hoeveelheid / Aant.,Hoev.", "unit": "Eenheid,Eenh. / Ehd.",
        "price": "Prijs,Stukprijs,Prijs per stuk / Eenheidsprijs,Tarief,Prijs excl. btw",
        "discount": "Korting,Korting % / Kort. %",
        "tax": "BTW,BTW % / BTW-tarief,% btw", "amount": "Bedrag,Totaal,Subtotaal / Totaal excl. btw,Totaalbedrag,Regeltotaal",
    },
    "es": {
        "position": "Nº,Pos. / Línea,Partida", "code": "Código,Referencia / Ref.,Cód. artículo",
        "description": "Descripción,Concepto,Artículo / Detalle,Producto,Denominación",
        "quantity": "Cantidad,Cant. / Uds.,Unidades", "unit": "Unidad,Ud. / U.M.,Unid.",
        "price": "Precio,Precio unitario,P. unitario / Precio ud.,P.V.P.,Precio unit.",
        "discount": "Dto.,Descuento / % Dto.,Desc.",
        "tax": "IVA,IVA % / % IVA,Tipo IVA", "amount": "Importe,Total,Subtotal / Importe neto,Total línea,Precio total",
    },
    "it": {
        "position": "N.,Pos. / Riga,Nr.", "code": "Codice,Cod. art. / Cod. articolo,Articolo",
        "description": "Descrizione,Prodotto,Descrizione articolo / Descrizione dei beni,Prestazione,Oggetto",
        "quantity": "Quantità,Q.tà,Qta / Qtà,Q.ta", "unit": "U.M.,Unità / UdM,Um",
        "price": "Prezzo,Prezzo unitario,Prezzo unit. / Costo unitario,P. unitario,Prezzo U.",
        "discount": "Sconto,Sconto % / Sc. %",
        "tax": "IVA,% IVA / Aliquota IVA,Aliq.", "amount": "Importo,Totale,Prezzo totale / Valore,Importo netto,Totale riga",
    },
}
UNITS = {"en": "pcs,h,m,kg,box", "de": "Stk,Std.,m,kg,Psch", "fr": "pce,h,m,kg,u", "nl": "st,uur,m,kg,doos",
         "es": "ud,h,m,kg,caja", "it": "pz,ore,m,kg,nr"}
NOUNS = {
    "en":
        "Hex bolt galvanised,Cable tray,Site survey,Roof membrane,Pump service,Office chair,Steel bracket,Labelling machine hire",
    "de": "Sechskantschraube verzinkt,Kabelkanal,Montage vor Ort,Dachbahn,Wartung Pumpe,Bürostuhl,Stahlwinkel,Miete Hebebühne",
    "fr":
        "Vis hexagonale,Goulotte,Main d'oeuvre,Membrane de toiture,Entretien pompe,Chaise de bureau,"
        "Équerre acier,Location nacelle",
    "nl":
        "Zeskantbout verzinkt,Kabelgoot,Montage ter plaatse,Dakbedekking,Onderhoud pomp,Bureaustoel,Hoekprofiel,Huur hoogwerker",
    "es":
        "Tornillo hexagonal,Canaleta,Mano de obra,Lámina de cubierta,Revisión bomba,Silla de oficina,"
        "Escuadra de acero,Alquiler grúa",
    "it":
        "Vite esagonale,Canalina,Manodopera,Guaina per tetti,Manutenzione pompa,Sedia ufficio,Staffa acciaio,"
        "Noleggio piattaforma",
}
MORE = {
    "en": "incl. delivery and fixing,colour grey as agreed", "de": "inkl. Lieferung und Einbau,Farbe grau wie besprochen",
    "fr": "livraison et pose comprises,couleur grise convenue",
        "nl": "inclusief levering en plaatsing,kleur grijs volgens afspraak",
    "es": "entrega y montaje incluidos,color gris acordado", "it": "consegna e posa incluse,colore grigio come concordato",
}
WORDS = {  # title, subtotal, tax, total, carried, brought, section
    "en": ("Invoice", "Subtotal", "VAT 20%", "Total due", "Carried forward", "Brought forward", "Section"),
    "de": ("Rechnung", "Zwischensumme", "MwSt. 19 %", "Gesamtbetrag", "Übertrag", "Übertrag", "Abschnitt"),
    "fr": ("Facture", "Total HT", "TVA 20 %", "Total TTC", "À reporter", "Report", "Lot"),
    "nl": ("Factuur", "Subtotaal", "BTW 21 %", "Totaal te betalen", "Transport", "Transport", "Onderdeel"),
    "es": ("Factura", "Base imponible", "IVA 21 %", "Total factura", "Suma y sigue", "Suma anterior", "Capítulo"),
    "it": ("Fattura", "Imponibile", "IVA 22 %", "Totale fattura", "A riportare", "Riporto", "Capitolo"),
}
WIDTHS = {"position": 36, "code": 62, "quantity": 48, "unit": 40, "price": 66, "discount": 52, "tax": 50, "amount": 74}


@dataclass
class Layout:
    """What one document looks like."""

    seed: int
    fresh: bool
    chance: random.Random = field(init=False)

    def __post_init__(self):
        self.chance = chance = random.Random(self.seed * 7 + self.fresh)
        self.language = list(HEADS)[self.seed % 6]
        self.head = chance.choices(("plain", "stacked", "none"), (6, 2, 1 if self.seed % 3 else 0))[0]
        self.lines = chance.choice(("none", "rows", "grid"))
        self.wrap = chance.choice(("none", "below", "below", "above"))
        self.marks_amounts = chance.choice(("", "", " €", "€ "))
        self.point = "." if self.language == "en" or chance.random() < 0.15 else ","
        self.group = "," if self.point == "." else chance.choice((".", " ", ""))
        self.minus_behind = self.language == "de" and chance.random() < 0.5
        self.sections = chance.random() < 0.25
        self.count = chance.choice((1, 2, 3, 6, 12, 45))
        self.negative = self.count > 2 and chance.random() < 0.3
        columns = ["description"]
        columns = (["position"] if chance.random() < 0.5 else []) + (["code"] if chance.random() < 0.3 else []) + columns
        figures = ["quantity"] + (["unit"] if chance.random() < 0.4 else []) + ["price"]
        figures += (["discount"] if chance.random() < 0.2 else []) + (["tax"] if chance.random() < 0.35 else []) + ["amount"]
        if chance.random() < 0.2:  # the quantity leads
            columns = ["quantity", *(c for c in columns if c != "position")]
            figures.remove("quantity")
        self.columns = columns + figures
        self.unit_in_quantity = "unit" not in self.columns and chance.random() < 0.4
        self.step = chance.choice((13, 16, 20))

    def heading(self, column):
        rounds = HEADS[self.language][column].split(" / ")
        return self.chance.choice(rounds[-1 if self.fresh else 0].split(","))

    def money(self, value):
        text = f"{abs(value):,.2f}".replace(",", "G").replace(".", self.point).replace("G", self.group)
        if value < 0:
            text = f"{text}-" if self.minus_behind else f"-{text}"
        mark = self.marks_amounts
        return text + mark if mark.startswith(" ") else mark + text


def table_pdf(seed, *, fresh=False, count=None):
    """The PDF and its line items as (description, quantity, price, amount); `fresh` takes the second round's wordings."""
    layout = Layout(seed, fresh)
    layout.count = count or layout.count
    if layout.head == "none":
        layout.columns = [c for c in layout.columns if c not in ("discount", "tax")]
    out = io.BytesIO()
    drawing = _Drawing(Canvas(out, pagesize=(WIDTH, HEIGHT), invariant=1), layout)
    truth = drawing.draw()
    return out.getvalue(), truth


class _Drawing:
    def __init__(self, canvas, layout):
        self.canvas, self.layout, self.y = canvas, layout, 0
        free = RIGHT - LEFT - sum(WIDTHS[c] for c in layout.columns if c != "description")
        self.edges, x = {}, LEFT
        for column in layout.columns:
            width = WIDTHS.get(column, free)
            self.edges[column] = (x, x + width)
            x += width
        self.heads = {c: layout.heading(c) for c in layout.columns}

    def draw(self):
        layout, words = self.layout, WORDS[self.layout.language]
        self.text(LEFT, 50, "Alder & Finch Trading", 14)
        for n, line in enumerate(("4 Mill Lane", "90210 Easton")):
            self.text(LEFT, 66 + 12 * n, line)
        self.text(LEFT, 130, f"{words[0]} {layout.chance.randint(1000, 9999)}", 13)
        self.text(LEFT, 150, f"{layout.chance.randint(10, 28)}.03.2024")
        self.y = 190
        self.draw_head()
        truth, whole = [], Decimal(0)
        for n in range(layout.count):
            if self.y > 760:
                self.turn(whole)
            if layout.sections and n % 5 == 0 and layout.count > 2:
                self.text(self.edges["description"][0] + 2, self.y, f"{words[6]} {n // 5 + 1}")
                self.y += layout.step
            item = self.draw_item(n)
            truth.append(item)
            whole += item[3]
        self.draw_totals(whole)
        self.canvas.save()
        return truth

    def text(self, x, y, text, size=SIZE, right=False):
        self.canvas.setFont("Helvetica", size)
        (self.canvas.drawRightString if right else self.canvas.drawString)(x, HEIGHT - y, text)

    def put(self, column, text):
        left, right = self.edges[column]
        if column in ("position", "code", "description", "unit"):
            self.text(left + 2, self.y, text)
        else:
            self.text(right - 3, self.y, text, right=True)

    def draw_head(self):
        if self.layout.head == "none":
            return
        stacked = self.layout.head == "stacked"
        for column, heading in self.heads.items():
            first, _, rest = heading.rpartition(" ") if stacked else ("", "", heading)
            if first:
                self.y -= 11
                self.put(column, first)
                self.y += 11
            self.put(column, rest)
        self.rule(True)
        self.y += 18

    def rule(self, always=False):
        if always or self.layout.lines != "none":
            self.canvas.line(LEFT, HEIGHT - self.y - 4, RIGHT, HEIGHT - self.y - 4)
        if self.layout.lines == "grid":
            for left, _ in self.edges.values():
                self.canvas.line(left, HEIGHT - self.y - 4, left, HEIGHT - self.y + 10)

    def turn(self, whole):
        carried, brought = WORDS[self.layout.language][4:6]
        for after, word in enumerate((carried, brought)):
            if after:
                self.text(RIGHT, 815, f"{self.canvas.getPageNumber()}", right=True)
                self.canvas.showPage()
                self.y = 60
                self.draw_head()
            self.put("description", word)
            self.put("amount", self.layout.money(whole))
            self.y += self.layout.step

    def draw_item(self, n):
        layout, chance = self.layout, self.layout.chance
        noun = f"{chance.choice(NOUNS[layout.language].split(','))} {chance.choice('ABCDEFGH')}{chance.randint(1, 40)}"
        quantity = Decimal(chance.choice((1, 2, 3, 5, 10, 12, 24, 100))) if chance.random() < 0.8 else Decimal("2.5")
        price = Decimal(chance.randint(150, 250_000)) / 100
        if layout.negative and n == layout.count - 1:
            price = -price
        off = Decimal(chance.choice((0, 5, 10))) if "discount" in layout.columns else Decimal(0)
        amount = (quantity * price * (100 - off) / 100).quantize(Decimal("0.01"))
        unit = chance.choice(UNITS[layout.language].split(","))
        counted = str(quantity.normalize() if quantity % 1 else int(quantity)).replace(".", layout.point)
        cells = {
            "position": str(n + 1), "code": f"{chance.choice('KTRM')}{chance.randint(1000, 99999)}", "description": noun,
            "quantity": f"{counted} {unit}" if layout.unit_in_quantity else counted, "unit": unit,
            "price": layout.money(price), "discount": f"{off} %", "tax": f"{chance.choice((7, 19, 20))} %",
            "amount": layout.money(amount),
        }
        more = chance.choice(MORE[layout.language].split(",")) if layout.wrap != "none" and chance.random() < 0.6 else ""
        description = f"{noun} {more}".strip()
        if more and layout.wrap == "above":
            self.put("description", noun)
            self.y += 10
            cells["description"], more = more, ""
        for column in layout.columns:
            self.put(column, cells[column])
        if more:
            self.y += 10
            self.put("description", more)
        self.rule()
        self.y += layout.step
        assert all(stringWidth(cells[c], "Helvetica", SIZE) < WIDTHS.get(c, 999) for c in layout.columns)
        return description, quantity, price, amount

    def draw_totals(self, whole):
        words = WORDS[self.layout.language]
        tax = (whole * Decimal("0.2")).quantize(Decimal("0.01"))
        self.y += 10
        for label, value in zip(words[1:4], (whole, tax, whole + tax), strict=True):
            self.text(380, self.y, label)
            self.text(RIGHT - 3, self.y, self.layout.money(value), right=True)
            self.y += 14
