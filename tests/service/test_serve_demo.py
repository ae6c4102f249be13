"""`sonica serve --demo`, which is what `make run` does: ready at once, songs and a first answer later."""

import contextlib
import os
import signal
import socket
import subprocess
import threading
from pathlib import Path

from tests.conftest import SONICA
from tests.service.client import Service, eventually
from tests.service.conftest import seed
from tests.service.test_postgres import processes

from sonica.audio.compose.demo import PIECES
from sonica.cli.demo_songs import PLAYED
from sonica.platform.postgres.place import Place


def fill(home: Path, composed: Path) -> None:
    """The songs are composed already: what is tested is not that."""
    songs = home / "demo" / "songs"
    songs.mkdir(parents=True)
    for path in composed.iterdir():
        (songs / path.name).hardlink_to(path)


class Demo:
    """The command as a person starts it, with all that it said so far."""

    def __init__(self, home: Path) -> None:
        self.process = subprocess.Popen(
            [SONICA, "serve", "--demo"],
            env={**os.environ, "SONICA_HOME": str(home), "NO_COLOR": "1", "COLUMNS": "80"},
            stdout=subprocess.PIPE,
            stderr=subprocess.STDOUT,
            text=True,
        )
        self.said = ""
        self._reader = threading.Thread(target=self._read)
        self._reader.start()
        eventually(lambda: "Open http://" in self.said or self.process.poll() is not None)
        assert "Open http://" in self.said, self.said
        self.address = self.said.partition("Open ")[2].split()[0]
        host, _, port = self.address.removeprefix("http://").partition(":")
        self.service = Service(self.process, host, int(port))

    def _read(self) -> None:
        assert self.process.stdout
        for line in self.process.stdout:
            self.said += line

    def stop(self) -> int:
        status = self.service.stop()
        self._reader.join()
        assert self.process.stdout
        self.process.stdout.close()
        return status


def jobs(home: Path) -> list[str]:
    """The processes that compose for this folder."""
    found = []
    for entry in Path("/proc").glob("[0-9]*/cmdline"):
        with contextlib.suppress(OSError):  # it has ended meanwhile
            command = entry.read_bytes().replace(b"\0", b" ").decode(errors="replace")
            if "sonica.cli.demo_songs" in command and str(home) in command:
                found.append(command)
    return found


def test_it_answers_at_once_and_names_a_song_later(reachable: Path, cluster: Place, composed: Path) -> None:
    home = reachable / "home"
    seed(cluster, home)
    fill(home, composed)
    with socket.socket() as taken:  # where nobody else has it already: the next one is to be found
        taken.setsockopt(socket.SOL_SOCKET, socket.SO_REUSEADDR, 1)
        try:
            taken.bind(("127.0.0.1", 8000))
            taken.listen()
        except OSError:
            pass
        demo = Demo(home)
    try:
        assert demo.service.port > 8000
        assert demo.service.ask("GET", "/readyz").status == 200
        eventually(lambda: "Ctrl-C stops it.\n" in demo.said.partition("Right.")[2])
        assert PIECES[PLAYED].title in demo.said
        assert f"curl -F file=@{home}/demo/excerpt.wav {demo.address}/v1/recognize" in demo.said
        assert "{" not in demo.said  # no log
        audio = (home / "demo" / "excerpt.wav").read_bytes()
        answer = demo.service.recognize(audio, "audio/wav").json
        assert answer["song"]["title"] == PIECES[PLAYED].title
    finally:
        assert demo.stop() == 0
    assert not jobs(home)
    assert not processes(home)


def test_ctrl_c_while_it_composes_ends_all(reachable: Path, cluster: Place) -> None:
    home = reachable / "home"
    seed(cluster, home)
    demo = Demo(home)
    eventually(lambda: jobs(home))
    assert demo.service.ask("GET", "/readyz").status == 200
    assert demo.stop() == 0
    assert "Right." not in demo.said
    assert not jobs(home)
    assert not processes(home)


def test_kill_9_leaves_no_job_behind(reachable: Path, cluster: Place) -> None:
    home = reachable / "home"
    seed(cluster, home)
    demo = Demo(home)
    eventually(lambda: jobs(home))
    demo.process.send_signal(signal.SIGKILL)
    demo.stop()
    eventually(lambda: not jobs(home) and not processes(home))


def test_songs_that_cannot_be_made(reachable: Path, cluster: Place) -> None:
    home = reachable / "home"
    seed(cluster, home)
    (home / "demo").write_text("in the way")
    demo = Demo(home)
    try:
        eventually(lambda: "the service goes on without them" in demo.said)
        assert demo.service.ask("GET", "/readyz").status == 200
    finally:
        assert demo.stop() == 0
