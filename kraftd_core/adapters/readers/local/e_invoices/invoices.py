"""Finds the invoice data in a PDF's attachments or an XML file, reads it exactly, and joins it with what the pages show."""

import io
from collections.abc import Iterator, Sequence
from itertools import islice
from typing import Any

from kraftd_core.adapters.readers.common.reading import Reading, Refused
from kraftd_core.adapters.readers.common.words import Page
from kraftd_core.adapters.readers.local.e_invoices import cii as e_invoice_cii
from kraftd_core.adapters.readers.local.e_invoices import ubl as e_invoice_ubl
from kraftd_core.adapters.readers.local.e_invoices.places import Printed, compare, place
from kraftd_core.adapters.readers.local.e_invoices.xml_values import Element
from kraftd_core.adapters.readers.local.guards import MAX_XML, inflated_size, xml_root
from kraftd_core.document.kinds import kind_of

_KNOWN_NAMES = ("factur-x.xml", "zugferd-invoice.xml", "xrechnung.xml", "order-x.xml")
_MOST_FILES, _MOST_XML, _MOST_DOCUMENTS = 50, 3, 2
_SURE = 0.85
_FROM_PAGE = (  # what the data may leave out, and the page is asked for where its reader is sure
    "customer_name", "subtotal", "total_tax", "due", "order_number", "delivery_date", "iban", "bic", "vendor_tax_id",
)

_NO_INVOICE = (
    "The XML is no electronic invoice or order of a kind that is read (Factur-X, ZUGFeRD, XRechnung, Order-X, UBL). "
    "Upload the document as a PDF."
)
_BROKEN = (
    "The invoice data embedded in the PDF cannot be read, so all values were taken from the page. "
    "Ask the sender for a sound file."
)


def read_e_invoice(content: bytes) -> Reading:
    """The invoice, credit note or order that an XML file is; raises Refused for anything else."""
    reading = _read(xml_root(content))
    if reading is None:
        raise Refused(_NO_INVOICE)
    if not reading.fields:
        raise Refused("The electronic invoice is empty: it states nothing. Ask the sender for a sound file.")
    return reading


def _read(root: Element) -> Reading | None:
    """The document, or None where the XML is of another kind; of several in an envelope the first, which is said."""
    found = list(islice(_documents(root), _MOST_DOCUMENTS))
    if not found:
        return None
    first = found[0]
    is_ubl = first.tag.startswith(_UBL)
    for element in first.iter():
        element.tag = element.tag.rpartition("}")[2]
    reading = e_invoice_ubl.read_ubl(first) if is_ubl else e_invoice_cii.read_cii(first)
    if len(found) > 1:
        reading.notices.append("The file holds several documents, of which the first was read. Upload the others one by one.")
    return reading


def _documents(root: Element) -> Iterator[Element]:
    """The invoices and orders: the element itself, or those that it is an envelope of."""
    if _is_document(root):
        yield root
    else:
        yield from filter(_is_document, root.iterdescendants())


def _is_document(element: Element) -> bool:
    """Whether it is an invoice or an order of a standard that is read; others have an Invoice, too."""
    space, _, name = element.tag.rpartition("}")
    return name in e_invoice_cii.ROOTS or (name in e_invoice_ubl.ROOTS and space.startswith(_UBL))


_UBL = "{urn:oasis:names:specification:ubl:"


def join_embedded(reading: Reading, content: bytes, pages: Sequence[Page]) -> None:
    """Replaces the page's values by those of the PDF's embedded data, if it has any, and says where the page differs."""
    data, is_broken = _embedded(content)
    if is_broken and data is None:
        reading.notices.append(_BROKEN)
    if data is None:
        return
    printed = Printed(pages)
    notices = compare(data, reading, printed)
    place(data, reading, printed)
    notices = [*data.notices, *notices, *_lines_of_page(data, reading)]
    kind = kind_of(data.document_type)
    for name in _FROM_PAGE:
        found = reading.fields.get(name)
        if found is not None and (found.spot.confidence or 0) >= _SURE and name not in (kind.number, kind.due):
            data.put(name, found)
    reading.document_type, reading.fields, reading.tables = data.document_type, data.fields, data.tables
    reading.notices += ["The values come from the invoice data embedded in the PDF, not from its page.", *notices]


def _lines_of_page(data: Reading, page: Reading) -> Iterator[str]:
    """Takes the page's lines where the data has none, as its smaller profiles do."""
    if any(table.name == "line_items" for table in data.tables):
        return
    lines = [table for table in page.tables if table.name == "line_items"]
    data.tables[:0] = lines
    where = "so they were read from the page" if lines else "and none were found on the page"
    yield f"The embedded invoice data has no lines, {where}."


def _embedded(content: bytes) -> tuple[Reading | None, bool]:
    """The data of the first attachment that is an e-invoice, and whether one that should be cannot be read."""
    is_broken = False
    for name, file in _attached_xml(content):
        try:
            reading = _read(xml_root(_unpacked(file)))
        except (Refused, MemoryError):
            reading = None
        if reading is not None and reading.fields:
            return reading, False
        is_broken |= name.lower() in _KNOWN_NAMES
    return None, is_broken


def _attached_xml(content: bytes) -> list[tuple[str, Any]]:
    """Names and streams of the XML files that the PDF carries, those with the names that the standards give first."""
    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted:
            reader.decrypt("")
        specifications = [file.pdf_object for file, _ in zip(reader.attachment_list, range(_MOST_FILES), strict=False)]
        specifications += list(reader.root_object.get("/AF") or [])[:_MOST_FILES]
        files = [file for specification in specifications for file in _named_streams(specification.get_object())]
    except (PyPdfError, RecursionError, ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError):
        return []  # pypdf answers a broken tree of attachments with whichever of these it stumbles on first
    xml = [(name, stream) for name, stream in files if name.lower().endswith(".xml")]
    return sorted(xml, key=lambda file: file[0].lower() not in _KNOWN_NAMES)[:_MOST_XML]


def _named_streams(specification: Any) -> Iterator[tuple[str, Any]]:
    """The file that the specification embeds, if it does."""
    if isinstance(specification, dict) and "/EF" in specification:
        streams = specification["/EF"]
        stream = streams.get("/F") or streams.get("/UF")
        name = specification.get("/UF") or specification.get("/F") or ""
        if stream is not None:
            yield str(name).rpartition("/")[2], stream.get_object()


def _unpacked(stream: Any) -> bytes:
    """The stream's bytes; raises Refused where they are too many or damaged."""
    from pypdf.errors import PyPdfError

    try:
        inflated_size(stream, MAX_XML)
        data: bytes = stream.get_data()
    except (PyPdfError, ValueError, TypeError, KeyError, AttributeError) as error:
        raise Refused(_BROKEN) from error
    return data
