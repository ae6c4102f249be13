"""What many tests need: composed songs, audio files in every format, the real command line."""

import json
import os
import subprocess
import sys
from collections.abc import Callable, Iterator
from dataclasses import dataclass
from pathlib import Path
from typing import Any, ClassVar

import av
import numpy as np
import pytest
from av.audio.stream import AudioStream
from hypothesis import settings
from numpy.typing import NDArray
from tests.databases import NOWHERE, Databases, open_folder

from sonica.audio import Tags, write_audio
from sonica.audio.compose import Song, compose_song
from sonica.platform.settings import URL_VARIABLE
from sonica.platform.shared import SharedDatabase, close_shared

Encode = Callable[..., Path]

MORE = 10
settings.register_profile("heavy", max_examples=MORE * settings().max_examples, deadline=None)
settings.load_profile(os.environ.get("HYPOTHESIS_PROFILE", "default"))


def encode_audio(
    path: Path,
    samples: NDArray[np.float32],
    rate: int,
    codec: str,
    *,
    sample_format: str = "fltp",
    layout: str = "mono",
    container: str | None = None,
    metadata: dict[str, str] | None = None,
) -> Path:
    """Writes `samples` (shape (channels, n)) with any encoder that FFmpeg has."""
    options = {"strict": "-2"}
    with av.open(os.fspath(path), "w", format=container, container_options={"strict": "-2"}) as file:
        file.metadata.update(metadata or {})
        stream = file.add_stream(codec, rate=rate, options=options)
        assert isinstance(stream, AudioStream)
        stream.format = av.AudioFormat(sample_format)
        stream.layout = layout
        if codec.startswith("wma"):
            stream.bit_rate = 128_000  # it has no usual one
        packed = np.ascontiguousarray(samples.T, np.float32).reshape(1, -1)
        frame = av.AudioFrame.from_ndarray(packed, "flt", layout)
        frame.sample_rate = rate
        fifo = av.AudioFifo()
        for part in av.AudioResampler(format=sample_format, layout=layout, rate=rate).resample(frame):
            fifo.write(part)
        size = stream.codec_context.frame_size or 1024
        while piece := fifo.read(size, partial=True):
            file.mux(stream.encode(piece))
        file.mux(stream.encode(None))
    return path


@pytest.fixture(scope="session")
def encode() -> Encode:
    return encode_audio


@pytest.fixture(scope="session")
def songs() -> list[Song]:
    """Six composed songs, Hindi and Bhojpuri in turn."""
    return [compose_song(seed) for seed in range(6)]


@pytest.fixture(scope="session")
def music(songs: list[Song], tmp_path_factory: pytest.TempPathFactory) -> Path:
    """A folder with the songs as tagged FLAC files, `0.flac` to `5.flac`. Not to be changed."""
    folder = tmp_path_factory.mktemp("music")
    for number, song in enumerate(songs):
        tags = Tags(title=song.title, artist=song.artist, language=song.language)
        write_audio(folder / f"{number}.flac", song.samples, song.rate, tags)
    return folder


@pytest.fixture(scope="session", autouse=True)
def databases() -> Iterator[Databases]:
    """A database for each data folder, in one server: also in this process, whatever opens a folder."""
    with open_folder() as folder, pytest.MonkeyPatch.context() as patch:
        opened = Databases(folder)
        patch.setattr(SharedDatabase, "_own", lambda shared: opened.url(shared._home))
        patch.delenv(URL_VARIABLE, raising=False)
        CommandLine.databases = opened
        yield opened
        close_shared()
        opened.close()


@pytest.fixture(autouse=True)
def _a_test_leaves_no_database(databases: Databases) -> Iterator[None]:
    """What it opened is closed, and is empty for the next test."""
    before = databases.mark()
    yield
    close_shared()
    databases.release(before)


@dataclass
class Ran:
    """What a finished command said."""

    status: int
    out: str
    err: str

    @property
    def lines(self) -> list[dict[str, Any]]:
        """The JSON objects on stdout."""
        return [json.loads(line) for line in self.out.splitlines()]


READERS = {"recognize", "listen", "scan", "monitor", "fingerprint", "config"}
"""Commands that need no database, and are given none."""
SONICA = Path(sys.executable).with_name("sonica")


@dataclass
class CommandLine:
    """The installed command `sonica`, with a data folder of its own."""

    home: Path
    is_alone: bool = False
    """Whether it starts a PostgreSQL of its own, as for a user who named none."""
    databases: ClassVar[Databases]

    @property
    def environment(self) -> dict[str, str]:
        plain = {**os.environ, "SONICA_HOME": str(self.home), "COLUMNS": "80", "NO_COLOR": "1"}
        return plain if self.is_alone else {**plain, URL_VARIABLE: self.databases.url(self.home)}

    def _environment_of(self, words: set[str]) -> dict[str, str]:
        """Those that only read are given no database; `config` would tell where it is."""
        if not words & READERS:
            return self.environment
        environment = CommandLine(self.home, is_alone=True).environment
        return environment if "config" in words else {**environment, URL_VARIABLE: NOWHERE}

    def start(self, *arguments: object, **options: Any) -> subprocess.Popen[bytes]:
        return subprocess.Popen(
            [SONICA, *map(os.fsencode, map(str, arguments))],
            env=self._environment_of(set(map(str, arguments))),
            stdout=subprocess.PIPE,
            stderr=subprocess.PIPE,
            **options,
        )

    def __call__(self, *arguments: object, **options: Any) -> Ran:
        process = self.start(*arguments, **options)
        out, err = process.communicate(timeout=120)
        return Ran(process.returncode, out.decode(), err.decode())


@pytest.fixture
def sonica(tmp_path: Path) -> CommandLine:
    """The command line with an empty catalogue."""
    return CommandLine(tmp_path / "home")


@pytest.fixture(scope="session")
def stocked(music: Path, tmp_path_factory: pytest.TempPathFactory) -> CommandLine:
    """The command line with the songs of `music` added. Not to be changed."""
    command = CommandLine(tmp_path_factory.mktemp("stocked"))
    assert command("add", music).status == 0
    return command


@pytest.fixture(scope="session")
def composed(tmp_path_factory: pytest.TempPathFactory) -> Path:
    """The folder of the songs that a first `sonica demo` composed. Not to be changed."""
    command = CommandLine(tmp_path_factory.mktemp("demo") / "home")
    ran = command("demo")
    assert ran.status == 0, ran.err
    return command.home / "demo" / "songs"
