import pytest

from kraftd_core.adapters.readers.azure import AzureExtractor
from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.adapters.stores.spool import SpoolStore, network_share_of
from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.bootstrap import build_desk
from kraftd_core.errors import SettingsError
from kraftd_core.settings import load_settings


def test_the_environment_comes_before_the_secrets_file_and_an_empty_value_is_none(monkeypatch, tmp_path):
    secrets = tmp_path / "secrets.toml"
    secrets.write_text('KRAFTD_OWNER = "file@example.com"\nKRAFTD_RETENTION_DAYS = 7\nother = 1\n')
    monkeypatch.setitem(type(load_settings()).model_config, "toml_file", secrets)
    monkeypatch.setenv("KRAFTD_OWNER", "env@example.com")
    monkeypatch.setenv("KRAFTD_OCR_SECONDS", "")
    settings = load_settings()
    assert (settings.owner, settings.retention_days, settings.ocr_seconds) == ("env@example.com", 7, 30)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"store": "cosmos"}, "KRAFTD_COSMOS_ENDPOINT"),
        ({"files": "azure_blob"}, "KRAFTD_BLOB_CONNECTION_STRING"),
        ({"extractor": "azure"}, "KRAFTD_DOCUMENT_INTELLIGENCE_ENDPOINT"),
        ({"extractor": "azure", "document_intelligence_key": "k"}, "KRAFTD_DOCUMENT_INTELLIGENCE_ENDPOINT"),
        ({"extractor": "azure", "document_intelligence_endpoint": "http://di:5000"}, "KRAFTD_DOCUMENT_INTELLIGENCE_KEY"),
        ({"document_intelligence_endpoint": "di.example.com"}, "KRAFTD_DOCUMENT_INTELLIGENCE_ENDPOINT"),
        ({"document_intelligence_seconds": 0}, "KRAFTD_DOCUMENT_INTELLIGENCE_SECONDS"),
        ({"document_intelligence_models": "invoice=x"}, "KRAFTD_DOCUMENT_INTELLIGENCE_MODELS"),
        ({"document_intelligence_models": '["x"]'}, "KRAFTD_DOCUMENT_INTELLIGENCE_MODELS"),
        ({"document_intelligence_models": '{"bill": "x"}'}, "KRAFTD_DOCUMENT_INTELLIGENCE_MODELS.*purchase_order"),
        ({"document_intelligence_models": '{"invoice": 1}'}, "KRAFTD_DOCUMENT_INTELLIGENCE_MODELS"),
        ({"document_intelligence_models": '{"invoice": " "}'}, "KRAFTD_DOCUMENT_INTELLIGENCE_MODELS"),
        ({"store": "tape"}, "KRAFTD_STORE"),
        ({"retention_days": 0}, "KRAFTD_RETENTION_DAYS"),
        ({"owner": "nobody"}, "KRAFTD_OWNER"),
    ],
)
def test_a_chosen_engine_without_its_key_or_a_wrong_value_names_the_setting(given, named):
    with pytest.raises(SettingsError, match=named):
        load_settings(**given)


@pytest.mark.parametrize(
    ("given", "named"),
    [
        ({"signing_key": "not a key"}, "KRAFTD_SIGNING_KEY"),
        ({"files": "azure_blob", "blob_connection_string": "AccountName=x"}, "KRAFTD_BLOB_CONNECTION_STRING"),
    ],
)
def test_a_key_that_is_none_stops_the_start_without_being_shown(given, named, tmp_path):
    with pytest.raises(SettingsError, match=named) as refusal:
        build_desk(load_settings(data_dir=tmp_path, **given))
    assert "not a key" not in str(refusal.value)


def test_secrets_are_not_shown_where_settings_are_printed():
    names = ("cosmos_key", "signing_key", "blob_connection_string", "document_intelligence_key")
    assert "hidden" not in repr(load_settings(**dict.fromkeys(names, "hidden")))


def test_each_store_is_wired_by_its_name(tmp_path):
    assert type(build_desk(load_settings(data_dir=tmp_path))._store) is SqliteStore
    cosmos = load_settings(data_dir=tmp_path, store="cosmos", cosmos_endpoint="http://127.0.0.1:1", cosmos_key="a2V5")
    assert type(build_desk(cosmos)._store) is SpoolStore


def test_each_reader_is_wired_by_its_name(tmp_path):
    assert type(build_desk(load_settings(data_dir=tmp_path))._extractor) is LocalExtractor
    for key in (None, "k"):
        azure = load_settings(
            data_dir=tmp_path, extractor="azure", document_intelligence_key=key,
            document_intelligence_endpoint="https://di.example.com",
        )
        assert type(build_desk(azure)._extractor) is AzureExtractor


def test_models_of_ones_own_are_json_in_the_environment_and_a_table_in_the_secrets_file(monkeypatch, tmp_path):
    secrets = tmp_path / "secrets.toml"
    secrets.write_text('KRAFTD_DOCUMENT_INTELLIGENCE_MODELS = {boq = "our-boq"}\n')
    monkeypatch.setitem(type(load_settings()).model_config, "toml_file", secrets)
    assert load_settings().document_intelligence_models == {"boq": "our-boq"}
    monkeypatch.setenv("KRAFTD_DOCUMENT_INTELLIGENCE_MODELS", '{"rfq": "our-rfq"}')
    assert load_settings().document_intelligence_models["rfq"] == "our-rfq"


def test_a_network_share_is_told_from_a_local_disk(tmp_path):
    mounts = tmp_path / "mounts"
    share = tmp_path / "share"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/x {share} nfs4 rw 0 0\n")
    assert network_share_of(share / "data", mounts) == "nfs4"
    assert network_share_of(tmp_path, mounts) is None
    assert network_share_of(tmp_path, tmp_path / "no such file") is None


AZURE = {"agent": "azure_openai", "azure_openai_endpoint": "https://a.example", "azure_openai_deployment": "d"}


@pytest.mark.parametrize(("given", "name"), [
    ({"agent": "openai"}, "KRAFTD_OPENAI_API_KEY is not set"),
    ({"agent": "azure_openai"}, "KRAFTD_AZURE_OPENAI_ENDPOINT is not set"),
    (AZURE | {"azure_openai_deployment": None}, "KRAFTD_AZURE_OPENAI_DEPLOYMENT is not set"),
    (AZURE | {"azure_openai_endpoint": "http://a.example"}, "KRAFTD_AZURE_OPENAI_API_KEY is not set, and without it"),
    (AZURE | {"azure_openai_endpoint": "a.example"}, "KRAFTD_AZURE_OPENAI_ENDPOINT cannot be used"),
    (AZURE | {"azure_openai_api_version": "newest"}, "KRAFTD_AZURE_OPENAI_API_VERSION cannot be used"),
    ({"agent": "openai", "openai_api_key": "sk-\u00fc"}, "KRAFTD_OPENAI_API_KEY cannot be used: it holds characters"),
    ({"agent": "gpt"}, "KRAFTD_AGENT cannot be used"),
])
def test_an_agent_that_lacks_what_it_needs_stops_the_start(given, name):
    with pytest.raises(SettingsError, match=name) as raised:
        load_settings(**given)
    assert "sk-" not in str(raised.value)


def test_an_agent_with_what_it_needs_starts():
    assert load_settings(agent="openai", openai_api_key=" sk-1\n").openai_api_key.get_secret_value() == "sk-1"
    assert load_settings(agent="openai", openai_base_url="http://localhost:8080/v1").openai_api_key is None
    assert load_settings(**AZURE).azure_openai_api_version == "2024-10-21"
