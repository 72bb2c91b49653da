"""What comes from a document, from its name or from an error is shown as its characters on every page: never as Markdown.

Labels, tabs, buttons, tooltips and notices of Streamlit are Markdown too, so every text of every element is looked at.
"""

import json
import re
from collections.abc import Iterator
from io import BytesIO
from unittest.mock import AsyncMock

import docx
import openpyxl
import pytest
from apptests import ACTOR, button, core, named, opened  # noqa: F401  core is a fixture
from streamlit.testing.v1 import AppTest

from kraftd_core import Desk, DocumentRefused, ExtractorUnavailable, KraftdError, NotFound, UserPreferences
from kraftd_core.review.learning import Learned, LearnedOffer

pytestmark = pytest.mark.slow

EVIL = (
    "![EVIL](http://evil.example/p.png) [EVIL](http://evil.example) :red[EVIL] $EVIL$ <b>EVIL</b> ~~EVIL~~ `EVIL` "
    ":material/home: :smile: www.evil.example evil@evil.example"
)
NAME = EVIL.replace("/", "∕").replace(":", "∶")  # a file's name holds neither
ALIVE = re.compile(
    r"(?i)(?<!\\)\]\(|:red\[evil|(?<!\\)\$evil|(?<!\\)<b>|(?<!\\)~evil|(?<!\\)`evil|:material/home:|:smile:|http://evil|www\.evil|evil@evil"
)
SHOWN_AS_IT_IS = {
    "TextInput.default", "TextInput.value", "TextArea.default", "TextArea.value",  # what is typed
    "Selectbox.options", "Selectbox.raw_value", "MultiSelect.options", "MultiSelect.raw_values",  # seen in a browser
    "Code.code_text", "Dataframe.alt", "Dataframe.columns", "BidiComponent.json", "BidiComponent.html_content",
    "DownloadButton.url",
}  # fmt: skip
"""Where Streamlit, or a component of ours, draws a text as it is."""
NAMES = re.compile(r"\.(id|form_id|key|user_key)$")
"""What is no text but the name of a thing."""


def strings(message) -> Iterator[tuple[str, str]]:
    """Each text of a message of Streamlit with where it stands."""
    for field, value in message.ListFields():
        for one in value if field.is_repeated and not isinstance(value, str) else [value]:
            if isinstance(one, str):
                yield f"{message.DESCRIPTOR.name}.{field.name}", one
            elif hasattr(one, "ListFields"):
                yield from strings(one)


def messages(node) -> Iterator:
    """The messages of all elements and blocks of a page."""
    if (proto := getattr(node, "proto", None)) is not None:
        yield proto
    for child in getattr(node, "children", {}).values():
        yield from messages(child)


def texts_of(session):
    """All texts of a page with where they stand."""
    return [pair for message in messages(session._tree) for pair in strings(message)]


def alive(session):
    """What a page would draw of the hostile text as anything but its characters."""
    assert not session.exception
    found = [(name, text) for name, text in texts_of(session) if ALIVE.search(text)]
    return {(name, text[:80]) for name, text in found if name not in SHOWN_AS_IT_IS and not NAMES.search(name)}


def says(session, word="EVIL"):
    """Whether the hostile text stands on the page at all, or the test would prove nothing."""
    return any(word in text for _, text in texts_of(session))


def as_json():
    rows = [{"description": f"{n} {EVIL}", EVIL: "y", "amount": 3} for n in range(3)]
    return json.dumps({
        "document_type": "invoice", "vendor_name": EVIL, "customer_name": EVIL, "invoice_id": EVIL, EVIL: "x", f"b {EVIL}": EVIL,
        "currency": "EUR", "invoice_total": 14.2, "line_items": rows,
        f"t {EVIL}": [{EVIL: EVIL, "b": "2"}, {EVIL: "z", "b": "2"}],
    }).encode()  # fmt: skip


def as_workbook():
    book = openpyxl.Workbook()
    book.active.title = "$EVIL$"
    for title in ("<b>EVIL", "`EVIL` $EVIL$ @"):
        sheet = book.create_sheet(title)
        for row in (["Position", EVIL, "Amount"], [1, EVIL, 3], [2, EVIL, 4]):
            sheet.append(row)
    made = BytesIO()
    book.save(made)
    return made.getvalue()


def as_letter():
    letter, made = docx.Document(), BytesIO()
    letter.add_heading(EVIL)
    letter.add_paragraph(f"Invoice {EVIL}")
    table = letter.add_table(2, 2)
    for cell in (c for row in table.rows for c in row.cells):
        cell.text = EVIL
    letter.save(made)
    return made.getvalue()


def as_csv():
    return f'Position;"{EVIL}";Amount\n1;"{EVIL}";3\n2;"{EVIL}";4\n'.encode()


KINDS = {"json": as_json, "xlsx": as_workbook, "docx": as_letter, "csv": as_csv}


def read(core, kind="json"):
    return core.run(lambda desk: desk.read(ACTOR, f"{NAME}.{kind}", KINDS[kind](), lambda step: None))


def reviewed(core, file_format="json", kind="json"):
    """A reviewed workflow: values corrected, reasons and wishes given, all of them hostile."""
    workflow_id = read(core, kind)
    words = f"Highlight all totals. {EVIL}. Leave out {EVIL}"
    wishes = UserPreferences(export_format=file_format, transformation_instructions=words)

    async def review(desk):
        there = await desk.review(ACTOR, workflow_id)
        edited = there.draft.modified_data | {"vendor_name": f"New {EVIL}", "payment_terms": EVIL}
        await desk.keep_draft(ACTOR, workflow_id, edited, wishes, {"vendor_name": EVIL})
        await desk.record_modifications(ACTOR, workflow_id)

    core.run(review)
    return workflow_id


def delivered(core, file_format, kind="json"):
    workflow_id = reviewed(core, file_format, kind)
    core.run(lambda desk: desk.produce(ACTOR, workflow_id, lambda step: None))
    return workflow_id


@pytest.mark.parametrize("kind", KINDS)
@pytest.mark.parametrize("page", ["", "stage2_modifications.py", "history.py"])
def test_a_document_that_was_read_is_shown_as_its_characters(core, kind, page):
    session = opened(page, workflow=read(core, kind))
    assert says(session)
    assert alive(session) == set()


def test_a_document_that_is_shown_beside_its_data_is_too(core):
    for kind in ("docx", "xlsx"):
        session = opened("stage2_modifications.py", workflow=read(core, kind))
        session.toggle[0].set_value(True).run()
        assert alive(session) == set()


@pytest.mark.parametrize("page", ["", "history.py", "compare.py"])
def test_its_name_in_a_list_is_too(core, page):
    read(core)
    session = opened(page)
    assert says(session) or page == "history.py"  # where it stands in a table
    assert alive(session) == set()


def test_its_values_one_at_a_time_are_too(core):
    session = opened("stage2_modifications.py", workflow=read(core))
    button(session, "review_start").click().run()
    for _ in range(12):
        assert alive(session) == set()
        if not [b for b in session.button if b.key == "review_skip"]:
            break
        button(session, "review_skip").click().run()


def test_what_is_to_be_recorded_is_too(core):
    workflow_id = read(core)

    async def keep(desk):
        there = await desk.review(ACTOR, workflow_id)
        edited = there.draft.modified_data | {"vendor_name": f"New {EVIL}", f"added {EVIL}": EVIL}
        await desk.keep_draft(ACTOR, workflow_id, edited, there.draft.preferences, {"vendor_name": EVIL})

    core.run(keep)
    session = opened("stage2_modifications.py", workflow=workflow_id)
    assert alive(session) == set()
    button(session, "stage2_record").click().run()
    assert alive(session) == set()


def test_suggestions_from_earlier_documents_are_too(core, monkeypatch):
    told = f"You wrote {EVIL} twice."
    offers = [LearnedOffer(field, "Mill", EVIL, ("w1", "w2"), told) for field in ("vendor_name", "customer_name")]
    monkeypatch.setattr(Desk, "learned", AsyncMock(return_value=Learned(offers=offers)))
    session = opened("stage2_modifications.py", workflow=read(core))
    assert alive(session) == set()
    button(session, "review_start").click().run()
    assert alive(session) == set()


@pytest.mark.parametrize("kind", ["json", "xlsx"])
@pytest.mark.parametrize("page", ["stage2_modifications.py", "stage3_deliverable.py", "history.py"])
def test_a_recorded_review_is_too(core, page, kind):
    session = opened(page, workflow=reviewed(core, "excel", kind))
    assert says(session)
    assert alive(session) == set()


@pytest.mark.parametrize("file_format", ["json", "csv", "excel", "pdf"])
@pytest.mark.parametrize("page", ["stage3_deliverable.py", "history.py"])
def test_a_delivered_file_is_too(core, page, file_format):
    session = opened(page, workflow=delivered(core, file_format))
    assert says(session)
    assert alive(session) == set()


@pytest.mark.parametrize("view", ["two", "three"])
def test_versions_beside_each_other_are_too(core, view):
    workflow_id = delivered(core, "json")
    session = opened("compare.py", left=f"{workflow_id}:ai", right=f"{workflow_id}:delivered", view=view)
    assert says(session)
    assert alive(session) == set()


def test_a_file_that_is_verified_is_too(core):
    workflow_id = delivered(core, "json")
    made = core.run(lambda desk: desk.deliverable(ACTOR, workflow_id))
    for name, content in ((made.filename, made.content), (f"{NAME}.json", made.content + b" "), (f"{NAME}.txt", b"x")):
        session = opened("verify.py")
        session.file_uploader[0].set_value((name, content, "application/json")).run()
        assert alive(session) == set()


def test_a_file_that_is_refused_is_too(core):
    session = opened()
    session.file_uploader[0].set_value((f"{NAME}.pdf", b"no PDF", "application/pdf")).run()
    while core.run(lambda desk: desk.job(ACTOR, named(session, "job"))).is_running:
        pass
    assert alive(session.run()) == set()


VERBS = {
    "": "review", "stage2_modifications.py": "review", "stage3_deliverable.py": "workflow", "history.py": "review",
    "compare.py": "compare",
}  # fmt: skip


@pytest.mark.parametrize("error", [KraftdError, DocumentRefused, ExtractorUnavailable, NotFound], ids=lambda kind: kind.__name__)
@pytest.mark.parametrize("page", VERBS)
def test_an_error_is_shown_as_its_characters_on_every_page(core, monkeypatch, page, error):
    workflow_id = read(core)
    monkeypatch.setattr(Desk, VERBS[page], AsyncMock(side_effect=error(EVIL)))
    session = opened(page, workflow=workflow_id)
    assert says(session)
    assert alive(session) == set()


def test_an_error_that_no_page_answers_is_shown_as_its_characters(core, monkeypatch):
    monkeypatch.setattr("kraftd_core.start_server", lambda: core)
    raised = f"import app\nfrom kraftd_core import KraftdError\napp.last_resort(KraftdError({EVIL!r}))"
    session = AppTest.from_string(raised).run()
    assert says(session)
    assert alive(session) == set()


# The law can fail


DRAWN = [
    "st.markdown(T)", "st.button(T)", "st.text_input(T)", "st.tabs([T])", "st.error(T)", "st.button('x', help=T)",
    "st.radio('x', [T])", "st.expander(T)", "st.popover(T)", "st.toast(T)", "st.page_link('http://x.example', label=T)",
    "st.metric(T, 1)", "st.selectbox(T, [1])",
]  # fmt: skip


@pytest.mark.parametrize("draw", DRAWN)
def test_a_text_that_is_drawn_alive_is_found_wherever_it_stands(draw):
    session = AppTest.from_string(f"import streamlit as st\nT = {EVIL!r}\n{draw}").run()
    assert alive(session)
