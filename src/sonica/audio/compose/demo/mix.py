"""From tracks to a finished stereo recording: places between left and right, a room, an even loudness."""

import numpy as np

from sonica.audio.compose.instruments import RATE, Samples

BLOCK = 1 << 16
"""Samples of the dry sound that go through the room at a time."""
ROOM_SECONDS = 1.3
"""Length of the room's echo; it has fallen by 60 dB in about this time."""
LEVEL = 0.11
"""Root mean square of a finished song, full scale being 1: about -19 dB."""
KNEE, CEILING = 0.6, 0.92
"""Peaks above the knee are pressed smoothly, and none passes the ceiling."""


class Mix:
    """Adds tracks into a stereo sound, and into what the room hears."""

    def __init__(self, seconds: float) -> None:
        count = int(seconds * RATE)
        self.dry: Samples = np.zeros((2, count), np.float32)
        self.sent: Samples = np.zeros(count, np.float32)

    def add(self, track: Samples, gain: float, *, side: float = 0.0, send: float = 0.3) -> None:
        """Adds a mono track. `side`: from -1 (left) to 1 (right); `send`: how much of it the room gets."""
        angle = (side + 1) * np.pi / 4
        self.dry[0] += np.float32(gain * np.cos(angle)) * track
        self.dry[1] += np.float32(gain * np.sin(angle)) * track
        self.sent += np.float32(gain * send) * track

    def finished(self, rng: np.random.Generator) -> Samples:
        """The recording, float32 of shape (n, 2) within the ceiling, faded at its ends; spends the mix."""
        for channel, echo in zip(self.dry, _room(rng), strict=True):
            _convolve_into(channel, self.sent, echo)
        _fade(self.dry)
        self.dry *= np.float32(LEVEL / np.sqrt(np.mean(np.square(self.dry[:, ::3]))))
        over = np.abs(self.dry) > KNEE
        peaks = self.dry[over]
        width = np.float32(CEILING - KNEE)
        self.dry[over] = np.sign(peaks) * (KNEE + width * np.tanh((np.abs(peaks) - KNEE) / width))
        return np.ascontiguousarray(self.dry.T)


def _room(rng: np.random.Generator) -> Samples:
    """What a clap leaves in a small hall at each ear, shape (2, n): a few early echoes, then a warm tail."""
    count = int(ROOM_SECONDS * RATE)
    time = np.arange(count) / RATE
    tail = rng.standard_normal((2, count)) * np.exp(-6.9 * time / ROOM_SECONDS)
    # Air and walls swallow high sounds first; the lowest would only boom.
    frequency = np.fft.rfftfreq(count, 1 / RATE)
    gain = 1 / (1 + (frequency / 4_500) ** 2) * frequency**2 / (frequency**2 + 180.0**2)
    tail = np.fft.irfft(np.fft.rfft(tail, axis=1) * gain, count, axis=1)
    tail *= np.clip(time / 0.03, 0, 1)
    tail /= np.sqrt(np.sum(tail**2, axis=1, keepdims=True))
    for ear in tail:
        for delay in rng.uniform(0.009, 0.055, 6):
            ear[int(delay * RATE)] += 0.3 * np.exp(-delay / 0.04)
    return np.asarray(tail, np.float32)


def _convolve_into(out: Samples, sound: Samples, echo: Samples) -> None:
    """Adds `sound` convolved with `echo` to `out`, block by block (overlap-add); what hangs over is cut."""
    size = 1 << int(np.ceil(np.log2(BLOCK + len(echo))))
    response = np.fft.rfft(echo, size)
    for start in range(0, len(sound), BLOCK):
        wet = np.fft.irfft(np.fft.rfft(sound[start : start + BLOCK], size) * response, size)
        stop = min(len(out), start + BLOCK + len(echo))
        out[start:stop] += wet[: stop - start]


def _fade(stereo: Samples) -> None:
    """In over 50 ms, out over the last 2.5 s, in place."""
    rise, fall = int(0.05 * RATE), int(2.5 * RATE)
    stereo[:, :rise] *= np.linspace(0, 1, rise, dtype=np.float32)
    stereo[:, -fall:] *= np.linspace(1, 0, fall, dtype=np.float32) ** 2
