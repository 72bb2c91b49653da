"""Files of office programs and of data: cells, tables and labelled values."""
