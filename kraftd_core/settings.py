"""The settings: environment first, then `.streamlit/secrets.toml`; frozen once read."""

import json
from pathlib import Path
from typing import Annotated, Any, Literal, Self

from pydantic import AfterValidator, Field, SecretStr, ValidationError, field_validator, model_validator
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

ModelId = Annotated[str, Field(pattern=r"^[A-Za-z0-9][A-Za-z0-9._~-]{1,63}$")]
"""The name of a model in Document Intelligence."""

_ADDRESS = r"^https?://[^\s/]+(/\S*)?$"


def _sendable(key: SecretStr) -> SecretStr:
    """A key as it goes into a header; a line break behind it is easily copied along."""
    text = key.get_secret_value().strip()
    if not text.isascii() or not text.isprintable():
        raise ValueError("it holds characters that no key has")
    return SecretStr(text)


ApiKey = Annotated[SecretStr, AfterValidator(_sendable)]
"""A key that is sent in a header."""


def _canonical(address: str) -> str:
    try:
        return canonical_email(address)
    except AddressRefused as error:
        raise ValueError(str(error)) from error


Address = Annotated[str, AfterValidator(_canonical)]
"""The e-mail address of a person, in its one form."""

PROJECT = Path(__file__).resolve().parent.parent


class Settings(BaseSettings):
    """What can be set; each name is read from `KRAFTD_<NAME>`."""

    model_config = SettingsConfigDict(
        env_prefix="KRAFTD_",
        frozen=True,
        extra="ignore",
        toml_file=PROJECT / ".streamlit" / "secrets.toml",
        env_ignore_empty=True,
    )

    store: Literal["sqlite", "cosmos"] = "sqlite"
    extractor: Literal["local", "azure"] = "local"
    agent: Literal["rules", "openai", "azure_openai"] = "rules"
    files: Literal["local", "azure_blob"] = "local"
    data_dir: Path = PROJECT / ".data"
    owner: Address = "demo@localhost"
    retention_days: int = Field(30, ge=1, le=3650)
    upload_limit_mb: int = Field(25, ge=1, le=100)
    parse_seconds: float = Field(5, gt=0)
    page_seconds: float = Field(0.2, gt=0)
    ocr_seconds: float = Field(30, gt=0)
    log_level: Literal["debug", "info", "warning", "error"] | None = None
    log_format: Literal["text", "json"] = "text"
    signing_key: SecretStr | None = None
    metrics_token: ApiKey | None = Field(None, min_length=16)
    cosmos_endpoint: str | None = None
    cosmos_key: SecretStr | None = None
    cosmos_database: str = "KraftdIntel"
    cosmos_discovery: bool = True
    document_intelligence_endpoint: str | None = Field(None, pattern=r"^https?://[^\s/]+(/\S*)?$")
    document_intelligence_key: SecretStr | None = None
    document_intelligence_models: Annotated[dict[str, ModelId], NoDecode] = {}
    document_intelligence_seconds: float = Field(120, gt=0)
    agent_seconds: float = Field(120, gt=0)
    agent_tokens: int = Field(4000, ge=100)
    agent_withhold: Annotated[tuple[Withheld, ...], NoDecode] = EVERY_WITHHELD
    price_in: float | None = Field(None, ge=0)
    price_out: float | None = Field(None, ge=0)
    price_page: float | None = Field(None, ge=0)
    openai_api_key: ApiKey | None = None
    openai_base_url: str | None = Field(None, pattern=_ADDRESS)
    openai_model: str = Field("gpt-4o-mini", min_length=1)
    azure_openai_endpoint: str | None = Field(None, pattern=_ADDRESS)
    azure_openai_api_key: ApiKey | None = None
    azure_openai_deployment: str | None = Field(None, pattern=r"^[A-Za-z0-9._-]+$")
    azure_openai_api_version: str = Field("2024-10-21", pattern=r"^\d{4}-\d{2}-\d{2}(-preview)?$")
    blob_connection_string: SecretStr | None = None
    blob_container: str = "kraftd"

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
        if self.store == "cosmos" and not self.cosmos_endpoint:
            raise ValueError("KRAFTD_STORE is cosmos, but KRAFTD_COSMOS_ENDPOINT is not set")
        if self.extractor == "azure" and not self.document_intelligence_endpoint:
            raise ValueError("KRAFTD_EXTRACTOR is azure, but KRAFTD_DOCUMENT_INTELLIGENCE_ENDPOINT is not set")
        if self.extractor == "azure" and not self._can_sign_in():
            raise ValueError("KRAFTD_DOCUMENT_INTELLIGENCE_KEY is not set, and without it the endpoint must be https")
        self._agent_has_what_it_needs()
        if self.files == "azure_blob" and not self.blob_connection_string:
            raise ValueError("KRAFTD_FILES is azure_blob, but KRAFTD_BLOB_CONNECTION_STRING is not set")
        return self

    def _agent_has_what_it_needs(self) -> None:
        """A server of one's own may ask for no key; Azure takes a sign-in instead, whose tokens go over https only."""
        if self.agent == "openai" and not self.openai_api_key and not self.openai_base_url:
            raise ValueError("KRAFTD_AGENT is openai, but KRAFTD_OPENAI_API_KEY is not set")
        if self.agent != "azure_openai":
            return
        if not self.azure_openai_endpoint:
            raise ValueError("KRAFTD_AGENT is azure_openai, but KRAFTD_AZURE_OPENAI_ENDPOINT is not set")
        if not self.azure_openai_deployment:
            raise ValueError("KRAFTD_AGENT is azure_openai, but KRAFTD_AZURE_OPENAI_DEPLOYMENT is not set")
        if not self.azure_openai_api_key and not self.azure_openai_endpoint.startswith("https:"):
            raise ValueError("KRAFTD_AZURE_OPENAI_API_KEY is not set, and without it the endpoint must be https")

    def _can_sign_in(self) -> bool:
        """Tokens, which stand in for a key, are sent over https only."""
        return bool(self.document_intelligence_key) or str(self.document_intelligence_endpoint).startswith("https:")

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

    def __call__(self) -> dict[str, object]:
        return {key.removeprefix("KRAFTD_").lower(): value for key, value in super().__call__().items()}


def load_settings(**given: object) -> Settings:
    """The settings, or a SettingsError whose one sentence names the setting that is wrong."""
    for name in given.keys() - Settings.model_fields.keys():
        raise SettingsError(f"There is no setting {name}. The README lists them.")
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        reason = first["msg"].removeprefix("Value error, ")
        if not first["loc"]:
            raise SettingsError(f"{reason}. Set it and start again.") from error
        name = "KRAFTD_" + str(first["loc"][0]).upper()
        raise SettingsError(f"The setting {name} cannot be used: {reason}. Correct it and start again.") from error
