"""The instructions that the rule-based engine understands: a small stated grammar that turns plain words into plan steps."""

import re
from collections.abc import Callable, Iterator, Sequence
from typing import Any, Literal, TypeAlias

from kraftd_core.adapters.plan_words import Finder
from kraftd_core.ports import Case
from kraftd_core.records import (
    Condition,
    DocumentTemplate,
    ExportFormat,
    Formatting,
    Grouping,
    Highlight,
    Language,
    NotCarriedOut,
    PresentationPlan,
    Renaming,
    Sorting,
    Step,
    Target,
    Visibility,
)
from kraftd_core.wording import clipped

_LONGEST_CLAUSE = 400
_MOST_CLAUSES = 60
_LONGEST_LABEL = 80

NOT_UNDERSTOOD = "Not understood."
_NO_OTHER_VALUES = "Values are never changed here. Correct them on Review."
_NOTHING_RECKONED = "Only reviewed values are shown; nothing is calculated, rounded or converted."
_NOTHING_FETCHED = "Nothing is fetched, added from elsewhere or sent."
_NO_TONE = "The rule-based engine writes in one tone only."
_NO_PROSE = "The prose stays English: the rule-based engine writes no other language."
_NO_LINES_APART = "Lines are not left out by a condition, so that the totals stay clear. Have them highlighted instead."
_NO_LANGUAGE = "Headings and labels are known in English, German and French only."

Answer: TypeAlias = tuple[list[Step], list[str]]
"""Steps, and reasons for what of the clause is not carried out."""


def plan_of(case: Case, template: DocumentTemplate, export_format: ExportFormat) -> PresentationPlan:
    """The steps that the instructions of the case ask for; every clause gives a step or is listed."""
    instructions = case.preferences.transformation_instructions if case.preferences else ""
    reader = _Reader(Finder(case.data, case.document_type))
    steps: list[Step] = []
    refused: list[NotCarriedOut] = []
    for clause in reader.clauses(instructions):
        done, reasons = reader.read(clause)
        steps += [step.model_copy(update={"words": clause}) for step in done]
        refused += [NotCarriedOut(words=clause, reason=reason) for reason in reasons]
    return PresentationPlan(
        template=template,
        export_format=export_format,
        instructions=instructions,
        read_by="rules",
        steps=steps,
        not_carried_out=refused,
    )


# Clauses


_SEPARATOR = re.compile(
    r"(?P<quoted>\"[^\"\n]*\"|“[^”\n]*”|„[^“”\n]*[“”]|«[^»\n]*»)"
    r"|(?P<strong>[;\n•]+|[.!?]+(?=\s|$))"
    r"|(?P<weak>,(?!\d)|(?<!\d),|\s(?:and|und|et|then|but|plus|&)(?=\s)|^\s*&)"
)
_POLITE = re.compile(
    r"^(?:(?:please|pls|plz|kindly|bitte|also|then|and|und|et|but|just|so|now|hello|hi|hey|ok|thanks?(?: you)?|danke|"
    r"merci|s'il vous plaît|"
    r"(?:can|could|would|will) you|i(?:'d| would)? (?:like|want|need)(?: you)?(?: to)?|i want(?: you)?(?: to)?|"
    r"make sure (?:to|that|you)|"
    r"we (?:want|need)|don't forget to|remember to|let's|you (?:should|must|can)|&)[\s,:]+)+",
    re.IGNORECASE,
)
_POLITE_END = re.compile(r"[\s,]+(?:please|pls|plz|bitte|thanks?(?: you)?|danke|merci|s'il vous plaît|ok)$", re.IGNORECASE)
_ONLY_POLITE = re.compile(r"(?:please|pls|plz|bitte|thanks?(?: you)?|danke|merci|hello|hi|ok|and|und|then|&)*", re.IGNORECASE)
_STARTERS = re.compile(
    r"(?:highlight|mark|emphasi[sz]e|colou?r|shade|paint|flag|make|hide|leave|omit|remove|drop|exclude|without|no|skip|"
    r"suppress|delete|"
    r"don't|do not|only|just|put|show|list|display|include|keep|place|move|start|begin|sort|order|arrange|rank|group|"
    r"rename|relabel|"
    r"call|label|use|write|format|translate|change|set|replace|correct|add|multiply|increase|round|convert|fetch|send|"
    r"ohne|nur|sortiere|gruppiere|markiere|verberge|trie|triez|trier|sans|seulement|masque|masquez|surligne|surlignez)\b",
    re.IGNORECASE,
)


class _Reader:
    """Reads clauses against one document."""

    def __init__(self, finder: Finder) -> None:
        self.finder = finder
        self.rules: tuple[Callable[[str], Answer | None], ...] = (
            self._language, self._formats, self._rename, self._sort, self._group, self._first, self._only, self._hide,
            self._highlight, self._show,
        )  # fmt: skip

    def clauses(self, instructions: str) -> Iterator[str]:
        """The wishes one by one, in the user's words; commas and "and" part them only where a wish of its own begins."""
        given = 0
        for sentence in _parts(instructions, "strong"):
            for clause in self._merged(_parts(sentence, "weak"), sentence):
                given += 1
                if given > _MOST_CLAUSES:
                    yield instructions[instructions.find(clause) :].strip()
                    return
                yield clause

    def _merged(self, parts: Sequence[str], sentence: str) -> Iterator[str]:
        """Neighbouring parts joined again, as they stand in the sentence, unless the later one is a wish of its own."""
        begin = end = 0
        for part in parts:
            at = sentence.index(part, end)
            if end and self._is_wish(part):
                yield sentence[begin:end].strip()
                begin = at
            elif not end:
                begin = at
            end = at + len(part)
        if end:
            yield sentence[begin:end].strip()

    def _is_wish(self, part: str) -> bool:
        bare = _bare(part)
        if len(bare) > _LONGEST_CLAUSE or self.finder.find(bare):  # "order numbers" in a list of fields begins like a wish
            return False
        return bool(_STARTERS.match(bare) or self._answered(bare)[0])

    def read(self, clause: str) -> Answer:
        """The steps of a clause, and what cannot be done of it."""
        bare = _bare(clause)
        if len(bare) > _LONGEST_CLAUSE:
            return [], ["This is too long to be read as one wish. Part it with full stops."]
        steps, reasons = self._answered(bare)
        return steps, reasons if steps else [_why_not(bare) or next(iter(reasons), NOT_UNDERSTOOD)]

    def _answered(self, bare: str) -> Answer:
        return next((answer for rule in self.rules if (answer := rule(bare)) is not None), ([], []))

    # what a phrase names

    def _targets(self, phrase: str) -> tuple[list[Target], list[str]]:
        """The parts that a phrase or a list of phrases names, and what this document does not have."""
        found = self.finder.find(phrase)
        if found:
            return found, []
        targets: list[Target] = []
        missing = []
        for item in filter(None, map(str.strip, re.split(r",|\b(?:and|und|et|then|plus|as well as)\b|&|\+|/", phrase))):
            named = self.finder.find(item)
            targets += named
            missing += [] if named else [_lacking(item)]
        return list(dict.fromkeys(targets)), missing or ([] if targets else [_lacking(phrase)])

    def _visibility(self, kind: str, phrase: str) -> Answer:
        targets, missing = self._targets(phrase)
        if missing and _COMPARED.fullmatch(phrase):
            return [], [_NO_LINES_APART]
        return ([Visibility.model_validate({"kind": kind, "targets": targets})] if targets else []), missing

    # the rules: None where a clause is none of theirs

    def _hide(self, clause: str) -> Answer | None:
        match = next((match for pattern in _HIDE if (match := pattern.fullmatch(clause))), None)
        if match is None or _RECKONING.search(clause):
            return None
        return self._visibility("hide", match["what"])

    def _only(self, clause: str) -> Answer | None:
        match = _ONLY.fullmatch(clause) or _ONLY_BEHIND.fullmatch(clause)
        return self._visibility("only", match["what"]) if match else None

    def _first(self, clause: str) -> Answer | None:
        match = next((match for pattern in _FIRST if (match := pattern.fullmatch(clause))), None)
        if match is None:
            return None
        by_size = _SIZE_FIRST.fullmatch(clause)
        if by_size:
            return self._by_size(by_size)
        behind = match.groupdict().get("next") or ""
        return self._visibility("first", f"{match['what']}, {behind}" if behind else match["what"])

    def _by_size(self, match: re.Match[str]) -> Answer:
        """ "Largest lines first" is about the amounts of a table, "largest quantities first" about a column."""
        column = self.finder.columns(match["what"]) or self.finder.columns("amount")
        steps = [_sorting(target.table, [target.name], bool(_FALLING.search(match[0]))) for target in column]
        return list(steps), [] if steps else [_lacking(match["what"])]

    def _show(self, clause: str) -> Answer | None:
        match = _SHOW.fullmatch(clause)
        return self._visibility("show", match["what"]) if match else None

    def _sort(self, clause: str) -> Answer | None:
        match = _SORT.fullmatch(clause)
        if match is None:
            return None
        wanted = _ASIDE.sub("", _FALLING.sub("", _RISING.sub("", match["by"]))).strip(" ,()-")
        tables = self.finder.tables(match["table"] or "")
        if match["table"] and not tables:
            return [], [_lacking(match["table"])]
        names = [self.finder.columns(item) for item in _items(self.finder.columns, wanted)]
        steps = []
        for table in tables:
            columns = [next((target.name for target in found if target.table == table), None) for found in names]
            if columns and None not in columns:
                steps.append(_sorting(table, [name for name in columns if name], bool(_FALLING.search(match["by"]))))
        return list(steps), [] if steps else [_lacking(wanted)]

    def _group(self, clause: str) -> Answer | None:
        match = _GROUP.fullmatch(clause)
        if match is None:
            return None
        tables = self.finder.tables(match["table"] or "")
        columns = [target for target in self.finder.columns(match["by"]) if target.table in tables]
        firsts = {target.table: target for target in reversed(columns)}
        steps: list[Step] = [Grouping(table=table, column=target.name) for table, target in firsts.items()]
        return steps, ([] if steps else [_lacking(match["by"])]) + ([_NOTHING_RECKONED] if match["sums"] else [])

    def _rename(self, clause: str) -> Answer | None:
        pairs = [_PAIR.fullmatch(pair) for pair in re.split(r"\s*(?:,|\band\b)\s*", _RENAMING.sub("", clause))]
        if len(pairs) > 1 and _RENAMING.match(clause) and all(pair and self.finder.find(pair["what"]) for pair in pairs):
            answers = [self._renamed(pair["what"], pair["label"]) for pair in pairs if pair]
            return [step for steps, _ in answers for step in steps], [reason for _, reasons in answers for reason in reasons]
        match = _RENAME.fullmatch(clause) or _CALL.fullmatch(clause) or _INSTEAD.fullmatch(clause)
        named, label = (match["what"], match["label"]) if match else self._called(clause)
        return self._renamed(named, label) if named else None

    def _renamed(self, named: str, label: str) -> Answer:
        targets, missing = self._targets(named)
        label = " ".join(label.strip(" \"'“”„«»").split())
        if not targets:
            return [], missing
        if not label or len(label) > _LONGEST_LABEL:
            return [], [f"A name needs 1 to {_LONGEST_LABEL} characters."]
        return [Renaming(targets=targets, label=label)], missing

    def _called(self, clause: str) -> tuple[str, str]:
        """ "call the total Amount payable": the longest beginning that names something."""
        match = re.fullmatch(r"(?:call|nenne)\s+(?P<rest>.+)", clause, re.IGNORECASE)
        words = match["rest"].split() if match else []
        ends = range(min(len(words) - 1, 6), 0, -1)
        end = next((end for end in ends if self.finder.find(" ".join(words[:end]))), 0)
        return " ".join(words[:end]), " ".join(words[end:])

    def _language(self, clause: str) -> Answer | None:
        match = _LANGUAGE.fullmatch(clause)
        if match is None:
            return None
        language = _LANGUAGES.get((match["language"] or match["alone"]).lower())
        if language is None:
            return [], [_NO_LANGUAGE]
        return [Language.model_validate({"language": language})], [] if language == "en" else [_NO_PROSE]

    def _formats(self, clause: str) -> Answer | None:
        if any(pattern.search(clause) for pattern in (_RECKONING, _HIGHLIGHT, _COLOUR, _BOLD)):
            return None
        for name, subject, forms in _FORMATS:
            asked = subject.search(clause)
            form = next((value for value, pattern in forms if pattern.search(clause)), None) if asked else None
            if form:
                return [Formatting.model_validate({name: form})], []
        return None

    def _highlight(self, clause: str) -> Answer | None:
        told = _HIGHLIGHT.fullmatch(clause) or _HIGHLIGHT_BEHIND.fullmatch(clause)
        rest, colour, bold = _looks(told["what"] if told else _SHOWN_AS.sub("", clause))
        if not (told or colour or bold):
            return None
        looks: dict[str, Any] = {"colour": colour or (None if bold else "yellow"), "bold": bold}
        where = _WHERE.fullmatch(rest) or _COMPARED.fullmatch(rest)
        if where:
            return self._highlight_rows(where, looks)
        targets, missing = self._targets(rest)
        return ([Highlight(targets=targets, **looks)] if targets else []), missing

    def _highlight_rows(self, where: re.Match[str], looks: dict[str, Any]) -> Answer:
        """Rows or cells of tables by a condition; "lines over 500" is about their amounts."""
        named = where["column"]
        tables = self.finder.tables(where.groupdict().get("what") or named)
        columns = self.finder.columns(named) or (self.finder.columns("amount") if tables else [])
        if not columns:
            return [], [_lacking(named)]
        targets: list[Target] = [Target(kind="table", name=table) for table in tables if table in {c.table for c in columns}]
        if not targets and where.groupdict().get("what"):
            targets = self.finder.columns(where["what"])
            if not targets:
                return [], [_lacking(where["what"])]
        relation = next(name for name, pattern in _RELATIONS if pattern.fullmatch(where["relation"].strip()))
        value = _CURRENCY.sub("", where["value"].strip(" \"'“”„«»"))
        condition = Condition.model_validate({"column": columns[0].name, "relation": relation, "value": value})
        return [Highlight(targets=targets or columns, condition=condition, **looks)], []


def _parts(text: str, separator: Literal["strong", "weak"]) -> list[str]:
    """The text between separators of a strength; what is quoted stays whole."""
    parts, begin = [], 0
    for match in _SEPARATOR.finditer(text):
        if match[separator]:
            parts.append(text[begin : match.start()])
            begin = match.end()
    parts.append(text[begin:])
    return [part.strip() for part in parts if not _ONLY_POLITE.fullmatch(part.strip(" ,.!&"))]


def _bare(clause: str) -> str:
    """The clause without politeness, with plain apostrophes and single blanks."""
    text = " ".join(clause.replace("’", "'").split()).strip(" ,.!?:-*•")
    text = _POLITE_END.sub("", _POLITE_END.sub("", text))
    return _POLITE.sub("", text).strip(" ,:")


def _items(find: Callable[[str], list[Target]], phrase: str) -> list[str]:
    if find(phrase):
        return [phrase]
    items = map(str.strip, re.split(r",|\b(?:and|und|et|then)\b|&", phrase))
    return [re.sub(r"^(?:by|nach|par)\s+", "", item) for item in items if item]


def _sorting(table: str, columns: list[str], descending: bool) -> Sorting:
    return Sorting(table=table, columns=columns, descending=descending)


def _lacking(phrase: str) -> str:
    bare = re.sub(r"^(?:(?:the|all|an?|any|our|my|der|die|das|le|la|les)\s+)+", "", phrase.strip(), flags=re.IGNORECASE)
    return f"This document has no “{clipped(bare)}”."


# The words of the grammar


def _words(pattern: str) -> re.Pattern[str]:
    return re.compile(pattern, re.IGNORECASE)


_HIDE = (
    _words(
        r"(?:hide|leave (?:out|away|off)|omit|remove|drop|exclude|without|no|skip|suppress|delete|take out|cut(?: out)?|"
        r"get rid of|"
        r"(?:don't|do not|never) (?:show|print|include|list|display|want|need)|ohne|verberge|lasse?|sans|masque[rz]?|cache[rz]?)"
        r"\s+(?P<what>.+?)(?: (?:out|away|weg|aus))?"
    ),
    _words(r"(?:leave|take|keep)\s+(?P<what>.+?)\s+(?:out|away|off)"),
    _words(r"(?P<what>.+?) (?:weglassen|ausblenden)"),
)
_ONLY = _words(
    r"(?:(?:show|print|list|give me|display|include|keep|present)\s+)?(?:me )?(?:only|just|nothing but|nur|seulement|"
    r"uniquement)\s+"
    r"(?:(?:show|print|list|keep)\s+)?(?P<what>.+?)(?:,? (?:and )?nothing else)?"
)
_ONLY_BEHIND = _words(r"(?:(?:show|print|list|keep)\s+)?(?P<what>.+?)\s+only")
_TOP = (
    r"(?:first(?: of all)?|1st|(?:at|on|to|in) (?:the )?(?:very )?(?:top|front|beginning|start)|up front|"
    r"zuerst|nach oben|en premier)"
)
_FIRST = (
    _words(r"(?:start|begin|open|beginne|commence[rz]?)\s+(?:with|mit|par|avec)\s+(?P<what>.+)"),
    _words(r"first(?:ly)?,? (?:show |put |list )?(?P<what>.+)"),
    _words(
        r"(?:(?:put|show|move|place|list|have|bring|start with|display|print)\s+)?"
        rf"(?P<what>.+?)\s+(?:come |comes |goes? |should be )?{_TOP}"
    r"(?:,?\s*(?:and |then |followed by |und |dann |puis )+(?P<next>.+))?"),
)
_SIZE_FIRST = _words(
    r"(?:(?:put|show|list)\s+)?(?:the )?(?:largest|biggest|highest|most expensive|newest|latest|smallest|lowest|"
    r"cheapest|oldest)\s+(?P<what>.+?)\s+"
    r"(?:first|1st|(?:at|on) (?:the )?top)"
)
_SHOW = _words(r"(?:show|include|add|with|keep|display|print|list|mit|avec)\s+(?:also )?(?P<what>.+?)(?: too| as well)?")
_SORT = _words(
    r"(?:sort(?:ed)?|order(?:ed)?|arranged?|rank(?:ed)?|sortiere|trie[rz]?)\s*(?P<table>.*?)\s*\b(?:by|on|according to|"
    r"nach|par)\s+(?P<by>.+)"
)
_FALLING = _words(
    r"\b(?:descending(?:ly)?|desc|falling|high(?:est)? to low(?:est)?|large(?:st)? to small(?:est)?|(?:largest|highest|"
    r"biggest|most expensive|"
    r"newest|latest|most)(?: \w+)? first|(?:largest|highest|biggest|newest|latest|most expensive)|z (?:to|-) a|z-a|"
    r"in reverse|reversed?|"
    r"from high to low|absteigend|décroissant)\b"
)
_RISING = _words(
    r"\b(?:ascending(?:ly)?|asc|rising|low(?:est)? to high(?:est)?|(?:smallest|lowest|oldest|cheapest|"
    r"least)(?: \w+)? first|a (?:to|-) z|a-z|"
    r"alphabetically|from low to high|aufsteigend|croissant)\b"
)
_ASIDE = _words(r"\b(?:in|order|from|with|the)\b(?= *$|,)|,\s*$|\border\b")
_GROUP = _words(
    r"(?:group(?:ed)?|gruppiere|groupe[rz]?)\s*(?P<table>.*?)\s*\b(?:by|nach|par)\s+(?P<by>.+?)(?P<sums>\s+(?:with|"
    r"and)\s+(?:sub)?(?:totals?|sums?))?"
)
_RENAME = _words(
    r"(?:rename|relabel|label|change the (?:name|label|heading|title) of|change the (?:name|"
    r"label) for)\s+(?P<what>.+?)\s+(?:to|as|into|in)\s+(?P<label>.+)"
)
_RENAMING = _words(r"^(?:rename|relabel)\s+")
_PAIR = _words(r"(?P<what>.+?)\s+(?:to|as|into)\s+(?P<label>.+)")
_CALL = _words(r"(?:call|name|title|nenne|label)\s+(?P<what>.+?)\s+(?P<label>[\"“„«'].+[\"“”»'])")
_INSTEAD = _words(r"(?:say|write|use|show|put)\s+(?P<label>[\"“„«'].+[\"“”»']|\w+)\s+instead of\s+(?P<what>.+)")

_LANGUAGES = {"german": "de", "deutsch": "de", "allemand": "de", "french": "fr", "französisch": "fr", "français": "fr",
              "francais": "fr", "english": "en", "englisch": "en", "anglais": "en"}  # fmt: skip
_OTHER_LANGUAGES = (
    "spanish|italian|dutch|portuguese|polish|chinese|japanese|russian|turkish|arabic|español|swedish|"
    "danish|czech|greek"
)
_ANY_LANGUAGE = rf"{'|'.join(_LANGUAGES)}|{_OTHER_LANGUAGES}"
_LANGUAGE = _words(
    r"(?:(?:write|make|put|do|have|translate|show|print|produce|deliver|give me|use|i want|set)\s+)?"
    r"(?:(?:it|this|that|everything|all|all of it|(?:the )?(?:whole |entire )?(?:document|file|deliverable|report|thing|"
    r"headings?|labels?|language)"
    r"(?: and (?:the )?(?:labels?|headings?))?)\s*)?(?:all\s+)?(?:in|into|auf|en|to)\s+"
    rf"(?P<language>{_ANY_LANGUAGE})(?: language)?|(?:language:? )?(?P<alone>{_ANY_LANGUAGE})(?: language| version)?"
)

_FORMATS: tuple[tuple[str, re.Pattern[str], tuple[tuple[str, re.Pattern[str]], ...]], ...] = (
    ("currency", _words(r"\bcurrenc(?:y|ies)\b|€|\$|£|\b(?:euro|eur|dollar|usd|pound|gbp|währung)\b"), (
        ("symbol", _words(r"\b(?:symbols?|signs?|zeichen)\b|[€$£] instead of")),
        ("code", _words(r"\bcodes?\b|\b(?:eur|usd|gbp) instead of")),
    )),
    ("dates", _words(r"\bdates?\b|\bdatum\b"), (
        ("iso", _words(r"\biso\b|\byyyy-mm|\b\d{4}-\d{2}-\d{2}\b|year first")),
        ("dotted", _words(r"\bdd\.mm|\b\d{1,2}\.\d{1,2}\.\d{2,4}|\bgerman\b|\bdeutsch\b|\btt\.mm")),
        ("month_first", _words(r"\bmm/dd|\b\d{1,2}/(?:1[3-9]|2\d|3[01])/\d{2,4}|\b(?:american|us|usa)\b|month first")),
        ("day_first", _words(r"\bdd/mm|\b(?:1[3-9]|2\d|3[01])/\d{1,2}/\d{2,4}|\b(?:british|uk|french|european)\b|day first")),
        ("long", _words(r"\b(?:long|written out|in words|in full|with the month|spelled out)\b|\b(?:d+ )?mmmm?\b|"
                        r"\b(?:jan|feb|mar|apr|may|jun|jul|aug|sep|oct|nov|dec)[a-z]*\b")),
    )),
    ("numbers", _words(r"\b(?:numbers?|figures?|amounts?|zahlen|decimals?|values)\b"), (
        ("de", _words(r"\d\.\d{3},\d|\bgerman\b|\bdeutsch\b|\bcontinental\b|\beuropean\b|\b(?:decimal )?commas?\b")),
        ("fr", _words(r"\d \d{3},\d|\bfrench\b")),
        ("ch", _words(r"\d'\d{3}\.\d|\bswiss\b")),
        ("en", _words(r"\d,\d{3}\.\d|\b(?:english|american|us|british|uk)\b|\b(?:decimal )?points?\b")),
    )),
)  # fmt: skip

_COLOURS = {
    "red": "red", "rot": "red", "rouge": "red", "orange": "orange", "yellow": "yellow", "gelb": "yellow", "jaune": "yellow",
    "green": "green", "grün": "green", "vert": "green", "blue": "blue", "blau": "blue", "bleu": "blue", "purple": "purple",
    "violet": "purple", "pink": "purple", "lila": "purple", "grey": "grey", "gray": "grey", "grau": "grey"
}  # fmt: skip
_COLOUR = _words(
    r"\b(?:(?:in|with|as|on|en|using) )?(?:an? |the colou?r )?(?:light |dark |bright |strong |pale )?"
    rf"(?P<colour>{'|'.join(_COLOURS)})\b(?: (?:colou?r|background|ground|font|type|text|letters|markers?))?"
)
_BOLD = _words(r"\b(?:(?:in|as|and|with) )?(?:bold|fett|gras|strong)\b(?: (?:type|font|text|letters|print))?")
_HIGHLIGHT = _words(
    r"(?:highlight|mark|emphasi[sz]e|colou?r|shade|tint|paint|flag|underline|markiere|surligne[rz]?|hervorheben|"
    r"make .{0,40}?stand out)\s+(?P<what>.+)"
)
_HIGHLIGHT_BEHIND = _words(r"(?:make )?(?P<what>.+?)\s+(?:markieren|hervorheben|einfärben|highlighted|stand out)")
_SHOWN_AS = _words(r"^(?:make|show|print|put|write|set|display|have|turn|i want)\s+")
_RELATIONS = tuple((name, _words(pattern)) for name, pattern in (
    ("at least", r">=|≥|at least|from|no less than|mindestens"),
    ("at most", r"<=|≤|at most|up to|no more than|höchstens"),
    ("other than", r"!=|<>|≠|other than|not(?: equal to)?|different from"),
    ("more than", r">|more than|greater than|larger than|higher than|bigger than|over|above|"
                  r"exceeds?|exceeding|after|über|mehr als"),
    ("less than", r"<|less than|smaller than|lower than|under|below|before|unter|weniger als"),
    ("containing", r"contains?|containing|includes?|including|enthält"),
    ("equal to", r"==?|equals?|equal to|is exactly|exactly|is"),
))  # fmt: skip
_RELATION = "|".join(f"(?:{pattern.pattern})" for name, pattern in _RELATIONS if name != "equal to")
_CURRENCY = _words(r"^[€$£¥]\s*|\s*(?:[€$£¥%]|euros?|dollars?|eur|usd|gbp)$")
_WHERE = _words(
    r"(?P<what>.+?)\s+(?:where|when|if|whose|with|having|that have|in which|for which|wo)\s+(?:the |an? )?(?P<column>.+?)\s*"
    rf"(?:\b(?:is|are|has|have)\b)?\s*(?P<relation>{_RELATION}|==?|equals?|equal to|exactly|\bis\b)\s*(?P<value>[^\s=].*)"
)
_COMPARED = _words(rf"(?P<column>.+?)\s*\b(?:is |are )?(?P<relation>(?<=\s)(?:{_RELATION})|==?)\s*(?P<value>[^\s=].*)")

_RECKONING = _words(
    r"\b(?:round(?:ed)?|convert|averages?|calculate|compute|sum up|add up|(?:with|add|include|show|"
    r"insert) (?:sub)?totals for|subtotals for|"
    r"(?:no|without|fewer|one|two|three|\d) decimals?|decimals|decimal places|percentages?|cents|percent of|exchange rate)\b"
)


def _looks(text: str) -> tuple[str, str | None, bool]:
    """The text without the words for looks; in a condition's value only what stands behind "in" is one."""
    bold, colour = _BOLD.search(text), _COLOUR.search(text)
    rest = _BOLD.sub(" ", text) if bold else text
    colour = _COLOUR.search(rest)
    rest = _COLOUR.sub(" ", rest) if colour else rest
    return " ".join(rest.split()).strip(" ,"), _COLOURS[colour["colour"].lower()] if colour else None, bool(bold)


_REASONS = (
    (_words(r"https?:|www\.|\b(?:fetch|download|upload|send|e-?mail|attach|insert|logo|picture|image|open)\b"), _NOTHING_FETCHED),
    (_RECKONING, _NOTHING_RECKONED),
    (_words(r"\b(?:change|set|correct|adjust|increase|reduce|replace|add|multiply|double|update|edit|ändere|setze)\b"),
     _NO_OTHER_VALUES),
    (_words(rf"\b(?:{_OTHER_LANGUAGES})\b"), _NO_LANGUAGE),
    (_words(r"\b(?:tone|formal|informal|friendl\w+|casual|polite\w*|concise|short(?:er)?|longer|simpler?|wording|style|"
            r"professional)\b"), _NO_TONE),
)  # fmt: skip


def _why_not(clause: str) -> str:
    """Why a wish of a kind that is known is never carried out; empty for all others."""
    return next((reason for pattern, reason in _REASONS if pattern.search(clause)), "")
