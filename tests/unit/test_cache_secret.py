"""The secret that is another one every hour, agreed upon by all who share a cache."""

from collections.abc import Iterator

import pytest
from tests.shelves import Shelf, far, open_shelf, run, until

from sonica.platform.rotating import PERIOD_S, Rotating


@pytest.fixture
def shelf() -> Iterator[Shelf]:
    with open_shelf() as opened:
        yield opened


def test_a_secret_is_another_one_every_hour_and_the_same_for_all(shelf: Shelf) -> None:
    async def work() -> None:
        now = [5_000.0 * PERIOD_S]
        two = [Rotating(far(shelf), lambda: now[0]) for _ in range(2)]
        alone = Rotating(None, lambda: now[0])
        first = await two[0].now()
        assert first == await two[1].now() == await two[0].now()
        assert await alone.now() != first
        assert await alone.now() == await alone.now()
        now[0] += PERIOD_S - 1
        assert await two[1].now() == first
        now[0] += 1
        second = await two[1].now()
        assert second == await two[0].now() != first
        shelf.empty()
        assert await two[0].now() == second
        assert await Rotating(far(shelf), lambda: now[0]).now() != second
        assert {len(first), len(second)} == {32}
        assert 0 < int(shelf.ask("TTL", "sonica:secret:5001")[1:]) <= 2 * PERIOD_S

    run(work)


def test_without_the_shared_cache_each_has_its_own_until_it_is_back() -> None:
    async def work(shelf: Shelf) -> None:
        now = [5_000.0 * PERIOD_S]
        shelf.kill()
        fars = [far(shelf) for _ in range(2)]
        two = [Rotating(one, lambda: now[0]) for one in fars]
        assert await two[0].now() != await two[1].now()
        shelf.start()
        await until(lambda: all(one.is_up for one in fars))
        assert await two[0].now() == await two[1].now()

    with open_shelf() as shelf:
        run(lambda: work(shelf))
