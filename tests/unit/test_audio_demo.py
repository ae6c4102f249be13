"""The demo's songs: true to raga and tala, fit to be heard, and told apart by Sonica."""

import re
from itertools import pairwise

import numpy as np
import pytest
from numpy.typing import NDArray

from sonica import _engine
from sonica.audio.compose.demo import PIECES, DemoSong, Score, compose_demo_song, write_score
from sonica.audio.compose.demo.drums import drum_set
from sonica.audio.compose.demo.melody import wander
from sonica.audio.compose.demo.phrasing import Tone
from sonica.audio.compose.demo.ragas import RAGAS, hertz, sargam
from sonica.audio.compose.demo.rhythm import Hit
from sonica.audio.compose.demo.strings import STRINGS, play_string
from sonica.audio.compose.demo.talas import BOLS, TALAS
from sonica.audio.compose.demo.voices import VOICES, play_voice
from sonica.audio.compose.instruments import RATE
from sonica.audio.degrade import add_noise, excerpt, play_faster
from sonica.recognition import Recognizer, SongRef

HEARD = (1, 5, 8, 14, 16, 22)
"""Pieces that are played here: five ragas, six talas, and the two that share Kafi or Sarang with others."""


@pytest.fixture(scope="module")
def scores() -> list[Score]:
    return [write_score(piece) for piece in PIECES]


@pytest.fixture(scope="module")
def played() -> dict[int, DemoSong]:
    return {number: compose_demo_song(number) for number in HEARD}


def mono(song: DemoSong) -> NDArray[np.float32]:
    return np.asarray(song.samples.mean(axis=1), np.float32)


# --- names ------------------------------------------------------------------------------------------


def test_two_dozen_titles_in_both_scripts() -> None:
    assert [piece.number for piece in PIECES] == list(range(24))
    for names in ([p.devanagari for p in PIECES], [p.latin for p in PIECES], [p.title for p in PIECES]):
        assert len(set(names)) == 24
    for piece in PIECES:
        assert re.fullmatch(r"[\u0900-\u097f ]+", piece.devanagari)
        assert re.fullmatch(r"[A-Za-z ]+", piece.latin)
        assert piece.artist
        assert piece.genre
        assert "(" in piece.album
        assert 2000 <= piece.year <= 2026
    assert [piece.language for piece in PIECES] == ["hi", "bho"] * 12


def test_no_two_pieces_share_raga_and_tala_or_pitch_and_pace() -> None:
    assert len({(piece.raga, piece.tala) for piece in PIECES}) == 24
    assert len({piece.sa for piece in PIECES}) == len({piece.pace for piece in PIECES}) == 24


# --- ragas ------------------------------------------------------------------------------------------


def test_sargam_is_read_as_singers_write_it() -> None:
    assert sargam(".N R G M P D n S'") == (-1, 2, 4, 6, 7, 9, 10, 12)
    assert hertz(7, 200) == 300
    assert hertz(-5, 200) == 150
    with pytest.raises(KeyError):
        sargam("S X")


@pytest.mark.parametrize(
    ("raga", "swaras"),
    [
        ("Yaman", "S R G M P D N"),
        ("Bhairavi", "S r g m P d n"),
        ("Kafi", "S R g m P D n"),
        ("Bhupali", "S R G P D"),
        ("Durga", "S R m P D"),
        ("Malkauns", "S g m d n"),
        ("Desh", "S R G m P D n N"),
        ("Khamaj", "S R G m P D n N"),
        ("Bageshri", "S R g m P D n"),
    ],
)
def test_a_raga_has_its_swaras(raga: str, swaras: str) -> None:
    assert RAGAS[raga].swaras == set(sargam(swaras))


def test_a_step_is_allowed_by_ascent_descent_or_phrase() -> None:
    desh = RAGAS["Desh"]
    assert desh.allows(7, 11)  # P N: climbing
    assert not desh.allows(5, 10)  # m n: the flat Ni only comes down
    assert not desh.allows(10, 12)
    assert desh.allows(7, 10)  # P n, as its phrase P n D P does it
    assert desh.allows(12, 10)
    assert not desh.allows(12, 11)
    assert desh.allows(2, 4)  # R G, though the ascent has no G: its phrase turns there


def test_all_notes_are_of_the_raga_and_move_as_it_does(scores: list[Score]) -> None:
    for score in scores:
        raga = score.raga
        for tone in score.tones:
            assert tone.swara % 12 in raga.swaras, score.piece.latin
            assert tone.touched is None or tone.touched % 12 in raga.swaras
        assert len(score.placed) >= len(score.piece.form)
        for placed in score.placed:
            for a, b in pairwise(placed.line.swaras):
                assert raga.allows(a, b), (score.piece.latin, a, b)


def test_the_vadi_is_dwelt_upon(scores: list[Score]) -> None:
    for score in scores:
        held = dict.fromkeys(score.raga.swaras, 0.0)
        for tone in score.lead:
            held[tone.swara % 12] += tone.length
        share = held[score.raga.vadi] / sum(held.values())
        assert share > 1.2 / len(held), score.piece.latin


def test_a_walk_ends_where_it_should_or_says_that_it_cannot() -> None:
    rng = np.random.default_rng(0)
    pulls = [np.ones(18)] * 6
    for _ in range(20):
        assert wander(RAGAS["Yaman"], (4, 0), pulls, (-5, 12), rng)[-1] == 0
    with pytest.raises(ValueError, match="no way"):
        wander(RAGAS["Jhinjhoti"], (-3, 4), pulls[:1], (-5, 12), rng)


# --- talas ------------------------------------------------------------------------------------------


@pytest.mark.parametrize(
    ("tala", "matras", "vibhags"),
    [
        ("dadra", 6, (3, 3)),
        ("rupak", 7, (3, 2, 2)),
        ("keherwa", 8, (4, 4)),
        ("jhaptal", 10, (2, 3, 2, 3)),
        ("ektal", 12, (2,) * 6),
        ("deepchandi", 14, (3, 4, 3, 4)),
        ("teental", 16, (4,) * 4),
    ],
)
def test_a_tala_has_its_matras(tala: str, matras: int, vibhags: tuple[int, ...]) -> None:
    assert TALAS[tala].matras == matras == sum(TALAS[tala].vibhags)
    assert TALAS[tala].vibhags == vibhags
    assert set(TALAS[tala].theka) <= set(BOLS)
    assert {piece.tala for piece in PIECES} == set(TALAS)


def struck(hits: list[Hit], when: float) -> set[str]:
    return {hit.sound for hit in hits if abs(hit.start - when) < 0.025}


def test_the_theka_comes_round_and_each_bol_is_struck(scores: list[Score]) -> None:
    for score in scores:
        tala = score.tala
        for cycle, following in pairwise(score.cycles):
            assert following.start - cycle.start == pytest.approx(tala.matras * cycle.matra)
            if cycle.kind == "tihai":
                continue
            assert cycle.bols == tala.theka
            kept = tala.matras if cycle.kind == "theka" else tala.starts[-1]
            for i, bol in enumerate(tala.theka[:kept]):
                parts = BOLS[bol]
                for j, sounds in enumerate(parts):
                    when = cycle.start + (i + j / len(parts)) * cycle.matra
                    assert set(sounds) <= struck(score.hits, when), (score.piece.latin, bol)
        kinds = [cycle.kind for cycle in score.cycles]
        assert kinds.count("theka") > len(kinds) / 3
        assert kinds[-1] == "tihai"


def test_the_tihai_ends_on_the_sam_and_on_sa(scores: list[Score]) -> None:
    for score in scores:
        last = score.cycles[-1]
        sam = last.start + score.tala.matras * last.matra
        assert {"na", "ge"} <= struck(score.hits, sam)
        assert score.hits[-1].start == pytest.approx(sam)
        assert score.lead[-1].swara == 0
        assert score.lead[-1].start == pytest.approx(sam)


# --- what is heard ----------------------------------------------------------------------------------


def test_a_number_is_a_song(played: dict[int, DemoSong]) -> None:
    again = compose_demo_song(14)
    assert again.piece == played[14].piece == PIECES[14]
    np.testing.assert_array_equal(again.samples, played[14].samples)
    for number in (-1, 24):
        with pytest.raises(IndexError):
            compose_demo_song(number)


def test_all_scores_last_one_to_two_minutes(scores: list[Score]) -> None:
    for score in scores:
        assert 60 <= score.seconds <= 120
        assert 8 <= score.alap <= 16
        assert max(tone.start + tone.length for tone in score.lead) < score.seconds - 1


def test_songs_are_fit_to_be_heard(played: dict[int, DemoSong]) -> None:
    for song in played.values():
        assert song.rate == RATE
        assert song.samples.dtype == np.float32
        assert song.samples.shape[1] == 2
        assert 0.3 < np.abs(song.samples).max() < 0.95
        assert np.mean(np.abs(song.samples) > 0.6) < 0.001  # hardly anything is pressed
        assert np.abs(song.samples[:10]).max() < 0.01
        assert np.abs(song.samples[-10:]).max() < 0.001
        seconds = mono(song)[: len(song.samples) // RATE * RATE].reshape(-1, RATE)
        loudness = np.sqrt(np.mean(seconds**2, axis=1))
        assert (loudness[1:-4] > 0.008).all()  # no gap
        assert np.sqrt(np.mean(song.samples**2)) == pytest.approx(0.11, rel=0.05)
        left, right = song.samples.T
        assert 0.3 < np.corrcoef(left, right)[0, 1] < 0.99  # wide, and whole on one loudspeaker


@pytest.mark.parametrize("name", [*VOICES, *STRINGS])
def test_an_instrument_is_in_tune(name: str) -> None:
    sa, rng = 180.0, np.random.default_rng(1)
    tone = [Tone(0.0, 2.0, 7, 0.8)]
    if name in VOICES:
        sound = play_voice(VOICES[name], tone, sa, 2.0, rng)
        pitch = 1.5 * sa * 2 ** VOICES[name].octave
    else:
        sound = play_string(STRINGS[name], tone, sa, 2.0, rng)
        pitch = 1.5 * sa * 2 ** STRINGS[name].octave
    spectrum = np.abs(np.fft.rfft(sound * np.hanning(len(sound)), 8 * len(sound)))
    near = slice(int(16 * pitch * 0.94), int(16 * pitch * 1.06))
    strongest = (near.start + int(np.argmax(spectrum[near]))) / 16
    assert abs(1200 * np.log2(strongest / pitch)) < 12
    assert np.abs(sound[:20]).max() < 0.3 * np.abs(sound).max()  # nothing clicks


@pytest.mark.parametrize("kit", ["tabla", "dholak"])
def test_a_set_of_drums_has_every_stroke(kit: str) -> None:
    assert kit in {"tabla", "dholak"}
    sounds = drum_set("tabla" if kit == "tabla" else "dholak", 150.0, np.random.default_rng(0))
    assert {sound for parts in BOLS.values() for part in parts for sound in part} <= set(sounds)
    centre = {
        name: np.average(np.fft.rfftfreq(len(s), 1 / RATE), weights=np.abs(np.fft.rfft(s)) ** 2)
        for name, s in sounds.items()
    }
    assert centre["ge"] < 150 < centre["tun"] < centre["na"] < centre["manjira"]


# --- told apart -------------------------------------------------------------------------------------


def test_an_excerpt_names_its_song_and_no_other(played: dict[int, DemoSong]) -> None:
    builder = _engine.PackBuilder()
    for number, song in played.items():
        builder.add(number + 1, number + 1, _engine.fingerprint(mono(song), RATE))
    pack = _engine.Pack.from_bytes(builder.build())

    def describe(ids: object) -> dict[int, SongRef]:
        return {
            n + 1: SongRef(
                id=n + 1, recording_id=n + 1, title=PIECES[n].title, artist="", language="hi", path=""
            )
            for n in HEARD
        }

    recognizer = Recognizer(lambda: ([pack], ()), describe)
    for song in played.values():
        for start, speed, snr in ((20.0, 1.0, None), (35.0, 1.1, 5.0), (48.0, 0.93, 10.0)):
            clip = play_faster(excerpt(mono(song), RATE, start, 10 * speed), speed)
            answer = recognizer.samples(clip if snr is None else add_noise(clip, snr), RATE)
            assert answer.status == "match", (song.piece.latin, start, answer.confidence)
            assert answer.song is not None
            assert answer.song.title == song.piece.title
            assert answer.speed == pytest.approx(speed, abs=0.01)
    # A song that is not in the pack, though its raga and its tala are, is not named.
    stranger = mono(compose_demo_song(15))
    assert recognizer.samples(excerpt(stranger, RATE, 20, 10), RATE).song is None
