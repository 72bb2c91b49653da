"""The kinds of files that are read, in one place: what uploads offer, what refusals name, and what an ending promises."""

KIND_OF_ENDING = {
    "pdf": "pdf", "xlsx": "xlsx", "xlsm": "xlsx", "xls": "xls", "xlsb": "xlsb", "ods": "ods", "docx": "docx", "csv": "csv",
    "json": "json", "xml": "xml", "png": "png", "jpg": "jpeg", "jpeg": "jpeg", "tif": "tiff", "tiff": "tiff", "webp": "webp",
    "bmp": "bmp",
}  # fmt: skip
"""What the file is that has this ending, unless its content says otherwise."""

IMAGES = ("png", "jpeg", "tiff", "webp", "bmp")
WORKBOOKS = ("xlsx", "xls", "xlsb", "ods")

UPLOADED = list(KIND_OF_ENDING)
"""The endings that an upload takes."""

KINDS_SAID = "PDF, image, Excel, OpenDocument spreadsheet, CSV, Word, JSON or e-invoice XML"
