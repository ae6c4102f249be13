"""`sonica monitor`: real stations that break off, real receivers, and a process that is killed."""

import base64
import csv
import json
import os
import pty
import signal
import subprocess
from collections.abc import Iterator, Sequence
from contextlib import suppress
from pathlib import Path
from typing import Any

import numpy as np
import pytest
from numpy.typing import NDArray
from tests.conftest import SONICA, CommandLine, Encode
from tests.radio import Radio, on_air, receiving, wait_for

from sonica import Recognizer
from sonica.audio import AudioError
from sonica.audio.compose import Song, compose_song
from sonica.audio.station import Sound
from sonica.cli.monitor import _follow, _Screen, _stopping
from sonica.platform.errors import SonicaError
from sonica.platform.outbox import OutboxError
from sonica.platform.webhooks import SECRET_VARIABLE, signature
from sonica.work.monitoring import Event, PlayData, open_log

RATE = 44_100
NOON = 1_795_000_000.0
KEY = bytes(range(32))
SECRET = f"whsec_{base64.b64encode(KEY).decode()}"
Samples = NDArray[np.float32]


@pytest.fixture
def station(stocked: CommandLine, tmp_path: Path) -> CommandLine:
    """The command line with the songs of `music`, in a data folder of its own."""
    home = tmp_path / "home"
    subprocess.run(["cp", "-r", stocked.home, home], check=True)
    return CommandLine(home)


@pytest.fixture
def mp3(encode: Encode, tmp_path: Path) -> Any:
    def made(*parts: Samples) -> bytes:
        sound = np.concatenate(parts)[None]
        path = encode(tmp_path / "made.mp3", sound, RATE, "libmp3lame", sample_format="s16p")
        return path.read_bytes()

    return made


def part(song: Song, begin: float, end: float) -> Samples:
    return song.samples[int(begin * RATE) : int(end * RATE)]


def objects(path: Path) -> list[dict[str, Any]]:
    """The whole lines of a file of JSON lines, which may not be there yet."""
    text = path.read_text() if path.exists() else ""
    return [json.loads(line) for line in text[: text.rfind("\n") + 1].splitlines()]


def plays(events: list[dict[str, Any]], kind: str = "played") -> list[int]:
    return [event["data"]["song"]["id"] for event in events if event["type"] == kind]


def started(command: CommandLine, *arguments: object, **options: Any) -> subprocess.Popen[bytes]:
    # A test run that was started in the background ignores Ctrl-C, and so would what it starts.
    return command.start(
        "monitor", *arguments, preexec_fn=lambda: signal.signal(signal.SIGINT, signal.SIG_DFL), **options
    )


def ended(process: subprocess.Popen[bytes], with_signal: signal.Signals = signal.SIGTERM) -> tuple[str, str]:
    """What it said, once it was told to stop and has."""
    process.send_signal(with_signal)
    out, err = process.communicate(timeout=120)
    assert process.returncode == 0, err.decode()
    assert b"Traceback" not in err
    return out.decode(), err.decode()


def followed(home: Path, *sounds: Sound, fails: SonicaError | None = None) -> list[Event]:
    """The events of a station that sends this and then ends, or while something fails here."""

    def items() -> Iterator[Sound]:
        yield from sounds
        if fails:
            raise fails

    events: list[Event] = []
    with (
        _stopping() as stop,
        open_log(home, "fm", on_event=events.append, on_trouble=pytest.fail) as log,
        suppress(*([type(fails)] if fails else [])),
    ):
        _follow(Recognizer(home), items(), log, _Screen(is_json=False), stop, goes_on=True)
    return events


def heard(sound: Samples, at_s: float) -> Sequence[Sound]:
    """It in one connection."""
    starts = range(0, len(sound), RATE)
    return [Sound(sound[at : at + RATE], RATE, at_s + at / RATE, at == 0) for at in starts]


def kinds(events: list[Event]) -> list[str]:
    return [event.type for event in events]


def test_a_failure_ends_no_play(station: CommandLine, songs: list[Song]) -> None:
    """Who is started again after one goes on with it. Where the sound is over, it is."""
    home, failed = station.home, OutboxError("outbox_unusable", "The disk is full.")
    events = followed(home, *heard(part(songs[1], 0, 25), NOON), fails=failed)
    assert kinds(events) == ["begun"]
    assert kinds(followed(home, *heard(part(songs[1], 25, 45), NOON + 25))) == ["played"]
    ended = AudioError("no_stream", "The stream ended.")
    assert kinds(followed(home, *heard(songs[3].samples, NOON + 900), fails=ended)) == [
        "gap",
        "begun",
        "played",
    ]


def test_hours_later_the_same_song_is_another_play(station: CommandLine, songs: list[Song]) -> None:
    """Also where its end is what is heard first."""
    failed = OutboxError("outbox_unusable", "The disk is full.")
    followed(station.home, *heard(part(songs[1], 0, 25), NOON), fails=failed)
    events = followed(station.home, *heard(part(songs[1], 25, 50), NOON + 4 * 3_600))
    assert kinds(events) == ["played", "gap", "begun", "played"]
    for event in (events[0], events[-1]):
        assert isinstance(event.data, PlayData)
        assert (event.data.seconds or 0) < 30


def test_a_station_that_breaks_off_is_logged_without_counting_twice(
    station: CommandLine, songs: list[Song], mp3: Any, tmp_path: Path
) -> None:
    """Breaks off in a song, sends some seconds again, plays a stranger; ends with what is on."""
    stranger = compose_song(77).samples
    log, table = tmp_path / "log.jsonl", tmp_path / "log.csv"
    with on_air() as radio:
        radio.scripts = [
            radio.sends(mp3(part(songs[1], 0, 30))),
            radio.sends(os.urandom(50_000)),
            radio.sends(
                mp3(part(songs[1], 22, 53), stranger[: 30 * RATE], part(songs[4], 0, 25)), stays=True
            ),
        ]
        process = started(station, radio.url, "--jsonl", log, "--csv", table, "--json")
        wait_for(lambda: plays(objects(log), "begun") == [2, 5], lambda: process.poll() is None)
        out, err = ended(process)
    events = objects(log)
    assert [json.loads(line) for line in out.splitlines()] == events
    assert plays(events, "begun") == plays(events) == [2, 5]
    assert len({event["data"]["play_id"] for event in events if event["type"] == "played"}) == 2
    assert {event["source"] for event in events} == {radio.url}
    assert "Connecting again" in err
    with table.open(newline="") as file:
        rows = list(csv.DictReader(file))
    assert [int(row["song_id"]) for row in rows if row["event"] == "played"] == [2, 5]
    assert [row["title"] for row in rows if row["event"] == "played"] == [songs[1].title, songs[4].title]
    assert [event["id"] for event in events if event["type"] != "begun"] == [row["id"] for row in rows]


def test_who_is_killed_goes_on_and_every_event_is_delivered(
    station: CommandLine, songs: list[Song], mp3: Any, tmp_path: Path
) -> None:
    log, table, secret = tmp_path / "log.jsonl", tmp_path / "log.csv", tmp_path / "secret"
    secret.write_text(SECRET)
    with on_air() as radio, receiving(500, 500) as receiver:
        arguments: list[object] = [radio.url, "--jsonl", log, "--csv", table, "--webhook", receiver.url]
        arguments += ["--secret-file", secret, "--name", "fm"]
        radio.scripts = [radio.sends(mp3(songs[0].samples, part(songs[1], 0, 25)), stays=True)]
        process = started(station, *arguments)
        wait_for(lambda: plays(objects(log), "begun") == [1, 2], lambda: process.poll() is None)
        process.kill()
        process.communicate()
        with table.open("ab") as file:
            file.write(b'01-half,"a li')
        radio.scripts.append(
            radio.sends(mp3(part(songs[1], 18, 53), compose_song(77).samples[: 30 * RATE]), stays=True)
        )
        process = started(station, *arguments)
        wait_for(lambda: len(receiver.taken) >= 5, lambda: process.poll() is None)
        ended(process)
    events = objects(log)
    told = {event["id"]: event for event in receiver.events}
    assert list(told) == [event["id"] for event in events]
    assert [told[event["id"]] for event in events] == events
    assert plays(events, "begun") == plays(events) == [1, 2]
    assert [event["data"]["reason"] for event in events if event["type"] == "gap"] in (
        ["The monitor was not running."],
        [],
    )
    assert {event["source"] for event in events} == {"fm"}
    for headers, body in receiver.taken:
        id_, timestamp = headers["webhook-id"], int(headers["webhook-timestamp"])
        assert headers["webhook-signature"] == signature(KEY, id_, timestamp, body)
        assert json.loads(body)["id"] == id_
    lines = table.read_text().splitlines()
    assert [line.split(",")[1] for line in lines if ",played," in line] == ["played"] * 2
    assert sum(line.startswith("id,event") for line in lines) == 1
    assert not any("half" in line for line in lines)


def test_what_a_receiver_did_not_take_is_sent_at_the_next_start(
    station: CommandLine, songs: list[Song], tmp_path: Path
) -> None:
    with receiving() as receiver:
        url = receiver.url
    environment = {**station.environment, SECRET_VARIABLE: SECRET}
    song = tmp_path / "song.raw"
    song.write_bytes(np.asarray(part(songs[1], 0, 30) * 32_767, "<i2").tobytes())
    command = [str(SONICA), "monitor", str(song), "--webhook", url, "--name", "fm"]
    ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
    assert "2 events could not be delivered yet" in ran.stderr
    assert "could not be delivered (" in ran.stderr
    song.write_bytes(bytes(96_000))
    with receiving() as receiver:
        command[-3] = receiver.url
        ran = subprocess.run(command, env=environment, capture_output=True, text=True, check=True)
        assert [event["type"] for event in receiver.events] == ["begun", "played"]
    assert "delivered" not in ran.stderr


def test_an_audio_file_as_a_person_sees_it(stocked: CommandLine, music: Path, songs: list[Song]) -> None:
    ran = stocked("monitor", music / "2.flac")
    assert (ran.status, ran.err) == (0, "")
    (line,) = ran.out.splitlines()
    assert songs[2].title in line
    assert "certain" in line


def test_raw_samples_that_are_piped_in(station: CommandLine, songs: list[Song], tmp_path: Path) -> None:
    times = np.arange(20 * 48_000) * 44_100 / 48_000
    sound = np.interp(times, np.arange(len(songs[3].samples)), songs[3].samples)
    process = started(station, "-", "--json", "--name", "pipe", stdin=subprocess.PIPE)
    assert process.stdin is not None
    process.stdin.write(np.asarray(sound * 32_767, "<i2").tobytes())
    process.stdin.flush()
    assert process.stdout is not None
    first = json.loads(process.stdout.readline())  # while the pipe is open
    out, err = ended(process, signal.SIGINT)
    assert (first["type"], [json.loads(line)["type"] for line in out.splitlines()]) == ("begun", ["played"])
    assert err == ""


def test_a_terminal_shows_what_is_on(stocked: CommandLine, music: Path, songs: list[Song]) -> None:
    ours, theirs = pty.openpty()
    ran = subprocess.run(
        [SONICA, "monitor", music / "0.flac"],
        env={**stocked.environment, "TERM": "xterm", "COLUMNS": "120"},
        stdout=subprocess.PIPE,
        stderr=theirs,
        check=True,
    )
    os.close(theirs)
    shown = os.read(ours, 1 << 20).decode(errors="replace")
    os.close(ours)
    assert songs[0].title in ran.stdout.decode()
    assert "since" in shown or "Listening" in shown


def silent(radio: Radio) -> None:
    radio.scripts = [radio.sends(stays=True)]


def test_one_monitor_a_station(station: CommandLine) -> None:
    with on_air() as radio:
        silent(radio)
        first = started(station, radio.url)
        wait_for(lambda: radio.requests, lambda: first.poll() is None)
        second = station("monitor", radio.url)
        assert second.status == 1
        assert "Another monitor already listens" in second.err
        assert "--name" in second.err
        ended(first)


def test_what_may_be_secret_in_an_address_is_not_told(station: CommandLine) -> None:
    with on_air() as radio:
        silent(radio)
        address = radio.url.replace("http://", "http://user:secret@") + "?token=secret"
        first = started(station, address)
        wait_for(lambda: radio.requests, lambda: first.poll() is None)
        second = station("monitor", address)
        assert "secret" not in second.out + second.err
        out, err = ended(first)
        assert "secret" not in out + err
    assert radio.requests[0][0].endswith("?token=secret")
    assert "authorization" in radio.requests[0][1]


@pytest.mark.parametrize(
    ("arguments", "said"),
    [
        (["rtsp://host/stream"], "is not the address of a stream"),
        (["http://host/", "--webhook", "host"], "is not the address of a webhook"),
        (["http://host/", "--webhook", "http://host/"], "needs a secret"),
        (["http://host/", "--csv", "/no/such/folder/log.csv"], "could not be written"),
        (["http://127.0.0.1:1/", "--give-up-after", "0"], "The connection failed"),
        (["no such file.mp3"], "There is no such file"),
    ],
)
def test_what_cannot_be(arguments: list[str], said: str, station: CommandLine) -> None:
    ran = station("monitor", *arguments)
    assert (ran.status, ran.out) == (1, "")
    assert said in ran.err
    assert "Hint: " in ran.err
    assert "Traceback" not in ran.err


def test_a_file_of_something_else_is_left_alone(station: CommandLine, music: Path, tmp_path: Path) -> None:
    table = tmp_path / "mine.csv"
    table.write_text("a,b\n1,2")
    ran = station("monitor", music / "0.flac", "--csv", table)
    assert ran.status == 1
    assert "holds something else" in ran.err
    assert table.read_text() == "a,b\n1,2"


def test_no_songs_yet(sonica: CommandLine, music: Path) -> None:
    ran = sonica("monitor", music / "0.flac")
    assert (ran.status, ran.out) == (0, "")
    assert "sonica add" in ran.err
