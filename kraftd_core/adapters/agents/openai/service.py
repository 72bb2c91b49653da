"""Asks a chat service once, hears its answer as it comes, and says in one sentence what went wrong if it gave none."""

import asyncio
import json
import logging
import re
import time
from collections.abc import AsyncIterator, Awaitable, Callable
from contextlib import AbstractAsyncContextManager, AsyncExitStack, asynccontextmanager
from dataclasses import dataclass, field, replace
from typing import TYPE_CHECKING, Any

from kraftd_core.errors import AgentUnavailable, OtherLanguage
from kraftd_core.ports.engines import AWAY, SILENT, Engine, Tried, heard, under_way, unreachable
from kraftd_core.ports.thinking import Hear, unheard
from kraftd_core.records.calls import Outcome

if TYPE_CHECKING:
    from openai import APIStatusError, AsyncOpenAI

Connect = Callable[[], AbstractAsyncContextManager["AsyncOpenAI"]]
"""Opens a client inside the loop that will use it, and closes it."""

log = logging.getLogger(__name__)

RULES_WRITE = 'KRAFTD_AGENT = "rules"'
"""How the rules are chosen to write, for whoever can set it."""
OPENAI = "https://api.openai.com/v1"
_TOKEN_SCOPE = "https://cognitiveservices.azure.com/.default"  # noqa: S105  the address of a right, no secret
_CONNECT_SECONDS = 5.0
_RETRIES = 3  # the SDK waits 0.5, 1, 2 s between, or as long as the service asks
_MOST_CHARACTERS = 100_000  # far beyond any answer of use
_HEARD_AT_ONCE = 4_000  # characters; each hearing looks at all of them again, so that later ones come
_HEARD_EVERY_SECONDS = 0.2

_TEMPERATURE_OF_ITS_OWN = re.compile(r"o\d|gpt-5")
"""Models that think before they answer take no temperature; others say so when they are asked."""

_ANSWERED: Outcome = "answered"
_FAILED: Outcome = "failed"
_CANCELLED: Outcome = "cancelled"

_EITHER = "Try again, or go on with {way_on}."
_KEY = "{name} refused to let us in. Ask for {setting} to be checked, or go on with {way_on}."
_NO_ACCESS = "{name} does not allow us access. Ask for the rights of {setting} to be checked, or go on with {way_on}."
_NOT_THERE = "{name} does not know what we ask for. Ask for {setting} to be checked, or go on with {way_on}."
_NOT_TAKEN = (
    "{name} does not take the request as it is. Ask whether the model of {setting} can give structured answers, or go on with "
    "{way_on}."
)
_TOO_LONG = "The document is too long for the model at {name}. Go on with {way_on}."
_QUOTA = "The paid volume at {name} is used up. Ask for it to be renewed, or go on with {way_on}."
_BUSY = f"{{name}} has too much to do right now. Wait a minute. {_EITHER}"
_FAULT = f"{{name}} failed on its side. {_EITHER}"
_AWAY = f"{{name}} cannot be reached. {_EITHER}"
_TOO_SLOW = f"{{name}} did not finish within {{seconds:g}} seconds. {_EITHER}"
_REFUSED = f"The model at {{name}} refused to write about this document. {_EITHER}"
_FILTERED = f"The content filter of {{name}} held the document or the answer back. {_EITHER}"
_CUT_BY_US = (
    "The answer of {name} broke off before its end. It was longer than KRAFTD_AGENT_TOKENS allows: ask for that to be raised, or "
    "go on with {way_on}."
)
_NO_SERVICE = (
    "There is no chat service at the address of {name}. Ask for {setting} to be checked, which {form}, or go on with {way_on}."
)
_UNKNOWN_HOST = "There is no computer of the name {name}. Ask for {setting} to be checked, or go on with {way_on}."
_NO_HTTPS = (
    "What answers at {name} has no certificate that is trusted, or speaks no https. Ask for {setting} to be checked, or go on "
    "with {way_on}."
)
_CUT_OFF = f"The answer of {{name}} broke off before its end. {_EITHER}"
_EMPTY = f"{{name}} gave an empty answer. {_EITHER}"
_OTHER_LANGUAGE = f"{{name}} wrote in another language than {{setting}}, twice. {_EITHER}"
_UNCLEAR = f"{{name}} gave an answer that cannot be understood. {_EITHER}"
_LASTS = {_KEY, _NO_ACCESS, _NOT_THERE, _NOT_TAKEN, _QUOTA, _NO_SERVICE, _UNKNOWN_HOST, _NO_HTTPS, _CUT_BY_US}
"""What does not pass by itself."""
_CAUSES = {
    _KEY: "no sign-in", _AWAY: AWAY, _TOO_SLOW: SILENT, _UNKNOWN_HOST: "unknown host",
    _NO_HTTPS: "no trusted https", _CUT_BY_US: "longer than KRAFTD_AGENT_TOKENS", _REFUSED: "refusal",
    _FILTERED: "content filter",
}  # fmt: skip
_NETWORK = {"unknown host": _UNKNOWN_HOST, "no trusted https": _NO_HTTPS, AWAY: _AWAY}
_LIMITS = ("max_completion_tokens", "max_tokens")


@dataclass(frozen=True, slots=True)
class Service:
    """Whom is asked and for how much: its name for people, the settings that name its key, model and address, and the bounds.

    `limit` is the member that bounds the tokens of an answer: `max_completion_tokens` is what OpenAI and Azure take for all
    models, `max_tokens` what servers that speak like them know; where one is refused, the other is taken. `way_on` is what the
    user can go on with without the service.
    """

    name: str
    model: str
    key_setting: str
    model_setting: str
    seconds: float
    tokens: int
    limit: str = "max_completion_tokens"
    way_on: str = "the rule-based summary"
    address_setting: str = ""
    address_form: str = "mostly ends in /v1"
    engine: Engine = field(default_factory=lambda: Engine("writer", "a chat service"), compare=False)

    def unavailable(self, sentence: str, setting: str = "") -> AgentUnavailable:
        """What the user is told of a failure, which the engine takes note of."""
        told = {"name": self.name, "setting": setting, "seconds": self.seconds, "way_on": self.way_on, "form": self.address_form}
        call, said = under_way(), sentence.format(**told)
        cause = call.refusal or _CAUSES.get(sentence, "no usable answer")
        return AgentUnavailable(self.engine.failed(call, cause, said, passes=sentence not in _LASTS))


class _NotSignedIn(AgentUnavailable):
    """The identity gave no token; told in full where the service is known."""


@dataclass(slots=True)
class Answer:
    """What the service said so far, and what it said of itself."""

    text: str = ""
    refusal: str = ""
    ai_model: str = ""
    tokens_used: int | None = None
    prompt_tokens: int | None = None
    completion_tokens: int | None = None
    finish_reason: str | None = None
    parts: list[str] = field(default_factory=list)


def load_sdk() -> None:
    """Imports what takes long to import, for a thread beside the loop."""
    import openai  # noqa: F401


@asynccontextmanager
async def openai_client(base_url: str, key: str | None, seconds: float, **options: Any) -> AsyncIterator["AsyncOpenAI"]:
    """A client of OpenAI or of a server that speaks like it; a local one may ask for no key, the SDK always does."""
    from openai import AsyncOpenAI

    bounds = _bounds(seconds)
    async with AsyncOpenAI(base_url=base_url, api_key=key or "none", **(bounds | options)) as client:
        yield client


@asynccontextmanager
async def azure_client(
    endpoint: str, key: str | None, deployment: str, api_version: str, seconds: float, **options: Any
) -> AsyncIterator["AsyncOpenAI"]:
    """A client of one deployment of Azure OpenAI; without a key it signs in by Entra ID."""
    from openai import AsyncAzureOpenAI

    where: dict[str, Any] = {"azure_endpoint": endpoint, "azure_deployment": deployment, "api_version": api_version}
    bounds = _bounds(seconds)
    async with AsyncExitStack() as closing:
        signs: dict[str, Any] = {"api_key": key} if key else {"azure_ad_token_provider": await _signed_in(closing)}
        yield await closing.enter_async_context(AsyncAzureOpenAI(**(where | bounds | signs | options)))


def _bounds(seconds: float) -> dict[str, Any]:
    """What both kinds of client wait for and repeat, and the ear for what the service says of itself."""
    from openai import DefaultAsyncHttpxClient, Timeout

    timeout = Timeout(seconds, connect=_CONNECT_SECONDS)
    carried = DefaultAsyncHttpxClient(timeout=timeout, event_hooks={"response": [_heard]})
    return {"timeout": timeout, "max_retries": _RETRIES, "http_client": carried}


async def _heard(response: Any) -> None:
    heard(response.status_code, response.headers)


async def _signed_in(closing: AsyncExitStack) -> Callable[[], Awaitable[str]]:
    """Gives tokens; a sign-in that fails is told in our words, because the SDK lets the identity's own error through."""
    from azure.core.exceptions import AzureError
    from azure.identity.aio import DefaultAzureCredential, get_bearer_token_provider

    provider = get_bearer_token_provider(await closing.enter_async_context(DefaultAzureCredential()), _TOKEN_SCOPE)

    async def token() -> str:
        try:
            return await provider()
        except AzureError as error:
            raise _NotSignedIn from error

    return token


async def answered(
    connect: Connect,
    service: Service,
    messages: list[dict[str, str]],
    schema: dict[str, Any] | None,
    hear: Hear,
    told: Callable[[Answer, Outcome, float], None],
) -> Answer:
    """The whole answer; raises AgentUnavailable. `hear` takes the text so far, of a long one a few times a second, and `told`
    what there is of an answer, how it ended and after how many seconds, once in any case.

    Chat completions rather than the newer responses interface: this is what servers that speak like OpenAI understand,
    with a JSON schema as the form of the answer among it.
    """
    asked: dict[str, Any] = {
        "model": service.model,
        "messages": messages,
        "stream": True,
        "stream_options": {"include_usage": True},
        service.limit: service.tokens,
    }
    if not _TEMPERATURE_OF_ITS_OWN.match(service.model):
        asked["temperature"] = 0
    if schema is not None:
        asked["response_format"] = {"type": "json_schema", "json_schema": {"name": "answer", "strict": True, "schema": schema}}
    answer, outcome = Answer(), _FAILED
    with service.engine.call() as call:
        try:
            async with asyncio.timeout(service.seconds):
                await asyncio.to_thread(load_sdk)
                await _streamed(connect, service, asked, hear, answer)
            _complete(answer, service)
            outcome = _ANSWERED
        except TimeoutError as error:  # it may have passed with waiting for as long as the service asked
            raise service.unavailable({429: _BUSY, 503: _FAULT}.get(call.last_status, _TOO_SLOW)) from error
        except asyncio.CancelledError:
            outcome = _CANCELLED
            raise
        finally:
            told(answer, outcome, round(call.seconds, 3))
        log.info("agent answered tokens=%s seconds=%.1f", answer.tokens_used, call.seconds)
        service.engine.succeeded(answer.tokens_used or 0)
    return answer


_READY = {
    "type": "object", "properties": {"ready": {"type": "boolean"}}, "required": ["ready"], "additionalProperties": False
}  # fmt: skip


async def tried(connect: Connect, service: Service, seconds: float) -> Tried:
    """One short question in the form that summaries are asked for, which costs some ten tokens; raises AgentUnavailable."""
    bounded = replace(service, seconds=min(seconds, service.seconds), way_on=f"the rules ({RULES_WRITE})")
    question = [{"role": "user", "content": 'Say that you are ready, as JSON: {"ready": true}.'}]
    answer = await answered(connect, bounded, question, _READY, unheard, lambda *_: None)
    reached = f"model {answer.ai_model or service.model}, {answer.tokens_used or 'unknown'} tokens for the question"
    try:
        is_structured = json.loads(answer.text).keys() == {"ready"}
    except (ValueError, AttributeError, RecursionError):
        is_structured = False
    lacks = f"structured answers, which the model of {service.model_setting} did not give"
    return Tried(reached, () if is_structured else (lacks,))


async def _streamed(connect: Connect, service: Service, asked: dict[str, Any], hear: Hear, answer: Answer) -> None:
    from openai import APIConnectionError, APIError, APIStatusError, APITimeoutError

    _quieten()
    try:
        async with connect() as client, await client.chat.completions.create(**asked) as chunks:
            await _gathered(chunks, answer, service, hear)
    except _NotSignedIn as error:
        raise service.unavailable(_KEY, "the sign-in to Azure") from error
    except APITimeoutError as error:
        raise service.unavailable(_TOO_SLOW) from error
    except APIConnectionError as error:
        raise service.unavailable(_NETWORK[unreachable(error)], service.address_setting or service.model_setting) from error
    except APIStatusError as error:
        if error.status_code == 400 and error.param == "temperature" and "temperature" in asked:
            rest = {name: value for name, value in asked.items() if name != "temperature"}
            return await _streamed(connect, service, rest, hear, answer)  # a model that has its own
        other = next(name for name in _LIMITS if name != service.limit)
        if service.limit in asked and error.status_code in (400, 422) and service.limit in str(error.message):
            tokens = asked.pop(service.limit)
            return await _streamed(connect, service, asked | {other: tokens}, hear, answer)
        raise _what_it_means(error, service) from error
    except APIError as error:  # told in the midst of the answer
        raise service.unavailable(_FILTERED if error.code == "content_filter" else _FAULT) from error
    except (ValueError, TypeError, AttributeError) as error:  # the SDK checks little of what comes
        raise service.unavailable(_UNCLEAR) from error
    return None


def _quieten() -> None:
    """The SDK and what carries it log addresses, and when asked for everything, more: none of it is ours to keep."""
    for name in ("openai", "httpx2", "httpcore2"):
        logging.getLogger(name).setLevel(logging.WARNING)


async def _gathered(chunks: Any, answer: Answer, service: Service, hear: Hear) -> None:
    heard_at, size = 0.0, 0
    async for chunk in chunks:
        size += _added(answer, chunk)
        if size > _MOST_CHARACTERS:
            raise service.unavailable(_UNCLEAR)
        if size <= _HEARD_AT_ONCE or time.monotonic() - heard_at >= _HEARD_EVERY_SECONDS:
            answer.text, heard_at = "".join(answer.parts), time.monotonic()
            hear(answer.text)
    answer.text = "".join(answer.parts)
    hear(answer.text)


def _added(answer: Answer, chunk: Any) -> int:
    """Takes a piece of the stream; how many characters it brought. Only the first choice is asked for."""
    answer.ai_model = str(chunk.model or answer.ai_model)
    if (usage := chunk.usage) is not None:
        counts = (usage.total_tokens, usage.prompt_tokens, usage.completion_tokens)
        told = (count if isinstance(count, int) else None for count in counts)
        answer.tokens_used, answer.prompt_tokens, answer.completion_tokens = told
    if not chunk.choices:  # the head with the filters' verdicts, the foot with the tokens
        return 0
    choice = chunk.choices[0]
    answer.finish_reason = choice.finish_reason or answer.finish_reason
    text, refusal = choice.delta.content or "", choice.delta.refusal or ""
    answer.parts.append(text)
    answer.refusal += refusal
    return len(text) + len(refusal)


def _complete(answer: Answer, service: Service) -> None:
    """Raises AgentUnavailable unless it is an answer."""
    if answer.refusal:
        raise service.unavailable(_REFUSED)
    if answer.finish_reason == "content_filter":
        raise service.unavailable(_FILTERED)
    if not answer.text.strip():
        raise service.unavailable(_CUT_BY_US if answer.finish_reason == "length" else _EMPTY)
    if answer.finish_reason != "stop":
        raise service.unavailable(_CUT_BY_US if answer.finish_reason == "length" else _CUT_OFF)


def other_language(service: Service, wanted: str) -> OtherLanguage:
    """What to say of an answer in another language."""
    return OtherLanguage(str(service.unavailable(_OTHER_LANGUAGE, wanted)))


def unclear(service: Service) -> AgentUnavailable:
    """What to say of an answer whose form or content cannot be used."""
    return service.unavailable(_UNCLEAR)


def _what_it_means(error: "APIStatusError", service: Service) -> AgentUnavailable:
    """The failure in our words, and in the log by its codes alone: messages of the service may quote the document."""
    status, code = error.status_code, str(error.code or "")
    under_way().refused_as(status, code)
    if status == 429:
        return service.unavailable(_QUOTA if code == "insufficient_quota" else _BUSY)
    if code == "content_filter":
        return service.unavailable(_FILTERED)
    if code == "context_length_exceeded" or status == 413:
        return service.unavailable(_TOO_LONG)
    if status == 404:
        is_model = not service.address_setting or _speaks_of_the_model(error)
        told = (_NOT_THERE, service.model_setting) if is_model else (_NO_SERVICE, service.address_setting)
        return service.unavailable(*told)
    if status in (401, 403):
        return service.unavailable(_KEY if status == 401 else _NO_ACCESS, service.key_setting)
    return service.unavailable(_FAULT if status >= 500 or status == 408 else _NOT_TAKEN, service.model_setting)


def _speaks_of_the_model(error: "APIStatusError") -> bool:
    """Whether a 404 says that the model is not there; any other one comes of an address that has no such service."""
    if not isinstance(error.body, dict):
        return False
    said = f"{error.code} {error.message}".lower()
    return "model" in said or "deployment" in said
