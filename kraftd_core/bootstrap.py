"""The one place that wires: it chooses the adapters by the settings and hands out the core."""

import asyncio
import logging
import threading
from collections.abc import Awaitable, Callable
from datetime import timedelta
from functools import partial
from pathlib import Path
from typing import TYPE_CHECKING, TypeVar
from urllib.parse import urlsplit

from kraftd_core.desk.desk import Desk
from kraftd_core.desk.health import check_of_disk
from kraftd_core.desk.loop import CoreLoop
from kraftd_core.errors import SettingsError
from kraftd_core.logs import log_to_stderr
from kraftd_core.people.actor import Actor
from kraftd_core.ports.making import Renderers
from kraftd_core.ports.thinking import Agent
from kraftd_core.recording.service import ExportTrackingService, utc_now
from kraftd_core.records.chain import Signer
from kraftd_core.records.plan import ExportFormat
from kraftd_core.settings import Settings, load_settings
from kraftd_core.thinking.agent import KraftdAIAgent
from kraftd_core.thinking.spending import Prices

if TYPE_CHECKING:
    from kraftd_core.adapters.files.azure_blob import AzureBlobFiles
    from kraftd_core.adapters.files.local import LocalFiles
    from kraftd_core.adapters.readers.azure import AzureExtractor
    from kraftd_core.adapters.readers.local.extractor import LocalExtractor
    from kraftd_core.adapters.stores.backup import Backup
    from kraftd_core.adapters.stores.sqlite import SqliteStore

T = TypeVar("T")
log = logging.getLogger(__name__)


def build_desk(settings: Settings, serves: bool = False) -> Desk:
    """The desk on the engines of the settings; raises SettingsError if the data folder cannot be used.

    `serves` says that it will live on and read more than one document.
    """
    from kraftd_core.adapters.agents.rules.agent import RulesAgent
    from kraftd_core.adapters.comparisons import COMPARE_FILES
    from kraftd_core.adapters.files.private import make_folder, tighten_folder
    from kraftd_core.adapters.readers.local.extractor import LocalExtractor
    from kraftd_core.adapters.renderers.steady_zip import packed

    rules = RulesAgent()
    try:
        make_folder(settings.data_dir)
        tighten_folder(settings.data_dir)
    except OSError as error:
        raise SettingsError(f"The folder of KRAFTD_DATA_DIR cannot be used ({error.strerror}). Choose another one.") from error
    store, files, extractor = _store(settings), _files(settings), _extractor(settings, serves)
    signer = Signer.from_setting(settings.signing_key.get_secret_value()) if settings.signing_key else None
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
        agent=KraftdAIAgent(_agent(settings) or rules, rules=rules, prices=_prices(settings)),
        rules=KraftdAIAgent(rules),
        reads_here=None if settings.extractor == "local" else LocalExtractor(ocr_seconds=settings.ocr_seconds),
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
    )


def _retention(settings: Settings) -> timedelta:
    return timedelta(days=settings.retention_days)


def _store(settings: Settings) -> "SqliteStore":
    """The records on this computer; with Cosmos chosen, a spool in front of it, which keeps drafts here."""
    if settings.store == "sqlite":
        from kraftd_core.adapters.stores.sqlite import SqliteStore

        return SqliteStore(settings.data_dir / "kraftd.sqlite3")
    from kraftd_core.adapters.stores.cosmos import CosmosStore, cosmos_client
    from kraftd_core.adapters.stores.spool import SpoolStore, network_share_of

    if share := network_share_of(settings.data_dir):
        log.warning("KRAFTD_DATA_DIR lies on a network share (%s): what waits for Cosmos is not safe there", share)
    key = settings.cosmos_key.get_secret_value() if settings.cosmos_key else None
    endpoint = str(settings.cosmos_endpoint)
    connect = partial(cosmos_client, endpoint, key, enable_endpoint_discovery=settings.cosmos_discovery)
    # it gives up before the spool's own call ends, so that the spool learns of it and backs off
    distant = CosmosStore(connect, settings.cosmos_database, _retention(settings), wall_seconds=4.0)
    return SpoolStore(settings.data_dir / "spool.sqlite3", distant)


def _extractor(settings: Settings, serves: bool) -> "AzureExtractor | LocalExtractor":
    """The reader on this computer; with Document Intelligence chosen, behind it for what it does not do."""
    from kraftd_core.adapters.readers.local.extractor import LocalExtractor

    local = LocalExtractor(settings.ocr_seconds, settings.parse_seconds, settings.page_seconds, keeps_ready=serves)
    if settings.extractor == "local":
        return local
    from kraftd_core.adapters.readers.azure import AzureExtractor
    from kraftd_core.adapters.readers.azure.service import document_client

    key = settings.document_intelligence_key.get_secret_value() if settings.document_intelligence_key else None
    connect = partial(document_client, str(settings.document_intelligence_endpoint), key)
    return AzureExtractor(connect, local, settings.document_intelligence_models, settings.document_intelligence_seconds)


def _agent(settings: Settings) -> Agent | None:
    """The chosen service that writes; None where the rules do."""
    if settings.agent == "rules":
        return None
    from kraftd_core.adapters.agents.openai import OpenAIAgent
    from kraftd_core.adapters.agents.openai.service import OPENAI, Service, azure_client, openai_client

    seconds, tokens = settings.agent_seconds, settings.agent_tokens
    if settings.agent == "azure_openai":
        endpoint, deployment = str(settings.azure_openai_endpoint), str(settings.azure_openai_deployment)
        key = settings.azure_openai_api_key.get_secret_value() if settings.azure_openai_api_key else None
        connect = partial(azure_client, endpoint, key, deployment, settings.azure_openai_api_version, seconds)
        names = ("Azure OpenAI", deployment, "KRAFTD_AZURE_OPENAI_API_KEY", "KRAFTD_AZURE_OPENAI_DEPLOYMENT")
        return OpenAIAgent(connect, Service(*names, seconds, tokens), settings.agent_withhold)
    key = settings.openai_api_key.get_secret_value() if settings.openai_api_key else None
    own = settings.openai_base_url
    name, limit = (str(urlsplit(own).hostname), "max_tokens") if own else ("OpenAI", "max_completion_tokens")
    service = Service(name, settings.openai_model, "KRAFTD_OPENAI_API_KEY", "KRAFTD_OPENAI_MODEL", seconds, tokens, limit)
    return OpenAIAgent(partial(openai_client, own or OPENAI, key, seconds), service, settings.agent_withhold)


def _prices(settings: Settings) -> Prices:
    return Prices(settings.price_in, settings.price_out, settings.price_page)


def _files(settings: Settings) -> "AzureBlobFiles | LocalFiles":
    if settings.blob_connection_string and settings.files == "azure_blob":
        from kraftd_core.adapters.files.azure_blob import AzureBlobFiles, blob_container

        connection = settings.blob_connection_string.get_secret_value()
        blob_container(connection, settings.blob_container)  # a wrong one stops the start
        return AzureBlobFiles(partial(blob_container, connection, settings.blob_container))
    from kraftd_core.adapters.files.local import LocalFiles

    return LocalFiles(settings.data_dir / "files")


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
