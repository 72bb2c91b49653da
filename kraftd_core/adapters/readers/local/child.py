"""The child process in which every parser runs: bounded in memory and time, without network, answering in JSON lines."""

import base64
import json
import os
import sys
from dataclasses import dataclass
from pathlib import Path
from types import TracebackType
from typing import Any, BinaryIO

from kraftd_core.adapters.readers.common.reading import Reading, Refused
from kraftd_core.adapters.readers.local.guards import kind_of_file, opened_image
from kraftd_core.document.filenames import IMAGES, WORKBOOKS

_MEGABYTE = 2**20
_LOOKED_AT_SIDE = 400  # pixels: enough to know that the picture is whole
_FORBIDDEN = ("socket.", "subprocess.", "os.exec", "os.fork", "os.spawn", "os.posix_spawn", "os.system")


@dataclass(frozen=True, slots=True)
class Task:
    """What the parent asks for, in one JSON line; the document's bytes follow it."""

    act: str
    name: str
    size: int
    parse_seconds: float
    page_seconds: float
    ocr_seconds: float
    parse_megabytes: int
    ocr_megabytes: int
    page: int = 0
    document_type: str | None = None


class ParentLine:
    """The way to the parent: one JSON object a line."""

    def __init__(self, out: BinaryIO) -> None:
        self._out = out

    def say(self, **message: Any) -> None:
        self._out.write(json.dumps(message).encode() + b"\n")
        self._out.flush()


def main() -> None:
    """Takes one task from standard input and answers it on standard output."""
    line = ParentLine(_own_output())
    sys.excepthook = lambda kind, _, trace: line.say(fault=f"{kind.__name__} at {_place(trace)}")
    if "--ready" in sys.argv:  # for the next document, which usually is a PDF
        _import_for("pdf")
        _rehearse()
    message = sys.stdin.buffer.readline()
    if not message:  # the application ended before it had a document for this child
        return
    task = Task(**json.loads(message))
    content = sys.stdin.buffer.read(task.size)
    try:
        line.say(**_answer(task, content, line))
    except Refused as refusal:
        line.say(refused=str(refusal))
    except MemoryError:
        line.say(over="memory")
    except RecursionError:
        line.say(refused="The file is nested too deeply to be read. Save it anew in a simpler form.")


def _rehearse() -> None:
    from kraftd_core.adapters.readers.local.pages.rehearsal import rehearse

    rehearse()


def _place(trace: TracebackType | None) -> str:
    """Where in our code a fault arose: a file and a line, and nothing of the document."""
    while trace and trace.tb_next:
        trace = trace.tb_next
    return f"{Path(trace.tb_frame.f_code.co_filename).name}:{trace.tb_lineno}" if trace else "an unknown place"


def _own_output() -> BinaryIO:
    """Standard output for us alone: what native libraries print goes nowhere."""
    own = os.dup(1)
    nowhere = os.open(os.devnull, os.O_WRONLY)
    os.dup2(nowhere, 1)
    return os.fdopen(own, "wb")


def _answer(task: Task, content: bytes, line: ParentLine) -> dict[str, Any]:
    _limit(task.parse_megabytes, task.parse_seconds)
    if task.act == "inspect":
        return {"inspected": _inspected(content, task, line)}
    kind = kind_of_file(content, task.name)
    _import_for(kind)
    _forbid_network_and_processes()
    _limit(task.parse_megabytes, task.parse_seconds)
    line.say(step="reading")
    if task.act == "page":
        return {"image": _image(content, kind, task.page)}
    if task.act == "content":
        return {"content": _contents(content, kind)}
    if task.act == "look":
        return {"look": _looked(content, kind, task)}
    return {"reading": _of_type(_read(content, kind, task, line), task).as_json()}


def _of_type(reading: Reading, task: Task) -> Reading:
    if task.document_type:
        reading.document_type, reading.type_confidence = task.document_type, None
    return reading


def _inspected(content: bytes, task: Task, line: ParentLine) -> dict[str, Any]:
    """Where the file says that it came from, whatever it is."""
    import pypdf  # noqa: F401

    from kraftd_core.adapters.readers.local.provenance import inspected

    _forbid_network_and_processes()
    _limit(task.parse_megabytes, task.parse_seconds)
    line.say(step="reading")
    return inspected(content, task.name)


def _looked(content: bytes, kind: str, task: Task) -> str:
    """The document's type as far as it can be told without recognising pictures."""
    if kind in IMAGES:
        opened_image(content, _LOOKED_AT_SIDE)
        return "other"
    if kind == "pdf":
        from kraftd_core.adapters.readers.local.pages.paged import look_at_pdf

        return look_at_pdf(content, task.parse_seconds)
    return _read_unpaged(content, kind).document_type


def _import_for(kind: str) -> None:
    """The parsers that this kind needs, before the limits begin to count; a CSV pays for none."""
    if kind == "pdf" or kind in IMAGES:
        import kraftd_core.adapters.readers.local.pages.paged  # noqa: F401
    if kind == "pdf":
        import numpy  # noqa: F401
        import pypdf  # noqa: F401
        import pypdfium2  # noqa: F401
    elif kind in IMAGES:
        import PIL.Image  # noqa: F401
    elif kind == "xlsx":
        import openpyxl  # noqa: F401
    elif kind in WORKBOOKS:
        import python_calamine  # noqa: F401
    elif kind == "docx":
        import docx  # noqa: F401
    elif kind == "xml":
        import lxml.etree  # noqa: F401


def _forbid_network_and_processes() -> None:
    """From here on nothing can undo it: an audit hook stays."""

    def refuse(event: str, _: tuple[Any, ...]) -> None:
        if event.startswith(_FORBIDDEN):
            raise PermissionError(f"{event} is not allowed while a document is read")

    sys.addaudithook(refuse)


def _limit(megabytes: int, seconds: float) -> None:
    """Address space beyond what is mapped now, and processor time; without `resource` the parent's clock alone holds."""
    try:
        import resource
    except ImportError:
        return
    mapped = _mapped_bytes()
    if mapped is not None:
        _set(resource.RLIMIT_AS, mapped + megabytes * _MEGABYTE)
    used = resource.getrusage(resource.RUSAGE_SELF)
    _set(resource.RLIMIT_CPU, int(used.ru_utime + used.ru_stime + seconds * (os.cpu_count() or 1)) + 2)
    _set(resource.RLIMIT_CORE, 0)


def _set(limit: int, value: int) -> None:
    import resource

    _, hard = resource.getrlimit(limit)
    resource.setrlimit(limit, (value if hard == resource.RLIM_INFINITY else min(value, hard), hard))


def _mapped_bytes() -> int | None:
    try:
        pages = int(Path("/proc/self/statm").read_text().split()[0])
    except (OSError, ValueError):
        return None
    return pages * os.sysconf("SC_PAGE_SIZE")


def _read(content: bytes, kind: str, task: Task, line: ParentLine) -> Reading:
    def step(name: str) -> None:
        if name == "loading":
            _limit(task.ocr_megabytes, task.ocr_seconds + 60)
        line.say(step=name)

    def pages(count: int) -> float:
        """Allows as much as the pages need, and says so."""
        seconds = task.parse_seconds + task.page_seconds * count
        _limit(task.parse_megabytes, seconds)
        line.say(pages=count)
        return seconds

    def printed(reading: Reading, scans: list[int]) -> None:
        line.say(printed={"reading": _of_type(reading, task).as_json(), "scans": scans})

    if kind == "pdf" or kind in IMAGES:
        from kraftd_core.adapters.readers.local.pages.paged import ToParent, read_image, read_pdf

        if kind == "pdf":
            told = ToParent(pages, printed)
            return read_pdf(content, step, task.parse_seconds, task.ocr_seconds, task.document_type, told)
        return read_image(content, step, task.ocr_seconds, task.document_type)
    return _read_unpaged(content, kind)


def _read_unpaged(content: bytes, kind: str) -> Reading:
    if kind == "json":
        from kraftd_core.adapters.readers.local.office.json_files import read_json

        return read_json(content)
    if kind == "docx":
        from kraftd_core.adapters.readers.local.office.word_documents import read_word

        return read_word(content)
    if kind == "xml":
        from kraftd_core.adapters.readers.local.e_invoices.invoices import read_e_invoice

        return read_e_invoice(content)
    from kraftd_core.adapters.readers.local.office.sheets import read_csv, read_workbook

    return read_workbook(content, kind) if kind in WORKBOOKS else read_csv(content)


def _image(content: bytes, kind: str, page: int) -> str | None:
    if kind != "pdf" and kind not in IMAGES:
        return None
    from kraftd_core.adapters.readers.local.pages.paged import page_png

    return base64.b64encode(page_png(content, kind, page)).decode()


def _contents(content: bytes, kind: str) -> list[dict[str, Any]] | None:
    if kind == "pdf" or kind in IMAGES:
        return None
    from kraftd_core.adapters.readers.local.office.contents import contents_of

    return contents_of(content, kind)


if __name__ == "__main__":
    main()
