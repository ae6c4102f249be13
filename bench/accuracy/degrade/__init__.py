"""What can happen to a song before a phone hears it. Every degradation has a name and is a pure function.

| name | what |
|---|---|
| `clean`, `quiet` | nothing; RMS at -50 dBFS |
| `snrN` | noise at N dB |
| `speed±N`, `stretch±N`, `pitch±N` | N % faster with or without a change of pitch; N semitones |
| `A_snrN` | any of these, then noise at N dB |
| `slowrev` | slowed by 17 %, two seconds of reverb |
| `phone`, `phone-5` | room, noise at 5 or -5 dB, band-pass, low level, Opus or AAC at 24 kbit/s |
| others | see `FIXED` |
"""

import re
from collections.abc import Callable, Sequence
from dataclasses import dataclass

import numpy as np

from bench.accuracy.degrade import codec, damage, device, noise, room, speed, voice
from bench.accuracy.sound import RATE, Samples, fitted, rms

MARGIN = 1.45
"""Seconds of the song that a clip of one second may need (played 1.4 times as fast)."""


@dataclass(frozen=True)
class Scene:
    """Where chance chooses from: noises, and rooms as (name, impulse response)."""

    noises: noise.NoiseBank
    rooms: Sequence[tuple[str, Samples]]


@dataclass
class Clip:
    """A clip in the making: `song` from the excerpt's start on, `count` samples wanted, what chance chose."""

    song: Samples
    count: int
    scene: Scene
    rng: np.random.Generator
    info: list[str]

    def plain(self) -> Samples:
        """The excerpt as it is."""
        return fitted(self.song, self.count)

    def in_noise(self, sound: Samples, snr_db: float, like: str = "") -> Samples:
        """With a noise that chance chooses."""
        part, name = self.scene.noises.segment(self.rng, sound.size, like)
        self.info.append(name)
        return noise.mixed(sound, part, snr_db)

    def at_speed(self, percent: float) -> Samples:
        """The excerpt, so much faster."""
        return fitted(speed.at_speed(self.song, 1 + percent / 100), self.count)


Degradation = Callable[[Clip], Samples]


def _phone(clip: Clip, sound: Samples, snr_db: float, like: str = "") -> Samples:
    name, response = clip.scene.rooms[int(clip.rng.integers(len(clip.scene.rooms)))]
    sound = clip.in_noise(room.in_room(sound, response), snr_db, like)
    narrow, aac = (bool(b) for b in clip.rng.integers(2, size=2))
    low, high = (300, 3400) if narrow else (200, 7000)
    sound = device.band(sound, low, high)
    sound *= 10 ** (clip.rng.uniform(-38, -18) / 20) / rms(sound)
    if aac:
        coded = codec.through(sound, codec.AAC_NARROW if narrow else codec.AAC_PHONE, 24_000)
    else:
        coded = codec.through(sound, codec.OPUS_NARROW if narrow else codec.OPUS_PHONE, 24_000)
    clip.info += [name, f"{low}-{high}", "aac" if aac else "opus"]
    return coded


def _slowed_with_reverb(clip: Clip) -> Samples:
    return room.with_tail(clip.at_speed(-17), clip.rng)


def _voice(clip: Clip) -> Samples:
    talk, name = voice.speaker(clip.rng, clip.count)
    clip.info.append(name)
    return noise.mixed(clip.plain(), talk, 0)


def _noise_alone(clip: Clip) -> Samples:
    part, name = clip.scene.noises.segment(clip.rng, clip.count)
    clip.info.append(name)
    return part * (0.1 / rms(part))


def _all_at_once(clip: Clip) -> Samples:
    return _phone(clip, device.small_speaker(_slowed_with_reverb(clip)), 0, like="market")


FIXED: dict[str, Degradation] = {
    "clean": lambda c: c.plain(),
    "quiet": lambda c: device.quiet(c.plain()),
    "noiseonly": _noise_alone,
    "slowrev": _slowed_with_reverb,
    "phone": lambda c: _phone(c, c.plain(), 5),
    "phone-5": lambda c: _phone(c, c.plain(), -5),
    "clip12": lambda c: device.clipped(c.plain()),
    "small-speaker": lambda c: device.small_speaker(c.plain()),
    "compressor": lambda c: device.compressed(c.plain()),
    "bass12": lambda c: device.bass_boosted(c.plain()),
    "denoise": lambda c: damage.noise_suppressed(c.in_noise(c.plain(), 5)),
    "dropouts": lambda c: damage.with_dropouts(c.plain(), c.rng),
    "gsm": lambda c: codec.through_gsm(c.plain()),
    "sbc": lambda c: codec.through(c.plain(), codec.SBC, 96_000),
    "codecs3": lambda c: codec.through_three(c.plain()),
    "voice0": _voice,
    "wow": lambda c: speed.with_wow(c.plain(), c.rng),
    "allatonce": _all_at_once,
}
"""Degradations without a number in their name."""

_NUMBERED: dict[str, Callable[[Clip, float], Samples]] = {
    "speed": lambda c, n: c.at_speed(n),
    "stretch": lambda c, n: fitted(speed.at_tempo(c.song, 1 + n / 100), c.count),
    "pitch": lambda c, n: fitted(speed.at_pitch(c.plain(), n), c.count),
}


def _each(kind: str, *numbers: int) -> tuple[str, ...]:
    return tuple(f"{kind}{n}" if kind == "snr" else f"{kind}{n:+d}" for n in numbers)


STANDARD = (
    *("clean", *_each("snr", 10, 5, 0, -5), "phone"),
    *_each("speed", -20, -10, -5, -2, 2, 5, 10, 20),
    *(*_each("stretch", -10, 10), *_each("pitch", -1, 1)),
    *("slowrev", "speed+10_snr5", "quiet"),
)
"""The degradations that other systems were measured with, too."""
HARDER = (
    *("clip12", "small-speaker", "compressor", "denoise", "gsm", "sbc", "codecs3", "dropouts", "voice0"),
    *("bass12", "wow", "snr-10", "phone-5"),
    *_each("speed", -30, -25, -15, 25, 30, 40),
    *(*_each("stretch", -25, 25), *_each("pitch", -3, 3)),
    "allatonce",
)
STRANGERS = ("clean", "snr0", "phone", "speed+5", "noiseonly")
"""What happens to songs that are not indexed."""


def check_name(name: str) -> None:
    """Raises ValueError where there is no such degradation."""
    if name not in FIXED and not re.fullmatch(r"snr-?\d+|(speed|stretch|pitch)[+-]\d+(_snr-?\d+)?", name):
        raise ValueError(f"there is no degradation {name!r}: see bench/README.md")


def degraded(
    song: Samples, seconds: float, name: str, scene: Scene, rng: np.random.Generator
) -> tuple[Samples, str]:
    """A clip of `seconds` from the beginning of `song` (MARGIN times as long), and what chance chose.

    At RATE, peaks at most 0.99. Raises ToolError where a program is missing, ValueError for unknown names.
    """
    check_name(name)
    clip = Clip(song, round(seconds * RATE), scene, rng, [])
    base, _, snr = name.partition("snr")
    base = base.rstrip("_")
    numbered = re.fullmatch(r"(speed|stretch|pitch)([+-]\d+)", base)
    if numbered:
        sound = _NUMBERED[numbered[1]](clip, float(numbered[2]))
    else:
        sound = FIXED[base](clip) if base else clip.plain()
    if snr:
        sound = clip.in_noise(sound, float(snr))
    loudest = float(np.max(np.abs(sound), initial=0))
    return (sound if loudest <= 0.99 else sound * (0.99 / loudest)), ";".join(clip.info)
