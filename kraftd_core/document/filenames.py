"""The names of files: what their endings promise, and how one that came with an upload is made safe to keep and show."""

import re
import unicodedata

KIND_OF_ENDING = {
    "pdf": "pdf", "xlsx": "xlsx", "xlsm": "xlsx", "xls": "xls", "xlsb": "xlsb", "ods": "ods", "docx": "docx", "csv": "csv",
    "json": "json", "xml": "xml", "png": "png", "jpg": "jpeg", "jpeg": "jpeg", "tif": "tiff", "tiff": "tiff", "webp": "webp",
    "bmp": "bmp",
}  # fmt: skip
"""What the file is that has this ending, unless its content says otherwise."""

IMAGES = ("png", "jpeg", "tiff", "webp", "bmp")
WORKBOOKS = ("xlsx", "xls", "xlsb", "ods")

KINDS_SAID = "PDF, image, Excel, OpenDocument spreadsheet, CSV, Word, JSON or e-invoice XML"

_LONGEST = 120
_LONGEST_ENDING = 12
_FALLBACK = "document"
_RESERVED = re.compile(r"(?:con|prn|aux|nul|com\d|lpt\d)(?:\.|$)", re.IGNORECASE)  # devices, not files, on Windows


def clean_name(name: str) -> str:
    """The last part of the name without control, direction and reserved characters, at most 120 long; never empty."""
    base = re.split(r"[/\\]", name)[-1]
    shown = "".join(c for c in base if not _is_unwanted(c))
    plain = re.sub(r"\s+", " ", re.sub(r'[<>:"|?*]', "_", shown)).strip(" .")
    if not plain.strip("_-. "):
        return _FALLBACK
    if _RESERVED.match(plain):
        plain = f"_{plain}"
    return _shortened(plain)


def _is_unwanted(character: str) -> bool:
    """Control, direction, private and unpaired characters, and those without a width."""
    return unicodedata.category(character) in ("Cc", "Cf", "Cs", "Co", "Cn", "Zl", "Zp")


def _shortened(name: str) -> str:
    if len(name) <= _LONGEST:
        return name
    stem, dot, ending = name.rpartition(".")
    if not dot or len(ending) > _LONGEST_ENDING:
        return name[:_LONGEST].rstrip(" .")
    return stem[: _LONGEST - len(ending) - 1].rstrip(" .") + "." + ending
