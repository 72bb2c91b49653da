"""How OpenAPI describes the routes: examples, files, and the problems that each may answer with."""

from typing import Any

from fastapi import FastAPI
from fastapi.openapi.utils import get_openapi

from kraftd_core.recording.stage3_deliverable import MIME_TYPES
from kraftd_core.web.api.problems import MEDIA_TYPE, Problem

_SAYS = {
    400: "The body cannot be read.",
    404: "There is no such thing of yours, or it has expired.",
    409: "It does not fit what is recorded already.",
    413: "It is larger than may be sent.",
    415: "The body has another content type than is taken.",
    422: "The request is not as it should be, or the document cannot be taken.",
    502: "A service that reads or writes for this application did not.",
}
_BINARY = {"schema": {"type": "string", "format": "binary"}}
_EVERYWHERE = {
    500: "It failed on our side.",
    503: "The store does not answer; try again after `Retry-After` seconds.",
}

FILE: dict[str, Any] = {
    "description": "The file, under its name (`Content-Disposition`) and type.",
    "content": dict.fromkeys(sorted(MIME_TYPES.values()), _BINARY) | {"application/json": {"schema": {"type": "object"}}},
}
FILE_OR_JSON: dict[str, Any] = {
    "description": "Phase 1: what was summarised. Phase 2: the file, under its name (`Content-Disposition`) and type.",
    "content": {kind: content for kind, content in FILE["content"].items() if kind != "application/json"},
}
BUNDLE: dict[str, Any] = {"description": "The bundle.", "content": {"application/json": {"schema": {"type": "object"}}}}
PICTURE: dict[str, Any] = {"description": "The page.", "content": {"image/png": _BINARY}}

EXPORT_EXAMPLES: dict[str, Any] = {
    "phase 1": {"summary": "Summarise the document", "value": {"use_ai_review": True}},
    "phase 2": {
        "summary": "Record the review and make the file",
        "value": {
            "use_ai_template_generation": True,
            "export_workflow_id": "3f2b8c9e-5d1a-4c7b-9e2f-0a1b2c3d4e5f",
            "export_request": {
                "modified_data": {
                    "document_type": "invoice",
                    "vendor_name": "Mill & Sons",
                    "invoice_total": 36,
                    "line_items": [{"_row_id": "r1", "description": "Flour", "quantity": 2, "unit_price": 10, "amount": 20}],
                },
                "user_preferences": {"export_format": "excel", "document_template": "financial_report"},
            },
            "reviewer": {"email": "ann@example.com", "name": "Ann"},
        },
    },
}


def problems(*statuses: int, ok: dict[str, Any] | None = None) -> dict[int | str, dict[str, Any]]:
    """The problems that a route may answer with, beside what it answers where all is well, if that is no JSON."""
    told: dict[int | str, dict[str, Any]] = {status: {"description": _SAYS[status]} for status in statuses}
    return told | {200: ok} if ok else told


def openapi_of(api: FastAPI) -> dict[str, Any]:
    """The document of the routes; every refusal is problem JSON, and no route answers with anything that is not said here."""
    document = get_openapi(title=api.title, version=api.version, summary=api.summary, description=api.description,
                           routes=api.routes, servers=api.servers, tags=api.openapi_tags)  # fmt: skip
    told = {MEDIA_TYPE: {"schema": {"$ref": "#/components/schemas/Problem"}}}
    for operations in document["paths"].values():
        for operation in operations.values():
            answers = operation["responses"]
            answers |= {str(status): {"description": says} for status, says in _EVERYWHERE.items()}
            for status, answer in answers.items():
                if int(status) >= 400:
                    answer["content"] = told
    schemas = document["components"]["schemas"]
    for name in ("HTTPValidationError", "ValidationError"):  # the framework's own, which is never answered with
        schemas.pop(name, None)
    schema = Problem.model_json_schema(ref_template="#/components/schemas/{model}")
    schemas |= {**schema.pop("$defs"), "Problem": schema}
    return document
