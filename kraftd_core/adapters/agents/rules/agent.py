"""The agent that needs no key and no network: every sentence follows from the data by a rule."""

from kraftd_core.adapters.agents.rules.answers import answer_to
from kraftd_core.adapters.agents.rules.summary import sections
from kraftd_core.adapters.agents.rules.view import view_of
from kraftd_core.adapters.wishes.rules import plan_of
from kraftd_core.ports.thinking import Case, Hear, Said, unheard
from kraftd_core.records.plan import DocumentTemplate, ExportFormat, PresentationPlan
from kraftd_core.records.stages import FinalSummary, Summary
from kraftd_core.thinking.learning_insights import learning_insights


class RulesAgent:
    """Satisfies the Agent port by rules alone."""

    model = "rules"

    async def initial_summary(self, case: Case, hear: Hear = unheard) -> Said[Summary]:  # noqa: ARG002
        """The five sections over what was read."""
        return Said(Summary(**sections(view_of(case, reviewed=False))), self.model)

    async def final_summary(self, case: Case, hear: Hear = unheard) -> Said[FinalSummary]:  # noqa: ARG002
        """The five sections over the recorded data, what the reviewer changed, and what that says about the reading."""
        insights = learning_insights(case)
        return Said(FinalSummary(**sections(view_of(case, reviewed=case.is_reviewed)), learning_insights=insights), self.model)

    async def plan(self, case: Case, template: DocumentTemplate, export_format: ExportFormat) -> PresentationPlan:
        """The steps that the instructions ask for in words of the stated grammar, and what is not understood."""
        return plan_of(case, template, export_format)

    async def answer(self, message: str, case: Case) -> Said[str]:
        """What the data says to a question that the rules know, else which questions they know."""
        return Said(answer_to(message, view_of(case, reviewed=bool(case.changes))), self.model)
