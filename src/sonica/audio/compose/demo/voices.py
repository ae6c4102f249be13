"""Sustained instruments: flute, reeds, a bowed string, a voice that hums. Mono float32 at `RATE`.

Each is two single cycles, a soft and a bright one, read at the melody's pitch; the louder, the more of
the bright one. Pitch and loudness are drawn at a low rate and interpolated, so that glides are smooth. What a
body or a mouth adds is a gain by frequency, laid over each phrase.
"""

from collections.abc import Sequence
from dataclasses import dataclass
from itertools import pairwise
from typing import NamedTuple

import numpy as np
from numpy.typing import NDArray

from sonica.audio.compose.demo.phrasing import Tone
from sonica.audio.compose.demo.ragas import hertz
from sonica.audio.compose.instruments import RATE, Samples, mix_in

Floats = NDArray[np.float64]

CONTROL = 210
"""Samples between two points of a pitch or loudness curve."""
CYCLE = 4096
"""Samples of a stored cycle."""
GAP = 0.12
"""Tones nearer than this (seconds) are one phrase: the pitch glides on."""
TAIL = 0.25
"""Room for a phrase to die away, seconds."""
TOUCH = 0.06
"""How long a touched swara sounds before the one it leads to, seconds."""


@dataclass(frozen=True)
class Voice:
    """`soft` and `bright`: amplitudes of the first harmonics; `octave`: how many octaves above written;
    `attack` and `release` in seconds; `vibrato` in semitones; `breath`: noise as a share of the tone;
    `body`: resonances (Hz, width in Hz, gain) above a floor of 1; `beating`: a second reed so many Hz away;
    `glides`: whether it can; `presence`: how much
    stronger its overtones are above about 2 kHz.
    """

    soft: tuple[float, ...]
    bright: tuple[float, ...]
    octave: int = 0
    attack: float = 0.05
    release: float = 0.09
    vibrato: float = 0.15
    breath: float = 0.0
    body: tuple[tuple[float, float, float], ...] = ()
    beating: float = 0.0
    glides: bool = True
    presence: float = 2.4


VOICES: dict[str, Voice] = {
    "bansuri": Voice(
        (1, 0.16, 0.05, 0.01), (1, 0.45, 0.26, 0.12, 0.07, 0.03),
        octave=1, attack=0.06, vibrato=0.16, breath=0.04,
        body=((900, 700, 0.5),),
    ),
    "harmonium": Voice(
        (1, 0.55, 0.4, 0.26, 0.18, 0.1, 0.06),
        (1, 0.75, 0.62, 0.5, 0.4, 0.3, 0.24, 0.18, 0.13, 0.1, 0.07, 0.05, 0.03),
        octave=0, attack=0.035, release=0.07, vibrato=0.0, beating=1.1, glides=False,
        body=((600, 500, 0.6), (1700, 900, 0.4)),
    ),
    "shehnai": Voice(
        (0.8, 1, 0.6, 0.35, 0.2, 0.1), (0.6, 0.9, 1, 0.75, 0.5, 0.36, 0.25, 0.17, 0.1, 0.06),
        octave=1, attack=0.04, vibrato=0.2, presence=0.7, body=((1100, 500, 0.8), (2600, 900, 0.4)),
    ),
    "sarangi": Voice(
        (1, 0.7, 0.4, 0.25, 0.14, 0.08, 0.05),
        (1, 0.8, 0.6, 0.52, 0.36, 0.28, 0.22, 0.17, 0.13, 0.1, 0.08, 0.06, 0.04, 0.03),
        attack=0.08, release=0.12, vibrato=0.17, presence=1.6, breath=0.008,
        body=((480, 200, 0.9), (1250, 500, 0.8), (2500, 900, 0.5)),
    ),
    "voice": Voice(
        (1, 0.6, 0.36, 0.24, 0.16, 0.1, 0.07, 0.05),
        (1, 0.8, 0.62, 0.48, 0.36, 0.27, 0.21, 0.17, 0.13, 0.1, 0.08, 0.06, 0.05, 0.04, 0.03),
        attack=0.07, release=0.11, vibrato=0.24, breath=0.012,
        body=((640, 180, 2.6), (1080, 220, 1.6), (2750, 500, 0.9)),
    ),
    "clarinet": Voice(
        (1, 0.03, 0.45, 0.04, 0.18, 0.03, 0.06), (1, 0.08, 0.65, 0.1, 0.4, 0.1, 0.2, 0.06, 0.08),
        octave=1, attack=0.04, vibrato=0.08, presence=0.6, glides=False, breath=0.006,
        body=((1500, 800, 0.4),),
    ),
}  # fmt: skip
"""By name."""


class _Store(NamedTuple):
    """What is made once for a line: the soft and the bright cycle, shape (2, CYCLE), and breath."""

    cycles: Samples
    air: Samples | None


def play_voice(
    voice: Voice, tones: Sequence[Tone], sa: float, seconds: float, rng: np.random.Generator
) -> Samples:
    """All `tones` (in order of time) on a sustained instrument; `sa` in Hz, the whole is `seconds` long."""
    track = np.zeros(int(seconds * RATE), np.float32)
    cycles = np.stack([_cycle(voice.soft, rng), _cycle(voice.bright, rng)])
    store = _Store(cycles, _air(rng) if voice.breath else None)
    phrase: list[Tone] = []
    for tone in tones:
        if phrase and tone.start > phrase[-1].start + phrase[-1].length + GAP:
            mix_in(track, _phrase(voice, phrase, sa, store, rng), phrase[0].start, 1.0)
            phrase = []
        phrase.append(tone)
    if phrase:
        mix_in(track, _phrase(voice, phrase, sa, store, rng), phrase[0].start, 1.0)
    return track


def _phrase(
    voice: Voice, tones: Sequence[Tone], sa: float, store: _Store, rng: np.random.Generator
) -> Samples:
    """One phrase; its first sample is at the first tone's start."""
    begin = tones[0].start
    seconds = max(tone.start + tone.length for tone in tones) - begin + TAIL
    time = np.arange(int(seconds * RATE / CONTROL) + 2, dtype=np.float64) * (CONTROL / RATE)
    pitch = pitch_curve(voice, tones, time, begin, rng) + np.log2(sa) + voice.octave
    level = level_curve(voice, tones, time, begin)
    level *= 1 + 0.05 * np.interp(time, np.arange(0, seconds + 1, 0.3), _drift(seconds, rng))
    count = (len(time) - 1) * CONTROL
    places = np.arange(count) / CONTROL
    points = np.arange(len(time))
    loud = np.interp(places, points, level).astype(np.float32)
    hertz_now = np.interp(places, points, np.exp2(pitch))
    cycles = np.cumsum(hertz_now) / RATE
    sound = _read(store.cycles, cycles, loud)
    if voice.beating:
        other = cycles + voice.beating * np.arange(count) / RATE + 0.3
        sound = np.float32(0.6) * (sound + _read(store.cycles, other, loud))
    if store.air is not None:
        offset = int(rng.integers(len(store.air) // 2))
        noise = np.resize(np.roll(store.air, offset), count)
        sound += np.float32(0.3 * voice.breath) * noise
    sound *= loud
    return _bodied(sound, voice)


def pitch_curve(
    voice: Voice, tones: Sequence[Tone], time: Floats, begin: float, rng: np.random.Generator
) -> Floats:
    """Octaves above Sa at each of `time` (seconds after `begin`): glides, touches, sways, vibrato."""
    pitch = np.full(len(time), _octaves(tones[0].swara))
    sway = np.zeros(len(time))
    rate = rng.uniform(4.9, 5.8)
    for before, tone in pairwise((None, *tones)):
        assert tone is not None  # noqa: S101  only the first of the pairs begins with none
        start = tone.start - begin
        goal, now = _octaves(tone.swara), pitch[-1] if before is not None else _octaves(tone.swara)
        if tone.touched is not None and tone.sway != "gamak" and voice.glides:
            pitch += _ramp(time, start - 0.01, 0.03) * (_octaves(tone.touched) - now)
            start, now = start + TOUCH, _octaves(tone.touched)
        glide = tone.glide if voice.glides else 0.012
        # A glide straddles the beat, as a singer's does.
        pitch += _ramp(time, start - glide / 2, glide) * (goal - now)
        inside = _ramp(time, start + 0.22, 0.35) - _ramp(time, start + tone.length - 0.08, 0.08)
        if tone.sway == "andolan":
            sway += inside * (0.45 / 12) * np.sin(2 * np.pi * 2.4 * (time - start))
        elif tone.sway == "gamak" and tone.touched is not None:
            width = (_octaves(tone.touched) - goal) / 2
            sway += inside * width * (1 - np.cos(2 * np.pi * 5.2 * (time - start - 0.22)))
        elif tone.length > 0.45:
            sway += inside * (voice.vibrato / 12) * np.sin(2 * np.pi * rate * time)
    drift = np.interp(time, np.arange(0, time[-1] + 1, 0.3), _drift(float(time[-1]), rng))
    return np.asarray(pitch + sway + drift * (0.03 / 12 if voice.glides else 0.0))


def level_curve(voice: Voice, tones: Sequence[Tone], time: Floats, begin: float) -> Floats:
    """Loudness at each of `time`: each tone swells in and fades out, and long ones swell a little."""
    level = np.zeros(len(time))
    for i, tone in enumerate(tones):
        start, end = tone.start - begin, tone.start - begin + tone.length
        bound = i + 1 < len(tones) and tones[i + 1].start - begin <= end + 0.03
        fade = 0.05 if bound else voice.release
        shape = _ramp(time, start, voice.attack) * (1 - _ramp(time, end - fade / 3, fade))
        if tone.length > 0.6:
            shape = shape * (0.86 + 0.14 * np.sin(np.pi * np.clip((time - start) / tone.length, 0, 1)))
        # Between bound tones the level hardly sinks.
        level = np.maximum(level, tone.loudness * shape)
        if bound:
            join = _ramp(time, end - 0.06, 0.04) * (1 - _ramp(time, end + 0.02, 0.06))
            level = np.maximum(level, 0.72 * tone.loudness * join)
    return level


def _read(tables: Samples, cycles: Floats, loud: Samples) -> Samples:
    """The cycle that is between soft and bright as `loud` says, at each place (in cycles)."""
    at = ((cycles % 1.0) * CYCLE).astype(np.int32) % CYCLE
    soft = tables[0].take(at)
    soft += (tables[1].take(at) - soft) * np.clip(loud, 0, 1)
    return np.asarray(soft, np.float32)


def _cycle(harmonics: Sequence[float], rng: np.random.Generator) -> Samples:
    """One cycle with these harmonics, of root mean square 0.3; phases nearly aligned, as reeds have them."""
    phase = 2 * np.pi * np.arange(CYCLE) / CYCLE
    parts = [a * np.sin(k * phase + rng.uniform(-0.5, 0.5)) for k, a in enumerate(harmonics, 1)]
    wave = np.sum(parts, axis=0)
    return np.asarray(wave * (0.3 / np.sqrt(np.mean(wave**2))), np.float32)


def _air(rng: np.random.Generator) -> Samples:
    """Two seconds of breath: noise between about 0.7 and 5 kHz, of root mean square 1."""
    count = 2 * RATE
    spectrum = np.fft.rfft(rng.standard_normal(count))
    frequency = np.fft.rfftfreq(count, 1 / RATE)
    spectrum *= np.exp(-np.square(np.log2(np.maximum(frequency, 20) / 1900) / 1.1))
    noise = np.fft.irfft(spectrum, count)
    return np.asarray(noise / np.sqrt(np.mean(noise**2)), np.float32)


def _bodied(sound: Samples, voice: Voice) -> Samples:
    """The sound through resonances (Hz, width, gain), in place of a body."""
    count = len(sound)
    whole = -(-count // 8192) * 8192
    spectrum = np.fft.rfft(sound, whole)
    frequency = np.fft.rfftfreq(whole, 1 / RATE).astype(np.float32)
    gain = np.ones(len(frequency), np.float32)
    for centre, width, more in voice.body:
        gain += np.float32(more) / (1 + np.square((frequency - np.float32(centre)) / np.float32(width)))
    # Presence: without it, a harmonic series that falls so steadily sounds as through a blanket.
    high = np.square(frequency / np.float32(2_000))
    gain *= (1 + np.float32(voice.presence) * high / (1 + high)) / (
        1 + np.square(frequency / np.float32(9_000))
    )
    return np.asarray(np.fft.irfft(spectrum * gain, whole)[:count], np.float32)


def _octaves(swara: int) -> float:
    return float(np.log2(hertz(swara, 1.0)))


def _ramp(time: Floats, start: float, length: float) -> Floats:
    """From 0 to 1 along half a cosine, over `length` seconds from `start` on."""
    return np.asarray(0.5 - 0.5 * np.cos(np.pi * np.clip((time - start) / length, 0, 1)))


def _drift(seconds: float, rng: np.random.Generator) -> Floats:
    """Slow chance, one value every 0.3 s: no breath and no bow is even."""
    return rng.standard_normal(len(np.arange(0, seconds + 1, 0.3)))
