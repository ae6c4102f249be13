"""Played faster or slower, stretched, transposed, or on a record player that is not quite round.

Signs and factors: `speed` 1.1 is 10 % faster, shorter by 1.1 and higher; `tempo` 1.1 is the same without
the change of pitch; `pitch` +1 is a semitone up at the same length. Tempo and pitch alone are the work of
the Rubber Band library, through its command.
"""

import tempfile
from pathlib import Path

import numpy as np

from bench.accuracy.degrade.tools import run_tool
from bench.accuracy.sound import RATE, Samples, read_samples, resampled, write_wav


def at_speed(samples: Samples, speed: float) -> Samples:
    """As a turntable does it: n samples become n / speed, frequencies are multiplied by speed."""
    return resampled(samples, round(1000 * speed), 1000)


def at_tempo(samples: Samples, tempo: float) -> Samples:
    """N samples become n / tempo; frequencies stay. Raises ToolError."""
    return _rubberband(samples, "--tempo", f"{tempo:g}")


def at_pitch(samples: Samples, semitones: float) -> Samples:
    """N samples stay n; frequencies are multiplied by 2 ** (semitones / 12). Raises ToolError."""
    return _rubberband(samples, "--pitch", f"{semitones:g}")


def with_wow(samples: Samples, rng: np.random.Generator, depth: float = 0.005) -> Samples:
    """Speed swings by ± depth, once in 0.5 to 2 seconds. Same length."""
    cycles = rng.uniform(0.5, 2.0)
    phase = rng.uniform(0, 2 * np.pi)
    time = np.arange(samples.size) / RATE
    swing = depth / (2 * np.pi * cycles) * (np.cos(phase) - np.cos(2 * np.pi * cycles * time + phase))
    fine = resampled(samples, 1, 4)  # straight lines between samples would dull the treble
    return np.asarray(np.interp(4 * RATE * (time + swing), np.arange(fine.size), fine), np.float64)


def _rubberband(samples: Samples, *options: str) -> Samples:
    loudest = max(1.0, float(np.max(np.abs(samples), initial=0)))
    with tempfile.TemporaryDirectory() as folder:
        before, after = Path(folder, "before.wav"), Path(folder, "after.wav")
        write_wav(before, samples / loudest)
        run_tool(["rubberband", "--quiet", *options, str(before), str(after)])
        return read_samples(after) * loudest
