"""A zip archive whose bytes depend on nothing but its members: no clock, no file system."""

import io
from collections.abc import Mapping
from pathlib import Path
from typing import Any
from zipfile import ZIP_DEFLATED, ZipFile, ZipInfo


def packed(files: Mapping[str, bytes]) -> bytes:
    """An archive of these files."""
    buffer = io.BytesIO()
    with SteadyZip(buffer, "w") as archive:
        for name, content in files.items():
            archive.writestr(name, content)
    return buffer.getvalue()


class SteadyZip(ZipFile):
    """A ZipFile for writing; every member carries the same time and rights."""

    def writestr(
        self, zinfo_or_arcname: str | ZipInfo, data: Any, compress_type: int | None = None, compresslevel: int | None = None
    ) -> None:
        """Adds the member."""
        info = ZipInfo(getattr(zinfo_or_arcname, "filename", str(zinfo_or_arcname)), (1980, 1, 1, 0, 0, 0))
        info.external_attr = 0o644 << 16
        info.create_system = 3  # else it tells the operating system
        super().writestr(info, data, compress_type or ZIP_DEFLATED, compresslevel)

    def write(
        self, filename: Any, arcname: Any = None, compress_type: int | None = None, compresslevel: int | None = None
    ) -> None:
        """Adds the file's content as a member."""
        self.writestr(str(arcname or filename), Path(filename).read_bytes(), compress_type, compresslevel)
