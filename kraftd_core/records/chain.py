"""Canonical JSON, the hashes and signatures that chain the records, and their verification."""

import json
from base64 import b64decode, b64encode
from collections.abc import Collection, Iterable, Mapping, Sequence
from dataclasses import dataclass
from datetime import datetime
from hashlib import sha256
from typing import Any

import rfc8785

from kraftd_core.document.jsontypes import same
from kraftd_core.errors import SettingsError, StageAlreadyRecorded, StageOutOfOrder
from kraftd_core.records.stages import ExportStage, ExportStatus

UNHASHED = frozenset({"record_hash", "ttl", "_rid", "_self", "_etag", "_attachments", "_ts"})
"""Members outside the hash: the hash itself, the seconds left, and what a store adds (also outside: `signature.value`)."""

# Canonical JSON

_LARGEST_EXACT = 2**53 - 1
_LARGEST_PLAIN = 10**21  # beyond it JavaScript writes whole numbers with an exponent
_ALWAYS_PLAIN = frozenset((str, bool, type(None)))
_encoded = json.JSONEncoder(ensure_ascii=False, sort_keys=True, separators=(",", ":"), check_circular=False).encode


def canonical(value: Any) -> bytes:
    """The RFC 8785 canonical JSON; raises ValueError for what JSON cannot hold.

    Most values go through the encoder of the standard library, which is several times faster and writes the same
    wherever `_is_plain` says so.
    """
    if _is_plain(value):
        return _encoded(value).encode()
    if isinstance(value, Mapping):
        if not all(isinstance(key, str) for key in value):
            raise ValueError("the names of an object are texts")
        members = sorted(value.items(), key=lambda member: member[0].encode("utf-16-be"))
        return b"{" + b",".join(_encoded(name).encode() + b":" + canonical(member) for name, member in members) + b"}"
    if isinstance(value, list):
        return b"[" + b",".join(map(canonical, value)) + b"]"
    return _number_of_javascript(value) or rfc8785.dumps(value)


def _is_plain(value: Any) -> bool:
    """Whether the standard encoder writes the value as RFC 8785 does: no floats that JavaScript writes otherwise,
    and no names whose order in UTF-16 differs from that of their code points."""
    kind = type(value)
    if kind in _ALWAYS_PLAIN:
        return True
    if kind is int:
        return bool(-_LARGEST_EXACT <= value <= _LARGEST_EXACT)
    if kind is float:
        return bool(1e-4 <= abs(value) < 1e16) and not value.is_integer()
    if kind is list:
        return all(map(_is_plain, value))
    return kind is dict and _are_plain_names(value) and all(map(_is_plain, value.values()))


def _are_plain_names(names: Iterable[Any]) -> bool:
    try:
        letters = "".join(names)
    except TypeError:  # one is no text
        return False
    return letters.isascii() or max(letters) < "\ud800"


def _number_of_javascript(value: Any) -> bytes | None:
    """A double above 2^53 as stores written in JavaScript give it back: 1e16 with all its zeros."""
    if isinstance(value, int) and _LARGEST_EXACT < abs(value) < _LARGEST_PLAIN:
        text = rfc8785.dumps(float(value))
        return text if text == str(value).encode() else None
    return None


# Hashing and signing


def hash_of(record: Mapping[str, Any]) -> str:
    """SHA-256 over the canonical JSON of a record as stored, in hex.

    The public key of a signature is inside the hash, its value is not: a signature can neither be taken away nor given
    to another key without altering the record.
    """
    hashed = {name: value for name, value in record.items() if name not in UNHASHED}
    if isinstance(signature := hashed.get("signature"), Mapping):
        hashed["signature"] = {name: value for name, value in signature.items() if name != "value"}
    return sha256(canonical(hashed)).hexdigest()


class Signer:
    """Signs with an Ed25519 key.

    Hashes alone find whoever alters some records; who may rewrite the whole store can compute new hashes for all of
    them. A signature stops that one too, as long as the verifier knows the public key from elsewhere.
    """

    def __init__(self, seed: bytes) -> None:
        from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PrivateKey

        self._key = Ed25519PrivateKey.from_private_bytes(seed)
        self.public_key = b64encode(self._key.public_key().public_bytes_raw()).decode()
        """Base64 of the 32 bytes of the public key."""

    @classmethod
    def from_setting(cls, text: str) -> "Signer":
        """The signer of KRAFTD_SIGNING_KEY, base64 of the 32 bytes of the private seed; raises SettingsError."""
        try:
            return cls(b64decode(text, validate=True))
        except ValueError:  # its text could hold the key
            raise SettingsError(
                "The setting KRAFTD_SIGNING_KEY cannot be used: it is not 32 bytes in base64. Correct it and start again."
            ) from None

    def signature_of(self, message: bytes) -> str:
        """The signature of the message, in base64."""
        return b64encode(self._key.sign(message)).decode()


def is_signed_by(public_key: str, signature: str, message: bytes) -> bool:
    """Whether the signature over the message was made with the private half of the key."""
    from cryptography.exceptions import InvalidSignature
    from cryptography.hazmat.primitives.asymmetric.ed25519 import Ed25519PublicKey

    try:
        Ed25519PublicKey.from_public_bytes(bytes_of(public_key)).verify(bytes_of(signature), message)
    except (InvalidSignature, ValueError):
        return False
    return True


def bytes_of(text: str) -> bytes:
    """The bytes of a base64 text in its one proper form, so that no other text stands for them; raises ValueError."""
    content = b64decode(text, validate=True)
    if b64encode(content).decode() != text:
        raise ValueError("not the proper base64 of its bytes")
    return content


def sealed(body: Mapping[str, Any], signer: Signer | None = None) -> dict[str, Any]:
    """The record as it is to be stored: with its hash, and signed if there is a signer."""
    if signer is None:
        return {**body, "record_hash": hash_of(body)}
    signed_by = {"public_key": signer.public_key}
    record_hash = hash_of({**body, "signature": signed_by})
    signature = signed_by | {"value": signer.signature_of(record_hash.encode())}
    return {**body, "signature": signature, "record_hash": record_hash}


# Verifying


@dataclass(frozen=True, slots=True)
class Verdict:
    """Whether something holds, why in one sentence, and the stage (from 1) that does not hold if it is one's fault.

    `compared` and `not_compared` name what records that lie in a store were held against, and what they could not be.
    """

    holds: bool
    sentence: str
    stage: int | None = None
    compared: tuple[str, ...] = ()
    not_compared: tuple[str, ...] = ()


_STAGES = list(zip((s.value for s in ExportStage), (s.value for s in ExportStatus), strict=True))
_SHARED = {
    "export_workflow_id": "workflow",
    "owner_email": "owner",
    "document_id": "document",
    "document_name": "document name",
    "workflow_started_at": "start",
    "expiration_date": "expiration date",
    "regenerated_from": "workflow it was regenerated from",
}


def verify(records: Sequence[Any], trusted_key: str | None = None) -> Verdict | None:
    """The first record of a workflow, as stored, that does not hold, and why; None if all hold.

    Outside the hash are only the hash itself, what a store adds, and `ttl`, which is set anew when a record is sent on:
    a ttl that is no positive whole number, or longer than the record has left, is found nevertheless.
    Without `trusted_key` (base64 of an Ed25519 public key) signatures are checked against the keys in the records, so
    someone who rewrites all records and signs them with a key of their own is not found. With it every record must be
    signed by that key. A workflow whose last stages are missing holds: see the bundle for its end.
    """
    if not records:
        return Verdict(False, "Stage 1 is missing.", 1)
    for position in range(1, len(records) + 1):
        try:
            flaw = _flaw(records, position, trusted_key)
        except RecursionError:
            flaw = f"Stage {position} is nested too deeply to be a record."
        if flaw is not None:
            return Verdict(False, flaw, position)
    return None


def verdict_on(records: Sequence[Any], trusted_key: str | None = None) -> Verdict:
    """What `verify` found, also in a sentence where all records hold: it says how far that goes."""
    flawed = verify(records, trusted_key)
    if flawed is not None:
        return flawed
    stages = "Stage 1 holds" if len(records) == 1 else f"Stages 1 to {len(records)} hold"
    if trusted_key is not None:
        return Verdict(True, f"{stages}: nothing was altered, and the trusted key signed it all.")
    if all(record.get("signature") for record in records):
        return Verdict(True, f"{stages}: nothing was altered. Who signed it is only known by comparing the public key.")
    return Verdict(True, f"{stages}: nothing was altered alone. Without signatures, rewriting everything would not be found.")


def _flaw(records: Sequence[Any], position: int, trusted_key: str | None) -> str | None:
    record = records[position - 1]
    if position > len(_STAGES):
        return f"Stage {position} is one too many: a workflow has {len(_STAGES)}."
    if not isinstance(record, Mapping):
        return f"Stage {position} is no record."
    if not same(record.get("sequence"), position):
        return f"Stage {position} is missing."
    if not has_its_hash(record):
        return f"Stage {position} was altered after it was recorded."
    previous = records[position - 2]["record_hash"] if position > 1 else None
    if record.get("previous_hash") != previous:
        return f"Stage {position} does not name the stage before it, so one of the two was replaced."
    return (
        _place_flaw(record, records[0], position)
        or _ttl_flaw(record, position)
        or _signature_flaw(record, position, trusted_key)
    )


def has_its_hash(record: Mapping[str, Any]) -> bool:
    """Whether a stored record is what was hashed when it was recorded; False of whatever is no record."""
    try:
        return bool(record.get("record_hash") == hash_of(record))
    except ValueError:
        return False


def misplaced(records: Sequence[Any], export_workflow_id: str, owner_email: str) -> Verdict | None:
    """The first record that stands under this workflow and owner but names another; None if there is none."""
    asked = (export_workflow_id, owner_email)
    for position, record in enumerate(records, 1):
        if isinstance(record, Mapping) and (record.get("export_workflow_id"), record.get("owner_email")) != asked:
            return Verdict(False, f"Stage {position} belongs to another workflow or owner than the one it is kept for.", position)
    return None


def _place_flaw(record: Mapping[str, Any], first: Mapping[str, Any], position: int) -> str | None:
    """Why the record is not the one of this place in its workflow, though its own hash holds."""
    for name, called in _SHARED.items():
        if not same(record.get(name), first.get(name)):
            return f"Stage {position} names another {called} than stage 1."
    workflow = record.get("export_workflow_id")
    if not isinstance(workflow, str) or record.get("id") != f"{workflow}:{position}":
        return f"Stage {position} has the id of another record."
    if (record.get("stage"), record.get("status")) != _STAGES[position - 1]:
        return f"Stage {position} has the stage or the status of another one."
    for earlier in range(1, position):
        if record.get(f"stage{earlier}_id") != f"{workflow}:{earlier}":
            return f"Stage {position} does not link to stage {earlier}."
    return None


def _ttl_flaw(record: Mapping[str, Any], position: int) -> str | None:
    try:
        left = datetime.fromisoformat(record["expiration_date"]) - datetime.fromisoformat(record["timestamp"])
    except (KeyError, TypeError, ValueError):
        return f"Stage {position} does not say when it was recorded and when it expires."
    ttl = record.get("ttl")
    if type(ttl) is not int or not 0 < ttl <= max(1, int(left.total_seconds())):
        return f"Stage {position} would be kept for another time than recorded: its ttl was altered."
    return None


def _signature_flaw(record: Mapping[str, Any], position: int, trusted_key: str | None) -> str | None:
    signature = record.get("signature")
    if signature is None:
        return None if trusted_key is None else f"Stage {position} is not signed, so the trusted key says nothing about it."
    if not _is_signature(signature):
        return f"Stage {position} carries a malformed signature."
    if trusted_key is not None and signature["public_key"] != trusted_key:
        return f"Stage {position} is signed with another key than the trusted one."
    if not is_signed_by(signature["public_key"], signature["value"], record["record_hash"].encode()):
        return f"The signature of stage {position} is not that of its key."
    return None


def is_signed_as_told(record: Mapping[str, Any]) -> bool:
    """Whether the signature of a record is that of the key that it names; also where it says that nobody signed it."""
    signature = record.get("signature")
    if signature is None:
        return True
    return _is_signature(signature) and is_signed_by(signature["public_key"], signature["value"], record["record_hash"].encode())


def _is_signature(value: Any) -> bool:
    if not isinstance(value, Mapping) or set(value) != {"public_key", "value"}:
        return False
    return all(isinstance(text, str) for text in value.values())


# Comparing two recordings of one stage

_TIMES = frozenset({"timestamp", "generated_at", "processing_time_ms", "extraction_time_ms", "calls", "cost"})
_UNCOMPARED: dict[str, frozenset[str]] = {
    "source": frozenset({"reading_cost"}),
    "initial_summary_metadata": _TIMES,
    "user_actions": frozenset({"editing_time_seconds", "edits_per_minute"}),
    "final_summary_metadata": _TIMES,
    "presentation_plan": frozenset({"calls"}),
    "deliverable": frozenset({"generated_at", "content_hash", "file_size_bytes"}),
    "workflow_summary": frozenset({"total_time_seconds", "stage1_time_seconds", "stage2_time_seconds", "stage3_time_seconds"}),
}
_UNCOMPARED_MEMBERS = UNHASHED | {
    "timestamp", "workflow_started_at", "expiration_date", "previous_hash", "traceability", "signature", "kind", "actor",
    "journal_seen",
}  # fmt: skip


def content_of(record: Mapping[str, Any]) -> dict[str, Any]:
    """What makes two recordings of a stage the same: all but timestamps, measured times, hashes and who did it.

    A file's hash and size are left out because the file prints the time of its making. A member that lies in the file
    store is compared by its canonical hash, because its bytes also keep the order of its names.
    """
    for path in record.get("replaced_members", ()):
        record = with_member(record, path, {"content": member_at(record, path)["content"]})
    return {
        name: {k: v for k, v in value.items() if k not in _UNCOMPARED[name]}
        if name in _UNCOMPARED and isinstance(value, Mapping) else value
        for name, value in record.items()
        if name not in _UNCOMPARED_MEMBERS
    }


def member_at(record: Mapping[str, Any], path: str) -> Any:
    """The member at a path such as `changes` or `source.di_metadata`; None where there is none."""
    value: Any = record
    for name in path.split("."):
        value = value.get(name) if isinstance(value, Mapping) else None
    return value


def with_member(record: Mapping[str, Any], path: str, value: Any) -> dict[str, Any]:
    """The record with another value at a path whose owner exists."""
    name, _, rest = path.partition(".")
    return {**record, name: with_member(record[name], rest, value) if rest else value}


_SINCE: dict[int, frozenset[str]] = {
    2: frozenset({"findings", "grounding", "presentation_plan", "source.type_confidence"}),
    3: frozenset({
        "looked_at", "suggestions", "initial_summary_metadata.prompt_version", "final_summary_metadata.prompt_version",
        "presentation_plan.prompt_version", "presentation_plan.tokens_used",
    }),
    4: frozenset({
        "review_mode", "reviewer", "grounding.contradictions", "grounding.language", "grounding.not_checked",
        "grounding.added_by_rule", "prose_decision", "summary_chosen", "reading_ledger",
    }),
}
"""The members that each version of the schema added: records of the versions before could not tell them."""

_UNTOLD = frozenset({
    "schema_version", "replaced_members", "findings", "headline", "search_text", "ai_final_summary.learning_insights",
})  # fmt: skip
"""What may differ between two recordings of one content by other versions, or on another day: what the checks say
follows from the data, the history as it then was, and the checks of that version; what a document is called in the
history, from its data and name and how that version writes them; what was learned, from other reviews."""


def stored_if_same(stored: Mapping[str, Any], record: Mapping[str, Any]) -> Mapping[str, Any]:
    """What a store answers where the stage is recorded already: the stored record, if it is the same content.

    Raises StageAlreadyRecorded.
    """
    if not same(_told_by_both(stored, record), _told_by_both(record, stored)):
        raise StageAlreadyRecorded("This stage was recorded already, with other content. Reload the page to see it.")
    return stored


def _told_by_both(record: Mapping[str, Any], other: Mapping[str, Any]) -> dict[str, Any]:
    """The record's content, as far as the schema of the other one can tell it, and wherever either keeps it."""
    for path in set(other.get("replaced_members", ())) - set(record.get("replaced_members", ())):
        content = sha256(canonical(member_at(record, path))).hexdigest()
        record = with_member(record, path, {"content": f"sha256:{content}"})
    oldest = min(record.get("schema_version", 1), other.get("schema_version", 1))
    newer = {path for version, paths in _SINCE.items() if version > oldest for path in paths}
    return _without(content_of(record), newer | _UNTOLD)


def _without(record: Mapping[str, Any], paths: Collection[str]) -> dict[str, Any]:
    """The record without some members; a path names a member of the record, or one of a member of it."""
    return {
        name: {k: v for k, v in value.items() if f"{name}.{k}" not in paths} if isinstance(value, Mapping) else value
        for name, value in record.items()
        if name not in paths
    }


def refuse_out_of_order(previous_hash: str | None, record: Mapping[str, Any]) -> None:
    """Raises StageOutOfOrder unless the stage before is recorded, under this hash, and is the one that the record names."""
    if previous_hash is None:
        raise StageOutOfOrder("The stage before this one is not recorded. Open the document from the history and go on there.")
    if previous_hash != record["previous_hash"]:
        raise StageOutOfOrder("This stage does not follow the one that is recorded. Open the document from the history.")
