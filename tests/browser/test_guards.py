"""In a browser: every page keeps to the policy and works, and pages of other addresses get nothing of it."""

import json
import threading
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer

import pytest
from driving import idle, upload, widget
from filling import Filling, sample
from playwright.sync_api import expect
from servers import Server

EVIL = (
    "![EVIL](http://evil.example/p.png) [EVIL](http://evil.example/l) :red[EVIL] $EVIL^2$ <b>EVIL</b> :material/home: :smile: "
    "www.evil.example evil@evil.example"
)
WATCH = """
window.broken = [];
document.addEventListener("securitypolicyviolation", e => window.broken.push(`${e.violatedDirective} ${e.blockedURI}`));
"""
DRAWN_ALIVE = """() => [...document.querySelectorAll('*')].filter(e =>
    [e.getAttribute('src'), e.getAttribute('href')].some(a => a && /evil/i.test(a)) || e.matches('.katex')
    || (e.matches('b, [style*=color]') && e.childElementCount === 0 && /^EVIL$/.test(e.textContent))
    || (e.matches('[data-testid=stIconMaterial]') && e.textContent === 'home')).map(e => e.outerHTML.slice(0, 200))"""


def hostile():
    rows = [{"description": f"{n} {EVIL}", EVIL: "y", "amount": 3} for n in range(2)]
    data = {"document_type": "invoice", "vendor_name": EVIL, "invoice_id": EVIL, EVIL: EVIL, "line_items": rows}
    return EVIL.replace("/", "∕").replace(":", "∶") + ".json", json.dumps(data).encode()


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A data folder with work in every state, some of it hostile, and the address of each page."""
    folder = tmp_path_factory.mktemp("guards")
    filling = Filling(folder / "data")
    pdf, evil = filling.read(sample("invoice")), filling.read(hostile())
    reviewed = filling.reviewed(hostile(), vendor_name=f"New {EVIL}")
    done = filling.delivered(hostile(), vendor_name=f"Other {EVIL}")
    filling.close()
    return folder / "data", {
        "/": ".st-key-stage1_drop",
        f"/?workflow={pdf}": ".st-key-stage1_review button",
        f"/?workflow={evil}": ".st-key-stage1_review button",
        f"/review?workflow={pdf}": ".st-key-stage2_details canvas",
        f"/review?workflow={evil}": ".st-key-stage2_details canvas",
        f"/review?workflow={done}": "[data-testid=stDataFrame] canvas",
        f"/deliver?workflow={reviewed}": ".st-key-stage3_produce button",
        f"/deliver?workflow={done}": ".st-key-stage3_download button",
        "/history": ".st-key-history_table canvas",
        f"/history?workflow={done}&open=other": ".st-key-history_other_make button",
        f"/compare?left={done}:ai&right={done}:user": ".st-key-compare_lines",
        "/verify": "[data-testid=stFileUploader]",
    }


@pytest.fixture(scope="module")
def server(filled):
    running = Server(filled[0], KRAFTD_UPLOAD_LIMIT_MB="30")
    running.start()
    yield running
    running.kill()


@pytest.fixture
def watched(browser, server):
    """A page that notes what its policy stops, what it complains of, and what it asks other addresses for."""
    page = browser.new_context(viewport={"width": 1280, "height": 900}, accept_downloads=True).new_page()
    page.add_init_script(WATCH)
    page.told = []
    own = (server.url, "blob:", "data:")
    page.on("console", lambda message: "Content Security" in message.text and page.told.append(message.text))
    page.on("request", lambda request: request.url.startswith(own) or page.told.append(request.url))
    yield page
    page.context.close()


def visited(page, server, address, appears):
    page.goto(server.url + address)
    expect(page.locator(appears).first).to_be_visible()
    idle(page)


def kept(page):
    """What was broken of the policy since the page was opened."""
    return [*page.told, *page.evaluate("window.broken")]


def test_every_page_keeps_to_the_policy_and_draws_a_hostile_document_as_its_characters(watched, server, filled):
    found = {}
    for address, appears in filled[1].items():
        visited(watched, server, address, appears)
        found[address] = [*kept(watched), *watched.evaluate(DRAWN_ALIVE)]
    assert {address: faults for address, faults in found.items() if faults} == {}


def test_what_the_policy_stops_is_seen(watched, server):
    visited(watched, server, "/verify", "[data-testid=stFileUploader]")
    watched.evaluate("document.body.append(Object.assign(new Image(), {src: 'http://evil.example/p.png'}))")
    watched.wait_for_function("window.broken.length")
    watched.evaluate("document.body.append(Object.assign(document.createElement('a'), {href: 'http://evil.example'}))")
    assert "img-src" in " ".join(kept(watched))
    assert watched.evaluate(DRAWN_ALIVE)


def test_menus_and_lists_of_a_hostile_document_show_its_characters(watched, server, filled):
    _, evil, _ = [address for address in filled[1] if address.startswith("/review")]
    visited(watched, server, evil, filled[1][evil])
    watched.get_by_role("tab").nth(1).click()
    widget(watched, "stage2_insert_line_items").locator("button").first.click()
    expect(watched.get_by_text("Above line")).to_be_visible()
    assert watched.evaluate(DRAWN_ALIVE) == []
    watched.keyboard.press("Escape")
    watched.get_by_role("tab").first.click()
    widget(watched, "stage2_remove_field").locator("button").first.click()
    widget(watched, "stage2_field_gone").locator("input").click()
    expect(watched.get_by_role("option").first).to_be_visible()
    assert watched.evaluate(DRAWN_ALIVE) == []
    assert kept(watched) == []


def test_the_whole_way_works_under_the_policy(watched, server, tmp_path):
    name, content = sample("quotation")
    (tmp_path / name).write_bytes(content)
    visited(watched, server, "/", ".st-key-stage1_drop")
    upload(watched, tmp_path / name, "stage1_drop")
    widget(watched, "stage1_review").locator("button").click(timeout=60_000)
    expect(widget(watched, "stage2_details").locator("canvas").first).to_be_visible()
    idle(watched)
    widget(watched, "stage2_record").locator("button").click()
    widget(watched, "stage2_confirm").locator("button").click()
    widget(watched, "stage3_produce").locator("button").click()
    ready = widget(watched, "stage3_download").locator("button")
    expect(ready).to_be_visible(timeout=60_000)
    idle(watched)
    with watched.expect_download() as download:
        ready.click()
    assert download.value.path().stat().st_size > 0
    idle(watched)
    assert kept(watched) == []


@pytest.mark.large
def test_refused_uploads_leave_nothing_in_memory(watched, server, tmp_path):
    def held():
        figures = watched.request.get(f"{server.url}/metrics").text()
        return float(figures.split("\nprocess_resident_memory_bytes ")[1].split()[0]) / 2**20

    visited(watched, server, "/", ".st-key-stage1_drop")
    sizes = []
    for number in range(12):
        file = tmp_path / f"{number}.pdf"
        file.write_bytes(b"%d" % number * (6 * 2**20))
        upload(watched, file, f"stage1_upload_{number}")
        expect(widget(watched, f"stage1_upload_{number + 1}")).to_be_visible()
        expect(watched.get_by_role("alert").first).to_contain_text("not a PDF", timeout=30_000)
        idle(watched)
        sizes.append(held())
    assert min(sizes[-3:]) - max(sizes[3:6]) < 20, sizes  # with the last upload or without it, as its job was let go of


def test_a_file_beyond_the_frameworks_limit_is_taken_where_the_one_setting_allows_it(watched, server, tmp_path):
    (tmp_path / "a.pdf").write_bytes(b"x" * 28 * 2**20)
    visited(watched, server, "/", ".st-key-stage1_drop")
    upload(watched, tmp_path / "a.pdf", "stage1_drop")
    expect(watched.get_by_role("alert").first).to_contain_text("not a PDF", timeout=60_000)
    visited(watched, server, "/verify", "[data-testid=stFileUploader]")
    expect(watched.get_by_text("30MB per file")).to_be_visible()


# Pages of other addresses

ATTACKS = """<!doctype html><title>elsewhere</title><iframe src="SERVER/"></iframe><script>
window.got = {};
const note = (name, promise) => promise.then(() => window.got[name] = "got", () => window.got[name] = "refused");
note("fetch", fetch("SERVER/_stcore/health"));
note("blind", fetch("SERVER/api/v1/docs", {method: "POST", mode: "no-cors", body: "x"}).then(() => Promise.reject()));
note("image", new Promise((yes, no) => Object.assign(new Image(), {onload: yes, onerror: no, src: "SERVER/favicon.png"})));
note("script", new Promise((yes, no) => document.head.append(
    Object.assign(document.createElement("script"), {onload: yes, onerror: no, src: "SERVER/static/js/x.js"}))));
note("socket", new Promise((yes, no) => Object.assign(
    new WebSocket("SERVER/_stcore/stream".replace("http", "ws"), ["streamlit"]), {onopen: yes, onerror: no})));
</script>"""


@pytest.fixture
def elsewhere(server):
    """A page of another port of this computer."""

    class Page(BaseHTTPRequestHandler):
        def do_GET(self):
            self.send_response(200)
            self.send_header("content-type", "text/html")
            self.end_headers()
            self.wfile.write(ATTACKS.replace("SERVER", server.url).encode())

        def log_message(self, *_):
            pass

    serving = ThreadingHTTPServer(("127.0.0.1", 0), Page)
    threading.Thread(target=serving.serve_forever, daemon=True).start()
    yield f"http://localhost:{serving.server_port}/"
    serving.shutdown()


def test_a_page_of_another_port_reads_nothing_and_frames_nothing(browser, server, elsewhere):
    page = browser.new_context().new_page()
    page.goto(elsewhere)
    page.wait_for_function("Object.keys(window.got).length === 5")
    assert page.evaluate("window.got") == dict.fromkeys(("fetch", "blind", "image", "script", "socket"), "refused")
    framed = page.frames[1]
    assert framed.locator("[data-testid=stApp]").count() == 0
    page.context.close()
