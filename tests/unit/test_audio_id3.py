"""All values of a tag of an MP3 file are read, and no bytes make the reader fail or wander."""

import io

import numpy as np
import pytest
from hypothesis import given
from hypothesis import strategies as st
from tests.conftest import encode_audio
from tests.handmade import id3

from sonica.audio import Tags, read_tags
from sonica.audio.id3 import several_values


@pytest.fixture(scope="module")
def frames_of_mp3(tmp_path_factory: pytest.TempPathFactory) -> bytes:
    """An MP3 file without tags."""
    noise = np.random.default_rng(1).uniform(-0.5, 0.5, (1, 8_000)).astype(np.float32)
    mp3 = encode_audio(tmp_path_factory.mktemp("mp3") / "a.mp3", noise, 16_000, "libmp3lame").read_bytes()
    return mp3[mp3.index(b"\xff\xf3") :]


def told(tag: bytes, sound: bytes) -> Tags:
    return read_tags(io.BytesIO(tag + sound))


ARTISTS = ["कल्पना", "Beyoncé", "Pawan Singh"]
FEW = ["Beyoncé", "Pawan Singh"]


@pytest.mark.parametrize("version", [3, 4])
@pytest.mark.parametrize(
    ("said", "meant"),
    [
        (b"\0" + "\0".join(FEW).encode("latin-1"), FEW),
        (b"\0" + "\0".join(ARTISTS).encode(), ARTISTS),  # UTF-8 that is declared as Latin-1
        (b"\1" + b"\0\0".join(name.encode("utf-16") for name in ARTISTS), ARTISTS),
        (b"\1" + "\0".join(ARTISTS).encode("utf-16") + b"\0\0", ARTISTS),
        (b"\2" + "\0".join(ARTISTS).encode("utf-16-be"), ARTISTS),
        (b"\3" + "\0".join([*ARTISTS, "", ARTISTS[0], " "]).encode() + b"\0", ARTISTS),
        (b"\3" + ARTISTS[0].encode() + b"\0\0", ARTISTS[:1]),
        (b"\3A\0B; C", ["A", "B", "C"]),
        (b"\0AC/DC", ["AC/DC"]),  # a slash separates in version 3 by the letter, and nobody heeds it
    ],
)
def test_all_artists_are_kept(version: int, said: bytes, meant: list[str], frames_of_mp3: bytes) -> None:
    frames = [(b"TIT2", b"\3Title"), (b"APIC", bytes(70_000)), (b"TPE1", said), (b"TALB", b"\3Album")]
    tags = told(id3(version, frames), frames_of_mp3)
    assert (tags.title, tags.artist, tags.album) == ("Title", ", ".join(meant), "Album")


def test_all_genres_are_kept_and_numbers_have_their_names(frames_of_mp3: bytes) -> None:
    assert told(id3(4, [(b"TCON", b"\x0317\0Kajari")]), frames_of_mp3).genre == "Rock, Kajari"


def test_the_artists_of_the_album_where_the_track_names_none(frames_of_mp3: bytes) -> None:
    assert told(id3(4, [(b"TPE2", b"\3A\0B")]), frames_of_mp3).artist == "A, B"


def test_the_oldest_and_the_most_cautious_tags() -> None:
    short = b"TP1" + (6).to_bytes(3, "big") + b"\0A\0B\0C"
    assert several_values(io.BytesIO(b"ID3\2\0\0\0\0\0\x0c" + short)) == {"artist": ["A", "B", "C"]}
    body = b"\1" + "ÿĀ\0B".encode("utf-16")
    frame = b"TPE1" + len(body).to_bytes(4, "big") + b"\0\0" + body
    for version, spread in ((3, frame), (4, frame[:10] + body)):
        safe = spread.replace(b"\xff", b"\xff\0")
        if version == 4:  # the size is that of what is there
            grown = body.replace(b"\xff", b"\xff\0")
            safe = b"TPE1" + len(grown).to_bytes(4, "big") + b"\0\2" + grown
        tag = b"ID3" + bytes([version, 0, 0x80, 0, 0, 0, len(safe)]) + safe
        assert several_values(io.BytesIO(tag)) == {"artist": ["ÿĀ", "B"]}, version


def test_what_is_packed_is_left_alone() -> None:
    tag = bytearray(id3(4, [(b"TPE1", b"\3A\0B")]))
    assert several_values(io.BytesIO(bytes(tag))) == {"artist": ["A", "B"]}
    tag[19] |= 0x08
    assert several_values(io.BytesIO(bytes(tag))) == {}


def test_an_extended_header_is_passed_over() -> None:
    for version, more in ((3, b"\0\0\0\6" + bytes(6)), (4, b"\0\0\0\6\1\0")):
        tag = id3(version, [(b"TPE1", b"\3A\0B")])
        tag = tag[:5] + b"\x40" + tag[6:9] + bytes([tag[9] + len(more)]) + more + tag[10:]
        assert several_values(io.BytesIO(tag)) == {"artist": ["A", "B"]}, version


@given(st.binary(max_size=400), st.integers(0, 5), st.integers(0, 255), st.booleans())
def test_any_bytes_are_read(data: bytes, version: int, flags: int, has_frame: bool) -> None:
    start = b"TPE1\0\0\0\x09\0\0" if has_frame else b""
    file = io.BytesIO(b"ID3" + bytes([version, 0, flags, 0, 0, 2, 0]) + start + data)
    for key, values in several_values(file).items():
        assert key in {"artist", "album_artist", "genre"}
        assert len(values) > 1
    assert file.tell() == 0
