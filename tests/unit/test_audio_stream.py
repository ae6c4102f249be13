"""Sound of any length piece by piece, here and from a process of its own, in little memory."""

import sys
import tracemalloc
from pathlib import Path

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.handmade import wav

from sonica import _engine
from sonica.audio import BROADCAST, LIMITS, AudioError, Limits, Sandbox, open_stream

RATE = 8_000

ACTING = """
import os
from contextlib import contextmanager
from sonica.audio import Stream, open_stream, worker

@contextmanager
def act(path, *arguments, **options):
    with open_stream(path, *arguments, **options) as stream:
        yield Stream(stream.rate, dying(stream.blocks, os.path.basename(path)))

def dying(blocks, name):
    for number, block in enumerate(blocks):
        yield block
        if number == 2 and name == "dies.wav":
            os.abort()
        if number == 2 and name == "hangs.wav":
            import time
            time.sleep(600)

worker.open_stream = act
worker.main()
"""
"""A worker that does what the name of the file says, in the midst of it."""


def noise(seconds: float) -> NDArray[np.int16]:
    return np.random.default_rng(0).integers(-9_000, 9_000, int(seconds * RATE)).astype(np.int16)


def sparse(path: Path, seconds: int) -> Path:
    """A long file of eight bits at 4 kHz that takes no room on the disk; a constant, which is no silence."""
    head = wav(np.zeros(0, np.uint8), 4_000, promised=seconds * 4_000)
    with path.open("wb") as file:
        file.write(head)
        file.truncate(len(head) + seconds * 4_000)
    return path


def test_another_rate_keeps_pitch_and_length(tmp_path: Path) -> None:
    tone = (9_000 * np.sin(2 * np.pi * 440 * np.arange(44_100 * 3) / 44_100)).astype(np.int16)
    (tmp_path / "a.wav").write_bytes(wav(tone, 44_100))
    for rate in (8_000, 16_000, 44_100, 96_000):
        with open_stream(tmp_path / "a.wav", rate=rate) as stream:
            blocks = list(stream.blocks)
        samples = np.concatenate(blocks)
        assert stream.rate == rate
        assert {block.dtype for block in blocks} == {np.dtype(np.float32)}
        assert len(samples) == pytest.approx(3 * rate, abs=50)
        spectrum = np.abs(np.fft.rfft(samples))
        assert np.argmax(spectrum) * rate / len(samples) == pytest.approx(440, abs=1)


def test_a_process_sends_what_is_decoded_here(music: Path) -> None:
    with Sandbox(1) as sandbox:
        for first, rate in ((None, None), (2.5, None), (4.0, 11_025)):
            with (
                open_stream(music / "1.flac", first=first, rate=rate) as here,
                sandbox.open_stream(music / "1.flac", first=first, rate=rate) as there,
            ):
                assert there.rate == here.rate
                np.testing.assert_array_equal(
                    np.concatenate(list(there.blocks)), np.concatenate(list(here.blocks))
                )


def test_a_stream_is_fingerprinted_as_it_comes(music: Path) -> None:
    with Sandbox(1) as sandbox, sandbox.open_stream(music / "0.flac") as stream:
        fingerprinter = _engine.Fingerprinter(stream.rate)
        for block in stream.blocks:
            fingerprinter.push(block)
        assert fingerprinter.finish() == sandbox.listen(music / "0.flac").fingerprint


def failure(sandbox: Sandbox, path: Path, limits: Limits = BROADCAST) -> tuple[AudioError, int]:
    """What goes wrong, and how many samples came before."""
    heard: list[int] = []

    def hear() -> None:
        with sandbox.open_stream(path, limits) as stream:
            for block in stream.blocks:
                heard.append(len(block))  # noqa: PERF401  those before the failure count

    with pytest.raises(AudioError) as caught:
        hear()
    return caught.value, sum(heard)


def test_each_failure_is_told(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav(noise(3), RATE))
    (tmp_path / "silent.wav").write_bytes(wav(np.zeros(3 * RATE, np.int16), RATE))
    with Sandbox(1) as sandbox:
        assert failure(sandbox, tmp_path / "none.wav")[0].code == "not_found"
        assert failure(sandbox, tmp_path / "silent.wav")[0].code == "silent"
        assert failure(sandbox, tmp_path / "a.wav", Limits(seconds=1.5))[0].code == "too_long"
        assert failure(sandbox, tmp_path / "a.wav", Limits(lowest_rate=16_000))[0].code == "rate"
    with pytest.raises(RuntimeError), sandbox.open_stream(tmp_path / "a.wav"):
        pass


@pytest.mark.parametrize(
    ("name", "code", "said"), [("dies", "crashed", "SIGABRT"), ("hangs", "time", "2 seconds")]
)
def test_a_process_that_ends_in_the_midst(name: str, code: str, said: str, tmp_path: Path) -> None:
    (tmp_path / f"{name}.wav").write_bytes(wav(noise(10), RATE))
    with Sandbox(1, program=[sys.executable, "-P", "-c", ACTING]) as sandbox:
        error, heard = failure(sandbox, tmp_path / f"{name}.wav", Limits(stalled_seconds=2))
    assert (error.code, said in error.message) == (code, True), error.message
    assert 3 * RATE <= heard < 10 * RATE


def test_whoever_stops_early_leaves_nothing_behind(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav(noise(60), RATE))
    with Sandbox(1) as sandbox:
        with sandbox.open_stream(tmp_path / "a.wav") as stream:
            assert len(next(stream.blocks)) >= RATE
            assert sandbox.listen(tmp_path / "a.wav").duration_s == 60  # the process of another is free
        for _ in range(3):
            with sandbox.open_stream(tmp_path / "a.wav"):
                pass
        assert len(sandbox._idle) == 1
        assert not sandbox._busy


def test_hours_go_through_in_little_memory(tmp_path: Path) -> None:
    path = sparse(tmp_path / "long.wav", 5 * 3_600)
    little = Limits(seconds=BROADCAST.seconds, memory=96 << 20)
    assert little.seconds > LIMITS.seconds
    with Sandbox(1) as sandbox, sandbox.open_stream(path, little) as stream:
        tracemalloc.start()
        try:
            heard = sum(len(block) for block in stream.blocks)
            _, most = tracemalloc.get_traced_memory()
        finally:
            tracemalloc.stop()
    assert heard == 5 * 3_600 * 4_000
    assert most < 8e6
