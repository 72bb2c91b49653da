"""An address has one form, and what could be taken for another's has none."""

import pytest
from hypothesis import given
from hypothesis import strategies as st

from kraftd_core.errors import AddressRefused
from kraftd_core.people.actor import Actor, canonical_email


@pytest.mark.parametrize("written", ["ann@example.com", "Ann@Example.com", " ANN@EXAMPLE.COM\n"])
def test_an_address_in_any_capitals_is_one_actor(written):
    assert Actor.of(written) == Actor("ann@example.com")


@pytest.mark.parametrize("refused", [
    "", " ", "ann", "@", "ann@", "@example.com", "a@b@c", "an n@example.com", "ann@exa mple.com", "ann\x00@example.com",
    "\u212aate@example.com", "ａnn@example.com", "ann@exämple.com", "ann\u200b@example.com", "a" * 250 + "@b.com", None, 5,
])
def test_what_is_no_plain_address_is_refused(refused):
    with pytest.raises(AddressRefused, match=r"ann@example\.com"):
        Actor.of(refused)


@given(st.text(max_size=30))
def test_a_canonical_address_is_its_own_canonical_form(text):
    try:
        once = canonical_email(text)
    except AddressRefused:
        return
    assert once == canonical_email(once) == canonical_email(once.upper())
    assert once.isascii()
