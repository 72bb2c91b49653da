"""Makes files of a comparison: a page that stands alone, a workbook, a table as CSV, and a JSON Patch."""

import csv
import io
import json
from collections.abc import Iterable, Iterator

from kraftd_core.adapters.renderers.csv_cells import acts_as_formula, inert
from kraftd_core.comparing.compare import KINDS_OF_LINES, Comparison, Wanted
from kraftd_core.comparing.html import document, full_titles_of, likeness_told
from kraftd_core.comparing.patches import json_patch
from kraftd_core.document.wording import percent

_LONGEST_CELL = 32_767  # characters that Excel takes
_CUT = " … (cut here; the page and the CSV file have all of it)"
_WIDTHS = (16, 18, 40, 45)


def html_file(comparison: Comparison, wanted: Wanted) -> bytes:
    """The lines that are looked at, as they stand on the page, to be read in any browser and printed."""
    return document(comparison, wanted).encode()


def csv_file(comparison: Comparison, wanted: Wanted) -> bytes:
    """The lines that are looked at; UTF-8 with a mark for Excel, no text of them acts as a formula."""
    buffer = io.StringIO()
    writer = csv.writer(buffer, lineterminator="\r\n")
    writer.writerows([inert(text, ",") for text in row] for row in _rows(comparison, wanted))
    return buffer.getvalue().encode("utf-8-sig")


def excel_file(comparison: Comparison, wanted: Wanted) -> bytes:
    """The lines that are looked at, each value as text, behind a sheet that says what was compared."""
    from openpyxl import Workbook
    from openpyxl.cell import WriteOnlyCell

    book = Workbook(write_only=True)
    told = [(title,) for title in full_titles_of(comparison.sides)]
    notes = [text for text in (comparison.headline, likeness_told(comparison), *comparison.warnings) if text]
    sheets = {"Comparison": [*told, *((note,) for note in notes)], "Lines": _rows(comparison, wanted)}
    for name, rows in sheets.items():
        sheet = book.create_sheet(name)
        for letter, width in zip("ABCDEFG", (*_WIDTHS, *_WIDTHS[-1:] * 3), strict=True):
            sheet.column_dimensions[letter].width = width
        sheet.freeze_panes = "A2" if name == "Lines" else None
        for row in rows:
            sheet.append([_text_cell(WriteOnlyCell(sheet), text) for text in row])
    buffer = io.BytesIO()
    book.save(buffer)
    return buffer.getvalue()


def _text_cell(cell: object, text: str) -> object:
    """A text that no program takes for a formula: the type is set after the value, which would set it itself."""
    from openpyxl.styles import Alignment

    cell.value = text if len(text) <= _LONGEST_CELL else text[: _LONGEST_CELL - len(_CUT)] + _CUT  # type: ignore[attr-defined]
    cell.data_type = "s"  # type: ignore[attr-defined]
    cell.quotePrefix = acts_as_formula(text)  # type: ignore[attr-defined]
    cell.alignment = Alignment(wrap_text=True, vertical="top")  # type: ignore[attr-defined]
    return cell


def patch_file(comparison: Comparison, _: Wanted) -> bytes:
    """What turns the data of the first side into that of the second, without row ids; all of it, whatever is looked at."""
    operations = json_patch(comparison.sides[0].data, comparison.sides[1].data)
    return (json.dumps(operations, ensure_ascii=False, indent=2) + "\n").encode()


def _rows(comparison: Comparison, wanted: Wanted) -> Iterator[list[str]]:
    """A head and the lines, as texts."""
    yield ["Section", "Kind", "What", *full_titles_of(comparison.sides), "Sure", "Note"]
    for line in filter(wanted.takes, comparison.lines):
        sure = "" if line.confidence is None else percent(line.confidence)
        yield [line.section, KINDS_OF_LINES[line.kind][1], line.label, *_told(line.texts), sure, line.note]


def _told(texts: Iterable[str | None]) -> list[str]:
    return ["(not there)" if text is None else text for text in texts]


COMPARE_FILES = {"html": html_file, "excel": excel_file, "csv": csv_file, "patch": patch_file}
