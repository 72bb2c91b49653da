"""Reads PDFs and images: printed words where there are any, else words recognised in the picture; draws pages."""

import io
import time
from collections.abc import Callable, Iterable, Iterator, Sequence
from dataclasses import dataclass, field
from typing import Any

from kraftd_core.adapters.readers.common.ledger.pages import count_rows
from kraftd_core.adapters.readers.common.reading import Reading, Refused
from kraftd_core.adapters.readers.common.words import Page, page_of
from kraftd_core.adapters.readers.local.e_invoices.invoices import join_embedded
from kraftd_core.adapters.readers.local.guards import check_pdf, opened_image
from kraftd_core.adapters.readers.local.pages.page import kind_of_pages, read_pages
from kraftd_core.adapters.readers.local.pages.pdf.sheets import opened_pdf, page_at, sheets
from kraftd_core.adapters.readers.local.pages.pictures import LARGEST_SIDE, recognised, recogniser
from kraftd_core.document.wording import listed

Step = Callable[[str], None]
"""Tells the parent process which kind of work begins."""

_OCR_PAGES = 4
_BROKEN_OFF = "Recognising the text took too long, so its last lines were left out. Check what is missing, or upload fewer pages."
_IMAGE_WIDTH, _IMAGE_HEIGHT, _IMAGE_DPI = 1400, 2000, 160


@dataclass(frozen=True, slots=True)
class ToParent:
    """What the parent process is told on the way: how many pages there are, which gives the processor seconds that they may
    take, and what stands on the printed pages before the scans among them are begun.
    """

    pages: Callable[[int], float]
    printed: Callable[[Reading, list[int]], None]


def read_pdf(
    content: bytes,
    step: Step,
    parse_seconds: float,
    ocr_seconds: float,
    chosen_type: str | None = None,
    told: ToParent | None = None,
) -> Reading:
    """The PDF's fields and tables; pages without words are recognised, as many as time allows."""
    began = time.process_time()
    count = check_pdf(content)
    parse_seconds = told.pages(count) if told else parse_seconds
    printed = _printed(content, began + 0.6 * parse_seconds)
    pages, blank, read = printed.pages, printed.pictures, printed.read
    scanned: list[Page] = []
    whole = True
    if blank:
        if pages and told:
            told.printed(_read_printed(content, pages, count, chosen_type), blank)
        step("loading")
        from pypdfium2 import PdfiumError

        try:
            scanned, whole = _recognised(_drawn(content, blank[:_OCR_PAGES]), step, ocr_seconds)
        except PdfiumError as error:
            raise Refused("The PDF is damaged: its pages cannot be drawn. Export it anew and upload it again.") from error
    pages = sorted([*pages, *scanned], key=lambda page: page.number)
    reading = _read_printed(content, pages, count, chosen_type)
    reading.recognised = bool(scanned)
    if read < count:
        reading.notices.append(f"Only the first {read} of {count} pages were read, because the document is long.")
    if len(blank) > len(scanned):
        left = sorted(set(blank) - {page.number for page in scanned})
        which = f"page {left[0]} was" if len(left) == 1 else f"pages {listed(list(map(str, left)))} were"
        reading.notices.append(f"{len(scanned)} of {len(blank)} scanned pages were read; {which} left out.")
    if printed.garbled:
        shown = ", ".join(map(str, printed.garbled[:8])) + (", …" if len(printed.garbled) > 8 else "")
        reading.notices.append(
            f"The text behind page {shown} is not the text that is seen, so what is seen was recognised. Compare the values."
        )
    if unread := [str(page.number) for page in printed.pages if _has_unread(page)]:
        reading.notices.append(
            f"Some characters on page {listed(unread[:8])} are in a font that does not say what they are, so they are missing. "
            "Compare the values there with what is seen."
        )
    if not whole:
        reading.notices.append(_BROKEN_OFF)
    return _with_notice_of_nothing(reading)


def _has_unread(page: Page) -> bool:
    """Whether characters within words could not be read; one alone may be a bullet."""
    return any("\ufffd" in word.text and len(word.text) > 1 for line in page.lines for word in line.words)


def _read_printed(content: bytes, pages: Sequence[Page], count: int, chosen_type: str | None) -> Reading:
    """What stands on these pages, and in the data that the PDF carries."""
    reading = read_pages(pages, chosen_type)
    join_embedded(reading, content, pages)
    count_rows(reading, pages)
    reading.page_count = count
    return reading


@dataclass(slots=True)
class _Printed:
    """The pages of print, the numbers of those to be recognised, and of those among them whose print says what nobody sees."""

    pages: list[Page] = field(default_factory=list)
    pictures: list[int] = field(default_factory=list)
    garbled: list[int] = field(default_factory=list)
    read: int = 0


def read_image(content: bytes, step: Step, ocr_seconds: float, chosen_type: str | None = None) -> Reading:
    """The image's fields and tables, from the words recognised in it."""
    images, frames = opened_image(content, LARGEST_SIDE)
    step("loading")
    pages, whole = _recognised(enumerate(images[:_OCR_PAGES], 1), step, ocr_seconds)
    reading = read_pages(pages, chosen_type)
    count_rows(reading, pages)
    reading.page_count, reading.recognised = frames, True
    if len(pages) < frames:
        reading.notices.append(f"{len(pages)} of {frames} pages were read; the others were left out.")
    if not whole:
        reading.notices.append(_BROKEN_OFF)
    return _with_notice_of_nothing(reading)


def look_at_pdf(content: bytes, parse_seconds: float) -> str:
    """The type that the printed words tell, `other` where they tell none."""
    began = time.process_time()
    check_pdf(content)
    pages = _printed(content, began + 0.6 * parse_seconds).pages
    return kind_of_pages(pages)[0] if pages else "other"


def _with_notice_of_nothing(reading: Reading) -> Reading:
    if not reading.fields and not reading.tables:
        reading.notices.append("No fields and no tables were found on the pages. Enter them by hand, or upload a clearer file.")
    return reading


def _printed(content: bytes, until: float) -> _Printed:
    """The pages with printed words, and which show pictures of words; ends when the time does."""
    found = _Printed()
    for number, sheet in enumerate(sheets(content), 1):
        found.read = number
        if sheet.is_garbled:
            found.garbled.append(number)
        if sheet.is_picture or sheet.is_garbled:
            found.pictures.append(number)
        else:
            size = max(sheet.width, 1.0), max(sheet.height, 1.0)
            found.pages.append(page_of(sheet.words, number, *size, sheet.shown, sheet.tables))
        if time.process_time() > until:
            break
    return found


def _drawn(content: bytes, numbers: Sequence[int]) -> Iterator[tuple[int, Any]]:
    pdf = opened_pdf(content)
    for number in numbers:
        page = page_at(pdf, number - 1)
        scale = LARGEST_SIDE / max(*page.get_size(), 1.0)
        yield number, page.render(scale=min(scale, 4.0)).to_pil().convert("RGB")


def _recognised(pictures: Iterable[tuple[int, Any]], step: Step, ocr_seconds: float) -> tuple[list[Page], bool]:
    """The pages as recognised, and whether the last was read to its end; none is begun when half of the time is over."""
    engine = recogniser()
    step("recognising")
    began = time.process_time()
    pages: list[Page] = []
    whole = True
    for number, picture in pictures:
        if pages and (not whole or time.process_time() - began > 0.5 * ocr_seconds):
            break
        sheet = recognised(picture, engine, began + 0.8 * ocr_seconds)
        whole = sheet.whole
        pages.append(page_of(sheet.words, number, max(sheet.width, 1.0), max(sheet.height, 1.0), sheet.shown))
    return pages, whole


def page_png(content: bytes, kind: str, page: int) -> bytes:
    """A page (from 1) as PNG, no larger than a screen needs."""
    image = _pdf_page_image(content, page) if kind == "pdf" else _frame(content, page)
    out = io.BytesIO()
    image.save(out, "PNG")
    return out.getvalue()


def _pdf_page_image(content: bytes, number: int) -> Any:
    import pypdfium2

    count = check_pdf(content)
    _check_number(number, count)
    try:
        page = page_at(opened_pdf(content), number - 1)
        width, height = page.get_size()
        scale = min(_IMAGE_DPI / 72, _IMAGE_WIDTH / max(width, 1.0), _IMAGE_HEIGHT / max(height, 1.0))
        return page.render(scale=scale).to_pil().convert("RGB")
    except pypdfium2.PdfiumError as error:
        raise Refused("The PDF is damaged: this page cannot be drawn. Export it anew and upload it again.") from error


def _frame(content: bytes, number: int) -> Any:
    images, frames = opened_image(content, _IMAGE_HEIGHT)
    _check_number(number, min(frames, len(images)))
    image = images[number - 1]
    image.thumbnail((_IMAGE_WIDTH, _IMAGE_HEIGHT))
    return image


def _check_number(number: int, count: int) -> None:
    if not 1 <= number <= count:
        raise Refused(f"There is no page {number}: the document has {count}. Choose another page.")
