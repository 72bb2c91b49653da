"""The one place that wires: it chooses the adapters by the settings and hands out the core."""

import logging
import threading
from collections.abc import Awaitable, Callable
from datetime import timedelta
from typing import TypeVar

from kraftd_core.agent import KraftdAIAgent
from kraftd_core.desk import Desk
from kraftd_core.errors import SettingsError
from kraftd_core.loop import CoreLoop
from kraftd_core.ports import Renderers
from kraftd_core.records import ExportFormat
from kraftd_core.settings import Settings, load_settings
from kraftd_core.tracking import ExportTrackingService

T = TypeVar("T")
log = logging.getLogger(__name__)


def build_desk(settings: Settings) -> Desk:
    """The desk on the engines of the settings; raises SettingsError if the data folder cannot be used."""
    from kraftd_core.adapters.agent_rules import RulesAgent
    from kraftd_core.adapters.extract_local import LocalExtractor
    from kraftd_core.adapters.files_local import LocalFiles
    from kraftd_core.adapters.store_sqlite import SqliteStore

    try:
        settings.data_dir.mkdir(parents=True, exist_ok=True)
    except OSError as error:
        raise SettingsError(f"The folder of KRAFTD_DATA_DIR cannot be used ({error.strerror}). Choose another one.") from error
    store = SqliteStore(settings.data_dir / "kraftd.sqlite3")
    files = LocalFiles(settings.data_dir / "files")
    return Desk(
        settings=settings,
        tracking=ExportTrackingService(store, files, timedelta(days=settings.retention_days)),
        store=store,
        documents=store,
        drafts=store,
        files=files,
        extractor=LocalExtractor(ocr_seconds=settings.ocr_seconds),
        agent=KraftdAIAgent(RulesAgent()),
        renderers=_renderers(),
    )


def _renderers() -> Renderers:
    from kraftd_core.adapters.render_csv import CsvRenderer
    from kraftd_core.adapters.render_excel import ExcelRenderer
    from kraftd_core.adapters.render_json import JsonRenderer
    from kraftd_core.adapters.render_pdf import PdfRenderer

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
        self._desk = build_desk(settings)

    def run(self, verb: Callable[[Desk], Awaitable[T]]) -> T:
        """The result of a verb of the desk, for callers in other threads."""

        async def on_loop() -> T:
            return await verb(self._desk)

        return self._loop.run(on_loop())

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
            log.info("core started store=%s extractor=%s", _core.settings.store, _core.settings.extractor)
        return _core


def initialize_export_tracking(**given: object) -> ExportTrackingService:
    """The one recorder of the process, on the given settings if it was not made yet."""
    global _core
    with _lock:
        if _core is None:
            _core = Core(load_settings(**given))
        return _core.tracking


def get_export_tracking_service() -> ExportTrackingService:
    """The one recorder of the process."""
    return core().tracking
