"""Stations over HTTP: real servers that send real encoded sound, break off, stall, and send nonsense."""

import os
from collections.abc import Iterator
from http.server import BaseHTTPRequestHandler
from itertools import islice, pairwise

import numpy as np
import pytest
from hypothesis import given, settings
from hypothesis import strategies as st
from tests.conftest import Encode
from tests.radio import Play, Radio, answers, on_air

from sonica.audio import AudioError, Sandbox
from sonica.audio.broadcast import CHUNK, _Stripper, checked_url, open_broadcast
from sonica.audio.compose import Song
from sonica.audio.sandbox import Live
from sonica.audio.station import Away, Sound, _Fetcher, hear

RATE = 44_100
ENCODERS = {"mp3": ("libmp3lame", "s16p"), "adts": ("aac", "fltp"), "ogg": ("vorbis", "fltp")}


@pytest.fixture(scope="module")
def encoded(songs: list[Song], encode: Encode, tmp_path_factory: pytest.TempPathFactory) -> dict[str, bytes]:
    """Ten seconds of a song, as stations send it."""
    folder = tmp_path_factory.mktemp("encoded")
    sound = np.stack([songs[0].samples[: 10 * RATE]] * 2)
    return {
        kind: encode(
            folder / kind, sound, RATE, codec, sample_format=sample_format, layout="stereo", container=kind
        ).read_bytes()
        for kind, (codec, sample_format) in ENCODERS.items()
    }


@pytest.fixture
def sandbox() -> Iterator[Sandbox]:
    with Sandbox(1) as sandbox:
        yield sandbox


def items(sandbox: Sandbox, url: str, breaks: int) -> list[Sound | Away]:
    """All until the connection broke so many times."""
    found: list[Sound | Away] = []
    for one in hear(sandbox, url, sleep=lambda _: None):
        found.append(one)
        breaks -= isinstance(one, Away)
        if breaks == 0:
            break
    return found


def seconds(found: list[Sound | Away]) -> float:
    return sum(len(one.samples) / one.rate for one in found if isinstance(one, Sound))


def reasons(found: list[Sound | Away]) -> list[str]:
    return [one.error.message for one in found if isinstance(one, Away)]


@pytest.mark.parametrize("kind", ENCODERS)
def test_what_a_station_sends_is_heard(
    kind: str, encoded: dict[str, bytes], sandbox: Sandbox, songs: list[Song]
) -> None:
    with on_air() as radio:
        radio.scripts = [radio.sends(encoded[kind])]
        found = items(sandbox, radio.url, 1)
    assert seconds(found) == pytest.approx(10, abs=0.3)
    assert reasons(found) == ["The stream ended."]
    sounds = [one for one in found if isinstance(one, Sound)]
    assert [one.is_new for one in sounds] == [True, *[False] * (len(sounds) - 1)]
    for one, following in pairwise(sounds):
        assert following.at_s <= one.at_s + len(one.samples) / one.rate + 0.1
    whole = np.concatenate([one.samples for one in sounds])[: 8 * RATE]
    lag = int(np.argmax(np.correlate(songs[0].samples[: len(whole)], whole[RATE : 2 * RATE], "valid"))) - RATE
    assert abs(lag) < 0.1 * RATE  # it is that song
    assert "icy-metadata" not in radio.requests[0][1]
    assert radio.requests[0][1]["accept-encoding"] == "identity"


def test_a_connection_that_breaks_is_opened_again(encoded: dict[str, bytes], sandbox: Sandbox) -> None:
    half = encoded["mp3"][: len(encoded["mp3"]) // 2]
    with on_air() as radio:
        radio.scripts = [radio.sends(half), answers(503), radio.sends(encoded["mp3"])]
        found = items(sandbox, radio.url, 3)
    assert reasons(found) == [
        "The stream ended.",
        "The server answered 503 Service Unavailable.",
        "The stream ended.",
    ]
    assert seconds(found) == pytest.approx(15, abs=0.5)
    assert [one.is_new for one in found if isinstance(one, Sound)].count(True) == 2
    assert [one.tries for one in found if isinstance(one, Away)] == [1, 2, 3]


def test_a_server_that_falls_silent(
    encoded: dict[str, bytes], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    monkeypatch.setattr("sonica.audio.broadcast.READ_S", 0.5)
    with on_air() as radio:
        radio.scripts = [radio.sends(encoded["mp3"], stays=True)]
        found = items(sandbox, radio.url, 1)
    assert "did not send anything" in reasons(found)[0]
    assert seconds(found) > 8


def test_a_server_that_never_comes_to_the_sound(sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sonica.audio.station.PATIENCE_S", 1)

    def drips(handler: BaseHTTPRequestHandler) -> None:
        handler.wfile.write(b"HTTP/1.1 200 OK\r\nX-Long: ")
        for _ in range(100):
            handler.wfile.write(b"x")
            if radio.is_over.wait(0.05):
                return

    with on_air(drips) as radio:
        found = items(sandbox, radio.url, 1)
    assert reasons(found) == ["The server sent no sound for 1 seconds."]


def test_a_decoder_that_starts_when_the_server_has_ended_is_told() -> None:
    ours, theirs = os.pipe()
    os.set_blocking(ours, False)
    with on_air(answers(404)) as radio:
        fetcher = _Fetcher(radio.url)
        fetcher.start()
        fetcher.join()
    live = Live(theirs, pytest.fail)
    fetcher.lead_to(live)
    try:
        assert os.read(ours, 1) == b""
    finally:
        live.end()
        os.close(ours)


@pytest.mark.parametrize("garbage", [os.urandom(300_000), b"<html>404</html>" * 9_000, b""])
def test_what_is_no_sound(garbage: bytes, sandbox: Sandbox) -> None:
    with on_air() as radio:
        radio.scripts = [radio.sends(garbage)]
        found = items(sandbox, radio.url, 1)
    assert seconds(found) < 1
    assert len(reasons(found)) == 1


def test_a_web_page_is_told_from_a_stream() -> None:
    with on_air() as radio:
        radio.scripts = [radio.sends(b"<html></html>", kind="text/html; charset=utf-8")]
        with pytest.raises(AudioError, match="web page") as error:
            fetched(radio.url)
    assert ".m3u" in error.value.hint


def test_nonsense_in_the_midst_of_sound(encoded: dict[str, bytes], sandbox: Sandbox) -> None:
    with on_air() as radio:
        radio.scripts = [radio.sends(encoded["mp3"], os.urandom(20_000), encoded["mp3"])]
        found = items(sandbox, radio.url, 1)
    assert seconds(found) == pytest.approx(20, abs=1.5)


def test_a_format_that_changes_on_the_way(
    encoded: dict[str, bytes], sandbox: Sandbox, monkeypatch: pytest.MonkeyPatch
) -> None:
    """The decoder makes nothing of what follows, and is followed by one that does."""
    monkeypatch.setattr("sonica.audio.station.PATIENCE_S", 2)
    with on_air() as radio:
        radio.scripts = [radio.sends(encoded["ogg"], *[encoded["mp3"]] * 4)]
        found = items(sandbox, radio.url, 1)
    assert 20 < seconds(found) < 51  # what the first decoder had taken is lost


def test_a_decoder_that_dies_is_replaced(encoded: dict[str, bytes], sandbox: Sandbox) -> None:
    killed = False
    heard = 0.0
    with on_air() as radio:
        radio.scripts = [radio.sends(*[encoded["mp3"]] * 12)]
        for one in hear(sandbox, radio.url, sleep=lambda _: None):
            if isinstance(one, Away):
                break
            heard += len(one.samples) / one.rate
            if not killed:
                killed = True
                (process,) = sandbox._busy
                process.kill()
    assert heard > 60
    assert len(radio.requests) == 1


def test_it_gives_up_only_where_it_is_told_to(sandbox: Sandbox) -> None:
    with on_air(answers(404)) as radio:
        with pytest.raises(AudioError, match="404") as error:
            list(hear(sandbox, radio.url, give_up_after_s=0, sleep=lambda _: None))
        assert error.value.code == "no_stream"
        assert len(reasons(items(sandbox, radio.url, 15))) == 15
    pauses: list[float] = []
    for one in hear(sandbox, radio.url, sleep=pauses.append):  # nobody is there any more
        assert isinstance(one, Away)
        assert "connection" in one.error.message.lower()
        if one.tries == 15:
            break
    assert all(0.5 * 2**n <= pause <= 2**n for n, pause in enumerate(pauses[:6]))
    assert all(30 <= pause <= 60 for pause in pauses[6:])


# --- the way to the sound -----------------------------------------------------------------------------


def fetched(url: str) -> bytes:
    with open_broadcast(url) as pieces:
        return b"".join(islice(pieces, 100))


@pytest.mark.parametrize(
    ("kind", "text"),
    [
        ("audio/x-mpegurl", "#EXTM3U\n#EXTINF:-1,A station\n{}/sound\n{}/other\n"),
        ("audio/x-mpegurl", "{}/sound\n"),
        ("text/plain", "\ufeff#EXTM3U\r\nsound\r\n"),
        ("audio/x-scpls", "[playlist]\nNumberOfEntries=1\nFile1={}/sound?a=b\nTitle1=A station\n"),
        ("application/octet-stream", "[playlist]\n\nfile1 = {}/sound\n"),
        ("audio/x-scpls", "[playlist]\nTitle1=A station\nLength1=-1\nFile1={}/sound;a=b\n"),
        ("audio/x-mpegurl", "{}/sound;station=1/high\n"),
    ],
)
def test_playlists_lead_to_the_first_stream(kind: str, text: str) -> None:
    with on_air() as radio:
        base = radio.url.removesuffix("/stream")
        radio.scripts = [
            radio.sends(text.replace("{}", base).encode(), kind=kind),
            radio.sends(b"sound" * 50),
        ]
        assert fetched(radio.url) == b"sound" * 50
    assert radio.requests[1][0].startswith("/sound")


def test_bytes_are_handed_on_as_they_come(monkeypatch: pytest.MonkeyPatch) -> None:
    monkeypatch.setattr("sonica.audio.broadcast.READ_S", 2.0)
    sound = os.urandom(100)
    with on_air() as radio:
        radio.scripts = [radio.sends(sound, stays=True)]
        with open_broadcast(radio.url) as pieces:
            assert next(pieces) == sound
        radio.scripts.append(radio.sends(bytes(300_000)))
        with open_broadcast(radio.url) as pieces:
            assert max(len(piece) for piece in pieces) <= CHUNK


def lists(radio: Radio, text: str) -> Play:
    return radio.sends(text.encode(), kind="audio/x-mpegurl")


@pytest.mark.parametrize(
    ("text", "said"),
    [
        ("#EXTM3U\n", "names no stream"),
        ("#EXTM3U\nfile:///etc/passwd\n", "is not the address of a stream"),
        ("#EXTM3U\n#EXT-X-TARGETDURATION:10\n#EXTINF:9,\n1.ts\n", "HLS"),
        ("#EXTM3U\nstream\n", "names another playlist"),
        ("#EXTM3U\nhttp://[\n", "is not the address of a stream"),
    ],
)
def test_playlists_that_lead_nowhere(text: str, said: str) -> None:
    with on_air() as radio:
        radio.scripts = [lists(radio, text)]
        with pytest.raises(AudioError, match=said) as error:
            fetched(radio.url)
        assert error.value.hint
        assert len(radio.requests) <= 2


def test_redirects_have_an_end_and_lead_to_the_web_only() -> None:
    with on_air(answers(302, Location="/again")) as radio:
        with pytest.raises(AudioError, match="led on more than"):
            fetched(radio.url)
        assert len(radio.requests) < 10
        for address in ("file:///etc/passwd", "http://a..b/"):
            radio.scripts = [answers(302, Location=address)]
            with pytest.raises(AudioError, match="connection failed"):
                fetched(radio.url)


@pytest.mark.parametrize(
    "url",
    ["", "song.mp3", "file:///etc/passwd", "ftp://a/b", "http://", "http://[", "https://:80/", "rtsp://a/b"],
)
def test_what_is_no_address(url: str) -> None:
    with pytest.raises(AudioError) as error:
        checked_url(url)
    assert error.value.code == "bad_address"
    assert "https://radio.example" in error.value.hint


def test_a_password_is_not_told() -> None:
    with pytest.raises(AudioError) as error:
        checked_url("rtsp://user:secret@host/")
    assert "secret" not in error.value.message


def test_what_servers_put_between_the_sound_unasked() -> None:
    title = b"StreamTitle='x';".ljust(16, b"\0")
    with on_air() as radio:
        sound = bytes(range(250)) * 8
        mixed = b"".join(
            sound[at : at + 100] + (bytes([len(title) // 16]) + title if at % 300 == 0 else b"\0")
            for at in range(0, len(sound), 100)
        )
        radio.scripts = [radio.sends(mixed, icy_metaint="100")]
        assert fetched(radio.url) == sound
        radio.scripts.append(radio.sends(sound, icy_metaint="nonsense"))
        assert fetched(radio.url) == sound


@settings(deadline=None)
@given(
    st.integers(1, 40),
    st.lists(st.tuples(st.binary(max_size=40), st.integers(0, 3)), max_size=8),
    st.lists(st.integers(1, 60), min_size=1),
)
def test_any_pieces_give_the_same_sound(
    interval: int, blocks: list[tuple[bytes, int]], sizes: list[int]
) -> None:
    sound, mixed = b"", b""
    for block, count in blocks:
        whole = (block * interval)[:interval].ljust(interval, b".")
        sound, mixed = sound + whole, mixed + whole + bytes([count]) + b"m" * 16 * count
    strip, got, at = _Stripper(interval), b"", 0
    while at < len(mixed):
        size = sizes[at % len(sizes)]
        got, at = got + strip(mixed[at : at + size]), at + size
    assert got == sound
