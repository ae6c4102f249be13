"""A radio station and a receiver of webhooks on this machine: real servers that follow a script."""

import json
import threading
import time
from collections.abc import Callable, Iterator
from contextlib import contextmanager
from http.server import BaseHTTPRequestHandler, ThreadingHTTPServer
from typing import Any

Play = Callable[[BaseHTTPRequestHandler], None]
"""Answers a request."""


class Radio:
    """Answers its first connection by the first script, and so on; the last one again and again."""

    def __init__(self, *scripts: Play) -> None:
        self.scripts = list(scripts)
        self.requests: list[tuple[str, dict[str, str]]] = []
        """The path and the headers of each."""
        self.is_over = threading.Event()
        self._lock = threading.Lock()
        radio = self

        class Handler(BaseHTTPRequestHandler):
            def do_GET(self) -> None:
                with radio._lock:
                    script = radio.scripts[min(len(radio.requests), len(radio.scripts) - 1)]
                    radio.requests.append((self.path, {k.lower(): v for k, v in self.headers.items()}))
                try:
                    script(self)
                except ConnectionError:
                    return

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/stream"

    def sends(self, *parts: bytes, kind: str = "audio/mpeg", stays: bool = False, **headers: str) -> Play:
        """A script that sends all of it, and then closes the connection, or stays silent until the end."""

        def play(handler: BaseHTTPRequestHandler) -> None:
            handler.send_response(200)
            handler.send_header("Content-Type", kind)
            for name, value in headers.items():
                handler.send_header(name.replace("_", "-"), value)
            handler.end_headers()
            for part in parts:
                handler.wfile.write(part)
            handler.wfile.flush()
            if stays:
                self.is_over.wait()

        return play


def answers(status: int, **headers: str) -> Play:
    """A script that answers this and nothing more."""

    def play(handler: BaseHTTPRequestHandler) -> None:
        handler.send_response(status)
        for name, value in headers.items():
            handler.send_header(name, value)
        handler.end_headers()

    return play


@contextmanager
def on_air(*scripts: Play) -> Iterator[Radio]:
    """A station, until the end of the block; its scripts may be set later, too."""
    radio = Radio(*scripts)
    thread = threading.Thread(target=radio.server.serve_forever)
    thread.start()
    try:
        yield radio
    finally:
        radio.is_over.set()
        radio.server.shutdown()
        thread.join()
        radio.server.server_close()


class Receiver:
    """Takes webhooks: answers with the `statuses` first, and then with 204."""

    def __init__(self, *statuses: int) -> None:
        self.statuses = list(statuses)
        self.refused: list[str] = []
        """The id of each that it did not take."""
        self.taken: list[tuple[dict[str, str], bytes]] = []
        """Headers and body of each that it took."""
        receiver = self

        class Handler(BaseHTTPRequestHandler):
            def do_POST(self) -> None:
                body = self.rfile.read(int(self.headers["content-length"]))
                headers = {k.lower(): v for k, v in self.headers.items()}
                status = receiver.statuses.pop(0) if receiver.statuses else 204
                if status == 204:
                    receiver.taken.append((headers, body))
                else:
                    receiver.refused.append(headers["webhook-id"])
                self.send_response(status)
                self.end_headers()

            def log_message(self, *_: Any) -> None:
                return

        self.server = ThreadingHTTPServer(("127.0.0.1", 0), Handler)
        self.server.daemon_threads = True
        self.url = f"http://127.0.0.1:{self.server.server_port}/plays"

    @property
    def events(self) -> list[dict[str, Any]]:
        """What was taken, in its order."""
        return [json.loads(body) for _, body in self.taken]


@contextmanager
def receiving(*statuses: int) -> Iterator[Receiver]:
    """A receiver, until the end of the block."""
    receiver = Receiver(*statuses)
    thread = threading.Thread(target=receiver.server.serve_forever)
    thread.start()
    try:
        yield receiver
    finally:
        receiver.server.shutdown()
        thread.join()
        receiver.server.server_close()


def wait_for(what: Callable[[], object], is_alive: Callable[[], bool] = lambda: True) -> None:
    """Until it is so; fails where nobody is alive any more who could make it so."""
    while not what():
        assert is_alive(), "it ended before"
        time.sleep(0.02)
