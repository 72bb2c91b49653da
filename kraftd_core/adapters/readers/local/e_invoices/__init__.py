"""E-invoices: exact values out of their XML."""
