"""Songs that are the same for a seed, different between seeds, and fit to be listened to."""

import numpy as np

from sonica.audio.compose import RATE, Song, compose_song
from sonica.audio.compose.names import title
from sonica.audio.degrade import add_noise, excerpt, play_faster


def test_a_seed_is_a_song(songs: list[Song]) -> None:
    again = compose_song(3)
    np.testing.assert_array_equal(again.samples, songs[3].samples)
    assert again.title == songs[3].title


def test_songs_are_fit_to_be_heard(songs: list[Song]) -> None:
    for song in songs:
        assert song.rate == RATE
        assert song.samples.dtype == np.float32
        assert 30 * RATE <= len(song.samples) <= 60 * RATE
        assert 0.3 < np.abs(song.samples).max() <= 1
        seconds = song.samples[: len(song.samples) // RATE * RATE].reshape(-1, RATE)
        loudness = np.sqrt(np.mean(seconds**2, axis=1))
        assert (loudness[1:-2] > 0.01).all()  # no gap
        assert np.abs(song.samples[-10:]).max() < 0.01  # it fades, and does not click
        assert np.mean(np.abs(song.samples) > 0.9) < 0.001


def test_songs_differ(songs: list[Song]) -> None:
    clips = [song.samples[5 * RATE : 25 * RATE] for song in songs]
    spectra = [np.abs(np.fft.rfft(clip))[: 20 * 4_000] for clip in clips]
    for i in range(len(songs)):
        for j in range(i):
            assert np.corrcoef(spectra[i], spectra[j])[0, 1] < 0.9
            assert songs[i].title != songs[j].title


def test_both_languages_and_no_title_twice(songs: list[Song]) -> None:
    assert [song.language for song in songs] == ["hi", "bho"] * 3
    for language in ("hi", "bho"):
        titles = [title(language, number) for number in range(1000)]
        assert len(set(titles)) == 1000
        assert all("ऀ" <= text[0] <= "ॿ" and "(" in text for text in titles)


def test_noise_is_as_loud_as_asked() -> None:
    quiet = (0.1 * np.sin(np.arange(80_000) * 0.3)).astype(np.float32)
    noise = add_noise(quiet, 5.0) - quiet
    snr = 10 * np.log10(np.mean(quiet**2) / np.mean(noise**2))
    assert abs(snr - 5) < 0.01


def test_playing_faster_is_shorter_and_higher() -> None:
    rate = 8_000
    tone = np.sin(2 * np.pi * 440 * np.arange(4 * rate) / rate).astype(np.float32)
    fast = play_faster(excerpt(tone, rate, 1.0, 2.0), 1.25)
    assert len(fast) == int(2 * rate / 1.25)
    strongest = np.argmax(np.abs(np.fft.rfft(fast))) * rate / len(fast)
    assert abs(strongest - 550) < 1
