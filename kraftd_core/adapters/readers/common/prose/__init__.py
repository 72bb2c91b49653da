"""Reads sentences: what contracts, requests and orders say of their parties, dates, sums and duties."""
