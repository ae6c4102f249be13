"""`sonica serve --demo`: songs for a service that has just started, and a first question to it."""

import subprocess
import sys
import threading
import time
from pathlib import Path

import httpx

from sonica.audio.compose.demo import PIECES
from sonica.cli.card import card
from sonica.cli.console import err, out
from sonica.cli.demo_songs import PLAYED, SECONDS, SNR_DB, SPEED
from sonica.recognition import Answer

PATIENCE_S = 30.0
"""Seconds that the first answer may take: the decoder starts with it."""
END_S = 10.0
"""Seconds that the job has to end when it is told to."""


class Demo:
    """The job beside the service; readiness does not wait for it. Ended by `close`, at any moment."""

    def __init__(self, home: Path) -> None:
        self._home = home
        self._job: subprocess.Popen[bytes] | None = None
        self._thread: threading.Thread | None = None
        self._is_over = threading.Event()

    def start(self, address: str) -> None:
        """Begins, for the service at the address; called once it answers."""
        command = [sys.executable, "-m", "sonica.cli.demo_songs", str(self._home)]
        # In a session of its own: Ctrl-C in a terminal goes to all who are in it, and we end it ourselves.
        self._job = subprocess.Popen(
            command, stdin=subprocess.PIPE, stdout=subprocess.DEVNULL, start_new_session=True
        )
        self._thread = threading.Thread(target=self._watch, args=(self._job, address), name="sonica-demo")
        self._thread.start()

    def close(self) -> None:
        """Ends the job, where it is still at work, and waits for its end."""
        self._is_over.set()
        if self._job and self._job.stdin:
            self._job.stdin.close()  # which it ends with
            try:
                self._job.wait(END_S)
            except subprocess.TimeoutExpired:
                self._job.kill()
                self._job.wait()
        if self._thread:
            self._thread.join()

    def _watch(self, job: subprocess.Popen[bytes], address: str) -> None:
        begun = time.monotonic()
        err.print(f"Composing and learning {len(PIECES)} songs, for about a minute ...")
        status = job.wait()
        if self._is_over.is_set():
            return
        if status != 0:
            err.print(
                "The songs of the demo could not be made; the service goes on without them.", style="red"
            )
            return
        err.print(f"They are learned, after {time.monotonic() - begun:.0f} s.")
        self._ask(address)

    def _ask(self, address: str) -> None:
        """The first question, over HTTP as anybody would ask it, and its answer."""
        clip = self._home / "demo" / "excerpt.wav"
        heard = f"{SPEED:.1f}× as fast, in noise ({SNR_DB:.0f} dB)"
        err.print(f"Playing {SECONDS:.0f} seconds of one of them, {heard}:\n")
        url = f"{address}/v1/recognize"
        try:
            with clip.open("rb") as file:
                said = httpx.post(url, files={"file": ("excerpt.wav", file, "audio/wav")}, timeout=PATIENCE_S)
            said.raise_for_status()
        except (httpx.HTTPError, OSError) as error:
            if not self._is_over.is_set():
                err.print(f"There was no answer: {error}", style="red", soft_wrap=True)
            return
        answer = Answer.model_validate({**said.json(), "file": f"POST {url}"})
        out.print(card(answer, len(PIECES)), soft_wrap=True)
        if answer.song is None or answer.song.title != PIECES[PLAYED].title:
            err.print("That is not what was played: please report it, with the output of `sonica --version`.")
            return
        err.print("Right. Ask it yourself, from anywhere on this machine:\n", style="bold")
        err.print(f"  curl -F file=@{clip} {url}\n", soft_wrap=True)
        err.print(f"Open {address} in a browser for all that it can do. Ctrl-C stops it.", soft_wrap=True)
