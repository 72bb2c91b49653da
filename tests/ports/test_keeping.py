"""What a history is asked for: the days of the reader's calendar."""

import os
import time
from datetime import UTC, date, timedelta, timezone
from zoneinfo import ZoneInfo

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftd_core.ports.keeping import HistoryFilter

ZONES = [UTC, *map(ZoneInfo, ("Europe/Berlin", "Pacific/Kiritimati", "Asia/Kolkata", "America/New_York")),
         timezone(timedelta(hours=14)), timezone(-timedelta(hours=14))]  # fmt: skip


@pytest.mark.parametrize(("zone", "day", "begins", "ends"), [
    (UTC, date(2026, 10, 6), "2026-10-06T00:00:00.000Z", "2026-10-07T00:00:00.000Z"),
    (ZoneInfo("Europe/Berlin"), date(2026, 10, 25), "2026-10-24T22:00:00.000Z", "2026-10-25T23:00:00.000Z"),  # of 25 hours
    (ZoneInfo("Pacific/Kiritimati"), date(2026, 1, 1), "2025-12-31T10:00:00.000Z", "2026-01-01T10:00:00.000Z"),
    (ZoneInfo("America/New_York"), date(2026, 7, 4), "2026-07-04T04:00:00.000Z", "2026-07-05T04:00:00.000Z"),
    (ZoneInfo("Africa/Cairo"), date(2026, 4, 24), "2026-04-23T22:00:00.000Z", "2026-04-24T21:00:00.000Z"),  # begins at 1 o'clock
])  # fmt: skip
def test_a_day_begins_and_ends_where_the_reader_is(zone, day, begins, ends):
    wanted = HistoryFilter(since=day, until=day, zone=zone)
    assert (wanted.starts_from, wanted.starts_before) == (begins, ends)


@pytest.mark.parametrize("zone", [*ZONES, None])
def test_the_first_and_the_last_day_of_all_are_no_bound_or_a_true_one(zone):
    whole = HistoryFilter(since=date.min, until=date.max, zone=zone)
    assert whole.starts_before is None
    assert whole.starts_from is None or whole.starts_from < "0001-01-02T15"
    other = HistoryFilter(since=date.max, until=date.min, zone=zone)
    assert other.starts_from is None or other.starts_from > "9999-12-30T09"
    assert other.starts_before is None or other.starts_before < "0001-01-03T15"


@given(st.dates(), st.dates(), st.sampled_from(ZONES))
def test_no_day_overflows_and_days_keep_their_order(one, other, zone):
    first, last = sorted((one, other))
    wanted = HistoryFilter(since=first, until=last, zone=zone)
    begins, ends = wanted.starts_from, wanted.starts_before
    assert begins is None or ends is None or begins < ends


@pytest.mark.skipif(not hasattr(time, "tzset"), reason="this system's time zone cannot be set for one process")
def test_a_machine_s_own_zone_counts_where_none_is_named(monkeypatch):
    monkeypatch.setitem(os.environ, "TZ", "Asia/Tokyo")
    time.tzset()
    try:
        assert HistoryFilter(since=date(2026, 10, 6), zone=None).starts_from == "2026-10-05T15:00:00.000Z"
    finally:
        monkeypatch.undo()
        time.tzset()


def test_a_zone_is_no_filter():
    assert HistoryFilter(zone=ZoneInfo("Asia/Tokyo"), order="oldest").shows_all
    assert not HistoryFilter(until=date.max).shows_all


@pytest.mark.parametrize(("text", "words"), [
    ("Müller  F-10 müller", {"muller": "müller", "f-10": "f-10"}), ("", {}), ("\u0301 \u00ad", {}), ("ﬁrma", {"firma": "ﬁrma"}),
])  # fmt: skip
def test_words_are_folded_and_each_asked_once(text, words):
    assert HistoryFilter(text=text).words == words
