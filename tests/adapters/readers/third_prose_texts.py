"""A third round of texts that the reader was not made for."""

# ruff: noqa: E501 -- a paragraph is one line, as long as people write it

EQUIPMENT_US = """
EQUIPMENT RENTAL AGREEMENT
This Equipment Rental Agreement (the "Agreement") is made this 12th day of April, 2025, by and between Granite State Cranes, Inc., a New Hampshire corporation ("Owner"), and Tidewater Builders, LP ("Renter").
1. Rental Period. The rental period begins on April 21, 2025 and shall end on July 20, 2025.
2. Rent. Renter shall pay Owner rent of $14,500.00 per month, due on the first day of each month.
3. Insurance. Renter shall maintain liability insurance of not less than $1,000,000 per occurrence.
4. Renter shall return the equipment to Owner within five (5) business days after the end of the rental period.
5. This Agreement shall be construed in accordance with and governed by the laws of New Hampshire.
"""

FRAMEWORK_UK = """
Framework Agreement
Agreement reference: RM-5521/B
Buyer: Northshire Fire and Rescue Authority
Supplier: Beaconfield Uniforms Ltd
Start Date: 1st October 2025
End Date: 30th September 2029
Contract Value: £640,000
The Buyer may extend the Framework Agreement for up to 12 months.
The Supplier shall be paid within 30 days of receipt of a valid invoice.
The Buyer may end this Framework Agreement by giving at least 90 days' written notice.
This Framework Agreement and any dispute shall be governed by and interpreted in accordance with the Laws of England and Wales.
"""

NDA_FR = """
ACCORD DE CONFIDENTIALITÉ
ENTRE
La société VERDON CHIMIE, société par actions simplifiée, dont le siège est à Marseille,
ET
La société LABORATOIRES MISTRAL, société anonyme, dont le siège est à Nice,
Le présent accord prend effet à la date de sa signature et demeure en vigueur pendant une durée de trois (3) ans.
Les obligations de confidentialité subsistent pendant cinq ans après son expiration.
Le présent accord est régi par le droit français.
Fait à Marseille, le 3 février 2025
"""

KAUFVERTRAG_DE = """
Kaufvertrag
zwischen der Pressenbau Hartmann AG, Eisenweg 4, 58636 Iserlohn (nachfolgend: Verkäuferin) und der Blechwerk Süd GmbH, Industriepark 12, 89073 Ulm (nachfolgend: Käuferin)
Der Kaufpreis beträgt EUR 1.240.000,00 zzgl. USt.
Der Kaufpreis ist innerhalb von 21 Tagen nach Lieferung zu zahlen.
Die Verkäuferin liefert FCA Iserlohn (Incoterms 2020) bis spätestens 15. September 2025.
Die Haftung der Verkäuferin ist der Höhe nach auf 10 % des Kaufpreises begrenzt.
Auf diesen Vertrag ist ausschließlich deutsches Recht anzuwenden.
Iserlohn, den 2. Mai 2025
"""

CONFIDENCIALIDAD_ES = """
ACUERDO DE CONFIDENCIALIDAD
En Bilbao, a 20 de mayo de 2025
De una parte, ACEROS NERVIÓN, S.A., con CIF A48000001 (en adelante, "NERVIÓN").
De otra parte, ROBÓTICA EUSKADI, S.L., con CIF B48000002 (en adelante, "EUSKADI").
El presente acuerdo tendrá una vigencia de 2 años desde su firma.
Este acuerdo se regirá e interpretará conforme a la legislación española.
"""

GEM_IN = """
Bid Document
Bid Number: GEM/2025/B/5512043
Dated: 14-05-2025
Bid End Date/Time: 04-06-2025 15:00:00
Bid Opening Date/Time: 04-06-2025 15:30:00
Bid Offer Validity (From End Date): 90 (Days)
Ministry/State Name: Ministry of Power
Organisation Name: Vindhya Hydro Power Corporation Limited
EMD Amount: 85000
Document required from seller: Experience Criteria, Certificate
"""

SOLICITATION_US = """
SOLICITATION, OFFER AND AWARD
Solicitation Number: W9-25-R-0012
Issued By: Harbor District Contracting Office
Sealed offers in original and 2 copies will be received at the place specified until 1500 hours local time on 30 June 2025.
Offers shall remain valid for 120 calendar days.
Required documents:
(1) Signed offer form
(2) Past performance questionnaire
"""

RFQ_GULF = """
REQUEST FOR QUOTATION
RFQ Ref: DMC/PRC/25/338
Date: 09 Sep 2025
Company: Dhofar Marble Company SAOG
Delivery Location: Salalah Free Zone, Oman
Closing Date: 23 Sep 2025 @ 2.00 PM (Oman Time)
Offer Validity: 60 days
Payment Terms: 30 days from invoice
Kindly submit your best offer for the items listed.
"""

PRIX_FR = """
Demande de prix n° DP-2025-119
Date : 02/06/2025
Entreprise : Scierie du Haut-Jura
Merci de nous faire parvenir votre meilleure offre avant le 13 juin 2025 à 17 h.
Lieu de livraison : Scierie du Haut-Jura, 39200 Saint-Claude
Validité de l'offre : 2 mois
"""

CHANGED_US = """
CHANGE ORDER
Purchase Order No. 77-3310
Change Order No.: 3
Revision Date: June 9, 2025
Supplier: Saguaro Pump Company
Bill To: Mesa Verde Irrigation District
Ship To: Canal Station 5, Cortez, CO 81321
Payment Terms: 2% 10, Net 30
FOB: Destination
Deliver by August 1, 2025.
"""

ORDER_GULF = """
LOCAL PURCHASE ORDER
LPO No.: LPO-25-00871
Date: 15-Jul-2025
To: M/s. Falcon Electrical Trading LLC
From: Marina Heights Contracting LLC
Delivery Location: Plot 88, Business Bay, Dubai
Payment Terms: 60 days PDC
Delivery Date: 31-Jul-2025
"""

AUFTRAG_DE = """
Auftrag Nr. A-2025-0733
Auftraggeber: Stadtentwässerung Rheinau
Auftragnehmer: Pumpen Keller GmbH & Co. KG
Auftragsdatum: 11.06.2025
Lieferanschrift: Klärwerk Nord, Am Damm 1, 68219 Mannheim
Lieferung bis spätestens 04.07.2025
Zahlungsziel: 30 Tage netto
"""

THIRD = [
    ("a rental", "contract", EQUIPMENT_US, {
        "vendor_name": "Granite State Cranes, Inc.", "customer_name": "Tidewater Builders, LP", "date": "2025-04-12",
        "effective_date": "2025-04-21", "due": "2025-07-20", "governing_law": "New Hampshire",
    }),
    ("a front sheet of a framework", "contract", FRAMEWORK_UK, {
        "vendor_name": "Beaconfield Uniforms Ltd", "customer_name": "Northshire Fire and Rescue Authority",
        "number": "RM-5521/B", "effective_date": "2025-10-01", "due": "2029-09-30", "total": 640000, "currency": "GBP",
        "payment_terms": "within 30 days of receipt of a valid invoice", "notice_period": "90 days",
        "governing_law": "England and Wales",
    }),
    ("a French secrecy agreement", "contract", NDA_FR, {
        "party_a": "VERDON CHIMIE", "party_b": "LABORATOIRES MISTRAL", "term": "trois (3) ans", "date": "2025-02-03",
        "governing_law": "droit français",
    }),
    ("a German sale", "contract", KAUFVERTRAG_DE, {
        "vendor_name": "Pressenbau Hartmann AG", "customer_name": "Blechwerk Süd GmbH", "date": "2025-05-02", "total": 1240000,
        "currency": "EUR", "payment_terms": "innerhalb von 21 Tagen nach Lieferung", "incoterms": "FCA Iserlohn",
        "liability_cap": "10 % des Kaufpreises", "governing_law": "deutsches Recht",
    }),
    ("a Spanish secrecy agreement", "contract", CONFIDENCIALIDAD_ES, {
        "party_a": "ACEROS NERVIÓN, S.A.", "party_b": "ROBÓTICA EUSKADI, S.L.", "date": "2025-05-20", "term": "2 años",
        "governing_law": "legislación española",
    }),
    ("a bid of the Indian marketplace", "rfq", GEM_IN, {
        "customer_name": "Vindhya Hydro Power Corporation Limited", "number": "GEM/2025/B/5512043", "date": "2025-05-14",
        "due": "2025-06-04", "closing_time": "15:00", "bid_validity": "90 (Days)",
    }),
    ("a solicitation", "rfq", SOLICITATION_US, {
        "customer_name": "Harbor District Contracting Office", "number": "W9-25-R-0012", "due": "2025-06-30",
        "closing_time": "15:00", "time_zone": "local time", "bid_validity": "120 calendar days",
    }),
    ("a request of Oman", "rfq", RFQ_GULF, {
        "customer_name": "Dhofar Marble Company SAOG", "number": "DMC/PRC/25/338", "date": "2025-09-09", "due": "2025-09-23",
        "closing_time": "14:00", "time_zone": "Oman Time", "bid_validity": "60 days", "payment_terms": "30 days from invoice",
        "delivery_place": "Salalah Free Zone, Oman",
    }),
    ("a French request for prices", "rfq", PRIX_FR, {
        "customer_name": "Scierie du Haut-Jura", "number": "DP-2025-119", "date": "2025-06-02", "due": "2025-06-13",
        "closing_time": "17:00", "delivery_place": "Scierie du Haut-Jura, 39200 Saint-Claude", "bid_validity": "2 mois",
    }),
    ("a changed order", "purchase_order", CHANGED_US, {
        "vendor_name": "Saguaro Pump Company", "customer_name": "Mesa Verde Irrigation District", "number": "77-3310",
        "amendment_number": "3", "amendment_date": "2025-06-09", "ship_to": "Canal Station 5, Cortez, CO 81321",
        "payment_terms": "2% 10, Net 30", "delivery_date": "2025-08-01", "incoterms": "FOB: Destination",
    }),
    ("an order of Dubai", "purchase_order", ORDER_GULF, {
        "vendor_name": "Falcon Electrical Trading LLC", "customer_name": "Marina Heights Contracting LLC",
        "number": "LPO-25-00871", "date": "2025-07-15", "ship_to": "Plot 88, Business Bay, Dubai",
        "payment_terms": "60 days PDC", "delivery_date": "2025-07-31",
    }),
    ("a German order of works", "purchase_order", AUFTRAG_DE, {
        "vendor_name": "Pumpen Keller GmbH & Co. KG", "customer_name": "Stadtentwässerung Rheinau", "number": "A-2025-0733",
        "date": "2025-06-11", "ship_to": "Klärwerk Nord, Am Damm 1, 68219 Mannheim", "delivery_date": "2025-07-04",
        "payment_terms": "30 Tage netto",
    }),
]
"""What it is, its kind, the text, and its facts by role; what is not told must not be found."""

FOURTH = [
    ("an order form", "contract", """
ORDER FORM AND SUBSCRIPTION AGREEMENT
Effective Date: September 1, 2025
Customer: Lakeview School District
Provider: Brightpath Learning, Inc.
Subscription Term: 12 months
Total Contract Value: $48,000.00
Payment Terms: Net 60
1. Auto-Renewal. This Agreement will renew automatically for additional 12-month periods unless either party gives notice at least thirty (30) days before the end of the term.
2. Governing Law. California law governs this Agreement.
3. Liability. Neither party's liability will exceed the amounts paid by Customer in the 12 months before the claim.
""", {
        "vendor_name": "Brightpath Learning, Inc.", "customer_name": "Lakeview School District",
        "effective_date": "2025-09-01", "term": "12 months", "total": 48000, "currency": "USD", "payment_terms": "Net 60",
        "renewal_notice": "thirty (30) days", "governing_law": "California law",
        "liability_cap": "the amounts paid by Customer in the 12 months before the claim",
    }),
    ("a consultancy of England", "contract", """
DATED 3 MARCH 2025
CONSULTANCY AGREEMENT
between
ELMBRIDGE WATER PLC (1)
and
DR HELEN MARSH (2)
Elmbridge Water PLC (the "Client") appoints Dr Helen Marsh (the "Consultant").
The Engagement shall commence on 10 March 2025 and shall terminate on 9 September 2025.
The Client shall pay the Consultant a fee of £650 per day.
Either party may terminate the Engagement by giving not less than four weeks' notice.
This agreement is governed by the law of England and Wales.
""", {
        "vendor_name": "DR HELEN MARSH", "customer_name": "ELMBRIDGE WATER PLC", "date": "2025-03-03",
        "effective_date": "2025-03-10", "due": "2025-09-09", "notice_period": "four weeks",
        "governing_law": "England and Wales",
    }),
    ("a German framework of computing", "contract", """
IT-Rahmenvertrag
Vertrags-Nr.: RV-IT-2025/04
Auftraggeber: Landesamt für Statistik Nordmark
Auftragnehmer: Datenwerk Systemhaus GmbH
Vertragsbeginn: 01.10.2025
Vertragsende: 30.09.2029
Der Vertrag kann von jeder Partei mit einer Frist von 3 Monaten zum Ende eines Kalenderjahres gekündigt werden.
Die Vergütung wird binnen 30 Tagen nach Eingang einer prüffähigen Rechnung gezahlt.
Die Haftung ist je Vertragsjahr auf 250.000 EUR beschränkt.
Es findet das Recht der Bundesrepublik Deutschland Anwendung.
""", {
        "vendor_name": "Datenwerk Systemhaus GmbH", "customer_name": "Landesamt für Statistik Nordmark",
        "number": "RV-IT-2025/04", "effective_date": "2025-10-01", "due": "2029-09-30", "notice_period": "3 Monaten",
        "payment_terms": "binnen 30 Tagen nach Eingang einer prüffähigen Rechnung", "liability_cap": "250.000 EUR",
        "governing_law": "Bundesrepublik Deutschland",
    }),
    ("a French contract of works", "contract", """
MARCHÉ DE TRAVAUX N° 2025-T-014
Maître d'ouvrage : Communauté de communes du Val Fleuri
Titulaire : Entreprise Dubreuil BTP
Le montant du marché est de 1 245 300,50 € HT.
Le délai d'exécution est de 8 mois à compter de l'ordre de service.
Les paiements sont effectués dans un délai de 30 jours à compter de la réception de la demande de paiement.
""", {
        "vendor_name": "Entreprise Dubreuil BTP", "customer_name": "Communauté de communes du Val Fleuri",
        "number": "2025-T-014", "total": 1245300.5, "currency": "EUR",
        "payment_terms": "dans un délai de 30 jours à compter de la réception de la demande de paiement",
    }),
    ("a Spanish contract of works", "contract", """
CONTRATO DE OBRA
Reunidos, de una parte, D. Luis Prado, en representación de INMUEBLES CANTÁBRICO, S.L. (en adelante, la "Propiedad"), y de otra parte, CONSTRUCCIONES BESAYA, S.A. (en adelante, la "Contratista").
El precio cerrado asciende a la cantidad de 398.000 € (IVA no incluido).
Las obras comenzarán el 2 de junio de 2025 y finalizarán el 28 de noviembre de 2025.
Los pagos se efectuarán a los 60 días de la presentación de cada certificación.
""", {
        "vendor_name": "CONSTRUCCIONES BESAYA, S.A.", "customer_name": "INMUEBLES CANTÁBRICO, S.L.", "total": 398000,
        "currency": "EUR", "effective_date": "2025-06-02", "due": "2025-11-28",
    }),
    ("a town's request for bids", "rfq", """
Town of Ashgrove
REQUEST FOR BIDS #25-11
Snow Removal Services
Bids must be delivered to the Town Clerk, 4 Main Street, no later than 11:00 A.M. EST on Friday, October 10, 2025, at which time they will be publicly opened.
All inquiries must be received by October 3, 2025.
Bids may not be withdrawn for a period of 60 days after the bid opening.
A bid bond of $5,000 is required.
""", {
        "number": "25-11", "due": "2025-10-10", "closing_time": "11:00", "time_zone": "EST", "bid_security": "$5,000",
    }),
    ("a hospital's request", "rfq", """
Request for Quotation
Reference: Q/2025/118
Buyer: Hexham Hospitals NHS Trust
Please return your quotation by 5pm on 12 December 2025 to procurement.
Delivery to: Main Stores, Hexham General Hospital, NE46 1QJ
Prices to be held firm for 90 days.
""", {
        "customer_name": "Hexham Hospitals NHS Trust", "number": "Q/2025/118", "due": "2025-12-12", "closing_time": "17:00",
    }),
    ("an Indian enquiry", "rfq", """
SHARADA TEXTILE MILLS PVT LTD
ENQUIRY
Enquiry No.: STM/ENQ/0419 Date: 21/07/2025
To, M/s Vikram Engineering Works
Please send your lowest quotation on or before 28/07/2025 for the following items.
Delivery: At our mill site, Erode
Validity: 30 days
""", {
        "number": "STM/ENQ/0419", "date": "2025-07-21", "due": "2025-07-28", "bid_validity": "30 days",
    }),
    ("a German order with addresses", "purchase_order", """
Bestellung
Bestellnummer: B25-004417
Bestelldatum: 22.05.2025
Lieferant: Schrauben Maier OHG, Talstr. 4, 70001 Stuttgart
Rechnungsadresse: Anlagenbau Kern GmbH, Postfach 12, 70002 Stuttgart
Lieferadresse: Anlagenbau Kern GmbH, Werk 2, Nordring 8, 70003 Stuttgart
Lieferung frei Haus bis zum 05.06.2025.
Zahlung: 30 Tage netto
""", {
        "vendor_name": "Schrauben Maier OHG", "customer_name": "Anlagenbau Kern GmbH", "number": "B25-004417",
        "date": "2025-05-22", "ship_to": "Anlagenbau Kern GmbH, Werk 2, Nordring 8, 70003 Stuttgart",
        "delivery_date": "2025-06-05", "payment_terms": "30 Tage netto",
    }),
    ("a Mexican order", "purchase_order", """
ORDEN DE COMPRA N.º 4501-2025
Fecha: 3 de abril de 2025
Proveedor: Suministros Eléctricos del Norte, S.A. de C.V.
Comprador: Cementera Regiomontana
Lugar de entrega: Planta Apodaca, Nuevo León
Fecha de entrega: 17 de abril de 2025
Forma de pago: 30 días crédito
""", {
        "vendor_name": "Suministros Eléctricos del Norte, S.A. de C.V.", "customer_name": "Cementera Regiomontana",
        "number": "4501-2025", "date": "2025-04-03", "ship_to": "Planta Apodaca, Nuevo León", "delivery_date": "2025-04-17",
        "payment_terms": "30 días crédito",
    }),
]
"""Ten more, shorter ones."""
