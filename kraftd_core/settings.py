"""The settings: environment first, then `.streamlit/secrets.toml`; frozen once read."""

from pathlib import Path
from typing import Literal, Self

from pydantic import Field, SecretStr, ValidationError, model_validator
from pydantic_settings import BaseSettings, PydanticBaseSettingsSource, SettingsConfigDict, TomlConfigSettingsSource

from kraftd_core.errors import SettingsError

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
    extractor: Literal["local"] = "local"
    agent: Literal["rules"] = "rules"
    files: Literal["local", "azure_blob"] = "local"
    data_dir: Path = PROJECT / ".data"
    owner: str = Field("demo@localhost", min_length=3, pattern=r"^\S+@\S+$")
    retention_days: int = Field(30, ge=1, le=3650)
    upload_limit_mb: int = Field(25, ge=1, le=100)
    ocr_seconds: float = Field(30, gt=0)
    signing_key: SecretStr | None = None
    cosmos_endpoint: str | None = None
    cosmos_key: SecretStr | None = None
    cosmos_database: str = "KraftdIntel"
    cosmos_discovery: bool = True
    blob_connection_string: SecretStr | None = None
    blob_container: str = "kraftd"

    @model_validator(mode="after")
    def _engines_have_what_they_need(self) -> Self:
        if self.store == "cosmos" and not self.cosmos_endpoint:
            raise ValueError("KRAFTD_STORE is cosmos, but KRAFTD_COSMOS_ENDPOINT is not set")
        if self.files == "azure_blob" and not self.blob_connection_string:
            raise ValueError("KRAFTD_FILES is azure_blob, but KRAFTD_BLOB_CONNECTION_STRING is not set")
        return self

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
    try:
        return Settings(**given)  # type: ignore[arg-type]
    except ValidationError as error:
        first = error.errors()[0]
        reason = first["msg"].removeprefix("Value error, ")
        if not first["loc"]:
            raise SettingsError(f"{reason}. Set it and start again.") from error
        name = "KRAFTD_" + str(first["loc"][0]).upper()
        raise SettingsError(f"The setting {name} cannot be used: {reason}. Correct it and start again.") from error
