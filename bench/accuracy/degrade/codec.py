"""Through a codec and back. PyAV has the encoders; only GSM needs the ffmpeg program."""

import io
from typing import NamedTuple

import av
import numpy as np
from av.audio.stream import AudioStream

from bench.accuracy.degrade.tools import run_tool
from bench.accuracy.sound import RATE, Samples, fitted, resampled, wav_bytes
from sonica.audio import decode


class Codec(NamedTuple):
    """An encoder by FFmpeg's name, its container, and the rate (Hz) that it is given sound at."""

    encoder: str
    container: str
    rate: int


OPUS = Codec("libopus", "ogg", 48_000)
OPUS_PHONE = Codec("libopus", "ogg", 16_000)
OPUS_NARROW = Codec("libopus", "ogg", 8_000)
AAC = Codec("aac", "adts", 44_100)
AAC_PHONE = Codec("aac", "adts", 16_000)
AAC_NARROW = Codec("aac", "adts", 8_000)
MP3 = Codec("libmp3lame", "mp3", 44_100)
SBC = Codec("sbc", "sbc", 44_100)


def through(samples: Samples, codec: Codec, bits_per_second: int) -> Samples:
    """What comes out of the codec, at RATE and of the same length; the codec's delay is left in."""
    data = io.BytesIO()
    sound = resampled(np.clip(samples, -1, 1), RATE, codec.rate).astype(np.float32)
    with av.open(data, "w", format=codec.container) as container:
        stream = container.add_stream(codec.encoder, rate=codec.rate, layout="mono")
        if not isinstance(stream, AudioStream):
            raise TypeError(f"{codec.encoder} is no audio encoder")
        stream.bit_rate = bits_per_second
        frame = av.AudioFrame.from_ndarray(sound[None, :], format="fltp", layout="mono")
        frame.sample_rate = codec.rate
        container.mux(stream.encode(frame))
        container.mux(stream.encode(None))
    return _decoded(data.getvalue(), samples.size, codec)


def through_gsm(samples: Samples) -> Samples:
    """GSM full rate, 8 kHz, 13 kbit/s. Raises ToolError."""
    sound = resampled(np.clip(samples, -1, 1), RATE, 8000)
    ffmpeg = ["ffmpeg", "-nostdin", "-v", "error", "-f"]
    to_gsm, to_pcm = ["-c:a", "libgsm", "-f", "gsm"], ["-c:a", "pcm_s16le", "-f", "s16le"]
    coded = run_tool([*ffmpeg, "wav", "-i", "pipe:0", *to_gsm, "pipe:1"], wav_bytes(sound, 8000))
    plain = run_tool([*ffmpeg, "gsm", "-i", "pipe:0", *to_pcm, "pipe:1"], coded)
    return fitted(resampled(np.frombuffer(plain, "<i2") / 32768, 8000, RATE), samples.size)


def through_three(samples: Samples) -> Samples:
    """Passed on again and again: MP3 at 64, AAC at 48, Opus at 24 kbit/s."""
    once = through(samples, MP3, 64_000)
    return through(through(once, AAC, 48_000), OPUS, 24_000)


def _decoded(data: bytes, count: int, codec: Codec) -> Samples:
    if codec.container == "sbc":  # raw frames, which no file has: the product's decoder does not take them
        with av.open(io.BytesIO(data), "r", format="sbc") as container:
            parts = [np.float64(f.to_ndarray().reshape(-1)) for f in container.decode(audio=0)]
        return fitted(resampled(np.concatenate(parts) / 32768, codec.rate, RATE), count)
    audio = decode(io.BytesIO(data))
    return fitted(resampled(audio.samples.astype(np.float64), audio.rate, RATE), count)
