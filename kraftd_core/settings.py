"""The settings: environment first, then `.streamlit/secrets.toml`; frozen once read."""

import json
import os
import re
import tomllib
from base64 import b64decode
from collections.abc import Iterator, Mapping
from contextlib import suppress
from difflib import get_close_matches
from ipaddress import ip_address
from pathlib import Path
from typing import TYPE_CHECKING, Annotated, Any, Literal, Self
from urllib.parse import urlsplit

from pydantic import AfterValidator, BeforeValidator, Field, SecretStr, ValidationError, field_validator, model_validator
from pydantic_core import PydanticCustomError
from pydantic_settings import (
    BaseSettings,
    NoDecode,
    PydanticBaseSettingsSource,
    SettingsConfigDict,
    TomlConfigSettingsSource,
)

from kraftd_core.document.kinds import KINDS
from kraftd_core.errors import AddressRefused, SettingsError
from kraftd_core.people.actor import canonical_email
from kraftd_core.people.withholding import EVERY_WITHHELD, Withheld

if TYPE_CHECKING:
    from pydantic_core import ErrorDetails


def _fits(pattern: str, otherwise: str) -> AfterValidator:
    """Refuses in words what has another form: a pattern tells nobody what to write."""

    def check(text: str) -> str:
        if not re.fullmatch(pattern, text):
            raise ValueError(otherwise)
        return text

    return AfterValidator(check)


ModelId = Annotated[str, _fits(r"[A-Za-z0-9][A-Za-z0-9._~-]{1,63}", "a model's id has 2 to 64 letters, digits and - . _ ~")]
"""The name of a model in Document Intelligence."""

_LONGEST_SECONDS = 3600.0
Seconds = Annotated[float, Field(gt=0, le=_LONGEST_SECONDS, allow_inf_nan=False)]


def _sendable(key: SecretStr) -> SecretStr:
    """A key as it goes into a header; a line break behind it is easily copied along."""
    text = key.get_secret_value().strip()
    if not text:
        raise ValueError("it is empty")
    if not text.isascii() or not text.isprintable() or " " in text:
        raise ValueError("it holds characters that no key has, such as a space or a line break")
    return SecretStr(text)


ApiKey = Annotated[SecretStr, AfterValidator(_sendable)]
"""A key that is sent in a header."""


def _base64(key: SecretStr) -> SecretStr:
    text = _sendable(key).get_secret_value()
    if "accountkey=" in text.lower():
        raise ValueError("it is a connection string; take the key alone, which stands behind AccountKey=")
    try:
        b64decode(text, validate=True)
    except ValueError as error:
        raise ValueError("it is no base64, as the keys of an account are; copy the primary key whole") from error
    return SecretStr(text)


AccountKey = Annotated[SecretStr, AfterValidator(_base64)]
"""A key that signs requests."""


def _address(text: str) -> str:
    """An address as it is called; what is easily copied in its place is told apart. What was given is never quoted."""
    text = text.strip()
    if "accountendpoint=" in text.lower() or "accountkey=" in text.lower():
        raise ValueError("it is a connection string; take the address alone, https://…")
    try:
        parts, port = urlsplit(text), urlsplit(text).port
    except ValueError as error:
        raise ValueError("it is no address such as https://name.example.com") from error
    if parts.scheme not in ("http", "https") or not _is_host(parts.hostname or "") or port == 0 or re.search(r"\s", text):
        raise ValueError("it is no address such as https://name.example.com")
    if parts.username or parts.password:
        raise ValueError("it holds a name or a password, which do not belong into an address")
    if parts.query or parts.fragment:
        raise ValueError("it goes on behind the address with ? or #; end it before that")
    return text


def _is_host(name: str) -> bool:
    with suppress(ValueError):
        return bool(ip_address(name))
    labels = name.rstrip(".").split(".")
    return len(name) <= 253 and all(re.fullmatch(r"[a-z0-9_]([a-z0-9_-]{0,61}[a-z0-9_])?", label) for label in labels)


def _bare(text: str) -> str:
    """The address of a resource, without what stands behind it when it is called."""
    if re.match(r"https?://[^/?#]+(/[^?#]*)?/(openai|formrecognizer|documentintelligence|dbs)([/?#]|$)", text.strip()):
        raise ValueError('it is the whole address of a call ("Target URI"); end it behind the name of the host')
    return _address(text)


def _base_url(text: str) -> str:
    if re.search(r"/(chat/completions|completions|responses|models)/?(\?.*)?$", text.strip()):
        raise ValueError("it is the whole address of a call; end it before /chat/completions, mostly with /v1")
    return _address(text)


Endpoint = Annotated[str, BeforeValidator(lambda given: _bare(given) if isinstance(given, str) else given)]
"""The address of a resource at Azure."""
BaseUrl = Annotated[str, BeforeValidator(lambda given: _base_url(given) if isinstance(given, str) else given)]
"""The address that the routes of a chat service begin with."""
Database = Annotated[str, _fits(r"[^/\\?#]{0,254}[^/\\?# ]", "the name of a database has no / \\ ? # and ends with no space")]
Container = Annotated[
    str,
    _fits(r"(?!.*--)[a-z0-9][a-z0-9-]{1,61}[a-z0-9]", "a container's name has 3 to 63 small letters, digits and single hyphens"),
]
Deployment = Annotated[str, _fits(r"[A-Za-z0-9._-]{1,64}", "a deployment's name has letters, digits and - . _ alone")]
ApiVersion = Annotated[
    str, _fits(r"\d{4}-\d{2}-\d{2}(-preview)?", "a version is a day such as 2024-10-21, or with -preview behind it")
]


def _canonical(address: str) -> str:
    try:
        return canonical_email(address)
    except AddressRefused as error:
        raise ValueError(str(error)) from error


Address = Annotated[str, AfterValidator(_canonical)]
"""The e-mail address of a person, in its one form."""

PROJECT = Path(__file__).resolve().parent.parent
_SET = "Set it and start again."
_LACKS = "lacks"


class Settings(BaseSettings):
    """What can be set; each name is read from `KRAFTD_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="KRAFTD_",
        frozen=True,
        extra="ignore",
        toml_file=PROJECT / ".streamlit" / "secrets.toml",
        env_ignore_empty=True,
        hide_input_in_errors=True,  # it may be a key
    )

    store: Literal["sqlite", "cosmos"] = "sqlite"
    extractor: Literal["local", "azure"] = "local"
    agent: Literal["rules", "openai", "azure_openai"] = "rules"
    files: Literal["local", "azure_blob"] = "local"
    data_dir: Path = PROJECT / ".data"
    owner: Address = "demo@localhost"
    retention_days: int = Field(30, ge=1, le=3650)
    upload_limit_mb: int = Field(25, ge=1, le=100)
    parse_seconds: Seconds = 5
    page_seconds: Seconds = 0.2
    ocr_seconds: Seconds = 30
    log_level: Literal["debug", "info", "warning", "error"] | None = None
    log_format: Literal["text", "json"] = "text"
    signing_key: SecretStr | None = None
    metrics_token: ApiKey | None = Field(None, min_length=16)
    cosmos_endpoint: Endpoint | None = None
    cosmos_key: AccountKey | None = None
    cosmos_database: Database = "KraftdIntel"
    cosmos_discovery: bool = True
    document_intelligence_endpoint: Endpoint | None = None
    document_intelligence_key: ApiKey | None = None
    document_intelligence_models: Annotated[dict[str, ModelId], NoDecode] = {}
    document_intelligence_seconds: Seconds = 120
    agent_seconds: Seconds = 120
    agent_tokens: int = Field(4000, ge=100, le=1_000_000)
    agent_withhold: Annotated[tuple[Withheld, ...], NoDecode] = EVERY_WITHHELD
    price_in: float | None = Field(None, ge=0)
    price_out: float | None = Field(None, ge=0)
    price_page: float | None = Field(None, ge=0)
    openai_api_key: ApiKey | None = None
    openai_base_url: BaseUrl | None = None
    openai_model: Annotated[str, _fits(r"\S(.*\S)?", "it names no model, or has spaces around the name")] = "gpt-4o-mini"
    azure_openai_endpoint: Endpoint | None = None
    azure_openai_api_key: ApiKey | None = None
    azure_openai_deployment: Deployment | None = None
    azure_openai_api_version: ApiVersion = "2024-10-21"
    blob_connection_string: SecretStr | None = None
    blob_endpoint: Endpoint | None = None
    blob_container: Container = "kraftd"

    @field_validator("agent_withhold", mode="before")
    @classmethod
    def _withheld_from_text(cls, given: Any) -> Any:
        """A text names the kinds with commas between, or is `none`."""
        if not isinstance(given, str):
            return given
        names = tuple(name.strip().lower() for name in given.split(",") if name.strip())
        if unknown := [name for name in names if name not in (*EVERY_WITHHELD, "none")]:
            raise ValueError(f'"{unknown[0]}" is nothing that is withheld; there are {", ".join(EVERY_WITHHELD)}, or none')
        return () if "none" in names else names

    @field_validator("document_intelligence_models", mode="before")
    @classmethod
    def _models_from_json(cls, given: Any) -> Any:
        """A text is JSON: `{"boq": "our-boq-model"}`."""
        try:
            models = json.loads(given) if isinstance(given, str) else given
        except ValueError as error:
            raise ValueError("it is no JSON object of document types and model ids") from error
        if isinstance(models, dict) and (unknown := next((name for name in models if name not in KINDS), None)):
            raise ValueError(f'"{unknown}" is no document type; there are {", ".join(KINDS)}')
        return models

    @model_validator(mode="after")
    def _engines_have_what_they_need(self) -> Self:
        if lacks := [*self._lacks_of_records(), *self._lacks_of_files(), *self._lacks_of_reader(), *self._lacks_of_writer()]:
            raise PydanticCustomError(_LACKS, "what an engine needs is not set", {_LACKS: lacks})
        return self

    def _lacks_of_records(self) -> Iterator[str]:
        if self.store != "cosmos":
            return
        if not self.cosmos_endpoint:
            yield f"KRAFTD_STORE is cosmos, but KRAFTD_COSMOS_ENDPOINT is not set. {_SET}"
        elif not self.cosmos_key and not self.cosmos_endpoint.startswith("https:"):
            yield f"KRAFTD_COSMOS_KEY is not set, and without it the endpoint must be https. {_SET}"

    def _lacks_of_files(self) -> Iterator[str]:
        if self.files != "azure_blob":
            return
        both = "KRAFTD_BLOB_CONNECTION_STRING", "KRAFTD_BLOB_ENDPOINT"
        if not self.blob_connection_string and not self.blob_endpoint:
            yield f"KRAFTD_FILES is azure_blob, but neither {both[0]} nor {both[1]} is set. Set one of the two and start again."
        if self.blob_connection_string and self.blob_endpoint:
            yield f"{both[0]} and {both[1]} are both set. Leave one of the two away and start again."
        elif self.blob_endpoint and not self.blob_endpoint.startswith("https:"):
            yield f"{both[1]} must be https, because a sign-in to Azure is sent there. Correct it and start again."

    def _lacks_of_reader(self) -> Iterator[str]:
        """Tokens, which stand in for a key, are sent over https only."""
        if self.extractor != "azure":
            return
        if not self.document_intelligence_endpoint:
            yield f"KRAFTD_EXTRACTOR is azure, but KRAFTD_DOCUMENT_INTELLIGENCE_ENDPOINT is not set. {_SET}"
        elif not self.document_intelligence_key and not self.document_intelligence_endpoint.startswith("https:"):
            yield f"KRAFTD_DOCUMENT_INTELLIGENCE_KEY is not set, and without it the endpoint must be https. {_SET}"

    def _lacks_of_writer(self) -> Iterator[str]:
        """A server of one's own may ask for no key; Azure takes a sign-in instead, whose tokens go over https only."""
        if self.agent == "openai" and not self.openai_api_key and not self.openai_base_url:
            yield f"KRAFTD_AGENT is openai, but KRAFTD_OPENAI_API_KEY is not set. {_SET}"
        if self.agent != "azure_openai":
            return
        if not self.azure_openai_endpoint:
            yield f"KRAFTD_AGENT is azure_openai, but KRAFTD_AZURE_OPENAI_ENDPOINT is not set. {_SET}"
        elif not self.azure_openai_api_key and not self.azure_openai_endpoint.startswith("https:"):
            yield f"KRAFTD_AZURE_OPENAI_API_KEY is not set, and without it the endpoint must be https. {_SET}"
        if not self.azure_openai_deployment:
            yield f"KRAFTD_AGENT is azure_openai, but KRAFTD_AZURE_OPENAI_DEPLOYMENT is not set. {_SET}"

    @classmethod
    def settings_customise_sources(
        cls,
        settings_cls: type[BaseSettings],
        init_settings: PydanticBaseSettingsSource,
        env_settings: PydanticBaseSettingsSource,
        dotenv_settings: PydanticBaseSettingsSource,  # noqa: ARG003
        file_secret_settings: PydanticBaseSettingsSource,  # noqa: ARG003
    ) -> tuple[PydanticBaseSettingsSource, ...]:
        """Given values, then the environment, then the secrets file with the same `KRAFTD_…` names."""
        return init_settings, env_settings, _Secrets(settings_cls)


class _Secrets(TomlConfigSettingsSource):
    """`.streamlit/secrets.toml`, whose keys are written as in the environment."""

    def _read_file(self, file_path: Any) -> dict[str, Any]:
        return _settings_in(Path(file_path))

    def __call__(self) -> dict[str, object]:
        return {key.removeprefix("KRAFTD_").lower(): value for key, value in super().__call__().items()}


_NO_TOML = (
    'The settings in {name} cannot be read: it is no TOML{where}. Each setting is a line such as KRAFTD_STORE = "cosmos", with '
    "the value in quotation marks. Correct it and start again."
)


def _settings_in(file: Path) -> dict[str, Any]:
    try:
        return tomllib.loads(file.read_text(encoding="utf-8-sig"))
    except tomllib.TOMLDecodeError as error:  # its words may quote the line, which may hold a key
        raise SettingsError(_NO_TOML.format(name=_shown(file), where=_place_in(str(error)))) from error
    except (OSError, UnicodeDecodeError) as error:
        why = error.strerror if isinstance(error, OSError) else "it is no UTF-8 text"
        raise SettingsError(f"{_shown(file)} cannot be read ({why}). Correct it and start again.") from error


def _shown(file: Path) -> str:
    return str(file.relative_to(PROJECT)) if file.is_relative_to(PROJECT) else file.name


def _place_in(words: str) -> str:
    found = re.search(r"line \d+", words)
    return f" at {found[0]}" if found else ""


def load_settings(**given: object) -> Settings:
    """The settings, or a SettingsError with a sentence for each that is wrong or missing, and for each name that is unknown."""
    for name in given.keys() - Settings.model_fields.keys():
        raise SettingsError(f"There is no setting {name}. The README lists them.")
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        raise SettingsError(" ".join([*unknown_settings(), *_wrong(error, given)])) from error


def _wrong(error: ValidationError, given: Mapping[str, object]) -> list[str]:
    """What is wrong with each value, and then what the engines lack: that is looked for only where every value can be used."""
    if lacks := [sentence for each in error.errors() for sentence in each.get("ctx", {}).get(_LACKS, ())]:
        return lacks
    named = {str(each["loc"][0]): each for each in reversed(error.errors())}
    sentences = [_of_value("KRAFTD_" + name.upper(), each) for name, each in reversed(named.items())]
    others = {name: Settings.model_fields[name].get_default(call_default_factory=True) for name in named}
    try:
        Settings(**{**given, **others})
    except ValidationError as lacking:
        doubted = re.compile("|".join(rf"\bKRAFTD_{name.upper()}\b" for name in named))
        sentences += [sentence for sentence in _wrong(lacking, {}) if not doubted.search(sentence)]
    return sentences


_AS_IT_MUST_BE = {
    "literal_error": "it must be one of {expected}",
    "bool_parsing": "it must be true or false",
    "bool_type": "it must be true or false",
    "int_parsing": "it must be a whole number",
    "int_type": "it must be a whole number", "int_from_float": "it must be a whole number",
    "float_parsing": "it must be a number", "float_type": "it must be a number",
    "finite_number": "it must be a number with an end",
    "greater_than": "it must be more than {gt}", "greater_than_equal": "it must be at least {ge}",
    "less_than": "it must be less than {lt}", "less_than_equal": "it must be at most {le}",
    "string_type": "it must be a text in quotation marks",
    "too_short": "it must have at least {min_length} characters",
}  # fmt: skip
_MAY_BE_SHOWN = re.compile(r"[\w.:+-]{1,20}")  # a key that was pasted into the wrong line is longer


def _of_value(name: str, wrong: "ErrorDetails") -> str:
    """What is wrong with a value in a sentence. It is shown only where it can be no key: a choice, a number, yes or no."""
    form = _AS_IT_MUST_BE.get(wrong["type"], "")
    reason = form.format(**wrong.get("ctx", {})) if form else wrong["msg"].removeprefix("Value error, ")
    found = str(wrong["input"])
    if form and wrong["type"] not in ("string_type", "too_short"):
        reason += f', and not "{found}"' if _MAY_BE_SHOWN.fullmatch(found) else ", and not what was found"
    return f"The setting {name} cannot be used: {reason}. Correct it and start again."


def unknown_settings(environment: Mapping[str, str] = os.environ) -> list[str]:
    """A sentence for each name that looks like a setting and is none, of the environment and of the secrets file.

    Raises SettingsError where the file cannot be read. A name that nobody knows stops nothing: it may be another program's.
    """
    known = {"KRAFTD_" + name.upper() for name in Settings.model_fields}
    file = Path(str(Settings.model_config["toml_file"]))
    named = {name: "the environment" for name in environment if name.upper() not in known}
    secrets = _settings_in(file) if file.is_file() else {}
    named |= {name: _shown(file) for name in secrets if name not in known}
    return [_unknown(name, place, known) for name, place in sorted(named.items()) if name.upper().startswith("KRAFTD")]


def _unknown(name: str, place: str, known: set[str]) -> str:
    near = [name.upper()] if name.upper() in known else get_close_matches(name.upper(), known, 1, 0.7)
    meant = f"; is {near[0]} meant?" if near else "."
    shown = name if re.fullmatch(r"\w{1,80}", name) else f"{name[:20]!r}…"
    return f"There is no setting {shown}, which stands in {place}{meant}"


def readable_by_others() -> str | None:
    """A sentence where every user of this computer can read the secrets file; None where they cannot, or there is none."""
    file = Path(str(Settings.model_config["toml_file"]))
    if os.name != "posix" or not file.is_file() or not file.stat().st_mode & 0o077:
        return None
    return f"Others on this computer may read {_shown(file)}, which may hold keys. Close it to them: chmod 600 {_shown(file)}"
