import pytest

from kraftd_core.adapters.spool import SpoolStore, network_share_of
from kraftd_core.adapters.store_sqlite import SqliteStore
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
    assert "hidden" not in repr(load_settings(cosmos_key="hidden", signing_key="hidden", blob_connection_string="hidden"))


def test_each_store_is_wired_by_its_name(tmp_path):
    assert type(build_desk(load_settings(data_dir=tmp_path))._store) is SqliteStore
    cosmos = load_settings(data_dir=tmp_path, store="cosmos", cosmos_endpoint="http://127.0.0.1:1", cosmos_key="a2V5")
    assert type(build_desk(cosmos)._store) is SpoolStore


def test_a_network_share_is_told_from_a_local_disk(tmp_path):
    mounts = tmp_path / "mounts"
    share = tmp_path / "share"
    mounts.write_text(f"/dev/sda1 / ext4 rw 0 0\nserver:/x {share} nfs4 rw 0 0\n")
    assert network_share_of(share / "data", mounts) == "nfs4"
    assert network_share_of(tmp_path, mounts) is None
    assert network_share_of(tmp_path, tmp_path / "no such file") is None
