"""The extractor that works on this machine alone: each document is read in a child process of its own, held to limits."""

import asyncio
import base64
import binascii
import contextlib
import json
import logging
import os
import sys
from collections.abc import AsyncIterator, Mapping, Sequence
from dataclasses import dataclass, replace
from hashlib import sha256
from pathlib import Path
from typing import Any

from pydantic import ValidationError

from kraftd_core.adapters.readers.local.guards import MAX_PDF_PAGES
from kraftd_core.adapters.readers.local.places import Places
from kraftd_core.document.jsontypes import clean_text, cleaned, is_table
from kraftd_core.document.kinds import KINDS
from kraftd_core.document.ledger.nouns import LedgerEntry
from kraftd_core.document.wording import listed
from kraftd_core.errors import DocumentRefused, ExtractorUnavailable, ReadingTooSlow
from kraftd_core.ports.reading import ASKED_BY, Contents, Extraction, Inspected, Progress, Seal, SheetView, TextView
from kraftd_core.records.chain import Verdict
from kraftd_core.records.stages import Place

log = logging.getLogger(__name__)

MODEL = "local-1"
_PROJECT = Path(__file__).resolve().parents[4]
_CHILDREN_AT_ONCE = 2
_WALL = 10
_SHOWN_AT_ONCE = 1
_SHOWN = ("page", "content")
"""What somebody looks at a page for: it has a place of its own, so that it does not wait behind readings."""
_START_SECONDS = 60.0  # imports on a loaded machine; no document is touched yet
_LONGEST_ANSWER = 64 * 2**20
_MEGABYTE = 2**20
_SHOWN_STEPS = {"reading": "Reading the document", "loading": "Preparing text recognition", "recognising": "Recognising text"}
_ORDER_OF_STEPS = ("reading", "loading", "recognising")

_TOO_SLOW = (
    "Reading the file takes too long, so it was stopped. The machine may be busy: try again, "
    "or split the file and upload its parts."
)
_SCANS_LEFT_OUT = (
    "{} of the document could not be recognised in the time and memory that are allowed, so only the printed pages were read. "
    "Try again, or upload the scans as a file of their own."
)
_TOO_LARGE = "The file needs more memory than is allowed, so reading was stopped. Make it smaller and upload it again."
_BROKE_OFF = "The file could not be read: the reader broke off on it. Save it anew, or as another kind, and upload it again."


@dataclass(frozen=True, slots=True)
class ChildLimits:
    """What a child may take: processor seconds of each work, with a share for each page of it, megabytes of address space
    beyond its start, megabytes resident.

    Behind the processor's seconds stands a clock on the wall of ten times as many: a busy machine is no fault of the file.
    """

    parse_seconds: float = 5.0
    page_seconds: float = 0.2
    ocr_seconds: float = 30.0
    parse_megabytes: int = 512
    ocr_megabytes: int = 2_048  # onnxruntime reserves far more than it uses
    resident_megabytes: int = 1_200

    def seconds_of(self, step: str, pages: int = 0) -> float:
        """The wall clock of a step, for so many pages as the child has found."""
        parsing = self.parse_seconds + self.page_seconds * min(max(pages, 0), MAX_PDF_PAGES)
        return {"reading": _WALL * parsing, "recognising": _WALL * self.ocr_seconds}.get(step, _START_SECONDS)


class LocalExtractor:
    """Reads PDFs, workbooks, CSV, Word, JSON, e-invoices in XML, and images without any service."""

    def __init__(
        self,
        ocr_seconds: float = 30.0,
        parse_seconds: float = 5.0,
        page_seconds: float = 0.2,
        limits: ChildLimits | None = None,
        command: Sequence[str] = (),
        keeps_ready: bool = False,
    ) -> None:
        """`limits` sets more than the seconds; `command` runs another child, for tests.

        With `keeps_ready` a child that has loaded its parsers waits for the next document, so that its reader does not wait.
        """
        self._limits = limits or ChildLimits(parse_seconds, page_seconds, ocr_seconds)
        self._command = tuple(command) or (sys.executable, "-m", "kraftd_core.adapters.readers.local.child")
        self._places = Places(_CHILDREN_AT_ONCE)
        self._places_to_show = asyncio.Semaphore(_SHOWN_AT_ONCE)
        self._keeps_ready = keeps_ready
        self._ready: _Child | None = None

    async def extract(self, content: bytes, name: str, progress: Progress, document_type: str | None = None) -> Extraction:
        """The document's data, with row ids; raises DocumentRefused."""
        answer = await self._ask("extract", content, name, progress, document_type=document_type)
        return _extraction(answer.get("reading"))

    async def look(self, content: bytes, name: str) -> str | None:
        """The type that the printed words tell, None where they tell none; raises DocumentRefused as reading does."""
        looked = (await self._ask("look", content, name, lambda _: None)).get("look")
        return looked if isinstance(looked, str) and looked in KINDS and looked != "other" else None

    async def inspect(self, content: bytes, name: str) -> Inspected:
        """See the port of an inspector."""
        unread = Inspected(name, "sha256:" + (await asyncio.to_thread(sha256, content)).hexdigest())
        try:
            answer = (await self._ask("inspect", content, name, lambda _: None)).get("inspected")
            return replace(_inspected(answer), name=name, content_hash=unread.content_hash)
        except DocumentRefused:
            return unread

    async def close(self) -> None:
        """Ends the child that waits."""
        if self._ready:
            await self._ready.end()
            self._ready = None

    async def check(self) -> bool:
        """Whether a child starts, finds no document, and ends well; raises ExtractorUnavailable, or OSError."""
        child = await _Child.started(self._command)
        try:
            await child.process.communicate(b"")  # closes its input: None would leave it waiting
            if child.process.returncode:
                raise ExtractorUnavailable("The reader of documents does not start. Install the application anew.")
            return True
        finally:
            await child.end()

    async def page_image(self, content: bytes, name: str, page: int) -> bytes | None:
        """A page (from 1) as PNG; None for kinds that have no pages to draw. Raises DocumentRefused."""
        image = (await self._ask("page", content, name, lambda _: None, page=page)).get("image")
        if image is None:
            return None
        try:
            return base64.b64decode(str(image), validate=True)
        except binascii.Error as error:
            raise DocumentRefused(_BROKE_OFF) from error

    async def content_view(self, content: bytes, name: str) -> Contents | None:
        """What a document without pages holds; None for kinds that have pages. Raises DocumentRefused."""
        parts = (await self._ask("content", content, name, lambda _: None)).get("content")
        return None if parts is None else _contents(parts)

    async def _ask(self, act: str, content: bytes, name: str, progress: Progress, **more: Any) -> dict[str, Any]:
        task = {
            "act": act, "name": name, "size": len(content),
            "parse_seconds": self._limits.parse_seconds, "page_seconds": self._limits.page_seconds,
            "ocr_seconds": self._limits.ocr_seconds,
            "parse_megabytes": self._limits.parse_megabytes, "ocr_megabytes": self._limits.ocr_megabytes,
        } | more  # fmt: skip
        place = self._places_to_show if act in _SHOWN else self._places.taken(ASKED_BY.get(), len(content))
        async with place, self._child() as child:
            feeding = asyncio.create_task(_feed(child, json.dumps(task).encode() + b"\n" + content))
            watching = asyncio.create_task(_watch(child.pid, self._limits.resident_megabytes))
            kept: list[Any] = []
            try:
                return await _listen(child, watching, self._limits, progress, kept)
            except DocumentRefused:
                if not kept:
                    raise
                return {"reading": _with_scans_left_out(kept[0])}
            finally:
                feeding.cancel()
                watching.cancel()
                await asyncio.gather(feeding, watching, return_exceptions=True)

    @contextlib.asynccontextmanager
    async def _child(self) -> AsyncIterator[asyncio.subprocess.Process]:
        """A child for one document, gone when the block is left, however it is left; then another one is made ready."""
        child, self._ready = self._ready, None
        if child and not child.can_be_used:
            await child.end()
            child = None
        child = child or await _Child.started(self._command)
        try:
            yield child.process
        finally:
            await child.end()
            if self._keeps_ready:
                await self._make_ready()

    async def _make_ready(self) -> None:
        child = await _Child.started((*self._command, "--ready"))
        if self._ready:  # two documents ended at once
            await child.end()
        else:
            self._ready = child


# The child


@dataclass(frozen=True, slots=True)
class _Child:
    """A running child and the loop that it answers to."""

    process: asyncio.subprocess.Process
    loop: asyncio.AbstractEventLoop

    @classmethod
    async def started(cls, command: Sequence[str]) -> "_Child":
        process = await asyncio.create_subprocess_exec(
            *command, stdin=asyncio.subprocess.PIPE, stdout=asyncio.subprocess.PIPE, stderr=asyncio.subprocess.DEVNULL,
            limit=_LONGEST_ANSWER, env=_environment(), cwd=_PROJECT,
        )  # fmt: skip
        return cls(process, asyncio.get_running_loop())

    @property
    def can_be_used(self) -> bool:
        """Whether it is alive, and answers to this loop."""
        return self.process.returncode is None and self.loop is asyncio.get_running_loop()

    async def end(self) -> None:
        with contextlib.suppress(ProcessLookupError):
            self.process.kill()
        if self.loop is asyncio.get_running_loop():
            await self.process.wait()


def _environment() -> dict[str, str]:
    """What Python needs to start, and none of our settings or keys."""
    kept = {name: os.environ[name] for name in ("PATH", "SYSTEMROOT", "TEMP", "TMP", "TMPDIR", "LANG") if name in os.environ}
    return kept | {"PYTHONPATH": str(_PROJECT), "PYTHONUTF8": "1", "PYTHONHASHSEED": "0"}


async def _feed(child: asyncio.subprocess.Process, message: bytes) -> None:
    """Hands the document over; a child that left before it took all of it has answered already."""
    assert child.stdin is not None  # noqa: S101
    with contextlib.suppress(BrokenPipeError, ConnectionResetError):
        child.stdin.write(message)
        await child.stdin.drain()
        child.stdin.close()


async def _watch(pid: int, megabytes: int) -> None:
    """Returns when the child holds more memory than it may; never where that cannot be seen."""
    statm = Path(f"/proc/{pid}/statm")
    while True:
        await asyncio.sleep(0.1)
        try:
            resident = int(statm.read_text().split()[1]) * os.sysconf("SC_PAGE_SIZE")  # noqa: ASYNC240
        except (OSError, ValueError, IndexError):
            await asyncio.Event().wait()
        if resident > megabytes * _MEGABYTE:
            return


async def _listen(
    child: asyncio.subprocess.Process,
    watching: "asyncio.Task[None]",
    limits: ChildLimits,
    progress: Progress,
    kept: list[Any] | None = None,
) -> dict[str, Any]:
    """The child's answer; each step has its own clock and is taken once, so that no child can wind it up again.

    What the child has read of the printed pages, before it begins with scans, is put into `kept`.
    """
    assert child.stdout is not None  # noqa: S101
    loop = asyncio.get_running_loop()
    deadline = loop.time() + _START_SECONDS
    left, began, pages = list(_ORDER_OF_STEPS), loop.time(), 0
    while True:
        message = await _next(child.stdout, watching, deadline - loop.time())
        if message is None:
            raise await _reason_of_end(child)
        step = message.get("step")
        if step in left:
            left = left[left.index(step) + 1 :]
            began, pages = loop.time(), 0
            deadline = began + limits.seconds_of(step)
            progress(_SHOWN_STEPS[step])
        elif isinstance(message.get("pages"), int) and not pages:
            pages = message["pages"]
            deadline = began + limits.seconds_of("reading", pages)
        elif "printed" in message and kept is not None and not kept:
            kept.append(message["printed"])
        elif not message.keys().isdisjoint(("reading", "image", "content", "look", "inspected")):
            return message
        else:
            raise DocumentRefused(_refusal(message))


async def _next(out: asyncio.StreamReader, watching: "asyncio.Task[None]", seconds: float) -> dict[str, Any] | None:
    """The next message, None at the end; raises DocumentRefused when time or memory run out, or for what is no message."""
    if seconds <= 0:  # a flood of messages would never let the wait below run out
        raise ReadingTooSlow(_TOO_SLOW)
    reading = asyncio.ensure_future(out.readline())
    try:
        done, _ = await asyncio.wait({reading, watching}, timeout=seconds, return_when=asyncio.FIRST_COMPLETED)
        if reading not in done:
            raise DocumentRefused(_TOO_LARGE) if watching in done else ReadingTooSlow(_TOO_SLOW)
        line = reading.result()
    except ValueError as error:  # longer than the limit
        raise DocumentRefused(_TOO_LARGE) from error
    finally:
        reading.cancel()
    if not line:
        return None
    try:
        message = json.loads(line)
    except (ValueError, RecursionError) as error:
        raise DocumentRefused(_BROKE_OFF) from error
    if not isinstance(message, dict):
        raise DocumentRefused(_BROKE_OFF)
    return message


async def _reason_of_end(child: asyncio.subprocess.Process) -> DocumentRefused:
    code = await child.wait()
    log.warning("reader ended without an answer code=%d", code)
    return ReadingTooSlow(_TOO_SLOW) if code == -24 else DocumentRefused(_BROKE_OFF)  # SIGXCPU


def _refusal(message: Mapping[str, Any]) -> str:
    if message.get("over") == "memory":
        return _TOO_LARGE
    if "fault" in message:
        log.error("reader failed fault=%.120s", message["fault"])
    refused = message.get("refused")
    return refused[:500] if isinstance(refused, str) and refused else _BROKE_OFF


# The answer


def _with_scans_left_out(printed: Any) -> Any:
    """What was read of the printed pages, with the word that the others are missing."""
    try:
        scans = [int(number) for number in printed["scans"]]
        pages = f"Page {scans[0]}" if len(scans) < 2 else f"Pages {listed([str(n) for n in scans])}"
        reading = printed["reading"]
        return reading | {"notices": [*reading["notices"], _SCANS_LEFT_OUT.format(pages)]}
    except (KeyError, TypeError, ValueError, IndexError) as error:
        raise DocumentRefused(_BROKE_OFF) from error


def _extraction(reading: Any) -> Extraction:
    """The answer as the core takes it; what does not fit our types is no answer."""
    try:
        data = cleaned(reading["data"])
        places = {
            str(key): Place(confidence=confidence, page=page, polygon=polygon)
            for key, (confidence, page, polygon) in reading["places"].items()
        }
        document_type, notices, page_count = reading["document_type"], reading["notices"], reading["page_count"]
        recognised, type_confidence = bool(reading["recognised"]), reading.get("type_confidence")
        counted = reading.get("ledger")
        ledger = None if counted is None else [LedgerEntry.model_validate(entry) for entry in counted if entry["rows_seen"]]
    except (KeyError, TypeError, ValueError, AttributeError, ValidationError) as error:
        raise DocumentRefused(_BROKE_OFF) from error
    if document_type not in KINDS or not isinstance(data, dict) or not all(_fits(value) for value in data.values()):
        raise DocumentRefused(_BROKE_OFF)
    sure = [place.confidence for place in places.values() if place.confidence is not None]
    return Extraction(
        method="LOCAL", model=f"{MODEL}+ocr" if recognised else MODEL, document_type=document_type, data=data, places=places,
        confidence=round(sum(sure) / len(sure), 4) if sure else None, page_count=page_count,
        notices=[str(notice) for notice in notices],
        type_confidence=type_confidence if isinstance(type_confidence, float) and 0 <= type_confidence <= 1 else None,
        ledger=ledger,
    )


def _contents(parts: Any) -> Contents:
    try:
        return tuple(_part(part) for part in parts)
    except (KeyError, TypeError, ValueError, AttributeError) as error:
        raise DocumentRefused(_BROKE_OFF) from error


def _part(part: Mapping[str, Any]) -> SheetView | TextView:
    if "text" in part:
        language = part["language"]
        return TextView(clean_text(part["text"]), language if language in ("json", "xml") else None, int(part["more_lines"]))
    rows = tuple(tuple(map(clean_text, row)) for row in part["rows"])
    return SheetView(clean_text(part["title"]), rows, int(part["more_rows"]), int(part["more_columns"]))


def _inspected(answer: Any) -> Inspected:
    try:
        bundle = answer["bundle"]
        return Inspected(
            name=str(answer["name"]),
            content_hash=str(answer["content_hash"]),
            workflows=tuple(map(str, answer["workflows"])),
            members=tuple(map(_inspected, answer["members"])),
            bundle=None if bundle is None else Verdict(bundle["holds"] is True, str(bundle["sentence"]), bundle["stage"]),
            seal=None if answer["seal"] is None else Seal(**answer["seal"]),
        )
    except (KeyError, TypeError) as error:
        raise DocumentRefused(_BROKE_OFF) from error


def _fits(value: Any) -> bool:
    return not isinstance(value, (dict, list)) or is_table(value)
