"""A file that was delivered is known again, an altered one told; other formats are made from the history."""

import zipfile
from functools import partial

from driving import SOON_MS, idle, until_done, upload, widget, workflow_of
from playwright.sync_api import expect


def produced(page, server, tmp_path):
    """The id of a workflow on a sample, and its JSON file as downloaded."""
    widget(page, "stage1_sample_invoice").get_by_role("button").click()
    widget(page, "stage1_review").get_by_role("button").click()
    widget(page, "stage2_record").get_by_role("button").click()
    confirm = widget(page, "stage2_confirm").get_by_role("button")
    expect(confirm.or_(widget(page, "stage3_produce").get_by_role("button")).first).to_be_visible()
    if confirm.is_visible():
        confirm.click()
    expect(widget(page, "stage3_produce")).to_be_visible()
    idle(page)
    page.get_by_role("radiogroup").get_by_text("JSON", exact=True).click()
    page.get_by_role("button", name="Produce the JSON file").click()
    idle(page)
    with page.expect_download() as downloading:
        widget(page, "stage3_download").get_by_role("button").click()
    file = tmp_path / downloading.value.suggested_filename
    downloading.value.save_as(file)
    return workflow_of(page), file


def answer_to(page, server, file):
    page.goto(f"{server.url}/verify")
    upload(page, file, "verify_file")
    answer = widget(page, "verify_answer")
    expect(answer).to_be_visible()
    return answer


def choose(chosen, name):
    """Presses a format, again where the click came while the page was drawn."""
    pressed = chosen.get_by_role("button", name=name, pressed=True)
    if pressed.count() == 0:
        chosen.get_by_role("button", name=name).click()
    expect(pressed).to_be_visible(timeout=SOON_MS)


def test_a_delivered_file_is_known_an_altered_one_told_and_other_formats_made(page, server, tmp_path):
    workflow, file = produced(page, server, tmp_path)
    expect(answer_to(page, server, file)).to_contain_text("Delivered as is on")

    altered = tmp_path / "altered.json"
    altered.write_bytes(file.read_bytes().replace(b"1", b"2", 1))
    answer = answer_to(page, server, altered)
    expect(answer).to_contain_text("Altered since")
    idle(page)
    with page.expect_download() as downloading:
        widget(page, "verify_download_whole").get_by_role("button").click()
    true_file = tmp_path / "true.json"
    downloading.value.save_as(true_file)
    assert true_file.read_bytes() == file.read_bytes()

    foreign = tmp_path / "foreign.pdf"
    foreign.write_bytes(b"%PDF-1.7 not ours")
    expect(answer_to(page, server, foreign)).to_contain_text("Unknown here")

    page.goto(f"{server.url}/history?workflow={workflow}")
    page.get_by_text("Other template or format").click()
    chosen = widget(page, f"history_other_formats_{workflow[:8]}")
    for name in ("Excel", "CSV"):
        until_done(partial(choose, chosen, name))
        idle(page)
    widget(page, "history_other_make").get_by_role("button").click()
    expect(page.get_by_text("2 files ready")).to_be_visible()
    idle(page)
    with page.expect_download() as downloading:
        widget(page, "history_other_download").get_by_role("button").click()
    both = tmp_path / "both.zip"
    downloading.value.save_as(both)
    with zipfile.ZipFile(both) as archive:
        assert sorted(name.rpartition(".")[2] for name in archive.namelist()) == ["xlsx", "zip"]
        archive.extractall(tmp_path / "both")
    for made in (tmp_path / "both").iterdir():
        expect(answer_to(page, server, made)).to_contain_text("Delivered as is on")
    expect(answer_to(page, server, both)).to_contain_text("2 of 2 files in it were delivered as is")
