"""docs/records.md shows what is: made anew it is the same, and its queries answer."""

import asyncio
import sqlite3
import sys
from contextlib import AsyncExitStack
from pathlib import Path

import pytest
from cosmos_standin import KEY
from emulator import cosmos_emulator as cosmos_emulator

from kraftd_core.adapters.stores.cosmos import CosmosStore, cosmos_client

PROJECT = Path(__file__).parents[2]
sys.path.insert(0, str(PROJECT / "scripts"))

import make_records_doc as made  # noqa: E402


def test_the_document_is_the_one_that_the_code_makes():
    written = (PROJECT / "docs" / "records.md").read_text(encoding="utf-8")
    assert written == made.document(), "run python scripts/make_records_doc.py"


@pytest.mark.parametrize("question", made.SQLITE_QUERIES)
def test_a_query_answers_on_sqlite(tmp_path, question):
    asyncio.run(made.kept(tmp_path))
    with sqlite3.connect(tmp_path / "kraftd.sqlite3") as db:
        assert len(db.execute(made.SQLITE_QUERIES[question], made.GIVEN).fetchall()) == (3 if question == "A workflow" else 1)


def test_the_queries_answer_on_cosmos(cosmos_emulator, tmp_path):
    async def asked():
        records, _ = await made.kept(tmp_path)
        store = CosmosStore(lambda: cosmos_client(cosmos_emulator, KEY, enable_endpoint_discovery=False), "Doc")
        for record in records:
            await store.append(record)
        await store.close()
        async with AsyncExitStack() as closing:
            client = await closing.enter_async_context(cosmos_client(cosmos_emulator, KEY, enable_endpoint_discovery=False))
            container = client.get_database_client("Doc").get_container_client("export_tracking")
            given = [{"name": f"@{name}", "value": value} for name, value in made.GIVEN.items()]
            return {
                name: [item async for item in container.query_items(query, parameters=given, partition_key=made.OWNER)]
                for name, query in made.COSMOS_QUERIES.items()
            }

    answers = asyncio.run(asked())
    assert {name: len(items) for name, items in answers.items()} == {
        "A workflow": 3, "An owner's history": 1, "By document": 1, "By status": 1,
    }  # fmt: skip
