"""How calls of a service are counted and logged."""

import logging
import socket
import ssl
from datetime import timedelta
from itertools import pairwise

import pytest
from fakes import Clock

from kraftd_core.ports.engines import Engine, heard, unreachable


@pytest.fixture
def clock():
    return Clock()


@pytest.fixture
def engine(clock):
    return Engine("writer", "A service", "chat.example", "with a key", clock)


def test_nothing_is_said_of_an_engine_before_its_first_call(engine):
    assert (engine.stands.last_success, engine.stands.last_failure, engine.stands.is_failing) == (None, None, False)


def test_calls_and_tokens_are_those_of_the_day(engine, clock):
    with engine.call() as call:
        engine.succeeded(345)
        engine.failed(call, "status=503", "It is away.", passes=True)
    assert (engine.stands.calls, engine.stands.failed, engine.stands.tokens) == (2, 1, 345)
    clock.forward(days=1)
    engine.succeeded(5)
    assert (engine.stands.calls, engine.stands.failed, engine.stands.tokens) == (1, 0, 5)
    assert engine.stands.last_failure.sentence == "It is away." and not engine.stands.is_failing


def test_it_fails_until_it_answers_again_and_each_end_of_an_outage_is_a_line(engine, clock, caplog):
    caplog.set_level(logging.INFO)
    for _ in range(2):
        with engine.call() as call:
            engine.failed(call, "no connection", "It is away.", passes=True)
    assert engine.stands.is_failing
    clock.forward(minutes=1)
    engine.succeeded()
    engine.succeeded()
    assert not engine.stands.is_failing
    said = [record.getMessage().split(" engine=")[0] for record in caplog.records]
    assert said == ["engine failed", "engine failed", "engine answers again"]


@pytest.mark.parametrize(("given", "kept"), [
    ({"x-ms-activity-id": "3f2b-77"}, "3f2b-77"), ({"apim-request-id": "a.b:c"}, "a.b:c"), ({"x-request-id": "req_1"}, "req_1"),
    ({"x-request-id": "a b\nengine failed"}, ""), ({"x-request-id": "x" * 200}, ""), ({}, ""),
])  # fmt: skip
def test_the_services_own_id_is_kept_where_it_is_one(engine, given, kept):
    with engine.call() as call:
        heard(429, given)
        engine.failed(call, call.refusal, "It has too much to do.", passes=True)
    assert (engine.stands.last_failure.request_id, engine.stands.last_failure.cause) == (kept, "status=429")


def test_the_tries_of_what_was_refused_are_counted_and_codes_that_are_none_left_out(engine):
    with engine.call() as call:
        for status in (200, 429, 429, 503):
            heard(status, {})
        assert (call.attempts, call.last_status) == (3, 503)
        call.refused_as(400, "content_filter", "Mill & Sons owes 36 EUR")
        assert call.refusal == "status=400/content_filter"


def test_what_is_heard_outside_of_a_call_belongs_to_none(engine):
    heard(500, {"x-request-id": "a"})
    with engine.call() as call:
        assert (call.attempts, call.request_id) == (0, "")


def caused(*errors):
    for outer, inner in pairwise(errors):
        outer.__cause__ = inner
    return errors[0]


CIRCLE = OSError()
CIRCLE.__cause__ = CIRCLE


@pytest.mark.parametrize(("error", "why"), [
    (caused(OSError(), socket.gaierror(socket.EAI_NONAME, "no")), "unknown host"),
    (caused(OSError(), socket.gaierror(socket.EAI_AGAIN, "later")), "no connection"),
    (caused(OSError(), ValueError(), ssl.SSLCertVerificationError(1, "no")), "no trusted https"),
    (ConnectionRefusedError(), "no connection"), (TimeoutError(), "no connection"), (CIRCLE, "no connection"),
])  # fmt: skip
def test_a_name_that_is_none_is_told_from_one_that_cannot_be_looked_up_just_now(error, why):
    assert unreachable(error) == why


def test_two_moments_apart_the_later_counts(engine, clock):
    with engine.call() as call:
        engine.succeeded()
        clock.now += timedelta(seconds=1)
        engine.failed(call, "no connection", "It is away.", passes=False)
    assert engine.stands.is_failing and not engine.stands.last_failure.passes
