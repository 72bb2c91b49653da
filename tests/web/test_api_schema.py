"""The routes against their own description: whatever it allows or forbids is asked, and each answer must be one it names."""

import logging

import pytest
import schemathesis
from api_clients import INVOICE
from hypothesis import HealthCheck, Phase, given, settings
from schemathesis import GenerationMode
from starlette.applications import Starlette

from kraftd_core.bootstrap import Core
from kraftd_core.settings import load_settings
from kraftd_core.web.api import mount_api

pytestmark = pytest.mark.slow

PATIENCE_SECONDS = 120  # a busy machine is no fault
EXAMPLES = 12  # of each route and mode: the gate is to stay quick
OF_FILES = 3  # each is looked at in a child process
OPERATIONS = [
    ("/v1/docs", "POST"),
    ("/v1/jobs/{job_id}", "GET"),
    ("/v1/jobs/{job_id}", "DELETE"),
    ("/v1/docs/{document_id}/export", "POST"),
    ("/v1/exports/history", "GET"),
    ("/v1/exports/{export_workflow_id}", "GET"),
    ("/v1/exports/{export_workflow_id}/regenerate", "POST"),
    ("/v1/exports/{export_workflow_id}/file", "GET"),
    ("/v1/exports/{export_workflow_id}/bundle", "GET"),
    ("/v1/exports/{export_workflow_id}/compare", "GET"),
    ("/v1/exports/{export_workflow_id}/pages/{n}", "GET"),
    ("/v1/verify", "POST"),
]


@pytest.fixture(scope="module")
def core(tmp_path_factory):
    made = Core(load_settings(data_dir=tmp_path_factory.mktemp("schema")))
    yield made
    made.run(lambda desk: desk.close())


@pytest.fixture(scope="module")
def described(core):
    return schemathesis.openapi.from_asgi("/api/openapi.json", Starlette(routes=[mount_api(core)]))


@pytest.fixture(scope="module")
def there(core):
    """What is there, so that the routes are asked for something as well as for nothing."""

    async def made(desk):
        job = await desk.start_keeping(core.actor, INVOICE[0], INVOICE[1])
        workflow = await desk.read(core.actor, INVOICE[0], INVOICE[1], lambda step: None)
        await desk.record_modifications(core.actor, workflow)
        await desk.produce(core.actor, workflow, lambda step: None)
        document_id = (await desk.workflow(core.actor, workflow)).stage1.document_id
        return {"export_workflow_id": workflow, "document_id": document_id, "job_id": job}

    return core.run(made)


def test_the_document_names_every_route(described):
    named = {(operation.ok().path, operation.ok().method.upper()) for operation in described.get_all_operations()}
    assert named == set(OPERATIONS)


@pytest.mark.parametrize("mode", list(GenerationMode))
@pytest.mark.parametrize(("path", "method"), OPERATIONS)
def test_every_answer_is_one_that_the_document_names(path, method, mode, described, there, caplog):
    strategy = described[path][method].as_strategy(generation_mode=mode)

    @settings(
        max_examples=OF_FILES if path == "/v1/verify" else EXAMPLES,
        deadline=None,
        database=None,
        phases=[Phase.explicit, Phase.generate],
        suppress_health_check=list(HealthCheck),
        derandomize=True,
    )
    @given(case=strategy)
    def ask(case):
        case.call_and_validate(timeout=PATIENCE_SECONDS)
        for name in case.path_parameters.keys() & there.keys():
            case.path_parameters[name] = there[name]
        of_theirs = [schemathesis.checks.CHECKS.get_one("negative_data_rejection")]
        case.call_and_validate(timeout=PATIENCE_SECONDS, excluded_checks=of_theirs)

    with caplog.at_level(logging.ERROR):
        ask()
    assert [record.message for record in caplog.records if record.exc_info] == []
