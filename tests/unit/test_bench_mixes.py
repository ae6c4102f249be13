"""Mixes are what their truth says, and what a scan tells of them is judged rightly."""

from functools import partial
from pathlib import Path

import numpy as np
import pytest
from bench.accuracy.sound import RATE, Samples, rms
from bench.accuracy.truth import Relatives
from bench.mixes.__main__ import lines_of
from bench.mixes.measure import Invented, Kept, invented, measure
from bench.mixes.mix import LEAST_S, Recipe, Truth, make
from bench.mixes.score import Judged, Told, judge
from bench.mixes.songs import Material, Song, composed
from bench.mixes.sounds import LOUD, jingle, percussion, talk
from bench.mixes.table import tables_of

RECIPE = Recipe(songs=4, length_s=(24.0, 30.0), pitch_kept=0.0, turntable=0.7, fade_s=(4.0, 8.0))


@pytest.fixture(scope="module")
def material() -> Material:
    return composed(5, 3, lambda *_: None)


def test_a_mix_is_the_same_again_and_another_for_another_seed(material: Material) -> None:
    def mixed(seed: int) -> tuple[np.ndarray, list[Truth]]:
        rng = np.random.default_rng(seed)
        return make(material.known, material.unknown, material.noises, RECIPE, rng)

    (one, truths), (again, same), (other, _) = mixed(1), mixed(1), mixed(2)
    assert np.array_equal(one, again)
    assert truths == same
    assert one.size != other.size or not np.array_equal(one, other)
    assert np.abs(one).max() <= 1
    assert len({truth.song for truth in truths}) == len(truths) == RECIPE.songs


def test_a_song_is_heard_from_a_fifth_of_a_fade_on(material: Material) -> None:
    """Noises of equal loudness, so that the power at each moment is known."""
    recipe = Recipe(
        songs=3, length_s=(30, 30), strangers=0, turntable=0, pitch_kept=0, drummed=0, talked_over=0,
        fades=1, fade_s=(10, 10),
    )  # fmt: skip
    rng = np.random.default_rng(5)
    noises = [Song(f"noise-{i}", partial(_noise, i)) for i in range(3)]
    _, truths = make(noises, [], material.noises, recipe, rng)
    first, second, third = truths
    assert second.start_s == pytest.approx(20 + 1.95, abs=0.4)  # tan(π/2 · share) is the root of a tenth
    assert first.end_s == pytest.approx(30 - 1.95, abs=0.4)
    assert third.start_s == pytest.approx(40 + 1.95, abs=0.4)
    assert second.alone_s == pytest.approx(second.end_s - second.start_s - 12.2, abs=1)


def _noise(seed: int) -> Samples:
    return np.random.default_rng(seed).normal(0, 0.1, 30 * RATE)


def test_sounds_of_our_own_are_as_loud_as_songs() -> None:
    for made in (percussion, talk, lambda rng, count: jingle(rng, count / RATE)):
        sound = made(np.random.default_rng(1), 4 * RATE)
        assert sound.size == 4 * RATE
        assert rms(sound) == pytest.approx(LOUD, rel=1e-3)


def test_all_of_it_with_composed_songs(material: Material, tmp_path: Path) -> None:
    kept = Kept(tmp_path, "composed", RECIPE, 3)
    judged = measure(material, kept, 2)
    strangers = invented(material, kept, 0.03)
    found, wanted = judged.recall()
    assert wanted >= 4
    assert (found, judged.wrong, strangers.told) == (wanted, [], [])
    assert judged.precision == 1
    cuts = [s.start_error for s in judged.found if s.truth.joints[0] != "fade"]
    assert np.abs(cuts).max() < 2
    again = measure(material, Kept(tmp_path, "composed", RECIPE, 3), 2)
    assert again.songs == judged.songs  # as it was kept
    text = "\n".join(table.markdown() for table in tables_of(judged, strangers, "about"))
    assert "| songs invented there | 0 |" in text
    assert len(lines_of(judged, strangers)) == len(judged.songs)


def test_what_is_told_is_judged() -> None:
    def told(song: str, start: float, end: float, speed: float = 1.0) -> Told:
        return Told(song, start, end, speed, 1.0)

    truths = [
        Truth("a", known=True, speed=1.1, start_s=0, end_s=60, alone_s=50, joints=("cut", "fade")),
        Truth("b", known=True, speed=1.0, start_s=50, end_s=100, alone_s=LEAST_S - 1, joints=("fade", "cut")),
        Truth("c", known=False, speed=1.0, start_s=100, end_s=150, alone_s=50),
        Truth("d", known=True, speed=1.0, start_s=150, end_s=200, alone_s=50),
    ]
    said = [
        told("a", 0.5, 20, 1.1011),
        told("a", 30, 61),
        told("b", 105, 140),  # where it does not play
        told("e", 155, 190),  # a relative of d
        told("f", 110, 120),
    ]
    judged = Judged()
    judge(judged, 7, truths=truths, told=said, kin=Relatives([("d", "e")]), seconds=200)
    assert judged.recall() == (1, 2)
    assert [(mix, one.song) for mix, one in judged.wrong] == [(7, "b"), (7, "f")]
    assert (judged.right, judged.related, judged.parts) == (2, 1, 1)
    assert judged.precision == 0.5
    a = judged.songs[0]
    assert (a.start_error, a.end_error) == (0.5, 1)
    assert a.speed_error == pytest.approx(1 - 1 / 1.1, rel=1e-6)
    assert (
        "| told of a relative of what plays, left out | 1 |"
        in tables_of(judged, Invented(), "")[2].markdown()
    )
