import http.client
import json
import re
import subprocess
import sys
import time

import pytest
from servers import PROJECT, STARTS, Server

pytestmark = pytest.mark.slow

TOKEN = "of-the-figures-26-letters"
SETTINGS = {"streamlit": {}, "uvicorn": {"KRAFTD_METRICS_TOKEN": TOKEN}}
WITH_TOKEN = {"Authorization": f"Bearer {TOKEN}"}


@pytest.fixture(scope="module", params=sorted(STARTS))
def server(request, tmp_path_factory):
    running = Server(tmp_path_factory.mktemp(request.param) / "data", request.param, **SETTINGS[request.param])
    running.start()
    yield running
    running.kill()


def asked(server, path, host, **headers):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", path, headers={"Host": host} | headers)
    answer = connection.getresponse()
    return answer.status, answer.read().decode()


PATHS = ["/", "/_stcore/health", "/_stcore/host-config", "/media/x", "/static/x", "/api/v1/exports/history", "/history"]


@pytest.mark.parametrize("path", PATHS)
def test_another_host_name_is_refused_on_every_path(server, path):
    status, body = asked(server, path, "attacker.example")
    assert status == 403
    assert "only on the computer" in json.loads(body)["detail"]


def socket(server, host, **headers):
    """The status that opening the pages' socket is answered with."""
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket"}
    wanted = upgrade | {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x" * 22 + "=="}
    return asked(server, "/_stcore/stream", host, **wanted, **headers)[0]


def test_the_web_socket_is_open_to_the_applications_own_pages_alone(server):
    host = f"localhost:{server.port}"
    own = f"http://{host}"
    assert socket(server, host, Origin=own) == 101
    assert socket(server, "attacker.example", Origin="http://attacker.example") == 403
    for origin in ("http://localhost:3000", "http://attacker.example", "null", f"{own}.attacker.example"):
        assert socket(server, host, Origin=origin) == 403
    assert socket(server, host) == 403
    assert socket(server, host, **{"Origin": own, "X-Forwarded-For": "127.0.0.1"}) == 403


@pytest.mark.parametrize("path", [*PATHS, "/_stcore/agent/mcp", "/metrics"])
def test_a_page_of_another_address_gets_no_answer_from_any_path(server, path):
    status, body = asked(server, path, f"localhost:{server.port}", Origin="http://localhost:3000", **WITH_TOKEN)
    assert (status, json.loads(body)["status"]) == (403, 403)


def test_nobody_may_frame_the_application_or_send_it_messages(server):
    connection = http.client.HTTPConnection("127.0.0.1", server.port, timeout=10)
    connection.request("GET", "/", headers={"Host": f"localhost:{server.port}"})
    answer = connection.getresponse()
    assert "frame-ancestors 'none'" in answer.headers["Content-Security-Policy"]
    assert "sha256-" in answer.headers["Content-Security-Policy"]
    assert answer.headers["X-Content-Type-Options"] == "nosniff"
    told = json.loads(asked(server, "/_stcore/host-config", "localhost")[1])
    assert (told["allowedOrigins"], told["enableCustomParentMessages"]) == ([], False)


def test_the_page_of_the_installed_version_has_one_inline_script(server):
    page = asked(server, "/", "localhost")[1]
    assert len(re.findall(r"<script(?![^>]*\ssrc=)", page)) == 1


def test_the_agents_door_of_the_framework_is_shut(server):
    for path in ("/_stcore/agent/interact", "/_stcore/agent/mcp", "/_stcore/agent/openapi.json"):
        assert asked(server, path, "localhost")[0] == 404


# Health


def ready(server):
    status, body = asked(server, "/readyz", "probe.example")
    return status, json.loads(body)


def until(server, status):
    """Asks until it is answered so, and returns the answer; the test's own time limit ends it."""
    while (answer := ready(server))[0] != status:
        time.sleep(0.2)
    return answer[1]


def test_it_says_that_it_is_alive_and_ready_to_whoever_asks_and_nothing_of_anybody(server):
    assert asked(server, "/healthz", "probe.example") == (200, '{"status":"alive"}')
    assert until(server, 200) == {
        "status": "ready",
        "checks": dict.fromkeys(("store", "files", "reader", "disk", "house_keeping"), "ok"),
    }


def test_it_is_not_ready_without_its_data_folder_and_ready_again_with_it(server):
    until(server, 200)
    away = server.data_dir.with_name("away")
    server.data_dir.rename(away)
    told = until(server, 503)
    assert (told["status"], told["checks"]["store"], told["checks"]["files"]) == ("not ready", "failed", "failed")
    assert asked(server, "/healthz", "localhost")[0] == 200
    assert not server.data_dir.exists()
    away.rename(server.data_dir)
    until(server, 200)


def test_the_figures_are_for_this_computer_or_for_their_token_and_name_nobody(server, request):
    has_token = "uvicorn" in request.node.name
    assert asked(server, "/metrics", "attacker.example")[0] == (401 if has_token else 403)
    assert asked(server, "/metrics", "localhost")[0] == (401 if has_token else 200)
    status, body = asked(server, "/metrics", "prometheus.example" if has_token else "localhost", **WITH_TOKEN)
    assert status == 200
    assert 'kraftd_check_ok{check="store"} 1.0' in body
    assert 'kraftd_jobs{state="running"} 0.0' in body
    assert "process_resident_memory_bytes" in body
    assert "@" not in body


def test_the_server_tells_that_it_began_and_no_address_that_was_asked_for(server):
    asked(server, "/history?history_text=Confidential+Ltd", "localhost")
    assert "core started" in server.log()
    assert "Confidential" not in server.log()


def test_this_computer_gets_the_application(server):
    assert asked(server, "/", f"localhost:{server.port}")[0] == 200


def test_an_unknown_route_answers_404_as_json(server):
    status, body = asked(server, "/api/v1/nothing", "localhost")
    assert (status, json.loads(body)["detail"]) == (404, "There is nothing at this address.")


def test_a_wrong_setting_stops_the_start_with_one_sentence(tmp_path):
    environment = Server(tmp_path / "data", KRAFTD_RETENTION_DAYS="soon")._environment
    done = subprocess.run([sys.executable, "-c", "import app"], cwd=PROJECT, env=environment, capture_output=True, text=True)
    assert done.returncode != 0
    assert "KRAFTD_RETENTION_DAYS" in done.stderr


@pytest.mark.skipif(sys.platform == "win32", reason="there are no such signals on Windows")
def test_a_server_that_is_told_to_end_closes_its_records_and_leaves_nothing_in_the_log_beside_them(server):
    """The last of the tests of this server."""
    server.process.terminate()
    server.process.wait(30)
    assert "core closed" in server.log()
    assert [path.name for path in server.data_dir.glob("*.sqlite3*")] == ["kraftd.sqlite3"]
