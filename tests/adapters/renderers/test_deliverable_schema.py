"""The published schema says what a JSON deliverable holds: every file is valid, and nothing in the schema is out of date."""

import json
from pathlib import Path

import pytest
from compositions import hostile, invoice
from jsonschema import Draft202012Validator

from kraftd_core.adapters.renderers.json import SCHEMA_VERSION, JsonRenderer
from kraftd_core.document.nouns import Deletion
from kraftd_core.records.journal import JournalHead
from kraftd_core.records.plan import DocumentTemplate, ExportFormat, PresentationPlan, Renaming, Target, Visibility

SCHEMA = json.loads((Path(__file__).parents[3] / "docs" / "deliverable.schema.json").read_text("utf-8"))
VALIDATOR = Draft202012Validator(SCHEMA)
DELETED = Deletion(field="line_items[gone]", position=1, original_value={"amount": 3})


def content(composition):
    return json.loads(JsonRenderer().render(composition).content)


def renamed():
    step = Renaming(words="call it", label="Payable", targets=[Target(kind="field", name="invoice_total")])
    return invoice(plan=PresentationPlan(template=DocumentTemplate.STANDARD, export_format=ExportFormat.JSON, steps=[step]))


def only_lines():
    step = Visibility(kind="only", words="only the lines", targets=[Target(kind="table", name="line_items")])
    return invoice(plan=PresentationPlan(template=DocumentTemplate.STANDARD, export_format=ExportFormat.JSON, steps=[step]))


CASES = {
    "recorded without a review": lambda: invoice(reviewed_by=None),
    "reviewed by another": lambda: invoice(reviewed_by="bea@example.com"),
    **{template.value: lambda template=template: invoice(template) for template in DocumentTemplate},
    **{f"hostile {template.value}": lambda template=template: hostile(template) for template in DocumentTemplate},
    "renamed": renamed,
    "only lines": only_lines,
    "deleted": lambda: invoice(changes=[DELETED], change_sentences=["Line 2 removed."]),
    "empty": lambda: invoice(data={}, changes=[], change_sentences=[], findings=[]),
    "after other work": lambda: invoice(journal_seen=JournalHead(7, "c" * 64)),
    "reader unknown": lambda: invoice(extraction_method=None),
}


@pytest.fixture(scope="module")
def files():
    return {name: content(make()) for name, make in CASES.items()}


def members(schema, found=""):
    """The members that a schema names, by their place in it."""
    for name, member in schema.get("properties", {}).items():
        yield f"{found}/{name}"
        yield from members(member, f"{found}/{name}")
    for name, member in schema.get("$defs", {}).items():
        yield from members(member, f"#{name}")


def objects(schema, place="schema"):
    """The schemas of objects, wherever they stand."""
    if isinstance(schema, dict):
        if schema.get("type") == "object":
            yield place, schema
        for name, member in schema.items():
            yield from objects(member, f"{place}/{name}")


def test_the_schema_is_one_of_draft_2020_12_and_leaves_no_object_open():
    Draft202012Validator.check_schema(SCHEMA)
    assert [place for place, schema in objects(SCHEMA) if "additionalProperties" not in schema] == []
    assert SCHEMA["properties"]["schema_version"]["const"] == SCHEMA_VERSION


@pytest.mark.parametrize("name", CASES)
def test_a_deliverable_is_valid(files, name):
    assert [f"{error.json_path}: {error.message[:200]}" for error in VALIDATOR.iter_errors(files[name])] == []


def keys(value):
    if isinstance(value, dict):
        yield from value
        for member in value.values():
            yield from keys(member)
    elif isinstance(value, list):
        for member in value:
            yield from keys(member)


def test_each_member_that_the_schema_names_is_in_some_file(files):
    found = set(keys(list(files.values())))
    assert [place for place in members(SCHEMA) if place.rsplit("/", 1)[-1] not in found] == []


@pytest.mark.parametrize(("spoil", "place"), [
    (lambda file: file.update(surprise=1), "$"),
    (lambda file: file["summary"].update(mood="good"), "$.summary"),
    (lambda file: file["changes"]["entries"][0].pop("field"), "$.changes.entries[0]"),
    (lambda file: file["changes"]["entries"][1].update(row=0), "$.changes.entries[1].row"),
    (lambda file: file["provenance"].pop("stage2_hash"), "$.provenance"),
    (lambda file: file.update(template="fancy"), "$.template"),
])  # fmt: skip
def test_a_file_that_drifted_from_the_schema_is_told(spoil, place):
    file = content(invoice())
    spoil(file)
    assert [error.json_path for error in VALIDATOR.iter_errors(file)] == [place]
