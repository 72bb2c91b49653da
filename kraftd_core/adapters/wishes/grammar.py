"""The words of the grammar: how people ask to hide, sort, group, rename and mark, in English and some German and French."""

import re


def words(pattern: str) -> re.Pattern[str]:
    """The pattern in whatever case."""
    return re.compile(pattern, re.IGNORECASE)


HIDE = (
    words(
        r"(?:hide|leave (?:out|away|off)|omit|remove|drop|exclude|without|no|skip|suppress|delete|take out|cut(?: out)?|"
        r"get rid of|"
        r"(?:don't|do not|never) (?:show|print|include|list|display|want|need)|ohne|verberge|lasse?|sans|masque[rz]?|cache[rz]?)"
        r"\s+(?P<what>.+?)(?: (?:out|away|weg|aus))?"
    ),
    words(r"(?:leave|take|keep)\s+(?P<what>.+?)\s+(?:out|away|off)"),
    words(r"(?P<what>.+?) (?:weglassen|ausblenden)"),
)
ONLY = words(
    r"(?:(?:show|print|list|give me|display|include|keep|present)\s+)?(?:me )?(?:only|just|nothing but|nur|seulement|"
    r"uniquement)\s+"
    r"(?:(?:show|print|list|keep)\s+)?(?P<what>.+?)(?:,? (?:and )?nothing else)?"
)
ONLY_BEHIND = words(r"(?:(?:show|print|list|keep)\s+)?(?P<what>.+?)\s+only")
_TOP = (
    r"(?:first(?: of all)?|1st|(?:at|on|to|in) (?:the )?(?:very )?(?:top|front|beginning|start)|up front|"
    r"zuerst|nach oben|en premier)"
)
FIRST = (
    words(r"(?:start|begin|open|beginne|commence[rz]?)\s+(?:with|mit|par|avec)\s+(?P<what>.+)"),
    words(r"first(?:ly)?,? (?:show |put |list )?(?P<what>.+)"),
    words(
        r"(?:(?:put|show|move|place|list|have|bring|start with|display|print)\s+)?"
        rf"(?P<what>.+?)\s+(?:come |comes |goes? |should be )?{_TOP}"
        r"(?:,?\s*(?:and |then |followed by |und |dann |puis )+(?P<next>.+))?"
    ),
)
SIZE_FIRST = words(
    r"(?:(?:put|show|list)\s+)?(?:the )?(?:largest|biggest|highest|most expensive|newest|latest|smallest|lowest|"
    r"cheapest|oldest)\s+(?P<what>.+?)\s+"
    r"(?:first|1st|(?:at|on) (?:the )?top)"
)
SHOW = words(r"(?:show|include|add|with|keep|display|print|list|mit|avec)\s+(?:also )?(?P<what>.+?)(?: too| as well)?")
SORT = words(
    r"(?:sort(?:ed)?|order(?:ed)?|arranged?|rank(?:ed)?|sortiere|trie[rz]?)\s*(?P<table>.*?)\s*\b(?:by|on|according to|"
    r"nach|par)\s+(?P<by>.+)"
)
FALLING = words(
    r"\b(?:descending(?:ly)?|desc|falling|high(?:est)? to low(?:est)?|large(?:st)? to small(?:est)?|(?:largest|highest|"
    r"biggest|most expensive|"
    r"newest|latest|most)(?: \w+)? first|(?:largest|highest|biggest|newest|latest|most expensive)|z (?:to|-) a|z-a|"
    r"in reverse|reversed?|"
    r"from high to low|absteigend|décroissant)\b"
)
RISING = words(
    r"\b(?:ascending(?:ly)?|asc|rising|low(?:est)? to high(?:est)?|(?:smallest|lowest|oldest|cheapest|"
    r"least)(?: \w+)? first|a (?:to|-) z|a-z|"
    r"alphabetically|from low to high|aufsteigend|croissant)\b"
)
ASIDE = words(r"\b(?:in|order|from|with|the)\b(?= *$|,)|,\s*$|\border\b")
GROUP = words(
    r"(?:group(?:ed)?|gruppiere|groupe[rz]?)\s*(?P<table>.*?)\s*\b(?:by|nach|par)\s+(?P<by>.+?)(?P<sums>\s+(?:with|"
    r"and)\s+(?:sub)?(?:totals?|sums?))?"
)
RENAME = words(
    r"(?:rename|relabel|label|change the (?:name|label|heading|title) of|change the (?:name|"
    r"label) for)\s+(?P<what>.+?)\s+(?:to|as|into|in)\s+(?P<label>.+)"
)
RENAMING = words(r"^(?:rename|relabel)\s+")
PAIR = words(r"(?P<what>.+?)\s+(?:to|as|into)\s+(?P<label>.+)")
CALL = words(r"(?:call|name|title|nenne|label)\s+(?P<what>.+?)\s+(?P<label>[\"“„«'].+[\"“”»'])")
INSTEAD = words(r"(?:say|write|use|show|put)\s+(?P<label>[\"“„«'].+[\"“”»']|\w+)\s+instead of\s+(?P<what>.+)")

LANGUAGES = {"german": "de", "deutsch": "de", "allemand": "de", "french": "fr", "französisch": "fr", "français": "fr",
             "francais": "fr", "english": "en", "englisch": "en", "anglais": "en"}  # fmt: skip
OTHER_LANGUAGES = (
    "spanish|italian|dutch|portuguese|polish|chinese|japanese|russian|turkish|arabic|español|swedish|"
    "danish|czech|greek"
)
_ANY_LANGUAGE = rf"{'|'.join(LANGUAGES)}|{OTHER_LANGUAGES}"
LANGUAGE = words(
    r"(?:(?:write|make|put|do|have|translate|show|print|produce|deliver|give me|use|i want|set)\s+)?"
    r"(?:(?:it|this|that|everything|all|all of it|(?:the )?(?:whole |entire )?(?:document|file|deliverable|report|thing|"
    r"headings?|labels?|language)"
    r"(?: and (?:the )?(?:labels?|headings?))?)\s*)?(?:all\s+)?(?:in|into|auf|en|to)\s+"
    rf"(?P<language>{_ANY_LANGUAGE})(?: language)?|(?:language:? )?(?P<alone>{_ANY_LANGUAGE})(?: language| version)?"
)

FORMATS: tuple[tuple[str, re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]], ...] = (
    ("currency", words(r"\bcurrenc(?:y|ies)\b|€|\$|£|\b(?:euro|eur|dollar|usd|pound|gbp|währung)\b"), (
        ("symbol", words(r"\b(?:symbols?|signs?|zeichen)\b|[€$£] instead of")),
        ("code", words(r"\bcodes?\b|\b(?:eur|usd|gbp) instead of")),
    )),
    ("dates", words(r"\bdates?\b|\bdatum\b"), (
        ("iso", words(r"\biso\b|\byyyy-mm|\b\d{4}-\d{2}-\d{2}\b|year first")),
        ("dotted", words(r"\bdd\.mm|\b\d{1,2}\.\d{1,2}\.\d{2,4}|\bgerman\b|\bdeutsch\b|\btt\.mm")),
        ("month_first", words(r"\bmm/dd|\b\d{1,2}/(?:1[3-9]|2\d|3[01])/\d{2,4}|\b(?:american|us|usa)\b|month first")),
        ("day_first", words(r"\bdd/mm|\b(?:1[3-9]|2\d|3[01])/\d{1,2}/\d{2,4}|\b(?:british|uk|french|european)\b|day first")),
        ("long", words(r"\b(?:long|written out|in words|in full|with the month|spelled out)\b|\b(?:d+ )?mmmm?\b|"
                       r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b")),
    )),
    ("numbers", words(r"\b(?:numbers?|figures?|amounts?|zahlen|decimals?|values)\b"), (
        ("de", words(r"\d\.\d{3},\d|\bgerman\b|\bdeutsch\b|\bcontinental\b|\beuropean\b|\b(?:decimal )?commas?\b")),
        ("fr", words(r"\d \d{3},\d|\bfrench\b")),
        ("ch", words(r"\d'\d{3}\.\d|\bswiss\b")),
        ("en", words(r"\d,\d{3}\.\d|\b(?:english|american|us|british|uk)\b|\b(?:decimal )?points?\b")),
    )),
)  # fmt: skip

_COUNTRIES = r"german|deutsch\w*|austrian|österreichisch\w*|french|fran[cç]ais\w*|französisch\w*|european|continental"
COMMA_COUNTRY = words(
    rf"\b(?:{_COUNTRIES})\b.*?\b(?:excel|spreadsheet|csv)\b|"
    rf"\b(?:excel|csv)\b.*?\b(?:{_COUNTRIES}|germany|deutschland|france)\b"
)
POINT_COUNTRY = words(r"\b(?:english|american|us|british|uk)\b.*?\b(?:excel|spreadsheet|csv)\b")
SEPARATORS = (
    ("semicolon", words(r"\b(?:semi-?colons?|semikol\w+|strichpunkte?n?|points?[- ]?virgules?)\b|"
                        r"(?:^|\s)[\"'“]?;[\"'”]?(?:\s|$)")),
    ("tab", words(r"\b(?:tabs?|tabulators?)[- ](?:separated|delimited|delimiters?|separators?|getrennt)\b|"
                  r"\btabulator\w*\b|\btsv\b|\b(?:by|with|use|mit|durch) (?:a )?tabs?\b(?! for)|"
                  r"\btabs? (?:as|als|between|instead)\b")),
    ("comma", words(r"\bcommas?[- ](?:separated|delimited)\b|\bcommas? (?:as|between)\b(?!.*decimal)|\bkommagetrennt\b|"
                    r"\b(?:separated|delimited) by commas?\b")),
)  # fmt: skip
DECIMAL_COMMA = words(r"\bdecimals? (?:with|as|by|marked by|behind) (?:a )?commas?\b|"
                      r"\bdecimal commas?\b|\bcommas? (?:as|for) (?:the )?decimals?\b|\bdezimalkomma\b|\bvirgules? décimales?\b")
OTHER_SEPARATORS = words(r"\b(?:pipes?|colons?|spaces?|blanks?)[- ](?:separated|delimited|(?:as )?(?:separators?|delimiters?))\b")
DECIMAL_POINT = words(r"\bdecimal (?:points?|dots?)\b|\bdezimalpunkt\b")

_COLOURS = {
    "red": "red", "rot": "red", "rouge": "red", "orange": "orange", "yellow": "yellow", "gelb": "yellow", "jaune": "yellow",
    "green": "green", "grün": "green", "vert": "green", "blue": "blue", "blau": "blue", "bleu": "blue", "purple": "purple",
    "violet": "purple", "pink": "purple", "lila": "purple", "grey": "grey", "gray": "grey", "grau": "grey"
}  # fmt: skip
COLOUR = words(
    r"\b(?:(?:in|with|as|on|en|using) )?(?:an? |the colou?r )?(?:light |dark |bright |strong |pale )?"
    rf"(?P<colour>{'|'.join(_COLOURS)})\b(?: (?:colou?r|background|ground|font|type|text|letters|markers?))?"
)
BOLD = words(r"\b(?:(?:in|as|and|with) )?(?:bold|fett|gras|strong)\b(?: (?:type|font|text|letters|print))?")
HIGHLIGHT = words(
    r"(?:highlight|mark|emphasi[sz]e|colou?r|shade|tint|paint|flag|underline|markiere|surligne[rz]?|hervorheben|"
    r"make .{0,40}?stand out)\s+(?P<what>.+)"
)
HIGHLIGHT_BEHIND = words(r"(?:make )?(?P<what>.+?)\s+(?:markieren|hervorheben|einfärben|highlighted|stand out)")
SHOWN_AS = words(r"^(?:make|show|print|put|write|set|display|have|turn|i want)\s+")
NOT_OF_SEPARATORS = (words(r"\b(?:dates?|datum)\b"), HIGHLIGHT, COLOUR, BOLD)
RELATIONS = tuple((name, words(pattern)) for name, pattern in (
    ("at least", r">=|≥|at least|from|no less than|mindestens"),
    ("at most", r"<=|≤|at most|up to|no more than|höchstens"),
    ("other than", r"!=|<>|≠|other than|not(?: equal to)?|different from"),
    ("more than", r">|more than|greater than|larger than|higher than|bigger than|over|above|"
                  r"exceeds?|exceeding|after|über|mehr als"),
    ("less than", r"<|less than|smaller than|lower than|under|below|before|unter|weniger als"),
    ("containing", r"contains?|containing|includes?|including|enthält"),
    ("equal to", r"==?|equals?|equal to|is exactly|exactly|is"),
))  # fmt: skip
_RELATION = "|".join(f"(?:{pattern.pattern})" for name, pattern in RELATIONS if name != "equal to")
CURRENCY = words(r"^[€$£¥]\s*|\s*(?:[€$£¥%]|euros?|dollars?|eur|usd|gbp)$")
WHERE = words(
    r"(?P<what>.+?)\s+(?:where|when|if|whose|with|having|that have|in which|for which|wo)\s+(?:the |an? )?(?P<column>.+?)\s*"
    rf"(?:\b(?:is|are|has|have)\b)?\s*(?P<relation>{_RELATION}|==?|equals?|equal to|exactly|\bis\b)\s*(?P<value>[^\s=].*)"
)
COMPARED = words(rf"(?P<column>.+?)\s*\b(?:is |are )?(?P<relation>(?<=\s)(?:{_RELATION})|==?)\s*(?P<value>[^\s=].*)")

RECKONING = words(
    r"\b(?:round(?:ed)?|convert|averages?|calculate|compute|sum up|add up|(?:with|add|include|show|"
    r"insert) (?:sub)?totals for|subtotals for|"
    r"(?:no|without|fewer|one|two|three|\d) decimals?|decimals|decimal places|percentages?|cents|percent of|exchange rate)\b"
)


def looks_in(text: str) -> tuple[str, str | None, bool]:
    """The text without the words for looks; in a condition's value only what stands behind "in" is one."""
    bold = BOLD.search(text)
    rest = BOLD.sub(" ", text) if bold else text
    colour = COLOUR.search(rest)
    rest = COLOUR.sub(" ", rest) if colour else rest
    return " ".join(rest.split()).strip(" ,"), _COLOURS[colour["colour"].lower()] if colour else None, bool(bold)
