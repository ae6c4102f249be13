"""What a DJ lays over songs and puts between them, all of it made here."""

import numpy as np

from bench.accuracy.sound import RATE, Samples, rms
from bench.families.edits import voice_tag
from sonica.audio.compose.instruments import strokes

LOUD = 0.1
"""RMS of every sound here, and of every song before it is played."""
STEPS = 16
"""Of a drum loop of one bar."""
SWUNG_S = 0.004
"""Standard deviation of a stroke's time."""


def percussion(rng: np.random.Generator, count: int) -> Samples:
    """`count` samples of one bar on dhol and cymbals, again and again, no two strokes quite alike."""
    kit = {
        name: sound.astype(np.float64) for name, sound in strokes(float(rng.uniform(110, 220)), rng).items()
    }
    step = 60 / float(rng.uniform(85, 140)) / 4 * RATE
    bar = [
        [(name, float(rng.uniform(0.4, 1.0))) for name, often in _PARTS if rng.random() < often]
        for _ in range(STEPS)
    ]
    bar[0].append(("dhol", 1.0))
    sound = np.zeros(count + RATE)
    for number in range(int(count / step)):
        for name, loudness in bar[number % STEPS]:
            at = max(0, int(number * step + rng.normal(0, SWUNG_S) * RATE))
            stroke = kit[name][: len(sound) - at]
            sound[at : at + len(stroke)] += loudness * float(rng.uniform(0.8, 1.2)) * stroke
    return _even(sound[:count])


_PARTS = (("dhol", 0.25), ("tak", 0.25), ("jhanj", 0.4), ("na", 0.12))


def talk(rng: np.random.Generator, count: int) -> Samples:
    """Somebody who says one phrase again and again; ours, so no words."""
    return _even(voice_tag(count, rng).astype(np.float64))


def jingle(rng: np.random.Generator, seconds: float) -> Samples:
    """A run of bells up a chord, and its last note that rings."""
    count = round(seconds * RATE)
    root, sound = 220 * 2 ** (float(rng.uniform(0, 12)) / 12), np.zeros(count)
    chord = [root * 2 ** (semitones / 12) for semitones in (0, 4, 7, 12, 16, 19, 24)]
    for i, pitch in enumerate(chord):
        at = round(i * seconds / (len(chord) + 3) * RATE)
        time = np.arange(count - at) / RATE
        tones = ((1, 1.0, 2.0), (2.76, 0.5, 4.0), (5.4, 0.25, 8.0))
        for ratio, loudness, fading in tones:
            sound[at:] += loudness * np.exp(-fading * time) * np.sin(2 * np.pi * pitch * ratio * time)
    return _even(sound)


def _even(sound: Samples) -> Samples:
    return sound * (LOUD / rms(sound))
