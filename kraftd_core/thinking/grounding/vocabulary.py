"""Words that claim nothing by themselves, however they are written, and those that help to tell names and days apart."""

def _words(text: str) -> tuple[str, ...]:
    return tuple(text.split())


PLAIN_WORDS = frozenset(_words(
    """
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

CONNECTORS = ("of", "and", "the", "for", "de", "du", "la", "le", "les", "et", "von", "und", "van", "y", "e", "di", "del", "da")
"""Small words inside names."""

LEGAL_FORMS = frozenset(_words(
    "ltd limited llc llp inc corp corporation plc gmbh ag kg ohg ug sa sas sarl bv nv ab oy as spa srl pty co"
))

SUBJECT_VERBS = frozenset(_words(
    """
    is was has had will bills billed charges charged issued issues sent sends supplied supplies delivered delivers invoiced
    invoices requested requests ordered orders quotes quoted offers offered signed signs bought buys sells sold pays paid owes
    owed wants wanted asks asked grants granted provides provided received receives agreed acts acted
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
    "january januar janvier", "february februar fevrier", "march marz maerz mars", "april avril", "may mai", "june juni juin",
    "july juli juillet", "august aout", "september septembre sept", "october oktober octobre", "november novembre",
    "december dezember decembre",
)  # fmt: skip
MONTHS: dict[str, tuple[int, ...]] = {}
"""The months that a folded name, or its beginning of three letters and more, may stand for."""
for _number, _names in enumerate(_MONTH_NAMES, 1):
    for _name in _names.split():
        for _length in range(3, len(_name) + 1):
            _known = MONTHS.get(_name[:_length], ())
            MONTHS[_name[:_length]] = _known if _number in _known else (*_known, _number)

NUMBER_WORDS = {
    word: number
    for number, word in enumerate(_words(
        "no one two three four five six seven eight nine ten eleven twelve thirteen fourteen fifteen sixteen seventeen eighteen"
        " nineteen twenty"
    ))
} | {"thirty": 30, "forty": 40, "fifty": 50, "sixty": 60, "ninety": 90}  # fmt: skip
"""Counts in words; "no" is none at all."""
