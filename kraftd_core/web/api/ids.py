"""Ids in addresses: what has not the form of one names nothing, and is answered like an id that is not there."""

import re
from collections.abc import Callable
from typing import Annotated

from fastapi import Path
from pydantic import AfterValidator

from kraftd_core.errors import NotFound

WORKFLOW_ID = r"^[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12}$"
A_WORKFLOW = "3f2b8c9e-5d1a-4c7b-9e2f-0a1b2c3d4e5f"
_HEX = r"^[0-9a-f]{32}$"


def _of_form(pattern: str, sentence: str) -> Callable[[str], str]:
    def known(given: str) -> str:
        if re.fullmatch(pattern, given) is None:
            raise NotFound(sentence)
        return given

    return known


DocumentId = Annotated[
    str,
    Path(examples=["0f4c3b5d9a1e4f7c8b2d6e0a9c5f1d3b"], json_schema_extra={"pattern": _HEX}),
    AfterValidator(_of_form(_HEX, "There is no such document. Upload it again.")),
]
JobId = Annotated[
    str,
    Path(examples=["5f0d3c8e1b7a4d2f9c6e8a0b4d2f7c1e"], json_schema_extra={"pattern": _HEX}),
    AfterValidator(_of_form(_HEX, "There is no such job.")),
]
WorkflowId = Annotated[
    str,
    Path(alias="export_workflow_id", examples=[A_WORKFLOW], json_schema_extra={"pattern": WORKFLOW_ID}),
    AfterValidator(_of_form(WORKFLOW_ID, "There is no such document in your history. It may have expired; upload it again.")),
]
