"""New tags in old files: they read back, all other tags and the sound stay, and a failure changes nothing."""

import os
from collections.abc import Iterator
from contextlib import contextmanager
from pathlib import Path

import av
import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import encode_audio
from tests.handmade import PNG, id3, id3v1, wav, with_atom

from sonica import _engine
from sonica.audio import AudioError, Cover, Tags, decode, read_tags, write_audio, write_tags

NOISE = np.random.default_rng(1).uniform(-0.5, 0.5, (2, 24_000)).astype(np.float32)
FORMATS = {
    "a.mp3": ("libmp3lame", "fltp", None),
    "a.m4a": ("aac", "fltp", "ipod"),
    "b.m4a": ("alac", "s16p", "ipod"),
    "a.mp4": ("aac", "fltp", "mp4"),
    "a.ogg": ("vorbis", "fltp", "ogg"),
    "a.opus": ("libopus", "flt", "ogg"),
    "a.flac": ("flac", "s16", None),
}
OLD = {"title": "Old", "artist": "Somebody", "comment": "to stay", "composer": "नौशाद", "date": "1951"}
JPEG = b"\xff\xd8\xff\xe0" + bytes(range(256)) * 300
NEW = Tags(
    "सावन की धूप (Savan ki Dhoop)",
    "मंडली, Kalpana",
    "साँझ",
    "bho",
    "Kajari",
    2011,
    "INA091200001",
    Cover(JPEG, "image/jpeg"),
)


@pytest.fixture(scope="module")
def originals(tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """A file of each format with the tags OLD, and some that only a few programs know."""
    folder, made = tmp_path_factory.mktemp("originals"), {}
    for name, (codec, form, container) in FORMATS.items():
        said = OLD if name.endswith(("mp3", "m4a", "mp4")) else {**OLD, "mood": "rainy"}
        path = folder / name
        encode_audio(
            path,
            NOISE,
            48_000,
            codec,
            sample_format=form,
            layout="stereo",
            container=container,
            metadata=said,
        )
        made[name] = path.read_bytes()
    made["a.m4a"] = with_atom(made["a.m4a"], "mood", b"rainy")
    frames = [
        (b"TXXX", b"\3mood\0rainy"),
        (b"TCOM", b"\3" + OLD["composer"].encode()),
        (b"TDRC", b"\x031951"),
    ]
    frames += [
        (b"PRIV", b"owner\0\1\2"),
        (b"UFID", b"http://a\0id"),
        (b"ZZZZ", b"who knows"),
        (b"TPE1", b"\3A\0B"),
    ]
    made["a.mp3"] = id3(4, frames) + made["a.mp3"][made["a.mp3"].index(b"\xff\xfb") :]
    return made


def everything(path: Path) -> dict[str, str]:
    """All tags, by FFmpeg's names in small letters."""
    with av.open(os.fspath(path)) as file:
        said = {**file.metadata, **file.streams.audio[0].metadata}
    return {key.lower(): value for key, value in said.items()}


@pytest.mark.parametrize("name", FORMATS)
def test_tags_are_written_and_all_else_stays(name: str, tmp_path: Path, originals: dict[str, bytes]) -> None:
    path = tmp_path / name
    path.write_bytes(originals[name])
    path.chmod(0o640)
    sound, before = decode(path), everything(path)
    assert write_tags(path, NEW)
    assert read_tags(path, with_cover=True) == NEW
    assert decode(path).rate == sound.rate
    np.testing.assert_array_equal(decode(path).samples, sound.samples)
    after = everything(path)
    told = {"title", "artist", "album", "language", "genre", "date", "isrc", "tsrc"}
    assert {key: after.get(key) for key in before if key not in told} == {
        key: value for key, value in before.items() if key not in told
    }
    assert path.stat().st_mode & 0o777 == 0o640
    assert [file.name for file in tmp_path.iterdir()] == [name]


@pytest.mark.parametrize("name", FORMATS)
def test_only_what_is_named_changes(name: str, tmp_path: Path, originals: dict[str, bytes]) -> None:
    path = tmp_path / name
    path.write_bytes(originals[name])
    old = read_tags(path)
    assert write_tags(path, Tags(album="साँझ"))
    assert read_tags(path, with_cover=True) == Tags(old.title, old.artist, "साँझ", year=1951)
    written = path.read_bytes()
    for same in (Tags(), Tags(album="साँझ"), Tags(artist=old.artist, year=1951)):
        assert not write_tags(path, same)
    assert path.read_bytes() == written
    assert write_tags(path, Tags(cover=Cover(PNG, "image/png")))
    assert write_tags(path, Tags(cover=Cover(JPEG, "image/jpeg")))  # in its place, not beside it
    assert read_tags(path, with_cover=True).cover == Cover(JPEG, "image/jpeg")
    assert PNG not in path.read_bytes()


def test_the_image_for_the_front_is_the_cover(tmp_path: Path, originals: dict[str, bytes]) -> None:
    bare = originals["a.mp3"][originals["a.mp3"].index(b"\xff\xfb") :]
    images = [(b"APIC", b"\0image/png\0\4\0" + PNG), (b"APIC", b"\0image/jpeg\0\3\0" + JPEG)]
    (tmp_path / "a.mp3").write_bytes(id3(4, images) + bare)
    assert read_tags(tmp_path / "a.mp3", with_cover=True).cover == Cover(JPEG, "image/jpeg")
    (tmp_path / "a.mp3").write_bytes(id3(4, images[:1]) + bare)
    assert write_tags(tmp_path / "a.mp3", Tags(cover=Cover(JPEG, "image/jpeg")))
    data = (tmp_path / "a.mp3").read_bytes()
    assert data.index(JPEG) < data.index(PNG)  # the back of the sleeve stays, behind the front


def test_frames_that_nobody_knows_stay(tmp_path: Path, originals: dict[str, bytes]) -> None:
    (tmp_path / "a.mp3").write_bytes(originals["a.mp3"])
    write_tags(tmp_path / "a.mp3", Tags(title="New"))
    data = (tmp_path / "a.mp3").read_bytes()
    for kept in (b"owner\0\1\2", b"http://a\0id", b"who knows", b"mood\0rainy", b"A\0B"):
        assert kept in data


def test_tags_of_long_ago_become_new_ones(tmp_path: Path, originals: dict[str, bytes]) -> None:
    bare = originals["a.mp3"][originals["a.mp3"].index(b"\xff\xfb") :]
    (tmp_path / "a.mp3").write_bytes(bare + id3v1(b"Old", b"Beyonc\xe9"))
    assert write_tags(tmp_path / "a.mp3", Tags(title="सावन"))
    tags = read_tags(tmp_path / "a.mp3")
    assert (tags.title, tags.artist) == ("सावन", "Beyoncé")
    (tmp_path / "b.mp3").write_bytes(bare)  # nor with any
    assert write_tags(tmp_path / "b.mp3", NEW)
    assert read_tags(tmp_path / "b.mp3", with_cover=True) == NEW


def test_the_index_may_come_before_the_sound(tmp_path: Path, originals: dict[str, bytes]) -> None:
    """Then all places of sound that it names move."""
    with av.open(os.fspath(tmp_path / "a.m4a"), "w", "ipod", {"movflags": "+faststart"}) as new:
        (tmp_path / "old.m4a").write_bytes(originals["a.m4a"])
        with av.open(os.fspath(tmp_path / "old.m4a")) as old:
            stream = new.add_stream_from_template(old.streams.audio[0])
            for packet in old.demux(old.streams.audio[0]):
                if packet.dts is not None:
                    packet.stream = stream
                    new.mux(packet)
    data = (tmp_path / "a.m4a").read_bytes()
    assert data.index(b"moov") < data.index(b"mdat")
    sound = decode(tmp_path / "a.m4a").samples
    assert write_tags(tmp_path / "a.m4a", NEW)
    np.testing.assert_array_equal(decode(tmp_path / "a.m4a").samples, sound)


def test_a_link_stays_a_link(tmp_path: Path, originals: dict[str, bytes]) -> None:
    (tmp_path / "there").mkdir()
    (tmp_path / "there" / "a.flac").write_bytes(originals["a.flac"])
    (tmp_path / "link.flac").symlink_to(tmp_path / "there" / "a.flac")
    write_tags(tmp_path / "link.flac", Tags(title="New"))
    assert (tmp_path / "link.flac").is_symlink()
    assert read_tags(tmp_path / "there" / "a.flac").title == "New"


@contextmanager
def nothing_changes(path: Path, code: str) -> Iterator[None]:
    before = path.read_bytes()
    with pytest.raises(AudioError) as caught:
        yield
    assert caught.value.code == code
    assert caught.value.hint
    assert path.read_bytes() == before
    assert not [file for file in path.parent.iterdir() if file.name.startswith(".writing")]


def test_what_cannot_be_written_is_left_alone(
    tmp_path: Path, originals: dict[str, bytes], monkeypatch: pytest.MonkeyPatch
) -> None:
    write_audio(tmp_path / "a.wav", NOISE[0], 48_000)
    with nothing_changes(tmp_path / "a.wav", "not_taggable"):
        write_tags(tmp_path / "a.wav", Tags(title="New"))
    path = tmp_path / "a.flac"
    path.write_bytes(originals["a.flac"])
    with nothing_changes(path, "not_taggable"):
        write_tags(path, Tags(isrc="a studio"))  # which nobody would read as a code
    with monkeypatch.context() as patch:
        patch.setattr("os.access", lambda *_: False)
        with nothing_changes(path, "not_written"):
            write_tags(path, Tags(title="New"))
    for act in (lambda *_: path.unlink, lambda copy, *_: copy.write_bytes(originals["a.mp3"])):
        with monkeypatch.context() as patch:  # a library that does nothing, or spoils the sound
            patch.setattr(_engine, "write_tags", act)
            with nothing_changes(path, "not_taggable"):
                write_tags(path, Tags(title="New"))

    def full(*_: object) -> None:
        raise OSError(28, "No space left on device")

    with monkeypatch.context() as patch:
        patch.setattr("shutil.copyfileobj", full)
        with nothing_changes(path, "not_written"):
            write_tags(path, Tags(title="New"))
    with pytest.raises(AudioError, match="no such file"):
        write_tags(tmp_path / "none.mp3", Tags(title="New"))


@pytest.mark.parametrize("name", [name for name in FORMATS if name != "b.m4a"])
def test_damaged_heads_are_read_or_refused(name: str, tmp_path: Path, originals: dict[str, bytes]) -> None:
    """Any bytes anywhere in the tags: no crash, no hang, and no file that is worse than it was."""
    path = tmp_path / name
    whole = originals[name]
    head = len(whole) - 1 if name.endswith(("m4a", "mp4")) else 1_500
    first = whole.index(b"moov") if name.endswith(("m4a", "mp4")) else 0

    @settings(max_examples=60, deadline=None)
    @given(
        st.lists(
            st.tuples(st.integers(first, head), st.binary(min_size=1, max_size=8)), min_size=1, max_size=6
        )
    )
    def holds(changes: list[tuple[int, bytes]]) -> None:
        data = bytearray(whole)
        for at, new in changes:
            data[at : at + len(new)] = new
        path.write_bytes(data)
        try:
            read_tags(path, with_cover=True)
            write_tags(path, Tags(title="सावन"))
        except AudioError:
            assert path.read_bytes() == data
        else:
            assert read_tags(path).title == "सावन"

    holds()


@settings(max_examples=50, deadline=None)
@given(st.binary(max_size=300), st.sampled_from([b"ID3\4\0\0", b"fLaC", b"OggS", b"\0\0\0\x20ftypM4A ", b""]))
def test_any_bytes_are_no_file_to_write(data: bytes, start: bytes) -> None:
    with Scratch(start + data) as path, pytest.raises(_engine.EngineError):
        _engine.write_tags(path, [("title", "New")])


class Scratch:
    """A file in memory, which has a path all the same."""

    def __init__(self, data: bytes) -> None:
        self.descriptor = os.memfd_create("scratch")
        os.write(self.descriptor, data)

    def __enter__(self) -> Path:
        return Path(f"/proc/self/fd/{self.descriptor}")

    def __exit__(self, *_: object) -> None:
        os.close(self.descriptor)


def test_the_engine_knows_its_fields(tmp_path: Path) -> None:
    (tmp_path / "a.wav").write_bytes(wav(NOISE[0], 48_000))
    with pytest.raises(_engine.EngineError) as caught:
        _engine.write_tags(tmp_path / "a.wav", [("title", "New")])
    assert caught.value.code == "tags"
    with pytest.raises(_engine.EngineError):
        _engine.write_tags(tmp_path / "none.mp3", [("title", "New")])
