"""DJ edits: another song from a little after its beginning, with a voice that talks over a part of it."""

import numpy as np
from scipy.signal import lfilter

from bench.families.model import Recording, Samples, Section
from bench.families.parts import BORDER_S, LONGEST_S
from sonica.audio.compose import RATE, compose_song

TAG_S = LONGEST_S + 0.3
"""Length of the voice's part."""
VOWELS = ((730, 1090, 2440), (270, 2290, 3010), (570, 840, 2410), (530, 1840, 2480), (300, 870, 2240))
"""Formants of a, i, o, e, u (Hz; Peterson and Barney 1952, men)."""


def dj_edit(number: int, seed: int) -> list[Recording]:
    """A song and its edit: shared but for the part under the voice."""
    rng = np.random.default_rng([seed, 3, number])
    song = compose_song(1_000 * seed + 500 + number)
    original = song.samples
    names = f"original-{number}", f"dj-{number}"
    cut = float(rng.uniform(1.0, 2.5))
    # The voice begins early or late, so that enough is left free after or before it.
    free = len(original) / RATE - 1.5 - cut
    begin = float(rng.uniform(0.3, 1.0)) if number % 2 else free - TAG_S - float(rng.uniform(0.3, 1.0))
    edit = original[int(cut * RATE) :].copy()
    at = int(begin * RATE)
    under = edit[at : at + int(TAG_S * RATE)]
    voice = voice_tag(len(under), rng)
    level = 10 ** (float(rng.uniform(0, 3)) / 20) * float(np.sqrt(np.mean(under**2)))
    edit[at : at + len(under)] = np.tanh(0.8 * under + np.float32(level) * voice)

    def sections(shift: float, other: str) -> tuple[Section, ...]:
        talk = begin + shift, begin + TAG_S + shift
        before, after = (shift, talk[0] - BORDER_S), (talk[1] + BORDER_S, free + shift)
        spans = [(before, True), (talk, False), (after, True)]
        return tuple(
            Section(a, b, frozenset({other}) if shared else frozenset[str]())
            for (a, b), shared in spans
            if b - a >= 3.5
        )

    return [
        Recording(names[0], "DJ edit", original, sections(cut, names[1]), frozenset({names[1]})),
        Recording(names[1], "DJ edit", edit, sections(0.0, names[0]), frozenset({names[0]})),
    ]


def voice_tag(count: int, rng: np.random.Generator) -> Samples:
    """`count` samples of somebody who says one phrase again and again, RMS 1: pulses of a throat and some
    breath through three formants (Klatt 1980, in parallel).
    """
    syllable = int(rng.uniform(0.16, 0.24) * RATE)
    phrase = rng.integers(len(VOWELS), size=5)
    melody = 130 * 2 ** (rng.uniform(-4, 5, size=5) / 12)
    voice = np.zeros(count)
    for i in range(count // syllable):
        place = i % 7
        if place >= 5:
            continue  # a breath between phrases
        bend = np.linspace(1.0, float(rng.uniform(0.85, 1.1)), syllable)
        cycles = np.cumsum(melody[place] * bend) / RATE
        pulses = (np.diff(np.floor(cycles), prepend=0) > 0) + 0.01 * rng.standard_normal(syllable)
        shape = np.sin(np.linspace(0, np.pi, syllable)) ** 0.5
        for formant, width in zip(VOWELS[phrase[place]], (80, 100, 140), strict=True):
            r = np.exp(-np.pi * width / RATE)
            resonance = [1, -2 * r * np.cos(2 * np.pi * formant / RATE), r * r]
            voice[i * syllable : (i + 1) * syllable] += shape * np.asarray(
                lfilter([1 - r], resonance, pulses)
            )
    return np.asarray(voice / np.sqrt(np.mean(voice**2)), np.float32)
