"""From upload to a downloaded file and back in the history, as a business user goes."""

import io
import json
import re
import subprocess
import sys
from pathlib import Path

import openpyxl
import pytest
from driving import (
    add_row,
    cell,
    change_count,
    choose_first_line,
    columns,
    edit_cell,
    grid,
    idle,
    open_cell,
    read,
    upload,
    widget,
    workflow_of,
)
from playwright.sync_api import expect
from pypdf import PdfReader
from servers import PROJECT
from shared_files import DOCUMENTS

from kraftd_core.desk.samples import SAMPLES

REAL_INVOICE = DOCUMENTS / "fx_d05_au-bon-moulin.plain.pdf"


def sample_file(folder: Path, ending: str) -> Path:
    sample = next(s for s in SAMPLES if s.filename.endswith(ending))
    path = folder / sample.filename
    path.write_bytes(sample.content())
    return path


@pytest.fixture(params=["invoice", "bill of quantities"])
def document(request, tmp_path):
    """A real invoice, where the shared documents are beside this clone, else the sample; and the sample workbook."""
    if request.param == "invoice":
        return REAL_INVOICE if REAL_INVOICE.exists() else sample_file(tmp_path, ".pdf")
    return sample_file(tmp_path, ".xlsx")


def read_document(page, path: Path) -> None:
    read(page, path)
    widget(page, "stage1_review").get_by_role("button").click()
    expect(widget(page, "stage2_details")).to_be_visible()
    idle(page)


def tab(page, name: str) -> None:
    page.get_by_role("tab", name=name).click()
    idle(page)


def texts_of(content: bytes, file_format: str) -> str:
    """All that an independent reader finds in the file."""
    if file_format == "PDF":
        return "\n".join(page.extract_text() for page in PdfReader(io.BytesIO(content)).pages)
    book = openpyxl.load_workbook(io.BytesIO(content))
    return "\n".join(str(c.value) for sheet in book for row in sheet.iter_rows() for c in row if c.value is not None)


def test_a_document_is_corrected_delivered_and_found_again(page, server, document):
    file_format = "PDF" if document.suffix == ".pdf" else "Excel"
    read_document(page, document)
    workflow = workflow_of(page)
    original = server.records(workflow)[0]["initial_extracted_data"]
    names = [name for name, value in original.items() if name != "document_type" and not isinstance(value, list)]
    lines = original["line_items"]

    edit_cell(page, grid(page, "stage2_details"), 0, 1, "Corrected by Hand", has_markers=False)
    change_count(page, 1)
    tab(page, "Line items")
    table = grid(page, "stage2_table_line_items")
    price = columns(table).index("Description")
    edit_cell(page, table, 1, price, "Second line, corrected")
    change_count(page, 2)

    page.reload()
    change_count(page, 2)
    tab(page, "Line items")
    table = grid(page, "stage2_table_line_items")
    expect(cell(table, 1, price)).to_have_text("Second line, corrected")

    add_row(page, table, len(lines), {price: "Delivery to the door"})
    change_count(page, 3)

    page.get_by_text(file_format, exact=True).click()
    idle(page)
    widget(page, "stage2_record").get_by_role("button").click()
    dialog = page.get_by_role("dialog")
    expect(dialog).to_contain_text("Delivery to the door")
    widget(page, "stage2_confirm").get_by_role("button").click()
    widget(page, "stage3_produce").get_by_role("button").click()
    idle(page)
    with page.expect_download() as downloading:
        widget(page, "stage3_download").get_by_role("button").click()
    file = Path(downloading.value.path()).read_bytes()

    found = texts_of(file, file_format)
    for text in ("Corrected by Hand", "Second line, corrected", "Delivery to the door"):
        assert text in found.replace("\n", " "), text
    assert "_row_id" not in found
    assert not any(line["_row_id"] in found for line in lines)

    stage1, stage2, stage3 = server.records(workflow)
    assert stage1["initial_extracted_data"] == original
    said = sorted((c["change_type"], c["field"].split("[")[0], c["field"].split(".")[-1][:11]) for c in stage2["changes"])
    assert said == sorted(
        [
            ("modification", names[0], names[0][:11]),
            ("modification", "line_items", "description"),
            ("addition", "line_items", stage2["changes"][-1]["field"][:11]),
        ]
    )
    assert stage3["deliverable"]["filename"] == downloading.value.suggested_filename

    page.get_by_role("link", name="History").click()
    widget(page, "history_text").get_by_role("searchbox").fill(document.stem[:12])
    page.keyboard.press("Enter")
    idle(page)
    choose_first_line(page).click()
    expect(page).to_have_url(re.compile(workflow))
    for text in ("Corrected by Hand", "Second line, corrected", "Delivery to the door"):
        expect(page.get_by_text(text).first).to_be_visible()
    idle(page)
    with page.expect_download() as downloading:
        widget(page, "opened_download").get_by_role("button").click()
    assert Path(downloading.value.path()).read_bytes() == file


def test_a_cell_still_open_at_the_click_is_in_the_record(page, server, tmp_path):
    sample = next(s for s in SAMPLES if s.filename.endswith(".pdf"))
    widget(page, f"stage1_sample_{sample.key}").get_by_role("button").click()
    widget(page, "stage1_review").get_by_role("button").click()
    expect(widget(page, "stage2_details")).to_be_visible()
    idle(page)
    open_cell(page, grid(page, "stage2_details"), 0, 1, "Typed last", has_markers=False)
    widget(page, "stage2_record_download").get_by_role("button").click()
    expect(page.get_by_role("dialog")).to_contain_text("Typed last")
    widget(page, "stage2_confirm").get_by_role("button").click()
    expect(widget(page, "stage3_download")).to_be_visible()
    stage2 = server.records(workflow_of(page))[1]
    assert [c["modified_value"] for c in stage2["changes"]] == ["Typed last"]


def test_a_killed_server_loses_no_recorded_stage_and_nothing_typed(page, server):
    sample = next(s for s in SAMPLES if s.filename.endswith(".pdf"))
    widget(page, f"stage1_sample_{sample.key}").get_by_role("button").click()
    expect(widget(page, "stage1_review")).to_be_visible()
    workflow = workflow_of(page)

    def killed_and_started() -> None:
        server.kill()
        server.start()

    killed_and_started()
    assert [r["sequence"] for r in server.records(workflow)] == [1]
    page.goto(f"{server.url}/review?workflow={workflow}")
    expect(widget(page, "stage2_details")).to_be_visible()
    idle(page)
    edit_cell(page, grid(page, "stage2_details"), 0, 1, "Typed before the kill", has_markers=False)
    change_count(page, 1)
    killed_and_started()
    page.goto(f"{server.url}/review?workflow={workflow}")
    change_count(page, 1)
    widget(page, "stage2_record").get_by_role("button").click()
    widget(page, "stage2_confirm").get_by_role("button").click()
    expect(widget(page, "stage3_produce")).to_be_visible()

    killed_and_started()
    assert server.records(workflow)[1]["changes"][0]["modified_value"] == "Typed before the kill"
    page.goto(f"{server.url}/deliver?workflow={workflow}")
    widget(page, "stage3_produce").get_by_role("button").click()
    expect(widget(page, "stage3_download")).to_be_visible()

    killed_and_started()
    assert [r["sequence"] for r in server.records(workflow)] == [1, 2, 3]
    page.goto(f"{server.url}/deliver?workflow={workflow}")
    expect(widget(page, "stage3_download")).to_be_visible()


def test_a_refused_file_is_told_in_one_sentence(page, tmp_path):
    bad = tmp_path / "bad.pdf"
    bad.write_bytes(b"MZ not a document")
    upload(page, bad, "stage1_drop")
    expect(page.get_by_role("alert")).to_contain_text("PDF")
    expect(widget(page, "stage1_drop")).to_be_visible()


def test_of_files_that_are_dropped_together_none_is_lost(page, server, tmp_path):
    contents = {f"{n}.json": f'{{"document_type": "invoice", "invoice_id": "B-{n}", "vendor_name": "Batch"}}' for n in range(3)}
    files = []
    for name, content in (contents | {"tool.exe": "MZ"}).items():
        files.append(tmp_path / name)
        files[-1].write_text(content)
    widget(page, "stage1_drop").locator("input[type=file]").set_input_files(files)
    batch = widget(page, "stage1_batch")
    expect(batch).to_contain_text("3 of 4 documents read · 1 not taken")
    expect(batch.get_by_role("alert")).to_contain_text("tool.exe · Files of this kind are not read")
    page.goto(server.url)  # found again
    widget(page, "stage1_batch_clear").get_by_role("button").click()
    expect(batch).to_have_count(0)
    expect(page.get_by_text("Batch · B-2")).to_be_visible()


def test_two_tabs_lose_nothing_and_the_other_version_is_offered(page, server):
    widget(page, "stage1_sample_invoice").get_by_role("button").click()
    widget(page, "stage1_review").get_by_role("button").click()
    expect(widget(page, "stage2_details")).to_be_visible()
    idle(page)
    other = page.context.new_page()
    other.goto(page.url)
    expect(widget(other, "stage2_details")).to_be_visible()
    idle(other)

    page.bring_to_front()  # a tab behind another draws no grid
    edit_cell(page, grid(page, "stage2_details"), 0, 1, "Typed in the first tab", has_markers=False)
    change_count(page, 1)
    expect(widget(page, "stage2_others").get_by_role("button")).to_have_count(0)
    other.bring_to_front()
    edit_cell(other, grid(other, "stage2_details"), 0, 1, "Typed in the second tab", has_markers=False)
    expect(widget(other, "stage2_others")).to_contain_text("Another tab saved another version")

    server.kill()
    server.start()
    other.reload()
    expect(widget(other, "stage2_others")).to_contain_text("Another tab saved another version")
    widget(other, "stage2_others").get_by_role("button", name="Use that one").click()
    expect(widget(other, "stage2_others").get_by_role("button")).to_have_count(0)
    idle(other)
    expect(grid(other, "stage2_details").locator("#glide-cell-1-0")).to_have_text("Typed in the first tab")
    edit_cell(other, grid(other, "stage2_details"), 0, 1, "Typed after the choice", has_markers=False)
    expect(other.get_by_role("button", name="Typed after the choice")).to_be_attached()  # the count was 1 before
    change_count(other, 1)
    expect(widget(other, "stage2_others").get_by_role("button")).to_have_count(0)
    widget(other, "stage2_record").get_by_role("button").click()
    expect(other.get_by_role("dialog")).to_contain_text("Typed after the choice")
    widget(other, "stage2_confirm").get_by_role("button").click()
    expect(widget(other, "stage3_produce")).to_be_visible()
    assert [c["modified_value"] for c in server.records(workflow_of(other))[1]["changes"]] == ["Typed after the choice"]


def test_a_workflow_is_verified_and_its_bundle_taken_in_the_history(page, tmp_path):
    widget(page, "stage1_sample_invoice").get_by_role("button").click()
    expect(widget(page, "stage1_review")).to_be_visible()
    workflow = workflow_of(page)
    page.goto(f"{page.url.split('/?')[0]}/history?workflow={workflow}")
    widget(page, "history_verify").get_by_role("button").click()
    expect(page.get_by_text("✓ Stage")).to_be_visible()
    idle(page)
    with page.expect_download() as downloading:
        widget(page, "history_bundle").get_by_role("button").click()
    assert downloading.value.suggested_filename == f"bundle_{workflow}.json"
    bundle = tmp_path / "bundle.json"
    downloading.value.save_as(bundle)
    command = [sys.executable, "-m", "kraftd_core", "verify", str(bundle)]
    assert json.loads(subprocess.run(command, cwd=PROJECT, capture_output=True, text=True, check=True).stdout)["holds"]
    page.reload()
    page.get_by_role("tab", name="Trail").click()
    expect(page.get_by_text("Verified", exact=True).and_(page.locator("strong"))).to_be_visible()
    expect(page.get_by_text("Bundle downloaded")).to_be_visible()
