"""Titles survive every container; writing and reading back gives what was written."""

import io
import struct
from pathlib import Path

import numpy as np
import pytest
from hypothesis import assume, given, settings
from hypothesis import strategies as st
from tests.conftest import Encode, encode_audio
from tests.handmade import PNG, id3, id3v1, riff_tags, wav, with_atom

from sonica.audio import AudioError, Cover, Limits, Tags, decode, read_tags, write_audio
from sonica.audio.text import LONGEST, clean, language_tag, mend

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
        ("a.wv", "wavpack", "fltp"),
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
    tags = Tags(TITLE, "मंडली", "Album", "bho", "Kajari", 2011, "INA091200001" if name == "a.flac" else "")
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
            ("en_US", "en"),
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


@pytest.fixture(scope="module")
def plain(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Files without tags: `mp3` from its first frame on, and `m4a`."""
    folder = tmp_path_factory.mktemp("plain")
    mp3 = encode_audio(folder / "a.mp3", NOISE[None], 16_000, "libmp3lame").read_bytes()
    m4a = encode_audio(folder / "a.m4a", NOISE[None], 16_000, "aac", metadata={"title": "x"}).read_bytes()
    return {"mp3": mp3[mp3.index(b"\xff\xf3") :], "m4a": m4a}


def told(data: bytes) -> Tags:
    return read_tags(io.BytesIO(data), with_cover=True)


def spoiled(text: str) -> str:
    return text.encode().decode("latin-1")


@pytest.mark.parametrize(
    ("version", "title"),
    [
        (3, b"\1" + TITLE.encode("utf-16")),
        (3, b"\1\xfe\xff" + TITLE.encode("utf-16-be") + b"\0\0"),
        (3, b"\0" + TITLE.encode()),  # UTF-8 that is declared as Latin-1
        (3, b"\1" + spoiled(TITLE).encode("utf-16")),
        (4, b"\3" + TITLE.encode() + b"\0  \0"),
        (4, b"\2" + TITLE.encode("utf-16-be")),
        (4, b"\3" + spoiled(TITLE).encode()),
    ],
)
def test_titles_of_mp3_in_each_encoding(version: int, title: bytes, plain: dict[str, bytes]) -> None:
    assert told(id3(version, [(b"TIT2", title)]) + plain["mp3"]).title == TITLE


def test_all_that_an_mp3_says(plain: dict[str, bytes]) -> None:
    frames = [
        (b"TIT2", b"\3" + TITLE.encode()),
        (b"TPE1", b"\0Beyonc\xe9\0\0"),
        (b"TALB", b"\0  \x07Album \0"),
        (b"TLAN", b"\0hin\0"),
        (b"TCON", b"\0(17)"),
        (b"TDRC", b"\x002011-03"),
        (b"TSRC", b"\0IN-A09-12-00001"),
        (b"APIC", b"\0image/jpeg\0\3\0" + PNG),
    ]
    data = id3(4, frames) + plain["mp3"]
    expected = Tags(TITLE, "Beyoncé", "Album", "hi", "Rock", 2011, "INA091200001", Cover(PNG, "image/png"))
    assert told(data) == expected
    assert read_tags(io.BytesIO(data)).cover is None  # when it is not wanted
    assert read_tags(io.BytesIO(data), Limits(cover_bytes=50), with_cover=True).cover is None
    np.testing.assert_array_equal(decode(io.BytesIO(data)).samples, decode(io.BytesIO(plain["mp3"])).samples)


def test_what_is_no_image_is_no_cover(plain: dict[str, bytes]) -> None:
    data = id3(3, [(b"APIC", b"\0image/png\0\3\0<script>")]) + plain["mp3"]
    assert told(data).cover is None


def test_tags_of_long_ago(plain: dict[str, bytes]) -> None:
    tags = told(plain["mp3"] + id3v1(("xx" + TITLE).encode(), b"Beyonc\xe9"))
    assert (tags.title, tags.artist) == ("xxसावन की धू", "Beyoncé")  # 30 bytes, a letter cut in two
    tags = told(wav(NOISE, 16_000, more=riff_tags({b"INAM": TITLE.encode() + b"\0\0", b"ICRD": b"2011"})))
    assert (tags.title, tags.year) == (TITLE, 2011)
    tags = told(wav(NOISE, 16_000, more=riff_tags({b"INAM": b"Beyonc\xe9 ", b"ISRC": b"a studio"})))
    assert (tags.title, tags.isrc) == ("Beyoncé", "")


def test_the_code_in_an_m4a(plain: dict[str, bytes]) -> None:
    tags = told(with_atom(plain["m4a"], "ISRC", b"INA091200001"))
    assert (tags.title, tags.isrc) == ("x", "INA091200001")


def test_several_artists(tmp_path: Path, encode: Encode) -> None:
    said = {"artist": f"{spoiled('कल्पना')};  B;;कल्पना", "genre": ";".join("abcdefghijklmnopqrstuvwxyz")}
    path = encode(tmp_path / "a.flac", NOISE[None], 16_000, "flac", sample_format="s16", metadata=said)
    tags = read_tags(path)
    assert tags.artist == "कल्पना, B"
    assert tags.genre.startswith("a, b, c")
    assert "z" not in tags.genre


def test_endless_values_are_cut(tmp_path: Path, encode: Encode) -> None:
    said = dict.fromkeys(("title", "artist", "album", "genre", "language", "date", "isrc"), "अ" * 200000)
    path = encode(tmp_path / "a.flac", NOISE[None], 16_000, "flac", sample_format="s16", metadata=said)
    tags = read_tags(path)
    assert {len(text) for text in (tags.title, tags.artist, tags.album, tags.genre)} == {LONGEST}
    assert (tags.language, tags.year, tags.isrc) == ("", 0, "")


def test_a_language_that_nobody_chose(tmp_path: Path, plain: dict[str, bytes]) -> None:
    """`und` in the index of an M4A, made `eng`: what many programs write there whatever the song."""
    english = plain["m4a"].replace(b"\x55\xc4\0\0", struct.pack(">HH", 0x15C7, 0))
    assert english != plain["m4a"]
    assert told(english).language == ""


SAFE = st.characters(exclude_categories=["C", "Z"], max_codepoint=0x97F, exclude_characters=";\\")
CONTAINERS = [
    ("m4a", "aac", "fltp"),
    ("opus", "libopus", "flt"),
    ("flac", "flac", "s16"),
    ("wav", "pcm_s16le", "s16"),
    ("webm", "libopus", "flt"),
]


@pytest.mark.parametrize(("suffix", "codec", "form"), CONTAINERS)
def test_any_text_survives(suffix: str, codec: str, form: str, tmp_path: Path) -> None:
    @settings(max_examples=15, deadline=None)
    @given(st.text(SAFE, min_size=1, max_size=40), st.text(SAFE, min_size=1, max_size=40))
    def survives(title: str, artist: str) -> None:
        assume(mend(title) == title and mend(artist) == artist)  # what looks misread is mended
        said = {"title": title, "artist": artist}
        path = encode_audio(
            tmp_path / f"a.{suffix}", NOISE[None, :2000], 16_000, codec, sample_format=form, metadata=said
        )
        tags = read_tags(path)
        assert (tags.title, tags.artist) == (clean(title), clean(artist))

    survives()


@settings(max_examples=40, deadline=None)
@given(title=st.text(SAFE, min_size=1, max_size=40), version=st.sampled_from([3, 4]))
def test_any_text_survives_in_mp3(title: str, version: int, plain: dict[str, bytes]) -> None:
    data = b"\1" + title.encode("utf-16") if version == 3 else b"\3" + title.encode()
    assert told(id3(version, [(b"TIT2", data)]) + plain["mp3"]).title == clean(title)


@settings(max_examples=100, deadline=None)
@given(data=st.data())
def test_any_bytes_in_tags_are_read_or_refused(data: st.DataObject, plain: dict[str, bytes]) -> None:
    names = st.sampled_from([b"TIT2", b"TPE1", b"TLAN", b"TCON", b"TDRC", b"TXXX", b"APIC", b"COMM"])
    frames = data.draw(st.lists(st.tuples(names, st.binary(max_size=200)), max_size=6))
    version = data.draw(st.sampled_from([2, 3, 4]))
    junk = data.draw(st.dictionaries(st.sampled_from([b"INAM", b"IART", b"ICRD"]), st.binary(max_size=99)))
    for file in (id3(version, frames) + plain["mp3"], wav(NOISE, 16_000, more=riff_tags(junk))):
        try:
            tags = told(file)
        except AudioError:
            continue
        assert tags.title == clean(tags.title)
