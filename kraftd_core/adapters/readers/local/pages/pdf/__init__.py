"""PDFs as pdfium sees them: characters, words, ruling lines and the cells between them."""
