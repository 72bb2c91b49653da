"""Stage 2 at the desk: what was read is reviewed, drafted and recorded, and earlier reviews teach."""

import asyncio
from collections.abc import Mapping, Sequence
from dataclasses import dataclass, replace
from datetime import datetime
from typing import Any

from kraftd_core.desk.common import DeskBase, Workflow
from kraftd_core.document.change_sentences import change_sentences
from kraftd_core.document.changes import changes
from kraftd_core.document.checks.checking import Finding, answers, told
from kraftd_core.document.jsontypes import Data, same
from kraftd_core.document.nouns import Change
from kraftd_core.errors import StageAlreadyRecorded
from kraftd_core.people.actor import Actor
from kraftd_core.ports.keeping import Draft
from kraftd_core.recording.stage1_summary import document_type_in
from kraftd_core.recording.stage2_modifications import editing_time
from kraftd_core.records.lessons import LearningChoice
from kraftd_core.records.stages import InitialSummary, Look, Suggestion, UserModifications, UserPreferences
from kraftd_core.review.attention import Attention, Offer, still_true
from kraftd_core.review.learning import Learned, offers_for, preferences_after, usual_of
from kraftd_core.thinking.grounding.grounding import stale


@dataclass(frozen=True, slots=True)
class Review:
    """What a reviewer has before them: the draft (or the untouched extraction), its changes in words, and its checks."""

    workflow: Workflow
    draft: Draft
    changes: list[Change]
    change_sentences: list[str]
    answers: list[Finding]
    """What every check answers, also those that held."""

    @property
    def findings(self) -> list[Finding]:
        """Of the answers those that a reviewer must know."""
        return told(self.answers)

    def attention(self, offers: Sequence[Offer] = ()) -> Attention:
        """What needs the reviewer's eyes, with these suggestions."""
        stage1, draft = self.workflow.stage1, self.draft
        return Attention(
            draft.modified_data,
            stage1.initial_extracted_data,
            stage1.source.di_metadata,
            self.findings,
            self.changes,
            draft.looked_at,
            draft.suggestions,
            offers,
        )

    @property
    def overtaken(self) -> set[tuple[str, int]]:
        """The statements of the initial summary, by section and index, that rest on values changed since."""
        return stale(self.workflow.stage1.grounding, self.changes)


class ReviewingVerbs(DeskBase):
    """From the record of stage 1 to that of stage 2."""

    async def review(self, actor: Actor, export_workflow_id: str, seen: Draft | None = None) -> Review:
        """What the reviewer left off with: their draft, else what was recorded, else the extraction.

        With `seen`, a version that a page shows: that version, with what was kept elsewhere since.
        """
        workflow, kept = await self._left_off(actor, export_workflow_id)
        return await self._reviewed(workflow, _seen_from(seen, kept) if seen and not workflow.stage2 else kept)

    async def _left_off(self, actor: Actor, export_workflow_id: str) -> tuple[Workflow, Draft]:
        draft = await self._drafts.draft(actor.email, export_workflow_id)  # first: it is dropped after stage 2 is recorded
        workflow = await self.workflow(actor, export_workflow_id)
        if workflow.stage2 is None and draft is not None:
            return workflow, draft
        fresh = self._fresh_draft(workflow)
        return workflow, fresh if workflow.stage2 else replace(fresh, preferences=await self._usual_preferences(workflow.stage1))

    async def _under_review(self, actor: Actor, export_workflow_id: str) -> tuple[Workflow, Draft]:
        workflow, kept = await self._left_off(actor, export_workflow_id)
        if workflow.stage2 is not None:
            raise StageAlreadyRecorded("This review was recorded already. Go on to Deliver.")
        return workflow, kept

    def _fresh_draft(self, workflow: Workflow) -> Draft:
        stage2 = workflow.stage2
        return Draft(
            modified_data=workflow.data,
            preferences=stage2.user_preferences if stage2 else UserPreferences(),
            reasons={c.field: c.user_reason for c in stage2.changes if c.user_reason} if stage2 else {},
            editing_time_seconds=(stage2.user_actions.editing_time_seconds or 0.0) if stage2 else 0.0,
            last_activity=self._now(),
            looked_at=tuple(stage2.looked_at) if stage2 else (),
            suggestions=tuple(stage2.suggestions) if stage2 else (),
        )

    async def _usual_preferences(self, stage1: InitialSummary) -> UserPreferences:
        taught = await self._teaching.taught(stage1.owner_email, stage1.document_type)
        return preferences_after(usual_of(taught.lessons, stage1.document_type))

    async def _reviewed(self, workflow: Workflow, draft: Draft) -> Review:
        known = await self.tracking.told_by_history_after(workflow.stage1, draft.modified_data)
        return await asyncio.to_thread(_compared, workflow, draft, self._now(), known)

    async def keep_draft(
        self,
        actor: Actor,
        export_workflow_id: str,
        modified_data: Data,
        preferences: UserPreferences,
        reasons: Mapping[str, str],
        based_on: Draft | None = None,
        *,
        looked_at: Sequence[Look] | None = None,
        suggestions: Sequence[Suggestion] | None = None,
    ) -> Review:
        """Keeps what was typed, if anything is new, and counts the time spent; the review as the typist now sees it.

        `based_on` is the version that the typing went on from, if that may not be the one kept last: versions that
        were kept elsewhere since are not overwritten, but stay in the draft's `others`. What was looked at and which
        suggestions were answered stay as they are in that version where they are not given; a value that was edited
        since counts as looked at no more.
        """
        workflow, kept = await self._under_review(actor, export_workflow_id)
        base, now = based_on or kept, self._now()
        typed = Draft(
            modified_data,
            preferences,
            dict(reasons),
            _time_spent(kept, now),
            now,
            still_true(base.looked_at, base.modified_data, modified_data) if looked_at is None else tuple(looked_at),
            base.suggestions if suggestions is None else tuple(suggestions),
        )
        if _say_the_same(typed, base):
            return await self._reviewed(workflow, _seen_from(base, kept))
        replaces = {base.revision, *(v.revision for v in (kept, *kept.others) if _say_the_same(v, typed))}
        draft = await self._drafts.keep_draft(actor.email, export_workflow_id, typed, replaces)
        return await self._reviewed(workflow, draft)

    async def choose_draft(self, actor: Actor, export_workflow_id: str, chosen: Draft, instead_of: Draft) -> Review:
        """Makes one of two versions the draft, and ends the other; the time spent on either was spent on the review."""
        workflow, kept = await self._under_review(actor, export_workflow_id)
        now = self._now()
        draft = replace(chosen, editing_time_seconds=_time_spent(kept, now), last_activity=now)
        replaces = {chosen.revision, instead_of.revision}
        draft = await self._drafts.keep_draft(actor.email, export_workflow_id, draft, replaces)
        return await self._reviewed(workflow, draft)

    async def record_modifications(
        self, actor: Actor, export_workflow_id: str, seen: Draft | None = None
    ) -> UserModifications:
        """Records stage 2 from the version that the user saw, else the one kept last; with it all drafts end.

        Recorded also when nothing was edited. Raises StageAlreadyRecorded where another version than `seen` was recorded.
        """
        workflow, kept = await self._left_off(actor, export_workflow_id)
        if workflow.stage2 is not None and seen is None:
            return workflow.stage2
        draft, stage1 = seen or kept, workflow.stage1
        recorded = await self.tracking.record_stage_2_user_modifications(
            export_workflow_id,
            stage1.document_id,
            actor.email,
            stage1.initial_extracted_data,
            draft.modified_data,
            draft.preferences,
            kept.editing_time_seconds if draft.revision else None,  # of all versions: they are of one review
            reasons=draft.reasons,
            looked_at=draft.looked_at,
            suggestions=await self._suggested(workflow, draft) if seen else draft.suggestions,
            review_mode="reviewed",
            actor=actor,
        )
        await self._after_recording(stage1)
        return recorded

    async def record_unseen(
        self,
        actor: Actor,
        export_workflow_id: str,
        modified_data: Data | None,
        preferences: UserPreferences,
        reasons: Mapping[str, str] | None = None,
        reviewer: Actor | None = None,
    ) -> UserModifications:
        """Records stage 2 for a caller whom no page shows the document: as read, where no data is given.

        Unattended, unless the caller names the person who reviewed it. Raises StageAlreadyRecorded, NotFound.
        """
        stage1 = (await self.workflow(actor, export_workflow_id)).stage1
        recorded = await self.tracking.record_stage_2_user_modifications(
            export_workflow_id,
            stage1.document_id,
            actor.email,
            stage1.initial_extracted_data,
            stage1.initial_extracted_data if modified_data is None else modified_data,
            preferences,
            reasons=reasons,
            review_mode="reviewed" if reviewer else "unattended",
            reviewer=reviewer,
            actor=actor,
        )
        await self._after_recording(stage1)
        return recorded

    async def _after_recording(self, stage1: InitialSummary) -> None:
        self._teaching.ask_anew(stage1.owner_email)
        await self._drafts.drop_draft(stage1.owner_email, stage1.export_workflow_id)

    async def _suggested(self, workflow: Workflow, draft: Draft) -> list[Suggestion]:
        """The suggestions that were answered, and those that stood on the page and were left; once recorded, the same again."""
        answered = {suggestion.field for suggestion in draft.suggestions}
        if workflow.stage2:
            left = [s for s in workflow.stage2.suggestions if not s.is_accepted]
        else:
            offers = (await self._learned(workflow, draft)).offers
            left = [Suggestion(field=o.field, suggested_value=o.suggested_value, rests_on=list(o.rests_on), is_accepted=False)
                    for o in offers]  # fmt: skip
        return [*draft.suggestions, *(s for s in left if s.field not in answered)]

    # Learning from what was recorded

    async def learned(self, actor: Actor, export_workflow_id: str, seen: Review | None = None) -> Learned:
        """What the owner's earlier reviews say for this one; with `seen`, for the version that a page shows."""
        if seen is not None:
            return await self._learned(seen.workflow, seen.draft)
        return await self._learned(*await self._left_off(actor, export_workflow_id))

    async def _learned(self, workflow: Workflow, draft: Draft) -> Learned:
        stage1, data = workflow.stage1, draft.modified_data
        document_type = document_type_in(data, stage1.document_type)
        taught = await self._teaching.taught(stage1.owner_email, document_type)
        usual, choice = usual_of(taught.lessons, document_type), taught.choice
        asked = (taught.lessons, stage1.export_workflow_id, stage1.initial_extracted_data, data)
        offers = [] if workflow.stage2 or not taught.lessons else await asyncio.to_thread(offers_for, *asked)
        return Learned(usual, offers, choice.is_on, choice.forget_before)

    async def learning_choice(self, actor: Actor) -> LearningChoice:
        """Whether the owner's records teach, and from when on. Raises StoreUnavailable."""
        return await self._teaching.choice(actor.email)

    async def set_learning(self, actor: Actor, is_on: bool) -> None:
        """Lets the owner's records teach, or stops it. Raises StoreUnavailable."""
        await self._teaching.turn(actor.email, is_on=is_on)

    async def forget_learned(self, actor: Actor) -> None:
        """What was recorded up to now teaches no more; the records themselves stay. Raises StoreUnavailable."""
        await self._teaching.forget(actor.email)


def _compared(workflow: Workflow, draft: Draft, now: datetime, known: list[Finding]) -> Review:
    """The draft beside the extraction, and what its checks say, with what the history says to it."""
    original = workflow.stage1.initial_extracted_data
    found = changes(original, draft.modified_data)
    return Review(
        workflow=workflow,
        draft=draft,
        changes=found,
        change_sentences=change_sentences(found, original, draft.modified_data),
        answers=answers(draft.modified_data, now.date()) + known,
    )


def _time_spent(kept: Draft, now: datetime) -> float:
    """The editing time of the review up to now, in whichever tab: the version kept last has that of all before it."""
    return round(editing_time(kept.editing_time_seconds, kept.last_activity, now), 3)


def _say_the_same(one: Draft, other: Draft) -> bool:
    return same(one.modified_data, other.modified_data) and _beside_the_data(one) == _beside_the_data(other)


def _beside_the_data(draft: Draft) -> tuple[Any, ...]:
    suggestions = [suggestion.model_dump_json() for suggestion in draft.suggestions]  # 1 is not True there
    return draft.preferences, draft.reasons, draft.looked_at, suggestions


def _seen_from(base: Draft, kept: Draft) -> Draft:
    """A version with what was kept elsewhere since."""
    if base.revision == kept.revision:
        return kept
    versions = (replace(kept, others=()), *kept.others)
    return replace(base, others=tuple(v for v in versions if v.revision != base.revision and not _say_the_same(v, base)))
