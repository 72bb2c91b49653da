"""Paging through a history: each workflow once in its order, whatever the limit, the ties, and what is recorded meanwhile."""

import asyncio
from datetime import UTC, datetime, timedelta
from itertools import count

import pytest
from fakes import SUMMARY, Clock, invoice_data
from hypothesis import given, settings
from hypothesis import strategies as st

from kraftd_core.adapters.files.local import LocalFiles
from kraftd_core.adapters.stores.sqlite import SqliteStore
from kraftd_core.ports.keeping import HistoryFilter
from kraftd_core.recording.service import ExportTrackingService

START = datetime(2026, 10, 6, 9, 0, tzinfo=UTC)
MOMENTS = st.integers(0, 3)  # few, so that many workflows begin at the same
ORDERS = st.sampled_from(["newest", "oldest", "worked_on"])
OWNERS = count()


class History:
    """The history of an owner of its own, and the hand that records in it at the moments that it is told."""

    def __init__(self, store, tracking, clock, run):
        self.store, self.tracking, self.clock, self.run = store, tracking, clock, run
        self.owner = f"owner{next(OWNERS)}@example.com"

    def begin(self, moment):
        self.clock.now = START + timedelta(milliseconds=moment)
        return self.run(self.tracking.record_stage_1_initial_summary("d1", self.owner, "invoice", invoice_data(), SUMMARY))

    def review(self, workflow, moment):
        self.clock.now = START + timedelta(milliseconds=moment)
        verb = self.tracking.record_stage_2_user_modifications(workflow, "d1", self.owner, invoice_data(), invoice_data(), {})
        self.run(verb)

    def page(self, order, limit, cursor=None):
        return self.run(self.store.history(self.owner, HistoryFilter(order=order), limit, cursor))

    def pages(self, order, limits, meanwhile=lambda: None):
        """The lines of all pages, each as long as the next limit says, with what is done between two of them."""
        seen, cursor, limits = [], None, iter(limits)
        while True:
            page = self.page(order, limit := next(limits), cursor)
            assert len(page.lines) <= limit and (len(page.lines) == limit or page.cursor is None)
            seen += page.lines
            if (cursor := page.cursor) is None:
                return seen
            meanwhile()


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    folder, clock = tmp_path_factory.mktemp("history"), Clock()
    store = SqliteStore(folder / "records.sqlite3", now=clock)
    with asyncio.Runner() as runner:
        yield store, ExportTrackingService(store, LocalFiles(folder / "files"), now=clock), clock, runner.run
        runner.run(store.close())


def endless(limits):
    while True:
        yield from limits


LIMITS = st.lists(st.integers(1, 5), min_size=1, max_size=3)


@settings(max_examples=30)
@given(st.lists(st.tuples(MOMENTS, st.none() | MOMENTS), max_size=9), ORDERS, LIMITS)
def test_each_workflow_is_shown_once_and_in_order_with_any_limits_and_ties(bench, workflows, order, limits):
    history = History(*bench)
    made = {}
    for began, reviewed in workflows:
        workflow = history.begin(began)
        made[workflow] = began, began
        if reviewed is not None:
            history.review(workflow, began + reviewed)
            made[workflow] = began, began + reviewed
    seen = [line.export_workflow_id for line in history.pages(order, endless(limits))]
    assert sorted(seen) == sorted(made)
    moments = [made[workflow][order == "worked_on"] for workflow in seen]
    assert moments == sorted(moments, reverse=order != "oldest")
    assert seen == [line.export_workflow_id for line in history.page(order, 1000).lines], "pages agree with the whole"


@settings(max_examples=30)
@given(st.lists(MOMENTS, min_size=2, max_size=7), st.lists(MOMENTS, max_size=4), ORDERS, LIMITS)
def test_what_begins_while_somebody_pages_neither_hides_nor_repeats_a_workflow(bench, before, meanwhile, order, limits):
    history = History(*bench)
    made = {history.begin(moment) for moment in before}
    late = iter(meanwhile)

    def begin_another():
        for moment in late:
            history.begin(moment)
            break

    seen = [line.export_workflow_id for line in history.pages(order, endless(limits), begin_another)]
    assert len(set(seen)) == len(seen)
    assert made <= set(seen)


def test_the_last_page_says_so_even_where_it_is_full(bench):
    history = History(*bench)
    made = {history.begin(0) for _ in range(4)}
    first = history.page("newest", 2)
    last = history.page("newest", 2, first.cursor)
    assert {line.export_workflow_id for page in (first, last) for line in page.lines} == made
    assert (first.cursor is None, last.cursor) == (False, None)


def test_a_history_of_no_lines_is_empty(bench):
    history = History(*bench)
    for _ in range(3):
        history.begin(0)
    assert history.run(history.tracking.get_export_history(history.owner, 0)) == []
