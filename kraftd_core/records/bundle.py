"""A workflow as one JSON file that anyone can verify without the application's database."""

import json
from base64 import b64encode
from collections.abc import Mapping, Sequence
from dataclasses import replace
from datetime import datetime
from hashlib import sha256
from typing import Any

from kraftd_core.document.jsontypes import same
from kraftd_core.errors import DocumentRefused
from kraftd_core.records.chain import Signer, Verdict, bytes_of, canonical, is_signed_by, verdict_on
from kraftd_core.records.large_members import references
from kraftd_core.records.stages import JournalSeen, rfc3339

BUNDLE_VERSION = 1
LARGEST_BYTES = 512 * 2**20
_MEMBERS = frozenset(
    {"bundle_version", "export_workflow_id", "exported_at", "head", "records", "files", "blobs", "public_key", "signature"}
)
_LATER = frozenset({"journal"})
"""Members that bundles of earlier applications do not have."""


def bundle_of(
    records: Sequence[Mapping[str, Any]],
    blobs: Mapping[str, bytes],
    exported_at: datetime,
    signer: Signer | None = None,
    journal: JournalSeen | None = None,
) -> dict[str, Any]:
    """The bundle of the records as stored; `blobs` holds, by hash, the bytes of their replaced members.

    `head` names the last record, so that a tail cut off later is found; `journal` is the end of the owner's journal at the
    time of the export. The signature is over both, the workflow and that time, so that a signed head cannot be made to fit
    what is left.
    """
    last = records[-1]
    bundle = {
        "bundle_version": BUNDLE_VERSION,
        "export_workflow_id": last["export_workflow_id"],
        "exported_at": rfc3339(exported_at),
        "head": _head_of(last),
        "journal": journal.model_dump() if journal else None,
        "records": [dict(record) for record in records],
        "files": _files_of(records),
        "blobs": {content_hash: b64encode(content).decode() for content_hash, content in blobs.items()},
    }
    signature = signer.signature_of(_signed_part(bundle)) if signer else None
    return bundle | {"public_key": signer.public_key if signer else None, "signature": signature}


def _head_of(record: Mapping[str, Any]) -> dict[str, Any]:
    return {"sequence": record["sequence"], "record_hash": record["record_hash"]}


def _files_of(records: Sequence[Mapping[str, Any]]) -> dict[str, dict[str, Any]]:
    """The upload and the deliverable, as far as the records name them, by their hashes."""
    places = (("upload", "source", "document_name"), ("deliverable", "deliverable", "filename"))
    files = {}
    for record in records:
        for role, member, name in places:
            described = record.get(member)
            if isinstance(described, Mapping) and isinstance(content_hash := described.get("content_hash"), str):
                size = described.get("file_size_bytes")
                files[content_hash] = {"role": role, "filename": described.get(name), "file_size_bytes": size}
    return files


def _signed_part(bundle: Mapping[str, Any]) -> bytes:
    return canonical({name: bundle[name] for name in ("export_workflow_id", "exported_at", "head", *_LATER) if name in bundle})


# Verifying


def read_bundle(content: bytes) -> Any:
    """The JSON of a bundle's file; raises DocumentRefused for what is no JSON, or could be read in two ways."""
    if len(content) > LARGEST_BYTES:
        raise DocumentRefused(f"The file is larger than {LARGEST_BYTES // 2**20} MB, so it is no bundle. Choose another file.")
    try:
        return json.loads(content.decode(), object_pairs_hook=_object, parse_constant=_no_number)
    except (ValueError, RecursionError) as error:
        raise DocumentRefused("The file is no bundle of a workflow. Export the bundle again and verify that file.") from error


def _object(members: list[tuple[str, Any]]) -> dict[str, Any]:
    made = dict(members)
    if len(made) != len(members):
        raise ValueError("a name stands twice in one object")
    return made


def _no_number(name: str) -> Any:
    raise ValueError(f"{name} is no JSON")


class _Flaw(Exception):
    """Why the bundle does not hold."""


def verify_bundle(bundle: Any, trusted_key: str | None = None) -> Verdict:
    """Whether the bundle is a whole, unaltered workflow; takes any JSON, needs neither database nor files.

    Unsigned, or signed without `trusted_key` given, it can have been made anew from end to end, also with its last
    stages cut off; with `trusted_key` (base64 of an Ed25519 public key) all records and the head must be signed by it.
    """
    try:
        _refuse_malformed(bundle)
        verdict = verdict_on(bundle["records"], trusted_key)
        if verdict.holds:
            _refuse_unfit(bundle)
            _refuse_wrong_signature(bundle, trusted_key)
            _refuse_unfit_blobs(bundle)
            return _consistent(bundle, verdict)
    except _Flaw as flaw:
        return Verdict(False, str(flaw))
    except RecursionError:
        return Verdict(False, "The file is nested too deeply to be a bundle of a workflow.")
    return verdict


def _consistent(bundle: Mapping[str, Any], verdict: Verdict) -> Verdict:
    """What can be said of a bundle that fits together: no more than who signed it vouches for."""
    if bundle["public_key"] is not None:
        return verdict
    return replace(verdict, sentence=f"{_SIGNED_BY_NOBODY} {verdict.sentence}")


_SIGNED_BY_NOBODY = "Consistent, signed by nobody: anyone may have made all of it."


def seal_of(bundle: Mapping[str, Any]) -> dict[str, Any]:
    """What a bundle that holds says of itself: its workflow, its last record, and the one key that signed all of it, or None."""
    signatures = [record.get("signature") or {} for record in bundle["records"]]
    keys = {bundle["public_key"], *(signature.get("public_key") for signature in signatures)}
    signed_by = bundle["public_key"] if len(keys) == 1 else None
    return {"export_workflow_id": bundle["export_workflow_id"], **bundle["head"], "signed_by": signed_by}


def _refuse_malformed(bundle: Any) -> None:
    if not isinstance(bundle, Mapping) or "bundle_version" not in bundle:
        raise _Flaw("The file is no bundle of a workflow. Export the bundle again and verify that file.")
    if not same(bundle["bundle_version"], BUNDLE_VERSION):
        raise _Flaw("The bundle is of a version that this application does not know. Verify it with a newer one.")
    if set(bundle) - _LATER != _MEMBERS:
        raise _Flaw("The bundle was altered: it does not have the members of a bundle.")
    if not isinstance(bundle["records"], list) or not isinstance(bundle["blobs"], Mapping):
        raise _Flaw("The bundle was altered: its records or the contents beside them are malformed.")
    if not _is_journal_end(bundle.get("journal")):
        raise _Flaw("The bundle was altered: what it says of the journal is malformed.")
    if not _is_moment(bundle["exported_at"]):
        raise _Flaw("The bundle was altered: it does not say when it was exported.")


def _is_journal_end(told: Any) -> bool:
    try:
        return told is None or bool(JournalSeen.model_validate(told, strict=True))
    except ValueError:
        return False


def _is_moment(text: Any) -> bool:
    try:
        return bool(rfc3339(datetime.fromisoformat(text)) == text)
    except (TypeError, ValueError, OverflowError):
        return False


def _refuse_unfit(bundle: Mapping[str, Any]) -> None:
    """Refuses what does not fit records that hold."""
    records = bundle["records"]
    if not same(bundle["export_workflow_id"], records[0]["export_workflow_id"]):
        raise _Flaw("The bundle was altered: it names another workflow than its records.")
    if not same(bundle["head"], _head_of(records[-1])):
        raise _Flaw("The bundle's head is not its last record: stages were cut off or added.")
    if not same(bundle["files"], _files_of(records)):
        raise _Flaw("The bundle was altered: its files are not those that the records name.")


def _refuse_wrong_signature(bundle: Mapping[str, Any], trusted_key: str | None) -> None:
    key, signature = bundle["public_key"], bundle["signature"]
    if key is None and signature is None:
        if trusted_key is not None:
            raise _Flaw("The bundle's head is not signed, so the trusted key cannot tell whether stages were cut off.")
        return
    if trusted_key is not None and key != trusted_key:
        raise _Flaw("The bundle's head is signed with another key than the trusted one.")
    if not isinstance(key, str) or not isinstance(signature, str) or not is_signed_by(key, signature, _signed_part(bundle)):
        raise _Flaw("The signature of the bundle's head is not that of its key: the bundle was altered.")


def _refuse_unfit_blobs(bundle: Mapping[str, Any]) -> None:
    try:
        wanted = {content_hash for record in bundle["records"] for content_hash in references(record).values()}
    except ValueError as error:
        raise _Flaw("A record refers to contents in a way that cannot be followed.") from error
    blobs = bundle["blobs"]
    if wanted != set(blobs):
        raise _Flaw("The bundle was altered: the contents beside the records are not those that they refer to.")
    if not all(_is_named_by_hash(content_hash, text) for content_hash, text in blobs.items()):
        raise _Flaw("The bundle was altered: contents that a record refers to are not those that were recorded.")


def _is_named_by_hash(content_hash: str, text: Any) -> bool:
    try:
        return isinstance(text, str) and content_hash == "sha256:" + sha256(bytes_of(text)).hexdigest()
    except ValueError:
        return False
