"""Two tunes over one instrumental, and a song with its karaoke version.

Both tunes pause in the middle, where only the instrumental sounds. Their openings differ in length, so
that what they share lies at different places in them.
"""

import numpy as np

from bench.families.model import Recording, Section
from bench.families.parts import RINGING_S, Form, instrumental, laid_over, tune
from sonica.audio.compose.song import mastered

SUNG, PAUSE = (0, 2), 1


def two_tunes(number: int, seed: int) -> list[Recording]:
    """Two songs on one instrumental."""
    rng = np.random.default_rng([seed, 1, number])
    form = Form(rng)
    backing = instrumental(form)
    names = [f"tune-{number}{letter}" for letter in "ab"]
    found = []
    for name, other in zip(names, reversed(names), strict=True):
        opening = float(rng.uniform(2.5, 5.0))
        track = laid_over(tune(form, form.key, SUNG, opening, rng), backing, opening)
        sections = _sections(form, opening, own=SUNG, shared=(PAUSE,), other=other)
        found.append(Recording(name, "two tunes", mastered(track), sections, frozenset({other})))
    return found


def karaoke(number: int, seed: int) -> list[Recording]:
    """A song, and the same without its tune. What is sung is the song's alone, and where its tune is
    missing, only the karaoke version sounds like that.
    """
    rng = np.random.default_rng([seed, 2, number])
    form = Form(rng)
    backing = instrumental(form)
    opening = float(rng.uniform(2.5, 5.0))
    track = laid_over(tune(form, form.key, SUNG, opening, rng), backing, opening)
    names = f"sung-{number}", f"karaoke-{number}"
    found = []
    for name, other, begin, sound in zip(
        names, reversed(names), (opening, 0.0), (track, backing.copy()), strict=True
    ):
        sections = _sections(form, begin, own=SUNG, shared=(PAUSE,), other=other)
        found.append(Recording(name, "karaoke", mastered(sound), sections, frozenset({other})))
    return found


def _sections(
    form: Form, opening: float, *, own: tuple[int, ...], shared: tuple[int, ...], other: str
) -> tuple[Section, ...]:
    found = []
    for part in sorted(own + shared):
        start, end = form.inside(part)
        with_whom = frozenset({other}) if part in shared else frozenset[str]()
        found.append(Section(opening + start, opening + min(end, form.seconds - RINGING_S), with_whom))
    return tuple(found)
