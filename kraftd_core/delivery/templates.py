"""The templates: which sections a deliverable shows, in which order, and how much of each; every format carries them out."""

from collections.abc import Mapping
from dataclasses import dataclass, field
from enum import StrEnum

from kraftd_core.records.plan import DocumentTemplate


class Section(StrEnum):
    """What a deliverable can show; the five sections of the summary carry the names that they have in the record."""

    EXECUTIVE_SUMMARY = "executive_summary"
    KEY_FINDINGS = "key_findings"
    RECOMMENDATIONS = "recommendations"
    RISK_FACTORS = "risk_factors"
    ACTION_ITEMS = "action_items"
    KEY_FIGURES = "key_figures"
    FIELDS = "fields"
    TABLES = "tables"
    TOTALS = "totals"
    CHANGES = "changes"
    CHECKS = "checks"
    PROVENANCE = "provenance"


HEADINGS: Mapping[Section, str] = {
    Section.EXECUTIVE_SUMMARY: "Summary",
    Section.KEY_FINDINGS: "Key findings",
    Section.RECOMMENDATIONS: "Recommendations",
    Section.RISK_FACTORS: "Risks",
    Section.ACTION_ITEMS: "Actions",
    Section.KEY_FIGURES: "Key figures",
    Section.FIELDS: "Fields",
    Section.TABLES: "Tables",
    Section.TOTALS: "Totals",
    Section.CHANGES: "Changes made in the review",
    Section.CHECKS: "Checks",
    Section.PROVENANCE: "Provenance",
}


@dataclass(frozen=True, slots=True)
class Limits:
    """How much a short template shows: statements a section, characters of a statement, of a paragraph, of a figure."""

    statements: int
    statement: int
    paragraph: int
    figures: int
    figure: int


@dataclass(frozen=True, slots=True)
class Template:
    """A layout in words: its sections in order, which of them stand out, headings of its own, and its limits if it is short.

    `about` says in a few words what it is for.
    `has_evidence` adds to checks and changes what they rest on; without prices no amount is shown unless it is asked for.
    """

    label: str
    about: str
    sections: tuple[Section, ...]
    emphasised: frozenset[Section] = frozenset()
    headings: Mapping[Section, str] = field(default_factory=dict)
    limits: Limits | None = None
    has_evidence: bool = False
    has_prices: bool = True

    def heading(self, section: Section) -> str:
        """How this template calls the section."""
        return self.headings.get(section, HEADINGS[section])


_EVERYTHING = (
    Section.EXECUTIVE_SUMMARY,
    Section.KEY_FINDINGS,
    Section.RECOMMENDATIONS,
    Section.RISK_FACTORS,
    Section.ACTION_ITEMS,
    Section.FIELDS,
    Section.TABLES,
    Section.CHANGES,
    Section.CHECKS,
    Section.PROVENANCE,
)

TEMPLATES: Mapping[DocumentTemplate, Template] = {
    DocumentTemplate.STANDARD: Template(label="Standard", about="Everything, in reading order.", sections=_EVERYTHING),
    DocumentTemplate.EXECUTIVE_SUMMARY: Template(
        label="Executive summary",
        about="The decision first, on one or two pages.",
        sections=(
            Section.RECOMMENDATIONS,
            Section.KEY_FIGURES,
            Section.EXECUTIVE_SUMMARY,
            Section.RISK_FACTORS,
            Section.ACTION_ITEMS,
            Section.KEY_FINDINGS,
            Section.TOTALS,
            Section.CHANGES,
            Section.PROVENANCE,
        ),
        emphasised=frozenset({Section.RECOMMENDATIONS}),
        headings={Section.RECOMMENDATIONS: "Recommended decision"},
        limits=Limits(statements=5, statement=180, paragraph=600, figures=9, figure=60),
    ),
    DocumentTemplate.DETAILED_ANALYSIS: Template(
        label="Detailed analysis",
        about="Changes and checks with evidence.",
        sections=(
            Section.EXECUTIVE_SUMMARY,
            Section.KEY_FIGURES,
            Section.KEY_FINDINGS,
            Section.CHECKS,
            Section.CHANGES,
            Section.RISK_FACTORS,
            Section.RECOMMENDATIONS,
            Section.ACTION_ITEMS,
            Section.FIELDS,
            Section.TABLES,
            Section.PROVENANCE,
        ),
        has_evidence=True,
    ),
    DocumentTemplate.FINANCIAL_REPORT: Template(
        label="Financial report",
        about="Figures first: totals, taxes, lines.",
        sections=(
            Section.KEY_FIGURES,
            Section.TOTALS,
            Section.CHECKS,
            Section.TABLES,
            Section.EXECUTIVE_SUMMARY,
            Section.KEY_FINDINGS,
            Section.RISK_FACTORS,
            Section.RECOMMENDATIONS,
            Section.ACTION_ITEMS,
            Section.FIELDS,
            Section.CHANGES,
            Section.PROVENANCE,
        ),
        emphasised=frozenset({Section.TOTALS}),
    ),
    DocumentTemplate.TECHNICAL_SPEC: Template(
        label="Technical specification",
        about="Items and quantities, without prices.",
        sections=(Section.TABLES, Section.FIELDS, Section.CHANGES, Section.PROVENANCE),
        headings={Section.FIELDS: "Details"},
        has_prices=False,
    ),
    DocumentTemplate.CUSTOM: Template(label="Custom", about="Shaped by your own words.", sections=_EVERYTHING),
}
