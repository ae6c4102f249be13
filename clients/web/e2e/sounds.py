"""What the end-to-end tests play, and what their microphones hear: `sounds.py FOLDER`.

Composed once: a folder that is whole, and of this program, stays as it is.
"""

import hashlib
import json
import sys
from pathlib import Path

import av
import numpy as np
from av.audio.stream import AudioStream
from av.video.stream import VideoStream
from numpy.typing import NDArray

from sonica.audio import write_audio
from sonica.audio.compose.demo import PIECES, Piece, compose_demo_song
from sonica.audio.degrade import add_noise, excerpt, play_faster
from sonica.cli.demo_songs import tags_of

Samples = NDArray[np.float32]

HEARD, OTHERS, LOCAL, UNKNOWN = 4, (0, 8), 1, 11
"""Pieces: the one that is heard mostly, more in its language, one in the other, and one that nobody has."""
START, SECONDS = 14.0, 24.0
"""Of each excerpt: longer than the app listens."""
FASTER, SNR_DB = 1.15, 5.0


def main(folder: Path) -> None:
    """Composes all of it."""
    mark, version = folder / "made-by", hashlib.sha256(Path(__file__).read_bytes()).hexdigest()
    if mark.is_file() and mark.read_text() == version:
        return
    (folder / "songs").mkdir(parents=True, exist_ok=True)
    mark.unlink(missing_ok=True)
    heard, rate = _add(folder, HEARD)
    local, _ = _add(folder, LOCAL)
    for number in OTHERS:
        _add(folder, number)
    unknown, _ = _composed(UNKNOWN)
    faster = play_faster(excerpt(heard, rate, START, SECONDS * FASTER), FASTER)
    clean = excerpt(heard, rate, START, SECONDS)
    for name, sound in {
        "clean": clean,
        "noisy": add_noise(clean, SNR_DB),
        "faster": faster,
        "local": excerpt(local, rate, START, SECONDS),
        "unknown": excerpt(unknown, rate, START, SECONDS),
        "silence": np.zeros(int(SECONDS * rate), np.float32),
    }.items():
        write_audio(folder / f"{name}.wav", sound, rate)
    # A set: a song, a stranger, and a song that fades into the first one.
    fade = np.linspace(0, 1, 4 * rate, dtype=np.float32)
    first, last = excerpt(local, rate, 2.0, 28.0), excerpt(heard, rate, 5.0, 28.0)
    faded = first[-len(fade) :] * fade[::-1] + last[: len(fade)] * fade
    stranger = excerpt(unknown, rate, 5.0, 16.0)
    mix = [excerpt(heard, rate, 5.0, 28.0), stranger, first[: -len(fade)], faded, last[len(fade) :]]
    write_audio(folder / "mix.wav", np.concatenate(mix), rate)
    _encode(folder / "music.mp3", clean, rate, "libmp3lame")
    _encode(folder / "film.webm", clean, rate, "libopus", pictures="libvpx")
    (folder / "no-music.mp3").write_bytes(b"This is a letter, and there is nothing to hear in it. " * 40)
    titles = {"heard": HEARD, "local": LOCAL, "unknown": UNKNOWN}
    said = {name: _described(PIECES[number]) for name, number in titles.items()}
    (folder / "songs.json").write_text(json.dumps(said, ensure_ascii=False))
    mark.write_text(version)


def _described(piece: Piece) -> dict[str, str]:
    return {
        "title": piece.title,
        "devanagari": piece.devanagari,
        "latin": piece.latin,
        "artist": piece.artist,
        "language": piece.language,
    }


def _composed(number: int) -> tuple[Samples, int]:
    """Mono."""
    song = compose_demo_song(number)
    return np.asarray(song.samples.mean(axis=1), np.float32), song.rate


def _add(folder: Path, number: int) -> tuple[Samples, int]:
    """A song for the catalogue."""
    samples, rate = _composed(number)
    write_audio(folder / "songs" / f"{number}.flac", samples, rate, tags_of(PIECES[number]))
    return samples, rate


def _encode(path: Path, samples: Samples, rate: int, codec: str, pictures: str = "") -> None:
    with av.open(path, "w") as file:
        film = file.add_stream(pictures, rate=5) if pictures else None
        # Opus knows no 44.1 kHz.
        stream = file.add_stream(codec, rate=48_000)
        if not isinstance(stream, AudioStream):
            raise TypeError(codec)
        stream.layout = "mono"
        if isinstance(film, VideoStream):
            film.width, film.height, film.pix_fmt = 64, 64, "yuv420p"
            picture = av.VideoFrame.from_ndarray(np.zeros((64, 64, 3), np.uint8))
            for _ in range(int(len(samples) / rate * 5)):
                file.mux(film.encode(picture))
            file.mux(film.encode(None))
        frame = av.AudioFrame.from_ndarray(samples.reshape(1, -1), "fltp", "mono")
        frame.sample_rate = rate
        fifo = av.AudioFifo()
        resampler = av.AudioResampler(stream.format, "mono", 48_000)
        for part in [*resampler.resample(frame), *resampler.resample(None)]:
            fifo.write(part)
        while piece := fifo.read(stream.codec_context.frame_size or 1024, partial=True):
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))


if __name__ == "__main__":
    main(Path(sys.argv[1]))
