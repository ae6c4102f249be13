"""Songs on one dhol loop: the same samples again and again, under other melodies."""

from typing import NamedTuple

import numpy as np

from bench.families.model import Recording, Samples, Section
from bench.families.parts import Form, laid_over, tune
from sonica.audio.compose.instruments import RATE, mix_in, strokes
from sonica.audio.compose.melody import SCALES, Key
from sonica.audio.compose.song import mastered

MELODY, LOOP_ALONE = (0, 2), 1
LOOP_BARS = 2


class Loop(NamedTuple):
    """The samples, and the form that they fill."""

    sound: Samples
    form: Form


def songs_on_a_loop(seed: int, *, songs: int, absent: int) -> list[Recording]:
    """So many songs, and so many more that are not in the catalogue."""
    rng = np.random.default_rng([seed, 6])
    loop = _loop(rng)
    names = [f"loop-{i}" for i in range(songs + absent)]
    indexed = frozenset(names[:songs])
    return [_on(loop, name, rng, indexed - {name}, absent=name not in indexed) for name in names]


def _on(
    loop: Loop, name: str, rng: np.random.Generator, others: frozenset[str], *, absent: bool
) -> Recording:
    form = loop.form
    key = Key(
        132 * 2 ** (float(rng.uniform(0, 12)) / 12), list(SCALES.values())[int(rng.integers(len(SCALES)))]
    )
    opening = float(rng.uniform(2.5, 5.0))
    lead = tune(form, key, MELODY, opening, rng)
    repeated = np.resize(loop.sound, int(form.bars * form.bar * RATE))
    sections = []
    for part in range(form.parts):
        start, end = form.inside(part)
        with_whom = others if part == LOOP_ALONE else frozenset[str]()
        sections.append(Section(opening + start, opening + end, with_whom))
    track = mastered(laid_over(lead, repeated, opening))
    return Recording(name, "dhol loop", track, tuple(sections), others, absent)


def _loop(rng: np.random.Generator) -> Loop:
    """Two bars on a dhol and small cymbals; no two strokes are quite alike, until the loop begins anew."""
    form = Form(rng, cycle="bhangra")
    kit = strokes(form.key.tonic, rng)
    count = round(LOOP_BARS * form.bar * RATE)
    sound = np.zeros(count + RATE, np.float32)
    for bar in range(LOOP_BARS):
        for i, stroke in enumerate(form.tala):
            when = form.start_of(bar) + i * form.beat / 2 + max(-0.004, float(rng.normal(0.004, 0.004)))
            mix_in(sound, kit["jhanj"], max(0.0, when), 0.12 * float(rng.uniform(0.4, 1)))
            if stroke != ".":
                mix_in(sound, kit[stroke], max(0.0, when), 0.3 * float(rng.uniform(0.6, 1)))
    sound[: len(sound) - count] += sound[count:]  # what rings on rings into the next round
    return Loop(sound[:count], form)
