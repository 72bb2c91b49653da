"""The phrases of German, without accents."""

import re

from kraftd_core.thinking.grounding.phrases.model import Phrases, right_after, right_before, said_as

_FAULTS_DE = (
    r"(?:fehler\w*|unstimmigkeit\w*|abweichung\w*|widerspruch\w*|widerspruche\w*|mangel\w*|problem\w*|auffalligkeit\w*"
    r"|beanstandung\w*"
    r"|differenz\w*|rechenfehler\w*|unregelmasigkeit\w*|ungereimtheit\w*)"
)
GERMAN = Phrases(
    pay=said_as(
        r"(?<!zu )(?:be)?zahlen",
        r"(?<!zu )uberweisen",
        r"(?<!zu )begleichen",
        r"(?<!zu )freigeben",
        r"(?<!zu )anweisen",
        r"(?:kann|konnen|darf|durfen|sollte|soll|muss) (?:[\w.-]+ ){0,6}(?:bezahlt|beglichen|uberwiesen|freigegeben|angewiesen"
        r"|gezahlt|erfolgen)",
        r"zahlung (?:\w+ ){0,2}(?:freigeben|veranlassen|ausfuhren|leisten|anweisen)",
        "zur zahlung (?:freigegeben|frei|bereit)",
        "zahlungsreif",
        "zahlbereit",
        r"(?:geben|weisen) sie (?:\w+ ){0,4}(?:frei|an)",
        "(?:sofort|bitte) zahlen",
        "(?:umgehende|sofortige|zeitnahe) (?:be)?zahlung",
    ),
    not_to=said_as(
        "nicht",
        "nichts",
        r"kein\w*",
        "bevor",
        "vor",
        "ob",
        "wurde",
        "wurden",
        "war",
        "waren",
        "klaren",
        "fragen",
        "wer",
        "wem",
        "erst",
        "prufen",
    ),
    condition=said_as(
        "nachdem",
        "sobald",
        "wenn",
        "falls",
        "sofern",
        "erst",
        "nur",
        r"nach (?:\w+ )?(?:klarung|korrektur|prufung|berichtigung)",
        "vorbehaltlich",
        "bis",
    ),
    owed_before=right_before(
        r"(?:offene[rn]? (?:betrag|posten|saldo|rest)|zahlbetrag|restbetrag|restzahlung|restsumme|falliger betrag"
        r"|(?:noch )?zu zahlen(?:der"
        r" betrag)?|zahlen sind|ausstehende[rn]? betrag|noch offen)(?:\s*:)?(?: (?:ist|sind|von|betragt|belauft sich auf"
        r"|in hohe von))?"
        r"(?: (?:noch|nur))?"
    ),
    owed_after=right_after(
        r"(?:sind|ist|bleiben|bleibt|verbleiben|verbleibt|stehen|steht|mussen|muss)?[^.;,]{0,45}?(?:zu (?:be)?zahlen|offen|fallig"
        r"|ausstehend|zu begleichen|zu uberweisen|geschuldet|bezahlt werden|uberwiesen werden|noch aus)"
    ),
    not_owed=said_as("nicht", r"nichts?", r"kein\w*", "war", "waren", "wurde", "wurden", "von", "vor"),
    settled=said_as(
        r"(?:rechnung|betrag|alles|sie|es|forderung|gesamtbetrag|summe|rechnungsbetrag) (?:ist|wurde|war"
        r"|gilt) (?:[\w.]+ ){0,3}(?:bezahlt"
        r"|beglichen|ausgeglichen|uberwiesen|erledigt)",
        "nichts mehr (?:zu (?:be)?zahlen|offen|fallig)",
        "(?:ist|bleibt) nichts (?:mehr )?(?:zu zahlen|offen)",
        r"kein (?:\w+ )?(?:betrag|saldo) (?:\w+ ){0,2}(?:offen|fallig|zu zahlen)",
        "vollstandig (?:bezahlt|beglichen)",
        r"bereits (?:\w+ )?(?:bezahlt|beglichen)",
        r"(?:saldo|restbetrag|betrag) (?:ist|betragt) (?:null|0(?:,00)?)(?![.,]?\d)",
        "zahlung (?:ist|wurde) (?:bereits )?(?:eingegangen|erfolgt|geleistet)",
        "keine (?:weitere )?zahlung (?:mehr )?(?:notig|erforderlich|fallig)",
    ),
    unsettled=said_as(
        r"muss noch (?:\w+ ){0,3}(?:be|ge)zahlt|muss noch (?:\w+ ){0,3}uberwiesen",
        r"noch nicht (?:bezahlt|beglichen)",
        r"(?:ist|sind) (?:noch |weiterhin )(?:offen|fallig|unbezahlt)",
        "(?:noch|weiterhin|ist|sind) (?:offen|unbezahlt|ausstehend|nicht (?:bezahlt|beglichen))",
        "steht (?:noch|weiterhin) aus",
        "zahlung steht aus",
        "zur zahlung fallig",
        "zahlung ist (?:noch )?(?:fallig|offen)",
    ),
    part=said_as(r"anzahlung\w*", r"vorauszahlung\w*", r"teil\w*", r"abschlag\w*", "rate", "raten"),
    no_prepayment=said_as(
        "nichts (?:bezahlt|gezahlt|angezahlt)",
        r"kein\w* (?:\w+ )?(?:anzahlung|vorauszahlung|abschlagszahlung|teilzahlung)\w*",
    ),
    to_come_before=right_before(
        r"(?:ist|sind|wird|werden|bitte|zahlen|uberweisen|begleichen|annehmen|lauft|gilt|endet|kann|konnen|sie|muss|mussen"
        r"|nehmen)(?!\w)"
        r".{0,90}(?:bis|spatestens|vor|am|zum)(?: zum| am| dem| spatestens| einschlieslich)*"
    ),
    to_come_after=right_after(r"[^.;,]{0,25}(?:fallig|zahlbar|zu (?:be)?zahlen|ab|enden|auslaufen|zu begleichen)"),
    passed=said_as(
        "war",
        "waren",
        "wurde",
        "wurden",
        "abgelaufen",
        "verstrichen",
        "uberfallig",
        "seit",
        "bereits",
        "vergangen",
        "uberschritten",
        "zwischen",
        "datiert",
        "ausgestellt",
        "vorbei",
        "verfallen",
        "klaren",
        "ob",
    ),
    late=said_as(
        "uberfallig", "verspatet", "in verzug", "verstrichen", "abgelaufen", "im ruckstand", "uberschritten", "zahlungsverzug"
    ),
    in_time=said_as(
        r"liegt (?:noch )?in der zukunft",
        r"noch fristgerecht",
        r"noch rechtzeitig",
        "(?:noch )?nicht (?:uber)?fallig",
        "noch (?:genug |ausreichend )?zeit",
        "(?:noch )?nicht (?:abgelaufen|verstrichen|uberschritten)",
        r"noch \d+ tage",
        "rechtzeitig moglich",
        "frist lauft noch",
        "im zeitplan",
    ),
    valid=said_as(
        r"(?:angebot|offerte|vertrag|anfrage|preise?|es)(?: \w+){0,4} (?:ist|sind|gilt|gelten|bleibt|bleiben) (?:noch "
        r"|weiterhin )?(?:gultig"
        r"|bindend|in kraft)(?! bis)",
        r"(?:angebot|offerte|vertrag|anfrage|preise?)(?: \w+){0,3} (?:gilt|gelten) (?:noch|weiterhin)",
        "kann noch angenommen werden",
    ),
    figures=said_as(
        "zahlen",
        r"betrag\w*",
        r"summe\w*",
        r"gesamt\w*",
        "zwischensumme",
        "rechnung",
        r"rechnungs\w*",
        r"position\w*",
        "posten",
        "zeilen",
        r"berechnung\w*",
        "rechnerisch",
        r"steuer\w*",
        "mwst",
        "ust",
        "mehrwertsteuer",
        "umsatzsteuer",
        "alles",
        "alle",
        r"\w*preise?",
        "mengen",
        "dokument",
        "werte",
        "angaben",
        "rechenwege?",
    ),
    right=said_as(
        "richtig",
        "korrekt",
        "stimmig",
        "fehlerfrei",
        "schlussig",
        "plausibel",
        "nachvollziehbar",
        "in (?:bester )?ordnung",
        "konsistent",
        "einwandfrei",
        "exakt",
        "zutreffend",
        "fehlerlos",
        "stimmen",
        "stimmt",
        "stimmen uberein",
        r"ergeben (?:zusammen )?(?:den|die|das|genau)",
        "ergibt (?:den|die|das|genau)",
        "entsprech(?:en|t) (?:dem|der|den)",
        "entspricht (?:dem|der|den)",
        "dec(?:kt|ken) sich",
        "im einklang",
        "(?:geht|gehen) auf",
        "verifiziert",
        "bestatigt",
        "passt",
        "passen",
    ),
    no_fault=said_as(
        r"kein\w* korrektur\w* (?:\w+ )?(?:notig|notwendig|erforderlich)",
        r"alle prufungen (?:\w+ )?bestanden",
        r"weist (?:\w+ )?kein\w* (?:\w+ )?(?:fehler|mangel)\w*",
        rf"kein\w* (?:\w+ ){{0,3}}{_FAULTS_DE}",
        rf"ohne (?:\w+ ){{0,2}}{_FAULTS_DE}",
        "fehlerfrei",
        "fehlerlos",
        "nichts zu beanstanden",
        rf"{_FAULTS_DE} (?:wurden|wurde|gab es|gibt es|liegen|liegt|bestehen|sind|konnten) (?:\w+ ){{0,2}}(?:nicht|keine)",
        "nichts falsch",
        "nichts zu korrigieren",
    ),
    no_risk=said_as(
        r"steht (?:\w+ ){0,3}nichts (?:\w+ ){0,2}im wege?",
        r"kein\w* (?:\w+ ){0,3}(?:risik\w+|bedenken|einwande?|vorbehalte|hindernisse?)",
        "nichts (?:spricht )?(?:dagegen|gegen)",
        "spricht nichts",
        r"risiken (?:wurden|bestehen|sind|gibt es) (?:\w+ ){0,2}(?:nicht|keine)",
        "risikolos",
        "unbedenklich",
    ),
    complete=said_as(
        r"(?:enthalt|tragt|hat|zeigt|umfasst) alle (?:\w+ )?(?:erforderlichen|notwendigen|vorgeschriebenen|notigen"
        r"|relevanten)(?: \w+)*",
        r"(?:enthalt|tragt) (?:samtliche|alle) \w*angaben",
        "vollstandig(?! (?:bezahlt|beglichen|ausgeglichen|uberwiesen))",
        "(?:es )?fehlt nichts",
        "nichts fehlt",
        "luckenlos",
        r"alle (?:\w+ )?\w*angaben (?:\w+ ){0,3}(?:vorhanden|enthalten|gemacht|da|vor)",
        "keine angaben? fehl(?:t|en)",
    ),
    same_bank=said_as(
        r"(?:bank\w*|konto\w*)(?: \w+){0,3} (?:ist|sind|stimmt|stimmen|entspricht|entsprechen|bleibt|hat"
        r"|haben)(?: \w+){0,6} (?:unverandert"
        r"|bekannt|gleich|uberein|identisch|fruheren rechnungen|dieselben?|bestatigt|nicht geandert)",
    ),
    no_double=said_as(
        r"kein\w* (?:\w+ )?(?:doppel\w*|dublette\w*|duplikat\w*|wiederholung\w*)",
        "nicht doppelt",
        r"kein\w* (?:\w+ )?(?:position|zeile|posten|artikel) (?:\w+ ){0,3}(?:doppelt|zweimal|mehrfach)",
    ),
    asked=re.compile(
        r"\A\W*(?:bitte )?(?:prufen|uberprufen|vergleichen|klaren|kontrollieren|fragen|stellen sie sicher|bestatigen|sehen"
        r"|achten|sicherstellen"
        r"|gleichen)(?!\w)|(?<!\w)(?:ob|falls|wenn|sofern|sobald|bevor|(?:sollten?|mussen?|muss) (?:\w+ ){0,4}(?:gepruft"
        r"|geklart|korrigiert|verglichen|bestatigt|berichtigt|uberpruft|erganzt)|nachdem|zu prufen|zu klaren)(?!\w)"
    ),
    negated=said_as(
        "nicht",
        r"kein\w*",
        "nie",
        "niemals",
        "weder",
        "ohne",
        "kaum",
        "auser",
        "ausser",
        "bis auf",
        "abgesehen",
        "falsch",
        "fehlerhaft",
        "statt",
        "ubersteigt",
        "sondern",
        "mit ausnahme",
    ),
    issues=said_as(
        "stellt(?! fest)",
        "berechnet",
        "liefert(?:e)?",
        "verkauft(?:e)?",
        "fakturiert",
        "fordert",
        "bietet",
        "vermietet",
        "(?:hat|haben) [^.;]{0,90}?(?:gestellt|geliefert|berechnet|verkauft|fakturiert|ausgestellt|angeboten|vermietet"
        "|abgegeben|unterbreitet|vorgelegt|eingereicht)"
        "(?! bekommen| erhalten| worden)",
        "(?:ist|war) (?:der |die )?(?:lieferant|verkaufer|rechnungssteller|auftragnehmer|vermieter)(?:in)?",
    ),
    orders=said_as(
        "bestellt(?:e)?",
        "kauft(?:e)?",
        "beauftragt(?:e)?",
        "bezahlt(?:e)?",
        "schuldet",
        "(?:hat|haben) [^.;]{0,90}?(?:bestellt|gekauft|beauftragt|erworben|bezahlt)",
        "(?:muss|soll) [^.;]{0,60}?(?:zahlen|uberweisen)",
        "(?:ist|war) (?:der |die )?(?:kunde|kundin|kaufer|auftraggeber|rechnungsempfanger|mieter)(?:in)?",
    ),
    from_to=re.compile(r"(?<!\w)von(?: der| dem)?(?: firma)?\s*\Z"),
    made_by=re.compile(
        r"(?<!\w)(?:(?:stammt|ausgestellt|geliefert|erstellt|unterbreitet|berechnet|gesendet|verkauft|kommt)(?: von)(?: der"
        r"| dem)?(?: firma)?)\s*\Z"
    ),
    ordered_by=re.compile(
        r"(?<!\w)(?:bestellt|beauftragt|bestellung|auftrag|gekauft|angefragt)(?: \w+)? von(?: der| dem)?(?: firma)?\s*\Z"
    ),
)
