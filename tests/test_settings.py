import re
from itertools import pairwise
from pathlib import Path

import pytest

from kraftd_core.adapters.readers.azure import AzureExtractor
from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.adapters.stores.spool import SpoolStore, network_share_of
from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.bootstrap import build_desk
from kraftd_core.errors import SettingsError
from kraftd_core.settings import Settings, load_settings, readable_by_others, unknown_settings


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
    assert "hidden" not in repr(load_settings(**dict.fromkeys(names, "hiddenhidden")))


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


# Each wrong value ends with a sentence


COSMOS = {"store": "cosmos", "cosmos_endpoint": "https://records.documents.azure.com:443/", "cosmos_key": "a2V5"}
READER = {"extractor": "azure", "document_intelligence_endpoint": "https://di.example.com", "document_intelligence_key": "k"}
BLOB = {"files": "azure_blob", "blob_endpoint": "https://acc.blob.core.windows.net"}
WRONG = [  # what is given, the setting that the sentence names, and what else it says
    (COSMOS | {"cosmos_key": "not-base64!"}, "COSMOS_KEY", "base64"),
    (COSMOS | {"cosmos_key": "abc"}, "COSMOS_KEY", "base64"),
    (COSMOS | {"cosmos_key": "AccountEndpoint=https://x/;AccountKey=a2V5;"}, "COSMOS_KEY", "connection string"),
    (COSMOS | {"cosmos_key": None, "cosmos_endpoint": "http://127.0.0.1:8081"}, "COSMOS_KEY", "https"),
    (COSMOS | {"cosmos_endpoint": "our records"}, "COSMOS_ENDPOINT", "no address"),
    (COSMOS | {"cosmos_endpoint": "records.documents.azure.com"}, "COSMOS_ENDPOINT", "no address"),
    (COSMOS | {"cosmos_endpoint": "ftp://records.documents.azure.com"}, "COSMOS_ENDPOINT", "no address"),
    (COSMOS | {"cosmos_endpoint": "https://rec ords.azure.com"}, "COSMOS_ENDPOINT", "no address"),
    (COSMOS | {"cosmos_endpoint": "https://records.azure.com:99999"}, "COSMOS_ENDPOINT", "no address"),
    (COSMOS | {"cosmos_endpoint": "https://"}, "COSMOS_ENDPOINT", "no address"),
    (COSMOS | {"cosmos_endpoint": "https://[::1"}, "COSMOS_ENDPOINT", "no address"),
    (COSMOS | {"cosmos_endpoint": "https://ann:secret@records.azure.com"}, "COSMOS_ENDPOINT", "password"),
    (COSMOS | {"cosmos_endpoint": "AccountEndpoint=https://x/;AccountKey=secret=="}, "COSMOS_ENDPOINT", "connection string"),
    (COSMOS | {"cosmos_endpoint": "https://records.azure.com/dbs/KraftdIntel"}, "COSMOS_ENDPOINT", "whole address"),
    (COSMOS | {"cosmos_database": "a/b"}, "COSMOS_DATABASE", "no /"),
    (COSMOS | {"cosmos_database": "a "}, "COSMOS_DATABASE", "space"),
    (COSMOS | {"cosmos_discovery": "perhaps"}, "COSMOS_DISCOVERY", ""),
    (READER | {"document_intelligence_key": "ab\ncd"}, "DOCUMENT_INTELLIGENCE_KEY", "line break"),
    (READER | {"document_intelligence_key": "  "}, "DOCUMENT_INTELLIGENCE_KEY", "empty"),
    (READER | {"document_intelligence_key": "k\udce9"}, "DOCUMENT_INTELLIGENCE_KEY", "characters"),
    (READER | {"document_intelligence_endpoint": "https://di.example.com/formrecognizer/documentModels/x:analyze"},
     "DOCUMENT_INTELLIGENCE_ENDPOINT", "whole address"),
    (READER | {"document_intelligence_seconds": "nan"}, "DOCUMENT_INTELLIGENCE_SECONDS", ""),
    (READER | {"document_intelligence_seconds": "inf"}, "DOCUMENT_INTELLIGENCE_SECONDS", ""),
    ({"agent": "openai", "openai_api_key": "sk 1"}, "OPENAI_API_KEY", "space"),
    ({"agent": "openai", "openai_base_url": "http://localhost:8080/v1/chat/completions"}, "OPENAI_BASE_URL", "/chat/completions"),
    ({"agent": "openai", "openai_base_url": "localhost:8080/v1"}, "OPENAI_BASE_URL", "no address"),
    ({"agent": "openai", "openai_base_url": "http://localhost:8080/v1?key=secret"}, "OPENAI_BASE_URL", "?"),
    ({"agent": "openai", "openai_api_key": "k", "openai_model": " "}, "OPENAI_MODEL", ""),
    (AZURE | {"azure_openai_endpoint": "https://a.openai.azure.com/openai/deployments/d/chat/completions?api-version=2024-10-21"},
     "AZURE_OPENAI_ENDPOINT", "Target URI"),
    (AZURE | {"azure_openai_endpoint": "https://a.openai.azure.com/openai/v1/"}, "AZURE_OPENAI_ENDPOINT", "whole address"),
    (AZURE | {"azure_openai_deployment": "my deployment"}, "AZURE_OPENAI_DEPLOYMENT", "letters"),
    (AZURE | {"azure_openai_api_version": "latest"}, "AZURE_OPENAI_API_VERSION", "2024-10-21"),
    ({"agent_tokens": 5}, "AGENT_TOKENS", "100"),
    ({"agent_seconds": -1}, "AGENT_SECONDS", ""),
    (BLOB | {"blob_endpoint": "http://acc.blob.core.windows.net"}, "BLOB_ENDPOINT", "https"),
    (BLOB | {"blob_endpoint": "acc"}, "BLOB_ENDPOINT", "no address"),
    (BLOB | {"blob_connection_string": "AccountKey=secret"}, "BLOB_ENDPOINT", "Leave one of the two away"),
    (BLOB | {"blob_container": "Kraftd_Files"}, "BLOB_CONTAINER", "small letters"),
    (BLOB | {"blob_container": "a--b"}, "BLOB_CONTAINER", "hyphens"),
    (BLOB | {"blob_container": "ab"}, "BLOB_CONTAINER", "3 to 63"),
    ({"files": "azure_blob"}, "BLOB_CONNECTION_STRING", "BLOB_ENDPOINT"),
    ({"ocr_seconds": 0}, "OCR_SECONDS", ""),
]


@pytest.mark.parametrize(("given", "name", "says"), WRONG, ids=[f"{n} {name}" for n, (_, name, _) in enumerate(WRONG)])
def test_a_wrong_value_ends_with_one_sentence_that_names_its_setting_and_quotes_no_secret(given, name, says, monkeypatch):
    for setting, value in given.items():
        if value is not None and "\udce9" not in str(value):
            monkeypatch.setenv(f"KRAFTD_{setting.upper()}", str(value))
    with pytest.raises(SettingsError) as said:
        load_settings(**{setting: value for setting, value in given.items() if "\udce9" in str(value)})
    sentence = str(said.value)
    assert f"KRAFTD_{name}" in sentence and says in sentence
    assert "secret" not in sentence and "\n" not in sentence
    assert "secret" not in str(said.value.__cause__)


@pytest.mark.parametrize(("given", "name", "says"), [
    ({"store": "cosmo"}, "STORE", '"cosmo"'), ({"agent": "azure"}, "AGENT", '"azure"'),
    ({"log_level": "loud"}, "LOG_LEVEL", '"loud"'),
    ({"cosmos_discovery": "perhaps"}, "COSMOS_DISCOVERY", 'true or false, and not "perhaps"'),
    ({"agent_tokens": "many"}, "AGENT_TOKENS", 'a whole number, and not "many"'),
    ({"agent_tokens": 1.5}, "AGENT_TOKENS", 'a whole number, and not "1.5"'),
    ({"ocr_seconds": "0"}, "OCR_SECONDS", 'more than 0.0, and not "0"'), ({"price_in": -1}, "PRICE_IN", "at least 0"),
    ({"ocr_seconds": "nan"}, "OCR_SECONDS", ""), ({"agent_seconds": "9999"}, "AGENT_SECONDS", "at most 3600"),
    ({"store": "AccountKey=secret/with+more="}, "STORE", "not what was found"),
    ({"agent": "0123456789abcdef0123456789secret"}, "AGENT", "not what was found"),
    ({"openai_model": 4}, "OPENAI_MODEL", "quotation marks"),
    ({"metrics_token": "secret"}, "METRICS_TOKEN", "at least 16 characters"),
])  # fmt: skip
def test_a_value_of_another_kind_is_told_in_our_words_with_what_was_found_unless_it_may_be_a_key(given, name, says):
    with pytest.raises(SettingsError) as said:
        load_settings(**given)
    sentence = str(said.value)
    assert f"KRAFTD_{name}" in sentence and says in sentence and "secret" not in sentence
    assert not re.search("Input should|Value should|unable to", sentence)


def test_all_that_is_wrong_is_said_at_once_and_nothing_twice():
    given = {"store": "cosmo", "retention_days": 0, "cosmos_endpoint": "ours", "files": "azure_blob", "agent": "azure_openai"}
    with pytest.raises(SettingsError) as said:
        load_settings(**given)
    sentences = re.split(r"(?<=start again\.) ", str(said.value))
    assert [re.search("KRAFTD_(\\w+) (cannot|is not set|nor)", sentence)[1] for sentence in sentences] == [
        "STORE", "RETENTION_DAYS", "COSMOS_ENDPOINT", "BLOB_CONNECTION_STRING", "AZURE_OPENAI_ENDPOINT",
        "AZURE_OPENAI_DEPLOYMENT",
    ]  # fmt: skip


def test_a_value_that_cannot_be_used_is_not_called_missing_too():
    with pytest.raises(SettingsError) as said:
        load_settings(store="cosmos", cosmos_endpoint="ours")
    assert "cannot be used" in str(said.value) and "not set" not in str(said.value)


def test_an_unknown_name_is_said_before_what_it_may_have_been_meant_for_is_missed(monkeypatch):
    monkeypatch.setenv("KRAFTD_STORE", "cosmos")
    monkeypatch.setenv("KRAFTD_COSMOS_ENDPIONT", "https://ours.example")
    with pytest.raises(SettingsError, match=r"is KRAFTD_COSMOS_ENDPOINT meant.*KRAFTD_COSMOS_ENDPOINT is not set"):
        load_settings()


def test_a_secrets_file_that_others_may_read_is_remarked(monkeypatch, tmp_path):
    file = tmp_path / "secrets.toml"
    monkeypatch.setitem(Settings.model_config, "toml_file", file)
    assert readable_by_others() is None
    file.write_text("")
    file.chmod(0o644)
    assert "chmod 600" in readable_by_others()
    file.chmod(0o600)
    assert readable_by_others() is None


RIGHT = [
    COSMOS, COSMOS | {"cosmos_endpoint": "https://localhost:8081"}, COSMOS | {"cosmos_key": None},
    COSMOS | {"cosmos_key": " a2V5\n"},
    READER | {"document_intelligence_endpoint": "https://westeurope.api.cognitive.microsoft.com/"},
    READER | {"document_intelligence_endpoint": "http://di:5000", "document_intelligence_key": "k"}, BLOB,
    {"agent": "openai", "openai_base_url": "http://[::1]:11434/v1"}, {"agent": "openai", "openai_base_url": "http://gpu-box:8080"},
    {"agent": "openai", "openai_base_url": "https://a.openai.azure.com/openai/v1/", "openai_api_key": "k"}, AZURE,
    {"files": "azure_blob", "blob_connection_string": "UseDevelopmentStorage=true;AccountKey=x", "blob_container": "files-2026"},
]  # fmt: skip


@pytest.mark.parametrize("given", RIGHT, ids=range(len(RIGHT)))
def test_what_portals_and_local_servers_give_is_taken(given):
    assert load_settings(**given)


@pytest.mark.parametrize(("content", "says"), [
    (b"KRAFTD_STORE = cosmos\n", "line 1"),
    (b'KRAFTD_COSMOS_KEY = "secret\n', "line 1"),
    (b'a = 1\nKRAFTD_STORE: "cosmos"\n', "line 2"),
    ('KRAFTD_OPENAI_MODEL = "grün"'.encode("latin-1"), "UTF-8"),
    (b'KRAFTD_STORE = "a"\nKRAFTD_STORE = "b"\n', "line"),
])  # fmt: skip
def test_a_secrets_file_that_is_no_toml_is_named_with_the_line_and_nothing_of_it(monkeypatch, tmp_path, content, says):
    file = tmp_path / "secrets.toml"
    file.write_bytes(content)
    monkeypatch.setitem(Settings.model_config, "toml_file", file)
    for call in (load_settings, unknown_settings):
        with pytest.raises(SettingsError, match=rf"secrets\.toml.*{says}") as said:
            call()
        assert "secret" not in str(said.value).replace("secrets.toml", "")


@pytest.mark.parametrize(("name", "meant"), [
    ("KRAFTD_STROE", "KRAFTD_STORE"), ("KRAFTD_COSMOS_URL", None), ("KRAFTD_OPENAI_KEY", "KRAFTD_OPENAI_API_KEY"),
    ("KRAFTD_COSMOS_ENDPIONT", "KRAFTD_COSMOS_ENDPOINT"), ("KRAFTD_X", None), ("KRAFTD_AGENTS", "KRAFTD_AGENT"),
])  # fmt: skip
def test_a_name_that_nobody_knows_is_said_with_the_nearest_that_is_known(name, meant):
    (sentence,) = unknown_settings({name: "secret", "KRAFTD_STORE": "sqlite", "PATH": "/", "kraftd_files": "local"})
    assert name in sentence and "the environment" in sentence and "secret" not in sentence
    assert meant is None or f"is {meant} meant?" in sentence


def test_names_of_the_secrets_file_are_looked_at_too_and_others_are_let_be(monkeypatch, tmp_path):
    file = tmp_path / "secrets.toml"
    file.write_text('KRAFTD_COSMOS_KYE = "secret"\nkraftd_store = "cosmos"\n[auth]\nclient_id = "x"\n')
    monkeypatch.setitem(Settings.model_config, "toml_file", file)
    said = unknown_settings({})
    assert [re.search(r"is (\w+) meant", sentence)[1] for sentence in said] == ["KRAFTD_COSMOS_KEY", "KRAFTD_STORE"]
    assert all("secrets.toml" in sentence for sentence in said)


DOCS = Path(__file__).parents[1] / "docs" / "engines.md"
EXAMPLE = Path(__file__).parents[1] / ".streamlit" / "secrets.example.toml"
OF_ENGINES = ("store", "extractor", "agent", "files", "cosmos_", "document_intelligence_", "agent_", "openai_", "azure_", "blob_")


@pytest.mark.parametrize("file", [DOCS, EXAMPLE], ids=lambda file: file.name)
def test_the_page_of_the_engines_and_the_example_name_every_setting_of_theirs_and_no_other(file):
    named = {name.lower() for name in re.findall(r"KRAFTD_([A-Z_]*[A-Z])", file.read_text(encoding="utf-8"))}
    assert named <= Settings.model_fields.keys()
    assert {name for name in Settings.model_fields if name.startswith(OF_ENGINES)} <= named


BLOCKS = [block for block in EXAMPLE.read_text(encoding="utf-8").split("\n\n") if "# KRAFTD_" in block]
CHOSEN = {"STORE": "store", "FILES": "files", "EXTRACTOR": "extractor", "AGENT": "agent"}


@pytest.mark.parametrize("with_optional", [True, False], ids=["all", "must"])
@pytest.mark.parametrize("block", BLOCKS, ids=lambda block: block.partition(".")[0].strip("# "))
def test_each_block_of_the_example_gives_settings_that_load_once_its_marks_are_taken_away(
    block, with_optional, monkeypatch, tmp_path
):
    must, _, _ = block.partition("## optional")
    settings = load_from((block if with_optional else must).replace("# KRAFTD", "KRAFTD"), monkeypatch, tmp_path)
    name, engine = re.search(r'^# KRAFTD_(\w+) = "(\w+)"', block, re.MULTILINE).groups()
    assert getattr(settings, CHOSEN[name]) == engine
    build_desk(settings.model_copy(update={"data_dir": tmp_path}))


def test_the_example_as_it_stands_sets_nothing_and_marks_every_line_alike(monkeypatch, tmp_path):
    text = EXAMPLE.read_text(encoding="utf-8")
    assert load_from(text, monkeypatch, tmp_path).store == "sqlite"
    assert all(re.match("#{1,2} |$", line) for line in text.splitlines())
    assert all(line.startswith("# KRAFTD_") for line in text.splitlines() if "KRAFTD_" in line)
    assert {re.search(r"KRAFTD_AGENT = .*", block)[0] for block in BLOCKS if "Writing" in block} == {
        'KRAFTD_AGENT = "azure_openai"', 'KRAFTD_AGENT = "openai"'
    }  # fmt: skip


def test_the_paragraphs_of_the_page_are_filled():
    lines = DOCS.read_text(encoding="utf-8").splitlines()
    assert max(len(line) for line in lines) <= 130
    of_text = [bool(line) and not re.match(r"    |\||#", line) for line in lines]
    for n, (line, following) in enumerate(pairwise(lines)):
        if of_text[n] and of_text[n + 1] and not following.startswith("- "):
            assert len(line) + 1 + len(following.split()[0]) > 130, line


def load_from(text, monkeypatch, tmp_path):
    file = tmp_path / "secrets.toml"
    file.write_text(text, encoding="utf-8")
    monkeypatch.setitem(Settings.model_config, "toml_file", file)
    assert unknown_settings({}) == []
    return load_settings()
