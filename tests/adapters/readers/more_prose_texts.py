"""Further contracts, requests and orders, which the reader was not made for, each with what stands in it."""

# ruff: noqa: E501 -- a paragraph is one line, as long as people write it

MASTER_US = """
MASTER SERVICES AGREEMENT
This Master Services Agreement ("Agreement") is made effective as of the 15th day of June, 2023 ("Effective Date"), by and between:
Copperleaf Logistics Corp., a corporation organized under the laws of the State of Ohio, with offices at 901 Dock Street, Toledo, Ohio 43604 (hereinafter "Customer"); and
Nimbus Data Works, LLC, a Nevada limited liability company, having its principal office at 77 Sierra Way, Reno, Nevada 89501 (hereinafter "Service Provider").
2. TERM AND TERMINATION
2.1 Term. The initial term of this Agreement shall be thirty-six (36) months from the Effective Date. Thereafter, it shall automatically renew for additional one-year terms unless either Party provides written notice of non-renewal at least 90 days prior to the expiration of the current term.
2.2 Termination for Convenience. Customer may terminate this Agreement without cause upon sixty (60) days' prior written notice to Service Provider.
2.3 Termination for Cause. Either Party may terminate this Agreement if the other Party fails to cure a material breach within thirty (30) days after written notice.
3. FEES
3.1 The total fees payable under this Agreement shall be $312,500.00.
3.2 Customer shall pay all undisputed amounts within forty-five (45) days of receipt of a correct invoice. Late payments bear interest at 1% per month.
4. LIMITATION OF LIABILITY
Except for indemnification obligations, each Party's aggregate liability shall be limited to the fees paid in the twelve months preceding the claim.
5. MISCELLANEOUS
This Agreement is governed by and shall be construed under the laws of the State of Ohio, excluding its choice of law rules.
Service Provider shall deliver a disaster recovery plan to Customer on or before September 30, 2023.
"""

SUBCONTRACT_UK = """
SUB-CONTRACT AGREEMENT
Date: 22 April 2024
PARTIES
(1) BRAMLEY CONSTRUCTION PLC (registered number 01234567), whose registered office is at Bramley House, 2 Kiln Road, Derby DE1 2AA (the Contractor); and
(2) FENTON GROUNDWORKS LTD (registered number 09876543) of Unit 7, Canal Wharf, Stoke-on-Trent ST4 1BB (the Sub-Contractor).
The Sub-Contract Sum is £486,200.00 excluding VAT.
The Sub-Contract Works shall commence on 13 May 2024 and be completed by 25 October 2024.
Payment shall become due 14 days after receipt of each application.
This agreement shall be governed by English law.
"""

INDIA_AGREEMENT = """
AGREEMENT FOR ANNUAL MAINTENANCE CONTRACT
Agreement No: KMRL/AMC/2024-25/19
This Agreement is executed at Kochi on this 1st day of July 2024 between
Kaveri Metro Rail Limited, a company registered under the Companies Act, 2013 having its registered office at 8th Floor, Revenue Tower, Kochi 682011 (hereinafter called the "Employer") of the ONE PART
AND
M/s Deccan Lift Services Private Limited, having its office at 45 Industrial Estate, Hyderabad 500037 (hereinafter called the "Contractor") of the OTHER PART.
1. The contract shall be in force for a period of 3 (three) years with effect from 01.08.2024 to 31.07.2027.
2. The total contract price is Rs. 42,75,000/- (Rupees Forty Two Lakh Seventy Five Thousand only) exclusive of GST.
3. Payment will be released within 30 days of submission of the invoice along with service reports.
4. The Employer may terminate the contract by giving one month's notice in writing.
5. The courts at Ernakulam shall have exclusive jurisdiction. This agreement shall be governed by the laws of India.
"""

LICENSE_US = """
SOFTWARE LICENSE AGREEMENT
This Software License Agreement is dated February 28, 2025 and is entered into by Quarrystone Software Inc. ("Licensor") and the Port Authority of Elmhaven ("Licensee").
License fees of $18,000 per year are payable annually in advance.
This Agreement commences on March 1, 2025 and remains in effect until February 28, 2030.
Licensor's liability shall not exceed $250,000.
The validity and interpretation of this Agreement shall be governed by the laws of the Commonwealth of Massachusetts.
"""

NDA_UK = """
CONFIDENTIALITY AGREEMENT
Dated 9 September 2024
between
ORMSKIRK BIOTECH LIMITED
and
SABLE VENTURES LLP
1. The Recipient shall keep the Confidential Information secret for three years after termination of this Agreement.
2. This Agreement shall continue for a period of 18 months from its date.
3. This Agreement shall be governed by the laws of Scotland.
"""

RFP_US = """
COUNTY OF RIVERTON
REQUEST FOR PROPOSALS
RFP No. 2025-038
Title: Landscape Maintenance Services
Proposals are due by 3:30 p.m. Pacific Time, Thursday, May 22, 2025.
A mandatory pre-proposal conference will be held on May 1, 2025 at 10:00 a.m.
All questions must be submitted in writing by May 8, 2025.
Proposals must remain firm for ninety (90) days following the proposal due date.
A bid bond in the amount of five percent (5%) of the proposal price must accompany each proposal.
Proposers shall include the following documents with their proposal:
1. Signed cover letter
2. W-9 form
3. Proof of insurance
"""

ITT_UK = """
INVITATION TO TENDER
Tender Reference: WMC/2025/0612
Contracting Authority: West Marden Council
Contract Title: Supply of School Catering Equipment
Deadline for receipt of tenders: 12 noon (GMT) on 14 November 2025
Tenders shall remain open for acceptance for 90 days from the deadline.
Clarification questions should be raised by 31 October 2025.
Delivery address: Marden Primary School, 5 Church Lane, Marden MR2 6QP
"""

TENDER_GULF = """
TENDER ENQUIRY
Tender No.: QEC-T-2025-114
Qatar Estates Company W.L.L. invites tenders for the replacement of chillers at Tower B.
Tender Bond: QAR 150,000
Tender closing date: Sunday 19 October 2025 at 12:00 hrs local time
Validity of tender: 120 days from the closing date
Site: Tower B, West Bay, Doha
"""

TENDER_IN2 = """
Bharat Heavy Castings Limited
Open Tender Enquiry
Tender Enquiry No. BHCL/MM/OT/2025/0093 dated 11.08.2025
Sealed tenders in two-bid system are invited for supply of 450 MT of pig iron. Tenders must reach the undersigned on or before 05.09.2025 by 14.30 hrs. and will be opened on the same day at 15.00 hrs.
EMD: Rs. 2,00,000/- by way of demand draft.
Offer should be valid for 90 days from the date of opening.
"""

RFQ_EMAIL = """
Dear Sir or Madam,
Request for Quotation RFQ-7731
Please submit your quotation for the goods below not later than 18 March 2025, 17:00 CET.
Place of delivery: Plant Hall 4, Dock Road 9, Gdansk
Your offer should be valid for at least 60 days.
Kind regards,
Marta Lis
"""

ORDER_UK = """
PURCHASE ORDER
PO Number: 4500071934
Order Date: 17 February 2025
Supplier: Tamar Fixings Ltd
Invoice to: Penrith Rail Engineering Ltd
Deliver to: Depot 6, Station Yard, Penrith CA11 7JQ
Required by: 3 March 2025
Payment Terms: 60 days end of month
Revision No: 2
All goods to be delivered DDP Penrith.
"""

ORDER_US = """
Purchase Order
P.O. #: 118-40277
Date: 03/04/2025
Vendor: Bluebonnet Valve & Fitting Co.
Ship To: Cedar Creek Water District, 1420 Pump Station Rd, Bastrop, TX 78602
Bill To: Cedar Creek Water District
Terms: Net 30
Delivery Date: 03/28/2025
Freight: Prepaid and add
"""

WERKVERTRAG_DE = """
Werkvertrag
zwischen
Gemeinde Oberfeld, Rathausplatz 1, 12345 Oberfeld
(Auftraggeberin)
und
Dachbau Krüger GmbH, Lindenweg 7, 12347 Altdorf
(Auftragnehmerin)
1. Die Auftragnehmerin erhält für die Leistungen einen Pauschalpreis von 94.500,00 € netto.
2. Die Arbeiten beginnen am 3. Juni 2024 und sind bis zum 30. August 2024 fertigzustellen.
3. Die Schlussrechnung ist binnen 30 Tagen nach Zugang zu zahlen.
4. Gewährleistungsfrist: 5 Jahre.
Oberfeld, den 17.05.2024
"""

WARTUNG_DE = """
Wartungsvertrag Nr. WV-0815/24
Die Klinikum Ostsee gGmbH, Strandallee 2, 18055 Rostock (nachstehend „Kunde" genannt) und die MedTech Service GmbH, Ringstraße 9, 18057 Rostock (nachstehend „Anbieter" genannt) schließen folgenden Wartungsvertrag:
§ 2 Vertragsdauer
Die Vertragslaufzeit beträgt 36 Monate und beginnt am 01.01.2025. Sie verlängert sich automatisch um jeweils 12 Monate, sofern der Vertrag nicht spätestens 6 Monate vor Ablauf schriftlich gekündigt wird.
§ 4 Vergütung
Die monatliche Pauschale beträgt 1.250,00 EUR. Zahlungen sind 14 Tage nach Rechnungserhalt fällig.
§ 9 Haftung
Die Haftung des Anbieters für einfache Fahrlässigkeit ist begrenzt auf 1 Mio. EUR.
§ 11 Anwendbares Recht
Dieser Vertrag unterliegt dem Recht der Bundesrepublik Deutschland unter Ausschluss des UN-Kaufrechts.
"""

AUSSCHREIBUNG_DE = """
Öffentliche Ausschreibung
Vergabe-Nr.: ST-24-117
Auftraggeber: Stadt Bad Wiesenthal, Tiefbauamt
Maßnahme: Erneuerung der Kanalisation Mühlgasse
Angebote sind spätestens bis zum 12.11.2024, 10:00 Uhr einzureichen.
Zuschlags- und Bindefrist: 20.12.2024
Ausführungsort: Mühlgasse, Bad Wiesenthal
Bieterfragen sind bis zum 05.11.2024 zu stellen.
"""

BAIL_FR = """
CONTRAT DE MAINTENANCE
Conclu entre :
HÔPITAL SAINTE-CLAIRE, établissement public de santé, sis 3 place de l'Église, 59000 Lille, représenté par son directeur, ci-après désigné « le Donneur d'ordre »
et
Société THERMOGAZ, SA au capital de 500 000 €, 18 rue du Port, 59140 Dunkerque, ci-après désignée « le Titulaire »
Le contrat entre en vigueur le 2 janvier 2025 pour une durée de 24 mois.
Montant total du contrat : 132 000 € HT
Le paiement intervient sous 30 jours à réception de facture.
Le contrat peut être résilié par chacune des parties moyennant un préavis de six mois.
La responsabilité du Titulaire est plafonnée à 1 000 000 €.
Le présent contrat est régi par la loi française.
"""

AO_FR = """
AVIS D'APPEL PUBLIC À LA CONCURRENCE
Référence : MAPA-2025-22
Acheteur : Département des Hautes-Collines
Objet du marché : Fourniture de véhicules utilitaires
Lieu de livraison : Parc départemental, route de Vienne, 38200 Vienne
Date limite de réception des offres : 03/10/2025 à 16h30
Les offres sont valables 90 jours à compter de la date limite.
Les questions doivent parvenir avant le 24/09/2025.
"""

SUMINISTRO_ES = """
CONTRATO DE SUMINISTRO N.º CS-2024-031
Entre Áridos del Duero, S.A. (en lo sucesivo, "el Suministrador") y Constructora Meseta Norte, S.L. (en lo sucesivo, "el Comprador"), ambas con domicilio en Valladolid.
El presente contrato tendrá una duración de dos (2) años a partir del 15 de enero de 2024.
El importe total del contrato es de 210.500,00 €.
El pago se realizará a 30 días fecha factura.
Cualquiera de las partes podrá rescindir el contrato con una antelación de dos meses.
El contrato se rige por el derecho español.
En Valladolid, a 8 de enero de 2024
"""

COTIZACION_ES = """
SOLICITUD DE COTIZACIÓN
Referencia: SC-0457/2025
Empresa solicitante: Minera Los Andes
Objeto: Repuestos para molino SAG
Las ofertas se recibirán hasta el 18 de julio de 2025 a las 17:00 horas.
Las ofertas deberán tener una validez de 60 días.
Lugar de entrega: Bodega Central, Antofagasta
Documentos a presentar:
- Ficha técnica
- Certificado de origen
"""

COMMANDE2_FR = """
Commande n° 25-01187
Date de commande : 15 mai 2025
Fournisseur : SOCIÉTÉ NOUVELLE DES TUBES
Facturer à : Chantiers de l'Adour
Livrer à : Chantiers de l'Adour, quai Est, 64100 Bayonne
Livraison au plus tard le 6 juin 2025
Règlement : virement à 30 jours
"""

FRESH = [
    ("a master agreement", "contract", MASTER_US, {
        "vendor_name": "Nimbus Data Works, LLC", "customer_name": "Copperleaf Logistics Corp.", "effective_date": "2023-06-15",
        "date": "2023-06-15", "term": "thirty-six (36) months", "renewal_notice": "90 days", "notice_period": "sixty (60) days",
        "total": 312500, "currency": "USD", "payment_terms": "within forty-five (45) days of receipt of a correct invoice",
        "liability_cap": "the fees paid in the twelve months preceding the claim", "governing_law": "State of Ohio",
    }),
    ("an English sub-contract", "contract", SUBCONTRACT_UK, {
        "vendor_name": "FENTON GROUNDWORKS LTD", "customer_name": "BRAMLEY CONSTRUCTION PLC", "date": "2024-04-22",
        "effective_date": "2024-05-13", "due": "2024-10-25", "total": 486200, "currency": "GBP",
        "payment_terms": "14 days after receipt of each application", "governing_law": "English law",
    }),
    ("an Indian agreement", "contract", INDIA_AGREEMENT, {
        "vendor_name": "Deccan Lift Services Private Limited", "customer_name": "Kaveri Metro Rail Limited",
        "number": "KMRL/AMC/2024-25/19", "date": "2024-07-01", "effective_date": "2024-08-01", "due": "2027-07-31",
        "term": "3 (three) years", "total": 4275000, "currency": "INR",
        "payment_terms": "within 30 days of submission of the invoice along with service reports", "notice_period": "one month",
        "governing_law": "India",
    }),
    ("a licence", "contract", LICENSE_US, {
        "vendor_name": "Quarrystone Software Inc.", "customer_name": "Port Authority of Elmhaven", "date": "2025-02-28",
        "effective_date": "2025-03-01", "due": "2030-02-28", "liability_cap": "$250,000",
        "governing_law": "Commonwealth of Massachusetts",
    }),
    ("an English secrecy agreement", "contract", NDA_UK, {
        "party_a": "ORMSKIRK BIOTECH LIMITED", "party_b": "SABLE VENTURES LLP", "date": "2024-09-09", "term": "18 months",
        "governing_law": "Scotland",
    }),
    ("a county's request for proposals", "rfq", RFP_US, {
        "number": "2025-038", "due": "2025-05-22", "closing_time": "15:30", "time_zone": "Pacific Time",
        "bid_validity": "ninety (90) days", "bid_security": "5%",
    }),
    ("an English invitation to tender", "rfq", ITT_UK, {
        "customer_name": "West Marden Council", "number": "WMC/2025/0612", "due": "2025-11-14", "closing_time": "12:00",
        "time_zone": "GMT", "bid_validity": "90 days",
        "delivery_place": "Marden Primary School, 5 Church Lane, Marden MR2 6QP",
    }),
    ("a tender of the Gulf", "rfq", TENDER_GULF, {
        "customer_name": "Qatar Estates Company W.L.L.", "number": "QEC-T-2025-114", "due": "2025-10-19",
        "closing_time": "12:00", "time_zone": "local time", "bid_security": "QAR 150,000", "bid_validity": "120 days",
        "delivery_place": "Tower B, West Bay, Doha",
    }),
    ("an Indian tender enquiry", "rfq", TENDER_IN2, {
        "number": "BHCL/MM/OT/2025/0093", "date": "2025-08-11", "due": "2025-09-05", "closing_time": "14:30",
        "bid_security": "Rs. 2,00,000/-", "bid_validity": "90 days",
    }),
    ("a letter that asks for a quotation", "rfq", RFQ_EMAIL, {
        "number": "RFQ-7731", "due": "2025-03-18", "closing_time": "17:00", "time_zone": "CET",
        "delivery_place": "Plant Hall 4, Dock Road 9, Gdansk", "bid_validity": "60 days",
    }),
    ("an English order", "purchase_order", ORDER_UK, {
        "vendor_name": "Tamar Fixings Ltd", "customer_name": "Penrith Rail Engineering Ltd", "number": "4500071934",
        "date": "2025-02-17", "ship_to": "Depot 6, Station Yard, Penrith CA11 7JQ", "delivery_date": "2025-03-03",
        "payment_terms": "60 days end of month", "amendment_number": "2", "incoterms": "DDP Penrith",
    }),
    ("an American order", "purchase_order", ORDER_US, {
        "vendor_name": "Bluebonnet Valve & Fitting Co.", "customer_name": "Cedar Creek Water District", "number": "118-40277",
        "date": "2025-03-04", "delivery_date": "2025-03-28", "payment_terms": "Net 30",
        "ship_to": "Cedar Creek Water District, 1420 Pump Station Rd, Bastrop, TX 78602",
    }),
    ("a German contract of works", "contract", WERKVERTRAG_DE, {
        "vendor_name": "Dachbau Krüger GmbH", "customer_name": "Gemeinde Oberfeld", "date": "2024-05-17", "total": 94500,
        "currency": "EUR", "payment_terms": "binnen 30 Tagen nach Zugang", "effective_date": "2024-06-03", "due": "2024-08-30",
    }),
    ("a German contract of maintenance", "contract", WARTUNG_DE, {
        "vendor_name": "MedTech Service GmbH", "customer_name": "Klinikum Ostsee gGmbH", "number": "WV-0815/24",
        "effective_date": "2025-01-01", "term": "36 Monate", "renewal_notice": "6 Monate",
        "payment_terms": "14 Tage nach Rechnungserhalt", "liability_cap": "1 Mio. EUR", "governing_law": "Bundesrepublik Deutschland",
    }),
    ("a German public tender", "rfq", AUSSCHREIBUNG_DE, {
        "customer_name": "Stadt Bad Wiesenthal, Tiefbauamt", "number": "ST-24-117", "due": "2024-11-12", "closing_time": "10:00",
        "bid_validity": "2024-12-20", "delivery_place": "Mühlgasse, Bad Wiesenthal",
    }),
    ("a French contract of maintenance", "contract", BAIL_FR, {
        "vendor_name": "THERMOGAZ", "customer_name": "HÔPITAL SAINTE-CLAIRE", "effective_date": "2025-01-02", "term": "24 mois",
        "total": 132000, "currency": "EUR", "payment_terms": "sous 30 jours à réception de facture", "notice_period": "six mois",
        "liability_cap": "1 000 000 €", "governing_law": "loi française",
    }),
    ("a French public notice", "rfq", AO_FR, {
        "customer_name": "Département des Hautes-Collines", "number": "MAPA-2025-22", "due": "2025-10-03",
        "closing_time": "16:30", "bid_validity": "90 jours",
        "delivery_place": "Parc départemental, route de Vienne, 38200 Vienne",
    }),
    ("a Spanish contract of supply", "contract", SUMINISTRO_ES, {
        "vendor_name": "Áridos del Duero, S.A.", "customer_name": "Constructora Meseta Norte, S.L.", "number": "CS-2024-031",
        "date": "2024-01-08", "effective_date": "2024-01-15", "term": "dos (2) años", "total": 210500, "currency": "EUR",
        "payment_terms": "a 30 días fecha factura", "notice_period": "dos meses", "governing_law": "derecho español",
    }),
    ("a Chilean request for quotation", "rfq", COTIZACION_ES, {
        "customer_name": "Minera Los Andes", "number": "SC-0457/2025", "due": "2025-07-18", "closing_time": "17:00",
        "bid_validity": "60 días", "delivery_place": "Bodega Central, Antofagasta",
    }),
    ("a French order without much", "purchase_order", COMMANDE2_FR, {
        "vendor_name": "SOCIÉTÉ NOUVELLE DES TUBES", "customer_name": "Chantiers de l'Adour", "number": "25-01187",
        "date": "2025-05-15", "delivery_date": "2025-06-06", "payment_terms": "virement à 30 jours",
        "ship_to": "Chantiers de l'Adour, quai Est, 64100 Bayonne",
    }),
]
"""What it is, its kind, the text, and its facts by role; what is not told must not be found."""
