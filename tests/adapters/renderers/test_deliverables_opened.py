"""Six templates in four formats, made from real documents and opened by programs that are not ours."""

import asyncio
import csv
import io
import json
import re
import shutil
import subprocess
import zipfile
from dataclasses import dataclass
from datetime import datetime
from decimal import Decimal, InvalidOperation
from pathlib import Path
from uuid import uuid4

import openpyxl
import pytest
from compositions import HOSTILE_TEXTS, hostile
from jsonschema import Draft202012Validator
from shared_files import DOCUMENTS

from kraftd_core.adapters.readers.local.provenance import inspected
from kraftd_core.adapters.renderers.csv import CsvRenderer
from kraftd_core.adapters.renderers.excel.renderer import ExcelRenderer
from kraftd_core.bootstrap import build_desk
from kraftd_core.delivery.layout import text_of
from kraftd_core.delivery.plan import is_rows
from kraftd_core.desk.samples import SAMPLES
from kraftd_core.document.jsontypes import clean_text, without_row_ids
from kraftd_core.document.kinds import kind_of
from kraftd_core.document.value_kinds import ValueKind, judged, may_be_money
from kraftd_core.document.wording import label_of
from kraftd_core.people.actor import Actor
from kraftd_core.records.plan import DocumentTemplate, ExportFormat
from kraftd_core.settings import load_settings

OWNER = "ann@example.com"
ACTOR = Actor.of(OWNER)
NAMES = ("fx_d07_kraxi-gmbh.pdf", "fx_d21_au-bon-moulin.plain.pdf", "i2d_QualityHosting.pdf", "rc_d05.jpg", "po_hero_1.jpg")
SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "deliverable.schema.json").read_text("utf-8"))
ALL = [(template, export_format) for template in DocumentTemplate for export_format in ExportFormat]
SHORT, TECHNICAL = DocumentTemplate.EXECUTIVE_SUMMARY, DocumentTemplate.TECHNICAL_SPEC

with_office = pytest.mark.skipif(shutil.which("soffice") is None, reason="LibreOffice is not on this computer")


def of(export_format):
    """All templates in one format."""
    return pytest.mark.parametrize("template", [t for t, f in ALL if f is export_format])


@dataclass(frozen=True)
class Delivery:
    """A file that was delivered, with the reviewed data in its record."""

    export_workflow_id: str
    data: dict
    filename: str
    content: bytes

    @property
    def tables(self):
        return {name: rows for name, rows in self.data.items() if is_rows(rows)}

    @property
    def fields(self):
        return {name: value for name, value in self.data.items() if not is_rows(value)}


def documents():
    """Five real documents and the sample bill of quantities; in a bare clone the samples that need no recogniser."""
    samples = {sample.key: sample for sample in SAMPLES}
    boq = (samples["boq"].filename, samples["boq"].content())
    if all((DOCUMENTS / name).is_file() for name in NAMES):
        return [*((name, (DOCUMENTS / name).read_bytes()) for name in NAMES), boq]
    return [(samples[key].filename, samples[key].content()) for key in ("invoice", "quotation", "boq")] * 2


async def delivered(desk, name, content, wanted):
    """The files of these templates and formats, from one reading and one review in which a value was added."""
    workflow = await desk.read(ACTOR, name, content, lambda _: None)
    review = await desk.review(ACTOR, workflow)
    data = {**review.draft.modified_data, "remark": "=Changed & checked"}
    await desk.keep_draft(ACTOR, workflow, data, review.draft.preferences, {})
    await desk.record_modifications(ACTOR, workflow)
    await desk.produce(ACTOR, workflow, lambda _: None)
    made = {}
    for template, export_format in wanted:
        new_id = str(uuid4())
        job = await desk.start_regenerating(ACTOR, workflow, template, {export_format: new_id})
        await desk._jobs._jobs[job].task
        file, records = await desk.deliverable(ACTOR, new_id), await desk.workflow(ACTOR, new_id)
        reviewed = without_row_ids(records.stage2.modified_data)
        made[template, export_format] = Delivery(new_id, reviewed, file.filename, file.content)
    return made


@pytest.fixture(scope="session")
def deliveries(tmp_path_factory):
    """All 24 files; each document comes once in each format."""

    async def make():
        desk = build_desk(load_settings(data_dir=tmp_path_factory.mktemp("desk")))
        given, made = documents(), {}
        for place, (name, content) in enumerate(given):
            wanted = [(t, f) for n, t in enumerate(DocumentTemplate) for m, f in enumerate(ExportFormat) if (n + m) % 6 == place]
            made |= await delivered(desk, name, content, wanted)
        await desk.close()
        return made

    return asyncio.run(make())


def members(content):
    """The CSV files of a deliverable: of a zip, or the file itself."""
    if not zipfile.is_zipfile(io.BytesIO(content)):
        return {"file.csv": content}
    with zipfile.ZipFile(io.BytesIO(content)) as archive:
        return {name: archive.read(name) for name in archive.namelist()}


@pytest.fixture(scope="session")
def office(deliveries, tmp_path_factory):
    """What LibreOffice reads in every workbook and every CSV file: rows by file, a sheet by `name-Sheet`."""
    folder = tmp_path_factory.mktemp("office")
    books = {f"{t}.xlsx": made.content for (t, f), made in deliveries.items() if f is ExportFormat.EXCEL}
    books["hostile.xlsx"] = ExcelRenderer().render(hostile()).content
    zips = {t.value: made.content for (t, f), made in deliveries.items() if f is ExportFormat.CSV}
    zips["hostile"] = CsvRenderer().render(hostile()).content
    tables = {f"{t}~{name}": content for t, file in zips.items() for name, content in members(file).items()}
    converted(folder, books, ["--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,false,false,false,false,-1"])
    as_text = "/".join(f"{column}/2" for column in range(1, 40))
    converted(folder, tables, [
        f"--infilter=Text - txt - csv (StarCalc):44,34,76,1,{as_text}",
        "--convert-to", "csv:Text - txt - csv (StarCalc):44,34,76,1,,0,false,true",
    ])
    return {file.stem: rows(file.read_bytes()) for file in (folder / "read").iterdir()}


def converted(folder, files, filters):
    """Converts the files with one start of LibreOffice, which has a profile of its own."""
    for name, content in files.items():
        (folder / name).write_bytes(content)
    subprocess.run(
        ["soffice", f"-env:UserInstallation={folder.as_uri()}/profile", "--headless", *filters, "--outdir", folder / "read",
         *(folder / name for name in files)],
        check=True, capture_output=True, timeout=180,
    )


def rows(content):
    return list(csv.reader(io.StringIO(content.decode("utf-8-sig"), newline="")))


def shown(made, template):
    """The fields and tables that the template shows: not the amounts, where it is about what is delivered."""
    if template is not TECHNICAL:
        return made.fields, made.tables
    fields = {name: value for name, value in made.fields.items() if not may_be_money(name)}
    tables = {t: [{n: v for n, v in row.items() if not may_be_money(n)} for row in lines] for t, lines in made.tables.items()}
    return fields, tables


def as_cell(name, value):
    """A value as a program finds it in a cell of its own type: days are days, lists are texts."""
    if name == "document_type" or isinstance(value, (list, dict)):
        return text_of(name, value)
    if judged(name, (value,)) is ValueKind.DATE and re.fullmatch(r"\d{4}-\d\d-\d\d", str(value)):
        return datetime.fromisoformat(value)
    return None if value == "" else value


def same_as_told(expected, told):
    """Whether LibreOffice tells this value; it writes numbers with the digits that they have."""
    if isinstance(expected, datetime):
        return told == f"{expected:%Y-%m-%d}"
    if isinstance(expected, bool) or not isinstance(expected, (int, float)):
        return told.replace("\r\n", "\n") == ("" if expected is None else str(expected).replace("\r\n", "\n"))
    try:
        return abs(Decimal(told) - Decimal(repr(expected))) <= Decimal("1e-9") * abs(Decimal(repr(expected)))
    except InvalidOperation:
        return False


# Every file


@pytest.mark.parametrize(("template", "export_format"), ALL)
def test_a_file_names_the_workflow_that_it_comes_from(deliveries, template, export_format):
    made = deliveries[template, export_format]
    assert inspected(made.content, "renamed")["workflows"][:1] == [made.export_workflow_id]


# PDF


@of(ExportFormat.PDF)
@pytest.mark.skipif(shutil.which("qpdf") is None, reason="qpdf is not on this computer")
def test_qpdf_finds_nothing_wrong(deliveries, template, tmp_path):
    file = tmp_path / "file.pdf"
    file.write_bytes(deliveries[template, ExportFormat.PDF].content)
    run = subprocess.run(["qpdf", "--check", file], capture_output=True, text=True)
    assert run.returncode == 0, run.stdout + run.stderr


@of(ExportFormat.PDF)
@pytest.mark.skipif(shutil.which("pdftotext") is None, reason="poppler is not on this computer")
def test_poppler_reads_the_values(deliveries, template, tmp_path):
    made = deliveries[template, ExportFormat.PDF]
    (tmp_path / "file.pdf").write_bytes(made.content)
    run = subprocess.run(["pdftotext", "-raw", tmp_path / "file.pdf", "-"], check=True, capture_output=True)
    text = "".join(run.stdout.decode().split())
    fields, tables = shown(made, template)
    if template is SHORT:
        fields, tables = {name: made.fields[name] for name in (kind_of(made.data["document_type"]).total,) if name in fields}, {}
    values = [*fields.items(), *(cell for lines in tables.values() for row in lines for cell in row.items())]
    words = {word for name, value in values if value is not None for word in text_of(name, value).split()}
    assert {word for word in words if word not in text} == set()
    assert made.export_workflow_id in text


# Excel


def sheet_of(book, heading):
    return next(sheet for sheet in book if sheet.title.casefold() == heading[:31].casefold())


@of(ExportFormat.EXCEL)
def test_openpyxl_reads_the_values_with_their_types(deliveries, template):
    made = deliveries[template, ExportFormat.EXCEL]
    book = openpyxl.load_workbook(io.BytesIO(made.content))
    formulas = [cell.value for sheet in book for row in sheet.iter_rows() for cell in row if cell.data_type == "f"]
    assert all(re.fullmatch(r"=SUM\([A-Z]+2:[A-Z]+\d+\)", formula) for formula in formulas)
    if template is SHORT:
        assert book.sheetnames == ["Summary", "Audit"]
        return
    fields, tables = shown(made, template)
    heading = "Details" if template is TECHNICAL else "Fields"
    told = {row[-1]: row[1] for row in sheet_of(book, heading).iter_rows(min_row=2, values_only=True)}
    assert told == {name: as_cell(name, value) for name, value in fields.items()}
    for name, lines in tables.items():
        columns = list(dict.fromkeys(column for row in lines for column in row))
        found = sheet_of(book, label_of(name)).iter_rows(min_row=2, max_row=len(lines) + 1, values_only=True)
        expected = [[as_cell(column, row.get(column)) for column in columns] for row in lines]
        assert [list(row[: len(columns)]) for row in found] == expected


@with_office
@of(ExportFormat.EXCEL)
def test_libreoffice_reads_the_same_values_in_a_workbook(deliveries, office, template):
    made = deliveries[template, ExportFormat.EXCEL]
    assert ["Workflow", made.export_workflow_id] in [row[:2] for row in office[f"{template}-Audit"]]
    if template is SHORT:
        return
    fields, tables = shown(made, template)
    told = {row[-1]: row[1] for row in office[f"{template}-{'Details' if template is TECHNICAL else 'Fields'}"][1:]}
    assert {name for name, value in fields.items() if not same_as_told(as_cell(name, value), told[name])} == set()
    for name, lines in tables.items():
        columns = list(dict.fromkeys(column for row in lines for column in row))
        found = office[f"{template}-{label_of(name)[:31]}"][1:]
        wrong = [
            (place, column) for place, row in enumerate(lines) for at, column in enumerate(columns)
            if not same_as_told(as_cell(column, row.get(column)), found[place][at])
        ]  # fmt: skip
        assert wrong == []


# CSV


@of(ExportFormat.CSV)
def test_python_reads_the_values_in_csv(deliveries, template):
    made = deliveries[template, ExportFormat.CSV]
    files = {name: rows(content) for name, content in members(made.content).items()}
    if template is SHORT:
        assert list(files) == ["file.csv"]
        return
    assert ["export_workflow_id", made.export_workflow_id] in files["provenance.csv"]
    fields, tables = shown(made, template)
    told = {row[0]: row[2] for row in files["fields.csv"][1:]}
    assert told == {name: in_csv(name, value) for name, value in fields.items()}
    for name, lines in tables.items():
        head, *found = files[f"{name}.csv"]
        assert found == [[in_csv(column, row.get(column)) for column in head] for row in lines]


def in_csv(name, value):
    """A value as it stands in the file: as it is, but made harmless where a spreadsheet would reckon with it."""
    if value is None:
        return ""
    if isinstance(value, bool):
        return str(value).lower()
    text = text_of(name, value) if name == "document_type" or isinstance(value, (list, dict)) else str(value)
    return f"'{text}" if isinstance(value, str) and re.match(r"[=@+-](?![\d.,]+$)", text) else text


@with_office
@of(ExportFormat.CSV)
def test_libreoffice_reads_csv_as_python_does(deliveries, office, template):
    for name, content in members(deliveries[template, ExportFormat.CSV].content).items():
        assert unbroken(office[f"{template}~{name.removesuffix('.csv')}"]) == unbroken(rows(content))


def unbroken(told):
    """Rows without empty cells at their end, line breaks in one way."""
    ends = [max((n + 1 for n, cell in enumerate(row) if cell), default=0) for row in told]
    return [[cell.replace("\r\n", "\n") for cell in row[:end]] for row, end in zip(told, ends, strict=True)]


# Texts that mean harm


TAME = ("markup", "controls", "escape", "cjk", "arabic", "emoji", "leading_zeros", "long_number", "reversed", "quotes")
HARMFUL = ("formula", "plus", "minus", "at", "fullwidth", "spaced", "tabbed")


@with_office
def test_libreoffice_shows_harmful_texts_of_a_workbook_as_they_are(office):
    told = {row[-1]: row[1] for row in office["hostile-Fields"]}
    for name in (*TAME, *HARMFUL):
        assert same_as_told(clean_text(HOSTILE_TEXTS[name]), told[name])


@with_office
def test_libreoffice_shows_harmful_texts_of_csv_behind_an_apostrophe(office):
    told = {row[0]: row[2] for row in office["hostile~fields"]}
    for name in TAME:
        assert same_as_told(clean_text(HOSTILE_TEXTS[name]), told[name])
    for name in HARMFUL:
        assert told[name] == {"tabbed": "'\t'=1+1"}.get(name, f"'{HOSTILE_TEXTS[name]}")


# JSON


@of(ExportFormat.JSON)
def test_json_is_valid_and_holds_the_reviewed_data(deliveries, template):
    made = deliveries[template, ExportFormat.JSON]
    file = json.loads(made.content)
    assert [error.message for error in Draft202012Validator(SCHEMA).iter_errors(file)] == []
    if template is SHORT:
        assert file["key_figures"].items() <= made.fields.items() and "data" not in file
    else:
        fields, tables = shown(made, template)
        assert file["data"] == fields | tables
