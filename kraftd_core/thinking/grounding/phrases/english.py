"""The phrases of English, without accents."""

import re

from kraftd_core.thinking.grounding.phrases.model import Phrases, right_after, right_before, said_as

_ACTS = (
    r"(?:pay|settle|transfer|remit|answer|reply|respond|accept|decline|decide|submit|deliver|return|confirm|renew|send|order"
    r"|place"
    r"|complete|sign|approve|book|quote|offer|grant|allow|expect|request|require|demand|ask|want|owe|extend|give)(?:ed|s)?"
)
_FAULTS_EN = (
    r"(?:errors?|discrepanc(?:y|ies)|mistakes?|inconsistenc(?:y|ies)|mismatch(?:es)?|contradictions?|problems?|issues?|faults?"
    r"|deviations?|irregularit(?:y|ies)|(?:open )?questions?|open points?|anomal(?:y|ies)|differences?|shortcomings?)"
)
ENGLISH = Phrases(
    pay=re.compile(
        r"(?<![\w-])(?:(?:re)?pay|transfer|remit|wire|settle|send the (?:money|payment))(?![\w-])(?! ?terms| nothing| no )"
        r"|(?:approv|releas|authori[sz]|mak|schedul|arrang|execut|initiat|process)(?:e|ing)? (?:\w+ ){0,3}payment"
        r"|(?:approv|releas)(?:e|ing) (?:\w+ ){0,2}(?:invoice|amount|document|bill)"
        r"|(?<!\w)(?:can|may|should|must|could) (?:\w+ ){0,3}be (?:\w+ )?(?:paid|settled|released|transferred|approved"
        r"|booked and paid)"
        r"|(?<!\w)(?:ready|cleared|released|approved|fit|suitable|safe) (?:for|to) (?:\w+ ){0,2}(?:payment|release|pay|be paid)"
        r"|payment (?:can|may|should) (?:\w+ ){0,2}(?:be (?:made|released|approved|executed|authori[sz]ed|initiated)|go ahead"
        r"|proceed)"
        r"|(?<!\w)(?:proceed|go ahead) with (?:\w+ )?payment|(?<!\w)(?:immediate|prompt|swift) payment"
        r"|(?<!\w)(?:into|in|to) the (?:\w+ )?payment run"
        r"|(?<!\w)(?:recommend|advise|suggest|propose)\w* (?:\w+ ){0,3}(?:payment|paying|release)"
    ),
    not_to=said_as(
        "not",
        "never",
        "nothing",
        "no (?:need|request|duty|reason|transfer|payment)",
        "stop",
        "hold",
        "withhold",
        "before",
        "without(?! (?:any |further |more |delay))",
        r"\w*n't",
        "cannot",
        "who",
        "whom",
        "how",
        "whether",
        "by when",
        "was",
        "were",
        "been",
        "find out",
        "ask",
        "(?:amount|sum|left|balance|due) to",
    ),
    condition=said_as("after", "(?<!at )once", "when", "if", "as soon as", "provided", "subject to", "only", "until", "unless"),
    owed_before=right_before(
        r"(?:amount (?:still )?(?:due|owed|payable|outstanding)|(?<!opening )balance(?: due| to pay| owed)?|outstanding(?: amount"
        r"| balance| sum)?|left to pay|still owed|to be paid|amount to (?:pay|be paid)|asks for|asked for|owes?|requests"
        r"(?: payment of)?|demands|remaining (?:amount|balance|sum)|payable)"
        r"(?:\s*:)?(?: (?:is|are|of|amounts to|comes to|remains))?(?: (?:still|only|about|now))?"
    ),
    owed_after=right_after(
        r"(?:(?:is|are|remains?) )?(?:still )?(?:left to pay|due|owed|outstanding|payable|to be paid|unpaid|remains?|to pay)"
    ),
    not_owed=said_as("not", "no", "nothing", r"\w*n't", "was", "were", "before", "against"),
    settled=said_as(
        r"(?:invoice|bill|amount|it) is (?:\w+ )?paid",
        r"nothing outstanding",
        r"was paid (?:in full|on)",
        r"all dues? (?:are|is|have been) (?:paid|settled)",
        r"nothing (?:more |else )?(?:is |remains )?(?:left to pay|owed|due|outstanding|to be paid|to pay|unpaid)",
        r"(?:balance|amount due|amount owed)(?: due)? (?:is|of) (?:zero|nil|0(?:[.,]00)?)(?![.,]?\d)",
        r"no (?:further |other |more )?(?:payment|amount|balance|sum) (?:is |remains )?(?:due|required|open|owed|outstanding"
        r"|needed)",
        r"(?:invoice|bill|it|everything|balance|full amount|total|account) (?:has|was|is|have) (?:(?:already|fully|been|now) )*"
        r"(?:paid|settled|cleared)",
        r"(?:fully|completely) (?:paid|settled)",
        r"payment (?:has|was) (?:already )?(?:been )?(?:made|received|completed)",
    ),
    unsettled=said_as(
        r"(?:still |remains? |is |are )(?:outstanding|unpaid|unsettled|open|owed|payable|pending payment|awaiting payment"
        r"|due for payment)",
        r"(?:pending|awaiting) payment",
        r"(?:has|have|needs?|remains?) (?:still )?to be (?:paid|settled)|must (?:still )?be (?:paid|settled)",
        r"payment is (?:still )?(?:pending|due|outstanding|expected|required|overdue)",
    ),
    part=said_as(
        "part", "partly", "partial(?:ly)?", "deposit", "prepa(?:id|yment)", "advance", "instal?lments?", r"\d[\d.,]* \w+ of"
    ),
    no_prepayment=said_as(
        r"no (?:\w+ )?(?:advance payments?|advances?|down payments?|deposits?|prepayments?|part payments?|instal?lments?)"
        r"(?! is due| are due| is required)",
        "nothing (?:was|has been) (?:paid in advance|prepaid|deducted)",
        r"nothing (?:was|has been|is) (?:yet |already )?paid(?: \w+){0,3}(?! yet to)",
    ),
    to_come_before=right_before(
        r"(?:will|is to|are to|going to|shall)(?!\w)[^.;]{0,60} on(?: the)?",
        rf"(?:{_ACTS}(?!\w).{{0,120}} (?:by|before|until|till|no later than|on or before|not later than|on)"
        r"|(?:is|are|falls|becomes|will be|payable|owed) (?:due|payable)? ?(?:on|by|until|before)"
        r"|(?:is|are|be|must|should|will|can|may|needs?|has to|have to|while|please)(?!\w)(?:(?!bill|cover|period"
        r"|perform)[^.;]){0,120} (?:by|before"
        r"|until|till|no later than|at the latest)"
        r"|(?:will (?:expire|end|be \w+)|expires|ends|runs|lasts|stands|holds|is valid|valid|remains (?:valid|open)|upcoming"
        r"|coming)"
        r"(?: \w+){0,2} (?:on|by|until|till|to))(?: the)?"
    ),
    to_come_after=right_after(r"(?:is|lies) (?:still )?(?:ahead|to come|in the future|coming up)"),
    passed=said_as(
        "was",
        "were",
        "had",
        "has",
        "have",
        "did",
        "passed",
        "expired",
        "overdue",
        "late",
        "ago",
        "since",
        "past",
        "already",
        "from",
        "between",
        "dated",
        "ended",
        "unless it was",
        "find out",
        "ask",
    ),
    late=said_as(
        r"(?<!not )(?<!never )expired(?! \w+ clause)",
        r"(?<!not )lapsed",
        r"(?:offer|quotation|contract|agreement|term|period|deadline)(?: \w+){0,2} (?:has )?ended",
        r"missed the deadline",
        r"in default",
        r"delinquent",
        r"behind (?:with )?(?:schedule|payment)",
        r"already gone by",
        r"in delay",
        r"late in payment",
        r"payment is late",
        r"outstanding for",
        "overdue",
        "past due",
        "has passed",
        "is late",
        "no longer valid",
        "in arrears",
    ),
    in_time=said_as(
        r"(?:due date|deadline|term|date)(?: \w+){0,3} (?:is|lies) (?:still )?(?:ahead|in the future|to come|upcoming)",
        r"still be (?:paid|settled|accepted|answered) (?:in|on) time",
        r"in good time",
        r"within the (?:payment )?(?:term|deadline|period)",
        "not (?:yet )?(?:over)?due",
        "(?:is|are|was) (?:still )?(?:in|on) time",
        "not late",
        "still (?:\\w+ )?time",
        "(?:has|have) not (?:yet )?(?:passed|expired|lapsed)",
        "hasn't (?:yet )?(?:passed|expired|lapsed)",
        "not yet (?:passed|expired)",
        r"\d+ days? (?:are )?(?:left|remain(?:ing)?)",
        "ahead of the due date",
        "well before the due date",
        "(?:due date|deadline|term) (?:is|lies) (?:still )?(?:ahead|in the future|to come|upcoming)",
    ),
    valid=said_as(
        r"(?:offer|quotation|quote|bid|tender|proposal|contract|agreement|request|prices?|it)(?: \w+){0,4} (?:is|are|remains?)"
        r" (?:(?:still|currently|fully) )?(?:valid|open for acceptance|binding|in force)(?! (?:until|till|to))",
        r"can still be (?:accepted|answered|signed)",
    ),
    figures=said_as(
        "figures?",
        "numbers?",
        "amounts?",
        "totals?",
        "subtotals?",
        "sums?",
        "lines?",
        "items?",
        "positions?",
        "calculations?",
        "arithmetic",
        "math",
        "mathematics",
        "tax(?:es)?",
        "vat",
        "everything",
        "all",
        "invoice",
        "document",
        "prices?",
        "quantities",
        "values?",
        "multiplications?",
        "products? of",
        "rates?",
        "maths?",
        "checks?",
        "additions?",
    ),
    right=said_as(
        r"(?:yields?|gives?|makes?|results? in) (?:exactly )?(?:the|its)",
        r"(?:was|were|has been|have been|is|are) (?:\w+ )?confirmed",
        r"(?:is|are) (?:fully )?in (?:line|agreement|accordance|keeping)(?: with)?",
        r"corresponds? (?:to|with) (?:the|its|their|each|one)",
        r"works? out",
        r"(?:can|may) be (?:trusted|relied (?:up)?on)",
        r"as expected",
        r"arithmetically (?:\w+ )?(?:right|correct|sound)",
        r"(?:is|are) (?:all )?(?:justified|unobjectionable|trustworthy|reliable)",
        r"add(?:s|ed)? up",
        r"(?:is|are|look|looks|seem|seems|appears?(?: to be)?|prove[sd]?(?: to be)?) (?:(?!not)\w+ )?(?:correct|consistent"
        r"|right|accurate"
        r"|in (?:\w+ )?order|plausible|fine|sound|flawless|exact|verified|error-free|clean|coherent|valid)",
        "checks? out",
        "holds? up",
        "as (?:it|they) should be",
        "sums? (?:up )?to",
        "equals?",
        "(?:calculated|added|computed|summed|charged|applied|stated|totalled) (?:up )?(?:correctly|accurately|properly)",
        r"match(?:es)?(?! \w+ (?:by|on)|(?: \w+){1,4} with)",
        "reconciles?",
        "tall(?:y|ies)",
        "balances",
        "agrees? with",
        r"(?:was|were|has been|have been) (?:\w+ )?(?:verified|validated|correct|found (?:to be )?correct)",
        r"(?:multiplied by|times) .{0,40}(?:give|equal|make|yield|match|come to)s?",
        "in perfect order",
        "correctly (?:added|calculated|computed|charged|applied|summed)",
    ),
    no_fault=said_as(
        r"no corrections? (?:is |are |was |were )?(?:needed|required|necessary|called for)",
        r"no need (?:for|of|to) correct(?:ions?)?",
        r"(?:not|n't|never) (?:\w+ ){0,2}(?:reveal|uncover|detect|identify|contain|have|turn up)(?:ed)? any",
        r"nothing (?:suspicious|unusual|irregular|to complain)",
        r"not a single \w+",
        r"all (?:of the )?checks (?:\w+ )?(?:passed|successful|succeeded|held)",
        r"pass(?:es|ed) (?:all|every|the) (?:\w+ )?(?:checks?|validations?|tests?)",
        r"checks (?:were|have been) passed",
        rf"no (?:\w+ ){{0,3}}{_FAULTS_EN}",
        rf"(?:without|free of|free from) (?:any )?{_FAULTS_EN}",
        "error-free",
        "flawless",
        r"nothing (?:is )?(?:wrong|to correct|amiss|has to be corrected)",
        rf"not? (?:\w+ )?(?:find|found|show|contain) any {_FAULTS_EN}",
        rf"zero {_FAULTS_EN}",
    ),
    no_risk=said_as(
        r"no (?:\w+ ){0,3}(?:risks?|concerns?|red flags?|objections?|obstacles?|doubts?|reservations?)",
        r"nothing (?:\w+ ){0,3}(?:stands?|speaks?|block|blocks|prevents?) (?:against|in the way|it|payment)",
        "cleared of doubt",
        r"without (?:any )?(?:risks?|concerns?|reservations?)",
        "risk-free",
        "risks?: none",
    ),
    complete=said_as(
        r"(?:carries|contains|has|includes|shows|states|bears|provides|gives) (?:all|every)(?: of)?(?: the)? (?:\w+"
        r" )?(?:necessary|required|mandatory|legally|essential|relevant|needed|prescribed)(?: \w+)*",
        r"nothing (?:\w+ ){0,4}(?:is )?missing",
        r"no (?:\w+ ){0,3}(?:is|are) missing",
        "(?:is|are) (?:fully )?complete",
        "complete (?:and|document)",
        r"(?:all|every) (?:the |of the )?(?:required|necessary|mandatory|essential|relevant"
        r"|legally required) (?:\w+ ){0,3}(?:is|are|has|have)",
        "no (?:gaps|omissions)",
    ),
    same_bank=said_as(
        r"no changes? (?:in|of|to) (?:the )?(?:bank|account)(?: \w+)?",
        r"bank (?:details|account)(?: \w+)? (?:has|have|did)(?: not|n't) change(?:d)?",
        r"unchanged (?:bank|account)(?: \w+)?",
        r"bank (?:details|account|data)(?: \w+){0,5} (?:is|are|have|has|match(?:es)?|correspond) (?:\w+ ){0,3}(?:unchanged"
        r"|known|same|as before"
        r"|verified|confirmed|identical|familiar|earlier invoices|not changed|previous|earlier|on file)",
        r"(?:same|usual|known) bank (?:details|account)",
        r"account(?: \w+){0,5} (?:used before|as before|as usual|on file|used earlier|known from earlier|same as ever)",
    ),
    no_double=said_as(
        r"(?:all|the) (?:lines|items|positions) (?:are|is) unique",
        r"no double (?:billing|charge|entry|entries)",
        r"nothing (?:is|was) (?:billed|listed|charged) twice",
        r"no (?:\w+ )?(?:duplicates?|repeated|repetitions?|doubles?)",
        "not (?:a )?duplicated?",
        r"no (?:\w+ )?(?:line|item|position|entry) (?:appears|occurs|is (?:listed|repeated|billed|charged)|repeats)(?: twice)?",
        r"(?:each|every) (?:line|item|position) (?:appears|occurs|is listed) (?:only )?once",
        "first time (?:\\w+ ){0,3}(?:number|document)",
    ),
    asked=re.compile(
        r"\A\W*(?:please )?(?:check|verify|confirm|make sure|ensure|see|compare|find out|ask|reconcile|review|look|clarify"
        r"|determine)(?!\w)"
        r"|(?<!\w)(?:whether|if|unless|(?<!only )once(?! only)|until"
        r"|(?:should|must|needs? to|has to|have to) (?:\w+ )?(?:be )?(?:check|verif|confirm|clarif|correct|review|compar|ask"
        r"|examin|match|agree|add"
        r"|equal|explain)\w*"
        r"|before (?:you|it is|the|any|paying|approving|payment|this|anything|releasing|booking))(?!\w)"
    ),
    negated=said_as(
        "not",
        r"\w*n't",
        "never",
        "nor",
        "neither",
        "cannot",
        "hardly",
        "fail(?:s|ed)? to",
        "no longer",
        "except(?:ing)?",
        "but",
        "apart from",
        "aside from",
        "other than",
        "besides",
        "exceeds?",
        "instead",
    ),
    issues=said_as(
        "(?:has |have |will |is to )?(?:bill(?:s|ed)?|invoic(?:es?|ed)|issue[sd]?|suppl(?:y|ies|ied)|deliver(?:s|ed)?|sells?|sold"
        r"|charge[sd]?|sent|ships?|shipped|offers?(?! is| was|ed)|offered|quote[sd]|hires out|hired out|rents out"
        r"|leases out|lets out"
        r"|manufactur(?:es|ed)|installs|installed|performs|carries out)",
        "is (?:billing|invoicing|charging|supplying|delivering|offering|selling)",
        "(?:is|acts as|was) (?:the |an? )?(?:supplier|vendor|seller|contractor|lessor|biller|issuer)",
        "sends? (?:the |an |its )?(?:invoice|bill|quotation|offer)",
    ),
    orders=said_as(
        "(?:is|acts as|was) (?:the |an? )?(?:customer|buyer|purchaser|client|lessee|debtor)",
        "(?:has to|must|should|will) pay",
        "requests? (?:a |an )?(?:quotations?|quotes?|offers?)",
        "(?:has |have )?(?:order(?:s|ed)|buys|bought|purchase[sd]|commission(?:s|ed)|pays|paid|owes|received)",
    ),
    from_to=re.compile(r"(?<!\w)(?:from|by|issued by)\s*\Z"),
    made_by=re.compile(
        r"(?<!\w)(?:(?:issued|made|sent|supplied|delivered|billed|invoiced|offered|written|sold|prepared"
        r"|submitted) by)(?: the)?\s*\Z"
    ),
    ordered_by=re.compile(
        r"(?<!\w)(?:(?:ordered|placed|commissioned|purchased|bought|requested|owed|payable|to be paid) by)(?: the)?\s*\Z"
    ),
)
