"""Words that claim nothing by themselves, however they are written, and those that help to tell names and days apart."""

def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PLAIN_WORDS = frozenset(_words(
    """
    acceptance accordingly altogether aside besides cheque completion concerning consequently controlling conversely currently
    customs drawings duties easter eve eventually firstly fortunately furthermore generally handover hence hire importantly
    installment instalment instalments interest interestingly lastly lease lessee lessor levy licence license likewise meanwhile
    milestone nevertheless nonetheless normally notably payee penalties penalty presently previously purchasing quarter rent
    repairs samples secondly similarly storage subscription subsequently surcharge tenant third thirdly training treasury
    typically unfortunately unlike usually warehouse warranty weekend
    a about above accept accepted according account accounts accuracy accurate across act action actions add added addition
    additional additionally address addresses adjust advice after again against ago agree agreed agreement ai align all allow
    already also although always amend amount amounts an analysis and annual another answer any anything apart appears apply
    approval approve approved are arithmetic around arrange as ascertain ask assess assumption at attach attention authorise
    authorize available average avoid await award b2b balance bank based basis be because before being below beneficiary
    beside best between beyond bic bid bill billed billing bills boq book booked both business but buyer buyers by calculate
    calculated calculation call can cancel capacity cash caution certainty change changed changes charge charges check checked
    checking checks city clarify clear clerk client clients close code codes column columns commercial communicate company
    compare compared comparison complete completed completeness compliance compliant comply conclusion condition conditions
    conduct confidence confirm confirmed consider considering consistency consistent contact contain contains contract
    contracts contractor correct corrected correction corrections cost costs country course credit cross cross-check currency
    current customer customers daily data date dated dates day days deadline deadlines decide decision decline deduct
    deduction delay deliver deliverable delivered deliveries delivery depending deposit description despite detail details
    determine difference differences discount discounts discrepancies discrepancy dispatch dispute do document documentation
    documents does doubt doubtful draft due during duty each early earlier either email emptied empty end ending ensure enter
    entire entries entry error errors escalate establish estimate evaluate even every everything evidence examine exceed
    except exchange executive exempt expected expedite expense expenses expiration expiry extend extended extract extracted
    extraction fax fee fees few field fields figure figures file fill final finalise finalize finally finance financial find
    finding findings first fix fixed flag follow following follow-up for form format forward found four freight from full
    further future general get given gives global go good goods gross group guarantee half handle handling has have having he
    headline high highest hold how however i iban id identification identified identify if immediate immediately implement
    important in include included includes including incomplete incoterms increase indicate indicates information initial
    inquire inspect insurance internal into investigate invoice invoiced invoices is issue issued issuer issues it item items
    its it's job keep key kind know label labour lack large largest last late later ledger legal less let letter like likely
    limit line line-item lines list listed local location long look low lower lowest mail main major make manual many mark
    match matches matching material materials maximum may mean mended method might minimum minor mismatch missing mistake
    mobile monitor month monthly months more moreover most move moved much multiple must n/a name names near necessary need
    needed needs negative negotiate net new next no none nor normal not note noted notes nothing notice notify now number
    numbers observe obtain of off offer ok old on once one ongoing only open opening or order ordered ordering orders ordinary
    organise organize origin original other others otherwise our out outstanding over overall overdue overview own packing
    page paid part particulars parties partner party pass pay payable payer paying payment payments pdf pending per percent
    percentage period person phone place plan plausible please po point points policy position positions possible postage
    postal potential prepare prepayment presence present previous price priced prices pricing print prior priority proceed
    process processing procure procurement product products prompt promptly proof proposal provide provided provider purchase
    purchaser purchases purpose put qty quality quantities quantity query question quotation quotations quote quoted raise
    rate rates rather read ready reason recalculate receipt receipts receive received receiver recheck recipient recommend
    recommendation recommendations recommended reconcile record recorded records recover reduce ref refer reference references
    refund regarding registration reject release remain remaining remark remarks remember remind remit remove removed renew
    repair repeat replace report request requested requests require required requirement requirements requires resolve respond
    response result results retain retention return review reviewed reviewer reviewing revise rfq right risk risks round
    rounded rounding row rows same save schedule scope second section see seek seller sellers send sender sent service
    services set settle settlement several share ship shipment shipping short should show shows sign signature signed
    significant similar since single site small smallest so some something source specification split staff standard start
    state stated statement status step still stock store subject submit subsequent subtotal such suggest sum summary sums
    supplied supplier suppliers supplies supply support sure table tables take tax taxable taxes tel telephone template tender
    term terms than that the their them then there therefore these they this those though three through thus tick till time
    timely title to together too tool top total totalling totals track transaction transfer transport treat two type under
    unit units unless unpaid unpriced unreadable until unusual up update upload urgent us use used user using usual validate
    validity value values vat vendor vendors verification verified verify version very via wait was watch we week weekly well
    were what when where whereas whether which while who whole whose why will with within without work worth would write
    written wrong year yearly years yes yet you your zero zip der die das ein eine im am von und monday tuesday wednesday
    thursday friday saturday sunday january february march april may june july august september october november december
    """
))  # fmt: skip
"""Ordinary words of business prose, days of the week and months; a capital does not make a name of them."""

PLAIN_IN = {
    "de": """
    abgezogen abgleich abweichung abweichungen achten adresse aktion alle allem als am an anbieter andere angaben angebot
    anhang anmerkung ansprechpartner anteil antrag anzahl anzahlung arbeiten artikel artikelnummer auch auf aufgrund
    auftrag auftraggeber auftragnehmer auftragsnummer ausgewiesene ausgewiesener ausgleich ausstehend ausstellung bank
    bankdaten bankverbindung bar basis bauteil beachten begleichen beim beleg belege bemerkung benotigte berechnen
    berechnung bereits bestatigen bestellnummer bestellung bestellungen betrag betrage betragt bezahlen bezahlung bezug
    bic bis bitte brutto bruttobetrag buchen buchhaltung buchung bzw da dabei daher damit danach dank dann das daten datum
    dem den der des dezember die dies dieser dieses differenz dokument dokumente dokuments donnerstag dringend dritte
    durch ein eine einem einen einer eingang einheit einholen einige einkauf einzelpreis empfanger empfehlung ende
    erganzen ergebnis erhalten erinnerung erklarung erst es fallig falligkeit falligkeitsdatum falls februar fehler fehlt
    feld felder firma folgende folgenden forderung fragen freigabe freigeben freitag frist fristgerecht fur gebuhr
    gebuhren gemass genehmigen gesamt gesamtbetrag gesamtpreis gesamtsumme geschaftspartner gesellschaft gewahrleistung
    gleichen grosste grosster grund gut guthaben gutschrift haben hat heute hier hinweis hinweise hochste iban ihnen ihr
    ihre ihren im in inhalt ist ja januar jede jeder juli juni kann kein keine keinen klaren kontakt konto kontodaten
    kontonummer kontrolle kontrollieren kosten kunde kunden kundennummer kurz lassen laufzeit leistung leistungen
    lieferadresse lieferant lieferanten lieferdatum lieferschein lieferung liegt mahnung mai mangel marz material
    mehrwertsteuer menge mengen mit mitarbeiter mittwoch monat monate montag mwst nach nachweis name netto nettobetrag
    nicht nichts noch november nr nummer nur oder offen offene offener oktober original ort pauschale pflichtangaben
    position positionen posten preis preise preisen prufen prufung prufungen rabatt rechnung rechnungen rechnungsbetrag
    rechnungsdatum rechnungsempfanger rechnungsnummer rechnungssteller rechnungssumme rest restbetrag richtig risiken
    risiko ruckfrage ruckstand saldo samstag satz schlussel sehr seite seiten sepa september sicherstellen sie sind skonto
    skontofrist sofort sollte sonntag steuer steuerbetrag steuern steuernummer steuersatz stimmen storno stuckpreis summe
    summen tabelle tag tage tagen teil teilbetrag text trotz typ uber ubereinstimmung uberfallig uberpruefen uberprufen
    uberweisen uberweisung um umfang umsatzsteuer und ungefahr unstimmigkeit unstimmigkeiten unter unterlagen unterschied
    unterschrift ust ustid valuta verfallt vergleich vergleichen verkaufer vermerken versand vertrag vertrage
    verwendungszweck vielen vom von vor vorauszahlung vorgang vorschlag ware waren was weitere weiterhin wenn wer werden
    wert werte wie wird wurde zahlbar zahlen zahlung zahlungen zahlungsart zahlungsbedingung zahlungsbedingungen
    zahlungseingang zahlungsfrist zahlungsziel zeile zeilen zeitraum ziel zu zudem zum zur zusammen zusammenfassung
    zusatzlich zuschlag zustandig zustellung zwei zwischen zwischensumme
    """,
    "fr": """
    a abonnement accepter accord achat achats acheteur acompte action actions adresse afin aire ajout ajouter annee annexe
    annuler apres archiver article articles assurez attendre attendu attention au aucun aucune autre autres aux avant avec
    avoir avril bancaires banque base bic bon c ce ceci cela ces cet cette chaque ci client clients code commande
    commandes comme commercial comparer comparez comptabiliser comptabilite compte compter comptes condition conditions
    confirmation confirmer confirmez conserver contact contacter contactez contrat controle controler controles controlez
    coordonnees correction corrigee corriger corrigez d dans date datee dates de decembre delai delais demande demander
    demandez depuis des description designation detail details devis dimanche document documents doit donc donnees du
    ecart ecarts echeance elle emetteur en entre erreur erreurs est et etablir evaluer expiration facturation facture
    factures fevrier fin fournisseur fournisseurs frais general global hors ht iban identifier il inclure incoherence
    incoherences indication information informations invalider j janvier jeudi jour jours juillet juin jusqu juste l la le
    les lettre leur libelle ligne lignes livraison livraisons lot lundi mai maintenant manquant mardi mars materiel
    mention mentions merci mercredi mise mode mois montant montants n ne net nom nombre non note nous novembre numero
    objet obtenez octobre offre on or ou page pages paiement paiements par partie parties payer payez penalite penalites
    periode personne peut point points poste postes pour preparer prestataire prestation prestations prevoir prevoyez prix
    proceder procedez produit produits qu qualite quantite quantites que quel question qui rappel rapprocher rapprochez
    reception recevoir recommandation recommande reduction reference references reglement regler reglez relance releve
    remarque remise reponse restant reste resume rib rien risque risques s samedi sans se semaine septembre service
    services si signature siren siret solde somme sommes son sous statut suivre sujet sur taux taxe taxes tel telephone
    terme termes total totale totaux tous tout toute toutefois toutes trois ttc tva type un une unitaire unite valable
    valeur valeurs validation valider validez vendeur vendredi verification verifier verifiez verse versement virement
    virer virez voir vos votre vous y
    """,
    "es": """
    a abono abril aceptar acepte acreedor acuerdo ademas adjunto agosto ahora al albaran algunos anadir ano antes anticipo
    aprobar apruebe archivar archive articulo articulos asegurese aunque bancaria bancarios banco base bic cada calculo
    cantidad cantidades cargo cargos cif clave cliente clientes coincide coinciden como comparar compare compra comprador
    compras comprobacion comprobaciones comprobar compruebe con concepto condicion condiciones confirmacion confirmar
    confirme consulte contabilice contabilidad contacte contrato control correccion corregir corrija coste costes cual
    cuando cuenta cuentas cuota dato datos de debe deben del descripcion descuento descuentos desde despues detalle deuda
    dia dias diciembre diferencia diferencias direccion divisa documento documentos domingo dos duda e el ella emisor en
    encargado enero entre entrega entregas envie envio error errores es esta estado este estos exija factura facturacion
    facturas falta faltan febrero fecha fechada fechas fin final firma forma gasto gastos general guarde hasta hay iban
    identificacion importe importes impuesto impuestos incidencia incidencias incluye indique informacion informe iva
    jueves julio junio junto la las linea lineas lo los lugar lunes marque martes marzo mas material mayo mes meses metodo
    miercoles nif ningun ninguna no nombre nota noviembre numero o observacion octubre oferta ofertas orden ordene otro
    otros pagada pagado pagar pagina paginas pago pagos pague para parte partes partida partidas pedido pedidos pendiente
    pendientes periodo persona pida plazo plazos por porcentaje posicion posiciones precio precios prepare presupuesto
    proceda producto productos proveedor proveedores prueba puede punto que queda quedan quien realice recargo recibo
    recibos reclame recomendacion recomendaciones recuerde referencia registre remitente resumen retencion revisar revise
    revision riesgo riesgos sabado saldo se segun semana septiembre servicio servicios si sin sobre solicite su subtotal
    suma sumas tambien tel telefono termine texto tiempo tipo todas todo todos total totales transferencia transferencias
    transfiera tras un una unidad unidades unitario usted valide valor valores vence vencimiento vendedor verificacion
    verifique viernes vigencia y
    """,
}
"""The same in other languages, as far as they may stand with a capital: without accents."""

PLAIN_WORDS_IN = {"en": PLAIN_WORDS} | {language: PLAIN_WORDS | set(_words(words)) for language, words in PLAIN_IN.items()}
"""Ordinary words of a text by its language; English ones are ordinary everywhere."""

CONNECTORS = ("of", "and", "the", "for", "de", "du", "la", "le", "les", "et", "von", "und", "van", "y", "e", "di", "del", "da")
"""Small words inside names."""

LEGAL_FORMS = frozenset(_words(
    """
    ltd limited llc llp inc corp corporation plc gmbh ag kg kgaa ohg ug se eg mbh ev gbr ek sa sas sasu sarl eurl snc sci scop bv
    nv ab oy as spa srl sl slu sau scl sll pty co
    """
))

SUBJECT_VERBS = frozenset(_words(
    """
    is was has had will bills billed charges charged issued issues sent sends supplied supplies delivered delivers invoiced
    invoices requested requests ordered orders quotes quoted offers offered signed signs bought buys sells sold pays paid owes
    owed wants wanted asks asked grants granted provides provided received receives agreed acts acted
    facture livre fournit emet propose vend ordonne ha factura entrega suministra vende solicita ofrece emite
    """
))  # fmt: skip
"""What somebody does: a lone capital before one of these is somebody's name."""

CURRENCIES = _words(
    """
    EUR USD GBP CHF JPY CNY INR AUD CAD NZD SGD HKD SEK NOK DKK PLN CZK HUF RON BGN AED SAR QAR KWD BHD OMR JOD ZAR NGN KES
    EGP MYR THB IDR PHP VND KRW TWD BRL MXN CLP COP ARS ILS UAH RUB TND MAD
    """
)

_MONTH_NAMES = (
    "january januar janvier enero", "february februar fevrier febrero", "march marz maerz mars marzo",
    "april avril abril",
    "may mai mayo", "june juni juin junio",
    "july juli juillet julio", "august aout agosto", "september septembre sept septiembre", "october oktober octobre octubre",
    "november novembre noviembre", "december dezember decembre diciembre",
)  # fmt: skip
MONTHS: dict[str, tuple[int, ...]] = {}
"""The months that a folded name, or its beginning of three letters and more, may stand for."""
for _number, _names in enumerate(_MONTH_NAMES, 1):
    for _name in _names.split():
        for _length in range(3, len(_name) + 1):
            _known = MONTHS.get(_name[:_length], ())
            MONTHS[_name[:_length]] = _known if _number in _known else (*_known, _number)

_ENGLISH_NUMBERS = {
    word: number
    for number, word in enumerate(_words(
        "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
        " nineteen twenty"
    ))
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}  # fmt: skip
NUMBER_WORDS = {
    "en": _ENGLISH_NUMBERS,
    "de": {word: n for n, word in enumerate(_words("zwei drei vier fünf sechs sieben acht neun zehn elf zwölf"), 2)},
    "fr": {word: n for n, word in enumerate(_words("deux trois quatre cinq six sept huit neuf dix onze douze"), 2)},
    "es": {word: n for n, word in enumerate(_words("dos tres cuatro cinco seis siete ocho nueve diez once doce"), 2)},
}
"""Counts in words, by language; "no" is none at all."""
