"""How often somebody may ask, by a clock that the test moves."""

import asyncio
import random
from types import SimpleNamespace
from typing import Any

import pytest

from sonica.gateway.callers import address_of
from sonica.gateway.limiter import LISTENING_S, LOOKS, LocalLimiter, Quota, Standing
from sonica.gateway.users import RECENT_S, Users


class Clocked:
    """A limiter of 5 requests in 900 seconds, and its clock."""

    def __init__(self, most: int = 5, remembered: int = 100) -> None:
        self.now = 1_000.0
        self.limiter = LocalLimiter(Quota("test", most, 900), lambda: self.now, remembered)

    def take(self, who: str = "a", listening: str | None = None, at: float | None = None) -> Standing:
        """`at`: seconds after the begin."""
        if at is not None:
            self.now = 1_000.0 + at
        return asyncio.run(self.limiter.take(who, listening))


def test_a_window_begins_with_the_first_request() -> None:
    clocked = Clocked()
    assert [clocked.take(at=10.0 * second).remaining for second in range(5)] == [4, 3, 2, 1, 0]
    assert clocked.take(at=100) == (False, 0, 800)
    assert clocked.take("b").is_allowed
    assert clocked.take(at=899.9).is_allowed is False
    assert clocked.take(at=900) == (True, 4, 900)


def test_looks_at_one_listening_count_once_and_then_once_a_minute() -> None:
    clocked = Clocked(100)
    used = [
        100 - clocked.take(listening="x", at=at).remaining for at in (0, 1.5, 9, 15, 15.1, 75, 75.1, 80, 400)
    ]
    assert used == [1, 1, 1, 1, 2, 2, 3, 3, 4]  # minutes in which nobody looks are free
    assert clocked.take(listening="y").remaining == 95
    assert clocked.take("b", "x").remaining == 99  # another address with the same id is another listening
    assert clocked.take().remaining == 94


def test_a_listening_that_was_counted_goes_on_where_nothing_is_left() -> None:
    clocked = Clocked(1)
    assert clocked.take(listening="x", at=0).is_allowed
    assert clocked.take(at=1).is_allowed is False
    assert clocked.take(listening="y").is_allowed is False
    assert clocked.take(listening="x", at=15) == (True, 0, 885)
    assert clocked.take(listening="x", at=16).is_allowed is False
    assert clocked.take(listening="x", at=901).is_allowed


def test_who_looks_too_often_pays_for_each_look() -> None:
    clocked = Clocked(100)
    remaining = [clocked.take(listening="x").remaining for _ in range(LOOKS + 3)]
    assert remaining == [99] * LOOKS + [98, 97, 96]


def test_what_is_remembered_is_bounded() -> None:
    clocked = Clocked(remembered=50)
    for number in range(500):
        clocked.take(str(number), str(number), at=number / 100)
    assert len(clocked.limiter) == 50
    assert len(clocked.limiter._listenings) == 50
    assert clocked.take("499", "499").remaining == 4
    clocked.take("new", at=LISTENING_S + 900)
    assert len(clocked.limiter) == 1
    assert not clocked.limiter._listenings


def test_it_agrees_with_the_slow_way() -> None:
    rng = random.Random(7)
    clocked, asked, now = Clocked(), dict[str, list[float]](), 0.0
    for _ in range(2_000):
        now += rng.expovariate(1 / 40)
        who = rng.choice("abc")
        window = asked.get(who, [])
        if window and now >= window[0] + 900:
            window = []
        standing = clocked.take(who, at=now)
        assert standing.is_allowed == (len(window) < 5)
        asked[who] = [*window, now] if standing.is_allowed else window


@pytest.mark.parametrize(
    ("said", "who"),
    [
        ("192.0.2.7", "192.0.2.7"),
        ("::ffff:192.0.2.7", "192.0.2.7"),
        ("2001:db8:1:2:3:4:5:6", "2001:db8:1:2::/64"),
        ("fe80::1%eth0", "fe80::/64"),
        ("unknown" * 100, ("unknown" * 100)[:64]),
        (None, ""),
    ],
)
def test_who_asks(said: str | None, who: str) -> None:
    request: Any = SimpleNamespace(client=SimpleNamespace(host=said) if said else None)
    assert address_of(request) == who


def test_who_is_there_at_the_moment() -> None:
    now = 50.0
    users = Users(lambda: now, most=3)
    users.see("a")
    users.see("a", "x")
    now += RECENT_S / 2
    users.see("a")
    assert len(users) == 2
    now += RECENT_S / 2 + 1
    assert len(users) == 1  # the listening is over, who asked again is there
    for who in "bcde":
        users.see(who)
    assert len(users) == 3
    now += 2 * RECENT_S
    assert len(users) == 0
