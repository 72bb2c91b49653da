"""Records the three stages of a workflow, each chained to the one before, and reads them back."""

import asyncio
import json
import logging
from collections import Counter
from collections.abc import AsyncIterator, Callable, Mapping, Sequence
from dataclasses import asdict, replace
from datetime import UTC, datetime, timedelta
from hashlib import sha256
from typing import Any
from uuid import uuid4

from kraftd_core.document.bank_details import bank_details
from kraftd_core.document.changes import align_rows, carry_reasons, changes, counted
from kraftd_core.document.checks.checking import Finding, check
from kraftd_core.document.handed import as_mapping
from kraftd_core.document.jsontypes import Data, cleaned, same, tables_of, with_row_ids, without_row_ids
from kraftd_core.document.ledger.check import ROWS_READ, still_unread
from kraftd_core.document.ledger.nouns import LedgerEntry
from kraftd_core.document.nouns import Change
from kraftd_core.document.wording import how_many
from kraftd_core.errors import (
    CallRefused,
    FileDamaged,
    NotFound,
    RecordingError,
    StageAlreadyRecorded,
    StageOutOfOrder,
    StoreUnavailable,
)
from kraftd_core.people.actor import Actor, canonical_email
from kraftd_core.ports.keeping import Files, HistoryFilter, Record, Store, WorkflowLine
from kraftd_core.recording import given
from kraftd_core.recording.known_accounts import changed_bank_details
from kraftd_core.recording.regeneration import stage1_again, stage2_again
from kraftd_core.recording.stage1_summary import counts_of, document_type_in, known_number
from kraftd_core.recording.stage2_modifications import found_in_history, user_actions
from kraftd_core.recording.stage3_deliverable import mime_type_of, story, workflow_summary
from kraftd_core.records.bundle import bundle_of
from kraftd_core.records.calls import ModelCall
from kraftd_core.records.chain import Signer, Verdict, has_its_hash, misplaced, sealed, verdict_on
from kraftd_core.records.headline import headline_of, is_same_number, search_text_of
from kraftd_core.records.journal import JournalEntry, JournalHead, disagreement, flaw_in
from kraftd_core.records.large_members import references, slimmed, whole
from kraftd_core.records.lessons import MOST_LESSONS
from kraftd_core.records.plan import DocumentTemplate, ExportFormat, PresentationPlan
from kraftd_core.records.stages import (
    ChosenSummary,
    Deliverable,
    ExportStage,
    ExportStatus,
    FinalDeliverable,
    FinalSummary,
    FinalSummaryMetadata,
    Grounding,
    InitialSummary,
    InitialSummaryMetadata,
    JournalSeen,
    LearningInsights,
    Look,
    Place,
    ProseDecision,
    RecordedActor,
    RecordedFinding,
    ReviewMode,
    Source,
    StageRecord,
    Suggestion,
    Summary,
    Traceability,
    UserModifications,
    UserPreferences,
    in_ms,
)
from kraftd_core.records.suppliers import supplier_of
from kraftd_core.review.learning import answered_truly
from kraftd_core.thinking.learning_insights import field_name

log = logging.getLogger(__name__)

_MODELS: dict[str, type[StageRecord]] = {
    ExportStage.INITIAL_AI_SUMMARY: InitialSummary,
    ExportStage.USER_MODIFICATIONS: UserModifications,
    ExportStage.FINAL_SUMMARY_AND_DELIVERABLE: FinalDeliverable,
}
_STATUS_AFTER = {
    ExportStage.INITIAL_AI_SUMMARY: ExportStatus.AWAITING_USER_REVIEW,
    ExportStage.USER_MODIFICATIONS: ExportStatus.AWAITING_FINAL_PROCESSING,
    ExportStage.FINAL_SUMMARY_AND_DELIVERABLE: ExportStatus.COMPLETED,
}

_LINES_A_PAGE, _MOST_PAGES = 50, 20  # of the workflows that name a supplier and a number: mostly one document's own versions
_FEW_ROWS = 50
_SMALL_CHARACTERS = 50_000
"""Up to here a record is far from being slimmed, however its numbers are written, and sealed before a thread would begin."""


def utc_now() -> datetime:
    """The clock of the product: UTC, to the millisecond."""
    return in_ms(datetime.now(UTC))


_ALTERED = (
    "The records of this workflow are not those that were recorded, so that nothing is shown or made from them. "
    "Verify it to see which, and restore a backup."
)


class ExportTrackingService:
    """The recorder. A failure raises; a success returns the id or the record as stored."""

    def __init__(
        self,
        store: Store,
        files: Files,
        retention: timedelta = timedelta(days=30),
        now: Callable[[], datetime] = utc_now,
        signer: Signer | None = None,
    ) -> None:
        self._store = store
        self._files = files
        self._retention = retention
        self._now = now
        self._signer = signer

    @property
    def file_expiration(self) -> datetime:
        """Until when a file is to be kept whose workflow is opened right after: an hour more than what opens now."""
        return self._now() + self._retention + timedelta(hours=1)

    @property
    def public_key(self) -> str | None:
        """The key that signs what is recorded, in base64; None where nothing is signed."""
        return self._signer.public_key if self._signer else None

    # Recording

    async def record_stage_1_initial_summary(
        self,
        document_id: str,
        owner_email: str,
        document_type: str,
        initial_extracted_data: Mapping[str, Any],
        ai_initial_summary: Summary | Mapping[str, Any],
        extraction_confidence: float | None = None,
        di_metadata: Mapping[str, Place | Mapping[str, Any]] | None = None,
        processing_time_ms: float | None = None,
        tokens_used: int | None = None,
        *,
        export_workflow_id: str | None = None,
        document_name: str | None = None,
        ai_model: str | None = None,
        extraction_time_ms: float | None = None,
        source: Mapping[str, Any] | None = None,
        findings: Sequence[Finding] | None = None,
        grounding: Grounding | None = None,
        prompt_version: str | None = None,
        calls: Sequence[ModelCall] = (),
        cost: float | None = None,
        actor: Actor | None = None,
        reading_ledger: Sequence[LedgerEntry] | None = None,
    ) -> str:
        """Opens a workflow with what the machine read and thought; its id.

        `actor` is who records it, here as in the other stages: the owner, where none is given. `source` may add members of
        Source: how it was read, page count, file size, content hash, notices.
        Without `findings` the data is checked here.
        """
        now, workflow_id = self._now(), given.workflow_id_of(export_workflow_id or uuid4())
        data = with_row_ids(as_mapping(initial_extracted_data, "The extracted data"))
        summary = given.summary_of(Summary, ai_initial_summary, "The summary")
        document_id, document_type = given.text_of(document_id, "The document id"), given.text_of(document_type, "The type")
        name = given.text_of(document_name or document_id, "The document's name")
        places = given.places_of(di_metadata or {}, "The metadata of the reading")
        fields, rows = counts_of(data)
        with given.plainly("Stage 1"):
            record = InitialSummary(
                **self._opening(workflow_id, document_id, name, document_type_in(data, document_type), owner_email, data, now),
                actor=_recorded_by(actor, owner_email),
                source=Source(
                    document_name=name,
                    document_type=document_type,
                    di_confidence=extraction_confidence,
                    extraction_fields_count=fields,
                    line_items_count=rows,
                    di_metadata=places,
                    **(source or {}),
                ),
                initial_extracted_data=data,
                ai_initial_summary=summary,
                grounding=grounding,
                findings=await _recorded_findings(data, document_type, now, findings),
                reading_ledger=None if reading_ledger is None else list(reading_ledger),
                initial_summary_metadata=InitialSummaryMetadata(
                    ai_model=ai_model,
                    processing_time_ms=processing_time_ms,
                    tokens_used=tokens_used,
                    confidence_score=summary.confidence_score,
                    generated_at=now,
                    extraction_time_ms=extraction_time_ms,
                    prompt_version=prompt_version,
                    calls=list(calls),
                    cost=cost,
                ),
            )
        await self._append(record)
        return workflow_id

    async def record_stage_2_user_modifications(
        self,
        export_workflow_id: str,
        document_id: str,
        owner_email: str,
        original_data: Mapping[str, Any],
        modified_data: Mapping[str, Any],
        user_preferences: UserPreferences | Mapping[str, Any],
        editing_time_seconds: float | None = None,
        changes: Sequence[Change | Mapping[str, Any]] | None = None,
        *,
        reasons: Mapping[str, str] | None = None,
        looked_at: Sequence[Look] = (),
        suggestions: Sequence[Suggestion] = (),
        review_mode: ReviewMode | None = None,
        reviewer: Actor | None = None,
        summary_chosen: ChosenSummary | None = None,
        actor: Actor | None = None,
    ) -> UserModifications:
        """Records what the human changed and asked for.

        `review_mode` says whether a person reviewed it; `reviewer` is that person where another one records.
        `original_data` must be stage 1's (row ids aside) and `changes`, where given, those between the two data;
        else the call is refused. Rows without ids are aligned with the original's by likeness.
        """

        wanted, preferences = as_mapping(modified_data, "The modified data"), given.preferences_of(user_preferences)
        seconds = given.amount_of(editing_time_seconds, "The editing time")

        async def record() -> Record:
            stage1, earlier, _ = await self._of_document(export_workflow_id, owner_email, document_id)
            if stage1 is None:
                raise StageOutOfOrder("This document has no recorded summary yet. Upload it again to start.")
            modified = _aligned(_confirmed(stage1.initial_extracted_data, original_data), earlier, wanted)
            found = carry_reasons(_found_changes(stage1.initial_extracted_data, modified, changes), reasons or {})
            following = self._following(stage1, stage1, ExportStage.USER_MODIFICATIONS, modified, self._now())
            with given.plainly("Stage 2"):
                reviewed_stage = UserModifications(
                    **following,
                    actor=_recorded_by(actor, owner_email),
                    review_mode=review_mode,
                    reviewer=_recorded(reviewer) if reviewer else None,
                    stage1_id=stage1.id,
                    original_data=stage1.initial_extracted_data,
                    modified_data=modified,
                    user_preferences=preferences,
                    changes=found,
                    looked_at=list(looked_at),
                    suggestions=answered_truly(suggestions, modified),
                    # As of the day of stage 1, so that whatever differs from its findings is the work of an edit.
                    findings=await _recorded_findings(modified, stage1.document_type, stage1.timestamp)
                    + _told(await self.told_by_history_after(stage1, modified)),
                    user_actions=user_actions(found, seconds, stage1.source.di_confidence),
                    summary_chosen=summary_chosen,
                )
            return await self._append(reviewed_stage)

        try:
            stored = await record()
        except StageAlreadyRecorded:  # meanwhile: rows without ids have those of that recording now, which may make it the same
            stored = await record()
        return UserModifications.model_validate(stored)

    async def record_stage_3_final_deliverable(
        self,
        export_workflow_id: str,
        document_id: str,
        owner_email: str,
        ai_final_summary: FinalSummary | Mapping[str, Any],
        export_format: str,
        deliverable_filename: str,
        file_size_bytes: int,
        file_content: bytes,
        document_template: str = "standard",
        processing_time_ms: float | None = None,
        tokens_used: int | None = None,
        workflow_metrics: Mapping[str, Any] | None = None,
        *,
        ai_model: str | None = None,
        pages: int | None = None,
        warnings: Sequence[str] = (),
        generated_at: datetime | None = None,
        presentation_plan: PresentationPlan | None = None,
        grounding: Grounding | None = None,
        prompt_version: str | None = None,
        prose_decision: ProseDecision | None = None,
        calls: Sequence[ModelCall] = (),
        cost: float | None = None,
        actor: Actor | None = None,
        journal_seen: JournalSeen | None = None,
    ) -> FinalDeliverable:
        """Keeps the file and records what was delivered; `workflow_metrics` may hold `stage3_time_seconds`.

        `journal_seen` is what the file says of the journal; what is known now, where it says nothing.
        """
        stage1, stage2 = reviewed(*await self._of_document(export_workflow_id, owner_email, document_id))
        metrics = as_mapping(workflow_metrics or {}, "The metrics")
        seconds = given.amount_of(metrics.get("stage3_time_seconds"), "The time of stage 3")
        file_content = given.bytes_of(file_content, "The file")
        deliverable_filename = given.text_of(deliverable_filename, "The file's name")
        if file_size_bytes != len(file_content):
            raise RecordingError(f"The file holds {len(file_content)} bytes, not the {file_size_bytes} stated. Produce it again.")
        now = self._now()
        by = actor or Actor.of(owner_email)
        thought = {"learning_insights": _insights(stage2.changes)} | as_mapping(ai_final_summary, "The final summary")
        summary = given.summary_of(FinalSummary, thought, "The final summary")
        file_format, made_at = given.choice_of(ExportFormat, export_format, "The format"), generated_at or now
        with given.plainly("Stage 3"):
            deliverable = _delivered(deliverable_filename, file_content, file_format, made_at, pages, warnings)
            record = FinalDeliverable(
                **self._following(stage1, stage2, ExportStage.FINAL_SUMMARY_AND_DELIVERABLE, stage2.modified_data, now),
                actor=_recorded(by),
                stage1_id=stage1.id,
                stage2_id=stage2.id,
                ai_final_summary=summary,
                grounding=grounding,
                final_summary_metadata=FinalSummaryMetadata(
                    ai_model=ai_model,
                    processing_time_ms=processing_time_ms,
                    tokens_used=tokens_used,
                    template_used=given.choice_of(DocumentTemplate, document_template, "The template"),
                    export_format=file_format,
                    confidence_score=summary.confidence_score,
                    generated_at=deliverable.generated_at,
                    prompt_version=prompt_version,
                    calls=list(calls),
                    cost=cost,
                ),
                prose_decision=prose_decision,
                presentation_plan=presentation_plan,
                deliverable=deliverable,
                workflow_summary=workflow_summary(stage1, stage2, seconds),
                traceability=Traceability(document_history=story(stage1, stage2, deliverable_filename, now, by)),
                journal_seen=journal_seen or await self.journal_seen(stage1.owner_email),
            )
        await self._files.put(stage1.owner_email, file_content, stage1.expiration_date)  # before the record that promises it
        return FinalDeliverable.model_validate(await self._append(record))

    async def record_regeneration(
        self,
        export_workflow_id: str,
        owner_email: str,
        user_preferences: UserPreferences | Mapping[str, Any],
        *,
        regenerated_id: str | None = None,
        actor: Actor | None = None,
    ) -> str:
        """Opens a workflow on the reviewed data of another, with other preferences: stages 1 and 2 copied; its id."""
        stage1, stage2 = reviewed(*await self._stages(export_workflow_id, owner_email))
        by = _recorded_by(actor, owner_email)
        now, preferences = self._now(), given.preferences_of(user_preferences)
        new_id = given.workflow_id_of(regenerated_id or uuid4())
        opened = await self._append(stage1_again(stage1, new_id, now, now + self._retention, by))
        await self._append(stage2_again(stage2, InitialSummary.model_validate(opened), preferences, now, by))
        return new_id

    # Reading back

    async def get_export_history(self, owner_email: str, limit: int = 50) -> list[dict[str, Any]]:
        """The owner's workflows, newest first: a dict each, with the members of WorkflowLine."""
        if isinstance(limit, bool) or not isinstance(limit, int) or limit < 0:
            raise CallRefused("The limit must be a whole number from zero on.")
        if not limit:
            return []
        page = await self._store.history(canonical_email(owner_email), HistoryFilter(), limit, None)
        return [asdict(line) for line in page.lines]

    async def get_workflow_stages(self, export_workflow_id: str, owner_email: str) -> dict[str, Any]:
        """`{"stage1", "stage2", "stage3"}`, each a record or None."""
        return dict(zip(("stage1", "stage2", "stage3"), await self._stages(export_workflow_id, owner_email), strict=True))

    async def stored_records(self, export_workflow_id: str, owner_email: str) -> Sequence[Record]:
        """The records as stored, for whoever verifies or exports them."""
        owner, named = canonical_email(owner_email), given.workflow_id_in(export_workflow_id)
        return await self._store.stages(owner, named) if named else ()

    async def recorded(self, export_workflow_id: str, owner_email: str) -> Sequence[Record]:
        """The records as they were recorded; raises FileDamaged where something else is stored in their place."""
        records = await self.stored_records(export_workflow_id, owner_email)
        are_theirs = not records or misplaced(records, *_place(export_workflow_id, owner_email)) is None
        if not are_theirs or not await asyncio.to_thread(lambda: all(map(has_its_hash, records))):
            raise FileDamaged(_ALTERED)
        return records

    async def journal_seen(self, owner_email: str) -> JournalSeen | None:
        """The end of the owner's journal as the store last confirmed it; None where there is none, or it cannot be asked."""
        try:
            head = await self._store.journal_head(canonical_email(owner_email))
        except StoreUnavailable:
            return None
        return JournalSeen(n=head.n, hash=head.hash) if head else None

    async def bundled(self, records: Sequence[Record]) -> dict[str, Any]:
        """The bundle of a workflow's stored records; raises FileDamaged if a part of them is missing."""
        seen = await self.journal_seen(records[0]["owner_email"])
        blobs: dict[str, bytes] = {}
        for record in records:
            blobs |= await self._blobs(record)
        return await asyncio.to_thread(bundle_of, records, blobs, self._now(), self._signer, seen)

    async def verified(
        self, export_workflow_id: str, owner_email: str, journal: Sequence[JournalEntry] | None = None
    ) -> Verdict:
        """Whether the records stored for a workflow hold, are its own, are those that the store took in, and all bytes that
        they name are still there; raises NotFound.

        Where this application signs, it trusts its own key only: what was recorded before the key was set does not hold.
        `journal` is the owner's, where whoever asks has read it and looks after it.
        """
        owner = canonical_email(owner_email)
        try:
            records = await self.stored_records(export_workflow_id, owner)
        except FileDamaged as damage:
            held = await self._store.held_against(owner, given.workflow_id_in(export_workflow_id) or "")
            return Verdict(False, held.flaw or str(damage), held.stage)
        if not records:
            raise NotFound("There is no such workflow in your history.")
        verdict = await asyncio.to_thread(verdict_on, records, self.public_key)
        exchanged = misplaced(records, *_place(export_workflow_id, owner))
        if not verdict.holds or exchanged:
            return exchanged or verdict
        return await self._held_against_store(verdict, records, owner, journal)

    async def _held_against_store(
        self, verdict: Verdict, records: Sequence[Record], owner: str, given_journal: Sequence[JournalEntry] | None
    ) -> Verdict:
        """The verdict on records that hold in themselves, held against all else that is kept."""
        held = await self._store.held_against(owner, records[0]["export_workflow_id"])
        if held.flaw is not None:
            return Verdict(False, held.flaw, held.stage)
        compared, not_compared = held.compared, held.not_compared
        try:
            journal = given_journal if given_journal is not None else await self._store.journal(owner)
            compared = (*compared, f"its owner's journal ({how_many(len(journal), 'link')})")
        except StoreUnavailable:
            journal, not_compared = None, (*not_compared, "its owner's journal, which cannot be reached now")
        if journal is not None:
            flaw = None if given_journal is not None else await asyncio.to_thread(flaw_in, journal)
            seen = next((JournalHead(**record["journal_seen"]) for record in records if record.get("journal_seen")), None)
            if flaw := flaw or (disagreement(journal, seen) if seen else None):
                return Verdict(False, flaw)
        for record in records:
            try:
                await self._blobs(record)
                for content_hash in _files_named_in(record):
                    await self._files.get(record["owner_email"], content_hash)
            except FileDamaged as damage:
                return Verdict(False, f"Stage {record['sequence']} holds, but not what it names: {damage}", record["sequence"])
        compared = (*compared, "its files")
        said = f"Compared: {', '.join(compared)}."
        if not_compared:
            said += f" Not compared: {', '.join(not_compared)}."
        return replace(verdict, sentence=f"{verdict.sentence} {said}", compared=compared, not_compared=not_compared)

    async def _stages(
        self, workflow_id: str, owner_email: str
    ) -> tuple[InitialSummary | None, UserModifications | None, FinalDeliverable | None]:
        found: dict[int, Any] = {
            record["sequence"]: _MODELS[record["stage"]].model_validate(await self._whole(record))
            for record in await self.recorded(workflow_id, owner_email)
        }
        return found.get(1), found.get(2), found.get(3)

    async def _of_document(
        self, workflow_id: str, owner_email: str, document_id: str
    ) -> tuple[InitialSummary | None, UserModifications | None, FinalDeliverable | None]:
        stages = await self._stages(workflow_id, owner_email)
        if stages[0] is not None and stages[0].document_id != document_id:
            raise NotFound("This workflow belongs to another document. Open it from the history.")
        return stages

    async def _append(self, record: StageRecord) -> Record:
        with given.exactly():
            body, blobs = await self._sealed(record)
        for blob in blobs:
            await self._files.put(record.owner_email, blob, record.expiration_date)  # before what refers to it
        stored = await self._store.append(body)
        log.info("recorded stage=%s workflow=%s", record.stage.value, record.export_workflow_id)
        return await self._whole(stored)

    async def _sealed(self, record: StageRecord) -> tuple[dict[str, Any], list[bytes]]:
        """The record as it is to be stored, and the bytes that it refers to."""
        body = record.model_dump(mode="json")
        if len(record.model_dump_json()) <= _SMALL_CHARACTERS:
            return sealed(body, self._signer), []
        return await asyncio.to_thread(_slim_body, body, self._signer)

    async def _whole(self, record: Record) -> Record:
        blobs = await self._blobs(record)
        return await asyncio.to_thread(whole, record, blobs) if blobs else record

    async def _blobs(self, record: Record) -> dict[str, bytes]:
        """The bytes of the record's replaced members by their hashes."""
        try:
            return {name: await self._files.get(record["owner_email"], name) for name in references(record).values()}
        except (FileDamaged, ValueError) as error:
            raise FileDamaged("A part of this record is missing in the file store, or was altered there. Restore it.") from error

    # What the owner's other documents say to this one

    async def told_by_history(self, owner_email: str, document_id: str, document_type: str, data: Data) -> list[Finding]:
        """What the owner's other documents make doubtful: a number that the supplier used before, a new place to pay."""
        owner_email = canonical_email(owner_email)
        known = await self._number_known(owner_email, document_id, document_type, data)
        return known + await self._bank_changed(owner_email, document_id, document_type, (data, data), self._now())

    async def told_by_history_after(self, stage1: InitialSummary, modified: Data) -> list[Finding]:
        """What stage 1 found in the history, and of the reading what an edit did not mend; looked up again where an edit
        changed what it is looked up by.

        What was reviewed since stage 1 says nothing of bank details, so that a stage sent again says the same.
        """
        original, document_type = stage1.initial_extracted_data, document_type_in(modified, stage1.document_type)
        told = found_in_history(stage1.findings)
        unread = still_unread(told, original, modified)
        if _looked_up_by(stage1.document_type, original) == _looked_up_by(document_type, modified):
            return [finding for finding in told if finding.check != ROWS_READ or finding in unread]
        known = await self._number_known(stage1.owner_email, stage1.document_id, document_type, modified)
        both, until = (original, modified), stage1.timestamp
        return unread + known + await self._bank_changed(stage1.owner_email, stage1.document_id, document_type, both, until)

    async def _number_known(self, owner_email: str, document_id: str, document_type: str, data: Data) -> list[Finding]:
        """At most one finding: another document of this owner has the same supplier and number."""
        return known_number(document_type, data, await self.same_number(owner_email, document_id, document_type, data))

    async def same_number(
        self, owner_email: str, document_id: str, document_type: str, data: Data
    ) -> WorkflowLine | None:
        """The owner's newest workflow of another document that has the same supplier and number.

        One that was regenerated only where the one that it was made from is gone.
        """
        headline = headline_of(document_type, data)
        if not headline.vendor or not headline.number:
            return None
        wanted = HistoryFilter(text=f"{headline.vendor} {headline.number}", document_type=document_type)
        return await self._newest(
            owner_email, wanted, lambda line: line.document_id != document_id and is_same_number(line.headline, headline)
        )

    async def same_document(self, owner_email: str, document_id: str) -> WorkflowLine | None:
        """The owner's newest workflow of this document; one that was regenerated only where no other is left."""
        return await self._newest(owner_email, HistoryFilter(document_id=document_id), lambda _: True)

    async def _newest(
        self, owner_email: str, wanted: HistoryFilter, fits: Callable[[WorkflowLine], bool]
    ) -> WorkflowLine | None:
        regenerated = None
        try:
            async for line in self._likely(canonical_email(owner_email), wanted):
                if fits(line) and line.regenerated_from is None:
                    return line
                regenerated = regenerated or (line if fits(line) else None)
        except StoreUnavailable:
            log.warning("the history could not be asked for an earlier document")  # which must not keep anyone from recording
        return regenerated

    async def _bank_changed(
        self, owner_email: str, document_id: str, document_type: str, data: tuple[Data, Data], until: datetime
    ) -> list[Finding]:
        """A warning for each bank detail that the supplier's documents, reviewed until then, do not have."""
        if not bank_details(data[1]):
            return []
        try:
            lessons = await self._store.lessons(owner_email, document_type, MOST_LESSONS)
        except StoreUnavailable:
            log.warning("the history could not be asked for bank details")
            return []
        others = [lesson for lesson in lessons if lesson.document_id != document_id and lesson.recorded_at <= until]
        return changed_bank_details(others, *data)

    async def _likely(self, owner_email: str, wanted: HistoryFilter) -> AsyncIterator[WorkflowLine]:
        cursor = None
        for _ in range(_MOST_PAGES):
            page = await self._store.history(owner_email, wanted, _LINES_A_PAGE, cursor)
            for line in page.lines:
                yield line
            cursor = page.cursor
            if cursor is None:
                return

    # What every record says

    def _opening(
        self, workflow_id: str, document_id: str, name: str, document_type: str, owner: str, data: Data, now: datetime
    ) -> dict[str, Any]:
        headline = headline_of(document_type, data)
        return {
            "id": f"{workflow_id}:1",
            "kind": "stage",
            "export_workflow_id": workflow_id,
            "document_id": document_id,
            "document_name": name,
            "document_type": document_type,
            "headline": headline,
            "search_text": search_text_of(name, headline),
            "workflow_started_at": now,
            "owner_email": canonical_email(owner),
            "stage": ExportStage.INITIAL_AI_SUMMARY,
            "sequence": 1,
            "timestamp": now,
            "status": _STATUS_AFTER[ExportStage.INITIAL_AI_SUMMARY],
            "expiration_date": now + self._retention,
            "ttl": int(self._retention.total_seconds()),
            "record_hash": "",
        }

    def _following(
        self, stage1: InitialSummary, previous: StageRecord, stage: ExportStage, data: Data, now: datetime
    ) -> dict[str, Any]:
        document_type = document_type_in(data, stage1.document_type)
        headline = headline_of(document_type, data)
        shared = {name: getattr(stage1, name) for name in (
            "export_workflow_id", "document_id", "document_name", "workflow_started_at", "owner_email",
            "expiration_date", "regenerated_from",
        )}  # fmt: skip
        return shared | {
            "id": f"{stage1.export_workflow_id}:{stage.sequence}",
            "kind": "stage",
            "document_type": document_type,
            "headline": headline,
            "search_text": search_text_of(stage1.document_name, headline),
            "stage": stage,
            "sequence": stage.sequence,
            "timestamp": now,
            "status": _STATUS_AFTER[stage],
            "ttl": max(1, int((stage1.expiration_date - now).total_seconds())),
            "previous_hash": previous.record_hash,
            "record_hash": "",
        }


def _looked_up_by(document_type: str, data: Data) -> tuple[Any, ...]:
    """All that the history is asked by."""
    headline = headline_of(document_type, data)
    return document_type, headline.vendor, headline.number, supplier_of(data, data), bank_details(data)


def reviewed(
    stage1: InitialSummary | None, stage2: UserModifications | None, *_: object
) -> tuple[InitialSummary, UserModifications]:
    """The first two stages of a workflow; raises StageOutOfOrder where stage 2 is not recorded."""
    if stage1 is None or stage2 is None:
        raise StageOutOfOrder("This document was not reviewed yet. Record the review first, then produce the file.")
    return stage1, stage2


def _slim_body(body: Mapping[str, Any], signer: Signer | None) -> tuple[dict[str, Any], list[bytes]]:
    """The record as it is to be stored, and the bytes that it refers to."""
    body, blobs = slimmed(body)
    return sealed(body, signer), blobs


async def _recorded_findings(
    data: Data, document_type: str, as_of: datetime, given: Sequence[Finding] | None = None
) -> list[RecordedFinding]:
    if given is None:
        checked = {"document_type": document_type} | data
        is_small = sum(len(rows) for _, rows in tables_of(data)) <= _FEW_ROWS  # checked before a thread would begin
        given = check(checked, as_of.date()) if is_small else await asyncio.to_thread(check, checked, as_of.date())
    return _told(given)


def _told(findings: Sequence[Finding]) -> list[RecordedFinding]:
    return [
        RecordedFinding(
            check=f.check, severity=f.severity, message=f.message, cells=list(f.cells), expected=f.expected, found=f.found,
            answer=f.answer, reading=f.reading, tolerance=f.tolerance,
        )
        for f in findings
    ]


def _recorded(actor: Actor) -> RecordedActor:
    return RecordedActor(email=actor.email, name=actor.name, subject=actor.subject)


def _recorded_by(actor: Actor | None, owner_email: str) -> RecordedActor:
    return _recorded(actor or Actor.of(owner_email))


def _files_named_in(record: Record) -> list[str]:
    """The hashes of the upload or the deliverable that a record names."""
    described = record.get("deliverable") or record.get("source") or {}
    return [described["content_hash"]] if described.get("content_hash") else []


def _confirmed(original: Data, claimed: Mapping[str, Any]) -> Data:
    """The recorded original, if that is what the caller means."""
    if same(original, claimed):  # the usual case: nothing to clean
        return original
    stated = as_mapping(claimed, "The original data")
    if not same(original, stated) and not same(without_row_ids(original), without_row_ids(with_row_ids(stated))):
        raise RecordingError("The original data is not what stage 1 recorded. Reload the document and try again.")
    return original


def _aligned(original: Data, earlier: UserModifications | None, modified: Data) -> Data:
    """The modified data with row ids: those of an earlier recording first, so that a repeated call is the same content."""
    if earlier is not None:
        modified = align_rows(earlier.modified_data, modified)
    return with_row_ids(align_rows(original, modified))


def _found_changes(original: Data, modified: Data, claimed: Sequence[Change | Mapping[str, Any]] | None) -> list[Change]:
    found = changes(original, modified)
    if claimed is not None:
        stated = Counter(_essence(as_mapping(change, "A change")) for change in given.sequence_of(claimed, "The changes"))
        must = Counter(_essence(change.model_dump()) for change in counted(found))
        may = Counter(_essence(change.model_dump()) for change in found)
        if not must <= stated <= may:
            raise RecordingError("The stated changes are not those between the two data. Reload the document and record again.")
    return found


def _essence(change: Mapping[str, Any]) -> str:
    """A change without its row id and place: what a caller who knows no row ids can state too."""
    values = {"from": change.get("original_value"), "to": change.get("modified_value")}
    bare = {name: without_row_ids({"row": [v]})["row"][0] if isinstance(v, dict) else v for name, v in values.items()}
    return str(change.get("change_type")) + json.dumps(cleaned(bare), sort_keys=True)


def _delivered(
    filename: str, content: bytes, file_format: ExportFormat, made_at: datetime, pages: int | None, warnings: Sequence[str]
) -> Deliverable:
    """What a record says of the file."""
    return Deliverable(
        filename=filename,
        file_size_bytes=len(content),
        file_format=file_format,
        mime_type=mime_type_of(filename),
        pages=pages,
        content_hash="sha256:" + sha256(content).hexdigest(),
        generated_at=in_ms(made_at),
        warnings=list(warnings),
    )


def _insights(found: Sequence[Change]) -> dict[str, Any]:
    """What this review alone says: from fewer reviews than two, no focus is told."""
    fields = sorted({field_name(change) for change in counted(found)})
    return LearningInsights(user_corrected_fields=fields, user_focus_areas=[]).model_dump()


def _place(export_workflow_id: str, owner_email: str) -> tuple[str, str]:
    return given.workflow_id_in(export_workflow_id) or "", canonical_email(owner_email)
