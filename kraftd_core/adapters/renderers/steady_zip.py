"""A zip archive whose bytes depend on nothing but its members: no clock, no file system."""

import io
from collections.abc import Iterable, Mapping
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
        name = getattr(zinfo_or_arcname, "filename", str(zinfo_or_arcname))
        super().writestr(_entry(name), data, compress_type or ZIP_DEFLATED, compresslevel)

    def write(
        self, filename: Any, arcname: Any = None, compress_type: int | None = None, compresslevel: int | None = None
    ) -> None:
        """Adds the file's content as a member."""
        self.writestr(str(arcname or filename), Path(filename).read_bytes(), compress_type, compresslevel)

    def stream(self, name: str, chunks: Iterable[bytes]) -> None:
        """Adds a member whose content never lies in memory as a whole."""
        with self.open(_entry(name), "w") as member:
            for chunk in chunks:
                member.write(chunk)


def _entry(name: str) -> ZipInfo:
    info = ZipInfo(name, (1980, 1, 1, 0, 0, 0))
    info.compress_type = ZIP_DEFLATED
    info.external_attr = 0o644 << 16
    info.create_system = 3  # else it tells the operating system
    return info
