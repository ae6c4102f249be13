"""A running `sonica engine`, and services that ask it."""

import json
import os
import signal
import subprocess
import threading
import urllib.request
from collections.abc import Iterator
from contextlib import contextmanager
from dataclasses import dataclass, field
from pathlib import Path
from typing import Any

from tests.conftest import SONICA
from tests.service.client import PATIENCE_S, Service, eventually, serving
from tests.service.test_postgres import processes


@dataclass
class Engine:
    """An engine; `log` holds the objects of its log so far."""

    process: subprocess.Popen[str]
    address: str
    log: list[dict[str, Any]] = field(default_factory=list)

    def stop(self, number: int = signal.SIGTERM) -> int:
        if self.process.poll() is None:
            self.process.send_signal(number)
        return self.process.wait(PATIENCE_S)


@contextmanager
def searching(home: Path, listen: str, *arguments: str, **environ: str) -> Iterator[Engine]:
    """`sonica engine`, once it can be asked; stopped at the end."""
    process = subprocess.Popen(
        [SONICA, "engine", "--listen", listen, *arguments],
        env={**os.environ, "SONICA_HOME": str(home), "NO_COLOR": "1", **environ},
        stdout=subprocess.PIPE,
        stderr=subprocess.PIPE,
        text=True,
    )
    assert process.stdout
    assert process.stderr
    stderr, log, other = process.stderr, list[dict[str, Any]](), list[str]()

    def read() -> None:
        for line in stderr:
            try:
                log.append(json.loads(line))
            except ValueError:
                other.append(line)

    reader = threading.Thread(target=read)
    reader.start()
    try:
        line = process.stdout.readline()
        assert line.startswith("Ask "), other
        yield Engine(process, line.removeprefix("Ask ").strip(), log)
    finally:
        if process.poll() is None:
            process.send_signal(signal.SIGTERM)
        try:
            process.wait(PATIENCE_S)
        finally:
            process.kill()
            reader.join()
            process.stdout.close()
            process.stderr.close()


def fetched(url: str) -> tuple[int, str]:
    """The status and the body of what is at an address of an engine."""
    try:
        with urllib.request.urlopen(url, timeout=PATIENCE_S) as answer:  # noqa: S310
            return answer.status, answer.read().decode()
    except urllib.error.HTTPError as error:
        return error.code, error.read().decode()


def connected(service: Service, engines: int) -> None:
    """Once it can ask so many."""
    eventually(lambda: service.ask("GET", "/readyz").json["engines"] == engines)


@contextmanager
def pair(home: Path, folder: Path) -> Iterator[tuple[Service, Engine]]:
    """A service, and the engine that it asks."""
    with (
        searching(home, f"unix:{folder / 'a.sock'}", "--http", "127.0.0.1:0") as engine,
        serving(home, "--engine", engine.address) as service,
    ):
        connected(service, 1)
        yield service, engine
    assert not processes(home)


def searches(engine: Engine, result: str | None = None) -> list[dict[str, Any]]:
    """What its log tells of searches so far."""
    told = [line for line in list(engine.log) if line["event"] == "search"]
    return [line for line in told if result in {None, line["result"]}]
