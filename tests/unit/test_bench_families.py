"""Songs that share material share it where they say, and the engine names together what is shared."""

from collections import Counter
from collections.abc import Iterable

import numpy as np
import pytest
from bench.families.catalogue import Size, compose
from bench.families.edits import voice_tag
from bench.families.measure import Asked, Outcome, Part, judge, measure
from bench.families.model import Recording
from bench.families.queries import CONDITIONS, LENGTHS, clips
from bench.families.table import table_of
from scipy.signal import fftconvolve

from sonica import _engine
from sonica.audio.compose import RATE

SEED = 5
SMALL = Size(two_tunes=2, karaoke=1, dj_edits=2, live=1, loop_songs=3, loop_absent=1, others=4)


@pytest.fixture(scope="module")
def composed() -> list[Recording]:
    return compose(SEED, SMALL)


@pytest.fixture(scope="module")
def recordings(composed: list[Recording]) -> dict[str, Recording]:
    return {r.name: r for r in composed}


@pytest.fixture(scope="module")
def asked(composed: list[Recording]) -> list[Asked]:
    return measure(composed, SEED, masked=False)


def test_families_have_the_recordings_that_were_wanted(recordings: dict[str, Recording]) -> None:
    kinds = Counter(r.kind for r in recordings.values())
    assert kinds == {"two tunes": 4, "karaoke": 2, "DJ edit": 4, "live version": 2, "dhol loop": 4, "": 4}
    assert [r.name for r in recordings.values() if r.absent] == ["loop-3"]
    for recording in recordings.values():
        assert recording.samples.dtype == np.float32
        assert 0.3 < np.abs(recording.samples).max() <= 1
        assert recording.relatives <= recordings.keys() - {recording.name}
        for section in recording.sections:
            assert 0 <= section.start_s < section.end_s <= recording.seconds
            assert section.shared_with <= recording.relatives


def test_what_is_said_to_be_shared_sounds_the_same_and_the_rest_does_not(
    recordings: dict[str, Recording],
) -> None:
    for recording in recordings.values():
        for section in recording.sections:
            middle = (section.start_s + section.end_s) / 2
            for other in recording.relatives:
                alike = likeness(recording, middle, recordings[other])
                if other in section.shared_with:
                    assert alike > 0.97, (recording.name, middle, other)
                else:
                    assert alike < 0.9, (recording.name, middle, other)


def likeness(a: Recording, middle_s: float, b: Recording, seconds: float = 2.0) -> float:
    """The highest correlation of this piece of `a` with any of `b`, 1 for the same wave at any loudness."""
    rate = _engine.ENGINE_RATE
    start = int((middle_s - seconds / 2) * rate)
    piece = _engine.resample(a.samples, RATE)[start : start + int(seconds * rate)].astype(np.float64)
    other = _engine.resample(b.samples, RATE).astype(np.float64)
    together = fftconvolve(other, piece[::-1], mode="valid")
    energy = np.cumsum(np.pad(other**2, (1, 0)))
    energy = energy[len(piece) :] - energy[: -len(piece)]
    return float(np.max(together / np.sqrt(np.sum(piece**2) * np.maximum(energy, 1e-3))))


def test_clips_lie_within_their_sections(recordings: dict[str, Recording]) -> None:
    cut = list(clips(recordings.values(), SEED, each=1))
    for clip in cut:
        faster = 1.1 if clip.condition == CONDITIONS[2] else 1.0
        assert clip.section.start_s <= clip.start_s
        assert clip.start_s + clip.seconds * faster <= clip.section.end_s + 1e-6
        assert len(clip.samples) / RATE == pytest.approx(clip.seconds, abs=0.01)
    # Every section of tunes and loops can hold the longest query played faster.
    ten = {
        (c.recording.name, c.section.start_s) for c in cut if c.seconds == 10 and c.condition == CONDITIONS[2]
    }
    sections = {
        (r.name, s.start_s)
        for r in recordings.values()
        if r.kind in {"two tunes", "karaoke", "dhol loop"}
        for s in r.sections
    }
    assert sections <= ten
    assert {(c.seconds, c.condition) for c in cut} == {(n, c) for n in LENGTHS for c in CONDITIONS}


def test_another_seed_shares_nothing(recordings: dict[str, Recording]) -> None:
    small = Size(two_tunes=1, karaoke=0, dj_edits=0, live=0, loop_songs=2, loop_absent=0, others=0)
    for other in compose(SEED + 1, small):
        for section in other.sections:
            middle = (section.start_s + section.end_s) / 2
            assert likeness(other, middle, recordings[other.name]) < 0.9


def test_the_voice_speaks_and_is_as_loud_as_any_other() -> None:
    voice = voice_tag(4 * RATE, np.random.default_rng(0))
    assert np.sqrt(np.mean(voice**2)) == pytest.approx(1, abs=1e-3)
    spectrum = np.abs(np.fft.rfft(voice)) ** 2
    hertz = np.fft.rfftfreq(len(voice), 1 / RATE)
    assert spectrum[(hertz > 200) & (hertz < 3200)].sum() > 0.7 * spectrum.sum()


# --- the engine's answers -------------------------------------------------------------------------


def of(asked: Iterable[Asked], part: Part) -> list[Asked]:
    return [one for one in asked if one.part is part]


def test_what_is_shared_is_never_named_as_one_song(asked: list[Asked]) -> None:
    shared = of(asked, Part.SHARED)
    assert len(shared) > 60
    assert not [a for a in shared if len(a.named) == 1]
    # A loop alone is not enough to go by in noise.
    enough = [a for a in shared if a.kind != "dhol loop" or a.condition != CONDITIONS[1]]
    assert sum(a.outcome is Outcome.TOGETHER for a in enough) >= 0.98 * len(enough)


def test_what_is_a_recordings_own_is_named_alone(asked: list[Asked]) -> None:
    own = of(asked, Part.OWN)
    assert len(own) > 100
    assert sum(a.outcome is Outcome.RIGHT for a in own) >= 0.98 * len(own)


def test_an_unknown_melody_on_a_known_loop_is_nobodys(asked: list[Asked]) -> None:
    strangers = [a for a in asked if a.recording == "loop-3" and a.part is Part.MASKED]
    assert len(strangers) == 18
    assert {a.outcome for a in strangers} == {Outcome.NONE}


def test_the_table_counts_every_query(asked: list[Asked]) -> None:
    table = table_of(asked, "Small")
    kinds = {(row[0], row[1]): int(row[2]) for row in table.rows if row and not row[0].startswith("all")}
    assert sum(kinds.values()) == len(asked)
    assert kinds["two tunes", "shared"] == 4 * 9
    assert "| dhol loop | shared |" in table.markdown()


@pytest.mark.parametrize(
    ("named", "right", "part", "outcome"),
    [
        ((), "a", Part.OWN, Outcome.NONE),
        (("a",), "a", Part.OWN, Outcome.RIGHT),
        (("b", "a"), "a", Part.SHARED, Outcome.TOGETHER),
        (("b",), "a", Part.OWN, Outcome.WRONG),
        (("b", "c"), "a", Part.SHARED, Outcome.WRONG_TOGETHER),
        (("b",), "", Part.MASKED, Outcome.RELATIVE),
        (("b", "z"), "", Part.MASKED, Outcome.WRONG_TOGETHER),
        (("z",), "", Part.MASKED, Outcome.WRONG),
    ],
)
def test_what_an_answer_is_worth(named: tuple[str, ...], right: str, part: Part, outcome: Outcome) -> None:
    assert judge(named, frozenset(right), frozenset("bc"), part) is outcome
