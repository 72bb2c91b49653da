"""Reads where a file says that it came from; runs in the limited child process, for anyone may have written the file."""

import csv
import io
import json
import re
import zipfile
import zlib
from collections.abc import Iterable, Iterator
from dataclasses import asdict
from hashlib import sha256
from typing import Any
from uuid import UUID

from kraftd_core.errors import DocumentRefused
from kraftd_core.records.bundle import read_bundle, seal_of, verify_bundle

_ID = re.compile(r"[0-9a-f]{8}-(?:[0-9a-f]{4}-){3}[0-9a-f]{12}")
_SHORT_ID = re.compile(r"_\d{4}-\d{2}-\d{2}_([0-9a-f]{8})(?: ?\(\d+\))?\.\w+$")  # browsers number what is downloaded again
_SUBJECT = re.compile(r"<dc:subject>\s*([0-9a-f-]{36})\s*</dc:subject>")
_PROSE_HEAD = re.compile(rb'(?:\xef\xbb\xbf)?"?section"?([,;\t])"?name"?\1"?value"?\r?\n')
_NAMED_AT_MOST = 5
_MEMBERS_AT_MOST = 50
_INFLATED_AT_MOST = 120 * 2**20
_BROKEN_ZIP = (zipfile.BadZipFile, zlib.error, OSError, EOFError, ValueError, NotImplementedError, RuntimeError)


def inspected(content: bytes, name: str, deep: bool = True) -> dict[str, Any]:
    """The file's hash, the workflows that it names (one by the first eight of its id, where only its name tells), its members.

    `members` are those of an archive that is not itself one file of ours; `bundle` is the verdict on a workflow's bundle.
    """
    members = _members(content)
    named = list(dict.fromkeys([*_named_within(content, members), *_named_by(name)]))[:_NAMED_AT_MOST]
    is_archive = deep and members and not named and "[Content_Types].xml" not in members
    verdict, seal = _bundle(content)
    inner = list(members.items())[:_MEMBERS_AT_MOST] if is_archive else []
    return {
        "name": name,
        "content_hash": "sha256:" + sha256(content).hexdigest(),
        "workflows": named,
        "members": [inspected(part, part_name, deep=False) for part_name, part in inner],
        "bundle": verdict,
        "seal": seal,
    }


def _named_by(name: str) -> Iterator[str]:
    if found := _SHORT_ID.search(name):
        yield found[1]


def _named_within(content: bytes, members: dict[str, bytes]) -> Iterable[str]:
    if members:  # first: in an archive a PDF may lie unpacked, right at the beginning
        return [*_in_workbook(members), *_in_tables(members)]
    if content[:1024].find(b"%PDF-") >= 0:
        return _in_pdf(content)
    return _in_json(content) or _in_prose(content)


def _in_pdf(content: bytes) -> list[str]:
    """The document information of the file, read also where another program has appended to it."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        metadata = PdfReader(io.BytesIO(content)).metadata
        told = str(metadata.get("/Subject", "")) if metadata else ""
    except (PyPdfError, ValueError, KeyError, TypeError, AttributeError, IndexError, OSError):  # what a broken file can do to it
        told = ""
    return _ID.findall(told)


def _in_workbook(members: dict[str, bytes]) -> Iterator[str]:
    """The subject among the properties, else what the Audit sheet holds (programs that save anew may drop properties)."""
    yield from _SUBJECT.findall(_text(members.get("docProps/core.xml", b"")))
    parts = [part for part in members if part == "xl/sharedStrings.xml" or part.startswith("xl/worksheets/")]
    for part in sorted(parts, reverse=True):
        yield from _ID.findall(_text(members[part]))


def _in_tables(members: dict[str, bytes]) -> Iterator[str]:
    rows = _rows(members.get("provenance.csv", b""))
    yield from (row[1] for row in rows if row[:1] == ["export_workflow_id"] and len(row) > 1 and _is_id(row[1]))


def _in_json(content: bytes) -> list[str]:
    try:
        value = json.loads(content.decode("utf-8-sig"))
    except (ValueError, RecursionError):
        return []
    told = value.get("provenance") if isinstance(value, dict) else None
    named = told.get("export_workflow_id") if isinstance(told, dict) else None
    return [named] if isinstance(named, str) and _is_id(named) else []


def _in_prose(content: bytes) -> list[str]:
    """The file of all that is told, also where a spreadsheet saved it with separators of its own."""
    head = _PROSE_HEAD.match(content)
    if head is None:
        return []
    rows = _rows(content, head[1].decode())
    return [row[2] for row in rows if len(row) > 2 and row[1] and _is_id(row[2])]


def _rows(content: bytes, delimiter: str = ",") -> list[list[str]]:
    try:
        return list(csv.reader(io.StringIO(content.decode("utf-8-sig", "replace"), newline=""), delimiter=delimiter))
    except csv.Error:
        return []


def _is_id(text: str) -> bool:
    try:
        return str(UUID(text)) == text
    except ValueError:
        return False


def _bundle(content: bytes) -> tuple[dict[str, Any] | None, dict[str, Any] | None]:
    """The verdict on a bundle, and what it says of itself if it holds; None for any other file."""
    if content.lstrip()[:1] != b"{" or b'"bundle_version"' not in content:
        return None, None
    try:
        bundle = read_bundle(content)
        verdict = verify_bundle(bundle)
    except DocumentRefused:
        return None, None
    return asdict(verdict), seal_of(bundle) if verdict.holds else None


def _members(content: bytes) -> dict[str, bytes]:
    """The files of an archive as far as they can be read and do not grow too large; empty for what is no archive."""
    found: dict[str, bytes] = {}
    if not content.startswith(b"PK"):
        return found
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            left = _INFLATED_AT_MOST
            for info in archive.infolist():
                if not info.is_dir() and info.file_size <= left:
                    left -= info.file_size
                    found[info.filename] = _member(archive, info)
    except _BROKEN_ZIP:
        return found
    return found


def _member(archive: zipfile.ZipFile, info: zipfile.ZipInfo) -> bytes:
    try:
        with archive.open(info) as opened:
            return opened.read(info.file_size)
    except _BROKEN_ZIP:
        return b""


def _text(content: bytes) -> str:
    return content.decode("utf-8", "replace")
