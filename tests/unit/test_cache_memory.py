"""What a process keeps in memory: how many bytes at most, and for how long."""

import gc
import os
import tracemalloc

import pytest
from hypothesis import given
from hypothesis import strategies as st

from sonica.platform.near import OVERHEAD, Near


@given(
    most=st.integers(0, 20_000),
    puts=st.lists(st.tuples(st.text(max_size=30), st.binary(max_size=6_000)), max_size=60),
)
def test_no_more_bytes_are_kept_than_there_may_be(most: int, puts: list[tuple[str, bytes]]) -> None:
    near, put = Near(most), dict[str, bytes]()
    for key, value in puts:
        near.put(key, value)
        put[key] = value
        if len(key.encode()) + len(value) + OVERHEAD <= most:
            assert near.get(key) == value
        kept = {name: found for name in put if (found := near.get(name)) is not None}
        assert all(put[name] == found for name, found in kept.items())
        assert sum(len(name.encode()) + len(found) for name, found in kept.items()) <= near.bytes <= most


@pytest.mark.parametrize("size", [0, 100, 1_000, 100_000])
def test_what_is_counted_is_no_less_than_what_is_taken(size: int) -> None:
    most = 4 << 20
    near = Near(most)
    gc.collect()
    tracemalloc.start()
    try:
        for number in range(2 * most // (size + 500)):
            near.put(f"sonica:{number:064}:song:{number}", os.urandom(size))
        taken, _ = tracemalloc.get_traced_memory()
    finally:
        tracemalloc.stop()
    assert most / 10 < taken <= most
    assert most * 0.9 < near.bytes <= most


def test_what_was_put_last_is_found_and_what_is_used_stays() -> None:
    near = Near(10 * 2_000)
    for number in range(100):
        near.put(str(number), b"x" * 900)
        near.get("0")
    assert near.get("0")
    assert near.get("99")
    assert near.get("50") is None
    near.put("0", b"another")
    assert near.get("0") == b"another"
    near.put("0", b"x" * 20_000)  # more than there may be
    assert near.get("0") is None


def test_it_is_kept_for_a_while() -> None:
    now = [0.0]
    near = Near(1 << 20, 300.0, lambda: now[0])
    near.put("a", b"1")
    now[0] = 299.9
    assert near.get("a") == b"1"
    now[0] = 300.1
    assert near.get("a") is None
