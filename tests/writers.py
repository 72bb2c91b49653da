"""The writers behind the stand-in of a chat service, in one place. Each gets the body of a request and answers it.

Those that write compose from the data that they are sent and from nothing else, as a model would; hand one to
`OpenAIStandin.write_by`, or a single answer of it to `OpenAIStandin.say`. By name in `WRITERS`:

- good, german, french, spanish: all that they say is true and rests on the data; the last three in that language, asked or not.
- obliging: writes in the language that it is asked for.
- wrong: wrong in a believable manner: two digits exchanged, the customer for the supplier, a day off, a line too many.
- contradicting: says that all is right and due, whatever the checks found and whatever day it is; sure of it to 90 %.
- italian: a language that nobody asked for and that is not judged.
- fenced, thinking: the good one, its JSON in a fence, or behind the tags in which models think.
- slow: the good one, a piece at a time. hanging: never answers. cut_off: stops in the middle for want of tokens.
"""

import json
from collections.abc import Callable
from dataclasses import replace
from datetime import date, timedelta
from typing import Any

from openai_standin import GOOD_PLAN, Told, told

from kraftd_core.document.kinds import kind_of

Writer = Callable[[dict[str, Any]], Any]
"""Takes the body of a request; gives what the stand-in answers."""

Sections = dict[str, Any]

_MONTHS = {
    "en": "January February March April May June July August September October November December",
    "de": "Januar Februar März April Mai Juni Juli August September Oktober November Dezember",
    "fr": "janvier février mars avril mai juin juillet août septembre octobre novembre décembre",
    "es": "enero febrero marzo abril mayo junio julio agosto septiembre octubre noviembre diciembre",
    "it": "gennaio febbraio marzo aprile maggio giugno luglio agosto settembre ottobre novembre dicembre",
}
_KINDS = {
    "invoice": "invoice Rechnung facture factura fattura", "quotation": "quotation Angebot devis oferta offerta",
    "receipt": "receipt Quittung ticket recibo ricevuta", "contract": "contract Vertrag contrat contrato contratto",
}  # fmt: skip
_ORDER = ("en", "de", "fr", "es", "it")


class Sent:
    """What a request tells of a document."""

    def __init__(self, body: dict[str, Any]) -> None:
        self.document: dict[str, Any] = json.loads(body["messages"][2]["content"])
        data = self.document["data"]
        kind = kind_of(self.document["document_type"])
        self.kind = kind.name
        self.today = date.fromisoformat(self.document["today"])
        self.vendor, self.customer = data.get("vendor_name"), data.get("customer_name")
        self.number = data.get(kind.number or "")
        self.dated, self.due = (_day(data.get(name or "")) for name in (kind.date, kind.due))
        self.currency = data.get("currency") or ""
        self.total, self.tax, self.subtotal = data.get(kind.total or ""), data.get("total_tax"), data.get("subtotal")
        self.owed = self.document.get("to_be_paid") or {}
        self.checks = self.document["checks"]
        self.errors = [check["message"] for check in self.checks if check["severity"] == "error"]
        table = (self.document.get("tables") or {}).get("line_items") or {}
        self.count: int | None = table.get("rows")
        self.largest: dict[str, Any] | None = next(iter(table.get("largest") or []), None)

    @property
    def is_due(self) -> bool:
        """Whether somebody has to pay, and may."""
        return self.owed.get("how") == "to be paid" and self.owed.get("amount") is not None and not self.errors


def _day(value: Any) -> date | None:
    return date.fromisoformat(value[:10]) if isinstance(value, str) else None


def _figure(text: Any) -> float | None:
    """The figure of an amount with its currency: "3,136.80 GBP"."""
    return None if text is None else float(str(text).split(" ")[0].replace(",", ""))


def money(value: float, language: str, currency: str = "") -> str:
    """An amount as the language writes it."""
    english = f"{value:,.2f}"
    marks = {"de": ".,", "es": ".,", "it": ".,", "fr": "\u202f,"}.get(language, ",.")
    return f"{english.translate(str.maketrans(',.', marks))} {currency}".rstrip()


def day(value: date, language: str) -> str:
    """A day as the language writes it."""
    month = _MONTHS[language].split()[value.month - 1]
    if language == "de":
        return f"{value.day}. {month} {value.year}"
    return f"{value.day} de {month} de {value.year}" if language == "es" else f"{value.day} {month} {value.year}"


def kind_in(kind: str, language: str) -> str:
    """What a kind of document is called."""
    words = _KINDS.get(kind, "document Dokument document documento documento").split()
    return words[_ORDER.index(language)]


# What is true, in five languages

_SAID: dict[str, dict[str, str]] = {
    "en": {
        "what": "This is {kind} {number} from {vendor} to {customer}, dated {dated}.", "worth": "It comes to {total}.",
        "tax": "The subtotal is {subtotal} and the tax is {tax}.", "lines": "It lists {count} lines.",
        "largest": "Line {place} is the largest: {amount}.", "due": "{owed} is to be paid by {due}.",
        "late": "The due date {due} has passed.", "pay": "Pay {owed} to {vendor} by {due}.",
        "first": "Clear up what the checks found before anything is paid.",
        "look": "Compare the doubtful values with the document.", "record": "Record the review.",
    },
    "de": {
        "what": "Dies ist {kind} {number} von {vendor} an {customer} vom {dated}.", "worth": "Der Gesamtbetrag ist {total}.",
        "tax": "Die Zwischensumme beträgt {subtotal}, die Steuer {tax}.", "lines": "Das Dokument enthält {count} Positionen.",
        "largest": "Position {place} ist die größte: {amount}.", "due": "{owed} sind bis zum {due} zu zahlen.",
        "late": "Das Fälligkeitsdatum {due} ist verstrichen.", "pay": "Bitte {owed} bis zum {due} an {vendor} überweisen.",
        "first": "Vor einer Zahlung ist zu klären, was die Prüfungen gefunden haben.",
        "look": "Vergleichen Sie die unsicheren Werte mit dem Dokument.", "record": "Schließen Sie die Prüfung ab.",
    },
    "fr": {
        "what": "Ceci est la {kind} {number} de {vendor} pour {customer}, datée du {dated}.", "worth": "Le total est de {total}.",
        "tax": "Le sous-total est de {subtotal} et la taxe de {tax}.", "lines": "Le document compte {count} lignes.",
        "largest": "La ligne {place} est la plus importante : {amount}.", "due": "{owed} sont à payer avant le {due}.",
        "late": "La date d'échéance du {due} est dépassée.", "pay": "Réglez {owed} à {vendor} avant le {due}.",
        "first": "Avant tout paiement, éclaircissez ce que les contrôles ont trouvé.",
        "look": "Comparez les valeurs douteuses avec le document.", "record": "Terminez la vérification.",
    },
    "es": {
        "what": "Esta es la {kind} {number} de {vendor} para {customer}, con fecha del {dated}.",
        "worth": "El total es de {total}.",
        "tax": "El subtotal es de {subtotal} y el impuesto de {tax}.", "lines": "El documento contiene {count} líneas.",
        "largest": "La línea {place} es la mayor: {amount}.", "due": "Hay que pagar {owed} antes del {due}.",
        "late": "La fecha de vencimiento del {due} ha pasado.", "pay": "Pague {owed} a {vendor} antes del {due}.",
        "first": "Antes de pagar, aclare lo que encontraron las comprobaciones.",
        "look": "Compare los valores dudosos con el documento.", "record": "Termine la revisión.",
    },
    "it": {
        "what": "Questa è la {kind} {number} di {vendor} per {customer}, datata {dated}.", "worth": "Il totale è di {total}.",
        "tax": "L'imponibile è di {subtotal} e l'imposta di {tax}.", "lines": "Il documento contiene {count} righe.",
        "largest": "La riga {place} è la più grande: {amount}.", "due": "Si devono pagare {owed} entro il {due}.",
        "late": "La scadenza del {due} è passata.", "pay": "Pagare {owed} a {vendor} entro il {due}.",
        "first": "Prima di pagare, chiarire quello che i controlli hanno trovato.",
        "look": "Confrontare i valori dubbi con il documento.", "record": "Concludere la verifica.",
    },
}  # fmt: skip


def _words(sent: Sent, language: str) -> dict[str, Any]:
    """What the sentences name; what the document does not have is None."""

    def amount(value: Any) -> str | None:
        return money(value, language, sent.currency) if isinstance(value, (int, float)) else None

    owed, largest = _figure(sent.owed.get("amount")), sent.largest
    return {
        "kind": kind_in(sent.kind, language), "number": sent.number, "vendor": sent.vendor, "customer": sent.customer,
        "dated": sent.dated and day(sent.dated, language), "due": sent.due and day(sent.due, language),
        "total": amount(sent.total), "tax": amount(sent.tax), "subtotal": amount(sent.subtotal),
        "owed": amount(owed), "count": sent.count,
        "place": largest and largest["line"], "amount": largest and amount(_figure(largest["amount"])),
    }  # fmt: skip


def truly(sent: Sent, language: str = "en") -> Sections:
    """The five sections, every sentence of them true: one whose words the document does not have is left out."""
    said, words = _SAID[language], _words(sent, language)

    def of(*names: str) -> list[str]:
        texts = (said[name] for name in names)
        return [text.format(**words) for text in texts if not any(v is None and f"{{{k}}}" in text for k, v in words.items())]

    is_late = sent.due is not None and sent.due < sent.today
    errors = sent.errors if language == "en" else []
    return {
        "executive_summary": " ".join(of("what", "worth")) or said["look"],
        "key_findings": of("tax", "lines", "largest", *(["late"] if is_late else ["due"] if sent.is_due else [])),
        "recommendations": [said["first"] if sent.errors else said["look"]],
        "risk_factors": errors,
        "action_items": of(*(["pay"] if sent.is_due and not is_late else []), "record"),
    }


# What is wrong, and what the record denies


def _exchanged(value: float) -> float:
    """Two digits exchanged that differ; a tenth more where none do."""
    digits = f"{value:.2f}"
    for n in range(len(digits) - 4):
        if digits[n] != digits[n + 1]:
            return float(digits[:n] + digits[n + 1] + digits[n] + digits[n + 2 :])
    return round(value * 1.1, 2)


def wrongly(sent: Sent, language: str = "en") -> Sections:
    """The same sentences, each with something in it that is not so."""
    said, words = _SAID[language], _words(sent, language)
    if sent.total:
        words["total"] = money(_exchanged(sent.total), language, sent.currency)
    if sent.tax:
        words["tax"] = money(_exchanged(sent.tax), language, sent.currency)
    if sent.dated:
        words["dated"] = day(sent.dated + timedelta(days=3), language)
    if sent.due:
        words["due"] = day(sent.due + timedelta(days=31), language)
    if words["count"]:
        words["count"] += 2
    for name, known in (("amount", sent.largest and sent.largest["amount"]), ("owed", sent.owed.get("amount"))):
        if words[name]:
            words[name] = money(_exchanged(_figure(known) or 0), language, sent.currency)

    def of(*names: str) -> list[str]:
        texts = (said[name] for name in names)
        return [text.format(**words) for text in texts if not any(v is None and f"{{{k}}}" in text for k, v in words.items())]

    return {
        "executive_summary": " ".join(of("what", "worth")) or said["look"],
        "key_findings": of("tax", "lines", "largest", "due"),
        "recommendations": [said["look"]],
        "risk_factors": [],
        "action_items": of("pay", "record"),
    }


def against_the_checks(sent: Sent) -> Sections:
    """All is right, complete and due, with no risk at all."""
    total = money(sent.total, "en", sent.currency) if isinstance(sent.total, (int, float)) else "the amount"
    by = f" by {day(sent.due, 'en')}" if sent.due else ""
    return {
        "executive_summary": f"All lines add up and the {kind_in(sent.kind, 'en')} is in order. Overall confidence: 90 %.",
        "key_findings": ["The checks found no errors.", "The total was verified and is correct.", "Nothing is missing."],
        "recommendations": [f"Pay {total} at once.", "Approve the document without further review."],
        "risk_factors": [],
        "action_items": [f"Transfer {total}{by}."],
    }


# The writers


def writing(compose: Callable[[Sent], Sections], **more: Any) -> Writer:
    """A writer that composes its sections so; of another request than for a summary it makes what the stand-in does."""

    def write(body: dict[str, Any]) -> Any:
        if "response_format" not in body:
            return Told("The document says so.", **more)
        schema = body["response_format"]["json_schema"]["schema"]
        return told(GOOD_PLAN, **more) if "steps" in schema["properties"] else told(compose(Sent(body)), **more)

    return write


def _obliging(sent: Sent) -> Sections:
    asked = sent.document.get("language") or (sent.document.get("wanted_tone") or {}).get("language") or "en"
    named = {"English": "en", "German": "de", "French": "fr", "Spanish": "es"}
    return truly(sent, named.get(asked, asked))


good = writing(truly)


def _fenced(body: dict[str, Any]) -> Any:
    answer = good(body)
    return replace(answer, text=f"Here is the summary:\n```json\n{answer.text}\n```\n")


def _thinking(body: dict[str, Any]) -> Any:
    answer = good(body)
    return replace(answer, text=f'<think>\nThe user wants JSON, like {{"executive_summary": "…"}}.\n</think>\n\n{answer.text}')


def _cut_off(body: dict[str, Any]) -> Any:
    answer = good(body)
    return replace(answer, text=answer.text[: len(answer.text) // 2], finish_reason="length")


WRITERS: dict[str, Writer] = {
    "good": good,
    "obliging": writing(_obliging),
    "german": writing(lambda sent: truly(sent, "de")),
    "french": writing(lambda sent: truly(sent, "fr")),
    "spanish": writing(lambda sent: truly(sent, "es")),
    "italian": writing(lambda sent: truly(sent, "it")),
    "wrong": writing(wrongly),
    "wrong_german": writing(lambda sent: wrongly(sent, "de")),
    "contradicting": writing(against_the_checks),
    "fenced": _fenced,
    "thinking": _thinking,
    "slow": writing(truly, piece=12, pause_seconds=0.05),
    "hanging": lambda body: "hang",
    "cut_off": _cut_off,
}
