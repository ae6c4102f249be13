"""A mix and the truth of it: which song can be heard from when to when, and how fast it plays.

A song can be heard where its power, over a second, is at least a tenth of that of everything else that plays
(other songs, drums, talk), and it is not silent itself. Where one song fades into another of equal loudness
over D seconds, by cosine and sine, that is from a fifth of D after the fade begins; ends alike.
"""

from collections.abc import Sequence
from dataclasses import dataclass, field

import numpy as np

from bench.accuracy.degrade import speed
from bench.accuracy.degrade.noise import NoiseBank
from bench.accuracy.sound import RATE, Samples, rms
from bench.mixes.songs import Song
from bench.mixes.sounds import LOUD, jingle, percussion, talk

AUDIBLE = 0.1
"""Least share of a song's power in that of the rest."""
SILENT = 0.01 * LOUD
"""RMS below which a song is silent."""
OVER_S, HOP_S = 1.0, 0.05
"""Power is measured over so many seconds, so often."""
EDGE_S = 0.02
"""Of a cut: nothing clicks."""
LEAST_S = 15.0
"""A song that plays alone for so long must be found."""


@dataclass(frozen=True)
class Recipe:
    """What becomes of songs. Shares are of songs, or of the joints between them; the rest are cuts."""

    songs: int = 8
    length_s: tuple[float, float] = (35.0, 85.0)
    strangers: float = 0.2
    turntable: float = 0.6
    """Played 0.9 to 1.1 times as fast."""
    pitch_kept: float = 0.2
    """The same, at their own pitch: 0.92 to 1.08 times."""
    drummed: float = 0.35
    talked_over: float = 0.25
    fades: float = 0.6
    fade_s: tuple[float, float] = (4.0, 16.0)
    talks: float = 0.1
    jingles: float = 0.1
    pauses: float = 0.1


@dataclass
class Truth:
    """A song in a mix. `joints`: how it begins and ends. `over`: what is laid over it."""

    song: str
    known: bool
    speed: float
    start_s: float = 0.0
    end_s: float = 0.0
    alone_s: float = 0.0
    """Seconds for which it can be heard and no other song can."""
    joints: tuple[str, str] = ("", "")
    over: tuple[str, ...] = ()
    kept_pitch: bool = False


@dataclass
class Track:
    """What is laid down, from sample `at` on."""

    at: int
    sound: Samples = field(repr=False)
    truth: Truth | None = None


def make(
    known: Sequence[Song],
    unknown: Sequence[Song],
    noises: NoiseBank,
    recipe: Recipe,
    rng: np.random.Generator,
) -> tuple[Samples, list[Truth]]:
    """A mix at RATE in which no song comes twice, and its songs in the order of their beginnings.

    Raises ToolError where a program that changes the tempo is missing.
    """
    tracks: list[Track] = []
    at, joint, fade = 0, "cut", round(EDGE_S * RATE)
    for song, is_known in _chosen(known, unknown, recipe, rng):
        sound, truth = _played(song, recipe, rng, is_known=is_known)
        following, next_fade = _joint(recipe, rng)
        next_fade = min(next_fade, sound.size // 2 - 1)
        truth.joints = (joint, following)
        _shape(sound, fade, next_fade)
        tracks.append(Track(at, sound, truth))
        tracks += _laid_over(truth, at, sound.size, recipe, rng)
        at += sound.size - (next_fade if following == "fade" else 0)
        if following not in ("fade", "cut"):
            between = _between(following, noises, rng)
            tracks.append(Track(at, between))
            at += between.size
        joint, fade = following, next_fade
    mix = np.zeros(max(t.at + t.sound.size for t in tracks))
    for track in tracks:
        mix[track.at : track.at + track.sound.size] += track.sound
    truths = _heard(mix, tracks)
    return mix * (0.99 / max(0.99, float(np.abs(mix).max()))), truths


def _chosen(
    known: Sequence[Song], unknown: Sequence[Song], recipe: Recipe, rng: np.random.Generator
) -> list[tuple[Song, bool]]:
    pools = {True: list(rng.permutation(len(known))), False: list(rng.permutation(len(unknown)))}
    found: list[tuple[Song, bool]] = []
    while len(found) < recipe.songs and (pools[True] or pools[False]):
        is_known = bool(pools[True]) and (not pools[False] or float(rng.random()) >= recipe.strangers)
        number = int(pools[is_known].pop())
        found.append(((known if is_known else unknown)[number], is_known))
    return found


def _played(song: Song, recipe: Recipe, rng: np.random.Generator, *, is_known: bool) -> tuple[Samples, Truth]:
    """A part of it, changed, as loud as every other."""
    whole = song.samples()
    count = min(whole.size, round(float(rng.uniform(*recipe.length_s)) * RATE))
    start = int(rng.integers(0, whole.size - count + 1))
    part = whole[start : start + count]
    kind, factor = float(rng.random()), 1.0
    kept = recipe.turntable <= kind < recipe.turntable + recipe.pitch_kept
    if kind < recipe.turntable:
        factor = round(float(rng.uniform(0.9, 1.1)), 3)
        part = speed.at_speed(part, factor)
    elif kept:
        factor = round(float(rng.uniform(0.92, 1.08)), 3)
        part = speed.at_tempo(part, factor)
    return part * (LOUD / rms(part)), Truth(song.name, is_known, factor, kept_pitch=kept)


def _joint(recipe: Recipe, rng: np.random.Generator) -> tuple[str, int]:
    """How the next song follows, and samples of the fade."""
    dice = float(rng.random())
    for name, share in (
        ("fade", recipe.fades),
        ("talk", recipe.talks),
        ("jingle", recipe.jingles),
        ("pause", recipe.pauses),
    ):
        if dice < share:
            return name, round(float(rng.uniform(*recipe.fade_s) if name == "fade" else EDGE_S) * RATE)
        dice -= share
    return "cut", round(EDGE_S * RATE)


def _shape(sound: Samples, rise: int, fall: int) -> None:
    """Fades of equal power, in place."""
    rise, fall = min(rise, sound.size // 2), min(fall, sound.size // 2)
    sound[:rise] *= np.sin(np.linspace(0, np.pi / 2, rise))
    sound[sound.size - fall :] *= np.cos(np.linspace(0, np.pi / 2, fall))


def _laid_over(truth: Truth, at: int, count: int, recipe: Recipe, rng: np.random.Generator) -> list[Track]:
    laid = []
    if rng.random() < recipe.drummed:
        begin, end = (int(share * count) for share in (rng.uniform(0, 0.3), rng.uniform(0.7, 1.0)))
        level = 10 ** (float(rng.uniform(-9, -3)) / 20)
        laid.append(Track(at + begin, level * percussion(rng, end - begin)))
        truth.over = (*truth.over, "drums")
    if rng.random() < recipe.talked_over:
        length = min(count // 2, round(float(rng.uniform(3, 8)) * RATE))
        level = 10 ** (float(rng.uniform(-3, 3)) / 20)
        laid.append(Track(at + int(rng.integers(0, count - length)), level * talk(rng, length)))
        truth.over = (*truth.over, "talk")
    return laid


def _between(kind: str, noises: NoiseBank, rng: np.random.Generator) -> Samples:
    seconds = float(rng.uniform(2, 10))
    count = round(seconds * RATE)
    if kind == "jingle":
        return jingle(rng, min(6.0, seconds))
    if kind == "pause":
        return np.zeros(count)
    part, _ = noises.segment(rng, count)
    return talk(rng, count) + part * (0.3 * LOUD / rms(part))


def _heard(mix: Samples, tracks: Sequence[Track]) -> list[Truth]:
    """The truths of the songs that can be heard at all."""
    spans: list[tuple[Truth, int, int]] = []
    for track in tracks:
        if track.truth is not None:
            audible = np.flatnonzero(_audible(mix, track))
            if len(audible):
                hop = round(HOP_S * RATE)
                begin, end = track.at + audible[0] * hop, track.at + (audible[-1] + 1) * hop
                spans.append((track.truth, begin, min(end, mix.size)))
    found = []
    for number, (truth, begin, end) in enumerate(spans):
        others = spans[:number] + spans[number + 1 :]
        shared = sum(max(0, min(end, e) - max(begin, b)) for _, b, e in others)
        truth.start_s, truth.end_s = float(begin / RATE), float(end / RATE)
        truth.alone_s = float(max(0, end - begin - shared) / RATE)
        found.append(truth)
    return sorted(found, key=lambda one: one.start_s)


def _audible(mix: Samples, track: Track) -> np.ndarray:
    """By hops of the track, whether it can be heard in the second about their middle."""
    around = round(OVER_S / 2 * RATE)
    begin, end = max(0, track.at - around), min(mix.size, track.at + track.sound.size + around)
    own = np.zeros(end - begin)
    own[track.at - begin : track.at - begin + track.sound.size] = track.sound
    rest = mix[begin:end] - own
    hop = round(HOP_S * RATE)
    middles = track.at - begin + np.arange(track.sound.size // hop) * hop + hop // 2
    powers = []
    for sound in (own, rest):
        total = np.concatenate([[0.0], np.cumsum(np.square(sound))])
        low, high = np.maximum(middles - around, 0), np.minimum(middles + around, sound.size)
        powers.append((total[high] - total[low]) / (high - low))
    # At a cut the second about it holds what comes before: of the song itself what there is of it counts.
    inside = np.minimum(middles + around, track.at - begin + track.sound.size) - np.maximum(
        middles - around, track.at - begin
    )
    power = powers[0] * (2 * around / inside)
    return np.asarray((power >= AUDIBLE * powers[1]) & (power > SILENT**2))
