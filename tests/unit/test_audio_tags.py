"""Titles survive every container; writing and reading back gives what was written."""

from pathlib import Path

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import Encode

from sonica.audio import AudioError, Tags, decode, read_tags, write_audio
from sonica.audio.tags import LONGEST, clean, language_tag, year

TITLE = "सावन की धूप (Savan ki Dhoop)"
NOISE = np.random.default_rng(1).uniform(-0.5, 0.5, 16_000).astype(np.float32)


@pytest.mark.parametrize(
    ("name", "codec", "form"),
    [
        ("a.mp3", "libmp3lame", "fltp"),
        ("a.m4a", "aac", "fltp"),
        ("a.opus", "libopus", "flt"),
        ("a.flac", "flac", "s16"),
        ("a.wav", "pcm_s16le", "s16"),
        ("a.webm", "libopus", "flt"),
    ],
)
def test_devanagari_survives_every_container(
    name: str, codec: str, form: str, tmp_path: Path, encode: Encode
) -> None:
    said = {"title": TITLE, "artist": "गाँव मंडली"}
    path = encode(tmp_path / name, NOISE[None], 16_000, codec, sample_format=form, metadata=said)
    tags = read_tags(path)
    assert (tags.title, tags.artist) == (TITLE, "गाँव मंडली")


@pytest.mark.parametrize("name", ["a.wav", "a.flac"])
def test_what_we_write_we_read(name: str, tmp_path: Path) -> None:
    tags = Tags(TITLE, "मंडली", "Album", "bho", "Kajari", "2021")
    write_audio(tmp_path / name, NOISE, 16_000, tags)
    assert read_tags(tmp_path / name) == tags
    np.testing.assert_allclose(decode(tmp_path / name).samples, NOISE, atol=1 / 32_000)


def test_stereo_is_written_side_by_side(tmp_path: Path) -> None:
    write_audio(tmp_path / "a.wav", np.stack([NOISE, -NOISE / 2], axis=1), 16_000)
    np.testing.assert_allclose(decode(tmp_path / "a.wav").samples, NOISE / 4, atol=1e-4)


def test_writing_fails_with_a_reason_and_leaves_nothing(tmp_path: Path) -> None:
    (tmp_path / "file").write_text("")
    with pytest.raises(AudioError) as caught:
        write_audio(tmp_path / "file" / "a.wav", NOISE, 16_000)
    assert caught.value.code == "not_written"
    with pytest.raises(ValueError, match="wav"):
        write_audio(tmp_path / "a.mp3", NOISE, 16_000)
    assert [path.name for path in tmp_path.iterdir()] == ["file"]


def test_the_title_falls_back_to_the_name(tmp_path: Path) -> None:
    write_audio(tmp_path / "गीत १.flac", NOISE, 16_000)
    assert read_tags(tmp_path / "गीत १.flac") == Tags(title="गीत १")


@pytest.mark.parametrize(
    ("said", "meant"),
    [
        *[
            ("Hindi", "hi"),
            ("hin", "hi"),
            ("HI", "hi"),
            ("भोजपुरी", "bho"),
            ("bho", "bho"),
            ("en_US", "en-us"),
        ],
        *[("und", ""), ("", ""), ("???", ""), ("the best language", ""), ("fra", "fra")],
    ],
)
def test_languages(said: str, meant: str) -> None:
    assert language_tag(said) == meant


@given(st.text(st.characters(), max_size=2 * LONGEST))
def test_clean_text_is_one_harmless_line(text: str) -> None:
    cleaned = clean(text)
    assert len(cleaned) <= LONGEST
    assert cleaned.encode("utf-8").decode() == cleaned
    assert not any(ord(char) < 32 or ord(char) == 127 for char in cleaned)
    assert clean(cleaned) == cleaned or len(cleaned) == LONGEST


def test_joiners_of_devanagari_stay() -> None:
    assert clean("  क्\u200dष  \n") == "क्\u200dष"


@pytest.mark.parametrize(
    ("said", "meant"),
    [("2021", "2021"), (" 1974-05-01", "1974"), ("1974/5", "1974"), ("", ""), ("74", ""), ("20211", "")],
)
def test_a_year_is_four_digits(said: str, meant: str) -> None:
    assert year(said) == meant
