"""Pages, printed or scanned: words, labels, parties and tables."""
