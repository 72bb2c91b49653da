"""The one place that wires: it chooses the adapters by the settings and hands out the core."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable, Coroutine, Mapping
from datetime import timedelta
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
from kraftd_core.ports.engines import Engine, EngineStands, Role, Tried
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
    return Engine("records", "Azure Cosmos DB", _host(settings.cosmos_endpoint), signs_in)


def _kept(settings: Settings) -> Engine:
    if settings.files == "local":
        return Engine("files", "Folder", signs_in=_HERE)
    if settings.blob_endpoint:
        return Engine("files", "Azure Blob Storage", _host(settings.blob_endpoint), _BY_IDENTITY)
    text = settings.blob_connection_string.get_secret_value() if settings.blob_connection_string else ""
    signs_in = _BY_KEY if "accountkey=" in text.lower() else "with a shared access signature"
    return Engine("files", "Azure Blob Storage", host_of(text), signs_in)


def _reader(settings: Settings) -> Engine:
    if settings.extractor == "local":
        return Engine("reader", "Local reader", signs_in=_HERE)
    signs_in = _BY_KEY if settings.document_intelligence_key else _BY_IDENTITY
    return Engine("reader", "Azure Document Intelligence", _host(settings.document_intelligence_endpoint), signs_in)


def _writer(settings: Settings) -> Engine:
    if settings.agent == "rules":
        return Engine("writer", "Rules", signs_in=_HERE)
    if settings.agent == "azure_openai":
        signs_in = _BY_KEY if settings.azure_openai_api_key else _BY_IDENTITY
        return Engine("writer", "Azure OpenAI", _host(settings.azure_openai_endpoint), signs_in)
    signs_in = _BY_KEY if settings.openai_api_key else "without a key"
    host = _host(settings.openai_base_url or "https://api.openai.com")
    return Engine("writer", "OpenAI" if host == "api.openai.com" else "A server that speaks like OpenAI", host, signs_in)


def _host(address: str | None) -> str:
    """Whom a setting names, without path and port."""
    return urlsplit(address or "").hostname or ""


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
        raise SettingsError(f"The folder of KRAFTD_DATA_DIR cannot be used ({error.strerror}). Choose another one.") from error


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
        service = Service(*names, seconds, tokens, address_setting=where, engine=engine)
        return OpenAIAgent(connect, service, settings.agent_withhold)
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
    own = settings.openai_base_url
    name = "OpenAI" if own is None else str(urlsplit(own).hostname)
    names = (name, settings.openai_model, "KRAFTD_OPENAI_API_KEY", "KRAFTD_OPENAI_MODEL")
    where = "KRAFTD_OPENAI_BASE_URL" if own else ""
    service = Service(*names, seconds, tokens, _limit_at(engine.stands.host), address_setting=where, engine=engine)
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


_TRY_SECONDS = 20.0


async def try_engines(settings: Settings) -> list[tuple[EngineStands, Tried | KraftdError]]:
    """Each engine tried as it is set, side by side and in bounded time: what was reached and what is missing, or why it failed.

    Nothing is changed anywhere; asking a model costs some tokens.
    """
    engines = engines_of(settings)
    await asyncio.to_thread(_load_sdks, settings)  # which may take longer than what is asked
    tries = (_try_records, _try_files, _try_reader, _try_writer)
    found = await asyncio.gather(*(_bounded(attempt(settings, engines)) for attempt in tries))
    return list(zip((engine.stands for engine in engines.values()), found, strict=True))


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


async def _bounded(attempt: Coroutine[Any, Any, Tried]) -> Tried | KraftdError:
    try:
        async with asyncio.timeout(_TRY_SECONDS):
            return await attempt
    except TimeoutError:
        return StoreUnavailable(f"It gave no answer within {_TRY_SECONDS:g} seconds.")
    except OSError as error:
        return SettingsError(f"The folder of KRAFTD_DATA_DIR cannot be used ({error.strerror}). Choose another one.")
    except KraftdError as error:
        return error


async def _try_records(settings: Settings, engines: Engines) -> Tried:
    if settings.store == "sqlite":
        make_usable(settings.data_dir)
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


async def _try_files(settings: Settings, engines: Engines) -> Tried:
    make_usable(settings.data_dir)
    files = _files(settings, engines)
    try:
        if settings.files == "azure_blob":
            return await files.tried()  # type: ignore[union-attr]
        await files.check()
        return Tried(str(settings.data_dir / "files"))
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
