"""Who is read next where several wait: owners by turns, small things first, nobody passed over for ever."""

import asyncio

import pytest

from kraftd_core.adapters.readers.local.places import SMALL_BYTES, Places

LARGE = SMALL_BYTES + 1


def order_of(asked, places=1):
    """The names of what was read, in the order in which it began; the first holds its place until all have asked."""

    async def go():
        begun, everything_asked = [], asyncio.Event()
        held = Places(places)

        async def read(name, owner, size):
            async with held.taken(owner, size):
                begun.append(name)
                await everything_asked.wait()

        tasks = []
        for each in asked:
            tasks.append(asyncio.ensure_future(read(*each)))
            await asyncio.sleep(0)
        everything_asked.set()
        await asyncio.gather(*tasks)
        return begun

    return asyncio.run(go())


def test_a_small_thing_does_not_wait_behind_large_ones():
    twelve = [(f"nested {n}", "ann", LARGE) for n in range(12)]

    assert order_of([*twelve, ("two lines", "ben", 40)]).index("two lines") == 1


def test_owners_are_read_by_turns():
    asked = [("a1", "ann", LARGE), ("a2", "ann", LARGE), ("a3", "ann", LARGE), ("b1", "ben", 9 * LARGE)]

    assert order_of(asked, places=2)[2:] == ["b1", "a3"]


def test_of_one_owner_the_smaller_is_first_and_equals_in_their_order():
    asked = [("first", "ann", LARGE), ("big", "ann", 3 * LARGE), ("one", "ann", 2 * LARGE), ("two", "ann", 2 * LARGE)]

    assert order_of(asked) == ["first", "one", "two", "big"]


def test_nobody_is_passed_over_for_ever():
    many = [(f"b{n}", "ben", LARGE) for n in range(30)]

    begun = order_of([("first", "ann", LARGE), ("huge", "ann", 99 * LARGE), *many])

    assert begun.index("huge") <= 13


@pytest.mark.parametrize("size", [40, LARGE])
def test_who_gives_up_waiting_takes_no_place(size):
    async def go():
        places = Places(1)

        async def hold():
            async with places.taken("ann", size):
                await asyncio.sleep(0)

        waiting = [asyncio.ensure_future(hold()) for _ in range(4)]
        await asyncio.sleep(0)
        for task in waiting[1:3]:
            task.cancel()
        await asyncio.gather(*waiting, return_exceptions=True)
        await asyncio.wait_for(hold(), 5)
        return places._free, places._free_for_small, places._waiting

    assert asyncio.run(go()) == (1, 1, [])
