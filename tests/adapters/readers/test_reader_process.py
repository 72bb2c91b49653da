"""The local reader's processes: what is asked of them, and the one that waits for the next document."""

import asyncio
import io
import sys

import pytest
from PIL import Image

from kraftd_core.adapters.readers.local.extractor import LocalExtractor
from kraftd_core.desk.samples import make_sample
from kraftd_core.errors import DocumentRefused

pytestmark = pytest.mark.slow


def run(work, **settings):
    """What the work does with an extractor, which is closed after it."""

    async def go():
        extractor = LocalExtractor(**settings)
        try:
            return await work(extractor)
        finally:
            await extractor.close()

    return asyncio.run(go())


def reading(content, name, document_type=None):
    return lambda extractor: extractor.extract(content, name, lambda _: None, document_type)


def test_the_chosen_type_names_the_fields_and_nothing_is_claimed_of_it():
    recognised = run(reading(make_sample("invoice"), "a.pdf"))
    chosen = run(reading(make_sample("invoice"), "a.pdf", "quotation"))
    assert (recognised.document_type, recognised.data["invoice_id"]) == ("invoice", chosen.data["quotation_number"])
    assert 0 < recognised.type_confidence <= 1
    assert (chosen.document_type, chosen.data["document_type"], chosen.type_confidence) == ("quotation", "quotation", None)


def test_the_chosen_type_holds_for_documents_without_pages_too():
    assert run(reading(make_sample("boq"), "a.xlsx", "rfq")).data["document_type"] == "rfq"


@pytest.mark.parametrize(("sample", "name", "kind"), [("invoice", "a.pdf", "invoice"), ("boq", "a.xlsx", "boq")])
def test_a_look_tells_the_type_from_printed_text(sample, name, kind):
    assert run(lambda extractor: extractor.look(make_sample(sample), name)) == kind


def test_a_look_recognises_no_pictures_and_tells_nothing_of_what_has_no_text():
    picture = io.BytesIO()
    Image.new("RGB", (800, 600), "white").save(picture, "PNG")
    assert run(lambda extractor: extractor.look(picture.getvalue(), "a.png")) is None
    assert run(lambda extractor: extractor.look(make_sample("receipt"), "a.png")) is None


@pytest.mark.parametrize("content", [b"%PDF-1.7\nbroken", b"\x89PNG\r\n\x1a\nbroken", b""], ids=["pdf", "png", "empty"])
def test_a_look_refuses_what_reading_refuses(content):
    with pytest.raises(DocumentRefused):
        run(lambda extractor: extractor.look(content, "a.pdf"))


def test_the_next_document_is_read_by_the_child_that_waited_and_each_by_another():
    async def two(extractor):
        await reading(make_sample("invoice"), "a.pdf")(extractor)
        waiting = extractor._ready.process
        second = await reading(make_sample("boq"), "b.xlsx")(extractor)
        return waiting.returncode, extractor._ready.process.pid != waiting.pid, second.document_type

    ended, another, kind = run(two, keeps_ready=True)
    assert ended in (0, -9)  # it ended by itself after its answer, or was ended
    assert (another, kind) == (True, "boq")


ANSWERS_WHO_LOOKS = """
import json, sys, time
act = json.loads(sys.stdin.buffer.readline())["act"]
time.sleep(600 if act == "extract" else 0)
print(json.dumps({"image": None, "content": None}))
"""


def test_a_page_that_is_looked_at_does_not_wait_behind_readings():
    async def looked_at(extractor):
        readings = [asyncio.ensure_future(reading(b"x", "a.pdf")(extractor)) for _ in range(4)]
        await asyncio.sleep(0)
        seen = [await extractor.page_image(b"x", "a.pdf", 1), await extractor.content_view(b"x", "a.csv")]
        under_way = [not task.done() for task in readings]
        for task in readings:
            task.cancel()
        await asyncio.gather(*readings, return_exceptions=True)
        return seen, under_way

    command = (sys.executable, "-c", ANSWERS_WHO_LOOKS)
    assert run(looked_at, command=command, parse_seconds=600) == ([None, None], [True] * 4)


def test_documents_that_end_at_once_leave_one_child_waiting():
    async def at_once(extractor):
        started = []
        make_ready = extractor._make_ready

        async def counted():
            await make_ready()
            started.extend([extractor._ready.process] if extractor._ready else [])  # else another reading has taken it

        extractor._make_ready = counted
        await asyncio.gather(*(reading(b"a,b\n1,2\n", f"{n}.csv")(extractor) for n in range(4)))
        return [process for process in set(started) if process.returncode is None]

    assert len(run(at_once, keeps_ready=True)) == 1


def test_a_child_that_waited_for_another_loop_is_ended_and_not_asked():
    extractor = LocalExtractor(keeps_ready=True)
    with asyncio.Runner() as one, asyncio.Runner() as other:
        one.run(reading(b"a,b\n1,2\n", "a.csv")(extractor))
        waited = extractor._ready.process
        assert other.run(reading(b"a,b\n1,2\n", "a.csv")(extractor)).data
        assert one.run(waited.wait()) == -9
        other.run(extractor.close())


def test_the_waiting_child_ends_with_its_application():
    async def ended(extractor):
        await reading(b"a,b\n1,2\n", "a.csv")(extractor)
        process = extractor._ready.process
        process.stdin.close()  # what the system does when the application is gone
        return await asyncio.wait_for(process.wait(), 30)

    assert run(ended, keeps_ready=True) == 0


def test_the_page_that_a_waiting_child_rehearses_on_is_read_whole(monkeypatch):
    from kraftd_core.adapters.readers.local.pages import paged, rehearsal

    readings = []
    monkeypatch.setattr(rehearsal, "read_pdf", lambda *asked: readings.append(paged.read_pdf(*asked)))
    rehearsal.rehearse()
    for reading in readings:
        assert reading.document_type == "invoice"
        assert (reading.fields["total"].value, reading.fields["number"].value) == (180, "R-17")
        assert [row["amount"].value for row in reading.tables[0].rows] == [50, 100]
    assert len(readings) == 2
