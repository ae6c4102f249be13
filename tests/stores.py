"""A store of objects that speaks S3, over loopback: moto's server, as a process that can be killed."""

import http.client
import os
import signal
import socket
import subprocess
import sys
import time
from collections.abc import Iterator, Mapping
from contextlib import contextmanager
from pathlib import Path
from urllib.parse import quote

BUCKET = "music"
PATIENCE_S = 60.0


class Store:
    """The server. What is in it is gone with its process."""

    def __init__(self) -> None:
        with socket.create_server(("127.0.0.1", 0)) as free:
            self.port = free.getsockname()[1]
        self._process: subprocess.Popen[bytes] | None = None

    @property
    def environment(self) -> Mapping[str, str]:
        """The variables by which it is found."""
        return {
            "AWS_ENDPOINT_URL": f"http://127.0.0.1:{self.port}",
            "AWS_REGION": "us-east-1",
            "AWS_ACCESS_KEY_ID": "a-key",
            "AWS_SECRET_ACCESS_KEY": "open-sesame",
        }

    def start(self) -> None:
        """Starts it, empty but for the bucket."""
        command = [sys.executable, "-m", "moto.server", "-H", "127.0.0.1", "-p", str(self.port)]
        self._process = subprocess.Popen(command, stdout=subprocess.DEVNULL, stderr=subprocess.DEVNULL)
        deadline = time.monotonic() + PATIENCE_S
        while True:
            try:
                assert self.ask("PUT", "") == 200
            except OSError:
                assert time.monotonic() < deadline
                time.sleep(0.05)
            else:
                return

    def put(self, key: str, content: bytes) -> None:
        """Puts an object into the bucket, as whoever owns it does."""
        assert self.ask("PUT", f"/{quote(key)}", content) == 200

    def ask(self, method: str, path: str, body: bytes | None = None) -> int:
        """The status that the bucket answers with."""
        connection = http.client.HTTPConnection("127.0.0.1", self.port, timeout=PATIENCE_S)
        headers = {"Authorization": "AWS4-HMAC-SHA256 Credential=a-key/20261128/us-east-1/s3/aws4_request"}
        try:
            connection.request(method, f"/{BUCKET}{path}", body, headers)
            return connection.getresponse().status
        finally:
            connection.close()

    def pause(self) -> None:
        """Has it answer nothing, and keep what it has, until `go_on`."""
        assert self._process
        self._process.send_signal(signal.SIGSTOP)

    def go_on(self) -> None:
        """Has it answer again."""
        assert self._process
        self._process.send_signal(signal.SIGCONT)

    def stop(self) -> None:
        """Kills it."""
        if self._process:
            self._process.send_signal(signal.SIGCONT)
            self._process.kill()
            self._process.wait(PATIENCE_S)
            self._process = None


@contextmanager
def open_store() -> Iterator[Store]:
    """One that runs, and that this process and those that it starts find."""
    store = Store()
    store.start()
    before = {name: os.environ.get(name) for name in store.environment}
    os.environ.update(store.environment)
    try:
        yield store
    finally:
        store.stop()
        for name, value in before.items():
            if value is None:
                del os.environ[name]
            else:
                os.environ[name] = value


def file_of(folder: Path, content: bytes) -> Path:
    """A file with such a content."""
    file = folder / "file"
    file.write_bytes(content)
    return file
