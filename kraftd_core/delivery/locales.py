"""How headings, labels, figures and dates are written in a deliverable, in English, German or French."""

import re
from collections.abc import Mapping
from dataclasses import dataclass
from datetime import date
from typing import Any

from kraftd_core.document.units import CODES, month_name
from kraftd_core.document.value_kinds import ValueKind
from kraftd_core.document.wording import figure, label_of, shown

LANGUAGES = {"en": "English", "de": "German", "fr": "French"}

_SEPARATORS = {"de": str.maketrans(",.", ".,"), "fr": str.maketrans(",.", "\u202f,"),
               "ch": str.maketrans(",", "’")}  # fmt: skip
_ISO_DATE = re.compile(r"\d{4}-\d{2}-\d{2}")
_FIGURES_OF_DATES = {"dotted": "{0.day:02}.{0.month:02}.{0.year:04}", "day_first": "{0.day:02}/{0.month:02}/{0.year:04}",
                     "month_first": "{0.month:02}/{0.day:02}/{0.year:04}"}  # fmt: skip
DATES_OF = {"en": "iso", "de": "dotted", "fr": "day_first"}


@dataclass(frozen=True, slots=True)
class Writing:
    """The language of headings and labels, and how figures, dates and amounts are written.

    Where nobody asked how numbers are written it is as in English, or not at all in files that hold plain values.
    `unit` is what amounts carry in tables too, where the user asked for it; a field's own unit comes with it.
    """

    language: str = "en"
    numbers: str = ""
    dates: str = "iso"
    currency: str | None = None
    unit: str = ""

    def say(self, text: str) -> str:
        """A heading, a label or a fixed sentence in the language; English where there is no translation."""
        return translated(text, self.language)

    def label(self, name: str) -> str:
        """What people call a field, a column or a table in the language."""
        return self.say(label_of(name))

    def text(self, kind: ValueKind, value: Any, currency: str = "") -> str:
        """A scalar as people read it; only a day is written as one, and an identifier as it stands."""
        if isinstance(value, bool):
            return self.say(shown(value))
        if isinstance(value, (int, float)):
            told = figure(kind, value, currency)
            is_local = self.numbers in _SEPARATORS and kind is not ValueKind.CODE
            return told.translate(_SEPARATORS[self.numbers]) if is_local else told
        is_day = kind is ValueKind.DATE and self.dates != "iso" and isinstance(value, str) and _ISO_DATE.fullmatch(value)
        return self.day(value) if is_day else shown(value)

    def day(self, iso: str) -> str:
        """A day of the calendar; text that is none stays as it is."""
        try:
            day = date.fromisoformat(iso)
        except ValueError:
            return iso
        if self.dates in _FIGURES_OF_DATES:
            return _FIGURES_OF_DATES[self.dates].format(day)
        ordinal = "." if self.language == "de" else "er" if self.language == "fr" and day.day == 1 else ""
        return f"{day.day}{ordinal} {month_name(self.language, day.month)} {day.year}"

    def is_before(self, unit: str) -> bool:
        """Whether the unit of an amount stands before it."""
        return unit in CODES and self.numbers in ("", "en")

    def with_unit(self, text: str, unit: str) -> str:
        """An amount with its currency: a symbol stands before it in English, everything else behind it."""
        if self.is_before(unit):
            return f"-{unit}{text[1:]}" if text.startswith("-") else f"{unit}{text}"
        return f"{text} {unit}".strip()


AS_IN_ENGLISH = Writing()
"""How everything is written unless something else was asked for."""


def translated(text: str, language: str) -> str:
    """A fixed text of ours in another language; the text itself where there is no translation."""
    return _TEXTS[text][("de", "fr").index(language)] if language != "en" and text in _TEXTS else text


_TEXTS: Mapping[str, tuple[str, str]] = {
    # headings
    "Summary": ("Zusammenfassung", "Résumé"),
    "Key findings": ("Wichtigste Ergebnisse", "Constats principaux"),
    "Recommendations": ("Empfehlungen", "Recommandations"),
    "Recommended decision": ("Empfohlene Entscheidung", "Décision recommandée"),
    "Risks": ("Risiken", "Risques"),
    "Actions": ("Maßnahmen", "Actions"),
    "Key figures": ("Kennzahlen", "Chiffres clés"),
    "Fields": ("Angaben", "Champs"),
    "Details": ("Angaben", "Détails"),
    "Tables": ("Tabellen", "Tableaux"),
    "Totals": ("Summen", "Totaux"),
    "Changes made in the review": ("Änderungen bei der Prüfung", "Modifications lors de la vérification"),
    "Changes": ("Änderungen", "Modifications"),
    "Checks": ("Prüfungen", "Contrôles"),
    "Provenance": ("Herkunft", "Provenance"),
    "Audit": ("Nachweis", "Audit"),
    # templates and kinds
    "Standard": ("Standard", "Standard"),
    "Executive summary": ("Kurzfassung", "Synthèse"),
    "Detailed analysis": ("Ausführliche Auswertung", "Analyse détaillée"),
    "Financial report": ("Finanzbericht", "Rapport financier"),
    "Technical specification": ("Technische Spezifikation", "Spécification technique"),
    "Custom": ("Eigene Gestaltung", "Personnalisé"),
    "Invoice": ("Rechnung", "Facture"),
    "Quotation": ("Angebot", "Devis"),
    "Purchase order": ("Bestellung", "Bon de commande"),
    "Request for quotation": ("Angebotsanfrage", "Demande de prix"),
    "Bill of quantities": ("Leistungsverzeichnis", "Devis quantitatif"),
    "Contract": ("Vertrag", "Contrat"),
    "Receipt": ("Quittung", "Reçu"),
    "Document": ("Dokument", "Document"),
    # fields and columns
    "Document type": ("Dokumentart", "Type de document"),
    "Supplier": ("Lieferant", "Fournisseur"),
    "Supplier address": ("Anschrift des Lieferanten", "Adresse du fournisseur"),
    "Supplier VAT number": ("USt-IdNr. des Lieferanten", "N° TVA du fournisseur"),
    "Customer": ("Kunde", "Client"),
    "Customer address": ("Anschrift des Kunden", "Adresse du client"),
    "Customer VAT number": ("USt-IdNr. des Kunden", "N° TVA du client"),
    "Invoice number": ("Rechnungsnummer", "Numéro de facture"),
    "Invoice date": ("Rechnungsdatum", "Date de facture"),
    "Quotation number": ("Angebotsnummer", "Numéro de devis"),
    "Quotation date": ("Angebotsdatum", "Date du devis"),
    "Order number": ("Bestellnummer", "Numéro de commande"),
    "Order date": ("Bestelldatum", "Date de commande"),
    "RFQ number": ("Anfragenummer", "Numéro de la demande"),
    "RFQ date": ("Anfragedatum", "Date de la demande"),
    "BOQ number": ("LV-Nummer", "Numéro du devis quantitatif"),
    "BOQ date": ("LV-Datum", "Date du devis quantitatif"),
    "Contract number": ("Vertragsnummer", "Numéro de contrat"),
    "Contract date": ("Vertragsdatum", "Date du contrat"),
    "Contract value": ("Vertragswert", "Valeur du contrat"),
    "Receipt number": ("Belegnummer", "Numéro de reçu"),
    "Receipt date": ("Belegdatum", "Date du reçu"),
    "Document number": ("Belegnummer", "Numéro du document"),
    "Document date": ("Belegdatum", "Date du document"),
    "Due date": ("Fälligkeitsdatum", "Date d'échéance"),
    "Valid until": ("Gültig bis", "Valable jusqu'au"),
    "Delivery date": ("Liefertermin", "Date de livraison"),
    "Response due date": ("Abgabefrist", "Date limite de réponse"),
    "Effective date": ("Gültig ab", "Date d'effet"),
    "Start date": ("Beginn", "Début"),
    "End date": ("Ende", "Fin"),
    "Currency": ("Währung", "Devise"),
    "Subtotal": ("Nettobetrag", "Total HT"),
    "Tax": ("Steuer", "Taxe"),
    "Tax rate": ("Steuersatz", "Taux de taxe"),
    "Total": ("Gesamtbetrag", "Total"),
    "Amount due": ("Fälliger Betrag", "Montant dû"),
    "Discount": ("Rabatt", "Remise"),
    "Payment terms": ("Zahlungsbedingungen", "Conditions de paiement"),
    "Payment reference": ("Zahlungsreferenz", "Référence de paiement"),
    "Project name": ("Projekt", "Projet"),
    "Order numbers": ("Bestellnummern", "Numéros de commande"),
    "Line items": ("Positionen", "Lignes"),
    "Position": ("Pos.", "Pos."),
    "Article": ("Artikel", "Article"),
    "Item number": ("Artikelnummer", "Référence"),
    "Description": ("Beschreibung", "Désignation"),
    "Quantity": ("Menge", "Quantité"),
    "Unit": ("Einheit", "Unité"),
    "Unit price": ("Einzelpreis", "Prix unitaire"),
    "Amount": ("Betrag", "Montant"),
    "Date": ("Datum", "Date"),
    # where it comes from
    "Workflow": ("Vorgang", "Dossier"),
    "Reviewed by": ("Geprüft von", "Vérifié par"),
    "Recorded by": ("Festgehalten von", "Enregistré par"),
    "Recorded without a review by": ("Ohne Prüfung festgehalten von", "Enregistré sans vérification par"),
    "Journal before": ("Journal davor", "Journal antérieur"),
    "Stage 1 record": ("Satz der Stufe 1", "Enregistrement de l'étape 1"),
    "Stage 2 record": ("Satz der Stufe 2", "Enregistrement de l'étape 2"),
    "Template": ("Vorlage", "Modèle"),
    "Read by": ("Gelesen von", "Lu par"),
    "Summary written by": ("Zusammenfassung von", "Résumé rédigé par"),
    "Generated": ("Erstellt", "Généré"),
    # the heads of the sheets, and fixed sentences
    "Field": ("Feld", "Champ"),
    "Value": ("Wert", "Valeur"),
    "Review": ("Prüfung", "Vérification"),
    "Name": ("Name", "Nom"),
    "Check": ("Rechenprobe", "Contrôle"),
    "adds up": ("stimmt", "juste"),
    "adds up with taxes, discounts or the like": ("stimmt mit Steuern, Rabatten o. Ä.", "juste avec taxes, remises, etc."),
    "known amounts": ("bekannte Beträge", "montants connus"),
    "line has none": ("Zeile hat keinen", "ligne sans montant"),
    "lines have none": ("Zeilen haben keinen", "lignes sans montant"),
    "differs by": ("weicht ab um", "écart de"),
    "Sum of the lines that are no sums themselves": ("Summe der Zeilen ohne Zwischensummen", "Somme des lignes hors sous-totaux"),
    "Values are those reviewed; the sums below the lines are formulas.": (
        "Die Werte sind die geprüften; die Summen unter den Zeilen sind Formeln.",
        "Les valeurs sont celles vérifiées ; les sommes sous les lignes sont des formules.",
    ),
    "Sum of the lines": ("Summe der Zeilen", "Somme des lignes"),
    "added": ("hinzugefügt", "ajouté"),
    "Where": ("Wo", "Où"),
    "Change": ("Änderung", "Modification"),
    "Before": ("Vorher", "Avant"),
    "After": ("Nachher", "Après"),
    "Reason": ("Grund", "Raison"),
    "changed": ("geändert", "modifié"),
    "Page": ("Seite", "Page"),
    "of": ("von", "sur"),
    "columns": ("Spalten", "colonnes"),
    "to": ("bis", "à"),
    "yes": ("ja", "oui"),
    "no": ("nein", "non"),
    "None.": ("Keine.", "Aucun."),
    "Nothing was changed.": ("Nichts wurde geändert.", "Rien n'a été modifié."),
    "The figures add up.": ("Die Zahlen stimmen.", "Les chiffres sont justes."),
    "The figures that could be compared add up; not all could be.": (
        "Die Zahlen, die sich vergleichen ließen, stimmen; nicht alle ließen sich vergleichen.",
        "Les chiffres qui ont pu être comparés sont justes ; tous n'ont pas pu l'être.",
    ),
    "The figures could not be compared.": (
        "Die Zahlen ließen sich nicht vergleichen.", "Les chiffres n'ont pas pu être comparés.",
    ),
    "There were no figures to compare.": ("Es gab keine Zahlen zu vergleichen.", "Il n'y avait pas de chiffres à comparer."),
    "not found in the document": ("nicht im Dokument gefunden", "introuvable dans le document"),
    "contradicts": ("widerspricht", "contredit"),
    "reviewed data of": ("geprüfte Daten vom", "données vérifiées du"),
    "unreviewed data of": ("ungeprüfte Daten vom", "données non vérifiées du"),
    "Line numbers in the texts count the lines as they stand in the document.": (
        "Zeilennummern in den Texten zählen die Zeilen, wie sie im Dokument stehen.",
        "Les numéros de ligne dans les textes suivent l'ordre du document.",
    ),
    "Highlighted values were changed in the review.": (
        "Hinterlegte Werte wurden bei der Prüfung geändert.", "Les valeurs surlignées ont été modifiées lors de la vérification.",
    ),
    "Highlighted cells were changed in the review.": (
        "Hinterlegte Zellen wurden bei der Prüfung geändert.",
        "Les cellules surlignées ont été modifiées lors de la vérification.",
    ),
}  # fmt: skip
