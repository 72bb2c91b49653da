"""Files as answers: streamed as they lie in the store, under their own name and type."""

import logging
from urllib.parse import quote

from fastapi import Response
from fastapi.responses import StreamingResponse
from starlette.types import Send

from kraftd_core.desk.archive import FileInPieces
from kraftd_core.errors import KraftdError
from kraftd_core.web.api.actor import AskedCore
from kraftd_core.web.api.waiting import pieces_of

log = logging.getLogger(__name__)


class _Pieces(StreamingResponse):
    """What fails when a part of it was sent is left short of the length that was told, which every client notices."""

    async def stream_response(self, send: Send) -> None:
        try:
            await super().stream_response(send)
        except KraftdError as error:
            log.warning("file broke off error=%s", type(error).__name__)


def streamed(core: AskedCore, file: FileInPieces) -> Response:
    """The file piece by piece; it is not packed on its way, so that its length is told and its bytes are those recorded."""
    headers = {
        "Content-Length": str(file.file_size_bytes),
        "Content-Encoding": "identity",
        "Content-Disposition": attachment(file.filename),
        "ETag": f'"{file.content_hash}"',
        "Cache-Control": "private, no-cache",
    }
    return _Pieces(pieces_of(core, file), 200, headers, media_type=file.mime_type)


def attachment(filename: str) -> str:
    """A Content-Disposition that every client understands (RFC 6266): the name in ASCII, and as it is."""
    plain = filename.encode("ascii", "replace").decode().replace("?", "_").replace('"', "_").replace("\\", "_")
    return f"attachment; filename=\"{plain}\"; filename*=UTF-8''{quote(filename, safe='')}"
