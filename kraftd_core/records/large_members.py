"""Moves the largest members of a record that is too large for a store into the file store, and puts them back."""

import json
from collections.abc import Mapping
from hashlib import sha256
from typing import Any

from kraftd_core.records.chain import canonical, content_of, member_at, with_member

LIMIT_BYTES = 990_000
"""What a record's content may take in canonical JSON: 1 MB, less room for the times and hashes that are no content.

They are left out of the count so that the same content recorded again is replaced in the same way.
"""

_MEMBERS = (
    "initial_extracted_data",
    "ai_initial_summary",
    "source.di_metadata",
    "source.notices",
    "original_data",
    "modified_data",
    "changes",
    "findings",
    "reading_ledger",
    "user_preferences.transformation_instructions",
    "user_preferences.template_customization",
    "user_preferences.priority_fields",
    "ai_final_summary",
    "deliverable.warnings",
)
"""Only these whole members are ever replaced, and `replaced_members` of the record names which of them are: what a
user's own data look like inside is never asked."""

_REFERENCE_BYTES = 250  # a member below this would grow


def slimmed(body: Mapping[str, Any], limit: int = LIMIT_BYTES) -> tuple[dict[str, Any], list[bytes]]:
    """The record with its largest members replaced by references until it is within the limit, and what they refer to.

    A reference is `{"$file": sha256 of the bytes, "size": their number, "content": sha256 of the canonical JSON}`.
    """
    members = {path: value for path in _MEMBERS if (value := member_at(body, path)) is not None}
    forms = {path: canonical(value) for path, value in members.items()}
    rest: Mapping[str, Any] = body
    for path in members:
        rest = with_member(rest, path, None)
    size = len(canonical(content_of(rest))) + sum(map(len, forms.values()))
    slim, blobs, replaced = dict(body), [], []
    for path in sorted(forms, key=lambda path: len(forms[path]), reverse=True):
        if size <= limit or len(forms[path]) < _REFERENCE_BYTES:
            break
        blob = json.dumps(members[path], ensure_ascii=False, allow_nan=False, separators=(",", ":")).encode()
        slim = with_member(slim, path, {"$file": _named(blob), "size": len(blob), "content": _named(forms[path])})
        size -= len(forms[path])
        blobs.append(blob)
        replaced.append(path)
    return slim | {"replaced_members": sorted(replaced)}, blobs


def _named(content: bytes) -> str:
    return "sha256:" + sha256(content).hexdigest()


def references(record: Mapping[str, Any]) -> dict[str, str]:
    """The hashes (`sha256:…`) of a stored record's replaced members by their paths; raises ValueError if malformed."""
    paths = record.get("replaced_members", [])
    if not isinstance(paths, list) or not all(isinstance(path, str) and path in _MEMBERS for path in paths):
        raise ValueError("replaced_members names no such members")
    found = {path: member_at(record, path) for path in paths}
    if not all(isinstance(reference, Mapping) and isinstance(reference.get("$file"), str) for reference in found.values()):
        raise ValueError("a replaced member is no reference")
    return {path: reference["$file"] for path, reference in found.items()}


def whole(record: Mapping[str, Any], blobs: Mapping[str, bytes]) -> dict[str, Any]:
    """The record as it was before its members were replaced; `blobs` holds their bytes by hash."""
    full = dict(record)
    for path, content_hash in references(record).items():
        full = with_member(full, path, json.loads(blobs[content_hash]))
    return full | {"replaced_members": []}
