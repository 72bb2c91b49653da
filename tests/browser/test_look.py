"""Every page can be read and used by all: contrast, names and structure, by keyboard, in light and dark, wide and narrow."""

import os
from pathlib import Path

import pytest
from driving import SOON_MS, choose_first_line, idle, widget
from filling import Filling, invoice, sample
from playwright.sync_api import TimeoutError, expect
from servers import PROJECT, Server

STREAMLITS_OWN = {
    "list": "[data-testid=stSidebarNavItems]",  # its navigation puts the sections' heads into the list as bare elements
    "listitem": "[data-testid=stSidebarNavItems] li",  # and the items of a section beside its head
}
"""What is not ours to mend, by axe's rule: only there may it be broken."""
FOUND = """async ([known, rules]) => {
    const found = await axe.run(document, {resultTypes: ['violations'], ...rules});
    const isKnown = (rule, node) => known[rule] && document.querySelector(node.target[0])?.matches(known[rule]);
    return found.violations
        .filter(rule => ['serious', 'critical'].includes(rule.impact))
        .flatMap(rule => rule.nodes.filter(node => !isKnown(rule.id, node)).map(
            node => `${rule.id}: ${node.target.flat().join(' ')} ${node.html.slice(0, 120)} ${node.any[0]?.message ?? ''}`));
}"""


RULES = {"light": {}, "dark": {"runOnly": {"type": "rule", "values": ["color-contrast", "link-in-text-block"]}}}
"""All, and what can differ in the dark."""
FOCUSED = "document.activeElement.closest('[class*=st-key-history]')?.className.match(/st-key-(history_\\w+)/)[1]"


@pytest.fixture(scope="module")
def axe():
    """The source of axe-core. Without it the tests are skipped; where CI is set they fail, so that no green run lacks them."""
    folders = [PROJECT / ".venv" / "node" / "node_modules", *(Path(p).parent for p in os.environ["PATH"].split(os.pathsep))]
    for folder in folders:
        if (source := folder / "axe-core" / "axe.min.js").is_file():
            return source.read_text(encoding="utf-8")
    missing = "axe-core is not installed (run the setup command with Node.js on the PATH)"
    return pytest.fail(missing) if os.environ.get("CI") else pytest.skip(missing)


@pytest.fixture(scope="module")
def filled(tmp_path_factory):
    """A data folder with work in every state, and the address of each page."""
    folder = tmp_path_factory.mktemp("look")
    filling = Filling(folder / "data")
    pdf, boq = filling.read(sample("invoice")), filling.read(sample("boq"))
    reviewed = filling.reviewed(sample("quotation"), vendor_name="Tessel")
    done = filling.delivered(invoice("Mill & Sons", "F-1", 100), vendor_name="Mill and Sons")
    filling.close()
    return folder / "data", {
        "/": ".st-key-stage1_drop",
        f"/?workflow={pdf}": ".st-key-stage1_review button",
        f"/review?workflow={pdf}": ".st-key-stage2_details canvas",
        f"/review?workflow={boq}": ".st-key-stage2_details canvas",
        f"/review?workflow={done}": "[data-testid=stDataFrame] canvas",
        f"/deliver?workflow={reviewed}": ".st-key-stage3_produce button",
        f"/deliver?workflow={done}": ".st-key-stage3_download button",
        "/history": ".st-key-history_table canvas",
        "/history?history_text=nothing+like+it": ".st-key-history_clear button",
        f"/history?workflow={done}&open=other": ".st-key-history_other_make button",
        f"/compare?left={done}:ai&right={done}:user": ".st-key-compare_lines",
        "/verify": "[data-testid=stFileUploader]",
    }


@pytest.fixture(scope="module")
def server(filled):
    running = Server(filled[0])
    running.start()
    yield running
    running.kill()


def visited(page, server, address, appears):
    page.goto(server.url + address)
    expect(page.locator(appears).first).to_be_visible()
    idle(page)


@pytest.mark.parametrize("scheme", ["light", pytest.param("dark", marks=pytest.mark.large)])
def test_nothing_serious_stands_in_anybodys_way_and_no_page_is_wider_than_its_window(browser, server, filled, axe, scheme):
    page = browser.new_context(viewport={"width": 1280, "height": 900}, color_scheme=scheme).new_page()
    broken = []
    for address, appears in filled[1].items():
        visited(page, server, address, appears)
        page.evaluate(axe)
        broken += [f"{address} {found}" for found in page.evaluate(FOUND, [STREAMLITS_OWN, RULES[scheme]])]
        widths = (820, 1920, 1280) if scheme == "light" else ()
        broken += [f"{address} is too wide at {width}" for width in widths if is_cut(page, width)]
    page.context.close()
    assert not broken, "\n".join(broken)


WITHIN = """() => ['html', '[data-testid=stMain]'].every(name => {
    const shown = document.querySelector(name);
    return shown.scrollWidth <= shown.clientWidth + 1;
})"""


def is_cut(page, width) -> bool:
    """Whether something of the page stays beyond a window of this width; grids follow the window a little later."""
    page.set_viewport_size({"width": width, "height": 900})
    try:
        page.wait_for_function(WITHIN, timeout=SOON_MS)
    except TimeoutError:
        return True
    return False


def test_the_keyboard_goes_through_the_history_as_the_eye_does(browser, server):
    page = browser.new_context(viewport={"width": 1280, "height": 900}).new_page()
    visited(page, server, "/history", ".st-key-history_table canvas")
    choose_first_line(page)
    idle(page)
    widget(page, "history_text").locator("input").focus()
    steps = []
    for _ in range(30):
        step = page.evaluate(FOCUSED)
        steps += [step] if step and step not in steps else []
        page.keyboard.press("Tab")
    page.context.close()
    order = [f"history_{name}" for name in ("text", "order", "type", "state", "since", "download", "open")]
    assert [step for step in steps if step in order] == order
