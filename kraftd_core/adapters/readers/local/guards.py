"""Looks at a file before any parser does: what it is, whether its name says so, and whether it is safe to open."""

import io
import re
import zipfile
import zlib
from typing import Any

from kraftd_core.adapters.readers.common.reading import Refused
from kraftd_core.document.filenames import IMAGES, KIND_OF_ENDING, KINDS_SAID, WORKBOOKS

_NAMES = {
    "pdf": "a PDF", "xlsx": "an Excel workbook", "docx": "a Word document", "csv": "a CSV text", "json": "a JSON text",
    "xml": "an XML text", "png": "a PNG image", "jpeg": "a JPEG image", "tiff": "a TIFF image", "webp": "a WebP image",
    "bmp": "a BMP image", "pptx": "a presentation", "zip": "a ZIP archive", "program": "a program", "unknown": "something else",
    "ole": "an old or password-protected Office file", "xls": "an old Excel workbook", "xlsb": "a binary Excel workbook",
    "ods": "an OpenDocument spreadsheet", "odt": "an OpenDocument text", "doc": "an old Word document",
    "locked": "a password-protected Office file",
}
_WAY_OUT = {
    "doc": "Old Word files (.doc) are not read. Open it in Word, save it as .docx or PDF, and upload that.",
    "odt": "OpenDocument texts (.odt) are not read. Open it in its program, save it as .docx or PDF, and upload that.",
    "locked": "The file is password protected. Remove the password and upload it again.",
}
"""What is not read by content or by name, and what to do instead."""

MAX_INFLATED = 120 * 2**20
MAX_MEMBERS = 2_000
MAX_PDF_PAGES = 200
MAX_PAGE_STREAM = 32 * 2**20
MAX_PIXELS = 50_000_000
_ORIENTATION = 0x0112  # the tag by which cameras say which way a picture is up
MAX_XML = 20 * 2**20
MAX_XML_ELEMENTS = 300_000
_PARTS_OF_A_PAGE = 500


def kind_of_file(content: bytes, name: str) -> str:
    """What the file is, by its content; raises Refused where that is nothing we read or not what its name says."""
    if not content:
        raise Refused("The file is empty. Choose another file.")
    ending = name.rpartition(".")[2].lower()
    promised, kind = KIND_OF_ENDING.get(ending), _by_content(content)
    if kind in _WAY_OUT and (promised or ending in _WAY_OUT):
        raise Refused(_WAY_OUT[kind])
    if promised is None:
        raise Refused(_WAY_OUT.get(ending) or f"Files of this kind are not read. Upload a {KINDS_SAID} file.")
    if kind == "text" and promised in ("csv", "json", "xml"):
        return promised
    is_alike = any(kind in alike and promised in alike for alike in (IMAGES, WORKBOOKS))
    if kind == promised or is_alike:  # cameras and programs mix up the endings of pictures, and people those of workbooks
        return kind
    if kind == "ole" and promised in WORKBOOKS:
        raise Refused("The old Excel workbook is damaged: its parts cannot be found. Save it as .xlsx or upload it as a PDF.")
    found = _NAMES.get(kind, "plain text")
    raise Refused(
        f"The name says {_NAMES[promised].split(' ', 1)[1]}, but the content is not {_NAMES[promised]}: it is {found}. "
        "Save it as the right kind and upload it again."
    )


def _by_content(content: bytes) -> str:
    magic = (
        (b"\x89PNG\r\n\x1a\n", "png"), (b"\xff\xd8\xff", "jpeg"), (b"II*\x00", "tiff"), (b"MM\x00*", "tiff"), (b"BM", "bmp"),
        (b"MZ", "program"), (b"\x7fELF", "program"), (b"\xd0\xcf\x11\xe0", _kind_of_ole(content)),
    )
    for start, kind in magic:
        if content.startswith(start) and (len(start) > 2 or b"\x00" in content[:64]):  # "BMW;…" is a text
            return kind
    if content[:4] == b"RIFF" and content[8:12] == b"WEBP":
        return "webp"
    if b"%PDF-" in content[:1024]:
        return "pdf"
    if content.startswith((b"PK\x03\x04", b"PK\x05\x06")):
        return _kind_of_zip(content)
    return "text" if _is_text(content) else "unknown"


_STREAMS = {"EncryptedPackage": "locked", "Workbook": "xls", "Book": "xls", "WordDocument": "doc"}


def _kind_of_ole(content: bytes) -> str:
    """What an Office file of before 2007 is, by the names of its streams."""
    return next((kind for name, kind in _STREAMS.items() if name.encode("utf-16-le") in content), "ole")


def _is_text(content: bytes) -> bool:
    """Few control characters but NUL, which broken exports hold and UTF-16 is full of."""
    head = content[:4096]
    strange = sum(byte < 32 and byte not in (0, 9, 10, 11, 12, 13, 26, 27) for byte in head)
    return strange <= len(head) // 100


def _kind_of_zip(content: bytes) -> str:
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            names = set(archive.namelist())
            told = archive.open("mimetype").read(100) if "mimetype" in names else b""
    except (zipfile.BadZipFile, zlib.error, ValueError, NotImplementedError, RuntimeError, EOFError) as error:
        raise Refused("The file is damaged: its archive cannot be opened. Save it anew and upload it again.") from error
    for media, kind in ((b"opendocument.spreadsheet", "ods"), (b"opendocument.text", "odt")):
        if media in told:
            return kind
    parts = (
        ("xl/workbook.bin", "xlsb"), ("xl/workbook.xml", "xlsx"), ("word/document.xml", "docx"), ("ppt/presentation.xml", "pptx"),
    )
    for part, kind in parts:
        if part in names:
            return kind
    return "zip"


# Office files


def check_office(content: bytes) -> None:
    """Raises Refused for an archive that would unpack to too much, leave its folder, or declare XML entities."""
    try:
        with zipfile.ZipFile(io.BytesIO(content)) as archive:
            _check_members(archive.infolist())
            left = MAX_INFLATED
            for member in archive.infolist():
                left -= _check_member(archive, member, left)
    except (zipfile.BadZipFile, zlib.error, NotImplementedError, EOFError, ValueError) as error:
        raise Refused("The file is damaged: a part of it cannot be unpacked. Save it anew and upload it again.") from error


def _check_members(members: list[zipfile.ZipInfo]) -> None:
    if len(members) > MAX_MEMBERS:
        raise Refused(f"The file has {len(members):,} parts, more than the {MAX_MEMBERS:,} that are read. Save it in parts.")
    names = [member.filename for member in members]
    if any(_is_unsafe(name) for name in names):
        raise Refused("The archive has unsafe member names that point outside of it. Save the document anew in its own program.")
    if len({name.lower() for name in names}) < len(names):
        raise Refused("The archive holds two parts of the same name. Save the document anew in its own program.")
    if any(member.flag_bits & 1 for member in members):
        raise Refused("The file is password protected. Remove the password and upload it again.")


def _is_unsafe(name: str) -> bool:
    return name.startswith(("/", "\\")) or ".." in re.split(r"[/\\]", name) or ":" in name or "\x00" in name


def _check_member(archive: zipfile.ZipFile, member: zipfile.ZipInfo, left: int) -> int:
    """The bytes that the member really unpacks to: its header may lie. Any may be read as XML: its name binds nobody."""
    size, tail = 0, b""
    with archive.open(member) as part:
        while chunk := part.read(2**18):
            size += len(chunk)
            if size > left:
                raise Refused(f"The file expands to more than the limit of {MAX_INFLATED // 2**20} MB. Upload it in parts.")
            if _declares_entities(_HARMLESS_TYPE.sub(b"", _legible(tail + chunk))):
                raise Refused(_ENTITIES)
            tail = (tail + chunk)[-_LONGEST_TYPE:]
    return size


_LONGEST_TYPE = 1024
_HARMLESS_TYPE = re.compile(rb"<!DOCTYPE\s+(SVG|HTML)\b[^\[<>]{0,500}>")
"""What programs write at the head of a picture or a web page that lies in a document: it declares nothing by itself."""


def _legible(chunk: bytes) -> bytes:
    """The chunk in capitals, UTF-16 as if it were ASCII."""
    return chunk.replace(b"\x00", b"").upper()


def _declares_entities(legible: bytes) -> bool:
    return b"<!DOCTYPE" in legible or b"<!ENTITY" in legible


# XML


def xml_root(content: bytes) -> Any:
    """The root element, without comments; raises Refused for XML that declares entities, is damaged, too large or too deep."""
    from lxml import etree

    if len(content) > MAX_XML:
        raise Refused(f"The XML is larger than the {MAX_XML // 2**20} MB that are read. Leave attached files out of it.")
    if _declares_entities(_legible(content)):
        raise Refused(_ENTITIES)
    parser = etree.XMLParser(resolve_entities=False, no_network=True, load_dtd=False, remove_comments=True, remove_pis=True)
    try:
        root = etree.fromstring(content, parser)
    except (etree.XMLSyntaxError, ValueError) as error:
        line = getattr(error, "lineno", None)
        place = f" at line {line}" if line else ""
        raise Refused(f"The XML is damaged or nested too deeply{place}. Ask the sender for a sound file.") from error
    if root.getroottree().docinfo.internalDTD is not None:  # written in an encoding that hides it from the look above
        raise Refused(_ENTITIES)
    if root.xpath("count(//*)") > MAX_XML_ELEMENTS:
        raise Refused(f"The XML has more than the {MAX_XML_ELEMENTS:,} elements that are read. Ask the sender for it in parts.")
    return root


_ENTITIES = "XML entities or a DTD stand in the file, which are not allowed. Save it anew in its own program."


# PDF


def check_pdf(content: bytes) -> int:
    """The number of pages; raises Refused for a PDF that is locked, damaged, too long or would inflate to too much."""
    import logging

    from pypdf import PdfReader
    from pypdf.errors import PyPdfError

    logging.getLogger("pypdf").setLevel(logging.CRITICAL)
    try:
        reader = PdfReader(io.BytesIO(content))
        if reader.is_encrypted and not reader.decrypt(""):
            raise Refused("The PDF is password protected. Remove the password and upload it again.")
        count = _check_page_tree(reader)
        for page in reader.pages:
            _check_page(page)
    except (PyPdfError, RecursionError, ValueError, KeyError, TypeError, AttributeError, IndexError, AssertionError) as error:
        # pypdf answers a broken structure with whichever of these it stumbles on first
        if "decompress" in str(error).lower() or "limit" in type(error).__name__.lower():
            raise Refused(_TOO_MUCH_CONTENT) from error
        raise Refused("The PDF is damaged (its page tree or table cannot be read). Export it anew and upload that.") from error
    except NotImplementedError as error:
        raise Refused("The PDF uses a protection that is not read. Save it without protection and upload it again.") from error
    return count


_TOO_MUCH_CONTENT = "The page content is too large: a page of the PDF unpacks to more than the limit. Export it in smaller parts."


def _check_page_tree(reader: Any) -> int:
    """Counts the leaves, each node once: a cycle would never end."""
    seen: set[tuple[int, int]] = set()
    waiting = [reader.trailer["/Root"].get_object().raw_get("/Pages")]
    count = 0
    while waiting:
        reference = waiting.pop()
        place = (getattr(reference, "idnum", id(reference)), getattr(reference, "generation", 0))
        node = reference.get_object()
        if place in seen or node is None:
            raise Refused("The PDF is damaged (page tree): its pages refer to themselves or are missing. Export it anew.")
        seen.add(place)
        if "/Kids" in node:
            waiting.extend(node["/Kids"])
        else:
            count += 1
        if len(seen) + len(waiting) > 100_000:
            raise Refused("The PDF is damaged (page tree). Export it anew and upload it again.")
    if not count:
        raise Refused("The PDF has no pages. Export it anew and upload it again.")
    if count > MAX_PDF_PAGES:
        raise Refused(f"The PDF has too many pages ({count}); up to {MAX_PDF_PAGES} are read. Split it and upload the parts.")
    return count


def _check_page(page: Any) -> None:
    """Inflates what the page draws, forms within forms included, against a limit."""
    left, seen = MAX_PAGE_STREAM, set()
    contents = page.get("/Contents")
    waiting = list(contents) if isinstance(contents, list) else [contents] if contents is not None else []
    resources = [page.get("/Resources")]
    while waiting or resources:
        if resources:
            waiting.extend(_drawn_objects(resources.pop()))
            continue
        stream = waiting.pop().get_object()
        if stream is None or id(stream) in seen or not hasattr(stream, "_data"):
            continue
        seen.add(id(stream))
        if len(seen) > _PARTS_OF_A_PAGE:
            return  # a page of many small parts: the limits on memory and time hold
        if stream.get("/Subtype") == "/Image":
            _check_pixels(int(stream.get("/Width", 0)), int(stream.get("/Height", 0)))
            continue
        left -= inflated_size(stream, left)
        resources.append(stream.get("/Resources"))


def _drawn_objects(resources: Any) -> list[Any]:
    resources = resources.get_object() if resources is not None else None
    drawn = resources.get("/XObject") if isinstance(resources, dict) else None
    drawn = drawn.get_object() if drawn is not None else None
    return list(drawn.values()) if isinstance(drawn, dict) else []


def inflated_size(stream: Any, left: int) -> int:
    """The size behind any number of Flate filters; other filters hardly inflate."""
    filters = stream.get("/Filter") or []
    data: bytes = stream._data
    for name in filters if isinstance(filters, list) else [filters]:
        if name not in ("/FlateDecode", "/Fl"):
            break
        inflater = zlib.decompressobj()
        try:
            data = inflater.decompress(data, left + 1)
        except zlib.error:
            break  # damaged streams are left to the parser, within its limits
        if len(data) > left:
            raise Refused(_TOO_MUCH_CONTENT)
    return len(data)


# Images


def _check_pixels(width: int, height: int) -> None:
    if width * height > MAX_PIXELS:
        raise Refused(
            f"The image has too many pixels ({width:,} x {height:,}); the limit is {MAX_PIXELS // 10**6} million. Shrink it."
        )


def opened_image(content: bytes, side: int) -> tuple[list[Any], int]:
    """The first frames of an image, upright, in RGB, at most `side` pixels long, and how many there are; raises Refused."""
    from PIL import Image, UnidentifiedImageError

    Image.MAX_IMAGE_PIXELS = None  # our own limit below is the smaller one
    try:
        with Image.open(io.BytesIO(content), formats=("PNG", "JPEG", "TIFF", "WEBP", "BMP")) as image:
            _check_pixels(*image.size)
            frames = getattr(image, "n_frames", 1) if image.format == "TIFF" else 1
            shown = []
            for n in range(min(frames, 4)):
                image.seek(n)
                _check_pixels(*image.size)
                image.draft("RGB", (side, side))
                shown.append(_upright(image, side))
            return shown, frames
    except (UnidentifiedImageError, OSError, SyntaxError, ValueError, EOFError, zlib.error) as error:
        raise Refused("The file is a damaged image. Save or photograph it anew and upload it again.") from error


def _upright(image: Any, side: int) -> Any:
    """The frame as a viewer shows it, on white where nothing covers it; made small first, as every copy of it takes memory."""
    from PIL import Image, ImageOps

    is_clear = "A" in image.getbands() or "transparency" in image.info
    plain = image if image.mode in ("L", "RGB") and not is_clear else image.convert("RGBA" if is_clear else "RGB")
    share = min(1.0, side / max(plain.size))
    small = plain.resize((max(1, round(plain.width * share)), max(1, round(plain.height * share))))
    if is_clear:
        small = Image.alpha_composite(Image.new("RGBA", small.size, "white"), small)
    small.getexif()[_ORIENTATION] = image.getexif().get(_ORIENTATION, 1)
    return ImageOps.exif_transpose(small).convert("RGB")
