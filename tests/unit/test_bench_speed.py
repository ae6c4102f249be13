"""The speed bench measures all that it promises, on right answers, and fits on one screen."""

import os
from pathlib import Path

import numpy as np
import pytest
from bench.accuracy.sound import RATE, write_wav
from bench.accuracy.truth import Query, query_name, write_truth
from bench.speed.machine import machine, on_one_core
from bench.speed.measure import bounded, composed_songs, fastest, measure, spectrogram
from bench.speed.slowest import slowest
from bench.speed.table import table_of

from sonica import _engine


def test_every_figure_is_there_and_the_answers_are_right() -> None:
    music = composed_songs(3)
    result = measure(music, queries=3, seconds=20)
    assert len(result["throughput"]) == 3
    for figures in result["throughput"].values():
        assert figures["times_real_time"] > 0
        assert figures["ratio"] == pytest.approx(figures["times_real_time"] / figures["baseline"])
    assert {kind: (f["n"], f["right"]) for kind, f in result["queries"].items()} == {
        "known": (3, 3),
        "known, every hypothesis": (3, 3),
        "unknown": (3, 3),
    }
    assert all(0 < f["p50_ms"] <= f["p99_ms"] and f["cpu_ms"] > 0 for f in result["queries"].values())
    sizes = dict(result["bytes"])
    archive, whole = sizes.pop("archive"), sizes.pop("pack")
    assert sum(sizes.values()) == pytest.approx(whole)
    assert archive == pytest.approx(
        sum(len(_engine.fingerprint(s, r)) for s, r in music) / sum(s.size / r for s, r in music)
    )
    table = table_of({**machine(), "music": "3 songs, composed"}, result)
    assert len(table.rows) < 24
    assert "3 of 3 right" in table.markdown()


def test_the_throughput_hears_every_song_for_ten_minutes_in_all() -> None:
    music = [(np.zeros(size, np.float32), rate) for size, rate in ((300, 10), (20, 10), (1000, 20))]
    assert [(s.size, r) for s, r in bounded(music, 1000)] == [(20, 10), (300, 10), (1000, 20)]
    assert [(s.size, r) for s, r in bounded(music, 42)] == [(20, 10), (200, 10), (400, 20)]


def test_the_baseline_sees_the_loudness_of_the_sound() -> None:
    noise = np.random.default_rng(0).standard_normal(44_100).astype(np.float32)
    for rate in (44_100, _engine.ENGINE_RATE):
        assert spectrogram(2 * noise, rate) == pytest.approx(2 * spectrogram(noise, rate), rel=1e-4)


def test_fastest_counts_no_warm_up_and_stops() -> None:
    runs = []
    assert fastest(lambda: runs.append(1), least_runs=4, least_s=0, most_s=1) >= 0
    assert len(runs) == 5


def test_one_core_and_back() -> None:
    before = os.sched_getaffinity(0)
    with on_one_core():
        assert len(os.sched_getaffinity(0)) == 1
    assert os.sched_getaffinity(0) == before


def test_the_slowest_query_of_a_set_is_named(tmp_path: Path) -> None:
    music = composed_songs(2)
    rows = []
    for number, (samples, rate) in enumerate(music):
        write_wav(tmp_path / "songs" / f"s{number}.wav", samples.astype(np.float64), rate)
        for excerpt in range(3):
            name = query_name(f"s{number}", excerpt, 3, "clean", known=True)
            write_wav(tmp_path / "set" / name, 0.1 * np.random.default_rng(excerpt).standard_normal(RATE))
            rows.append(Query(name, f"s{number}", 0, 3, "clean"))
    write_truth(tmp_path / "set", rows)
    found = slowest(tmp_path / "set", tmp_path / "songs", most=4)
    assert (found["n"], found["songs"]) == (4, 2)
    assert 0 < found["p50_ms"] <= found["p99_ms"] <= found["max_ms"]
    asked = [rows[i].name for i in (0, 1, 3, 4)]  # spread evenly
    assert found["slowest"] in asked
    result = measure(music[:1], queries=1, seconds=1)
    shown = table_of({**machine(), "music": "none"}, {**result, "query_set": found})
    (row,) = [r for r in shown.rows if r and r[0].startswith("4 queries of the set, 2 songs")]
    assert row[1].endswith(f"longest {found['max_ms']:.1f} ms")
    assert row[2] == found["slowest"]
