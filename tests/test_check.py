"""`check` tries each engine as it is set: against the stand-ins, well and with one setting wrong."""

import asyncio
import json
import os
import subprocess
import sys
import threading
from contextlib import suppress

import pytest
from cosmos_standin import KEY as COSMOS_KEY
from cosmos_standin import NO_ROLE, CosmosStandin
from di_standin import KEY as DI_KEY
from di_standin import DiStandin
from openai_standin import DEPLOYMENT, OpenAIStandin, Told, refused
from openai_standin import KEY as CHAT_KEY
from starlette.responses import Response

from kraftd_core import __main__, bootstrap
from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.adapters.stores.cosmos import CosmosStore
from kraftd_core.settings import Settings

pytestmark = pytest.mark.slow


@pytest.fixture(scope="module")
def standins():
    made = {"cosmos": CosmosStandin(), "di": DiStandin(), "chat": OpenAIStandin()}
    for standin in made.values():
        standin.start()
    yield made
    for standin in made.values():
        standin.stop()


@pytest.fixture
def engines(standins, monkeypatch):
    """The stand-ins, with the settings of all of them as `docs/engines.md` says."""
    for standin in standins.values():
        standin.forget()
    set_all(monkeypatch, {
        "STORE": "cosmos", "COSMOS_ENDPOINT": standins["cosmos"].endpoint, "COSMOS_KEY": COSMOS_KEY, "COSMOS_DISCOVERY": "false",
        "EXTRACTOR": "azure", "DOCUMENT_INTELLIGENCE_ENDPOINT": standins["di"].endpoint, "DOCUMENT_INTELLIGENCE_KEY": DI_KEY,
        "DOCUMENT_INTELLIGENCE_MODELS": '{"boq": "our-boq-model"}',
        "AGENT": "azure_openai", "AZURE_OPENAI_ENDPOINT": standins["chat"].endpoint, "AZURE_OPENAI_API_KEY": CHAT_KEY,
        "AZURE_OPENAI_DEPLOYMENT": DEPLOYMENT, "AZURE_OPENAI_API_VERSION": "2024-10-21",
    })  # fmt: skip
    monkeypatch.setattr(LocalExtractor, "check", ready)  # its child is tried elsewhere
    return standins


async def ready(self):
    return True


def set_all(monkeypatch, settings):
    for name, value in settings.items():
        monkeypatch.setenv(f"KRAFTD_{name}", value)


def checked(capsys):
    """The exit code, the lines by engine, and what was told on standard error."""
    code = __main__.main(["check", "--json"])
    said = capsys.readouterr()
    return code, {line["engine"]: line for line in map(json.loads, said.out.splitlines())}, said.err


def test_what_is_set_as_the_page_of_the_engines_says_is_reached(engines, capsys):
    code, lines, told_of = checked(capsys)
    assert {name: line["says"] for name, line in lines.items() if not line["ok"]} == {}
    assert (code, told_of) == (0, "")
    at = {name: standin.endpoint.removeprefix("http://").rstrip("/") for name, standin in engines.items()}
    assert f"{at['cosmos']}, with a key: database KraftdIntel; made at first use" in lines["records"]["says"]
    assert f"Document Intelligence at {at['di']}, with a key" in lines["reader"]["says"]
    assert "345 tokens" in lines["writer"]["says"]
    assert not engines["cosmos"].items() and "make" not in engines["cosmos"].operations
    assert not engines["di"].documents  # no page is paid


def test_openai_and_a_server_that_speaks_like_it_are_reached_by_their_address(engines, monkeypatch, capsys):
    set_all(monkeypatch, {"AGENT": "openai", "OPENAI_API_KEY": CHAT_KEY, "OPENAI_BASE_URL": engines["chat"].base_url})
    code, lines, _ = checked(capsys)
    assert (code, lines["writer"]["ok"]) == (0, True)
    assert engines["chat"].asked[-1].keys() & {"max_tokens", "max_completion_tokens"} == {"max_tokens"}


OWN_SERVER = {"AGENT": "openai", "OPENAI_API_KEY": CHAT_KEY}
BROKEN = {  # the settings that are wrong, the engine whose line fails, and what it says
    "the key of another account": ({"COSMOS_KEY": "b3RoZXI="}, "records", "KRAFTD_COSMOS_KEY"),
    "no role": ({}, "records", "Cosmos DB Built-in Data Contributor"),
    "a path behind the account": ({"COSMOS_ENDPOINT": "{cosmos}/nowhere"}, "records", "without a path behind it"),
    "a container made by hand with another key": ({}, "records", "partition key /owner_email"),
    "a wrong key of the reader": ({"DOCUMENT_INTELLIGENCE_KEY": "other"}, "reader", "KRAFTD_DOCUMENT_INTELLIGENCE_KEY"),
    "a model that is not there": ({"DOCUMENT_INTELLIGENCE_MODELS": '{"rfq": "gone"}'}, "reader", "MODELS names for rfq (make"),
    "the reader at another's address": ({"DOCUMENT_INTELLIGENCE_ENDPOINT": "{chat}"}, "reader", "not found at its address"),
    "a wrong key of Azure OpenAI": ({"AZURE_OPENAI_API_KEY": "other"}, "writer", "KRAFTD_AZURE_OPENAI_API_KEY"),
    "a deployment that is not there": ({}, "writer", "KRAFTD_AZURE_OPENAI_DEPLOYMENT"),
    "no such resource": ({}, "writer", "KRAFTD_AZURE_OPENAI_ENDPOINT"),
    "a model without structured outputs": ({}, "writer", "KRAFTD_AZURE_OPENAI_DEPLOYMENT"),
    "a base URL without /v1": (OWN_SERVER | {"OPENAI_BASE_URL": "{chat}"}, "writer", "KRAFTD_OPENAI_BASE_URL"),
    "a model that the server does not have": (OWN_SERVER | {"OPENAI_BASE_URL": "{chat}/v1"}, "writer", "KRAFTD_OPENAI_MODEL"),
    "nobody at the address": (OWN_SERVER | {"OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}, "writer", "cannot be reached"),
    "nobody signed in": ({"FILES": "azure_blob", "BLOB_ENDPOINT": "https://acc.invalid"}, "files", "Nobody is signed in"),
    "a letter too many": ({"COSMOS_KEYY": "secret"}, "settings", "is KRAFTD_COSMOS_KEY meant"),
    "a letter too many in what is needed": ({"STORE": "cosmos", "COSMOS_ENDPOINT": "", "COSMOS_ENDPIONT": "secret"}, None,
                                            "is KRAFTD_COSMOS_ENDPOINT meant? KRAFTD_STORE is cosmos, but"),
    "text for an address": ({"COSMOS_ENDPOINT": "ours"}, None, "KRAFTD_COSMOS_ENDPOINT"),
    "a key that is no base64": ({"COSMOS_KEY": "abc"}, None, "KRAFTD_COSMOS_KEY"),
    "a whole Target URI": ({"AZURE_OPENAI_ENDPOINT": "{chat}/openai/deployments/x/chat/completions?api-version=1"}, None,
                           "KRAFTD_AZURE_OPENAI_ENDPOINT"),
}  # fmt: skip
ANSWERS = {  # of the chat service
    "a deployment that is not there": refused(404, "DeploymentNotFound"),
    "no such resource": refused(404, "404"),
    "a model without structured outputs": refused(400, "unsupported"),
    "a model that the server does not have": refused(404, "model_not_found"),
}


def spoil(engines, case):
    cosmos = engines["cosmos"]
    if case == "the key of another account":
        cosmos.key = COSMOS_KEY
    if case == "no role":
        cosmos.fail_always("read", NO_ROLE)
    if case == "a container made by hand with another key":
        cosmos.databases["KraftdIntel"] = {"id": "KraftdIntel", "_rid": "d"}
        cosmos.containers["export_tracking"] = {"id": "export_tracking", "_rid": "c", "partitionKey": {"paths": ["/id"]}}
    if case in ANSWERS:
        engines["chat"].say(ANSWERS[case])


@pytest.mark.parametrize("case", BROKEN)
def test_a_setting_that_is_wrong_is_found_in_its_line_and_the_others_are_well(engines, monkeypatch, capsys, no_identity, case):
    given, engine, says = BROKEN[case]
    addresses = {name: standin.endpoint for name, standin in engines.items()}
    set_all(monkeypatch, {n: v if v.startswith('{"') else v.format(**addresses) for n, v in given.items()})
    spoil(engines, case)
    code, lines, told_of = checked(capsys)
    assert code == 2
    if engine is None:  # the settings do not load, so that nothing can be tried
        assert says in told_of and not lines
    else:
        assert says in lines[engine]["says"]
        assert {name for name, line in lines.items() if not line["ok"]} == {engine}
    assert "Traceback" not in told_of and "secret" not in told_of + str(lines)


@pytest.fixture
def no_identity(monkeypatch):
    """A computer that nobody signed in to Azure, without asking the network for an identity."""
    from azure.core.exceptions import ClientAuthenticationError
    from azure.identity.aio import DefaultAzureCredential

    async def none(*_, **__):
        raise ClientAuthenticationError("no identity")

    monkeypatch.setattr(DefaultAzureCredential, "get_token", none)
    monkeypatch.setattr(DefaultAzureCredential, "get_token_info", none, raising=False)


BLOB = "DefaultEndpointsProtocol=http;AccountName=acc;AccountKey=a2V5;BlobEndpoint=http://127.0.0.1:9/acc;"
NOBODY_THERE = {  # an address at which nobody is, by the setting that holds it: what is given, and the engine's line
    "KRAFTD_COSMOS_ENDPOINT": ({"COSMOS_ENDPOINT": "http://127.0.0.1:9"}, "records"),
    "KRAFTD_DOCUMENT_INTELLIGENCE_ENDPOINT": ({"DOCUMENT_INTELLIGENCE_ENDPOINT": "http://127.0.0.1:9"}, "reader"),
    "KRAFTD_AZURE_OPENAI_ENDPOINT": ({"AZURE_OPENAI_ENDPOINT": "http://127.0.0.1:9"}, "writer"),
    "KRAFTD_OPENAI_BASE_URL": ({"AGENT": "openai", "OPENAI_BASE_URL": "http://127.0.0.1:9/v1"}, "writer"),
    "BlobEndpoint in KRAFTD_BLOB_CONNECTION_STRING": ({"FILES": "azure_blob", "BLOB_CONNECTION_STRING": BLOB}, "files"),
}


@pytest.fixture
def alone(monkeypatch, tmp_path):
    """Nothing set, a data folder that is not there yet, and a local reader that is ready."""
    monkeypatch.setattr(LocalExtractor, "check", ready)
    monkeypatch.setenv("KRAFTD_DATA_DIR", str(tmp_path / "data"))
    return tmp_path / "data"


def only(monkeypatch, given):
    """The settings of one engine: the others stay on this computer."""
    chosen = {"COSMOS": ("STORE", "cosmos"), "DOCUMENT": ("EXTRACTOR", "azure"), "AZURE": ("AGENT", "azure_openai")}
    name, value = chosen.get(next(iter(given)).partition("_")[0], ("LOG_FORMAT", "text"))
    keys = {"COSMOS_KEY": "a2V5", "DOCUMENT_INTELLIGENCE_KEY": "k", "AZURE_OPENAI_API_KEY": "k", "AZURE_OPENAI_DEPLOYMENT": "d"}
    set_all(monkeypatch, {name: value, **keys, **given})


@pytest.mark.parametrize("setting", NOBODY_THERE)
def test_where_nobody_answers_the_line_names_host_port_and_setting_and_what_only_an_administrator_can_do(
    alone, monkeypatch, capsys, setting
):
    given, engine = NOBODY_THERE[setting]
    only(monkeypatch, given)
    code, lines, _ = checked(capsys)
    says = lines[engine]["says"]
    assert code == 2 and f"Check {setting} (which names 127.0.0.1:9)" in says and " at 127.0.0.1:9, " in says
    assert "ry again" not in says and "recorded" not in says and "lost" not in says and "confirmation" not in says
    assert ('KRAFTD_AGENT = "rules"' in says) == (engine == "writer")


def test_a_service_that_failed_on_its_side_is_told_with_its_status_and_what_to_do_if_it_stays_so(engines, monkeypatch, capsys):
    engines["chat"].say(*[refused(500)] * 4)
    engines["di"].fail("ask", Response(b"{}", 503, {"apim-request-id": "c-1"}))
    code, lines, _ = checked(capsys)
    assert code == 2
    for engine, status in (("writer", "status 500"), ("reader", "status 503, call c-1")):
        assert status in lines[engine]["says"] and "if it stays so" in lines[engine]["says"]


def test_engines_that_hang_are_given_up_whatever_of_them_hangs(engines, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "_TRY_SECONDS", 0.5)
    monkeypatch.setattr(bootstrap, "_CLOSING_SECONDS", 0.5)
    over = threading.Event()

    async def on_a_thread(self):  # which no cancelling ends
        await asyncio.shield(asyncio.to_thread(over.wait, 30))

    async def never(self):
        while not over.is_set():
            with suppress(asyncio.CancelledError):
                await asyncio.sleep(0.05)

    monkeypatch.setattr(CosmosStore, "close", never)
    monkeypatch.setattr(LocalExtractor, "check", on_a_thread)
    engines["chat"].say("hang")
    code, lines, _ = checked(capsys)
    over.set()
    assert code == 2 and {engine for engine, line in lines.items() if line["ok"]} == {"files"}
    assert "KRAFTD_COSMOS_ENDPOINT (which names 127.0.0.1:" in lines["records"]["says"]


def test_a_loop_that_is_held_up_is_no_reason_to_wait(alone, monkeypatch, capsys):
    monkeypatch.setattr(bootstrap, "_TRY_SECONDS", 0.2)
    monkeypatch.setattr(bootstrap, "_CLOSING_SECONDS", 0.2)
    over = threading.Event()

    async def holds_up(self):
        over.wait(30)  # a call that gives nothing back to the loop

    monkeypatch.setattr(LocalExtractor, "check", holds_up)
    code, lines, _ = checked(capsys)
    over.set()
    assert code == 2 and not lines["reader"]["ok"]


def test_what_is_on_this_computer_is_tried_without_making_a_folder(alone, monkeypatch, capsys):
    code, lines, told_of = checked(capsys)
    assert (code, told_of, alone.exists()) == (0, "", False)
    assert str(alone) in lines["records"]["says"] and "made at first use" in lines["files"]["says"]
    alone.write_text("a file in the place of the folder")
    code, lines, _ = checked(capsys)
    assert code == 2 and "KRAFTD_DATA_DIR" in lines["records"]["says"]


def test_a_secrets_file_that_others_may_read_draws_a_remark_and_is_no_failure(alone, monkeypatch, tmp_path, capsys):
    file = tmp_path / "secrets.toml"
    file.write_text("")
    file.chmod(0o644)
    monkeypatch.setitem(Settings.model_config, "toml_file", file)
    code, _, told_of = checked(capsys)
    assert code == 0 and "chmod 600" in told_of


@pytest.mark.slow
def test_the_command_ends_though_a_thread_of_it_does_not(tmp_path):
    held = "import threading, sys; threading.Thread(target=threading.Event().wait).start(); sys.argv = ['k', 'check']\n"
    runs = held + "import runpy; runpy.run_module('kraftd_core', run_name='__main__')"
    environment = os.environ | {"KRAFTD_DATA_DIR": str(tmp_path / "data")}
    ended = subprocess.run([sys.executable, "-c", runs], env=environment, capture_output=True, timeout=90, check=False)
    assert ended.returncode == 0 and ended.stdout.count(b"ok ") == 4


def test_a_model_that_answers_without_the_form_is_told(engines, capsys):
    engines["chat"].say(Told("I am ready."))
    code, lines, _ = checked(capsys)
    assert code == 2 and "structured answers" in lines["writer"]["says"]


def test_a_line_reads_for_people(engines, capsys):
    assert __main__.main(["check"]) == 0
    said = capsys.readouterr().out.splitlines()
    assert [line.split()[:2] for line in said] == [["ok", name] for name in ("records", "files", "reader", "writer")]


# The command line, where the chosen store refuses


def exported(tmp_path, capsys):
    """The exit code, the JSON line, and what was told."""
    file = tmp_path / "mill.json"
    file.write_text(json.dumps({"vendor_name": "Mill & Sons", "invoice_total": 36, "currency": "EUR"}))
    code = __main__.main(["export", str(file), "--format", "json", "--out", str(tmp_path / "out")])
    said = capsys.readouterr()
    return code, json.loads(said.out), said.err


@pytest.fixture
def cosmos_only(engines, monkeypatch):
    set_all(monkeypatch, {"EXTRACTOR": "local", "AGENT": "rules"})
    return engines["cosmos"]


def test_what_is_refused_ends_with_1_and_a_sentence_and_arrives_once_it_is_mended(cosmos_only, monkeypatch, tmp_path, capsys):
    cosmos_only.key = "b3RoZXI="
    code, line, told_of = exported(tmp_path, capsys)
    assert code == 1 and (tmp_path / "out").exists()
    assert "does not pass by itself" in line["not_confirmed"] and "KRAFTD_COSMOS_KEY" in line["not_confirmed"]
    assert line["not_confirmed"] in told_of and "Traceback" not in told_of
    assert told_of.count("Reading the document") == told_of.count("what was learned") == 1
    assert told_of.count("engine failed engine=records host=127.0.0.1:") == told_of.count("cause=status=401") == 1
    assert "demo@localhost" not in told_of and COSMOS_KEY not in told_of
    monkeypatch.setenv("KRAFTD_COSMOS_KEY", "b3RoZXI=")
    code, line, told_of = exported(tmp_path, capsys)  # which sends on what waited from before
    assert (code, line["not_confirmed"]) == (0, None)
    assert len([item for item in cosmos_only.items() if item["kind"] == "stage"]) == 6
    assert "not yet in Cosmos" not in told_of


def test_an_outage_is_said_and_is_no_failure_of_the_command(cosmos_only, monkeypatch, tmp_path, capsys):
    monkeypatch.setenv("KRAFTD_COSMOS_ENDPOINT", "http://127.0.0.1:9")
    code, line, told_of = exported(tmp_path, capsys)
    assert code == 0 and "3 records are saved here and not yet in Cosmos. They follow by themselves." in told_of
    assert "did not answer" in line["not_confirmed"]
    assert __main__.main(["history"]) == 0
    said = capsys.readouterr()
    assert line["export_workflow_id"] in said.out and "They follow by themselves" in said.err
