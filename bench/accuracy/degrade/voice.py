"""Voices: one that talks over the music, and eight at once. espeak-ng speaks."""

import functools
import io
import wave

import numpy as np

from bench.accuracy.degrade.tools import run_tool
from bench.accuracy.sound import RATE, Samples, resampled, rms

TEXTS = {
    "hi": "अरे सुनो, यह गाना कौन सा है? कल शाम हम लोग बाज़ार गए थे और वहाँ भी यही बज रहा था। "
    "दो चाय और थोड़ी मिठाई ले आना, बारिश रुक जाए तो चलेंगे। ",
    "en": "Listen, what is this song called? We heard it at the fair last evening, and again on the bus. "
    "Two cups of tea and some sweets, please, and then we should go before it rains. ",
    "ur": "یہ گانا کس نے گایا ہے؟ کل رات دیر تک ہم سب چھت پر بیٹھے باتیں کرتے رہے۔ ",
    "ne": "यो गीत कसको हो? हिजो बेलुका हामी बजार गयौं र त्यहाँ पनि यही बजिरहेको थियो। ",
}
VOICES = ("hi+m1", "hi+f2", "en+m3", "en+f4", "ur+m5", "ne+f1", "hi+m7", "en+f5")


@functools.lru_cache(maxsize=32)
def _spoken(voice: str, words_a_minute: int, pitch: int) -> Samples:
    text = TEXTS[voice.partition("+")[0]] * 3
    data = run_tool(
        ["espeak-ng", "-v", voice, "-s", str(words_a_minute), "-p", str(pitch), "--stdout"], text.encode()
    )
    with wave.open(io.BytesIO(data)) as file:
        rate = file.getframerate()
        # The length in the head of a WAV file that went through a pipe is not to be trusted.
        sound = np.frombuffer(data[44:][: (len(data) - 44) // 2 * 2], "<i2") / 32768
    return resampled(sound, rate, RATE)


def speaker(rng: np.random.Generator, count: int) -> tuple[Samples, str]:
    """Somebody talking for `count` samples, RMS 0.1, and who it is. Raises ToolError."""
    voice = VOICES[int(rng.integers(len(VOICES)))]
    sound = _spoken(voice, 150 + 10 * int(rng.integers(5)), 30 + 10 * int(rng.integers(5)))
    part = np.roll(np.resize(sound, max(count, sound.size)), -int(rng.integers(sound.size)))[:count]
    return part * (0.1 / rms(part)), voice


def babble(rng: np.random.Generator, count: int) -> Samples:
    """Eight people talking at once, RMS 0.1. Raises ToolError."""
    mix = np.zeros(count)
    for i, voice in enumerate(VOICES):
        sound = _spoken(voice, 140 + 9 * i, 30 + 5 * i)
        sound = np.roll(sound, -int(rng.integers(sound.size)))
        mix += np.resize(sound, count) / rms(sound)
    return mix * (0.1 / rms(mix))
