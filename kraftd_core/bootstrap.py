"""The one place that wires: it chooses the adapters by the settings and hands out the core."""

import asyncio
import logging
import os
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import timedelta
from errno import EACCES, ENOTDIR
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, Any, TypeVar
from urllib.parse import urlsplit

from kraftd_core.desk.desk import Desk
from kraftd_core.desk.loop import CoreLoop
from kraftd_core.desk.upkeep.health import check_of_disk
from kraftd_core.desk.upkeep.logs import log_to_stderr
from kraftd_core.errors import KraftdError, SettingsError, StoreUnavailable
from kraftd_core.people.actor import Actor
from kraftd_core.ports.engines import SILENT, Call, Engine, EngineStands, Role, Tried
from kraftd_core.ports.making import Renderers
from kraftd_core.recording.service import ExportTrackingService, utc_now
from kraftd_core.records.chain import Signer
from kraftd_core.records.plan import ExportFormat
from kraftd_core.settings import Settings, load_settings, unknown_settings
from kraftd_core.thinking.agent import KraftdAIAgent
from kraftd_core.thinking.spending import Prices

if TYPE_CHECKING:
    from kraftd_core.adapters.agents.openai import OpenAIAgent
    from kraftd_core.adapters.files.azure_blob import AzureBlobFiles
    from kraftd_core.adapters.files.local import LocalFiles
    from kraftd_core.adapters.readers.azure import AzureExtractor
    from kraftd_core.adapters.readers.local.extractor import LocalExtractor
    from kraftd_core.adapters.stores.backup import Backup
    from kraftd_core.adapters.stores.cosmos import CosmosStore
    from kraftd_core.adapters.stores.sqlite import SqliteStore

T = TypeVar("T")
log = logging.getLogger(__name__)


def build_desk(settings: Settings, serves: bool = False) -> Desk:
    """The desk on the engines of the settings; raises SettingsError if the data folder cannot be used.

    `serves` says that it will live on and read more than one document.
    """
    from kraftd_core.adapters.agents.rules.agent import RulesAgent
    from kraftd_core.adapters.comparisons import COMPARE_FILES
    from kraftd_core.adapters.readers.local.extractor import LocalExtractor
    from kraftd_core.adapters.renderers.steady_zip import packed

    rules = RulesAgent()
    make_usable(settings.data_dir)
    engines = engines_of(settings)
    signer = Signer.from_setting(settings.signing_key.get_secret_value()) if settings.signing_key else None
    store, files, extractor = _store(settings, engines, signer), _files(settings, engines), _extractor(settings, serves, engines)
    return Desk(
        settings=settings,
        tracking=ExportTrackingService(store, files, _retention(settings), signer=signer),
        store=store,
        documents=store,
        drafts=store,
        learning_choices=store,
        unfinished=store,
        files=files,
        extractor=extractor,
        agent=KraftdAIAgent(_agent(settings, engines) or rules, rules=rules, prices=_prices(settings)),
        rules=KraftdAIAgent(rules),
        reads_here=None if settings.extractor == "local" else _local_reader(settings),
        renderers=_renderers(),
        inspector=LocalExtractor(),
        pack=packed,
        compare_files=COMPARE_FILES,
        checks={
            "store" if settings.store == "sqlite" else "spool": store.check,
            "files": files.check,
            "reader": extractor.check,
            "disk": check_of_disk(settings.data_dir),
        },
        engines=tuple(engines.values()),
    )


Engines = Mapping[Role, Engine]

_BY_KEY, _BY_IDENTITY, _HERE = "with a key", "signed in to Azure (Entra ID)", "on this computer"


def engines_of(settings: Settings) -> Engines:
    """The engines that the settings chose, each by what it is for; of what is on this computer no calls are told."""
    return {engine.stands.role: engine for engine in (_records(settings), _kept(settings), _reader(settings), _writer(settings))}


def _records(settings: Settings) -> Engine:
    if settings.store == "sqlite":
        return Engine("records", "SQLite", signs_in=_HERE)
    signs_in = _BY_KEY if settings.cosmos_key else _BY_IDENTITY
    return _called("records", "Azure Cosmos DB", _host(settings.cosmos_endpoint), signs_in, "KRAFTD_COSMOS_ENDPOINT")


def _kept(settings: Settings) -> Engine:
    if settings.files == "local":
        return Engine("files", "Folder", signs_in=_HERE)
    if settings.blob_endpoint:
        return _called("files", "Azure Blob Storage", _host(settings.blob_endpoint), _BY_IDENTITY, "KRAFTD_BLOB_ENDPOINT")
    text = settings.blob_connection_string.get_secret_value() if settings.blob_connection_string else ""
    signs_in = _BY_KEY if "accountkey=" in text.lower() else "with a shared access signature"
    part = "BlobEndpoint" if "blobendpoint=" in text.lower() else "AccountName"
    setting = f"{part} in KRAFTD_BLOB_CONNECTION_STRING"
    return _called("files", "Azure Blob Storage", host_of(text), signs_in, setting)


def _reader(settings: Settings) -> Engine:
    if settings.extractor == "local":
        return Engine("reader", "Local reader", signs_in=_HERE)
    signs_in = _BY_KEY if settings.document_intelligence_key else _BY_IDENTITY
    host, setting = _host(settings.document_intelligence_endpoint), "KRAFTD_DOCUMENT_INTELLIGENCE_ENDPOINT"
    return _called("reader", "Azure Document Intelligence", host, signs_in, setting)


def _writer(settings: Settings) -> Engine:
    if settings.agent == "rules":
        return Engine("writer", "Rules", signs_in=_HERE)
    if settings.agent == "azure_openai":
        signs_in = _BY_KEY if settings.azure_openai_api_key else _BY_IDENTITY
        host = _host(settings.azure_openai_endpoint)
        return _called("writer", "Azure OpenAI", host, signs_in, "KRAFTD_AZURE_OPENAI_ENDPOINT")
    signs_in = _BY_KEY if settings.openai_api_key else "without a key"
    if not settings.openai_base_url:
        named_by = "the way to api.openai.com (KRAFTD_OPENAI_BASE_URL is not set)"
        return Engine("writer", "OpenAI", "api.openai.com", signs_in, named_by=named_by)
    host = _host(settings.openai_base_url)
    name = "OpenAI" if host == "api.openai.com" else "A server that speaks like OpenAI"
    return _called("writer", name, host, signs_in, "KRAFTD_OPENAI_BASE_URL")


def _called(role: Role, name: str, host: str, signs_in: str, setting: str) -> Engine:
    return Engine(role, name, host, signs_in, named_by=f"{setting} (which names {host})")


def _host(address: str | None) -> str:
    """Whom a setting names, without the path; with the port where it is not the scheme's own."""
    parts = urlsplit(address or "")
    name = f"[{parts.hostname}]" if ":" in (parts.hostname or "") else parts.hostname or ""
    own = {"http": 80, "https": 443}.get(parts.scheme)
    return f"{name}:{parts.port}" if parts.port not in (None, own) else name


def host_of(connection_string: str) -> str:
    """The host that a connection string of a storage account names."""
    parts = {name.lower(): value for name, _, value in (part.partition("=") for part in connection_string.split(";"))}
    if address := parts.get("blobendpoint"):
        return _host(address)
    return f"{parts['accountname']}.blob.{parts.get('endpointsuffix', 'core.windows.net')}" if "accountname" in parts else ""


def make_usable(folder: Path) -> None:
    """Makes the data folder, for its user alone; raises SettingsError where that cannot be."""
    from kraftd_core.adapters.files.private import make_folder, tighten_folder

    try:
        make_folder(folder)
        tighten_folder(folder)
    except OSError as error:
        raise _unusable(error) from error


def _retention(settings: Settings) -> timedelta:
    return timedelta(days=settings.retention_days)


def _store(settings: Settings, engines: Engines, signer: Signer | None = None) -> "SqliteStore":
    """The records on this computer; with Cosmos chosen, a spool in front of it, which keeps drafts here."""
    if settings.store == "sqlite":
        from kraftd_core.adapters.stores.sqlite import SqliteStore

        return SqliteStore(settings.data_dir / "kraftd.sqlite3", signer=signer)
    from kraftd_core.adapters.stores.spool import SpoolStore, network_share_of

    if share := network_share_of(settings.data_dir):
        log.warning("KRAFTD_DATA_DIR lies on a network share (%s): what waits for Cosmos is not safe there", share)
    return SpoolStore(settings.data_dir / "spool.sqlite3", _cosmos(settings, engines), signer=signer)


def _cosmos(settings: Settings, engines: Engines) -> "CosmosStore":
    from kraftd_core.adapters.stores.cosmos import CosmosStore, cosmos_client

    key = settings.cosmos_key.get_secret_value() if settings.cosmos_key else None
    endpoint = str(settings.cosmos_endpoint)
    connect = partial(cosmos_client, endpoint, key, enable_endpoint_discovery=settings.cosmos_discovery)
    # it gives up before the spool's own call ends, so that the spool learns of it and backs off
    database, retention = settings.cosmos_database, _retention(settings)
    return CosmosStore(connect, database, retention, wall_seconds=4.0, engine=engines["records"])


def _extractor(settings: Settings, serves: bool, engines: Engines) -> "AzureExtractor | LocalExtractor":
    """The reader on this computer; with Document Intelligence chosen, behind it for what it does not do."""
    local = _local_reader(settings, keeps_ready=serves)
    if settings.extractor == "local":
        return local
    from kraftd_core.adapters.readers.azure import AzureExtractor
    from kraftd_core.adapters.readers.azure.service import document_client

    key = settings.document_intelligence_key.get_secret_value() if settings.document_intelligence_key else None
    connect = partial(document_client, str(settings.document_intelligence_endpoint), key)
    models, seconds = settings.document_intelligence_models, settings.document_intelligence_seconds
    return AzureExtractor(connect, local, models, seconds, engines["reader"])


def _local_reader(settings: Settings, *, keeps_ready: bool = False) -> "LocalExtractor":
    from kraftd_core.adapters.readers.local.extractor import LocalExtractor

    return LocalExtractor(settings.ocr_seconds, settings.parse_seconds, settings.page_seconds, keeps_ready=keeps_ready)


def _agent(settings: Settings, engines: Engines) -> "OpenAIAgent | None":
    """The chosen service that writes; None where the rules do."""
    if settings.agent == "rules":
        return None
    from kraftd_core.adapters.agents.openai import OpenAIAgent
    from kraftd_core.adapters.agents.openai.service import OPENAI, Service, azure_client, openai_client

    seconds, tokens, engine = settings.agent_seconds, settings.agent_tokens, engines["writer"]
    if settings.agent == "azure_openai":
        endpoint, deployment = str(settings.azure_openai_endpoint), str(settings.azure_openai_deployment)
        key = settings.azure_openai_api_key.get_secret_value() if settings.azure_openai_api_key else None
        connect = partial(azure_client, endpoint, key, deployment, settings.azure_openai_api_version, seconds)
        names = ("Azure OpenAI", deployment, "KRAFTD_AZURE_OPENAI_API_KEY", "KRAFTD_AZURE_OPENAI_DEPLOYMENT")
        where = "KRAFTD_AZURE_OPENAI_ENDPOINT"
        form = "is an address without a path behind it"
        service = Service(*names, seconds, tokens, address_setting=where, address_form=form, engine=engine)
        return OpenAIAgent(connect, service, settings.agent_withhold)
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
    own = settings.openai_base_url
    name = "OpenAI" if own is None else str(urlsplit(own).hostname)
    names = (name, settings.openai_model, "KRAFTD_OPENAI_API_KEY", "KRAFTD_OPENAI_MODEL")
    where = "KRAFTD_OPENAI_BASE_URL" if own else ""
    limit = _limit_at(str(urlsplit(own or OPENAI).hostname))
    service = Service(*names, seconds, tokens, limit, address_setting=where, engine=engine)
    return OpenAIAgent(partial(openai_client, own or OPENAI, key, seconds), service, settings.agent_withhold)


def _prices(settings: Settings) -> Prices:
    return Prices(settings.price_in, settings.price_out, settings.price_page)


_OF_MICROSOFT = (".azure.com", ".azure.us", ".azure.cn")


def _limit_at(host: str) -> str:
    """The member that bounds an answer there: OpenAI and Azure take the newer one, whoever speaks like them mostly the older."""
    return "max_completion_tokens" if host == "api.openai.com" or host.endswith(_OF_MICROSOFT) else "max_tokens"


def _files(settings: Settings, engines: Engines) -> "AzureBlobFiles | LocalFiles":
    if settings.files == "local":
        from kraftd_core.adapters.files.local import LocalFiles

        return LocalFiles(settings.data_dir / "files")
    from kraftd_core.adapters.files.azure_blob import AzureBlobFiles, blob_container, signed_in_container

    engine, container = engines["files"], settings.blob_container
    if settings.blob_endpoint:
        connect = partial(signed_in_container, settings.blob_endpoint, container)
        return AzureBlobFiles(connect, setting="KRAFTD_BLOB_ENDPOINT", engine=engine)
    connection = settings.blob_connection_string.get_secret_value() if settings.blob_connection_string else ""
    blob_container(connection, container)  # a wrong one stops the start
    return AzureBlobFiles(partial(blob_container, connection, container), engine=engine)


# Trying them


_LOADING_SECONDS, _TRY_SECONDS, _CLOSING_SECONDS = 20.0, 18.0, 2.0
Found = dict[Role, Tried | KraftdError]


def try_engines(settings: Settings) -> list[tuple[EngineStands, Tried | KraftdError]]:
    """Each engine tried as it is set, side by side and in bounded time: what was reached and what is missing, or why it failed.

    Nothing is changed anywhere; asking a model costs some tokens. What hangs, be it a call, a client that is to be closed or a
    thread, is left behind on a thread that ends with the process; the caller ends it, and waits for nothing more.
    """
    engines, found = engines_of(settings), Found()
    is_loaded, is_done = threading.Event(), threading.Event()

    def tried() -> None:
        _load_sdks(settings)  # which may take longer than what is asked
        is_loaded.set()
        asyncio.run(_all_tried(settings, engines, found, is_done))

    threading.Thread(target=tried, name="tries the engines", daemon=True).start()
    if is_loaded.wait(_LOADING_SECONDS):
        is_done.wait(_TRY_SECONDS + _CLOSING_SECONDS)
    return [(engine.stands, found.get(role) or _silent(engine, is_loaded.is_set())) for role, engine in engines.items()]


async def _all_tried(settings: Settings, engines: Engines, found: Found, is_done: threading.Event) -> None:
    tries: dict[Role, Coroutine[Any, Any, Tried]] = {
        "records": _try_records(settings, engines), "files": _try_files(settings, engines),
        "reader": _try_reader(settings, engines), "writer": _try_writer(settings, engines),
    }  # fmt: skip

    async def one(role: Role) -> None:
        found[role] = await _bounded(tries[role], engines[role])

    try:
        await asyncio.gather(*map(one, tries))
    finally:
        is_done.set()


def _load_sdks(settings: Settings) -> None:
    if settings.store == "cosmos":
        import azure.cosmos.aio
    if settings.files == "azure_blob":
        import azure.identity.aio
        import azure.storage.blob.aio
    if settings.extractor == "azure":
        import azure.ai.formrecognizer.aio  # noqa: F401
    if settings.agent != "rules":
        import openai  # noqa: F401


async def _bounded(attempt: Coroutine[Any, Any, Tried], engine: Engine) -> Tried | KraftdError:
    try:
        async with asyncio.timeout(_TRY_SECONDS):
            return await attempt
    except TimeoutError:
        return _silent(engine)
    except OSError as error:
        return _unusable(error)
    except KraftdError as error:
        return error


def _silent(engine: Engine, is_loaded: bool = True) -> KraftdError:
    if not is_loaded:
        return StoreUnavailable("It was not tried: this computer is too busy to load what that needs. Try again later.")
    said = f"It gave no answer within {_TRY_SECONDS + _CLOSING_SECONDS:g} seconds."
    if not engine.stands.host:
        return StoreUnavailable(f"{said} See whether the disk of KRAFTD_DATA_DIR answers, and whether this computer is busy.")
    return StoreUnavailable(engine.failed(Call(), SILENT, said, passes=True))


def _unusable(error: OSError) -> SettingsError:
    return SettingsError(f"The folder of KRAFTD_DATA_DIR cannot be used ({error.strerror}). Choose another one.")


async def _try_records(settings: Settings, engines: Engines) -> Tried:
    if settings.store == "sqlite":
        database = settings.data_dir / "kraftd.sqlite3"
        if not await asyncio.to_thread(_is_used, database):
            return Tried(f"{database}, made at first use")
        store = _store(settings, engines)
        try:
            await store.check()
        finally:
            await store.close()
        return Tried(str(settings.data_dir))
    cosmos = _cosmos(settings, engines)
    try:
        return await cosmos.tried(makes_what_is_missing=bool(settings.cosmos_key))
    finally:
        await cosmos.close()


def _is_used(path: Path) -> bool:
    """Whether it is there; raises OSError where it is not and could not be made either."""
    if path.exists():
        return True
    there = next(folder for folder in path.parents if folder.exists())
    if not there.is_dir():
        raise NotADirectoryError(ENOTDIR, os.strerror(ENOTDIR))
    if not os.access(there, os.W_OK | os.X_OK):
        raise PermissionError(EACCES, os.strerror(EACCES))
    return False


async def _try_files(settings: Settings, engines: Engines) -> Tried:
    folder = settings.data_dir / "files"
    if not await asyncio.to_thread(_is_used, folder) and settings.files == "local":
        return Tried(f"{folder}, made at first use")
    files = _files(settings, engines)
    try:
        if settings.files == "azure_blob":
            return await files.tried()  # type: ignore[union-attr]
        await files.check()
        return Tried(str(folder))
    finally:
        await files.close()


async def _try_reader(settings: Settings, engines: Engines) -> Tried:
    reader = _extractor(settings, False, engines)
    try:
        await reader.check()
        if settings.extractor == "local":
            return Tried("reads in a process of its own")
        from kraftd_core.adapters.readers.azure.service import resource_client

        key = settings.document_intelligence_key.get_secret_value() if settings.document_intelligence_key else None
        connect = partial(resource_client, str(settings.document_intelligence_endpoint), key)
        return await reader.tried(connect, _TRY_SECONDS)  # type: ignore[union-attr]
    finally:
        await reader.close()


async def _try_writer(settings: Settings, engines: Engines) -> Tried:
    agent = _agent(settings, engines)
    return await agent.tried(_TRY_SECONDS) if agent else Tried("writes by rules, and asks nobody")


def back_up(settings: Settings, target: Path) -> "Backup":
    """Copies the data folder to a new folder while others use it; raises NotFound, StoreUnavailable."""
    from kraftd_core.adapters.stores import backup

    return backup.back_up(settings.data_dir, target, utc_now())


def restore(settings: Settings, source: Path) -> "Backup":
    """Puts a backup into the empty data folder; raises FileDamaged, NotFound, SettingsError, StoreUnavailable."""
    from kraftd_core.adapters.stores import backup

    return backup.restore(source, settings.data_dir)


def _renderers() -> Renderers:
    from kraftd_core.adapters.renderers.csv import CsvRenderer
    from kraftd_core.adapters.renderers.excel.renderer import ExcelRenderer
    from kraftd_core.adapters.renderers.json import JsonRenderer
    from kraftd_core.adapters.renderers.pdf.renderer import PdfRenderer

    return {
        ExportFormat.JSON: JsonRenderer(),
        ExportFormat.CSV: CsvRenderer(),
        ExportFormat.EXCEL: ExcelRenderer(),
        ExportFormat.PDF: PdfRenderer(),
    }


class Core:
    """The core of a process: its loop, and the desk that lives on it."""

    def __init__(self, settings: Settings) -> None:
        self.settings = settings
        self._loop = CoreLoop()
        self._desk = build_desk(settings, serves=True)
        self._loop.start(self._desk.house.keep_up())

    def run(self, verb: Callable[[Desk], Awaitable[T]]) -> T:
        """The result of a verb of the desk, for callers in other threads."""
        return self._loop.run(self._on_loop(verb))

    def ask(self, verb: Callable[[Desk], Awaitable[T]]) -> asyncio.Future[T]:
        """The same for callers on another event loop, who go on meanwhile; cancelling what is handed back stops the verb."""
        return asyncio.wrap_future(self._loop.begin(self._on_loop(verb)))

    async def _on_loop(self, verb: Callable[[Desk], Awaitable[T]]) -> T:
        return await verb(self._desk)

    def close(self) -> None:
        """Lets what is under way end, and closes records and files; nothing can be asked of it after."""
        self._loop.run(self._desk.close())
        log.info("core closed")

    @property
    def is_alive(self) -> bool:
        """Whether anything can still be asked of it."""
        return self._loop.is_alive

    @property
    def actor(self) -> Actor:
        """The one local identity."""
        return Actor.of(self.settings.owner)

    @property
    def tracking(self) -> ExportTrackingService:
        """The recorder."""
        return self._desk.tracking


_lock = threading.Lock()
_core: Core | None = None


def core() -> Core:
    """The core of this process, made at first use."""
    global _core
    with _lock:
        if _core is None:
            _core = Core(load_settings())
            settings = _core.settings
            log.info("core started store=%s extractor=%s agent=%s", settings.store, settings.extractor, settings.agent)
        return _core


def start_server() -> Core:
    """The core of the web application, made when it starts, with the log as the settings say."""
    settings = load_settings()
    log_to_stderr(settings.log_level or "info", settings.log_format)
    for sentence in unknown_settings():
        log.warning("%s", sentence)
    return core()


def initialize_export_tracking(**given: object) -> ExportTrackingService:
    """The one recorder of the process, made here on the given settings.

    Raises SettingsError for a setting that does not exist or is wrong, and where settings are given to a process that has
    its recorder already: they would not hold.
    """
    global _core
    with _lock:
        if _core is None:
            _core = Core(load_settings(**given))
        elif given:
            raise SettingsError("The recorder of this process was made already. Give settings to the first call only.")
        return _core.tracking


def get_export_tracking_service() -> ExportTrackingService:
    """The one recorder of the process."""
    return core().tracking
