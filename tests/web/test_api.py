"""Each route on a real desk: what it does, what it refuses, and with which sentence."""

import asyncio
import json
from base64 import urlsafe_b64decode, urlsafe_b64encode

import pytest
from api_clients import INVOICE, REVIEW, client_on
from starlette.applications import Starlette

from kraftd_core import errors
from kraftd_core.desk.jobs import CanGoOn
from kraftd_core.people.actor import Actor
from kraftd_core.ports.keeping import Waiting
from kraftd_core.records.bundle import verify_bundle
from kraftd_core.records.chain import verdict_on
from kraftd_core.web.api import mount_api
from kraftd_core.web.api.problems import MEDIA_TYPE, STATUS_OF, problem_of

pytestmark = pytest.mark.slow

NOBODYS = "00000000-0000-4000-8000-000000000000"


@pytest.fixture
async def client(tmp_path):
    async with client_on(tmp_path / "data") as made:
        yield made


def refusal(answer):
    """Status and sentence of a problem, which is one in all its members."""
    told = answer.json()
    assert answer.headers["content-type"] == MEDIA_TYPE
    assert told["status"] == answer.status_code and told["type"].startswith("/api/docs#") and told["title"]
    return told["status"], told["detail"]


# The journey


async def test_a_document_goes_from_upload_to_file(client):
    opened = await client.summarised()
    assert set(opened["ai_summary"]) >= {"executive_summary", "key_findings", "recommendations", "risk_factors", "action_items"}
    assert opened["confidence"] == opened["ai_summary"]["confidence_score"]
    data = opened["extracted_data"] | {"vendor_name": "Mill & Sons"}
    made = await client.delivered(opened, data, {"email": "Ann@example.com"}, export_format="json")
    assert "Mill & Sons" in made.text
    assert made.headers["content-type"] == "application/json"
    assert made.headers["content-length"] == str(len(made.content))
    assert made.headers["content-encoding"] == "identity"
    found = (await client.get(opened["location"])).json()
    assert found["status"] == "completed" and found["is_confirmed"] and found["decisions"] == []
    assert [c["modified_value"] for c in found["stage2"]["changes"]] == ["Mill & Sons"]
    assert f'filename="{found["stage3"]["deliverable"]["filename"]}"' in made.headers["content-disposition"]
    assert [entry["action"] for entry in found["events"]] == ["downloaded"]


async def test_reading_records_nothing_and_each_summary_opens_a_version(client):
    document = await client.read()
    assert (await client.get("/api/v1/exports/history")).json()["exports"] == []
    first, second = await client.summarised(document), await client.summarised(document)
    assert first["export_workflow_id"] != second["export_workflow_id"]
    assert first["extracted_data"] == second["extracted_data"]


async def test_the_route_and_the_page_record_the_same_of_a_document(client):
    opened = await client.summarised()
    page = await client.core.desk.read(client.core.actor, INVOICE[0], INVOICE[1], lambda step: None)
    read = (await client.core.desk.workflow(client.core.actor, page)).stage1.model_dump(mode="json")
    found = (await client.get(opened["location"])).json()["stage1"]
    for told in ("document_id", "document_name", "document_type", "ai_initial_summary", "owner_email", "actor", "kind"):
        assert found[told] == read[told]
    assert found["source"].keys() == read["source"].keys()
    for told in ("content_hash", "page_count", "file_size_bytes", "extraction_method", "di_confidence", "notices"):
        assert found["source"][told] == read["source"][told]
    assert len(found["source"]["di_metadata"]) == len(read["source"]["di_metadata"])


async def test_several_files_are_several_jobs_in_their_order(client):
    files = [("files", ("a.pdf", INVOICE[1])), ("files", ("../b.txt", b"no document")), ("files", ("c.pdf", b""))]
    begun = await client.post("/api/v1/docs", files=files)
    assert begun.status_code == 202
    jobs = begun.json()["jobs"]
    assert [job["document_name"] for job in jobs] == ["a.pdf", "b.txt", "c.pdf"]
    good, bad, empty = [await client.finished(job) for job in jobs]
    assert (good["status"], good["problem"], good["export_workflow_id"]) == ("done", None, None)
    assert "Reading the document" in good["steps_done"]
    assert (bad["status"], bad["document_id"], bad["problem"]["status"]) == ("failed", None, 422)
    assert empty["problem"]["detail"] == "The file is empty. Choose another file."


async def test_a_job_is_stopped_and_found_so(client):
    class Never:
        async def extract(self, *given):
            await asyncio.Event().wait()

        async def close(self):
            pass

    kept, client.core.desk._extractor = client.core.desk._extractor, Never()
    (job,) = (await client.post("/api/v1/docs", files={"files": ("a.pdf", INVOICE[1])})).json()["jobs"]
    assert (await client.get(job["location"])).json()["status"] == "running"
    assert (await client.delete(job["location"])).status_code == 204
    assert (await client.finished(job))["status"] == "stopped"
    client.core.desk._extractor = kept


# Who reviewed


async def test_without_a_reviewer_nothing_says_that_it_was_reviewed(client):
    opened = await client.summarised()
    made = await client.delivered(opened, export_format="json")
    found = (await client.get(opened["location"])).json()
    assert (found["stage2"]["review_mode"], found["stage2"]["reviewer"]) == ("unattended", None)
    assert found["stage2"]["actor"] == {"email": "demo@localhost", "name": None, "subject": None}
    story = found["stage3"]["traceability"]["document_history"]
    assert [entry["action"] for entry in story] == ["read and summarised", "recorded without a review", "delivered"]
    assert found["stage3"]["workflow_summary"]["ai_processing_accuracy"] is None
    assert made.json()["provenance"]["reviewed_by"] is None
    assert "review" not in found["stage3"]["ai_final_summary"]["executive_summary"].lower()


async def test_a_named_reviewer_is_recorded_as_one_that_was_named(client):
    opened = await client.summarised()
    made = await client.delivered(opened, None, {"email": "Ann@Example.com", "name": "Ann"}, export_format="json")
    found = (await client.get(opened["location"])).json()
    assert found["stage2"]["review_mode"] == "reviewed"
    assert found["stage2"]["reviewer"] == {"email": "ann@example.com", "name": "Ann", "subject": None}
    assert found["stage2"]["actor"]["email"] == "demo@localhost"
    told = found["stage3"]["traceability"]["document_history"][1]
    assert (told["action"], told["actor"]) == ("reviewed", "ann@example.com")
    assert told["details"] == "0 changed values; the reviewer was named by demo@localhost"
    assert made.json()["provenance"]["reviewed_by"] == "ann@example.com"


async def test_a_reviewer_without_an_address_is_refused(client):
    opened = await client.summarised()
    status, sentence = refusal(await client.delivered(opened, None, {"email": "Ann"}))
    assert status == 422 and "/reviewer/email" in sentence


# The same again


async def test_phase_2_sent_again_gives_the_same_bytes_and_other_data_is_refused(client):
    opened = await client.summarised()
    first = await client.delivered(opened, export_format="excel")
    again = await client.delivered(opened, opened["extracted_data"], export_format="excel")
    assert first.content == again.content == (await client.get(f"{opened['location']}/file")).content
    other = await client.delivered(opened, opened["extracted_data"] | {"vendor_name": "Eve"}, export_format="excel")
    assert refusal(other) == (409, "This stage was recorded already, with other content. Reload the page to see it.")


async def test_under_one_key_a_workflow_is_opened_once_whatever_forgets(client, tmp_path):
    document, key = await client.read(), {"Idempotency-Key": "order-7"}
    first = await client.summarised(document, **key)
    assert await client.summarised(document, **key) == first
    async with client_on(tmp_path / "data") as restarted:
        assert await restarted.summarised(document, **key) == first
        other = await restarted.read("other.pdf", INVOICE[1] + b"\n%")
        answer = await restarted.post(f"/api/v1/docs/{other}/export", json=REVIEW, headers=key)
        assert refusal(answer)[0] == 409
    assert len((await client.get("/api/v1/exports/history")).json()["exports"]) == 1


async def test_two_requests_at_once_under_one_key_open_one_workflow(client):
    document = await client.read()
    both = await asyncio.gather(*(client.summarised(document, **{"Idempotency-Key": "k"}) for _ in range(2)))
    assert both[0] == both[1]


async def test_a_key_with_another_request_is_refused_on_every_route_that_creates(client):
    document, key = await client.read(), {"Idempotency-Key": "k"}
    opened = await client.summarised(document, **key)
    await client.delivered(opened)
    requests = [
        client.post("/api/v1/docs", files={"files": ("a.pdf", INVOICE[1])}, headers=key),
        client.post(f"{opened['location']}/regenerate", json={"export_format": "csv"}, headers=key),
    ]
    for answer in await asyncio.gather(*requests):
        assert refusal(answer)[0] == 409 and "another request before" in refusal(answer)[1]


async def test_an_upload_under_a_key_begins_its_jobs_once(client):
    sent = {"files": {"files": ("a.pdf", INVOICE[1])}, "headers": {"Idempotency-Key": "k"}}
    first, again = [(await client.post("/api/v1/docs", **sent)).json() for _ in range(2)]
    assert first == again
    await client.finished(first["jobs"][0])


async def test_a_key_whose_request_was_refused_may_be_used_again(client):
    document, key = await client.read(), {"Idempotency-Key": "k"}
    refused = await client.post(f"/api/v1/docs/{'0' * 32}/export", json=REVIEW, headers=key)
    assert refusal(refused)[0] == 404
    await client.summarised(document, **key)


# Afterwards


async def test_the_history_is_paged_by_a_cursor(client):
    document = await client.read()
    opened = [(await client.summarised(document))["export_workflow_id"] for _ in range(3)]
    seen, cursor = [], None
    for _ in range(3):
        page = (await client.get("/api/v1/exports/history", params={"limit": 1} | ({"cursor": cursor} if cursor else {}))).json()
        seen += [line["export_workflow_id"] for line in page["exports"]]
        cursor = page["next_cursor"]
    assert (sorted(seen), cursor) == (sorted(opened), None)


async def test_a_cursor_that_was_changed_or_is_anothers_is_refused_rather_than_taken_for_the_end(client):
    document = await client.read()
    for _ in range(2):
        await client.summarised(document)
    cursor = (await client.get("/api/v1/exports/history", params={"limit": 1})).json()["next_cursor"]
    plain = urlsafe_b64encode(urlsafe_b64decode(cursor)[9:]).decode()
    first, later = ("B" if at == "A" else "A" for at in (cursor[0], cursor[20]))
    one_letter = (f"{first}{cursor[1:]}", f"{cursor[:20]}{later}{cursor[21:]}")
    for changed in (cursor[:-4], cursor[4:], cursor * 2, *one_letter, plain, "AAAA", "="):
        answer = await client.get("/api/v1/exports/history", params={"cursor": changed})
        assert refusal(answer)[0] == 404, changed
    client.core.actor = Actor.of("eve@example.com")
    assert refusal(await client.get("/api/v1/exports/history", params={"cursor": cursor}))[0] == 404


@pytest.mark.parametrize("cursor", ["x", urlsafe_b64encode(b"\xff\xfe").decode(), "a" * 4001, "?"])
async def test_a_cursor_that_no_page_gave_is_refused(client, cursor):
    assert (await client.get("/api/v1/exports/history", params={"cursor": cursor})).status_code in (404, 422)


async def test_another_format_is_another_workflow_of_the_same_data(client):
    opened = await client.summarised()
    await client.delivered(opened, opened["extracted_data"] | {"vendor_name": "Mill"}, export_format="pdf")
    ask = {"json": {"export_format": "json", "document_template": "financial_report"}, "headers": {"Idempotency-Key": "again"}}
    made = await client.post(f"{opened['location']}/regenerate", **ask)
    told = made.json()
    assert (made.status_code, made.headers["location"]) == (201, told["location"])
    assert (told["regenerated_from"], told["document_template"]) == (opened["export_workflow_id"], "financial_report")
    file = await client.get(f"{told['location']}/file")
    assert "Mill" in file.text and file.headers["etag"] == f'"{told["content_hash"]}"'
    assert (await client.post(f"{opened['location']}/regenerate", **ask)).json() == told
    stage2 = (await client.get(told["location"])).json()["stage2"]
    assert (stage2["review_mode"], stage2["kind"]) == ("unattended", "stage")


async def test_what_was_not_reviewed_is_not_made_again(client):
    opened = await client.summarised()
    answer = await client.post(f"{opened['location']}/regenerate", json={"export_format": "csv"})
    assert refusal(answer)[0] == 409


async def test_a_bundle_verifies_and_a_delivered_file_is_known(client):
    opened = await client.summarised()
    made = await client.delivered(opened, export_format="pdf")
    bundle = (await client.get(f"{opened['location']}/bundle")).json()
    assert verify_bundle(bundle, None).holds and verdict_on(bundle["records"]).holds
    known = (await client.post("/api/v1/verify", files={"file": ("any.pdf", made.content)})).json()
    assert (known["answer"], known["origin"]["export_workflow_id"]) == ("delivered", opened["export_workflow_id"])
    unknown = (await client.post("/api/v1/verify", files={"file": ("any.pdf", INVOICE[1])})).json()
    assert unknown["answer"] == "unknown"


async def test_two_versions_are_compared_with_a_patch(client):
    opened = await client.summarised()
    await client.delivered(opened, opened["extracted_data"] | {"vendor_name": "Mill"})
    other = await client.summarised(opened["document_id"])
    told = (await client.get(f"{opened['location']}/compare", params={"with": other["export_workflow_id"]})).json()
    assert [side["version"] for side in told["sides"]] == ["user", "ai"]
    assert told["patch"] == [{"op": "replace", "path": "/vendor_name", "value": opened["extracted_data"]["vendor_name"]}]
    assert [line["field"] for line in told["lines"] if line["section"] == "Details"] == ["vendor_name"]
    within = {"with": opened["export_workflow_id"], "version": "ai", "with_version": "user"}
    told = (await client.get(f"{opened['location']}/compare", params=within)).json()
    assert told["counts"]["changed"] == 1


async def test_a_page_is_a_picture_and_others_are_not_there(client):
    opened = await client.summarised()
    picture = await client.get(f"{opened['location']}/pages/1")
    assert picture.headers["content-type"] == "image/png" and picture.content.startswith(b"\x89PNG")
    assert refusal(await client.get(f"{opened['location']}/pages/2"))[0] == 404
    assert refusal(await client.get(f"{opened['location']}/pages/0"))[0] == 422


# Refusals


@pytest.mark.parametrize("path", ["", "/file", "/bundle", "/pages/1", f"/compare?with={NOBODYS}"])
@pytest.mark.parametrize("workflow", [NOBODYS, "nope", "..%2f..", "%00", "x" * 3000])
async def test_what_is_not_there_is_404_in_one_sentence(client, path, workflow):
    status, sentence = refusal(await client.get(f"/api/v1/exports/{workflow}{path}"))
    assert status == 404 and sentence.endswith(".")


async def test_another_actor_finds_nothing(client):
    opened = await client.summarised()
    await client.delivered(opened)
    client.core.actor = Actor.of("eve@example.com")
    for path in ("", "/file", "/bundle", "/pages/1", f"/compare?with={opened['export_workflow_id']}"):
        assert refusal(await client.get(f"{opened['location']}{path}"))[0] == 404
    assert refusal(await client.post(f"{opened['location']}/regenerate", json={"export_format": "csv"}))[0] == 404
    assert refusal(await client.post(f"/api/v1/docs/{opened['document_id']}/export", json=REVIEW))[0] == 404
    assert refusal(await client.delivered(opened))[0] == 404
    assert (await client.get("/api/v1/exports/history")).json()["exports"] == []


async def test_a_workflow_is_delivered_under_its_own_document_only(client):
    opened = await client.summarised()
    other = await client.read("other.pdf", INVOICE[1] + b"\n%")
    assert refusal(await client.delivered(opened | {"document_id": other}))[0] == 404


@pytest.mark.parametrize(("method", "path", "status"), [
    ("GET", "/api/v1/nothing", 404), ("GET", "/api/", 404), ("GET", "/api", 404), ("POST", "/api", 404),
    ("POST", "/api/v2/docs", 404), ("GET", "/api/%0A", 404),
    ("GET", "/api/v1/exports/a%0D%0Ab/file", 404),
    ("PUT", "/api/v1/docs", 405), ("GET", "/api/v1/verify", 405), ("POST", "/api/v1/exports/history", 405),
])  # fmt: skip
async def test_an_address_or_a_method_that_is_not_there_is_a_problem_too(client, method, path, status):
    answer = await client.request(method, path)
    assert answer.status_code == status
    assert refusal(answer)[0] == status
    assert ("allow" in answer.headers) == (status == 405)


@pytest.mark.parametrize("kind", ["text/plain", "application/x-www-form-urlencoded", "multipart/form-data; boundary=x", ""])
async def test_only_json_creates(client, kind):
    body = json.dumps(REVIEW).encode()
    for path in (f"/api/v1/docs/{'0' * 32}/export", f"/api/v1/exports/{NOBODYS}/regenerate"):
        answer = await client.post(path, content=body, headers={"Content-Type": kind} if kind else {})
        assert refusal(answer) == (415, "Send the body as application/json.")


@pytest.mark.parametrize(("body", "says"), [
    (b"{", "the body is not as it should be: JSON decode error"),
    (b'{"use_ai_review": true', "the body is not as it should be: JSON decode error"),
    (b'{"use_ai_review": true, "use_ai_template_generation": true}', ". So is 1 other part."),
    (b'{"use_ai_template_generation": true, "x": 1, "y": 2}', ". So are 2 other parts."),
    (b'{"use_ai_template_generation": true, "export_request": {"modified_data": {"x": NaN}}}', "NaN"),
    (b'{"use_ai_review": NaN}', "NaN"),
    (b'{"use_ai_review": true, "x": 1e999}', "Infinity"),
    (b'{"use_ai_review": true, "x": ' + b"[" * 80 + b"]" * 80 + b"}", "nested deeper"),
    (b'{"use_ai_review": false}', "use_ai_review"),
    (b'{"use_ai_review": true, "more": 1}', "/more"),
    (b"[]", "the body"),
    (b"\xff\xfe\x00", "cannot be read"),
    (b"[" * 100_000, "cannot be read"),
])  # fmt: skip
async def test_a_body_that_is_none_is_refused_with_what_is_wrong(client, body, says):
    answer = await client.post(f"/api/v1/docs/{'0' * 32}/export", content=body, headers={"Content-Type": "application/json"})
    status, sentence = refusal(answer)
    assert status in (400, 422) and says in sentence


async def test_texts_are_kept_as_everywhere(client):
    opened = await client.summarised()
    body = b'{"use_ai_template_generation": true, "export_workflow_id": "%b", "export_request": {"modified_data": ' \
        b'{"note": "a\\u0000\\ud800b", "n": 12345678901234567890}, "user_preferences": ' \
        b'{"transformation_instructions": "\\ud800", "export_format": "json"}}}' % opened["export_workflow_id"].encode()
    path = f"/api/v1/docs/{opened['document_id']}/export"
    answer = await client.post(path, content=body, headers={"Content-Type": "application/json"})
    assert answer.status_code == 200
    found = (await client.get(opened["location"])).json()["stage2"]
    assert found["modified_data"] == {"note": "a\ufffd\ufffdb", "n": "12345678901234567890"}


@pytest.mark.parametrize("given", [
    {"data": {"x": "y"}}, {"content": b"x", "headers": {"Content-Type": "multipart/form-data"}},
    {"content": b"--b\r\nnonsense", "headers": {"Content-Type": "multipart/form-data; boundary=b"}},
    {"files": {"other": ("a.pdf", b"x")}}, {"json": {}}, {"files": {"files": ("a", b"x")}, "data": {"document_type": "novel"}},
])  # fmt: skip
async def test_a_form_without_files_is_refused(client, given):
    for path in ("/api/v1/docs", "/api/v1/verify"):
        if path == "/api/v1/verify" and "files" in given.get("files", {}):
            continue
        assert refusal(await client.post(path, **given))[0] in (415, 422)


# The table


def kinds_of(kind):
    return [kind, *(deeper for below in kind.__subclasses__() for deeper in kinds_of(below))]


def test_every_error_of_ours_has_its_status():
    ours = {kind for kind in kinds_of(errors.KraftdError) if kind.__module__.startswith("kraftd_core")}
    assert {kind for kind in ours if not kind.__name__.startswith("_")} == set(STATUS_OF)


@pytest.mark.parametrize("kind", [kind for kind in STATUS_OF if not issubclass(kind, CanGoOn)])
def test_a_problem_says_the_sentence_of_the_page(kind):
    told = problem_of(kind, "What happened. What to do.")
    assert (told.detail, told.status) == ("What happened. What to do.", STATUS_OF[kind])


def test_what_is_our_fault_says_nothing_of_its_insides():
    assert "secret" not in problem_of(ValueError, "secret").detail


async def test_an_unforeseen_error_is_a_problem_as_well(client):
    async def broken(*given, **more):
        raise ZeroDivisionError("secret")

    client.core.desk.history = broken
    status, sentence = refusal(await client.get("/api/v1/exports/history"))
    assert status == 500 and "secret" not in sentence


async def test_a_store_that_is_away_is_503_and_says_when_to_ask_again(client):
    async def away(*given, **more):
        raise errors.StoreUnavailable("The store is away. Try again.")

    client.core.desk.history = away
    answer = await client.get("/api/v1/exports/history")
    assert refusal(answer) == (503, "The store is away. Try again.")
    assert answer.headers["retry-after"] == "5"


async def test_a_file_that_breaks_off_is_shorter_than_told_and_leaves_no_trace(client, caplog):
    opened = await client.summarised()
    made = await client.delivered(opened, export_format="csv")
    chunks = client.core.desk._files.chunks

    async def breaks_off(*given):
        async for piece in await chunks(*given):
            yield piece[:5]
        raise errors.StoreUnavailable("The file store cannot be reached.")

    async def opened_files(*given):
        return breaks_off(*given)

    client.core.desk._files.chunks = opened_files
    sent = []

    async def send(message):
        sent.append(message)

    async def receive():
        await asyncio.Event().wait()

    scope = {
        "type": "http", "method": "GET", "path": f"{opened['location']}/file", "query_string": b"", "root_path": "",
        "headers": [(b"host", b"localhost")], "http_version": "1.1", "scheme": "http",
    }  # fmt: skip
    await Starlette(routes=[mount_api(client.core)])(scope, receive, send)
    start, *bodies = sent
    assert dict(start["headers"])[b"content-length"] == str(len(made.content)).encode()
    assert [body["body"] for body in bodies] == [made.content[:5]] and all(body["more_body"] for body in bodies)
    assert "file broke off error=StoreUnavailable" in caplog.text and "Traceback" not in caplog.text


async def test_a_store_that_lets_nobody_in_is_503_and_is_not_to_be_asked_again_soon(client):
    async def refused(*given, **more):
        raise errors.StoreRefused("The key is wrong. Ask for it to be corrected.")

    client.core.desk.history = refused
    answer = await client.get("/api/v1/exports/history")
    assert refusal(answer) == (503, "The key is wrong. Ask for it to be corrected.")
    assert "retry-after" not in answer.headers


async def test_a_record_that_is_not_confirmed_says_why_and_the_status_says_the_same(client):
    opened = await client.summarised()
    assert (opened["is_confirmed"], opened["not_confirmed"]) == (True, None)
    reason, workflow = "The key is wrong. Ask for it to be corrected.", opened["export_workflow_id"]

    async def waiting(owner):
        return Waiting(following=1, following_workflows=frozenset({workflow}), reason=reason, passes=False)

    client.core.desk._store.waiting = waiting
    found = (await client.get(f"/api/v1/exports/{workflow}")).json()
    assert found["is_confirmed"] is False
    assert "does not pass by itself" in found["not_confirmed"] and reason in found["not_confirmed"]
    stands = (await client.get("/api/v1/status")).json()
    assert (stands["waiting"]["passes"], stands["waiting"]["reason"]) == (False, reason)
    assert stands["waiting"]["sentences"] == [found["not_confirmed"]]
    assert [engine["role"] for engine in stands["engines"]] == ["records", "files", "reader", "writer"]
    assert "demo@localhost" not in str(stands)


# What is said of it


async def test_the_page_for_people_fetches_nothing_and_leads_to_every_problem(client):
    page = (await client.get("/api/docs")).text
    assert "<script" not in page and "http://" not in page and "https://" not in page and "src=" not in page
    for kind in STATUS_OF:
        assert f"id='{problem_of(kind, '').type.partition('#')[2]}'" in page
    paths = (await client.get("/api/openapi.json")).json()["paths"]
    assert all(f"<code>/api{path}</code>" in page for path in paths)


async def test_the_document_has_examples_and_problems_only_as_problems(client):
    document = (await client.get("/api/openapi.json")).json()
    assert document["openapi"].startswith("3.1")
    body = document["paths"]["/v1/docs/{document_id}/export"]["post"]["requestBody"]["content"]["application/json"]
    assert set(body["examples"]) == {"phase 1", "phase 2"}
    for operations in document["paths"].values():
        for operation in operations.values():
            refused = [answer for status, answer in operation["responses"].items() if int(status) >= 400]
            assert refused and all(list(answer["content"]) == [MEDIA_TYPE] for answer in refused)
