"""After the stages at the desk: what was recorded and delivered is found, compared, downloaded and verified."""

import asyncio
import json
from collections.abc import AsyncGenerator, Sequence
from dataclasses import dataclass
from hashlib import sha256
from typing import Any

from kraftd_core.comparing.compare import VERSIONS, Comparison, Side, Wanted, compare
from kraftd_core.comparing.sides import side_of
from kraftd_core.desk.common import DeskBase
from kraftd_core.document.filenames import clean_name
from kraftd_core.document.wording import how_many
from kraftd_core.errors import FileDamaged, NotFound
from kraftd_core.people.actor import Actor
from kraftd_core.ports.keeping import HistoryFilter, HistoryPage, Record, WorkflowLine
from kraftd_core.ports.making import Rendered
from kraftd_core.ports.reading import Inspected
from kraftd_core.recording.verification import Judged, judge, judge_archive, judge_bundle, unknown
from kraftd_core.records.chain import Verdict
from kraftd_core.records.plan import ExportFormat
from kraftd_core.records.stages import Deliverable, FinalDeliverable, InitialSummary


@dataclass(frozen=True, slots=True)
class DownloadFile:
    """A stored file, as it was made."""

    filename: str
    mime_type: str
    content: bytes


@dataclass(frozen=True, slots=True)
class FileInPieces:
    """A stored file as it was made, of which no more than a piece is in memory; `pieces` is to be closed."""

    filename: str
    mime_type: str
    file_size_bytes: int
    content_hash: str
    pieces: AsyncGenerator[bytes]


class ArchiveVerbs(DeskBase):
    """What is done with workflows and files that are there."""

    # History

    async def history(
        self, actor: Actor, wanted: HistoryFilter | None = None, limit: int = 20, cursor: str | None = None
    ) -> HistoryPage:
        """A page of the owner's workflows, newest first where no other order is wanted."""
        return await self._store.history(actor.email, wanted or HistoryFilter(), limit, cursor)

    async def unfinished(self, actor: Actor, limit: int) -> list[WorkflowLine]:
        """The workflows that wait for their owner, the one worked on last first."""
        wanted = HistoryFilter(order="worked_on", is_open=True)  # one question: between two, a workflow may move
        return (await self._store.history(actor.email, wanted, limit, None)).lines[:limit]

    async def records(self, actor: Actor, export_workflow_id: str) -> Sequence[Record]:
        """The records as they were recorded; raises NotFound, FileDamaged."""
        return _found(await self.tracking.recorded(export_workflow_id, actor.email))

    async def bundle(self, actor: Actor, export_workflow_id: str) -> dict[str, Any]:
        """The workflow as JSON that anyone can verify without this application; raises NotFound, FileDamaged."""
        return await self.tracking.bundled(await self.records(actor, export_workflow_id))

    async def bundle_file(self, actor: Actor, export_workflow_id: str) -> bytes:
        """The bundle as a file to download, noted in the workflow's trail; raises NotFound, FileDamaged."""
        bundle = await self.bundle(actor, export_workflow_id)
        content = await asyncio.to_thread(lambda: json.dumps(bundle, ensure_ascii=False).encode())
        await self._note(actor, export_workflow_id, "bundle downloaded", how_many(len(bundle["records"]), "record"))
        return content

    async def verify(self, actor: Actor, export_workflow_id: str) -> Verdict:
        """Whether the workflow's records and files are those that were recorded, noted in its trail; raises NotFound."""
        verdict = await self.tracking.verified(export_workflow_id, actor.email)
        await self._note(actor, export_workflow_id, "verified", verdict.sentence)
        return verdict

    # Comparing versions

    async def compare(self, actor: Actor, wanted: Sequence[tuple[str, str]]) -> Comparison:
        """Versions of workflows side by side, two or three, each by its workflow's id. Raises NotFound, FileDamaged."""
        sides = [await self._side(actor, workflow_id, version) for workflow_id, version in wanted]
        return await asyncio.to_thread(compare, sides)

    async def _side(self, actor: Actor, workflow_id: str, named: str) -> Side:
        version = next((known for known in VERSIONS if known == named), None)
        if version is None:
            raise NotFound("There is no such version. Choose what the AI read, what you made of it, or what was delivered.")
        workflow = await self.workflow(actor, workflow_id)
        stage3, held = workflow.stage3, None
        if version == "delivered" and stage3 and stage3.deliverable.file_format is ExportFormat.JSON:
            content = await self._files.get(workflow.stage1.owner_email, stage3.deliverable.content_hash)
            held = json.loads(content).get("data")
        family = await self._first_of(workflow.stage1)
        return side_of(version, family, workflow.stage1, workflow.stage2, stage3, held)

    async def _first_of(self, stage1: InitialSummary) -> str:
        """The workflow that a chain of regenerated ones begins with; all of them share their row ids."""
        while stage1.regenerated_from:
            earlier = await self.tracking.get_workflow_stages(stage1.regenerated_from, stage1.owner_email)
            if earlier["stage1"] is None:  # it has expired
                return stage1.regenerated_from
            stage1 = earlier["stage1"]
        return stage1.export_workflow_id

    async def comparison_file(self, comparison: Comparison, wanted: Wanted, kind: str) -> bytes:
        """A comparison as `html`, `excel`, `csv` or `patch` (RFC 6902, first side to second)."""
        return await asyncio.to_thread(self._compare_files[kind], comparison, wanted)

    # Files that were delivered

    async def deliverable(self, actor: Actor, export_workflow_id: str) -> DownloadFile:
        """The file that was made, byte for byte; raises NotFound, FileDamaged."""
        made = await self._made(actor, export_workflow_id)
        content = await self._files.get(actor.email, made.content_hash)
        return DownloadFile(made.filename, made.mime_type, content)

    async def _made(self, actor: Actor, export_workflow_id: str) -> Deliverable:
        """What is recorded of the file, from the record as stored: its document may be many times as large."""
        records = _found(await self.tracking.recorded(export_workflow_id, actor.email))
        stage3 = next((record for record in records if record["sequence"] == 3), None)
        if stage3 is None:
            raise NotFound("No file was produced from this document yet. Produce it on Deliver.")
        return Deliverable.model_validate(stage3["deliverable"])

    async def deliverable_in_pieces(self, actor: Actor, export_workflow_id: str) -> FileInPieces:
        """The file that was made, byte for byte, its download noted in the trail; raises NotFound, FileDamaged."""
        made = await self._made(actor, export_workflow_id)
        pieces = await self._files.chunks(actor.email, made.content_hash)
        await self._note(actor, export_workflow_id, "downloaded", made.filename)
        return FileInPieces(made.filename, made.mime_type, made.file_size_bytes, made.content_hash, pieces)

    async def deliverables(self, actor: Actor, workflow_ids: Sequence[str]) -> DownloadFile:
        """The file of one workflow, or an archive of those of several; raises NotFound, FileDamaged."""
        files = [await self.deliverable(actor, workflow_id) for workflow_id in workflow_ids]
        if len(files) == 1:
            return files[0]
        content = await asyncio.to_thread(self._pack, {file.filename: file.content for file in files})
        return DownloadFile(f"{files[0].filename.rpartition('.')[0]}_and_{len(files) - 1}_more.zip", "application/zip", content)

    async def note_download(self, actor: Actor, export_workflow_id: str) -> None:
        """Adds to the trail that the file was downloaded."""
        stage3 = (await self.workflow(actor, export_workflow_id)).stage3
        if stage3 is not None:
            await self._note(actor, export_workflow_id, "downloaded", stage3.deliverable.filename)

    async def deliverable_page(self, file: DownloadFile | Rendered, page: int) -> bytes | None:
        """A page of a produced PDF as PNG, from 1; None for other formats."""
        if file.mime_type != "application/pdf":
            return None
        return await self._extractor.page_image(file.content, "deliverable.pdf", page)

    async def verify_file(self, actor: Actor, name: str, content: bytes) -> Judged:
        """Whether a file was delivered to this owner as it is, was altered since, or is unknown; noted in its trail."""
        self._refuse_by_size(content)
        inspected = await self._inspector.inspect(content, clean_name(name))
        return await self._judged(actor, inspected)

    async def _judged(self, actor: Actor, file: Inspected) -> Judged:
        if file.bundle is not None:
            kept = await self._readable(actor, file.seal.export_workflow_id) if file.seal else ()
            return judge_bundle(file, file.bundle, self.tracking.public_key, kept)
        stage3 = await self._delivery_of(actor, file)
        if stage3 is None:
            members = [await self._judged(actor, member) for member in file.members]
            if not members:
                return unknown(file)
            return judge_archive(file, members, is_as_packed=await self._is_as_packed(actor, file, members))
        records = await self._readable(actor, stage3.export_workflow_id)
        verdict = await self.tracking.verified(stage3.export_workflow_id, actor.email)
        judged = judge(file, stage3, records, verdict)
        await self._note(actor, stage3.export_workflow_id, "file verified", f"{file.name}: {judged.answer}")
        return judged

    async def _readable(self, actor: Actor, export_workflow_id: str) -> Sequence[Record]:
        """The records as far as they can be read, whether or not they hold."""
        try:
            return await self.tracking.stored_records(export_workflow_id, actor.email)
        except FileDamaged:
            return ()

    async def _is_as_packed(self, actor: Actor, archive: Inspected, members: Sequence[Judged]) -> bool:
        """Whether these are the very bytes that packing the delivered files gives."""
        origins = {member.name: member.origin.export_workflow_id for member in members if member.origin}
        if len(origins) < len(members) or any(member.answer != "delivered" for member in members):
            return False
        files = {name: (await self.deliverable(actor, workflow_id)).content for name, workflow_id in origins.items()}
        packed = await asyncio.to_thread(self._pack, files)
        return archive.content_hash == "sha256:" + sha256(packed).hexdigest()

    async def _delivery_of(self, actor: Actor, file: Inspected) -> FinalDeliverable | None:
        """The delivery of these very bytes, else the first that the file names and the owner has."""
        found = await self._store.delivered_as(actor.email, file.content_hash)
        if found is None:
            named = [await self._store.workflow_beginning(actor.email, beginning) for beginning in file.workflows]
            found = next(filter(None, named), None)
        if found is None:
            return None
        stage3: FinalDeliverable | None = (await self.tracking.get_workflow_stages(found, actor.email))["stage3"]
        return stage3


def _found(records: Sequence[Record]) -> Sequence[Record]:
    if not records:
        raise NotFound("There is no such workflow in your history.")
    return records
