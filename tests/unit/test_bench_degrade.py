"""Degradations do what their names say: measured on tones, clicks and noise whose answers are known."""

import numpy as np
import pytest
from bench.accuracy.degrade import (
    HARDER,
    STANDARD,
    STRANGERS,
    Scene,
    check_name,
    codec,
    damage,
    degraded,
    device,
    noise,
    room,
    speed,
    tools,
    voice,
)
from bench.accuracy.sound import RATE, Samples, rms


@pytest.fixture(scope="module")
def scene() -> Scene:
    """Two noises that need no program, and one small room."""
    response = room.simulated_room(np.random.default_rng(3), 0.3)
    return Scene(noise.NoiseBank([], ["pink", "hum"], 1), [("room", response)])


def tone(hertz: float, seconds: float = 4) -> Samples:
    return 0.3 * np.sin(2 * np.pi * hertz * np.arange(int(seconds * RATE)) / RATE)


def clicks(every_s: float, seconds: float) -> Samples:
    sound = np.zeros(int(seconds * RATE))
    for start in range(0, sound.size, int(every_s * RATE)):
        sound[start : start + 200] = 0.5 * np.hanning(200)[: sound.size - start]
    return sound


def pitch_of(sound: Samples) -> float:
    """The strongest frequency (Hz) of the middle of a clip."""
    middle = sound[sound.size // 4 : -sound.size // 4]
    spectrum = np.abs(np.fft.rfft(middle * np.hanning(middle.size), 1 << 20))
    return float(np.argmax(spectrum) * RATE / (1 << 20))


def beat_of(sound: Samples) -> float:
    """Seconds between clicks: the strongest repetition between 0.2 and 0.8 s."""
    hop = 441
    loud = np.abs(sound[: sound.size // hop * hop]).reshape(-1, hop).max(axis=1)
    loud = loud - loud.mean()
    alike = np.correlate(loud, loud, "full")[loud.size :]
    return float((np.argmax(alike[19:80]) + 20) * hop / RATE)


def level_db(sound: Samples) -> float:
    return float(20 * np.log10(rms(sound)))


@pytest.mark.parametrize("factor", [0.7, 0.83, 0.98, 1.1, 1.4])
def test_speed_changes_length_and_pitch(factor: float) -> None:
    fast = speed.at_speed(tone(440), factor)
    assert fast.size == pytest.approx(4 * RATE / factor, abs=2)
    assert pitch_of(fast) == pytest.approx(440 * factor, rel=1e-3)


@pytest.mark.parametrize("factor", [0.75, 1.25])
def test_tempo_changes_length_and_beat_but_not_pitch(factor: float) -> None:
    stretched = speed.at_tempo(tone(440), factor)
    assert stretched.size == pytest.approx(4 * RATE / factor, rel=0.01)
    assert pitch_of(stretched) == pytest.approx(440, rel=2e-3)
    assert beat_of(speed.at_tempo(clicks(0.4, 8), factor)) == pytest.approx(0.4 / factor, abs=0.02)


@pytest.mark.parametrize("semitones", [-3, 1])
def test_pitch_changes_pitch_but_not_length(semitones: int) -> None:
    moved = speed.at_pitch(tone(440), semitones)
    assert moved.size == pytest.approx(4 * RATE, rel=0.01)
    assert pitch_of(moved) == pytest.approx(440 * 2 ** (semitones / 12), rel=2e-3)


def test_wow_swings_by_half_a_percent() -> None:
    sound = speed.with_wow(tone(1000, 10), np.random.default_rng(0))
    last = np.flatnonzero((sound[:-1] < 0) & (sound[1:] >= 0))
    crossings = last - sound[last] / (sound[last + 1] - sound[last])
    hertz = 20 * RATE / (crossings[20:] - crossings[:-20])
    assert hertz.max() == pytest.approx(1005, abs=1)
    assert hertz.min() == pytest.approx(995, abs=1)


@pytest.mark.parametrize("snr_db", [10, 0, -10])
def test_noise_stands_at_its_ratio(snr_db: float, scene: Scene) -> None:
    song = tone(440)
    part, _ = scene.noises.segment(np.random.default_rng(1), song.size)
    mixed = noise.mixed(song, part, snr_db)
    assert level_db(song) - level_db(mixed - song) == pytest.approx(snr_db, abs=1e-6)


def test_pink_noise_has_equal_power_in_each_octave() -> None:
    power = np.abs(np.fft.rfft(noise.pink(np.random.default_rng(0), 20 * RATE))) ** 2
    octaves = [power[20 * low : 40 * low].sum() for low in (100, 400, 1600, 6400)]
    assert np.ptp(10 * np.log10(octaves)) < 1


@pytest.mark.parametrize("name", ["pink", "murmur", "hum", "clatter"])
def test_made_noises_are_level_and_seeded(name: str) -> None:
    first, again, other = (noise.MADE[name](np.random.default_rng(seed), RATE) for seed in (1, 1, 2))
    assert rms(first) == pytest.approx(0.1)
    assert np.array_equal(first, again)
    assert not np.array_equal(first, other)


@pytest.mark.parametrize("decay_s", [0.3, 0.8])
def test_rooms_fall_by_sixty_decibels_in_their_decay(decay_s: float) -> None:
    response = room.simulated_room(np.random.default_rng(5), decay_s)
    left = np.cumsum(response[::-1] ** 2)[::-1]
    fallen = 10 * np.log10(left / left[0])
    t5, t25 = (int(np.argmax(fallen < level)) for level in (-5, -25))
    assert 3 * (t25 - t5) / RATE == pytest.approx(decay_s, rel=0.35)


def test_reverb_tail_outlasts_the_sound() -> None:
    sound = np.concatenate([tone(440, 0.5), np.zeros(RATE)])
    wet = room.with_tail(sound, np.random.default_rng(1))
    assert rms(wet[RATE // 2 :]) > 0.01 * rms(sound)


def test_devices() -> None:
    song = tone(200) + tone(2000)
    assert level_db(device.quiet(song)) == pytest.approx(-50)
    assert np.mean(np.abs(device.clipped(song)) == 1) > 0.5
    bass, treble = (abs(np.vdot(device.small_speaker(song), tone(hertz))) for hertz in (200, 2000))
    assert bass < 0.05 * treble
    assert level_db(device.bass_boosted(tone(40))) - level_db(tone(40)) == pytest.approx(12, abs=1)
    assert level_db(device.bass_boosted(tone(2000))) == pytest.approx(level_db(tone(2000)), abs=0.2)


def test_compressor_brings_loud_and_soft_together() -> None:
    song = tone(440) * np.repeat([1.0, 0.1], 2 * RATE)
    pressed = device.compressed(song)
    before = level_db(song[RATE : 2 * RATE]) - level_db(song[3 * RATE :])
    after = level_db(pressed[RATE : 2 * RATE]) - level_db(pressed[3 * RATE :])
    assert before == pytest.approx(20, abs=0.1)
    assert 0 < after < 10


def test_dropouts_take_their_share() -> None:
    damaged = damage.with_dropouts(np.ones(10 * RATE), np.random.default_rng(0))
    assert np.mean(damaged == 0) == pytest.approx(0.05, abs=0.001)


def test_noise_suppressor_lowers_the_noise_between_notes() -> None:
    rng = np.random.default_rng(0)
    song = tone(440) * np.repeat([1.0, 0.0], 2 * RATE)
    clean = damage.noise_suppressed(song + 0.02 * rng.standard_normal(song.size))
    assert rms(clean[3 * RATE :]) < 0.6 * 0.02
    assert rms(clean[:RATE]) == pytest.approx(rms(song[:RATE]), rel=0.1)


@pytest.mark.parametrize(
    ("coded", "bits"),
    [(codec.OPUS_NARROW, 24_000), (codec.AAC_NARROW, 24_000), (codec.MP3, 64_000), (codec.SBC, 96_000)],
)
def test_codecs_keep_tone_and_length(coded: codec.Codec, bits: int) -> None:
    sound = codec.through(tone(440), coded, bits)
    assert sound.size == 4 * RATE
    assert pitch_of(sound) == pytest.approx(440, rel=2e-3)
    assert not np.allclose(sound, tone(440), atol=1e-4)


def test_gsm_keeps_the_tone_and_loses_the_treble() -> None:
    sound = codec.through_gsm(tone(440) + tone(6000))
    assert sound.size == 4 * RATE
    assert pitch_of(sound) == pytest.approx(440, rel=2e-3)
    assert abs(np.vdot(sound, tone(6000))) < 0.05 * np.vdot(tone(6000), tone(6000))


def test_a_voice_talks_all_the_time() -> None:
    talk, name = voice.speaker(np.random.default_rng(2), 3 * RATE)
    assert name in voice.VOICES
    assert talk.size == 3 * RATE
    assert rms(talk) == pytest.approx(0.1)
    assert rms(talk[RATE:]) > 0.03


@pytest.mark.parametrize("name", sorted({*STANDARD, *HARDER, *STRANGERS}))
def test_every_degradation_is_a_function_of_its_inputs(name: str, scene: Scene) -> None:
    song = tone(330, 1.5) + clicks(0.25, 1.5)
    before = song.copy()
    first, again = (degraded(song, 1, name, scene, np.random.default_rng(7)) for _ in range(2))
    assert np.array_equal(first[0], again[0])
    assert first[1] == again[1]
    assert first[0].size == RATE
    assert 0 < np.max(np.abs(first[0])) <= 0.99 + 1e-9
    assert np.array_equal(song, before)
    assert np.array_equal(first[0], song[:RATE]) == (name == "clean")


@pytest.mark.parametrize("name", ["", "loud", "speed", "snr", "speed5", "pitch+1_phone"])
def test_unknown_names_are_refused(name: str) -> None:
    with pytest.raises(ValueError, match="no degradation"):
        check_name(name)


def test_a_missing_program_is_named_with_its_package(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setenv("PATH", "")
    with pytest.raises(tools.ToolError, match=r"rubberband is not installed.*apt-get install rubberband-cli"):
        speed.at_pitch(tone(440, 0.2), 1)
