import http.client
import json
import subprocess
import sys

import pytest
from servers import PROJECT, STARTS, Server


@pytest.fixture(scope="module", params=sorted(STARTS))
def server(request, tmp_path_factory):
    running = Server(tmp_path_factory.mktemp(request.param) / "data", request.param)
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
    assert "only on the computer" in json.loads(body)["error"]


def test_the_web_socket_is_refused_under_another_host_name(server):
    upgrade = {"Connection": "Upgrade", "Upgrade": "websocket"}
    wanted = upgrade | {"Sec-WebSocket-Version": "13", "Sec-WebSocket-Key": "x" * 22 + "=="}
    assert asked(server, "/_stcore/stream", "attacker.example", **wanted)[0] == 403
    assert asked(server, "/_stcore/stream", f"localhost:{server.port}", **wanted)[0] == 101


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
