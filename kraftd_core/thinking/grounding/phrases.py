"""How one says, in each language, what the record can deny: that all is right, paid, due, complete, still to come.

The patterns are looked for in sentences in small letters without accents (`plain_of`); each language has its own, because
what is a denial in one is a preposition in another.
"""

import re
import unicodedata
from dataclasses import dataclass
from functools import lru_cache


@lru_cache(maxsize=2048)
def _plain_letter(letter: str) -> str:
    """A letter that stands in its place, so that what is found stands where it stood."""
    if letter in "’‘ʼ":
        return "'"
    if letter in "\u00a0\u202f\u2009":
        return " "
    first = unicodedata.normalize("NFKD", letter)[:1].lower()
    return "s" if letter == "ß" else first if len(first) == 1 else letter


def plain_of(text: str) -> str:
    """The text in small letters without accents, as long as it was."""
    return text.lower() if text.isascii() else "".join(map(_plain_letter, text))


_NEVER = r"(?!)"


@dataclass(frozen=True, slots=True)
class Phrases:
    """The patterns of one language, all of them over `plain_of` a sentence.

    Before and after an amount or a day, `owed_before`, `owed_after`, `to_come_before` and `to_come_after` are looked for right
    beside it. `asked` is advice to look or a condition, `negated` turns a claim round, `except_` takes something out of it.
    """

    pay: re.Pattern[str]
    not_to: re.Pattern[str]
    condition: re.Pattern[str]
    owed_before: re.Pattern[str]
    owed_after: re.Pattern[str]
    not_owed: re.Pattern[str]
    settled: re.Pattern[str]
    unsettled: re.Pattern[str]
    part: re.Pattern[str]
    no_prepayment: re.Pattern[str]
    to_come_before: re.Pattern[str]
    to_come_after: re.Pattern[str]
    passed: re.Pattern[str]
    late: re.Pattern[str]
    in_time: re.Pattern[str]
    valid: re.Pattern[str]
    figures: re.Pattern[str]
    right: re.Pattern[str]
    no_fault: re.Pattern[str]
    no_risk: re.Pattern[str]
    complete: re.Pattern[str]
    same_bank: re.Pattern[str]
    no_double: re.Pattern[str]
    asked: re.Pattern[str]
    negated: re.Pattern[str]
    issues: re.Pattern[str]
    orders: re.Pattern[str]
    from_to: re.Pattern[str]


def _any(*said: str) -> re.Pattern[str]:
    return re.compile(r"(?<!\w)(?:" + "|".join(said) + r")(?!\w)")


def _before(*said: str) -> re.Pattern[str]:
    """What stands right before an amount or a day."""
    return re.compile(r"(?<!\w)(?:" + "|".join(said) + r")\s*(?:[€$£]|[a-z]{3} )?\s*\Z")


def _after(*said: str) -> re.Pattern[str]:
    return re.compile(r"\A\s*(?:[€$£%]|[a-z]{3}(?!\w))?\s*(?:" + "|".join(said) + r")(?!\w)")


_ACTS = (
    r"(?:pay|settle|transfer|remit|answer|reply|respond|accept|decline|decide|submit|deliver|return|confirm|renew|send|order|place"
    r"|complete|sign|approve|book|quote|offer)(?:ed|s)?"
)
_FAULTS_EN = (
    r"(?:errors?|discrepanc(?:y|ies)|mistakes?|inconsistenc(?:y|ies)|mismatch(?:es)?|contradictions?|problems?|issues?|faults?"
    r"|deviations?|irregularit(?:y|ies)|anomal(?:y|ies)|differences?|shortcomings?)"
)
_EN = Phrases(
    pay=re.compile(
        r"(?<![\w-])(?:(?:re)?pay|transfer|remit|wire|settle|send the (?:money|payment))(?![\w-])(?! ?terms| nothing| no )"
        r"|(?:approv|releas|authori[sz]|mak|schedul|arrang|execut|initiat|process)(?:e|ing)? (?:\w+ ){0,3}payment"
        r"|(?:approv|releas)(?:e|ing) (?:\w+ ){0,2}(?:invoice|amount|document|bill)"
        r"|(?<!\w)(?:can|may|should|must|could) (?:\w+ ){0,3}be (?:\w+ )?(?:paid|settled|released|transferred|approved|booked and paid)"
        r"|(?<!\w)(?:ready|cleared|released|approved|fit|suitable|safe) (?:for|to) (?:\w+ ){0,2}(?:payment|release|pay|be paid)"
        r"|payment (?:can|may|should) (?:\w+ ){0,2}(?:be (?:made|released|approved|executed|authori[sz]ed|initiated)|go ahead|proceed)"
        r"|(?<!\w)(?:proceed|go ahead) with (?:\w+ )?payment"
    ),
    not_to=_any(
        "not", "never", "nothing", "no (?:need|request|duty|reason|transfer|payment)", "stop", "hold", "withhold", "before",
        "without(?! (?:any |further |more |delay))", r"\w*n't", "cannot", "who", "whom", "how", "whether", "by when", "was", "were",
        "been", "find out", "ask", "(?:amount|sum|left|balance|due) to",
    ),
    condition=_any("after", "(?<!at )once", "when", "if", "as soon as", "provided", "subject to", "only", "until", "unless"),
    owed_before=_before(
        r"(?:amount (?:still )?(?:due|owed|payable|outstanding)|(?<!opening )balance(?: due| to pay| owed)?|outstanding(?: amount"
        r"| balance| sum)?|left to pay|still owed|to be paid|amount to (?:pay|be paid)|asks for|asked for|owes?|requests"
        r"(?: payment of)?|demands|remaining (?:amount|balance|sum)|payable)"
        r"(?:\s*:)?(?: (?:is|are|of|amounts to|comes to|remains))?(?: (?:still|only|about|now))?"
    ),
    owed_after=_after(
        r"(?:(?:is|are|remains?) )?(?:still )?(?:left to pay|due|owed|outstanding|payable|to be paid|unpaid|remains?|to pay)"
    ),
    not_owed=_any("not", "no", "nothing", r"\w*n't", "was", "were", "before"),
    settled=_any(
        r"nothing (?:more |else )?(?:is |remains )?(?:left to pay|owed|due|outstanding|to be paid|to pay|unpaid)",
        r"(?:balance|amount due|amount owed)(?: due)? (?:is|of) (?:zero|nil|0(?:[.,]00)?)(?![.,]?\d)",
        r"no (?:further |other |more )?(?:payment|amount|balance|sum) (?:is |remains )?(?:due|required|open|owed|outstanding|needed)",
        r"(?:invoice|bill|it|everything|balance|full amount|total|account) (?:has|was|is|have) (?:(?:already|fully|been|now) )*"
        r"(?:paid|settled|cleared)",
        r"(?:fully|completely) (?:paid|settled)", r"payment (?:has|was) (?:already )?(?:been )?(?:made|received|completed)",
    ),
    unsettled=_any(
        r"(?:still |remains? |is |are )(?:outstanding|unpaid|unsettled|open|owed|payable|pending payment|awaiting payment|due for payment)",
        r"(?:pending|awaiting) payment", r"payment is (?:still )?(?:pending|due|outstanding|expected|required|overdue)",
    ),
    part=_any("part", "partly", "partial(?:ly)?", "deposit", "prepa(?:id|yment)", "advance", "instal?lments?", r"\d[\d.,]* \w+ of"),
    no_prepayment=_any(
        r"no (?:\w+ )?(?:advance payments?|advances?|down payments?|deposits?|prepayments?|part payments?|instal?lments?)"
        r"(?! is due| are due| is required)",
        "nothing (?:was|has been) (?:paid in advance|prepaid|deducted)",
    ),
    to_come_before=_before(
        rf"(?:{_ACTS}(?!\w).{{0,120}} (?:by|before|until|till|no later than|on or before|not later than|on)"
        r"|(?:is|are|falls|becomes|will be|payable|owed) (?:due|payable)? ?(?:on|by|until|before)"
        r"|(?:will (?:expire|end|be \w+)|expires|ends|runs|lasts|stands|holds|is valid|valid|remains (?:valid|open)|upcoming|coming)"
        r"(?: \w+){0,2} (?:on|by|until|till|to))(?: the)?"
    ),
    to_come_after=_after(r"(?:is|lies) (?:still )?(?:ahead|to come|in the future|coming up)"),
    passed=_any(
        "was", "were", "had", "has", "have", "did", "passed", "expired", "overdue", "late", "ago", "since", "past", "already", "from",
        "between", "dated", "ended", "unless it was", "find out", "ask",
    ),
    late=_any("overdue", "past due", "has passed", "is late", "has expired", "has lapsed", "no longer valid", "in arrears"),
    in_time=_any(
        "not (?:yet )?(?:over)?due", "(?:is|are|was) (?:still )?(?:in|on) time", "not late", "still (?:\\w+ )?time",
        "(?:has|have) not (?:yet )?(?:passed|expired|lapsed)", "hasn't (?:yet )?(?:passed|expired|lapsed)", "not yet (?:passed|expired)",
        r"\d+ days? (?:are )?(?:left|remain(?:ing)?)", "ahead of the due date", "well before the due date",
        "(?:due date|deadline|term) (?:is|lies) (?:still )?(?:ahead|in the future|to come|upcoming)",
    ),
    valid=_any(
        r"(?:offer|quotation|quote|bid|tender|proposal|contract|agreement|request|prices?|it)(?: \w+){0,4} (?:is|are|remains?)"
        r" (?:(?:still|currently|fully) )?(?:valid|open for acceptance|binding|in force)(?! (?:until|till|to))",
        r"can still be (?:accepted|answered|signed)",
    ),
    figures=_any(
        "figures?", "numbers?", "amounts?", "totals?", "subtotals?", "sums?", "lines?", "items?", "positions?", "calculations?",
        "arithmetic", "math", "mathematics", "tax(?:es)?", "vat", "everything", "all", "invoice", "document", "prices?", "quantities",
        "values?", "additions?",
    ),
    right=_any(
        r"add(?:s|ed)? up",
        r"(?:is|are|look|looks|seem|seems|appears?(?: to be)?|prove[sd]?(?: to be)?) (?:(?!not)\w+ )?(?:correct|consistent|right|accurate"
        r"|in (?:\w+ )?order|plausible|fine|sound|flawless|exact|verified|error-free|clean|coherent|valid)",
        r"match(?:es)?(?! \w+ (?:by|on)|(?: \w+){1,4} with)", "reconciles?", "tall(?:y|ies)", "balances", "agrees? with",
        r"(?:was|were|has been|have been) (?:\w+ )?(?:verified|validated|correct|found (?:to be )?correct)",
        r"(?:multiplied by|times) .{0,40}(?:give|equal|make|yield|match|come to)s?", "in perfect order", "correctly (?:added|calculated"
        "|computed|charged|applied|summed)",
    ),
    no_fault=_any(
        rf"no (?:\w+ ){{0,3}}{_FAULTS_EN}", rf"(?:without|free of|free from) (?:any )?{_FAULTS_EN}", "error-free", "flawless",
        r"nothing (?:is )?(?:wrong|to correct|amiss|has to be corrected)", rf"not? (?:\w+ )?(?:find|found|show|contain) any {_FAULTS_EN}",
        rf"zero {_FAULTS_EN}",
    ),
    no_risk=_any(
        r"no (?:\w+ ){0,3}(?:risks?|concerns?|red flags?|objections?|obstacles?|doubts?|reservations?)",
        r"nothing (?:stands|speaks) (?:against|in the way)", r"without (?:any )?(?:risks?|concerns?|reservations?)",
        "risk-free", "risks?: none",
    ),
    complete=_any(
        r"nothing (?:\w+ ){0,4}(?:is )?missing", r"no (?:\w+ ){0,3}(?:is|are) missing", "(?:is|are) (?:fully )?complete",
        "complete (?:and|document)",
        r"(?:all|every) (?:the |of the )?(?:required|necessary|mandatory|essential|relevant|legally required) (?:\w+ ){0,3}(?:is|are|has|have)",
        "no (?:gaps|omissions)",
    ),
    same_bank=_any(
        r"bank (?:details|account|data)(?: \w+){0,5} (?:is|are|have|has|match(?:es)?|correspond) (?:\w+ ){0,3}(?:unchanged|known|same|as before"
        r"|verified|confirmed|identical|familiar|earlier invoices|not changed|previous|earlier|on file)",
        r"(?:same|usual|known) bank (?:details|account)",
    ),
    no_double=_any(
        r"no (?:\w+ )?(?:duplicates?|repeated|repetitions?|doubles?)", "not (?:a )?duplicated?",
        r"no (?:\w+ )?(?:line|item|position|entry) (?:appears|occurs|is (?:listed|repeated|billed|charged)|repeats)(?: twice)?",
        r"(?:each|every) (?:line|item|position) (?:appears|occurs|is listed) (?:only )?once", "first time (?:\\w+ ){0,3}(?:number|document)",
    ),
    asked=re.compile(
        r"\A\W*(?:please )?(?:check|verify|confirm|make sure|ensure|see|compare|find out|ask|reconcile|review|look|clarify|determine)(?!\w)"
        r"|(?<!\w)(?:whether|if|unless|once|until|should|must|before)(?!\w)"
    ),
    negated=_any(
        "not", r"\w*n't", "never", "nor", "neither", "cannot", "hardly", "fail(?:s|ed)? to", "no longer", "except(?:ing)?", "but",
        "apart from", "aside from", "other than", "besides", "exceeds?", "instead",
    ),
    issues=_any("(?:has |have )?(?:bill(?:s|ed)|invoic(?:es|ed)|issue[sd]|suppl(?:ies|ied)|deliver(?:s|ed)|sells|sold|charge[sd]|sent)"),
    orders=_any("(?:has |have )?(?:order(?:s|ed)|buys|bought|purchase[sd]|commission(?:s|ed)|pays|paid|owes|received)"),
    from_to=re.compile(r"(?<!\w)(?:from|by|issued by)\s*\Z"),
)

_FAULTS_DE = (
    r"(?:fehler\w*|unstimmigkeit\w*|abweichung\w*|widerspruch\w*|widerspruche\w*|mangel\w*|problem\w*|auffalligkeit\w*|beanstandung\w*"
    r"|differenz\w*|rechenfehler\w*|unregelmasigkeit\w*|ungereimtheit\w*)"
)
_DE = Phrases(
    pay=_any(
        r"(?<!zu )(?:be)?zahlen", r"(?<!zu )uberweisen", r"(?<!zu )begleichen", r"(?<!zu )freigeben", r"(?<!zu )anweisen",
        r"(?:kann|konnen|darf|durfen|sollte|soll|muss) (?:[\w.-]+ ){0,6}(?:bezahlt|beglichen|uberwiesen|freigegeben|angewiesen|gezahlt|erfolgen)",
        r"zahlung (?:\w+ ){0,2}(?:freigeben|veranlassen|ausfuhren|leisten|anweisen)", "zur zahlung (?:freigegeben|frei|bereit)",
        "zahlungsreif", "zahlbereit", r"(?:geben|weisen) sie (?:\w+ ){0,4}(?:frei|an)", "(?:sofort|bitte) zahlen",
    ),
    not_to=_any(
        "nicht", "nichts", r"kein\w*", "bevor", "vor", "ob", "wurde", "wurden", "war", "waren", "klaren", "fragen", "wer", "wem", "erst",
        "prufen",
    ),
    condition=_any(
        "nachdem", "sobald", "wenn", "falls", "sofern", "erst", "nur", r"nach (?:\w+ )?(?:klarung|korrektur|prufung|berichtigung)",
        "vorbehaltlich", "bis",
    ),
    owed_before=_before(
        r"(?:offene[rn]? (?:betrag|posten|saldo|rest)|zahlbetrag|restbetrag|restzahlung|restsumme|falliger betrag|(?:noch )?zu zahlen(?:der"
        r" betrag)?|zahlen sind|ausstehende[rn]? betrag|noch offen)(?:\s*:)?(?: (?:ist|sind|von|betragt|belauft sich auf|in hohe von))?"
        r"(?: (?:noch|nur))?"
    ),
    owed_after=_after(
        r"(?:sind|ist|bleiben|bleibt|verbleiben|verbleibt|stehen|steht|mussen|muss)?[^.;,]{0,45}?(?:zu (?:be)?zahlen|offen|fallig"
        r"|ausstehend|zu begleichen|zu uberweisen|geschuldet|bezahlt werden|uberwiesen werden|noch aus)"
    ),
    not_owed=_any("nicht", r"nichts?", r"kein\w*", "war", "waren", "wurde", "wurden", "von", "vor"),
    settled=_any(
        r"(?:rechnung|betrag|alles|sie|es|forderung|gesamtbetrag|summe|rechnungsbetrag) (?:ist|wurde|war|gilt) (?:[\w.]+ ){0,3}(?:bezahlt"
        r"|beglichen|ausgeglichen|uberwiesen|erledigt)",
        "nichts mehr (?:zu (?:be)?zahlen|offen|fallig)", "(?:ist|bleibt) nichts (?:mehr )?(?:zu zahlen|offen)",
        r"kein (?:\w+ )?(?:betrag|saldo) (?:\w+ ){0,2}(?:offen|fallig|zu zahlen)", "vollstandig (?:bezahlt|beglichen)",
        r"bereits (?:\w+ )?(?:bezahlt|beglichen)", r"(?:saldo|restbetrag|betrag) (?:ist|betragt) (?:null|0(?:,00)?)(?![.,]?\d)",
        "zahlung (?:ist|wurde) (?:bereits )?(?:eingegangen|erfolgt|geleistet)", "keine (?:weitere )?zahlung (?:mehr )?(?:notig|erforderlich|fallig)",
    ),
    unsettled=_any(
        "(?:noch|weiterhin|ist|sind) (?:offen|unbezahlt|ausstehend|nicht (?:bezahlt|beglichen))", "steht (?:noch|weiterhin) aus",
        "zahlung steht aus", "zur zahlung fallig", "zahlung ist (?:noch )?(?:fallig|offen)",
    ),
    part=_any(r"anzahlung\w*", r"vorauszahlung\w*", r"teil\w*", r"abschlag\w*", "rate", "raten"),
    no_prepayment=_any(r"kein\w* (?:\w+ )?(?:anzahlung|vorauszahlung|abschlagszahlung|teilzahlung)\w*"),
    to_come_before=_before(
        r"(?:ist|sind|wird|werden|bitte|zahlen|uberweisen|begleichen|annehmen|lauft|gilt|endet|kann|konnen|sie|muss|mussen|nehmen)(?!\w)"
        r".{0,90}(?:bis|spatestens|vor|am|zum)(?: zum| am| dem| spatestens| einschlieslich)*"
    ),
    to_come_after=_after(r"[^.;,]{0,25}(?:fallig|zahlbar|zu (?:be)?zahlen|ab|enden|auslaufen|zu begleichen)"),
    passed=_any(
        "war", "waren", "wurde", "wurden", "abgelaufen", "verstrichen", "uberfallig", "seit", "bereits", "vergangen", "uberschritten",
        "zwischen", "datiert", "ausgestellt", "vorbei", "verfallen", "klaren", "ob",
    ),
    late=_any("uberfallig", "verspatet", "in verzug", "verstrichen", "abgelaufen", "im ruckstand", "uberschritten", "zahlungsverzug"),
    in_time=_any(
        "(?:noch )?nicht (?:uber)?fallig", "noch (?:genug |ausreichend )?zeit", "(?:noch )?nicht (?:abgelaufen|verstrichen|uberschritten)",
        r"noch \d+ tage", "rechtzeitig moglich", "frist lauft noch", "im zeitplan",
    ),
    valid=_any(
        r"(?:angebot|offerte|vertrag|anfrage|preise?|es)(?: \w+){0,4} (?:ist|sind|gilt|gelten|bleibt|bleiben) (?:noch |weiterhin )?(?:gultig"
        r"|bindend|in kraft)(?! bis)",
        r"(?:angebot|offerte|vertrag|anfrage|preise?)(?: \w+){0,3} (?:gilt|gelten) (?:noch|weiterhin)", "kann noch angenommen werden",
    ),
    figures=_any(
        "zahlen", r"betrag\w*", r"summe\w*", r"gesamt\w*", "zwischensumme", "rechnung", r"rechnungs\w*", r"position\w*", "posten", "zeilen",
        r"berechnung\w*", "rechnerisch", r"steuer\w*", "mwst", "ust", "mehrwertsteuer", "umsatzsteuer", "alles", "alle", r"\w*preise?",
        "mengen", "dokument", "werte", "angaben", "rechenwege?",
    ),
    right=_any(
        "richtig", "korrekt", "stimmig", "fehlerfrei", "schlussig", "plausibel", "nachvollziehbar", "in (?:bester )?ordnung", "konsistent",
        "einwandfrei", "exakt", "zutreffend", "fehlerlos", "stimmen", "stimmt", "stimmen uberein", r"ergeben (?:zusammen )?(?:den|die|das|genau)",
        "ergibt (?:den|die|das|genau)", "(?:geht|gehen) auf", "verifiziert", "bestatigt", "passt", "passen",
    ),
    no_fault=_any(
        rf"kein\w* (?:\w+ ){{0,3}}{_FAULTS_DE}", rf"ohne (?:\w+ ){{0,2}}{_FAULTS_DE}", "fehlerfrei", "fehlerlos", "nichts zu beanstanden",
        rf"{_FAULTS_DE} (?:wurden|wurde|gab es|gibt es|liegen|liegt|bestehen|sind|konnten) (?:\w+ ){{0,2}}(?:nicht|keine)", "nichts falsch",
        "nichts zu korrigieren",
    ),
    no_risk=_any(
        r"kein\w* (?:\w+ ){0,3}(?:risik\w+|bedenken|einwande?|vorbehalte|hindernisse?)", "nichts (?:spricht )?(?:dagegen|gegen)",
        "spricht nichts", r"risiken (?:wurden|bestehen|sind|gibt es) (?:\w+ ){0,2}(?:nicht|keine)", "risikolos", "unbedenklich",
    ),
    complete=_any(
        "vollstandig(?! (?:bezahlt|beglichen|ausgeglichen|uberwiesen))", "(?:es )?fehlt nichts", "nichts fehlt", "luckenlos",
        r"alle (?:\w+ )?\w*angaben (?:\w+ ){0,3}(?:vorhanden|enthalten|gemacht|da|vor)", "keine angaben? fehl(?:t|en)",
    ),
    same_bank=_any(
        r"(?:bank\w*|konto\w*)(?: \w+){0,3} (?:ist|sind|stimmt|stimmen|entspricht|entsprechen|bleibt|hat|haben)(?: \w+){0,6} (?:unverandert"
        r"|bekannt|gleich|uberein|identisch|fruheren rechnungen|dieselben?|bestatigt|nicht geandert)",
    ),
    no_double=_any(
        r"kein\w* (?:\w+ )?(?:doppel\w*|dublette\w*|duplikat\w*|wiederholung\w*)", "nicht doppelt",
        r"kein\w* (?:\w+ )?(?:position|zeile|posten|artikel) (?:\w+ ){0,3}(?:doppelt|zweimal|mehrfach)",
    ),
    asked=re.compile(
        r"\A\W*(?:bitte )?(?:prufen|uberprufen|vergleichen|klaren|kontrollieren|fragen|stellen sie sicher|bestatigen|sehen|achten|sicherstellen"
        r"|gleichen)(?!\w)|(?<!\w)(?:ob|falls|wenn|sofern|sobald|bevor|sollten?|mussen?|nachdem|zu prufen|zu klaren)(?!\w)"
    ),
    negated=_any(
        "nicht", r"kein\w*", "nie", "niemals", "weder", "ohne", "kaum", "auser", "ausser", "bis auf", "abgesehen", "falsch", "fehlerhaft",
        "statt", "ubersteigt", "sondern", "mit ausnahme",
    ),
    issues=_any("stellt", "berechnet", "liefert(?:e)?", "verkauft(?:e)?", "fakturiert", "fordert"),
    orders=_any("bestellt(?:e)?", "kauft(?:e)?", "beauftragt(?:e)?", "bezahlt(?:e)?", "schuldet"),
    from_to=re.compile(r"(?<!\w)von(?: der| dem)?(?: firma)?\s*\Z"),
)

_FAULTS_FR = r"(?:erreurs?|ecarts?|incoherences?|anomalies?|divergences?|fautes?|problemes?|irregularites?|differences?|contradictions?)"
_FR = Phrases(
    pay=_any(
        r"(?<!a )payer", "payez", r"(?<!a )regler", "reglez", r"(?<!a )virer", "virez", r"(?<!a )verser", "versez", "acquitter", "acquittez",
        r"(?:peut|peuvent|doit|doivent|pourra) (?:\w+ ){0,2}etre (?:\w+ ){0,2}(?:paye|regle|acquitte|verse|vire|approuve|libere|effectue)e?s?",
        "bon a payer", r"prete?s? (?:a etre|au|pour le|pour) (?:payee?s?|paiement|reglement)",
        r"(?:effectue[rz]|autorise[rz]|lance[rz]|approuve[rz]|procede[rz] au|valide[rz]) (?:le |la |au )?(?:\w+ )?(?:paiement|reglement|virement|facture)",
    ),
    not_to=_any(
        "ne", "n", "pas", "avant (?:de|tout|que)", "sans", r"aucune?", "si", "a ete", "ont ete", "etait", "qui", "combien", "rien",
        r"verifi\w+", r"demande\w*", r"eclairc\w+", "jamais",
    ),
    condition=_any(
        "apres", "une fois", "des que", "lorsque", "quand", "si", "sous reserve", "a condition", "seulement", "uniquement",
    ),
    owed_before=_before(
        r"(?:(?:montant|somme|solde|reste|total)(?: \w+){0,2} (?:a (?:payer|regler)|due?|restant(?: due?)?|exigible|impayee?|ouvert)"
        r"|(?:il )?reste(?:nt)?(?: encore)?(?: a (?:payer|regler)| dus?)?|doit encore|solde)(?:\s*:)?(?: (?:est|s'eleve|s'elevent))?(?: (?:a|de))?"
    ),
    owed_after=_after(
        r"(?:(?:sont|est|reste|restent|demeurent)[^.;,]{0,25} )?(?:encore )?(?:a (?:payer|regler|verser|virer)|dus?|dues?|impayee?s?|exigibles?"
        r"|en attente)"
    ),
    not_owed=_any("ne", "n", "pas", "rien", r"aucune?", "etait", "etaient", "avant", "sur"),
    settled=_any(
        r"(?:facture|montant|solde|total|tout|elle|somme) (?:\w+ )?(?:a (?:deja )?ete|est|etait) (?:\w+ ){0,2}(?:payee?|reglee?|acquittee?|soldee?)",
        "rien (?:\\w+ )?(?:n'est|ne reste|a payer|n'est du)", "plus rien a (?:payer|regler)",
        r"aucun (?:montant|solde|paiement) (?:\w+ )?(?:du|restant|a payer|n'est|n'est du)", "(?:entierement|integralement|totalement) (?:payee?|reglee?)",
        "solde (?:est )?(?:nul|de zero|de 0)", "deja (?:ete )?(?:payee?|reglee?)", "paiement a (?:deja )?ete (?:effectue|recu)",
    ),
    unsettled=_any(
        "en attente de (?:paiement|reglement)", r"impayee?s?", r"reste(?:nt)? (?:\w+ )?a (?:payer|regler)", "en souffrance",
        "non (?:payee?|reglee?)", "paiement est (?:du|attendu|en attente)",
    ),
    part=_any(r"acomptes?", r"avances?", r"partiel\w*", "partie", r"arrhes"),
    no_prepayment=_any(r"aucune? (?:acompte|avance|versement)", "pas d'(?:acompte|avance)", "sans acompte"),
    to_come_before=_before(
        r"(?:avant|d'ici|jusqu'au|jusqu'a|au plus tard|payable|est due?|sont dus|arrive a echeance|expire|echoit|valable jusqu'au|sera due?)(?: le| au| la date du)*",
        r"(?:echeance|paiement|date limite) (?:\w+ ){0,2}est (?:\w+ )?(?:fixee?|prevue?|attendue?)?(?: pour| au| le)+",
    ),
    to_come_after=re.compile(_NEVER),
    passed=_any(
        "etait", "etaient", r"depassee?", r"echue?", r"expiree?", "depuis", r"passee?", "en retard", "a ete", "ont ete", "datee?", "emise?",
        "avait", r"verifiez", "si",
    ),
    late=_any("en retard", "echue?", "depassee?", "retard de paiement", "a expire", "est expiree?", "est perimee?"),
    in_time=_any(
        "pas encore (?:echue?|due?|exigible|en retard|passee?|depassee?|expiree?)", "n'est pas (?:encore )?(?:echue?|en retard|depassee?|passee?|expiree?)",
        "encore (?:\\w+ )?(?:le )?temps", "dans les delais", r"reste (?:encore )?\d+ jours",
    ),
    valid=_any(
        r"(?:offre|devis|contrat|prix|il|elle)(?: \w+){0,4} (?:est|sont|reste|restent) (?:toujours |encore )?(?:valables?|valides?|en vigueur)(?! jusqu)",
        r"peut encore etre (?:acceptee?|signee?)",
    ),
    figures=_any(
        "chiffres?", "montants?", "totaux", "total", "sous-total", "sommes?", "lignes?", "postes?", "calculs?", "facture", "document", "taxes?",
        "tva", "prix", "quantites?", "tout(?:es|e|s)?", "tous", "valeurs?", "arithmetique",
    ),
    right=_any(
        "correct(?:e|s|es)?", "exact(?:e|s|es)?", "justes?", "coherent(?:e|s|es)?", "conformes?", "en ordre", "(?:ete|est|sont) verifiee?s?",
        "concord(?:e|ent)", "correspond(?:ent)? (?:a|au|aux)", "s'additionnent", "tombe(?:nt)? juste", "plausibles?", "sans faute", "en regle",
    ),
    no_fault=_any(
        rf"aucune? (?:\w+ ){{0,2}}{_FAULTS_FR}", rf"sans (?:\w+ )?{_FAULTS_FR}", rf"(?:pas|plus) d[e'] ?{_FAULTS_FR}",
        "rien a (?:corriger|signaler|redire)", rf"ni {_FAULTS_FR}",
    ),
    no_risk=_any(
        "aucun (?:\\w+ )?(?:risque|doute|obstacle|souci)", "pas de (?:risque|doute|souci)s?", "sans (?:aucun )?(?:risque|reserve)s?",
        "rien ne s'oppose",
    ),
    complete=_any(
        "complete?", "rien ne manque", "ne manque rien", "aucune? (?:\\w+ )?(?:mention|information|donnee)s? ne manque(?:nt)?",
        r"toutes les (?:mentions|informations|donnees|indications) (?:[\w]+ ){0,3}(?:presentes|figurent|indiquees|fournies)",
    ),
    same_bank=_any(
        r"coordonnees bancaires (?:\w+ ){0,3}(?:sont|restent|n'ont pas|correspondent)(?: \w+){0,4} (?:identiques|inchangees|memes|connues|change"
        r"|confirmees|precedentes|anterieures)", "coordonnees bancaires (?:sont|restent) (?:identiques|inchangees|connues)",
    ),
    no_double=_any(
        "aucun (?:\\w+ )?(?:doublon|double)", "pas de doublons?", r"aucune? (?:\w+ )?(?:ligne|position|article) (?:\w+ ){0,4}(?:double|repetee?|deux fois)",
    ),
    asked=re.compile(
        r"\A\W*(?:veuillez )?(?:verifie[rz]|compare[rz]|controle[rz]|confirme[rz]|assure[rz]|demande[rz]|clarifie[rz]|eclairci\w+|rapproche[rz]"
        r"|examine[rz]|consulte[rz])(?!\w)|(?<!\w)(?:si|s'il|s'ils|doit|doivent|faut|devez|lorsque|des que|tant que|avant (?:de|que|tout))(?!\w)"
    ),
    negated=_any(
        "ne", "n", "pas", "non", r"aucune?", "sauf", "hormis", "excepte", "a l'exception", "a part", "au lieu", "ni", "jamais", "faux", "fausse",
        r"errone\w*", "depasse",
    ),
    issues=_any("facture", "emet", "livre", "fournit", "vend", "a (?:facture|livre|emis|fourni|vendu)"),
    orders=_any("commande", "achete", "a (?:commande|achete|paye)", "doit"),
    from_to=re.compile(r"(?<!\w)(?:de|par|emise? par)(?: la societe)?\s*\Z"),
)

_FAULTS_ES = (
    r"(?:errores|error|discrepancias?|inconsistencias?|diferencias?|incidencias?|problemas?|irregularidad(?:es)?|anomalias?|contradicciones)"
)
_ES = Phrases(
    pay=_any(
        "pague", "paguen", r"(?<!por )(?<!hay que )(?<!que )pagar", "transfiera", r"(?<!por )transferir", "abone", r"(?<!por )abonar", "liquide",
        r"(?:puede|pueden|debe|deben|podra) (?:\w+ ){0,2}(?:ser |de )?(?:pagad|abonad|liquidad|aprobad|autorizad)[ao]s?",
        r"(?:puede|pueden|debe|deben) (?:\w+ )?(?:pagarse|abonarse|liquidarse)", r"(?:lista|listo|apta|apto) para (?:\w+ )?(?:pagar|pago|abonar)",
        r"(?:realice|autorice|efectue|apruebe|ordene|proceda al|procede el) (?:el |la |un )?(?:\w+ )?(?:pago|transferencia|factura)",
    ),
    not_to=_any(
        "no", "nunca", "antes de(?! que)? (?!que)?(?:pagar|abonar|que)", "nada", "sin que", "si", "fue", "fueron", "quien", "cuanto", "compruebe",
        "averigue", "pregunte", "ningun", "ninguna", "antes",
    ),
    condition=_any("despues", "una vez", "cuando", "en cuanto", "si", "siempre que", "solo", "unicamente", "tras", "hasta que"),
    owed_before=_before(
        r"(?:(?:importe|saldo|cantidad|total|resto)(?: \w+){0,2} (?:a pagar|pendiente(?: de pago)?|por pagar|debid[oa]|adeudad[oa])"
        r"|(?:queda|quedan|falta|faltan)(?: \w+)?(?: por pagar| pendientes?)?(?: (?:un|una) (?:total|importe|saldo))?|(?:hay|tiene) que pagar|adeuda|debe)"
        r"(?:\s*:)?(?: (?:es|son|asciende a|ascienden a))?(?: (?:de|a))?"
    ),
    owed_after=_after(
        r"(?:(?:esta|estan|queda|quedan|sigue|siguen)[^.;,]{0,25} )?(?:pendientes?(?: de pago)?|por pagar|a pagar|sin pagar|adeudad[oa]s?|debid[oa]s?)"
    ),
    not_owed=_any("no", "nada", r"ningun\w*", "era", "eran", "antes", "sin", "de los"),
    settled=_any(
        r"(?:factura|importe|saldo|total|todo|cuenta) (?:(?:de|del) [\w. &]+ )?(?:ya )?(?:ha sido|fue|esta|ya esta|quedo) (?:\w+ ){0,2}(?:pagad|abonad|liquidad|saldad)[ao]",
        "nada (?:pendiente|por pagar|que pagar)", r"no (?:queda|quedan|hay) (?:\w+ ){0,3}(?:pendientes?|por pagar|que pagar)",
        "(?:completamente|totalmente|integramente) (?:pagad|abonad|liquidad)[ao]", "(?:saldo|importe pendiente) es (?:de )?(?:cero|0)",
        "ya (?:se )?(?:pago|ha pagado|esta pagad[ao])", "pago (?:ya )?(?:se ha |ha sido |fue )(?:realizado|efectuado|recibido)",
    ),
    unsettled=_any(
        "pendiente de pago", "pendientes de pago", "sin pagar", "(?:esta|sigue|queda) pendiente", "impagad[ao]", r"queda(?:n)? (?:\w+ )?por pagar",
        "no (?:se ha|esta|ha sido) pagad[ao]",
    ),
    part=_any("anticipo", "a cuenta", "parcial", "parcialmente", "parte", "senal"),
    no_prepayment=_any(r"(?:ningun|ninguna|sin|no (?:hay|hubo|se (?:pago|hizo) ningun)) (?:anticipo|pago a cuenta|senal|pago anticipado)"),
    to_come_before=_before(
        r"(?:antes del?|hasta(?: el)?|a mas tardar(?: el)?|vence el|caduca el|pagadera? (?:el|hasta)|es exigible el|vencera el|valid[ao] hasta(?: el)?)"
    ),
    to_come_after=re.compile(_NEVER),
    passed=_any(
        "fue", "era", "vencio", r"vencid[ao]", r"caducad[ao]", "caduco", r"pasad[ao]", "ha pasado", "desde", "expiro", "emitida", "fecha", "fechada",
        "retraso", "si", "estaba",
    ),
    late=_any(r"vencid[ao]", "ha vencido", "con retraso", "ha pasado", "caducad[ao]", "ha caducado", "en mora", "atrasad[ao]"),
    in_time=_any(
        "(?:aun |todavia )?no (?:ha |esta )?(?:vencid[ao]|pasad[ao]|caducad[ao]|vence|expirad[ao])", "(?:aun|todavia) hay tiempo", "dentro de plazo",
        "a tiempo", r"quedan (?:aun |todavia )?\d+ dias",
    ),
    valid=_any(
        r"(?:oferta|presupuesto|contrato|precios?)(?: \w+){0,4} (?:sigue|siguen|es|esta|continua) (?:siendo |aun |todavia )?(?:valid[ao]s?|vigentes?|en vigor)(?! hasta)",
        "(?:aun|todavia) (?:se )?puede aceptar(?:se)?",
    ),
    figures=_any(
        "cifras?", "importes?", "totales", "total", "subtotal", "sumas?", "lineas?", "partidas?", "posiciones", "calculos?", "factura", "documento",
        "impuestos?", "iva", "precios?", "cantidades", "tod[oa]s?", "valores", "aritmetica", "numeros", "datos",
    ),
    right=_any(
        "correct[ao]s?", "exact[ao]s?", "coherentes?", "coinciden?", "cuadran?", "en orden", "verificad[ao]s?", "conformes?", "plausibles?",
        "consistentes?", "suman (?:el|la|correctamente)", "dan (?:el|la) total", "es(?:ta|tan) bien", "son bien",
    ),
    no_fault=_any(
        rf"no (?:\w+ ){{0,4}}{_FAULTS_ES}", rf"ningun[ao]? (?:\w+ )?{_FAULTS_ES}", rf"sin (?:\w+ )?{_FAULTS_ES}", "nada que (?:corregir|objetar)",
        rf"libre de {_FAULTS_ES}",
    ),
    no_risk=_any(
        "no (?:\\w+ ){0,4}riesgos?", "ningun riesgo", "sin (?:ningun )?riesgos?", "nada (?:lo )?impide", "sin reservas?", "ningun inconveniente",
    ),
    complete=_any(
        "complet[ao]", "no falta nada", "nada falta", "no falta ningun[ao]?",
        r"tod[ao]s l[ao]s (?:datos|menciones|informaciones|indicaciones) (?:\w+ ){0,3}(?:presentes|indicad[ao]s|figuran|estan)",
    ),
    same_bank=_any(
        r"(?:datos bancarios|cuenta bancaria)(?: \w+){0,3} (?:son|es|siguen|coinciden|no han|no ha)(?: \w+){0,4} (?:mism[ao]s?|iguales|conocid[ao]s?"
        r"|anteriores|cambiado|confirmad[ao]s?)",
    ),
    no_double=_any(
        "no hay (?:\\w+ )?(?:duplicados?|duplicadas?|repeticiones)", r"ningun[ao]? (?:linea|partida|posicion|articulo) (?:\w+ ){0,3}(?:duplicad[ao]|repetid[ao]|dos veces|repite)",
        "sin duplicados",
    ),
    asked=re.compile(
        r"\A\W*(?:por favor,? )?(?:compruebe|verifique|compare|confirme|revise|asegurese|pregunte|aclare|averigue|consulte|examine|pida)(?!\w)"
        r"|(?<!\w)(?:si|debe|deben|deberia|cuando|hasta que|antes de(?: que)?|hay que (?:comprobar|verificar|aclarar))(?!\w)"
    ),
    negated=_any("no", "ningun", "ninguna", "nunca", "ni", "salvo", "excepto", "menos", "sino", "en lugar", "sin", "tampoco", "erroneo", "supera"),
    issues=_any("factura", "emite", "entrega", "suministra", "vende", "ha (?:facturado|entregado|emitido|suministrado|vendido)"),
    orders=_any("pide", "compra", "encarga", "ha (?:pedido|comprado|encargado|pagado)", "debe"),
    from_to=re.compile(r"(?<!\w)(?:de|por|emitida por)(?: la empresa)?\s*\Z"),
)

PHRASES: dict[str, Phrases] = {"en": _EN, "de": _DE, "fr": _FR, "es": _ES}
"""The patterns by language."""
