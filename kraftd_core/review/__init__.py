"""What a reviewer is shown: the grids, what needs eyes, what earlier reviews teach."""

from kraftd_core.review import grids as grids
