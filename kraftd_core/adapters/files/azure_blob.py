"""Keeps uploads and deliverables in Azure Blob Storage, each under a hash of the owner and its SHA-256."""

import asyncio
import re
from collections.abc import AsyncGenerator, AsyncIterator, Callable, Mapping
from contextlib import aclosing, asynccontextmanager, suppress
from datetime import datetime
from hashlib import md5, sha256
from typing import TYPE_CHECKING, Any, NoReturn

from kraftd_core.adapters.files.stored import CHUNK_BYTES, altered, digest_in, folder_of, intact, intact_chunks, missing
from kraftd_core.errors import SettingsError, StoreRefused, StoreUnavailable
from kraftd_core.ports.engines import SILENT, Call, Engine, Tried, heard, unreachable
from kraftd_core.records.stages import rfc3339

if TYPE_CHECKING:
    from azure.storage.blob.aio import BlobClient, ContainerClient, StorageStreamDownloader

NAME = "Azure Blob Storage"
_EXPIRY = "keep_until"
_FETCHED_BYTES = 2 * 2**20
"""What is asked of the service at once; of a file that is handed on, the client holds up to five times that."""
_TRIES = 10
"""How often a put starts anew because another put or a purge touched the same file in between."""


def _heard(response: Any) -> None:
    heard(response.http_response.status_code, response.http_response.headers)


_BOUNDS: dict[str, Any] = {
    "retry_total": 0, "connection_timeout": 2, "read_timeout": 10, "raw_response_hook": _heard,
    "max_single_get_size": _FETCHED_BYTES, "max_chunk_get_size": _FETCHED_BYTES,
}  # fmt: skip


def blob_container(connection_string: str, container: str, **options: Any) -> "ContainerClient":
    """A client of the container, which need not exist yet; each network step is bounded. Raises SettingsError.

    Without the bounds a dead address blocks for more than a minute.
    """
    from azure.storage.blob.aio import ContainerClient

    refusal = SettingsError("KRAFTD_BLOB_CONNECTION_STRING is no connection string with a key. Copy it from the storage account.")
    if not re.search("(AccountKey|SharedAccessSignature)=.", connection_string, re.IGNORECASE):
        raise refusal  # the client would go on without signing in
    try:
        return ContainerClient.from_connection_string(connection_string, container, **(_BOUNDS | options))
    except ValueError as error:
        raise refusal from error


def signed_in_container(endpoint: str, container: str, **options: Any) -> "ContainerClient":
    """A client of the container that signs in by Entra ID, bounded likewise; closing it closes the sign-in."""
    from azure.identity.aio import DefaultAzureCredential
    from azure.storage.blob.aio import ContainerClient

    class Signed(ContainerClient):
        async def close(self) -> None:
            await super().close()
            await credential.close()

    credential = DefaultAzureCredential()
    return Signed(endpoint, container, credential=credential, **(_BOUNDS | options))


class AzureBlobFiles:
    """Files in one container. What was put is never overwritten by anything but its own bytes.

    The expiry stands in a blob's metadata. It is moved, and an expired blob is removed, only if nobody touched the blob
    since it was looked at, so that a put that was acknowledged is never swept by a purge that had looked before.
    """

    def __init__(
        self,
        connect: Callable[[], "ContainerClient"],
        call_seconds: float = 30.0,
        setting: str = "KRAFTD_BLOB_CONNECTION_STRING",
        engine: Engine | None = None,
    ) -> None:
        """`setting` is the one that names the account."""
        self._connect = connect
        self._setting = setting
        self._engine = engine or Engine("files", NAME)
        self._call_seconds = call_seconds
        self._connected: ContainerClient | None = None

    @property
    def _container(self) -> "ContainerClient":
        """The client, made within the event loop that it then belongs to."""
        if self._connected is None:
            self._connected = self._connect()
        return self._connected

    async def close(self) -> None:
        """Closes the connections."""
        if self._connected is not None:
            await self._connected.close()

    async def put(self, owner_email: str, content: bytes, keep_until: datetime) -> str:
        """See the port; the container is made where it is missing."""
        digest = sha256(content).hexdigest()
        async with self._bounded():
            blob = self._container.get_blob_client(_name(owner_email, digest))
            for _ in range(_TRIES):
                if await self._put(blob, content, rfc3339(keep_until)):
                    return f"sha256:{digest}"
        raise StoreUnavailable("The file is being kept by others at the same time. Try again.")

    async def _put(self, blob: "BlobClient", content: bytes, expiry: str) -> bool:
        """Whether it is kept; False if someone else came between and it must be looked at anew."""
        from azure.core.exceptions import ResourceExistsError, ResourceModifiedError, ResourceNotFoundError

        try:
            await blob.upload_blob(content, metadata={_EXPIRY: expiry})
        except ResourceNotFoundError:
            await self._make_container()
            return False
        except ResourceExistsError:
            try:
                await _keep_longer(blob, content, expiry)
            except (ResourceNotFoundError, ResourceModifiedError):
                return False
        return True

    async def _make_container(self) -> None:
        from azure.core.exceptions import ResourceExistsError

        try:
            await self._container.create_container()
        except ResourceExistsError:  # another process was faster
            return

    async def get(self, owner_email: str, content_hash: str) -> bytes:
        """See the port."""
        from azure.core.exceptions import ResourceNotFoundError

        digest = digest_in(content_hash)
        try:
            async with self._bounded():
                content: bytes = await (await self._container.download_blob(_name(owner_email, digest))).readall()
        except ResourceNotFoundError as error:
            raise missing() from error
        return intact(content, digest)

    async def chunks(self, owner_email: str, content_hash: str) -> AsyncGenerator[bytes]:
        """See the port; what is fetched at once is known to be right before its first piece is handed on."""
        digest = digest_in(content_hash)
        fetched = intact_chunks(self._fetched(_name(owner_email, digest)), digest)
        return _in_small_pieces(await anext(fetched), fetched)

    async def _fetched(self, name: str) -> AsyncIterator[bytes]:
        """A blob as it comes from the service, all of it as it was at the beginning; each step is bounded."""
        from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError

        try:
            async with self._bounded():
                blob: StorageStreamDownloader[bytes] = await self._container.download_blob(name)
            parts = blob.chunks()
            while True:
                async with self._bounded():
                    part = await anext(parts, None)
                if part is None:
                    return
                yield part
        except ResourceNotFoundError as error:
            raise missing() from error
        except ResourceModifiedError as error:
            raise altered() from error

    async def check(self) -> bool:
        """Whether the storage account answers; raises StoreUnavailable. The container may still be missing."""
        async with self._bounded():
            await self._container.exists()
        return True

    async def tried(self) -> Tried:
        """What is reached, and whether files may be written; nothing is. Raises StoreUnavailable."""
        name = self._container.container_name
        async with self._bounded():
            if not await self._container.exists():
                return Tried(f"container {name}, made at first use")
            await _may_write(self._container.get_blob_client(_PROBE))
        return Tried(f"container {name}")

    async def altered(self) -> AsyncIterator[str]:
        """See the port: Azure looks after its own disks, and each file is held against its name when it is read."""
        nothing: tuple[str, ...] = ()
        for name in nothing:
            yield name

    async def purge(self, now: datetime) -> int:
        """See the port; what is no file of ours stays."""
        gone, page = 0, self._container.list_blobs(include=["metadata"]).by_page()
        while (blobs := await self._next(page)) is not None:
            for blob in blobs:
                expiry = (blob.metadata or {}).get(_EXPIRY)
                if expiry is not None and expiry <= rfc3339(now):
                    gone += await self._removed(blob)
        return gone

    async def _next(self, pages: AsyncIterator[AsyncIterator[Any]]) -> list[Any] | None:
        from azure.core.exceptions import ResourceNotFoundError

        try:
            async with self._bounded():
                page = await anext(pages, None)
                return None if page is None else [blob async for blob in page]
        except ResourceNotFoundError:  # no container, so no file yet
            return None

    async def _removed(self, blob: Any) -> bool:
        from azure.core import MatchConditions
        from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError

        etag = blob.etag if blob.etag.startswith('"') else f'"{blob.etag}"'  # lists leave the quotes out
        try:
            async with self._bounded():
                await self._container.delete_blob(blob.name, etag=etag, match_condition=MatchConditions.IfNotModified)
        except (ResourceModifiedError, ResourceNotFoundError):  # it was put again, or someone else removed it
            return False
        return True

    @asynccontextmanager
    async def _bounded(self) -> AsyncIterator[None]:
        """Bounds the time, and says what a failure means; of a missing or a touched blob the caller makes what it means."""
        from azure.core.exceptions import AzureError, ResourceModifiedError, ResourceNotFoundError

        with self._engine.call() as call:
            try:
                async with asyncio.timeout(self._call_seconds):
                    yield
            except ResourceNotFoundError as error:
                if not (error.status_code == 404 and _is_of_azure(error.response)):
                    self._fail(call, error)
                self._engine.succeeded()
                raise
            except ResourceModifiedError:
                self._engine.succeeded()
                raise
            except (AzureError, TimeoutError, OSError, ValueError, LookupError, TypeError, AttributeError) as error:
                self._fail(call, error)  # the later kinds come of answers that are none: the client checks little
            self._engine.succeeded()

    def _fail(self, call: Call, error: BaseException) -> NoReturn:
        cause, sentence, passes = _told(error)
        said = self._engine.failed(call, cause, sentence.format(setting=self._setting), passes=passes)
        raise (StoreUnavailable if passes else StoreRefused)(said) from error


_AWAY = "The file store cannot be reached. Nothing was lost; try again in a moment."
_TOO_SLOW = "The file store cannot be reached: it did not answer in time. Nothing was lost; try again in a moment."
_FAULT = "The file store cannot be reached: it failed on its side. Nothing was lost; try again in a few minutes."
_NO_FORM = (
    "What answered in the place of the file store gave no answer of its kind (a proxy or a sign-in page may stand in between). "
    "Nothing was lost; try again in a moment."
)
_CORRECT = "Ask for {setting} to be corrected, then start again."
_KEY = f"The file store refused access. {_CORRECT}"
_NO_IDENTITY = (
    "Nobody is signed in to Azure on this computer, so the file store cannot be asked. Ask for an identity to be given to it, or "
    "for KRAFTD_BLOB_CONNECTION_STRING to be set in place of {setting}."
)
_NO_KEYS = "The file store takes no keys at this account. Ask for KRAFTD_BLOB_ENDPOINT to be set in place of {setting}."
_ROLE = "The identity may not do this in the file store. Ask for the role Storage Blob Data Contributor to be given to it."
_FIREWALL = (
    "The file store refused access: its firewall does not let this computer in, or the key is not the account's. Ask for the "
    "account's page Networking and for {setting} to be checked."
)
_EXPIRED = "The shared access signature of the file store is over or gives too few rights. Ask for {setting} to be renewed."
_UNKNOWN_HOST = f"There is no computer of the name by which the file store is called. {_CORRECT}"
_NO_HTTPS = f"What answers in the place of the file store has no certificate that is trusted, or speaks no https. {_CORRECT}"
_NOT_THERE = f"There is no file store at its address. {_CORRECT}"
_BY_CODE = {
    "AuthorizationPermissionMismatch": _ROLE, "AuthorizationFailure": _FIREWALL, "KeyBasedAuthenticationNotPermitted": _NO_KEYS,
    "AuthorizationServiceMismatch": _EXPIRED, "AuthorizationResourceTypeMismatch": _EXPIRED, "AccountIsDisabled": _KEY,
}  # fmt: skip
_BY_REASON = {"unknown host": _UNKNOWN_HOST, "no trusted https": _NO_HTTPS}
_PROBE = "check"


def _told(error: BaseException) -> tuple[str, str, bool]:
    """What a failure means: a code for the log, the sentence, and whether it may pass by itself."""
    from azure.core.exceptions import AzureError, ClientAuthenticationError, HttpResponseError

    status, code = getattr(error, "status_code", None), getattr(error, "error_code", None)
    named = str(getattr(code, "value", code) or "")
    if isinstance(error, ClientAuthenticationError) and not status:
        return "no sign-in", _NO_IDENTITY, False
    if status in (401, 403):
        cause = f"status={status}" + f"/{named}" * bool(re.fullmatch(r"\w{1,60}", named))
        return cause, _BY_CODE.get(named, _KEY), False
    if status == 404 or named == "InvalidUri":
        return f"status={status}", _NOT_THERE, False
    if isinstance(error, HttpResponseError) and status and status >= 400:
        return f"status={status}", _FAULT, True
    if isinstance(error, TimeoutError):
        return SILENT, _TOO_SLOW, True
    if not isinstance(error, (AzureError, OSError)) and "base64" in str(error).lower():
        return "key is no base64", _KEY, False
    if not isinstance(error, (AzureError, OSError)) or status:
        return f"no answer of its kind ({type(error).__name__})", _NO_FORM, True
    reason = unreachable(error)
    return reason, _BY_REASON.get(reason, _AWAY), reason not in _BY_REASON


def _is_of_azure(response: Any) -> bool:
    """Whether an answer is the service's own: each names its request."""
    return response is None or bool(response.headers.get("x-ms-request-id"))


async def _may_write(blob: "BlobClient") -> None:
    """Tries to replace a blob that is not there: who may not write is refused before that is found."""
    from azure.core import MatchConditions
    from azure.core.exceptions import ResourceModifiedError, ResourceNotFoundError

    with suppress(ResourceModifiedError, ResourceNotFoundError):
        await blob.upload_blob(b"", overwrite=True, etag='"0x0"', match_condition=MatchConditions.IfNotModified)


async def _in_small_pieces(first: bytes, others: AsyncGenerator[bytes]) -> AsyncGenerator[bytes]:
    async with aclosing(others):
        part: bytes | None = first
        while part is not None:
            for start in range(0, len(part), CHUNK_BYTES):
                yield part[start : start + CHUNK_BYTES]
            part = await anext(others, None)


def _name(owner_email: str, digest: str) -> str:
    return f"{folder_of(owner_email)}/{digest}"


async def _keep_longer(blob: "BlobClient", content: bytes, expiry: str) -> None:
    """Moves the expiry of a blob that is there later, and mends it if it was altered; only as it was looked at."""
    from azure.core import MatchConditions

    found = await blob.get_blob_properties()
    as_found: dict[str, Any] = {"etag": found.etag, "match_condition": MatchConditions.IfNotModified}
    metadata = _later(found.metadata or {}, expiry)
    stored_md5 = found.content_settings.content_md5
    if stored_md5 is None or bytes(stored_md5) != md5(content, usedforsecurity=False).digest():
        await blob.upload_blob(content, overwrite=True, metadata=metadata, **as_found)
    elif metadata != found.metadata:
        await blob.set_blob_metadata(metadata, **as_found)


def _later(metadata: Mapping[str, str], expiry: str) -> dict[str, str]:
    return {**metadata, _EXPIRY: max(expiry, metadata.get(_EXPIRY, ""))}
