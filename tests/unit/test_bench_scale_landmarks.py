"""Keys and probes in NumPy are the engine's, and what is counted of them is what it is called."""

from itertools import product
from math import log2

import numpy as np
import pytest
from bench.accuracy.progress import silent
from bench.distractors import OCTAVE
from bench.scale.honest import compare, h2, longest_share, run_lengths, table_of
from bench.scale.landmarks import KEYS, keys_of, probes_of
from tests import specification
from tests.unit.test_pack_specification import landmarks_of

from sonica import _engine
from sonica.audio.compose import compose_song

SPEED_STEP = 0.026
"""Octaves between the engine's first three hypotheses."""


@pytest.fixture(scope="module")
def prints() -> list[bytes]:
    return [_engine.fingerprint(song.samples, song.rate) for song in map(compose_song, range(4))]


def test_keys_are_those_of_the_reader_that_knows_only_the_page(prints: list[bytes]) -> None:
    for print_ in prints:
        _, peaks = specification.decode(print_)
        expected = {key: len(hops) for key, hops in landmarks_of(peaks, 0).items()}
        keys, counts = np.unique(keys_of(print_), return_counts=True)
        assert dict(zip(keys.tolist(), counts.tolist(), strict=True)) == expected
    assert keys_of(_engine.fingerprint(np.zeros(8_000, np.float32), 8_000)).size == 0


def test_runs_hold_as_many_postings_as_the_engine_reads(prints: list[bytes]) -> None:
    builder = _engine.PackBuilder()
    for number, print_ in enumerate(prints[:2]):
        builder.add(number, number, _engine.read_fingerprint(print_).excerpt(0, 30))
    pack = _engine.Pack.from_bytes(builder.build())
    songs = [pack.fingerprint(number) or b"" for number in range(2)]
    counts = np.bincount(np.concatenate([keys_of(song) for song in songs]), minlength=KEYS)
    before = np.concatenate(([0], np.cumsum(counts)))
    query = _engine.read_fingerprint(prints[3]).excerpt(10, 3)  # so short that all its pairs are looked for
    # A pack so small that no run is left out; and nothing is believed, so that no copy is looked for.
    answer = _engine.recognize([pack], query, exhaustive=True, nominal=True, match_at=1.0)
    expected = 0
    for octaves in (0.0, -SPEED_STEP, SPEED_STEP):
        speed, shift = np.float32(2**octaves), np.float32(-octaves * OCTAVE)
        begin, end = probes_of(query, speed=float(speed), shift=float(shift))
        expected += int((before[end] - before[begin]).sum())
    assert answer.hypotheses == 3
    assert 0 < answer.postings < 60_000
    assert answer.postings == pytest.approx(expected, rel=1e-3)  # single precision at the borders of cells
    assert run_lengths(counts, [query]).sum() > 0


def test_h2_is_the_probability_over_all_pairs() -> None:
    keys = [np.array([1, 1, 2, 7]), np.array([1, 2, 2]), np.array([9])]
    pairs = [(a, b) for i, j in product(range(3), repeat=2) if i != j for a in keys[i] for b in keys[j]]
    assert h2(keys) == pytest.approx(-log2(sum(a == b for a, b in pairs) / len(pairs)))
    assert h2([np.array([1]), np.array([2])]) == float("inf")


def test_the_longest_lists_are_a_hundredth_of_those_that_hold_anything() -> None:
    counts = np.zeros(10_000, np.int64)
    counts[:200] = 1
    counts[:2] = 101
    assert longest_share(counts) == pytest.approx(202 / 400)


def test_songs_and_distractors_are_compared_in_equal_numbers(prints: list[bytes]) -> None:
    queries = [_engine.read_fingerprint(prints[3]).excerpt(start, 6) for start in (5, 15)]
    ours, made = compare(prints[:3], queries, 0, silent)
    assert ours.songs == made.songs == 3
    assert ours.music_s == pytest.approx(made.music_s, abs=0.02)
    assert 0 < ours.h2_bits < log2(KEYS)
    rows = [row for row in table_of(ours, made, 2).rows if row]
    assert [len(row) for row in rows] == [4] * 9
