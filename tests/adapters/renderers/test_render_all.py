"""What holds for every format: the same bytes anywhere, no row ids, each template carried out."""

import io
import os
import subprocess
import sys
import zipfile
from concurrent.futures import ThreadPoolExecutor
from dataclasses import replace
from datetime import timedelta, timezone
from pathlib import Path

import pytest
from compositions import hostile, invoice

from kraftd_core.adapters.renderers.csv import CsvRenderer
from kraftd_core.adapters.renderers.excel.renderer import ExcelRenderer
from kraftd_core.adapters.renderers.json import JsonRenderer
from kraftd_core.adapters.renderers.pdf.renderer import PdfRenderer
from kraftd_core.delivery.templates import HEADINGS, TEMPLATES, Section
from kraftd_core.document.jsontypes import without_row_ids
from kraftd_core.records.plan import DocumentTemplate

RENDERERS = [JsonRenderer, CsvRenderer, ExcelRenderer, PdfRenderer]
EACH_FORMAT = pytest.mark.parametrize("renderer", RENDERERS)
EACH_TEMPLATE = pytest.mark.parametrize("template", list(DocumentTemplate))

PROJECT = Path(__file__).parents[3]

HASHES_OF_ALL = """
import datetime, hashlib, os, time

class Elsewhen(datetime.datetime):  # a clock that goes wrong by years
    @classmethod
    def now(cls, tz=None):
        return super().now(tz) + datetime.timedelta(days=int(os.environ["DAYS"]))
    @classmethod
    def utcnow(cls):
        return cls.now(datetime.timezone.utc).replace(tzinfo=None)
    @classmethod
    def today(cls):
        return cls.now()

datetime.datetime = Elsewhen
for name in ("time", "localtime", "gmtime"):
    def moved(seconds=None, whole=getattr(time, name), clock=time.time):
        later = clock() + 86400 * int(os.environ["DAYS"]) if seconds is None else seconds
        return whole(later) if whole is not clock else later
    setattr(time, name, moved)

from compositions import hostile, invoice
from test_render_all import RENDERERS
from kraftd_core.records.plan import DocumentTemplate
for composition in (*map(invoice, DocumentTemplate), hostile()):
    for renderer in RENDERERS:
        digest = hashlib.sha256(renderer().render(composition).content).hexdigest()
        print(composition.title, composition.template.value, renderer.__name__, digest)
print(time.gmtime().tm_year, datetime.datetime.now().year)
"""


def hashes_in_a_process(**environment: str) -> subprocess.Popen:
    paths = os.pathsep.join(map(str, (PROJECT, PROJECT / "tests", Path(__file__).parent)))
    return subprocess.Popen(
        [sys.executable, "-c", HASHES_OF_ALL], env=os.environ | {"PYTHONPATH": paths} | environment,
        stdout=subprocess.PIPE, text=True,
    )


def unpacked(content: bytes) -> bytes:
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return content
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return b"\n".join(archive.read(name) for name in archive.namelist())


@pytest.mark.slow
def test_the_same_composition_gives_the_same_bytes_by_other_clocks_locales_and_time_zones():
    east = {"TZ": "Pacific/Auckland", "LC_ALL": "de_DE.UTF-8", "PYTHONHASHSEED": "1", "SOURCE_DATE_EPOCH": "1", "DAYS": "-9000"}
    west = {"TZ": "America/Lima", "LC_ALL": "C", "PYTHONHASHSEED": "2", "DAYS": "9000"}
    processes = [hashes_in_a_process(**east), hashes_in_a_process(**west)]
    there, elsewhere = ([*process.communicate()[0].splitlines()] for process in processes)
    assert [process.returncode for process in processes] == [0, 0]
    assert there.pop() != elsewhere.pop(), "their clocks go differently"
    assert len(there) == (len(DocumentTemplate) + 1) * len(RENDERERS)
    assert there == elsewhere


@EACH_FORMAT
def test_a_moment_written_in_another_time_zone_gives_the_same_bytes(renderer):
    composition = invoice()
    tokyo = replace(composition, generated_at=composition.generated_at.astimezone(timezone(timedelta(hours=9))))
    assert renderer().render(composition).content == renderer().render(tokyo).content


@EACH_FORMAT
def test_threads_that_render_at_once_give_the_same_bytes(renderer):
    expected = renderer().render(invoice()).content
    with ThreadPoolExecutor(4) as pool:
        assert {rendered.content for rendered in pool.map(lambda _: renderer().render(invoice()), range(8))} == {expected}


@pytest.mark.slow
@EACH_FORMAT
@pytest.mark.parametrize("composition", [*map(invoice, DocumentTemplate), hostile()])
def test_no_row_id_is_in_any_file(renderer, composition):
    content = unpacked(renderer().render(composition).content)
    assert b"_row_id" not in content
    assert b"rowaaaaaaaa" not in content
    assert b"rowhostile" not in content


@EACH_FORMAT
def test_data_that_never_had_row_ids_is_rendered_too(renderer):
    composition = invoice()
    assert renderer().render(replace(composition, data=without_row_ids(composition.data))).content


@EACH_FORMAT
@EACH_TEMPLATE
def test_an_empty_document_is_rendered(renderer, template):
    rendered = renderer().render(invoice(template, data={}, changes=[], change_sentences=[], findings=[]))
    assert rendered.content
    assert rendered.warnings == ()


@EACH_FORMAT
def test_a_short_template_says_that_it_left_something_out(renderer):
    composition = invoice(DocumentTemplate.EXECUTIVE_SUMMARY)
    long = replace(composition, summary=composition.summary.model_copy(update={"risk_factors": ["A risk."] * 9}))
    if renderer is not JsonRenderer:  # JSON always has the whole summary
        assert any("leaves out" in warning for warning in renderer().render(long).warnings)


def test_every_template_of_the_records_is_defined_and_all_but_the_technical_one_show_the_five_sections():
    five = {
        Section.EXECUTIVE_SUMMARY, Section.KEY_FINDINGS, Section.RECOMMENDATIONS, Section.RISK_FACTORS, Section.ACTION_ITEMS,
    }
    assert set(TEMPLATES) == set(DocumentTemplate)
    assert set(HEADINGS) == set(Section)
    for name, template in TEMPLATES.items():
        assert five <= set(template.sections) or name is DocumentTemplate.TECHNICAL_SPEC
        assert len(template.sections) == len(set(template.sections))
