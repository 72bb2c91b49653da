"""Keeps records, documents and the trail in Azure Cosmos DB; each verb answers within a bounded time."""

import asyncio
import json
import logging
import os
from collections.abc import AsyncIterator, Awaitable, Callable, Mapping, Sequence
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager, suppress
from dataclasses import asdict, dataclass, fields
from datetime import UTC, datetime, timedelta
from functools import reduce
from math import inf
from typing import TYPE_CHECKING, Any, NoReturn
from uuid import NAMESPACE_URL, uuid5

from kraftd_core.adapters.stores.cosmos_journal import Heads, entry_of, item_of
from kraftd_core.document.folding import fold
from kraftd_core.errors import KraftdError, RecordRejected, StoreRefused, StoreUnavailable
from kraftd_core.ports.engines import AWAY, SILENT, Call, Engine, Tried, heard, unreachable
from kraftd_core.ports.keeping import Held, HistoryFilter, HistoryPage, Record, StoredDocument, Waiting, WorkflowLine
from kraftd_core.records.chain import UNHASHED, refuse_out_of_order, stored_if_same
from kraftd_core.records.headline import made_as
from kraftd_core.records.journal import JournalEntry, JournalHead, entry_after
from kraftd_core.records.lessons import LearningChoice, Lesson, lesson_of, readable, teaches
from kraftd_core.records.stages import ExportStage, ExportStatus, Headline, HistoryEntry, rfc3339

if TYPE_CHECKING:
    from azure.cosmos.aio import ContainerProxy, CosmosClient, DatabaseProxy

Item = dict[str, Any]
Connect = Callable[[], AbstractAsyncContextManager["CosmosClient"]]
"""Opens a client inside the loop that will use it, and closes it."""

log = logging.getLogger(__name__)

NAME = "Azure Cosmos DB"
WALL_SECONDS = 5.0
_ADDED_BY_COSMOS = UNHASHED - {"record_hash", "ttl"}
_TRIES = 5  # of a change that others may be making at the same moment
_QUERIES_A_PAGE, _QUERIES_FOR_ONE = 2, 20  # the more only until a line is found at all
_OWNER = "owner_email"
_CHOICE_ID = "learning-choice"
_NOBODY = "check@localhost"  # whose items are asked for where only an answer is wanted

_LINE_VERSION = 2
_IS_EARLIER = "NOT IS_DEFINED(c.line_version)"
"""Lines of before version 2 tell what was wished for where a file was delivered: their stage 3 is asked, and then they are held
against the filter. They are left as they are and gone with their workflows."""

_FILTERS = {
    "document_type": "c.document_type = @document_type",
    "status": "c.status = @status",
    "starts_from": "c.started_at >= @starts_from",
    "starts_before": "c.started_at < @starts_before",
    "template": f"(c.template = @template OR {_IS_EARLIER})",
    "export_format": f"(c.export_format = @export_format OR {_IS_EARLIER})",
    "document_id": "c.document_id = @document_id",
    "is_open": "(c.status = 'awaiting_user_review' OR c.status = 'awaiting_final_processing')",
}
_LINE = (*(field.name for field in fields(WorkflowLine)), "line_version")
_NEWEST_FIRST = ("started_at", "export_workflow_id")
_ORDERS: dict[str, tuple[Sequence[str], str]] = {
    "newest": (_NEWEST_FIRST, "DESC"), "oldest": (("started_at",), "ASC"), "worked_on": (("updated_at",), "DESC")
}  # fmt: skip
"""The usual order has a composite index; by one member alone its own index serves, and makes no write dearer."""
_LINE_FROM_RECORD = (
    "owner_email", "export_workflow_id", "document_id", "document_name", "document_type", "headline", "search_text", "status",
    "sequence", "expiration_date", "regenerated_from",
)  # fmt: skip
_INDEXED = (
    _OWNER, "kind", "document_id", "export_workflow_id", "stage", "timestamp", "status", "document_type", "started_at",
    "updated_at", "template", "export_format", "search_text", "line_version", "deliverable/content_hash",
)  # fmt: skip
Needed = tuple[Sequence[str], Sequence[Sequence[str]]]
CONTAINERS: Mapping[str, Needed] = {
    "export_tracking": (_INDEXED, [_NEWEST_FIRST]),
    "documents": ((_OWNER, "content_hash"), []),
}
"""The containers, each with the members that are indexed and the orders that have a composite index."""


def load_sdk() -> None:
    """Imports what takes long to import, for a thread beside the loop."""
    import azure.cosmos.aio  # noqa: F401


@asynccontextmanager
async def cosmos_client(
    endpoint: str, key: str | None, *, enable_endpoint_discovery: bool = True, socket_seconds: float = 2.0
) -> "AsyncIterator[CosmosClient]":
    """A client whose every wait is bounded; without a key it signs in by Entra ID. Emulators have no endpoints to discover."""
    # the client checks the account's health at first use and would wait for three more tries
    os.environ.setdefault("AZURE_COSMOS_HEALTH_CHECK_MAX_RETRIES", "0")
    # below a warning it writes the partition key, an e-mail address; what it warns of is told by our own words
    logging.getLogger("azure").setLevel(logging.ERROR)
    from azure.cosmos.aio import CosmosClient

    async with AsyncExitStack() as closing:
        credential: Any = key or await closing.enter_async_context(_signed_in())
        client = CosmosClient(
            endpoint,
            credential,
            connection_timeout=socket_seconds,
            read_timeout=socket_seconds,
            retry_total=1,
            retry_connect=0,
            retry_read=0,
            retry_throttle_total=1,
            retry_backoff_factor=0.1,
            enable_endpoint_discovery=enable_endpoint_discovery,
            enable_compact_utf8_item_writes=True,  # escaped, a record in other scripts would double in size
            raw_response_hook=_heard,
        )
        closing.push_async_callback(client.close)
        yield client


def _signed_in() -> Any:
    from azure.identity.aio import DefaultAzureCredential

    return DefaultAzureCredential()


class _NoAnswer(Exception):
    """What came is no answer of Azure Cosmos DB, whatever its status says: a proxy stands in between, or another server."""


class _NoSuchPlace(_NoAnswer):
    """Another server answered that it has no such address: Azure Cosmos DB says in JSON what it does not have."""


def _heard(response: Any) -> None:
    """Notes every answer, and lets none pass for a confirmation or for an empty list that does not have the form of one."""
    answer = response.http_response
    heard(answer.status_code, answer.headers)
    if answer.status_code == 404 and not isinstance(_json_of(answer.body()), dict):
        raise _NoSuchPlace
    if answer.status_code in (200, 201, 207):
        headers = response.http_request.headers
        is_query, is_batch = (headers.get(f"x-ms-{name}", "").lower() == "true" for name in (_IS_QUERY, _IS_BATCH))
        if not _is_answer(_json_of(answer.body()), is_query=is_query, is_batch=is_batch):
            raise _NoAnswer


_IS_QUERY, _IS_BATCH = "documentdb-isquery", "cosmos-is-batch-request"


def _is_answer(told: Any, *, is_query: bool, is_batch: bool) -> bool:
    if is_batch:
        return isinstance(told, list) and len(told) == 2 and all(isinstance(each, dict) and "statusCode" in each for each in told)
    if not isinstance(told, dict):
        return False
    return isinstance(told.get("Documents"), list) if is_query else bool({"id", "_rid"} & told.keys())


def _json_of(body: bytes) -> Any:
    try:
        return json.loads(body)
    except (ValueError, RecursionError):
        return None


class CosmosStore:
    """Store, Documents and LearningChoices on one account. It belongs to the event loop that first uses it.

    Beside its stages a workflow has one line, an item that follows them: a page of history reads lines only. What its
    review may teach stands in the line too.
    """

    def __init__(
        self,
        connect: Connect,
        database: str = "KraftdIntel",
        retention: timedelta = timedelta(days=30),
        wall_seconds: float = WALL_SECONDS,
        now: Callable[[], datetime] = lambda: datetime.now(UTC),
        engine: Engine | None = None,
    ) -> None:
        self._connect = connect
        self._engine = engine or Engine("records", NAME)
        self._database = database
        self._retention_seconds = int(retention.total_seconds())
        self._wall_seconds = wall_seconds
        self._now = now
        self._closing = AsyncExitStack()
        self._reaching = asyncio.Lock()
        self._heads = Heads()
        self._client: CosmosClient | None = None
        self._reached: tuple[_Items, _Items] | None = None

    async def close(self) -> None:
        """Closes the connections; the store cannot be used after."""
        await self._closing.aclose()

    # Stages

    async def append(self, record: Record) -> Record:
        """See the port; also raises RecordRejected. After StoreUnavailable the same call again records once, or finds it."""
        async with self._answering():
            items = await self._tracking()
            await _refuse_out_of_order(items, record)
            stored = await self._taken_in(items, record)
            try:
                await self._bring_up_line(items, stored)
            except RecordRejected as error:  # not the stage, which was taken: to send it again brings up the line
                raise StoreUnavailable(_BUSY) from error
            return stored

    async def _taken_in(self, items: "_Items", record: Record) -> Record:
        """The record as stored, with its entry in the journal: both are written or none, and of two instances that take the same
        number of the journal one takes the next."""
        owner = record[_OWNER]
        head = await self._heads.of(owner, items.named)
        for _ in range(_TRIES):
            entry = entry_after(head, record, record["expiration_date"])
            taken = await _both_created(items, entry, record)
            if taken is None:
                self._heads.note(owner, entry.head)
                return record
            if taken == _ITS_RECORD or await items.one(owner, record["id"]) is not None:  # an earlier call, perhaps unconfirmed
                return await _recorded(items, record)
            head = await self._heads.sought(owner, items.named)
        raise StoreUnavailable(_BUSY)

    async def stages(self, owner_email: str, export_workflow_id: str) -> Sequence[Record]:
        """See the port."""
        async with self._answering():
            return await _stages(await self._tracking(), owner_email, export_workflow_id)

    async def _bring_up_line(self, items: "_Items", record: Record) -> None:
        """Moves the workflow's line up to the stage, never back; also makes up for stages whose line was not written."""
        for _ in range(_TRIES):
            line = await items.one(record[_OWNER], _line_id(record["export_workflow_id"]))
            reached = line["sequence"] if line else 0
            if reached >= record["sequence"]:
                return
            missing: Sequence[Record] = [record]
            if reached < record["sequence"] - 1:
                missing = await _stages(items, record[_OWNER], record["export_workflow_id"])
            moved = reduce(_line_after, missing, _as_recorded(line or {}))
            if await items.swap(line, moved | {"ttl": self._seconds_left(record["expiration_date"])}):
                return
        raise StoreUnavailable(_BUSY)

    def _seconds_left(self, expiration_date: str) -> int:
        """What a ttl has to say now: Cosmos counts it from the writing of each item."""
        return max(1, int((datetime.fromisoformat(expiration_date) - self._now()).total_seconds()))

    async def history(self, owner_email: str, wanted: HistoryFilter, limit: int, cursor: str | None) -> HistoryPage:
        """See the port; the cursor is the continuation token. A page may be shorter than the limit and yet continue."""
        given = _parameters(wanted)
        conditions = ["c.kind = 'line'", *(_FILTERS[name] for name in given if name in _FILTERS)]
        conditions += [_contains(n, *spellings) for n, spellings in enumerate(wanted.words.items())]
        query = _Query(owner_email, " AND ".join(conditions), given, _LINE, *_ORDERS[wanted.order])
        found: list[WorkflowLine] = []
        async with self._answering():
            items = await self._tracking()
            for asked in range(1, _QUERIES_FOR_ONE + 1):
                page, cursor = await items.page(query, limit - len(found), cursor)
                lines = map(_line, await _as_delivered(items, owner_email, page))
                found += [line for line in lines if _is_made_as(line, wanted)]
                if cursor is None or len(found) >= limit or (found and asked >= _QUERIES_A_PAGE):
                    break
        return HistoryPage(found, cursor)

    async def delivered_as(self, owner_email: str, content_hash: str) -> str | None:
        """See the port. Asked of the records themselves: a container made before this path was indexed answers too, dearer."""
        condition = f"c.stage = '{ExportStage.FINAL_SUMMARY_AND_DELIVERABLE.value}' AND c.deliverable.content_hash = @hash"
        return await self._newest(owner_email, condition, {"hash": content_hash}, "workflow_started_at")

    async def workflow_beginning(self, owner_email: str, beginning: str) -> str | None:
        """See the port."""
        condition = "c.kind = 'line' AND c.export_workflow_id >= @from AND c.export_workflow_id < @to"
        return await self._newest(owner_email, condition, {"from": beginning, "to": beginning + "~"}, "started_at")

    async def _newest(self, owner_email: str, condition: str, given: Mapping[str, Any], moment: str) -> str | None:
        async with self._answering():
            found = await (await self._tracking()).all(_Query(owner_email, condition, given, ("export_workflow_id", moment)))
        newest = max(found, key=lambda item: str(item[moment]), default=None)
        return str(newest["export_workflow_id"]) if newest else None

    # Learning

    async def lessons(self, owner_email: str, document_type: str, limit: int) -> list[Lesson]:
        """See the port; of the workflows that were started last, in one answer. Lines of earlier versions teach nothing."""
        condition = "c.kind = 'line' AND c.document_type = @type AND c.lesson.document_type = @type"
        query = _Query(owner_email, condition, {"type": document_type}, ("lesson",), _NEWEST_FIRST)
        async with self._answering():
            found, _ = await (await self._tracking()).page(query, limit, None)
        lessons = readable(json.dumps(item["lesson"]) for item in found)
        return sorted(lessons, key=lambda lesson: (lesson.recorded_at, lesson.export_workflow_id), reverse=True)

    async def learning_choice(self, owner_email: str) -> LearningChoice:
        """See the port."""
        async with self._answering():
            item = await (await self._containers())[1].one(owner_email, _CHOICE_ID)
        return LearningChoice.model_validate(item["choice"]) if item else LearningChoice()

    async def keep_learning_choice(self, owner_email: str, choice: LearningChoice) -> None:
        """See the port. The item is the only one that does not expire: it says nothing of any document."""
        kept = {"id": _CHOICE_ID, _OWNER: owner_email, "choice": choice.model_dump(mode="json"), "ttl": -1}
        async with self._answering():
            items = (await self._containers())[1]
            for _ in range(_TRIES):
                if await items.swap(await items.one(owner_email, _CHOICE_ID), kept):
                    return
        raise StoreUnavailable(_BUSY)

    # The trail

    async def send_due(self) -> float:
        """See the port: nothing ever waits here."""
        return inf

    async def send_again(self, owner_email: str) -> int:  # noqa: ARG002  the port's name
        """See the port: nothing of what was confirmed here can be missing here."""
        return 0

    async def waiting(self, owner_email: str) -> Waiting:  # noqa: ARG002  the port's name
        """See the port: what is appended here is confirmed."""
        return Waiting()

    async def purge(self, now: datetime) -> int:  # noqa: ARG002  the port's name
        """See the port: Cosmos removes each item when its ttl is over."""
        return 0

    async def held_against(self, owner_email: str, export_workflow_id: str) -> Held:
        """See the port: the trail, whose entries have no hash there, is not compared."""
        async with self._answering():
            items = await self._tracking()
            stages = await _stages(items, owner_email, export_workflow_id)
            line = await items.one(owner_email, _line_id(export_workflow_id))
            journal = await _journal(items, owner_email)
        now = rfc3339(self._now())
        named = {entry.record_id: entry for entry in journal if entry.record_id.startswith(f"{export_workflow_id}:")}
        flaw, stage = _flaw_of_entries(stages, named, now) or (_flaw_of_line(line, stages), None)
        if flaw is not None:
            return Held(flaw, stage)
        unknown = [str(record["sequence"]) for record in stages if record["id"] not in named]
        before = (f"what was taken in before there was a journal (stage {', '.join(unknown)})",) if unknown else ()
        return Held(None, None, ("its line in the history",), ("its trail", *before))

    async def journal(self, owner_email: str) -> list[JournalEntry]:
        """See the port."""
        async with self._answering():
            return await _journal(await self._tracking(), owner_email)

    async def journal_head(self, owner_email: str) -> JournalHead | None:
        """See the port; as this process last saw it."""
        async with self._answering():
            return await self._heads.of(owner_email, (await self._tracking()).named)

    async def kept_workflows(self, after: tuple[str, str], limit: int) -> list[tuple[str, str]]:  # noqa: ARG002
        """See the port: nobody is asked for all that is kept of everybody."""
        return []

    async def journal_owners(self) -> list[str]:
        """See the port: no journal is kept there."""
        return []

    async def damaged_rows(self) -> list[str]:
        """See the port: Azure Cosmos DB looks after its own disks."""
        return []

    async def last_work(self) -> datetime | None:
        """See the port: nothing is removed by the clock of this computer."""
        return None

    async def append_activity(self, owner_email: str, export_workflow_id: str, entry: HistoryEntry) -> None:
        """See the port; the entry expires with its workflow. Its id is made of it, so that sending it again adds nothing."""
        activity = entry.model_dump(mode="json") | {
            "id": str(uuid5(NAMESPACE_URL, export_workflow_id + entry.model_dump_json())),
            _OWNER: owner_email,
            "export_workflow_id": export_workflow_id,
            "kind": "activity",
        }
        async with self._answering():
            items = await self._tracking()
            line = await items.one(owner_email, _line_id(export_workflow_id))
            ttl = self._seconds_left(line["expiration_date"]) if line else self._retention_seconds
            await items.swap(None, activity | {"ttl": ttl})

    async def activities(self, owner_email: str, export_workflow_id: str) -> list[HistoryEntry]:
        """See the port."""
        condition = "c.kind = 'activity' AND c.export_workflow_id = @workflow"
        query = _Query(owner_email, condition, {"workflow": export_workflow_id}, tuple(HistoryEntry.model_fields))
        async with self._answering():
            found = await (await self._tracking()).all(query)
        return sorted(map(HistoryEntry.model_validate, found), key=lambda entry: entry.timestamp)

    # Documents

    async def keep(self, document: StoredDocument) -> StoredDocument:
        """See the port. Each keeping starts the document's time anew, so that it outlives its youngest workflow."""
        async with self._answering():
            items = (await self._containers())[1]
            for _ in range(_TRIES):
                stored = await items.one(document.owner_email, document.document_id)
                kept = document if stored is None else _document(stored).joined_by(document)
                if await items.swap(stored, asdict(kept) | {"id": kept.document_id, "ttl": self._retention_seconds}):
                    return kept
        raise StoreUnavailable(_BUSY)

    async def find(self, owner_email: str, content_hash: str) -> StoredDocument | None:
        """See the port."""
        async with self._answering():
            items = (await self._containers())[1]
            found = await items.all(_Query(owner_email, "c.content_hash = @hash", {"hash": content_hash}))
        return _document(found[0]) if found else None

    async def document(self, owner_email: str, document_id: str) -> StoredDocument | None:
        """See the port."""
        async with self._answering():
            item = await (await self._containers())[1].one(owner_email, document_id)
        return _document(item) if item else None

    # Reaching the account

    async def check(self) -> bool:
        """Whether the account answers; raises StoreUnavailable."""
        async with self._answering():
            await (await self._tracking()).one(_NOBODY, "check")
        return True

    async def tried(self, *, makes_what_is_missing: bool) -> Tried:
        """What of the database and its containers is there, as far as it must be; reads alone are made, and nothing is changed.

        Raises StoreUnavailable.
        """
        async with self._answering():
            database = (await self._opened()).get_database_client(self._database)
            absent, wrong = [f"the database {self._database}"], list[str]()
            if await _is_there(database.read()):
                absent, wrong = await self._held_against(database)
        reached = f"database {self._database}"
        if makes_what_is_missing and absent:
            return Tried(f"{reached}; made at first use: {', '.join(absent)}", tuple(wrong))
        return Tried(reached, (*absent, *wrong))

    async def _held_against(self, database: "DatabaseProxy") -> tuple[list[str], list[str]]:
        """The containers that are absent, and what of the others is not as it must be."""
        absent, wrong = [], []
        for name, needed in CONTAINERS.items():
            container = database.get_container_client(name)
            if not await _is_there(container.read()):
                absent.append(f"the container {name}")
            elif differing := differences(name, needed, await container.read()):
                wrong += differing
            else:
                await _may_write(container)
        return absent, wrong

    async def _tracking(self) -> "_Items":
        return (await self._containers())[0]

    async def _containers(self) -> "tuple[_Items, _Items]":
        """`export_tracking` and `documents`, made where they are missing; looked for once, and again after a failure."""
        async with self._reaching:
            if self._reached is None:
                client = await self._opened()
                bounds: dict[str, Any] = {
                    "timeout": self._wall_seconds,
                    "read_timeout": self._wall_seconds,  # making takes longer than writing
                    "response_hook": lambda *answer: _log_charge("reach", answer[0]),
                }
                database = await client.create_database_if_not_exists(self._database, **bounds)
                records, documents = [await self._container(database, name, bounds) for name in CONTAINERS]
                self._reached = (records, documents)
                log.info("cosmos reached database=%s", self._database)
            return self._reached

    async def _opened(self) -> "CosmosClient":
        if self._client is None:
            self._client = await self._closing.enter_async_context(self._connect())
        return self._client

    async def _container(self, database: "DatabaseProxy", name: str, bounds: Mapping[str, Any]) -> "_Items":
        from azure.cosmos import PartitionKey

        proxy = await database.create_container_if_not_exists(
            name,
            PartitionKey(f"/{_OWNER}"),
            indexing_policy=indexing(*CONTAINERS[name]),
            default_ttl=self._retention_seconds,
            offer_throughput=400,
            **bounds,
        )
        return _Items(proxy, self._wall_seconds)

    @asynccontextmanager
    async def _answering(self) -> AsyncIterator[None]:
        """Bounds a verb as a whole (the client's own timeout is no hard wall) and says its failures in our words."""
        from azure.core.exceptions import AzureError

        if self._client is None:
            await asyncio.to_thread(load_sdk)  # which takes long the first time, and is no failure of the account
        with self._engine.call() as call:
            try:
                async with asyncio.timeout(self._wall_seconds):
                    yield
            except (AzureError, TimeoutError, OSError, _NoAnswer) as error:
                self._fail(call, error)
            except (ValueError, LookupError, TypeError, AttributeError, ArithmeticError) as error:  # the SDK checks little
                self._fail(call, error)
            except KraftdError:
                self._engine.succeeded()  # it answered: what it holds is another matter
                raise
            self._engine.succeeded()

    def _fail(self, call: Call, error: BaseException) -> NoReturn:
        told = _told(error, self._database, is_reached=self._reached is not None)
        if isinstance(error, TimeoutError) and call.last_status in (429, 449):  # the time passed with waiting as it was asked to
            told = _Told(call.refusal, _BUSY, passes=True)
        if getattr(error, "status_code", None) == 404:
            self._reached = None  # the database was removed under us: look for it again
        said = self._engine.failed(call, told.cause, told.sentence, passes=told.passes)
        raise (StoreUnavailable if told.passes else StoreRefused)(said) from error


@dataclass(frozen=True, slots=True)
class _Told:
    """A failure in our words: its code, the sentence, and whether it may pass by itself."""

    cause: str
    sentence: str
    passes: bool = False


_AGAIN = "Try again; nothing is recorded twice."
_BUSY = f"Azure Cosmos DB is busy and did not confirm. {_AGAIN}"
_NO_ANSWER = f"Azure Cosmos DB did not answer in time, so there is no confirmation. {_AGAIN}"
_NO_FORM = (
    "What answered in the place of Azure Cosmos DB gave no answer of its kind (a proxy or a sign-in page may stand in "
    f"between), so there is no confirmation. {_AGAIN}"
)
_KEY = (
    "Azure Cosmos DB refused the sign-in. Ask for KRAFTD_COSMOS_KEY (without one, the sign-in to Azure) to be corrected, "
    "then start again."
)
_NO_IDENTITY = (
    "Nobody is signed in to Azure on this computer, so Azure Cosmos DB cannot be asked. Ask for an identity to be given to it, "
    "or for KRAFTD_COSMOS_KEY to be set, then start again."
)
_NO_KEYS = (
    "Azure Cosmos DB takes no keys at this account. Ask for KRAFTD_COSMOS_KEY to be left away and for a role to be given to "
    "the identity, then start again."
)
_ADDRESS = "Ask for KRAFTD_COSMOS_ENDPOINT to be corrected, then start again."
_NOT_THERE = (
    "There is no Azure Cosmos DB at its address. Ask for KRAFTD_COSMOS_ENDPOINT to be corrected, which is an address without a "
    "path behind it, then start again."
)
_UNKNOWN_HOST = f"There is no computer of the name by which Azure Cosmos DB is called. {_ADDRESS}"
_NO_HTTPS = f"What answers in the place of Azure Cosmos DB has no certificate that is trusted, or speaks no https. {_ADDRESS}"
_FIREWALL = (
    "The firewall of the Azure Cosmos DB account does not let this computer in. Ask for its address to be allowed on the "
    "account's page Networking."
)
_ROLE = (
    "The identity may not do this in Azure Cosmos DB. Ask for the role Cosmos DB Built-in Data Contributor to be given to it."
)
_NO_ACCESS = (
    "Azure Cosmos DB does not allow access. Ask for KRAFTD_COSMOS_KEY, or the role of the identity, and for the account's page "
    "Networking to be checked."
)
_MISSING = (
    "The database {} or one of its containers is missing in Azure Cosmos DB, and the identity may not make it. Ask for it to be "
    "made with the containers export_tracking and documents, partition key /owner_email."
)
_NOT_UNDERSTOOD = (
    "Azure Cosmos DB did not understand the question. Reload the page and try again, or sort the list another way."
)
_PASSING_403 = {3, 1008}  # another region takes over: it may not write yet, or does not know the account yet
_NETWORK = {"unknown host": _UNKNOWN_HOST, "no trusted https": _NO_HTTPS}


def _told(error: BaseException, database: str, *, is_reached: bool) -> _Told:
    """What a failure of a call means."""
    from azure.core.exceptions import ClientAuthenticationError, HttpResponseError

    status = getattr(error, "status_code", None)
    if isinstance(error, ClientAuthenticationError) and not status:
        return _Told("no sign-in", _NO_IDENTITY)
    if isinstance(error, HttpResponseError) and status:
        return _told_of_status(status, getattr(error, "sub_status", None) or 0, str(error.message), database, is_reached)
    if (isinstance(error, ValueError) and "base64" in str(error).lower()) or type(error).__module__ == "binascii":
        return _Told("key is no base64", _KEY)
    if isinstance(error, _NoSuchPlace) and not is_reached:
        return _Told("status=404", _NOT_THERE)
    if isinstance(error, _NoAnswer) or (not isinstance(error, (HttpResponseError, OSError)) and not _is_of_network(error)):
        return _Told(f"no answer of its kind ({type(error).__name__})", _NO_FORM, passes=True)
    why = unreachable(error)
    if isinstance(error, TimeoutError) and why == AWAY:
        return _Told(SILENT, _NO_ANSWER, passes=True)
    return _Told(why, _NETWORK.get(why, _NO_ANSWER), passes=why not in _NETWORK)


def _is_of_network(error: BaseException) -> bool:
    from azure.core.exceptions import DecodeError, ServiceRequestError, ServiceResponseError
    from azure.cosmos.exceptions import CosmosClientTimeoutError

    timed_out = (TimeoutError, CosmosClientTimeoutError, ServiceRequestError, ServiceResponseError)
    return isinstance(error, timed_out) and not isinstance(error, DecodeError)


def _told_of_status(status: int, sub_status: int, message: str, database: str, is_reached: bool) -> _Told:
    cause = f"status={status}/{sub_status}" if sub_status else f"status={status}"
    if status == 401:
        return _Told(cause, _NO_KEYS if "local authorization is disabled" in message.lower() else _KEY)
    if status == 403 and sub_status not in _PASSING_403:
        return _Told(cause, _told_of_403(message.lower()).format(database))
    if status == 404 and not is_reached:
        return _Told(cause, _NOT_THERE)
    if status in (429, 449):
        return _Told(cause, _BUSY, passes=True)
    if status == 400:
        return _Told(cause, _NOT_UNDERSTOOD, passes=True)
    return _Told(cause, f"Azure Cosmos DB cannot take requests now (status {status}). {_AGAIN}", passes=True)


def _told_of_403(message: str) -> str:
    """What is not allowed, by what the service says of it."""
    if "firewall" in message or "public internet" in message or "virtual network" in message:
        return _FIREWALL
    if "aad token in data plane" in message:
        return _MISSING
    return _ROLE if "rbac" in message or "permission" in message else _NO_ACCESS


# One container


@dataclass(frozen=True, slots=True)
class _Query:
    """A question about one owner's items; it cannot be asked without the owner. `order` names members, all sorted one way."""

    owner_email: str
    condition: str
    given: Mapping[str, Any]
    members: Sequence[str] = ()
    order: Sequence[str] = ()
    way: str = "DESC"

    @property
    def text(self) -> str:
        what = ", ".join(f"c.{name}" for name in self.members) or "*"
        order = f" ORDER BY {', '.join(f'c.{name} {self.way}' for name in self.order)}" if self.order else ""
        return f"SELECT {what} FROM c WHERE c.{_OWNER} = @owner AND {self.condition}{order}"  # noqa: S608  own constants only

    @property
    def parameters(self) -> list[dict[str, Any]]:
        return [{"name": f"@{name}", "value": value} for name, value in {"owner": self.owner_email, **self.given}.items()]


class _Items:
    """The items of a container. Each call is bounded, and its charge in request units is logged."""

    def __init__(self, proxy: "ContainerProxy", seconds: float) -> None:
        self._proxy = proxy
        self._seconds = seconds

    async def page(self, query: _Query, size: int | None, token: str | None) -> tuple[list[Item], str | None]:
        """Some items and the token that continues; None at the end."""
        from azure.cosmos.exceptions import CosmosHttpResponseError

        answers: list[Mapping[str, Any]] = []
        pages = self._proxy.query_items(
            query.text,
            parameters=query.parameters,
            partition_key=query.owner_email,
            max_item_count=size,
            timeout=self._seconds,
            response_hook=lambda headers, _: answers.append(headers),
        ).by_page(token)
        try:
            found = [item async for item in await anext(pages)]
        except StopAsyncIteration:
            found = []
        except CosmosHttpResponseError as error:
            _log_charge("query", error.headers or {})
            raise
        for headers in answers:
            _log_charge("query", headers)
        # not the pager's own token: it reads that from headers which all calls of a client share
        return found, answers[-1].get("x-ms-continuation")

    async def all(self, query: _Query) -> list[Item]:
        """Every item that the query finds."""
        found, token = await self.page(query, None, None)
        while token is not None:
            more, token = await self.page(query, None, token)
            found += more
        return found

    async def one(self, owner_email: str, item_id: str) -> Item | None:
        """The item of the owner with this id."""
        found = await self.all(_Query(owner_email, "c.id = @id", {"id": item_id}))
        return found[0] if found else None

    async def named(self, owner_email: str, ids: Sequence[str]) -> list[Item]:
        """The items of the owner with these ids."""
        given = {f"id{n}": item_id for n, item_id in enumerate(ids)}
        return await self.all(_Query(owner_email, f"c.id IN ({', '.join(f'@{name}' for name in given)})", given))

    async def create_both(self, first: Item, second: Item) -> int | None:
        """Writes both where neither was, or none; else the place (from 0) of the first whose id is taken."""
        from azure.cosmos.exceptions import CosmosBatchOperationError, CosmosHttpResponseError

        def charged(headers: Mapping[str, Any], _: Any) -> None:
            _log_charge("batch", headers)

        bounds: dict[str, Any] = {"timeout": self._seconds, "response_hook": charged}
        creating = [("create", (first,)), ("create", (second,))]
        try:
            await self._proxy.execute_item_batch(creating, partition_key=first[_OWNER], **bounds)
        except (CosmosBatchOperationError, CosmosHttpResponseError) as error:
            charged(error.headers or {}, None)
            if error.status_code in (400, 413):
                raise _rejected(error.status_code) from error
            if error.status_code == 409:
                return int(getattr(error, "error_index", 0) or 0)
            raise
        return None

    async def swap(self, stored: Item | None, item: Item) -> bool:
        """Writes the item where nothing was (`stored` is None), or in place of exactly `stored`; False if that is not so now."""
        from azure.core import MatchConditions
        from azure.cosmos.exceptions import CosmosHttpResponseError

        def charged(headers: Mapping[str, Any], _: Any) -> None:
            _log_charge("create" if stored is None else "replace", headers)

        bounds: dict[str, Any] = {"timeout": self._seconds, "response_hook": charged}
        try:
            if stored is None:
                await self._proxy.create_item(item, **bounds)
            else:
                unchanged = {"etag": stored["_etag"], "match_condition": MatchConditions.IfNotModified}
                await self._proxy.replace_item(stored["id"], item, **unchanged, **bounds)
        except CosmosHttpResponseError as error:
            charged(error.headers or {}, None)
            if error.status_code in (400, 413):
                raise _rejected(error.status_code) from error
            if error.status_code in ((409,) if stored is None else (404, 412)):
                return False
            raise
        return True


def _rejected(status: int) -> RecordRejected:
    if status == 413:
        return RecordRejected("This document is larger than Azure Cosmos DB takes (2 MB). Split it and upload the parts.")
    return RecordRejected("Azure Cosmos DB does not take this record as it is. Upload the document again.")


def _log_charge(call: str, headers: Mapping[str, Any]) -> None:
    log.info("cosmos call=%s charge=%.2f", call, float(headers.get("x-ms-request-charge", 0)))


async def _is_there(reading: Awaitable[Any]) -> bool:
    from azure.cosmos.exceptions import CosmosResourceNotFoundError

    try:
        await reading
    except CosmosResourceNotFoundError:
        return False
    return True


async def _may_write(container: "ContainerProxy") -> None:
    """Tries to replace an item that is not there: who may not write is refused before that is found."""
    from azure.cosmos.exceptions import CosmosResourceNotFoundError

    with suppress(CosmosResourceNotFoundError):
        await container.replace_item("check", {"id": "check", _OWNER: _NOBODY})


def differences(name: str, needed: Needed, found: Mapping[str, Any]) -> list[str]:
    """What a container that stands there is not as it must be."""
    keys = found.get("partitionKey", {}).get("paths", [])
    if keys != [f"/{_OWNER}"]:
        return [f"the partition key /{_OWNER} of {name} (it has {', '.join(keys) or 'none'}, so it must be made anew)"]
    policy, wanted = found.get("indexingPolicy", {}), indexing(*needed)
    paths = {path["path"] for path in policy.get("includedPaths", [])}
    lacks = [] if found.get("defaultTtl") else [f"the default time to live of {name}, without which nothing expires"]
    lacks += [f"the index {p['path']} of {name}" for p in wanted["includedPaths"] if not paths & {p["path"], "/*"}]
    composites = policy.get("compositeIndexes", [])
    return lacks + [
        f"the composite index {', '.join(part['path'] for part in order)} of {name}"
        for order in wanted["compositeIndexes"]
        if not any([part["path"] for part in order] == [part.get("path") for part in there] for there in composites)
    ]


def indexing(indexed: Sequence[str], orders: Sequence[Sequence[str]]) -> dict[str, Any]:
    """Only what queries ask for: every path that is indexed makes each write dearer."""
    return {
        "indexingMode": "consistent",
        "includedPaths": [{"path": f"/{name}/?"} for name in indexed],
        "excludedPaths": [{"path": "/*"}],
        "compositeIndexes": [[{"path": f"/{name}", "order": "descending"} for name in order] for order in orders],
    }


# Stages


async def _refuse_out_of_order(items: _Items, record: Record) -> None:
    if record["sequence"] == 1:
        return
    previous_id = f"{record['export_workflow_id']}:{record['sequence'] - 1}"
    ids = {"id": record["id"], "previous": previous_id}
    query = _Query(record[_OWNER], "c.id IN (@id, @previous)", ids, ("id", "record_hash"))
    hashes = {item["id"]: item["record_hash"] for item in await items.all(query)}
    if record["id"] in hashes:
        return  # recorded already: the writing finds out whether it is the same
    refuse_out_of_order(hashes.get(previous_id), record)


_ITS_RECORD = 1
"""Of an entry and its record, created together, the place of the record."""


async def _both_created(items: _Items, entry: JournalEntry, record: Record) -> int | None:
    """None where both were created, else the place of the one whose id was taken already.

    A record that is refused was perhaps taken by an earlier, unconfirmed call.
    """
    try:
        return await items.create_both(item_of(entry), dict(record))
    except RecordRejected:
        if await items.one(record[_OWNER], record["id"]) is None:
            raise
        return _ITS_RECORD


async def _journal(items: _Items, owner_email: str) -> list[JournalEntry]:
    found = await items.all(_Query(owner_email, "c.kind = 'journal'", {}))
    return sorted(map(entry_of, found), key=lambda entry: entry.n)


def _flaw_of_entries(
    stages: Sequence[Record], named: Mapping[str, JournalEntry], now: str
) -> tuple[str, int | None] | None:
    """What the journal says against the stages, and against which of them."""
    hashes = {record["id"]: record["record_hash"] for record in stages}
    for record_id, entry in named.items():
        stage = int(record_id[-1])
        if record_id not in hashes:
            if (entry.expiration_date or "") > now:
                return f"The journal names stage {stage}, which is missing: it was removed before its time.", stage
        elif entry.record_hash != hashes[record_id]:
            return f"Stage {stage} is not the one that the journal names: it was replaced.", stage
    return None


def _flaw_of_line(line: Item | None, stages: Sequence[Record]) -> str | None:
    """Why the line is not the one that the stages make; one that an earlier version wrote is not looked at."""
    if line is None:
        return "The workflow's line in the history is missing."
    made = reduce(_line_after, stages, Item())
    differing = [name for name in made if name != "lesson" and line.get(name) != made[name]]
    if "line_version" not in line or not differing:
        return None
    return f"The workflow's line in the history says another {differing[0].replace('_', ' ')} than its records."


async def _recorded(items: _Items, record: Record) -> Record:
    stored = await items.one(record[_OWNER], record["id"])
    if stored is None:
        raise StoreUnavailable(_BUSY)  # it expired between the two calls
    stored_if_same(stored, record)
    return _as_recorded(stored)


async def _stages(items: _Items, owner_email: str, workflow_id: str) -> Sequence[Record]:
    ids = {f"id{sequence}": f"{workflow_id}:{sequence}" for sequence in (1, 2, 3)}
    found = await items.all(_Query(owner_email, "c.id IN (@id1, @id2, @id3)", ids))
    return sorted(map(_as_recorded, found), key=lambda record: record["sequence"])


def _as_recorded(item: Item) -> Item:
    return {name: value for name, value in item.items() if name not in _ADDED_BY_COSMOS}


# The line of a workflow


def _line_id(workflow_id: str) -> str:
    return f"{workflow_id}:line"


def _line_after(line: Item, record: Record) -> Item:
    """The line as the stage leaves it."""
    moved: Item = {"changed_values": None, "template": None, "export_format": None, "filename": None} | line
    moved |= {name: record[name] for name in _LINE_FROM_RECORD} | {
        "id": _line_id(record["export_workflow_id"]),
        "kind": "line",
        "line_version": _LINE_VERSION,
        "search_text": fold(record["search_text"]),  # which one of an earlier version is not
        "started_at": record["workflow_started_at"],
        "updated_at": record["timestamp"],
    }
    if record["sequence"] == 2:
        moved |= {
            "changed_values": record["user_actions"]["total_modifications"],
            "template": record["user_preferences"]["document_template"],
            "export_format": record["user_preferences"]["export_format"],
        }
        if teaches(record):
            moved["lesson"] = lesson_of(record).model_dump(mode="json")
    if record["sequence"] == 3:
        moved |= {"filename": record["deliverable"]["filename"]} | made_as(record)
    return moved


async def _as_delivered(items: _Items, owner_email: str, lines: Sequence[Item]) -> list[Item]:
    """The lines, those of earlier versions with the template and format of their stage 3."""
    earlier = [line for line in lines if line["status"] == ExportStatus.COMPLETED and "line_version" not in line]
    if not earlier:
        return list(lines)
    ids = {f"id{n}": f"{line['export_workflow_id']}:3" for n, line in enumerate(earlier)}
    condition = f"c.id IN ({', '.join(f'@{name}' for name in ids)})"
    found = await items.all(_Query(owner_email, condition, ids, ("export_workflow_id", "final_summary_metadata")))
    made = {stage3["export_workflow_id"]: made_as(stage3) for stage3 in found}
    return [line | made.get(line["export_workflow_id"], {}) if line in earlier else line for line in lines]


def _is_made_as(line: WorkflowLine, wanted: HistoryFilter) -> bool:
    return wanted.template in ("", line.template) and wanted.export_format in ("", line.export_format)


def _line(item: Item) -> WorkflowLine:
    members = {name: value for name, value in item.items() if name != "line_version"}
    moments = {name: datetime.fromisoformat(item[name]) for name in ("started_at", "updated_at", "expiration_date")}
    return WorkflowLine(**{**members, **moments, "headline": Headline.model_validate(item["headline"])})


def _contains(n: int, folded: str, spelled: str) -> str:
    """Lines of before version 2 hold their words in small letters, not folded."""
    contains = f"CONTAINS(c.search_text, @word{n})"
    return contains if folded == spelled else f"({contains} OR CONTAINS(c.search_text, @spelled{n}))"


def _parameters(wanted: HistoryFilter) -> dict[str, Any]:
    given = {name: value for name in _FILTERS if (value := getattr(wanted, name))}
    for n, (folded, spelled) in enumerate(wanted.words.items()):
        given |= {f"word{n}": folded} | ({f"spelled{n}": spelled} if spelled != folded else {})
    return given


# Documents


def _document(item: Item) -> StoredDocument:
    members = {field.name: item[field.name] for field in fields(StoredDocument) if field.name in item}
    return StoredDocument(**{**members, "workflows": tuple(members["workflows"])})


