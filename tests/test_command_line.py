import json
import os
import subprocess
import sys
import time
import zipfile
from datetime import UTC, datetime
from hashlib import sha256
from pathlib import Path
from types import SimpleNamespace

import pytest
from fakes import Clock, FakeExtractor, make_desk
from made_invoices import made
from shared_files import DOCUMENTS, needs_documents

from kraftd_core.__main__ import main
from kraftd_core.adapters.agents.rules.agent import RulesAgent
from kraftd_core.desk.samples import SAMPLES
from kraftd_core.errors import AgentUnavailable, ExtractorUnavailable
from kraftd_core.ports.thinking import unheard
from kraftd_core.recording.service import utc_now
from kraftd_core.thinking.agent import KraftdAIAgent

pytestmark = pytest.mark.slow

PROJECT = Path(__file__).parents[1]


@pytest.fixture
def kraftd(capsys):
    """Runs a command in this process: to start one for each takes longer than most commands."""

    def run(*arguments, check=True):
        capsys.readouterr()
        try:
            code = main(list(map(str, arguments)))
        except SystemExit as ended:  # from what parses the arguments
            code = ended.code
        said = capsys.readouterr()
        assert not check or code == 0, said.err
        return SimpleNamespace(returncode=code, stdout=said.out, stderr=said.err)

    return run


def sample(folder, kind):
    """The sample whose file has this ending, written to the folder."""
    chosen = next(s for s in SAMPLES if s.filename.endswith(kind))
    path = folder / chosen.filename
    path.write_bytes(chosen.content())
    return path


def test_extract_prints_fields_tables_and_checks_as_json(tmp_path):
    command = [sys.executable, "-m", "kraftd_core", "extract", sample(tmp_path, ".pdf")]
    read = json.loads(subprocess.run(command, capture_output=True, text=True, cwd=PROJECT, env=os.environ, check=True).stdout)
    assert read["document_type"] == "invoice"
    assert set(read["fields"]["invoice_total"]) == {"value", "confidence", "page", "polygon"}
    assert len(read["tables"]["line_items"]) >= 6
    assert "_row_id" not in json.dumps(read["tables"])
    assert any("does not" in f["message"] or " is " in f["message"] for f in read["checks"])
    assert read["method"] == "LOCAL"


def test_extract_reads_a_document_as_what_it_is_said_to_be_and_refuses_what_nothing_is(tmp_path, kraftd):
    path = sample(tmp_path, ".pdf")
    assert json.loads(kraftd("extract", path, "--type", "quotation").stdout)["document_type"] == "quotation"
    refused = kraftd("extract", path, "--type", "poem", check=False)
    assert (refused.returncode, refused.stdout) == (2, "")
    assert "poem" in refused.stderr and "Traceback" not in refused.stderr


def test_export_takes_several_files_through_all_stages(tmp_path, kraftd):
    files = [sample(tmp_path, ending) for ending in (".pdf", ".xlsx", ".docx")]
    done = kraftd("export", *files, "--format", "excel", "--set", "vendor_name=Baker", "--out", tmp_path / "out")
    lines = [json.loads(line) for line in done.stdout.splitlines()]
    assert len(lines) == 3
    for line in lines:
        content = Path(line["deliverable"]).read_bytes()
        assert line["content_hash"] == "sha256:" + sha256(content).hexdigest()
        records = json.loads(kraftd("show", line["export_workflow_id"]).stdout)
        assert [r["sequence"] for r in records] == [1, 2, 3]
        assert [c["field"] for c in records[1]["changes"]] == ["vendor_name"]
        assert records[1]["review_mode"] == "unattended" and records[1]["user_actions"]["editing_time_seconds"] is None
    history = [json.loads(line) for line in kraftd("history", "--json").stdout.splitlines()]
    assert [line["export_workflow_id"] for line in history] == [line["export_workflow_id"] for line in lines[::-1]]


def exported(desk, folder, monkeypatch, capsys, more=(), **files):
    """The JSON lines of an export, and what was told beside them."""
    monkeypatch.setattr("kraftd_core.__main__.build_desk", lambda settings: desk)
    paths = []
    for name, content in files.items():
        paths.append(folder / f"{name}.pdf")
        paths[-1].write_bytes(content)
    assert main(["export", *map(str, paths), "--format", "json", "--out", str(folder / "out"), *more]) == 0
    said = capsys.readouterr()
    return [json.loads(line) for line in said.out.splitlines()], said.err.splitlines()


def test_the_same_file_and_the_same_number_again_are_told_before_they_are_recorded_and_named_in_the_line(
    tmp_path, monkeypatch, capsys
):
    desk = make_desk(tmp_path / "data", utc_now)
    made, told = exported(desk, tmp_path, monkeypatch, capsys, first=b"%PDF", second=b"%PDF", third=b"%PDF 3")
    first, second, third = made
    assert (first["same_as"], first["number_known"]) == (None, None)
    assert (second["same_as"]["export_workflow_id"], second["number_known"]) == (first["export_workflow_id"], None)
    assert set(second["same_as"]) == {"export_workflow_id", "document_name", "status", "started_at"}
    assert (third["same_as"], third["number_known"]["export_workflow_id"]) == (None, second["export_workflow_id"])
    steps = [n for n, line in enumerate(told) if line == "Reading the document"]
    same, number = (next(n for n, line in enumerate(told) if line.startswith(name)) for name in ("second.pdf: ", "third.pdf: "))
    assert steps[0] < same < steps[1] < steps[2] < number < [n for n, line in enumerate(told) if line == "Recording"][-2]
    assert "you had this very file before" in told[same] and first["export_workflow_id"] in told[same]
    assert "second.pdf of " in told[number] and "the same supplier and invoice number" in told[number]


def test_a_number_that_is_set_to_one_that_was_here_before_is_told_as_well(tmp_path, monkeypatch, capsys):
    desk = make_desk(tmp_path / "data", utc_now)
    (first,), _ = exported(desk, tmp_path, monkeypatch, capsys, ["--set", "invoice_id=B-7"], first=b"%PDF")
    (other,), _ = exported(make_desk(tmp_path / "data", utc_now), tmp_path, monkeypatch, capsys, other=b"%PDF 2")
    assert other["number_known"] is None
    desk = make_desk(tmp_path / "data", utc_now)
    (second,), told = exported(desk, tmp_path, monkeypatch, capsys, ["--set", "invoice_id=b-7"], second=b"%PDF 3")
    assert second["number_known"]["export_workflow_id"] == first["export_workflow_id"]
    assert [line for line in told if line.startswith("second.pdf: the supplier and number are those of first.pdf on ")]


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system's time zone cannot be set for one process")
def test_the_history_says_how_the_file_was_made_and_is_asked_by_words_and_days_of_this_machine(tmp_path, monkeypatch, capsys):
    clock = Clock()
    clock.now = datetime(2026, 10, 6, 23, 30, tzinfo=UTC)  # on this machine the 7th
    desk = make_desk(tmp_path / "data", clock)
    (made,), _ = exported(desk, tmp_path, monkeypatch, capsys, first=b"%PDF")
    monkeypatch.setitem(os.environ, "TZ", "Asia/Tokyo")
    time.tzset()

    def listed(*asked):
        monkeypatch.setattr("kraftd_core.__main__.build_desk", lambda settings: make_desk(tmp_path / "data", clock))
        assert main(["history", "--json", *asked]) == 0
        return [json.loads(line) for line in capsys.readouterr().out.splitlines()]

    try:
        (line,) = listed("--since", "2026-10-07", "--until", "9999-12-31", "--search", "ＭÍLL sons")
        assert (line["export_workflow_id"], line["export_format"]) == (made["export_workflow_id"], "json")
        assert listed("--until", "2026-10-06") == listed("--since", "2026-10-08") == listed("--search", "mold") == []
    finally:
        monkeypatch.undo()
        time.tzset()


def test_what_is_no_day_is_refused_with_exit_code_2(capsys):
    with pytest.raises(SystemExit) as ended:
        main(["history", "--since", "06.10.2026"])
    assert ended.value.code == 2
    assert "is not a day" in capsys.readouterr().err


def test_a_value_is_set_typed_like_the_one_that_stood_there(tmp_path, kraftd):
    done = kraftd("export", sample(tmp_path, ".pdf"), "--format", "json", "--set", "invoice_total=1.250,50", "--out", tmp_path)
    workflow = json.loads(done.stdout)["export_workflow_id"]
    records = json.loads(kraftd("show", workflow).stdout)
    assert records[1]["modified_data"]["invoice_total"] == 1250.5


def test_a_refused_file_is_one_sentence_and_exit_code_2_and_the_batch_goes_on(tmp_path, kraftd):
    (tmp_path / "bad.pdf").write_bytes(b"MZ this is no document")
    done = kraftd("export", tmp_path / "bad.pdf", sample(tmp_path, ".xlsx"), "--out", tmp_path / "out", check=False)
    assert done.returncode == 2
    assert len(done.stdout.splitlines()) == 1
    (complaint,) = [line for line in done.stderr.splitlines() if line.startswith("bad.pdf")]
    assert "PDF" in complaint
    assert "Traceback" not in done.stderr


class FailingExtractor(FakeExtractor):
    """Refuses, fails or reads a document by what its name says."""

    async def extract(self, content, name, progress, document_type=None):
        if name.startswith("away"):
            raise ExtractorUnavailable("The service that reads documents cannot be reached. Try again.")
        return await super().extract(b"refuse" if name.startswith("bad") else content, name, progress, document_type)


class FailingRules(RulesAgent):
    """Writes no summary of documents whose name says so."""

    async def initial_summary(self, case, hear=unheard):
        if case.document_name.startswith("mute"):
            raise AgentUnavailable("The service that writes gave an empty answer. Try again.")
        return await super().initial_summary(case, hear)


@pytest.mark.parametrize(("names", "code"), [
    (["away.pdf", "good.pdf", "mute.pdf", "fine.pdf"], 1), (["away.pdf", "bad.pdf", "fine.pdf", "good.pdf"], 2),
])  # fmt: skip
def test_a_service_that_fails_on_one_file_does_not_stop_the_batch(tmp_path, monkeypatch, capsys, names, code):
    desk = make_desk(tmp_path / "data", utc_now)
    desk._extractor, desk._agent = FailingExtractor(), KraftdAIAgent(FailingRules())
    monkeypatch.setattr("kraftd_core.__main__.build_desk", lambda settings: desk)
    for name in names:
        (tmp_path / name).write_bytes(b"%PDF")
    arguments = ["export", *(str(tmp_path / name) for name in names), "--format", "json", "--out", str(tmp_path / "out")]
    assert main(arguments) == code
    said = capsys.readouterr()
    made = [Path(json.loads(line)["deliverable"]).name.split("_")[0] for line in said.out.splitlines()]
    assert sorted(made) == ["fine", "good"]
    told = [line for line in said.err.splitlines() if ".pdf: The " in line]
    assert [line.split(": ")[0] for line in told] == [name for name in names if name not in ("fine.pdf", "good.pdf")]


def test_instructions_are_carried_out_and_what_is_not_understood_is_told(tmp_path, kraftd):
    words = "hide the currency. Fax it to Bob"
    done = kraftd("export", sample(tmp_path, ".xlsx"), "--format", "json", "--instructions", words, "--out", tmp_path)
    line = json.loads(done.stdout)
    records = json.loads(kraftd("show", line["export_workflow_id"]).stdout)
    assert records[1]["user_preferences"]["transformation_instructions"] == words
    assert [step["kind"] for step in records[2]["presentation_plan"]["steps"]] == ["hide"]
    assert "currency" not in json.loads(Path(line["deliverable"]).read_text(encoding="utf-8"))["data"]
    assert [told for told in done.stderr.splitlines() if told.startswith("Not carried out: “Fax it to Bob”.")]


@pytest.mark.parametrize("arguments", [("extract", "no-such.pdf"), ("show", "no-such-workflow")])
def test_what_is_not_there_is_said_with_exit_code_2(arguments, kraftd):
    done = kraftd(*arguments, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert len(done.stderr.splitlines()) == 1


def test_a_wrong_setting_is_named_and_ends_with_exit_code_1(monkeypatch, kraftd):
    monkeypatch.setenv("KRAFTD_RETENTION_DAYS", "soon")
    done = kraftd("history", check=False)
    assert done.returncode == 1
    assert "KRAFTD_RETENTION_DAYS" in done.stderr
    assert "Traceback" not in done.stderr


def real_documents(folder):
    names = ("fx_d05_au-bon-moulin.plain.pdf", "fx_d02_global-supplies-lt.pdf", "i2d_NetpresseInvoice.pdf")
    return [DOCUMENTS / name for name in names]


def made_documents(folder):
    paths = [folder / f"made_{seed}.pdf" for seed in range(3)]
    for seed, path in enumerate(paths):
        path.write_bytes(made(seed)[0])
    return paths


@pytest.mark.parametrize(("documents", "file_format"), [
    (made_documents, "pdf"), (made_documents, "excel"), pytest.param(real_documents, "json", marks=needs_documents),
])  # fmt: skip
@pytest.mark.slow
def test_documents_become_files_without_a_browser(tmp_path, documents, file_format, kraftd):
    done = kraftd("export", *documents(tmp_path), "--format", file_format, "--out", tmp_path / "out")
    assert len(done.stdout.splitlines()) == 3
    assert len([p for p in (tmp_path / "out").iterdir() if p.is_file()]) == 3


def test_a_hostile_file_ends_with_one_sentence(tmp_path, kraftd):
    bomb = tmp_path / "zip_bomb.xlsx"
    with zipfile.ZipFile(bomb, "w", zipfile.ZIP_DEFLATED) as archive, zipfile.ZipFile(sample(tmp_path, ".xlsx")) as workbook:
        for name in workbook.namelist():
            archive.writestr(name, workbook.read(name) + b" " * (130 * 2**20 if name.endswith("sheet1.xml") else 0))
    done = kraftd("export", bomb, "--out", tmp_path, check=False)
    assert (done.returncode, done.stdout) == (2, "")
    assert len([line for line in done.stderr.splitlines() if line.startswith("zip_bomb.xlsx: ")]) == 1
    assert list(tmp_path.glob("*.pdf")) == []


def test_export_tells_of_a_supplier_that_is_to_be_paid_elsewhere(tmp_path, kraftd):
    told = []
    for number, iban in (("A-1", "DE89370400440532013000"), ("A-2", "DE02120300000000202051")):
        data = {"document_type": "invoice", "vendor_name": "Alpha GmbH", "vendor_tax_id": "DE136695976", "iban": iban}
        path = tmp_path / f"{number}.json"
        path.write_text(json.dumps(data | {"invoice_number": number}))
        told.append(kraftd("export", path, "--format", "json", "--out", tmp_path / "out").stderr)
    message = "A-2.json: This supplier's IBAN was DE89370400440532013000 in 1 document; here it is DE02120300000000202051."
    assert message in told[1].splitlines()
    assert "IBAN was" not in told[0]


def test_an_owner_in_capitals_is_the_same_owner_in_every_command(tmp_path, kraftd, monkeypatch):
    path = sample(tmp_path, ".csv") if any(s.filename.endswith(".csv") for s in SAMPLES) else sample(tmp_path, ".pdf")
    done = kraftd("export", path, "--format", "json", "--owner", "Ann@Example.com", "--out", tmp_path / "out")
    line = json.loads(done.stdout)
    for owner in ("ann@example.com", "ANN@EXAMPLE.COM", " Ann@example.com "):
        assert line["export_workflow_id"] in kraftd("history", "--owner", owner, "--json").stdout
        assert line["export_workflow_id"] in kraftd("show", line["export_workflow_id"], "--owner", owner).stdout
    monkeypatch.setenv("KRAFTD_OWNER", "Ann@Example.com")
    assert line["export_workflow_id"] in kraftd("history", "--json").stdout
    assert "Delivered as is" in kraftd("verify", line["deliverable"]).stdout


def test_an_owner_that_is_no_address_is_refused_in_a_sentence(tmp_path, kraftd):
    refused = kraftd("history", "--owner", "\u212aate@example.com", check=False)
    assert refused.returncode == 2
    assert refused.stderr.strip().endswith("in plain letters without blanks.")
