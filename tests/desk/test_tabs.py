"""A review in several tabs: whatever they do in whatever order, the later version is kept and none is lost."""

import asyncio
from itertools import pairwise

import pytest
from fakes import ACTOR, Clock, make_desk
from hypothesis import given, settings
from hypothesis import strategies as st

TABS = st.integers(0, 2)
STEPS = st.lists(
    st.tuples(st.just("type"), TABS, st.sampled_from(["Mill", "Baker", "Cook", "Smith"]), st.sampled_from(["F-1", "F-2"]))
    | st.tuples(st.just("wait"), st.sampled_from([0.5, 30, 119, 120, 121, 4000]))
    | st.tuples(st.sampled_from(["reload", "keep mine", "use that one", "look"]), TABS),
    min_size=1,
    max_size=14,
)
LONGEST_PAUSE_SECONDS = 120


def ignore(step):
    return None


def said(draft):
    return draft.modified_data["vendor_name"], draft.modified_data["invoice_id"]


class Review:
    """A review in three tabs, and beside it what must be kept of it: what was typed by revision, and the time spent."""

    def __init__(self, desk, clock, run):
        self.desk, self.clock, self.run = desk, clock, run
        self.workflow = run(desk.read(ACTOR, "in.pdf", b"%PDF", ignore))
        self.seen = [self.kept()] * 3
        self.alive = {}
        self.spent, self.last_activity = 0.0, clock()

    def kept(self):
        return self.run(self.desk.review(ACTOR, self.workflow)).draft

    def act(self, newer, *ended):
        """Notes that a version was kept in place of these."""
        gap = (self.clock() - self.last_activity).total_seconds()
        self.spent += gap if self.alive and gap <= LONGEST_PAUSE_SECONDS else 0  # the first to be kept begins it
        self.alive = {revision: what for revision, what in self.alive.items() if revision not in ended}
        self.alive[newer.revision] = said(newer)
        self.last_activity = self.clock()

    def type(self, tab, vendor, number):
        base = self.seen[tab]
        data = base.modified_data | {"vendor_name": vendor, "invoice_id": number}
        newer = self.run(self.desk.keep_draft(ACTOR, self.workflow, data, base.preferences, base.reasons, base)).draft
        self.seen[tab] = newer
        assert said(newer) == (vendor, number)
        if said(base) != (vendor, number):
            self.act(newer, base.revision, *(r for r, what in self.alive.items() if what == said(newer)))
            assert said(self.kept()) == (vendor, number), "the later is kept"

    def wait(self, seconds):
        self.clock.forward(seconds=seconds)

    def reload(self, tab):
        self.seen[tab] = self.kept()

    def look(self, tab):
        """The page is drawn again, and nothing was typed: it offers what others kept since."""
        self.seen[tab] = self.run(self.desk.review(ACTOR, self.workflow, self.seen[tab])).draft

    def keep_mine(self, tab):
        self._choose(tab, *((self.seen[tab], other) for other in self.seen[tab].others[:1]))

    def use_that_one(self, tab):
        self._choose(tab, *((other, self.seen[tab]) for other in self.seen[tab].others[:1]))

    def _choose(self, tab, *pairs):
        for chosen, gone in pairs:
            newer = self.run(self.desk.choose_draft(ACTOR, self.workflow, chosen, gone)).draft
            assert said(newer) == said(chosen)
            self.act(newer, chosen.revision, gone.revision)
            self.seen[tab] = newer

    def check(self):
        kept = self.kept()
        versions = [kept, *kept.others]
        if self.alive:
            assert {version.revision: said(version) for version in versions} == self.alive
            assert all(newer.revision > older.revision for newer, older in pairwise(versions)), "newest first"
            assert kept.editing_time_seconds == pytest.approx(self.spent)


@pytest.fixture(scope="module")
def bench(tmp_path_factory):
    clock = Clock()
    with asyncio.Runner() as runner:
        yield make_desk(tmp_path_factory.mktemp("tabs"), clock), clock, runner.run


@pytest.mark.slow
@settings(max_examples=60)
@given(steps=STEPS)
def test_the_later_version_is_kept_and_every_other_offered_in_any_interleaving(bench, steps):
    review = Review(*bench)
    for verb, *what in steps:
        getattr(review, verb.replace(" ", "_"))(*what)
        review.check()


def two_tabs(bench):
    """Ten seconds of typing in one tab, then forty in another."""
    review = Review(*bench)
    for tab, seconds, vendor in ((0, 0, "Mill"), (0, 10, "Baker"), (1, 20, "Cook"), (1, 20, "Smith")):
        review.wait(seconds)
        review.type(tab, vendor, "F-1")
    review.look(0)
    return review


@pytest.mark.parametrize("choose", ["keep_mine", "use_that_one"])
def test_of_two_versions_the_longer_editing_time_stays_whichever_is_chosen(bench, choose):
    review = two_tabs(bench)
    getattr(review, choose)(0)
    assert (len(review.kept().others), review.kept().editing_time_seconds) == (0, 50)


def test_choosing_between_versions_is_activity_and_the_time_of_a_third_tab_stays(bench):
    review = two_tabs(bench)
    review.wait(30)
    review.type(2, "Smith & Sons", "F-2")
    review.wait(7)
    review.keep_mine(0)
    assert review.kept().editing_time_seconds == 87
    review.check()


def test_a_tab_that_records_what_it_shows_records_the_time_of_the_whole_review(bench):
    review = two_tabs(bench)
    desk, _, run = bench
    recorded = [run(desk.record_modifications(ACTOR, review.workflow, review.seen[0])) for _ in range(2)]
    assert [r.modified_data["vendor_name"] for r in recorded] == ["Baker"] * 2
    assert [r.user_actions.editing_time_seconds for r in recorded] == [50, 50]
