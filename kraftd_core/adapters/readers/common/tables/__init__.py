"""Tables out of cells, whoever found them: heads and columns by their words, then lines, sections and sums."""
