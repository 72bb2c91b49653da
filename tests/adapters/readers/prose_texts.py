"""Short contracts, requests and orders as people write them, in four languages, each with what stands in it."""

# ruff: noqa: E501 -- a paragraph is one line, as long as people write it

SERVICE_UK = """
SERVICES AGREEMENT
Agreement No.: SA-2025-0114
THIS AGREEMENT is made on 14 January 2025
BETWEEN:
(1) HARROWGATE FACILITIES LIMITED, a company incorporated in England and Wales with company number 07654321 whose registered office is at 4 Mill Lane, Leeds LS1 4AP (the "Supplier"); and
(2) TRENTSIDE UNIVERSITY of College Road, Nottingham NG1 5BX (the "Client").
1. TERM
1.1 This Agreement shall commence on 1 February 2025 (the "Commencement Date") and, unless terminated earlier in accordance with its terms, shall continue until 31 January 2028.
1.2 The Agreement shall renew automatically for successive periods of one year unless either party gives at least six (6) months' written notice before the end of the then current term.
2. CHARGES
2.1 The total contract value is £1,250,000.00 exclusive of VAT.
2.2 The Client shall pay each undisputed invoice within 30 days of receipt.
3. TERMINATION
3.1 Either party may terminate this Agreement at any time on giving not less than three months' written notice to the other.
3.2 A party may terminate with immediate effect if the other commits a material breach which is not remedied within 14 days of notice.
4. LIABILITY
4.1 The Supplier's total liability under this Agreement shall not exceed £2,000,000 in aggregate.
5. GENERAL
5.1 The Supplier shall submit a monthly report within 5 working days of the end of each month.
5.2 This Agreement is governed by and construed in accordance with the laws of England and Wales.
IN WITNESS WHEREOF the parties have executed this Agreement.
Signed for and on behalf of HARROWGATE FACILITIES LIMITED
Name: Paula Finch
Title: Director
Date: ____________
"""

NDA_US = """
MUTUAL NON-DISCLOSURE AGREEMENT
This Mutual Non-Disclosure Agreement (this "Agreement") is entered into as of March 3, 2025 (the "Effective Date") by and between Larkspur Robotics, Inc., a Delaware corporation with its principal place of business at 320 Innovation Drive, Floor 12, Austin, TX 78701 ("Larkspur"), and Pinecone Analytics LLC, a California limited liability company ("Pinecone").
1. Confidential Information. Each party shall protect the other's Confidential Information for a period of five (5) years following disclosure.
2. Term. This Agreement shall remain in effect for a period of two (2) years from the Effective Date.
3. Termination. Either party may terminate this Agreement upon thirty (30) days' prior written notice.
4. Governing Law. This Agreement shall be governed by the laws of the State of Delaware, without regard to its conflict of laws principles.
By: /s/ Dana Whitfield
Name: Dana Whitfield
Title: CEO
"""

FRAMEWORK_GULF = """
FRAMEWORK AGREEMENT FOR THE SUPPLY OF VALVES
Contract No. FA/DXB/2025/071
This Framework Agreement is made and entered into on this 5th day of May, 2025
Between
M/s. Al Noor Desalination Company LLC, P.O. Box 4471, Dubai, United Arab Emirates (hereinafter referred to as the "Purchaser")
And
M/s. Gulf Valve Trading FZE, P.O. Box 120, Sharjah, United Arab Emirates (hereinafter referred to as the "Supplier").
The Agreement shall be valid from 1 June 2025 to 31 May 2027.
The estimated value of this Agreement is AED 3,400,000 (United Arab Emirates Dirhams Three Million Four Hundred Thousand only).
Payment shall be made within sixty (60) days from the date of receipt of the invoice.
Delivery shall be DDP Jebel Ali site, Incoterms 2020.
The Purchaser may terminate this Agreement for convenience by giving ninety (90) days written notice to the Supplier.
This Agreement shall be governed by the laws of the United Arab Emirates as applied in the Emirate of Dubai.
"""

CONSULTANCY_US = """
CONSULTING AGREEMENT
THIS CONSULTING AGREEMENT, dated as of October 1, 2024, is between Meridian Health Partners, Inc. ("Company") and John R. Albright, an individual residing in Boise, Idaho ("Consultant").
The Company shall pay Consultant at the rate of $150 per hour. Total fees under this Agreement are $60,000. Invoices are payable net 45 days.
The term of this Agreement begins on October 15, 2024 and ends on April 14, 2025.
Company may terminate this Agreement for any reason upon 15 days' written notice.
Consultant shall deliver the final report to the Company no later than March 31, 2025.
IN NO EVENT SHALL EITHER PARTY'S LIABILITY EXCEED THE TOTAL FEES PAID UNDER THIS AGREEMENT.
The laws of the State of Idaho govern this Agreement.
"""

ORDER_IN = """
PURCHASE ORDER
P.O. No.: SKL/PUR/24-25/0318
Date: 18.11.2024
Invoice To
SAHYADRI KILNS LIMITED
Plot 14, MIDC, Satara 415004
Supplier (Bill from)
MADHAV BEARINGS & SEALS
27 Station Road, Pune 411001
Consignee (Ship to)
SAHYADRI KILNS LIMITED - UNIT II
Delivery on or before 10.12.2024
Mode/Terms of Payment: 45 days from receipt of material
Terms of Delivery: Ex-works Pune
"""

RFQ_US = """
REQUEST FOR QUOTATION
RFQ Number: RFQ-24-0977
Issue Date: August 5, 2024
Issued by: City of Maple Bluff, Purchasing Division
The City of Maple Bluff is soliciting quotations for the supply of road salt.
Quotations must be received no later than 2:00 PM Central Time on August 29, 2024.
Place of delivery: Public Works Yard, 18 Quarry Road, Maple Bluff
Quotations shall remain valid for sixty (60) days after the closing date.
The following documents must be submitted with the quotation:
- Completed price schedule
- Certificate of insurance
- Three references
Questions shall be sent to the buyer by August 16, 2024.
"""

TENDER_IN = """
NOTICE INVITING TENDER
NIT No: NMDC/ENG/2025/44 Dated: 02.06.2025
Executive Engineer, Nandgaon Municipal Corporation invites sealed tenders from eligible contractors for repair of storm drains.
Earnest Money Deposit (EMD): Rs. 1,50,000/-
Last date and time for submission of bids: 27.06.2025 up to 15:00 hrs IST
Date of opening: 28.06.2025 at 16:00 hrs
Bid validity: 120 days from the date of opening
List of documents to be submitted:
(a) GST registration certificate
(b) PAN card
(c) EMD in the form of demand draft
"""

SOW_US = """
STATEMENT OF WORK NO. 3
This Statement of Work ("SOW") is effective as of July 8, 2024 and is made under the Master Services Agreement dated January 9, 2023 between Brightfield Insurance Company ("Customer") and Cobalt Systems Inc. ("Vendor").
Vendor shall deliver the test plan by August 2, 2024.
The fixed price for the services is USD 84,500.
Vendor will invoice monthly; invoices are due within 30 days of the invoice date.
This SOW terminates on December 20, 2024.
"""

DIENSTLEISTUNG_DE = """
Dienstleistungsvertrag
Vertragsnummer: DV-2025-117
zwischen
der Stadtwerke Lindenau GmbH, Hafenstraße 8, 04177 Leipzig, vertreten durch die Geschäftsführerin Petra Voss
– nachfolgend „Auftraggeber" genannt –
und
der Rheinkraft Service AG, Industriestraße 40, 50735 Köln
– nachfolgend „Auftragnehmer" genannt –
§ 1 Laufzeit
(1) Der Vertrag beginnt am 1. April 2025 und endet am 31. März 2027.
(2) Der Vertrag verlängert sich um jeweils ein weiteres Jahr, wenn er nicht mit einer Frist von drei Monaten vor Ablauf gekündigt wird.
§ 2 Vergütung
(1) Die Gesamtvergütung beträgt 186.400,00 EUR zuzüglich der gesetzlichen Umsatzsteuer.
(2) Rechnungen sind innerhalb von 14 Tagen nach Rechnungseingang ohne Abzug zahlbar.
§ 3 Kündigung
Jede Partei kann den Vertrag mit einer Frist von sechs Wochen zum Quartalsende ordentlich kündigen. Das Recht zur fristlosen Kündigung aus wichtigem Grund bleibt unberührt.
§ 4 Haftung
Die Haftung des Auftragnehmers ist auf 500.000 EUR je Schadensfall begrenzt.
§ 5 Schlussbestimmungen
Es gilt das Recht der Bundesrepublik Deutschland. Gerichtsstand ist Leipzig.
Leipzig, den 12. März 2025
_________________________
Auftraggeber
"""

RAHMEN_DE = """
Rahmenvertrag über die Lieferung von Büromöbeln
Zwischen der Kanzlei Weber & Partner mbB, Marktplatz 1, 80331 München (im Folgenden „Besteller") und der Holzmann Objektmöbel KG, Am Sägewerk 5, 83022 Rosenheim (im Folgenden „Lieferant") wird folgender Vertrag geschlossen:
Der Vertrag tritt am 01.07.2024 in Kraft und hat eine Laufzeit von 24 Monaten.
Das Auftragsvolumen beträgt insgesamt 75.000 EUR netto.
Die Zahlung erfolgt innerhalb von 30 Tagen netto ab Rechnungsdatum.
Der Lieferant verpflichtet sich, die Erstausstattung bis zum 15.08.2024 zu liefern.
Auf diesen Vertrag findet deutsches Recht Anwendung.
"""

ANFRAGE_DE = """
Angebotsaufforderung
Vergabenummer: 2025-EU-0043
Vergabestelle: Landkreis Hohenwald, Zentrale Vergabe
Leistung: Lieferung von 120 Notebooks
Ablauf der Angebotsfrist: 22.09.2025, 11:00 Uhr
Lieferort: Schulzentrum Nord, Gartenstraße 3, 99999 Hohenwald
Die Bindefrist endet am 31.10.2025.
Mit dem Angebot sind folgende Unterlagen einzureichen:
1. Ausgefülltes Leistungsverzeichnis
2. Eigenerklärung zur Eignung
3. Nachweis der Betriebshaftpflichtversicherung
"""

BESTELLUNG_DE = """
Bestellung Nr. 4500198211
Datum: 07.02.2025
Besteller: Nordwerk Getriebebau GmbH
Lieferant: Kugellager Franke e.K.
Lieferadresse: Nordwerk Getriebebau GmbH, Tor 3, Werftstraße 11, 24143 Kiel
Liefertermin: 28.02.2025
Lieferbedingung: DAP Kiel (Incoterms 2020)
Zahlungsbedingungen: 14 Tage 2 % Skonto, 30 Tage netto
"""

NDA_DE = """
Geheimhaltungsvereinbarung
zwischen
Quantel Sensorik GmbH, Jena
und
Bodenstein Maschinenbau GmbH & Co. KG, Ulm
Diese Vereinbarung tritt mit Unterzeichnung in Kraft und gilt für die Dauer von drei Jahren.
Die Geheimhaltungspflichten bestehen für weitere fünf Jahre nach Beendigung fort.
Es gilt ausschließlich deutsches Recht unter Ausschluss des UN-Kaufrechts.
"""

PRESTATION_FR = """
CONTRAT DE PRESTATION DE SERVICES
N° de contrat : CPS-2025-08
Entre les soussignés :
La société ATELIERS DU RHÔNE, SAS au capital de 120 000 euros, dont le siège social est situé 12 rue des Forges, 69007 Lyon, représentée par Mme Claire Aubry, ci-après dénommée « le Client »,
d'une part,
et
La société NETPROPRE SERVICES, SARL dont le siège social est situé 4 avenue Foch, 38000 Grenoble, ci-après dénommée « le Prestataire »,
d'autre part.
Article 1 - Durée
Le présent contrat prend effet le 1er septembre 2025 et prend fin le 31 août 2026. Il est renouvelable par tacite reconduction par périodes d'un an, sauf dénonciation par l'une des parties avec un préavis de deux mois avant l'échéance.
Article 2 - Prix
Le prix total des prestations s'élève à 48 600,00 € HT. Les factures sont payables à 30 jours fin de mois.
Article 3 - Résiliation
Chaque partie peut résilier le contrat à tout moment moyennant un préavis de trois (3) mois par lettre recommandée.
Article 4 - Responsabilité
La responsabilité du Prestataire est limitée à 100 000 €.
Article 5 - Droit applicable
Le présent contrat est soumis au droit français.
Fait à Lyon, le 18 juillet 2025
"""

CONSULTATION_FR = """
RÈGLEMENT DE LA CONSULTATION
Appel d'offres ouvert n° 2025-MAIRIE-017
Pouvoir adjudicateur : Commune de Saint-Aubin-les-Vignes
Objet : Fourniture de mobilier scolaire
Date et heure limites de remise des offres : 14 novembre 2025 à 12h00
Délai de validité des offres : 120 jours à compter de la date limite de réception des offres
Lieu d'exécution : Groupe scolaire Jean Moulin, Saint-Aubin-les-Vignes
Pièces à fournir par le candidat :
- Lettre de candidature (DC1)
- Déclaration du candidat (DC2)
- Attestation d'assurance
"""

COMMANDE_FR = """
BON DE COMMANDE N° BC-2025-0456
Date : 04/03/2025
Acheteur : Laiterie des Trois Vallées
Fournisseur : Emballages Morel SA
Adresse de livraison : Laiterie des Trois Vallées, ZI Nord, 73000 Chambéry
Date de livraison : 21/03/2025
Conditions de paiement : 45 jours fin de mois
Incoterm : DAP Chambéry
"""

ACCORD_FR = """
ACCORD-CADRE DE FOURNITURE
Entre la Régie des Transports du Littoral, établissement public, 2 quai Sud, 34200 Sète (ci-après « l'Acheteur ») et la société Pneus Occitans SAS, 9 chemin du Mas, 34000 Montpellier (ci-après « le Fournisseur »).
L'accord-cadre est conclu pour une durée de quatre (4) ans à compter du 1er janvier 2026.
Le montant maximum de l'accord-cadre est de 900 000 € HT.
Le délai de paiement est de 30 jours à compter de la réception de la facture.
"""

SERVICIOS_ES = """
CONTRATO DE PRESTACIÓN DE SERVICIOS
En Valencia, a 10 de febrero de 2025
REUNIDOS
De una parte, HORMIGONES TURIA, S.L., con domicilio en calle Mayor 14, 46001 Valencia, y CIF B12345678 (en adelante, el "Cliente").
Y de otra parte, LIMPIEZAS LEVANTE, S.A., con domicilio en avenida del Puerto 200, 46023 Valencia (en adelante, el "Proveedor").
PRIMERA. Duración. El contrato entrará en vigor el 1 de marzo de 2025 y finalizará el 28 de febrero de 2026.
SEGUNDA. Precio. El precio total del contrato asciende a 36.000,00 euros más IVA. Las facturas se abonarán a 60 días de la fecha de factura.
TERCERA. Resolución. Cualquiera de las partes podrá resolver el contrato con un preaviso de treinta (30) días.
CUARTA. Ley aplicable. El presente contrato se regirá por la legislación española.
"""

LICITACION_ES = """
ANUNCIO DE LICITACIÓN
Número de expediente: 2025/SUM/0091
Órgano de contratación: Ayuntamiento de Villanueva del Río
Objeto: Suministro de luminarias LED
Fecha límite de presentación de ofertas: 15 de octubre de 2025 a las 14:00 horas
Lugar de entrega: Almacén Municipal, Polígono Sur, nave 6
Garantía provisional: 3.000,00 €
Plazo de validez de las ofertas: 3 meses
"""

PEDIDO_ES = """
PEDIDO DE COMPRA
Pedido n.º: PC-20250612
Fecha: 12/06/2025
Cliente: Conservas Rías Altas, S.A.
Proveedor: Vidrios del Miño, S.L.
Dirección de entrega: Muelle 4, 15001 A Coruña
Fecha de entrega: 30/06/2025
Condiciones de pago: Transferencia a 60 días fecha factura
"""

TEXTS = [
    ("a services agreement of England", "contract", SERVICE_UK, {
        "vendor_name": "HARROWGATE FACILITIES LIMITED", "customer_name": "TRENTSIDE UNIVERSITY", "number": "SA-2025-0114",
        "date": "2025-01-14", "effective_date": "2025-02-01", "due": "2028-01-31", "renewal_notice": "six (6) months",
        "total": 1250000, "currency": "GBP", "payment_terms": "within 30 days of receipt", "notice_period": "three months",
        "liability_cap": "£2,000,000", "governing_law": "England and Wales",
    }),
    ("a mutual secrecy agreement of two American companies", "contract", NDA_US, {
        "party_a": "Larkspur Robotics, Inc.", "party_b": "Pinecone Analytics LLC", "date": "2025-03-03",
        "effective_date": "2025-03-03", "term": "two (2) years", "notice_period": "thirty (30) days",
        "governing_law": "State of Delaware",
    }),
    ("a framework of the Gulf", "contract", FRAMEWORK_GULF, {
        "vendor_name": "Gulf Valve Trading FZE", "customer_name": "Al Noor Desalination Company LLC",
        "number": "FA/DXB/2025/071", "date": "2025-05-05", "effective_date": "2025-06-01", "due": "2027-05-31",
        "total": 3400000, "currency": "AED", "payment_terms": "within sixty (60) days from the date of receipt of the invoice",
        "notice_period": "ninety (90) days", "governing_law": "United Arab Emirates as applied in the Emirate of Dubai",
        "incoterms": "DDP Jebel Ali site",
    }),
    ("a consultant's agreement", "contract", CONSULTANCY_US, {
        "vendor_name": "John R. Albright", "customer_name": "Meridian Health Partners, Inc.", "date": "2024-10-01",
        "effective_date": "2024-10-15", "due": "2025-04-14", "total": 60000, "currency": "USD",
        "payment_terms": "net 45 days", "notice_period": "15 days", "governing_law": "State of Idaho",
        "liability_cap": "THE TOTAL FEES PAID UNDER THIS AGREEMENT",
    }),
    ("an order of India", "purchase_order", ORDER_IN, {
        "vendor_name": "MADHAV BEARINGS & SEALS", "customer_name": "SAHYADRI KILNS LIMITED", "number": "SKL/PUR/24-25/0318",
        "date": "2024-11-18", "delivery_date": "2024-12-10", "ship_to": "SAHYADRI KILNS LIMITED - UNIT II",
        "payment_terms": "45 days from receipt of material", "delivery_terms": "Ex-works Pune",
    }),
    ("a city's request for quotation", "rfq", RFQ_US, {
        "customer_name": "City of Maple Bluff, Purchasing Division", "number": "RFQ-24-0977", "date": "2024-08-05",
        "due": "2024-08-29", "closing_time": "14:00", "time_zone": "Central Time",
        "delivery_place": "Public Works Yard, 18 Quarry Road, Maple Bluff", "bid_validity": "sixty (60) days",
    }),
    ("an Indian notice inviting tender", "rfq", TENDER_IN, {
        "customer_name": "Nandgaon Municipal Corporation", "number": "NMDC/ENG/2025/44", "date": "2025-06-02",
        "due": "2025-06-27", "closing_time": "15:00", "time_zone": "IST", "bid_security": "Rs. 1,50,000/-",
        "bid_validity": "120 days",
    }),
    ("a statement of work under another agreement", "contract", SOW_US, {
        "vendor_name": "Cobalt Systems Inc.", "customer_name": "Brightfield Insurance Company",
        "effective_date": "2024-07-08", "due": "2024-12-20", "total": 84500, "currency": "USD",
        "payment_terms": "within 30 days of the invoice date",
    }),
    ("a German contract of services", "contract", DIENSTLEISTUNG_DE, {
        "vendor_name": "Rheinkraft Service AG", "customer_name": "Stadtwerke Lindenau GmbH", "number": "DV-2025-117",
        "date": "2025-03-12", "effective_date": "2025-04-01", "due": "2027-03-31", "renewal_notice": "drei Monaten",
        "total": 186400, "currency": "EUR", "payment_terms": "innerhalb von 14 Tagen nach Rechnungseingang ohne Abzug",
        "notice_period": "sechs Wochen", "liability_cap": "500.000 EUR", "governing_law": "Bundesrepublik Deutschland",
    }),
    ("a German framework", "contract", RAHMEN_DE, {
        "vendor_name": "Holzmann Objektmöbel KG", "customer_name": "Kanzlei Weber & Partner mbB",
        "effective_date": "2024-07-01", "term": "24 Monaten", "total": 75000, "currency": "EUR",
        "payment_terms": "innerhalb von 30 Tagen netto ab Rechnungsdatum", "governing_law": "deutsches Recht",
    }),
    ("a German call for offers", "rfq", ANFRAGE_DE, {
        "customer_name": "Landkreis Hohenwald, Zentrale Vergabe", "number": "2025-EU-0043", "due": "2025-09-22",
        "closing_time": "11:00", "delivery_place": "Schulzentrum Nord, Gartenstraße 3, 99999 Hohenwald",
        "bid_validity": "2025-10-31",
    }),
    ("a German order", "purchase_order", BESTELLUNG_DE, {
        "vendor_name": "Kugellager Franke e.K.", "customer_name": "Nordwerk Getriebebau GmbH", "number": "4500198211",
        "date": "2025-02-07", "delivery_date": "2025-02-28",
        "ship_to": "Nordwerk Getriebebau GmbH, Tor 3, Werftstraße 11, 24143 Kiel", "incoterms": "DAP Kiel", "delivery_terms": "DAP Kiel (Incoterms 2020)",
        "payment_terms": "14 Tage 2 % Skonto, 30 Tage netto",
    }),
    ("a German secrecy agreement", "contract", NDA_DE, {
        "party_a": "Quantel Sensorik GmbH", "party_b": "Bodenstein Maschinenbau GmbH & Co. KG", "term": "drei Jahren",
        "governing_law": "deutsches Recht",
    }),
    ("a French contract of services", "contract", PRESTATION_FR, {
        "vendor_name": "NETPROPRE SERVICES", "customer_name": "ATELIERS DU RHÔNE", "number": "CPS-2025-08",
        "date": "2025-07-18", "effective_date": "2025-09-01", "due": "2026-08-31", "renewal_notice": "deux mois",
        "total": 48600, "currency": "EUR", "payment_terms": "à 30 jours fin de mois", "notice_period": "trois (3) mois",
        "liability_cap": "100 000 €", "governing_law": "droit français",
    }),
    ("a French consultation", "rfq", CONSULTATION_FR, {
        "customer_name": "Commune de Saint-Aubin-les-Vignes", "number": "2025-MAIRIE-017", "due": "2025-11-14",
        "closing_time": "12:00", "bid_validity": "120 jours",
        "delivery_place": "Groupe scolaire Jean Moulin, Saint-Aubin-les-Vignes",
    }),
    ("a French order", "purchase_order", COMMANDE_FR, {
        "vendor_name": "Emballages Morel SA", "customer_name": "Laiterie des Trois Vallées", "number": "BC-2025-0456",
        "date": "2025-03-04", "delivery_date": "2025-03-21",
        "ship_to": "Laiterie des Trois Vallées, ZI Nord, 73000 Chambéry", "payment_terms": "45 jours fin de mois",
        "incoterms": "DAP Chambéry",
    }),
    ("a French framework", "contract", ACCORD_FR, {
        "vendor_name": "Pneus Occitans SAS", "customer_name": "Régie des Transports du Littoral",
        "effective_date": "2026-01-01", "term": "quatre (4) ans",
        "payment_terms": "30 jours à compter de la réception de la facture",
    }),
    ("a Spanish contract of services", "contract", SERVICIOS_ES, {
        "vendor_name": "LIMPIEZAS LEVANTE, S.A.", "customer_name": "HORMIGONES TURIA, S.L.", "date": "2025-02-10",
        "effective_date": "2025-03-01", "due": "2026-02-28", "total": 36000, "currency": "EUR",
        "payment_terms": "a 60 días de la fecha de factura", "notice_period": "treinta (30) días",
        "governing_law": "legislación española",
    }),
    ("a Spanish notice of tender", "rfq", LICITACION_ES, {
        "customer_name": "Ayuntamiento de Villanueva del Río", "number": "2025/SUM/0091", "due": "2025-10-15",
        "closing_time": "14:00", "delivery_place": "Almacén Municipal, Polígono Sur, nave 6", "bid_security": "3.000,00 €",
        "bid_validity": "3 meses",
    }),
    ("a Spanish order", "purchase_order", PEDIDO_ES, {
        "vendor_name": "Vidrios del Miño, S.L.", "customer_name": "Conservas Rías Altas, S.A.", "number": "PC-20250612",
        "date": "2025-06-12", "delivery_date": "2025-06-30", "ship_to": "Muelle 4, 15001 A Coruña",
        "payment_terms": "Transferencia a 60 días fecha factura",
    }),
]
"""What it is, its kind, the text, and its facts by role; what is not told must not be found."""
