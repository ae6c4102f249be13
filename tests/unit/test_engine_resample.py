"""The engine's resampler against SciPy's, and against what a tone must become."""

import numpy as np
import pytest
from numpy.typing import NDArray
from scipy import signal

from sonica import _engine

RATE = _engine.ENGINE_RATE
RATES = [11_025, 16_000, 22_050, 32_000, 44_099, 44_100, 48_000, 96_000]
EXACT = [rate for rate in RATES if rate != 44_099]
"""Rates whose ratio to the engine's has a small denominator; the other one is rounded, by some millionths."""
PASSED, STOPPED = 3_600, 4_400
"""Hz: the filter's slope lies between these."""

Samples = NDArray[np.float32]


def tone(hertz: float, rate: int, seconds: float = 0.5) -> Samples:
    times = np.arange(int(seconds * rate)) / rate
    return np.cos(2 * np.pi * hertz * times).astype(np.float32)


def response(samples: Samples, hertz: float) -> complex:
    """Amplitude and phase of a tone at the engine's rate, without the ends, by least squares."""
    middle = slice(400, len(samples) - 400)
    times = np.arange(len(samples))[middle] / RATE
    wave = np.exp(2j * np.pi * hertz * times)
    parts = np.linalg.lstsq(np.stack([wave.real, wave.imag], 1), samples[middle], rcond=None)[0]
    return complex(parts[0], -parts[1])


@pytest.mark.parametrize("rate", RATES)
def test_a_tone_passes_in_its_place(rate: int) -> None:
    for hertz in (60.0, 440.0, 1_000.0, 2_345.6, 3_300.0, float(PASSED)):
        heard = response(_engine.resample(tone(hertz, rate), rate), hertz)
        assert abs(20 * np.log10(abs(heard))) < 0.1, f"{hertz} Hz comes out at {abs(heard)}"
        delay = -np.angle(heard) / (2 * np.pi * hertz)
        # Rounding a ratio by 12 millionths shifts the middle of half a second by 3 µs.
        assert abs(delay) < (1e-7 if rate in EXACT else 5e-6), f"{hertz} Hz comes {delay} s late"


@pytest.mark.parametrize("rate", [rate for rate in RATES if rate > 2 * STOPPED])
def test_a_tone_that_the_engines_rate_cannot_hold_is_stopped(rate: int) -> None:
    count = 25 if rate in EXACT else 3  # a rounded ratio takes hundreds of times as many filters to design
    for hertz in np.linspace(STOPPED, rate / 2, count, endpoint=False):
        left = _engine.resample(tone(hertz, rate), rate)[400:-400]
        level = 20 * np.log10(np.sqrt(2 * np.mean(left.astype(np.float64) ** 2)) + 1e-12)
        assert level < -60, f"{hertz:.0f} Hz is heard at {level:.0f} dB"


@pytest.mark.parametrize("rate", EXACT)
def test_noise_comes_out_as_scipys_filter_gives_it(rate: int) -> None:
    divisor = np.gcd(RATE, rate)
    up, down = RATE // divisor, rate // divisor
    taps, beta = signal.kaiserord(75, (STOPPED - PASSED) / (rate * up / 2))
    window = signal.firwin(taps | 1, RATE / 2, window=("kaiser", beta), fs=rate * up)
    noise = np.random.default_rng(rate).uniform(-1, 1, rate).astype(np.float32)
    expected = signal.resample_poly(noise.astype(np.float64), up, down, window=window)
    found = _engine.resample(noise, rate)
    assert len(found) == len(expected)
    # In the slope two filters of one design but not of one length differ; nothing is looked for there.
    low = signal.firwin(201, 3_300, fs=RATE)
    difference = signal.convolve(found - expected, low, "valid")
    assert np.abs(difference).max() < 2e-3


@pytest.mark.parametrize("rate", RATES)
def test_an_impulse_stays_where_it_is(rate: int) -> None:
    samples = np.zeros(rate, dtype=np.float32)
    samples[rate // 2] = rate / RATE
    times = np.arange(RATE) / RATE
    energy = _engine.resample(samples, rate).astype(np.float64) ** 2
    assert abs((energy * times).sum() / energy.sum() - (rate // 2) / rate) < 0.25 / RATE


@pytest.mark.parametrize("rate", EXACT)
@pytest.mark.parametrize("length", [0, 1, 2, 999, 12_345])
def test_the_length_is_kept(rate: int, length: int) -> None:
    found = _engine.resample(np.ones(length, dtype=np.float32), rate)
    assert found.dtype == np.float32
    assert len(found) == -(-length * RATE // rate)


def test_sounds_add_up() -> None:
    generator = np.random.default_rng(1)
    one, other = (generator.uniform(-1, 1, 20_000).astype(np.float32) for _ in range(2))
    apart = _engine.resample(one, 44_100) + _engine.resample(other, 44_100)
    assert np.abs(_engine.resample(one + other, 44_100) - apart).max() < 1e-5


def test_what_is_no_number_is_silence_and_what_is_too_loud_is_cut() -> None:
    wild = np.array([np.nan, np.inf, -np.inf, 1e9, -1e9, 0.5], dtype=np.float32)
    assert _engine.resample(wild, RATE).tolist() == [0, 8, -8, 8, -8, 0.5]


@pytest.mark.parametrize("rate", [0, 3_999, 384_001, 2**32 - 1, 2**32, 2**33, -1, -(2**40), 10**30])
def test_other_rates_are_refused(rate: int) -> None:
    samples = np.zeros(10, dtype=np.float32)
    for work in (
        lambda: _engine.resample(samples, rate),
        lambda: _engine.fingerprint(samples, rate),
        lambda: _engine.fingerprint_many([(samples, rate)]),
        lambda: _engine.Fingerprinter(rate),
    ):
        with pytest.raises(_engine.EngineError) as refused:
            work()
        assert refused.value.code == "rate"
        assert "4,000 to 384,000 Hz" in refused.value.message


@pytest.mark.parametrize("rate", [16_000.0, "16000", None])
def test_a_rate_that_is_no_whole_number_is_refused(rate: object) -> None:
    with pytest.raises(TypeError):
        _engine.resample(np.zeros(10, dtype=np.float32), rate)  # type: ignore[arg-type]
